#ifndef JH_SAMPLE_AMOUNTS_H
#define JH_SAMPLE_AMOUNTS_H

#include "rule/pass.h"

/* The amounts of a money draw. Only documents with an amount above zero can be drawn in proportion to it. */

typedef struct jh_apart { /* documents that meet the condition, with amounts of zero and less: reported, never drawn */
    uint64_t documents;
    jh_i128  amount; /* their sum, minor units */
    uint32_t scale;  /* decimals of the minor unit */
} jh_apart;

/* Takes documents without an amount off the frame (they are undecided) and those with no positive amount (apart).
 * JIHE_CONFIG when the snapshots of the pass give the column different currencies or scales. */
jihe_status jh_amounts_screen(jh_pass *pass, size_t rule, const jh_draw *draw, uint32_t threads, jh_apart *apart,
                              jihe_error *err);

/* The amounts of one segment; every document of a screened frame has one. */
jihe_status jh_amounts_read(jh_col_view *out, const jh_draw *draw, const jh_pass *pass, const jh_pass_segment *at,
                            jihe_error *err);

#endif
