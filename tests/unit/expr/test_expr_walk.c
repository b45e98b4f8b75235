#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "random_expr.h"

/* The steps against the walker: the same verdict for every row of every expression. */

static void agree(const documents *d, const char *text)
{
    const uint32_t rows = jh_snapshot_segment_rows(d->snapshot, 0);
    signed char *got = malloc(rows), *want = malloc(rows);
    jh_arena arena;
    jh_expr *expr;
    jihe_error err = {0};

    jh_arena_init(&arena, 0);
    cr_assert_eq(documents_compile(d, text, &expr, &arena, &err), JIHE_OK, "%s: column %u: %s", text, err.column,
                 err.message);
    documents_eval(d, expr, 0, got);
    documents_walk(d, expr, 0, want);
    for (uint32_t i = 0; i < rows; i++)
        cr_assert_eq(got[i], want[i], "row %u of %u: steps say %d, walker says %d: %s", i, rows, got[i], want[i], text);
    jh_arena_deinit(&arena);
    free(got);
    free(want);
}

/* `count` expressions over `rows` documents. */
static void agree_at_random(uint64_t seed, uint32_t rows, uint32_t count)
{
    documents d;
    jh_pcg64 rng;
    jh_buf text = {0};

    jh_pcg64_seed(&rng, seed, rows);
    documents_begin(&d);
    random_documents(&d, &rng, rows);
    documents_seal(&d);
    for (uint32_t i = 0; i < count; i++) {
        jh_buf_clear(&text);
        random_expr(&rng, &text, i % 6);
        agree(&d, jh_buf_text(&text));
    }
    jh_buf_deinit(&text);
    documents_end(&d);
}

Test(expr_walk, steps_agree_on_few_rows)
{
    static const uint32_t rows[] = {1, 2, 63, 64, 65, 127, 128, 129};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        agree_at_random(7 + i, rows[i], 250);
}

Test(expr_walk, steps_agree_on_many_expressions)
{
    agree_at_random(1, 300, 3000);
}

Test(expr_walk, steps_agree_across_batches)
{
    agree_at_random(2, 2 * 4096 + 70, 60);
}

/* --- whole rule sets: what several expressions have in common is asked once --- */

enum { POOL = 6, SET = 12 };

/* Two to four conditions of the pool, joined. */
static void join_some(jh_pcg64 *rng, jh_buf pool[POOL], jh_buf *out)
{
    const uint64_t count = 2 + jh_pcg64_below(rng, 3);

    for (uint64_t i = 0; i < count; i++) {
        if (i > 0)
            jh_buf_puts(out, jh_pcg64_below(rng, 2) == 0 ? " and " : " or ");
        jh_buf_puts(out, jh_pcg64_below(rng, 4) == 0 ? "not (" : "(");
        jh_buf_puts(out, jh_buf_text(&pool[jh_pcg64_below(rng, POOL)]));
        jh_buf_puts(out, ")");
    }
}

/* A set of a few expressions over few conditions; now and then one is left out. */
static void set_agrees(const documents *d, jh_pcg64 *rng)
{
    const uint32_t rows = jh_snapshot_segment_rows(d->snapshot, 0);
    jh_buf pool[POOL] = {0}, texts[SET] = {0};
    const jh_expr *exprs[SET] = {NULL};
    signed char *got[SET], *want = malloc(rows);
    jihe_error err = {0};
    jh_arena arena;
    jh_expr *expr;

    jh_arena_init(&arena, 0);
    for (size_t i = 0; i < POOL; i++)
        random_expr(rng, &pool[i], (uint32_t)(i % 3));
    for (size_t e = 0; e < SET; e++) {
        got[e] = malloc(rows);
        join_some(rng, pool, &texts[e]);
        cr_assert_eq(documents_compile(d, jh_buf_text(&texts[e]), &expr, &arena, &err), JIHE_OK, "%s: %s",
                     jh_buf_text(&texts[e]), err.message);
        exprs[e] = jh_pcg64_below(rng, 10) == 0 ? NULL : expr;
    }
    documents_eval_set(d, exprs, SET, 0, got);
    for (size_t e = 0; e < SET; e++) {
        if (exprs[e] != NULL)
            documents_walk(d, exprs[e], 0, want);
        for (uint32_t i = 0; i < rows && exprs[e] != NULL; i++)
            cr_assert_eq(got[e][i], want[i], "row %u of %u: steps say %d, walker says %d: %s", i, rows, got[e][i],
                         want[i], jh_buf_text(&texts[e]));
        jh_buf_deinit(&texts[e]);
        free(got[e]);
    }
    for (size_t i = 0; i < POOL; i++)
        jh_buf_deinit(&pool[i]);
    jh_arena_deinit(&arena);
    free(want);
}

static void sets_agree(uint64_t seed, uint32_t rows, uint32_t count)
{
    documents d;
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, seed, rows);
    documents_begin(&d);
    random_documents(&d, &rng, rows);
    documents_seal(&d);
    for (uint32_t i = 0; i < count; i++)
        set_agrees(&d, &rng);
    documents_end(&d);
}

Test(expr_walk, rule_sets_agree)
{
    sets_agree(3, 300, 150);
    sets_agree(4, 1, 20);
    sets_agree(5, 4096 + 4096 + 70, 3);
}
