#ifndef JH_LEDGER_CHAIN_H
#define JH_LEDGER_CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "ledger/ledger.h"

/* One event as stored: previous hash | hash | payload, under its number. ledger.h has the description. */

enum {
    JH_HASH_BYTES = 32,
    JH_FRAME_BYTES = 2 * JH_HASH_BYTES, /* in front of the payload */
    JH_EVENT_KEY_BYTES = 8,
    JH_KIND_MAX = 64 /* bytes of an event's kind: our own short words */
};

/* A stored event taken apart: borrowed from its bytes. */
typedef struct jh_record {
    uint64_t sequence;
    const uint8_t *previous;
    const uint8_t *hash;
    const uint8_t *payload;
    size_t payload_len;
} jh_record;

void jh_event_key(uint8_t key[JH_EVENT_KEY_BYTES], uint64_t sequence); /* big-endian: keys sort like numbers */
uint64_t jh_event_number(const uint8_t key[JH_EVENT_KEY_BYTES]);

/* SHA-256 of previous hash, number as a key, payload. */
jihe_status jh_chain_hash(const uint8_t previous[JH_HASH_BYTES], uint64_t sequence, const void *payload, size_t len,
                          uint8_t out[JH_HASH_BYTES], jihe_error *err);

/* False: too short to be an event. */
bool jh_record_split(uint64_t sequence, const void *value, size_t len, jh_record *out);

/* Can the event be of this kind? A look at the first bytes; false is certain. */
bool jh_record_may_be(const jh_record *record, const char *kind);

/* NULL, or what is wrong with the payload. *out borrows from the record and from `kind`. */
const char *jh_record_event(const jh_record *record, char kind[JH_KIND_MAX + 1], jh_event *out);

#endif
