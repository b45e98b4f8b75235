#include "ledger/runs_int.h"

#include <stdio.h>
#include <string.h>

#include "base/days.h"
#include "base/error.h"
#include "base/hash.h"
#include "codec/pack.h"
#include "codec/stored_map.h"
#include "rule/record.h"

/* A run as its event's body, written and read back. */

enum { DRAW_VERSION = 1 }; /* DESIGN section 4; a changed draw gets a new number, and so new run ids */

static void pack_snapshots(jh_buf *out, const jh_run_snapshot *snapshots, size_t count)
{
    jh_pack_array(out, count);
    for (size_t i = 0; i < count; i++) {
        jh_pack_array(out, 3);
        jh_pack_i64(out, snapshots[i].date);
        jh_pack_u64(out, snapshots[i].revision);
        jh_pack_text(out, snapshots[i].sha256);
    }
}

static void pack_files(jh_buf *out, const jh_run *run)
{
    jh_pack_text(out, "files");
    jh_pack_array(out, run->file_count);
    for (size_t i = 0; i < run->file_count; i++) {
        jh_pack_array(out, 2);
        jh_pack_text(out, run->files[i].name);
        jh_pack_text(out, run->files[i].sha256);
    }
}

static void pack_past(jh_buf *out, const jh_run *run)
{
    jh_pack_array(out, run->rule_count);
    for (size_t r = 0; r < run->rule_count; r++) {
        const jh_past *past = &run->past[r];

        jh_pack_array(out, past->count);
        for (size_t i = 0; i < past->count; i++) {
            jh_pack_array(out, 3);
            jh_pack_text(out, past->strata[i].label);
            jh_pack_u64(out, past->strata[i].documents);
            jh_pack_u64(out, past->strata[i].marked);
        }
    }
}

/* Everything that decides a run. */
static void pack_inputs(jh_buf *out, const jh_run *run)
{
    const bool extends = run->extends != NULL && run->extends[0] != '\0';

    jh_pack_map(out,
                (size_t)9 + run->latest + (run->past != NULL) + extends + (run->file_count != 0) + (run->notes != 0));
    jh_pack_text(out, "draw");
    jh_pack_u64(out, DRAW_VERSION);
    jh_pack_text(out, "from");
    jh_pack_i64(out, run->from);
    jh_pack_text(out, "to");
    jh_pack_i64(out, run->to);
    jh_pack_text(out, "seed");
    jh_pack_text(out, run->seed);
    jh_pack_text(out, "timezone");
    jh_pack_text(out, run->timezone);
    jh_pack_text(out, "snapshots");
    pack_snapshots(out, run->snapshots, run->snapshot_count);
    jh_pack_text(out, "history");
    pack_snapshots(out, run->history, run->history_count);
    jh_pack_text(out, "roster");
    jh_pack_u64(out, run->roster);
    jh_pack_text(out, "rules");
    jh_pack_array(out, run->rule_count);
    for (size_t r = 0; r < run->rule_count; r++)
        jh_rule_pack(out, &run->rules[r]);
    if (run->latest) { /* not for one snapshot: the ids of such runs stay what they were */
        jh_pack_text(out, "latest");
        jh_pack_bool(out, true);
    }
    if (run->past != NULL) {
        jh_pack_text(out, "past");
        pack_past(out, run);
    }
    if (extends) {
        jh_pack_text(out, "extends");
        jh_pack_text(out, run->extends);
    }
    if (run->file_count != 0)
        pack_files(out, run);
    if (run->notes != 0) {
        jh_pack_text(out, "notes");
        jh_pack_u64(out, run->notes);
    }
}

jihe_status jh_run_identify(jh_run *run, jihe_error *err)
{
    jh_buf buf = {0};
    uint8_t sum[32];
    char date[16], hex[11];

    pack_inputs(&buf, run);
    const jihe_status st =
        buf.failed ? jh_fail(err, JIHE_NO_MEMORY, "naming a run") : jh_sha256_bytes(buf.bytes, buf.len, sum, err);

    jh_buf_deinit(&buf);
    if (st != JIHE_OK)
        return st;
    jh_hex(sum, 5, hex);
    jh_days_text(run->to, date);
    snprintf(run->id, sizeof run->id, "%s-%s", date, hex);
    return JIHE_OK;
}

static void pack_results(jh_buf *out, const jh_run *run)
{
    jh_pack_array(out, run->rule_count);
    for (size_t r = 0; r < run->rule_count; r++) {
        const jh_run_result *result = &run->results[r];

        const bool apart = result->apart.documents > 0;
        char amount[41];

        jh_pack_array(out, apart ? 8 : 5);
        jh_pack_u64(out, result->frame);
        jh_pack_u64(out, result->undecided);
        jh_pack_u64(out, result->flagged);
        jh_pack_u64(out, result->gated);
        jh_pack_u64(out, result->selected);
        if (!apart)
            continue;
        jh_pack_u64(out, result->apart.documents);
        jh_num_i128_text(result->apart.amount, amount);
        jh_pack_text(out, amount);
        jh_pack_u64(out, result->apart.scale);
    }
}

void jh_run_pack(jh_buf *out, const jh_run *run)
{
    jh_pack_map(out, (size_t)8 + (run->superseded != 0) + (run->layout >= 2) + run->keeps_flags);
    jh_pack_text(out, "run");
    jh_pack_text(out, run->id);
    jh_pack_text(out, "inputs");
    pack_inputs(out, run);
    jh_pack_text(out, "results");
    pack_results(out, run);
    jh_pack_text(out, "documents");
    jh_pack_u64(out, run->documents);
    jh_pack_text(out, "hits");
    jh_pack_u64(out, run->hits);
    jh_pack_text(out, "document_parts");
    jh_pack_u64(out, run->document_parts);
    jh_pack_text(out, "hit_parts");
    jh_pack_u64(out, run->hit_parts);
    jh_pack_text(out, "digest");
    jh_pack_text(out, run->digest);
    if (run->superseded != 0) {
        jh_pack_text(out, "superseded");
        jh_pack_u64(out, run->superseded);
    }
    if (run->layout >= 2) {
        jh_pack_text(out, "layout");
        jh_pack_u64(out, run->layout);
    }
    if (run->keeps_flags) {
        jh_pack_text(out, "flags");
        jh_pack_array(out, 2);
        jh_pack_u64(out, run->flag_parts);
        jh_pack_text(out, run->flags_digest);
    }
}

/* --- reading --- */

static void copy_hex(char out[65], const char *text, bool *ok)
{
    *ok = *ok && text != NULL && strlen(text) == 64;
    if (*ok)
        memcpy(out, text, 65);
}

static void unpack_snapshots(const jh_unpack *map, const char *key, jh_run_snapshot **out, size_t *count,
                             jh_arena *arena, bool *ok)
{
    jh_unpack in = jh_field_at(map, key, ok);
    const size_t listed = *ok ? jh_unpack_array(&in) : 0;

    *out = in.failed ? NULL : JH_NEW(arena, jh_run_snapshot, listed + 1);
    *ok = *ok && *out != NULL;
    for (size_t i = 0; *ok && i < listed; i++) {
        *ok = jh_unpack_array(&in) == 3;
        (*out)[i].date = (int32_t)jh_unpack_i64(&in);
        (*out)[i].revision = (uint32_t)jh_unpack_u64(&in);
        copy_hex((*out)[i].sha256, jh_next_text(&in, arena, ok), ok);
    }
    *count = *ok ? listed : 0;
}

static void unpack_rules(const jh_unpack *map, jh_run *run, jh_arena *arena, bool *ok)
{
    jh_unpack in = jh_field_at(map, "rules", ok);
    const size_t listed = *ok ? jh_unpack_array(&in) : 0;

    run->rules = in.failed ? NULL : JH_NEW(arena, jh_rule, listed + 1);
    *ok = *ok && run->rules != NULL;
    for (size_t r = 0; *ok && r < listed; r++)
        *ok = jh_rule_unpack(&in, &run->rules[r], arena, NULL) == JIHE_OK;
    run->rule_count = *ok ? listed : 0;
}

/* Absent: none. */
static void unpack_files(const jh_unpack *map, jh_run *run, jh_arena *arena, bool *ok)
{
    jh_unpack in;
    const size_t listed = jh_unpack_find(map, "files", &in) ? jh_unpack_array(&in) : 0;

    if (listed == 0)
        return;
    run->files = in.failed ? NULL : JH_NEW(arena, jh_run_file, listed);
    *ok = *ok && run->files != NULL;
    for (size_t i = 0; *ok && i < listed; i++) {
        *ok = jh_unpack_array(&in) == 2;
        run->files[i].name = jh_next_text(&in, arena, ok);
        copy_hex(run->files[i].sha256, jh_next_text(&in, arena, ok), ok);
    }
    run->file_count = *ok ? listed : 0;
}

static void unpack_past(const jh_unpack *map, jh_run *run, jh_arena *arena, bool *ok)
{
    jh_unpack found, in;

    if (!jh_unpack_find(map, "past", &found))
        return;
    in = jh_field_at(map, "past", ok);
    run->past = JH_NEW(arena, jh_past, run->rule_count + 1);
    *ok = *ok && run->past != NULL && jh_unpack_array(&in) == run->rule_count;
    for (size_t r = 0; *ok && r < run->rule_count; r++) {
        jh_past *past = &run->past[r];
        const size_t count = jh_unpack_array(&in);

        past->strata = in.failed ? NULL : JH_NEW(arena, jh_past_stratum, count + 1);
        *ok = past->strata != NULL;
        for (; *ok && past->count < count; past->count++) {
            jh_past_stratum *stratum = &past->strata[past->count];

            *ok = jh_unpack_array(&in) == 3;
            stratum->label = jh_next_text(&in, arena, ok);
            stratum->documents = jh_unpack_u64(&in);
            stratum->marked = jh_unpack_u64(&in);
            *ok = *ok && !in.failed && stratum->label != NULL;
        }
    }
}

static void unpack_inputs(const jh_unpack *body, jh_run *run, jh_arena *arena, bool *ok)
{
    const jh_unpack map = jh_field_at(body, "inputs", ok);
    jh_unpack latest, extends, notes;

    if (!*ok)
        return;
    run->from = (int32_t)jh_field_i64(&map, "from", INT32_MIN, INT32_MAX, ok);
    run->to = (int32_t)jh_field_i64(&map, "to", INT32_MIN, INT32_MAX, ok);
    run->roster = jh_field_u64(&map, "roster", UINT64_MAX, ok);
    run->seed = jh_field_text(&map, "seed", arena, ok);
    run->timezone = jh_field_text(&map, "timezone", arena, ok);
    run->latest = jh_unpack_find(&map, "latest", &latest) && jh_unpack_bool(&latest); /* absent: not looked for */
    unpack_snapshots(&map, "snapshots", &run->snapshots, &run->snapshot_count, arena, ok);
    unpack_snapshots(&map, "history", &run->history, &run->history_count, arena, ok);
    unpack_rules(&map, run, arena, ok);
    unpack_files(&map, run, arena, ok);
    unpack_past(&map, run, arena, ok);
    run->notes = jh_unpack_find(&map, "notes", &notes) ? jh_field_u64(&map, "notes", UINT64_MAX, ok) : 0;
    run->extends = jh_unpack_find(&map, "extends", &extends) ? jh_field_text(&map, "extends", arena, ok) : "";
}

static void unpack_apart(jh_unpack *in, jh_apart *apart, jh_arena *arena, bool *ok)
{
    apart->documents = jh_unpack_u64(in);
    const char *amount = jh_next_text(in, arena, ok);

    *ok = *ok && amount != NULL && jh_num_i128(amount, strlen(amount), &apart->amount);
    apart->scale = (uint32_t)jh_unpack_u64(in);
    *ok = *ok && apart->scale <= 6;
}

static void unpack_results(const jh_unpack *body, jh_run *run, jh_arena *arena, bool *ok)
{
    jh_unpack in = jh_field_at(body, "results", ok);

    run->results = JH_NEW(arena, jh_run_result, run->rule_count + 1);
    *ok = *ok && run->results != NULL && jh_unpack_array(&in) == run->rule_count;
    for (size_t r = 0; *ok && r < run->rule_count; r++) {
        const size_t items = jh_unpack_array(&in);

        *ok = items == 5 || items == 8;
        run->results[r].frame = jh_unpack_u64(&in);
        run->results[r].undecided = jh_unpack_u64(&in);
        run->results[r].flagged = jh_unpack_u64(&in);
        run->results[r].gated = jh_unpack_u64(&in);
        run->results[r].selected = jh_unpack_u64(&in);
        if (items == 8)
            unpack_apart(&in, &run->results[r].apart, arena, ok);
        *ok = *ok && !in.failed;
    }
}

static void unpack_counts(const jh_unpack *body, jh_run *run, jh_arena *arena, bool *ok)
{
    jh_unpack superseded, layout;

    run->documents = jh_field_u64(body, "documents", UINT32_MAX, ok);
    run->hits = jh_field_u64(body, "hits", UINT32_MAX, ok);
    run->document_parts = (uint32_t)jh_field_u64(body, "document_parts", UINT32_MAX, ok);
    run->hit_parts = (uint32_t)jh_field_u64(body, "hit_parts", UINT32_MAX, ok);
    copy_hex(run->digest, jh_field_text(body, "digest", arena, ok), ok);
    run->superseded =
        jh_unpack_find(body, "superseded", &superseded) ? jh_unpack_u64(&superseded) : 0; /* absent: none */
    run->layout =
        jh_unpack_find(body, "layout", &layout) ? (uint32_t)jh_field_u64(body, "layout", JH_HITS_LAYOUT, ok) : 1;
    *ok = *ok && run->layout >= 1;
}

/* Absent: none, or none kept. */
static void unpack_flags(const jh_unpack *body, jh_run *run, jh_arena *arena, bool *ok)
{
    jh_unpack in;

    if (!jh_unpack_find(body, "flags", &in))
        return;
    run->keeps_flags = true;
    *ok = *ok && jh_unpack_array(&in) == 2;
    const uint64_t parts = jh_unpack_u64(&in);

    *ok = *ok && !in.failed && parts <= INT32_MAX;
    run->flag_parts = (uint32_t)parts;
    copy_hex(run->flags_digest, jh_next_text(&in, arena, ok), ok);
}

bool jh_run_unpack(const jh_event *event, jh_run *run, jh_arena *arena)
{
    jh_unpack body;
    bool ok = true;

    run->sequence = event->sequence;
    run->at = event->at;
    if (!jh_unpack_begin(&body, event->body, event->body_len))
        return false;
    const char *id = jh_field_text(&body, "run", arena, &ok);

    ok = ok && strlen(id) < sizeof run->id;
    if (ok)
        memcpy(run->id, id, strlen(id) + 1);
    unpack_inputs(&body, run, arena, &ok);
    unpack_results(&body, run, arena, &ok);
    unpack_counts(&body, run, arena, &ok);
    unpack_flags(&body, run, arena, &ok);
    return ok;
}
