#include "sample/strata.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/parallel.h"
#include "base/text.h"

struct counting {
    const jh_strata *strata;
    uint32_t *tallies; /* per worker: documents of the segment at hand by key, of dense cells; zero in between */
    uint64_t most;     /* of them per worker */
    const jh_pass *pass;
    const jh_frame *frame;
    uint64_t **keys;      /* per worker: JH_SEGMENT_ROWS */
    pthread_mutex_t lock; /* guards every map while counting */
};

static int order_u64(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static void add_dense(struct counting *counting, jh_cells *cells, const uint64_t *keys, size_t count, uint32_t *tally)
{
    for (size_t i = 0; i < count; i++)
        tally[keys[i]]++;
    pthread_mutex_lock(&counting->lock);
    if (cells->keys <= count)
        for (uint64_t key = 0; key < cells->keys; key++) {
            cells->dense[key] += tally[key];
            tally[key] = 0;
        }
    else
        for (size_t i = 0; i < count; i++) {
            cells->dense[keys[i]] += tally[keys[i]];
            tally[keys[i]] = 0;
        }
    pthread_mutex_unlock(&counting->lock);
}

static jihe_status add_keys(struct counting *counting, jh_cells *cells, uint64_t *keys, size_t count, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    qsort(keys, count, sizeof *keys, order_u64);
    pthread_mutex_lock(&counting->lock);
    for (size_t i = 0; st == JIHE_OK && i < count;) {
        size_t end = i;

        while (end < count && keys[end] == keys[i])
            end++;
        uint64_t *value = jh_keymap_at(&cells->map, keys[i]);

        if (value == NULL)
            st = jh_fail(err, JIHE_NO_MEMORY, "counting strata");
        else
            *value += end - i;
        i = end;
    }
    pthread_mutex_unlock(&counting->lock);
    return st;
}

/* The keys of the frame's documents of one segment, one after another. Returns how many there are. */
static size_t gather_keys(const jh_cells *cells, const jh_col_view *views, const uint64_t *bits, uint32_t rows,
                          uint64_t *keys)
{
    uint64_t block[JH_BLOCK_ROWS];
    size_t count = 0;

    for (uint32_t first = 0; first < rows; first += JH_BLOCK_ROWS) {
        const uint32_t here = rows - first < JH_BLOCK_ROWS ? rows - first : JH_BLOCK_ROWS;
        const uint64_t *set = bits + first / 64;

        jh_cells_keys(cells, views, set, first, here, block);
        for (uint32_t w = 0; w * 64 < here; w++) {
            if (set[w] == UINT64_MAX) {
                memcpy(keys + count, block + w * 64, 64 * sizeof *keys);
                count += 64;
                continue;
            }
            for (uint64_t left = set[w]; left != 0; left &= left - 1)
                keys[count++] = block[w * 64 + (uint32_t)__builtin_ctzll(left)];
        }
    }
    return count;
}

static jihe_status count_segment(void *context, uint32_t worker, uint64_t index, jihe_error *err)
{
    struct counting *counting = context;
    const jh_pass_segment *at = &counting->pass->segments[index];
    jh_cells *cells = &counting->strata->cells[at->part];
    uint64_t *keys = counting->keys[worker];
    jh_col_view views[JH_MAX_BY];
    const jihe_status st = jh_cells_views(cells, counting->pass, at, views, err);

    if (st != JIHE_OK)
        return st;
    const size_t count = gather_keys(cells, views, counting->frame->bits + at->word, at->rows, keys);

    if (cells->dense == NULL)
        return add_keys(counting, cells, keys, count, err);
    add_dense(counting, cells, keys, count, counting->tallies + worker * counting->most);
    return JIHE_OK;
}

static jihe_status count_parallel(const jh_strata *strata, const jh_pass *pass, const jh_frame *frame, uint32_t threads,
                                  jihe_error *err)
{
    struct counting counting = {.strata = strata, .pass = pass, .frame = frame, .lock = PTHREAD_MUTEX_INITIALIZER};
    jihe_status st = JIHE_OK;

    for (size_t p = 0; p < strata->cell_parts; p++)
        if (strata->cells[p].dense != NULL && strata->cells[p].keys > counting.most)
            counting.most = strata->cells[p].keys;
    counting.tallies = calloc(counting.most * threads + 1, sizeof *counting.tallies);
    counting.keys = calloc(threads, sizeof *counting.keys);
    for (uint32_t t = 0; counting.keys != NULL && t < threads; t++)
        if ((counting.keys[t] = malloc(JH_SEGMENT_ROWS * sizeof **counting.keys)) == NULL)
            st = JIHE_NO_MEMORY;
    if (counting.keys == NULL || counting.tallies == NULL || st != JIHE_OK)
        st = jh_fail(err, JIHE_NO_MEMORY, "counting strata");
    else
        st = jh_parallel(threads, pass->segment_count, count_segment, &counting, err);
    for (uint32_t t = 0; counting.keys != NULL && t < threads; t++)
        free(counting.keys[t]);
    free(counting.keys);
    free(counting.tallies);
    pthread_mutex_destroy(&counting.lock);
    return st;
}

/* A stratum as one snapshot sees it: brought together with those of other snapshots by its values. */
struct sight {
    const char *order; /* sort key: values with 0x01 in front, missing 0x02, separated by 0x00 */
    size_t order_len;
    uint64_t documents;
    size_t part;
    uint64_t key;
};

static int order_sights(const void *a, const void *b)
{
    const struct sight *x = a, *y = b;

    return jh_text_compare(x->order, x->order_len, y->order, y->order_len);
}

static void digits_of(const jh_cells *cells, uint64_t key, uint64_t digits[JH_MAX_BY])
{
    for (size_t i = cells->by_count; i-- > 0; key /= cells->radix[i])
        digits[i] = key % cells->radix[i];
}

static bool name_sight(struct sight *sight, const jh_cells *cells, jh_buf *buf, jh_arena *arena)
{
    uint64_t digits[JH_MAX_BY];

    digits_of(cells, sight->key, digits);
    jh_buf_clear(buf);
    for (size_t i = 0; i < cells->by_count; i++) {
        const jh_dict_view *dict = &cells->dicts[i];

        jh_buf_putc(buf, digits[i] == dict->count ? 0x02 : 0x01);
        if (digits[i] < dict->count)
            jh_buf_put(buf, dict->bytes + dict->offsets[digits[i]],
                       dict->offsets[digits[i] + 1] - dict->offsets[digits[i]]);
        jh_buf_putc(buf, 0x00);
    }
    sight->order_len = buf->len;
    sight->order = buf->failed ? NULL : jh_arena_text(arena, (const char *)buf->bytes, buf->len);
    return sight->order != NULL;
}

/* A value as a label says it: in double quotes where it could be taken for several values, or for a missing one. */
static void put_value(jh_buf *out, const char *value, size_t len)
{
    static const char missing[] = "(missing)", between[] = " / ";
    const bool quoted = memmem(value, len, between, sizeof between - 1) != NULL || (len > 0 && value[0] == '"') ||
                        (len == sizeof missing - 1 && memcmp(value, missing, len) == 0);

    if (!quoted) {
        jh_buf_put(out, value, len);
        return;
    }
    jh_buf_putc(out, '"');
    for (size_t i = 0; i < len; i++) {
        if (value[i] == '"')
            jh_buf_putc(out, '"');
        jh_buf_putc(out, value[i]);
    }
    jh_buf_putc(out, '"');
}

void jh_stratum_label(jh_buf *out, bool first, const char *value, size_t len)
{
    if (!first)
        jh_buf_puts(out, " / ");
    if (value == NULL)
        jh_buf_puts(out, "(missing)");
    else
        put_value(out, value, len);
}

static bool label_stratum(jh_stratum *stratum, const jh_cells *cells, uint64_t key, jh_buf *buf, jh_arena *arena)
{
    uint64_t digits[JH_MAX_BY];

    digits_of(cells, key, digits);
    jh_buf_clear(buf);
    for (size_t i = 0; i < cells->by_count; i++) {
        const jh_dict_view *dict = &cells->dicts[i];
        const char *value = dict->bytes + (digits[i] < dict->count ? dict->offsets[digits[i]] : 0);
        const size_t len = digits[i] < dict->count ? dict->offsets[digits[i] + 1] - dict->offsets[digits[i]] : 0;

        jh_stratum_label(buf, i == 0, digits[i] == dict->count ? NULL : value, len);
        if (cells->by_count == 1 && digits[i] < dict->count &&
            (stratum->value = jh_arena_text(arena, value, len)) == NULL)
            return false;
    }
    stratum->label = buf->failed ? NULL : jh_arena_text(arena, (const char *)buf->bytes, buf->len);
    return stratum->label != NULL;
}

static size_t count_cells(const jh_cells *cells)
{
    size_t count = cells->map.count;

    for (uint64_t key = 0; cells->dense != NULL && key < cells->keys; key++)
        count += cells->dense[key] != 0;
    return count;
}

static size_t gather_sights(const jh_strata *strata, struct sight *sights)
{
    size_t count = 0;

    for (size_t p = 0; p < strata->cell_parts; p++) {
        const jh_cells *cells = &strata->cells[p];
        const jh_keymap *map = &cells->map;

        for (uint64_t key = 0; cells->dense != NULL && key < cells->keys; key++)
            if (cells->dense[key] != 0)
                sights[count++] = (struct sight){.documents = cells->dense[key], .part = p, .key = key};
        for (size_t i = 0; i < map->slots; i++)
            if (map->at[i].key != UINT64_MAX)
                sights[count++] = (struct sight){.documents = map->at[i].value, .part = p, .key = map->at[i].key};
    }
    return count;
}

/* Brings the snapshots' cells together: numbers the strata and makes each map lead to them. */
static jihe_status unite(jh_strata *strata, jh_arena *arena, jihe_error *err)
{
    size_t total = 0;
    jh_buf buf = {0};
    bool ok;

    for (size_t p = 0; p < strata->cell_parts; p++)
        total += count_cells(&strata->cells[p]);
    struct sight *sights = calloc(total + 1, sizeof *sights);

    strata->strata = JH_NEW(arena, jh_stratum, total + 1);
    ok = sights != NULL && strata->strata != NULL;
    const size_t count = ok ? gather_sights(strata, sights) : 0;

    for (size_t i = 0; ok && i < count; i++)
        ok = name_sight(&sights[i], &strata->cells[sights[i].part], &buf, arena);
    if (ok)
        qsort(sights, count, sizeof *sights, order_sights);
    for (size_t i = 0; ok && i < count; i++) {
        jh_cells *cells = &strata->cells[sights[i].part];

        if (i == 0 || order_sights(&sights[i - 1], &sights[i]) != 0)
            ok = label_stratum(&strata->strata[strata->count++], cells, sights[i].key, &buf, arena);
        strata->strata[strata->count - 1].documents += sights[i].documents;
        if (cells->dense != NULL)
            cells->dense[sights[i].key] = strata->count - 1;
        else
            *jh_keymap_at(&cells->map, sights[i].key) = strata->count - 1;
    }
    jh_buf_deinit(&buf);
    free(sights);
    return ok ? JIHE_OK : jh_fail(err, JIHE_NO_MEMORY, "uniting strata");
}

static jihe_status one_stratum(jh_strata *strata, const jh_frame *frame, jh_arena *arena, jihe_error *err)
{
    if ((strata->strata = JH_NEW(arena, jh_stratum, 1)) == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "strata");
    strata->strata[0] = (jh_stratum){.label = "", .documents = frame->documents};
    strata->count = frame->documents == 0 ? 0 : 1;
    return JIHE_OK;
}

jihe_status jh_strata_count(jh_strata *out, const jh_draw *draw, const jh_pass *pass, const jh_frame *frame,
                            uint32_t threads, jh_arena *arena, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    *out = (jh_strata){0};
    if (draw->by_count == 0)
        return one_stratum(out, frame, arena, err);
    out->cells = calloc(pass->part_count + 1, sizeof *out->cells);
    if (out->cells == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "strata");
    out->cell_parts = pass->part_count;
    for (size_t p = 0; st == JIHE_OK && p < pass->part_count; p++)
        st = jh_cells_bind(&out->cells[p], draw, pass->parts[p], err);
    if (st == JIHE_OK)
        st = count_parallel(out, pass, frame, threads, err);
    if (st == JIHE_OK)
        st = unite(out, arena, err);
    if (st != JIHE_OK)
        jh_strata_deinit(out);
    return st;
}

void jh_strata_deinit(jh_strata *strata)
{
    for (size_t p = 0; strata->cells != NULL && p < strata->cell_parts; p++)
        jh_cells_deinit(&strata->cells[p]);
    free(strata->cells);
    *strata = (jh_strata){0};
}

jihe_status jh_strata_read(jh_strata_reader *out, const jh_strata *strata, const jh_pass *pass,
                           const jh_pass_segment *at, jihe_error *err)
{
    out->cells = strata->cells == NULL ? NULL : &strata->cells[at->part];
    return out->cells == NULL ? JIHE_OK : jh_cells_views(out->cells, pass, at, out->views, err);
}

static uint32_t stratum_of(const jh_cells *cells, uint64_t key)
{
    if (cells->dense != NULL)
        return (uint32_t)cells->dense[key];
    const uint64_t *stratum = jh_keymap_find(&cells->map, key);

    return stratum == NULL ? 0 : (uint32_t)*stratum;
}

uint32_t jh_strata_of(const jh_strata_reader *reader, uint32_t row)
{
    return reader->cells == NULL ? 0 : stratum_of(reader->cells, jh_cells_key(reader->cells, reader->views, row));
}

void jh_strata_block(const jh_strata_reader *reader, const uint64_t *bits, uint32_t first, uint32_t count,
                     uint32_t *strata)
{
    uint64_t keys[JH_BLOCK_ROWS];

    memset(strata, 0, count * sizeof *strata);
    if (reader->cells == NULL)
        return;
    jh_cells_keys(reader->cells, reader->views, bits, first, count, keys);
    for (uint32_t w = 0; w * 64 < count; w++) {
        if (bits[w] == UINT64_MAX && reader->cells->dense != NULL) {
            for (uint32_t i = w * 64; i < w * 64 + 64; i++)
                strata[i] = (uint32_t)reader->cells->dense[keys[i]];
            continue;
        }
        for (uint64_t left = bits[w]; left != 0; left &= left - 1) {
            const uint32_t i = w * 64 + (uint32_t)__builtin_ctzll(left);

            strata[i] = stratum_of(reader->cells, keys[i]);
        }
    }
}

bool jh_strata_take_all(const jh_strata *strata, const jh_draw *draw)
{
    if (draw->kind == JH_DRAW_MONEY || draw->method == JH_METHOD_INTERVAL || draw->method == JH_METHOD_CELL)
        return false;
    for (uint32_t s = 0; s < strata->count; s++)
        if (strata->strata[s].quota != strata->strata[s].documents)
            return false;
    return true;
}
