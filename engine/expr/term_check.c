#include <string.h>

#include "base/text.h"
#include "expr/expr_literal.h"
#include "expr/expr_term.h"

/* Types of computed values: what each operation makes of its operands' units and scales, or why it makes no sense. */

static const jh_function functions[] = {
    {"abs", JH_TERM_ABS},   {"length", JH_TERM_LENGTH},   {"year", JH_TERM_YEAR},     {"month", JH_TERM_MONTH},
    {"day", JH_TERM_DAY},   {"weekday", JH_TERM_WEEKDAY}, {"hour", JH_TERM_HOUR},     {"minute", JH_TERM_MINUTE},
    {"date", JH_TERM_DATE}, {"workday", JH_TERM_WORKDAY}, {"tenure", JH_TERM_TENURE},
};

enum { FUNCTIONS = sizeof functions / sizeof functions[0] };

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

const jh_function *jh_function_find(const char *name, size_t len)
{
    for (size_t i = 0; i < FUNCTIONS; i++) {
        size_t same = 0;

        while (same < len && functions[i].name[same] != '\0' && lower(name[same]) == functions[i].name[same])
            same++;
        if (same == len && functions[i].name[same] == '\0')
            return &functions[i];
    }
    return NULL;
}

const char *jh_function_nearest(const char *word)
{
    const char *names[FUNCTIONS];

    for (size_t i = 0; i < FUNCTIONS; i++)
        names[i] = functions[i].name;
    return jh_text_nearest(word, names, FUNCTIONS);
}

const char *jh_function_name(jh_term_kind kind)
{
    for (size_t i = 0; i < FUNCTIONS; i++)
        if (functions[i].kind == kind)
            return functions[i].name;
    return "";
}

int64_t jh_power_of_ten(uint32_t exponent)
{
    int64_t power = 1;

    while (exponent-- > 0)
        power *= 10;
    return power;
}

jh_unit jh_type_unit(jh_type type)
{
    static const jh_unit units[] = {
        [JH_ID] = JH_UNIT_TEXT,        [JH_CATEGORY] = JH_UNIT_TEXT, [JH_MONEY] = JH_UNIT_MONEY,
        [JH_INTEGER] = JH_UNIT_NUMBER, [JH_DATE] = JH_UNIT_DATE,     [JH_TIME] = JH_UNIT_TIME,
        [JH_TEXT] = JH_UNIT_TEXT,      [JH_FLAG] = JH_UNIT_TRUTH};

    return units[type];
}

static const char *unit_text(jh_unit unit)
{
    static const char *const names[] = {"a number", "an amount of money", "a duration", "a date",
                                        "a time",   "a truth value",      "a text"};

    return names[unit];
}

const char *jh_term_unit_text(const jh_term *term)
{
    return unit_text(term->unit);
}

static jihe_status fail_operands(const jh_expr_source *source, const jh_term *term)
{
    static const char *const verbs[] = {[JH_TERM_ADD] = "added",
                                        [JH_TERM_SUBTRACT] = "subtracted",
                                        [JH_TERM_MULTIPLY] = "multiplied",
                                        [JH_TERM_DIVIDE] = "divided",
                                        [JH_TERM_REST] = "divided with a remainder"};
    const jh_term *a = term->left, *b = term->right;
    const char *hint = "";

    if ((a->unit == JH_UNIT_DATE && b->unit == JH_UNIT_TIME) || (a->unit == JH_UNIT_TIME && b->unit == JH_UNIT_DATE))
        hint = "; date(...) makes a date of a time";
    else if (term->kind == JH_TERM_REST || (a->unit == JH_UNIT_MONEY && b->unit == JH_UNIT_MONEY))
        hint = "";
    else if (a->unit >= JH_UNIT_DURATION && a->unit <= JH_UNIT_TIME && b->unit == JH_UNIT_NUMBER)
        hint = "; a duration has a unit: 90 days, 48 h, 30 min";
    return jh_expr_fail(source, b->at, "%s and %s cannot be %s%s", unit_text(a->unit), unit_text(b->unit),
                        verbs[term->kind], hint);
}

static jihe_status check_scale(const jh_expr_source *source, const jh_term *term)
{
    if (term->scale <= JH_TERM_MAX_SCALE)
        return JIHE_OK;
    return jh_expr_fail(source, term->at, "the result has %u decimals, expected at most %d", term->scale,
                        JH_TERM_MAX_SCALE);
}

static jihe_status check_const(const jh_expr_source *source, jh_term *term)
{
    const jh_literal *literal = term->literal;
    const char *point;
    jh_i128 low, high;

    term->constant = true;
    if (literal->kind == JH_LITERAL_DURATION) {
        term->unit = JH_UNIT_DURATION;
        term->value = literal->first;
        return JIHE_OK;
    }
    if (literal->kind != JH_LITERAL_NUMBER)
        return jh_expr_fail(source, literal->at, "found %s in arithmetic, expected a number or a duration like 48 h",
                            literal->kind == JH_LITERAL_TEXT ? "a text" : "true or false");
    point = memchr(literal->text, '.', literal->len);
    term->unit = JH_UNIT_NUMBER;
    term->scale = point == NULL ? 0 : literal->len - (uint32_t)(point - literal->text) - 1;
    if (check_scale(source, term) != JIHE_OK)
        return JIHE_CONFIG;
    jh_literal_units(literal->text, literal->len, term->scale, &low, &high);
    if (low < INT64_MIN || low > INT64_MAX)
        return jh_expr_fail(source, literal->at, "the number is too large to calculate with");
    term->value = (int64_t)low;
    return JIHE_OK;
}

static void take_column(const jh_expr_source *source, jh_term *term)
{
    const jh_column *column = &source->schema->columns[term->column];

    term->unit = jh_type_unit(column->type);
    term->scale = column->type == JH_MONEY ? column->money.scale : 0;
    term->currency = column->type == JH_MONEY ? column->currency : "";
}

/* What a function is asked about, and what it gives. */
static jihe_status check_function(const jh_expr_source *source, jh_term *term)
{
    static const struct signature {
        unsigned takes; /* bit per unit */
        const char *expected;
        jh_unit gives;
    } signatures[] = {
        [JH_TERM_LENGTH] = {1u << JH_UNIT_TEXT, "a column of texts", JH_UNIT_NUMBER},
        [JH_TERM_YEAR] = {1u << JH_UNIT_DATE | 1u << JH_UNIT_TIME, "a date or a time", JH_UNIT_NUMBER},
        [JH_TERM_MONTH] = {1u << JH_UNIT_DATE | 1u << JH_UNIT_TIME, "a date or a time", JH_UNIT_NUMBER},
        [JH_TERM_DAY] = {1u << JH_UNIT_DATE | 1u << JH_UNIT_TIME, "a date or a time", JH_UNIT_NUMBER},
        [JH_TERM_WEEKDAY] = {1u << JH_UNIT_DATE | 1u << JH_UNIT_TIME, "a date or a time", JH_UNIT_NUMBER},
        [JH_TERM_HOUR] = {1u << JH_UNIT_TIME, "a time", JH_UNIT_NUMBER},
        [JH_TERM_MINUTE] = {1u << JH_UNIT_TIME, "a time", JH_UNIT_NUMBER},
        [JH_TERM_DATE] = {1u << JH_UNIT_TIME, "a time", JH_UNIT_DATE},
        [JH_TERM_WORKDAY] = {1u << JH_UNIT_DATE | 1u << JH_UNIT_TIME, "a date or a time", JH_UNIT_TRUTH},
        [JH_TERM_TENURE] = {1u << JH_UNIT_TEXT, "a column of people", JH_UNIT_DURATION},
    };
    const struct signature *s = &signatures[term->kind];
    const jh_term *asked = term->left;

    if ((s->takes & 1u << asked->unit) == 0)
        return jh_expr_fail(source, asked->at, "%s() is asked about %s, found %s", jh_function_name(term->kind),
                            s->expected, unit_text(asked->unit));
    if (asked->unit == JH_UNIT_TEXT && source->schema->columns[asked->column].list != NULL)
        return jh_expr_fail(source, asked->at, "column '%s' is a list; %s() is asked about one value",
                            source->schema->columns[asked->column].name, jh_function_name(term->kind));
    if (term->kind == JH_TERM_TENURE && (source->schema->columns[asked->column].roles & JH_ROLE_PERSON) == 0)
        return jh_expr_fail(source, asked->at,
                            "column '%s' is no column of people; give it 'role: person' in jihe.yaml",
                            source->schema->columns[asked->column].name);
    if (term->kind == JH_TERM_WORKDAY && (source->facts->calendar == NULL || source->facts->calendar->file_count == 0))
        return jh_expr_fail(
            source, term->at,
            "no calendar says which days are worked; write calendar/2026.csv in the workspace, with the "
            "header date,kind and lines like 2026-10-01,holiday");
    term->unit = s->gives;
    return JIHE_OK;
}

static jihe_status check_currency(const jh_expr_source *source, jh_term *term)
{
    const jh_term *a = term->left, *b = term->right;

    term->currency = a->currency[0] != '\0' ? a->currency : b->currency;
    if (a->currency[0] == '\0' || b->currency[0] == '\0' || strcmp(a->currency, b->currency) == 0)
        return JIHE_OK;
    return jh_expr_fail(source, b->at, "an amount in %s meets one in %s; amounts of different currencies do not mix",
                        a->currency, b->currency);
}

/* A number made of constants stands for an amount beside an amount. */
static void adapt(jh_term *a, jh_term *b)
{
    if (a->unit == JH_UNIT_MONEY && b->unit == JH_UNIT_NUMBER && b->constant)
        b->unit = JH_UNIT_MONEY;
    else if (b->unit == JH_UNIT_MONEY && a->unit == JH_UNIT_NUMBER && a->constant)
        a->unit = JH_UNIT_MONEY;
}

static void common_scale(jh_term *term)
{
    const uint32_t a = term->left->scale, b = term->right->scale;

    term->scale = a > b ? a : b;
    term->times = jh_power_of_ten(term->scale - a);
    term->other_times = jh_power_of_ten(term->scale - b);
}

/* A date moves by whole days that are known before: anything else would be a time of day. */
static jihe_status check_move(const jh_expr_source *source, jh_term *term)
{
    const jh_term *a = term->left, *b = term->right, *by = a->unit == JH_UNIT_DURATION ? a : b;

    term->unit = by == a ? b->unit : a->unit;
    if (term->unit == JH_UNIT_TIME)
        return JIHE_OK;
    if (by->kind != JH_TERM_CONST || by->value % JH_DAY_MS != 0)
        return jh_expr_fail(source, by->at, "a date moves by whole days, written like 90 days");
    term->over = JH_DAY_MS;
    return JIHE_OK;
}

static jihe_status check_sum(const jh_expr_source *source, jh_term *term)
{
    jh_term *a = term->left, *b = term->right;
    const bool minus = term->kind == JH_TERM_SUBTRACT;

    adapt(a, b);
    if (a->unit == b->unit && a->unit <= JH_UNIT_DURATION) {
        term->unit = a->unit;
        common_scale(term);
        return a->unit == JH_UNIT_MONEY ? check_currency(source, term) : JIHE_OK;
    }
    if (minus && a->unit == b->unit && (a->unit == JH_UNIT_DATE || a->unit == JH_UNIT_TIME)) {
        term->unit = JH_UNIT_DURATION;
        term->times = term->other_times = a->unit == JH_UNIT_DATE ? JH_DAY_MS : 1;
        return JIHE_OK;
    }
    if ((a->unit == JH_UNIT_DATE || a->unit == JH_UNIT_TIME) && b->unit == JH_UNIT_DURATION)
        return check_move(source, term);
    if (!minus && a->unit == JH_UNIT_DURATION && (b->unit == JH_UNIT_DATE || b->unit == JH_UNIT_TIME))
        return check_move(source, term);
    return fail_operands(source, term);
}

static jihe_status check_product(const jh_expr_source *source, jh_term *term)
{
    const jh_term *a = term->left, *b = term->right, *of = a->unit == JH_UNIT_NUMBER ? b : a;
    const jh_term *by = of == a ? b : a;

    if (by->unit != JH_UNIT_NUMBER || of->unit > JH_UNIT_DURATION)
        return fail_operands(source, term);
    term->unit = of->unit;
    term->currency = of->currency;
    if (of->unit == JH_UNIT_DURATION)
        term->over = jh_power_of_ten(by->scale);
    else
        term->scale = a->scale + b->scale;
    return check_scale(source, term);
}

static jihe_status check_quotient(const jh_expr_source *source, jh_term *term)
{
    jh_term *a = term->left, *b = term->right;

    if (a->unit > JH_UNIT_DURATION || (b->unit != JH_UNIT_NUMBER && b->unit != a->unit)) {
        adapt(a, b);
        if (a->unit != b->unit || a->unit > JH_UNIT_DURATION)
            return fail_operands(source, term);
    }
    if (a->unit == JH_UNIT_MONEY && b->unit == JH_UNIT_MONEY && check_currency(source, term) != JIHE_OK)
        return JIHE_CONFIG;
    term->unit = a->unit == b->unit ? JH_UNIT_NUMBER : a->unit;
    term->currency = term->unit == JH_UNIT_MONEY ? a->currency : "";
    term->scale = term->unit == JH_UNIT_DURATION ? 0 : JH_TERM_QUOTIENT_SCALE;
    term->times = jh_power_of_ten(b->scale + term->scale);
    term->other_times = jh_power_of_ten(a->scale);
    return JIHE_OK;
}

static jihe_status check_rest(const jh_expr_source *source, jh_term *term)
{
    jh_term *a = term->left, *b = term->right;

    adapt(a, b);
    if (a->unit != b->unit || a->unit > JH_UNIT_DURATION)
        return fail_operands(source, term);
    term->unit = a->unit;
    common_scale(term);
    return a->unit == JH_UNIT_MONEY ? check_currency(source, term) : JIHE_OK;
}

static jihe_status check_operation(const jh_expr_source *source, jh_term *term)
{
    const jh_term *left = term->left;

    switch (term->kind) {
    case JH_TERM_NEGATIVE:
    case JH_TERM_ABS:
        if (left->unit > JH_UNIT_DURATION)
            return jh_expr_fail(source, left->at, "found %s, expected a number, an amount of money or a duration",
                                unit_text(left->unit));
        term->unit = left->unit;
        term->scale = left->scale;
        term->currency = left->currency;
        return JIHE_OK;
    case JH_TERM_ADD:
    case JH_TERM_SUBTRACT:
        return check_sum(source, term);
    case JH_TERM_MULTIPLY:
        return check_product(source, term);
    case JH_TERM_DIVIDE:
        return check_quotient(source, term);
    case JH_TERM_REST:
        return check_rest(source, term);
    default:
        return check_function(source, term);
    }
}

jihe_status jh_term_check(const jh_expr_source *source, jh_term *term)
{
    jihe_status st;

    term->currency = "";
    term->times = term->other_times = term->over = 1;
    if (term->kind == JH_TERM_CONST)
        return check_const(source, term);
    if (term->kind == JH_TERM_COLUMN) {
        take_column(source, term);
        return JIHE_OK;
    }
    if ((st = jh_term_check(source, term->left)) != JIHE_OK ||
        (term->right != NULL && (st = jh_term_check(source, term->right)) != JIHE_OK))
        return st;
    term->constant = term->left->constant && (term->right == NULL || term->right->constant);
    return check_operation(source, term);
}

jihe_status jh_term_match(const jh_expr_source *source, jh_term *a, jh_term *b, uint32_t at)
{
    adapt(a, b);
    if (a->unit != b->unit)
        return jh_expr_fail(source, at, "%s and %s do not compare", unit_text(a->unit), unit_text(b->unit));
    if (a->unit == JH_UNIT_TRUTH || a->unit == JH_UNIT_TEXT)
        return jh_expr_fail(source, at, "%s cannot be compared with a computed value", unit_text(a->unit));
    if (a->unit == JH_UNIT_MONEY && a->currency[0] != '\0' && b->currency[0] != '\0' &&
        strcmp(a->currency, b->currency) != 0)
        return jh_expr_fail(source, at, "an amount in %s meets one in %s; amounts of different currencies do not mix",
                            a->currency, b->currency);
    return JIHE_OK;
}
