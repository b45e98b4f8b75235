#include <criterion/criterion.h>
#include <string.h>

#include "expr/expr_tree.h"
#include "random_expr.h"

/* The canonical text: reading it gives the same tree and printing that the same text. */

static bool same_literals(const jh_literal *a, const jh_literal *b)
{
    for (; a != NULL && b != NULL; a = a->next, b = b->next)
        if (a->kind != b->kind || a->len != b->len || a->truth != b->truth || a->first != b->first ||
            a->last != b->last || (a->len > 0 && memcmp(a->text, b->text, a->len) != 0))
            return false;
    return a == b;
}

static bool same_tree(const jh_tree *a, const jh_tree *b)
{
    const jh_tree *x = a->first, *y = b->first;

    if (a->kind != b->kind || !same_literals(a->literals, b->literals))
        return false;
    if (x == NULL && y == NULL)
        return a->column == b->column && a->other == b->other && a->cmp == b->cmp;
    for (; x != NULL && y != NULL; x = x->next, y = y->next)
        if (!same_tree(x, y))
            return false;
    return x == y;
}

static void print(const documents *d, const char *text, jh_expr **expr, jh_arena *arena, jh_buf *out)
{
    jihe_error err = {0};

    cr_assert_eq(documents_compile(d, text, expr, arena, &err), JIHE_OK, "%s: column %u: %s", text, err.column,
                 err.message);
    jh_expr_print(*expr, out);
}

static void open_zone(documents *d)
{
    jihe_error err = {0};

    memset(d, 0, sizeof *d);
    cr_assert_eq(jh_zone_open(&d->zone, "Asia/Shanghai", &err), JIHE_OK, "%s", err.message);
}

Test(expr_print, reads_back_as_the_same_tree)
{
    documents d;
    jh_pcg64 rng;

    open_zone(&d);
    jh_pcg64_seed(&rng, 5, 5);
    for (uint32_t i = 0; i < 4000; i++) {
        jh_buf text = {0}, once = {0}, twice = {0};
        jh_arena arena;
        jh_expr *first, *second;

        jh_arena_init(&arena, 0);
        random_expr(&rng, &text, i % 8);
        print(&d, jh_buf_text(&text), &first, &arena, &once);
        print(&d, jh_buf_text(&once), &second, &arena, &twice);
        cr_assert(same_tree(first->root, second->root), "another tree: %s", jh_buf_text(&once));
        cr_assert_str_eq(jh_buf_text(&once), jh_buf_text(&twice));
        jh_arena_deinit(&arena);
        jh_buf_deinit(&text);
        jh_buf_deinit(&once);
        jh_buf_deinit(&twice);
    }
    jh_zone_free(d.zone);
}

static const struct spelling {
    const char *text, *canonical;
} spellings[] = {
    {"true", "true"},
    {"100<amount", "amount > 100"},
    {"5 >= amount", "amount <= 5"},
    {"amount!=1.500", "amount <> 1.5"},
    {"amount = -0.00", "amount = 0"},
    {"amount = 0010.10", "amount = 10.1"},
    {"amount>= 100 AND team IN('a' ,'b')", "amount >= 100 and team in ('a', 'b')"},
    {"(amount > 1 and amount < 2) and amount <> 3", "amount > 1 and amount < 2 and amount <> 3"},
    {"(amount > 1 and amount < 2) or amount = 3", "amount > 1 and amount < 2 or amount = 3"},
    {"amount > 1 and (amount < 2 or amount = 3)", "amount > 1 and (amount < 2 or amount = 3)"},
    {"not (amount > 1)", "not amount > 1"},
    {"not (urgent and done)", "not (urgent and done)"},
    {"not(team in ('a'))", "team not in ('a')"},
    {"not team is null", "team is not null"},
    {"not not urgent", "not not urgent"},
    {"urgent = true", "urgent"},
    {"urgent <> true", "not urgent"},
    {"false = urgent", "not urgent"},
    {"urgent = done", "urgent = done"},
    {"\"team\" = 'it''s'", "team = 'it''s'"},
    {"\"like\" = 1", "\"like\" = 1"},
    {"\"付款（元）\" > 1 and 金额 > 2", "\"付款（元）\" > 1 and 金额 > 2"},
    {"amount between 1 and 2 and urgent", "amount between 1 and 2 and urgent"},
    {"amount between paid and 2", "amount >= paid and amount <= 2"},
    {"amount not between 1 and paid", "not (amount >= 1 and amount <= paid)"},
    {"team not like 'a\\%%'", "team not like 'a\\%%'"},
    {"at >= '2026-11-01T21:00:00'", "at >= '2026-11-01 21:00:00'"},
    {"at >= '2026-11-01 21:00'", "at >= '2026-11-01 21:00:00'"},
    {"at = '2026-11-01'", "at = '2026-11-01'"},
    {"((((amount)) > ((5))))", "amount > 5"},
};

Test(expr_print, settles_spelling)
{
    documents d;

    open_zone(&d);
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
        jh_arena arena;
        jh_expr *expr;
        jh_buf out = {0};

        jh_arena_init(&arena, 0);
        print(&d, spellings[i].text, &expr, &arena, &out);
        cr_assert_str_eq(jh_buf_text(&out), spellings[i].canonical);
        jh_buf_deinit(&out);
        jh_arena_deinit(&arena);
    }
    jh_zone_free(d.zone);
}

Test(expr_print, empty_text_is_true_and_uses_no_column)
{
    documents d;
    jh_arena arena;
    jh_expr *expr;
    jh_buf out = {0};
    uint64_t used[JH_MAX_COLUMNS / 64];
    jihe_error err = {0};

    open_zone(&d);
    jh_arena_init(&arena, 0);
    cr_assert_eq(jh_expr_compile(&expr, NULL, 0, (jh_place){"r", 1, 1}, &documents_schema, d.zone, &arena, &err),
                 JIHE_OK);
    jh_expr_print(expr, &out);
    cr_assert_str_eq(jh_buf_text(&out), "true");
    jh_expr_columns(expr, used);
    for (size_t i = 0; i < JH_MAX_COLUMNS / 64; i++)
        cr_assert_eq(used[i], 0u);
    cr_assert_eq(documents_compile(&d, "not (team = lead or at is null) and urgent", &expr, &arena, &err), JIHE_OK);
    jh_expr_columns(expr, used);
    cr_assert_eq(used[0],
                 UINT64_C(1) << DOC_TEAM | UINT64_C(1) << DOC_LEAD | UINT64_C(1) << DOC_AT | UINT64_C(1) << DOC_URGENT);
    jh_buf_deinit(&out);
    jh_arena_deinit(&arena);
    jh_zone_free(d.zone);
}
