#include "oracle.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void oracle_fail(oracle_row *row, const char *format, ...)
{
    va_list args;

    if (row->problem[0] != '\0')
        return;
    va_start(args, format);
    vsnprintf(row->problem, sizeof row->problem, format, args);
    va_end(args);
}

void oracle_check(oracle_row *row, jihe_status status, const jihe_error *err)
{
    if (status != JIHE_OK)
        oracle_fail(row, "refused: %s", err->message);
}

static void *get(oracle_row *row, size_t count, size_t size)
{
    void *memory = jh_arena_get(row->arena, count + 1, size);

    if (memory == NULL) {
        fputs("oracle_check: no memory\n", stderr);
        exit(74);
    }
    return memory;
}

static const char *find(const oracle_row *row, const char *name)
{
    for (size_t i = 0; i < row->count; i++)
        if (strcmp(row->names[i], name) == 0)
            return row->fields[i];
    return NULL;
}

const char *oracle_text(oracle_row *row, const char *name)
{
    const char *text = find(row, name);

    if (text == NULL)
        oracle_fail(row, "no column %s", name);
    return text != NULL ? text : "";
}

bool oracle_is(oracle_row *row, const char *name, const char *text)
{
    return strcmp(oracle_text(row, name), text) == 0;
}

bool oracle_has(oracle_row *row, const char *name)
{
    const char *text = find(row, name);

    return text != NULL && text[0] != '\0';
}

double oracle_to_double(oracle_row *row, const char *text)
{
    char *end;
    const double value = strtod(text, &end);

    if (strcmp(text, "NA") == 0)
        return NAN;
    if (end == text || *end != '\0')
        oracle_fail(row, "not a number: '%.40s'", text);
    return value;
}

static int64_t to_whole(oracle_row *row, const char *text)
{
    int64_t value = 0;

    if (!jh_num_i64(text, strlen(text), &value))
        oracle_fail(row, "not a whole number: '%.40s'", text);
    return value;
}

static uint64_t to_count(oracle_row *row, const char *text)
{
    uint64_t value = 0;

    if (!jh_num_u64(text, strlen(text), &value))
        oracle_fail(row, "not a count: '%.40s'", text);
    return value;
}

static jh_decimal to_decimal(oracle_row *row, const char *text)
{
    jh_decimal value = {0, 0};

    if (!jh_num_decimal(text, strlen(text), &value))
        oracle_fail(row, "not an exact decimal: '%.40s'", text);
    return value;
}

double oracle_double(oracle_row *row, const char *name)
{
    return oracle_to_double(row, oracle_text(row, name));
}

uint64_t oracle_count(oracle_row *row, const char *name)
{
    return to_count(row, oracle_text(row, name));
}

int64_t oracle_whole(oracle_row *row, const char *name)
{
    return to_whole(row, oracle_text(row, name));
}

jh_decimal oracle_decimal(oracle_row *row, const char *name)
{
    return to_decimal(row, oracle_text(row, name));
}

size_t oracle_split(oracle_row *row, const char *text, char separator, char ***out)
{
    size_t count = 1, i = 0;
    char *copy = get(row, strlen(text), 1);

    *out = NULL;
    if (text[0] == '\0' || strcmp(text, "none") == 0)
        return 0;
    for (const char *c = text; *c != '\0'; c++)
        count += *c == separator;
    *out = get(row, count, sizeof **out);
    strcpy(copy, text);
    for (char *item = copy; item != NULL; i++) {
        char *end = strchr(item, separator);

        (*out)[i] = item;
        if (end != NULL)
            *end++ = '\0';
        item = end;
    }
    return count;
}

size_t oracle_texts(oracle_row *row, const char *name, char ***out)
{
    return oracle_split(row, oracle_text(row, name), ';', out);
}

size_t oracle_doubles(oracle_row *row, const char *name, double **out)
{
    char **items;
    const size_t count = oracle_texts(row, name, &items);

    *out = get(row, count, sizeof **out);
    for (size_t i = 0; i < count; i++)
        (*out)[i] = oracle_to_double(row, items[i]);
    return count;
}

size_t oracle_counts(oracle_row *row, const char *name, uint64_t **out)
{
    char **items;
    const size_t count = oracle_texts(row, name, &items);

    *out = get(row, count, sizeof **out);
    for (size_t i = 0; i < count; i++)
        (*out)[i] = to_count(row, items[i]);
    return count;
}

size_t oracle_wholes(oracle_row *row, const char *name, int64_t **out)
{
    char **items;
    const size_t count = oracle_texts(row, name, &items);

    *out = get(row, count, sizeof **out);
    for (size_t i = 0; i < count; i++)
        (*out)[i] = to_whole(row, items[i]);
    return count;
}

size_t oracle_decimals(oracle_row *row, const char *name, jh_decimal **out)
{
    char **items;
    const size_t count = oracle_texts(row, name, &items);

    *out = get(row, count, sizeof **out);
    for (size_t i = 0; i < count; i++)
        (*out)[i] = to_decimal(row, items[i]);
    return count;
}

void oracle_give(oracle_row *row, double value)
{
    if (isnan(value))
        jh_buf_puts(row->answer, "NA\n");
    else
        jh_buf_printf(row->answer, "%.17g\n", value);
}

/* Marked, so that the comparison is one of digits. */
void oracle_give_whole(oracle_row *row, int64_t value)
{
    jh_buf_printf(row->answer, "=%" PRId64 "\n", value);
}

void oracle_give_count(oracle_row *row, uint64_t value)
{
    jh_buf_printf(row->answer, "=%" PRIu64 "\n", value);
}

void oracle_give_text(oracle_row *row, const char *text)
{
    jh_buf_printf(row->answer, "=%s\n", text);
}
