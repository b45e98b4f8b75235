#include <string.h>

#include "base/text.h"
#include "expr/expr_term.h"

/* The oracle for computed values: one document at a time, in 128 bits, from the units and scales of the operands alone.
 * It uses none of the factors that the check lays down, nor the steps. */

typedef struct amount {
    bool present;
    jh_i128 units; /* of 10^-scale, or ms, or days */
    uint32_t scale;
} amount;

static jihe_status walk(const jh_term_row *at, const jh_term *term, amount *out, jihe_error *err);

static jh_i128 ten_to(uint32_t exponent)
{
    jh_i128 power = 1;

    for (uint32_t i = 0; i < exponent; i++)
        power *= 10;
    return power;
}

/* A view of the column that has the document at *row. */
static jihe_status column_view(const jh_term_row *at, size_t column, jh_col_view *view, uint32_t *row, jihe_error *err)
{
    return jh_snapshot_row(at->snapshot, at->segment, at->row, column, &at->rooms[column], view, row, err);
}

/* The text of the row; NULL: missing. */
static jihe_status row_text(const jh_term_row *at, size_t column, const char **text, size_t *len, jihe_error *err)
{
    jh_col_view view;
    jh_dict_view dict;
    uint32_t row;
    jihe_status st = column_view(at, column, &view, &row, err);

    *text = NULL;
    if (st != JIHE_OK || !jh_col_present(&view, row))
        return st;
    if (at->expr->schema->columns[column].type != JH_CATEGORY) {
        *text = view.bytes == NULL ? "" : view.bytes + view.offsets[row];
        *len = view.offsets[row + 1] - view.offsets[row];
        return JIHE_OK;
    }
    if ((st = jh_snapshot_dict(at->snapshot, column, &dict, err)) != JIHE_OK)
        return st;
    const int64_t code = jh_col_number(&view, row);

    if (code < 0 || code >= (int64_t)dict.count)
        return jh_fail(err, JIHE_CORRUPT, "segment %u, column %zu: code outside of the dictionary", at->segment,
                       column);
    *text = dict.bytes + dict.offsets[code];
    *len = dict.offsets[code + 1] - dict.offsets[code];
    return JIHE_OK;
}

static jihe_status walk_column(const jh_term_row *at, const jh_term *term, amount *out, jihe_error *err)
{
    jh_col_view view;
    uint32_t row;
    const jihe_status st = column_view(at, term->column, &view, &row, err);

    if (st != JIHE_OK || !jh_col_present(&view, row))
        return st;
    *out = (amount){true, jh_col_number(&view, row), term->scale};
    return JIHE_OK;
}

static jihe_status walk_text(const jh_term_row *at, const jh_term *term, amount *out, jihe_error *err)
{
    const jh_people *people = &at->expr->facts->people;
    const int32_t day = jh_snapshot_manifest(at->snapshot)->date;
    const char *text;
    size_t len;
    int32_t since;
    const jihe_status st = row_text(at, term->left->column, &text, &len, err);

    if (st != JIHE_OK || text == NULL)
        return st;
    if (term->kind == JH_TERM_TENURE) {
        out->present = people->since != NULL && people->since(people->context, text, len, day, &since);
        out->units = out->present ? (jh_i128)(day - since) * 24 * 60 * 60 * 1000 : 0;
        return JIHE_OK;
    }
    out->present = true;
    for (size_t i = 0; i < len; i++)
        out->units += ((unsigned char)text[i] & 0xC0) != 0x80;
    return JIHE_OK;
}

/* Zeller's congruence: 1 Monday .. 7 Sunday. */
static int32_t weekday(jh_civil date)
{
    const int32_t month = date.month < 3 ? date.month + 12 : date.month, year = date.year - (date.month < 3);
    const int32_t h =
        (date.day + 13 * (month + 1) / 5 + year % 100 + year % 100 / 4 + year / 100 / 4 + 5 * (year / 100)) % 7;

    return (h + 5) % 7 + 1;
}

/* 1, 0, or -1 for a year without a line. */
static int works(const jh_calendar *calendar, jh_civil date)
{
    bool known = false;
    int verdict = weekday(date) < 6;

    for (size_t i = 0; calendar != NULL && i < calendar->count; i++) {
        const jh_civil other = jh_days_to_civil(calendar->days[i].day);

        known |= other.year == date.year;
        if (other.year == date.year && other.month == date.month && other.day == date.day)
            verdict = calendar->days[i].works;
    }
    return known ? verdict : -1;
}

static jihe_status walk_clock(const jh_term_row *at, const jh_term *term, amount *out, jihe_error *err)
{
    amount asked = {0};
    jh_clock clock = {0};
    int verdict;
    const jihe_status st = walk(at, term->left, &asked, err);

    if (st != JIHE_OK || !asked.present)
        return st;
    if (term->left->unit == JH_UNIT_TIME)
        jh_zone_to_local(at->expr->facts->zone, (int64_t)asked.units, &clock);
    else
        clock.date = jh_days_to_civil((int32_t)asked.units);
    out->present = true;
    if (term->kind == JH_TERM_WORKDAY) {
        verdict = works(at->expr->facts->calendar, clock.date);
        out->present = verdict >= 0;
        out->units = verdict > 0;
    } else if (term->kind == JH_TERM_DATE) {
        out->units = jh_days_from_civil(clock.date);
    } else {
        out->units = term->kind == JH_TERM_YEAR      ? clock.date.year
                     : term->kind == JH_TERM_MONTH   ? clock.date.month
                     : term->kind == JH_TERM_DAY     ? clock.date.day
                     : term->kind == JH_TERM_WEEKDAY ? weekday(clock.date)
                     : term->kind == JH_TERM_HOUR    ? clock.hour
                                                     : clock.minute;
    }
    return JIHE_OK;
}

/* Both to the finer of their scales. */
static void align(amount *a, amount *b)
{
    const uint32_t scale = a->scale > b->scale ? a->scale : b->scale;

    a->units *= ten_to(scale - a->scale);
    b->units *= ten_to(scale - b->scale);
    a->scale = b->scale = scale;
}

static void add(const jh_term *term, amount a, amount b, amount *out)
{
    const jh_unit left = term->left->unit, right = term->right->unit;
    const jh_i128 day = (jh_i128)24 * 60 * 60 * 1000;
    const bool minus = term->kind == JH_TERM_SUBTRACT;

    align(&a, &b);
    if (left == JH_UNIT_DATE && right == JH_UNIT_DURATION)
        b.units /= day;
    else if (left == JH_UNIT_DURATION && right == JH_UNIT_DATE)
        a.units /= day;
    *out = (amount){true, minus ? a.units - b.units : a.units + b.units, a.scale};
    if (left == JH_UNIT_DATE && right == JH_UNIT_DATE)
        out->units *= day;
}

/* a / b with six decimals, or whole milliseconds; towards zero, which is what C does. */
static void divide(const jh_term *term, amount a, amount b, amount *out)
{
    const uint32_t scale = term->unit == JH_UNIT_DURATION ? 0 : JH_TERM_QUOTIENT_SCALE;

    align(&a, &b);
    out->present = b.units != 0;
    out->scale = scale;
    if (!out->present)
        return;
    out->units = a.units / b.units * ten_to(scale); /* the whole part, then the decimals of what is left over */
    for (jh_i128 rest = a.units % b.units, place = ten_to(scale); place > 1; place /= 10) {
        rest *= 10;
        out->units += rest / b.units * (place / 10);
        rest %= b.units;
    }
}

static jihe_status walk_operation(const jh_term_row *at, const jh_term *term, amount *out, jihe_error *err)
{
    amount a = {0}, b = {0};
    jihe_status st = walk(at, term->left, &a, err);

    if (st == JIHE_OK)
        st = walk(at, term->right, &b, err);
    if (st != JIHE_OK || !a.present || !b.present)
        return st;
    if (term->kind == JH_TERM_MULTIPLY) {
        *out = (amount){true, a.units * b.units, a.scale + b.scale};
        if (term->unit == JH_UNIT_DURATION) {
            out->units /= ten_to(out->scale);
            out->scale = 0;
        }
    } else if (term->kind == JH_TERM_DIVIDE) {
        divide(term, a, b, out);
    } else if (term->kind == JH_TERM_REST) {
        align(&a, &b);
        *out = (amount){b.units != 0, b.units != 0 ? a.units - a.units / b.units * b.units : 0, a.scale};
    } else {
        add(term, a, b, out);
    }
    return JIHE_OK;
}

static jihe_status walk_sign(const jh_term_row *at, const jh_term *term, amount *out, jihe_error *err)
{
    const jihe_status st = walk(at, term->left, out, err);

    if (st == JIHE_OK && (term->kind == JH_TERM_NEGATIVE || out->units < 0))
        out->units = -out->units;
    return st;
}

/* Every result fits 64 bits, and a date is of the calendar; otherwise it is missing. */
static void settle(const jh_term *term, amount *out)
{
    static const jh_civil first = {1, 1, 1}, last = {9999, 12, 31};

    if (term->unit == JH_UNIT_DATE && (out->units < jh_days_from_civil(first) || out->units > jh_days_from_civil(last)))
        out->present = false;
    if (out->units > INT64_MAX || out->units < INT64_MIN)
        out->present = false;
}

static jihe_status walk(const jh_term_row *at, const jh_term *term, amount *out, jihe_error *err)
{
    jihe_status st;

    *out = (amount){0};
    switch (term->kind) {
    case JH_TERM_COLUMN:
        return walk_column(at, term, out, err);
    case JH_TERM_CONST:
        *out = (amount){true, term->value, term->scale};
        return JIHE_OK;
    case JH_TERM_LENGTH:
    case JH_TERM_TENURE:
        return walk_text(at, term, out, err);
    case JH_TERM_NEGATIVE:
    case JH_TERM_ABS:
        st = walk_sign(at, term, out, err);
        break;
    case JH_TERM_ADD:
    case JH_TERM_SUBTRACT:
    case JH_TERM_MULTIPLY:
    case JH_TERM_DIVIDE:
    case JH_TERM_REST:
        st = walk_operation(at, term, out, err);
        break;
    default:
        return walk_clock(at, term, out, err);
    }
    settle(term, out);
    return st;
}

jihe_status jh_term_walk(const jh_term_row *at, const jh_term *term, bool *present, int64_t *value, jihe_error *err)
{
    amount result;
    const jihe_status st = walk(at, term, &result, err);

    *present = st == JIHE_OK && result.present;
    *value = *present ? (int64_t)result.units : 0;
    return st;
}
