#include "ingest/binding.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/bits.h"
#include "base/buf.h"
#include "base/text.h"
#include "ingest/csv.h"

const jh_field jh_field_absent = {.line = 1, .column = 1};

enum { ABSENT = -1, TWICE = -2 };

static bool is_name(const jh_field *field, const char *name)
{
    return field->len == strlen(name) && memcmp(field->text, name, field->len) == 0;
}

/* Position of the only header field of that name, ABSENT, or TWICE. */
static int64_t find_field(const jh_record *header, const char *name, const jh_field **second)
{
    int64_t found = ABSENT;

    for (size_t i = 0; i < header->count; i++) {
        if (!is_name(&header->fields[i], name))
            continue;
        *second = &header->fields[i];
        if (found != ABSENT)
            return TWICE;
        found = (int64_t)i;
    }
    return found;
}

/* As find_field, under any of the names that the column's `k`th source may have; two of them there are one too many. */
static int64_t find_source(const jh_record *header, const jh_column *column, size_t k, const jh_field **second)
{
    int64_t found = find_field(header, column->sources[k], second);

    for (size_t i = 0; i < column->also_count && found != TWICE; i++) {
        const jh_field *place = NULL;
        const int64_t also = find_field(header, column->also[i], &place);

        if (also == ABSENT)
            continue;
        *second = place;
        found = found == ABSENT ? also : TWICE;
    }
    return found;
}

static bool is_declared(const jh_schema *schema, const jh_field *field)
{
    for (size_t c = 0; c < schema->count; c++) {
        const jh_column *column = &schema->columns[c];

        for (size_t k = 0; k < column->source_count; k++)
            if (is_name(field, column->sources[k]))
                return true;
        for (size_t k = 0; k < column->also_count; k++)
            if (is_name(field, column->also[k]))
                return true;
    }
    return false;
}

/* "'金额' (nearest: '金额(元)')", joined with commas. Gives the nearest, or NULL. */
static const char *list_absent(jh_buf *list, const jh_column *column, size_t k, const char *const *found, size_t count)
{
    const char *nearest = jh_text_related(column->sources[k], found, count);
    char quoted[80];

    jh_buf_printf(list, "%s'%s'", list->len > 0 ? ", " : "", column->sources[k]);
    for (size_t i = 0; i < column->also_count; i++) {
        jh_buf_printf(list, " or '%s'", column->also[i]);
        if (nearest == NULL)
            nearest = jh_text_related(column->also[i], found, count);
    }
    if (nearest != NULL)
        jh_buf_printf(list, " (nearest: '%s')", jh_text_quote(nearest, strlen(nearest), quoted, sizeof quoted));
    return nearest;
}

/* What to write for the first column that seems to have another name now. */
static void suggest_source(jh_buf *hint, const jh_column *column, const char *nearest)
{
    char quoted[80];

    if (nearest == NULL || hint->len > 0)
        return;
    jh_text_quote(nearest, strlen(nearest), quoted, sizeof quoted);
    if (column->source_count > 1)
        jh_buf_printf(hint, "; if it has a new name, write '%s' in the source of column '%s'", quoted, column->name);
    else
        jh_buf_printf(hint, "; if it has a new name, write source: %s for column '%s', or source_any with both", quoted,
                      column->name);
}

static void list_all_absent(jh_buf *list, jh_buf *hint, const jh_schema *schema, const jh_record *header,
                            const char *const *found, size_t count)
{
    const jh_field *second;

    for (size_t c = 0; c < schema->count; c++) {
        const jh_column *column = &schema->columns[c];

        for (size_t k = 0; k < column->source_count; k++)
            if (!column->optional && find_source(header, column, k, &second) == ABSENT)
                suggest_source(hint, column, list_absent(list, column, k, found, count));
    }
}

/* All declared names that the header lacks, in one message; near are only names that nothing declares. */
static jihe_status fail_absent(const jh_schema *schema, const char *source, const jh_record *header, jihe_error *err)
{
    jh_arena arena;
    jh_buf list = {0}, hint = {0};
    const char **found;
    size_t count = 0;
    jihe_status st;

    jh_arena_init(&arena, 0);
    found = JH_NEW(&arena, const char *, header->count + 1);
    for (size_t i = 0; found != NULL && i < header->count; i++)
        if (!is_declared(schema, &header->fields[i]) &&
            (found[count++] = jh_arena_text(&arena, header->fields[i].text, header->fields[i].len)) == NULL)
            found = NULL;
    if (found != NULL)
        list_all_absent(&list, &hint, schema, header, found, count);
    if (found == NULL || list.failed || hint.failed)
        st = jh_fail(err, JIHE_NO_MEMORY, "reading the header of '%s'", source);
    else
        st = jh_fail_at(
            err, JIHE_DATA, source, (uint32_t)header->line, 1, "the header of %zu field%s lacks the declared %s%s",
            header->count, header->count == 1 ? "" : "s", jh_buf_text(&list),
            header->count == 1 && header->line > 0 ? "; is `csv: {delimiter: ...}` right?" : jh_buf_text(&hint));
    jh_buf_deinit(&list);
    jh_buf_deinit(&hint);
    jh_arena_deinit(&arena);
    return st;
}

static jihe_status fail_twice(const jh_column *column, size_t k, const char *source, const jh_field *second,
                              jihe_error *err)
{
    if (is_name(second, column->sources[k]) || column->also_count == 0)
        return jh_fail_at(err, JIHE_DATA, source, second->line, second->column,
                          "the header has '%s' twice, and column '%s' is declared to come from it", column->sources[k],
                          column->name);
    return jh_fail_at(err, JIHE_DATA, source, second->line, second->column,
                      "the header has more than one of the names in source_any of column '%s'; nobody can tell which "
                      "counts",
                      column->name);
}

static void note_ignored(jh_binding *binding, const jh_record *header, const uint64_t *used)
{
    for (size_t i = 0; i < header->count; i++)
        if (!jh_bits_test(used, i))
            jh_binding_ignore(binding, header->fields[i].text, header->fields[i].len);
}

static jihe_status bind_columns(jh_binding *binding, const jh_schema *schema, const char *source,
                                const jh_record *header, uint64_t *used, jihe_error *err)
{
    size_t next = 0;

    for (size_t c = 0; c < schema->count; c++) {
        const jh_column *column = &schema->columns[c];

        binding->first[c] = (uint32_t)next;
        for (size_t k = 0; k < column->source_count; k++) {
            const jh_field *second = NULL;
            const int64_t at = find_source(header, column, k, &second);

            if (at == TWICE)
                return fail_twice(column, k, source, second, err);
            if (at == ABSENT && !column->optional)
                return fail_absent(schema, source, header, err);
            binding->at[next++] = at == ABSENT ? JH_BINDING_ABSENT : (uint32_t)at;
            if (at != ABSENT)
                jh_bits_set(used, (size_t)at);
        }
    }
    note_ignored(binding, header, used);
    return binding->names.failed ? jh_fail(err, JIHE_NO_MEMORY, "preparing to read '%s'", source) : JIHE_OK;
}

void jh_binding_ignore(jh_binding *binding, const char *name, size_t len)
{
    if (binding->ignored++ >= JH_BINDING_NAMED)
        return;
    jh_buf_put(&binding->names, name, len);
    jh_buf_putc(&binding->names, '\0');
}

/* Room for the positions of all sources. */
static jihe_status make_room(jh_binding *binding, const jh_schema *schema, const char *source, size_t *sources,
                             jihe_error *err)
{
    *sources = 0;
    for (size_t c = 0; c < schema->count; c++)
        *sources += schema->columns[c].source_count;
    binding->first = calloc(schema->count, sizeof *binding->first);
    binding->at = calloc(*sources, sizeof *binding->at);
    if (binding->first != NULL && binding->at != NULL)
        return JIHE_OK;
    jh_binding_deinit(binding);
    return jh_fail(err, JIHE_NO_MEMORY, "preparing to read '%s'", source);
}

jihe_status jh_binding_init_sources(jh_binding *binding, const jh_schema *schema, const char *source, jihe_error *err)
{
    uint32_t next = 0;
    jihe_status st;

    *binding = (jh_binding){0};
    if ((st = make_room(binding, schema, source, &binding->fields, err)) != JIHE_OK)
        return st;
    for (size_t c = 0; c < schema->count; c++) {
        binding->first[c] = next;
        for (size_t k = 0; k < schema->columns[c].source_count; k++, next++)
            binding->at[next] = next;
    }
    return JIHE_OK;
}

jihe_status jh_binding_init(jh_binding *binding, const jh_schema *schema, const char *source, const jh_record *header,
                            jihe_error *err)
{
    uint64_t used[JH_CSV_MAX_FIELDS / 64] = {0};
    size_t sources;
    jihe_status st;

    *binding = (jh_binding){.fields = header->count};
    if (header->bad != NULL)
        return jh_fail_at(err, JIHE_DATA, source, header->bad_line, header->bad_column, "the header row has %s",
                          header->bad);
    if ((st = make_room(binding, schema, source, &sources, err)) != JIHE_OK)
        return st;
    if ((st = bind_columns(binding, schema, source, header, used, err)) != JIHE_OK)
        jh_binding_deinit(binding);
    return st;
}

void jh_binding_deinit(jh_binding *binding)
{
    free(binding->first);
    free(binding->at);
    jh_buf_deinit(&binding->names);
    *binding = (jh_binding){0};
}
