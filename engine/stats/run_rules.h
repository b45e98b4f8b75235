#ifndef JH_STATS_RUN_RULES_H
#define JH_STATS_RUN_RULES_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Rules for runs of points on a control chart, each a bit. The point at which a pattern is complete carries the mark,
 * and so does every further point of it. A rule looks at points before the first one of the series for nothing: a
 * window that is not full marks nothing. Comparisons are of the doubles as given; a point on the centre is on neither
 * side. Sources: Western Electric, Statistical Quality Control Handbook (1956); L. S. Nelson (1984), Journal of Quality
 * Technology 16, 237-239. The four Western Electric rules together call a false alarm every 92 points on average (C. W.
 * Champ, W. H. Woodall 1987, Technometrics 29, 393-399), and each further rule shortens that: choose few. */
typedef enum jh_run_rule {
    JH_RUN_BEYOND_3    = 1 << 0, /* Western Electric 1: |z| > 3 */
    JH_RUN_2_OF_3      = 1 << 1, /* 2: this point and another of the last 3 beyond 2 on the same side */
    JH_RUN_4_OF_5      = 1 << 2, /* 3: this point and three others of the last 5 beyond 1 on the same side */
    JH_RUN_8_ONE_SIDE  = 1 << 3, /* 4: 8 in a row on one side */
    JH_RUN_9_ONE_SIDE  = 1 << 4, /* Nelson 2: 9 in a row on one side */
    JH_RUN_6_STEADY    = 1 << 5, /* 3: 6 in a row, each above (or each below) the one before */
    JH_RUN_14_ZIGZAG   = 1 << 6, /* 4: 14 in a row, alternately up and down */
    JH_RUN_15_INSIDE   = 1 << 7, /* 7: 15 in a row with |z| <= 1 */
    JH_RUN_8_OUTSIDE   = 1 << 8  /* 8: 8 in a row with |z| > 1, on both sides of the centre */
} jh_run_rule;

/* marks[i] receives the rules that point i completes. `z` are points in standard errors from the centre; NaN is refused
 * with JIHE_USAGE, an infinite one is far out. An empty series is fine. */
jihe_status jh_run_rules(uint16_t *marks, const double *z, size_t count, jihe_error *err);

#endif
