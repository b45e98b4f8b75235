#include "ingest/binding.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/bits.h"
#include "base/buf.h"
#include "base/text.h"
#include "ingest/csv.h"

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

/* "'金额' (nearest: '金额(元)')", joined with commas. */
static void list_absent(jh_buf *list, const char *name, const char *const *found, size_t count)
{
    const char *nearest = jh_text_nearest(name, found, count);
    char quoted[80];

    jh_buf_printf(list, "%s'%s'", list->len > 0 ? ", " : "", name);
    if (nearest != NULL)
        jh_buf_printf(list, " (nearest: '%s')", jh_text_quote(nearest, strlen(nearest), quoted, sizeof quoted));
}

/* All declared names that the header lacks, in one message. */
static jihe_status fail_absent(const jh_schema *schema, const char *source, const jh_record *header, jihe_error *err)
{
    jh_arena arena;
    jh_buf list = {0};
    const jh_field *second;
    const char **found;
    jihe_status st;

    jh_arena_init(&arena, 0);
    found = JH_NEW(&arena, const char *, header->count + 1);
    for (size_t i = 0; found != NULL && i < header->count; i++)
        if ((found[i] = jh_arena_text(&arena, header->fields[i].text, header->fields[i].len)) == NULL)
            found = NULL;
    for (size_t c = 0; found != NULL && c < schema->count; c++)
        for (size_t k = 0; k < schema->columns[c].source_count; k++)
            if (find_field(header, schema->columns[c].sources[k], &second) == ABSENT)
                list_absent(&list, schema->columns[c].sources[k], found, header->count);
    if (found == NULL || list.failed)
        st = jh_fail(err, JIHE_NO_MEMORY, "reading the header of '%s'", source);
    else
        st = jh_fail_at(err, JIHE_DATA, source, (uint32_t)header->line, 1,
                        "the header of %zu field%s lacks the declared %s%s", header->count,
                        header->count == 1 ? "" : "s", jh_buf_text(&list),
                        header->count == 1 && header->line > 0 ? "; is `csv: {delimiter: ...}` right?" : "");
    jh_buf_deinit(&list);
    jh_arena_deinit(&arena);
    return st;
}

static jihe_status bind_columns(jh_binding *binding, const jh_schema *schema, const char *source,
                                const jh_record *header, uint64_t *used, jihe_error *err)
{
    size_t next = 0;

    for (size_t c = 0; c < schema->count; c++) {
        binding->first[c] = (uint32_t)next;
        for (size_t k = 0; k < schema->columns[c].source_count; k++) {
            const jh_field *second = NULL;
            const int64_t at = find_field(header, schema->columns[c].sources[k], &second);
            if (at == ABSENT)
                return fail_absent(schema, source, header, err);
            if (at == TWICE)
                return jh_fail_at(err, JIHE_DATA, source, second->line, second->column,
                                  "the header has '%s' twice, and column '%s' is declared to come from it",
                                  schema->columns[c].sources[k], schema->columns[c].name);
            binding->at[next++] = (uint32_t)at;
            jh_bits_set(used, (size_t)at);
        }
    }
    binding->ignored = header->count - (size_t)jh_bits_count(used, header->count);
    return JIHE_OK;
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
    *binding = (jh_binding){0};
}
