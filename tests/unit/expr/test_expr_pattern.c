#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "documents.h"
#include "expr/regexp.h"

/* A pattern that would take for ever on a text gives up on it; the document is undecided, on a text column row by row
 * and on a category entry by entry. */

static void add_row(documents *d, const char *id, const char *text)
{
    jh_cell cells[DOC_COLUMNS] = {0};

    cells[DOC_ID] = (jh_cell){true, 0, id, (uint32_t)strlen(id)};
    if (text != NULL)
        cells[DOC_TEAM] = cells[DOC_NOTE] = (jh_cell){true, 0, text, (uint32_t)strlen(text)};
    documents_add(d, cells);
}

static void expect_verdicts(const documents *d, const char *text, const signed char *want, size_t count)
{
    signed char got[8], walked[8];
    jh_arena arena;
    jh_expr *expr;
    jihe_error err = {0};

    jh_arena_init(&arena, 0);
    cr_assert_eq(documents_compile(d, text, &expr, &arena, &err), JIHE_OK, "%s: %s", text, err.message);
    documents_eval(d, expr, 0, got);
    documents_walk(d, expr, 0, walked);
    for (size_t i = 0; i < count; i++)
        cr_expect(got[i] == want[i] && walked[i] == want[i], "%s: row %zu: steps %d, walker %d, expected %d", text, i,
                  got[i], walked[i], want[i]);
    jh_arena_deinit(&arena);
}

Test(expr_pattern, a_bomb_is_undecided)
{
    static const signed char yes[] = {1, -1, 1, 0, -1}, no[] = {0, -1, 0, 1, -1}, all[] = {1, 1, 1, 1, 1};
    documents d;

    documents_begin(&d);
    add_row(&d, "short", "aaaa");
    add_row(&d, "bomb", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab");
    add_row(&d, "long", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    add_row(&d, "other", "资金");
    add_row(&d, "none", NULL);
    documents_seal(&d);
    for (int i = 0; i < 2; i++) {
        char text[64];

        snprintf(text, sizeof text, "%s ~ '^(a|aa|a?)+$'", i == 0 ? "note" : "team");
        expect_verdicts(&d, text, yes, 5);
        snprintf(text, sizeof text, "not %s ~ '^(a|aa|a?)+$'", i == 0 ? "note" : "team");
        expect_verdicts(&d, text, no, 5);
        snprintf(text, sizeof text, "%s ~ '^(a|aa|a?)+$' or true", i == 0 ? "note" : "team");
        expect_verdicts(&d, text, all, 5);
    }
    documents_end(&d);
}

Test(expr_pattern, characters_not_bytes)
{
    static const signed char want[] = {1, 0, 0};
    documents d;

    documents_begin(&d);
    add_row(&d, "a", "资金");
    add_row(&d, "b", "资");
    add_row(&d, "c", "abcdef");
    documents_seal(&d);
    expect_verdicts(&d, "note ~ '^[\\x{4e00}-\\x{9fff}]{2}$'", want, 3);
    expect_verdicts(&d, "team ~ '^.金$'", want, 3);
    documents_end(&d);
}
