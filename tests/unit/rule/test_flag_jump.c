#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/days.h"
#include "base/file.h"
#include "codec/unpack.h"
#include "rule/flag.h"
#include "rule/record.h"
#include "snapshot/writer.h"

/* --- a workspace with one snapshot per month, documents counted per person --- */

static const char *const sources[] = {"x"};
static const jh_column columns[] = {
    {.name = "doc_id", .type = JH_ID, .sources = sources, .source_count = 1},
    {.name = "person", .type = JH_CATEGORY, .roles = JH_ROLE_PERSON, .sources = sources, .source_count = 1},
    {.name = "team", .type = JH_CATEGORY, .sources = sources, .source_count = 1},
};
static const jh_schema schema = {.columns = columns, .count = 3, .id = 0, .business_date = SIZE_MAX};

enum { MONTHS = 6 }; /* January to June 2026; June is the trigger month */

struct person {
    const char *name;
    unsigned counts[MONTHS];
};

static const struct person people[] = {
    {"steady", {20, 21, 19, 20, 20, 22}}, {"double", {20, 20, 20, 20, 20, 40}}, /* exactly 2 times: not above 2 */
    {"jumps", {20, 20, 20, 20, 20, 41}},  {"moved", {20, 20, 20, 20, 20, 60}},  /* changed post in April */
    {"newcomer", {0, 0, 0, 5, 5, 50}},                                          /* two earlier months only */
    {"even", {10, 20, 0, 30, 40, 51}}, /* median of four active months 25; with idle months as zero 20 */
    {"gone", {20, 20, 20, 20, 20, 0}},
};

static int32_t month_day(int month)
{
    return jh_days_from_civil((jh_civil){2026, month + 1, 15});
}

static void build(char *path, jh_snapshot *snapshots[MONTHS])
{
    char dir[96];
    jihe_error err = {0};

    strcpy(path, "/tmp/jihe-jump-XXXXXX");
    cr_assert(mkdtemp(path) != NULL);
    snprintf(dir, sizeof dir, "%s/snapshots", path);
    cr_assert(jh_file_mkdir(dir, &err) == JIHE_OK);
    for (int m = 0; m < MONTHS; m++) {
        jh_writer *writer;

        cr_assert(jh_writer_new(&writer, path, month_day(m), 1, &schema, &err) == JIHE_OK, "%s", err.message);
        for (size_t p = 0; p < sizeof people / sizeof people[0]; p++)
            for (unsigned i = 0; i < people[p].counts[m]; i++) {
                char id[48];
                const int len = snprintf(id, sizeof id, "%s-%d-%u", people[p].name, m, i);
                const jh_cell cells[] = {
                    {.present = true, .text = id, .len = (uint32_t)len},
                    {.present = true, .text = people[p].name, .len = (uint32_t)strlen(people[p].name)},
                    {.present = false}};

                cr_assert(jh_writer_add(writer, cells, &err) == JIHE_OK, "%s", err.message);
            }
        cr_assert(jh_writer_seal(writer, &err) == JIHE_OK && jh_writer_publish(writer, &err) == JIHE_OK, "%s",
                  err.message);
        jh_writer_free(writer);
        cr_assert(jh_snapshot_open(&snapshots[m], path, month_day(m), 0, &err) == JIHE_OK, "%s", err.message);
    }
}

static void tear_down(const char *path, jh_snapshot *snapshots[MONTHS])
{
    char command[96];

    for (int m = 0; m < MONTHS; m++)
        jh_snapshot_close(snapshots[m]);
    snprintf(command, sizeof command, "rm -rf '%s'", path);
    cr_assert(system(command) == 0);
}

static const jh_flag_group *judged(const jh_flag_result *result, const char *name)
{
    for (size_t i = 0; i < result->count; i++)
        if (strcmp(result->groups[i].label, name) == 0)
            return &result->groups[i];
    return NULL;
}

/* One judgement of the last month by the flag written in `text`. */
struct judgement {
    jh_rules rules;
    jh_arena arena;
    jh_pass pass;
    jh_flag_result result;
};

static jihe_status judge(struct judgement *out, const char *flag, jh_snapshot *const *snapshots,
                         const jh_roster *roster, uint32_t threads, jihe_error *err)
{
    const jh_facts facts = {0};
    char text[256];

    snprintf(text, sizeof text, "rules:\n  - {id: j, flag: %s, draw: all}\n", flag);
    memset(out, 0, sizeof *out);
    jh_arena_init(&out->arena, 0);
    cr_assert(jh_rules_parse(&out->rules, "r.yaml", text, strlen(text), err) == JIHE_OK, "%s", err->message);
    const jh_rule *rule = out->rules.rules;
    const int32_t last = month_day(MONTHS - 1);
    const jihe_status st = jh_pass_run(&out->pass, &rule, 1, snapshots + MONTHS - 1, 1, (jh_pass_dates){last, last},
                                       false, &facts, threads, err);

    if (st != JIHE_OK)
        return st;
    const jh_flag_input input = {.rule = rule,
                                 .pass = &out->pass,
                                 .history = snapshots,
                                 .history_count = MONTHS,
                                 .first = last,
                                 .last = last,
                                 .roster = roster,
                                 .facts = &facts,
                                 .threads = threads,
                                 .arena = &out->arena};

    return jh_flag_judge(&out->result, &input, err);
}

static void judgement_end(struct judgement *judgement)
{
    jh_pass_deinit(&judgement->pass);
    jh_rules_deinit(&judgement->rules);
    jh_arena_deinit(&judgement->arena);
}

/* Each document of the frame is of a flagged group, and the result says of which. */
static void check_frame(struct judgement *j, jh_snapshot *last, uint64_t documents)
{
    jh_frame *frame = &j->pass.frames[0];
    uint64_t seen = 0;
    jh_col_room room = {0};
    jihe_error err = {0};

    cr_assert_eq(frame->documents, documents);
    for (uint32_t row = 0; row < jh_snapshot_segment_rows(last, 0); row++) {
        const char *id;
        uint32_t len, group;

        if (!(frame->bits[row / 64] >> (row % 64) & 1))
            continue;
        cr_assert(j->result.groups_of(&j->result, &j->pass, 0, &row, 1, &group, &err) == JIHE_OK);
        cr_assert_eq(j->result.groups[group].verdict, JH_FLAG_FLAGGED);
        cr_assert(jh_pass_id(&j->pass, 0, row, &room, &id, &len, &err) == JIHE_OK);
        cr_assert_eq(memcmp(id, j->result.groups[group].label, j->result.groups[group].label_len), 0);
        seen++;
    }
    cr_assert_eq(seen, documents);
    jh_col_room_deinit(&room);
}

Test(flag_jump, verdicts)
{
    static const jh_posting postings[] = {{"moved", "A", "clerk", 18000, 20543, 0, "", 0},
                                          {"moved", "A", "lead", 20544, INT32_MAX, 0, "", 0}, /* 2026-04-01 */
                                          {"steady", "A", "clerk", 18000, INT32_MAX, 0, "", 0}};
    const jh_roster roster = {.postings = postings, .count = 3, .sequence = 1};
    jh_snapshot *snapshots[MONTHS];
    struct judgement j;
    jihe_error err = {0};
    char path[64];

    build(path, snapshots);
    cr_assert(judge(&j, "{jump: person, test: ratio, baseline: 5 months, ratio: 2}", snapshots, &roster, 2, &err) ==
                  JIHE_OK,
              "%s", err.message);
    cr_assert_eq(j.result.count, 6);
    cr_assert(judged(&j.result, "gone") == NULL);
    cr_assert_eq(judged(&j.result, "steady")->verdict, JH_FLAG_NORMAL);
    cr_assert_eq(judged(&j.result, "double")->verdict, JH_FLAG_NORMAL);
    cr_assert_eq(judged(&j.result, "jumps")->verdict, JH_FLAG_FLAGGED);
    cr_assert_eq(judged(&j.result, "moved")->verdict, JH_FLAG_NOT_TESTED);
    cr_assert_str_eq(judged(&j.result, "moved")->reason, "post changed 2026-04-01");
    cr_assert_eq(judged(&j.result, "newcomer")->verdict, JH_FLAG_NOT_TESTED);
    cr_assert_str_eq(judged(&j.result, "newcomer")->reason, "too few months");
    cr_assert(judged(&j.result, "even")->figures[JH_FLAG_EXPECTED] == 25.0);
    cr_assert(judged(&j.result, "even")->figures[JH_FLAG_RATIO] == 2.04);
    cr_assert_eq(judged(&j.result, "even")->verdict, JH_FLAG_FLAGGED);
    cr_assert_eq(j.result.flagged, 2);
    cr_assert_eq(j.result.gated, 1);
    check_frame(&j, snapshots[MONTHS - 1], 41 + 51);
    judgement_end(&j);

    /* the idle month counts: median 20; idle months before the first do not */
    cr_assert(judge(&j, "{jump: person, test: ratio, baseline: 5 months, ratio: 2, absent: zero}", snapshots, &roster,
                    1, &err) == JIHE_OK);
    cr_assert(judged(&j.result, "even")->figures[JH_FLAG_EXPECTED] == 20.0);
    cr_assert_str_eq(judged(&j.result, "even")->note, "median of 5 months");
    cr_assert_str_eq(judged(&j.result, "newcomer")->reason, "too few months");
    judgement_end(&j);
    tear_down(path, snapshots);
}

Test(flag_jump, only_person_columns_are_tallied)
{
    const jh_roster roster = {0};
    jh_snapshot *snapshots[MONTHS];
    struct judgement j;
    jihe_error err = {0};
    char path[64];

    build(path, snapshots);
    cr_assert(judge(&j, "{jump: team, baseline: 5 months}", snapshots, &roster, 1, &err) == JIHE_CONFIG);
    cr_assert(err.line == 2 && err.column == 26 && strstr(err.message, "role: person") != NULL, "%u %u %s", err.line,
              err.column, err.message);
    judgement_end(&j);
    tear_down(path, snapshots);
}

Test(roster, changes)
{
    static const jh_posting postings[] = {{"ann", "A", "clerk", 100, 199, 0, "", 0},
                                          {"ann", "A", "clerk", 200, 299, 0, "", 0},
                                          {"ann", "B", "clerk", 300, INT32_MAX, 0, "", 0},
                                          {"bob", "A", "clerk", 150, INT32_MAX, 0, "", 0}};
    const jh_roster roster = {.postings = postings, .count = 4, .sequence = 1};
    int32_t day = 0;

    cr_assert(!jh_roster_change(&roster, "ann", 3, 150, 299, &day)); /* same unit and post, only renewed */
    cr_assert(jh_roster_change(&roster, "ann", 3, 150, 300, &day) && day == 300);
    cr_assert(!jh_roster_change(&roster, "ann", 3, 300, 400, &day)); /* on the first day it was so already */
    cr_assert(jh_roster_change(&roster, "bob", 3, 100, 200, &day) && day == 150);
    cr_assert(!jh_roster_change(&roster, "bobby", 5, 100, 200, &day));
    cr_assert(!jh_roster_change(&roster, "a", 1, 0, 1000, &day));
}

/* A rule survives being recorded: the same bytes come back from what was read. */
Test(record, round_trip)
{
    static const char text[] =
        "rules:\n"
        "  - {id: a, title: 比例, where: \"team = '资金' and amount >= 1.5\", draw: {rate: "
        "12.5%, by: team, at_least: 2, at_most: 9, rates: {资金: 20%}}}\n"
        "  - {id: b, flag: {jump: person, test: ratio, baseline: 4 months, ratio: 1.8, absent: zero}, draw: "
        "{count: 60, by: [team, person], stream: own}}\n"
        "  - {id: c, draw: all}\n"
        "  - {id: d, flag: {jump: person, baseline: 6 months}, draw: all}\n"
        "  - {id: e, flag: {jump: person, by: type, of: money, baseline: 6 months, trigger: week, "
        "audit: 90 days, direction: down, fdr: 1%}, draw: all}\n"
        "  - {id: f, flag: {jump: person, of: mix, baseline: 6 months}, draw: all}\n";
    jihe_error err = {0};
    jh_rules rules;
    jh_arena arena;

    cr_assert(jh_rules_parse(&rules, "x.yaml", text, strlen(text), &err) == JIHE_OK, "%s", err.message);
    cr_assert_eq(rules.count, 6);
    jh_arena_init(&arena, 0);
    for (size_t r = 0; r < rules.count; r++) {
        jh_buf first = {0}, second = {0};
        jh_unpack in;
        jh_rule back;

        jh_rule_pack(&first, &rules.rules[r]);
        cr_assert(!first.failed && jh_unpack_begin(&in, first.bytes, first.len));
        cr_assert(jh_rule_unpack(&in, &back, &arena, &err) == JIHE_OK, "%s", err.message);
        jh_rule_pack(&second, &back);
        cr_assert(first.len == second.len && memcmp(first.bytes, second.bytes, first.len) == 0, "rule %zu", r);
        for (size_t cut = 0; cut < first.len; cut++) { /* no prefix of it is a rule */
            jh_unpack part;

            cr_assert(!jh_unpack_begin(&part, first.bytes, cut) ||
                      jh_rule_unpack(&part, &back, &arena, NULL) != JIHE_OK);
        }
        jh_buf_deinit(&first);
        jh_buf_deinit(&second);
    }
    jh_arena_deinit(&arena);
    jh_rules_deinit(&rules);
}

/* Of overlapping postings the later one counts, also where it ends the inspecting; between postings none does. */
Test(roster, the_posting_of_a_day)
{
    static const jh_posting postings[] = {{"ann", "A", "inspector", 100, INT32_MAX, 40, "", 0},
                                          {"ann", "B", "clerk", 300, 400, 0, "", 0},
                                          {"bob", "A", "inspector", 150, 200, 30, "", 0},
                                          {"bob", "A", "inspector", 250, INT32_MAX, 20, "", 0}};
    static const struct {
        int32_t day;
        int ann, bob; /* -1: no posting */
    } cases[] = {{99, -1, -1}, {100, 40, -1}, {200, 40, 30}, {201, 40, -1}, {300, 0, 20}, {401, 40, 20}};
    const jh_roster roster = {.postings = postings, .count = 4, .sequence = 1};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t next = 0;
        const jh_posting *ann = jh_roster_posting(&roster, &next, cases[i].day);

        cr_assert_eq(next, 2u);
        const jh_posting *bob = jh_roster_posting(&roster, &next, cases[i].day);

        cr_assert_eq(next, 4u);
        cr_assert_eq(ann == NULL ? -1 : (int)ann->capacity, cases[i].ann, "ann on %d", cases[i].day);
        cr_assert_eq(bob == NULL ? -1 : (int)bob->capacity, cases[i].bob, "bob on %d", cases[i].day);
    }
}
