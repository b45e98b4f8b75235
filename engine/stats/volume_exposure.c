#include "stats/volume_exposure.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>

#include "base/num.h"

static const uint64_t largest_count = 1000000000, largest_exposure = UINT64_C(1) << 40;
enum { FRACTION_BITS = 30 }; /* of usual volumes */

/* A person's baseline: documents and days, both 0 for who is nobody's peer. */
struct usual {
    uint64_t count, present;
};

/* The group's documents in a period, what was to be expected of it, and by how many peers. */
struct month {
    jh_u128 count, expected;
    size_t peers;
};

static jihe_status check_history(const jh_volume_history *person, size_t number, size_t periods, jihe_error *err)
{
    for (size_t t = 0; t < periods; t++)
        if (person->counts[t] > largest_count || person->present[t] > largest_exposure)
            return jh_fail(err, JIHE_USAGE,
                           "person %zu has %" PRIu64 " documents in %" PRIu64
                           " millionths of a day in period %zu; at most 10^9 and 2^40 can be compared",
                           number, person->counts[t], person->present[t], t + 1);
    return JIHE_OK;
}

static struct usual usual_of(const jh_volume_history *person, size_t periods)
{
    struct usual usual = {0, 0};

    if (person->gate != JH_VOLUME_NORMAL)
        return usual;
    for (size_t t = person->first; t + 1 < periods; t++)
        if (person->present[t] > 0) {
            usual.count += person->counts[t];
            usual.present += person->present[t];
        }
    return usual;
}

/* Is the person somebody's peer in this period? */
static bool is_peer(const struct usual *usual, const jh_volume_history *person, size_t t)
{
    return usual->count > 0 && t >= person->first && person->present[t] > 0;
}

/* In 2^-30 documents; the product is at most 2^120. */
static jh_u128 expected_of(const struct usual *usual, uint64_t present)
{
    return ((jh_u128)usual->count * present << FRACTION_BITS) / usual->present;
}

static double index_of(struct month month, const struct usual *usual, const jh_volume_history *person, size_t t)
{
    if (is_peer(usual, person, t)) {
        month.count -= person->counts[t];
        month.expected -= expected_of(usual, person->present[t]);
        month.peers--;
    }
    if (month.peers < JH_VOLUME_MIN_PEERS || month.expected == 0)
        return 1;
    return fmin(1000, fmax(0.001, (double)month.count / ldexp((double)month.expected, -FRACTION_BITS)));
}

static struct month month_of(const jh_volume_history *people, const struct usual *usual, size_t count, size_t t)
{
    struct month month = {0, 0, 0};

    for (size_t i = 0; i < count; i++)
        if (is_peer(&usual[i], &people[i], t)) {
            month.count += people[i].counts[t];
            month.expected += expected_of(&usual[i], people[i].present[t]);
            month.peers++;
        }
    return month;
}

/* Days times index, in millionths of a day; at least one where there was presence. */
static uint64_t exposure_of(uint64_t present, double index)
{
    const double exposure = rint((double)present * index);

    return present == 0 ? 0 : exposure < 1 ? 1 : (uint64_t)fmin(exposure, (double)largest_exposure);
}

static jihe_status make_member(jh_volume_member *member, const jh_volume_history *person, const struct usual *usual,
                               const struct month *months, size_t periods, jh_arena *arena, jihe_error *err)
{
    uint64_t *counts = JH_NEW(arena, uint64_t, periods), *exposures = JH_NEW(arena, uint64_t, periods);
    size_t made = 0;
    const size_t last = periods - 1;

    if (counts == NULL || exposures == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "baselines of %zu periods", periods);
    for (size_t t = person->first; t < last; t++)
        if (person->present[t] > 0) {
            counts[made] = person->counts[t];
            exposures[made++] = exposure_of(person->present[t], index_of(months[t], usual, person, t));
        }
    member->person =
        (jh_volume_person){.counts = counts,
                           .exposures = exposures,
                           .periods = made,
                           .count = person->counts[last],
                           .exposure = exposure_of(person->present[last], index_of(months[last], usual, person, last))};
    member->gate = person->gate;
    return JIHE_OK;
}

static jihe_status make_members(jh_volume_member *members, const jh_volume_history *people, const struct usual *usual,
                                const struct month *months, size_t count, size_t periods, uint64_t min_present,
                                jh_arena *arena, jihe_error *err)
{
    for (size_t i = 0; i < count; i++) {
        const jihe_status st = make_member(&members[i], &people[i], &usual[i], months, periods, arena, err);

        if (st != JIHE_OK)
            return st;
        if (members[i].gate == JH_VOLUME_NORMAL && people[i].present[periods - 1] < min_present)
            members[i].gate = JH_VOLUME_ABSENT;
    }
    return JIHE_OK;
}

jihe_status jh_volume_members_make(jh_volume_member *members, const jh_volume_history *people, size_t count,
                                   size_t periods, uint64_t min_present, jh_arena *arena, jihe_error *err)
{
    struct usual *usual = JH_NEW(arena, struct usual, count);
    struct month *months = JH_NEW(arena, struct month, periods);
    jihe_status st;

    if ((usual == NULL && count > 0) || (months == NULL && periods > 0))
        return jh_fail(err, JIHE_NO_MEMORY, "volumes of %zu people in %zu periods", count, periods);
    if (periods == 0 || periods > JH_VOLUME_MAX_PERIODS + 1)
        return jh_fail(err, JIHE_USAGE, "%zu periods; there must be 1 to %d, the last one under test", periods,
                       JH_VOLUME_MAX_PERIODS + 1);
    for (size_t i = 0; i < count; i++) {
        if ((st = check_history(&people[i], i + 1, periods, err)) != JIHE_OK)
            return st;
        usual[i] = usual_of(&people[i], periods);
    }
    for (size_t t = 0; t < periods; t++)
        months[t] = month_of(people, usual, count, t);
    return make_members(members, people, usual, months, count, periods, min_present, arena, err);
}

jihe_status jh_volume_pair(jh_volume_history *out, const jh_volume_history *person, const jh_volume_history *colleague,
                           size_t periods, jh_arena *arena, jihe_error *err)
{
    uint64_t *counts = JH_NEW(arena, uint64_t, periods), *present = JH_NEW(arena, uint64_t, periods);

    jihe_status st;

    if ((st = check_history(person, 1, periods, err)) != JIHE_OK ||
        (st = check_history(colleague, 2, periods, err)) != JIHE_OK)
        return st;
    if ((counts == NULL || present == NULL) && periods > 0)
        return jh_fail(err, JIHE_NO_MEMORY, "a pair's %zu periods", periods);
    for (size_t t = 0; t < periods; t++) {
        counts[t] = person->counts[t] + colleague->counts[t];
        present[t] = person->present[t] + colleague->present[t];
    }
    *out = (jh_volume_history){.counts = counts,
                               .present = present,
                               .first = person->first > colleague->first ? person->first : colleague->first,
                               .gate = JH_VOLUME_NORMAL};
    return JIHE_OK;
}
