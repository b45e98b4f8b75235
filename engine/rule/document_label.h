#ifndef JH_RULE_DOCUMENT_LABEL_H
#define JH_RULE_DOCUMENT_LABEL_H

#include "base/zone.h"
#include "rule/pass.h"

/* Values of a document in words. */

/* The values of some columns, joined with " / ": amounts with their decimals, dates and times as the program writes them,
 * texts up to 80 bytes. `zone` NULL: UTC. The document's number is where its bit lies in the frames. */
jihe_status jh_label_put(jh_buf *out, const jh_pass *pass, uint32_t document, const char *const *columns,
                         size_t column_count, const jh_zone *zone, jh_col_room *room, jihe_error *err);

#endif
