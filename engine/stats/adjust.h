#ifndef JH_STATS_ADJUST_H
#define JH_STATS_ADJUST_H

#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

/* Many tests at once: p values adjusted so that "adjusted <= q" holds the promise for the whole family. Which
 * hypotheses are in the family is settled before the first p value is seen. */
typedef enum jh_adjustment {
    JH_ADJUST_BH,        /* Benjamini, Hochberg (1995), JRSS B 57, 289-300: expected share of false flags among flags
                            at most q, for independent or positively dependent tests; the official one */
    JH_ADJUST_BY,        /* Benjamini, Yekutieli (2001), Annals of Statistics 29, 1165-1188: the same, any dependence */
    JH_ADJUST_HOLM,      /* S. Holm (1979), Scandinavian Journal of Statistics 6, 65-70: probability of any false flag
                            at most q, under any dependence */
    JH_ADJUST_BONFERRONI /* the same promise, never more flags than Holm */
} jh_adjustment;

/* adjusted[i] belongs to p[i]; equal p get equal results, whatever their order; at most 1, never below p. `adjusted`
 * may be `p`. An empty family is fine. Relative error 1e-15 (BY 1e-13 for a million tests). JIHE_USAGE for a p outside
 * [0, 1] or not a number: what was not tested has no place here. JIHE_NO_MEMORY; the arena is for work memory. */
jihe_status jh_adjust(double *adjusted, const double *p, size_t count, jh_adjustment method, jh_arena *arena,
                      jihe_error *err);

#endif
