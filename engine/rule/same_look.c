#include "rule/same_values.h"

#include "base/error.h"
#include "base/hash.h"
#include "base/normal_text.h"
#include "base/num.h"

enum { BLOCK = 512 /* rows whose values are decoded at a time */ };

void jh_same_look_deinit(jh_same_look *look)
{
    for (size_t c = 0; c < JH_MAX_SAME; c++) {
        jh_col_room_deinit(&look->rooms[c]);
        jh_buf_deinit(&look->hashes[c]);
    }
    jh_buf_deinit(&look->normal);
}

static const jh_same_bound *bound_of(const jh_same_look *look, size_t column)
{
    return &look->same->bound[look->part * look->same->column_count + column];
}

jihe_status jh_same_look_at(jh_same_look *look, const jh_same *same, uint32_t part, uint32_t segment, bool whole,
                            jihe_error *err)
{
    jihe_status st = JIHE_OK;

    look->same = same;
    look->part = part;
    look->segment = segment;
    look->rows = jh_snapshot_segment_rows(same->parts[part], segment);
    for (size_t c = 0; st == JIHE_OK && c < same->column_count; c++) {
        jh_col_view *view = &look->views[c];
        jh_col_room *room = whole && same->kinds[c] == JH_SAME_BYTES ? &look->rooms[c] : NULL;

        st = jh_snapshot_column(same->parts[part], segment, bound_of(look, c)->column, room, view, err);
        if (st == JIHE_OK && same->kinds[c] == JH_SAME_CODE &&
            (view->base < 0 || (view->nulls < view->rows && view->max >= (int64_t)bound_of(look, c)->codes)))
            st = jh_fail(err, JIHE_CORRUPT, "segment %u, column %zu: codes that its dictionary does not have", segment,
                         bound_of(look, c)->column);
    }
    return st;
}

static uint64_t code_at(const jh_col_view *view, uint32_t row)
{
    switch (view->width) {
    case 0:
        return 0;
    case 1:
        return ((const uint8_t *)view->codes)[row];
    case 2:
        return ((const uint16_t *)view->codes)[row];
    case 4:
        return ((const uint32_t *)view->codes)[row];
    default:
        return ((const uint64_t *)view->codes)[row];
    }
}

uint64_t jh_same_word(const jh_same_look *look, size_t column, uint32_t row)
{
    const jh_same_bound *bound = bound_of(look, column);
    const uint64_t value = (uint64_t)look->views[column].base + code_at(&look->views[column], row);

    return bound->words == NULL ? value : bound->words[value];
}

/* Of a whole column the view has all rows; else of this one and perhaps its neighbours. */
static jihe_status raw_bytes(jh_same_look *look, size_t column, uint32_t row, const char **bytes, uint32_t *len,
                             jihe_error *err)
{
    jh_col_view one, *view = &look->views[column];
    uint32_t at = row;

    if (view->offsets == NULL) {
        const jihe_status st = jh_snapshot_row(look->same->parts[look->part], look->segment, row,
                                               bound_of(look, column)->column, &look->rooms[column], &one, &at, err);

        if (st != JIHE_OK)
            return st;
        view = &one;
    }
    *bytes = view->bytes + view->offsets[at];
    *len = view->offsets[at + 1] - view->offsets[at];
    return JIHE_OK;
}

jihe_status jh_same_bytes(jh_same_look *look, size_t column, uint32_t row, const char **bytes, uint32_t *len,
                          jihe_error *err)
{
    const jihe_status st = raw_bytes(look, column, row, bytes, len, err);

    if (st != JIHE_OK || !look->same->normal[column])
        return st;
    jh_buf_clear(&look->normal);
    if (!jh_buf_reserve(&look->normal, (size_t)*len + 1))
        return jh_fail(err, JIHE_NO_MEMORY, "comparing texts");
    *len = (uint32_t)jh_normal_text(*bytes, *len, (char *)look->normal.bytes);
    *bytes = (const char *)look->normal.bytes;
    return JIHE_OK;
}

/* Texts of which nothing is left; the others' hashes are kept for their fingerprints. */
static jihe_status keep_texts(jh_same_look *look, size_t column, uint64_t *rows, jihe_error *err)
{
    jh_buf_clear(&look->hashes[column]);
    uint64_t *hashes = jh_buf_extend(&look->hashes[column], look->rows * sizeof *hashes);

    if (hashes == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "comparing texts");
    for (uint32_t w = 0; w * 64 < look->rows; w++)
        for (uint64_t left = rows[w]; left != 0; left &= left - 1) {
            const uint32_t row = w * 64 + (uint32_t)__builtin_ctzll(left);
            const char *text;
            uint32_t len;
            const jihe_status st = jh_same_bytes(look, column, row, &text, &len, err);

            if (st != JIHE_OK)
                return st;
            if (len == 0)
                rows[w] &= ~(left & -left);
            hashes[row] = jh_hash64(text, len);
        }
    return JIHE_OK;
}

static void keep_codes(const jh_same_look *look, size_t column, uint64_t *rows)
{
    for (uint32_t w = 0; w * 64 < look->rows; w++)
        for (uint64_t left = rows[w]; left != 0; left &= left - 1)
            if (jh_same_word(look, column, w * 64 + (uint32_t)__builtin_ctzll(left)) == UINT32_MAX)
                rows[w] &= ~(left & -left);
}

jihe_status jh_same_keep_present(jh_same_look *look, size_t column, uint64_t *rows, jihe_error *err)
{
    const jh_col_view *view = &look->views[column];

    for (uint32_t w = 0; view->nulls > 0 && w * 64 < look->rows; w++)
        rows[w] = view->valid == NULL ? 0 : rows[w] & view->valid[w];
    if (look->same->normal[column] && look->same->kinds[column] == JH_SAME_BYTES)
        return keep_texts(look, column, rows, err);
    if (bound_of(look, column)->lacking)
        keep_codes(look, column, rows);
    return JIHE_OK;
}

/* Folds the 128-bit product: every bit of the word reaches every bit of the print (wyhash, by Wang Yi). */
static uint64_t mix(uint64_t print, uint64_t word)
{
    const jh_u128 product = (jh_u128)(print ^ UINT64_C(0xa0761d6478bd642f)) * (word ^ UINT64_C(0xe7037ed1a0b428db));

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static void decode(const jh_col_view *view, uint32_t from, uint32_t count, uint64_t *words)
{
    const uint64_t base = (uint64_t)view->base;
    const void *codes = view->codes;

    switch (view->width) {
    case 0:
        for (uint32_t i = 0; i < count; i++)
            words[i] = base;
        return;
    case 1:
        for (uint32_t i = 0; i < count; i++)
            words[i] = base + ((const uint8_t *)codes)[from + i];
        return;
    case 2:
        for (uint32_t i = 0; i < count; i++)
            words[i] = base + ((const uint16_t *)codes)[from + i];
        return;
    case 4:
        for (uint32_t i = 0; i < count; i++)
            words[i] = base + ((const uint32_t *)codes)[from + i];
        return;
    default:
        for (uint32_t i = 0; i < count; i++)
            words[i] = base + ((const uint64_t *)codes)[from + i];
    }
}

static jihe_status print_bytes(jh_same_look *look, size_t column, const uint64_t *wanted, uint32_t from, uint32_t count,
                               uint64_t *prints, jihe_error *err)
{
    const uint64_t *hashes = (const uint64_t *)(const void *)look->hashes[column].bytes;

    for (uint32_t i = 0; i < count; i++) {
        const uint32_t row = from + i;
        const char *bytes;
        uint32_t len;

        if ((wanted[row / 64] >> (row % 64) & 1) == 0)
            continue;
        if (look->same->normal[column]) {
            prints[i] = mix(prints[i], hashes[row]);
            continue;
        }
        const jihe_status st = jh_same_bytes(look, column, row, &bytes, &len, err);

        if (st != JIHE_OK)
            return st;
        prints[i] = mix(prints[i], jh_hash64(bytes, len));
    }
    return JIHE_OK;
}

void jh_same_words(const jh_same_look *look, size_t column, uint32_t from, uint32_t count, uint64_t *words)
{
    const uint32_t *numbers = bound_of(look, column)->words;

    decode(&look->views[column], from, count, words);
    for (uint32_t i = 0; numbers != NULL && i < count; i++)
        words[i] = numbers[words[i]];
}

jihe_status jh_same_prints(jh_same_look *look, size_t column, const uint64_t *wanted, uint32_t from, uint32_t count,
                           uint64_t *prints, jihe_error *err)
{
    uint64_t words[BLOCK];

    if (look->same->kinds[column] == JH_SAME_BYTES)
        return print_bytes(look, column, wanted, from, count, prints, err);
    for (uint32_t done = 0; done < count; done += BLOCK) {
        const uint32_t some = count - done < BLOCK ? count - done : BLOCK;

        jh_same_words(look, column, from + done, some, words);
        for (uint32_t i = 0; i < some; i++)
            prints[done + i] = mix(prints[done + i], words[i]);
    }
    return JIHE_OK;
}
