#ifndef JH_API_DEMO_TRUTH_H
#define JH_API_DEMO_TRUTH_H

#include "api/demo_centre.h"

/* What is really wrong with a made-up document: planted by a function of the document and the people who handled it, so
 * that it does not matter who inspects it, when, or which rule selected it. */

typedef struct jh_demo_case {
    const char *doc_id, *type, *preparer, *reviewer; /* "" when missing */
    uint32_t month;                                  /* 0 for the centre's first month */
} jh_demo_case;

enum { JH_DEMO_MAX_FAULTS = 3 };

typedef struct jh_demo_fault {
    bool in_rule;
    const jh_demo_clause *clause; /* NULL: no clause covers it (out-of-rule) */
} jh_demo_fault;

typedef struct jh_demo_truth {
    jh_demo_fault faults[JH_DEMO_MAX_FAULTS];
    size_t count;
    bool in_rule, out_of_rule; /* at least one of the class */
} jh_demo_truth;

void jh_demo_truth_of(jh_demo_truth *out, const jh_demo_centre *centre, const jh_demo_case *document);

#endif
