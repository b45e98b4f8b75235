#ifndef JH_STATS_AQL_PLAN_H
#define JH_STATS_AQL_PLAN_H

#include <stdint.h>

#include "base/error.h"

/* ISO 2859-1 (MIL-STD-105E): how many documents of a lot to check, and how many wrong ones it may have. Sources: Tables
 * I, II-A and II-B of MIL-STD-105E, which is public. Exact.
 *
 * The tables have one law, and are stored as it: along a diagonal (one letter up, one quality level down) the
 * acceptance number is the same, because sample size times quality level nearly is. Cells without a plan of their own
 * have an arrow, and an arrow is followed: the plan it leads to is used with its own sample size. */

typedef enum jh_aql_level {
    JH_AQL_S1,
    JH_AQL_S2,
    JH_AQL_S3,
    JH_AQL_S4,
    JH_AQL_I,
    JH_AQL_II, /* the usual one */
    JH_AQL_III
} jh_aql_level;

/* The sample size code letter, 'A'..'R' without 'I' and 'O'. JIHE_USAGE for a lot of less than 2 documents (the
 * standard has none) or another level. */
jihe_status jh_aql_letter(char *letter, uint64_t lot, jh_aql_level level, jihe_error *err);

typedef enum jh_aql_severity { JH_AQL_NORMAL, JH_AQL_TIGHTENED } jh_aql_severity;

typedef struct jh_aql_plan {
    char     letter; /* of the plan used, after following arrows; 'S' only in tightened inspection */
    uint32_t sample; /* documents; where the lot has no more, all of it is checked */
    uint32_t accept; /* with at most so many wrong documents the lot is accepted */
    uint32_t reject; /* from so many on it is not: accept + 1 */
} jh_aql_plan;

/* `aql_ppm` is the acceptable quality level in parts per million: 100 (0.010 %), 150, 250, 400, 650, 1000 and so on to
 * 150000 (15 %), the levels that make sense for a share of documents. JIHE_USAGE for others, and for no code letter.
 * Where a cell's arrow leads out of the table (letter R at 0.015 % normal and tightened) the nearest plan of the column
 * is used. */
jihe_status jh_aql_single(jh_aql_plan *out, char letter, uint32_t aql_ppm, jh_aql_severity severity, jihe_error *err);

#endif
