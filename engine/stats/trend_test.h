#ifndef JH_STATS_TREND_TEST_H
#define JH_STATS_TREND_TEST_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Does the error rate rise or fall over equally spaced periods? Cochran-Armitage test with scores 1, 2, ..., m. */
typedef struct jh_trend {
    double z; /* above 0: rising */
    double chisq; /* z^2, one degree of freedom */
    double p;     /* two-sided */
} jh_trend;

/* Sums are whole numbers throughout, so z and chisq have a relative error of about 1e-15, p of about 1e-14 times
 * z^2. The normal tail is approximate for few errors (below about 10 in all). Where nothing can be told (no errors,
 * only errors, a single period) z is 0 and p is 1.
 * Sources: W. G. Cochran (1954), Biometrics 10, 417-451; P. Armitage (1955), Biometrics 11, 375-386; equals R's
 * prop.trend.test. JIHE_USAGE: counts that jh_error_counts_add refuses, more than 10^12 documents, more than 100,000
 * periods. */
jihe_status jh_trend_test(jh_trend *out, const uint64_t *errors, const uint64_t *inspected, size_t count,
                          jihe_error *err);

#endif
