#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/days.h"
#include "base/file.h"
#include "base/pcg.h"
#include "rule/flag.h"
#include "snapshot/writer.h"
#include "stats/volume_exposure.h"

/* The flag from documents in snapshots to verdicts, against the same figures counted while the documents were made up.
 */

enum { MONTHS = 7, DAYS = 7 /* of a month that have snapshots: the first ones, some of them a weekend */, MOST = 320 };

static const char *const sources[] = {"x"};
static const jh_column columns[] = {
    {.name = "doc_id", .type = JH_ID, .sources = sources, .source_count = 1},
    {.name = "person", .type = JH_CATEGORY, .roles = JH_ROLE_PERSON, .sources = sources, .source_count = 1},
    {.name = "kind", .type = JH_CATEGORY, .roles = JH_ROLE_TYPE, .sources = sources, .source_count = 1},
    {.name = "amount", .type = JH_MONEY, .sources = sources, .source_count = 1, .money = {.scale = 2}},
};
static const jh_schema schema = {.columns = columns, .count = 4, .id = 0, .business_date = SIZE_MAX};

struct centre {
    char path[64];
    size_t people;
    jh_snapshot *snapshots[MONTHS * DAYS];
    size_t snapshot_count;
    /* per person, kind (0: all of them) and month */
    uint64_t documents[MOST][3][MONTHS], days[MOST][MONTHS];
};

static int32_t day_of(int month, int d)
{
    return jh_days_from_civil((jh_civil){2026, month + 1, d + 1});
}

static bool is_workday(int32_t day)
{
    return jh_weekday(day) <= 5;
}

/* A count of mean `mean` and variance `mean * phi`, near enough: a normal one, never below 0. */
static uint64_t about(jh_pcg64 *rng, double mean, double phi)
{
    double z = -6;

    for (int i = 0; i < 12; i++)
        z += (double)jh_pcg64_below(rng, 1u << 30) / (double)(1u << 30);
    return (uint64_t)fmax(0, rint(mean + z * sqrt(mean * phi)));
}

static void add_documents(jh_writer *writer, struct centre *c, size_t person, int month, int d, uint64_t count)
{
    const bool works = is_workday(day_of(month, d));
    jihe_error err = {0};

    for (uint64_t i = 0; i < count; i++) {
        char id[48], name[16];
        const int id_len = snprintf(id, sizeof id, "%zu-%d-%d-%u", person, month, d, (unsigned)i);
        const int name_len = snprintf(name, sizeof name, "p%03zu", person);
        const int kind = 1 + (int)((i + person) % 2);
        const jh_cell cells[] = {{.present = true, .text = id, .len = (uint32_t)id_len},
                                 {.present = true, .text = name, .len = (uint32_t)name_len},
                                 {.present = true, .text = kind == 1 ? "a" : "b", .len = 1},
                                 {.present = true, .number = 10000 * kind}};

        cr_assert(jh_writer_add(writer, cells, &err) == JIHE_OK, "%s", err.message);
        c->documents[person][kind][month]++;
    }
    c->documents[person][0][month] += count;
    c->days[person][month] += works && count > 0;
}

/* A centre whose people handle `mean` documents a month in 5 working days; `jumps(person)` times as many in the last
 * month. */
static struct centre *make_centre(size_t people, double mean, double phi, double (*jumps)(size_t), uint64_t seed)
{
    struct centre *c = calloc(1, sizeof *c);
    jihe_error err = {0};
    jh_pcg64 rng;
    char dir[96];

    cr_assert(c != NULL && people <= MOST);
    jh_pcg64_seed(&rng, seed, 1);
    c->people = people;
    strcpy(c->path, "/tmp/jihe-volume-XXXXXX");
    cr_assert(mkdtemp(c->path) != NULL);
    snprintf(dir, sizeof dir, "%s/snapshots", c->path);
    cr_assert(jh_file_mkdir(dir, &err) == JIHE_OK);
    for (int m = 0; m < MONTHS; m++) {
        uint64_t month[MOST];

        for (size_t p = 0; p < people; p++)
            month[p] = about(&rng, mean * (m == MONTHS - 1 ? jumps(p) : 1), phi);
        for (int d = 0; d < DAYS; d++) {
            jh_writer *writer;

            cr_assert(jh_writer_new(&writer, c->path, day_of(m, d), 1, &schema, &err) == JIHE_OK, "%s", err.message);
            for (size_t p = 0; p < people; p++) {
                const uint64_t today = month[p] / DAYS + (d < (int)(month[p] % DAYS));

                add_documents(writer, c, p, m, d, p % 17 == 3 && d == 2 ? 0 : today); /* a day off */
            }
            cr_assert(jh_writer_seal(writer, &err) == JIHE_OK && jh_writer_publish(writer, &err) == JIHE_OK, "%s",
                      err.message);
            jh_writer_free(writer);
            cr_assert(jh_snapshot_open(&c->snapshots[c->snapshot_count++], c->path, day_of(m, d), 0, &err) == JIHE_OK);
        }
    }
    return c;
}

static void free_centre(struct centre *c)
{
    char command[96];

    for (size_t i = 0; i < c->snapshot_count; i++)
        jh_snapshot_close(c->snapshots[i]);
    snprintf(command, sizeof command, "rm -rf '%s'", c->path);
    cr_assert(system(command) == 0);
    free(c);
}

struct judgement {
    jh_rules rules;
    jh_arena arena;
    jh_pass pass;
    jh_flag_result result;
};

static void judge(struct judgement *out, const struct centre *c, const char *flag, uint32_t threads)
{
    static const jh_roster nobody = {0};
    const int32_t first = day_of(MONTHS - 1, 0), last = day_of(MONTHS - 1, 27);
    const jh_facts facts = {0};
    jihe_error err = {0};
    char text[256];

    snprintf(text, sizeof text, "rules:\n  - {id: j, flag: %s, draw: all}\n", flag);
    memset(out, 0, sizeof *out);
    jh_arena_init(&out->arena, 0);
    cr_assert(jh_rules_parse(&out->rules, "r.yaml", text, strlen(text), &err) == JIHE_OK, "%s", err.message);
    const jh_rule *rule = out->rules.rules;

    cr_assert(jh_pass_run(&out->pass, &rule, 1, c->snapshots + c->snapshot_count - DAYS, DAYS,
                          (jh_pass_dates){first, last}, false, &facts, threads, &err) == JIHE_OK,
              "%s", err.message);
    const jh_flag_input input = {.rule = rule,
                                 .pass = &out->pass,
                                 .history = c->snapshots,
                                 .history_count = c->snapshot_count,
                                 .first = first,
                                 .last = last,
                                 .roster = &nobody,
                                 .facts = &facts,
                                 .threads = threads,
                                 .arena = &out->arena};

    cr_assert(jh_flag_judge(&out->result, &input, &err) == JIHE_OK, "%s", err.message);
}

static void judgement_end(struct judgement *judgement)
{
    jh_pass_deinit(&judgement->pass);
    jh_rules_deinit(&judgement->rules);
    jh_arena_deinit(&judgement->arena);
}

static const jh_flag_group *group_of(const jh_flag_result *result, const char *label)
{
    for (size_t g = 0; g < result->count; g++)
        if (strcmp(result->groups[g].label, label) == 0)
            return &result->groups[g];
    return NULL;
}

static double some_jump(size_t person)
{
    return person % 13 == 1 ? 2.2 : person % 13 == 2 ? 0.3 : 1;
}

static double tenth_doubles(size_t person)
{
    return person % 30 == 7 ? 2 : 1;
}

static bool near(double a, double b)
{
    return (isnan(a) && isnan(b)) || fabs(a - b) <= 1e-5 * fabs(b);
}

/* What the test says of figures counted by hand: people, or of a mix people of one kind. */
static void expect_results(jh_volume_result *results, const struct centre *c, bool mix, jh_arena *arena)
{
    const jh_volume_terms terms = jh_volume_terms_usual();
    const size_t kinds = mix ? 2 : 1, count = c->people * kinds;
    jh_volume_history *people = JH_NEW(arena, jh_volume_history, count);
    jh_volume_member *members = JH_NEW(arena, jh_volume_member, count);
    jh_volume_family family;
    jihe_error err = {0};

    for (size_t k = 0; k < kinds; k++)
        for (size_t p = 0; p < c->people; p++) {
            uint64_t *present = JH_NEW(arena, uint64_t, MONTHS);

            for (int m = 0; m < MONTHS; m++)
                present[m] = mix ? c->documents[p][0][m] * 1000 : c->days[p][m] * 1000000;
            people[k * c->people + p] =
                (jh_volume_history){.counts = c->documents[p][mix ? k + 1 : 0], .present = present};
        }
    for (size_t k = 0; k < kinds; k++)
        cr_assert(jh_volume_members_make(members + k * c->people, people + k * c->people, c->people, MONTHS,
                                         mix ? 20000 : 5000000, arena, &err) == JIHE_OK);
    cr_assert(jh_volume_family_test(&family, results, members, count, &terms, arena, &err) == JIHE_OK);
    cr_assert(family.tested > 0 && (mix || family.flagged > 0));
}

static void compare(const struct centre *c, const char *flag, bool mix)
{
    jh_volume_result results[2 * MOST];
    struct judgement one, two;
    jh_arena arena;
    size_t flagged = 0;

    jh_arena_init(&arena, 0);
    expect_results(results, c, mix, &arena);
    judge(&one, c, flag, 1);
    judge(&two, c, flag, 3);
    for (size_t i = 0; i < c->people * (mix ? 2 : 1); i++) {
        const jh_volume_result *want = &results[i];
        char label[32];

        snprintf(label, sizeof label, "p%03zu%s", i % c->people, !mix ? "" : i < c->people ? " / a" : " / b");
        const jh_flag_group *got = group_of(&one.result, label);

        cr_assert(got != NULL, "%s", label);
        cr_assert_eq(got->verdict,
                     want->verdict == JH_VOLUME_NORMAL    ? JH_FLAG_NORMAL
                     : want->verdict == JH_VOLUME_FLAGGED ? JH_FLAG_FLAGGED
                                                          : JH_FLAG_NOT_TESTED,
                     "%s: %s", label, got->reason);
        flagged += got->verdict == JH_FLAG_FLAGGED;
        cr_assert(near(got->figures[JH_FLAG_EXPECTED], want->expected) && near(got->figures[JH_FLAG_P], want->p) &&
                      near(got->figures[JH_FLAG_P_ADJUSTED], want->adjusted) &&
                      near(got->figures[JH_FLAG_RATIO], want->ratio),
                  "%s: %g %g, p %g %g", label, got->figures[JH_FLAG_EXPECTED], want->expected, got->figures[JH_FLAG_P],
                  want->p);
        if (want->verdict == JH_VOLUME_FLAGGED)
            cr_assert(near(got->figures[JH_FLAG_RATIO_LOW], want->ratio_lower));
    }
    cr_assert_eq(one.result.flagged, flagged);
    cr_assert_eq(one.result.count, two.result.count);
    for (size_t g = 0; g < one.result.count; g++) { /* ranked, and the same with more threads */
        const jh_flag_group *a = &one.result.groups[g], *b = &two.result.groups[g];

        cr_assert(strcmp(a->label, b->label) == 0 && strcmp(a->note, b->note) == 0 &&
                  memcmp(a->figures, b->figures, sizeof a->figures) == 0);
        cr_assert(g + 1 >= flagged ||
                  a->figures[JH_FLAG_RATIO_LOW] >= one.result.groups[g + 1].figures[JH_FLAG_RATIO_LOW]);
    }
    cr_assert_eq(memcmp(one.pass.frames[0].bits, two.pass.frames[0].bits, 8), 0);
    cr_assert_eq(one.pass.frames[0].documents, two.pass.frames[0].documents);
    judgement_end(&one);
    judgement_end(&two);
    jh_arena_deinit(&arena);
}

Test(jump_volume, agrees_with_figures_counted_by_hand)
{
    struct centre *c = make_centre(60, 150, 3, some_jump, 1);

    compare(c, "{jump: person, baseline: 6 months}", false);
    compare(c, "{jump: person, of: mix, baseline: 6 months}", true);

    /* Amounts are counted in mean documents: 100 and 200 yuan for kinds that everybody has as many of. */
    struct judgement count, amount, down;

    judge(&count, c, "{jump: person, baseline: 6 months}", 1);
    judge(&amount, c, "{jump: person, of: amount, baseline: 6 months}", 1);
    judge(&down, c, "{jump: person, direction: down, baseline: 6 months}", 1);
    cr_assert_eq(amount.result.flagged, count.result.flagged);
    cr_assert(group_of(&amount.result, "p001")->figures[JH_FLAG_OBSERVED] >=
              149 * group_of(&count.result, "p001")->figures[JH_FLAG_OBSERVED]);
    cr_assert_eq(group_of(&count.result, "p001")->verdict, JH_FLAG_FLAGGED);
    cr_assert_eq(group_of(&count.result, "p002")->verdict, JH_FLAG_NORMAL);
    cr_assert_eq(group_of(&down.result, "p001")->verdict, JH_FLAG_NORMAL);
    cr_assert_eq(group_of(&down.result, "p002")->verdict, JH_FLAG_FLAGGED);
    judgement_end(&count);
    judgement_end(&amount);
    judgement_end(&down);
    free_centre(c);
}

/* Section 3.4 of the statistics: hardly ever somebody by chance, and a doubling about as often as tabulated (0.6 both).
 */
static void simulate(double mean, double phi)
{
    size_t found = 0, planted = 0, wrong = 0;

    for (uint64_t run = 0; run < 2; run++) {
        struct centre *c = make_centre(300, mean, phi, tenth_doubles, 100 + run);
        struct judgement j;

        judge(&j, c, "{jump: person, baseline: 6 months}", 2);
        for (size_t g = 0; g < j.result.count; g++) {
            const bool flagged = j.result.groups[g].verdict == JH_FLAG_FLAGGED;
            const bool doubled = atoi(j.result.groups[g].label + 1) % 30 == 7;

            planted += doubled;
            found += flagged && doubled;
            wrong += flagged && !doubled;
        }
        judgement_end(&j);
        free_centre(c);
    }
    cr_assert(planted == 20 && found >= 6 && wrong <= 1, "mean %g, dispersion %g: %zu of %zu found, %zu wrong", mean,
              phi, found, planted, wrong);
}

Test(jump_volume, finds_doublings_and_hardly_anything_else)
{
    simulate(40, 1);
    simulate(300, 8);
}

/* A month in which everybody has more is nobody's jump. */
static double twice(size_t person)
{
    (void)person;
    return 2;
}

Test(jump_volume, a_busy_month_is_nobodys_jump)
{
    struct centre *c = make_centre(40, 100, 2, twice, 3);
    struct judgement j;

    judge(&j, c, "{jump: person, baseline: 6 months}", 1);
    cr_assert_eq(j.result.flagged, 0);
    cr_assert_eq(group_of(&j.result, "p005")->verdict, JH_FLAG_NORMAL);
    judgement_end(&j);
    judge(&j, c, "{jump: person, test: ratio, baseline: 6 months}", 1);
    cr_assert(j.result.flagged > 30);
    judgement_end(&j);
    free_centre(c);
}

static double once(size_t person)
{
    (void)person;
    return 1;
}

/* Small numbers double by chance: of many people some do every month, and hardly anybody is flagged for it. */
Test(jump_volume, chance_is_nobodys_jump)
{
    struct centre *c = make_centre(200, 14, 3, once, 5);
    size_t large = 0;
    struct judgement j;

    judge(&j, c, "{jump: person, baseline: 6 months}", 1);
    for (size_t g = 0; g < j.result.count; g++)
        large += j.result.groups[g].figures[JH_FLAG_RATIO] >= 1.5;
    cr_assert(large >= 10 && j.result.flagged <= 1, "%zu of ratio 1.5 and more, %u flagged", large,
              (unsigned)j.result.flagged);
    judgement_end(&j);
    free_centre(c);
}
