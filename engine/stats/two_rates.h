#ifndef JH_STATS_TWO_RATES_H
#define JH_STATS_TWO_RATES_H

#include <stdint.h>

#include "base/error.h"

/* Has the error rate changed between two periods, or does it differ between two groups? Rate 1 is the one of interest
 * (this period), rate 0 the one it is compared with. */
typedef struct jh_two_rates {
    uint64_t errors1, inspected1;
    uint64_t errors0, inspected0;
} jh_two_rates;

typedef struct jh_fisher {
    double greater;   /* P(at least errors1), all four sums of the table given */
    double less;      /* P(at most errors1) */
    double two_sided; /* all tables that are not more probable than this one */
} jh_fisher;

/* Fisher's exact test. Each tail is added up from its own terms, outward from the most probable table by ratios of
 * whole numbers: relative error below 1e-11 up to 10^6 documents and 1e-9 up to 10^9; a tail below about 1e-300 is
 * given as 0. Tables within 1e-10 of the observed one's probability count as equally probable, which can only make the
 * two-sided p larger. Exact and therefore conservative: it errs towards no difference. Sources: R. A. Fisher (1935);
 * the two-sided p is R's. JIHE_USAGE: a group without documents or with more errors than documents, more than 10^9
 * documents in all. */
jihe_status jh_fisher_test(jh_fisher *out, const jh_two_rates *rates, jihe_error *err);

/* Newcombe's interval of rate 1 - rate 0, from the Wilson limits of both (R. G. Newcombe 1998, Statistics in Medicine
 * 17, 873-890, method 10, no continuity correction). Absolute error about 1e-15; coverage is near `conf` on average,
 * and may lie one or two points below it for small groups. 0 < conf < 1. */
jihe_status jh_newcombe_limits(double *lower, double *upper, const jh_two_rates *rates, double conf, jihe_error *err);

/* (rate 1 - rate 0) over its standard error under the pooled rate; 0 when neither or every document is wrong. Relative
 * error about 1e-15. Only for groups with more than about 10 errors each; Fisher's test is the one to decide by. */
jihe_status jh_pooled_z(double *z, const jh_two_rates *rates, jihe_error *err);

#endif
