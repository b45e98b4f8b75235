#ifndef JH_SAMPLE_DRAW_H
#define JH_SAMPLE_DRAW_H

#include "sample/strata.h"

/* n out of N at random: the n smallest draw numbers of each stratum, ties by id bytes, then by snapshot. One mechanism
 * for every draw: count, guess a threshold, collect, select. Memory is proportional to the sample. */

typedef struct jh_pick {
    uint64_t number;  /* the draw number u */
    uint32_t stratum;
    uint32_t row;
    uint64_t segment; /* index in the pass */
} jh_pick;

typedef struct jh_picks {
    jh_pick *picks; /* sorted by stratum, then number, id, snapshot */
    size_t   count;
} jh_picks;

/* Strata carry their sizes and quotas. `key` is the stream's k. */
jihe_status jh_draw_select(jh_picks *out, const jh_pass *pass, const jh_frame *frame, const jh_strata *strata,
                           uint64_t key, uint32_t threads, jihe_error *err);
void        jh_picks_deinit(jh_picks *picks);

/* The reference twin: every number computed, all sorted, the first n taken. For tests. */
jihe_status jh_draw_select_ref(jh_picks *out, const jh_pass *pass, const jh_frame *frame, const jh_strata *strata,
                               uint64_t key, jihe_error *err);

/* A threshold that about quota + 8 standard deviations of documents fall at or under; only a guess: too low a one is
 * noticed and the stratum collected again without it. */
uint64_t jh_draw_threshold(uint64_t quota, uint64_t documents);

#endif
