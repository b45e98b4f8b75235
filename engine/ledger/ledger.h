#ifndef JH_LEDGER_LEDGER_H
#define JH_LEDGER_LEDGER_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

/* The append-only record: events in LMDB (WORKSPACE/ledger/ledger.mdb), each chained to the one before by SHA-256;
 * the head (sequence number and hash) is also appended to WORKSPACE/ledger/anchor after each commit, so that a cut
 * tail or an older copy of the store is noticed. Stored event: previous hash (32) | hash (32) | payload. hash =
 * SHA-256(previous hash, sequence number as 8 bytes big-endian, payload). Payload: MessagePack map {"kind": text,
 * "at": unix seconds (a note, order comes from the sequence), "body": value}. The hash before the first event is 32
 * zero bytes; sequence numbers start at 1. */

typedef struct jh_ledger jh_ledger;

/* Opening checks that the store's head is not behind the anchor, that the hash at the anchor's last number agrees,
 * and that the anchor is at most one commit behind (JIHE_CORRUPT); full chain: jh_ledger_verify. A head newer than
 * the anchor (crash between commit and anchor) is accepted and the anchor caught up when opened for writing. A handle
 * shows the events up to the head it was opened at, or has itself recorded since. A process has one handle of a
 * ledger at a time (JIHE_BUSY). JIHE_NOT_FOUND when there is no ledger. The caller holds the workspace lock when
 * writing. Creating where a ledger is already opens it once and changes nothing. */
jihe_status jh_ledger_create(const char *workspace, jihe_error *err);
jihe_status jh_ledger_open(jh_ledger **out, const char *workspace, int write, jihe_error *err);
void        jh_ledger_close(jh_ledger *ledger);
uint64_t    jh_ledger_head(const jh_ledger *ledger, uint8_t hash[32]); /* as committed; 0 when empty */

/* A batch of events (and blobs) is one transaction: all durable when jh_ledger_commit returns JIHE_OK, or none. A
 * failed commit ends the use of the handle. expected_bytes: of all bodies and blobs to come; four times that and 16
 * MiB fit, framing included. */
jihe_status jh_ledger_begin(jh_ledger *ledger, uint64_t expected_bytes, jihe_error *err);
/* `kind` of 1 to 64 bytes; `at` unix seconds; `body` one packed MessagePack value of at most 15 levels. *sequence may
 * be NULL. */
jihe_status jh_ledger_append(jh_ledger *ledger, const char *kind, int64_t at, const jh_buf *body, uint64_t *sequence,
                             jihe_error *err);
/* A blob beside the chain (hits): addressed by an event's number and a part; the event's body must carry its digest.
 * The event is appended in the same batch. */
jihe_status jh_ledger_put_blob(jh_ledger *ledger, uint64_t sequence, uint32_t part, const void *bytes, size_t len,
                               jihe_error *err);
jihe_status jh_ledger_commit(jh_ledger *ledger, jihe_error *err);
void        jh_ledger_rollback(jh_ledger *ledger);

typedef struct jh_event {
    uint64_t    sequence;
    const char *kind; /* terminated */
    int64_t     at;
    const void *body; /* packed value */
    size_t      body_len;
} jh_event;

/* Events of one kind (NULL: of all), in order; the chain of all of them is checked on the way (JIHE_CORRUPT); pointers
 * are valid during the call only. Stops at the first status other than JIHE_OK. In an open batch its events are seen
 * too. */
typedef jihe_status (*jh_event_visit)(void *context, const jh_event *event, jihe_error *err);
jihe_status jh_ledger_each(jh_ledger *ledger, const char *kind, jh_event_visit visit, void *context, jihe_error *err);

/* For a visitor that could not read an event's body as `what`, having set errno to 0 before: JIHE_NO_MEMORY where
 * memory ran out on the way, else JIHE_CORRUPT. */
jihe_status jh_event_unreadable(const jh_event *event, const char *what, jihe_error *err);

/* Copies a blob out. JIHE_NOT_FOUND when absent. */
jihe_status jh_ledger_blob(jh_ledger *ledger, uint64_t sequence, uint32_t part, jh_buf *out, jihe_error *err);

/* Whole chain and anchor: JIHE_CORRUPT with the number. */
jihe_status jh_ledger_verify(jh_ledger *ledger, jihe_error *err);

#endif
