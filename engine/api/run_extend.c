#include "api/run_extend.h"

#include <string.h>

#include "base/error.h"
#include "base/num.h"

static bool is_named(const char *id, const char *const *only, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(only[i], id) == 0)
            return true;
    return count == 0;
}

/* A period's quotas depend on what was drawn before: a larger rate may mean fewer documents today. */
static bool can_rise(const jh_draw *draw)
{
    return draw->kind == JH_DRAW_RATE && draw->period == JH_PERIOD_RUN;
}

static jihe_status check_names(const jh_run *base, const char *const *only, size_t count, jihe_error *err)
{
    for (size_t i = 0; i < count; i++) {
        size_t r = 0;

        while (r < base->rule_count && strcmp(base->rules[r].id, only[i]) != 0)
            r++;
        if (r == base->rule_count)
            return jh_fail(err, JIHE_NOT_FOUND, "run %s has no rule '%s'", base->id, only[i]);
        if (!can_rise(&base->rules[r].draw))
            return jh_fail(err, JIHE_USAGE,
                           "rule '%s' does not draw by a rate of its own run; only those can be raised", only[i]);
    }
    return JIHE_OK;
}

/* *raised: some rate became larger. */
static jihe_status raise_rule(jh_rule *rule, uint32_t ppm, bool *raised, jh_arena *arena, jihe_error *err)
{
    jh_stratum_rate *rates = JH_NEW(arena, jh_stratum_rate, rule->draw.rate_count + 1);

    if (rates == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "extending a run");
    for (size_t i = 0; i < rule->draw.rate_count; i++) {
        rates[i] = rule->draw.rates[i];
        *raised = *raised || rates[i].ppm < ppm;
        rates[i].ppm = rates[i].ppm < ppm ? ppm : rates[i].ppm;
    }
    rule->draw.rates = rates;
    *raised = *raised || rule->draw.ppm < ppm;
    rule->draw.ppm = rule->draw.ppm < ppm ? ppm : rule->draw.ppm;
    return JIHE_OK;
}

jihe_status jh_run_extend(jh_run *out, const jh_run *base, const char *rate, const char *const *only, size_t only_count,
                          jh_arena *arena, jihe_error *err)
{
    uint32_t ppm = 0;
    bool raised = false;
    jihe_status st = check_names(base, only, only_count, err);

    if (st != JIHE_OK)
        return st;
    if (!jh_num_rate(rate, strlen(rate), &ppm) || ppm == 0 || ppm > 1000000)
        return jh_fail(err, JIHE_USAGE,
                       "rate: expected one above 0 and at most 100%%, like 15%% or 0.15, not finer than a millionth; "
                       "found '%s'",
                       rate);
    *out = *base;
    out->sequence = 0;
    out->extends = base->id;
    out->results = NULL;
    out->rules = JH_NEW(arena, jh_rule, base->rule_count + 1);
    if (out->rules == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "extending a run");
    for (size_t r = 0; st == JIHE_OK && r < base->rule_count; r++) {
        out->rules[r] = base->rules[r];
        if (can_rise(&base->rules[r].draw) && is_named(base->rules[r].id, only, only_count))
            st = raise_rule(&out->rules[r], ppm, &raised, arena, err);
    }
    if (st == JIHE_OK && !raised)
        return jh_fail(err, JIHE_USAGE, "no rule of run %s draws by a rate below %s; there is nothing to extend",
                       base->id, rate);
    return st;
}
