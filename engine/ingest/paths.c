#include "ingest/paths.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"

enum { IGNORED = -1, KEY_ROOM = 2 * JH_PATHS_KEYS };

/* A path as found in records. */
struct jh_path_name {
    uint64_t hash;
    const char *text; /* of a declared one: the schema's; NULL where `ignored` has it; unset when len is 0 */
    size_t at, len;   /* at: its place in `ignored` */
    int32_t first;    /* the field it fills, or IGNORED */
};

/* A name in one map of a record. */
struct jh_path_key {
    uint64_t turn, hash;
    size_t at, len; /* in key_text */
    uint32_t map;
};

/* ---- names ---- */

static const char *name_text(const jh_paths *paths, const struct jh_path_name *name)
{
    return name->text != NULL ? name->text : (const char *)paths->ignored.bytes + name->at;
}

/* The name's slot, or the free one where it belongs. */
static struct jh_path_name *find_name(const jh_paths *paths, const char *text, size_t len, uint64_t hash)
{
    for (size_t i = (size_t)hash & (paths->name_room - 1);; i = (i + 1) & (paths->name_room - 1)) {
        struct jh_path_name *name = &paths->names[i];
        if (name->len == 0)
            return name;
        if (name->hash == hash && name->len == len && memcmp(name_text(paths, name), text, len) == 0)
            return name;
    }
}

static void ignore_name(jh_paths *paths, struct jh_path_name *slot, uint64_t hash)
{
    if (paths->ignored_count == JH_PATHS_IGNORED || memchr(paths->path.bytes, '\0', paths->path.len) != NULL)
        return;
    *slot = (struct jh_path_name){.hash = hash, .at = paths->ignored.len, .len = paths->path.len, .first = IGNORED};
    jh_buf_put(&paths->ignored, paths->path.bytes, paths->path.len);
    jh_buf_putc(&paths->ignored, '\0');
    paths->ignored_count++;
}

/* The slot of a declared path, made for `field` where there is none. */
static struct jh_path_name *declare(jh_paths *paths, const char *path, size_t field)
{
    const size_t len = strlen(path);
    const uint64_t hash = jh_hash64(path, len);
    struct jh_path_name *slot = find_name(paths, path, len, hash);

    if (slot->len == 0)
        *slot = (struct jh_path_name){.hash = hash, .text = path, .len = len, .first = (int32_t)field};
    return slot;
}

static void want(jh_paths *paths, const jh_column *column, size_t k, size_t field)
{
    const struct jh_path_name *slot = declare(paths, column->sources[k], field);
    const size_t first = (size_t)slot->first;
    const bool list = column->list != NULL;

    paths->wanted[field] = column->sources[k];
    paths->same[field] = first;
    paths->met[first] = column->optional && (first == field || paths->met[first]);
    paths->lists_too[first] = list && (first == field || paths->lists_too[first]);
    for (size_t i = 0; i < column->also_count; i++) /* no other column has these */
        declare(paths, column->also[i], field);
}

/* ---- a schema's paths ---- */

static void want_all(jh_paths *paths, const jh_schema *schema)
{
    size_t next = 0;

    for (size_t c = 0; c < schema->count; c++)
        for (size_t k = 0; k < schema->columns[c].source_count; k++)
            want(paths, &schema->columns[c], k, next++);
}

jihe_status jh_paths_init(jh_paths *paths, const jh_schema *schema, jihe_error *err)
{
    size_t also = 0;

    *paths = (jh_paths){.name_room = 64};
    for (size_t c = 0; c < schema->count; c++)
        paths->count += schema->columns[c].source_count;
    for (size_t c = 0; c < schema->count; c++)
        also += schema->columns[c].also_count;
    while (paths->name_room < 2 * (paths->count + also + JH_PATHS_IGNORED + 1))
        paths->name_room *= 2;
    paths->names = calloc(paths->name_room, sizeof *paths->names);
    paths->fields = calloc(paths->count, sizeof *paths->fields);
    paths->wanted = calloc(paths->count, sizeof *paths->wanted);
    paths->same = calloc(paths->count, sizeof *paths->same);
    paths->met = calloc(paths->count, sizeof *paths->met);
    paths->lists_too = calloc(paths->count, sizeof *paths->lists_too);
    paths->keys = calloc(KEY_ROOM, sizeof *paths->keys);
    if (paths->names == NULL || paths->fields == NULL || paths->wanted == NULL || paths->same == NULL ||
        paths->met == NULL || paths->lists_too == NULL || paths->keys == NULL) {
        jh_paths_deinit(paths);
        return jh_fail(err, JIHE_NO_MEMORY, "preparing the columns");
    }
    want_all(paths, schema);
    return JIHE_OK;
}

void jh_paths_deinit(jh_paths *paths)
{
    jh_buf_deinit(&paths->path);
    jh_buf_deinit(&paths->ignored);
    jh_buf_deinit(&paths->key_text);
    free(paths->names);
    free(paths->fields);
    free(paths->wanted);
    free(paths->same);
    free(paths->met);
    free(paths->lists_too);
    free(paths->keys);
    *paths = (jh_paths){0};
}

/* ---- a record ---- */

void jh_paths_begin(jh_paths *paths, uint64_t line)
{
    const uint32_t at = line < UINT32_MAX ? (uint32_t)line : UINT32_MAX;

    for (size_t i = 0; i < paths->count; i++)
        paths->fields[i] = (jh_field){.line = at, .column = 1, .path = paths->wanted[i]};
    paths->path.len = 0;
    paths->key_text.len = 0;
    paths->key_count = 0;
    paths->lists = 0;
    paths->map = paths->maps = 0;
    paths->turn++;
}

uint32_t jh_paths_enter(jh_paths *paths)
{
    const uint32_t outer = paths->map;

    paths->map = ++paths->maps;
    return outer;
}

void jh_paths_leave(jh_paths *paths, uint32_t outer)
{
    paths->map = outer;
}

/* Remembers the name in its map; false when it is there. */
static bool add_key(jh_paths *paths, const char *text, size_t len)
{
    const uint64_t hash = jh_hash64(text, len) + paths->map * UINT64_C(0x9e3779b97f4a7c15);
    size_t i = (size_t)(hash >> 32) & (KEY_ROOM - 1);

    for (; paths->keys[i].turn == paths->turn; i = (i + 1) & (KEY_ROOM - 1)) {
        const struct jh_path_key *key = &paths->keys[i];
        if (key->hash == hash && key->map == paths->map && key->len == len &&
            (len == 0 || memcmp(paths->key_text.bytes + key->at, text, len) == 0))
            return false;
    }
    paths->keys[i] = (struct jh_path_key){paths->turn, hash, paths->key_text.len, len, paths->map};
    jh_buf_put(&paths->key_text, text, len);
    paths->key_count++;
    return true;
}

jh_paths_result jh_paths_key(jh_paths *paths, const char *name, size_t len, size_t *mark)
{
    *mark = paths->path.len;
    if (paths->key_count == JH_PATHS_KEYS)
        return JH_PATHS_TOO_MANY;
    if (jh_paths_failed(paths) || !add_key(paths, name, len))
        return JH_PATHS_TWICE;
    if (paths->path.len > 0)
        jh_buf_putc(&paths->path, '.');
    jh_buf_put(&paths->path, name, len);
    return JH_PATHS_OK;
}

void jh_paths_back(jh_paths *paths, size_t mark)
{
    if (mark <= paths->path.len)
        paths->path.len = mark;
}

jh_field *jh_paths_take(jh_paths *paths, bool *twice)
{
    const char *path = (const char *)paths->path.bytes;
    const size_t len = paths->path.len;
    struct jh_path_name *name;
    uint64_t hash;

    *twice = false;
    if (paths->lists > 0 || len == 0 || len > JH_PATHS_PATH || jh_paths_failed(paths))
        return NULL;
    hash = jh_hash64(path, len);
    name = find_name(paths, path, len, hash);
    if (name->len == 0)
        ignore_name(paths, name, hash);
    if (name->len == 0 || name->first == IGNORED)
        return NULL;
    *twice = paths->fields[name->first].text != NULL;
    paths->met[name->first] = true;
    paths->fields[name->first].path = name->text; /* which of a source_any it was */
    return &paths->fields[name->first];
}

/* The field that the path at hand is declared for, or IGNORED. */
static int32_t wanted_field(const jh_paths *paths)
{
    const char *path = (const char *)paths->path.bytes;
    const size_t len = paths->path.len;
    const struct jh_path_name *name;

    if (paths->lists > 0 || len == 0 || len > JH_PATHS_PATH || jh_paths_failed(paths))
        return IGNORED;
    name = find_name(paths, path, len, jh_hash64(path, len));
    return name->len != 0 ? name->first : IGNORED;
}

bool jh_paths_wants(const jh_paths *paths)
{
    return wanted_field(paths) != IGNORED;
}

bool jh_paths_wants_list(const jh_paths *paths)
{
    const int32_t field = wanted_field(paths);

    return field != IGNORED && paths->lists_too[field];
}

void jh_paths_pass(jh_paths *paths)
{
    bool twice;

    (void)jh_paths_take(paths, &twice); /* there is no field: the name is counted */
}

void jh_paths_finish(jh_paths *paths)
{
    for (size_t i = 0; i < paths->count; i++)
        paths->fields[i] = paths->fields[paths->same[i]];
}

void jh_paths_tell(jh_paths *paths, jh_binding *binding)
{
    while (binding->ignored < paths->ignored_count && !paths->ignored.failed) {
        const char *name = (const char *)paths->ignored.bytes + paths->ignored_told;
        const size_t len = strlen(name);

        jh_binding_ignore(binding, name, len);
        paths->ignored_told += len + 1;
    }
}

bool jh_paths_failed(const jh_paths *paths)
{
    return paths->path.failed || paths->ignored.failed || paths->key_text.failed;
}

/* ---- a file ---- */

static const char *nearest_ignored(const jh_paths *paths, const char *path)
{
    const char **names = calloc(paths->ignored_count + 1, sizeof *names);
    const char *at = (const char *)paths->ignored.bytes, *nearest;

    if (names == NULL)
        return NULL;
    for (size_t i = 0; i < paths->ignored_count; i++, at += strlen(at) + 1)
        names[i] = at;
    nearest = jh_text_related(path, names, paths->ignored_count);
    free(names);
    return nearest;
}

jihe_status jh_paths_check(const jh_paths *paths, const char *source, jihe_error *err)
{
    jh_buf list = {0};
    jihe_status st = JIHE_OK;
    char quoted[80];

    for (size_t i = 0; i < paths->count; i++) {
        const char *nearest;
        if (paths->met[i] || paths->same[i] != i)
            continue;
        nearest = nearest_ignored(paths, paths->wanted[i]);
        jh_buf_printf(&list, "%s'%s'", list.len > 0 ? ", " : "", paths->wanted[i]);
        if (nearest != NULL)
            jh_buf_printf(&list, " (nearest: '%s')", jh_text_quote(nearest, strlen(nearest), quoted, sizeof quoted));
    }
    if (list.failed)
        st = jh_fail(err, JIHE_NO_MEMORY, "reading '%s'", source);
    else if (list.len > 0)
        st = jh_fail_at(err, JIHE_DATA, source, 0, 0, "no record has the declared %s", jh_buf_text(&list));
    jh_buf_deinit(&list);
    return st;
}
