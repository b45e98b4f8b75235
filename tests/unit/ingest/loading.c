#include "loading.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "ingest/csv.h"
#include "ingest/loader.h"

typedef struct loading {
    jh_csv *csv;
    jh_binding binding;
    jh_loader loader;
    jh_parcel parcel;
    uint64_t first_line; /* of the file, where the parcel begins */
} loading;

enum { DAY = 20453, MOST = 64 << 20, BLOCK = 1 << 16 };

static jihe_status begin(loading *l, const char *path, const jh_workspace_config *config, bool split, jihe_error *err)
{
    jh_record header;
    jihe_status st;

    *l = (loading){0};
    if ((st = jh_csv_open_blocks(&l->csv, path, &config->csv, BLOCK, err)) != JIHE_OK ||
        (st = jh_csv_next(l->csv, &header, err)) != JIHE_OK ||
        (st = jh_binding_init(&l->binding, &config->schema, "f", &header, err)) != JIHE_OK ||
        (st = jh_loader_init(&l->loader, config, 0, split, DAY, err)) != JIHE_OK)
        return st;
    l->first_line = jh_csv_at_line(l->csv);
    return jh_parcel_init(&l->parcel, &config->schema, err);
}

static void end(loading *l)
{
    jh_parcel_deinit(&l->parcel);
    if (l->loader.config != NULL)
        jh_loader_deinit(&l->loader);
    jh_binding_deinit(&l->binding);
    jh_csv_close(l->csv);
}

static void load_by_record(loading *l)
{
    jh_parcel *p = &l->parcel;
    jh_record record;
    jihe_status st = JIHE_OK;

    while (st == JIHE_OK && (st = jh_csv_next(l->csv, &record, &p->error)) == JIHE_OK)
        st = jh_loader_record(&l->loader, &l->binding, &record, p, &p->error);
    p->status = st == JIHE_NOT_FOUND ? JIHE_OK : st;
    p->lines = jh_csv_at_line(l->csv) - l->first_line;
    p->batch.words = l->loader.words;
}

/* All of the file is one parcel, whatever its size. */
static void load_at_once(loading *l)
{
    jh_parcel *p = &l->parcel;
    size_t room = 4096, got = 1;

    while (p->status == JIHE_OK && got > 0 && p->len < MOST) {
        if (!jh_parcel_reserve_text(p, room)) {
            p->status = JIHE_NO_MEMORY;
            return;
        }
        p->status = jh_csv_rest(l->csv, p->text + p->len, room - p->len, &got, &p->error);
        p->len += got;
        room *= 2;
    }
    p->ends = p->status == JIHE_OK;
    jh_loader_text(&l->loader, &l->binding, p, jh_csv_name(l->csv));
}

static bool same_text(const char *a, size_t a_len, const char *b, size_t b_len)
{
    return a_len == b_len && (a_len == 0 || memcmp(a, b, a_len) == 0);
}

static bool same_piece(const jh_piece *a, const jh_piece *b)
{
    return (a->text == NULL) == (b->text == NULL) && same_text(a->text, a->len, b->text, b->len);
}

static bool same_word(const jh_words *a, uint32_t at, const jh_words *b, uint32_t bt)
{
    uint32_t a_len, b_len;
    const char *a_text, *b_text;

    if (at == JH_WORD_NONE || bt == JH_WORD_NONE)
        return at == bt;
    a_text = jh_dict_text(&a->dict, at, &a_len);
    b_text = jh_dict_text(&b->dict, bt, &b_len);
    return same_text(a_text, a_len, b_text, b_len);
}

static bool same_cell(const loading *a, uint32_t at, const loading *b, uint32_t bt, size_t c)
{
    const jh_batch_column *x = &a->parcel.batch.columns[c], *y = &b->parcel.batch.columns[c];

    switch (a->loader.config->schema.columns[c].type) {
    case JH_ID:
    case JH_TEXT:
        return same_piece(&x->pieces[at], &y->pieces[bt]);
    case JH_CATEGORY:
        return same_word(&a->loader.words[c], x->words[at], &b->loader.words[c], y->words[bt]);
    default:
        return x->present[at] == y->present[bt] && x->numbers[at] == y->numbers[bt];
    }
}

static bool same_documents(const loading *a, const loading *b, char *why, size_t len)
{
    const jh_parcel *p = &a->parcel, *q = &b->parcel;
    const jh_schema *schema = &a->loader.config->schema;

    for (uint32_t i = 0; i < p->kept_count && i < q->kept_count; i++) {
        const uint32_t at = p->kept[i], bt = q->kept[i];
        const jh_piece *id = &p->batch.columns[schema->id].pieces[at];

        for (size_t c = 0; c < schema->count; c++) {
            if (same_cell(a, at, b, bt, c))
                continue;
            snprintf(why, len, "document %" PRIu32 ", column '%s'", i, schema->columns[c].name);
            return false;
        }
        if (p->batch.hashes[at] != q->batch.hashes[bt] || p->batch.hashes[at] != jh_hash64(id->text, id->len)) {
            snprintf(why, len, "document %" PRIu32 ": hash", i);
            return false;
        }
        if (q->origins[bt].raw_len < JH_REJECTS_ROW_BYTES &&
            !same_text(p->origins[at].raw, p->origins[at].raw_len, q->origins[bt].raw, q->origins[bt].raw_len)) {
            snprintf(why, len, "document %" PRIu32 ": its text", i);
            return false;
        }
    }
    if (p->kept_count != q->kept_count)
        snprintf(why, len, "%" PRIu32 " documents, and %" PRIu32, p->kept_count, q->kept_count);
    return p->kept_count == q->kept_count;
}

static bool same_refusals(const loading *a, const loading *b, char *why, size_t len)
{
    const jh_parcel *p = &a->parcel, *q = &b->parcel;

    for (size_t i = 0; i < p->refusal_count && i < q->refusal_count; i++) {
        const jh_refusal *r = &p->refusals[i], *s = &q->refusals[i];
        const uint32_t line = r->line == 0 ? 0 : (uint32_t)(r->line + a->first_line - 1);

        if (r->before == s->before && line == s->line && r->column == s->column && strcmp(r->reason, s->reason) == 0 &&
            strcmp(r->message, s->message) == 0 && same_text(r->found, r->found_len, s->found, s->found_len) &&
            same_text(r->raw, r->raw_len, s->raw, s->raw_len))
            continue;
        snprintf(why, len, "refusal %zu: %u:%u %s (%s), and %u:%u %s (%s)", i, line, r->column, r->reason, r->message,
                 s->line, s->column, s->reason, s->message);
        return false;
    }
    if (p->refusal_count != q->refusal_count)
        snprintf(why, len, "%zu refusals, and %zu", p->refusal_count, q->refusal_count);
    return p->refusal_count == q->refusal_count;
}

static bool same_end(const loading *a, const loading *b, char *why, size_t len)
{
    const jh_parcel *p = &a->parcel, *q = &b->parcel;

    snprintf(why, len, "status %d (%s) behind %" PRIu64 " lines, and %d (%s) behind %" PRIu64, p->status,
             p->error.message, p->lines, q->status, q->error.message, q->lines);
    if (p->status != q->status || strcmp(p->error.message, q->error.message) != 0)
        return false;
    if (p->status != JIHE_OK)
        return p->error.column == q->error.column &&
               (p->error.line == 0 ? p->lines + 1 : p->error.line) + a->first_line - 1 == q->error.line;
    return p->lines == q->lines && (p->closed || p->used == p->len);
}

bool loading_agrees(const char *path, const jh_workspace_config *config, bool split, char *why, size_t why_len)
{
    loading once, by_record;
    jihe_error err = {0};
    bool same = true;
    const jihe_status a = begin(&once, path, config, split, &err), b = begin(&by_record, path, config, split, &err);

    if (a == JIHE_OK && b == JIHE_OK) {
        load_at_once(&once);
        load_by_record(&by_record);
        same = same_refusals(&once, &by_record, why, why_len) && same_documents(&once, &by_record, why, why_len) &&
               same_end(&once, &by_record, why, why_len);
    }
    end(&once);
    end(&by_record);
    return same;
}
