#ifndef JH_STATS_STIRLING_H
#define JH_STATS_STIRLING_H

/* The two pieces of which every density here is made, so that no large logarithms are subtracted from each other:
 *
 *     ln n! = n ln n - n + ln(2 pi n) / 2 + jh_stirling_error(n)
 *
 * Source: C. Loader (2000), "Fast and accurate computation of binomial probabilities". Relative error about 1e-16. */

double jh_stirling_error(double n); /* n > 0, not necessarily whole */

/* x ln(x / m) + m - x, 0 where x = m; x, m > 0. `excess` is m - x, which the caller may know better than the
 * subtraction does. */
double jh_deviance(double x, double m, double excess);

/* ln n! - (n ln n - n), 0 at n = 0. Like the next two for counts that may be 0. */
double jh_factorial_rest(double n);
double jh_count_deviance(double x, double m, double excess); /* x >= 0, m >= 0, and x = 0 where m = 0 */

#endif
