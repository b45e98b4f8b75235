#include "codec/pack.h"

#include <string.h>

#include <msgpack.h>

static int append(void *data, const char *bytes, size_t len)
{
    jh_buf *buf = data;

    jh_buf_put(buf, bytes, len);
    return buf->failed ? -1 : 0;
}

static msgpack_packer packer(jh_buf *buf)
{
    msgpack_packer pk;

    msgpack_packer_init(&pk, buf, append);
    return pk;
}

/* MessagePack has 32 bits for a length; msgpack-c would silently keep the low ones. */
static bool fits(jh_buf *buf, size_t len)
{
    if (len > UINT32_MAX)
        buf->failed = true;
    return !buf->failed;
}

void jh_pack_map(jh_buf *buf, size_t pairs)
{
    msgpack_packer pk = packer(buf);

    if (fits(buf, pairs))
        msgpack_pack_map(&pk, pairs);
}

void jh_pack_array(jh_buf *buf, size_t items)
{
    msgpack_packer pk = packer(buf);

    if (fits(buf, items))
        msgpack_pack_array(&pk, items);
}

void jh_pack_text(jh_buf *buf, const char *text)
{
    if (text == NULL)
        jh_pack_nil(buf);
    else
        jh_pack_str(buf, text, strlen(text));
}

void jh_pack_str(jh_buf *buf, const char *text, size_t len)
{
    msgpack_packer pk = packer(buf);

    if (!fits(buf, len))
        return;
    msgpack_pack_str(&pk, len);
    jh_buf_put(buf, text, len);
}

void jh_pack_bin(jh_buf *buf, const void *bytes, size_t len)
{
    msgpack_packer pk = packer(buf);

    if (!fits(buf, len))
        return;
    msgpack_pack_bin(&pk, len);
    jh_buf_put(buf, bytes, len);
}

void jh_pack_u64(jh_buf *buf, uint64_t value)
{
    msgpack_packer pk = packer(buf);

    msgpack_pack_uint64(&pk, value);
}

void jh_pack_i64(jh_buf *buf, int64_t value)
{
    msgpack_packer pk = packer(buf);

    msgpack_pack_int64(&pk, value);
}

void jh_pack_bool(jh_buf *buf, bool value)
{
    msgpack_packer pk = packer(buf);

    if (value)
        msgpack_pack_true(&pk);
    else
        msgpack_pack_false(&pk);
}

void jh_pack_nil(jh_buf *buf)
{
    msgpack_packer pk = packer(buf);

    msgpack_pack_nil(&pk);
}
