#include "oracle.h"

#include <string.h>

#include "base/pcg.h"
#include "sample/allocation.h"
#include "sample/inclusion.h"
#include "sample/interval.h"
#include "sample/quota.h"
#include "sample/sieve.h"

/* A decimal below 1 or equal, as parts per million. */
static uint32_t rate_of(oracle_row *row, const char *name)
{
    const char *text = oracle_text(row, name);
    uint32_t ppm = 0;

    if (!jh_num_rate(text, strlen(text), &ppm))
        oracle_fail(row, "'%s' is no rate in parts per million", text);
    return ppm;
}

static void quota_ceil(oracle_row *row)
{
    oracle_give_count(row, jh_quota_rate(rate_of(row, "rate"), oracle_count(row, "N")));
}

static void quota_cumulative(oracle_row *row)
{
    const uint32_t ppm = rate_of(row, "rate");
    uint64_t *days, before = 0;
    const size_t count = oracle_counts(row, "daily_N", &days);

    for (size_t d = 0; d < count; before += days[d++])
        oracle_give_count(row, jh_quota_cumulative(ppm, before, days[d]));
}

static void allocate(oracle_row *row, const uint32_t *spreads)
{
    jihe_error err = {0};
    uint64_t *sizes;
    const size_t count = oracle_counts(row, "N_h", &sizes);
    uint64_t *quotas = JH_NEW(row->arena, uint64_t, count + 1);
    const jihe_status st = jh_allocate(quotas, sizes, spreads, count, oracle_count(row, "n"), &err);

    oracle_check(row, st, &err);
    for (size_t h = 0; st == JIHE_OK && h < count; h++)
        oracle_give_count(row, quotas[h]);
}

static void alloc_proportional(oracle_row *row)
{
    allocate(row, NULL);
}

static void alloc_neyman(oracle_row *row)
{
    jh_decimal *given;
    const size_t count = oracle_decimals(row, "S_h", &given);
    uint32_t *spreads = JH_NEW(row->arena, uint32_t, count + 1);

    for (size_t h = 0; h < count; h++) {
        int64_t ppm = 0;

        if (!jh_num_scale_floor(given[h], 6, &ppm) || ppm < 0 || ppm > 1000000)
            oracle_fail(row, "S_h %zu is no whole number of millionths", h);
        spreads[h] = (uint32_t)ppm;
    }
    allocate(row, spreads);
}

static void pps_inclusion(oracle_row *row)
{
    jihe_error err = {0};
    uint64_t *sizes;
    const size_t count = oracle_counts(row, "sizes", &sizes);
    jh_stratum stratum = {.documents = count};

    for (size_t i = 0; i < count; i++)
        stratum.amount += sizes[i];
    const jihe_status st = jh_sieve_certainties(&stratum, sizes, count, oracle_count(row, "n"), &err);

    oracle_check(row, st, &err);
    for (size_t i = 0; st == JIHE_OK && i < count; i++)
        oracle_give(row, jh_sieve_chance(&stratum, sizes[i]));
}

static void interval_records(oracle_row *row)
{
    const uint64_t documents = oracle_count(row, "N"), n = oracle_count(row, "n");
    const jh_decimal start = oracle_decimal(row, "start");
    uint64_t *ones = JH_NEW(row->arena, uint64_t, documents + 1), per = 1;
    uint32_t *hits = JH_NEW(row->arena, uint32_t, documents + 1);

    for (uint32_t s = 0; s < start.scale; s++)
        per *= 10;
    for (uint64_t i = 0; i < documents; i++)
        ones[i] = 1;
    jh_interval_fixed(hits, ones, documents, n, (jh_u128)start.digits * n, per);
    for (uint64_t i = 0; i < documents; i++)
        if (hits[i] > 0)
            oracle_give_count(row, i + 1);
}

static void mus_interval(oracle_row *row)
{
    const uint64_t n = oracle_count(row, "n");
    int64_t *given;
    const size_t count = oracle_wholes(row, "amounts_cents", &given);
    uint64_t *amounts = JH_NEW(row->arena, uint64_t, count + 1);
    uint32_t *hits = JH_NEW(row->arena, uint32_t, count + 1);

    for (size_t i = 0; i < count; i++)
        amounts[i] = given[i] > 0 ? (uint64_t)given[i] : 0;
    jh_interval_fixed(hits, amounts, count, n, (jh_u128)oracle_count(row, "start_cents") * n, 1);
    for (size_t i = 0; i < count; i++)
        oracle_give_count(row, hits[i]);
}

static jh_pcg32 generator(oracle_row *row)
{
    jh_pcg32 rng;

    jh_pcg32_seed(&rng, oracle_count(row, "seed"), oracle_count(row, "seq"));
    return rng;
}

static void pcg32_next(oracle_row *row)
{
    jh_pcg32 rng = generator(row);

    for (int i = 0; i < 8; i++)
        oracle_give_count(row, jh_pcg32_next(&rng));
}

static void pcg32_advance(oracle_row *row)
{
    jh_pcg32 rng = generator(row);

    jh_pcg32_advance(&rng, oracle_count(row, "arg"));
    for (int i = 0; i < 4; i++)
        oracle_give_count(row, jh_pcg32_next(&rng));
}

static void pcg32_bounded(oracle_row *row)
{
    jh_pcg32 rng = generator(row);
    const uint32_t bound = (uint32_t)oracle_count(row, "arg");

    for (int i = 0; bound > 0 && i < 12; i++)
        oracle_give_count(row, jh_pcg32_below(&rng, bound));
}

static void srswor(oracle_row *row)
{
    jh_pcg32 rng = generator(row);
    uint64_t *arg;

    if (oracle_counts(row, "arg", &arg) != 2 || arg[1] > arg[0]) {
        oracle_fail(row, "arg is not N;n");
        return;
    }
    uint32_t *items = JH_NEW(row->arena, uint32_t, arg[0] + 1);

    for (uint32_t i = 0; i < arg[0]; i++)
        items[i] = i;
    jh_pcg32_sample(&rng, items, arg[0], arg[1]);
    for (uint64_t i = 0; i < arg[1]; i++)
        oracle_give_count(row, items[i]);
}

static void unite(oracle_row *row, bool own)
{
    jh_inclusion inclusion = jh_inclusion_none();
    double *p;
    const size_t count = oracle_doubles(row, "pi_r", &p);

    for (size_t r = 0; r < count; r++)
        jh_inclusion_add(&inclusion, p[r], own);
    oracle_give(row, jh_inclusion_union(&inclusion));
}

static void union_pi_independent(oracle_row *row)
{
    unite(row, true);
}

static void union_pi_shared_prn(oracle_row *row)
{
    unite(row, false);
}

const oracle_function oracle_draws[] = {
    {"quota_ceil", quota_ceil},
    {"quota_cumulative", quota_cumulative},
    {"alloc_proportional", alloc_proportional},
    {"alloc_neyman", alloc_neyman},
    {"pps_inclusion", pps_inclusion},
    {"interval_records", interval_records},
    {"mus_interval", mus_interval},
    {"pcg32_next", pcg32_next},
    {"pcg32_advance_then_next", pcg32_advance},
    {"pcg32_bounded", pcg32_bounded},
    {"srswor_partial_fisher_yates", srswor},
    {"union_pi_independent", union_pi_independent},
    {"union_pi_shared_prn", union_pi_shared_prn},
    {NULL, NULL},
};
