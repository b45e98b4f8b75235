#include "ledger/chain.h"

#include <string.h>

#include "base/hash.h"
#include "codec/unpack.h"

void jh_event_key(uint8_t key[JH_EVENT_KEY_BYTES], uint64_t sequence)
{
    for (int i = JH_EVENT_KEY_BYTES - 1; i >= 0; i--, sequence >>= 8)
        key[i] = (uint8_t)sequence;
}

uint64_t jh_event_number(const uint8_t key[JH_EVENT_KEY_BYTES])
{
    uint64_t n = 0;

    for (size_t i = 0; i < JH_EVENT_KEY_BYTES; i++)
        n = n << 8 | key[i];
    return n;
}

jihe_status jh_chain_hash(const uint8_t previous[JH_HASH_BYTES], uint64_t sequence, const void *payload, size_t len,
                          uint8_t out[JH_HASH_BYTES], jihe_error *err)
{
    uint8_t number[JH_EVENT_KEY_BYTES];
    jh_sha256 sha;
    jihe_status st = jh_sha256_begin(&sha, err);

    if (st != JIHE_OK)
        return st;
    jh_event_key(number, sequence);
    jh_sha256_add(&sha, previous, JH_HASH_BYTES);
    jh_sha256_add(&sha, number, sizeof number);
    jh_sha256_add(&sha, payload, len);
    jh_sha256_end(&sha, out);
    return JIHE_OK;
}

bool jh_record_split(uint64_t sequence, const void *value, size_t len, jh_record *out)
{
    const uint8_t *bytes = value;

    if (len < JH_FRAME_BYTES)
        return false;
    *out = (jh_record){
        .sequence = sequence,
        .previous = bytes,
        .hash = bytes + JH_HASH_BYTES,
        .payload = bytes + JH_FRAME_BYTES,
        .payload_len = len - JH_FRAME_BYTES,
    };
    return true;
}

/* Payloads are written with the kind first: a map of three, the key, a short text. */
bool jh_record_may_be(const jh_record *record, const char *kind)
{
    static const uint8_t begin[] = {0x83, 0xA4, 'k', 'i', 'n', 'd'};
    const size_t len = strlen(kind);

    if (record->payload_len < sizeof begin + 1 + len || memcmp(record->payload, begin, sizeof begin) != 0 || len > 31)
        return true;
    return record->payload[sizeof begin] == (0xA0 | len) && memcmp(record->payload + sizeof begin + 1, kind, len) == 0;
}

const char *jh_record_event(const jh_record *record, char kind[JH_KIND_MAX + 1], jh_event *out)
{
    jh_unpack in, value;
    const char *text = NULL;
    size_t len = 0;

    if (!jh_unpack_begin(&in, record->payload, record->payload_len))
        return "is not a MessagePack value";
    if (jh_unpack_find(&in, "kind", &value))
        text = jh_unpack_str(&value, &len);
    if (text == NULL || value.failed || len == 0 || len > JH_KIND_MAX)
        return "has no kind";
    memcpy(kind, text, len);
    kind[len] = '\0';
    *out = (jh_event){.sequence = record->sequence, .kind = kind};
    if (!jh_unpack_find(&in, "at", &value))
        return "has no time";
    out->at = jh_unpack_i64(&value);
    if (value.failed || !jh_unpack_find(&in, "body", &value))
        return "has no time or no body";
    out->body = value.at;
    jh_unpack_skip(&value);
    out->body_len = (size_t)(value.at - (const uint8_t *)out->body);
    return NULL;
}
