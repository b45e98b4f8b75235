#ifndef JH_STATS_BETA_H
#define JH_STATS_BETA_H

/* The regularised incomplete beta function and its inverse. Relative error about 1e-14 against mpmath up to a million
 * documents. No lgamma differences: the prefactor is Loader's saddle-point binomial form, the rest a continued
 * fraction. 1 - the other tail is used only on the far side of the mean, where it is the larger one. Arguments are the
 * caller's to check. */

double jh_beta_lower(double x, double a, double b); /* I_x(a, b), a, b > 0, 0 <= x <= 1 */
double jh_beta_upper(double x, double a, double b); /* 1 - I_x(a, b), computed as its own tail */
double jh_beta_quantile_lower(double p, double a, double b); /* x with I_x(a, b) = p, 0 < p < 1 */
double jh_beta_quantile_upper(double q, double a, double b); /* x with upper tail = q */

#endif
