#ifndef JH_INGEST_REJECTS_H
#define JH_INGEST_REJECTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "ingest/fields.h"

/* Why one row was not stored: the first thing that was wrong with it. */
typedef struct jh_reject {
    uint32_t line, column; /* 1-based; column in code points */
    const char *reason;    /* stable code, see ingest.h */
    const char *found;     /* the value, as written; borrowed from the record */
    size_t found_len;
    const char *path; /* NULL, or that of the value; borrowed from the record */
    char message[320]; /* a sentence for a person */
} jh_reject;

/* The position and the value are those of a field; a path goes behind the message. */
void jh_reject_at(jh_reject *reject, const jh_field *field);

__attribute__((format(printf, 3, 4))) void jh_reject_say(jh_reject *reject, const char *reason, const char *fmt, ...);

enum { JH_REJECT_REASONS = 64 }; /* more than there are (ingest.h) */

/* How many rows were rejected for one reason. */
typedef struct jh_reject_count {
    const char *reason; /* one of the stable codes; not owned */
    uint64_t rows;
} jh_reject_count;

/* The reject file: CSV `file,line,column,reason,found,message,row`, UTF-8, LF. It appears whole at the end of an
 * ingest, and the one of an earlier ingest disappears when there is nothing to say. Cells that a spreadsheet would take
 * for a formula get a leading '; NUL and bytes that are not UTF-8 are written as U+FFFD. */
typedef struct jh_rejects {
    char path[512];
    size_t out_len;                            /* of "WORKSPACE/out" in it */
    struct jh_outfile *file;                   /* opened by the first reject */
    jh_reject_count counts[JH_REJECT_REASONS]; /* in order of first appearance */
    size_t count;                              /* of reasons met */
} jh_rejects;

enum { JH_REJECTS_ROW_BYTES = 4096 }; /* of a raw record that are kept; of a value: a quarter */

/* `date_text` is "YYYY-MM-DD" or NULL for an ingest of many dates. Creates nothing yet. */
jihe_status jh_rejects_init(jh_rejects *rejects, const char *workspace, const char *date_text, jihe_error *err);
jihe_status jh_rejects_add(jh_rejects *rejects, const char *file, const jh_reject *reject, const char *row,
                           size_t row_len, jihe_error *err);
jihe_status jh_rejects_commit(jh_rejects *rejects, jihe_error *err); /* writes the file, or removes the old one */
void jh_rejects_discard(jh_rejects *rejects); /* writes nothing; after a commit there is nothing left to do */

#endif
