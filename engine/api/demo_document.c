#include "api/demo_document.h"

#include <stdio.h>
#include <string.h>

#include "base/days.h"

enum { OPENS_S = 8 * 3600 + 1800, WORKDAY_S = 9 * 3600 + 1800, FEN = 100, STEPS = 32, STEP_PARTS = 1024 };

/* Quantiles 0/32 to 32/32 of a log-normal distribution with median 1000 and sigma 1.3, cut at half a percent either
 * side. */
static const uint32_t quantiles[STEPS + 1] = {
    35,   89,   136,  180,  224,  269,  316,  364,  416,  471,  530,  593,  661,  735,  815,   903,   1000,
    1107, 1227, 1361, 1513, 1687, 1888, 2123, 2403, 2744, 3169, 3717, 4461, 5548, 7347, 11263, 28462,
};

static bool chance(jh_pcg64 *rng, uint64_t of_ten_thousand)
{
    return jh_pcg64_below(rng, 10000) < of_ten_thousand;
}

/* In fen. People like round sums: some are whole hundreds of yuan, some whole yuan. */
static int64_t make_amount(const jh_demo_type *type, jh_pcg64 *rng)
{
    const uint64_t at = jh_pcg64_below(rng, STEPS * STEP_PARTS), step = at / STEP_PARTS, part = at % STEP_PARTS;
    const uint64_t times =
        quantiles[step] + (quantiles[step + 1] - quantiles[step]) * part / STEP_PARTS; /* thousandths */
    uint64_t amount = (uint64_t)type->median * FEN * times / 1000 + jh_pcg64_below(rng, FEN);
    const uint64_t roundness = jh_pcg64_below(rng, 4);

    if (roundness == 0 && amount >= 1000 * FEN)
        amount -= amount % (100 * FEN);
    else if (roundness <= 1 && amount >= FEN)
        amount -= amount % FEN;
    amount = amount == 0 ? 1 : amount;
    return type->has_payee && chance(rng, 40) ? -(int64_t)amount : (int64_t)amount; /* red-letter entries */
}

static const jh_demo_type *pick_type(jh_pcg64 *rng)
{
    uint64_t left = jh_pcg64_below(rng, 1000);
    uint32_t type = 0;

    while (left >= jh_demo_types[type].share)
        left -= jh_demo_types[type++].share;
    return &jh_demo_types[type];
}

static const char *pick_reviewer(const jh_demo_centre *centre, uint32_t team, uint32_t month, jh_pcg64 *rng)
{
    uint32_t person = jh_demo_first_reviewer(team);
    uint64_t total = 0;

    for (uint32_t i = 0; i < jh_demo_teams[team].reviewers; i++)
        total += jh_demo_workload(centre, person + i, month);
    uint64_t left = jh_pcg64_below(rng, total);

    while (left >= jh_demo_workload(centre, person, month))
        left -= jh_demo_workload(centre, person++, month);
    return centre->people[person].name;
}

static void assign_people(jh_demo_document *out, const jh_demo_centre *centre, jh_pcg64 *rng)
{
    const uint32_t team = out->type->team, preparers = JH_DEMO_REVIEWERS + JH_DEMO_SECONDS;
    const uint32_t second = JH_DEMO_REVIEWERS + 2 * team + (uint32_t)jh_pcg64_below(rng, 2);

    out->reviewer = pick_reviewer(centre, team, jh_demo_month_of(centre, out->date), rng);
    out->preparer = centre->people[preparers + jh_pcg64_below(rng, JH_DEMO_PREPARERS)].name;
    out->second_reviewer = centre->people[second].name;
    if (chance(rng, 20))
        out->preparer = out->reviewer; /* self-review */
    else if (chance(rng, 10))
        out->preparer = "";
    if (chance(rng, 20))
        out->second_reviewer = "";
}

static void write_summary(jh_demo_document *out, jh_pcg64 *rng)
{
    const char *region = jh_demo_regions[jh_pcg64_below(rng, JH_DEMO_REGIONS)];
    const int32_t month = jh_days_to_civil(out->date).month;
    const uint64_t style = jh_pcg64_below(rng, 100);

    if (style == 0)
        out->summary[0] = '\0';
    else if (style == 1) /* begins as a spreadsheet formula would */
        snprintf(out->summary, sizeof out->summary, "-%d月%s更正，%s", month, out->type->name, region);
    else if (style < 40)
        snprintf(out->summary, sizeof out->summary, "%s %d月%s", region, month, out->type->name);
    else
        snprintf(out->summary, sizeof out->summary, "%s，%s，%d月", out->type->name, region, month);
}

/* Two draws, the smaller one counts: some payees have many documents, most have few. */
static uint64_t pick_payee(jh_pcg64 *rng)
{
    const uint64_t a = jh_pcg64_below(rng, JH_DEMO_PAYEES), b = jh_pcg64_below(rng, JH_DEMO_PAYEES);

    return a < b ? a : b;
}

void jh_demo_document_make(jh_demo_document *out, const jh_demo_centre *centre, int32_t date, uint64_t index,
                           uint64_t count, jh_pcg64 *rng)
{
    const jh_civil civil = jh_days_to_civil(date);
    const jh_demo_type *type = pick_type(rng);
    const size_t t = (size_t)(type - jh_demo_types);

    *out = (jh_demo_document){.date = date, .type = type};
    snprintf(out->id, sizeof out->id, "%s%04d%02d%02d-%06u", type->prefix, civil.year, civil.month, civil.day,
             (unsigned)(index + 1));
    out->second_of_day = (uint32_t)(OPENS_S + (index * WORKDAY_S + jh_pcg64_below(rng, WORKDAY_S)) / count);
    out->amount = make_amount(type, rng);
    out->has_amount = !chance(rng, 10);
    out->account = jh_demo_accounts[centre->accounts[t][jh_pcg64_below(rng, centre->account_counts[t])]];
    out->payee = type->has_payee ? centre->payees[pick_payee(rng)] : "";
    out->status = !chance(rng, 150) ? JH_DEMO_POSTED : chance(rng, 6000) ? "已退回" : "待复核";
    if (chance(rng, 30))
        out->account = "";
    assign_people(out, centre, rng);
    write_summary(out, rng);
}
