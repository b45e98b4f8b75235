#ifndef JH_RATE_SUBJECTS_H
#define JH_RATE_SUBJECTS_H

#include "ledger/inspections.h"
#include "ledger/runs.h"

/* The inspected documents of a period with everything that selected them: inspections joined to the hits of all runs.
 */

typedef struct jh_subject_hit {
    uint32_t rule;   /* index in jh_subjects.rules */
    bool     random;
    double   p;      /* under this rule alone */
} jh_subject_hit;

typedef struct jh_subject {
    const jh_inspection *inspection; /* the last one of the document */
    double p_random; /* under the union of the random rules; the largest where several runs saw the document */
    bool                 random, targeted; /* hit by such a rule */
    jh_subject_hit      *hits;       /* one per rule, malloc */
    size_t               hit_count, hit_room;
} jh_subject;

typedef struct jh_subjects {
    jh_subject  *subjects; /* in order of date, then id bytes */
    size_t       count;
    const char **rules;    /* rule ids met */
    size_t       rule_count;
    uint64_t     listed;   /* documents on the period's work lists, each once per run */
    uint64_t     open;     /* of them, those that nobody has inspected */
} jh_subjects;

jihe_status jh_subjects_make(jh_subjects *out, jh_ledger *ledger, int32_t from, int32_t to, jh_arena *arena,
                             jihe_error *err);
void        jh_subjects_deinit(jh_subjects *subjects);

#endif
