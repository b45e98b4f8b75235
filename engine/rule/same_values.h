#ifndef JH_RULE_SAME_VALUES_H
#define JH_RULE_SAME_VALUES_H

#include "base/buf.h"
#include "snapshot/snapshot.h"

/* Values of columns made comparable across snapshots, each of which has dictionaries of its own: a number is its value, a
 * category the number of its value among all values of all snapshots, a text or an id its bytes. Two documents have the
 * same value exactly where these are the same; a hash never decides. */

enum { JH_MAX_SAME = 16 }; /* columns of one comparison */

typedef struct jh_same_column {
    const char *name;
    bool        normal; /* category, text, id: compared as jh_normal_text writes them; nothing left counts as missing */
} jh_same_column;

typedef enum jh_same_kind { JH_SAME_NUMBER, JH_SAME_CODE, JH_SAME_BYTES } jh_same_kind;

typedef struct jh_same_bound { /* one column in one snapshot */
    size_t    column;
    uint32_t *words;   /* CODE: the value's number of each code, UINT32_MAX where nothing is left; NULL: the code itself */
    uint32_t  codes;   /* CODE: of the dictionary */
    bool      lacking; /* some of words is UINT32_MAX */
} jh_same_bound;

typedef struct jh_same {
    jh_snapshot *const *parts; /* borrowed */
    size_t              part_count, column_count;
    jh_same_kind        kinds[JH_MAX_SAME];
    bool                normal[JH_MAX_SAME];
    uint32_t            different[JH_MAX_SAME]; /* CODE: the values are below it */
    jh_same_bound      *bound; /* part_count times column_count */
} jh_same;

/* Memory while it lasts: 4 bytes per dictionary value of each snapshot (none where there is one snapshot and nothing is
 * normalised), and while it is made 40 bytes per different value of one column and thread. JIHE_CONFIG when a snapshot
 * lacks a column, or has it with another type or number of decimals. */
jihe_status jh_same_bind(jh_same *same, jh_snapshot *const *parts, size_t part_count, const jh_same_column *columns,
                         size_t column_count, uint32_t threads, jihe_error *err);
void        jh_same_deinit(jh_same *same); /* a zeroed one is fine */

typedef struct jh_same_look { /* one worker's view of one segment; zero-initialise */
    const jh_same *same;
    uint32_t       part, segment, rows;
    jh_col_view    views[JH_MAX_SAME];
    jh_col_room    rooms[JH_MAX_SAME];
    jh_buf         normal;
    jh_buf         hashes[JH_MAX_SAME]; /* of normalised texts, 8 bytes a row: made while looking for empty ones */
} jh_same_look;

void jh_same_look_deinit(jh_same_look *look);

/* `whole`: texts are unpacked for all rows (jh_same_prints needs them), else row by row where they are asked for. */
jihe_status jh_same_look_at(jh_same_look *look, const jh_same *same, uint32_t part, uint32_t segment, bool whole,
                            jihe_error *err);

/* Clears the bits of rows whose value of the column is missing. */
jihe_status jh_same_keep_present(jh_same_look *look, size_t column, uint64_t *rows, jihe_error *err);

/* Adds the column's values of the rows `from` .. `from + count` to their 64-bit fingerprints. `wanted` are the rows that
 * matter, as bits of the segment: others may get anything. */
jihe_status jh_same_prints(jh_same_look *look, size_t column, const uint64_t *wanted, uint32_t from, uint32_t count,
                           uint64_t *prints, jihe_error *err);

/* NUMBER and CODE: the values of the rows `from` .. `from + count`; of a missing one anything that a row may have. */
void jh_same_words(const jh_same_look *look, size_t column, uint32_t from, uint32_t count, uint64_t *words);

/* NUMBER and CODE: the value of a present row. */
uint64_t jh_same_word(const jh_same_look *look, size_t column, uint32_t row);

/* BYTES: the value of a present row, until the next call for the column. */
jihe_status jh_same_bytes(jh_same_look *look, size_t column, uint32_t row, const char **bytes, uint32_t *len,
                          jihe_error *err);

#endif
