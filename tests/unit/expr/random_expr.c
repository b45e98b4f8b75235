#include "random_expr.h"

#include <stdio.h>
#include <string.h>

#include "expr/expr_term.h"

static uint32_t below(jh_pcg64 *rng, uint32_t bound)
{
    return (uint32_t)jh_pcg64_below(rng, bound);
}

/* Up to four characters of one to four bytes. */
static void random_text(jh_pcg64 *rng, jh_buf *out)
{
    static const char *const letters[] = {"a", "b", "A", "资", "é", "𝄞", "'", "%", "_", "\\"};
    const uint32_t len = below(rng, 5);

    for (uint32_t i = 0; i < len; i++)
        jh_buf_puts(out, letters[below(rng, below(rng, 3) == 0 ? 10 : 4)]);
}

/* What a column of numbers holds: bytes, wider codes, the far ends. */
static int64_t random_number(jh_pcg64 *rng, size_t column)
{
    static const int64_t ends[] = {INT64_MIN, INT64_MIN + 1, -1, 0, 1, INT64_MAX - 1, INT64_MAX};

    switch (column) {
    case DOC_COUNT:
        return ends[below(rng, 7)];
    case DOC_OTHER:
        return below(rng, 4) == 0 ? ends[below(rng, 7)] : (int64_t)below(rng, 7) - 3;
    case DOC_PAID:
        return (int64_t)below(rng, 100000) - 50000;
    case DOC_USD:
        return (int64_t)below(rng, 1000000) * 7919;
    case DOC_FEE:
        return (int64_t)below(rng, 4001) - 2000;
    case DOC_ANY:
        return 5;
    case DOC_DAY:
    case DOC_DUE:
        return 20000 + below(rng, 5);
    case DOC_AT:
    case DOC_SEEN:
        return INT64_C(1727971200000) + (int64_t)below(rng, 9) * 28800000 - (int64_t)below(rng, 2);
    default:
        return (int64_t)below(rng, 401) - 200;
    }
}

void random_documents(documents *d, jh_pcg64 *rng, uint32_t rows)
{
    for (uint32_t row = 0; row < rows; row++) {
        jh_cell cells[DOC_COLUMNS] = {0};
        jh_buf texts[DOC_COLUMNS] = {0};

        for (size_t i = 0; i < DOC_COLUMNS; i++) {
            const jh_type type = documents_schema.columns[i].type;

            cells[i].present = i == DOC_ID || (i != DOC_LIKE && below(rng, 5) != 0); /* `like` is always missing */
            if (type == JH_FLAG)
                cells[i].number = below(rng, 2);
            else if (type != JH_ID && type != JH_CATEGORY && type != JH_TEXT)
                cells[i].number = random_number(rng, i);
            else if (i == DOC_ID)
                jh_buf_printf(&texts[i], "DOC-%u", row);
            else if (i == DOC_LEAD && below(rng, 2) == 0)
                jh_buf_printf(&texts[i], "%s%u", below(rng, 2) == 0 ? "P" : "",
                              below(rng, below(rng, 2) == 0 ? 10 : 1000));
            else
                random_text(rng, &texts[i]);
            cells[i].text = jh_buf_text(&texts[i]);
            cells[i].len = (uint32_t)texts[i].len;
        }
        documents_add(d, cells);
        for (size_t i = 0; i < DOC_COLUMNS; i++)
            jh_buf_deinit(&texts[i]);
    }
}

static void put_word(jh_pcg64 *rng, const char *word, jh_buf *out)
{
    const uint32_t form = below(rng, 4);

    for (; *word != '\0'; word++)
        jh_buf_putc(out, form == 0 && *word >= 'a' && *word <= 'z' ? (char)(*word - 32) : *word);
}

static void put_column(jh_pcg64 *rng, size_t column, jh_buf *out)
{
    const bool quoted = column == DOC_LIKE || column == DOC_YUAN || below(rng, 8) == 0;

    jh_buf_printf(out, quoted ? "\"%s\"" : "%s", documents_schema.columns[column].name);
}

static void put_text_literal(jh_pcg64 *rng, bool pattern, jh_buf *out)
{
    static const char *const ids[] = {"DOC-1", "DOC-17", "DOC-2", "D"};
    jh_buf value = {0};

    if (below(rng, 6) == 0)
        jh_buf_puts(&value, ids[below(rng, 4)]);
    else if (below(rng, 6) == 0)
        jh_buf_printf(&value, "%u", below(rng, 1000));
    else
        random_text(rng, &value);
    if (pattern && below(rng, 2) == 0)
        jh_buf_puts(&value, "%");
    jh_buf_putc(out, '\'');
    for (size_t i = 0; i < value.len; i++) {
        const char c = (char)value.bytes[i];

        jh_buf_putc(out, c);
        if (c == '\'' || (pattern && c == '\\'))
            jh_buf_putc(out, c);
    }
    jh_buf_putc(out, '\'');
    jh_buf_deinit(&value);
}

static void put_number(jh_pcg64 *rng, jh_buf *out)
{
    static const char *const odd[] = {"0",
                                      "-0",
                                      "0.005",
                                      "-0.005",
                                      "1.0050",
                                      "9223372036854775807",
                                      "-9223372036854775808",
                                      "9223372036854775808",
                                      "-9223372036854775809",
                                      "99999999999999999999999999999999999999999",
                                      "-99999999999999999999999999999999999999999.5",
                                      "92233720368547758.07",
                                      "0005",
                                      "50000"};

    if (below(rng, 3) == 0)
        jh_buf_puts(out, odd[below(rng, sizeof odd / sizeof odd[0])]);
    else if (below(rng, 2) == 0)
        jh_buf_printf(out, "%s%u.%02u", below(rng, 2) == 0 ? "-" : "", below(rng, 4), below(rng, 100));
    else
        jh_buf_printf(out, "%d", (int)below(rng, 9) - 4);
}

static void put_day(jh_pcg64 *rng, jh_buf *out)
{
    static const char *const days[] = {"0001-01-01", "2024-10-04", "2024-10-05",
                                       "2024-10-06", "2024-10-08", "9999-12-31"};

    jh_buf_printf(out, "'%s'", days[below(rng, 6)]);
}

static void put_time(jh_pcg64 *rng, jh_buf *out)
{
    static const char *const times[] = {"2024-10-04 00:00:00", "2024-10-04 08:00", "2024-10-04T23:59:59.999",
                                        "2024-10-05 16:00:00"};

    if (below(rng, 2) == 0)
        put_day(rng, out);
    else
        jh_buf_printf(out, "'%s'", times[below(rng, 4)]);
}

static void put_literal(jh_pcg64 *rng, jh_type type, jh_buf *out)
{
    if (type == JH_MONEY || type == JH_INTEGER)
        put_number(rng, out);
    else if (type == JH_DATE)
        put_day(rng, out);
    else if (type == JH_TIME)
        put_time(rng, out);
    else if (type == JH_FLAG)
        put_word(rng, below(rng, 2) == 0 ? "true" : "false", out);
    else
        put_text_literal(rng, false, out);
}

static bool is_text(jh_type type)
{
    return type == JH_ID || type == JH_CATEGORY || type == JH_TEXT;
}

/* A column that `column` may be compared with; itself when luck does not find another. */
static size_t partner(jh_pcg64 *rng, size_t column)
{
    const jh_column *a = &documents_schema.columns[column];

    for (int i = 0; i < 20; i++) {
        const size_t other = below(rng, DOC_COLUMNS);
        const jh_column *b = &documents_schema.columns[other];

        if (a->type != b->type && !(is_text(a->type) && is_text(b->type)))
            continue;
        if (a->type != JH_MONEY || a->currency[0] == '\0' || b->currency[0] == '\0' ||
            strcmp(a->currency, b->currency) == 0)
            return other;
    }
    return column;
}

static void put_sign(jh_pcg64 *rng, jh_type type, jh_buf *out)
{
    static const char *const signs[] = {" = ", "<>", " != ", "<", " <= ", ">", " >= "};

    jh_buf_puts(out, signs[below(rng, type == JH_FLAG ? 3 : 7)]);
}

static void put_list(jh_pcg64 *rng, jh_type type, jh_buf *out)
{
    const uint32_t count = 1 + below(rng, below(rng, 4) == 0 ? 40 : 4);

    put_word(rng, " in (", out);
    for (uint32_t i = 0; i < count; i++) {
        jh_buf_puts(out, i == 0 ? "" : ",");
        put_literal(rng, type, out);
    }
    jh_buf_puts(out, ")");
}

static void put_between(jh_pcg64 *rng, size_t column, jh_buf *out)
{
    const jh_type type = documents_schema.columns[column].type;

    put_word(rng, " between ", out);
    for (int i = 0; i < 2; i++) {
        if (below(rng, 6) == 0)
            put_column(rng, partner(rng, column), out);
        else
            put_literal(rng, type, out);
        put_word(rng, i == 0 ? " and " : "", out);
    }
}

/* --- computed values --- */

static uint32_t put_value(jh_pcg64 *rng, jh_unit unit, uint32_t depth, jh_buf *out);

/* A constant, in a form that arithmetic takes. */
static uint32_t put_small(jh_pcg64 *rng, jh_buf *out)
{
    const uint32_t decimals = below(rng, 3);

    jh_buf_printf(out, "%s%u", below(rng, 3) == 0 ? "-" : "", below(rng, 5));
    if (decimals > 0)
        jh_buf_printf(out, ".%0*u", (int)decimals, 1 + below(rng, 9));
    return decimals;
}

static void put_duration(jh_pcg64 *rng, jh_buf *out)
{
    static const char *const units[] = {"days", "h", "min", "s", "ms", "weeks"};

    jh_buf_printf(out, "%s%u %s", below(rng, 4) == 0 ? "-" : "", below(rng, 50), units[below(rng, 6)]);
}

static void put_call(jh_pcg64 *rng, const char *name, jh_unit of, uint32_t depth, jh_buf *out)
{
    put_word(rng, name, out);
    jh_buf_putc(out, '(');
    put_value(rng, of, depth, out);
    jh_buf_putc(out, ')');
}

/* What a value begins with. Returns its decimals. */
static uint32_t put_atom(jh_pcg64 *rng, jh_unit unit, uint32_t depth, jh_buf *out)
{
    static const char *const parts[] = {"year", "month", "day", "weekday", "hour", "minute"};
    static const size_t texts[] = {DOC_ID, DOC_TEAM, DOC_LEAD, DOC_NOTE};
    static const size_t amounts[] = {DOC_AMOUNT, DOC_PAID, DOC_FEE, DOC_ANY, DOC_SUM};
    size_t column;

    switch (unit) {
    case JH_UNIT_NUMBER:
        if (below(rng, 4) == 0)
            return put_small(rng, out);
        if (below(rng, 3) == 0) {
            column = below(rng, 6);
            put_call(rng, parts[column], column < 4 && below(rng, 2) == 0 ? JH_UNIT_DATE : JH_UNIT_TIME, depth, out);
        } else if (below(rng, 3) == 0) {
            put_word(rng, "length(", out);
            put_column(rng, texts[below(rng, 4)], out);
            jh_buf_putc(out, ')');
        } else {
            put_column(rng, below(rng, 2) == 0 ? DOC_COUNT : DOC_OTHER, out);
        }
        return 0;
    case JH_UNIT_MONEY:
        column = amounts[below(rng, 5)];
        put_column(rng, column, out);
        return documents_schema.columns[column].money.scale;
    case JH_UNIT_DURATION:
        if (below(rng, 3) == 0)
            put_duration(rng, out);
        else if (below(rng, 3) == 0)
            jh_buf_puts(out, "tenure(lead)");
        else
            jh_buf_puts(out, below(rng, 2) == 0 ? "(seen - at)" : "(day-due)");
        return 0;
    case JH_UNIT_DATE:
        if (below(rng, 3) == 0)
            put_call(rng, "date", JH_UNIT_TIME, depth, out);
        else
            put_column(rng, below(rng, 2) == 0 ? DOC_DAY : DOC_DUE, out);
        return 0;
    default:
        put_column(rng, below(rng, 2) == 0 ? DOC_AT : DOC_SEEN, out);
        return 0;
    }
}

/* Something done to a value; the decimals stay below 12. */
static uint32_t put_operation(jh_pcg64 *rng, jh_unit unit, uint32_t depth, jh_buf *out)
{
    static const char *const sums[] = {" + ", "-", " % "};
    uint32_t a = put_value(rng, unit, depth - 1, out), b;

    if (unit == JH_UNIT_DATE) {
        jh_buf_printf(out, "%s%u days", sums[below(rng, 2)], below(rng, 5) == 0 ? 3000000 : below(rng, 5));
        return 0;
    }
    if (unit == JH_UNIT_TIME) {
        jh_buf_puts(out, sums[below(rng, 2)]);
        put_value(rng, JH_UNIT_DURATION, depth - 1, out);
        return 0;
    }
    if (below(rng, 2) == 0) {
        jh_buf_puts(out, sums[below(rng, 3)]);
        b = unit == JH_UNIT_MONEY && below(rng, 2) == 0 ? put_small(rng, out) : put_value(rng, unit, depth - 1, out);
        return a > b ? a : b;
    }
    if (a > 6 || below(rng, 2) == 0) {
        jh_buf_puts(out, "/");
        put_value(rng, JH_UNIT_NUMBER, 0, out);
        return unit == JH_UNIT_DURATION ? 0 : 6;
    }
    jh_buf_puts(out, " * ");
    b = put_value(rng, JH_UNIT_NUMBER, 0, out);
    return unit == JH_UNIT_DURATION ? 0 : a + b;
}

/* A value of the unit, in parentheses where it is made of several. Returns its decimals. */
static uint32_t put_value(jh_pcg64 *rng, jh_unit unit, uint32_t depth, jh_buf *out)
{
    const uint32_t form = depth == 0 ? 0 : below(rng, 6);
    uint32_t scale;

    if (form == 1 && unit <= JH_UNIT_DURATION) {
        put_word(rng, "abs", out);
    } else if (form == 2 && unit <= JH_UNIT_DURATION) {
        jh_buf_puts(out, "- ");
    } else if (form == 3 && unit == JH_UNIT_NUMBER) {
        const jh_unit of = below(rng, 2) == 0 ? JH_UNIT_MONEY : JH_UNIT_DURATION;

        jh_buf_puts(out, "(");
        put_value(rng, of, depth - 1, out);
        jh_buf_puts(out, " / ");
        put_value(rng, of, depth - 1, out);
        jh_buf_puts(out, ")");
        return 6;
    } else if (form < 3) {
        return put_atom(rng, unit, depth, out);
    }
    jh_buf_puts(out, "(");
    scale = put_operation(rng, unit, depth, out);
    jh_buf_puts(out, ")");
    return scale;
}

static void put_constant(jh_pcg64 *rng, jh_unit unit, jh_buf *out)
{
    if (unit == JH_UNIT_DURATION)
        put_duration(rng, out);
    else if (unit == JH_UNIT_DATE)
        put_day(rng, out);
    else if (unit == JH_UNIT_TIME)
        put_time(rng, out);
    else
        put_number(rng, out);
}

/* A test of a computed value. */
static void put_computed(jh_pcg64 *rng, jh_buf *out)
{
    static const char *const neutral[] = {" * 1", " * 1", " + 0 h", " + 0 days", "-1 ms"};
    const jh_unit unit = (jh_unit)below(rng, 5);
    const uint32_t form = below(rng, 8);

    if (form == 0) {
        put_call(rng, "workday", below(rng, 2) == 0 ? JH_UNIT_DATE : JH_UNIT_TIME, 1, out);
        if (below(rng, 3) == 0)
            jh_buf_puts(out, below(rng, 2) == 0 ? " = false" : "<>true");
        return;
    }
    put_value(rng, unit, 2, out);
    jh_buf_puts(out, neutral[unit]); /* or a column alone would be left, which is another kind of test */
    if (form < 4) {
        put_sign(rng, JH_INTEGER, out);
        put_constant(rng, unit, out);
    } else if (form < 6) {
        put_sign(rng, JH_INTEGER, out);
        put_value(rng, unit, 2, out);
    } else {
        put_word(rng, form == 6 ? " between " : " not in (", out);
        put_constant(rng, unit, out);
        put_word(rng, form == 6 ? " and " : ",", out);
        put_constant(rng, unit, out);
        jh_buf_puts(out, form == 6 ? "" : ")");
    }
}

/* Named lists and regular expressions. */
static void put_looked_up(jh_pcg64 *rng, jh_buf *out)
{
    static const size_t texts[] = {DOC_ID, DOC_TEAM, DOC_LEAD, DOC_NOTE};
    static const char *const patterns[] = {"a",   "^a",       "b$",     "资|é",     "^.$",         "[ab]+A",
                                           "''%", "^(a|b)*$", "\\d{2}", "(a).*\\1", "^DOC-1?\\d$", "(?i)A"};
    const uint32_t form = below(rng, 4);

    if (form == 0) {
        put_column(rng, below(rng, 2) == 0 ? DOC_COUNT : DOC_OTHER, out);
        put_word(rng, " in ", out);
        jh_buf_puts(out, "lists.\"odd-numbers\"");
        return;
    }
    put_column(rng, texts[below(rng, 4)], out);
    if (form == 1)
        jh_buf_puts(out, below(rng, 2) == 0 ? " in lists.names" : " NOT in lists.\"names\"");
    else
        jh_buf_printf(out, "~ '%s'", patterns[below(rng, 12)]);
}

static void put_test(jh_pcg64 *rng, jh_buf *out)
{
    const size_t column = below(rng, DOC_COLUMNS);
    const jh_type type = documents_schema.columns[column].type;
    const uint32_t form = below(rng, 12), kind = below(rng, 6);

    if (kind < 3) {
        if (kind == 0)
            put_looked_up(rng, out);
        else
            put_computed(rng, out);
        return;
    }
    if (form == 0 && below(rng, 2) == 0) {
        put_word(rng, below(rng, 2) == 0 ? "true" : "false", out);
        return;
    }
    if (form == 1 && type != JH_FLAG) { /* the constant may come first */
        put_literal(rng, type, out);
        put_sign(rng, type, out);
        put_column(rng, column, out);
        return;
    }
    put_column(rng, column, out);
    if (type == JH_FLAG && form < 4)
        return;
    if (form == 2) {
        put_word(rng, below(rng, 2) == 0 ? " is null" : " is not null", out);
    } else if (form < 5) {
        put_sign(rng, type, out);
        put_column(rng, partner(rng, column), out);
    } else if (form < 8 || type == JH_FLAG) {
        put_sign(rng, type, out);
        put_literal(rng, type, out);
    } else {
        put_word(rng, below(rng, 3) == 0 ? " not" : "", out);
        if (form == 8) {
            put_between(rng, column, out);
        } else if (form == 9 || !is_text(type)) {
            put_list(rng, type, out);
        } else {
            put_word(rng, " like ", out);
            put_text_literal(rng, true, out);
        }
    }
}

void random_expr(jh_pcg64 *rng, jh_buf *out, uint32_t depth)
{
    const uint32_t form = depth == 0 ? 0 : below(rng, 8);

    if (form < 2) {
        put_test(rng, out);
    } else if (form == 2) {
        put_word(rng, "not ", out);
        random_expr(rng, out, depth - 1);
    } else if (form < 5) {
        jh_buf_puts(out, "(");
        random_expr(rng, out, depth - 1);
        jh_buf_puts(out, " )");
    } else {
        random_expr(rng, out, depth - 1);
        put_word(rng, form == 5 ? " or\n" : " and ", out);
        random_expr(rng, out, depth - 1);
    }
}
