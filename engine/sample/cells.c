#include "sample/cells.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"

enum { MOST_DENSE = 1 << 20 }; /* keys: 8 MiB per rule and snapshot */

jihe_status jh_cells_bind(jh_cells *out, const jh_draw *draw, const jh_snapshot *snapshot, jihe_error *err)
{
    const jh_schema *schema = jh_snapshot_schema(snapshot);
    jh_u128 product = 1;

    *out = (jh_cells){.by_count = draw->by_count};
    for (size_t i = 0; i < draw->by_count; i++) {
        out->columns[i] = jh_schema_find(schema, draw->by[i].name, strlen(draw->by[i].name));
        const jihe_status st = jh_snapshot_dict(snapshot, out->columns[i], &out->dicts[i], err);

        if (st != JIHE_OK)
            return st;
        out->radix[i] = (uint64_t)out->dicts[i].count + 1;
        product *= out->radix[i];
        if (product >= UINT64_MAX)
            return jh_fail_at(err, JIHE_CONFIG, draw->place.source, draw->place.line, draw->place.column,
                              "draw: by: these columns have more than 2^64 combinations of values; use fewer");
    }
    out->keys = (uint64_t)product;
    if (out->keys <= MOST_DENSE && (out->dense = calloc(out->keys, sizeof *out->dense)) == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "strata");
    return JIHE_OK;
}

void jh_cells_deinit(jh_cells *cells)
{
    jh_keymap_deinit(&cells->map);
    free(cells->dense);
    cells->dense = NULL;
}

jihe_status jh_cells_views(const jh_cells *cells, const jh_pass *pass, const jh_pass_segment *at, jh_col_view *views,
                           jihe_error *err)
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

uint64_t jh_cells_key(const jh_cells *cells, const jh_col_view *views, uint32_t row)
{
    uint64_t key = 0;

    for (size_t i = 0; i < cells->by_count; i++)
        key = key * cells->radix[i] +
              (jh_col_present(&views[i], row) ? jh_pass_code(&views[i], row) : cells->radix[i] - 1);
    return key;
}

struct digit { /* one column's, as it is added to the keys */
    const void *codes;
    uint64_t base, radix;
    const uint64_t *bits;
    uint32_t first, count;
};

/* Code of a row; `width` is a constant wherever this is called, so that each width has a loop of its own. */
static inline __attribute__((always_inline)) uint64_t code_at(const void *codes, unsigned width, uint32_t row)
{
    switch (width) {
    case 0:
        return 0;
    case 1:
        return ((const uint8_t *)codes)[row];
    case 2:
        return ((const uint16_t *)codes)[row];
    default:
        return ((const uint32_t *)codes)[row];
    }
}

static inline __attribute__((always_inline)) void add_digit(const struct digit *in, unsigned width, uint64_t *keys)
{
    for (uint32_t w = 0; w * 64 < in->count; w++) {
        uint64_t *at = keys + w * 64;
        const uint32_t row = in->first + w * 64;

        if (in->bits[w] == UINT64_MAX) {
            for (uint32_t i = 0; i < 64; i++)
                at[i] = at[i] * in->radix + in->base + code_at(in->codes, width, row + i);
            continue;
        }
        for (uint64_t left = in->bits[w]; left != 0; left &= left - 1) {
            const uint32_t i = (uint32_t)__builtin_ctzll(left);

            at[i] = at[i] * in->radix + in->base + code_at(in->codes, width, row + i);
        }
    }
}

static void add_digits(const struct digit *in, unsigned width, uint64_t *keys)
{
    switch (width) {
    case 0:
        add_digit(in, 0, keys);
        break;
    case 1:
        add_digit(in, 1, keys);
        break;
    case 2:
        add_digit(in, 2, keys);
        break;
    default:
        add_digit(in, 4, keys);
        break;
    }
}

/* Rows without a value have the digit of whatever their code is; they get the last one. */
static void mend_missing(const struct digit *in, const jh_col_view *view, uint64_t *keys)
{
    for (uint32_t w = 0; w * 64 < in->count; w++) {
        const uint64_t present = view->valid == NULL ? 0 : view->valid[in->first / 64 + w];

        for (uint64_t left = in->bits[w] & ~present; left != 0; left &= left - 1) {
            const uint32_t i = w * 64 + (uint32_t)__builtin_ctzll(left);

            keys[i] += in->radix - 1 - in->base - code_at(in->codes, view->width, in->first + i);
        }
    }
}

void jh_cells_keys(const jh_cells *cells, const jh_col_view *views, const uint64_t *bits, uint32_t first,
                   uint32_t count, uint64_t *keys)
{
    memset(keys, 0, count * sizeof *keys);
    for (size_t i = 0; i < cells->by_count; i++) {
        const struct digit in = {.codes = views[i].codes,
                                 .base = (uint64_t)views[i].base,
                                 .radix = cells->radix[i],
                                 .bits = bits,
                                 .first = first,
                                 .count = count};

        add_digits(&in, views[i].width, keys);
        if (views[i].nulls > 0)
            mend_missing(&in, &views[i], keys);
    }
}
