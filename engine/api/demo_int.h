#ifndef JH_API_DEMO_INT_H
#define JH_API_DEMO_INT_H

/* A demo while it is made: shared by jihe_demo.c and demo_audit.c. Both use the engine as any user of include/jihe
 * does. */

#include "api/demo_centre.h"
#include "api/demo_extract.h"
#include "jihe/demo.h"

typedef struct jh_demo {
    const char *path;
    const jihe_demo_options *options;
    uint32_t per_day;
    jh_demo_centre centre;
    jihe_workspace *workspace;
    jh_demo_planted planted;
} jh_demo;

/* What came of some runs. */
typedef struct jh_demo_outcome {
    uint64_t runs, population, documents; /* documents: on the work lists */
    uint64_t inspected, findings;
} jh_demo_outcome;

/* Opens the workspace anew: what is recorded from here on is noted as of `hour` o'clock of `day` in the centre. */
jihe_status jh_demo_open_at(jh_demo *demo, int32_t day, int hour, jihe_error *err);

/* PATH/dir/name in malloc'ed memory. */
jihe_status jh_demo_place(char **out, const jh_demo *demo, const char *dir, const char *name, jihe_error *err);

/* Writes a result as people get it, for a spreadsheet. Takes `rows` over. */
jihe_status jh_demo_save_rows(jihe_rows *rows, const char *path, jihe_error *err);

/* Check yesterday today: the daily rules on one day's documents in the small hours after it, the work list out, and the
 * results back in at the end of the next working day. Adds to *outcome. */
jihe_status jh_demo_audit_day(jh_demo *demo, int32_t day, jh_demo_outcome *outcome, jihe_error *err);

/* The risk team's run over a whole month, on the evening of the first working day after it. */
jihe_status jh_demo_audit_month(jh_demo *demo, uint32_t month, jh_demo_outcome *outcome, jihe_error *err);

#endif
