#ifndef JH_STATS_AGREEMENT_H
#define JH_STATS_AGREEMENT_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Do two inspectors judge the same documents alike? Kappa falls when errors are rare even though nearly all judgements
 * agree, so observed agreement and AC1 are always shown with it. */
typedef struct jh_agreement {
    double observed; /* share of documents with equal judgements */
    double kappa;    /* J. Cohen (1960), Educational and Psychological Measurement 20, 37-46; NaN when both gave
                        one and the same judgement throughout */
    double kappa_se; /* large-sample standard error for limits: J. Fleiss, J. Cohen, B. Everitt (1969), Psychological
                        Bulletin 72, 323-327; too small below about 50 documents; NaN with kappa */
    double ac1;      /* K. Gwet (2008), British Journal of Mathematical and Statistical Psychology 61, 29-48 */
} jh_agreement;

enum { JH_MAX_JUDGEMENTS = 64 };

/* table[i * kinds + j]: documents that the first inspector judged i and the second j. Relative error 1e-13, absolute
 * 1e-15. JIHE_USAGE: kinds not in 2..JH_MAX_JUDGEMENTS, no documents, more than 2^53. */
jihe_status jh_agreement_make(jh_agreement *out, const uint64_t *table, size_t kinds, jihe_error *err);

#endif
