#ifndef JH_SAMPLE_STRATA_H
#define JH_SAMPLE_STRATA_H

#include "base/buf.h"
#include "base/num.h"
#include "rule/pass.h"
#include "sample/cells.h"

/* The strata of one rule's draw: the combinations of its `by` columns that occur in the frame, with their sizes. A
 * missing value is a value of its own. Without `by` there is one stratum with an empty label. Strata are ordered by
 * their values (bytewise, missing last), whatever the order of the documents. */

typedef struct jh_stratum {
    const char *label;     /* values joined with " / ", "(missing)" where absent, in quotes where that would mislead */
    const char *value;     /* the value of a single `by` column, NULL when missing or not single */
    uint64_t    documents; /* frame size N_h */
    uint64_t    quota;     /* sample size n_h <= N_h; set by the draw. With an interval or cells, where a document can be
                              met more than once: how many were selected */
    /* Money draws, in minor units. */
    jh_u128     amount;    /* total of the documents */
    jh_u128     rest;      /* of it, of the documents that are not certain */
    uint64_t    rest_quota; /* how many of those are selected */
} jh_stratum;

typedef struct jh_strata {
    jh_stratum      *strata;
    uint32_t         count;
    jh_cells        *cells; /* one per part of the pass; NULL without `by` */
    size_t           cell_parts;
} jh_strata;

jihe_status jh_strata_count(jh_strata *out, const jh_draw *draw, const jh_pass *pass, const jh_frame *frame,
                            uint32_t threads, jh_arena *arena, jihe_error *err);
void        jh_strata_deinit(jh_strata *strata); /* labels stay with the arena */

/* Appends the next value of a label; NULL: missing. `first`: it is the label's first. */
void jh_stratum_label(jh_buf *out, bool first, const char *value, size_t len);

/* Is every document of the frame selected, whatever its number or amount? Once quotas are set. */
bool        jh_strata_take_all(const jh_strata *strata, const jh_draw *draw);

/* Reading the stratum of rows of one segment. */
typedef struct jh_strata_reader {
    const jh_cells *cells; /* NULL: everything is stratum 0 */
    jh_col_view     views[JH_MAX_BY];
} jh_strata_reader;

jihe_status jh_strata_read(jh_strata_reader *out, const jh_strata *strata, const jh_pass *pass,
                           const jh_pass_segment *at, jihe_error *err);
uint32_t    jh_strata_of(const jh_strata_reader *reader, uint32_t row); /* the row must be in the frame */
/* Those of the rows first .. first + count - 1 that are in `bits`, as jh_cells_keys takes them; the rows must be in the frame. */
void        jh_strata_block(const jh_strata_reader *reader, const uint64_t *bits, uint32_t first, uint32_t count,
                            uint32_t *strata);

#endif
