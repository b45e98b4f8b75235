#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "documents.h"
#include "expr/expr_tree.h"

/* More rows than a segment holds, with values that can be told from the row number. */

enum { ROWS = JH_SEGMENT_ROWS + 5000 };

/* In the second segment `lead` has a single value and `team` mixes the first codes with the last: codes of no and of
 * four bytes. */
static void add_row(documents *d, uint32_t row)
{
    const bool second = row >= JH_SEGMENT_ROWS;
    jh_cell cells[DOC_COLUMNS] = {0};
    char id[16], lead[16], team[16];

    snprintf(id, sizeof id, "%u", row);
    snprintf(lead, sizeof lead, "P%u", second ? 3 : row % 700);
    snprintf(team, sizeof team, "T%u", second && row % 3 == 0 ? row - JH_SEGMENT_ROWS : row);
    cells[DOC_ID] = (jh_cell){true, 0, id, (uint32_t)strlen(id)};
    cells[DOC_TEAM] = (jh_cell){true, 0, team, (uint32_t)strlen(team)};
    cells[DOC_LEAD] = (jh_cell){row % 10 != 0, 0, lead, (uint32_t)strlen(lead)};
    cells[DOC_COUNT] = (jh_cell){row % 7 != 0, row, NULL, 0};
    cells[DOC_OTHER] = (jh_cell){true, row % 2 == 0 ? row : -(int64_t)row, NULL, 0};
    documents_add(d, cells);
}

/* Verdicts of all segments behind each other. */
static signed char *verdicts_of(const documents *d, const char *text)
{
    signed char *all = malloc(ROWS);
    jh_arena arena;
    jh_expr *expr;
    jihe_error err = {0};

    jh_arena_init(&arena, 0);
    cr_assert_eq(documents_compile(d, text, &expr, &arena, &err), JIHE_OK, "%s", err.message);
    cr_assert_eq(jh_snapshot_segments(d->snapshot), 2u);
    documents_eval(d, expr, 0, all);
    documents_eval(d, expr, 1, all + JH_SEGMENT_ROWS);
    jh_arena_deinit(&arena);
    return all;
}

Test(expr_batch, segments_and_batches_join)
{
    static const char *const texts[] = {"count >= 4000 and count < 66000", "lead like 'P%3'", "team like 'T%7'",
                                        "count = other", "doc_id like '%9'"};
    documents d;
    signed char *got[5];

    documents_begin(&d);
    for (uint32_t row = 0; row < ROWS; row++)
        add_row(&d, row);
    documents_seal(&d);
    for (size_t i = 0; i < 5; i++)
        got[i] = verdicts_of(&d, texts[i]);
    for (uint32_t row = 0; row < ROWS; row++) {
        const bool second = row >= JH_SEGMENT_ROWS, missing = row % 7 == 0;
        const signed char want[5] = {missing ? -1 : row >= 4000 && row < 66000,
                                     row % 10 == 0 ? -1 : second || row % 700 % 10 == 3,
                                     (second && row % 3 == 0 ? row - JH_SEGMENT_ROWS : row) % 10 == 7,
                                     missing ? -1 : row % 2 == 0, row % 10 == 9};

        for (size_t i = 0; i < 5; i++)
            cr_assert_eq(got[i][row], want[i], "%s: row %u is %d", texts[i], row, got[i][row]);
    }
    for (size_t i = 0; i < 5; i++)
        free(got[i]);
    documents_end(&d);
}

/* Thousands of constants: halving instead of one pass each. */
Test(expr_batch, long_lists)
{
    documents d;
    signed char *got;
    jh_buf list = {0};

    documents_begin(&d);
    for (uint32_t row = 0; row < ROWS; row++)
        add_row(&d, row);
    documents_seal(&d);
    jh_buf_puts(&list, "count in (70001");
    for (uint32_t i = 0; i < 9000; i++)
        jh_buf_printf(&list, ",%u", (9000 - i) * 5);
    jh_buf_puts(&list, ")");
    got = verdicts_of(&d, jh_buf_text(&list));
    for (uint32_t row = 0; row < ROWS; row++)
        cr_assert_eq(got[row], row % 7 == 0 ? -1 : row == 70001 || (row % 5 == 0 && row > 0 && row <= 45000),
                     "row %u: %d", row, got[row]);
    free(got);
    jh_buf_deinit(&list);
    documents_end(&d);
}

Test(expr_batch, another_schema_is_refused)
{
    jh_column columns[DOC_COLUMNS];
    jh_schema other = {columns, DOC_COLUMNS, DOC_ID, SIZE_MAX};
    documents d;
    jh_arena arena;
    jh_expr *expr;
    jh_expr_plan *plan;
    jihe_error err = {0};

    memcpy(columns, documents_schema.columns, sizeof columns);
    columns[DOC_AMOUNT].money.scale = 3;
    documents_begin(&d);
    add_row(&d, 1);
    documents_seal(&d);
    jh_arena_init(&arena, 0);
    cr_assert_eq(
        jh_expr_compile(&expr, "amount > 1", 10, (jh_place){"r", 1, 1, NULL, 0}, &other, &d.facts, &arena, &err),
        JIHE_OK);
    cr_assert_eq(jh_expr_bind(&plan, (const jh_expr *const[]){expr}, 1, d.snapshot, &arena, &err), JIHE_BUG);
    cr_assert(plan == NULL);
    jh_arena_deinit(&arena);
    documents_end(&d);
}
