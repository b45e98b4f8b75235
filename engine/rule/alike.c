#include "rule/alike.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/num.h"
#include "base/parallel.h"
#include "rule/alike_int.h"

_Static_assert(JH_SEGMENT_ROWS % JH_ALIKE_BLOCK == 0 && JH_ALIKE_BLOCK % 64 == 0,
               "a block never crosses a segment's end");

jihe_status jh_alike_no_memory(const jh_alike *alike, jihe_error *err)
{
    return jh_fail(err, JIHE_NO_MEMORY, "comparing %llu documents",
                   (unsigned long long)jh_bits_count(alike->in->bits, alike->words * 64));
}

void jh_alike_place(const jh_pass *pass, uint32_t document, uint64_t *segment, uint32_t *row)
{
    uint64_t low = 0, high = pass->segment_count;

    while (high - low > 1) {
        const uint64_t middle = low + (high - low) / 2;

        if (pass->segments[middle].word * 64 <= document)
            low = middle;
        else
            high = middle;
    }
    *segment = low;
    *row = document - (uint32_t)(pass->segments[low].word * 64);
}

/* Documents whose first value lies beyond the limits take no part. */
static void keep_between(const jh_alike *alike, jh_alike_worker *worker)
{
    const jh_alike_input *in = alike->in;

    if (in->value_count == 0 || (in->least == INT64_MIN && in->most == INT64_MAX))
        return;
    for (uint32_t w = 0; w * 64 < worker->look.rows; w++)
        for (uint64_t left = worker->wanted[w]; left != 0; left &= left - 1) {
            const uint32_t row = w * 64 + (uint32_t)__builtin_ctzll(left);
            const int64_t value = (int64_t)jh_same_word(&worker->look, in->key_count, row);

            if (value < in->least || value > in->most)
                worker->wanted[w] &= ~(left & -left);
        }
}

/* The rows of a segment that take part. */
static jihe_status choose_rows(const jh_alike *alike, jh_alike_worker *worker, const jh_pass_segment *at, bool *any,
                               jihe_error *err)
{
    const jh_alike_input *in = alike->in;
    const size_t words = jh_bits_words(at->rows);
    uint64_t *wanted = worker->wanted;
    jihe_status st = JIHE_OK;

    *any = false;
    for (size_t w = 0; w < words; w++) {
        wanted[w] = in->bits[at->word + w] &
                    (in->pass->superseded == NULL ? ~UINT64_C(0) : ~in->pass->superseded[at->word + w]);
        *any = *any || wanted[w] != 0;
        if (in->undecided != NULL)
            in->undecided[at->word + w] = wanted[w];
    }
    if (!*any)
        return JIHE_OK;
    st = jh_same_look_at(&worker->look, &alike->same, at->part, at->segment, true, err);
    for (size_t c = 0; st == JIHE_OK && c < alike->width; c++)
        st = jh_same_keep_present(&worker->look, c, wanted, err);
    if (st != JIHE_OK)
        return st;
    for (size_t w = 0; in->undecided != NULL && w < words; w++)
        in->undecided[at->word + w] &= ~wanted[w];
    keep_between(alike, worker);
    return JIHE_OK;
}

/* Of the fingerprints of a block those of the range at hand remain, stretched over 64 bits again. */
static void keep_range(const jh_alike *alike, uint64_t *prints, uint64_t *wanted, size_t words)
{
    for (size_t i = 0; i < words * 64; i++) {
        const uint64_t print = alike->in->print_bits < 64
                                   ? prints[i] >> (64 - alike->in->print_bits) << (64 - alike->in->print_bits)
                                   : prints[i];
        const jh_u128 stretched = (jh_u128)print * alike->ranges;

        prints[i] = (uint64_t)stretched;
        if ((uint64_t)(stretched >> 64) != alike->range)
            wanted[i / 64] &= ~(UINT64_C(1) << (i % 64));
    }
}

static jihe_status spread_block(jh_alike *alike, uint32_t worker_number, const jh_pass_segment *at, uint32_t from,
                                jihe_error *err)
{
    jh_alike_worker *worker = &alike->workers[worker_number];
    const uint32_t count = at->rows - from < JH_ALIKE_BLOCK ? at->rows - from : JH_ALIKE_BLOCK;
    uint64_t *wanted = worker->wanted + from / 64;
    jihe_status st = JIHE_OK;

    if (alike->packing.exact)
        jh_alike_pack(&alike->packing, &worker->look, alike->in->key_count, from, count, worker->prints);
    else
        memset(worker->prints, 0, sizeof worker->prints);
    for (size_t c = 0; st == JIHE_OK && !alike->packing.exact && c < alike->in->key_count; c++)
        st = jh_same_prints(&worker->look, c, worker->wanted, from, count, worker->prints, err);
    if (st != JIHE_OK)
        return st;
    if (alike->ranges > 1 || alike->in->print_bits < 64)
        keep_range(alike, worker->prints, wanted, jh_bits_words(count));
    if (!jh_spread_put(&alike->spread, worker_number, worker->prints, wanted, jh_bits_words(count),
                       (uint32_t)(at->word * 64) + from))
        return jh_alike_no_memory(alike, err);
    return JIHE_OK;
}

static jihe_status spread_segment(void *context, uint32_t worker, uint64_t index, jihe_error *err)
{
    jh_alike *alike = context;
    const jh_pass_segment *at = &alike->in->pass->segments[index];
    bool any;
    jihe_status st = choose_rows(alike, &alike->workers[worker], at, &any, err);

    for (uint32_t from = 0; st == JIHE_OK && any && from < at->rows; from += JH_ALIKE_BLOCK)
        st = spread_block(alike, worker, at, from, err);
    return st;
}

/* Partitions in batches of so many documents that the memory stated is enough. */
static jihe_status visit_partitions(jh_alike *alike, jihe_error *err)
{
    const uint32_t partitions = UINT32_C(1) << alike->spread.bits;
    const uint64_t batch = alike->in->room < JH_ALIKE_BATCH ? alike->in->room : JH_ALIKE_BATCH;
    jihe_status st = JIHE_OK;
    uint32_t last;

    for (uint32_t first = 0; st == JIHE_OK && first < partitions; first = last) {
        uint64_t documents = jh_spread_count(&alike->spread, first);

        for (last = first + 1; last < partitions; last++) {
            const uint64_t more = jh_spread_count(&alike->spread, last);

            if (documents + more > batch)
                break;
            documents += more;
        }
        st = jh_alike_batch(alike, first, last, err);
    }
    return st;
}

static jihe_status find_range(jh_alike *alike, uint64_t documents, jihe_error *err)
{
    const uint32_t threads = alike->in->threads;
    jihe_status st = JIHE_OK;

    if (!jh_spread_init(&alike->spread, documents / alike->ranges + 1, documents, alike->document_bits, threads))
        st = jh_alike_no_memory(alike, err);
    else
        st = jh_parallel(threads, alike->in->pass->segment_count, spread_segment, alike, err);
    for (uint32_t t = 0; st == JIHE_OK && t < threads; t++)
        if (!jh_spread_flush(&alike->spread, t))
            st = jh_alike_no_memory(alike, err);
    if (st == JIHE_OK)
        st = visit_partitions(alike, err);
    jh_spread_deinit(&alike->spread);
    return st;
}

static jihe_status bind_columns(jh_alike *alike, jihe_error *err)
{
    const jh_alike_input *in = alike->in;
    jh_same_column columns[JH_MAX_SAME + JH_ALIKE_VALUES];
    const size_t count = in->key_count + in->value_count;

    if (count > JH_MAX_SAME)
        return jh_fail(err, JIHE_USAGE, "%zu columns to compare; at most %d", count, JH_MAX_SAME);
    for (size_t c = 0; c < in->key_count; c++)
        columns[c] = in->keys[c];
    for (size_t v = 0; v < in->value_count; v++)
        columns[in->key_count + v] = (jh_same_column){.name = in->values[v]};
    alike->width = (uint32_t)count;
    return jh_same_bind(&alike->same, in->pass->parts, in->pass->part_count, columns, count, in->threads, err);
}

static void alike_deinit(jh_alike *alike)
{
    for (uint32_t t = 0; alike->workers != NULL && t < alike->in->threads; t++) {
        jh_alike_worker *worker = &alike->workers[t];
        jh_buf *const bufs[] = {&worker->records,   &worker->spare,  &worker->filter, &worker->texts,
                                &worker->documents, &worker->values, &worker->order};

        jh_same_look_deinit(&worker->look);
        for (size_t i = 0; i < sizeof bufs / sizeof bufs[0]; i++)
            jh_buf_deinit(bufs[i]);
    }
    free(alike->workers);
    free(alike->marks);
    free(alike->ranks);
    jh_same_deinit(&alike->same);
}

jihe_status jh_alike_find(const jh_alike_input *input, jh_alike_visit visit, void *context, jihe_error *err)
{
    const jh_pass *pass = input->pass;
    const jh_pass_segment *last = pass->segment_count == 0 ? NULL : &pass->segments[pass->segment_count - 1];
    jh_alike alike = {.in = input, .visit = visit, .context = context};

    if (last == NULL)
        return JIHE_OK;
    alike.words = (size_t)last->word + jh_bits_words(last->rows);
    if (alike.words > UINT32_MAX / 64)
        return jh_fail(err, JIHE_USAGE, "%zu documents to compare at once; run a shorter period", alike.words * 64);
    const uint64_t documents = jh_bits_count(input->bits, alike.words * 64);
    jihe_status st = bind_columns(&alike, err);

    if (st != JIHE_OK)
        return st;
    alike.ranges = documents / (input->room == 0 ? 1 : input->room) + 1;
    alike.document_bits = 64 - (uint32_t)__builtin_clzll(alike.words * 64);
    alike.workers = calloc(input->threads, sizeof *alike.workers);
    alike.marks = calloc(alike.words, sizeof *alike.marks);
    alike.ranks = calloc(alike.words, sizeof *alike.ranks);
    if (alike.workers == NULL || alike.marks == NULL || alike.ranks == NULL)
        st = jh_alike_no_memory(&alike, err);
    else
        st = jh_alike_plan(&alike, jh_spread_bits(documents / alike.ranges + 1), err);
    for (; st == JIHE_OK && alike.range < alike.ranges; alike.range++)
        st = find_range(&alike, documents, err);
    alike_deinit(&alike);
    return st;
}
