#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "api/plan_words.h"
#include "base/error.h"
#include "jihe/stats.h"
#include "report/curve.h"
#include "stats/law.h"

/* A plan's operating characteristic, drawn. */

enum { POINTS = 241 };

static uint32_t chance_at(const jihe_plan *plan, uint32_t rate)
{
    return (uint32_t)floor(jh_acceptance(plan->sample, plan->allowed, rate, plan->population) * 1e6 + 0.5);
}

static void mark(const jihe_plan *plan, jh_curve_mark *out, char label[80], uint32_t rate)
{
    char rate_text[32], chance_text[32];

    jh_ppm_text(rate, rate_text);
    jh_percent_text(jh_acceptance(plan->sample, plan->allowed, rate, plan->population), chance_text);
    snprintf(label, 80, "%s: %s", rate_text, chance_text);
    *out = (jh_curve_mark){rate, chance_at(plan, rate), label};
}

/* As far as bad work and half as far again, and to where hardly any is accepted, within reason. */
static uint32_t rate_shown(const jihe_plan *plan)
{
    const uint64_t beyond = (uint64_t)plan->bad * 3 / 2 + 100;

    return beyond < 1000000 ? (uint32_t)beyond : 1000000;
}

jihe_status jihe_plan_curve(const jihe_plan *plan, const char *lang, jihe_put put, void *context, jihe_error *err)
{
    const bool zh = jh_is_zh(lang), detects = plan->kind == JIHE_PLAN_DETECT;
    uint32_t chances[POINTS];
    char title[200], labels[2][80];
    jh_curve curve = {.title = title, .shown = rate_shown(plan), .chances = chances, .count = POINTS};
    const uint32_t end = jh_curve_end(curve.shown);

    if (plan->kind == JIHE_PLAN_MONEY || plan->kind == JIHE_PLAN_PRECISION)
        return jh_fail(err, JIHE_USAGE,
                       "a plan of %s has no operating characteristic: nothing is accepted by a count of errors",
                       plan->kind == JIHE_PLAN_MONEY ? "money-units" : "precision");
    for (uint32_t i = 0; i < POINTS; i++)
        chances[i] = chance_at(plan, (uint32_t)((uint64_t)end * i / (POINTS - 1)));
    snprintf(title, sizeof title,
             zh ? "抽查 %" PRIu64 " 张，允许差错 %" PRIu64 " 张" : "%" PRIu64 " documents, at most %" PRIu64 " errors",
             plan->sample, plan->allowed);
    curve.across = zh ? "总体差错率" : "rate of the population";
    curve.up = zh        ? (detects ? "一张也未发现的机会" : "被接受的机会")
               : detects ? "chance of seeing none"
                         : "chance of being accepted";
    for (int i = 0; i < 2; i++) {
        const uint32_t rate = i == 0 ? plan->good : plan->bad;
        const size_t n = curve.mark_count;

        if (rate > 0) {
            mark(plan, &curve.marks[n], labels[n], rate);
            curve.mark_count++;
        }
    }
    return jh_curve_write(&curve, (jh_sink){put, context}, err);
}
