#ifndef JH_STATS_STUDENT_H
#define JH_STATS_STUDENT_H

/* Student's t: t > 0 with P(T >= t) = q, 0 < q < 1/2, df > 0. Relative error about 1e-13 up to a million degrees of
 * freedom. From the incomplete beta function, of whichever side is the smaller: x = df / (df + t^2) has I_x(df/2, 1/2)
 * = 2 q. */
double jh_student_quantile_upper(double q, double df);

#endif
