#ifndef JH_RULE_RULEFILE_H
#define JH_RULE_RULEFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "expr/expr.h"
#include "rule/rule_window.h"

/* Rules as written in the rule files of a workspace: read, structure checked, positions kept. Columns and types are
 * checked when a rule is bound to a schema (bind.h). */

/* Numbers are stored in runs: new ones go to the end. */
typedef enum jh_draw_kind {
    JH_DRAW_ALL,
    JH_DRAW_RATE,
    JH_DRAW_COUNT,
    JH_DRAW_SHARE, /* a total, split over the strata */
    JH_DRAW_MONEY, /* money units: documents in proportion to an amount */
    JH_DRAW_EACH   /* so many of every stratum (person) in a period */
} jh_draw_kind;

typedef enum jh_draw_method {
    JH_METHOD_SMALLEST, /* the smallest draw numbers (of money: the smallest numbers per unit); share: in proportion */
    JH_METHOD_INTERVAL, /* count, money: every so-manieth from a random start, in order of ids */
    JH_METHOD_CELL,     /* money: one unit at random in each interval, in order of ids */
    JH_METHOD_NEYMAN    /* share: in proportion to size times the spread of past errors */
} jh_draw_method;

/* The span over which rate and each are exact; RUN: each run on its own. */
typedef enum jh_period { JH_PERIOD_RUN, JH_PERIOD_WEEK, JH_PERIOD_MONTH, JH_PERIOD_QUARTER, JH_PERIOD_YEAR } jh_period;

typedef struct jh_stratum_rate {
    const char *value; /* of a single `by` column; of several: their values joined with " / ", as in a stratum's label */
    uint32_t    ppm;
    jh_place    place;
} jh_stratum_rate;

typedef struct jh_column_name {
    const char *name;
    jh_place    place;
} jh_column_name;

/* rate: {base: 10%, follow: quality}: the rate of each group follows the errors found in it. All in millionths. */
typedef struct jh_follow {
    bool     present;
    uint32_t tightened, reduced; /* rates in place of the base; discontinued: everything */
    uint32_t aql;                /* the error rate that is still acceptable */
} jh_follow;

typedef struct jh_draw {
    jh_draw_kind          kind;
    jh_place              place;
    uint32_t              ppm;        /* RATE: parts per million, 1..1000000 */
    uint64_t              count;      /* COUNT, MONEY, EACH: per stratum; SHARE: over all strata */
    jh_follow             follow;     /* RATE with `by`; a run's own rule has the rates of that time in `rates` */
    jh_draw_method        method;
    jh_period             period;
    jh_column_name        money;      /* MONEY: the column of amounts */
    const jh_column_name *by;         /* strata; none: one stratum */
    size_t                by_count;   /* at most JH_MAX_BY */
    const jh_stratum_rate *rates;     /* RATE with `by` */
    size_t                rate_count;
    uint64_t              at_least;   /* per stratum; 0 none */
    uint64_t              at_most;    /* per stratum; UINT64_MAX none */
    bool                  own_stream; /* stream: own */
} jh_draw;

enum { JH_MAX_BY = 8 };

typedef struct jh_flag_kind jh_flag_kind; /* flag_kind.h */

/* flag: {KIND: ..., ...}: which groups of documents stand out. */
typedef struct jh_flag {
    const jh_flag_kind *kind;     /* NULL: the rule has no flag */
    jh_place            place;
    const void         *settings; /* of the kind, which alone knows them; they live as long as the rule */
    jh_window           audit;    /* the documents that the kind wants drawn from; DATE: whatever the rule's window says */
} jh_flag;

typedef struct jh_rule {
    const char *id;    /* [A-Za-z0-9._-]+, at most 64, unique in the workspace */
    const char *title; /* "" when absent */
    const char *where; /* "" when absent */
    size_t      where_len;
    jh_place    place;       /* of the id */
    jh_place    where_place;
    bool        enabled;
    jh_flag     flag;
    jh_draw     draw;
    const char *schedule; /* daily, weekly, monthly, manual; "" when absent */
    const char *clause;   /* of the written rules: "3.2.1"; "" when absent */
    const char *const *tags;
    size_t      tag_count;
    jh_window   window;
    int32_t     until;       /* rests up to this day; INT32_MIN: does not */
    bool        expect_none; /* every hit is an in-rule finding on `clause`, made by the rule itself */
} jh_rule;

/* Is the rule one of a run that ends on `day` and names no rules? */
bool jh_rule_runs(const jh_rule *rule, int32_t day);

enum { JH_MAX_RULES = 4096 }; /* of a workspace: a run holds one bitmap per rule */

typedef struct jh_rules {
    jh_arena       arena;
    const jh_rule *rules; /* in the order of file names (bytewise) and of the text */
    size_t         count;
} jh_rules;

/* Every *.yaml of a directory; an empty or absent directory gives no rules, as does a file of comments. A *.yml is
 * refused rather than passed over; names that begin with '.' are not looked at. Unknown keys, duplicate ids (naming
 * both places), and impossible values are refused with position and suggestion. */
jihe_status jh_rules_load(jh_rules *rules, const char *directory, jihe_error *err);
jihe_status jh_rules_parse(jh_rules *rules, const char *source, const char *text, size_t len, jihe_error *err);
void        jh_rules_deinit(jh_rules *rules);

#endif
