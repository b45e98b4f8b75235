#ifndef TEST_REPORT_SINK_H
#define TEST_REPORT_SINK_H

#include "report/rows.h"

/* A sink that keeps what it gets in a jh_buf, and one that refuses. */
jh_sink sink_to(jh_buf *buf);

struct sink_limit {
    size_t accept;   /* bytes before the first refusal */
    int    os_errno; /* the answer from then on */
    size_t got, calls_after;
    bool   refused;
};
jh_sink sink_limited(struct sink_limit *limit);

/* Rows written in one form, as terminated text kept in `buf`. */
const char *written(jh_buf *buf, jh_rows *rows, jh_format format, uint32_t csv_flags, const char *lang);

#endif
