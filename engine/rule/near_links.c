#include "rule/near_links.h"

#include <stdlib.h>

#include "base/num.h"

enum { PPM = 1000000 };

struct day { /* the documents of one date */
    int32_t date;
    uint32_t latest; /* the one of the largest amount looked at so far; UINT32_MAX: none */
};

struct sorting {
    const int64_t *amounts;
};

bool jh_near_amounts(const jh_nearness *nearness, int64_t a, int64_t b)
{
    const jh_i128 apart = a < b ? (jh_i128)b - a : (jh_i128)a - b;
    const jh_i128 x = a < 0 ? -(jh_i128)a : a, y = b < 0 ? -(jh_i128)b : b;

    return apart <= nearness->most || apart * PPM <= (x > y ? x : y) * nearness->ppm;
}

static uint32_t leader_of(uint32_t *leaders, uint32_t i)
{
    while (leaders[i] != i) {
        leaders[i] = leaders[leaders[i]];
        i = leaders[i];
    }
    return i;
}

static void join(uint32_t *leaders, uint32_t a, uint32_t b)
{
    a = leader_of(leaders, a);
    b = leader_of(leaders, b);
    if (a < b)
        leaders[b] = a;
    else
        leaders[a] = b;
}

static void link_dates(int32_t within, const int32_t *dates, size_t count, uint32_t *leaders)
{
    for (size_t i = 0; i < count; i++)
        leaders[i] = i > 0 && (int64_t)dates[i] - dates[i - 1] <= within ? leaders[i - 1] : (uint32_t)i;
}

static int order_amounts(const void *a, const void *b, void *context)
{
    const struct sorting *sorting = context;
    const uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
    const int64_t x = sorting->amounts[i], y = sorting->amounts[j];

    return x != y ? (x < y ? -1 : 1) : (i > j) - (i < j);
}

/* Documents come by amount. Whoever is near this one on some date is, on that date, joined with the last one that came
 * before it: between two amounts that are near all amounts are. So one look per date is enough. */
static void link_amounts(const jh_nearness *nearness, const int64_t *amounts, const uint32_t *order, size_t count,
                         struct day *days, size_t day_count, const uint32_t *day_of, uint32_t *leaders)
{
    for (size_t k = 0; k < count; k++) {
        const uint32_t i = order[k], own = day_of[i];
        uint32_t d = own;

        while (d > 0 && (int64_t)days[own].date - days[d - 1].date <= nearness->within)
            d--;
        for (; d < day_count && (int64_t)days[d].date - days[own].date <= nearness->within; d++)
            if (days[d].latest != UINT32_MAX && jh_near_amounts(nearness, amounts[days[d].latest], amounts[i]))
                join(leaders, days[d].latest, i);
        days[own].latest = i;
    }
}

bool jh_near_link(const jh_nearness *nearness, const int32_t *dates, const int64_t *amounts, size_t count, jh_buf *room,
                  uint32_t *leaders)
{
    struct sorting sorting = {.amounts = amounts};
    size_t day_count = 0;

    if (amounts == NULL) {
        link_dates(nearness->within, dates, count, leaders);
        return true;
    }
    jh_buf_clear(room);
    if (!jh_buf_reserve(room, (count + 1) * (sizeof(struct day) + 2 * sizeof(uint32_t))))
        return false;
    struct day *days = (struct day *)(void *)room->bytes;
    uint32_t *order = (uint32_t *)(void *)(days + count), *day_of = order + count;

    for (size_t i = 0; i < count; i++) {
        if (day_count == 0 || days[day_count - 1].date != dates[i])
            days[day_count++] = (struct day){dates[i], UINT32_MAX};
        order[i] = leaders[i] = (uint32_t)i;
        day_of[i] = (uint32_t)(day_count - 1);
    }
    qsort_r(order, count, sizeof *order, order_amounts, &sorting);
    link_amounts(nearness, amounts, order, count, days, day_count, day_of, leaders);
    for (size_t i = 0; i < count; i++)
        leaders[i] = leader_of(leaders, (uint32_t)i);
    return true;
}
