#ifndef JH_STATS_PACE_H
#define JH_STATS_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "stats/durations.h"

/* Who reviews much faster than before, given how long documents of each type take? People differ, types differ, and a month
 * of easy documents is nobody's fault; a plain comparison with colleagues would accuse whoever is quick.
 *
 *  1. A type's scale: class c of 1 .. 32 are the durations that up to (c / 32)^2 of the fastest tenth (`peers`) of all
 *     colleagues' documents of that type reach in the baseline. Longer ones are class 0.
 *  2. A person's cut is the largest class such that at most `own` (5 %) of the own baseline lie in it and below. A document is
 *     *fast* when its class is: faster than 95 % of the own and than nine tenths of the colleagues'. Of a quick person the cut
 *     is small: the own habit is no finding.
 *  3. Fast documents per period, with the timed ones as exposure, are tested like volumes (stats/volume_family.h): shrunken
 *     over-dispersion between the person's own periods, the colleagues' index of the period (a month in which everybody was
 *     faster takes itself out), against `ratio` times the usual share, Benjamini-Hochberg over all people. In the
 *     index nobody counts for more than 3 documents and 3 times the usual of that period, by the median of
 *     everybody: who rushes must not hide another.
 *  4. And at least `min_fast` documents, that are `ratio` times `own` and `ratio` times the colleagues' share at the cut: who
 *     was slow and has become like others is no finding.
 *
 * All counts, cuts and conditions are whole numbers; doubles only in the distribution. */

enum { JH_PACE_CLASSES = 32 }; /* class 0: not fast; 1 the fastest .. 32 */

typedef struct jh_pace_terms {
    uint32_t own_ppm;      /* 50000 */
    uint32_t peers_ppm;    /* 100000 */
    uint32_t ratio_ppm;    /* of shares: up to this it may be chance, from it on it is worth a flag: 2000000 */
    uint32_t q_ppm;        /* share of false flags among flags: 50000 */
    uint32_t min_periods;  /* of the baseline with documents: 3; from 2 on */
    uint64_t min_baseline; /* timed documents of the person in the baseline: 200 */
    uint64_t min_period;   /* in the period: 20 */
    uint64_t min_fast;     /* 10 */
} jh_pace_terms;
jh_pace_terms jh_pace_terms_usual(void);

/* The class of each bucket of durations, from a type's baseline: at most (c / 32)^2 of `peers_ppm` of it are of class c and
 * below. */
void jh_pace_classes(uint8_t classes[JH_DURATION_BUCKETS], const uint64_t counts[JH_DURATION_BUCKETS],
                     uint32_t peers_ppm);

typedef enum jh_pace_verdict {
    JH_PACE_NORMAL,
    JH_PACE_FLAGGED,
    JH_PACE_GATED,         /* the caller knows why */
    JH_PACE_SHORT_BASELINE,/* fewer than min_periods with documents */
    JH_PACE_SMALL_BASELINE,/* fewer than min_baseline documents */
    JH_PACE_SMALL_PERIOD,  /* fewer than min_period documents */
    JH_PACE_ALWAYS_FAST    /* more than `own` of the own baseline are of class 1: nothing faster can be told */
} jh_pace_verdict;

typedef struct jh_pace_person {
    const uint64_t *classes; /* timed documents by [period * (JH_PACE_CLASSES + 1) + class]; the last period is tested */
    bool            gated;
} jh_pace_person;

typedef struct jh_pace_result {
    jh_pace_verdict verdict;
    uint32_t        cut;                    /* 0: none */
    uint64_t        timed, fast;            /* of the period under test */
    uint64_t        baseline, baseline_fast;
    uint32_t        months;                 /* periods of the baseline with documents */
    double          expected;               /* fast documents, as the baseline and the colleagues' period would have it */
    double          ratio, ratio_low, ratio_high; /* limits NaN unless flagged */
    double          p, adjusted;            /* NaN for who was not tested */
} jh_pace_result;

/* results[i] belongs to people[i] (both `count`), each with `periods` >= 2 periods; the same in any order. JIHE_USAGE for terms
 * out of range and more than 10^9 documents of one person in a period; JIHE_NO_MEMORY. The arena is for work memory. */
jihe_status jh_pace_test(jh_pace_result *results, const jh_pace_person *people, size_t count, size_t periods,
                         const jh_pace_terms *terms, jh_arena *arena, jihe_error *err);

#endif
