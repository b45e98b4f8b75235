#ifndef JH_SAMPLE_INCLUSION_H
#define JH_SAMPLE_INCLUSION_H

#include <stdbool.h>

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

#endif
