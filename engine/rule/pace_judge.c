#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/days.h"
#include "base/error.h"
#include "base/parallel.h"
#include "base/text.h"
#include "rule/flag_kind.h"
#include "rule/flag_pace.h"
#include "rule/gate.h"
#include "rule/shared_counts.h"
#include "rule/value_index.h"

/* The documents of baseline and month under test are gone through in passes, a snapshot at a time, and only counters
 * are kept: durations per type, then classes per person and month, then, of who is flagged, durations for the note.
 * Memory is that of people and types, not of documents. */

enum { CLASSES = JH_PACE_CLASSES + 1 };
enum { TIMED, NEGATIVE, THIN, FIRST, FIGURES }; /* of the month under test */
enum { NOTHING = UINT32_MAX };

struct census {
    const jh_flag_input *input;
    const jh_pace_rule *rule;
    int32_t first;                    /* day of the baseline */
    int32_t trigger;                  /* first day of the month under test */
    size_t months;                    /* with the one under test */
    jh_pass where;                    /* of the history: one frame */
    size_t *segments;                 /* per snapshot of the history: its first in the pass */
    uint32_t **people_of, **types_of; /* per snapshot, per code of its dictionary */
    jh_value_index people, types;
    jh_shared_counts durations; /* [type * JH_DURATION_BUCKETS + bucket], of the baseline */
    uint8_t *classes;           /* the same */
    bool *thin;                 /* per type */
    jh_shared_counts paces;     /* [(person * months + month) * CLASSES + class] */
    jh_shared_counts figures;   /* [person * FIGURES + figure] */
    jh_pace_result *results;    /* per person */
    const char **gated;         /* per person: why there is no test; NULL nothing */
    uint32_t *flagged;          /* per person: its place among the flagged, or NOTHING */
    size_t flagged_count;
    jh_shared_counts medians; /* [(flagged * 2 + under test) * JH_DURATION_BUCKETS + bucket] */
};

/* A document as a pass meets it. */
struct met {
    uint32_t worker;
    size_t month;
    uint32_t person, type, bucket;
};

static bool is_timed(uint32_t bucket)
{
    return bucket < JH_DURATION_BUCKETS;
}

static void count_type(struct census *census, const struct met *met)
{
    if (met->month + 1 < census->months && is_timed(met->bucket))
        jh_counts_add(&census->durations, met->worker, (size_t)met->type * JH_DURATION_BUCKETS + met->bucket);
}

static void count_person(struct census *census, const struct met *met)
{
    const bool thin = census->thin[met->type];
    const int figure = thin                              ? THIN
                       : is_timed(met->bucket)           ? TIMED
                       : met->bucket == JH_PACE_NEGATIVE ? NEGATIVE
                       : met->bucket == JH_PACE_FIRST    ? FIRST
                                                         : FIGURES;

    if (met->month + 1 == census->months && figure != FIGURES)
        jh_counts_add(&census->figures, met->worker, (size_t)met->person * FIGURES + (size_t)figure);
    if (figure == TIMED)
        jh_counts_add(&census->paces, met->worker,
                      ((size_t)met->person * census->months + met->month) * CLASSES +
                          census->classes[(size_t)met->type * JH_DURATION_BUCKETS + met->bucket]);
}

static void count_median(struct census *census, const struct met *met)
{
    const uint32_t place = census->flagged[met->person];

    if (place != NOTHING && is_timed(met->bucket) && !census->thin[met->type])
        jh_counts_add(&census->medians, met->worker,
                      ((size_t)place * 2 + (met->month + 1 == census->months)) * JH_DURATION_BUCKETS + met->bucket);
}

struct passing {
    struct census *census;
    void (*count)(struct census *census, const struct met *met);
};

static jihe_status count_segment(const struct passing *passing, struct met *met, size_t part,
                                 const jh_pace_times *times, uint32_t segment, uint16_t *buckets, jihe_error *err)
{
    struct census *census = passing->census;
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
    const struct census *census = passing->census;
    const jh_snapshot *snapshot = census->input->history[part];
    const int32_t date = jh_snapshot_manifest(snapshot)->date;
    struct met met = {.worker = worker};
    jh_pace_times times;
    jihe_status st;

    if (date < census->first || date > census->input->last)
        return JIHE_OK;
    met.month = (size_t)(jh_days_month(date) - jh_days_month(census->first));
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

static jihe_status count_all(struct census *census, jh_shared_counts *counts, size_t count,
                             void (*add)(struct census *census, const struct met *met), jihe_error *err)
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

static jihe_status number_values(struct census *census, jihe_error *err)
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
static jihe_status ask_where(struct census *census, jihe_error *err)
{
    const jh_flag_input *input = census->input;
    jh_rule plain = *input->rule;
    const jh_rule *rules[] = {&plain};

    plain.flag = (jh_flag){0};
    plain.window = (jh_window){0};
    const jihe_status st =
        jh_pass_run(&census->where, rules, 1, input->history, input->history_count,
                    (jh_pass_dates){census->first, input->last}, false, input->facts, input->threads, err);

    if (st != JIHE_OK)
        return st;
    if ((census->segments = calloc(input->history_count + 1, sizeof *census->segments)) == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "the history of reviews");
    for (size_t p = 1; p < input->history_count; p++)
        census->segments[p] = census->segments[p - 1] + jh_snapshot_segments(input->history[p - 1]);
    return number_values(census, err);
}

static jihe_status make_classes(struct census *census, jihe_error *err)
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

/* --- judging --- */

/* What is known about people that explains a change of pace: "post changed 2026-05-04". */
static jihe_status ask_gate(struct census *census, jihe_error *err)
{
    const jh_flag_input *input = census->input;
    const jh_gate_windows windows = {census->first, census->trigger - 1, census->trigger, input->last};
    const jh_calendar *calendar = input->facts == NULL ? NULL : input->facts->calendar;
    const jh_gate *gate;
    jihe_status st = jh_gate_make(&gate, input->roster, calendar, &windows, input->arena, err);

    census->gated = calloc(census->people.count + 1, sizeof *census->gated);
    if (st == JIHE_OK && census->gated == NULL)
        st = jh_fail(err, JIHE_NO_MEMORY, "paces of people");
    for (size_t i = 0; st == JIHE_OK && i < census->people.count; i++) {
        const jh_flag_value *name = &census->people.values[i];
        jh_gate_answer answer;
        char text[256];

        jh_gate_ask(&answer, gate, name->text, name->len);
        if (answer.verdict == JH_VOLUME_NORMAL)
            continue;
        jh_gate_reason_text(&answer, text, sizeof text - 16);
        const size_t len = strlen(text);

        text[len] = ' ';
        jh_days_text(answer.day, text + len + 1);
        if ((census->gated[i] = jh_arena_text(input->arena, text, strlen(text))) == NULL)
            st = jh_fail(err, JIHE_NO_MEMORY, "paces of people");
    }
    return st;
}

static jihe_status test_people(struct census *census, jihe_error *err)
{
    const size_t count = census->people.count, room = census->months * CLASSES;
    uint64_t *classes = calloc(count * room + 1, sizeof *classes);
    jh_pace_person *people = calloc(count + 1, sizeof *people);
    jh_arena arena;
    jihe_status st = ask_gate(census, err);

    census->results = calloc(count + 1, sizeof *census->results);
    if (st == JIHE_OK && (classes == NULL || people == NULL || census->results == NULL))
        st = jh_fail(err, JIHE_NO_MEMORY, "paces of people");
    for (size_t i = 0; st == JIHE_OK && i < count; i++) {
        for (size_t c = 0; c < room; c++)
            classes[i * room + c] = jh_counts_get(&census->paces, i * room + c);
        people[i] = (jh_pace_person){.classes = classes + i * room, .gated = census->gated[i] != NULL};
    }
    jh_arena_init(&arena, 0);
    if (st == JIHE_OK)
        st = jh_pace_test(census->results, people, count, census->months, &census->rule->terms, &arena, err);
    jh_arena_deinit(&arena);
    free(classes);
    free(people);
    return st;
}

static jihe_status take_medians(struct census *census, jihe_error *err)
{
    census->flagged = calloc(census->people.count + 1, sizeof *census->flagged);
    if (census->flagged == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "paces of people");
    for (size_t i = 0; i < census->people.count; i++)
        census->flagged[i] =
            census->results[i].verdict == JH_PACE_FLAGGED ? (uint32_t)census->flagged_count++ : NOTHING;
    if (census->flagged_count == 0)
        return JIHE_OK;
    return count_all(census, &census->medians, census->flagged_count * 2 * JH_DURATION_BUCKETS, count_median, err);
}

static void put_time(jh_buf *out, uint64_t ms)
{
    if (ms < 10000)
        jh_buf_printf(out, "%" PRIu64 ".%" PRIu64 " s", ms / 1000, ms / 100 % 10);
    else if (ms < 180000)
        jh_buf_printf(out, "%" PRIu64 " s", ms / 1000);
    else if (ms < 10800000)
        jh_buf_printf(out, "%" PRIu64 " min", ms / 60000);
    else
        jh_buf_printf(out, "%" PRIu64 " h", ms / 3600000);
}

static void put_median(jh_buf *out, const struct census *census, size_t person, size_t now)
{
    uint64_t counts[JH_DURATION_BUCKETS];

    for (size_t b = 0; b < JH_DURATION_BUCKETS; b++)
        counts[b] =
            jh_counts_get(&census->medians, ((size_t)census->flagged[person] * 2 + now) * JH_DURATION_BUCKETS + b);
    put_time(out, jh_duration_median(counts));
}

static void put_note(jh_buf *out, const struct census *census, size_t person)
{
    static const struct {
        int figure;
        const char *words;
    } counts[] = {{NEGATIVE, "ended before they began"},
                  {FIRST, "without a review before them"},
                  {THIN, "of types with too few documents"}};
    const jh_pace_result *result = &census->results[person];

    if (result->baseline > 0 && result->cut > 0) {
        jh_flag_put_count(out, result->baseline_fast);
        jh_buf_puts(out, " of ");
        jh_flag_put_count(out, result->baseline);
        jh_buf_puts(out, " before");
    }
    if (census->flagged[person] != NOTHING) {
        jh_buf_puts(out, ", median ");
        put_median(out, census, person, 1);
        jh_buf_puts(out, " after ");
        put_median(out, census, person, 0);
    }
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        const uint64_t count = jh_counts_get(&census->figures, person * FIGURES + (size_t)counts[i].figure);

        if (count == 0)
            continue;
        jh_buf_puts(out, out->len > 0 ? "; " : "");
        jh_flag_put_count(out, count);
        jh_buf_printf(out, " %s", counts[i].words);
    }
}

static void put_needed(jh_buf *out, uint64_t count, uint64_t needed, const char *words)
{
    jh_flag_put_count(out, count);
    jh_buf_printf(out, " %s, ", words);
    jh_flag_put_count(out, needed);
    jh_buf_puts(out, " needed");
}

static void put_reason(jh_buf *out, const struct census *census, size_t person)
{
    const jh_pace_result *result = &census->results[person];
    const jh_pace_terms *terms = &census->rule->terms;

    switch (result->verdict) {
    case JH_PACE_NORMAL:
    case JH_PACE_FLAGGED:
        break;
    case JH_PACE_GATED:
        jh_buf_puts(out, census->gated[person]);
        break;
    case JH_PACE_SHORT_BASELINE:
        jh_buf_printf(out, "documents in fewer than %" PRIu32 " months before", terms->min_periods);
        break;
    case JH_PACE_SMALL_BASELINE:
        put_needed(out, result->baseline, terms->min_baseline, "timed documents before");
        break;
    case JH_PACE_SMALL_PERIOD:
        put_needed(out, result->timed, terms->min_period, "timed documents");
        break;
    case JH_PACE_ALWAYS_FAST:
        jh_buf_puts(out, "always so fast that faster cannot be told");
        break;
    }
}

static const char *keep_text(jh_buf *buf, jh_arena *arena)
{
    const char *text = buf->failed ? NULL : jh_arena_text(arena, jh_buf_text(buf), buf->len);

    jh_buf_clear(buf);
    return text;
}

static bool make_group(jh_flag_group *group, const struct census *census, size_t person, jh_buf *buf)
{
    const jh_pace_result *result = &census->results[person];
    const jh_flag_value *name = &census->people.values[person];
    jh_arena *arena = census->input->arena;

    *group = (jh_flag_group){.label = jh_arena_text(arena, name->text, name->len),
                             .label_len = name->len,
                             .verdict = result->verdict == JH_PACE_FLAGGED  ? JH_FLAG_FLAGGED
                                        : result->verdict == JH_PACE_NORMAL ? JH_FLAG_NORMAL
                                                                            : JH_FLAG_NOT_TESTED,
                             .documents = result->timed,
                             .figures = {NAN, result->expected, NAN, result->ratio, result->ratio_low,
                                         result->ratio_high, result->p, result->adjusted}};
    if (result->cut > 0 && result->baseline > 0) {
        group->figures[JH_FLAG_BASELINE] = (double)result->baseline_fast;
        group->figures[JH_FLAG_OBSERVED] = (double)result->fast;
    }
    put_reason(buf, census, person);
    group->reason = keep_text(buf, arena);
    put_note(buf, census, person);
    group->note = keep_text(buf, arena);
    return group->label != NULL && group->reason != NULL && group->note != NULL;
}

static int order_groups(const void *a, const void *b)
{
    const jh_flag_group *x = a, *y = b;

    return jh_text_compare(x->label, x->label_len, y->label, y->label_len);
}

/* Everyone with documents in the month under test. */
static jihe_status make_groups(jh_flag_result *out, const struct census *census, jihe_error *err)
{
    bool ok = true;
    jh_buf buf = {0};

    out->groups = JH_NEW(census->input->arena, jh_flag_group, census->people.count + 1);
    ok = out->groups != NULL;
    for (size_t i = 0; ok && i < census->people.count; i++) {
        uint64_t documents = 0;

        for (size_t f = 0; f < FIGURES; f++)
            documents += jh_counts_get(&census->figures, i * FIGURES + f);
        if (documents == 0)
            continue;
        ok = make_group(&out->groups[out->count++], census, i, &buf);
        out->flagged += census->results[i].verdict == JH_PACE_FLAGGED;
        out->gated += census->results[i].verdict == JH_PACE_GATED;
    }
    jh_buf_deinit(&buf);
    if (!ok)
        return jh_fail(err, JIHE_NO_MEMORY, "paces of people");
    qsort(out->groups, out->count, sizeof *out->groups, order_groups);
    return JIHE_OK;
}

/* --- keeping --- */

struct keeping {
    const struct census *census;
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
    const struct census *census = keeping->census;
    const uint32_t person = part->people[person_code];

    if (bucket == JH_PACE_MISSING || !jh_col_present(type, row))
        return -1;
    const uint32_t kind = part->types[jh_pass_code(type, row)];

    if (person >= keeping->people || kind >= keeping->types || census->thin[kind] || !is_timed(bucket))
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

static jihe_status keep_fast(struct keeping *keeping, struct census *census, jihe_error *err)
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

static jihe_status keep(jh_flag_result *out, struct census *census, jihe_error *err)
{
    const jh_flag_input *input = census->input;
    jh_flag_value *values = JH_NEW(input->arena, jh_flag_value, out->count + 1);
    const jh_flag_by by = {.columns = {census->rule->person.name}, .column_count = 1, .values = values};
    struct keeping keeping = {.census = census, .people = census->people.count, .types = census->types.count};
    jihe_status st;

    if (values == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "paces of people");
    for (size_t g = 0; g < out->count; g++)
        values[g] = (jh_flag_value){out->groups[g].label, out->groups[g].label_len};
    if ((st = jh_flag_keep_groups(out, input, &by, err)) != JIHE_OK)
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

static void census_deinit(struct census *census)
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

static jihe_status take_census(struct census *census, jihe_error *err)
{
    jihe_status st;

    if ((st = ask_where(census, err)) != JIHE_OK ||
        (st = count_all(census, &census->durations, census->types.count * JH_DURATION_BUCKETS, count_type, err)) !=
            JIHE_OK ||
        (st = make_classes(census, err)) != JIHE_OK ||
        (st = jh_counts_make(&census->figures, census->people.count * FIGURES, census->input->threads, err)) !=
            JIHE_OK ||
        (st = count_all(census, &census->paces, census->people.count * census->months * CLASSES, count_person, err)) !=
            JIHE_OK)
        return st;
    jh_counts_gather(&census->figures);
    if ((st = test_people(census, err)) != JIHE_OK)
        return st;
    return take_medians(census, err);
}

jihe_status jh_pace_judge(jh_flag_result *out, const jh_flag_input *input, jihe_error *err)
{
    struct census census = {.input = input, .rule = input->rule->flag.settings};
    jihe_status st;

    census.months = (size_t)census.rule->baseline_months + 1;
    census.trigger = jh_days_month_first(jh_days_month(input->last));
    census.first = jh_days_month_first(jh_days_month(input->last) - (int32_t)census.rule->baseline_months);
    if ((st = take_census(&census, err)) == JIHE_OK && (st = make_groups(out, &census, err)) == JIHE_OK)
        st = keep(out, &census, err);
    census_deinit(&census);
    return st;
}
