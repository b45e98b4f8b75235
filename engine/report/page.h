#ifndef JH_REPORT_PAGE_H
#define JH_REPORT_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "report/rows.h"

/* The report page: one HTML file with its style and drawings inside, no scripts, nothing fetched, fit for a screen
 * without a network and for paper. The caller fills these structures; all texts are borrowed during the call and
 * escaped, broken UTF-8 becomes U+FFFD. The same structures give the same bytes. The file is also well-formed XML. */

/* A proportion of documents. The drawing uses the number, the reader sees the text. */
typedef struct jh_page_share {
    uint32_t    ppm;  /* 0..1,000,000 */
    const char *text; /* "0.84%"; NULL: made from ppm with two decimals ("<0.01%" when smaller but not zero) */
} jh_page_share;

typedef struct jh_page_rate {
    uint64_t      errors; /* numerator: inspected documents with an error of the class */
    jh_page_share rate, low, high;
} jh_page_rate;

typedef struct jh_page_counts {
    uint64_t     inspected; /* denominator of both rates; 0: no rate is shown */
    jh_page_rate in_rule, out_of_rule;
} jh_page_counts;

/* Random and targeted results stand in rows of their own, never pooled. */
typedef enum jh_page_basis { JH_BASIS_RANDOM, JH_BASIS_TARGETED } jh_page_basis;

typedef struct jh_page_rate_row {
    const char    *key; /* whose rate: a team, a month, "全部" */
    /* What it is a rate of: the frame and its size, "已过账单据 31,240 张". NULL: the section's note says it. */
    const char    *of;
    jh_page_basis  basis;
    bool           total; /* set off from the others; the first random one is also shown large above the table */
    jh_page_counts counts;
} jh_page_rate_row;

typedef struct jh_page_rates {
    const char             *key_title;  /* heading of the keys: "小组"; NULL: none */
    const char             *confidence; /* of all intervals of the section; NULL: "95%" */
    const jh_page_rate_row *rows;
    size_t                  count;
} jh_page_rates;

typedef struct jh_page_month {
    const char    *month; /* "2025-03" */
    const char    *note;  /* what explains a change: staff, new business; marked in the chart; NULL: none */
    jh_page_counts counts;
} jh_page_month;

typedef struct jh_page_trend {
    const char          *confidence; /* NULL: "95%" */
    const char          *of;         /* what the rates are rates of; NULL: the section's note says it */
    const jh_page_month *months;     /* in order */
    size_t               count;
} jh_page_trend;

typedef struct jh_page_rule {
    const char *rule;  /* its id */
    const char *title; /* NULL: none */
    uint64_t    frame, undecided, selected; /* documents */
    uint64_t    flagged;                    /* groups; shown where has_flag */
    bool        has_flag;
} jh_page_rule;

typedef struct jh_page_rules {
    const jh_page_rule *rows;
    size_t              count;
} jh_page_rules;

/* What a rule found by itself: a complete count of the documents it checked, nobody's inspection and no estimate. */
typedef struct jh_page_automatic {
    const char *rule;   /* its id */
    const char *title;  /* NULL: none */
    const char *clause;
    const char *month;  /* "2025-03": a line below the rule's own; NULL: the rule's own, of the whole period */
    uint64_t    checked, findings, undecided; /* documents */
} jh_page_automatic;

typedef struct jh_page_automatics {
    const jh_page_automatic *rows;
    size_t                   count;
} jh_page_automatics;

typedef struct jh_page_fact {
    const char *label; /* "账本头" */
    const char *value;
    bool        code; /* an id or a hash: set in a fixed-width face, may break anywhere */
} jh_page_fact;

typedef struct jh_page_facts {
    const jh_page_fact *rows;
    size_t              count;
} jh_page_facts;

typedef enum jh_section_kind {
    JH_SECTION_RATES,
    JH_SECTION_TREND,
    JH_SECTION_AUTOMATIC,
    JH_SECTION_RULES,
    JH_SECTION_FACTS
} jh_section_kind;

typedef struct jh_page_section {
    jh_section_kind kind;
    const char     *title; /* NULL: the kind's usual title in the page's language */
    const char     *note;  /* a paragraph under the title; NULL: none */
    union {
        jh_page_rates rates;
        jh_page_trend trend;
        jh_page_automatics automatic;
        jh_page_rules rules;
        jh_page_facts facts;
    } is; /* the one of `kind` */
} jh_page_section;

typedef struct jh_page {
    const char            *title;
    const char            *lang;      /* "zh"; anything else is English */
    const char            *workspace; /* its name */
    const char            *period;    /* "2025-01-01 至 2025-03-31" */
    const jh_page_section *sections;  /* in the order given */
    size_t                 count;
} jh_page;

/* JIHE_IO when the sink refuses; JIHE_BUG for an unknown section or basis, before anything is written. */
jihe_status jh_page_write(const jh_page *page, jh_sink sink, jihe_error *err);

#endif
