#include "ledger/inspections.h"

#include <string.h>

#include "base/error.h"
#include "codec/pack.h"
#include "codec/unpack.h"

static void pack_finding(jh_buf *out, const jh_finding *finding)
{
    jh_pack_array(out, 6);
    jh_pack_u64(out, (uint64_t)finding->class_);
    jh_pack_text(out, finding->clause);
    jh_pack_text(out, finding->code);
    jh_pack_text(out, finding->responsible);
    jh_pack_text(out, finding->severity);
    jh_pack_text(out, finding->note);
}

static void pack_inspection(jh_buf *out, const jh_inspection *inspection)
{
    jh_pack_map(out, 6);
    jh_pack_text(out, "doc_id");
    jh_pack_text(out, inspection->doc_id);
    jh_pack_text(out, "date");
    jh_pack_i64(out, inspection->date);
    jh_pack_text(out, "run");
    jh_pack_text(out, inspection->run);
    jh_pack_text(out, "inspector");
    jh_pack_text(out, inspection->inspector);
    jh_pack_text(out, "findings");
    jh_pack_array(out, inspection->finding_count);
    for (size_t i = 0; i < inspection->finding_count; i++)
        pack_finding(out, &inspection->findings[i]);
    jh_pack_text(out, "attributes");
    jh_pack_array(out, inspection->attribute_count);
    for (size_t i = 0; i < inspection->attribute_count; i++) {
        jh_pack_array(out, 3);
        jh_pack_text(out, inspection->attributes[i].column);
        jh_pack_text(out, inspection->attributes[i].value);
        jh_pack_bool(out, inspection->attributes[i].person);
    }
}

/* --- reading --- */

/* Reads a text into the arena; nil gives NULL. Any trouble sets in->failed. */
static const char *take_text(jh_unpack *in, jh_arena *arena)
{
    size_t len = 0;
    const char *text = jh_unpack_str(in, &len);
    const char *copy = text == NULL ? NULL : jh_arena_text(arena, text, len);

    if (text != NULL && copy == NULL)
        in->failed = true;
    return copy;
}

static const char *find_text(const jh_unpack *body, const char *key, jh_arena *arena, bool *ok)
{
    jh_unpack value;

    if (!jh_unpack_find(body, key, &value)) {
        *ok = false;
        return "";
    }
    const char *text = take_text(&value, arena);

    *ok = *ok && !value.failed && text != NULL;
    return text == NULL ? "" : text;
}

static bool unpack_findings(const jh_unpack *body, jh_inspection *inspection, jh_arena *arena)
{
    jh_unpack in;

    if (!jh_unpack_find(body, "findings", &in))
        return false;
    inspection->finding_count = jh_unpack_array(&in);
    inspection->findings = in.failed ? NULL : JH_NEW(arena, jh_finding, inspection->finding_count + 1);
    for (size_t i = 0; inspection->findings != NULL && i < inspection->finding_count; i++) {
        jh_finding *finding = &inspection->findings[i];

        if (jh_unpack_array(&in) != 6)
            return false;
        finding->class_ = (jh_class)jh_unpack_u64(&in);
        finding->clause = take_text(&in, arena);
        finding->code = take_text(&in, arena);
        finding->responsible = take_text(&in, arena);
        finding->severity = take_text(&in, arena);
        finding->note = take_text(&in, arena);
        if (in.failed || finding->clause == NULL || finding->responsible == NULL ||
            (finding->class_ != JH_CLASS_IN_RULE && finding->class_ != JH_CLASS_OUT_OF_RULE))
            return false;
    }
    return inspection->findings != NULL;
}

static bool unpack_attributes(const jh_unpack *body, jh_inspection *inspection, jh_arena *arena)
{
    jh_unpack in;

    if (!jh_unpack_find(body, "attributes", &in))
        return false;
    inspection->attribute_count = jh_unpack_array(&in);
    inspection->attributes = in.failed ? NULL : JH_NEW(arena, jh_attribute, inspection->attribute_count + 1);
    for (size_t i = 0; inspection->attributes != NULL && i < inspection->attribute_count; i++) {
        if (jh_unpack_array(&in) != 3)
            return false;
        inspection->attributes[i].column = take_text(&in, arena);
        inspection->attributes[i].value = take_text(&in, arena);
        inspection->attributes[i].person = jh_unpack_bool(&in);
        if (in.failed || inspection->attributes[i].column == NULL)
            return false;
    }
    return inspection->attributes != NULL;
}

static bool unpack_inspection(const jh_event *event, jh_inspection *inspection, jh_arena *arena)
{
    jh_unpack body, date;
    bool ok = true;

    inspection->sequence = event->sequence;
    if (!jh_unpack_begin(&body, event->body, event->body_len) || !jh_unpack_find(&body, "date", &date))
        return false;
    inspection->date = (int32_t)jh_unpack_i64(&date);
    inspection->doc_id = find_text(&body, "doc_id", arena, &ok);
    inspection->run = find_text(&body, "run", arena, &ok);
    inspection->inspector = find_text(&body, "inspector", arena, &ok);
    return ok && !date.failed && unpack_findings(&body, inspection, arena) &&
           unpack_attributes(&body, inspection, arena);
}

struct loading {
    jh_inspections *inspections;
    size_t room;
    jh_arena *arena;
};

static jihe_status visit_inspection(void *context, const jh_event *event, jihe_error *err)
{
    struct loading *loading = context;
    jh_inspections *list = loading->inspections;

    if (strcmp(event->kind, "inspection") != 0)
        return JIHE_OK;
    if (list->count == loading->room) { /* doubled inside the arena: at most as much again is left behind */
        const size_t room = loading->room == 0 ? 256 : loading->room * 2;
        jh_inspection *all = JH_NEW(loading->arena, jh_inspection, room);

        if (all == NULL)
            return jh_fail(err, JIHE_NO_MEMORY, "reading the inspections");
        if (list->count > 0)
            memcpy(all, list->all, list->count * sizeof *all);
        list->all = all;
        loading->room = room;
    }
    if (!unpack_inspection(event, &list->all[list->count++], loading->arena))
        return jh_fail(err, JIHE_CORRUPT, "ledger event %llu is not a readable inspection",
                       (unsigned long long)event->sequence);
    return JIHE_OK;
}

jihe_status jh_inspections_load(jh_inspections *out, jh_ledger *ledger, jh_arena *arena, jihe_error *err)
{
    struct loading loading = {.inspections = out, .arena = arena};

    *out = (jh_inspections){0};
    return jh_ledger_each(ledger, visit_inspection, &loading, err);
}

struct search {
    const char *sha256;
    uint64_t *found;
};

static jihe_status visit_record(void *context, const jh_event *event, jihe_error *err)
{
    const struct search *search = context;
    jh_unpack body, value;
    size_t len = 0;

    (void)err;
    if (strcmp(event->kind, "record") != 0 || !jh_unpack_begin(&body, event->body, event->body_len) ||
        !jh_unpack_find(&body, "sha256", &value))
        return JIHE_OK;
    const char *sha = jh_unpack_str(&value, &len);

    if (sha != NULL && len == 64 && memcmp(sha, search->sha256, 64) == 0)
        *search->found = event->sequence;
    return JIHE_OK;
}

jihe_status jh_inspections_recorded(uint64_t *out, jh_ledger *ledger, const char sha256[65], jihe_error *err)
{
    struct search search = {.sha256 = sha256, .found = out};

    *out = 0;
    return jh_ledger_each(ledger, visit_record, &search, err);
}

/* --- writing --- */

static jihe_status append_record(jh_ledger *ledger, jh_buf *body, size_t count, const char *sha256, int64_t at,
                                 jihe_error *err)
{
    jh_buf_clear(body);
    jh_pack_map(body, 2);
    jh_pack_text(body, "sha256");
    jh_pack_text(body, sha256);
    jh_pack_text(body, "inspections");
    jh_pack_u64(body, count);
    if (body->failed)
        return jh_fail(err, JIHE_NO_MEMORY, "recording inspections");
    return jh_ledger_append(ledger, "record", at, body, NULL, err);
}

jihe_status jh_inspections_save(jh_ledger *ledger, const jh_inspection *inspections, size_t count,
                                const char sha256[65], int64_t at, jihe_error *err)
{
    jh_buf body = {0};
    jihe_status st = jh_ledger_begin(ledger, (uint64_t)count * 1024 + 4096, err);

    if (st != JIHE_OK)
        return st;
    for (size_t i = 0; st == JIHE_OK && i < count; i++) {
        jh_buf_clear(&body);
        pack_inspection(&body, &inspections[i]);
        st = body.failed ? jh_fail(err, JIHE_NO_MEMORY, "recording inspections")
                         : jh_ledger_append(ledger, "inspection", at, &body, NULL, err);
    }
    if (st == JIHE_OK)
        st = append_record(ledger, &body, count, sha256, at, err);
    if (st == JIHE_OK)
        st = jh_ledger_commit(ledger, err);
    else
        jh_ledger_rollback(ledger);
    jh_buf_deinit(&body);
    return st;
}

static bool same_finding(const jh_finding *a, const jh_finding *b)
{
    return a->class_ == b->class_ && strcmp(a->clause, b->clause) == 0 && strcmp(a->code, b->code) == 0 &&
           strcmp(a->responsible, b->responsible) == 0 && strcmp(a->severity, b->severity) == 0 &&
           strcmp(a->note, b->note) == 0;
}

bool jh_inspection_same(const jh_inspection *a, const jh_inspection *b)
{
    if (a->date != b->date || a->finding_count != b->finding_count || strcmp(a->doc_id, b->doc_id) != 0 ||
        strcmp(a->inspector, b->inspector) != 0)
        return false;
    for (size_t i = 0; i < a->finding_count; i++)
        if (!same_finding(&a->findings[i], &b->findings[i]))
            return false;
    return true;
}
