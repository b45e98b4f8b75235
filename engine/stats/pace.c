#include "stats/pace.h"

#include <inttypes.h>
#include <math.h>

#include "base/num.h"
#include "stats/volume_exposure.h"
#include "stats/volume_family.h"

static const uint32_t one_ppm = 1000000;
static const uint64_t unit = 1000; /* exposure of one document: 10^9 of them are below 2^40 */

jh_pace_terms jh_pace_terms_usual(void)
{
    return (jh_pace_terms){.quantile_ppm = 50000,
                           .ratio_ppm = 1200000,
                           .min_ratio_ppm = 2000000,
                           .q_ppm = 50000,
                           .min_periods = 3,
                           .min_baseline = 200,
                           .min_period = 20,
                           .min_fast = 10};
}

void jh_pace_classes(uint8_t classes[JH_DURATION_BUCKETS], const uint64_t counts[JH_DURATION_BUCKETS],
                     uint32_t quantile_ppm)
{
    jh_u128 total = 0, below = 0;

    for (uint32_t b = 0; b < JH_DURATION_BUCKETS; b++)
        total += counts[b];
    for (uint32_t b = 0; b < JH_DURATION_BUCKETS; b++) {
        /* The smallest c with below <= total * quantile * c / 32, once the bucket itself is among what is below. */
        below += counts[b];
        const jh_u128 part = below * one_ppm * JH_PACE_CLASSES, step = total * quantile_ppm;
        const jh_u128 class_ = step == 0 ? JH_PACE_CLASSES + 1 : (part + step - 1) / step;

        classes[b] = class_ > JH_PACE_CLASSES ? 0 : class_ == 0 ? 1 : (uint8_t)class_;
    }
}

/* Sums of one person. */
struct record {
    uint64_t *counts, *exposures; /* per period, for the test */
    uint64_t months;              /* of the baseline with documents */
};

static uint64_t in_classes(const jh_pace_person *person, size_t period, uint32_t from, uint32_t to)
{
    uint64_t sum = 0;

    for (uint32_t c = from; c <= to; c++)
        sum += person->classes[period * (JH_PACE_CLASSES + 1) + c];
    return sum;
}

/* The largest class with at most the quantile of the baseline in it and below. */
static uint32_t cut_of(const jh_pace_person *person, size_t periods, uint64_t baseline, uint32_t quantile_ppm)
{
    uint64_t fast = 0;

    for (uint32_t c = 1; c <= JH_PACE_CLASSES; c++) {
        for (size_t t = 0; t + 1 < periods; t++)
            fast += in_classes(person, t, c, c);
        if ((jh_u128)fast * one_ppm > (jh_u128)baseline * quantile_ppm)
            return c - 1;
    }
    return JH_PACE_CLASSES;
}

static jh_pace_verdict gate(const jh_pace_person *person, const jh_pace_result *result, const struct record *record,
                            const jh_pace_terms *terms)
{
    if (person->gated)
        return JH_PACE_GATED;
    if (result->timed < terms->min_period)
        return JH_PACE_SMALL_PERIOD;
    if (record->months < terms->min_periods)
        return JH_PACE_SHORT_BASELINE;
    if (result->baseline < terms->min_baseline)
        return JH_PACE_SMALL_BASELINE;
    return result->cut == 0 ? JH_PACE_ALWAYS_FAST : JH_PACE_NORMAL;
}

static jihe_status sum_person(jh_pace_result *result, struct record *record, const jh_pace_person *person,
                              size_t periods, const jh_pace_terms *terms, jh_arena *arena, jihe_error *err)
{
    *result =
        (jh_pace_result){.expected = NAN, .ratio = NAN, .ratio_low = NAN, .ratio_high = NAN, .p = NAN, .adjusted = NAN};
    *record =
        (struct record){.counts = JH_NEW(arena, uint64_t, periods), .exposures = JH_NEW(arena, uint64_t, periods)};
    if (record->counts == NULL || record->exposures == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "paces in %zu periods", periods);
    for (size_t t = 0; t < periods; t++) {
        const uint64_t timed = in_classes(person, t, 0, JH_PACE_CLASSES);

        if (timed > 1000000000)
            return jh_fail(err, JIHE_USAGE, "%" PRIu64 " documents of one person in a period; at most 10^9", timed);
        record->exposures[t] = timed * unit;
        if (t + 1 == periods) {
            result->timed = timed;
            break;
        }
        result->baseline += timed;
        record->months += timed > 0;
    }
    result->cut = cut_of(person, periods, result->baseline, terms->quantile_ppm);
    for (size_t t = 0; t < periods; t++) {
        record->counts[t] = in_classes(person, t, 1, result->cut);
        *(t + 1 < periods ? &result->baseline_fast : &result->fast) += record->counts[t];
    }
    result->verdict = gate(person, result, record, terms);
    return JIHE_OK;
}

/* At least min_ratio times the quantile of the documents, and enough of them. */
static bool many_enough(const jh_pace_result *result, const jh_pace_terms *terms)
{
    return result->fast >= terms->min_fast && (jh_u128)result->fast * one_ppm * one_ppm >=
                                                  (jh_u128)result->timed * terms->min_ratio_ppm * terms->quantile_ppm;
}

static void take(jh_pace_result *result, const jh_volume_result *volume, const jh_pace_terms *terms)
{
    if (result->verdict != JH_PACE_NORMAL)
        return;
    result->expected = volume->expected;
    result->ratio = volume->ratio;
    result->ratio_low = volume->ratio_lower;
    result->ratio_high = volume->ratio_upper;
    result->p = volume->p;
    result->adjusted = volume->adjusted;
    if (volume->verdict == JH_VOLUME_FLAGGED && many_enough(result, terms))
        result->verdict = JH_PACE_FLAGGED;
}

static jihe_status check_terms(const jh_pace_terms *terms, size_t periods, jihe_error *err)
{
    if (terms->quantile_ppm == 0 || terms->quantile_ppm > 500000)
        return jh_fail(err, JIHE_USAGE, "the fastest %" PRIu32 " millionths; expected above 0 and at most a half",
                       terms->quantile_ppm);
    if (periods < 2 || periods > JH_VOLUME_MAX_PERIODS || terms->min_periods < 2)
        return jh_fail(err, JIHE_USAGE,
                       "%zu periods, at least %" PRIu32 " of the baseline; two are needed to see how "
                       "much they differ",
                       periods, terms->min_periods);
    return JIHE_OK;
}

jihe_status jh_pace_test(jh_pace_result *results, const jh_pace_person *people, size_t count, size_t periods,
                         const jh_pace_terms *terms, jh_arena *arena, jihe_error *err)
{
    jh_volume_history *histories = JH_NEW(arena, jh_volume_history, count + 1);
    jh_volume_member *members = JH_NEW(arena, jh_volume_member, count + 1);
    jh_volume_result *volumes = JH_NEW(arena, jh_volume_result, count + 1);
    jh_volume_terms family = jh_volume_terms_usual();
    jh_volume_family ignored;
    jihe_status st = check_terms(terms, periods, err);

    family.ratio_ppm = terms->ratio_ppm;
    family.min_ratio_ppm = terms->min_ratio_ppm;
    family.q_ppm = terms->q_ppm;
    family.min_periods = terms->min_periods;
    family.min_count = 0;
    if (st == JIHE_OK && (histories == NULL || members == NULL || volumes == NULL))
        st = jh_fail(err, JIHE_NO_MEMORY, "paces of %zu people", count);
    for (size_t i = 0; st == JIHE_OK && i < count; i++) {
        struct record record;

        st = sum_person(&results[i], &record, &people[i], periods, terms, arena, err);
        histories[i] = (jh_volume_history){.counts = record.counts,
                                           .present = record.exposures,
                                           .gate = results[i].verdict == JH_PACE_NORMAL ? JH_VOLUME_NORMAL
                                                                                        : JH_VOLUME_SHORT_BASELINE};
    }
    if (st != JIHE_OK || (st = jh_volume_members_make(members, histories, count, periods, 0, arena, err)) != JIHE_OK ||
        (st = jh_volume_family_test(&ignored, volumes, members, count, &family, arena, err)) != JIHE_OK)
        return st;
    for (size_t i = 0; i < count; i++)
        take(&results[i], &volumes[i], terms);
    return JIHE_OK;
}
