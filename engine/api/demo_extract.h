#ifndef JH_API_DEMO_EXTRACT_H
#define JH_API_DEMO_EXTRACT_H

#include "api/demo_centre.h"

/* What was planted in the posted documents of the days that are inspected: what the random rules' rates estimate. */
typedef struct jh_demo_planted {
    uint64_t documents, in_rule, out_of_rule;
} jh_demo_planted;

/* All documents of a month as the centre's booking system would export them: CSV with Chinese headers, written to
 * `path`.
 * @param month  0 for the first
 * @param[out] rows  rows written; *planted is added to */
jihe_status jh_demo_extract(uint64_t *rows, jh_demo_planted *planted, const jh_demo_centre *centre, uint32_t month,
                            uint32_t per_day, const char *path, jihe_error *err);

#endif
