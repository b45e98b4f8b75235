#ifndef JH_STATS_NORMAL_H
#define JH_STATS_NORMAL_H

/* The standard normal distribution. Each tail is computed for itself (erfc), so that both are good to 1e-12 relative as
 * far out as a double reaches (38 deviations); within 6 deviations to 1e-15. */

double jh_normal_lower(double z); /* P(Z <= z) */
double jh_normal_upper(double z); /* P(Z >= z) */

/* z with P(Z >= z) = q, 0 < q < 1: relative error below 1e-15, absolute near z = 0. Source: M. Wichura (1988), Applied
 * Statistics 37, 477-484, algorithm AS 241. */
double jh_normal_quantile_upper(double q);
double jh_normal_quantile_lower(double p); /* P(Z <= z) = p */

#endif
