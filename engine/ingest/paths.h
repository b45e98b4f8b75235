#ifndef JH_INGEST_PATHS_H
#define JH_INGEST_PATHS_H

#include "base/buf.h"
#include "config/schema.h"
#include "ingest/binding.h"
#include "ingest/fields.h"

/* Records that are nested maps, read into fields by path: the names from the outside in, joined with '.'. A name that
 * holds a '.' itself reads the same as two. Paths do not reach into lists.
 *
 * For each record: jh_paths_begin; at each map jh_paths_enter, then for each of its pairs jh_paths_key, the value
 * (jh_paths_take, or a map in turn), jh_paths_back; jh_paths_finish. */

enum {
    JH_PATHS_KEYS = 4096,    /* in one record, of all its maps */
    JH_PATHS_DEPTH = 16,     /* maps and lists inside one another */
    JH_PATHS_IGNORED = 1024, /* names that are remembered to count them; what is beyond is not counted */
    JH_PATHS_PATH = 1024     /* bytes of a path that can be declared or counted */
};

typedef struct jh_paths {
    jh_field *fields; /* of the current record: one per source of each column, in the order declared */
    size_t count;
    jh_buf path;            /* of the pair at hand */
    uint32_t lists;         /* how many lists enclose it */
    uint32_t map, maps;     /* number of the map at hand, and of the last one met */
    struct jh_path_name *names; /* declared and ignored ones, open addressing */
    size_t name_count, name_room;
    const char **wanted;    /* per field: its path */
    size_t *same;           /* per field: the first one with that path, which it is a copy of */
    bool *met;              /* per field: has any record had it, or need none have it? */
    bool *lists_too;        /* per field: all columns that come from it are lists */
    jh_buf ignored;         /* names that nobody declared, each with its NUL */
    size_t ignored_count, ignored_told; /* told: bytes of `ignored` that jh_paths_tell has passed on */
    struct jh_path_key *keys; /* of the current record, open addressing; those of another `turn` are old */
    size_t key_count;
    uint64_t turn;
    jh_buf key_text;
} jh_paths;

typedef enum jh_paths_result {
    JH_PATHS_OK,
    JH_PATHS_TWICE,   /* this map has that name already, or two of its names make one path */
    JH_PATHS_TOO_MANY /* more than JH_PATHS_KEYS */
} jh_paths_result;

jihe_status jh_paths_init(jh_paths *paths, const jh_schema *schema, jihe_error *err);
void jh_paths_deinit(jh_paths *paths); /* a zeroed one is fine */

void jh_paths_begin(jh_paths *paths, uint64_t line);

/* A map begins; gives the number of the one around it, for jh_paths_leave. */
uint32_t jh_paths_enter(jh_paths *paths);
void jh_paths_leave(jh_paths *paths, uint32_t outer);

/* A pair's name. *mark is for jh_paths_back, which goes behind the pair. */
jh_paths_result jh_paths_key(jh_paths *paths, const char *name, size_t len, size_t *mark);
void jh_paths_back(jh_paths *paths, size_t mark);

/* The pair's value is none of map and list: the field it belongs to, or NULL when nobody asked for it. *twice: the
 * field has been taken. */
jh_field *jh_paths_take(jh_paths *paths, bool *twice);

/* The pair's value is a map or a list: was a plain value asked for here? May it be a list of plain ones? */
bool jh_paths_wants(const jh_paths *paths);
bool jh_paths_wants_list(const jh_paths *paths);

/* The pair's value is a list that nobody wants: its path is ignored, as a whole. */
void jh_paths_pass(jh_paths *paths);

void jh_paths_finish(jh_paths *paths); /* all columns that come from one path get its value */

void jh_paths_tell(jh_paths *paths, jh_binding *binding); /* the ignored names that are new */

bool jh_paths_failed(const jh_paths *paths); /* out of memory, in this record or before */

/* At the end of a file of at least one record: JIHE_DATA when a declared path occurred in none of them (all of these
 * are listed, each with the nearest name found): a renamed one must not read as "always missing". */
jihe_status jh_paths_check(const jh_paths *paths, const char *source, jihe_error *err);

#endif
