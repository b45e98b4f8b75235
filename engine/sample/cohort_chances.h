#ifndef JH_SAMPLE_COHORT_CHANCES_H
#define JH_SAMPLE_COHORT_CHANCES_H

#include "sample/chance.h"

/* Inclusion probabilities under the union of all rules whose frame holds a document, whether they hit it or not. */

/* Fills what the cohorts say of them. */
jihe_status jh_cohort_chances_fill(jh_selection *selection, const jh_rule *const *rules, jihe_error *err);

/* Those of one document of a weighed cohort, by its row in the segment that the readers (one per rule) were opened on. */
void jh_cohort_chances_of(const jh_selection *selection, const jh_rule *const *rules, const jh_chance_reader *readers,
                          const jh_cohort *cohort, uint32_t row, double *p_any, double *p_random);

#endif
