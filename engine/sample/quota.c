#include "sample/quota.h"

#include <stdlib.h>
#include <string.h>

#include "base/days.h"
#include "base/error.h"
#include "base/num.h"
#include "sample/allocation.h"

uint64_t jh_quota_rate(uint32_t ppm, uint64_t documents)
{
    return (uint64_t)(((jh_u128)ppm * documents + 999999u) / 1000000u);
}

uint64_t jh_quota_cumulative(uint32_t ppm, uint64_t before, uint64_t documents)
{
    return jh_quota_rate(ppm, before + documents) - jh_quota_rate(ppm, before);
}

static uint32_t rate_of(const jh_draw *draw, const char *value)
{
    for (size_t i = 0; value != NULL && i < draw->rate_count; i++)
        if (strcmp(draw->rates[i].value, value) == 0)
            return draw->rates[i].ppm;
    return draw->ppm;
}

uint64_t jh_quota(const jh_draw *draw, const char *value, uint64_t documents)
{
    uint64_t quota = documents;

    if (draw->kind == JH_DRAW_RATE)
        quota = jh_quota_rate(rate_of(draw, value), documents);
    else if (draw->kind != JH_DRAW_ALL)
        quota = draw->count;
    if (quota > draw->at_most)
        quota = draw->at_most;
    if (quota < draw->at_least)
        quota = draw->at_least;
    return quota < documents ? quota : documents;
}

void jh_period_days(jh_period period, int32_t day, int32_t *first, int32_t *last)
{
    const int32_t month = jh_days_month(day), weekday = ((day + 3) % 7 + 7) % 7; /* day 0 was a Thursday; Monday is 0 */
    int32_t from = month, months = 1;

    *first = *last = day;
    switch (period) {
    case JH_PERIOD_RUN:
        return;
    case JH_PERIOD_WEEK:
        *first = day - weekday;
        *last = *first + 6;
        return;
    case JH_PERIOD_MONTH:
        break;
    case JH_PERIOD_QUARTER:
        from = month - month % 3;
        months = 3;
        break;
    case JH_PERIOD_YEAR:
        from = month - month % 12;
        months = 12;
        break;
    }
    *first = jh_days_month_first(from);
    *last = jh_days_month_first(from + months) - 1;
}

/* What rates are given by: the value of a single column, the label of several, and of groups that were followed. */
static const char *rate_value(const jh_draw *draw, const jh_stratum *stratum)
{
    return draw->by_count == 1 && stratum->value != NULL && !draw->follow.present ? stratum->value : stratum->label;
}

bool jh_quota_rate_used(const jh_strata *strata, const jh_draw *draw, size_t rate)
{
    for (size_t s = 0; s < strata->count; s++)
        if (strcmp(rate_value(draw, &strata->strata[s]), draw->rates[rate].value) == 0)
            return true;
    return false;
}

static uint64_t each_quota(const jh_draw *draw, const jh_past_stratum *past, int32_t day)
{
    int32_t first, last;

    jh_period_days(draw->period, day, &first, &last);
    const uint64_t gone = (uint64_t)(day - first + 1), all = (uint64_t)(last - first + 1);
    const uint64_t due = (draw->count * gone + all - 1) / all; /* count is below 2^32 */

    return due > past->marked ? due - past->marked : 0;
}

static uint64_t period_quota(const jh_draw *draw, const jh_stratum *stratum, const jh_past *past, int32_t last)
{
    const jh_past_stratum before = jh_past_find(past, stratum->label);
    const uint64_t quota = draw->kind == JH_DRAW_EACH ? each_quota(draw, &before, last)
                                                      : jh_quota_cumulative(rate_of(draw, rate_value(draw, stratum)),
                                                                            before.documents, stratum->documents);

    return quota < stratum->documents ? quota : stratum->documents;
}

static jihe_status share_out(jh_strata *strata, const jh_draw *draw, const jh_past *past, jihe_error *err)
{
    const size_t count = strata->count;
    uint64_t *quotas = calloc(count + 1, sizeof *quotas), *sizes = calloc(count + 1, sizeof *sizes);
    uint32_t *spreads = calloc(count + 1, sizeof *spreads);
    const char **labels = calloc(count + 1, sizeof *labels);
    jihe_status st = JIHE_OK;

    if (quotas == NULL || sizes == NULL || spreads == NULL || labels == NULL)
        st = jh_fail(err, JIHE_NO_MEMORY, "splitting a draw over %zu strata", count);
    for (size_t s = 0; st == JIHE_OK && s < count; s++) {
        sizes[s] = strata->strata[s].documents;
        labels[s] = strata->strata[s].label;
    }
    if (st == JIHE_OK) {
        jh_allocation_spreads(spreads, labels, count, past);
        st = jh_allocate(quotas, sizes, draw->method == JH_METHOD_NEYMAN ? spreads : NULL, count, draw->count, err);
    }
    for (size_t s = 0; st == JIHE_OK && s < count; s++)
        strata->strata[s].quota = quotas[s];
    free(quotas);
    free(sizes);
    free(spreads);
    free(labels);
    return st;
}

jihe_status jh_quota_fill(jh_strata *strata, const jh_draw *draw, const jh_past *past, int32_t last, jihe_error *err)
{
    if (draw->kind == JH_DRAW_SHARE)
        return share_out(strata, draw, past, err);
    for (uint32_t s = 0; s < strata->count; s++) {
        jh_stratum *stratum = &strata->strata[s];

        stratum->quota = draw->period != JH_PERIOD_RUN ? period_quota(draw, stratum, past, last)
                                                       : jh_quota(draw, rate_value(draw, stratum), stratum->documents);
    }
    return JIHE_OK;
}
