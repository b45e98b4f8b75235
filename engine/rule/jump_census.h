#ifndef JH_RULE_JUMP_CENSUS_H
#define JH_RULE_JUMP_CENSUS_H

#include "config/calendar.h"
#include "rule/flag_jump.h"
#include "snapshot/dict.h"

/* Who handled how many documents in which period, from the tallies of months of snapshots. */

/* Documents under an id that count for somebody else: of who was renamed, and of who is stood in for. */
typedef struct jh_census_alias {
    const char *id;
    const char *counts_for;
    int32_t     until; /* the last day on which they do */
} jh_census_alias;

typedef struct jh_census_terms {
    const jh_jump         *jump;
    jh_gate_windows        windows;
    const jh_calendar     *calendar; /* NULL: Monday to Friday */
    const jh_census_alias *aliases;  /* sorted by id; none twice */
    size_t                 alias_count;
    uint32_t               threads;
} jh_census_terms;

/* Figures per name and period. Periods are the baseline's months, then the trigger window. */
typedef struct jh_census_table {
    jh_dict   names; /* of pairs: two u32 in the machine's order, numbers in people and types */
    size_t    periods, room; /* [period * room + number] */
    uint64_t *documents;
    uint32_t *days;  /* working days with documents */
    jh_i128  *sums;  /* AMOUNT: of money, in minor units; else NULL */
} jh_census_table;

typedef struct jh_census {
    jh_census_table people;
    jh_census_table pairs; /* with jump->type: of a person and a document type; no days */
    jh_dict         types;
} jh_census;

/* The same figures for any number of threads; the order of names is not. JIHE_CONFIG when a snapshot lacks a column or
 * does not tally it. */
jihe_status jh_census_take(jh_census *out, const jh_census_terms *terms, jh_snapshot *const *history, size_t count,
                           jihe_error *err);
void        jh_census_deinit(jh_census *census); /* a zeroed one is fine */

uint64_t jh_census_documents(const jh_census_table *table, size_t period, uint32_t number);

#endif
