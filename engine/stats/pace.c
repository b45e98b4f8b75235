#include "stats/pace.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/num.h"
#include "stats/volume_exposure.h"
#include "stats/volume_family.h"

static const uint32_t one_ppm = 1000000;
static const uint64_t unit = 1000; /* exposure of one document: 10^9 of them are below 2^40 */

jh_pace_terms jh_pace_terms_usual(void)
{
    return (jh_pace_terms){.own_ppm = 50000,
                           .peers_ppm = 100000,
                           .ratio_ppm = 2000000,
                           .q_ppm = 50000,
                           .min_periods = 3,
                           .min_baseline = 200,
                           .min_period = 20,
                           .min_fast = 10};
}

void jh_pace_classes(uint8_t classes[JH_DURATION_BUCKETS], const uint64_t counts[JH_DURATION_BUCKETS],
                     uint32_t peers_ppm)
{
    const jh_u128 whole = (jh_u128)one_ppm * JH_PACE_CLASSES * JH_PACE_CLASSES;
    uint64_t total = 0, below = 0;
    uint32_t class_ = 1;

    for (uint32_t b = 0; b < JH_DURATION_BUCKETS; b++)
        total += counts[b];
    for (uint32_t b = 0; b < JH_DURATION_BUCKETS; b++) {
        below += counts[b]; /* with the bucket itself; the product is below 2^124 */
        while (class_ <= JH_PACE_CLASSES && below * whole > (jh_u128)total * peers_ppm * class_ * class_)
            class_++;
        classes[b] = class_ > JH_PACE_CLASSES || total == 0 ? 0 : (uint8_t)class_;
    }
}

/* Sums of one person. */
struct record {
    uint64_t *counts, *exposures; /* per period, for the test */
};

static uint64_t in_classes(const jh_pace_person *person, size_t period, uint32_t from, uint32_t to)
{
    uint64_t sum = 0;

    for (uint32_t c = from; c <= to; c++)
        sum += person->classes[period * (JH_PACE_CLASSES + 1) + c];
    return sum;
}

/* The largest class with at most `own_ppm` of the baseline in it and below. */
static uint32_t cut_of(const jh_pace_person *person, size_t periods, uint64_t baseline, uint32_t own_ppm)
{
    uint64_t fast = 0;

    for (uint32_t c = 1; c <= JH_PACE_CLASSES; c++) {
        for (size_t t = 0; t + 1 < periods; t++)
            fast += in_classes(person, t, c, c);
        if ((jh_u128)fast * one_ppm > (jh_u128)baseline * own_ppm)
            return c - 1;
    }
    return JH_PACE_CLASSES;
}

static jh_pace_verdict gate(const jh_pace_person *person, const jh_pace_result *result, const jh_pace_terms *terms)
{
    if (person->gated)
        return JH_PACE_GATED;
    if (result->months < terms->min_periods)
        return JH_PACE_SHORT_BASELINE;
    if (result->timed < terms->min_period)
        return JH_PACE_SMALL_PERIOD;
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
        result->months += timed > 0;
    }
    result->cut = cut_of(person, periods, result->baseline, terms->own_ppm);
    for (size_t t = 0; t < periods; t++) {
        record->counts[t] = in_classes(person, t, 1, result->cut);
        *(t + 1 < periods ? &result->baseline_fast : &result->fast) += record->counts[t];
    }
    result->verdict = gate(person, result, terms);
    return JIHE_OK;
}

/* Enough fast documents: at least `ratio` times the usual share of the own and of the colleagues' documents. */
static bool many_enough(const jh_pace_result *result, const jh_pace_terms *terms)
{
    const uint64_t steps = (uint64_t)JH_PACE_CLASSES * JH_PACE_CLASSES,
                   peers = (uint64_t)terms->peers_ppm * result->cut * result->cut;
    const uint64_t usual = peers > terms->own_ppm * steps ? peers : terms->own_ppm * steps; /* millionths of 1/steps */

    return result->fast >= terms->min_fast &&
           (jh_u128)result->fast * one_ppm * one_ppm * steps >= (jh_u128)result->timed * terms->ratio_ppm * usual;
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
    if (terms->own_ppm == 0 || terms->own_ppm > 500000 || terms->peers_ppm == 0 || terms->peers_ppm > 500000)
        return jh_fail(err, JIHE_USAGE,
                       "the fastest %" PRIu32 " and %" PRIu32 " millionths; expected above 0 and at most a half",
                       terms->own_ppm, terms->peers_ppm);
    if (periods < 2 || periods > JH_VOLUME_MAX_PERIODS || terms->min_periods < 2)
        return jh_fail(err, JIHE_USAGE,
                       "%zu periods, at least %" PRIu32 " of the baseline; two are needed to see how "
                       "much they differ",
                       periods, terms->min_periods);
    return JIHE_OK;
}

/* Fast documents of a period over the usual number, in millionths; false: fewer than one is usual. */
static bool share_of(uint64_t *ppm, const jh_pace_result *result, const struct record *record, size_t period)
{
    const jh_u128 usual = (jh_u128)result->baseline_fast * (record->exposures[period] / unit);

    if (result->verdict != JH_PACE_NORMAL || usual < result->baseline)
        return false;
    const jh_u128 share = (jh_u128)record->counts[period] * result->baseline * one_ppm / usual;

    *ppm = share < UINT64_MAX ? (uint64_t)share : UINT64_MAX;
    return true;
}

static int order_u64(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* The median of everybody's, at least 1: nobody can move it far. */
static uint64_t common_share(const jh_pace_result *results, const struct record *records, size_t count, size_t period,
                             uint64_t *work)
{
    size_t listed = 0;

    for (size_t i = 0; i < count; i++)
        listed += share_of(&work[listed], &results[i], &records[i], period);
    if (listed < JH_VOLUME_MIN_PEERS)
        return one_ppm;
    qsort(work, listed, sizeof *work, order_u64);
    return work[listed / 2] > one_ppm ? work[listed / 2] : one_ppm;
}

/* What a person counts for in the colleagues' index of a period: not more than 3 and 3 times the usual of that period.
 */
static uint64_t bounded(const jh_pace_result *result, const struct record *record, size_t period, uint64_t common_ppm)
{
    const jh_u128 whole = (jh_u128)result->baseline * one_ppm;
    const jh_u128 usual = (jh_u128)result->baseline_fast * (record->exposures[period] / unit); /* at most 2^66 */
    const jh_u128 times = (usual * (common_ppm < UINT32_MAX ? common_ppm : UINT32_MAX) + whole - 1) / whole;
    const jh_u128 most = 3 + 3 * times;

    return record->counts[period] < most ? record->counts[period] : (uint64_t)most;
}

/* Exposures from the bounded counts, then the counts as they are. */
static jihe_status make_members(jh_volume_member *members, const jh_pace_result *results, const struct record *records,
                                size_t count, size_t periods, jh_arena *arena, jihe_error *err)
{
    jh_volume_history *histories = JH_NEW(arena, jh_volume_history, count + 1);
    uint64_t *counts = JH_NEW(arena, uint64_t, count * periods + 1);
    uint64_t *common = JH_NEW(arena, uint64_t, periods), *work = JH_NEW(arena, uint64_t, count + 1);

    if (histories == NULL || counts == NULL || common == NULL || work == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "paces of %zu people", count);
    for (size_t t = 0; t < periods; t++)
        common[t] = common_share(results, records, count, t, work);
    for (size_t i = 0; i < count; i++) {
        const bool tested = results[i].verdict == JH_PACE_NORMAL;

        histories[i] = (jh_volume_history){.counts = counts + i * periods,
                                           .present = records[i].exposures,
                                           .gate = tested ? JH_VOLUME_NORMAL : JH_VOLUME_SHORT_BASELINE};
        for (size_t t = 0; tested && t < periods; t++)
            counts[i * periods + t] = bounded(&results[i], &records[i], t, common[t]);
    }
    const jihe_status st = jh_volume_members_make(members, histories, count, periods, 0, arena, err);

    for (size_t i = 0; st == JIHE_OK && i < count; i++) {
        size_t made = 0;

        for (size_t t = 0; t + 1 < periods; t++) /* as there, periods without documents are left out */
            if (records[i].exposures[t] > 0)
                counts[i * periods + made++] = records[i].counts[t];
        members[i].person.counts = counts + i * periods;
        members[i].person.count = records[i].counts[periods - 1];
    }
    return st;
}

jihe_status jh_pace_test(jh_pace_result *results, const jh_pace_person *people, size_t count, size_t periods,
                         const jh_pace_terms *terms, jh_arena *arena, jihe_error *err)
{
    struct record *records = JH_NEW(arena, struct record, count + 1);
    jh_volume_member *members = JH_NEW(arena, jh_volume_member, count + 1);
    jh_volume_result *volumes = JH_NEW(arena, jh_volume_result, count + 1);
    jh_volume_terms family = jh_volume_terms_usual();
    jh_volume_family ignored;
    jihe_status st = check_terms(terms, periods, err);

    family.ratio_ppm = family.min_ratio_ppm = terms->ratio_ppm;
    family.q_ppm = terms->q_ppm;
    family.min_periods = terms->min_periods;
    family.min_count = 0;
    if (st == JIHE_OK && (records == NULL || members == NULL || volumes == NULL))
        st = jh_fail(err, JIHE_NO_MEMORY, "paces of %zu people", count);
    for (size_t i = 0; st == JIHE_OK && i < count; i++)
        st = sum_person(&results[i], &records[i], &people[i], periods, terms, arena, err);
    if (st != JIHE_OK || (st = make_members(members, results, records, count, periods, arena, err)) != JIHE_OK ||
        (st = jh_volume_family_test(&ignored, volumes, members, count, &family, arena, err)) != JIHE_OK)
        return st;
    for (size_t i = 0; i < count; i++)
        take(&results[i], &volumes[i], terms);
    return JIHE_OK;
}
