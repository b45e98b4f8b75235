#include "ingest/expected.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/file.h"
#include "base/money.h"
#include "base/text.h"

enum { CONTROL_BYTES = 64 * 1024, SHOWN = 64, AMOUNT_ROOM = 48 };

jihe_status jh_expected_rows(jh_expected *expected, const char *rows, size_t len, jihe_error *err)
{
    char shown[SHOWN];

    if (expected->has_rows)
        return jh_fail(err, JIHE_USAGE, "the expected rows are given twice");
    if (!jh_num_u64(rows, len, &expected->rows))
        return jh_fail(err, JIHE_USAGE, "expected rows '%s' is not a whole number",
                       jh_text_quote(rows, len, shown, sizeof shown));
    expected->has_rows = true;
    return JIHE_OK;
}

static jihe_status find_money(const jh_schema *schema, const char *name, size_t len, size_t *column, jihe_error *err)
{
    char shown[SHOWN];

    *column = jh_schema_find(schema, name, len);
    jh_text_quote(name, len, shown, sizeof shown);
    if (*column == SIZE_MAX)
        return jh_fail(err, JIHE_USAGE, "expected total: jihe.yaml has no column '%s'", shown);
    if (schema->columns[*column].type != JH_MONEY)
        return jh_fail(err, JIHE_USAGE, "expected total: column '%s' has type %s, only money columns have totals",
                       shown, jh_type_name(schema->columns[*column].type));
    return JIHE_OK;
}

jihe_status jh_expected_total(jh_expected *expected, const jh_schema *schema, const char *column, size_t column_len,
                              const char *amount, size_t amount_len, jihe_error *err)
{
    struct jh_expected_amount total;
    char shown[SHOWN];
    jh_decimal value;
    jihe_status st = find_money(schema, column, column_len, &total.column, err);

    if (st != JIHE_OK)
        return st;
    const char *name = schema->columns[total.column].name;
    const uint32_t scale = schema->columns[total.column].money.scale;

    for (size_t i = 0; i < expected->total_count; i++)
        if (expected->totals[i].column == total.column)
            return jh_fail(err, JIHE_USAGE, "the expected total of '%s' is given twice", name);
    jh_text_quote(amount, amount_len, shown, sizeof shown);
    if (!jh_num_decimal(amount, amount_len, &value))
        return jh_fail(err, JIHE_USAGE, "expected total of '%s': '%s' is not an amount; write it like 1234.50", name,
                       shown);
    if (value.scale > scale)
        return jh_fail(err, JIHE_USAGE, "expected total of '%s': '%s' is finer than the column's %" PRIu32 " decimals",
                       name, shown, scale);
    total.minor = value.digits;
    for (uint32_t s = value.scale; s < scale; s++) /* at most 24 digits by then */
        total.minor *= 10;
    expected->totals[expected->total_count++] = total;
    return JIHE_OK;
}

bool jh_expected_any(const jh_expected *expected)
{
    return expected->has_rows || expected->total_count > 0;
}

/* --- control file ------------------------------------------------------------------------------------------------- */

/* A piece of a line without blanks and one pair of quotes around it. */
static void trim(const char **text, size_t *len)
{
    while (*len > 0 && strchr(" \t\r", (*text)[*len - 1]) != NULL && (*text)[*len - 1] != '\0')
        --*len;
    for (; *len > 0 && (**text == ' ' || **text == '\t'); ++*text)
        --*len;
    if (*len >= 2 && **text == '"' && (*text)[*len - 1] == '"') {
        ++*text;
        *len -= 2;
    }
}

static bool is_word(const char *text, size_t len, const char *word)
{
    return len == strlen(word) && memcmp(text, word, len) == 0;
}

static jihe_status read_line(jh_expected *expected, const jh_schema *schema, const char *line, size_t len, bool first,
                             jihe_error *err)
{
    static const char total[] = "total.";
    const char *key = line, *value = line;
    size_t key_len = 0, value_len;
    char shown[SHOWN];

    while (key_len < len && line[key_len] != '=' && line[key_len] != ',')
        key_len++;
    jh_text_quote(line, len, shown, sizeof shown);
    if (key_len == len)
        return jh_fail(err, JIHE_DATA, "'%s' is neither key=value nor key,value", shown);
    value += key_len + 1;
    value_len = len - key_len - 1;
    trim(&key, &key_len);
    trim(&value, &value_len);
    if (first && is_word(key, key_len, "key") && is_word(value, value_len, "value"))
        return JIHE_OK;
    if (is_word(key, key_len, "rows"))
        return jh_expected_rows(expected, value, value_len, err);
    if (key_len > strlen(total) && memcmp(key, total, strlen(total)) == 0)
        return jh_expected_total(expected, schema, key + strlen(total), key_len - strlen(total), value, value_len, err);
    return jh_fail(err, JIHE_DATA, "'%s': a control file says rows and total.COLUMN", shown);
}

static jihe_status read_text(jh_expected *expected, const jh_schema *schema, const char *path, const char *text,
                             size_t len, jihe_error *err)
{
    static const char mark[] = "\xEF\xBB\xBF";
    uint32_t number = 0;
    size_t at = len >= 3 && memcmp(text, mark, 3) == 0 ? 3 : 0;

    while (at < len) {
        const char *end = memchr(text + at, '\n', len - at);
        const size_t stop = end == NULL ? len : (size_t)(end - text);
        const char *line = text + at;
        size_t line_len = stop - at;
        jihe_error inner = {0};

        at = stop + 1;
        number++;
        trim(&line, &line_len);
        if (line_len == 0 || line[0] == '#')
            continue;
        const jihe_status st = read_line(expected, schema, line, line_len, number == 1, &inner);

        if (st != JIHE_OK)
            return jh_fail_at(err, JIHE_DATA, path, number, 1, "%s", inner.message);
    }
    return JIHE_OK;
}

jihe_status jh_expected_read(jh_expected *expected, const jh_schema *schema, const char *path, jihe_error *err)
{
    const jh_expected before = *expected;
    jh_buf text = {0};
    jihe_status st = jh_file_read(path, CONTROL_BYTES, &text, err);

    if (st == JIHE_OK && jh_text_utf8_valid((const char *)text.bytes, text.len) != text.len)
        st = jh_fail(err, JIHE_DATA, "'%s' is not valid UTF-8; a control file has to be", path);
    if (st == JIHE_OK)
        st = read_text(expected, schema, path, (const char *)text.bytes, text.len, err);
    if (st == JIHE_OK && expected->has_rows == before.has_rows && expected->total_count == before.total_count)
        st = jh_fail(err, JIHE_DATA, "'%s' says neither rows nor a total", path);
    jh_buf_deinit(&text);
    return st;
}

/* --- check -------------------------------------------------------------------------------------------------------- */

static void compare_rows(jh_buf *out, const jh_expected *expected, const jh_ingest_result *result)
{
    if (expected->has_rows && expected->rows != result->rows_read)
        jh_buf_printf(out, "%" PRIu64 " rows expected, %" PRIu64 " read (%" PRIu64 " good, %" PRIu64 " rejected); ",
                      expected->rows, result->rows_read, result->rows_stored, result->rows_rejected);
}

static void compare_total(jh_buf *out, const struct jh_expected_amount *total, const jh_column *column, jh_i128 found,
                          const jh_ingest_result *result)
{
    char wanted[AMOUNT_ROOM], got[AMOUNT_ROOM], difference[AMOUNT_ROOM];
    const bool more = found > total->minor;

    if (found == total->minor)
        return;
    jh_money_text(total->minor, column->money.scale, wanted);
    jh_money_text(found, column->money.scale, got);
    jh_money_text(more ? found - total->minor : total->minor - found, column->money.scale, difference);
    jh_buf_printf(out, "total of '%s' expected %s, of the documents to store %s (%s %s%s); ", column->name, wanted, got,
                  difference, more ? "more" : "less", result->rows_rejected > 0 ? ", rejected rows are not in it" : "");
}

jihe_status jh_expected_check(const jh_expected *expected, const jh_schema *schema, const jh_ingest_result *result,
                              const jh_dayset *days, jihe_error *err)
{
    jh_buf differences = {0};
    jihe_status st = JIHE_OK;

    compare_rows(&differences, expected, result);
    for (size_t i = 0; i < expected->total_count; i++) {
        const jh_column *column = &schema->columns[expected->totals[i].column];

        compare_total(&differences, &expected->totals[i], column, jh_dayset_total(days, column->name), result);
    }
    if (differences.failed)
        st = jh_fail(err, JIHE_NO_MEMORY, "comparing an extract with what was expected of it");
    else if (differences.len > 0)
        st = jh_fail(err, JIHE_DATA, "%snothing was stored", jh_buf_text(&differences));
    jh_buf_deinit(&differences);
    return st;
}
