#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/days.h"
#include "base/error.h"
#include "base/text.h"
#include "rule/flag_kind.h"
#include "rule/pace_census.h"

/* Who is flagged, and what is said about it. */

/* What is known about people that explains a change of pace: "post changed 2026-05-04". */
static jihe_status ask_gate(jh_pace_census *census, jihe_error *err)
{
    const jh_flag_input *input = census->input;
    const jh_calendar *calendar = input->facts == NULL ? NULL : input->facts->calendar;
    const jh_gate *gate;
    jihe_status st = jh_gate_make(&gate, input->roster, calendar, &census->windows, input->arena, err);

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

static jihe_status test_people(jh_pace_census *census, jihe_error *err)
{
    const size_t count = census->people.count, room = census->months * JH_PACE_STEPS;
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

static void put_median(jh_buf *out, const jh_pace_census *census, size_t person, size_t now)
{
    uint64_t counts[JH_DURATION_BUCKETS];

    for (size_t b = 0; b < JH_DURATION_BUCKETS; b++)
        counts[b] =
            jh_counts_get(&census->medians, ((size_t)census->flagged[person] * 2 + now) * JH_DURATION_BUCKETS + b);
    put_time(out, jh_duration_median(counts));
}

static void put_note(jh_buf *out, const jh_pace_census *census, size_t person)
{
    static const struct {
        int figure;
        const char *words;
    } counts[] = {{JH_PACE_OF_NEGATIVE, "ended before they began"},
                  {JH_PACE_OF_FIRST, "without a review before them"},
                  {JH_PACE_OF_THIN, "of types with too few documents"}};
    const jh_pace_result *result = &census->results[person];

    if (result->baseline > 0 && result->cut > 0) {
        jh_flag_put_count(out, result->baseline_fast);
        jh_buf_puts(out, " of ");
        jh_flag_put_count(out, result->baseline);
        jh_buf_puts(out, " before");
    }
    if (census->flagged[person] != JH_PACE_NOTHING) {
        jh_buf_puts(out, ", median ");
        put_median(out, census, person, 1);
        jh_buf_puts(out, " after ");
        put_median(out, census, person, 0);
    }
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        const uint64_t count = jh_counts_get(&census->figures, person * JH_PACE_FIGURES + (size_t)counts[i].figure);

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

static void put_reason(jh_buf *out, const jh_pace_census *census, size_t person)
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
        jh_buf_printf(out, "documents in %" PRIu32 " month%s before, %" PRIu32 " needed", result->months,
                      result->months == 1 ? "" : "s", terms->min_periods);
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

static bool make_group(jh_flag_group *group, const jh_pace_census *census, size_t person, jh_buf *buf)
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
static jihe_status make_groups(jh_flag_result *out, const jh_pace_census *census, jihe_error *err)
{
    bool ok = true;
    jh_buf buf = {0};

    out->groups = JH_NEW(census->input->arena, jh_flag_group, census->people.count + 1);
    ok = out->groups != NULL;
    for (size_t i = 0; ok && i < census->people.count; i++) {
        uint64_t documents = 0;

        for (size_t f = 0; f < JH_PACE_FIGURES; f++)
            documents += jh_counts_get(&census->figures, i * JH_PACE_FIGURES + f);
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

jihe_status jh_pace_judge(jh_flag_result *out, const jh_flag_input *input, jihe_error *err)
{
    jh_pace_census census = {.input = input, .rule = input->rule->flag.settings};
    jihe_status st;

    census.months = (size_t)census.rule->baseline_months + 1;
    census.windows = jh_pace_windows_of(census.rule, input->last);
    if ((st = jh_pace_census_take(&census, err)) == JIHE_OK && (st = test_people(&census, err)) == JIHE_OK &&
        (st = jh_pace_census_medians(&census, err)) == JIHE_OK && (st = make_groups(out, &census, err)) == JIHE_OK)
        st = jh_pace_keep(out, &census, err);
    jh_pace_census_deinit(&census);
    return st;
}
