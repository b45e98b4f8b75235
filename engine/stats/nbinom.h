#ifndef JH_STATS_NBINOM_H
#define JH_STATS_NBINOM_H

/* P(X >= count) of the negative binomial distribution with this size > 0 (not necessarily whole) and probability in (0,
 * 1]: X failures before `size` successes, mean size (1 - probability) / probability. It is I_{1 - probability}(count,
 * size). Relative error that of beta.h. */
double jh_nbinom_at_least(double count, double size, double probability);

#endif
