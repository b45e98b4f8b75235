#include "ledger/hits_compact.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/parallel.h"
#include "base/pcg.h"
#include "sample/cohort_chances.h"
#include "sample/keymap.h"

enum {
    MAGIC = 0x3344484A, /* "JHD3" */
    HEAD = 5,           /* words before the probabilities */
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

/* An id that later ones may share bytes with: the last one whose length and first bytes led to this slot. */
struct base {
    const char *id;
    uint32_t len;
};

enum { SLOTS = 64, FIRST = 4 };
enum { AHEAD = JH_COHORTS_BEHIND / 2 }; /* documents; cohorts are fetched so early */

struct packer {                /* one worker's */
    jh_chance_reader *readers; /* per rule, of the segment at hand */
    jh_keymap numbers;         /* bits of a probability -> its number in the part */
    uint32_t *places;          /* of the cohorts' chances: 1 + number in the part; 0: none yet */
    uint64_t *hits;            /* of 64 rows, `words` words each: bit r is set where rule r hit the row */
    jh_buf shares, documents;  /* of the part at hand */
    jh_col_room room;
};

struct packing {
    const jh_selection *selection;
    const jh_rule *const *rules;
    size_t words;             /* of 64 rules */
    const uint64_t *segments; /* per part: which one it has */
    jh_buf *parts;
    struct packer *packers;
};

/* The number of a probability, a new one where it comes first. */
static uint64_t number_of(struct packer *packer, double share)
{
    const size_t before = packer->numbers.count;
    uint64_t key;

    memcpy(&key, &share, sizeof key);
    uint64_t *number = jh_keymap_at(&packer->numbers, key);

    if (number == NULL) {
        packer->shares.failed = true;
        return 0;
    }
    if (packer->numbers.count != before) {
        *number = before;
        jh_buf_put(&packer->shares, &share, sizeof share);
    }
    return *number;
}

/* At most 3 numbers. */
static uint8_t *write_hit(uint8_t *at, struct packer *packer, uint32_t rule, uint32_t row)
{
    const jh_chance_reader *reader = &packer->readers[rule];
    const uint32_t s = jh_strata_of(&reader->strata, row);

    at = write_number(write_number(at, rule), s);
    if (jh_chance_is_share(reader))
        return write_number(at, 0);
    const jh_stratum *stratum = &reader->made->strata.strata[s];
    const double p = jh_chance_of(reader, row), share = (double)stratum->quota / (double)stratum->documents;

    return write_number(at, p == share ? 0 : 1 + number_of(packer, p));
}

/* At most 1 + 3 numbers a rule; the caller has made room. `hits`: of the row. */
static uint8_t *write_hits(uint8_t *at, struct packer *packer, const uint64_t *hits, size_t words, uint32_t row)
{
    uint64_t count = 0;

    for (size_t i = 0; i < words; i++)
        count += (uint64_t)__builtin_popcountll(hits[i]);
    at = write_number(at, count);
    for (size_t i = 0; i < words; i++)
        for (uint64_t left = hits[i]; left != 0; left &= left - 1)
            at = write_hit(at, packer, (uint32_t)(i * 64) + (uint32_t)__builtin_ctzll(left), row);
    return at;
}

/* Which rules hit each of 64 rows: the rules' bits turned by a right angle. */
static void turn_hits(const struct packing *work, struct packer *packer, uint64_t word)
{
    memset(packer->hits, 0, 64 * work->words * sizeof *packer->hits);
    for (size_t r = 0; r < work->selection->rule_count; r++)
        for (uint64_t left = jh_selection_bits(work->selection, r)[word]; left != 0; left &= left - 1)
            packer->hits[(size_t)__builtin_ctzll(left) * work->words + r / 64] |= UINT64_C(1) << (r % 64);
}

/* The number of one of the cohorts' chances. */
static uint64_t place_of(const struct packing *work, struct packer *packer, uint32_t chance)
{
    if (packer->places[chance] == 0)
        packer->places[chance] = 1 + (uint32_t)number_of(packer, work->selection->cohorts.chances[chance]);
    return packer->places[chance] - 1;
}

/* The probabilities of a document of this cohort. */
static uint8_t *write_chances(uint8_t *at, const struct packing *work, struct packer *packer, const jh_cohort *cohort,
                              uint32_t row)
{
    double any, random;

    if (!cohort->weighed) {
        at = write_number(at, place_of(work, packer, cohort->any));
        return write_number(at, place_of(work, packer, cohort->random));
    }
    jh_cohort_chances_of(work->selection, work->rules, packer->readers, cohort, row, &any, &random);
    at = write_number(at, number_of(packer, any));
    return write_number(at, number_of(packer, random));
}

static uint32_t slot_of(const char *id, uint32_t len)
{
    uint32_t bytes = 0;

    memcpy(&bytes, id, len < FIRST ? len : FIRST);
    return (bytes ^ len << 24) * UINT32_C(0x9E3779B1) >> 26;
}

static uint32_t same_bytes(const struct base *base, const char *id, uint32_t len)
{
    const uint32_t most = base->len < len ? base->len : len;
    uint32_t same = 0;

    for (uint64_t x, y; same + sizeof x <= most; same += (uint32_t)sizeof x) {
        memcpy(&x, base->id + same, sizeof x);
        memcpy(&y, id + same, sizeof y);
        if (x != y)
            return same + (uint32_t)__builtin_ctzll(x ^ y) / 8;
    }
    while (same < most && base->id[same] == id[same])
        same++;
    return same;
}

static uint8_t *write_id(uint8_t *at, struct base *bases, const char *id, uint32_t len)
{
    const uint32_t slot = slot_of(id, len), same = same_bytes(&bases[slot], id, len);

    at = write_number(write_number(write_number(at, slot), same), len - same);
    memcpy(at, id + same, len - same);
    bases[slot] = (struct base){id, len};
    return at + (len - same);
}

/* One document of the segment. False: no memory. */
static bool put_document(const struct packing *work, struct packer *packer, const jh_cohort *cohort, struct base *bases,
                         const jh_col_view *ids, uint32_t row, uint32_t step)
{
    const uint32_t start = ids->offsets[row], len = ids->offsets[row + 1] - start;

    if (!jh_buf_reserve(&packer->documents, len + (8 + 3 * work->selection->rule_count) * MOST_BYTES))
        return false;
    uint8_t *end = packer->documents.bytes + packer->documents.len;

    end = write_id(end, bases, ids->bytes + start, len);
    end = write_number(end, step);
    end = write_number(end, cohort->pattern);
    end = write_chances(end, work, packer, cohort, row);
    end = write_hits(end, packer, packer->hits + row % 64 * work->words, work->words, row);
    packer->documents.len = (size_t)(end - packer->documents.bytes);
    return true;
}

static jihe_status put_documents(const struct packing *work, struct packer *packer, uint64_t segment, jihe_error *err)
{
    const jh_selection *selection = work->selection;
    const jh_pass_segment *at = &selection->pass.segments[segment];
    const jh_snapshot *snapshot = selection->pass.parts[at->part];
    const uint32_t *of = selection->cohorts.of + selection->rank[at->word];
    const jh_cohort *cohorts = selection->cohorts.tables[selection->cohorts.table[segment]].cohorts;
    struct base bases[SLOTS] = {0};
    uint32_t before = 0;
    jh_col_view ids;
    const jihe_status st =
        jh_snapshot_ids(snapshot, at->segment, selection->chosen + at->word, &packer->room, &ids, err);

    for (uint32_t w = 0; st == JIHE_OK && w * 64 < at->rows; w++) {
        if (selection->chosen[at->word + w] != 0)
            turn_hits(work, packer, at->word + w);
        for (uint64_t left = selection->chosen[at->word + w]; left != 0; left &= left - 1) {
            const uint32_t row = w * 64 + (uint32_t)__builtin_ctzll(left);

            __builtin_prefetch(&cohorts[of[AHEAD]]);
            if (!put_document(work, packer, &cohorts[*of], bases, &ids, row, row - before))
                return jh_fail(err, JIHE_NO_MEMORY, "packing hits");
            of++;
            before = row;
        }
    }
    return st;
}

static jihe_status pack_part(void *context, uint32_t worker, uint64_t index, jihe_error *err)
{
    const struct packing *work = context;
    const jh_selection *selection = work->selection;
    struct packer *packer = &work->packers[worker];
    const uint64_t segment = work->segments[index];
    const jh_pass_segment *at = &selection->pass.segments[segment];
    const uint32_t count = (uint32_t)jh_bits_count(selection->chosen + at->word, at->rows);
    jihe_status st = JIHE_OK;

    jh_keymap_clear(&packer->numbers);
    memset(packer->places, 0, selection->cohorts.chance_count * sizeof *packer->places);
    jh_buf_clear(&packer->shares);
    jh_buf_clear(&packer->documents);
    for (size_t r = 0; st == JIHE_OK && r < selection->rule_count; r++)
        st = jh_chance_read(&packer->readers[r], selection, work->rules[r], r, segment, err);
    if (st != JIHE_OK || (st = put_documents(work, packer, segment, err)) != JIHE_OK)
        return st;
    const uint32_t head[HEAD] = {MAGIC, count, at->part, at->segment, (uint32_t)packer->numbers.count};
    jh_buf *part = &work->parts[index];

    jh_buf_reserve(part, sizeof head + packer->shares.len + packer->documents.len);
    jh_buf_put(part, head, sizeof head);
    jh_buf_put(part, packer->shares.bytes, packer->shares.len);
    jh_buf_put(part, packer->documents.bytes, packer->documents.len);
    return part->failed || packer->shares.failed ? jh_fail(err, JIHE_NO_MEMORY, "packing hits") : JIHE_OK;
}

/* The segments that have documents. Returns how many. */
static size_t divide(const jh_selection *selection, uint64_t *segments)
{
    size_t count = 0;

    for (uint64_t s = 0; s < selection->pass.segment_count; s++) {
        const jh_pass_segment *at = &selection->pass.segments[s];

        if (jh_bits_count(selection->chosen + at->word, at->rows) > 0)
            segments[count++] = s;
    }
    return count;
}

static jihe_status pack_all(jh_hit_parts *out, struct packing *work, uint32_t threads, jihe_error *err)
{
    bool ok = work->packers != NULL;

    work->words = (work->selection->rule_count + 63) / 64;
    for (uint32_t t = 0; ok && t < threads; t++) {
        work->packers[t].readers = calloc(work->selection->rule_count + 1, sizeof(jh_chance_reader));
        work->packers[t].hits = calloc(64 * work->words + 1, sizeof(uint64_t));
        work->packers[t].places = calloc(work->selection->cohorts.chance_count + 1, sizeof(uint32_t));
        ok = work->packers[t].readers != NULL && work->packers[t].hits != NULL && work->packers[t].places != NULL;
    }
    out->parts = calloc(out->count, sizeof *out->parts);
    if (!ok || out->parts == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "packing hits");
    work->parts = out->parts + 1;
    return jh_parallel(threads, out->document_parts, pack_part, work, err);
}

jihe_status jh_hits_compact(jh_hit_parts *out, const jh_selection *selection, const jh_rule *const *rules,
                            jihe_error *err)
{
    const uint32_t threads = selection->threads;
    struct packing work = {.selection = selection, .rules = rules, .packers = calloc(threads, sizeof *work.packers)};
    uint64_t *segments = malloc((selection->pass.segment_count + 1) * sizeof *segments);
    jihe_status st = JIHE_NO_MEMORY;

    *out = (jh_hit_parts){.documents = selection->document_count};
    for (size_t r = 0; r < selection->rule_count; r++)
        out->hits += (size_t)selection->rules[r].selected;
    if (segments == NULL)
        (void)jh_fail(err, st, "packing hits");
    else {
        work.segments = segments;
        out->document_parts = (uint32_t)divide(selection, segments);
        out->count = (size_t)1 + out->document_parts;
        st = pack_all(out, &work, threads, err);
    }
    for (uint32_t t = 0; work.packers != NULL && t < threads; t++) {
        free(work.packers[t].readers);
        free(work.packers[t].hits);
        free(work.packers[t].places);
        jh_keymap_deinit(&work.packers[t].numbers);
        jh_buf_deinit(&work.packers[t].shares);
        jh_buf_deinit(&work.packers[t].documents);
        jh_col_room_deinit(&work.packers[t].room);
    }
    free(work.packers);
    free(segments);
    if (st != JIHE_OK)
        jh_hit_parts_deinit(out);
    return st;
}

/* --- reading --- */

struct reading {
    const uint8_t *at, *end;
    const uint8_t *shares; /* f64, not aligned */
    uint32_t share_count;
    uint32_t snapshot, segment, row;
    struct base bases[SLOTS];
    const uint64_t *keys;
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

/* The probability of a number; 0 and `failed` where there is none. */
static double get_share(struct reading *in, uint64_t number)
{
    double share = 0.0;

    if (number < in->share_count)
        memcpy(&share, in->shares + number * sizeof share, sizeof share);
    else
        in->failed = true;
    return share;
}

/* An id out of one before and the bytes that are new. NULL: broken, or no memory. */
static const char *get_id(struct reading *in, jh_arena *arena, uint32_t *len)
{
    struct base *base = &in->bases[get_number(in, SLOTS - 1)];
    const uint64_t same = get_number(in, base->len);
    const uint64_t rest = get_number(in, (uint64_t)(in->end - in->at));

    if (in->failed || rest > (uint64_t)(in->end - in->at) || same + rest > UINT32_MAX)
        return NULL;
    char *id = JH_NEW(arena, char, same + rest + 1);

    if (id == NULL)
        return NULL;
    if (same > 0)
        memcpy(id, base->id, same);
    memcpy(id + same, in->at, rest);
    in->at += rest;
    *len = (uint32_t)(same + rest);
    *base = (struct base){id, *len};
    return id;
}

static bool get_hit(jh_hits *out, struct reading *in, jh_hit_document *document, uint64_t hash)
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
    const uint64_t share = get_number(in, in->share_count);
    const jh_hit_stratum *drawn = &out->strata[rule][stratum];

    out->hits[out->hit_count++] = (jh_hit){
        .number = jh_pcg_draw(hash, in->keys[rule]),
        .p = share == 0 ? (double)drawn->quota / (double)drawn->documents : get_share(in, share - 1),
        .rule = (uint32_t)rule,
        .stratum = (uint32_t)stratum,
        .document = (uint32_t)out->document_count,
    };
    document->hit_count++;
    return !in->failed;
}

static bool get_document(jh_hits *out, struct reading *in)
{
    jh_hit_document *document = &out->documents[out->document_count];

    *document = (jh_hit_document){.snapshot = in->snapshot, .segment = in->segment};
    document->id = get_id(in, &out->texts, &document->id_len);
    if (document->id == NULL)
        return false;
    in->row += (uint32_t)get_number(in, JH_SEGMENT_ROWS - 1 - in->row);
    document->row = in->row;
    document->pattern = (uint32_t)get_number(in, out->pattern_count - 1);
    document->p_any = get_share(in, get_number(in, UINT32_MAX));
    document->p_random = get_share(in, get_number(in, UINT32_MAX));
    const uint64_t count = get_number(in, out->rule_count);
    const uint64_t hash = jh_hash64(document->id, document->id_len);

    for (uint64_t i = 0; i < count; i++)
        if (!get_hit(out, in, document, hash))
            return false;
    out->document_count++;
    return !in->failed;
}

size_t jh_hits_part_documents(const jh_buf *part)
{
    uint32_t head[HEAD];

    if (part->len < sizeof head)
        return 0;
    memcpy(head, part->bytes, sizeof head);
    return head[1] <= JH_HITS_PER_PART ? head[1] : 0;
}

bool jh_hits_expand(jh_hits *out, const jh_buf *part, const uint64_t *keys, size_t snapshot_count)
{
    uint32_t head[HEAD];

    if (part->len < sizeof head)
        return false;
    memcpy(head, part->bytes, sizeof head);
    const size_t left = part->len - sizeof head;

    if (head[0] != MAGIC || head[1] > JH_HITS_PER_PART || head[2] >= snapshot_count ||
        head[4] > left / sizeof(double) || out->pattern_count == 0 || out->rule_count == 0)
        return false;
    struct reading in = {.shares = part->bytes + sizeof head,
                         .share_count = head[4],
                         .snapshot = head[2],
                         .segment = head[3],
                         .keys = keys,
                         .at = part->bytes + sizeof head + head[4] * sizeof(double),
                         .end = part->bytes + part->len};

    for (uint32_t i = 0; i < head[1]; i++)
        if (!get_document(out, &in))
            return false;
    return in.at == in.end;
}
