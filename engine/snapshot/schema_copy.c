#include "snapshot/schema_copy.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "codec/pack.h"
#include "codec/unpack.h"

enum { MAX_LIST_MARK = 8 }; /* bytes */

static void pack_column(jh_buf *out, const jh_column *column)
{
    jh_pack_map(out, column->list != NULL ? 12 : 11);
    jh_pack_text(out, "name");
    jh_pack_text(out, column->name);
    jh_pack_text(out, "type");
    jh_pack_u64(out, column->type);
    jh_pack_text(out, "roles");
    jh_pack_u64(out, column->roles);
    jh_pack_text(out, "sources");
    jh_pack_array(out, column->source_count);
    for (size_t i = 0; i < column->source_count; i++)
        jh_pack_text(out, column->sources[i]);
    jh_pack_text(out, "format");
    jh_pack_text(out, column->format);
    jh_pack_text(out, "currency");
    jh_pack_text(out, column->currency);
    jh_pack_text(out, "scale");
    jh_pack_u64(out, column->money.scale);
    jh_pack_text(out, "prefix");
    jh_pack_text(out, column->money.prefix);
    jh_pack_text(out, "thousands");
    jh_pack_text(out, column->money.thousands);
    jh_pack_text(out, "decimal");
    jh_pack_text(out, column->money.decimal);
    jh_pack_text(out, "round");
    jh_pack_bool(out, column->money.round_finer != 0);
    if (column->list == NULL) /* as snapshots were before there were lists */
        return;
    jh_pack_text(out, "list");
    jh_pack_text(out, column->list);
}

void jh_schema_pack(jh_buf *out, const jh_schema *schema)
{
    jh_pack_map(out, 2);
    jh_pack_text(out, "format");
    jh_pack_u64(out, JH_DATA_FORMAT);
    jh_pack_text(out, "columns");
    jh_pack_array(out, schema->count);
    for (size_t column = 0; column < schema->count; column++)
        pack_column(out, &schema->columns[column]);
}

/* One value of a column's map on its way out of the file; the first trouble stays. */
struct reader {
    jh_arena *arena;
    jh_unpack map;
    const char *trouble;
    bool no_memory;
};

static jh_unpack field(struct reader *reader, const char *key)
{
    jh_unpack value = {0};

    if (!jh_unpack_find(&reader->map, key, &value)) {
        reader->trouble = key;
        value.failed = true;
    }
    return value;
}

static char *terminated(struct reader *reader, const char *text, size_t len, const char *key)
{
    char *copy;

    if (text == NULL)
        return NULL;
    if (memchr(text, '\0', len) != NULL)
        reader->trouble = key;
    copy = jh_arena_text(reader->arena, text, len);
    if (copy == NULL)
        reader->no_memory = true;
    return copy;
}

static const char *text_field(struct reader *reader, const char *key)
{
    jh_unpack value = field(reader, key);
    const char *text;
    size_t len = 0;

    if (value.failed)
        return NULL;
    text = jh_unpack_str(&value, &len);
    if (value.failed) {
        reader->trouble = key;
        return NULL;
    }
    return terminated(reader, text, len, key);
}

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

static uint32_t number_field(struct reader *reader, const char *key, uint32_t most)
{
    jh_unpack value = field(reader, key);
    uint64_t number;

    if (value.failed)
        return 0;
    number = jh_unpack_u64(&value);
    if (value.failed || number > most) {
        reader->trouble = key;
        return 0;
    }
    return (uint32_t)number;
}

static void read_sources(struct reader *reader, jh_column *column)
{
    jh_unpack value = field(reader, "sources");
    const char **sources;
    size_t count, len;

    if (value.failed)
        return;
    count = jh_unpack_array(&value);
    sources = JH_NEW(reader->arena, const char *, count + 1); /* count <= bytes of the schema */
    if (sources == NULL) {
        reader->no_memory = true;
        return;
    }
    for (size_t i = 0; i < count && !value.failed; i++) {
        const char *text = jh_unpack_str(&value, &len);

        sources[i] = or_empty(terminated(reader, text, len, "sources"));
    }
    if (value.failed)
        reader->trouble = "sources";
    column->sources = sources;
    column->source_count = count;
}

static void read_money(struct reader *reader, jh_column *column)
{
    jh_unpack value = field(reader, "round");

    column->currency = or_empty(text_field(reader, "currency"));
    column->money.scale = number_field(reader, "scale", 6);
    column->money.prefix = or_empty(text_field(reader, "prefix"));
    column->money.thousands = or_empty(text_field(reader, "thousands"));
    column->money.decimal = or_empty(text_field(reader, "decimal"));
    if (value.failed)
        return;
    column->money.round_finer = jh_unpack_bool(&value) ? 1 : 0;
    if (value.failed)
        reader->trouble = "round";
}

/* Absent: one value at most. */
static void read_list(struct reader *reader, jh_column *column)
{
    jh_unpack value = {0};

    if (!jh_unpack_find(&reader->map, "list", &value))
        return;
    column->list = text_field(reader, "list");
    if (column->list == NULL || column->list[0] == '\0' || strlen(column->list) > MAX_LIST_MARK ||
        strchr(column->list, JH_LIST_MARK) != NULL || column->type != JH_CATEGORY || column->roles != 0)
        reader->trouble = "list";
}

/* Names stand in messages and headers as they are. */
static bool printable(const char *name)
{
    for (const char *at = name; *at != '\0'; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            return false;
    return name[0] != '\0';
}

static jihe_status read_column(jh_column *column, struct reader *reader, size_t index, jihe_error *err)
{
    uint32_t type = number_field(reader, "type", JH_FLAG);

    column->name = or_empty(text_field(reader, "name"));
    column->type = (jh_type)type;
    column->roles = number_field(reader, "roles", UINT32_MAX);
    column->format = text_field(reader, "format");
    read_sources(reader, column);
    read_list(reader, column);
    read_money(reader, column);
    if (reader->no_memory)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for the schema of a snapshot");
    if (type < JH_ID)
        reader->trouble = "type";
    if (!printable(column->name))
        reader->trouble = "name";
    if (reader->trouble != NULL)
        return jh_fail(err, JIHE_CORRUPT, "the stored schema's column %zu has no usable '%s'", index, reader->trouble);
    return JIHE_OK;
}

/* What readers rely on: different names, one id, roles where they can be. */
static jihe_status check_columns(jh_schema *schema, jihe_error *err)
{
    size_t ids = 0, dates = 0, types = 0, teams = 0;
    char shown[64];

    for (size_t i = 0; i < schema->count; i++) {
        const jh_column *column = &schema->columns[i];
        const size_t len = strlen(column->name);
        const bool date = (column->roles & JH_ROLE_BUSINESS_DATE) != 0;
        const bool grouping = (column->roles & (JH_ROLE_PERSON | JH_ROLE_TYPE | JH_ROLE_TEAM | JH_ROLE_CURRENCY)) != 0;

        for (size_t j = 0; j < i; j++)
            if (strcmp(schema->columns[j].name, column->name) == 0)
                return jh_fail(err, JIHE_CORRUPT, "the stored schema names '%s' twice",
                               jh_text_quote(column->name, len, shown, sizeof shown));
        if ((date && column->type != JH_DATE) || (grouping && column->type != JH_CATEGORY))
            return jh_fail(err, JIHE_CORRUPT, "the stored schema gives '%s' a role that its type cannot have",
                           jh_text_quote(column->name, len, shown, sizeof shown));
        if (column->type == JH_ID && ids++ == 0)
            schema->id = i;
        if (date && dates++ == 0)
            schema->business_date = i;
        types += (column->roles & JH_ROLE_TYPE) != 0;
        teams += (column->roles & JH_ROLE_TEAM) != 0;
    }
    if (ids != 1 || dates > 1 || types > 1 || teams > 1)
        return jh_fail(err, JIHE_CORRUPT,
                       "the stored schema has %zu id, %zu business date, %zu type and %zu team columns", ids, dates,
                       types, teams);
    return JIHE_OK;
}

jihe_status jh_schema_unpack(jh_schema *out, jh_arena *arena, const void *bytes, size_t len, uint32_t *format,
                             jihe_error *err)
{
    struct reader reader = {.arena = arena};
    jh_unpack in, list;
    jh_column *columns;
    jihe_status st;

    *out = (jh_schema){.business_date = SIZE_MAX};
    if (!jh_unpack_begin(&in, bytes, len))
        return jh_fail(err, JIHE_CORRUPT, "the stored schema is not well-formed MessagePack");
    reader.map = in;
    *format = number_field(&reader, "format", UINT32_MAX);
    if (*format < JH_DATA_FORMAT_OLDEST || *format > JH_DATA_FORMAT)
        return jh_fail(err, JIHE_CORRUPT, "the stored schema is not of format %d to %d", JH_DATA_FORMAT_OLDEST,
                       JH_DATA_FORMAT);
    list = field(&reader, "columns");
    out->count = list.failed ? 0 : jh_unpack_array(&list);
    if (list.failed || out->count == 0 || out->count > JH_MAX_COLUMNS)
        return jh_fail(err, JIHE_CORRUPT, "the stored schema has %zu columns, expected 1 to %d", out->count,
                       JH_MAX_COLUMNS);
    columns = JH_NEW(arena, jh_column, out->count);
    if (columns == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for the schema of a snapshot");
    out->columns = columns;
    for (size_t i = 0; i < out->count; i++) {
        reader.map = list;
        if ((st = read_column(&columns[i], &reader, i, err)) != JIHE_OK)
            return st;
        jh_unpack_skip(&list);
    }
    return check_columns(out, err);
}
