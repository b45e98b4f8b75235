#include "rule/pace_census.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/days.h"
#include "base/error.h"
#include "base/parallel.h"

/* A document as a pass meets it. */
struct met {
    uint32_t worker;
    size_t month;
    uint32_t person, type, bucket;
};

static void count_type(jh_pace_census *census, const struct met *met)
{
    if (met->month + 1 < census->months && jh_pace_is_timed(met->bucket))
        jh_counts_add(&census->durations, met->worker, (size_t)met->type * JH_DURATION_BUCKETS + met->bucket);
}

static void count_person(jh_pace_census *census, const struct met *met)
{
    const bool thin = census->thin[met->type];
    const int figure = thin                              ? JH_PACE_OF_THIN
                       : jh_pace_is_timed(met->bucket)   ? JH_PACE_OF_TIMED
                       : met->bucket == JH_PACE_NEGATIVE ? JH_PACE_OF_NEGATIVE
                       : met->bucket == JH_PACE_FIRST    ? JH_PACE_OF_FIRST
                                                         : JH_PACE_FIGURES;

    if (met->month + 1 == census->months && figure != JH_PACE_FIGURES)
        jh_counts_add(&census->figures, met->worker, (size_t)met->person * JH_PACE_FIGURES + (size_t)figure);
    if (figure == JH_PACE_OF_TIMED)
        jh_counts_add(&census->paces, met->worker,
                      ((size_t)met->person * census->months + met->month) * JH_PACE_STEPS +
                          census->classes[(size_t)met->type * JH_DURATION_BUCKETS + met->bucket]);
}

static void count_median(jh_pace_census *census, const struct met *met)
{
    const uint32_t place = census->flagged[met->person];

    if (place != JH_PACE_NOTHING && jh_pace_is_timed(met->bucket) && !census->thin[met->type])
        jh_counts_add(&census->medians, met->worker,
                      ((size_t)place * 2 + (met->month + 1 == census->months)) * JH_DURATION_BUCKETS + met->bucket);
}

struct passing {
    jh_pace_census *census;
    void (*count)(jh_pace_census *census, const struct met *met);
};

static jihe_status count_segment(const struct passing *passing, struct met *met, size_t part,
                                 const jh_pace_times *times, uint32_t segment, uint16_t *buckets, jihe_error *err)
{
    jh_pace_census *census = passing->census;
    const jh_pass_segment *at = &census->where.segments[census->segments[part] + segment];
    const uint64_t *bits = census->where.frames[0].bits + at->word;
    jh_col_view person, type;
    jihe_status st;

    if (jh_bits_count(bits, at->rows) == 0)
        return JIHE_OK;
    if ((st = jh_pace_times_read(times, segment, buckets, err)) != JIHE_OK ||
        (st = jh_snapshot_column(times->snapshot, segment, times->person, NULL, &person, err)) != JIHE_OK ||
        (st = jh_snapshot_column(times->snapshot, segment, times->type, NULL, &type, err)) != JIHE_OK)
        return st;
    for (size_t w = 0; w < jh_bits_words(at->rows); w++)
        for (uint64_t left = bits[w]; left != 0; left &= left - 1) {
            const uint32_t row = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(left);

            if (!jh_col_present(&person, row) || !jh_col_present(&type, row))
                continue;
            met->person = census->people_of[part][jh_pass_code(&person, row)];
            met->type = census->types_of[part][jh_pass_code(&type, row)];
            met->bucket = buckets[row];
            passing->count(census, met);
        }
    return JIHE_OK;
}

static jihe_status count_part(void *context, uint32_t worker, uint64_t part, jihe_error *err)
{
    const struct passing *passing = context;
    const jh_pace_census *census = passing->census;
    const jh_snapshot *snapshot = census->input->history[part];
    const int32_t date = jh_snapshot_manifest(snapshot)->date;
    struct met met = {.worker = worker};
    jh_pace_times times;
    jihe_status st;

    if (date < census->windows.baseline_from || date > census->windows.trigger_to ||
        (date > census->windows.baseline_to && date < census->windows.trigger_from))
        return JIHE_OK;
    met.month = date >= census->windows.trigger_from
                    ? census->months - 1
                    : (size_t)(jh_days_month(date) - jh_days_month(census->windows.baseline_from));
    if ((st = jh_pace_times_open(&times, census->rule, snapshot, err)) != JIHE_OK)
        return st;
    uint16_t *buckets = malloc(JH_SEGMENT_ROWS * sizeof *buckets);

    if (buckets == NULL)
        st = jh_fail(err, JIHE_NO_MEMORY, "times of reviews");
    for (uint32_t s = 0; st == JIHE_OK && s < jh_snapshot_segments(snapshot); s++)
        st = count_segment(passing, &met, part, &times, s, buckets, err);
    free(buckets);
    jh_pace_times_close(&times);
    return st;
}

static jihe_status count_all(jh_pace_census *census, jh_shared_counts *counts, size_t count,
                             void (*add)(jh_pace_census *census, const struct met *met), jihe_error *err)
{
    struct passing passing = {.census = census, .count = add};
    jihe_status st = jh_counts_make(counts, count, census->input->threads, err);

    if (st == JIHE_OK)
        st = jh_parallel(census->input->threads, census->input->history_count, count_part, &passing, err);
    if (st == JIHE_OK)
        jh_counts_gather(counts);
    return st;
}

/* --- the history --- */

static jihe_status number_values(jh_pace_census *census, jihe_error *err)
{
    const size_t parts = census->input->history_count;
    jihe_status st = JIHE_OK;

    census->people_of = calloc(parts + 1, sizeof *census->people_of);
    census->types_of = calloc(parts + 1, sizeof *census->types_of);
    if (census->people_of == NULL || census->types_of == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "numbering people");
    for (size_t p = 0; st == JIHE_OK && p < parts; p++) {
        const jh_snapshot *snapshot = census->input->history[p];
        const jh_schema *schema = jh_snapshot_schema(snapshot);
        const size_t person = jh_schema_find(schema, census->rule->person.name, strlen(census->rule->person.name));
        const size_t type = jh_schema_find(schema, census->rule->type.name, strlen(census->rule->type.name));

        if (person == SIZE_MAX || type == SIZE_MAX) /* jh_pace_times_open says so where it matters */
            continue;
        if ((st = jh_value_index_add(&census->people, snapshot, person, &census->people_of[p], err)) == JIHE_OK)
            st = jh_value_index_add(&census->types, snapshot, type, &census->types_of[p], err);
    }
    return st;
}

/* The rule's condition on the documents of the history. */
static jihe_status ask_where(jh_pace_census *census, jihe_error *err)
{
    const jh_flag_input *input = census->input;
    jh_rule plain = *input->rule;
    const jh_rule *rules[] = {&plain};

    plain.flag = (jh_flag){0};
    plain.window = (jh_window){0};
    const jihe_status st = jh_pass_run(&census->where, rules, 1, input->history, input->history_count,
                                       (jh_pass_dates){census->windows.baseline_from, input->last}, false, input->facts,
                                       input->threads, err);

    if (st != JIHE_OK)
        return st;
    if ((census->segments = calloc(input->history_count + 1, sizeof *census->segments)) == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "the history of reviews");
    for (size_t p = 1; p < input->history_count; p++)
        census->segments[p] = census->segments[p - 1] + jh_snapshot_segments(input->history[p - 1]);
    return number_values(census, err);
}

static jihe_status make_classes(jh_pace_census *census, jihe_error *err)
{
    const size_t types = census->types.count;

    census->classes = calloc(types + 1, JH_DURATION_BUCKETS);
    census->thin = calloc(types + 1, sizeof *census->thin);
    if (census->classes == NULL || census->thin == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "times of document types");
    for (size_t t = 0; t < types; t++) {
        uint64_t counts[JH_DURATION_BUCKETS], all = 0;

        for (size_t b = 0; b < JH_DURATION_BUCKETS; b++)
            all += counts[b] = jh_counts_get(&census->durations, t * JH_DURATION_BUCKETS + b);
        census->thin[t] = all < JH_PACE_THIN;
        jh_pace_classes(census->classes + t * JH_DURATION_BUCKETS, counts, census->rule->terms.peers_ppm);
    }
    return JIHE_OK;
}

jihe_status jh_pace_census_take(jh_pace_census *census, jihe_error *err)
{
    jihe_status st;

    if ((st = ask_where(census, err)) != JIHE_OK ||
        (st = count_all(census, &census->durations, census->types.count * JH_DURATION_BUCKETS, count_type, err)) !=
            JIHE_OK ||
        (st = make_classes(census, err)) != JIHE_OK ||
        (st = jh_counts_make(&census->figures, census->people.count * JH_PACE_FIGURES, census->input->threads, err)) !=
            JIHE_OK ||
        (st = count_all(census, &census->paces, census->people.count * census->months * JH_PACE_STEPS, count_person,
                        err)) != JIHE_OK)
        return st;
    jh_counts_gather(&census->figures);
    return JIHE_OK;
}

jihe_status jh_pace_census_medians(jh_pace_census *census, jihe_error *err)
{
    census->flagged = calloc(census->people.count + 1, sizeof *census->flagged);
    if (census->flagged == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "paces of people");
    for (size_t i = 0; i < census->people.count; i++)
        census->flagged[i] =
            census->results[i].verdict == JH_PACE_FLAGGED ? (uint32_t)census->flagged_count++ : JH_PACE_NOTHING;
    if (census->flagged_count == 0)
        return JIHE_OK;
    return count_all(census, &census->medians, census->flagged_count * 2 * JH_DURATION_BUCKETS, count_median, err);
}

void jh_pace_census_deinit(jh_pace_census *census)
{
    for (size_t p = 0; p < census->input->history_count; p++) {
        if (census->people_of != NULL)
            free(census->people_of[p]);
        if (census->types_of != NULL)
            free(census->types_of[p]);
    }
    free(census->people_of);
    free(census->types_of);
    free(census->segments);
    free(census->classes);
    free(census->thin);
    free(census->results);
    free(census->gated);
    free(census->flagged);
    jh_counts_deinit(&census->durations);
    jh_counts_deinit(&census->paces);
    jh_counts_deinit(&census->figures);
    jh_counts_deinit(&census->medians);
    jh_value_index_deinit(&census->people);
    jh_value_index_deinit(&census->types);
    jh_pass_deinit(&census->where);
}
