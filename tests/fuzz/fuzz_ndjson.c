#include "record_digest.h"

/* NDJSON extracts: what is read does not depend on how the bytes come in. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const fingerprint whole = digest_extract(&jh_kind_ndjson, bytes, len, 8192);
    const fingerprint pieces = digest_extract(&jh_kind_ndjson, bytes, len, 5);

    must(is_compressed(bytes, len) || whole.state == pieces.state, "the size of the blocks makes no difference");
    return 0;
}
