#include "rule/same_values.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/days.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/normal_text.h"
#include "base/parallel.h"

/* The different values of one category column over all snapshots. */
struct values {
    struct value {
        const char *bytes; /* in a dictionary, or in `arena` where they were normalised */
        uint32_t len;
    } * list;
    uint32_t count, room;
    uint64_t *slots; /* hash's upper half, then number in the list + 1; 0: free */
    size_t mask;
    jh_arena arena;
    jh_buf normal;
};

static void values_deinit(struct values *values)
{
    free(values->list);
    free(values->slots);
    jh_arena_deinit(&values->arena);
    jh_buf_deinit(&values->normal);
}

/* The slot a value is in, or the free one where it belongs. */
static uint64_t *find_slot(const struct values *values, uint64_t hash, const char *bytes, uint32_t len)
{
    size_t at = (size_t)(hash >> 32) & values->mask;

    for (; values->slots[at] != 0; at = (at + 1) & values->mask) {
        const struct value *value = &values->list[(uint32_t)values->slots[at] - 1];

        if (values->slots[at] >> 32 == hash >> 32 && value->len == len && memcmp(value->bytes, bytes, len) == 0)
            break;
    }
    return &values->slots[at];
}

static bool grow_slots(struct values *values)
{
    const size_t old = values->slots == NULL ? 0 : values->mask + 1, now = old == 0 ? 1024 : old * 2;
    uint64_t *slots = calloc(now, sizeof *slots);

    if (slots == NULL)
        return false;
    for (size_t i = 0; i < old; i++) {
        size_t at = (size_t)(values->slots[i] >> 32) & (now - 1);

        if (values->slots[i] == 0)
            continue;
        while (slots[at] != 0)
            at = (at + 1) & (now - 1);
        slots[at] = values->slots[i];
    }
    free(values->slots);
    values->slots = slots;
    values->mask = now - 1;
    return true;
}

static bool make_room(struct values *values)
{
    struct value *list;

    if (values->count == values->room) {
        const uint32_t room = values->room == 0 ? 1024 : values->room * 2;

        if (values->room > UINT32_MAX / 4 || (list = realloc(values->list, room * sizeof *list)) == NULL)
            return false;
        values->list = list;
        values->room = room;
    }
    return values->slots != NULL && values->count < values->mask / 2 ? true : grow_slots(values);
}

static bool number_of(struct values *values, const char *bytes, uint32_t len, bool copy, uint32_t *number)
{
    const uint64_t hash = jh_hash64(bytes, len);

    if (!make_room(values))
        return false;
    uint64_t *slot = find_slot(values, hash, bytes, len);

    if (*slot == 0) {
        if (copy && (bytes = jh_arena_text(&values->arena, bytes, len)) == NULL)
            return false;
        values->list[values->count++] = (struct value){bytes, len};
        *slot = hash >> 32 << 32 | values->count;
    }
    *number = (uint32_t)*slot - 1;
    return true;
}

static bool number_codes(struct values *values, const jh_dict_view *dict, bool normal, jh_same_bound *bound)
{
    for (uint32_t code = 0; code < dict->count; code++) {
        const char *bytes = dict->bytes + dict->offsets[code];
        uint32_t len = dict->offsets[code + 1] - dict->offsets[code];

        if (normal) {
            jh_buf_clear(&values->normal);
            if (!jh_buf_reserve(&values->normal, len + 1))
                return false;
            len = (uint32_t)jh_normal_text(bytes, len, (char *)values->normal.bytes);
            bytes = (const char *)values->normal.bytes;
        }
        if (normal && len == 0) {
            bound->words[code] = UINT32_MAX;
            bound->lacking = true;
        } else if (!number_of(values, bytes, len, normal, &bound->words[code])) {
            return false;
        }
    }
    return true;
}

/* A task: the numbers of one category column. */
static jihe_status number_column(void *context, uint32_t worker, uint64_t c, jihe_error *err)
{
    jh_same *same = context;
    struct values values = {0};
    jihe_status st = JIHE_OK;

    (void)worker;
    if (same->kinds[c] != JH_SAME_CODE)
        return JIHE_OK;
    jh_arena_init(&values.arena, 0);
    for (size_t p = 0; st == JIHE_OK && p < same->part_count; p++) {
        jh_same_bound *bound = &same->bound[p * same->column_count + c];
        jh_dict_view dict;

        if ((st = jh_snapshot_dict(same->parts[p], bound->column, &dict, err)) != JIHE_OK)
            break;
        bound->codes = dict.count;
        same->different[c] = dict.count; /* of one snapshot */
        if (same->part_count == 1 && !same->normal[c])
            break;
        bound->words = calloc((size_t)dict.count + 1, sizeof *bound->words); /* code 0 is looked up even when none is */
        if (bound->words == NULL || !number_codes(&values, &dict, same->normal[c], bound))
            st = jh_fail(err, JIHE_NO_MEMORY, "comparing the values of %zu snapshots", same->part_count);
        same->different[c] = values.count;
    }
    values_deinit(&values);
    return st;
}

static jh_same_kind kind_of(jh_type type)
{
    switch (type) {
    case JH_CATEGORY:
        return JH_SAME_CODE;
    case JH_ID:
    case JH_TEXT:
        return JH_SAME_BYTES;
    default:
        return JH_SAME_NUMBER;
    }
}

static jihe_status fail_part(const jh_same *same, size_t part, const char *column, const char *what, jihe_error *err)
{
    char date[16], other[16];

    jh_days_text(jh_snapshot_manifest(same->parts[part])->date, date);
    jh_days_text(jh_snapshot_manifest(same->parts[0])->date, other);
    return jh_fail(err, JIHE_CONFIG, "column '%s' %s in the snapshot of %s than in that of %s; they cannot be compared",
                   column, what, date, other);
}

static jihe_status find_column(jh_same *same, size_t p, size_t c, const char *name, jihe_error *err)
{
    const jh_schema *schema = jh_snapshot_schema(same->parts[p]), *first = jh_snapshot_schema(same->parts[0]);
    const size_t column = jh_schema_find(schema, name, strlen(name));
    char date[16];

    if (column == SIZE_MAX) {
        jh_days_text(jh_snapshot_manifest(same->parts[p])->date, date);
        return jh_fail(err, JIHE_CONFIG,
                       "the snapshot of %s has no column '%s'; ingest that day again, or look back less far (within)",
                       date, name);
    }
    const jh_column *was = &first->columns[same->bound[c].column], *is = &schema->columns[column];

    same->bound[p * same->column_count + c].column = column;
    if (p > 0 && was->type != is->type)
        return fail_part(same, p, name, "has another type", err);
    if (p > 0 && is->type == JH_MONEY && was->money.scale != is->money.scale)
        return fail_part(same, p, name, "has another number of decimals", err);
    same->kinds[c] = kind_of(is->type);
    return JIHE_OK;
}

jihe_status jh_same_bind(jh_same *same, jh_snapshot *const *parts, size_t part_count, const jh_same_column *columns,
                         size_t column_count, uint32_t threads, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    *same = (jh_same){.parts = parts, .part_count = part_count, .column_count = column_count};
    if (column_count > JH_MAX_SAME)
        return jh_fail(err, JIHE_USAGE, "%zu columns to compare; at most %d", column_count, JH_MAX_SAME);
    if ((same->bound = calloc(part_count * column_count + 1, sizeof *same->bound)) == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "comparing the values of %zu snapshots", part_count);
    for (size_t c = 0; c < column_count; c++)
        same->normal[c] = columns[c].normal;
    for (size_t p = 0; st == JIHE_OK && p < part_count; p++)
        for (size_t c = 0; st == JIHE_OK && c < column_count; c++)
            st = find_column(same, p, c, columns[c].name, err);
    if (st == JIHE_OK)
        st = jh_parallel(threads, column_count, number_column, same, err);
    if (st != JIHE_OK)
        jh_same_deinit(same);
    return st;
}

void jh_same_deinit(jh_same *same)
{
    for (size_t i = 0; same->bound != NULL && i < same->part_count * same->column_count; i++)
        free(same->bound[i].words);
    free(same->bound);
    *same = (jh_same){0};
}
