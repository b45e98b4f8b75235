#ifndef JH_SAMPLE_INCLUSION_H
#define JH_SAMPLE_INCLUSION_H

#include "sample/chance.h"
#include "sample/selection.h"

/* Inclusion probabilities. Per hit: quota / documents of its stratum. Per document over several rules: rules that share
 * a stream include it together (the largest), independent streams add up as 1 - prod(1 - p) (oracle union_inclusion).
 */
typedef struct jh_inclusion {
    double shared; /* largest p of the rules on the shared stream */
    double own;    /* 1 - prod(1 - p) over the rules with a stream of their own */
} jh_inclusion;

static inline jh_inclusion jh_inclusion_none(void)
{
    return (jh_inclusion){.shared = 0.0, .own = 0.0};
}

void   jh_inclusion_add(jh_inclusion *inclusion, double p, bool own_stream);
double jh_inclusion_union(const jh_inclusion *inclusion); /* 0 when nothing was added */

/* Fills p_any and p_random of every cohort, from all rules whose frame holds its documents, whether they hit them or not;
 * `weighed` where they differ from document to document. */
jihe_status jh_inclusion_fill(jh_selection *selection, const jh_rule *const *rules, jihe_error *err);

/* The same of one document, by its row in the segment that the readers (one per rule) were opened on. */
void jh_inclusion_of(const jh_selection *selection, const jh_rule *const *rules, const jh_chance_reader *readers,
                     uint32_t row, double *p_any, double *p_random);

#endif
