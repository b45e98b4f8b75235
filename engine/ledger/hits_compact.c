#include "ledger/hits_compact.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/hash.h"
#include "base/pcg.h"
#include "ledger/hit_ids.h"
#include "sample/chance.h"
#include "sample/keymap.h"

enum {
    MAGIC = 0x3344484A, /* "JHD3" */
    MOST_BYTES = 10     /* of a number */
};

/* --- writing --- */

static uint8_t *write_number(uint8_t *at, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        *at++ = (uint8_t)(value | 0x80);
    *at++ = (uint8_t)value;
    return at;
}

static void put_number(jh_buf *out, uint64_t value)
{
    uint8_t bytes[MOST_BYTES];

    jh_buf_put(out, bytes, (size_t)(write_number(bytes, value) - bytes));
}

struct packing {
    const jh_selection *selection;
    const jh_rule *const *rules;
    jh_chance_reader *readers; /* per rule, of the segment at hand */
    jh_keymap numbers;         /* bits of a probability -> its number */
    jh_buf *shares;
    jh_buf tails;      /* of every document what comes behind its place, in order of segment and row */
    size_t *tail_ends; /* where they end */
};

/* The number of a probability, a new one where it comes first. */
static uint64_t number_of(struct packing *work, double share)
{
    uint64_t key;

    memcpy(&key, &share, sizeof key);
    const size_t before = work->numbers.count;
    uint64_t *number = jh_keymap_at(&work->numbers, key);

    if (number == NULL) {
        work->shares->failed = true;
        return 0;
    }
    if (work->numbers.count != before) {
        *number = before;
        jh_buf_put(work->shares, &share, sizeof share);
    }
    return *number;
}

static void put_hits(struct packing *work, const jh_selected *document)
{
    const jh_selection *selection = work->selection;
    const uint64_t word = selection->pass.segments[document->segment].word;
    uint64_t count = 0;

    for (size_t r = 0; r < selection->rule_count; r++)
        count += jh_bits_test(jh_selection_bits(selection, r) + word, document->row);
    put_number(&work->tails, count);
    for (size_t r = 0; r < selection->rule_count; r++) {
        const jh_chance_reader *reader = &work->readers[r];

        if (!jh_bits_test(jh_selection_bits(selection, r) + word, document->row))
            continue;
        const uint32_t s = jh_strata_of(&reader->strata, document->row);
        const jh_stratum *stratum = &reader->made->strata.strata[s];
        const double p = jh_chance_of(reader, document->row);

        put_number(&work->tails, r);
        put_number(&work->tails, s);
        put_number(&work->tails, p == (double)stratum->quota / (double)stratum->documents ? 0 : 1 + number_of(work, p));
    }
}

static jihe_status put_tails(struct packing *work, jihe_error *err)
{
    const jh_selection *selection = work->selection;
    uint64_t segment = UINT64_MAX;
    jihe_status st = JIHE_OK;

    for (size_t i = 0; st == JIHE_OK && i < selection->document_count; i++) {
        const jh_selected *document = &selection->documents[i];

        for (size_t r = 0; st == JIHE_OK && document->segment != segment && r < selection->rule_count; r++)
            st = jh_chance_read(&work->readers[r], selection, work->rules[r], r, document->segment, err);
        if (st != JIHE_OK)
            return st;
        segment = document->segment;
        put_number(&work->tails, document->pattern);
        put_number(&work->tails, number_of(work, document->p_any));
        put_number(&work->tails, number_of(work, document->p_random));
        put_hits(work, document);
        work->tail_ends[i] = work->tails.len;
    }
    return work->tails.failed || work->shares->failed ? jh_fail(err, JIHE_NO_MEMORY, "packing hits") : JIHE_OK;
}

static uint32_t same_bytes(const jh_listed_id *a, const jh_listed_id *b)
{
    const uint32_t most = a->len < b->len ? a->len : b->len;
    uint32_t same = 0;

    while (same < most && a->id[same] == b->id[same])
        same++;
    return same;
}

static uint64_t zigzag(int64_t value)
{
    return (uint64_t)value << 1 ^ (uint64_t)(value >> 63);
}

/* Where a document stands in its snapshot. */
static int64_t place_of(const jh_selection *selection, const jh_selected *document)
{
    return (int64_t)selection->pass.segments[document->segment].segment * JH_SEGMENT_ROWS + document->row;
}

static void put_part(jh_buf *out, const struct packing *work, const jh_listed_id *listed, uint32_t count)
{
    const uint32_t head[2] = {MAGIC, count};
    int64_t before = 0;

    jh_buf_put(out, head, sizeof head);
    for (uint32_t i = 0; i < count; i++) {
        const jh_selected *document = &work->selection->documents[listed[i].index];
        const uint32_t same = i == 0 ? 0 : same_bytes(&listed[i - 1], &listed[i]), rest = listed[i].len - same;
        const size_t tail = listed[i].index == 0 ? 0 : work->tail_ends[listed[i].index - 1];
        const size_t tail_len = work->tail_ends[listed[i].index] - tail;
        const int64_t place = place_of(work->selection, document);
        const size_t most = (size_t)4 * MOST_BYTES + rest + tail_len;

        if (!jh_buf_reserve(out, most))
            return;
        uint8_t *at = write_number(out->bytes + out->len, same);

        at = write_number(at, rest);
        memcpy(at, listed[i].id + same, rest);
        at = write_number(at + rest, listed[i].part);
        at = write_number(at, zigzag(place - before));
        memcpy(at, work->tails.bytes + tail, tail_len);
        out->len = (size_t)(at + tail_len - out->bytes);
        before = place;
    }
}

static jihe_status put_parts(jh_hit_parts *out, const struct packing *work, const jh_listed_id *listed, jihe_error *err)
{
    out->document_parts = (uint32_t)((out->documents + JH_HITS_PER_PART - 1) / JH_HITS_PER_PART);
    out->count = (size_t)1 + out->document_parts;
    out->parts = calloc(out->count, sizeof *out->parts);
    if (out->parts == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "packing hits");
    for (size_t i = 0, part = 1; i < out->documents; i += JH_HITS_PER_PART, part++) {
        const size_t left = out->documents - i;

        put_part(&out->parts[part], work, listed + i, (uint32_t)(left < JH_HITS_PER_PART ? left : JH_HITS_PER_PART));
        if (out->parts[part].failed)
            return jh_fail(err, JIHE_NO_MEMORY, "packing hits");
    }
    return JIHE_OK;
}

static jihe_status compact(jh_hit_parts *out, struct packing *work, jihe_error *err)
{
    jh_arena arena;
    jihe_status st = put_tails(work, err);

    if (st != JIHE_OK)
        return st;
    jh_listed_id *listed = malloc((out->documents + 1) * sizeof *listed);

    jh_arena_init(&arena, 1 << 20);
    if (listed == NULL)
        st = jh_fail(err, JIHE_NO_MEMORY, "packing hits");
    else if ((st = jh_hit_ids(listed, work->selection, &arena, err)) == JIHE_OK)
        st = put_parts(out, work, listed, err);
    jh_arena_deinit(&arena);
    free(listed);
    return st;
}

jihe_status jh_hits_compact(jh_hit_parts *out, jh_buf *shares, const jh_selection *selection,
                            const jh_rule *const *rules, jihe_error *err)
{
    struct packing work = {.selection = selection, .rules = rules, .shares = shares};
    jihe_status st;

    *out = (jh_hit_parts){.documents = selection->document_count};
    for (size_t r = 0; r < selection->rule_count; r++)
        out->hits += (size_t)selection->rules[r].selected;
    work.readers = calloc(selection->rule_count + 1, sizeof *work.readers);
    work.tail_ends = malloc((selection->document_count + 1) * sizeof *work.tail_ends);
    st = work.readers == NULL || work.tail_ends == NULL ? jh_fail(err, JIHE_NO_MEMORY, "packing hits")
                                                        : compact(out, &work, err);
    free(work.readers);
    free(work.tail_ends);
    jh_buf_deinit(&work.tails);
    jh_keymap_deinit(&work.numbers);
    if (st != JIHE_OK)
        jh_hit_parts_deinit(out);
    return st;
}

/* --- reading --- */

struct reading {
    const uint8_t *at, *end;
    bool failed;
};

static uint64_t get_number(struct reading *in, uint64_t most)
{
    uint64_t value = 0;

    for (unsigned shift = 0; in->at < in->end && shift < 64; shift += 7) {
        const uint8_t byte = *in->at++;

        value |= (uint64_t)(byte & 0x7F) << shift;
        if ((byte & 0x80) != 0)
            continue;
        in->failed = in->failed || value > most;
        return value > most ? 0 : value;
    }
    in->failed = true;
    return 0;
}

/* An id out of the one before and the bytes that are new. NULL: broken, or no memory. */
static const char *get_id(struct reading *in, jh_arena *arena, const jh_hit_document *before, uint32_t *len)
{
    const uint64_t same = get_number(in, before == NULL ? 0 : before->id_len);
    const uint64_t rest = get_number(in, (uint64_t)(in->end - in->at));

    if (in->failed || rest > (uint64_t)(in->end - in->at))
        return NULL;
    *len = (uint32_t)(same + rest);
    char *id = JH_NEW(arena, char, *len + (size_t)1);

    if (id == NULL)
        return NULL;
    if (same > 0)
        memcpy(id, before->id, same);
    memcpy(id + same, in->at, rest);
    in->at += rest;
    return id;
}

static bool get_hit(jh_hits *out, struct reading *in, jh_hit_document *document, uint64_t hash, const uint64_t *keys)
{
    if (out->hit_count == out->hit_room) {
        const size_t room = out->hit_room * 2;
        jh_hit *hits = realloc(out->hits, room * sizeof *hits);

        if (hits == NULL)
            return false;
        out->hits = hits;
        out->hit_room = room;
    }
    const uint64_t rule = get_number(in, out->rule_count - 1);

    if (in->failed || out->strata_count[rule] == 0)
        return false;
    const uint64_t stratum = get_number(in, out->strata_count[rule] - (uint64_t)1);
    const uint64_t share = get_number(in, out->share_count);
    const jh_hit_stratum *drawn = &out->strata[rule][stratum];

    out->hits[out->hit_count++] = (jh_hit){
        .number = jh_pcg_draw(hash, keys[rule]),
        .p = share == 0 ? (double)drawn->quota / (double)drawn->documents : out->shares[share - 1],
        .rule = (uint32_t)rule,
        .stratum = (uint32_t)stratum,
        .document = (uint32_t)out->document_count,
    };
    document->hit_count++;
    return !in->failed;
}

static bool get_document(jh_hits *out, struct reading *in, const jh_hit_document *before, int64_t *place,
                         const uint64_t *keys, size_t snapshot_count)
{
    jh_hit_document *document = &out->documents[out->document_count];

    *document = (jh_hit_document){0};
    document->id = get_id(in, &out->arena, before, &document->id_len);
    if (document->id == NULL || snapshot_count == 0 || out->share_count == 0 || out->pattern_count == 0)
        return false;
    document->snapshot = (uint32_t)get_number(in, snapshot_count - 1);
    const uint64_t moved = get_number(in, UINT64_MAX);

    *place = (int64_t)((uint64_t)*place + (moved >> 1 ^ -(moved & 1)));
    document->segment = (uint32_t)((uint64_t)*place / JH_SEGMENT_ROWS);
    document->row = (uint32_t)((uint64_t)*place % JH_SEGMENT_ROWS);
    document->pattern = (uint32_t)get_number(in, out->pattern_count - 1);
    document->p_any = out->shares[get_number(in, out->share_count - 1)];
    document->p_random = out->shares[get_number(in, out->share_count - 1)];
    const uint64_t count = get_number(in, out->rule_count);
    const uint64_t hash = jh_hash64(document->id, document->id_len);

    for (uint64_t i = 0; i < count; i++)
        if (!get_hit(out, in, document, hash, keys))
            return false;
    out->document_count++;
    return !in->failed;
}

bool jh_hits_expand(jh_hits *out, const jh_buf *part, const uint64_t *keys, size_t snapshot_count)
{
    uint32_t head[2];
    int64_t place = 0;

    if (part->len < sizeof head)
        return false;
    memcpy(head, part->bytes, sizeof head);
    struct reading in = {.at = part->bytes + sizeof head, .end = part->bytes + part->len};

    if (head[0] != MAGIC || head[1] > JH_HITS_PER_PART)
        return false;
    for (uint32_t i = 0; i < head[1]; i++)
        if (!get_document(out, &in, i == 0 ? NULL : &out->documents[out->document_count - 1], &place, keys,
                          snapshot_count))
            return false;
    return in.at == in.end;
}
