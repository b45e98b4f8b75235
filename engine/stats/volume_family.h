#ifndef JH_STATS_VOLUME_FAMILY_H
#define JH_STATS_VOLUME_FAMILY_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "stats/volume_jump.h"

/* The volumes of all people of a centre in one closed period, tested together in one direction: dispersion of the
 * group, the test of stats/volume_jump.h for everybody who can be tested, Benjamini-Hochberg over them, and the
 * effect-size condition. Who cannot be tested is "not tested" for a stated reason, never "normal". */

/* Outcomes of the test, then the reasons for not testing. The first six of these are the caller's to find out, from the
 * roster and from dated notes; the others the test finds itself. */
typedef enum jh_volume_verdict {
    JH_VOLUME_NORMAL,         /* tested, not flagged */
    JH_VOLUME_FLAGGED,        /* adjusted p at most q and ratio at least min_ratio (down: at most 1 / min_ratio) */
    JH_VOLUME_NEW,            /* joined or came back within the last 60 working days */
    JH_VOLUME_LEFT,
    JH_VOLUME_MOVED,          /* other post, unit or document types, in the baseline or in the period */
    JH_VOLUME_COVERING,       /* covers an absent colleague: the pair is tested instead (stats/volume_exposure.h) */
    JH_VOLUME_ID_CHANGED,     /* user id merged, split or shared */
    JH_VOLUME_IMPORTED,       /* bulk import or migration of a system */
    JH_VOLUME_ABSENT,         /* present too few days in the period, or without exposure */
    JH_VOLUME_SHORT_BASELINE, /* fewer than min_periods */
    JH_VOLUME_SMALL_BASELINE  /* fewer than min_count documents in the baseline */
} jh_volume_verdict;

typedef enum jh_volume_direction { JH_VOLUME_UP, JH_VOLUME_DOWN } jh_volume_direction;

typedef struct jh_volume_terms {
    jh_volume_direction direction;
    uint32_t ratio_ppm;     /* R0, still acceptable: 1200000 for 1.2; from 1 on */
    uint32_t min_ratio_ppm; /* observed ratio worth a flag: 1500000, or 2000000 for "twice as many"; from 1 on */
    uint32_t q_ppm;         /* share of false flags among flags: 50000 for 5 %; 1000000 leaves the plain ratio rule */
    uint32_t min_periods;   /* 3 */
    uint64_t min_count;     /* 20 */
    double   prior_weight;  /* d0: 6 */
} jh_volume_terms;

/* The values above. */
jh_volume_terms jh_volume_terms_usual(void);

typedef struct jh_volume_member {
    jh_volume_person  person;
    jh_volume_verdict gate; /* JH_VOLUME_NORMAL: none; otherwise why this person is not to be tested */
} jh_volume_member;

/* Everything but the verdict is NaN for who was not tested. */
typedef struct jh_volume_result {
    jh_volume_verdict verdict;
    double            phi;
    double            expected; /* documents: baseline rate times exposure, without R0 */
    double            ratio;    /* observed over expected */
    double            p, adjusted;
    double            ratio_lower, ratio_upper; /* at 95 %; NaN unless flagged: for others jh_volume_limits */
} jh_volume_result;

typedef struct jh_volume_family {
    size_t tested, flagged;
    double dispersion; /* phi_group: sum of Pearson's chi-squares over their degrees of freedom; 1 where these are 0 */
} jh_volume_family;

/* results[i] belongs to members[i] (both have `count`); the same whatever the order of people, as sums over people are
 * whole numbers (of 2^-48). A member without baseline periods or exposure is not an error. JIHE_USAGE names the member
 * (from 1) whose counts or exposures cannot be used, gated ones excepted, or whose gate is no reason, and terms out of
 * range; JIHE_NO_MEMORY. The arena is for work memory (about 100 bytes a person). 20,000 people with 24 periods take
 * about 0.1 s. */
jihe_status jh_volume_family_test(jh_volume_family *out, jh_volume_result *results, const jh_volume_member *members,
                                  size_t count, const jh_volume_terms *terms, jh_arena *arena, jihe_error *err);

/* "normal", "flagged", or "not tested: " and the reason. */
const char *jh_volume_verdict_text(jh_volume_verdict verdict);

#endif
