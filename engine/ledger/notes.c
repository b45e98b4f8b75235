#include "ledger/notes.h"

#include <errno.h>
#include <string.h>

#include "base/days.h"
#include "base/error.h"
#include "codec/pack.h"
#include "codec/stored_map.h"

static const char kept[] = "note", withdrawn[] = "note-withdrawn";

/* One event in a batch of its own. */
static jihe_status append(jh_ledger *ledger, const char *kind, int64_t at, const jh_buf *body, uint64_t *sequence,
                          jihe_error *err)
{
    jihe_status st =
        body->failed ? jh_fail(err, JIHE_NO_MEMORY, "recording a note") : jh_ledger_begin(ledger, body->len, err);

    if (st != JIHE_OK)
        return st;
    if ((st = jh_ledger_append(ledger, kind, at, body, sequence, err)) == JIHE_OK)
        return jh_ledger_commit(ledger, err);
    jh_ledger_rollback(ledger);
    return st;
}

jihe_status jh_note_save(jh_ledger *ledger, jh_note *note, jihe_error *err)
{
    jh_buf body = {0};

    jh_pack_map(&body, 6);
    jh_pack_text(&body, "scope");
    jh_pack_text(&body, jh_note_scope_word(note->scope));
    jh_pack_text(&body, "of");
    jh_pack_text(&body, note->of);
    jh_pack_text(&body, "from");
    jh_pack_i64(&body, note->from);
    jh_pack_text(&body, "to");
    jh_pack_i64(&body, note->to);
    jh_pack_text(&body, "excuses");
    jh_pack_bool(&body, note->excuses);
    jh_pack_text(&body, "text");
    jh_pack_text(&body, note->text);
    const jihe_status st = append(ledger, kept, note->at, &body, &note->sequence, err);

    jh_buf_deinit(&body);
    return st;
}

jihe_status jh_note_withdraw(jh_ledger *ledger, uint64_t note, const char *reason, int64_t at, jihe_error *err)
{
    jh_buf body = {0};

    jh_pack_map(&body, 2);
    jh_pack_text(&body, "note");
    jh_pack_u64(&body, note);
    jh_pack_text(&body, "reason");
    jh_pack_text(&body, reason);
    const jihe_status st = append(ledger, withdrawn, at, &body, NULL, err);

    jh_buf_deinit(&body);
    return st;
}

struct loading {
    jh_note *notes;
    size_t count, room;
    uint64_t last, seen;
    jh_arena *arena;
};

static bool unpack_note(jh_note *note, const jh_event *event, jh_arena *arena)
{
    jh_unpack body;
    bool ok = true;

    if (!jh_unpack_begin(&body, event->body, event->body_len))
        return false;
    const char *scope = jh_field_text(&body, "scope", arena, &ok);

    *note = (jh_note){.sequence = event->sequence, .at = event->at};
    note->of = jh_field_text(&body, "of", arena, &ok);
    note->from = (int32_t)jh_field_i64(&body, "from", INT32_MIN, INT32_MAX, &ok);
    note->to = (int32_t)jh_field_i64(&body, "to", INT32_MIN, INT32_MAX, &ok);
    note->excuses = jh_field_bool(&body, "excuses", &ok);
    note->text = jh_field_text(&body, "text", arena, &ok);
    while (ok && note->scope < JH_NOTE_SCOPES && strcmp(scope, jh_note_scope_word(note->scope)) != 0)
        note->scope++;
    return ok && note->scope < JH_NOTE_SCOPES && jh_days_span(note->from, note->to);
}

/* The events come in order of their numbers. */
static bool take_withdrawal(struct loading *loading, const jh_event *event)
{
    jh_unpack body;
    bool ok = true;
    size_t low = 0, high = loading->count;

    if (!jh_unpack_begin(&body, event->body, event->body_len))
        return false;
    const uint64_t number = jh_field_u64(&body, "note", UINT64_MAX, &ok);

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (loading->notes[middle].sequence < number)
            low = middle + 1;
        else
            high = middle;
    }
    if (!ok || low == loading->count || loading->notes[low].sequence != number)
        return false;
    loading->notes[low].withdrawn = event->sequence;
    return true;
}

static jihe_status visit(void *context, const jh_event *event, jihe_error *err)
{
    struct loading *loading = context;
    const bool is_note = strcmp(event->kind, kept) == 0;

    if ((!is_note && strcmp(event->kind, withdrawn) != 0) || event->sequence > loading->last)
        return JIHE_OK;
    loading->seen = event->sequence;
    errno = 0;
    if (!is_note)
        return take_withdrawal(loading, event) ? JIHE_OK : jh_event_unreadable(event, withdrawn, err);
    jh_note *notes = jh_arena_list(loading->arena, loading->notes, loading->count, &loading->room, sizeof *notes);

    if (notes == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "reading the notes");
    loading->notes = notes;
    return unpack_note(&notes[loading->count++], event, loading->arena) ? JIHE_OK
                                                                        : jh_event_unreadable(event, kept, err);
}

jihe_status jh_notes_load(jh_notes *out, jh_ledger *ledger, uint64_t last, jh_arena *arena, jihe_error *err)
{
    struct loading loading = {.last = last, .arena = arena};
    const jihe_status st = jh_ledger_each(ledger, NULL, visit, &loading, err);

    *out = (jh_notes){.notes = loading.notes, .count = loading.count, .sequence = loading.seen};
    return st;
}
