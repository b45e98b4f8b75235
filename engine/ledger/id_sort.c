#include "ledger/id_sort.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum {
    DIGITS = 8,   /* bytes of a key, each one digit */
    VALUES = 256, /* of a digit */
    SMALL = 48,   /* as many a comparison sort does as fast */
    DEEPEST = 64  /* keys behind each other; what then is still equal is compared */
};

struct keyed {
    uint64_t key;
    uint32_t at; /* place before sorting */
};

struct sorting {
    struct keyed *keys, *other;
    jh_listed_id *moved;
};

static int order_listed(const void *a, const void *b)
{
    const jh_listed_id *x = a, *y = b;

    if (x->part != y->part)
        return x->part < y->part ? -1 : 1;
    const int ids = jh_text_compare(x->id, x->len, y->id, y->len);

    return ids != 0 ? ids : (x->index > y->index) - (x->index < y->index);
}

/* Bytes that all ids have in common, from `from` on known to be so. */
static uint32_t common(const jh_listed_id *ids, size_t count, uint32_t from)
{
    uint32_t end = ids[0].len;

    for (size_t i = 1; i < count && end > from; i++) {
        const uint32_t most = ids[i].len < end ? ids[i].len : end;
        uint32_t same = from;

        if (most >= end && memcmp(ids[i].id + from, ids[0].id + from, end - from) == 0)
            continue;
        while (same < most && ids[i].id[same] == ids[0].id[same])
            same++;
        end = same;
    }
    return end;
}

/* Eight bytes from `from` on, the first one highest; zeros behind the end. */
static uint64_t key_at(const jh_listed_id *it, uint32_t from)
{
    uint64_t key = 0;

    if (it->len >= from + DIGITS) {
        memcpy(&key, it->id + from, sizeof key);
        return __builtin_bswap64(key);
    }
    for (uint32_t i = 0; i < DIGITS; i++)
        key = key << 8 | (from + i < it->len ? (unsigned char)it->id[from + i] : 0);
    return key;
}

/* By key, the lowest digit first; digits that all share are passed over. The result is in work->keys. */
static void sort_keys(struct sorting *work, size_t count)
{
    size_t counts[DIGITS][VALUES] = {0};

    for (size_t i = 0; i < count; i++)
        for (unsigned d = 0; d < DIGITS; d++)
            counts[d][work->keys[i].key >> (d * 8) & (VALUES - 1)]++;
    for (unsigned d = 0; d < DIGITS; d++) {
        size_t *starts = counts[d], sum = 0;

        if (starts[work->keys[0].key >> (d * 8) & (VALUES - 1)] == count)
            continue;
        for (unsigned v = 0; v < VALUES; v++) {
            const size_t here = starts[v];

            starts[v] = sum;
            sum += here;
        }
        for (size_t i = 0; i < count; i++)
            work->other[starts[work->keys[i].key >> (d * 8) & (VALUES - 1)]++] = work->keys[i];
        struct keyed *const swapped = work->keys;

        work->keys = work->other;
        work->other = swapped;
    }
}

/* A piece of documents of one snapshot whose ids have `from` bytes in common. */
static void sort_piece(struct sorting *work, jh_listed_id *ids, size_t count, uint32_t from, unsigned depth)
{
    if (count < SMALL || depth == DEEPEST) {
        qsort(ids, count, sizeof *ids, order_listed);
        return;
    }
    from = common(ids, count, from);
    for (size_t i = 0; i < count; i++)
        work->keys[i] = (struct keyed){key_at(&ids[i], from), (uint32_t)i};
    sort_keys(work, count);
    for (size_t i = 0; i < count; i++)
        work->moved[i] = ids[work->keys[i].at];
    memcpy(ids, work->moved, count * sizeof *ids);
    for (size_t i = 0, end; i < count; i = end) {
        const uint64_t key = key_at(&ids[i], from);

        for (end = i + 1; end < count && key_at(&ids[end], from) == key; end++)
            ;
        if (end - i >
            1) /* a zero byte and the end of an id have the same key: not all of these have eight bytes more */
            sort_piece(work, ids + i, end - i, from, depth + 1);
    }
}

static bool is_sorted(const jh_listed_id *ids, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (order_listed(&ids[i - 1], &ids[i]) > 0)
            return false;
    return true;
}

jihe_status jh_id_sort(jh_listed_id *ids, size_t count, jihe_error *err)
{
    if (is_sorted(ids, count)) /* extracts often come in order of their ids */
        return JIHE_OK;
    struct sorting work = {.keys = malloc(count * sizeof *work.keys),
                           .other = malloc(count * sizeof *work.other),
                           .moved = malloc(count * sizeof *work.moved)};
    const bool ok = work.keys != NULL && work.other != NULL && work.moved != NULL;

    for (size_t i = 0, end; ok && i < count; i = end) { /* they come snapshot by snapshot */
        for (end = i + 1; end < count && ids[end].part == ids[i].part; end++)
            ;
        sort_piece(&work, ids + i, end - i, 0, 0);
    }
    free(work.keys);
    free(work.other);
    free(work.moved);
    return ok ? JIHE_OK : jh_fail(err, JIHE_NO_MEMORY, "sorting the ids of a work list");
}
