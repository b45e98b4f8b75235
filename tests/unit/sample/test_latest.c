/* A period sees each document once, in its latest version: against a reference that compares ids one by one. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/hash.h"
#include "base/pcg.h"
#include "centre.h"
#include "rule/latest.h"

enum { DAYS = 6, DAY = 20000, IDS = 400, MOST = 66000 };

/* Different ids of one XXH3-64, made by solving the hash of 8 bytes for that of 7. */
static const char *const twins[][2] = {{"0009178", "6Z$%pEwd"}, {"0019738", "6Z%%pCsd"}, {"0023242", "2B&+zFx^"}};

enum { TWINS = 2 * sizeof twins / sizeof twins[0] };

struct world { /* which ids are in which snapshot, as documents of which number */
    char text[MOST][24];
    const char *ids[DAYS][MOST];
    uint32_t numbers[DAYS][MOST];
    size_t index[DAYS][MOST]; /* of the id in `text` */
    size_t count[DAYS];
    int last[MOST]; /* the last day that has the id, -1: none */
};

static void put(struct world *world, int day, size_t id, uint32_t number)
{
    const size_t at = world->count[day]++;

    world->ids[day][at] = world->text[id];
    world->index[day][at] = id;
    world->numbers[day][at] = number;
    world->last[id] = day;
}

static struct world *world_new(size_t ids)
{
    struct world *world = calloc(1, sizeof *world);

    cr_assert(world != NULL && ids <= MOST);
    for (size_t i = 0; i < ids; i++) {
        world->last[i] = -1;
        if (i < TWINS)
            snprintf(world->text[i], sizeof world->text[i], "%s", twins[i / 2][i % 2]);
        else
            snprintf(world->text[i], sizeof world->text[i], "A-%zu", i);
    }
    return world;
}

static void seal_days(const struct world *world, struct centre *centre, int days)
{
    centre_open(centre);
    for (int day = 0; day < days; day++)
        centre_add_named(centre, DAY + day, world->ids[day], world->numbers[day], world->count[day]);
}

static bool is_latest(const struct world *world, int day, size_t at)
{
    return world->last[world->index[day][at]] == day;
}

/* Every bit of the search, for tables that hold almost nothing and for one that holds all. */
static void check_bits(const struct world *world, const struct centre *centre)
{
    static const uint64_t tables[] = {1, 60, 1000, JH_LATEST_TABLES};
    jh_selection selection;
    jh_rules rules;
    jihe_error err = {0};

    centre_rules(&rules, "{id: r, draw: all}");
    centre_select(&selection, centre, &rules, "s", 2);
    for (size_t k = world->count[0] > IDS ? 3 : 0; k < sizeof tables / sizeof tables[0]; k++) {
        jh_pass pass = selection.pass;
        uint64_t superseded = 0;

        pass.superseded = NULL;
        cr_assert(jh_latest_find(&pass, tables[k], (uint32_t)k + 1, &err) == JIHE_OK, "%s", err.message);
        for (uint64_t s = 0; s < pass.segment_count; s++)
            for (uint32_t row = 0; row < pass.segments[s].rows; row++) {
                const int day = (int)pass.segments[s].part;
                const bool left = jh_bits_test(pass.superseded + pass.segments[s].word, row);

                superseded += left;
                cr_assert(left != is_latest(world, day, pass.segments[s].segment * (size_t)JH_SEGMENT_ROWS + row),
                          "tables %zu, day %d, row %u", k, day, row);
            }
        cr_assert_eq(pass.superseded_count, superseded);
        cr_assert_eq(selection.pass.superseded_count, superseded);
        free(pass.superseded);
    }
    jh_selection_deinit(&selection);
    jh_rules_deinit(&rules);
}

struct tally {
    uint64_t frame, undecided, teams[6]; /* T0..T4, missing */
};

/* Document i as centre.c makes it: amount i yuan, missing for every thirteenth; team i % 5, missing for every eleventh.
 */
static struct tally tally_latest(const struct world *world, int days)
{
    struct tally tally = {0};

    for (int day = 0; day < days; day++)
        for (size_t at = 0; at < world->count[day]; at++) {
            const uint32_t i = world->numbers[day][at];

            if (!is_latest(world, day, at))
                continue;
            tally.undecided += i % 13 == 0;
            if (i % 13 == 0 || i <= 300)
                continue;
            tally.frame++;
            tally.teams[i % 11 == 0 ? 5 : i % 5]++;
        }
    return tally;
}

/* Frames, undecided and strata count latest versions only, as they are on their last day; every id is hit once. */
static void check_counts(const struct world *world, const struct centre *centre, int days)
{
    const struct tally want = tally_latest(world, days);
    jh_selection selection;
    jh_rules rules;

    centre_rules(&rules, "{id: r, where: amount > 300, draw: {rate: 100%, by: team}}");
    centre_select(&selection, centre, &rules, "s", 2);
    const jh_strata *strata = &selection.rules[0].strata;

    cr_assert_eq(selection.pass.frames[0].documents, want.frame);
    cr_assert_eq(selection.pass.frames[0].undecided, want.undecided);
    cr_assert_eq(selection.document_count, want.frame);
    for (uint32_t s = 0; s < strata->count; s++) {
        const char *value = strata->strata[s].value;

        cr_assert_eq(strata->strata[s].documents, want.teams[value == NULL ? 5 : value[1] - '0'], "%s",
                     strata->strata[s].label);
    }
    for (size_t i = 0; i < selection.document_count; i++) {
        const jh_selected *document = &selection.documents[i];
        const jh_pass_segment *at = &selection.pass.segments[document->segment];

        cr_assert(is_latest(world, (int)at->part, at->segment * (size_t)JH_SEGMENT_ROWS + document->row));
    }
    jh_selection_deinit(&selection);
    jh_rules_deinit(&rules);
}

Test(latest, twins_have_one_hash)
{
    for (size_t i = 0; i < TWINS / 2; i++)
        cr_assert_eq(jh_hash64(twins[i][0], 7), jh_hash64(twins[i][1], 8));
}

Test(latest, each_document_once_in_its_last_version)
{
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, 20261121, 4);
    for (int round = 0; round < 6; round++) {
        struct world *world = world_new(IDS);
        struct centre centre;
        const int days = 2 + round % (DAYS - 1);
        const uint64_t often = 1 + jh_pcg64_below(&rng, 5);

        for (int day = 0; day < days; day++)
            for (size_t id = 0; id < IDS; id++)
                if (jh_pcg64_below(&rng, 5) < often) /* a version has a number of its own */
                    put(world, day, id, (uint32_t)jh_pcg64_below(&rng, 1000));
        seal_days(world, &centre, days);
        check_bits(world, &centre);
        check_counts(world, &centre, days);
        centre_close(&centre);
        free(world);
    }
}

/* Over a segment's border, and with a day without documents. */
Test(latest, long_days)
{
    struct world *world = world_new(MOST);
    struct centre centre;

    for (size_t id = 0; id < MOST; id++)
        put(world, 0, id, (uint32_t)id);
    for (size_t id = 0; id < MOST; id += 3)
        put(world, 2, MOST - 1 - id, (uint32_t)id);
    seal_days(world, &centre, 3);
    check_bits(world, &centre);
    check_counts(world, &centre, 3);
    centre_close(&centre);
    free(world);
}

/* One snapshot: nothing is looked for, and a run that was recorded without `latest` sees every version. */
Test(latest, only_where_it_is_asked_for)
{
    static const char *const ids[] = {"A", "B"};
    static const uint32_t numbers[] = {1, 2};
    struct centre centre;
    jh_selection selection;
    jh_rules rules;
    const jh_facts facts = {0};
    jihe_error err = {0};
    jh_pass pass;

    centre_open(&centre);
    centre_add_named(&centre, DAY, ids, numbers, 2);
    centre_rules(&rules, "{id: r, draw: all}");
    const jh_rule *const rule = &rules.rules[0];

    centre_select(&selection, &centre, &rules, "s", 1);
    cr_assert(selection.pass.superseded == NULL && selection.document_count == 2);
    jh_selection_deinit(&selection);
    centre_add_named(&centre, DAY + 1, ids, numbers, 1);
    cr_assert(jh_pass_run(&pass, &rule, 1, centre.snapshots, 2, (jh_pass_dates){0, DAY + 1}, false, &facts, 1,
                          &err) == JIHE_OK,
              "%s", err.message);
    cr_assert(pass.superseded == NULL && pass.superseded_count == 0 && pass.frames[0].documents == 3);
    jh_pass_deinit(&pass);
    jh_rules_deinit(&rules);
    centre_close(&centre);
}
