#ifndef JH_API_DEMO_INSPECT_H
#define JH_API_DEMO_INSPECT_H

#include "api/demo_centre.h"
#include "jihe/rows.h"

/* The made-up inspectors: reads a work list and writes it to `path`, filled in by what was planted, as jihe_record
 * takes it. Documents of days that are not inspected yet stay blank. Reads `worklist` to its end; the caller frees it.
 * @param first, count  the inspectors, by index in centre->people */
jihe_status jh_demo_inspect(jihe_rows *worklist, const jh_demo_centre *centre, uint32_t first, uint32_t count,
                            const char *path, jihe_error *err);

#endif
