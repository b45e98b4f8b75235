#ifndef JH_SAMPLE_PAST_H
#define JH_SAMPLE_PAST_H

#include <stddef.h>
#include <stdint.h>

/* What some draws need to know about the time before the run, by stratum: it is among the run's inputs, so that a replay
 * knows the same. Strata are found by their labels. */

typedef struct jh_past_stratum {
    const char *label;
    uint64_t    documents; /* draws with a period: in the frames of the period's earlier runs; Neyman: inspected */
    uint64_t    marked;    /* of them selected; Neyman: of them with an in-rule error */
} jh_past_stratum;

typedef struct jh_past { /* of one rule; none for a rule that asks for no past */
    jh_past_stratum *strata; /* sorted by label (bytewise), each once */
    size_t           count;
} jh_past;

/* Zeros for a stratum that the past does not know. */
jh_past_stratum jh_past_find(const jh_past *past, const char *label);

#endif
