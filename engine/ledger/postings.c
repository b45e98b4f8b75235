#include "ledger/postings.h"

#include <errno.h>
#include <string.h>

#include "base/days.h"
#include "base/error.h"
#include "codec/pack.h"
#include "codec/stored_map.h"
#include "ledger/notes.h"

static void pack_posting(jh_buf *body, const jh_posting *posting)
{
    const bool by_type = posting->types[0] != '\0' || posting->weekdays != 0;

    jh_pack_array(body, by_type ? 8 : posting->capacity != 0 ? 6 : 5);
    jh_pack_text(body, posting->person);
    jh_pack_text(body, posting->unit);
    jh_pack_text(body, posting->post);
    jh_pack_i64(body, posting->from);
    jh_pack_i64(body, posting->to);
    if (by_type || posting->capacity != 0)
        jh_pack_u64(body, posting->capacity);
    if (by_type) {
        jh_pack_text(body, posting->types);
        jh_pack_u64(body, posting->weekdays);
    }
}

static void pack_spell(jh_buf *body, const jh_spell *spell)
{
    jh_pack_array(body, 5);
    jh_pack_text(body, spell->person);
    jh_pack_text(body, jh_spell_word(spell->kind));
    jh_pack_text(body, spell->other);
    jh_pack_i64(body, spell->from);
    jh_pack_i64(body, spell->to);
}

jihe_status jh_postings_save(jh_ledger *ledger, const jh_roster *roster, const char sha256[65], int64_t at,
                             uint64_t *sequence, jihe_error *err)
{
    jh_buf body = {0};
    jihe_status st;

    jh_pack_map(&body, (size_t)2 + (roster->spell_count > 0));
    jh_pack_text(&body, "sha256");
    jh_pack_text(&body, sha256);
    jh_pack_text(&body, "postings");
    jh_pack_array(&body, roster->count);
    for (size_t i = 0; i < roster->count; i++)
        pack_posting(&body, &roster->postings[i]);
    if (roster->spell_count > 0) {
        jh_pack_text(&body, "spells");
        jh_pack_array(&body, roster->spell_count);
        for (size_t i = 0; i < roster->spell_count; i++)
            pack_spell(&body, &roster->spells[i]);
    }
    st = body.failed ? jh_fail(err, JIHE_NO_MEMORY, "recording a roster") : jh_ledger_begin(ledger, body.len, err);
    if (st == JIHE_OK) {
        if ((st = jh_ledger_append(ledger, "roster", at, &body, sequence, err)) == JIHE_OK)
            st = jh_ledger_commit(ledger, err);
        else
            jh_ledger_rollback(ledger);
    }
    jh_buf_deinit(&body);
    return st;
}

static void read_days(jh_unpack *in, int32_t *from, int32_t *to, bool *ok)
{
    const int64_t first = jh_unpack_i64(in), last = jh_unpack_i64(in);

    *ok = *ok && !in->failed && jh_days_span(first, last);
    *from = (int32_t)first;
    *to = (int32_t)last;
}

static void unpack_posting(jh_unpack *in, jh_posting *posting, jh_arena *arena, bool *ok)
{
    const size_t fields = jh_unpack_array(in); /* the sixth is the capacity of those who inspect */
    uint64_t capacity = 0, weekdays = 0;

    *ok = *ok && (fields == 5 || fields == 6 || fields == 8);
    posting->person = jh_next_text(in, arena, ok);
    posting->unit = jh_next_text(in, arena, ok);
    posting->post = jh_next_text(in, arena, ok);
    read_days(in, &posting->from, &posting->to, ok);
    if (fields >= 6)
        capacity = jh_unpack_u64(in);
    posting->types = fields == 8 ? jh_next_text(in, arena, ok) : "";
    if (fields == 8)
        weekdays = jh_unpack_u64(in);
    *ok = *ok && !in->failed && posting->person != NULL && posting->unit != NULL && posting->post != NULL &&
          posting->types != NULL && capacity <= UINT32_MAX && weekdays <= 0x7F;
    posting->capacity = (uint32_t)capacity;
    posting->weekdays = (uint8_t)weekdays;
}

static void unpack_spell(jh_unpack *in, jh_spell *spell, jh_arena *arena, bool *ok)
{
    size_t len;

    *ok = *ok && jh_unpack_array(in) == 5;
    spell->person = jh_next_text(in, arena, ok);
    const char *word = jh_unpack_str(in, &len);

    while (*ok && spell->kind < JH_SPELL_KINDS &&
           (word == NULL || strlen(jh_spell_word(spell->kind)) != len ||
            memcmp(jh_spell_word(spell->kind), word, len) != 0))
        spell->kind++;
    spell->other = jh_next_text(in, arena, ok);
    read_days(in, &spell->from, &spell->to, ok);
    *ok = *ok && !in->failed && spell->person != NULL && spell->kind < JH_SPELL_KINDS && spell->other != NULL;
}

/* Absent: none, as in rosters recorded before there were any. */
static bool unpack_spells(jh_roster *out, const jh_unpack *body, jh_arena *arena)
{
    jh_unpack in;
    bool ok = true;

    if (!jh_unpack_find(body, "spells", &in))
        return true;
    const size_t count = jh_unpack_array(&in);
    jh_spell *spells = in.failed ? NULL : JH_NEW(arena, jh_spell, count + 1);

    ok = spells != NULL;
    for (size_t i = 0; ok && i < count; i++)
        unpack_spell(&in, &spells[i], arena, &ok);
    out->spells = spells;
    out->spell_count = ok ? count : 0;
    return ok;
}

static bool unpack_postings(jh_roster *out, const jh_event *event, char *sha256, jh_arena *arena)
{
    jh_unpack body;
    bool ok = true;

    if (!jh_unpack_begin(&body, event->body, event->body_len))
        return false;
    const char *sha = jh_field_text(&body, "sha256", arena, &ok);
    jh_unpack in = jh_field_at(&body, "postings", &ok);
    const size_t count = ok ? jh_unpack_array(&in) : 0;
    jh_posting *postings = in.failed ? NULL : JH_NEW(arena, jh_posting, count + 1);

    ok = ok && strlen(sha) == 64 && postings != NULL;
    for (size_t i = 0; ok && i < count; i++)
        unpack_posting(&in, &postings[i], arena, &ok);
    if (ok && sha256 != NULL)
        memcpy(sha256, sha, 65);
    *out = (jh_roster){.postings = postings, .count = ok ? count : 0, .sequence = event->sequence};
    return ok && unpack_spells(out, &body, arena) && jh_roster_index(out, arena);
}

struct loading {
    jh_roster *roster;
    uint64_t wanted;
    char *sha256;
    jh_arena *arena;
};

static jihe_status visit_roster(void *context, const jh_event *event, jihe_error *err)
{
    const struct loading *loading = context;

    if (loading->wanted != 0 && event->sequence != loading->wanted)
        return JIHE_OK;
    errno = 0;
    return unpack_postings(loading->roster, event, loading->sha256, loading->arena)
               ? JIHE_OK
               : jh_event_unreadable(event, "roster", err);
}

jihe_status jh_postings_load(jh_roster *out, jh_ledger *ledger, uint64_t sequence, char sha256[65], jh_arena *arena,
                             jihe_error *err)
{
    struct loading loading = {.roster = out, .wanted = sequence, .sha256 = sha256, .arena = arena};

    *out = (jh_roster){0};
    if (sha256 != NULL)
        sha256[0] = '\0';
    const jihe_status st = jh_ledger_each(ledger, "roster", visit_roster, &loading, err);

    if (st == JIHE_OK && sequence != 0 && out->sequence != sequence)
        return jh_fail(err, JIHE_CORRUPT, "ledger event %llu should be a roster and is not",
                       (unsigned long long)sequence);
    return st;
}

/* --- comparing --- */

static bool same_posting(const jh_posting *a, const jh_posting *b)
{
    return a->from == b->from && a->to == b->to && a->capacity == b->capacity && a->weekdays == b->weekdays &&
           strcmp(a->person, b->person) == 0 && strcmp(a->unit, b->unit) == 0 && strcmp(a->post, b->post) == 0 &&
           strcmp(a->types, b->types) == 0;
}

static bool same_spell(const jh_spell *a, const jh_spell *b)
{
    return a->from == b->from && a->to == b->to && a->kind == b->kind && strcmp(a->person, b->person) == 0 &&
           strcmp(a->other, b->other) == 0;
}

bool jh_postings_equal(const jh_roster *a, const jh_roster *b)
{
    bool equal = a->count == b->count && a->spell_count == b->spell_count;

    for (size_t i = 0; equal && i < a->count; i++)
        equal = same_posting(&a->postings[i], &b->postings[i]);
    for (size_t i = 0; equal && i < a->spell_count; i++)
        equal = same_spell(&a->spells[i], &b->spells[i]);
    return equal;
}

/* --- with notes, and versions --- */

jihe_status jh_people_load(jh_roster *out, jh_ledger *ledger, uint64_t roster, uint64_t notes, jh_arena *arena,
                           jihe_error *err)
{
    jh_roster read = {0};
    jihe_status st = JIHE_OK;

    if (roster != 0)
        st = jh_postings_load(&read, ledger, roster, NULL, arena, err);
    if (st == JIHE_OK && notes != 0)
        st = jh_notes_load(&read.notes, ledger, notes, arena, err);
    *out = read;
    return st;
}

struct listing {
    jh_roster_version *versions;
    size_t count, room;
    jh_arena *arena;
};

static size_t count_items(const jh_unpack *body, const char *key)
{
    jh_unpack in;

    return jh_unpack_find(body, key, &in) ? jh_unpack_array(&in) : 0;
}

static jihe_status visit_version(void *context, const jh_event *event, jihe_error *err)
{
    struct listing *listing = context;
    jh_roster_version *versions =
        jh_arena_list(listing->arena, listing->versions, listing->count, &listing->room, sizeof *versions);
    jh_unpack body;
    bool ok = true;

    if (versions == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "listing rosters");
    errno = 0;
    if (!jh_unpack_begin(&body, event->body, event->body_len))
        return jh_event_unreadable(event, "roster", err);
    listing->versions = versions;
    versions[listing->count++] = (jh_roster_version){.sequence = event->sequence,
                                                     .at = event->at,
                                                     .sha256 = jh_field_text(&body, "sha256", listing->arena, &ok),
                                                     .postings = count_items(&body, "postings"),
                                                     .spells = count_items(&body, "spells")};
    return ok ? JIHE_OK : jh_event_unreadable(event, "roster", err);
}

jihe_status jh_postings_versions(jh_roster_version **out, size_t *count, jh_ledger *ledger, jh_arena *arena,
                                 jihe_error *err)
{
    struct listing listing = {.arena = arena};
    const jihe_status st = jh_ledger_each(ledger, "roster", visit_version, &listing, err);

    *out = listing.versions;
    *count = st == JIHE_OK ? listing.count : 0;
    return st;
}
