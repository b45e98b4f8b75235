#ifndef JH_INGEST_CUTTER_H
#define JH_INGEST_CUTTER_H

#include "base/buf.h"
#include "ingest/csv.h"
#include "ingest/parcel.h"

/* Cuts the text of a CSV file, behind its header, into parcels of whole records. What is quoted is found by counting
 * quotes: right wherever quotes are where they belong. Where they are not, whoever reads the parcel finds out, and what
 * it left comes back to be cut again. */
typedef struct jh_cutter {
    jh_csv *csv;      /* not owned */
    jh_buf carry;     /* read and not yet given out */
    size_t usual;     /* bytes of a parcel's text */
    size_t least;     /* of the next one's */
    bool ended;       /* the file has been read to its end */
} jh_cutter;

void jh_cutter_init(jh_cutter *cutter, jh_csv *csv, size_t usual); /* 0: JH_PARCEL_TEXT */
void jh_cutter_deinit(jh_cutter *cutter); /* a zeroed one is fine */

/* Fills the parcel's text. *more is false when it got the last of the file, or nothing. Where the file is broken the
 * parcel has what could be read, and the call fails. */
jihe_status jh_cutter_next(jh_cutter *cutter, jh_parcel *parcel, bool *more, jihe_error *err);

/* Takes text back, from byte `from` of the parcel's; the last parcel first. False: no memory. */
bool jh_cutter_return(jh_cutter *cutter, const jh_parcel *parcel, size_t from);

/* There was no whole record in the parcel, which has come back: the next one is to be twice as long. */
void jh_cutter_lengthen(jh_cutter *cutter, const jh_parcel *parcel);

/* Reads the rest of the file and drops it, so that a compressed file that breaks further on is noticed. */
jihe_status jh_cutter_drain(jh_cutter *cutter, jihe_error *err);

#endif
