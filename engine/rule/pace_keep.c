#include <stdatomic.h>
#include <stdlib.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/parallel.h"
#include "rule/pace_census.h"

/* Which documents stay in the frame. */

struct keeping {
    const jh_pace_census *census;
    struct part {
        uint32_t *people, *types; /* per code; NULL: no document of it is in the frame */
        jh_pace_times times;
    } * parts;
    size_t people, types; /* values known from the history */
    _Atomic uint64_t documents, undecided;
};

/* Of a document of a flagged person: 1 it was fast, 0 not, -1 nobody can tell. */
static int was_fast(const struct keeping *keeping, const struct part *part, uint32_t person_code,
                    const jh_col_view *type, uint32_t row, uint16_t bucket)
{
    const jh_pace_census *census = keeping->census;
    const uint32_t person = part->people[person_code];

    if (bucket == JH_PACE_MISSING || !jh_col_present(type, row))
        return -1;
    const uint32_t kind = part->types[jh_pass_code(type, row)];

    if (person >= keeping->people || kind >= keeping->types || census->thin[kind] || !jh_pace_is_timed(bucket))
        return 0;
    const uint8_t class_ = census->classes[(size_t)kind * JH_DURATION_BUCKETS + bucket];

    return class_ > 0 && class_ <= census->results[person].cut;
}

static jihe_status keep_rows(struct keeping *keeping, const jh_pass_segment *at, uint64_t *bits, uint16_t *buckets,
                             jihe_error *err)
{
    const struct part *part = &keeping->parts[at->part];
    const jh_snapshot *snapshot = part->times.snapshot;
    jh_col_view person, type;
    uint64_t undecided = 0;
    jihe_status st;

    if ((st = jh_pace_times_read(&part->times, at->segment, buckets, err)) != JIHE_OK ||
        (st = jh_snapshot_column(snapshot, at->segment, part->times.person, NULL, &person, err)) != JIHE_OK ||
        (st = jh_snapshot_column(snapshot, at->segment, part->times.type, NULL, &type, err)) != JIHE_OK)
        return st;
    for (size_t w = 0; w < jh_bits_words(at->rows); w++)
        for (uint64_t left = bits[w]; left != 0; left &= left - 1) {
            const uint32_t row = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(left);
            const int fast = was_fast(keeping, part, jh_pass_code(&person, row), &type, row, buckets[row]);

            if (fast != 1)
                bits[w] &= ~(left & -left);
            undecided += fast < 0;
        }
    atomic_fetch_add_explicit(&keeping->documents, jh_bits_count(bits, at->rows), memory_order_relaxed);
    atomic_fetch_add_explicit(&keeping->undecided, undecided, memory_order_relaxed);
    return JIHE_OK;
}

static jihe_status keep_segment(void *context, uint32_t worker, uint64_t index, jihe_error *err)
{
    struct keeping *keeping = context;
    const jh_flag_input *input = keeping->census->input;
    const jh_pass_segment *at = &input->pass->segments[index];
    uint64_t *bits = input->pass->frames[input->index].bits + at->word;
    jihe_status st;

    (void)worker;
    if (jh_bits_count(bits, at->rows) == 0)
        return JIHE_OK;
    uint16_t *buckets = malloc(JH_SEGMENT_ROWS * sizeof *buckets);

    st =
        buckets == NULL ? jh_fail(err, JIHE_NO_MEMORY, "times of reviews") : keep_rows(keeping, at, bits, buckets, err);
    free(buckets);
    return st;
}

static bool has_frame(const jh_flag_input *input, size_t part)
{
    const jh_pass *pass = input->pass;

    for (uint64_t s = 0; s < pass->segment_count; s++)
        if (pass->segments[s].part == part &&
            jh_bits_count(pass->frames[input->index].bits + pass->segments[s].word, pass->segments[s].rows) > 0)
            return true;
    return false;
}

static jihe_status keep_fast(struct keeping *keeping, jh_pace_census *census, jihe_error *err)
{
    const jh_flag_input *input = census->input;
    jh_frame *frame = &input->pass->frames[input->index];
    jihe_status st = JIHE_OK;

    for (size_t p = 0; st == JIHE_OK && p < input->pass->part_count; p++) {
        struct part *part = &keeping->parts[p];
        const jh_snapshot *snapshot = input->pass->parts[p];

        if (!has_frame(input, p))
            continue;
        if ((st = jh_pace_times_open(&part->times, census->rule, snapshot, err)) == JIHE_OK &&
            (st = jh_value_index_add(&census->people, snapshot, part->times.person, &part->people, err)) == JIHE_OK)
            st = jh_value_index_add(&census->types, snapshot, part->times.type, &part->types, err);
    }
    if (st == JIHE_OK)
        st = jh_parallel(input->threads, input->pass->segment_count, keep_segment, keeping, err);
    if (st == JIHE_OK) {
        frame->documents = keeping->documents;
        frame->undecided += keeping->undecided;
    }
    return st;
}

jihe_status jh_pace_keep(jh_flag_result *out, jh_pace_census *census, jihe_error *err)
{
    const jh_flag_input *input = census->input;
    struct keeping keeping = {.census = census, .people = census->people.count, .types = census->types.count};
    jihe_status st = jh_flag_keep_labels(out, input, census->rule->person.name, err);

    if (st != JIHE_OK)
        return st;
    keeping.parts = calloc(input->pass->part_count + 1, sizeof *keeping.parts);
    st = keeping.parts == NULL ? jh_fail(err, JIHE_NO_MEMORY, "paces of people") : keep_fast(&keeping, census, err);
    for (size_t p = 0; keeping.parts != NULL && p < input->pass->part_count; p++) {
        jh_pace_times_close(&keeping.parts[p].times);
        free(keeping.parts[p].people);
        free(keeping.parts[p].types);
    }
    free(keeping.parts);
    return st;
}
