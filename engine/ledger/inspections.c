#include "ledger/inspections.h"

#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "codec/pack.h"
#include "codec/stored_map.h"

enum { EVENT_BYTES = 256 }; /* what the ledger adds to a body, and more */

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

static void unpack_finding(jh_unpack *in, jh_finding *finding, jh_arena *arena, bool *ok)
{
    const char **const texts[] = {&finding->clause, &finding->code, &finding->responsible, &finding->severity,
                                  &finding->note};

    *ok = *ok && jh_unpack_array(in) == 6;
    const uint64_t class_ = jh_unpack_u64(in);

    finding->class_ = (jh_class)class_;
    *ok = *ok && (class_ == JH_CLASS_IN_RULE || class_ == JH_CLASS_OUT_OF_RULE);
    for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++) {
        *texts[t] = jh_next_text(in, arena, ok);
        *ok = *ok && *texts[t] != NULL;
    }
}

static void unpack_findings(const jh_unpack *body, jh_inspection *inspection, jh_arena *arena, bool *ok)
{
    jh_unpack in = jh_field_at(body, "findings", ok);
    const size_t count = *ok ? jh_unpack_array(&in) : 0;

    inspection->findings = in.failed ? NULL : JH_NEW(arena, jh_finding, count + 1);
    *ok = *ok && inspection->findings != NULL;
    for (size_t i = 0; *ok && i < count; i++)
        unpack_finding(&in, &inspection->findings[i], arena, ok);
    inspection->finding_count = *ok ? count : 0;
}

static void unpack_attributes(const jh_unpack *body, jh_inspection *inspection, jh_arena *arena, bool *ok)
{
    jh_unpack in = jh_field_at(body, "attributes", ok);
    const size_t count = *ok ? jh_unpack_array(&in) : 0;

    inspection->attributes = in.failed ? NULL : JH_NEW(arena, jh_attribute, count + 1);
    *ok = *ok && inspection->attributes != NULL;
    for (size_t i = 0; *ok && i < count; i++) {
        *ok = jh_unpack_array(&in) == 3;
        inspection->attributes[i].column = jh_next_text(&in, arena, ok);
        inspection->attributes[i].value = jh_next_text(&in, arena, ok); /* nil: missing */
        inspection->attributes[i].person = jh_unpack_bool(&in);
        *ok = *ok && !in.failed && inspection->attributes[i].column != NULL;
    }
    inspection->attribute_count = *ok ? count : 0;
}

static bool unpack_inspection(const jh_event *event, jh_inspection *inspection, jh_arena *arena)
{
    jh_unpack body;
    bool ok = true;

    inspection->sequence = event->sequence;
    if (!jh_unpack_begin(&body, event->body, event->body_len))
        return false;
    inspection->date = (int32_t)jh_field_i64(&body, "date", INT32_MIN, INT32_MAX, &ok);
    inspection->doc_id = jh_field_text(&body, "doc_id", arena, &ok);
    inspection->run = jh_field_text(&body, "run", arena, &ok);
    inspection->inspector = jh_field_text(&body, "inspector", arena, &ok);
    unpack_findings(&body, inspection, arena, &ok);
    unpack_attributes(&body, inspection, arena, &ok);
    return ok;
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
    jh_inspection *all = jh_arena_list(loading->arena, list->all, list->count, &loading->room, sizeof *all);

    if (all == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "reading the inspections");
    list->all = all;
    errno = 0;
    return unpack_inspection(event, &all[list->count++], loading->arena)
               ? JIHE_OK
               : jh_event_unreadable(event, "inspection", err);
}

jihe_status jh_inspections_load(jh_inspections *out, jh_ledger *ledger, jh_arena *arena, jihe_error *err)
{
    struct loading loading = {.inspections = out, .arena = arena};

    *out = (jh_inspections){0};
    return jh_ledger_each(ledger, "inspection", visit_inspection, &loading, err);
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

static jihe_status pack_body(jh_buf *body, const jh_inspection *inspection, jihe_error *err)
{
    jh_buf_clear(body);
    pack_inspection(body, inspection);
    return body->failed ? jh_fail(err, JIHE_NO_MEMORY, "recording inspections") : JIHE_OK;
}

static jihe_status append_all(jh_ledger *ledger, jh_buf *body, const jh_inspection *inspections, size_t count,
                              const char *sha256, int64_t at, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    for (size_t i = 0; st == JIHE_OK && i < count; i++)
        if ((st = pack_body(body, &inspections[i], err)) == JIHE_OK)
            st = jh_ledger_append(ledger, "inspection", at, body, NULL, err);
    return st == JIHE_OK ? append_record(ledger, body, count, sha256, at, err) : st;
}

/* Packed twice: the ledger wants to know beforehand how much comes, and notes may be long. */
jihe_status jh_inspections_save(jh_ledger *ledger, const jh_inspection *inspections, size_t count,
                                const char sha256[65], int64_t at, jihe_error *err)
{
    jh_buf body = {0};
    uint64_t bytes = 0;
    jihe_status st = JIHE_OK;

    for (size_t i = 0; st == JIHE_OK && i < count; i++) {
        st = pack_body(&body, &inspections[i], err);
        bytes += body.len + EVENT_BYTES;
    }
    if (st == JIHE_OK && (st = jh_ledger_begin(ledger, bytes, err)) == JIHE_OK) {
        st = append_all(ledger, &body, inspections, count, sha256, at, err);
        if (st == JIHE_OK)
            st = jh_ledger_commit(ledger, err);
        else
            jh_ledger_rollback(ledger);
    }
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
