#ifndef JH_SAMPLE_CELLS_H
#define JH_SAMPLE_CELLS_H

#include "rule/pass.h"
#include "sample/keymap.h"

/* How rows of one snapshot map to strata: a row's codes in the `by` columns become one number, its key, in mixed radix,
 * each column's "missing" being its last digit. */

enum { JH_BLOCK_ROWS = 4096 }; /* rows looked at together, so that what is made of them stays in the nearest cache */

typedef struct jh_cells {
    size_t       columns[JH_MAX_BY];
    uint64_t     radix[JH_MAX_BY]; /* dictionary size + 1 */
    jh_dict_view dicts[JH_MAX_BY];
    size_t       by_count;
    uint64_t     keys;   /* how many there could be */
    uint64_t    *dense;  /* per key: documents while counting, then the stratum; NULL: too many keys, `map` has them */
    jh_keymap    map;    /* the same by key, for those that occur */
} jh_cells;

jihe_status jh_cells_bind(jh_cells *out, const jh_draw *draw, const jh_snapshot *snapshot, jihe_error *err);
void        jh_cells_deinit(jh_cells *cells); /* a zeroed one is fine */

/* The `by` columns of one segment; codes are checked against the dictionaries. */
jihe_status jh_cells_views(const jh_cells *cells, const jh_pass *pass, const jh_pass_segment *at, jh_col_view *views,
                           jihe_error *err);

/* The keys of the rows first .. first + count - 1 that are in `bits`, whose bit 0 is row `first`, a multiple of 64; what
 * other rows get means nothing. count is at most JH_BLOCK_ROWS; `keys` has room for as many. */
void     jh_cells_keys(const jh_cells *cells, const jh_col_view *views, const uint64_t *bits, uint32_t first,
                       uint32_t count, uint64_t *keys);
uint64_t jh_cells_key(const jh_cells *cells, const jh_col_view *views, uint32_t row); /* of one row: the reference */

#endif
