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
