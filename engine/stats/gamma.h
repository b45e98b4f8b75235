#ifndef JH_STATS_GAMMA_H
#define JH_STATS_GAMMA_H

/* The regularised incomplete gamma function and its inverse, of which the Poisson and chi-square distributions are
 * made.
 *
 * Source: the series below the mean and the continued fraction above it (Abramowitz and Stegun 6.5.29, 6.5.31), with
 * the saddle-point prefactor of stirling.h. Relative error about 1e-14 up to a = 10^4, 1e-12 up to 10^9
 * (tests/oracle). 1 - the other tail is used only on the far side of the mean; below a = 0.1, which nothing here uses,
 * that costs the upper tail digits. Work grows with the square root of a. Arguments are the caller's to check. */

double jh_gamma_lower(double a, double x); /* P(a, x), a > 0, x >= 0 */
double jh_gamma_upper(double a, double x); /* Q(a, x), computed as its own tail */
double jh_gamma_quantile_lower(double p, double a); /* x with P(a, x) = p, 0 < p < 1 */
double jh_gamma_quantile_upper(double q, double a); /* x with Q(a, x) = q */

#endif
