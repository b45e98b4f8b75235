#ifndef JH_CODEC_PACK_H
#define JH_CODEC_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Writing MessagePack into a jh_buf (msgpack-c); failures stay in buf->failed. */
void jh_pack_map(jh_buf *buf, size_t pairs);
void jh_pack_array(jh_buf *buf, size_t items);
void jh_pack_text(jh_buf *buf, const char *text); /* NULL packs nil */
void jh_pack_str(jh_buf *buf, const char *text, size_t len);
void jh_pack_bin(jh_buf *buf, const void *bytes, size_t len);
void jh_pack_u64(jh_buf *buf, uint64_t value);
void jh_pack_i64(jh_buf *buf, int64_t value);
void jh_pack_bool(jh_buf *buf, bool value);
void jh_pack_nil(jh_buf *buf);

#endif
