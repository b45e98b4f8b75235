#include "sample/quota.h"

#include <string.h>

#include "base/num.h"

uint64_t jh_quota_rate(uint32_t ppm, uint64_t documents)
{
    return (uint64_t)(((jh_u128)ppm * documents + 999999u) / 1000000u);
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
    else if (draw->kind == JH_DRAW_COUNT)
        quota = draw->count;
    if (quota > draw->at_most)
        quota = draw->at_most;
    if (quota < draw->at_least)
        quota = draw->at_least;
    return quota < documents ? quota : documents;
}
