#ifndef JIHE_DEMO_H
#define JIHE_DEMO_H

#include "jihe/workspace.h"

JIHE_BEGIN

typedef struct jihe_demo_options {
    uint32_t size;     /**< sizeof this struct */
    uint32_t per_day;  /**< documents a working day; 0: 600 */
    uint64_t seed;     /**< the same seed gives the same bytes */
    uint32_t threads;  /**< 0: the machine's cores */
    void (*say)(void *context, const char *line); /**< told what happens, step by step; may be NULL */
    void    *say_context;
} jihe_demo_options;

/** Makes a workspace with three made-up months of a centre and runs the whole flow on it: extract, ingest, rules, work lists,
 *  made-up inspection results with planted errors, rates, report. `path` must not exist or be empty.
 *  Leaves out/report.html in it.
 *  @retval JIHE_CANNOT_CREATE  it is there and not empty */
JIHE_API jihe_status jihe_demo(const char *path, const jihe_demo_options *options, jihe_error *err);

JIHE_END

#endif
