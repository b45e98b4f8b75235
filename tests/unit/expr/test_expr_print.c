#include <criterion/criterion.h>
#include <string.h>

#include "expr/expr_term.h"
#include "random_expr.h"

/* The canonical text: reading it gives the same tree and printing that the same text. */

static bool same_literals(const jh_literal *a, const jh_literal *b)
{
    for (; a != NULL && b != NULL; a = a->next, b = b->next)
        if (a->kind != b->kind || (a->kind != JH_LITERAL_DURATION && a->len != b->len) || a->truth != b->truth ||
            a->first != b->first || a->last != b->last ||
            (a->len > 0 && a->kind != JH_LITERAL_DURATION && memcmp(a->text, b->text, a->len) != 0))
            return false;
    return a == b;
}

static bool same_term(const jh_term *a, const jh_term *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return a->kind == b->kind && a->unit == b->unit && a->scale == b->scale && a->column == b->column &&
           a->value == b->value && same_term(a->left, b->left) && same_term(a->right, b->right);
}

static bool same_tree(const jh_tree *a, const jh_tree *b)
{
    const jh_tree *x = a->first, *y = b->first;

    if (a->kind != b->kind || a->list != b->list || !same_term(a->term, b->term) ||
        !same_term(a->other_term, b->other_term) || (a->list == NULL && !same_literals(a->literals, b->literals)))
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
    documents_facts(d);
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
    documents_end_facts(&d);
}

static const struct spelling {
    const char *text, *canonical;
} spellings[] = {
    /* canonical NULL: refused */
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
    {"amount > - 5 and count > -(-5) and count < -0", "amount > -5 and count > 5 and count < 0"},
    {"count-1>other- -2", "count - 1 > other - -2"},
    {"(count + 1) * 2 > -(count - (other - 1))", "(count + 1) * 2 > -(count - (other - 1))"},
    {"((count * 2) + 1) % 3 = 0", "(count * 2 + 1) % 3 = 0"},
    {"count * (2 / other) > 1", "count * (2 / other) > 1"},
    {"10 < amount * 2.50", "amount * 2.5 > 10"},
    {"seen-at>48h", "seen - at > 2 days"},
    {"seen - at between 90 Min and 1.5 h", NULL},
    {"seen - at between 90 minutes and 1.5 h or seen - at = -1500 ms", "seen - at between 90 min and 90 min or "
                                                                       "seen - at = -1500 ms"},
    {"WEEKDAY(day) not in(6,7)", "weekday(day) not in (6, 7)"},
    {"not workday(at) and WorkDay(day) = true and workday(day) <> true",
     "not workday(at) and workday(day) and not workday(day)"},
    {"team in lists.names and count not in lists . \"odd-numbers\"",
     "team in lists.names and count not in lists.\"odd-numbers\""},
    {"note~'^a|b$'", "note ~ '^a|b$'"},
    {"abs(amount)>length(note)*1000", NULL},
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
        if (spellings[i].canonical == NULL) {
            cr_assert_eq(documents_compile(&d, spellings[i].text, &expr, &arena, NULL), JIHE_CONFIG, "%s",
                         spellings[i].text);
            jh_arena_deinit(&arena);
            continue;
        }
        print(&d, spellings[i].text, &expr, &arena, &out);
        cr_assert_str_eq(jh_buf_text(&out), spellings[i].canonical);
        jh_buf_deinit(&out);
        jh_arena_deinit(&arena);
    }
    documents_end_facts(&d);
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
    cr_assert_eq(
        jh_expr_compile(&expr, NULL, 0, (jh_place){"r", 1, 1, NULL, 0}, &documents_schema, &d.facts, &arena, &err),
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
    documents_end_facts(&d);
}
