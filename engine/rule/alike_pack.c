#include <stdlib.h>

#include "base/error.h"
#include "base/parallel.h"
#include "rule/alike_int.h"

struct limits {
    uint64_t least[JH_MAX_SAME], most[JH_MAX_SAME]; /* ordered as int64 */
    bool any[JH_MAX_SAME];
};

struct survey {
    const jh_alike *alike;
    struct limits *workers;
};

static void widen(struct limits *limits, size_t column, int64_t least, int64_t most)
{
    if (!limits->any[column] || least < (int64_t)limits->least[column])
        limits->least[column] = (uint64_t)least;
    if (!limits->any[column] || most > (int64_t)limits->most[column])
        limits->most[column] = (uint64_t)most;
    limits->any[column] = true;
}

static jihe_status survey_segment(void *context, uint32_t worker, uint64_t index, jihe_error *err)
{
    const struct survey *survey = context;
    const jh_alike *alike = survey->alike;
    const jh_pass_segment *at = &alike->in->pass->segments[index];
    jihe_status st = JIHE_OK;

    for (size_t c = 0; st == JIHE_OK && c < alike->in->key_count; c++) {
        jh_col_view view;

        if (alike->same.kinds[c] != JH_SAME_NUMBER)
            continue;
        st = jh_snapshot_column(alike->same.parts[at->part], at->segment,
                                alike->same.bound[at->part * alike->same.column_count + c].column, NULL, &view, err);
        if (st == JIHE_OK && view.nulls < view.rows)
            widen(&survey->workers[worker], c, view.base, view.max);
    }
    return st;
}

static uint32_t bits_of(uint64_t most)
{
    return most == 0 ? 0 : 64 - (uint32_t)__builtin_clzll(most);
}

/* The bits of all key columns, as far as they are known: texts have none. */
static void add_up(const jh_alike *alike, const struct limits *limits, jh_alike_packing *packing)
{
    packing->sum = 0;
    for (size_t c = 0; c < alike->in->key_count; c++) {
        const bool code = alike->same.kinds[c] == JH_SAME_CODE;
        const uint64_t span = code ? alike->same.different[c] : limits->most[c] - limits->least[c];

        packing->least[c] = code ? 0 : limits->least[c];
        packing->bits[c] = bits_of(span);
        packing->sum += packing->bits[c];
    }
}

jihe_status jh_alike_plan(jh_alike *alike, uint32_t partition_bits, jihe_error *err)
{
    const uint32_t room = 64 - alike->document_bits + partition_bits, threads = alike->in->threads;
    struct survey survey = {.alike = alike};

    alike->packing.exact = false;
    for (size_t c = 0; c < alike->in->key_count; c++)
        if (alike->same.kinds[c] == JH_SAME_BYTES)
            return JIHE_OK;
    if ((survey.workers = calloc(threads + 1, sizeof *survey.workers)) == NULL)
        return jh_alike_no_memory(alike, err);
    struct limits *all = &survey.workers[threads];
    const jihe_status st = jh_parallel(threads, alike->in->pass->segment_count, survey_segment, &survey, err);

    for (uint32_t t = 0; t < threads; t++)
        for (size_t c = 0; c < alike->in->key_count; c++)
            if (survey.workers[t].any[c])
                widen(all, c, (int64_t)survey.workers[t].least[c], (int64_t)survey.workers[t].most[c]);
    add_up(alike, all, &alike->packing);
    alike->packing.exact = st == JIHE_OK && alike->in->print_bits == 64 && alike->packing.sum <= room;
    free(survey.workers);
    return st;
}

/* One to one on numbers of so many bits: products with odd numbers and shifted copies can be undone. The result lies in
 * the upper bits of 64. */
static inline uint64_t scatter(uint64_t key, uint32_t half, uint32_t up)
{
    key = key * UINT64_C(0xa0761d6478bd642f) << up >> up;
    key ^= key >> half;
    return key * UINT64_C(0xe7037ed1a0b428db) << up;
}

void jh_alike_pack(const jh_alike_packing *packing, const jh_same_look *look, size_t columns, uint32_t from,
                   uint32_t count, uint64_t *prints)
{
    const uint32_t half = packing->sum / 2 + 1, up = packing->sum == 0 ? 0 : 64 - packing->sum;
    uint64_t words[JH_ALIKE_BLOCK];

    for (uint32_t i = 0; i < count; i++)
        prints[i] = 0;
    for (size_t c = 0; c < columns; c++) {
        jh_same_words(look, c, from, count, words);
        for (uint32_t i = 0; i < count; i++)
            prints[i] = prints[i] << packing->bits[c] | (words[i] - packing->least[c]);
    }
    for (uint32_t i = 0; i < count; i++)
        prints[i] = scatter(prints[i], half, up);
}
