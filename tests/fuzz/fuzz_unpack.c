#include "codec/unpack.h"
#include "given.h"

/* MessagePack values: walked whole, and measured at the head of a stream. */

static void walk(jh_unpack *in, fingerprint *print)
{
    const jh_unpack_kind kind = jh_unpack_next(in);
    size_t len = 0;

    digest_number(print, kind);
    switch (kind) {
    case JH_UNPACK_UINT:
        digest_number(print, jh_unpack_u64(in));
        break;
    case JH_UNPACK_SINT:
        digest_number(print, (uint64_t)jh_unpack_i64(in));
        break;
    case JH_UNPACK_BOOL:
        digest_number(print, jh_unpack_bool(in));
        break;
    case JH_UNPACK_STR: {
        const char *text = jh_unpack_str(in, &len);

        digest_bytes(print, text, len);
        break;
    }
    case JH_UNPACK_BIN: {
        const void *bytes = jh_unpack_bin(in, &len);

        digest_bytes(print, bytes, len);
        break;
    }
    case JH_UNPACK_ARRAY:
        for (size_t left = jh_unpack_array(in); left > 0; left--)
            walk(in, print);
        break;
    case JH_UNPACK_MAP: {
        jh_unpack value;

        digest_number(print, jh_unpack_find(in, "a", &value));
        for (size_t left = jh_unpack_map(in); left > 0; left--) {
            walk(in, print);
            walk(in, print);
        }
        break;
    }
    default:
        jh_unpack_skip(in);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    fingerprint print = {0};
    size_t value_len = 0;
    jh_unpack in, skipped;

    if (jh_unpack_measure(bytes, len, len, &value_len) == JH_UNPACK_WHOLE)
        must(value_len > 0 && value_len <= len, "a value lies within the stream");
    else
        must(!jh_unpack_begin(&in, bytes, len), "what can be read can be measured");
    if (!jh_unpack_begin(&in, bytes, len))
        return 0;
    must(value_len == len, "one value and nothing after it");
    skipped = in;
    jh_unpack_skip(&skipped);
    walk(&in, &print);
    must(!in.failed && in.at == in.end, "a walk ends at the end");
    must(!skipped.failed && skipped.at == in.at, "skipping goes as far as reading");
    return 0;
}
