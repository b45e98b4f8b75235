#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "documents.h"
#include "expr/expr_tree.h"

/* Wrong expressions: where, and what the message says. The text begins in line 10, column 12 of a rule file. */

static const struct wrong {
    const char *text;
    uint32_t line, column;
    const char *says;
} wrongs[] = {
    /* names */
    {"ammount > 5", 10, 12, "no column 'ammount'; did you mean 'amount'?"},
    {"urgent and Team = 'a'", 10, 23, "did you mean 'team'?"},
    {"something_else = 1", 10, 12, "the columns are doc_id, team, "},
    {"team = \"posted\"", 10, 19, "double quotes name a column, a text is written 'posted'"},
    {"team = posted", 10, 19, "no column 'posted'"},
    {"金额 > 1 and 金頟 > 1", 10, 23, "did you mean '金额'?"},
    /* types */
    {"team = 6602", 10, 19, "column 'team' is a category, found the number 6602, expected a text: write '6602'"},
    {"note in ('a', 0012)", 10, 26, "write '0012'"},
    {"doc_id = true", 10, 21, "column 'doc_id' is an id, found the constant true"},
    {"amount = '100'", 10, 21, "found the text '100', expected a number without quotes"},
    {"count between 1 and 'x'", 10, 32, "column 'count' is an integer"},
    {"day > 20261101", 10, 18,
     "column 'day' is a date, found the number 20261101, expected one in quotes: '2026-11-01'"},
    {"day > '01.11.2026'", 10, 18, "'01.11.2026' is not a date; expected one like '2026-11-01'"},
    {"day = '2026-02-29'", 10, 18, "'2026-02-29' is not a date"},
    {"day = '2026-11-01 21:00:00'", 10, 18, "is not a date"},
    {"at < '21:00'", 10, 17, "'21:00' is not a time; expected one like '2026-11-01 21:00:00', or a date"},
    {"at < '2026-11-01 25:00:00'", 10, 17, "is not a time"},
    {"at > '1986-05-04 02:30:00'", 10, 17, "the clocks jump over it"},
    {"urgent = 1", 10, 21, "column 'urgent' is a flag, found the number '1', expected true or false"},
    {"urgent < true", 10, 12, "is a flag and has no order"},
    {"urgent in (true)", 10, 12, "is a flag and has no order"},
    {"urgent > done", 10, 12, "is a flag and has no order"},
    {"amount", 10, 12,
     "column 'amount' is an amount of money, not a condition; compare it, or write amount is not null"},
    {"not 'a'", 10, 16, "'a' alone is not a condition"},
    {"amount = team", 10, 21, "column 'amount' is an amount of money and column 'team' is a category"},
    {"day = at", 10, 18, "only columns of one type compare"},
    {"amount = count", 10, 21, "only columns of one type compare"},
    {"amount > usd", 10, 21, "column 'amount' is in CNY and column 'usd' in USD"},
    {"amount like '1%'", 10, 12, "expected an id, a category or a text before 'like'"},
    {"team like 'a\\b'", 10, 22, "stands before '%', '_' or another '\\'"},
    {"team like 5", 10, 22, "found '5', expected a pattern in single quotes"},
    /* form */
    {"amount >", 10, 20, "the expression ends here, expected a column, a constant or '('"},
    {"amount > 5 urgent", 10, 23, "found 'urgent', expected 'and', 'or' or the end"},
    {"amount > 100,000", 10, 24, "written without thousands marks"},
    {"(amount > 5", 10, 23, "the expression ends here, expected ')'"},
    {"amount > 5)", 10, 22, "found ')', expected 'and', 'or' or the end"},
    {"team in ()", 10, 21, "found ')', expected a constant"},
    {"team in 'a'", 10, 20, "found 'a', expected '(' and a list of constants after 'in'"},
    {"team in ('a' 'b')", 10, 25, "expected ',' or ')' in the list"},
    {"team in (lead)", 10, 21, "a list has no columns"},
    {"team in ('a', null)", 10, 26, "null cannot stand in a list"},
    {"team = null", 10, 19, "write 'is null' or 'is not null'"},
    {"team is 'a'", 10, 20, "expected 'null' after 'is'"},
    {"team not = 'a'", 10, 21, "expected 'in', 'between' or 'like' after 'not'"},
    {"1 < amount < 5", 10, 23, "comparisons do not chain"},
    {"1 = 1", 10, 12, "two constants are compared"},
    {"5 in (1, 5)", 10, 12, "expected a column before 'in'"},
    {"'a' is null", 10, 12, "expected a column before 'is'"},
    {"(urgent and done) = true", 10, 13, "a condition cannot be compared"},
    {"urgent = (not done)", 10, 22, "a condition cannot be compared"},
    {"amount between 1", 10, 28, "the expression ends here, expected 'and' and the upper bound of 'between'"},
    {"   ", 10, 15, "the expression ends here"},
    {"and urgent", 10, 12, "found 'and', expected a column"},
    /* signs */
    {"amount == 5", 10, 19, "equality is written '='"},
    {"urgent && done", 10, 19, "write 'and'"},
    {"!urgent", 10, 12, "write 'not'"},
    {"amount > 1e6", 10, 21, "'1e6' is not a number"},
    {"amount > 10万", 10, 21, "'10万' is not a number"},
    {"amount > 5.", 10, 21, "'5.' is not a number"},
    {"amount > 1.2.3", 10, 21, "'1.2.3' is not a number"},
    {"day > 2026-11-01", 10, 18, "a date stands in quotes: '2026-11-01'"},
    {"team = 'open", 10, 19, "the quote opened here is never closed"},
    {"\"team = 1", 10, 12, "inside a column name, write the quote twice"},
    {"金额 ＞ 5", 10, 15, "found '＞', expected plain punctuation: type >"},
    {"金额＞5", 10, 14, "type >"},
    {"team in（'a'）", 10, 19, "type ("},
    {"team = ‘a’", 10, 19, "type '"},
    {"team = “a”", 10, 19, "type '"},
    {"amount > ５", 10, 21, "type 5"},
    {"amount ≥ 5", 10, 19, "type >="},
    {"urgent\u3000and done", 10, 18, "type a space"},
    {"team = 'a\xff'", 10, 21, "is not UTF-8"},
    {"urgent @ done", 10, 19, "unexpected character '@'"},
    /* computed values */
    {"amount + count > 5", 10, 21, "an amount of money and a number cannot be added"},
    {"amount * amount > 5", 10, 21, "an amount of money and an amount of money cannot be multiplied"},
    {"amount + usd > 5", 10, 21, "an amount in CNY meets one in USD"},
    {"amount * 2 > usd", 10, 25, "an amount in CNY meets one in USD"},
    {"at - day > 48 h", 10, 17, "a time and a date cannot be subtracted; date(...) makes a date of a time"},
    {"at + 5 > seen", 10, 17, "a duration has a unit: 90 days, 48 h, 30 min"},
    {"day + 5 h > due", 10, 18, "a date moves by whole days"},
    {"day + (at - seen) > due", 10, 19, "a date moves by whole days"},
    {"seen - at > 48", 10, 24, "a duration is compared with '48', expected a duration, like 48 h or 90 days"},
    {"amount > 48 h", 10, 21, "expected a number without quotes"},
    {"count * 2 > '5'", 10, 24, "a number is compared with '5', expected a number"},
    {"amount * 2", 10, 12, "an amount of money alone is not a condition"},
    {"amount * 2 > team", 10, 25, "an amount of money and a text do not compare"},
    {"count - 1 > seen - at", 10, 24, "a number and a duration do not compare"},
    {"note + 1 > 5", 10, 19, "a text and a number cannot be added"},
    {"count + true > 5", 10, 20, "found true or false in arithmetic"},
    {"count * 0.0000001 * 0.0000001 > 5", 10, 12, "the result has 14 decimals, expected at most 12"},
    {"count * 99999999999999999999 > 5", 10, 20, "the number is too large to calculate with"},
    {"hour(day) > 20", 10, 17, "hour() is asked about a time, found a date"},
    {"hours(at) > 20", 10, 12, "no function 'hours'; did you mean 'hour'?"},
    {"median(count) > 20", 10, 12, "no function 'median'"},
    {"abs(count, 2) > 20", 10, 21, "abs takes one value"},
    {"tenure(team) < 90 days", 10, 19, "column 'team' is no column of people; give it 'role: person'"},
    {"tenure(lead) < 90", 10, 27, "expected a duration, like 48 h or 90 days"},
    {"workday(day) > true", 10, 12, "workday() is true or false and has no order"},
    {"workday(note)", 10, 20, "workday() is asked about a date or a time, found a text"},
    {"length(amount) > 5", 10, 19, "length() is asked about a column of texts, found an amount of money"},
    {"seen - at > 0.0001 ms", 10, 24, "finer than a millisecond"},
    {"seen - at > 4000000 days", 10, 24, "longer than 10,000 years"},
    {"(urgent and done) + 1 > 5", 10, 13, "a condition is no value"},
    {"count * 2 is null", 10, 12, "expected a column before 'is'"},
    {"count * 2 like '1%'", 10, 12, "expected a column before"},
    {"team in lists.nmaes", 10, 26, "no list 'nmaes'; did you mean 'names'?"},
    {"team in lists.other", 10, 26, "no list 'other'; put its values into lists/other.txt"},
    {"team in lists", 10, 25, "expected '.' and the name of a list"},
    {"count + 1 in lists.names", 10, 12, "expected a column before 'in lists.names'"},
    {"team ~ '('", 10, 19, "the regular expression cannot be read at its character 2: missing closing parenthesis"},
    {"team ~ 'a\\Cb'", 10, 19, "cannot be read"},
    {"amount ~ '1'", 10, 12, "expected an id, a category or a text before '~'"},
    {"team ~ 5", 10, 19, "found '5', expected a regular expression in single quotes"},
    {"count in (1, -'a')", 10, 26, "expected a number after '-'"},
    /* further lines keep the left edge; columns count characters */
    {"urgent and\n  amont > 5", 11, 14, "did you mean 'amount'?"},
    {"note = '资金\n资金' and x", 11, 20, "no column 'x'"},
};

static void compile(const documents *d, const char *text, size_t len, jihe_status want, jihe_error *err)
{
    const jh_place place = {"rules/daily.yaml", 10, 12, NULL, 0};
    jh_arena arena;
    jh_expr *expr;

    jh_arena_init(&arena, 0);
    cr_expect_eq(jh_expr_compile(&expr, text, len, place, &documents_schema, &d->facts, &arena, err), want, "%.80s: %s",
                 text, err->message);
    cr_expect((expr != NULL) == (want == JIHE_OK));
    jh_arena_deinit(&arena);
}

static void open_zone(documents *d)
{
    jihe_error err = {0};

    memset(d, 0, sizeof *d);
    cr_assert_eq(jh_zone_open(&d->zone, "Asia/Shanghai", &err), JIHE_OK, "%s", err.message);
    documents_facts(d);
}

Test(expr_error, says_where_and_what)
{
    documents d;

    open_zone(&d);
    for (size_t i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
        const struct wrong *w = &wrongs[i];
        jihe_error err = {0};

        compile(&d, w->text, strlen(w->text), JIHE_CONFIG, &err);
        cr_expect_str_eq(err.source, "rules/daily.yaml", "%s", w->text);
        cr_expect(err.line == w->line && err.column == w->column, "%s: at %u:%u, expected %u:%u: %s", w->text, err.line,
                  err.column, w->line, w->column, err.message);
        cr_expect(strstr(err.message, w->says) != NULL, "%s: '%s' does not say '%s'", w->text, err.message, w->says);
    }
    documents_end_facts(&d);
}

/* `head`, then `item` so many times, then `tail`. */
static void repeated(jh_buf *out, const char *head, const char *item, size_t times, const char *tail)
{
    jh_buf_clear(out);
    jh_buf_puts(out, head);
    for (size_t i = 0; i < times; i++)
        jh_buf_puts(out, item);
    jh_buf_puts(out, tail);
}

static void expect_limit(const documents *d, const jh_buf *text, const char *says)
{
    jihe_error err = {0};

    compile(d, (const char *)text->bytes, text->len, says == NULL ? JIHE_OK : JIHE_CONFIG, &err);
    cr_expect(says == NULL || strstr(err.message, says) != NULL, "'%s' does not say '%s'", err.message, says);
}

Test(expr_error, limits)
{
    documents d;
    jh_buf text = {0};

    open_zone(&d);
    repeated(&text, "", "not ", 64, "urgent");
    expect_limit(&d, &text, NULL);
    repeated(&text, "", "not ", 65, "urgent");
    expect_limit(&d, &text, "nested more than 64 deep");
    repeated(&text, "", "(", 65, "urgent");
    expect_limit(&d, &text, "nested more than 64 deep");
    repeated(&text, "", "(", 60000, "");
    expect_limit(&d, &text, "nested more than 64 deep");
    repeated(&text, "urgent", " and done", 7000, ""); /* a chain is no nesting */
    expect_limit(&d, &text, NULL);
    repeated(&text, "urgent", " and (not (done))", 100, ""); /* neither are parentheses beside each other */
    expect_limit(&d, &text, NULL);
    repeated(&text, "count in (1", ",1", 30000, ")");
    expect_limit(&d, &text, NULL);
    repeated(&text, "note = '", "x", JH_EXPR_MAX_BYTES - 9, "'");
    expect_limit(&d, &text, NULL);
    repeated(&text, "note = '", "x", JH_EXPR_MAX_BYTES - 8, "'");
    expect_limit(&d, &text, "has 65537 bytes, expected at most 65536");
    repeated(&text, "note like '", "x", JH_EXPR_MAX_PATTERN, "'");
    expect_limit(&d, &text, NULL);
    repeated(&text, "note like '", "x", JH_EXPR_MAX_PATTERN + 1, "'");
    expect_limit(&d, &text, "has 4097 bytes, expected at most 4096");
    repeated(&text, "note ~ '", "x", JH_EXPR_MAX_PATTERN + 1, "'");
    expect_limit(&d, &text, "has 4097 bytes, expected at most 4096");
    repeated(&text, "note ~ '", "(", 500, "'");
    expect_limit(&d, &text, "too deep");
    repeated(&text, "note ~ '", "(x{1,60000}){1,60000}", 100, "'");
    expect_limit(&d, &text, "cannot be read");
    repeated(&text, "count", " + 1", 63, " > 5");
    expect_limit(&d, &text, NULL);
    repeated(&text, "count", " + 1", 10000, " > 5");
    expect_limit(&d, &text, "arithmetic is nested more than 64 deep");
    repeated(&text, "0 < ", "-", 60000, "5");
    expect_limit(&d, &text, "nested more than 64 deep");
    repeated(&text, "0 < ", "abs(", 10000, "5");
    expect_limit(&d, &text, "nested more than 64 deep");
    repeated(&text, "note = ''", " or note = ''", 5000, " and");
    expect_limit(&d, &text, "the expression ends here");
    jh_buf_deinit(&text);
    documents_end_facts(&d);
}

Test(expr_error, nul_byte_and_no_error_struct)
{
    static const char text[] = "team = 'a\0b'";
    documents d;
    jh_arena arena;
    jh_expr *expr;
    jihe_error err = {0};

    open_zone(&d);
    compile(&d, text, sizeof text - 1, JIHE_CONFIG, &err);
    cr_assert(strstr(err.message, "NUL") != NULL && err.column == 21, "%u: %s", err.column, err.message);
    jh_arena_init(&arena, 0);
    cr_assert_eq(
        jh_expr_compile(&expr, "x", 1, (jh_place){"r", 1, 1, NULL, 0}, &documents_schema, &d.facts, &arena, NULL),
        JIHE_CONFIG);
    jh_arena_deinit(&arena);
    documents_end_facts(&d);
}

/* Pieces of the language in any order, whole and cut: an answer or a refusal, never a crash. */
Test(expr_error, survives_anything)
{
    static const char *const pieces[] = {
        "+",      "-",    "*",      "/",    "%",      "~",    "lists", ".",   "abs", "hour",        "48",   "h",
        "tenure", "lead", "amount", "team", "urgent", "at",   "=",     "<>",  "(",   ")",           ",",    "and",
        "or",     "not",  "in",     "like", "is",     "null", "true",  "'a'", "''",  "5",           "-1.5", "between",
        "\"",     "'",    "\\",     "金额", "（",     "\xe9", "\xff",  "\n",  "day", "'2026-11-01'"};
    documents d;
    uint64_t seed = 1;

    open_zone(&d);
    for (int round = 0; round < 30000; round++) {
        jh_buf text = {0};
        jh_arena arena;
        jh_expr *expr;
        jihe_error err = {0};

        for (int i = 0; i < 12; i++) {
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            jh_buf_puts(&text, pieces[(seed >> 33) % (sizeof pieces / sizeof pieces[0])]);
            jh_buf_puts(&text, seed >> 60 == 0 ? "" : " ");
        }
        jh_arena_init(&arena, 0);
        text.len -= seed >> 61;
        if (jh_expr_compile(&expr, (const char *)text.bytes, text.len, (jh_place){"r", 1, 1, NULL, 0},
                            &documents_schema, &d.facts, &arena, &err) != JIHE_OK)
            cr_assert(err.status == JIHE_CONFIG && err.message[0] != '\0' && err.line > 0);
        jh_arena_deinit(&arena);
        jh_buf_deinit(&text);
    }
    documents_end_facts(&d);
}
