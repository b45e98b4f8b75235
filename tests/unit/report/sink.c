#include "sink.h"

#include <criterion/criterion.h>

static int put_buf(void *context, const void *bytes, size_t len)
{
    jh_buf_put(context, bytes, len);
    return 0;
}

jh_sink sink_to(jh_buf *buf)
{
    return (jh_sink){put_buf, buf};
}

static int put_limited(void *context, const void *bytes, size_t len)
{
    struct sink_limit *limit = context;

    (void)bytes;
    if (limit->refused)
        limit->calls_after++;
    limit->got += len;
    limit->refused = limit->got > limit->accept;
    return limit->refused ? limit->os_errno : 0;
}

jh_sink sink_limited(struct sink_limit *limit)
{
    return (jh_sink){put_limited, limit};
}

const char *written(jh_buf *buf, jh_rows *rows, jh_format format, uint32_t csv_flags, const char *lang)
{
    jihe_error err = {0};

    jh_buf_clear(buf);
    cr_assert_eq(jh_rows_write(rows, format, csv_flags, lang, sink_to(buf), &err), JIHE_OK, "%s", err.message);
    return jh_buf_text(buf);
}
