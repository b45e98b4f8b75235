#ifndef JH_REPORT_OUTLET_H
#define JH_REPORT_OUTLET_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/error.h"
#include "report/rows.h"

/* What the writers of this folder print to: they append to `buf`, and full pieces go on to the sink. After the first
 * refusal (of the sink, or of memory) everything is swallowed and jh_outlet_end reports it. */
typedef struct jh_outlet {
    jh_buf buf;
    jh_sink sink;
    int os_errno; /* the sink's first refusal, 0 for none */
} jh_outlet;

void jh_outlet_begin(jh_outlet *outlet, jh_sink sink);
bool jh_outlet_pass(jh_outlet *outlet); /* hands a full piece on; false: failed, writing more is pointless */
jihe_status jh_outlet_end(jh_outlet *outlet, jihe_error *err); /* hands the rest on and frees */
void jh_outlet_drop(jh_outlet *outlet);                        /* frees without writing the rest */

#endif
