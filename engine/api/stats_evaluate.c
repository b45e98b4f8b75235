#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "api/plan_words.h"
#include "base/arena.h"
#include "base/error.h"
#include "jihe/stats.h"
#include "stats/argument.h"
#include "stats/binom.h"
#include "stats/hyper.h"
#include "stats/plan_attribute.h"
#include "stats/poisson.h"
#include "stats/stratified.h"
#include "stats/stringer.h"

/* Errors found, turned into an estimate and limits by the method that suits how they were found. */

static jihe_status check_confidence(double confidence, jihe_side side, jihe_error *err)
{
    if (side != JIHE_BOTH && confidence > 0 && confidence <= 0.5)
        return jh_fail(err, JIHE_USAGE,
                       "a confidence of %g; one limit alone takes more than 0.5, or it may miss the estimate",
                       confidence);
    return jh_check_confidence(confidence, err);
}

static jihe_status of_population(jihe_evaluation *out, jihe_side side, bool zh, jihe_error *err)
{
    uint64_t lower = out->errors, upper = out->population - out->sample + out->errors;
    jihe_status st;

    if (side == JIHE_BOTH)
        st = jh_hyper_limits(out->errors, out->sample, out->population, out->confidence, &lower, &upper, err);
    else if (side == JIHE_UPPER)
        st = jh_hyper_upper(out->errors, out->sample, out->population, out->confidence, &upper, err);
    else
        st = jh_hyper_lower(out->errors, out->sample, out->population, out->confidence, &lower, err);
    out->has_whole = 1;
    out->low = (double)lower;
    out->high = (double)upper;
    out->lower = fmin(out->low / (double)out->population, out->estimate);
    out->upper = fmax(out->high / (double)out->population, out->estimate);
    snprintf(out->method, sizeof out->method, "hypergeometric");
    snprintf(out->reason, sizeof out->reason,
             zh ? "总体大小已知，单据不放回抽取，因此超几何分布的界限是精确的，不会比声称的置信度低。"
                : "The size of the population is known and documents were drawn without replacement, so the "
                  "hypergeometric limits "
                  "are exact and never less certain than stated.");
    return st;
}

static jihe_status of_any(jihe_evaluation *out, jihe_side side, bool zh, jihe_error *err)
{
    const double k = (double)out->errors, n = (double)out->sample;
    jihe_status st;

    out->lower = 0;
    out->upper = 1;
    if (side == JIHE_BOTH)
        st = jh_binom_limits(k, n, out->confidence, &out->lower, &out->upper, err);
    else if (side == JIHE_UPPER)
        st = jh_binom_upper(k, n, out->confidence, &out->upper, err);
    else
        st = jh_binom_lower(k, n, out->confidence, &out->lower, err);
    snprintf(out->method, sizeof out->method, "clopper-pearson");
    snprintf(
        out->reason, sizeof out->reason,
        zh ? "未给出总体大小，按总体很大处理；Clopper-Pearson 界限无论真实差错率多少都不会比声称的置信度低（偏宽）。"
           : "No population was given, so it counts as very large; Clopper-Pearson limits are never less certain than "
             "stated, "
             "whatever the true rate is (they err to the wide side).");
    return st;
}

jihe_status jihe_evaluate(jihe_evaluation *out, uint64_t errors, uint64_t sample, uint64_t population,
                          double confidence, jihe_side side, const char *lang, jihe_error *err)
{
    jihe_evaluation made = {.errors = errors, .sample = sample, .population = population, .confidence = confidence};
    const uint64_t most = population > 0 ? JH_POPULATION_MAX : JH_PLAN_MAX;
    jihe_status st;

    if (sample == 0 || sample > most || errors > sample)
        return jh_fail(err, JIHE_USAGE,
                       "%" PRIu64 " errors in a sample of %" PRIu64 "; the sample must be 1 to %" PRIu64
                       ", and errors no more",
                       errors, sample, most);
    if (population > 0 && sample > population)
        return jh_fail(err, JIHE_USAGE,
                       "a sample of %" PRIu64 " out of a population of %" PRIu64 "; it cannot be larger", sample,
                       population);
    if ((st = check_confidence(confidence, side, err)) != JIHE_OK)
        return st;
    made.estimate = (double)errors / (double)sample;
    st = population > 0 ? of_population(&made, side, jh_is_zh(lang), err) : of_any(&made, side, jh_is_zh(lang), err);
    if (st == JIHE_OK)
        *out = made;
    return st;
}

jihe_status jihe_evaluate_findings(jihe_evaluation *out, uint64_t findings, uint64_t sample, double confidence,
                                   jihe_side side, const char *lang, jihe_error *err)
{
    const double count = (double)findings, n = (double)sample;
    jihe_evaluation made = {.errors = findings, .sample = sample, .confidence = confidence, .estimate = count / n};
    double low = 0, high = INFINITY;
    jihe_status st = check_confidence(confidence, side, err);

    if (st != JIHE_OK)
        return st;
    if (sample == 0 || sample > JH_PLAN_MAX || findings > JH_PLAN_MAX)
        return jh_fail(err, JIHE_USAGE,
                       "%" PRIu64 " findings in a sample of %" PRIu64 "; the sample must be 1 to %" PRIu64
                       ", findings no more",
                       findings, sample, JH_PLAN_MAX);
    /* A limit at `confidence` on one side alone is one of the two at 2 confidence - 1. */
    st = jh_poisson_limits(count, side == JIHE_BOTH ? confidence : 1 - 2 * jh_tail_of(confidence), &low, &high, err);
    made.lower = side == JIHE_UPPER ? 0 : low / n;
    made.upper = side == JIHE_LOWER ? INFINITY : high / n;
    snprintf(made.method, sizeof made.method, "garwood");
    snprintf(
        made.reason, sizeof made.reason,
        jh_is_zh(lang)
            ? "一张单据可有多处差错，按每张单据的差错数计：Garwood 界限假定差错彼此独立出现，此时不会比声称的置信度低；"
              "差错若成群出现，则偏窄。"
            : "A document may have several findings, so they are counted per document: Garwood's limits are never less "
              "certain than stated when findings come independently; where they come in clusters they are too narrow.");
    if (st == JIHE_OK)
        *out = made;
    return st;
}

jihe_status jihe_evaluate_strata(jihe_evaluation *out, const jihe_stratum *strata, size_t count, double confidence,
                                 jihe_side side, const char *lang, jihe_error *err)
{
    jh_sampled *sampled = calloc(count + 1, sizeof *sampled);
    jihe_evaluation made = {.confidence = confidence};
    jh_measured rate;
    jihe_status st = check_confidence(confidence, side, err);

    if (sampled == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for %zu strata", count);
    for (size_t h = 0; h < count && st == JIHE_OK; h++) {
        if (strata[h].population > JH_POPULATION_MAX)
            st = jh_fail(err, JIHE_USAGE, "stratum %zu: %" PRIu64 " documents; at most %" PRIu64, h + 1,
                         strata[h].population, JH_POPULATION_MAX);
        sampled[h] = (jh_sampled){strata[h].population, strata[h].sample, strata[h].errors};
        made.population += strata[h].population;
        made.sample += strata[h].sample;
        made.errors += strata[h].errors;
    }
    /* A limit at `confidence` on one side alone is one of the two at 2 confidence - 1. */
    const double pair = side == JIHE_BOTH ? confidence : 1 - 2 * jh_tail_of(confidence);
    if (st == JIHE_OK && (st = jh_stratified_rate(sampled, count, &rate, err)) == JIHE_OK)
        st = jh_korn_graubard(sampled, count, pair, &made.lower, &made.upper, err);
    free(sampled);
    if (st != JIHE_OK)
        return st;
    made.estimate = rate.value;
    if (side == JIHE_UPPER)
        made.lower = 0;
    if (side == JIHE_LOWER)
        made.upper = 1;
    made.has_whole = 1;
    made.low = floor(made.lower * (double)made.population + 1e-6); /* the product is a little off */
    made.high = ceil(made.upper * (double)made.population - 1e-6);
    snprintf(made.method, sizeof made.method, "korn-graubard");
    snprintf(made.reason, sizeof made.reason,
             jh_is_zh(lang)
                 ? "各层抽样比例不同，不能直接合并：每层按其单据数加权；Korn-Graubard "
                   "界限在差错很少时仍然可靠，正态界限则偏窄。"
                 : "Strata were sampled at different rates, so they are weighted by their size, never pooled; Korn and "
                   "Graubard's limits hold for rare errors, where normal ones are too narrow.");
    *out = made;
    return JIHE_OK;
}

struct found {
    double *taints; /* of each unit that fell on an overstated item; arena */
    size_t count;
    uint64_t hits, understated; /* money-units, and those of them on items that should have been more */
};

static jihe_status find_taints(const jihe_money_item *items, size_t count, jh_arena *arena, struct found *found,
                               jihe_error *err)
{
    enum { MOST_HITS = 10000000 };

    for (size_t i = 0; i < count; i++) {
        if (!(items[i].book > 0 && isfinite(items[i].book) && isfinite(items[i].audited)))
            return jh_fail(err, JIHE_USAGE,
                           "item %zu: book value %.17g, audited %.17g; a drawn item has a book value above 0", i + 1,
                           items[i].book, items[i].audited);
        if (items[i].hits > MOST_HITS || (found->hits += items[i].hits) > MOST_HITS)
            return jh_fail(err, JIHE_USAGE, "item %zu: %" PRIu64 " hits; at most %d money-units in all", i + 1,
                           items[i].hits, MOST_HITS);
    }
    found->taints = JH_NEW(arena, double, found->hits + 1);
    if (found->taints == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for %" PRIu64 " money-units", found->hits);
    for (size_t i = 0; i < count; i++) {
        found->understated += items[i].audited > items[i].book ? items[i].hits : 0;
        for (uint64_t hit = 0; hit < items[i].hits && items[i].audited < items[i].book; hit++)
            found->taints[found->count++] = (items[i].book - items[i].audited) / items[i].book;
    }
    return JIHE_OK;
}

static void say_money(jihe_evaluation *out, uint64_t understated, bool zh)
{
    snprintf(out->method, sizeof out->method, "stringer");
    snprintf(out->reason, sizeof out->reason,
             zh ? "货币单位按金额成比例抽取，差错多为部分错报：Stringer "
                  "上限按每个单位的错报比例计，从未见其低于声称的置信度（偏高）。"
                  "被低估的 %" PRIu64 " 个单位按无误计，须另行评价。"
                : "Money-units were drawn in proportion to amounts and are misstated in part: Stringer's upper limit "
                  "takes each by "
                  "its misstated share, and was never seen less certain than stated (it errs high). %" PRIu64
                  " understated units count as correct and need a look of their own.",
             understated);
}

jihe_status jihe_evaluate_money(jihe_evaluation *out, const jihe_money_item *items, size_t count, uint64_t sample,
                                double total, double confidence, const char *lang, jihe_error *err)
{
    jihe_evaluation made = {.confidence = confidence};
    struct found found = {NULL, 0, 0, 0};
    jh_arena arena;
    jihe_status st;

    if (!(total >= 0 && isfinite(total)))
        return jh_fail(err, JIHE_USAGE, "a book value of %.17g", total);
    if ((st = check_confidence(confidence, JIHE_UPPER, err)) != JIHE_OK)
        return st;
    jh_arena_init(&arena, 0);
    if ((st = find_taints(items, count, &arena, &found, err)) == JIHE_OK) {
        made.sample = sample > 0 ? sample : found.hits;
        made.errors = found.count;
        if (found.hits > made.sample)
            st = jh_fail(err, JIHE_USAGE, "the items were hit by %" PRIu64 " money-units, but the sample is %" PRIu64,
                         found.hits, made.sample);
        else
            st = jh_stringer_upper(found.taints, found.count, made.sample, confidence, false, &arena, &made.upper,
                                   &made.estimate, err);
    }
    jh_arena_deinit(&arena);
    if (st != JIHE_OK)
        return st;
    made.has_whole = total > 0;
    made.high = made.upper * total;
    say_money(&made, found.understated, jh_is_zh(lang));
    *out = made;
    return JIHE_OK;
}
