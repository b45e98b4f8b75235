#include "report/axis.h"

#include <assert.h>

/* Round scales in ppm with a tick that divides them into 3 to 5 parts: 0.1 % to 100 %. */
static const struct {
    uint32_t max, tick;
} choices[] = {
    {1000, 200},      {1500, 500},      {2000, 500},      {3000, 1000},     {4000, 1000},
    {5000, 1000},     {6000, 2000},     {8000, 2000},     {10000, 2000},    {15000, 5000},
    {20000, 5000},    {30000, 10000},   {40000, 10000},   {50000, 10000},   {60000, 20000},
    {80000, 20000},   {100000, 20000},  {150000, 50000},  {200000, 50000},  {300000, 100000},
    {400000, 100000}, {500000, 100000}, {600000, 200000}, {800000, 200000}, {1000000, 200000},
};

#define CHOICES (sizeof choices / sizeof choices[0])
static_assert(CHOICES <= JH_AXIS_STEPS, "a counter for every choice");

static void add_rate(jh_axis *axis, const jh_page_rate *rate)
{
    if (rate->rate.ppm > axis->rate_max)
        axis->rate_max = rate->rate.ppm;
    axis->intervals++;
    for (size_t i = 0; i < CHOICES; i++)
        if (rate->high.ppm <= choices[i].max)
            axis->fitting[i]++;
}

void jh_axis_add(jh_axis *axis, const jh_page_counts *counts)
{
    if (counts->inspected == 0)
        return;
    add_rate(axis, &counts->in_rule);
    add_rate(axis, &counts->out_of_rule);
}

void jh_axis_pick(jh_axis *axis)
{
    size_t i = 0;

    while (i + 1 < CHOICES &&
           (choices[i].max < axis->rate_max || axis->fitting[i] < axis->intervals - axis->intervals / 8))
        i++;
    axis->max = choices[i].max;
    axis->tick = choices[i].tick;
}

int32_t jh_axis_at(const jh_axis *axis, uint32_t ppm, int32_t length)
{
    const uint32_t shown = ppm < axis->max ? ppm : axis->max;

    return (int32_t)(((int64_t)length * shown + axis->max / 2) / axis->max);
}
