#include "ledger/hits.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "codec/pack.h"
#include "codec/unpack.h"
#include "ledger/hit_ids.h"
#include "ledger/hits_compact.h"
#include "sample/chance.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "stored arrays are little-endian");

enum {
    MAGIC_DOCUMENTS = 0x3144484A, /* "JHD1" */
    MAGIC_HITS = 0x3148484A,      /* "JHH1" */
    LAYOUT_STEP = 0x01000000,     /* from "1" to "2" */
    DOCUMENT_BYTES = 8 + 8 + 4 + 4 + 4 + 4,
    PATTERN_BYTES = 4,
    HIT_BYTES = 8 + 4 + 4 + 4,
    CHANCE_BYTES = 8
};

/* --- packing --- */

static void pack_patterns(jh_buf *out, const jh_patterns *patterns)
{
    jh_pack_array(out, patterns->count);
    for (size_t g = 0; g < patterns->count; g++) {
        const jh_pattern *pattern = &patterns->patterns[g];

        jh_pack_array(out, 1 + 2 * pattern->count);
        jh_pack_u64(out, pattern->documents);
        for (size_t i = 0; i < pattern->count; i++) {
            jh_pack_u64(out, pattern->strata[i].rule);
            jh_pack_u64(out, pattern->strata[i].stratum);
        }
    }
}

static void pack_strata(jh_buf *out, const jh_selection *selection, uint32_t layout)
{
    jh_pack_array(out, selection->rule_count + (layout >= 2));
    for (size_t r = 0; r < selection->rule_count; r++) {
        const jh_strata *strata = &selection->rules[r].strata;

        jh_pack_array(out, strata->count);
        for (uint32_t s = 0; s < strata->count; s++) {
            jh_pack_array(out, 3);
            jh_pack_text(out, strata->strata[s].label);
            jh_pack_u64(out, strata->strata[s].documents);
            jh_pack_u64(out, strata->strata[s].quota);
        }
    }
    if (layout >= 2)
        pack_patterns(out, &selection->patterns);
}

static void put_u32(jh_buf *out, uint32_t value)
{
    jh_buf_put(out, &value, sizeof value);
}

static void pack_documents(jh_buf *out, const jh_selection *selection, const jh_listed_id *listed, uint32_t count,
                           uint32_t layout)
{
    uint32_t offset = 0;

    put_u32(out, MAGIC_DOCUMENTS + (layout - 1) * LAYOUT_STEP);
    put_u32(out, count);
    for (uint32_t i = 0; i < count; i++)
        jh_buf_put(out, &selection->documents[listed[i].index].p_any, sizeof(double));
    for (uint32_t i = 0; i < count; i++)
        jh_buf_put(out, &selection->documents[listed[i].index].p_random, sizeof(double));
    for (uint32_t i = 0; layout >= 2 && i < count; i++)
        put_u32(out, selection->documents[listed[i].index].pattern);
    for (uint32_t i = 0; i < count; i++)
        put_u32(out, listed[i].part);
    for (uint32_t i = 0; i < count; i++)
        put_u32(out, selection->pass.segments[selection->documents[listed[i].index].segment].segment);
    for (uint32_t i = 0; i < count; i++)
        put_u32(out, selection->documents[listed[i].index].row);
    for (uint32_t i = 0; i < count; i++) {
        put_u32(out, offset);
        offset += listed[i].len;
    }
    put_u32(out, offset);
    for (uint32_t i = 0; i < count; i++)
        jh_buf_put(out, listed[i].id, listed[i].len);
}

struct flat_hit { /* a hit before packing */
    const jh_pick *pick;
    double p;
    uint32_t rule, document;
};

static void pack_hits(jh_buf *out, const struct flat_hit *hits, uint32_t count, uint32_t layout)
{
    put_u32(out, MAGIC_HITS + (layout - 1) * LAYOUT_STEP);
    put_u32(out, count);
    for (uint32_t i = 0; i < count; i++)
        jh_buf_put(out, &hits[i].pick->number, sizeof(uint64_t));
    for (uint32_t i = 0; layout >= 2 && i < count; i++)
        jh_buf_put(out, &hits[i].p, sizeof(double));
    for (uint32_t i = 0; i < count; i++)
        put_u32(out, hits[i].rule);
    for (uint32_t i = 0; i < count; i++)
        put_u32(out, hits[i].pick->stratum);
    for (uint32_t i = 0; i < count; i++)
        put_u32(out, hits[i].document);
}

static jihe_status flatten(const jh_selection *selection, const jh_rule *const *rules, const uint32_t *place,
                           struct flat_hit *flat, jihe_error *err)
{
    size_t count = 0;

    for (size_t r = 0; r < selection->rule_count; r++)
        for (size_t i = 0; i < selection->rules[r].picks.count; i++) {
            const jh_pick *pick = &selection->rules[r].picks.picks[i];
            const size_t document = jh_selection_find(selection, pick->segment, pick->row);
            struct flat_hit *hit = &flat[count++];

            *hit = (struct flat_hit){.pick = pick, .rule = (uint32_t)r, .document = place[document]};
            const jihe_status st = jh_chance_of_pick(&hit->p, selection, rules[r], r, pick, err);

            if (st != JIHE_OK)
                return st;
        }
    return JIHE_OK;
}

static jihe_status pack_parts(jh_hit_parts *out, const jh_selection *selection, const jh_listed_id *listed,
                              const struct flat_hit *flat, uint32_t layout, jihe_error *err)
{
    size_t part = 0;

    out->document_parts = (uint32_t)((out->documents + JH_HITS_PER_PART - 1) / JH_HITS_PER_PART);
    out->hit_parts = (uint32_t)((out->hits + JH_HITS_PER_PART - 1) / JH_HITS_PER_PART);
    out->count = (size_t)1 + out->document_parts + out->hit_parts;
    out->parts = calloc(out->count, sizeof *out->parts);
    if (out->parts == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "packing hits");
    pack_strata(&out->parts[part++], selection, layout);
    for (size_t i = 0; i < out->documents; i += JH_HITS_PER_PART)
        pack_documents(&out->parts[part++], selection, listed + i,
                       (uint32_t)(out->documents - i < JH_HITS_PER_PART ? out->documents - i : JH_HITS_PER_PART),
                       layout);
    for (size_t i = 0; i < out->hits; i += JH_HITS_PER_PART)
        pack_hits(&out->parts[part++], flat + i,
                  (uint32_t)(out->hits - i < JH_HITS_PER_PART ? out->hits - i : JH_HITS_PER_PART), layout);
    for (size_t i = 0; i < out->count; i++)
        if (out->parts[i].failed)
            return jh_fail(err, JIHE_NO_MEMORY, "packing hits");
    return jh_hit_parts_digest(out, out->digest, err);
}

static jihe_status pack_arrays(jh_hit_parts *out, const jh_selection *selection, const jh_rule *const *rules,
                               uint32_t layout, jihe_error *err)
{
    const size_t documents = selection->document_count;
    size_t hits = 0;
    jh_arena arena;
    jihe_status st;

    *out = (jh_hit_parts){.documents = documents};
    for (size_t r = 0; r < selection->rule_count; r++)
        hits += selection->rules[r].picks.count;
    jh_listed_id *listed = calloc(documents + 1, sizeof *listed);
    uint32_t *place = calloc(documents + 1, sizeof *place);
    struct flat_hit *flat = calloc(hits + 1, sizeof *flat);

    jh_arena_init(&arena, 1 << 20);
    if (listed == NULL || place == NULL || flat == NULL)
        st = jh_fail(err, JIHE_NO_MEMORY, "packing hits");
    else if ((st = jh_hit_ids(listed, selection, &arena, err)) == JIHE_OK) {
        for (size_t i = 0; i < documents; i++)
            place[listed[i].index] = (uint32_t)i;
        st = flatten(selection, rules, place, flat, err);
    }
    if (st == JIHE_OK) {
        out->hits = hits;
        st = pack_parts(out, selection, listed, flat, layout, err);
    }
    jh_arena_deinit(&arena);
    free(listed);
    free(place);
    free(flat);
    if (st != JIHE_OK)
        jh_hit_parts_deinit(out);
    return st;
}

jihe_status jh_hits_pack(jh_hit_parts *out, const jh_selection *selection, const jh_rule *const *rules, uint32_t layout,
                         jihe_error *err)
{
    jihe_status st;

    if (layout < 3)
        return pack_arrays(out, selection, rules, layout, err);
    st = jh_hits_compact(out, selection, rules, err);
    if (st == JIHE_OK) {
        pack_strata(&out->parts[0], selection, layout);
        st = out->parts[0].failed ? jh_fail(err, JIHE_NO_MEMORY, "packing hits")
                                  : jh_hit_parts_digest(out, out->digest, err);
    }
    if (st != JIHE_OK)
        jh_hit_parts_deinit(out);
    return st;
}

void jh_hit_parts_deinit(jh_hit_parts *parts)
{
    for (size_t i = 0; parts->parts != NULL && i < parts->count; i++)
        jh_buf_deinit(&parts->parts[i]);
    free(parts->parts);
    *parts = (jh_hit_parts){0};
}

jihe_status jh_hit_parts_digest(const jh_hit_parts *parts, char digest[65], jihe_error *err)
{
    return jh_sha256_bufs(parts->parts, parts->count, digest, err);
}

/* --- unpacking --- */

static bool unpack_rule_strata(jh_hits *out, size_t rule, jh_unpack *in)
{
    const size_t count = jh_unpack_array(in);
    jh_hit_stratum *strata = in->failed ? NULL : JH_NEW(&out->arena, jh_hit_stratum, count + 1);

    if (strata == NULL || count > UINT32_MAX)
        return false;
    for (size_t s = 0; s < count; s++) {
        size_t len = 0;

        if (jh_unpack_array(in) != 3)
            return false;
        const char *label = jh_unpack_str(in, &len);

        strata[s].label = jh_arena_text(&out->arena, label == NULL ? "" : label, len);
        strata[s].documents = jh_unpack_u64(in);
        strata[s].quota = jh_unpack_u64(in);
        if (in->failed || strata[s].label == NULL || strata[s].documents == 0 || strata[s].quota > strata[s].documents)
            return false;
    }
    out->strata[rule] = strata;
    out->strata_count[rule] = (uint32_t)count;
    return true;
}

static bool unpack_pattern(jh_hits *out, jh_pattern *pattern, jh_unpack *in)
{
    const size_t items = jh_unpack_array(in);
    jh_pattern_stratum *strata = in->failed ? NULL : JH_NEW(&out->arena, jh_pattern_stratum, items / 2 + 1);

    if (strata == NULL || items % 2 != 1)
        return false;
    *pattern = (jh_pattern){.strata = strata, .count = items / 2, .documents = jh_unpack_u64(in)};
    for (size_t i = 0; i < pattern->count; i++) {
        const uint64_t rule = jh_unpack_u64(in), stratum = jh_unpack_u64(in);

        if (in->failed || rule >= out->rule_count || stratum >= out->strata_count[rule])
            return false;
        strata[i] = (jh_pattern_stratum){.rule = (uint32_t)rule, .stratum = (uint32_t)stratum};
    }
    return !in->failed;
}

static bool unpack_patterns(jh_hits *out, jh_unpack *in)
{
    const size_t count = jh_unpack_array(in);

    out->patterns = in->failed ? NULL : JH_NEW(&out->arena, jh_pattern, count + 1);
    for (size_t g = 0; out->patterns != NULL && g < count; g++)
        if (!unpack_pattern(out, &out->patterns[g], in))
            return false;
    out->pattern_count = count;
    return out->patterns != NULL;
}

static bool unpack_strata(jh_hits *out, const jh_buf *part, uint32_t layout)
{
    jh_unpack in;

    out->strata = JH_NEW(&out->arena, jh_hit_stratum *, out->rule_count + 1);
    out->strata_count = JH_NEW(&out->arena, uint32_t, out->rule_count + 1);
    if (out->strata == NULL || out->strata_count == NULL || !jh_unpack_begin(&in, part->bytes, part->len) ||
        jh_unpack_array(&in) != out->rule_count + (layout >= 2))
        return false;
    for (size_t r = 0; r < out->rule_count; r++)
        if (!unpack_rule_strata(out, r, &in))
            return false;
    return layout < 2 || unpack_patterns(out, &in);
}

/* Magic, count and the fixed part's length. Returns the arrays, NULL when something is off. */
static const uint8_t *open_part(const jh_buf *part, uint32_t magic, size_t bytes_each, size_t bytes_more,
                                uint32_t *count)
{
    uint32_t head[2];

    if (part->len < sizeof head)
        return NULL;
    memcpy(head, part->bytes, sizeof head);
    if (head[0] != magic || head[1] > JH_HITS_PER_PART || part->len < sizeof head + head[1] * bytes_each + bytes_more)
        return NULL;
    *count = head[1];
    return part->bytes + sizeof head;
}

static uint32_t get_u32(const uint8_t *array, size_t i)
{
    uint32_t value;

    memcpy(&value, array + i * sizeof value, sizeof value);
    return value;
}

static bool unpack_documents(jh_hits *out, const jh_buf *part, uint32_t layout, size_t snapshot_count)
{
    const size_t pattern_bytes = layout >= 2 ? PATTERN_BYTES : 0;
    uint32_t count;
    const uint8_t *p_any =
        open_part(part, MAGIC_DOCUMENTS + (layout - 1) * LAYOUT_STEP, DOCUMENT_BYTES + pattern_bytes, 4, &count);

    if (p_any == NULL)
        return false;
    const uint8_t *p_random = p_any + (size_t)count * 8, *pattern = p_random + (size_t)count * 8;
    const uint8_t *snapshot = pattern + count * pattern_bytes;
    const uint8_t *segment = snapshot + (size_t)count * 4, *row = segment + (size_t)count * 4;
    const uint8_t *offset = row + (size_t)count * 4, *bytes = offset + ((size_t)count + 1) * 4;
    const size_t bytes_len = part->len - (size_t)(bytes - part->bytes);
    char *ids = jh_arena_text(&out->arena, (const char *)bytes, bytes_len);

    for (uint32_t i = 0; ids != NULL && i < count; i++) {
        jh_hit_document *document = &out->documents[out->document_count++];
        const uint32_t from = get_u32(offset, i), to = get_u32(offset, i + 1);

        memcpy(&document->p_any, p_any + (size_t)i * 8, 8);
        memcpy(&document->p_random, p_random + (size_t)i * 8, 8);
        document->pattern = layout >= 2 ? get_u32(pattern, i) : UINT32_MAX;
        document->snapshot = get_u32(snapshot, i);
        document->segment = get_u32(segment, i);
        document->row = get_u32(row, i);
        if (from > to || to > bytes_len || document->snapshot >= snapshot_count ||
            (layout >= 2 && document->pattern >= out->pattern_count))
            return false;
        document->id = ids + from;
        document->id_len = to - from;
    }
    return ids != NULL;
}

static double stratum_share(const jh_hits *out, const jh_hit *hit)
{
    const jh_hit_stratum *stratum = &out->strata[hit->rule][hit->stratum];

    return (double)stratum->quota / (double)stratum->documents;
}

static bool unpack_hits(jh_hits *out, const jh_buf *part, uint32_t layout)
{
    const size_t chance_bytes = layout >= 2 ? CHANCE_BYTES : 0;
    uint32_t count;
    const uint8_t *number =
        open_part(part, MAGIC_HITS + (layout - 1) * LAYOUT_STEP, HIT_BYTES + chance_bytes, 0, &count);

    if (number == NULL)
        return false;
    const uint8_t *chance = number + (size_t)count * 8, *rule = chance + count * chance_bytes,
                  *stratum = rule + (size_t)count * 4, *document = stratum + (size_t)count * 4;

    for (uint32_t i = 0; i < count; i++) {
        jh_hit *hit = &out->hits[out->hit_count++];

        memcpy(&hit->number, number + (size_t)i * 8, 8);
        hit->rule = get_u32(rule, i);
        hit->stratum = get_u32(stratum, i);
        hit->document = get_u32(document, i);
        if (hit->rule >= out->rule_count || hit->stratum >= out->strata_count[hit->rule] ||
            hit->document >= out->document_count)
            return false;
        if (layout >= 2)
            memcpy(&hit->p, chance + (size_t)i * 8, 8);
        else
            hit->p = stratum_share(out, hit);
        out->documents[hit->document].hit_count++;
    }
    return true;
}

/* Counting sort of the hits by document; hits come in order of rule, so each group is too. */
static void group_hits(jh_hits *out)
{
    size_t first = 0;

    for (size_t d = 0; d < out->document_count; d++) {
        out->documents[d].first_hit = first;
        first += out->documents[d].hit_count;
        out->documents[d].hit_count = 0;
    }
    for (size_t h = 0; h < out->hit_count; h++) {
        jh_hit_document *document = &out->documents[out->hits[h].document];

        out->by_document[document->first_hit + document->hit_count++] = (uint32_t)h;
    }
}

jihe_status jh_hits_unpack(jh_hits *out, const jh_hit_parts *parts, uint32_t layout, size_t rule_count,
                           const uint64_t *keys, size_t snapshot_count, jihe_error *err)
{
    size_t most = 0;
    bool ok;

    *out = (jh_hits){.rule_count = rule_count};
    jh_arena_init(&out->arena, 1 << 20);
    jh_arena_init(&out->texts, 1 << 20);
    errno = 0; /* set by whatever below finds no memory, and by nothing else */
    for (uint32_t i = 0; i < parts->document_parts && i + 1 < parts->count; i++)
        most += layout < 3 ? JH_HITS_PER_PART : jh_hits_part_documents(&parts->parts[1 + i]);
    out->documents = calloc(most + 1, sizeof *out->documents);
    out->hit_room = (size_t)parts->hit_parts * JH_HITS_PER_PART + 1;
    out->hits = calloc(out->hit_room, sizeof *out->hits);
    ok = out->documents != NULL && out->hits != NULL &&
         parts->count == (size_t)1 + parts->document_parts + parts->hit_parts &&
         unpack_strata(out, &parts->parts[0], layout);
    for (uint32_t i = 0; ok && layout >= 3 && i < parts->document_parts; i++)
        ok = jh_hits_expand(out, &parts->parts[1 + i], keys, snapshot_count);
    for (uint32_t i = 0; ok && layout < 3 && i < parts->document_parts; i++)
        ok = unpack_documents(out, &parts->parts[1 + i], layout, snapshot_count);
    for (uint32_t i = 0; ok && i < parts->hit_parts; i++)
        ok = unpack_hits(out, &parts->parts[(size_t)1 + parts->document_parts + i], layout);
    out->by_document = ok ? calloc(out->hit_count + 1, sizeof *out->by_document) : NULL;
    if (out->by_document == NULL) {
        const bool no_memory = errno == ENOMEM;

        jh_hits_deinit(out);
        return no_memory ? jh_fail(err, JIHE_NO_MEMORY, "no memory for the hits of a run")
                         : jh_fail(err, JIHE_CORRUPT, "the stored hits of a run cannot be read");
    }
    group_hits(out);
    return JIHE_OK;
}

void jh_hits_deinit(jh_hits *hits)
{
    free(hits->documents);
    free(hits->hits);
    free(hits->by_document);
    jh_arena_deinit(&hits->arena);
    jh_arena_deinit(&hits->texts);
    *hits = (jh_hits){0};
}

jihe_status jh_hits_turn(jh_hits *hits, const jh_buf *part, const uint64_t *keys, size_t snapshot_count,
                         jihe_error *err)
{
    jh_hit_document *documents = realloc(hits->documents, (jh_hits_part_documents(part) + 1) * sizeof *documents);
    uint32_t *by_document;

    if (documents == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for the hits of a run");
    hits->documents = documents;
    hits->document_count = hits->hit_count = 0;
    jh_arena_deinit(&hits->texts);
    jh_arena_init(&hits->texts, 1 << 20);
    errno = 0;
    if (!jh_hits_expand(hits, part, keys, snapshot_count))
        return errno == ENOMEM ? jh_fail(err, JIHE_NO_MEMORY, "no memory for the hits of a run")
                               : jh_fail(err, JIHE_CORRUPT, "the stored hits of a run cannot be read");
    if ((by_document = realloc(hits->by_document, (hits->hit_count + 1) * sizeof *by_document)) == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for the hits of a run");
    hits->by_document = by_document;
    group_hits(hits);
    return JIHE_OK;
}

static int order_hits(const void *a, const void *b, void *context)
{
    const jh_hits *hits = context;
    const jh_hit *x = a, *y = b;

    if (x->rule != y->rule)
        return x->rule < y->rule ? -1 : 1;
    if (x->stratum != y->stratum)
        return x->stratum < y->stratum ? -1 : 1;
    if (x->number != y->number)
        return x->number < y->number ? -1 : 1;
    const jh_hit_document *p = &hits->documents[x->document], *q = &hits->documents[y->document];
    const int ids = jh_text_compare(p->id, p->id_len, q->id, q->id_len);

    return ids != 0 ? ids : (x->document > y->document) - (x->document < y->document);
}

void jh_hits_by_rule(jh_hits *hits)
{
    if (hits->hit_count > 0)
        qsort_r(hits->hits, hits->hit_count, sizeof *hits->hits, order_hits, hits);
    for (size_t d = 0; d < hits->document_count; d++)
        hits->documents[d].hit_count = 0;
    for (size_t h = 0; h < hits->hit_count; h++)
        hits->documents[hits->hits[h].document].hit_count++;
    group_hits(hits);
}
