#include "report/outlet.h"

enum { PIECE_BYTES = 64 * 1024 };

void jh_outlet_begin(jh_outlet *outlet, jh_sink sink)
{
    *outlet = (jh_outlet){.sink = sink};
}

static void hand_on(jh_outlet *outlet)
{
    jh_buf *buf = &outlet->buf;

    if (outlet->os_errno == 0 && !buf->failed && buf->len > 0)
        outlet->os_errno = outlet->sink.put(outlet->sink.context, buf->bytes, buf->len);
    if (!buf->failed)
        jh_buf_clear(buf); /* it would also forget a failure */
}

bool jh_outlet_pass(jh_outlet *outlet)
{
    if (outlet->buf.len >= PIECE_BYTES)
        hand_on(outlet);
    return outlet->os_errno == 0 && !outlet->buf.failed;
}

jihe_status jh_outlet_end(jh_outlet *outlet, jihe_error *err)
{
    hand_on(outlet);

    const bool no_memory = outlet->buf.failed;
    const int os_errno = outlet->os_errno;

    jh_outlet_drop(outlet);
    if (os_errno != 0)
        return jh_fail_os(err, JIHE_IO, os_errno, "the output is incomplete: writing it failed");
    if (no_memory)
        return jh_fail(err, JIHE_NO_MEMORY, "the output is incomplete: no memory to write it");
    return JIHE_OK;
}

void jh_outlet_drop(jh_outlet *outlet)
{
    jh_buf_deinit(&outlet->buf);
}
