#include <criterion/criterion.h>

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/pcg.h"
#include "stats/volume_exposure.h"
#include "stats/volume_family.h"

#define DAY UINT64_C(1000000)

static bool near(double got, double want, double rel_tol)
{
    return fabs(got - want) <= rel_tol * fabs(want);
}

static const uint64_t counts[] = {2000, 1950, 2100, 1980, 2040, 1930};
static const uint64_t exposures[] = {21 * DAY, 20 * DAY, 22 * DAY, 21 * DAY, 21 * DAY, 20 * DAY};
static const jh_volume_prior prior = {.group_dispersion = 8, .weight = 6, .ratio_ppm = 1500000};

/* The checks printed in the definition. */
Test(volume_jump, printed_checks)
{
    jh_volume_person person = {counts, exposures, 6, 4000, 21 * DAY};
    const uint64_t zeros[] = {0, 0, 0}, days[] = {20 * DAY, 21 * DAY, 20 * DAY};
    jh_volume_jump jump;

    cr_assert_eq(jh_volume_jump_test(&jump, &person, &prior, NULL), JIHE_OK);
    cr_assert(fabs(jump.phi - 4.513) < 5e-4 && fabs(jump.mean - 3024.1) < 0.05 &&
              fabs(jump.variance_factor - 5.650) < 5e-4 && near(jump.p_up, 3.7e-12, 0.02));
    person.count = 2450;
    jh_volume_jump_test(&jump, &person, &prior, NULL);
    cr_assert(fabs(jump.p_up - 0.999998) < 5e-7);
    person = (jh_volume_person){zeros, days, 3, 5, 20 * DAY};
    jh_volume_jump_test(&jump, &person, &(jh_volume_prior){1, 6, 1000000}, NULL);
    cr_assert(near(jump.p_up, 2.536e-4, 1e-4) && jump.dispersion == 0 && isinf(jump.ratio), "%g", jump.p_up);
}

/* More documents are more surprising; the tails of neighbouring counts overlap in just the one count; a larger
 * acceptable ratio or dispersion makes a jump less surprising; days in any other unit change nothing. */
Test(volume_jump, moves_the_right_way)
{
    double last_up = 2, last_down = -1;

    for (uint64_t count = 0; count < 9000; count += count < 40 ? 1 : 37) {
        const jh_volume_person person = {counts, exposures, 6, count, 21 * DAY};
        const uint64_t halves[] = {42 * DAY, 40 * DAY, 44 * DAY, 42 * DAY, 42 * DAY, 40 * DAY};
        const jh_volume_person doubled = {counts, halves, 6, count, 42 * DAY};
        jh_volume_prior wider = prior, calmer = prior;
        jh_volume_jump jump, other;

        cr_assert_eq(jh_volume_jump_test(&jump, &person, &prior, NULL), JIHE_OK);
        cr_assert(jump.p_up <= last_up && jump.p_up >= 0 && jump.p_down >= last_down && jump.p_down <= 1);
        last_up = jump.p_up;
        last_down = jump.p_down;
        jh_volume_jump_test(&other, &doubled, &prior, NULL);
        cr_assert(near(other.p_up, jump.p_up, 1e-12) && near(other.phi, jump.phi, 1e-14));
        wider.ratio_ppm = 2000000;
        jh_volume_jump_test(&other, &person, &wider, NULL);
        cr_assert(other.p_up >= jump.p_up && other.p_down >= 0);
        calmer.group_dispersion = 2;
        jh_volume_jump_test(&other, &person, &calmer, NULL);
        if (count > 4000)
            cr_assert(other.p_up <= jump.p_up);
    }
}

Test(volume_jump, refusals)
{
    const uint64_t gap[] = {DAY, 0}, huge[] = {1, UINT64_MAX};
    const jh_volume_person good = {counts, exposures, 6, 1, DAY};
    const jh_volume_person bad[] = {{counts, exposures, 0, 1, DAY},     {counts, exposures, 1001, 1, DAY},
                                    {counts, gap, 2, 1, DAY},           {huge, exposures, 2, 1, DAY},
                                    {counts, huge, 2, 1, DAY},          {counts, exposures, 6, 1, 0},
                                    {counts, exposures, 6, 1, huge[1]}, {counts, exposures, 6, huge[1], DAY}};
    const jh_volume_prior bad_prior[] = {{NAN, 6, 1500000}, {-1, 6, 1500000}, {1, NAN, 1500000},     {1, -1, 1500000},
                                         {1, 6, 0},         {1, 6, 999999},   {INFINITY, 6, 1500000}};
    jh_volume_jump jump;
    jihe_error err = {0};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_assert_eq(jh_volume_jump_test(&jump, &bad[i], &prior, &err), JIHE_USAGE, "case %zu", i);
    for (size_t i = 0; i < sizeof bad_prior / sizeof bad_prior[0]; i++)
        cr_assert_eq(jh_volume_jump_test(&jump, &good, &bad_prior[i], &err), JIHE_USAGE, "prior %zu", i);
}

/* Legal but extreme: probabilities stay probabilities, and it ends. */
Test(volume_jump, extremes)
{
    static const uint64_t values[] = {0, 1, 1000, 1000000000};

    static const uint64_t longest[] = {1, 1000, UINT64_C(1) << 40};

    for (size_t i = 0; i < 4 * 4 * 3 * 3; i++) {
        const uint64_t base[] = {values[i % 4], 0}, days[] = {longest[i / 16 % 3], 1};
        const jh_volume_person person = {base, days, 1 + i % 2, values[i / 4 % 4], longest[i / 48]};
        const jh_volume_prior odd = {i % 3 == 0 ? 0 : 1e6, i % 5 == 0 ? 0 : 6, 1000000000};
        jh_volume_jump jump;

        cr_assert_eq(jh_volume_jump_test(&jump, &person, &odd, NULL), JIHE_OK);
        cr_assert(jump.p_up >= 0 && jump.p_up <= 1 && jump.p_down >= 0 && jump.p_down <= 1, "case %zu: %g %g", i,
                  jump.p_up, jump.p_down);
    }
}

/* Made-up centres: counts of a given mean and dispersion (negative binomial as a Poisson of a gamma). */

static double uniform(jh_pcg64 *rng)
{
    return ((double)(jh_pcg64_next(rng) >> 11) + 0.5) * 0x1p-53;
}

static double normal(jh_pcg64 *rng)
{
    return sqrt(-2 * log(uniform(rng))) * cos(6.283185307179586 * uniform(rng));
}

/* G. Marsaglia, W. Tsang (2000), shape >= 1. */
static double gamma_of(jh_pcg64 *rng, double shape)
{
    const double d = shape - 1. / 3, c = 1 / sqrt(9 * d);

    for (;;) {
        const double x = normal(rng), v = 1 + c * x;
        const double cube = v * v * v;
        if (v > 0 && log(uniform(rng)) < 0.5 * x * x + d - d * cube + d * log(cube))
            return d * cube;
    }
}

static uint64_t poisson(jh_pcg64 *rng, double mean)
{
    uint64_t count = 0;

    if (mean > 100) /* close enough under the dispersions tried here */
        return (uint64_t)fmax(0, rint(mean + sqrt(mean) * normal(rng) + (pow(normal(rng), 2) - 1) / 6));
    for (double product = uniform(rng), bound = exp(-mean); product > bound; product *= uniform(rng))
        count++;
    return count;
}

static uint64_t volume(jh_pcg64 *rng, double mean, double dispersion)
{
    const double excess = dispersion - 1;

    return poisson(rng, excess > 0 ? gamma_of(rng, mean / excess) * excess : mean);
}

enum { PEOPLE = 300, PERIODS = 6 };

struct centre {
    uint64_t counts[PEOPLE][PERIODS], days[PEOPLE][PERIODS];
    jh_volume_member members[PEOPLE];
    jh_volume_result results[PEOPLE];
};

static void make_centre(struct centre *c, jh_pcg64 *rng, double mean, double dispersion, size_t doubled)
{
    for (size_t i = 0; i < PEOPLE; i++) {
        for (size_t t = 0; t < PERIODS; t++) {
            c->counts[i][t] = volume(rng, mean, dispersion);
            c->days[i][t] = 21 * DAY;
        }
        c->members[i] = (jh_volume_member){
            {c->counts[i], c->days[i], PERIODS, volume(rng, i < doubled ? 2 * mean : mean, dispersion), 21 * DAY},
            JH_VOLUME_NORMAL};
    }
}

struct tally {
    double right, wrong; /* flags per run: of people who have doubled, of others */
};

static struct tally simulate(double mean, double dispersion, size_t doubled, const jh_volume_terms *terms, int runs)
{
    struct centre *c = malloc(sizeof *c);
    struct tally tally = {0, 0};
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, (jh_u128)(mean * 1000 + dispersion), 5);
    for (int run = 0; run < runs; run++) {
        jh_volume_family family;
        jh_arena arena;

        make_centre(c, &rng, mean, dispersion, doubled);
        jh_arena_init(&arena, 0);
        cr_assert_eq(jh_volume_family_test(&family, c->results, c->members, PEOPLE, terms, &arena, NULL), JIHE_OK);
        cr_assert_eq(family.tested, PEOPLE);
        for (size_t i = 0; i < PEOPLE; i++)
            if (c->results[i].verdict == JH_VOLUME_FLAGGED)
                *(i < doubled ? &tally.right : &tally.wrong) += 1. / runs;
        jh_arena_deinit(&arena);
    }
    free(c);
    tally.right /= doubled > 0 ? (double)doubled : 1;
    return tally;
}

/* Section 3.4 of the definition: with the usual terms hardly anybody is flagged falsely however over-dispersed volumes
 * are, and a doubling is found as tabulated. */
Test(volume_family, false_flags_and_power)
{
    static const struct {
        double mean, dispersion, power;
    } table[] = {{40, 1, 0.61}, {300, 8, 0.59}, {2000, 8, 1.00}, {2000, 20, 0.99}, {2000, 60, 0.53}};
    enum { JUMPS = 6 }; /* of 300: the table does not say, and power depends on it */
    const jh_volume_terms usual = jh_volume_terms_usual();
    jh_volume_terms bare = usual;

    bare.ratio_ppm = bare.min_ratio_ppm = 1000000;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const struct tally found = simulate(table[i].mean, table[i].dispersion, JUMPS, &usual, 40);
        const struct tally none = simulate(table[i].mean, table[i].dispersion, 0, &bare, 40);

        cr_log_info("mean %g, dispersion %g: power %.2f, false flags %.2f; without gates %.2f", table[i].mean,
                    table[i].dispersion, found.right, found.wrong, none.wrong);
        cr_assert(found.wrong <= 0.15, "mean %g, dispersion %g: %g false flags", table[i].mean, table[i].dispersion,
                  found.wrong);
        cr_assert(none.wrong <= 0.8, "mean %g, dispersion %g: %g false flags", table[i].mean, table[i].dispersion,
                  none.wrong);
        cr_assert(fabs(found.right - table[i].power) <= 0.07, "mean %g, dispersion %g: power %g, tabulated %g",
                  table[i].mean, table[i].dispersion, found.right, table[i].power);
    }
}

static bool same_bytes(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

/* People in another order: the same figures to the last bit. Gated ones play no part in the others' figures. */
Test(volume_family, order_and_gates)
{
    struct centre *c = malloc(sizeof *c), *shuffled = malloc(sizeof *shuffled);
    const jh_volume_terms terms = jh_volume_terms_usual();
    size_t place[PEOPLE];
    jh_volume_family family, again;
    jh_arena arena;
    jh_pcg64 rng;

    jh_arena_init(&arena, 0);
    jh_pcg64_seed(&rng, 21, 1);
    make_centre(c, &rng, 500, 6, 12);
    c->members[50].gate = JH_VOLUME_MOVED;
    c->members[51].person.exposure = 0;
    c->members[52].person.periods = 2;
    c->members[53].person.periods = 0;
    memset(c->counts[54], 0, sizeof c->counts[54]);
    for (size_t i = 0; i < PEOPLE; i++) {
        place[i] = i;
        const size_t j = jh_pcg64_below(&rng, i + 1);
        place[i] = place[j];
        place[j] = i;
    }
    for (size_t i = 0; i < PEOPLE; i++)
        shuffled->members[place[i]] = c->members[i];
    cr_assert_eq(jh_volume_family_test(&family, c->results, c->members, PEOPLE, &terms, &arena, NULL), JIHE_OK);
    cr_assert_eq(jh_volume_family_test(&again, shuffled->results, shuffled->members, PEOPLE, &terms, &arena, NULL),
                 JIHE_OK);
    cr_assert(family.tested == PEOPLE - 5 && family.flagged >= 10 && same_bytes(family.dispersion, again.dispersion));
    for (size_t i = 0; i < PEOPLE; i++) {
        const jh_volume_result *a = &c->results[i], *b = &shuffled->results[place[i]];

        cr_assert(a->verdict == b->verdict && same_bytes(a->p, b->p) && same_bytes(a->adjusted, b->adjusted) &&
                  same_bytes(a->phi, b->phi));
        if (a->verdict == JH_VOLUME_FLAGGED)
            cr_assert(a->ratio_lower < a->ratio && a->ratio < a->ratio_upper && a->ratio >= 1.5);
    }
    cr_assert_eq(c->results[50].verdict, JH_VOLUME_MOVED);
    cr_assert_eq(c->results[51].verdict, JH_VOLUME_ABSENT);
    cr_assert_eq(c->results[52].verdict, JH_VOLUME_SHORT_BASELINE);
    cr_assert_eq(c->results[53].verdict, JH_VOLUME_SHORT_BASELINE);
    cr_assert_eq(c->results[54].verdict, JH_VOLUME_SMALL_BASELINE);
    cr_assert(isnan(c->results[50].p) && isnan(c->results[54].adjusted));
    for (jh_volume_verdict v = JH_VOLUME_NEW; v <= JH_VOLUME_SMALL_BASELINE; v++)
        cr_assert(strncmp(jh_volume_verdict_text(v), "not tested: ", 12) == 0);
    jh_arena_deinit(&arena);
    free(c);
    free(shuffled);
}

/* The effect-size condition is exact: 1.5 times as many is flagged, one document fewer is not. Downwards its inverse.
 */
Test(volume_family, effect_size_is_exact)
{
    enum { FEW = 3 };
    const uint64_t days[] = {7 * DAY, 7 * DAY, 7 * DAY}, steady[] = {30001, 30001, 30001};
    jh_volume_terms terms = jh_volume_terms_usual();
    jh_volume_member members[FEW];
    jh_volume_result results[FEW];
    jh_volume_family family;
    jh_arena arena;

    jh_arena_init(&arena, 0);
    for (size_t i = 0; i < FEW; i++)
        members[i] = (jh_volume_member){{steady, days, 3, 30001, 7 * DAY}, JH_VOLUME_NORMAL};
    members[0].person.count = 45002; /* 1.5 times 30001 is 45001.5 */
    members[1].person.count = 45001;
    cr_assert_eq(jh_volume_family_test(&family, results, members, FEW, &terms, &arena, NULL), JIHE_OK);
    cr_assert(results[0].verdict == JH_VOLUME_FLAGGED && results[1].verdict == JH_VOLUME_NORMAL);
    cr_assert(results[1].adjusted < 1e-6 && results[2].p > 0.99);
    terms.q_ppm = 1000000; /* the plain ratio rule: nothing but the ratio counts */
    terms.ratio_ppm = 3000000;
    cr_assert_eq(jh_volume_family_test(&family, results, members, FEW, &terms, &arena, NULL), JIHE_OK);
    cr_assert(results[0].verdict == JH_VOLUME_FLAGGED && results[0].p > 0.99 && family.flagged == 1);
    terms = jh_volume_terms_usual();
    terms.direction = JH_VOLUME_DOWN;
    members[0].person.count = 20000; /* 30001 / 1.5 is 20000.67 */
    members[1].person.count = 20001;
    cr_assert_eq(jh_volume_family_test(&family, results, members, FEW, &terms, &arena, NULL), JIHE_OK);
    cr_assert(results[0].verdict == JH_VOLUME_FLAGGED && results[1].verdict == JH_VOLUME_NORMAL);
    jh_arena_deinit(&arena);
}

Test(volume_family, edges)
{
    const jh_volume_terms good = jh_volume_terms_usual();
    jh_volume_terms bad[7] = {good, good, good, good, good, good, good};
    jh_volume_member member = {{counts, exposures, 6, 4000, 21 * DAY}, JH_VOLUME_NORMAL};
    jh_volume_family family;
    jh_volume_result result;
    jihe_error err = {0};
    jh_arena arena;

    bad[0].q_ppm = 0;
    bad[1].q_ppm = 1000001;
    bad[2].ratio_ppm = 999999;
    bad[3].min_ratio_ppm = 0;
    bad[4].prior_weight = NAN;
    bad[5].prior_weight = -1;
    bad[6].direction = (jh_volume_direction)2;
    jh_arena_init(&arena, 0);
    for (size_t i = 0; i < 7; i++)
        cr_assert_eq(jh_volume_family_test(&family, &result, &member, 1, &bad[i], &arena, &err), JIHE_USAGE, "%zu", i);
    cr_assert_eq(jh_volume_family_test(&family, NULL, NULL, 0, &good, &arena, &err), JIHE_OK);
    cr_assert(family.tested == 0 && family.flagged == 0);
    cr_assert_eq(jh_volume_family_test(&family, &result, &member, 1, &good, &arena, &err), JIHE_OK);
    cr_assert(family.flagged == 1 && near(result.expected, 2016, 1e-12), "%g", result.expected);
    member.gate = JH_VOLUME_FLAGGED;
    cr_assert_eq(jh_volume_family_test(&family, &result, &member, 1, &good, &arena, &err), JIHE_USAGE);
    member.gate = JH_VOLUME_NORMAL;
    member.person.count = UINT64_MAX;
    cr_assert_eq(jh_volume_family_test(&family, &result, &member, 1, &good, &arena, &err), JIHE_USAGE);
    cr_assert(strncmp(err.message, "person 1: period 7 ", 19) == 0, "%s", err.message);
    jh_arena_deinit(&arena);
}

/* Exposures. */

enum { TEAM = 12, MONTHS = 5 };

struct team {
    uint64_t counts[TEAM][MONTHS], present[TEAM][MONTHS];
    jh_volume_history people[TEAM];
    jh_volume_member members[TEAM];
};

/* Everybody does 10 (i + 1) documents a day; `busy` has the whole team's workload of each month in percent. */
static void make_team(struct team *team, const uint64_t busy[MONTHS])
{
    for (size_t i = 0; i < TEAM; i++) {
        for (size_t t = 0; t < MONTHS; t++) {
            team->present[i][t] = (15 + (i * 7 + t * 3) % 8) * DAY;
            team->counts[i][t] = (i + 1) * (team->present[i][t] / DAY) * busy[t] / 10;
        }
        team->people[i] = (jh_volume_history){team->counts[i], team->present[i], 0, JH_VOLUME_NORMAL};
    }
}

/* When the whole team is twice as busy, exposures double and nobody's ratio moves; when one person alone is, his own
 * exposure does not move and his ratio does. */
Test(volume_exposure, takes_out_the_common_month)
{
    const uint64_t steady[MONTHS] = {100, 100, 100, 100, 100}, busy[MONTHS] = {100, 100, 100, 100, 200};
    struct team team;
    jh_arena arena;

    jh_arena_init(&arena, 0);
    make_team(&team, busy);
    cr_assert_eq(jh_volume_members_make(team.members, team.people, TEAM, MONTHS, 5 * DAY, &arena, NULL), JIHE_OK);
    for (size_t i = 0; i < TEAM; i++) {
        cr_assert_eq(team.members[i].person.periods, MONTHS - 1);
        cr_assert(near((double)team.members[i].person.exposure, 2. * (double)team.present[i][MONTHS - 1], 1e-6));
        cr_assert(near((double)team.members[i].person.exposures[0], (double)team.present[i][0], 1e-6));
    }
    make_team(&team, steady);
    team.counts[TEAM - 1][MONTHS - 1] *= 2;
    jh_volume_members_make(team.members, team.people, TEAM, MONTHS, 5 * DAY, &arena, NULL);
    cr_assert(near((double)team.members[TEAM - 1].person.exposure, (double)team.present[TEAM - 1][MONTHS - 1], 1e-6),
              "left out of his own index");
    cr_assert(team.members[0].person.exposure > team.present[0][MONTHS - 1], "but in the others'");
    jh_arena_deinit(&arena);
}

/* A gated person is nobody's peer, absence is no baseline period, a late beginning shortens the baseline, fewer than 5
 * peers make no index, and who was hardly there is not tested. */
Test(volume_exposure, gates_gaps_and_small_groups)
{
    const uint64_t busy[MONTHS] = {100, 100, 100, 100, 200};
    struct team team;
    jh_arena arena;

    jh_arena_init(&arena, 0);
    make_team(&team, busy);
    team.people[3].gate = JH_VOLUME_NEW;
    team.counts[3][MONTHS - 1] = 1000000;
    team.present[4][1] = 0;
    team.people[5].first = 2;
    team.counts[5][0] = team.counts[5][1] = 500000; /* before the change that started his baseline anew */
    team.present[6][MONTHS - 1] = 4 * DAY;
    cr_assert_eq(jh_volume_members_make(team.members, team.people, TEAM, MONTHS, 5 * DAY, &arena, NULL), JIHE_OK);
    cr_assert(team.members[3].gate == JH_VOLUME_NEW && team.members[6].gate == JH_VOLUME_ABSENT);
    cr_assert(team.members[4].person.periods == MONTHS - 2 && team.members[5].person.periods == 2);
    cr_assert(team.members[0].person.exposure < 3 * team.present[0][MONTHS - 1], "the gated person's month is his own");
    cr_assert(near((double)team.members[0].person.exposures[0], (double)team.present[0][0], 1e-6));
    cr_assert_eq(jh_volume_members_make(team.members, team.people + 7, 5, MONTHS, 5 * DAY, &arena, NULL), JIHE_OK);
    for (size_t i = 0; i < 5; i++)
        cr_assert_eq(team.members[i].person.exposure, team.present[7 + i][MONTHS - 1], "four peers are too few");
    team.counts[0][0] = UINT64_MAX;
    cr_assert_eq(jh_volume_members_make(team.members, team.people, TEAM, MONTHS, 5 * DAY, &arena, NULL), JIHE_USAGE);
    cr_assert_eq(jh_volume_members_make(team.members, team.people, TEAM, 0, 5 * DAY, &arena, NULL), JIHE_USAGE);
    cr_assert_eq(jh_volume_members_make(NULL, NULL, 0, MONTHS, 5 * DAY, &arena, NULL), JIHE_OK);
    jh_arena_deinit(&arena);
}

/* Six groups, each with months of its own, the first one's present month three times as busy as usual; people present
 * on 16 to 22 days; in each group one person has doubled. */
enum { GROUPS = 6, GROUP = 50, ALL = GROUPS * GROUP, LAST = 6, DOUBLED = 7 };

struct season {
    uint64_t done[ALL][LAST + 1], present[ALL][LAST + 1];
    jh_volume_history people[ALL];
    jh_volume_member members[ALL], days_only[ALL];
    jh_volume_result results[ALL];
};

static void make_person(struct season *s, size_t i, const double busy[LAST + 1], jh_pcg64 *rng)
{
    for (size_t t = 0; t <= LAST; t++) {
        const double usual = 40 + (double)(i % GROUP) * 4, times = i % GROUP == DOUBLED && t == LAST ? 2 : 1;

        s->present[i][t] = (16 + jh_pcg64_below(rng, 7)) * DAY;
        s->done[i][t] = volume(rng, usual * busy[t] * times * (double)(s->present[i][t] / DAY), 12);
    }
    s->people[i] = (jh_volume_history){s->done[i], s->present[i], 0, JH_VOLUME_NORMAL};
    s->days_only[i] =
        (jh_volume_member){{s->done[i], s->present[i], LAST, s->done[i][LAST], s->present[i][LAST]}, JH_VOLUME_NORMAL};
}

static void make_season(struct season *s, jh_pcg64 *rng, jh_arena *arena)
{
    for (size_t g = 0; g < GROUPS; g++) {
        double busy[LAST + 1];

        for (size_t t = 0; t <= LAST; t++)
            busy[t] = g == 0 && t == LAST ? 3 : exp(0.25 * normal(rng));
        for (size_t i = g * GROUP; i < (g + 1) * GROUP; i++)
            make_person(s, i, busy, rng);
        cr_assert_eq(jh_volume_members_make(s->members + g * GROUP, s->people + g * GROUP, GROUP, LAST + 1, 5 * DAY,
                                            arena, NULL),
                     JIHE_OK);
    }
}

/* Over plain days the busy group is accused; over exposures hardly anybody, and who has doubled is found in it and
 * elsewhere. */
Test(volume_exposure, seasons_do_not_accuse)
{
    enum { RUNS = 10 };
    const jh_volume_terms terms = jh_volume_terms_usual();
    struct season *s = malloc(sizeof *s);
    double plain = 0, wrong = 0, right = 0;
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, 77, 1);
    for (int run = 0; run < RUNS; run++) {
        jh_volume_family family;
        jh_arena arena;

        jh_arena_init(&arena, 0);
        make_season(s, &rng, &arena);
        jh_volume_family_test(&family, s->results, s->days_only, ALL, &terms, &arena, NULL);
        plain += (double)family.flagged / RUNS;
        jh_volume_family_test(&family, s->results, s->members, ALL, &terms, &arena, NULL);
        for (size_t i = 0; i < ALL; i++)
            if (s->results[i].verdict == JH_VOLUME_FLAGGED)
                *(i % GROUP == DOUBLED ? &right : &wrong) += 1. / RUNS;
        jh_arena_deinit(&arena);
    }
    free(s);
    cr_log_info("over days %.1f flagged; over exposures %.1f falsely, %.1f of %d rightly", plain, wrong, right, GROUPS);
    cr_assert(plain > 20 && wrong <= 0.3 && right > 5.5, "%g %g %g", plain, wrong, right);
}

/* Who does an absent colleague's work beside the own has doubled; the pair has not. */
Test(volume_exposure, pairs)
{
    const uint64_t steady[MONTHS] = {100, 100, 100, 100, 100};
    const jh_volume_terms terms = jh_volume_terms_usual();
    jh_volume_result results[TEAM];
    jh_volume_family family;
    struct team team;
    jh_arena arena;

    jh_arena_init(&arena, 0);
    make_team(&team, steady);
    for (size_t t = 0; t < MONTHS; t++)
        team.present[8][t] = team.present[9][t] = 20 * DAY;
    for (size_t t = 0; t < MONTHS; t++)
        team.counts[8][t] = team.counts[9][t] = 1000;
    team.counts[8][MONTHS - 1] = 2000;
    team.counts[9][MONTHS - 1] = 0;
    team.present[9][MONTHS - 1] = 0;
    jh_volume_members_make(team.members, team.people, TEAM, MONTHS, 5 * DAY, &arena, NULL);
    cr_assert_eq(jh_volume_family_test(&family, results, team.members, TEAM, &terms, &arena, NULL), JIHE_OK);
    cr_assert(results[8].verdict == JH_VOLUME_FLAGGED && results[9].verdict == JH_VOLUME_ABSENT);

    team.present[9][MONTHS - 1] = 20 * DAY; /* the roster gives the one who covers the colleague's days */
    cr_assert_eq(jh_volume_pair(&team.people[8], &team.people[8], &team.people[9], MONTHS, &arena, NULL), JIHE_OK);
    team.people[9].gate = JH_VOLUME_COVERING;
    jh_volume_members_make(team.members, team.people, TEAM, MONTHS, 5 * DAY, &arena, NULL);
    cr_assert_eq(jh_volume_family_test(&family, results, team.members, TEAM, &terms, &arena, NULL), JIHE_OK);
    cr_assert(results[8].verdict == JH_VOLUME_NORMAL && fabs(results[8].ratio - 1) < 0.01);
    cr_assert(results[9].verdict == JH_VOLUME_COVERING && family.flagged == 0);
    jh_arena_deinit(&arena);
}
