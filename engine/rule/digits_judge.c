#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/days.h"
#include "base/error.h"
#include "base/parallel.h"
#include "base/text.h"
#include "rule/flag_digits.h"
#include "rule/flag_kind.h"
#include "rule/shared_counts.h"
#include "rule/value_index.h"
#include "stats/adjust.h"
#include "stats/benford.h"

/* Two passes over the frame: how many documents each value has, then the digits of those that have enough, so that
 * memory stays that of values and of documents / min_documents groups. */

enum { ALL, TESTED, ZERO, MISSING, NEGATIVE, FIGURES };
enum { STANDS_OUT = 3 /* standard errors */, MOST_NAMED = 5 };

struct census {
    const jh_flag_input *input;
    const jh_digits_rule *rule;
    jh_value_index values;
    struct part {
        size_t amount, by; /* columns */
        uint32_t *numbers; /* per code of `by` */
    } * parts;
    jh_shared_counts groups; /* [value * FIGURES + figure] */
    uint32_t *slots;         /* per value 1 + its place among those that are tested, 0 none */
    size_t slot_count;
    jh_shared_counts digits; /* [slot * rule->digits + digit] */
    uint8_t *over;           /* the same: the digit stands out */
};

/* The digit of an amount other than 0, from 0 on. */
static size_t digit_of(const jh_digits_rule *rule, int64_t amount)
{
    const jh_digits digits = jh_leading_digits(amount);

    return rule->digits == JH_BENFORD_FIRST ? digits.first - 1u : digits.first_two - 10u;
}

static jihe_status bind_part(struct census *census, size_t p, jihe_error *err)
{
    const jh_snapshot *snapshot = census->input->pass->parts[p];
    const jh_schema *schema = jh_snapshot_schema(snapshot);
    struct part *part = &census->parts[p];

    part->amount = jh_schema_find(schema, census->rule->amount.name, strlen(census->rule->amount.name));
    part->by = jh_schema_find(schema, census->rule->by.name, strlen(census->rule->by.name));
    if (part->amount == SIZE_MAX || part->by == SIZE_MAX) /* no document of it is in the frame */
        return JIHE_OK;
    return jh_value_index_add(&census->values, snapshot, part->by, &part->numbers, err);
}

struct rows {
    const struct part *part;
    jh_col_view by, amount;
};

static jihe_status rows_open(struct rows *rows, const struct census *census, const jh_pass_segment *at, jihe_error *err)
{
    const jh_snapshot *snapshot = census->input->pass->parts[at->part];
    jihe_status st;

    rows->part = &census->parts[at->part];
    if (rows->part->numbers == NULL)
        return jh_fail(err, JIHE_BUG, "documents without the columns of their flag");
    if ((st = jh_snapshot_column(snapshot, at->segment, rows->part->by, NULL, &rows->by, err)) != JIHE_OK)
        return st;
    return jh_snapshot_column(snapshot, at->segment, rows->part->amount, NULL, &rows->amount, err);
}

static void count_row(struct census *census, const struct rows *rows, uint32_t worker, uint32_t row)
{
    if (!jh_col_present(&rows->by, row))
        return; /* undecided, once groups are kept */
    const size_t value = rows->part->numbers[jh_pass_code(&rows->by, row)];
    const bool present = jh_col_present(&rows->amount, row);
    const int64_t amount = present ? jh_col_number(&rows->amount, row) : 0;

    if (census->slots != NULL) {
        if (census->slots[value] != 0 && amount != 0)
            jh_counts_add(&census->digits, worker,
                          (census->slots[value] - 1) * census->rule->digits + digit_of(census->rule, amount));
        return;
    }
    jh_counts_add(&census->groups, worker, value * FIGURES + ALL);
    jh_counts_add(&census->groups, worker, value * FIGURES + (!present ? MISSING : amount == 0 ? ZERO : TESTED));
    if (amount < 0)
        jh_counts_add(&census->groups, worker, value * FIGURES + NEGATIVE);
}

static jihe_status count_segment(void *context, uint32_t worker, uint64_t index, jihe_error *err)
{
    struct census *census = context;
    const jh_pass_segment *at = &census->input->pass->segments[index];
    const uint64_t *bits = census->input->pass->frames[census->input->index].bits + at->word;
    struct rows rows;

    if (jh_bits_count(bits, at->rows) == 0)
        return JIHE_OK;
    const jihe_status st = rows_open(&rows, census, at, err);

    for (size_t w = 0; st == JIHE_OK && w < jh_bits_words(at->rows); w++)
        for (uint64_t left = bits[w]; left != 0; left &= left - 1)
            count_row(census, &rows, worker, (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(left));
    return st;
}

static jihe_status count_all(struct census *census, jihe_error *err)
{
    return jh_parallel(census->input->threads, census->input->pass->segment_count, count_segment, census, err);
}

static uint64_t figure_of(const struct census *census, size_t value, int figure)
{
    return jh_counts_get(&census->groups, value * FIGURES + (size_t)figure);
}

static jihe_status take_census(struct census *census, jihe_error *err)
{
    const size_t parts = census->input->pass->part_count;
    jihe_status st = JIHE_OK;

    census->parts = calloc(parts + 1, sizeof *census->parts);
    if (census->parts == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "counting digits");
    for (size_t p = 0; st == JIHE_OK && p < parts; p++)
        st = bind_part(census, p, err);
    if (st != JIHE_OK ||
        (st = jh_counts_make(&census->groups, census->values.count * FIGURES, census->input->threads, err)) !=
            JIHE_OK ||
        (st = count_all(census, err)) != JIHE_OK)
        return st;
    jh_counts_gather(&census->groups);
    if ((census->slots = calloc(census->values.count + 1, sizeof *census->slots)) == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "counting digits");
    for (size_t v = 0; v < census->values.count; v++)
        if (figure_of(census, v, TESTED) >= census->rule->min_documents)
            census->slots[v] = (uint32_t)++census->slot_count;
    if ((st = jh_counts_make(&census->digits, census->slot_count * census->rule->digits, census->input->threads,
                             err)) != JIHE_OK ||
        (st = count_all(census, err)) != JIHE_OK)
        return st;
    jh_counts_gather(&census->digits);
    census->over = calloc(census->slot_count * census->rule->digits + 1, 1);
    return census->over == NULL ? jh_fail(err, JIHE_NO_MEMORY, "counting digits") : JIHE_OK;
}

/* --- judging --- */

struct judged {
    jh_flag_group *group;
    jh_benford test;
    double chance; /* mean absolute deviation that it alone gives */
    uint64_t observed[JH_BENFORD_FIRST_TWO];
};

/* "9 (23.7%, 4.6% expected)" */
static void put_digit(jh_buf *note, const struct census *census, const struct judged *judged, size_t digit)
{
    const uint64_t all = judged->test.amounts;
    const unsigned permille = (unsigned)(((jh_u128)judged->observed[digit] * 1000 + all / 2) / all);

    jh_buf_printf(note, "%zu (%u.%u%%, %.1f%% expected)", digit + (census->rule->digits == JH_BENFORD_FIRST ? 1 : 10),
                  permille / 10, permille % 10, 100 * jh_benford_share(census->rule->digits, digit));
}

/* Marks the digits that are too frequent and names those that are it most. */
static void put_over(jh_buf *note, const struct census *census, const struct judged *judged, uint8_t *over)
{
    double z[JH_BENFORD_FIRST_TWO];
    size_t standing = 0;

    for (size_t d = 0; d < census->rule->digits; d++) {
        z[d] = jh_benford_z(judged->observed[d], judged->test.amounts, jh_benford_share(census->rule->digits, d));
        over[d] = z[d] >= STANDS_OUT;
        standing += over[d];
    }
    for (size_t named = 0; named < standing && named < MOST_NAMED; named++) {
        size_t digit = 0;

        for (size_t d = 1; d < census->rule->digits; d++)
            digit = z[d] > z[digit] ? d : digit;
        z[digit] = -INFINITY;
        jh_buf_puts(note, named == 0 ? "; too frequent: " : ", ");
        put_digit(note, census, judged, digit);
    }
    if (standing > MOST_NAMED)
        jh_buf_printf(note, " and %zu more", standing - MOST_NAMED);
}

static void put_counts(jh_buf *note, const struct census *census, size_t value)
{
    static const struct {
        int figure;
        const char *words;
    } counts[] = {{NEGATIVE, "negative"}, {ZERO, "of 0"}, {MISSING, "without amount"}};

    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        if (figure_of(census, value, counts[i].figure) > 0) {
            jh_buf_puts(note, note->len > 0 ? "; " : "");
            jh_flag_put_count(note, figure_of(census, value, counts[i].figure));
            jh_buf_printf(note, " %s", counts[i].words);
        }
}

static const char *keep_text(jh_buf *buf, jh_arena *arena)
{
    return buf->failed ? NULL : jh_arena_text(arena, jh_buf_text(buf), buf->len);
}

static bool explain(const struct census *census, struct judged *judged, size_t value, jh_buf *buf)
{
    jh_flag_group *group = judged->group;
    const uint32_t slot = census->slots[value];

    jh_buf_clear(buf);
    if (slot == 0) {
        jh_flag_put_count(buf, figure_of(census, value, TESTED));
        jh_buf_puts(buf, " amounts, ");
        jh_flag_put_count(buf, census->rule->min_documents);
        jh_buf_puts(buf, " needed");
        group->reason = keep_text(buf, census->input->arena);
        jh_buf_clear(buf);
    } else {
        jh_buf_printf(buf, judged->test.chisq < 100 ? "chi-square %.1f" : "chi-square %.0f", judged->test.chisq);
        jh_buf_printf(buf, ", mean deviation %.4f of which chance gives %.4f", judged->test.mad, judged->chance);
        put_over(buf, census, judged, census->over + (slot - 1) * census->rule->digits);
    }
    put_counts(buf, census, value);
    group->note = keep_text(buf, census->input->arena);
    return group->note != NULL && group->reason != NULL;
}

static jihe_status judge_value(struct judged *judged, const struct census *census, size_t value, jh_buf *buf,
                               jihe_error *err)
{
    const jh_flag_value *name = &census->values.values[value];
    const size_t digits = census->rule->digits;
    jh_flag_group *group = judged->group;

    *group = (jh_flag_group){.label = jh_arena_text(census->input->arena, name->text, name->len),
                             .label_len = name->len,
                             .verdict = census->slots[value] == 0 ? JH_FLAG_NOT_TESTED : JH_FLAG_NORMAL,
                             .reason = "",
                             .documents = figure_of(census, value, ALL),
                             .figures = {NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN}};
    group->figures[JH_FLAG_OBSERVED] = (double)figure_of(census, value, TESTED);
    if (census->slots[value] != 0) {
        for (size_t d = 0; d < digits; d++)
            judged->observed[d] = jh_counts_get(&census->digits, (census->slots[value] - 1) * digits + d);
        const jihe_status st = jh_benford_test(&judged->test, judged->observed, digits, err);

        if (st != JIHE_OK)
            return st;
        judged->chance = jh_benford_mad_chance(digits, judged->test.amounts);
        group->figures[JH_FLAG_P] = judged->test.p;
    }
    return group->label == NULL || !explain(census, judged, value, buf) ? jh_fail(err, JIHE_NO_MEMORY, "judging digits")
                                                                        : JIHE_OK;
}

/* The family is every group with enough amounts. */
static jihe_status decide(jh_flag_result *out, const struct judged *judged, const struct census *census,
                          jihe_error *err)
{
    double *p = JH_NEW(census->input->arena, double, census->slot_count + 1);
    size_t at = 0;

    if (p == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "judging digits");
    for (size_t g = 0; g < out->count; g++)
        if (out->groups[g].verdict != JH_FLAG_NOT_TESTED)
            p[at++] = out->groups[g].figures[JH_FLAG_P];
    const jihe_status st = jh_adjust(p, p, at, JH_ADJUST_BH, census->input->arena, err);

    at = 0;
    for (size_t g = 0; st == JIHE_OK && g < out->count; g++) {
        jh_flag_group *group = &out->groups[g];

        if (group->verdict == JH_FLAG_NOT_TESTED)
            continue;
        group->figures[JH_FLAG_P_ADJUSTED] = p[at++];
        if (group->figures[JH_FLAG_P_ADJUSTED] > census->rule->fdr_ppm / 1e6 ||
            judged[g].test.mad - judged[g].chance <= census->rule->mad_ppm / 1e6)
            continue;
        group->verdict = JH_FLAG_FLAGGED;
        out->flagged++;
    }
    return st;
}

static int order_groups(const void *a, const void *b)
{
    const jh_flag_group *x = a, *y = b;

    return jh_text_compare(x->label, x->label_len, y->label, y->label_len);
}

static jihe_status judge_all(jh_flag_result *out, const struct census *census, jihe_error *err)
{
    struct judged *judged = calloc(census->values.count + 1, sizeof *judged);
    jihe_status st = JIHE_OK;
    jh_buf buf = {0};

    out->groups = JH_NEW(census->input->arena, jh_flag_group, census->values.count + 1);
    if (judged == NULL || out->groups == NULL)
        st = jh_fail(err, JIHE_NO_MEMORY, "judging digits");
    for (size_t v = 0; st == JIHE_OK && v < census->values.count; v++)
        if (figure_of(census, v, ALL) > 0) {
            judged[out->count].group = &out->groups[out->count];
            st = judge_value(&judged[out->count], census, v, &buf, err);
            out->count++;
        }
    if (st == JIHE_OK)
        st = decide(out, judged, census, err);
    if (st == JIHE_OK)
        qsort(out->groups, out->count, sizeof *out->groups, order_groups);
    jh_buf_deinit(&buf);
    free(judged);
    return st;
}

/* --- keeping --- */

struct keeping {
    struct census *census;
    _Atomic uint64_t documents, undecided;
};

/* Of documents of flagged groups: does the digit stand out? -1: nobody can tell. */
static int stands_out(const struct census *census, const struct rows *rows, uint32_t row)
{
    const uint32_t slot = census->slots[rows->part->numbers[jh_pass_code(&rows->by, row)]];

    if (!jh_col_present(&rows->amount, row))
        return -1;
    const int64_t amount = jh_col_number(&rows->amount, row);

    return amount != 0 && slot != 0 && census->over[(slot - 1) * census->rule->digits + digit_of(census->rule, amount)];
}

static jihe_status keep_segment(void *context, uint32_t worker, uint64_t index, jihe_error *err)
{
    struct keeping *keeping = context;
    const struct census *census = keeping->census;
    const jh_pass_segment *at = &census->input->pass->segments[index];
    uint64_t *bits = census->input->pass->frames[census->input->index].bits + at->word, undecided = 0;
    struct rows rows;

    (void)worker;
    if (jh_bits_count(bits, at->rows) == 0)
        return JIHE_OK;
    const jihe_status st = rows_open(&rows, census, at, err);

    for (size_t w = 0; st == JIHE_OK && w < jh_bits_words(at->rows); w++)
        for (uint64_t left = bits[w]; left != 0; left &= left - 1) {
            const int kept = stands_out(census, &rows, (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(left));

            if (kept != 1)
                bits[w] &= ~(left & -left);
            undecided += kept < 0;
        }
    atomic_fetch_add_explicit(&keeping->documents, jh_bits_count(bits, at->rows), memory_order_relaxed);
    atomic_fetch_add_explicit(&keeping->undecided, undecided, memory_order_relaxed);
    return st;
}

static jihe_status keep(jh_flag_result *out, struct census *census, jihe_error *err)
{
    const jh_flag_input *input = census->input;
    jh_frame *frame = &input->pass->frames[input->index];
    struct keeping keeping = {.census = census};
    jihe_status st = jh_flag_keep_labels(out, input, census->rule->by.name, err);

    if (st != JIHE_OK || !census->rule->over)
        return st;
    if ((st = jh_parallel(input->threads, input->pass->segment_count, keep_segment, &keeping, err)) != JIHE_OK)
        return st;
    frame->documents = keeping.documents;
    frame->undecided += keeping.undecided;
    return JIHE_OK;
}

jihe_status jh_digits_judge(jh_flag_result *out, const jh_flag_input *input, jihe_error *err)
{
    struct census census = {.input = input, .rule = input->rule->flag.settings};
    jihe_status st = take_census(&census, err);

    if (st == JIHE_OK && (st = judge_all(out, &census, err)) == JIHE_OK)
        st = keep(out, &census, err);
    for (size_t p = 0; census.parts != NULL && p < input->pass->part_count; p++)
        free(census.parts[p].numbers);
    free(census.parts);
    free(census.slots);
    free(census.over);
    jh_counts_deinit(&census.groups);
    jh_counts_deinit(&census.digits);
    jh_value_index_deinit(&census.values);
    return st;
}
