#include "rule/flag_jump.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/days.h"
#include "base/error.h"
#include "base/num.h"
#include "base/text.h"
#include "rule/flag_groups.h"
#include "rule/jump_census.h"

static int order_u64(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* The months the median is taken of, sorted; returns how many. */
static uint32_t baseline_of(const jh_census_table *people, uint32_t number, const jh_jump *jump,
                            uint64_t months[JH_JUMP_MAX_MONTHS])
{
    uint32_t count = 0;
    bool active = false;

    for (uint32_t m = 0; m < jump->baseline_months; m++) {
        const uint64_t documents = jh_census_documents(people, m, number);

        active = active || documents > 0;
        if (documents > 0 || (jump->absent_zero && active))
            months[count++] = documents;
    }
    qsort(months, count, sizeof *months, order_u64);
    return count;
}

/* "post changed 2026-04-11" */
static const char *changed_text(int32_t day, jh_arena *arena)
{
    char text[64] = "post changed ";

    jh_days_text(day, text + strlen(text));
    return jh_arena_text(arena, text, strlen(text));
}

static jihe_status judge(jh_flag_group *out, const jh_census_table *people, uint32_t number, const jh_jump *jump,
                         const jh_flag_input *input, bool *gated, jihe_error *err)
{
    const jh_gate_windows windows = jh_jump_windows_of(jump, input->last);
    uint64_t months[JH_JUMP_MAX_MONTHS], twice;
    const uint32_t count = baseline_of(people, number, jump, months);
    char note[64];
    int32_t day;

    out->documents = jh_census_documents(people, jump->baseline_months, number);
    out->figures[JH_FLAG_OBSERVED] = (double)out->documents;
    snprintf(note, sizeof note, "median of %u month%s", count, count == 1 ? "" : "s");
    if ((out->note = jh_arena_text(input->arena, note, strlen(note))) == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "judging people's volumes");
    if (count < jump->min_months || count == 0) {
        out->verdict = JH_FLAG_NOT_TESTED;
        out->reason = "too few months";
        return JIHE_OK;
    }
    twice = months[(count - 1) / 2] + months[count / 2]; /* the median, times two so that it is whole */
    out->figures[JH_FLAG_BASELINE] = out->figures[JH_FLAG_EXPECTED] = (double)twice / 2;
    out->figures[JH_FLAG_RATIO] = twice == 0 ? NAN : (double)out->documents / ((double)twice / 2);
    /* count > ratio * median, in whole numbers: 2 000 000 * count > ratio_ppm * (2 * median) */
    if (twice == 0 || (jh_u128)out->documents * 2000000u <= (jh_u128)jump->ratio_ppm * twice)
        return JIHE_OK;
    out->verdict = JH_FLAG_FLAGGED;
    if (!jh_roster_change(input->roster, out->label, out->label_len, windows.baseline_from, windows.trigger_to, &day))
        return JIHE_OK;
    *gated = true;
    out->verdict = JH_FLAG_NOT_TESTED;
    out->reason = changed_text(day, input->arena);
    return out->reason == NULL ? jh_fail(err, JIHE_NO_MEMORY, "judging people's volumes") : JIHE_OK;
}

static int order_groups(const void *a, const void *b)
{
    const jh_flag_group *x = a, *y = b;

    return jh_text_compare(x->label, x->label_len, y->label, y->label_len);
}

/* Everyone with documents in the trigger month. */
static jihe_status judge_all(jh_flag_result *out, const jh_census_table *people, const jh_jump *jump,
                             const jh_flag_input *input, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    out->groups = JH_NEW(input->arena, jh_flag_group, (size_t)people->names.count + 1);
    if (out->groups == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "judging people's volumes");
    for (uint32_t i = 0; st == JIHE_OK && i < people->names.count; i++) {
        jh_flag_group *group = &out->groups[out->count];
        bool gated = false;
        uint32_t len;

        if (jh_census_documents(people, jump->baseline_months, i) == 0)
            continue;
        const char *name = jh_dict_text(&people->names, i, &len);

        out->count++;
        *group = (jh_flag_group){.label = jh_arena_text(input->arena, name, len),
                                 .label_len = len,
                                 .reason = "",
                                 .figures = {NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN}};
        st = group->label == NULL ? jh_fail(err, JIHE_NO_MEMORY, "judging people's volumes")
                                  : judge(group, people, i, jump, input, &gated, err);
        out->flagged += group->verdict == JH_FLAG_FLAGGED;
        out->gated += gated;
    }
    qsort(out->groups, out->count, sizeof *out->groups, order_groups);
    return st;
}

static jihe_status keep(jh_flag_result *out, const jh_flag_input *input, const jh_jump *jump, jihe_error *err)
{
    jh_flag_value *values = JH_NEW(input->arena, jh_flag_value, out->count + 1);
    const jh_flag_by by = {.columns = {jump->person.name}, .column_count = 1, .values = values};

    if (values == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "judging people's volumes");
    for (size_t g = 0; g < out->count; g++)
        values[g] = (jh_flag_value){out->groups[g].label, out->groups[g].label_len};
    return jh_flag_keep_groups(out, input, &by, err);
}

jihe_status jh_jump_ratio(jh_flag_result *out, const jh_flag_input *input, const jh_jump *jump, jihe_error *err)
{
    const jh_census_terms terms = {
        .jump = jump, .windows = jh_jump_windows_of(jump, input->last), .threads = input->threads};
    jh_census census;
    jihe_status st = jh_census_take(&census, &terms, input->history, input->history_count, err);

    if (st == JIHE_OK && (st = judge_all(out, &census.people, jump, input, err)) == JIHE_OK)
        st = keep(out, input, jump, err);
    jh_census_deinit(&census);
    return st;
}
