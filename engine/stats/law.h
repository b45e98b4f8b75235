#ifndef JH_STATS_LAW_H
#define JH_STATS_LAW_H

#include <stdint.h>

/* The law by which errors come into a simple random sample: the binomial one where the population is very large or
 * drawn with replacement, the hypergeometric one of a known population. What plans are made of. */
typedef struct jh_law {
    uint64_t population; /* 0: binomial */
    uint64_t wrong;      /* of the population */
    double   rate;       /* binomial */
} jh_law;

/* At this rate, in parts per million. Of a known population the wrong ones are a whole number: rounded up for a rate
 * that must not be reached (tolerable), to the nearest for a rate that is assumed. */
jh_law jh_law_reaching(uint32_t ppm, uint64_t population);
jh_law jh_law_near(uint32_t ppm, uint64_t population);

double jh_law_at_most(const jh_law *law, uint64_t errors, uint64_t sample);  /* P(X <= errors) */
double jh_law_at_least(const jh_law *law, uint64_t errors, uint64_t sample); /* P(X >= errors) */

/* The probability that a sample is accepted, P(X <= allowed): a point of the operating characteristic. */
double jh_acceptance(uint64_t sample, uint64_t allowed, uint32_t ppm, uint64_t population);

/* ceil(count x ppm / 10^6), exactly. */
uint64_t jh_ppm_ceil(uint64_t count, uint32_t ppm);

#endif
