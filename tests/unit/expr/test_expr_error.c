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
    {"amount + 1 > 5", 10, 19, "there is no arithmetic"},
    {"amount > - 5", 10, 21, "must stand directly before the digits"},
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
    /* further lines keep the left edge; columns count characters */
    {"urgent and\n  amont > 5", 11, 14, "did you mean 'amount'?"},
    {"note = '资金\n资金' and x", 11, 20, "no column 'x'"},
};

static void compile(const documents *d, const char *text, size_t len, jihe_status want, jihe_error *err)
{
    const jh_place place = {"rules/daily.yaml", 10, 12};
    jh_arena arena;
    jh_expr *expr;

    jh_arena_init(&arena, 0);
    cr_expect_eq(jh_expr_compile(&expr, text, len, place, &documents_schema, d->zone, &arena, err), want, "%.80s: %s",
                 text, err->message);
    cr_expect((expr != NULL) == (want == JIHE_OK));
    jh_arena_deinit(&arena);
}

static void open_zone(documents *d)
{
    jihe_error err = {0};

    memset(d, 0, sizeof *d);
    cr_assert_eq(jh_zone_open(&d->zone, "Asia/Shanghai", &err), JIHE_OK, "%s", err.message);
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
    jh_zone_free(d.zone);
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
    repeated(&text, "note = ''", " or note = ''", 5000, " and");
    expect_limit(&d, &text, "the expression ends here");
    jh_buf_deinit(&text);
    jh_zone_free(d.zone);
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
    cr_assert_eq(jh_expr_compile(&expr, "x", 1, (jh_place){"r", 1, 1}, &documents_schema, d.zone, &arena, NULL),
                 JIHE_CONFIG);
    jh_arena_deinit(&arena);
    jh_zone_free(d.zone);
}

/* Pieces of the language in any order, whole and cut: an answer or a refusal, never a crash. */
Test(expr_error, survives_anything)
{
    static const char *const pieces[] = {"amount", "team", "urgent", "at",   "=",    "<>",      "(",   ")",
                                         ",",      "and",  "or",     "not",  "in",   "like",    "is",  "null",
                                         "true",   "'a'",  "''",     "5",    "-1.5", "between", "\"",  "'",
                                         "\\",     "金额", "（",     "\xe9", "\xff", "\n",      "day", "'2026-11-01'"};
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
        if (jh_expr_compile(&expr, (const char *)text.bytes, text.len, (jh_place){"r", 1, 1}, &documents_schema, d.zone,
                            &arena, &err) != JIHE_OK)
            cr_assert(err.status == JIHE_CONFIG && err.message[0] != '\0' && err.line > 0);
        jh_arena_deinit(&arena);
        jh_buf_deinit(&text);
    }
    jh_zone_free(d.zone);
}
