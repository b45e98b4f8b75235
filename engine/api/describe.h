#ifndef JH_API_DESCRIBE_H
#define JH_API_DESCRIBE_H

#include "base/buf.h"
#include "rule/rulefile.h"

/* Parts of a rule in a few words. */
void jh_describe_draw(jh_buf *out, const jh_draw *draw);
void jh_describe_window(jh_buf *out, jh_window window);

#endif
