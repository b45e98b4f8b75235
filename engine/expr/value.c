#include <string.h>

#include "base/bits.h"
#include "base/text.h"
#include "expr/kernel_pack.h"
#include "expr/predicate.h"

/* Computed values, 64 rows at a time: each operation fills 64 numbers and says for which rows they are there. */

/* --- binding --- */

static jihe_status no_memory(jihe_error *err)
{
    return jh_fail(err, JIHE_NO_MEMORY, "no memory to bind an expression");
}

/* LENGTH and TENURE of a category are the same for all rows of one dictionary entry. */
static jihe_status bind_table(jh_value *value, const jh_dict_view *dict, int32_t day, jh_arena *arena, jihe_error *err)
{
    int64_t *table = JH_NEW(arena, int64_t, (size_t)dict->count + 1);
    uint64_t *has_value = JH_NEW(arena, uint64_t, jh_bits_words((size_t)dict->count + 1));
    const jh_people *people = &value->facts->people;

    if (table == NULL || has_value == NULL)
        return no_memory(err);
    for (uint32_t code = 0; code < dict->count; code++) {
        const char *text = dict->bytes + dict->offsets[code];
        const size_t len = dict->offsets[code + 1] - dict->offsets[code];
        int32_t since;

        if (value->term->kind == JH_TERM_LENGTH) {
            table[code] = jh_text_code_points(text, len);
        } else if (people->since != NULL && people->since(people->context, text, len, day, &since)) {
            table[code] = ((int64_t)day - since) * JH_DAY_MS;
        } else {
            continue;
        }
        jh_bits_set(has_value, code);
    }
    value->table = table;
    value->has_value = has_value;
    return JIHE_OK;
}

jihe_status jh_value_bind(const jh_value **out, const jh_term *term, const jh_facts *facts, const jh_snapshot *snapshot,
                          const jh_slot *slots, const uint16_t *slot_of, jh_arena *arena, jihe_error *err)
{
    jh_value *value = JH_NEW(arena, jh_value, 1);
    const bool of_text = term->kind == JH_TERM_LENGTH || term->kind == JH_TERM_TENURE;
    const jh_term *column = of_text ? term->left : term;
    jihe_status st = JIHE_OK;

    if (value == NULL)
        return no_memory(err);
    *value = (jh_value){.term = term, .facts = facts};
    *out = value;
    if (column->kind == JH_TERM_COLUMN)
        value->slot = slot_of[column->column] - 1u;
    if (of_text)
        return slots[value->slot].type != JH_CATEGORY
                   ? JIHE_OK
                   : bind_table(value, &slots[value->slot].dict, jh_snapshot_manifest(snapshot)->date, arena, err);
    if (term->left != NULL)
        st = jh_value_bind(&value->left, term->left, facts, snapshot, slots, slot_of, arena, err);
    if (st == JIHE_OK && term->right != NULL)
        st = jh_value_bind(&value->right, term->right, facts, snapshot, slots, slot_of, arena, err);
    return st;
}

/* --- evaluating --- */

typedef struct rows64 { /* 64 rows being evaluated */
    const jh_slot *slots;
    const jh_col_view *views;
    uint32_t start;
    uint64_t need; /* rows whose value matters */
} rows64;

static uint64_t eval(const jh_value *value, const rows64 *rows, int64_t out[64]);

/* Rows without a text have length 0; they do not count. */
static uint64_t eval_lengths(const jh_value *value, const rows64 *rows, int64_t out[64])
{
    const jh_slot *slot = &rows->slots[value->slot];
    const jh_col_view *view = &rows->views[value->slot];
    const uint64_t valid = jh_view_valid64(view, rows->start) & rows->need;

    for (uint32_t i = 0; i < 64; i++) {
        const uint32_t row = rows->start + i;
        const jh_text text =
            row < view->rows && (valid >> i & 1) != 0 ? jh_slot_text(slot, view, row) : (jh_text){"", 0};

        out[i] = jh_text_code_points(text.bytes, text.len);
    }
    return valid;
}

static uint64_t eval_table(const jh_value *value, const rows64 *rows, int64_t out[64])
{
    const uint32_t count = rows->slots[value->slot].dict.count;
    uint64_t there = 0;

    jh_view_load64(&rows->views[value->slot], rows->start, out);
    for (uint32_t i = 0; i < 64; i++) {
        const uint64_t code = (uint64_t)out[i] < count ? (uint64_t)out[i] : count;

        out[i] = value->table[code];
        there |= (uint64_t)jh_bits_test(value->has_value, code) << i;
    }
    return there & jh_view_valid64(&rows->views[value->slot], rows->start);
}

/* Functions of a date or a time, row by row: most ask the calendar. */
static bool call(const jh_value *value, jh_unit unit, int64_t asked, int64_t *out)
{
    int32_t day = (int32_t)asked, second = 0;
    int worked;

    if (unit == JH_UNIT_TIME)
        day = jh_zone_to_day(value->facts->zone, asked, &second);
    switch (value->term->kind) {
    case JH_TERM_YEAR:
        *out = jh_days_to_civil(day).year;
        return true;
    case JH_TERM_MONTH:
        *out = jh_days_to_civil(day).month;
        return true;
    case JH_TERM_DAY:
        *out = jh_days_to_civil(day).day;
        return true;
    case JH_TERM_WEEKDAY:
        *out = jh_weekday(day);
        return true;
    case JH_TERM_HOUR:
        *out = second / 3600;
        return true;
    case JH_TERM_MINUTE:
        *out = second / 60 % 60;
        return true;
    case JH_TERM_DATE:
        *out = day;
        return true;
    default:
        worked = jh_calendar_workday(value->facts->calendar, day);
        *out = worked == 1;
        return worked >= 0;
    }
}

static uint64_t eval_call(const jh_value *value, const rows64 *rows, int64_t out[64])
{
    const uint64_t valid = eval(value->left, rows, out) & rows->need;
    uint64_t there = 0;

    for (uint64_t left = valid; left != 0; left &= left - 1) {
        const int i = __builtin_ctzll(left);

        there |= (uint64_t)call(value, value->term->left->unit, out[i], &out[i]) << i;
    }
    return there;
}

/* Results leave through here: what does not fit, or lies outside the calendar, is not there. */
static bool settle(const jh_term *term, jh_i128 result, int64_t *out)
{
    const int32_t last = 2932896; /* 9999-12-31 */

    *out = (int64_t)result;
    if (term->unit == JH_UNIT_DATE)
        return result >= -719162 && result <= last; /* from 0001-01-01 on */
    return result >= INT64_MIN && result <= INT64_MAX;
}

static bool operate(const jh_term *term, int64_t left, int64_t right, int64_t *out)
{
    const jh_i128 a = (jh_i128)left * term->times, b = (jh_i128)right * term->other_times;
    const bool moves = term->unit == JH_UNIT_DATE;

    switch (term->kind) {
    case JH_TERM_ADD:
        if (moves)
            return settle(term, term->left->unit == JH_UNIT_DATE ? a + right / term->over : left / term->over + b, out);
        return settle(term, a + b, out);
    case JH_TERM_SUBTRACT:
        return settle(term, moves ? a - right / term->over : a - b, out);
    case JH_TERM_MULTIPLY:
        return settle(term, (jh_i128)left * right / term->over, out);
    case JH_TERM_DIVIDE:
        return b != 0 && settle(term, a / b, out);
    default:
        return b != 0 && settle(term, a % b, out);
    }
}

/* The usual case, whole numbers of one scale, in 64 bits and without a branch on data. */
static uint64_t eval_plain(const jh_term *term, const int64_t *left, const int64_t *right, int64_t out[64])
{
    uint8_t over[64];

    for (unsigned i = 0; i < 64; i++) {
        if (term->kind == JH_TERM_ADD)
            over[i] = __builtin_add_overflow(left[i], right[i], &out[i]);
        else if (term->kind == JH_TERM_SUBTRACT)
            over[i] = __builtin_sub_overflow(left[i], right[i], &out[i]);
        else
            over[i] = __builtin_mul_overflow(left[i], right[i], &out[i]);
    }
    return ~jh_pack64(over);
}

static uint64_t eval_operation(const jh_value *value, const rows64 *rows, int64_t out[64])
{
    const jh_term *term = value->term;
    const bool plain = term->times == 1 && term->other_times == 1 && term->over == 1 && term->kind <= JH_TERM_MULTIPLY;
    int64_t left[64], right[64];
    const uint64_t valid = eval(value->left, rows, left) & eval(value->right, rows, right) & rows->need;
    uint64_t there = 0;

    if (plain && term->unit != JH_UNIT_DATE)
        return valid & eval_plain(term, left, right, out);
    memset(out, 0, 64 * sizeof *out);
    for (uint64_t rest = valid; rest != 0; rest &= rest - 1) {
        const int i = __builtin_ctzll(rest);

        there |= (uint64_t)operate(term, left[i], right[i], &out[i]) << i;
    }
    return there;
}

/* -x and abs(x): only the smallest number has no counterpart. */
static uint64_t eval_sign(const jh_value *value, const rows64 *rows, int64_t out[64])
{
    uint64_t there = eval(value->left, rows, out);

    for (uint32_t i = 0; i < 64; i++) {
        if (out[i] == INT64_MIN)
            there &= ~(UINT64_C(1) << i);
        else if (value->term->kind == JH_TERM_NEGATIVE || out[i] < 0)
            out[i] = -out[i];
    }
    return there;
}

static uint64_t eval(const jh_value *value, const rows64 *rows, int64_t out[64])
{
    const jh_col_view *view = &rows->views[value->slot];

    switch (value->term->kind) {
    case JH_TERM_COLUMN:
        jh_view_load64(view, rows->start, out);
        return jh_view_valid64(view, rows->start);
    case JH_TERM_CONST:
        for (unsigned i = 0; i < 64; i++)
            out[i] = value->term->value;
        return ~UINT64_C(0);
    case JH_TERM_NEGATIVE:
    case JH_TERM_ABS:
        return eval_sign(value, rows, out);
    case JH_TERM_ADD:
    case JH_TERM_SUBTRACT:
    case JH_TERM_MULTIPLY:
    case JH_TERM_DIVIDE:
    case JH_TERM_REST:
        return eval_operation(value, rows, out);
    case JH_TERM_LENGTH:
    case JH_TERM_TENURE:
        return value->table != NULL ? eval_table(value, rows, out) : eval_lengths(value, rows, out);
    default:
        return eval_call(value, rows, out);
    }
}

static uint64_t in_ranges(const jh_rangeset *ranges, const int64_t *values, uint64_t there)
{
    uint64_t yes = 0;

    for (uint64_t left = there; left != 0; left &= left - 1) {
        const int i = __builtin_ctzll(left);

        yes |= (uint64_t)jh_rangeset_has(ranges, values[i]) << i;
    }
    return yes;
}

static uint64_t in_order(const jh_compute *compute, const int64_t *a, const int64_t *b, uint64_t there)
{
    uint64_t yes = 0;

    for (uint64_t rest = there; rest != 0; rest &= rest - 1) {
        const int i = __builtin_ctzll(rest);
        const jh_i128 left = (jh_i128)a[i] * compute->times, right = (jh_i128)b[i] * compute->other_times;

        yes |= (uint64_t)jh_cmp_holds(compute->cmp, (left > right) - (left < right)) << i;
    }
    return yes;
}

void jh_compute_run(const jh_compute *compute, const jh_slot *slots, const jh_col_view *views, jh_batch batch,
                    const uint64_t *need, jh_verdicts dst)
{
    int64_t values[64], others[64];

    for (size_t w = 0; w < jh_bits_words(batch.rows); w++) {
        const uint64_t mask = jh_row_mask(w, batch.rows);
        const rows64 rows = {slots, views, batch.start + (uint32_t)w * 64, need == NULL ? mask : mask & need[w]};
        uint64_t there = rows.need == 0 ? 0 : eval(compute->value, &rows, values) & rows.need;

        if (compute->other != NULL && there != 0)
            there &= eval(compute->other, &rows, others);
        dst.yes[w] = compute->other != NULL ? in_order(compute, values, others, there)
                                            : in_ranges(&compute->ranges, values, there);
        dst.undecided[w] = mask & ~there;
    }
}
