#ifndef JH_INGEST_CSV_INDEX_H
#define JH_INGEST_CSV_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/workspace.h"

/* Where the fields of a block of CSV end, found 64 bytes at a time: a bit per byte says quote, delimiter or line feed,
 * and a running exclusive or over the quotes says what is quoted (Langdale and Lemire 2019, VLDB Journal 28). Only text
 * in which every quote opens a field, closes one or is doubled, without NUL and without bare CR, has such an index;
 * csv_scan.h knows what to do with all other text. UTF-8 is not looked at. */
typedef struct jh_csv_index {
    uint32_t *ends; /* place of the delimiter or line feed behind each field */
    uint32_t *rows; /* row_count + 1: the fields of row r end at ends[rows[r]] .. ends[rows[r + 1] - 1] */
    size_t end_count, row_count;
    size_t end_room, row_room;
    uint64_t lines; /* line feeds in the text, those within quotes too */
} jh_csv_index;

typedef enum jh_csv_indexed {
    JH_CSV_INDEXED,
    JH_CSV_IRREGULAR, /* there is something that only csv_scan.h understands, or the text ends within a record */
    JH_CSV_INDEX_NO_MEMORY
} jh_csv_indexed;

/* `text` begins with a record; 64 bytes beyond `len` can be read, whatever they are. len < 2^31. Empty lines are rows of
 * one field, of no bytes or of a CR. */
jh_csv_indexed jh_csv_index_make(jh_csv_index *index, const char *text, size_t len, const jh_csv_dialect *dialect);
jh_csv_indexed jh_csv_index_avx2(jh_csv_index *index, const char *text, size_t len, const jh_csv_dialect *dialect);
jh_csv_indexed jh_csv_index_plain(jh_csv_index *index, const char *text, size_t len, const jh_csv_dialect *dialect);
void jh_csv_index_deinit(jh_csv_index *index); /* a zeroed one is fine */

/* Where the last record of text[0, len) ends, as far as quotes are well formed and text[0] begins one: the place behind
 * the last line feed outside quotes. 0: there is none. */
size_t jh_csv_last_end(const char *text, size_t len, char quote);

#endif
