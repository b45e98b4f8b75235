#ifndef JH_EXPR_RANGESET_H
#define JH_EXPR_RANGESET_H

#include "expr/expr_tree.h"

/* Tests of one number against constants, all in one form: a set of closed ranges. Against a segment, whose smallest and
 * largest values are known, it becomes ranges of unsigned codes, or is decided without looking at a row. */

typedef struct jh_range {
    int64_t low, high; /* both inside; low <= high */
} jh_range;

typedef struct jh_rangeset {
    jh_range *ranges;
    size_t count;
} jh_rangeset;

/* The ranges of a test on a money, integer, date, time or flag column or on a computed value; `scale` is its number of
 * decimals. False: no memory. */
bool jh_rangeset_init(jh_rangeset *set, const jh_tree *tree, uint32_t scale, jh_arena *arena);

bool jh_rangeset_has(const jh_rangeset *set, int64_t value); /* by halving */

/* Up to here one pass per range (0.1 to 0.7 ns a row, by width) is cheaper than halving per row (14 ns and more). */
enum { JH_CLIP_RANGES = 16 };

typedef enum jh_clip_kind {
    JH_CLIP_NONE,  /* no value of the segment is inside */
    JH_CLIP_ALL,   /* every present value is */
    JH_CLIP_CODES, /* a code is inside low[i]..high[i] for some i < count */
    JH_CLIP_SEARCH /* more ranges than that: look into `part` */
} jh_clip_kind;

typedef struct jh_clip {
    jh_clip_kind kind;
    uint32_t count;
    uint64_t low[JH_CLIP_RANGES], high[JH_CLIP_RANGES];
    jh_rangeset part; /* the ranges that meet the segment; points into the set */
} jh_clip;

void jh_rangeset_clip(const jh_rangeset *set, const jh_col_view *view, jh_clip *out);

#endif
