#ifndef JH_INGEST_QUICK_H
#define JH_INGEST_QUICK_H

#include "base/arena.h"
#include "config/workspace.h"
#include "ingest/csv_index.h"
#include "snapshot/batch.h"

/* The quick way to read one column of a block of CSV: all of its fields one after another, where convert.h goes record
 * by record. It takes what is usual. Whatever is not (a field that may be wrong, or is written in a rare way) it marks
 * as odd, and the whole record is read again by convert.h, which alone knows what is right: the quick way never
 * rejects, and where it gives a value it is the one that convert.h would have given. */

/* The fields of one column. */
typedef struct jh_quick_fields {
    const char *text; /* of the block; 64 bytes beyond its end can be read */
    const uint32_t *ends;
    const uint32_t *first; /* per row: where in `ends` its fields begin */
    uint32_t rows;
    uint32_t at;      /* which field of each row: the column's first source; JH_BINDING_ABSENT: all are missing */
    bool last;        /* it is the last one: a CR before its end is part of the line end */
    const uint32_t *sources; /* all of the column's, in order: an id may have several */
    uint32_t field_count;    /* fields of each row */
    char quote;
    bool may_be_private; /* the block holds private-use characters, and they are not taken */
    jh_arena *arena;     /* for texts that do not stand in the block as they are; lives as long as the batch */
} jh_quick_fields;

typedef struct jh_quick_word jh_quick_word;
typedef struct jh_quick_memo jh_quick_memo;

/* What one thread remembers of one column from block to block. */
typedef struct jh_quick_column {
    const jh_column *column;
    const jh_workspace_config *config;
    bool taken;            /* false: a declaration that only convert.h knows; all its fields are odd */
    uint64_t missing_lens; /* bit n: a text of n bytes stands for a missing value; bit 63: a longer one does */
    jh_quick_word *words;  /* category: lines of four slots (quick_words.c) */
    size_t word_mask, word_count;
    unsigned word_shift;   /* of a hash, to a line */
    struct jh_converter *lists; /* category that is a list: what settles one (convert.h) */
    jh_quick_memo *memo;   /* date, time, flag: what was read last */
    uint32_t day_bytes;    /* time: how many bytes of a field say the day, 0 when that cannot be told */
    const char *clock_format; /* of what stands behind them: H, M, S and literals */
    struct jh_quick_clock {
        uint64_t text[2];     /* with zeros for digits; bytes beyond are 0 */
        uint64_t literal[2];  /* ones where a byte must be as in `text` */
        uint8_t hour, minute, second; /* where they stand */
        uint32_t len;         /* of what stands behind the day; 0: it is longer than 16 bytes */
    } clock;
} jh_quick_column;

jihe_status jh_quick_init(jh_quick_column *quick, const jh_column *column, const jh_workspace_config *config,
                          jihe_error *err);
void jh_quick_deinit(jh_quick_column *quick); /* a zeroed one is fine */

/* Fills `out` for rows 0 .. fields->rows - 1; odd[r] = 1 where row r is to be read by convert.h (out has then anything for
 * it). `words` is the column's, for categories; `hashes` gets those of ids. JIHE_NO_MEMORY, and JIHE_DATA as
 * jh_dict_code. */
jihe_status jh_quick_read(jh_quick_column *quick, const jh_quick_fields *fields, jh_words *words, jh_batch_column *out,
                          uint64_t *hashes, uint8_t *odd, jihe_error *err);

#endif
