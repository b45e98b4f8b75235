#include "ingest/convert.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/days.h"
#include "base/text.h"

typedef struct quoted {
    char text[96];
} quoted;

static quoted quote(const jh_field *field)
{
    quoted out;

    jh_text_quote(field->text, field->len, out.text, sizeof out.text);
    return out;
}

static size_t count_lists(const jh_schema *schema)
{
    size_t count = 0;

    for (size_t c = 0; c < schema->count; c++)
        count += schema->columns[c].list != NULL;
    return count;
}

jihe_status jh_converter_init(jh_converter *converter, const jh_workspace_config *config, jihe_error *err)
{
    const size_t lists = count_lists(&config->schema);

    *converter = (jh_converter){.config = config};
    converter->missing_len = calloc(config->missing_count + 1, sizeof *converter->missing_len);
    converter->lists = lists > 0 ? malloc(lists * JH_LIST_MAX) : NULL;
    if (converter->missing_len == NULL || (lists > 0 && converter->lists == NULL)) {
        jh_converter_deinit(converter);
        return jh_fail(err, JIHE_NO_MEMORY, "preparing the columns");
    }
    for (size_t i = 0; i < config->missing_count; i++)
        converter->missing_len[i] = (uint32_t)strlen(config->missing[i]);
    return JIHE_OK;
}

void jh_converter_deinit(jh_converter *converter)
{
    free(converter->missing_len);
    free(converter->lists);
    converter->missing_len = NULL;
    converter->lists = NULL;
}

static bool is_missing(const jh_converter *converter, const jh_field *field)
{
    if (field->text == NULL)
        return true;
    for (size_t i = 0; i < converter->config->missing_count; i++)
        if (field->len == converter->missing_len[i] &&
            memcmp(field->text, converter->config->missing[i], field->len) == 0)
            return true;
    return false;
}

static bool too_long(const jh_column *column, const jh_field *field, uint32_t most, const char *reason, jh_reject *why)
{
    if (field->len <= most)
        return false;
    jh_reject_say(why, reason, "'%s' has %" PRIu32 " bytes, column '%s' takes %" PRIu32 " at most", quote(field).text,
                  field->len, column->name, most);
    return true;
}

static bool has_control(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < 0x20)
            return true;
    return false;
}

/* A character whose meaning only one system knows is refused unless jihe.yaml takes such characters. */
static bool check_private(const jh_converter *converter, const jh_field *field, jh_reject *why)
{
    const size_t at = jh_text_private_use(field->text, field->len);

    if (at == field->len || converter->config->private_use)
        return true;
    jh_reject_say(why, "private-use",
                  "character %" PRIu32 " of '%s' is a private-use one; `source: {private_use: allow}` takes them",
                  jh_text_code_points(field->text, at) + 1, quote(field).text);
    return false;
}

/* One part of the id, or all of it. An empty id is missing whatever jihe.yaml says; an empty part of several is a value where
 * jihe.yaml says that an empty cell is one (missing: []). */
static bool check_id_part(const jh_converter *converter, const jh_column *column, const jh_field *field, jh_reject *why)
{
    if ((field->len == 0 && column->source_count == 1) || is_missing(converter, field)) {
        jh_reject_say(why, "id-missing", "column '%s' needs a value here: a document must have an id", column->name);
        return false;
    }
    if (has_control(field->text, field->len)) {
        jh_reject_say(why, "id-control", "the id '%s' holds a control character", quote(field).text);
        return false;
    }
    return !too_long(column, field, JH_ID_MAX, "id-too-long", why) && check_private(converter, field, why);
}

static bool convert_category(const jh_converter *converter, const jh_column *column, const jh_field *field,
                             jh_cell *cell, jh_reject *why)
{
    cell->text = field->text;
    cell->len = field->len;
    return !too_long(column, field, JH_CATEGORY_MAX, "category-too-long", why) &&
           check_private(converter, field, why);
}

static bool convert_text(const jh_converter *converter, const jh_column *column, const jh_field *field, jh_cell *cell,
                         jh_reject *why)
{
    cell->text = field->text;
    cell->len = field->len;
    return !too_long(column, field, JH_INGEST_TEXT_MAX, "text-too-long", why) &&
           check_private(converter, field, why);
}

/* ---- lists ---- */

/* The values of a list so far. */
typedef struct listing {
    char *text; /* room for JH_LIST_MAX bytes */
    uint32_t len;
    uint32_t from[JH_LIST_VALUES + 1]; /* of each value, and where the next one would begin */
    size_t count;
} listing;

static bool list_has(const listing *list, const char *text, size_t len)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->from[i + 1] - list->from[i] == len + 1 && memcmp(list->text + list->from[i], text, len) == 0)
            return true;
    return false;
}

/* `rest` without its first value, which becomes `part`. */
static bool next_part(const char *mark, size_t mark_len, jh_field *rest, jh_field *part)
{
    const char *at = rest->text == NULL ? NULL : memmem(rest->text, rest->len, mark, mark_len);
    const size_t taken = at == NULL ? rest->len : (size_t)(at - rest->text);

    if (rest->text == NULL)
        return false;
    *part = *rest;
    part->len = (uint32_t)taken;
    rest->text = at == NULL ? NULL : at + mark_len;
    rest->len -= (uint32_t)(at == NULL ? taken : taken + mark_len);
    return true;
}

static bool check_part(const jh_converter *converter, const jh_column *column, const jh_field *part, jh_reject *why)
{
    if (has_control(part->text, part->len)) {
        jh_reject_say(why, "list-control", "the value '%s' of a list holds a control character", quote(part).text);
        return false;
    }
    if (part->list && memmem(part->text, part->len, column->list, strlen(column->list)) != NULL) {
        jh_reject_say(why, "list-separator", "the value '%s' holds '%s', which separates the values of column '%s'",
                      quote(part).text, column->list, column->name);
        return false;
    }
    return !too_long(column, part, JH_CATEGORY_MAX, "category-too-long", why) && check_private(converter, part, why);
}

static bool add_part(listing *list, const jh_column *column, const jh_field *part, jh_reject *why)
{
    if (list_has(list, part->text, part->len))
        return true;
    if (list->count == JH_LIST_VALUES) {
        jh_reject_say(why, "list-too-long", "the list has more than %d different values, column '%s' takes no more",
                      JH_LIST_VALUES, column->name);
        return false;
    }
    if (list->count > 0)
        list->text[list->len++] = JH_LIST_MARK;
    memcpy(list->text + list->len, part->text, part->len);
    list->len += part->len;
    list->from[++list->count] = list->len + 1;
    return true;
}

bool jh_convert_list(jh_converter *converter, const jh_column *column, const jh_field *field, jh_cell *cell,
                     jh_reject *why)
{
    listing list = {.text = converter->lists + converter->list_count++ * JH_LIST_MAX};
    const char *mark = field->list ? "" : column->list;
    jh_field rest = *field, part;

    if (too_long(column, field, JH_LIST_MAX, "list-too-long", why))
        return false;
    while (next_part(mark, field->list ? 1 : strlen(mark), &rest, &part))
        if (part.len > 0 && !is_missing(converter, &part) &&
            (!check_part(converter, column, &part, why) || !add_part(&list, column, &part, why)))
            return false;
    *cell = (jh_cell){.present = list.count > 0, .text = list.text, .len = list.len};
    return true;
}

/* ---- amounts ---- */

/* Decimals that the amount may have: those of its currency. */
static bool find_digits(const jh_converter *converter, const jh_column *column, uint32_t *digits, jh_reject *why)
{
    const jh_minor_units *units = column->units;
    const jh_field *currency = converter->currency;
    bool missing;

    *digits = column->money.scale;
    if (units == NULL)
        return true;
    missing = is_missing(converter, currency);
    for (size_t i = 0; i < units->count && !missing; i++)
        if (units->units[i].len == currency->len &&
            memcmp(units->units[i].currency, currency->text, currency->len) == 0) {
            *digits = units->units[i].digits;
            return true;
        }
    *digits = units->other_digits;
    if (units->takes_other)
        return true;
    if (missing)
        jh_reject_say(why, "currency-missing", "the amount has no currency; column '%s' needs one",
                      converter->config->schema.columns[units->column].name);
    else
        jh_reject_say(
            why, "currency-unknown",
            "the amount is in '%s', which the minor_units of column '%s' do not name; `other: N` would take it",
            quote(currency).text, column->name);
    return false;
}

static void say_finer(const jh_converter *converter, const jh_column *column, const jh_field *field, uint32_t digits,
                      jh_reject *why)
{
    char of[128] = "";

    if (column->units != NULL && converter->currency->text != NULL)
        snprintf(of, sizeof of, ", which is what '%s' has", quote(converter->currency).text);
    if (column->in_minor)
        jh_reject_say(why, "money-finer", "'%s' is not a whole number of minor units; column '%s' comes in them",
                      quote(field).text, column->name);
    else
        jh_reject_say(why, "money-finer",
                      "'%s' has more than %" PRIu32
                      " decimals%s; declare `finer: round` for column '%s' to round such amounts",
                      quote(field).text, digits, of, column->name);
}

/* From the currency's unit to the column's. */
static jh_money_result widen(int64_t *number, uint32_t places)
{
    for (; places > 0; places--)
        if (__builtin_mul_overflow(*number, 10, number))
            return JH_MONEY_TOO_LARGE;
    return JH_MONEY_OK;
}

static bool convert_money(const jh_converter *converter, const jh_column *column, const jh_field *field, jh_cell *cell,
                          jh_reject *why)
{
    const jh_money_format *money = &column->money;
    jh_money_format format = {.prefix = "", .thousands = "", .decimal = ".", .round_finer = money->round_finer};
    jh_money_result result;
    uint32_t digits;

    if (!find_digits(converter, column, &digits, why))
        return false;
    if (!field->plain)
        format = *money;
    format.scale = column->in_minor ? 0 : digits;
    result = jh_money_parse(&format, field->text, field->len, &cell->number);
    if (result == JH_MONEY_OK)
        result = widen(&cell->number, money->scale - digits);
    switch (result) {
    case JH_MONEY_OK:
        return true;
    case JH_MONEY_FINER:
        say_finer(converter, column, field, digits, why);
        return false;
    case JH_MONEY_TOO_LARGE:
        jh_reject_say(why, "money-too-large", "'%s' is larger than an amount can be", quote(field).text);
        return false;
    case JH_MONEY_MALFORMED:
        break;
    }
    if (field->plain)
        jh_reject_say(why, "money-malformed", "'%s' is not an amount: a number without an exponent is expected",
                      quote(field).text);
    else
        jh_reject_say(why, "money-malformed",
                      "'%s' is not an amount (prefix '%s', thousands mark '%s', decimal mark '%s')", quote(field).text,
                      money->prefix, money->thousands, money->decimal);
    return false;
}

static bool convert_integer(const jh_column *column, const jh_field *field, jh_cell *cell, jh_reject *why)
{
    /* An amount of no decimals is the same as a number, with the marks of negatives besides. */
    const jh_money_format whole = {.prefix = "", .thousands = "", .decimal = "", .negative = column->money.negative};
    const bool marked = whole.negative != 0 && !field->plain;

    if (marked ? jh_money_parse(&whole, field->text, field->len, &cell->number) == JH_MONEY_OK
               : jh_num_i64(field->text, field->len, &cell->number))
        return true;
    jh_reject_say(why, "integer-malformed", "'%s' is not a whole number of 64 bits (digits, %s)", quote(field).text,
                  marked ? "negatives as the column declares them" : "'-' in front");
    return false;
}

static bool is_midnight(const jh_clock *clock)
{
    return clock->hour == 0 && clock->minute == 0 && clock->second == 0;
}

/* A format with a time of day is fine for a date: the time is checked and dropped, the day stays as it is written. */
static bool convert_date(const jh_column *column, const jh_field *field, jh_cell *cell, jh_reject *why)
{
    jh_clock clock;

    if (jh_clock_parse(column->format, field->text, field->len, &clock) &&
        (strcmp(column->format, JH_CLOCK_EXCEL) != 0 || is_midnight(&clock))) {
        cell->number = jh_days_from_civil(clock.date);
        return true;
    }
    if (strcmp(column->format, JH_CLOCK_EXCEL) == 0)
        jh_reject_say(why, "date-malformed", "'%s' is not a whole serial day of Excel (1 to 2958465, never 60)",
                      quote(field).text);
    else
        jh_reject_say(why, "date-malformed", "'%s' is not a date of the form '%s'", quote(field).text, column->format);
    return false;
}

static bool convert_time(const jh_converter *converter, const jh_column *column, const jh_field *field, jh_cell *cell,
                         jh_reject *why)
{
    jh_clock clock;

    if (!jh_clock_parse(column->format, field->text, field->len, &clock)) {
        jh_reject_say(why, "time-malformed", "'%s' is not a time of the form '%s'", quote(field).text, column->format);
        return false;
    }
    if (!jh_zone_to_utc(converter->config->zone, &clock, &cell->number)) {
        jh_reject_say(why, "time-skipped", "'%s' does not exist in %s: clocks were put forward", quote(field).text,
                      converter->config->timezone);
        return false;
    }
    return true;
}

static bool same_word(const jh_field *field, const char *word)
{
    if (field->len != strlen(word))
        return false;
    for (size_t i = 0; i < field->len; i++) {
        const char c = field->text[i];
        if ((c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) != word[i])
            return false;
    }
    return true;
}

static bool convert_flag(const jh_field *field, jh_cell *cell, jh_reject *why)
{
    static const char *const words[][2] = {{"0", "1"}, {"no", "yes"}, {"n", "y"}, {"false", "true"}, {"否", "是"}};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        for (int value = 0; value <= 1; value++) {
            if (same_word(field, words[i][value])) {
                cell->number = value;
                return true;
            }
        }
    }
    jh_reject_say(why, "flag-malformed", "'%s' is not one of true/false, yes/no, y/n, 1/0, 是/否", quote(field).text);
    return false;
}

/* The field with U+FF01..FF5E as the ASCII they are wide forms of. What does not fit is no number: it stays. */
static jh_field narrow(jh_converter *converter, const jh_field *field)
{
    const unsigned char *s = (const unsigned char *)field->text;
    jh_field out = *field;
    uint32_t len = 0;

    if (field->len > JH_PLAIN_MAX)
        return out;
    for (uint32_t i = 0; i < field->len; i++) {
        const bool wide = s[i] == 0xef && ((s[i + 1] == 0xbc && s[i + 2] != 0x80) ||
                                           (s[i + 1] == 0xbd && s[i + 2] <= 0x9e));
        converter->plain[len++] = wide ? (char)(s[i + 2] - (s[i + 1] == 0xbc ? 0x60 : 0x20)) : (char)s[i];
        i += wide ? 2 : 0;
    }
    out.text = converter->plain;
    out.len = len;
    return out;
}

static bool convert_value(const jh_converter *converter, const jh_column *column, const jh_field *field, jh_cell *cell,
                          jh_reject *why)
{
    switch (column->type) {
    case JH_ID:
        cell->text = field->text;
        cell->len = field->len;
        return check_id_part(converter, column, field, why);
    case JH_CATEGORY:
        return convert_category(converter, column, field, cell, why);
    case JH_MONEY:
        return convert_money(converter, column, field, cell, why);
    case JH_INTEGER:
        return convert_integer(column, field, cell, why);
    case JH_DATE:
        return convert_date(column, field, cell, why);
    case JH_TIME:
        return convert_time(converter, column, field, cell, why);
    case JH_TEXT:
        return convert_text(converter, column, field, cell, why);
    case JH_FLAG:
        return convert_flag(field, cell, why);
    }
    jh_reject_say(why, "type", "column '%s' has an unknown type", column->name);
    return false;
}

static bool convert_field(jh_converter *converter, const jh_column *column, const jh_field *field, jh_cell *cell,
                          jh_reject *why)
{
    jh_field plain;

    *cell = (jh_cell){.present = column->type == JH_ID || !is_missing(converter, field)};
    if (!cell->present)
        return true;
    if (column->list != NULL)
        return jh_convert_list(converter, column, field, cell, why);
    if (!column->full_width)
        return convert_value(converter, column, field, cell, why);
    plain = narrow(converter, field);
    return convert_value(converter, column, &plain, cell, why);
}

/* Adds one more source of the id behind a '|'. */
static bool join_id(jh_converter *converter, const jh_column *column, const jh_field *field, jh_cell *id,
                    jh_reject *why)
{
    if (!check_id_part(converter, column, field, why))
        return false;
    if (id->len + 1 + field->len > JH_ID_MAX) {
        jh_reject_say(why, "id-too-long", "the joined id has more than %d bytes", JH_ID_MAX);
        return false;
    }
    memmove(converter->id, id->text, id->len); /* the first time: out of the record */
    converter->id[id->len] = '|';
    memcpy(converter->id + id->len + 1, field->text, field->len);
    id->text = converter->id;
    id->len += 1 + field->len;
    return true;
}

bool jh_convert_row(jh_converter *converter, const jh_binding *binding, const jh_record *record, jh_cell *cells,
                    jh_reject *why)
{
    const jh_schema *schema = &converter->config->schema;

    converter->list_count = 0;
    for (size_t c = 0; c < schema->count; c++) {
        const jh_column *column = &schema->columns[c];
        const jh_field *field = jh_binding_field(binding, record, c, 0);

        if (column->units != NULL)
            converter->currency = jh_binding_field(binding, record, column->units->column, 0);
        if (!convert_field(converter, column, field, &cells[c], why)) {
            jh_reject_at(why, field);
            return false;
        }
        for (size_t k = 1; k < column->source_count; k++) {
            field = jh_binding_field(binding, record, c, k);
            if (!join_id(converter, column, field, &cells[c], why)) {
                jh_reject_at(why, field);
                return false;
            }
        }
    }
    return true;
}
