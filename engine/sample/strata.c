#include "sample/strata.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/parallel.h"
#include "base/text.h"

/* Of one snapshot: a row's codes become one number in mixed radix, each column's "missing" being its last digit. */
struct jh_cells {
    size_t columns[JH_MAX_BY];
    uint64_t radix[JH_MAX_BY]; /* dictionary size + 1 */
    jh_dict_view dicts[JH_MAX_BY];
    size_t by_count;
    uint64_t keys;   /* how many there could be */
    uint64_t *dense; /* per key: documents while counting, then the stratum; NULL: too many keys, `map` has them */
    jh_keymap map;   /* the same by key, for those that occur */
};

enum { MOST_DENSE = 1 << 20 }; /* keys: 8 MiB per rule and snapshot */

struct counting {
    const jh_strata *strata;
    uint32_t *tallies; /* per worker: documents of the segment at hand by key, of dense cells; zero in between */
    uint64_t most;     /* of them per worker */
    const jh_pass *pass;
    const jh_frame *frame;
    uint64_t **keys;      /* per worker: JH_SEGMENT_ROWS */
    pthread_mutex_t lock; /* guards every map while counting */
};

static uint64_t key_of(const struct jh_cells *cells, const jh_col_view *views, uint32_t row)
{
    uint64_t key = 0;

    for (size_t i = 0; i < cells->by_count; i++)
        key = key * cells->radix[i] +
              (jh_col_present(&views[i], row) ? jh_pass_code(&views[i], row) : cells->radix[i] - 1);
    return key;
}

static jihe_status load_views(const struct jh_cells *cells, const jh_pass *pass, const jh_pass_segment *at,
                              jh_col_view *views, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    for (size_t i = 0; st == JIHE_OK && i < cells->by_count; i++) {
        st = jh_snapshot_column(pass->parts[at->part], at->segment, cells->columns[i], NULL, &views[i], err);
        if (st == JIHE_OK &&
            (views[i].base < 0 || (views[i].nulls < views[i].rows && views[i].max >= (int64_t)cells->dicts[i].count)))
            st = jh_fail(err, JIHE_CORRUPT, "segment %u, column %zu: codes that its dictionary does not have",
                         at->segment, cells->columns[i]);
    }
    return st;
}

static int order_u64(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static void add_dense(struct counting *counting, struct jh_cells *cells, const uint64_t *keys, size_t count,
                      uint32_t *tally)
{
    for (size_t i = 0; i < count; i++)
        tally[keys[i]]++;
    pthread_mutex_lock(&counting->lock);
    for (size_t i = 0; i < count; i++) {
        cells->dense[keys[i]] += tally[keys[i]];
        tally[keys[i]] = 0;
    }
    pthread_mutex_unlock(&counting->lock);
}

static jihe_status add_keys(struct counting *counting, struct jh_cells *cells, uint64_t *keys, size_t count,
                            jihe_error *err)
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

static jihe_status count_segment(void *context, uint32_t worker, uint64_t index, jihe_error *err)
{
    struct counting *counting = context;
    const jh_pass_segment *at = &counting->pass->segments[index];
    struct jh_cells *cells = &counting->strata->cells[at->part];
    const uint64_t *bits = counting->frame->bits + at->word;
    uint64_t *keys = counting->keys[worker];
    jh_col_view views[JH_MAX_BY];
    size_t count = 0;
    const jihe_status st = load_views(cells, counting->pass, at, views, err);

    if (st != JIHE_OK)
        return st;
    for (uint32_t w = 0; w * 64 < at->rows; w++)
        for (uint64_t left = bits[w]; left != 0; left &= left - 1)
            keys[count++] = key_of(cells, views, w * 64 + (uint32_t)__builtin_ctzll(left));
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

static jihe_status bind_cells(struct jh_cells *cells, const jh_draw *draw, const jh_snapshot *snapshot, jihe_error *err)
{
    const jh_schema *schema = jh_snapshot_schema(snapshot);
    jh_u128 product = 1;

    cells->by_count = draw->by_count;
    for (size_t i = 0; i < draw->by_count; i++) {
        cells->columns[i] = jh_schema_find(schema, draw->by[i].name, strlen(draw->by[i].name));
        const jihe_status st = jh_snapshot_dict(snapshot, cells->columns[i], &cells->dicts[i], err);

        if (st != JIHE_OK)
            return st;
        cells->radix[i] = (uint64_t)cells->dicts[i].count + 1;
        product *= cells->radix[i];
        if (product >= UINT64_MAX)
            return jh_fail_at(err, JIHE_CONFIG, draw->place.source, draw->place.line, draw->place.column,
                              "draw: by: these columns have more than 2^64 combinations of values; use fewer");
    }
    cells->keys = (uint64_t)product;
    if (cells->keys <= MOST_DENSE && (cells->dense = calloc(cells->keys, sizeof *cells->dense)) == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "strata");
    return JIHE_OK;
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

static void digits_of(const struct jh_cells *cells, uint64_t key, uint64_t digits[JH_MAX_BY])
{
    for (size_t i = cells->by_count; i-- > 0; key /= cells->radix[i])
        digits[i] = key % cells->radix[i];
}

static bool name_sight(struct sight *sight, const struct jh_cells *cells, jh_buf *buf, jh_arena *arena)
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

static bool label_stratum(jh_stratum *stratum, const struct jh_cells *cells, uint64_t key, jh_buf *buf, jh_arena *arena)
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

static size_t count_cells(const struct jh_cells *cells)
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
        const struct jh_cells *cells = &strata->cells[p];
        const jh_keymap *map = &cells->map;

        for (uint64_t key = 0; cells->dense != NULL && key < cells->keys; key++)
            if (cells->dense[key] != 0)
                sights[count++] = (struct sight){.documents = cells->dense[key], .part = p, .key = key};
        for (size_t i = 0; i < map->slots; i++)
            if (map->keys[i] != UINT64_MAX)
                sights[count++] = (struct sight){.documents = map->values[i], .part = p, .key = map->keys[i]};
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
        struct jh_cells *cells = &strata->cells[sights[i].part];

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
        st = bind_cells(&out->cells[p], draw, pass->parts[p], err);
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
    for (size_t p = 0; strata->cells != NULL && p < strata->cell_parts; p++) {
        jh_keymap_deinit(&strata->cells[p].map);
        free(strata->cells[p].dense);
    }
    free(strata->cells);
    *strata = (jh_strata){0};
}

jihe_status jh_strata_read(jh_strata_reader *out, const jh_strata *strata, const jh_pass *pass,
                           const jh_pass_segment *at, jihe_error *err)
{
    out->cells = strata->cells == NULL ? NULL : &strata->cells[at->part];
    return out->cells == NULL ? JIHE_OK : load_views(out->cells, pass, at, out->views, err);
}

uint32_t jh_strata_of(const jh_strata_reader *reader, uint32_t row)
{
    if (reader->cells == NULL)
        return 0;
    const uint64_t key = key_of(reader->cells, reader->views, row);

    if (reader->cells->dense != NULL)
        return (uint32_t)reader->cells->dense[key];
    const uint64_t *stratum = jh_keymap_find(&reader->cells->map, key);

    return stratum == NULL ? 0 : (uint32_t)*stratum;
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
