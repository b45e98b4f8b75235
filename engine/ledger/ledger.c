#include "ledger/ledger.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "codec/pack.h"
#include "codec/unpack.h"
#include "ledger/anchor.h"
#include "ledger/chain.h"
#include "store/env.h"

enum {
    EVENTS = 0,  /* sequence, 8 bytes big-endian -> stored event (chain.h) */
    BLOBS = 1,   /* sequence, part, 8 and 4 bytes big-endian -> bytes */
    COMMITS = 2, /* "previous" -> the head's sequence before the last commit, 8 bytes big-endian */

    BLOB_KEY_BYTES = JH_EVENT_KEY_BYTES + 4
};

static const char previous_key[] = "previous";

struct jh_ledger {
    jh_env *env;
    char *store_path;
    char *anchor_path;
    bool write;
    bool broken;           /* a commit failed half-way: no more batches through this handle */
    jh_head head;          /* as committed when opened or by this handle; events beyond it are not shown */
    jh_txn *txn;           /* the open batch, or NULL */
    jh_head pending;       /* the head inside the batch */
    uint64_t blob_highest; /* event numbers that blobs of the batch belong to */
    jh_buf scratch;        /* one stored event */
};

static jihe_status fail_event(const jh_ledger *ledger, uint64_t sequence, const char *what, jihe_error *err)
{
    return jh_fail(err, JIHE_CORRUPT, "the ledger '%s' fails its check: event %llu %s; restore it from a backup",
                   ledger->store_path, (unsigned long long)sequence, what);
}

/* The event's hash is that of its payload, number and stored previous hash. */
static jihe_status check_record(const jh_ledger *ledger, const jh_record *record, jihe_error *err)
{
    uint8_t hash[JH_HASH_BYTES];
    jihe_status st = jh_chain_hash(record->previous, record->sequence, record->payload, record->payload_len, hash, err);

    if (st == JIHE_OK && memcmp(hash, record->hash, JH_HASH_BYTES) != 0)
        st = fail_event(ledger, record->sequence, "does not have the hash it was recorded with", err);
    return st;
}

/* The last event's number and hash; zeros when there is none. */
static jihe_status read_head(const jh_ledger *ledger, jh_txn *txn, jh_head *head, jihe_error *err)
{
    const void *key;
    const void *value;
    size_t key_len, len;
    jh_record record;
    jihe_status st = jh_txn_last(txn, EVENTS, &key, &key_len, &value, &len, err);

    *head = (jh_head){0};
    if (st == JIHE_NOT_FOUND)
        return JIHE_OK;
    if (st != JIHE_OK)
        return st;
    if (key_len != JH_EVENT_KEY_BYTES || !jh_record_split(jh_event_number(key), value, len, &record))
        return jh_fail(err, JIHE_CORRUPT, "the last event of '%s' is broken; restore it from a backup",
                       ledger->store_path);
    if ((st = check_record(ledger, &record, err)) != JIHE_OK)
        return st;
    head->sequence = record.sequence;
    memcpy(head->hash, record.hash, JH_HASH_BYTES);
    return JIHE_OK;
}

/* Opening */

/* The event an anchor line names is there and has the hash named. */
static jihe_status check_anchored(const jh_ledger *ledger, jh_txn *txn, const jh_head *line, jihe_error *err)
{
    uint8_t key[JH_EVENT_KEY_BYTES];
    const void *value;
    size_t len;
    jh_record record;
    jihe_status st;

    jh_event_key(key, line->sequence);
    st = jh_txn_get(txn, EVENTS, key, sizeof key, &value, &len, err);
    if (st == JIHE_NOT_FOUND)
        return fail_event(ledger, line->sequence,
                          "is in the anchor and not in the store: events were removed, or the store "
                          "is an older copy",
                          err);
    if (st != JIHE_OK)
        return st;
    if (!jh_record_split(line->sequence, value, len, &record) || memcmp(record.hash, line->hash, JH_HASH_BYTES) != 0)
        return fail_event(ledger, line->sequence, "has another hash than the anchor: one of the two was changed", err);
    return JIHE_OK;
}

/* A crash between a commit and its anchor line leaves the anchor one commit behind, never more. The anchor is read
 * again because another process may have committed since. */
static jihe_status check_lag(const jh_ledger *ledger, jh_txn *txn, const jh_head *head, jihe_error *err)
{
    const void *value;
    size_t len;
    jh_head last;
    jihe_status st;

    if (head->sequence == 0)
        return JIHE_OK;
    st = jh_txn_get(txn, COMMITS, previous_key, sizeof previous_key - 1, &value, &len, err);
    if (st == JIHE_NOT_FOUND || (st == JIHE_OK && len != JH_EVENT_KEY_BYTES))
        return fail_event(ledger, head->sequence, "has no note of the commit before it", err);
    if (st != JIHE_OK || (st = jh_anchor_last(ledger->anchor_path, &last, err)) != JIHE_OK)
        return st;
    if (last.sequence >= head->sequence || last.sequence == jh_event_number(value))
        return JIHE_OK;
    return fail_event(ledger, head->sequence,
                      "follows commits that the anchor does not have: lines were removed from it", err);
}

/* `line`: the anchor's last line, read before the transaction began. */
static jihe_status check_head(const jh_ledger *ledger, const jh_head *line, jh_head *head, jihe_error *err)
{
    jh_txn *txn;
    jihe_status st = jh_txn_begin(&txn, ledger->env, 0, 0, err);

    if (st != JIHE_OK)
        return st;
    st = read_head(ledger, txn, head, err);
    if (st == JIHE_OK && line->sequence > 0)
        st = check_anchored(ledger, txn, line, err);
    if (st == JIHE_OK)
        st = check_lag(ledger, txn, head, err);
    jh_txn_abort(txn);
    return st;
}

/* The anchor's last line; JIHE_NOT_FOUND when there is no ledger at all. The anchor is made before the store and so one
 * without the other, unless still empty, is a loss. */
static jihe_status check_files(const jh_ledger *ledger, jh_head *line, jihe_error *err)
{
    const bool store = jh_file_exists(ledger->store_path);
    jihe_status st;

    if (!store && !jh_file_exists(ledger->anchor_path))
        return jh_fail(err, JIHE_NOT_FOUND, "there is no ledger '%s'; make one with: jihe init", ledger->store_path);
    if ((st = jh_anchor_last(ledger->anchor_path, line, err)) != JIHE_OK)
        return st;
    if (!store && line->sequence > 0)
        return fail_event(ledger, line->sequence, "is in the anchor, but the store is gone", err);
    return JIHE_OK;
}

static jihe_status open_checked(jh_ledger *ledger, jihe_error *err)
{
    jh_head line = {0};
    jihe_status st;

    if ((st = check_files(ledger, &line, err)) != JIHE_OK ||
        (st = jh_env_open(&ledger->env, ledger->store_path, ledger->write ? JH_ENV_LEDGER : JH_ENV_LEDGER_READ, err)) !=
            JIHE_OK ||
        (st = check_head(ledger, &line, &ledger->head, err)) != JIHE_OK)
        return st;
    if (ledger->write && line.sequence < ledger->head.sequence)
        st = jh_anchor_append(ledger->anchor_path, &ledger->head, err);
    return st;
}

jihe_status jh_ledger_open(jh_ledger **out, const char *workspace, int write, jihe_error *err)
{
    jh_ledger *ledger = calloc(1, sizeof *ledger);
    jihe_status st;

    *out = NULL;
    if (ledger == NULL || asprintf(&ledger->store_path, "%s/ledger/ledger.mdb", workspace) < 0) {
        free(ledger);
        return jh_fail(err, JIHE_NO_MEMORY, "no memory to open the ledger of '%s'", workspace);
    }
    if (asprintf(&ledger->anchor_path, "%s/ledger/anchor", workspace) < 0) {
        ledger->anchor_path = NULL;
        st = jh_fail(err, JIHE_NO_MEMORY, "no memory to open the ledger of '%s'", workspace);
    } else {
        ledger->write = write != 0;
        st = open_checked(ledger, err);
    }
    if (st != JIHE_OK) {
        jh_ledger_close(ledger);
        return st;
    }
    *out = ledger;
    return JIHE_OK;
}

void jh_ledger_close(jh_ledger *ledger)
{
    if (ledger == NULL)
        return;
    jh_ledger_rollback(ledger);
    jh_env_close(ledger->env);
    jh_buf_deinit(&ledger->scratch);
    free(ledger->store_path);
    free(ledger->anchor_path);
    free(ledger);
}

jihe_status jh_ledger_create(const char *workspace, jihe_error *err)
{
    jh_buf path = {0};
    jh_ledger *ledger;
    size_t folder;
    jihe_status st;

    jh_buf_printf(&path, "%s/ledger", workspace);
    folder = path.len;
    if (path.failed) {
        jh_buf_deinit(&path);
        return jh_fail(err, JIHE_NO_MEMORY, "no memory to make the ledger of '%s'", workspace);
    }
    if ((st = jh_file_mkdir(jh_buf_text(&path), err)) == JIHE_OK) {
        jh_buf_puts(&path, "/ledger.mdb");
        if (!jh_file_exists(jh_buf_text(&path))) {
            path.len = folder;
            jh_buf_puts(&path, "/anchor");
            st = jh_anchor_create(jh_buf_text(&path), err);
        }
        path.len = folder;
    }
    if (st == JIHE_OK)
        st = jh_file_sync_dir(jh_buf_text(&path), err);
    jh_buf_deinit(&path);
    if (st == JIHE_OK && (st = jh_ledger_open(&ledger, workspace, 1, err)) == JIHE_OK)
        jh_ledger_close(ledger);
    return st;
}

uint64_t jh_ledger_head(const jh_ledger *ledger, uint8_t hash[32])
{
    memcpy(hash, ledger->head.hash, JH_HASH_BYTES);
    return ledger->head.sequence;
}

/* Writing */

jihe_status jh_ledger_begin(jh_ledger *ledger, uint64_t expected_bytes, jihe_error *err)
{
    jh_head head;
    jihe_status st;

    if (!ledger->write || ledger->txn != NULL)
        return jh_fail(err, JIHE_BUG, "the ledger '%s' is not open for writing, or a batch is open",
                       ledger->store_path);
    if (ledger->broken)
        return jh_fail(err, JIHE_IO, "the ledger '%s' is no longer used after a failed commit; stop and run again",
                       ledger->store_path);
    if ((st = jh_txn_begin(&ledger->txn, ledger->env, 1, expected_bytes, err)) != JIHE_OK)
        return st;
    st = read_head(ledger, ledger->txn, &head, err);
    if (st == JIHE_OK && memcmp(head.hash, ledger->head.hash, JH_HASH_BYTES) != 0)
        st = jh_fail(err, JIHE_BUSY, "another process has recorded into '%s' since it was opened; run again",
                     ledger->store_path);
    if (st != JIHE_OK) {
        jh_ledger_rollback(ledger);
        return st;
    }
    ledger->pending = head;
    ledger->blob_highest = 0;
    return JIHE_OK;
}

/* previous hash | room for the hash | payload */
static jihe_status pack_event(jh_ledger *ledger, const char *kind, int64_t at, const jh_buf *body, jihe_error *err)
{
    jh_buf *out = &ledger->scratch;
    jh_unpack check;

    jh_buf_clear(out);
    jh_buf_put(out, ledger->pending.hash, JH_HASH_BYTES);
    jh_buf_extend(out, JH_HASH_BYTES);
    jh_pack_map(out, 3);
    jh_pack_text(out, "kind");
    jh_pack_text(out, kind);
    jh_pack_text(out, "at");
    jh_pack_i64(out, at);
    jh_pack_text(out, "body");
    jh_buf_put(out, body->bytes, body->len);
    if (out->failed || body->failed)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for an event '%s' of %zu bytes", kind, body->len);
    if (!jh_unpack_begin(&check, out->bytes + JH_FRAME_BYTES, out->len - JH_FRAME_BYTES))
        return jh_fail(err, JIHE_BUG, "the body of an event '%s' is not one MessagePack value of at most 15 levels",
                       kind);
    return JIHE_OK;
}

jihe_status jh_ledger_append(jh_ledger *ledger, const char *kind, int64_t at, const jh_buf *body, uint64_t *sequence,
                             jihe_error *err)
{
    const uint64_t number = ledger->pending.sequence + 1;
    const jh_buf *event = &ledger->scratch;
    uint8_t key[JH_EVENT_KEY_BYTES];
    uint8_t hash[JH_HASH_BYTES];
    jihe_status st;

    if (ledger->txn == NULL || kind[0] == '\0' || strlen(kind) > JH_KIND_MAX)
        return jh_fail(err, JIHE_BUG, "event '%.80s': no batch is open, or not a kind of 1 to %d bytes", kind,
                       JH_KIND_MAX);
    jh_event_key(key, number);
    if ((st = pack_event(ledger, kind, at, body, err)) != JIHE_OK ||
        (st = jh_chain_hash(ledger->pending.hash, number, event->bytes + JH_FRAME_BYTES, event->len - JH_FRAME_BYTES,
                            hash, err)) != JIHE_OK)
        return st;
    memcpy(event->bytes + JH_HASH_BYTES, hash, JH_HASH_BYTES);
    if ((st = jh_txn_add(ledger->txn, EVENTS, key, sizeof key, event->bytes, event->len, err)) != JIHE_OK)
        return st;
    ledger->pending.sequence = number;
    memcpy(ledger->pending.hash, hash, JH_HASH_BYTES);
    if (sequence != NULL)
        *sequence = number;
    return JIHE_OK;
}

static void blob_key(uint8_t key[BLOB_KEY_BYTES], uint64_t sequence, uint32_t part)
{
    jh_event_key(key, sequence);
    for (int i = 0; i < 4; i++)
        key[JH_EVENT_KEY_BYTES + i] = (uint8_t)(part >> (24 - 8 * i));
}

jihe_status jh_ledger_put_blob(jh_ledger *ledger, uint64_t sequence, uint32_t part, const void *bytes, size_t len,
                               jihe_error *err)
{
    uint8_t key[BLOB_KEY_BYTES];

    if (ledger->txn == NULL || sequence <= ledger->head.sequence)
        return jh_fail(err, JIHE_BUG, "a blob for event %llu: no batch is open, or the event is recorded already",
                       (unsigned long long)sequence);
    if (sequence > ledger->blob_highest)
        ledger->blob_highest = sequence;
    blob_key(key, sequence, part);
    return jh_txn_add(ledger->txn, BLOBS, key, sizeof key, bytes, len, err);
}

static jihe_status commit_store(jh_ledger *ledger, jihe_error *err)
{
    uint8_t number[JH_EVENT_KEY_BYTES];
    jh_txn *txn;
    jihe_status st;

    if (ledger->blob_highest > ledger->pending.sequence) {
        jh_ledger_rollback(ledger);
        return jh_fail(err, JIHE_BUG, "a blob belongs to event %llu, which was not appended",
                       (unsigned long long)ledger->blob_highest);
    }
    jh_event_key(number, ledger->head.sequence);
    st = jh_txn_replace(ledger->txn, COMMITS, previous_key, sizeof previous_key - 1, number, sizeof number, err);
    if (st != JIHE_OK) {
        jh_ledger_rollback(ledger);
        return st;
    }
    txn = ledger->txn;
    ledger->txn = NULL;
    return jh_txn_commit(txn, err);
}

jihe_status jh_ledger_commit(jh_ledger *ledger, jihe_error *err)
{
    jihe_status st;

    if (ledger->txn == NULL)
        return jh_fail(err, JIHE_BUG, "no batch is open on '%s'", ledger->store_path);
    if (ledger->pending.sequence == ledger->head.sequence && ledger->blob_highest == 0) {
        jh_ledger_rollback(ledger);
        return JIHE_OK;
    }
    st = commit_store(ledger, err);
    if (st == JIHE_OK) {
        ledger->head = ledger->pending;
        st = jh_anchor_append(ledger->anchor_path, &ledger->head, err);
        if (st != JIHE_OK)
            st = jh_wrap(err, st,
                         "events up to %llu are recorded, the anchor will follow when the ledger is next written",
                         (unsigned long long)ledger->head.sequence);
    }
    ledger->broken = st != JIHE_OK;
    return st;
}

void jh_ledger_rollback(jh_ledger *ledger)
{
    jh_txn_abort(ledger->txn);
    ledger->txn = NULL;
}

/* Reading */

/* The batch's transaction where one is open (its events are seen too), else a read transaction of its own. */
static jihe_status begin_read(jh_ledger *ledger, jh_txn **txn, jihe_error *err)
{
    if (ledger->txn == NULL)
        return jh_txn_begin(txn, ledger->env, 0, 0, err);
    *txn = ledger->txn;
    return JIHE_OK;
}

static void end_read(const jh_ledger *ledger, jh_txn *txn)
{
    if (txn != ledger->txn)
        jh_txn_abort(txn);
}

/* A pass over the chain up to a known head. */
struct pass {
    const jh_ledger *ledger;
    const char *kind;     /* NULL: every kind */
    jh_event_visit visit; /* NULL: only the chain is checked */
    void *context;
    jh_head until;
    jh_head seen;
    bool beyond; /* stopped at an event newer than `until` */
};

static jihe_status visit_event(void *context, const void *key, size_t key_len, const void *value, size_t value_len,
                               jihe_error *err)
{
    struct pass *pass = context;
    const jh_ledger *ledger = pass->ledger;
    const uint64_t number = pass->seen.sequence + 1;
    char kind[JH_KIND_MAX + 1];
    const char *wrong;
    jh_event event;
    jh_record record;
    jihe_status st;

    if (number > pass->until.sequence) {
        pass->beyond = true;
        return JIHE_DIFFERS;
    }
    if (key_len != JH_EVENT_KEY_BYTES || jh_event_number(key) != number)
        return fail_event(ledger, number, "is missing", err);
    if (!jh_record_split(number, value, value_len, &record) ||
        memcmp(record.previous, pass->seen.hash, JH_HASH_BYTES) != 0)
        return fail_event(ledger, number, "does not follow the event before it", err);
    if ((st = check_record(ledger, &record, err)) != JIHE_OK)
        return st;
    pass->seen.sequence = number;
    memcpy(pass->seen.hash, record.hash, JH_HASH_BYTES);
    if (pass->kind != NULL && !jh_record_may_be(&record, pass->kind))
        return JIHE_OK;
    if ((wrong = jh_record_event(&record, kind, &event)) != NULL)
        return fail_event(ledger, number, wrong, err);
    if (pass->visit == NULL || (pass->kind != NULL && strcmp(pass->kind, kind) != 0))
        return JIHE_OK;
    return pass->visit(pass->context, &event, err);
}

jihe_status jh_event_unreadable(const jh_event *event, const char *what, jihe_error *err)
{
    if (errno == ENOMEM)
        return jh_fail(err, JIHE_NO_MEMORY, "reading ledger event %llu", (unsigned long long)event->sequence);
    return jh_fail(err, JIHE_CORRUPT, "ledger event %llu is not a readable %s", (unsigned long long)event->sequence,
                   what);
}

jihe_status jh_ledger_each(jh_ledger *ledger, const char *kind, jh_event_visit visit, void *context, jihe_error *err)
{
    struct pass pass = {.ledger = ledger, .kind = kind, .visit = visit, .context = context};
    jh_txn *txn;
    jihe_status st = begin_read(ledger, &txn, err);

    if (st != JIHE_OK)
        return st;
    pass.until = ledger->txn == NULL ? ledger->head : ledger->pending;
    st = jh_txn_scan(txn, EVENTS, NULL, 0, visit_event, &pass, err);
    end_read(ledger, txn);
    if (pass.beyond)
        st = JIHE_OK;
    if (st != JIHE_OK)
        return st;
    if (pass.seen.sequence != pass.until.sequence)
        return fail_event(ledger, pass.seen.sequence + 1, "is missing", err);
    if (memcmp(pass.seen.hash, pass.until.hash, JH_HASH_BYTES) != 0)
        return fail_event(ledger, pass.seen.sequence, "has changed since the ledger was opened", err);
    return JIHE_OK;
}

jihe_status jh_ledger_blob(jh_ledger *ledger, uint64_t sequence, uint32_t part, jh_buf *out, jihe_error *err)
{
    uint8_t key[BLOB_KEY_BYTES];
    const void *bytes;
    size_t len;
    jh_txn *txn;
    jihe_status st = begin_read(ledger, &txn, err);

    if (st != JIHE_OK)
        return st;
    blob_key(key, sequence, part);
    st = jh_txn_get(txn, BLOBS, key, sizeof key, &bytes, &len, err);
    if (st == JIHE_OK)
        jh_buf_put(out, bytes, len);
    end_read(ledger, txn);
    if (st == JIHE_OK && out->failed)
        st = jh_fail(err, JIHE_NO_MEMORY, "no memory for part %u of event %llu, %zu bytes", part,
                     (unsigned long long)sequence, len);
    return st;
}

/* The anchor against the store, line by line. */
struct anchor_pass {
    const jh_ledger *ledger;
    jh_txn *txn;
};

static jihe_status visit_line(void *context, const jh_head *line, jihe_error *err)
{
    const struct anchor_pass *pass = context;

    if (line->sequence > pass->ledger->head.sequence)
        return JIHE_OK; /* of a commit by another process after this handle was opened */
    return check_anchored(pass->ledger, pass->txn, line, err);
}

jihe_status jh_ledger_verify(jh_ledger *ledger, jihe_error *err)
{
    struct anchor_pass pass = {.ledger = ledger};
    jihe_status st = jh_ledger_each(ledger, NULL, NULL, NULL, err);

    if (st != JIHE_OK || (st = begin_read(ledger, &pass.txn, err)) != JIHE_OK)
        return st;
    st = jh_anchor_each(ledger->anchor_path, visit_line, &pass, err);
    end_read(ledger, pass.txn);
    return st;
}
