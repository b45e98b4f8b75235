#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../config/marked.h"
#include "base/days.h"
#include "base/file.h"
#include "rule/flag_jump.h"
#include "rule/flag_kind.h"
#include "rule/record.h"
#include "rule/rulefile.h"

static jihe_status parse(jh_rules *rules, const char *text, jihe_error *err)
{
    return jh_rules_parse(rules, "rules/f.yaml", text, strlen(text), err);
}

static void expect_place(jh_place place, const char *source, uint32_t line, uint32_t column)
{
    cr_assert_str_eq(place.source, source);
    cr_assert(place.line == line && place.column == column, "%u:%u, expected %u:%u", place.line, place.column, line,
              column);
}

/* What DESIGN section 5 shows and this version does. */
static const char examples[] = "rules:\n"
                               "  - id: daily-ratio\n"
                               "    title: 内部比例稽核\n"
                               "    schedule: daily\n"
                               "    where: status = 'posted'\n"
                               "    draw: {rate: 10%, by: team, at_least: 5, at_most: 40,\n"
                               "           rates: {资金: 20%, \"a: b\": 0.5}}\n"
                               "\n"
                               "  - id: large-payment\n"
                               "    where: \"doc_type in ('payment')\"\n"
                               "    draw: all\n"
                               "    tags: [money, 付款]\n"
                               "    clause: 3.2.1\n"
                               "\n"
                               "  - id: key_accounts.2\n"
                               "    where: >-\n"
                               "      account like '6602%'\n"
                               "      or account in ('1122', '2202')\n"
                               "    draw: {count: 30, by: [team, account], stream: own}\n"
                               "    enabled: false\n"
                               "\n"
                               "  - id: volume-jump\n"
                               "    schedule: monthly\n"
                               "    flag: {jump: reviewer, baseline: 4 months, ratio: 1.8, min_months: 2,\n"
                               "           test: ratio, absent: zero}\n"
                               "    draw: {rate: 0.2, by: reviewer, at_least: 50, stream: night}\n"
                               "  - {id: j, flag: {jump: preparer, test: ratio, baseline: 1  month, ratio: 0.000001}, "
                               "draw: all}\n"
                               "  - {id: k, flag: {jump: preparer, baseline: 6 months}, draw: all}\n"
                               "  - id: l\n"
                               "    flag: {jump: r, by: [type], of: money, baseline: 2 months, trigger: 10 days,\n"
                               "           audit: 3 months, ratio: 2, acceptable: 1.5, fdr: 1%, direction: down}\n"
                               "    draw: all\n";

Test(rulefile, draws)
{
    jh_rules rules;
    jihe_error err = {0};
    const jh_rule *r;

    cr_assert_eq(parse(&rules, examples, &err), JIHE_OK, "%u:%u %s", err.line, err.column, err.message);
    cr_assert_eq(rules.count, 7);
    r = &rules.rules[0];
    cr_assert_str_eq(r->id, "daily-ratio");
    cr_assert_str_eq(r->title, "内部比例稽核");
    cr_assert_str_eq(r->schedule, "daily");
    cr_assert_str_eq(r->where, "status = 'posted'");
    cr_assert_eq(r->where_len, strlen(r->where));
    expect_place(r->place, "rules/f.yaml", 2, 9);
    expect_place(r->where_place, "rules/f.yaml", 5, 12);
    cr_assert(r->enabled && r->flag.kind == NULL && r->draw.kind == JH_DRAW_RATE && r->draw.ppm == 100000);
    cr_assert(r->draw.by_count == 1 && r->draw.at_least == 5 && r->draw.at_most == 40 && !r->draw.own_stream);
    cr_assert_str_eq(r->draw.by[0].name, "team");
    expect_place(r->draw.by[0].place, "rules/f.yaml", 6, 27);
    cr_assert_eq(r->draw.rate_count, 2);
    cr_assert_str_eq(r->draw.rates[0].value, "资金");
    cr_assert_eq(r->draw.rates[0].ppm, 200000);
    expect_place(r->draw.rates[0].place, "rules/f.yaml", 7, 20);
    cr_assert_str_eq(r->draw.rates[1].value, "a: b");
    cr_assert_eq(r->draw.rates[1].ppm, 500000);

    r = &rules.rules[1];
    expect_place(r->where_place, "rules/f.yaml", 10, 13);
    cr_assert(r->draw.kind == JH_DRAW_ALL && r->draw.at_most == UINT64_MAX && r->draw.by_count == 0);
    cr_assert(r->tag_count == 2 && strcmp(r->tags[1], "付款") == 0 && strcmp(r->clause, "3.2.1") == 0);

    r = &rules.rules[2];
    cr_assert_str_eq(r->where, "account like '6602%' or account in ('1122', '2202')");
    expect_place(r->where_place, "rules/f.yaml", 17, 7);
    cr_assert(!r->enabled && r->draw.kind == JH_DRAW_COUNT && r->draw.count == 30 && r->draw.own_stream);
    cr_assert(r->draw.by_count == 2 && strcmp(r->draw.by[1].name, "account") == 0);
    jh_rules_deinit(&rules);
}

Test(rulefile, flags)
{
    jh_rules rules;
    jihe_error err = {0};
    const jh_rule *r;

    cr_assert_eq(parse(&rules, examples, &err), JIHE_OK, "%u:%u %s", err.line, err.column, err.message);
    r = &rules.rules[3];
    const jh_jump *jump = r->flag.settings;
    cr_assert(r->flag.kind == &jh_flag_jump && jump->baseline_months == 4 && jump->ratio_ppm == 1800000);
    cr_assert(jump->min_months == 2 && jump->absent_zero);
    cr_assert_str_eq(jump->person.name, "reviewer");
    expect_place(jump->person.place, "rules/f.yaml", 24, 18);
    cr_assert_str_eq(r->where, "");
    cr_assert_eq(r->where_len, 0);
    r = &rules.rules[4];
    jump = r->flag.settings;
    cr_assert(jump->baseline_months == 1 && jump->ratio_ppm == 1 && jump->min_months == 1);
    cr_assert_not(jump->absent_zero);
    cr_assert(jump->test == JH_JUMP_RATIO && r->window.kind == JH_WINDOW_DATE);
    cr_assert_str_eq(r->schedule, "");
    r = &rules.rules[5];
    jump = r->flag.settings;
    cr_assert(jump->test == JH_JUMP_VOLUME && jump->of == JH_JUMP_COUNT && jump->type.name == NULL);
    cr_assert(jump->ratio_ppm == 1500000 && jump->acceptable_ppm == 1200000 && jump->fdr_ppm == 50000);
    cr_assert(jump->trigger.kind == JH_WINDOW_MONTHS && jump->trigger.count == 1 && jump->min_months == 3);
    cr_assert(r->window.kind == JH_WINDOW_MONTHS && r->window.count == 1 && r->window.always);
    r = &rules.rules[6];
    jump = r->flag.settings;
    cr_assert(jump->of == JH_JUMP_AMOUNT && jump->type.name != NULL && jump->direction == JH_VOLUME_DOWN);
    cr_assert_str_eq(jump->amount.name, "money");
    cr_assert(jump->ratio_ppm == 2000000 && jump->acceptable_ppm == 1500000 && jump->fdr_ppm == 10000);
    cr_assert(jump->trigger.kind == JH_WINDOW_DAYS && jump->trigger.count == 10 && jump->min_months == 2);
    cr_assert(r->window.kind == JH_WINDOW_MONTHS && r->window.count == 3 && r->window.always);
    jh_rules_deinit(&rules);
}

/* Everything a rule keeps must outlive the YAML it came from; the address sanitizer sees it if not. */
Test(rulefile, outlives_its_text)
{
    jh_rules rules;
    jihe_error err = {0};
    char *copy = strdup(examples);

    cr_assert_eq(jh_rules_parse(&rules, copy, copy, strlen(copy), &err), JIHE_OK, "%s", err.message);
    memset(copy, 'x', strlen(copy));
    free(copy);
    const jh_jump *jump = rules.rules[3].flag.settings;
    cr_assert_str_eq(jump->person.name, "reviewer");
    cr_assert_eq(strncmp(jump->person.place.source, "rules:\n", 7), 0);
    jh_rules_deinit(&rules);
}

#define RULE "rules:\n- id: a\n  "
#define DRAW RULE "draw: "
#define FLAG RULE "draw: all\n  flag: "

static const struct wrong {
    const char *text; /* "@@" marks the place */
    const char *part;
} wrong[] = {
    {"@@rule: []\n", "unknown key 'rule'; did you mean 'rules'?"},
    {"@@[]\n", "expected keys and values; found a list"},
    {"@@{}\n", "the file has no rules"},
    {"rules: @@all\n", "expected a list of rules; found 'all'"},
    {"@@rules:\n", "expected a list of rules; found nothing"},
    {"rules:\n- @@all\n", "expected keys and values; found 'all'"},
    {"rules:\n- @@draw: all\n", "the rule has no id"},
    {"rules:\n- id: @@a b\n  draw: all\n", "'a b' cannot be a rule id"},
    {"rules:\n- id: @@资金\n  draw: all\n", "'资金' cannot be a rule id"},
    {"rules:\n- id: @@a2345678901234567890123456789012345678901234567890123456789012345\n  draw: all\n", "1 to 64"},
    {"rules:\n- id: \"@@\"\n  draw: all\n", "cannot be a rule id"},
    {"rules:\n- {id: a, draw: all}\n- {id: b, draw: all}\n- {id: @@a, draw: all}\n",
     "rule id 'a' is already used at rules/f.yaml:2:8"},
    {"rules:\n- id: @@a\n  where: x = 1\n", "rule 'a' has no draw"},
    {RULE "@@wher: x = 1\n  draw: all\n", "unknown key 'wher'; did you mean 'where'?"},
    {RULE "where: @@[x]\n  draw: all\n", "expected a text; found a list"},
    {RULE "@@where:\n  draw: all\n", "expected a text; found nothing"},
    {RULE "schedule: @@hourly\n  draw: all\n", "expected one of: daily, weekly, monthly, manual; found 'hourly'"},
    {RULE "enabled: @@yes\n  draw: all\n", "expected one of: false, true; found 'yes'"},
    {RULE "tags: @@x\n  draw: all\n", "expected a list of texts; found 'x'"},
    {RULE "expect: @@none\n  draw: all\n", "each hit of rule 'a' is a finding on a clause; add clause: NUMBER"},
    {RULE "expect: none\n  clause: 1.2\n  draw: @@{rate: 10%}\n", "makes a finding of every document; write draw: all"},
    {RULE "expect: @@some\n  clause: 1.2\n  draw: all\n", "expected one of: none"},
    {RULE "window: @@3 moons\n  draw: all\n", "1 to 36 months, written like 3 months; found '3 moons'"},
    {RULE "window: @@0 days\n  draw: all\n", "found '0 days'"},
    {RULE "window: @@2 weeks\n  draw: all\n", "found '2 weeks'"},
    {RULE "window: @@37 months\n  draw: all\n", "found '37 months'"},
    {RULE "window: @@months\n  draw: all\n", "found 'months'"},
    {RULE "window: @@[day]\n  draw: all\n", "a window like 3 months"},
    {RULE "until: @@2026-02-30\n  draw: all\n", "expected a date like 2026-12-31; found '2026-02-30'"},
    {DRAW "@@10%\n", "expected draw: all, or keys like draw: {rate: 10%}; found '10%'"},
    {DRAW "@@[all]\n", "found 'a list'"},
    {DRAW "@@{by: team}\n", "the draw says neither rate nor count"},
    {DRAW "{rate: 10%, @@count: 5}\n", "a rate or a count, not both"},
    {DRAW "{count: 5, @@rate: 10%}\n", "a rate or a count, not both"},
    {DRAW "{@@money: amount}\n", "how many money units; add count: 60"},
    {DRAW "{money: \"@@\", count: 60}\n", "expected the name of a column"},
    {DRAW "{money: a, count: 60, method: @@neyman}\n", "expected one of: sieve, interval, cell; found 'neyman'"},
    {DRAW "{money: a, count: 60, @@at_least: 2}\n", "'at_least' does not go with 'money' but with 'rate'"},
    {DRAW "{share: @@10%, by: team}\n", "expected a whole number from 1 to 4294967295; found '10%'"},
    {DRAW "@@{share: 10}\n", "a share is split over groups; add by: COLUMN"},
    {DRAW "{share: 10, by: team, method: @@cell}\n", "expected one of: proportional, neyman; found 'cell'"},
    {DRAW "@@{each: 5}\n", "each of whom? add by: COLUMN"},
    {DRAW "{each: 5, @@count: 1, by: r}\n", "'count' does not go with 'each'"},
    {DRAW "{each: 5, by: r, period: @@day}\n", "expected one of: run, week, month, quarter, year; found 'day'"},
    {DRAW "{rate: 5%, period: month, @@at_most: 9}\n", "'at_most' is about one run and does not go with a period"},
    {DRAW "{count: 1, method: @@cell}\n", "expected one of: random, interval; found 'cell'"},
    {DRAW "{rate: @@{base: 10%}, by: team}\n", "expected a rate, or {base: 10%, follow: quality}"},
    {DRAW "{rate: {base: 10%, follow: @@luck}, by: team}\n", "expected one of: quality; found 'luck'"},
    {DRAW "@@{rate: {base: 10%, follow: quality}}\n", "whose quality? add by: COLUMN"},
    {DRAW "{rate: @@{base: 10%, follow: quality, tightened: 5%}, by: team}\n", "tightened at least the base"},
    {DRAW "{rate: {base: 10%, follow: quality}, by: team, @@rates: {a: 1%}}\n", "'rates' does not go with rates that"},
    {DRAW "{rate: {base: 10%, follow: quality}, by: team, @@period: month}\n", "'period' does not go with rates that"},
    {DRAW "{@@ratio: 10%}\n", "unknown key 'ratio'; did you mean 'rate'?"},
    {DRAW "{rate: @@0%}\n", "a rate above 0 and at most 100%"},
    {DRAW "{rate: @@10}\n", "a rate above 0 and at most 100%"},
    {DRAW "{rate: @@100.1%}\n", "a rate above 0 and at most 100%"},
    {DRAW "{rate: @@0.00001%}\n", "not finer than a millionth"},
    {DRAW "{rate: @@-5%}\n", "found '-5%'"},
    {DRAW "{count: @@0}\n", "expected a whole number from 1 to 4294967295; found '0'"},
    {DRAW "{count: @@2.5}\n", "found '2.5'"},
    {DRAW "{count: 5, @@at_least: 2}\n", "'at_least' goes with a rate"},
    {DRAW "{count: 5, @@at_most: 9}\n", "'at_most' goes with a rate"},
    {DRAW "{rate: 5%, at_least: @@9, at_most: 8}\n", "at_least 9 is more than at_most 8"},
    {DRAW "{rate: 5%, at_most: @@0}\n", "expected a whole number from 1"},
    {DRAW "{rate: 5%, by: @@[]}\n", "expected 1 to 8 columns; found 0"},
    {DRAW "{rate: 5%, by: @@[a, b, c, d, e, f, g, h, i]}\n", "expected 1 to 8 columns; found 9"},
    {DRAW "{rate: 5%, by: [team, @@team]}\n", "column 'team' is given twice"},
    {DRAW "{rate: 5%, by: \"@@\"}\n", "expected the name of a column"},
    {DRAW "{rate: 5%, @@rates: {a: 1%}}\n", "rates are for the values of the columns in by; add by"},
    {DRAW "{count: 5, by: a, @@rates: {a: 1%}}\n", "'rates' does not go with 'count' but with 'rate'"},
    {DRAW "{rate: 5%, by: a, rates: @@[1%]}\n", "expected a map like {VALUE: 20%}; found a list"},
    {DRAW "{rate: 5%, by: a, rates: {资金: @@0}}\n", "found '0'"},
    {DRAW "{rate: 5%, by: a, rates: {资金: 1%, @@资金: 2%}}\n", "key '资金' is already given in line 3, column 35"},
    {DRAW "{rate: 5%, stream: @@day}\n", "expected one of: night, own; found 'day'"},
    {FLAG "@@reviewer\n", "expected keys and values like {jump: reviewer, baseline: 4 months}; found 'reviewer'"},
    {FLAG "@@{baseline: 4 months, ratio: 2}\n", "the flag says no kind; expected one of the keys: jump"},
    {FLAG "@@{jump: r, ratio: 2}\n", "the flag has no baseline"},
    {FLAG "{jump: r, baseline: @@0 months, ratio: 2}\n", "expected 1 to 36 months"},
    {FLAG "{jump: r, baseline: @@37 months, ratio: 2}\n", "expected 1 to 36 months"},
    {FLAG "{jump: r, baseline: @@4, ratio: 2}\n", "written like 4 months; found '4'"},
    {FLAG "{jump: r, baseline: @@4 weeks, ratio: 2}\n", "found '4 weeks'"},
    {FLAG "{jump: r, baseline: @@4 months ago, ratio: 2}\n", "found '4 months ago'"},
    {FLAG "{jump: r, baseline: @@[4], ratio: 2}\n", "a number of months like 4 months; found a list"},
    {FLAG "{jump: r, baseline: 4 months, ratio: @@0}\n", "expected a ratio above 0"},
    {FLAG "{jump: r, baseline: 4 months, ratio: @@-1.5}\n", "expected a ratio above 0"},
    {FLAG "{jump: r, baseline: 4 months, ratio: @@1.0000001}\n", "at most 6 decimals"},
    {FLAG "{jump: r, baseline: 4 months, ratio: @@150%}\n", "found '150%'"},
    {FLAG "{jump: r, baseline: 4 months, ratio: 2, min_months: @@5}\n",
     "expected a whole number from 1 to 4; found '5'"},
    {FLAG "{jump: r, baseline: 4 months, test: ratio, @@fdr: 5%}\n", "'fdr' does not go with 'test: ratio'"},
    {FLAG "{jump: r, baseline: 4 months, @@absent: zero}\n", "'absent' goes with 'test: ratio'"},
    {FLAG "{jump: r, baseline: 4 months, ratio: @@0.5}\n", "expected a ratio from 1 to 1000"},
    {FLAG "{jump: r, baseline: 4 months, acceptable: @@1001}\n", "expected an acceptable ratio from 1 to 1000"},
    {FLAG "{jump: r, baseline: 4 months, by: @@team}\n", "expected by: type"},
    {FLAG "{jump: r, baseline: 4 months, by: @@[type, type]}\n", "expected by: type"},
    {FLAG "{jump: r, baseline: 4 months, trigger: @@6 days}\n", "a trigger window has at least 7 days"},
    {FLAG "{jump: r, baseline: 4 months, trigger: @@soon}\n", "expected day, week, month"},
    {FLAG "{jump: r, baseline: 4 months, direction: @@sideways}\n", "expected one of: up, down"},
    {FLAG "{jump: r, baseline: 4 months, fdr: @@0%}\n", "0%"},
    {FLAG "{jump: r, baseline: 4 months, audit: @@month}\n  window: month\n", "the rule has a window already"},
    {FLAG "{jump: r, baseline: 4 months, test: ratio, absent: @@none}\n", "expected one of: skip, zero; found 'none'"},
    {FLAG "{jump: r, @@basline: 4 months, ratio: 2}\n", "unknown key 'basline'; did you mean 'baseline'?"},
};

ParameterizedTestParameters(rulefile, refused)
{
    static size_t row[sizeof wrong / sizeof wrong[0]];
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
        row[i] = i;
    return cr_make_param_array(size_t, row, sizeof row / sizeof row[0]);
}

ParameterizedTest(size_t *row, rulefile, refused)
{
    const struct wrong *w = &wrong[*row];
    const marked m = take_mark(w->text);
    jh_rules rules;
    jihe_error err = {0};

    cr_assert_eq(parse(&rules, m.text, &err), JIHE_CONFIG, "%s", w->text);
    cr_assert_not_null(strstr(err.message, w->part), "%s gave: %s", w->text, err.message);
    cr_assert(err.line == m.line && err.column == m.column, "%s at %u:%u: %s", w->text, err.line, err.column,
              err.message);
    cr_assert_str_eq(err.source, "rules/f.yaml");
    cr_assert(rules.count == 0 && rules.rules == NULL && rules.arena.head == NULL);
}

/* A directory of rule files; write_file takes its name from the directory. */
static char directory[] = "/tmp/jihe-rules-XXXXXX";

static void make_directory(void)
{
    cr_assert_not_null(mkdtemp(directory));
}

static void remove_directory(void)
{
    jihe_error err;

    cr_assert_eq(jh_file_remove_tree(directory, &err), JIHE_OK);
}

static void write_file(const char *name, const char *text)
{
    char path[256];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", directory, name);
    file = fopen(path, "w");
    cr_assert(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0, "%s", path);
}

TestSuite(rule_directory, .init = make_directory, .fini = remove_directory);

Test(rule_directory, bytewise_order)
{
    static const char *const names[] = {"10.yaml", "9.yaml", "B.yaml", "a-b.yaml", "a.yaml", "资金.yaml"};
    jh_rules rules;
    jihe_error err = {0};
    char text[200], want[40];

    for (size_t i = sizeof names / sizeof names[0]; i-- > 0;) {
        snprintf(text, sizeof text, "rules:\n- {id: f%zu-x, draw: all}\n- {id: f%zu-a, draw: all}\n", i, i);
        write_file(names[i], text);
    }
    write_file(".hidden.yaml", "not: rules\n");
    write_file("notes.txt", "not rules");
    write_file("old.yaml~", "not rules");
    write_file("comments.yaml", "# all rules are off at present\n");
    cr_assert_eq(jh_rules_load(&rules, directory, &err), JIHE_OK, "%s: %s", err.source, err.message);
    cr_assert_eq(rules.count, 12);
    for (size_t i = 0; i < rules.count; i++) {
        snprintf(want, sizeof want, "f%zu-%c", i / 2, i % 2 == 0 ? 'x' : 'a');
        cr_assert_str_eq(rules.rules[i].id, want);
    }
    snprintf(text, sizeof text, "%s/资金.yaml", directory);
    expect_place(rules.rules[11].place, text, 3, 8);
    jh_rules_deinit(&rules);
}

Test(rule_directory, same_id_in_two_files_names_both)
{
    jh_rules rules;
    jihe_error err = {0};
    char want[200];

    write_file("a.yaml", "rules:\n- {id: x, draw: all}\n- {id: same, draw: all}\n");
    write_file("b.yaml", "\xef\xbb\xbfrules:\r\n  - id: same\r\n    draw: all\r\n");
    cr_assert_eq(jh_rules_load(&rules, directory, &err), JIHE_CONFIG);
    snprintf(want, sizeof want, "rule id 'same' is already used at %s/a.yaml:3:8; rename one of them", directory);
    cr_assert_str_eq(err.message, want);
    snprintf(want, sizeof want, "%s/b.yaml", directory);
    cr_assert(strcmp(err.source, want) == 0 && err.line == 2 && err.column == 9, "%s:%u:%u", err.source, err.line,
              err.column);
    cr_assert(rules.count == 0 && rules.arena.head == NULL);
}

Test(rule_directory, a_rule_file_by_another_ending_is_not_passed_over)
{
    jh_rules rules;
    jihe_error err = {0};

    write_file("a.yml", "rules: []\n");
    cr_assert_eq(jh_rules_load(&rules, directory, &err), JIHE_CONFIG);
    cr_assert_not_null(strstr(err.message, "*.yaml"), "%s", err.message);
    cr_assert_not_null(strstr(err.source, "/a.yml"), "%s", err.source);
}

Test(rule_directory, empty_or_absent)
{
    jh_rules rules;
    jihe_error err = {0};
    char path[80];

    cr_assert_eq(jh_rules_load(&rules, directory, &err), JIHE_OK);
    cr_assert_eq(rules.count, 0);
    jh_rules_deinit(&rules);
    snprintf(path, sizeof path, "%s/absent", directory);
    cr_assert_eq(jh_rules_load(&rules, path, &err), JIHE_OK);
    jh_rules_deinit(&rules);
    write_file("plain", "x");
    snprintf(path, sizeof path, "%s/plain", directory);
    cr_assert_eq(jh_rules_load(&rules, path, &err), JIHE_IO);
}

Test(rule_directory, as_many_rules_as_a_run_holds)
{
    char *text = malloc(300000);
    jh_rules rules;
    jihe_error err = {0};
    size_t len = (size_t)sprintf(text, "rules:\n");

    for (int i = 0; i < JH_MAX_RULES; i++)
        len += (size_t)sprintf(text + len, "- {id: r%d, draw: all}\n", i);
    write_file("a.yaml", text);
    cr_assert_eq(jh_rules_load(&rules, directory, &err), JIHE_OK, "%s", err.message);
    cr_assert_eq(rules.count, JH_MAX_RULES);
    jh_rules_deinit(&rules);
    write_file("b.yaml", "rules:\n- {id: one-more, draw: all}\n");
    cr_assert_eq(jh_rules_load(&rules, directory, &err), JIHE_CONFIG);
    cr_assert_not_null(strstr(err.message, "more than 4096 rules"), "%s", err.message);
    free(text);
}

static const struct windowed {
    const char *window;
    jh_window_kind kind;
    uint32_t count;
    const char *date, *first;
} windows[] = {
    {"day", JH_WINDOW_DAYS, 1, "2026-11-04", "2026-11-04"},
    {"1 day", JH_WINDOW_DAYS, 1, "2026-11-04", "2026-11-04"},
    {"7 days", JH_WINDOW_DAYS, 7, "2026-11-04", "2026-10-29"},
    {"week", JH_WINDOW_WEEK, 1, "2026-11-04", "2026-11-02"},
    {"week", JH_WINDOW_WEEK, 1, "2026-11-02", "2026-11-02"},
    {"week", JH_WINDOW_WEEK, 1, "2026-11-08", "2026-11-02"},
    {"month", JH_WINDOW_MONTHS, 1, "2026-11-30", "2026-11-01"},
    {"3 months", JH_WINDOW_MONTHS, 3, "2026-01-15", "2025-11-01"},
    {"36 months", JH_WINDOW_MONTHS, 36, "0001-02-15", "0001-01-01"},
};

Test(rulefile, windows)
{
    for (size_t i = 0; i < sizeof windows / sizeof windows[0]; i++) {
        const struct windowed *w = &windows[i];
        char text[200];
        jh_rules rules;
        jihe_error err = {0};
        int32_t date, first;

        snprintf(text, sizeof text, "rules:\n- {id: a, draw: all, window: %s, until: 2026-11-04}\n", w->window);
        cr_assert_eq(jh_rules_parse(&rules, "r.yaml", text, strlen(text), &err), JIHE_OK, "%s: %s", w->window,
                     err.message);
        cr_assert(rules.rules[0].window.kind == w->kind && rules.rules[0].window.count == w->count, "%s", w->window);
        cr_assert(jh_days_parse(w->date, 10, &date) && jh_days_parse(w->first, 10, &first));
        cr_expect_eq(jh_window_first(rules.rules[0].window, date, date), first, "%s on %s", w->window, w->date);
        cr_expect_eq(jh_window_first(rules.rules[0].window, date - 3, date), date - 3, "a period is a period");
        jh_days_parse("2026-11-04", 10, &date);
        cr_expect(!jh_rule_runs(&rules.rules[0], date) && jh_rule_runs(&rules.rules[0], date + 1));
        jh_rules_deinit(&rules);
    }
}

/* What a run keeps says the same again; rules without the new keys keep the bytes they had. */
Test(rulefile, windows_and_findings_are_kept)
{
    static const char text[] = "rules:\n- {id: a, draw: all}\n"
                               "- {id: b, draw: all, window: 3 months, clause: 3.2.1, expect: none}\n";
    jh_buf plain = {0}, rich = {0};
    jihe_error err = {0};
    jh_rules rules;
    jh_arena arena;
    jh_rule again;
    jh_unpack in;

    cr_assert_eq(jh_rules_parse(&rules, "r.yaml", text, sizeof text - 1, &err), JIHE_OK, "%s", err.message);
    jh_rule_pack(&plain, &rules.rules[0]);
    cr_assert_eq(plain.bytes[0], 0x85, "a map of five");
    jh_rule_pack(&rich, &rules.rules[1]);
    jh_arena_init(&arena, 0);
    cr_assert(jh_unpack_begin(&in, rich.bytes, rich.len));
    cr_assert_eq(jh_rule_unpack(&in, &again, &arena, &err), JIHE_OK, "%s", err.message);
    cr_assert(again.window.kind == JH_WINDOW_MONTHS && again.window.count == 3 && again.expect_none);
    cr_assert_str_eq(again.clause, "3.2.1");
    jh_buf_deinit(&plain);
    jh_buf_deinit(&rich);
    jh_arena_deinit(&arena);
    jh_rules_deinit(&rules);
}
