#include "stats/hyper.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>

#include "base/num.h"
#include "stats/argument.h"
#include "stats/stirling.h"

/* P(X = x). The four cells of the table (wrong or not, drawn or not) lie equally far from their means, by a distance
 * that whole numbers give exactly; so the large parts of the nine factorials' logarithms cancel before they are taken.
 */
static double density(uint64_t x, const jh_lot *lot)
{
    const uint64_t N = lot->population, K = lot->wrong, n = lot->sample;
    /* wrong drawn, wrong not drawn, right drawn, right not drawn; the last two margins are drawn and not drawn */
    const double cells[4] = {(double)x, (double)(K - x), (double)(n - x), (double)(N - K - (n - x))};
    const double margins[4] = {(double)K, (double)(N - K), (double)n, (double)(N - n)};
    const double beyond = (double)((jh_i128)K * n - (jh_i128)x * N) / (double)N;
    double exponent = -jh_factorial_rest((double)N);

    for (int i = 0; i < 4; i++) {
        const double mean = margins[i / 2] * margins[2 + i % 2] / (double)N;

        exponent += jh_factorial_rest(margins[i]) - jh_factorial_rest(cells[i]);
        exponent -= jh_count_deviance(cells[i], mean, i == 0 || i == 3 ? beyond : -beyond);
    }
    return exp(exponent);
}

/* P(X <= x), summed downwards; quick where x is below the mean. */
static double sum_down(uint64_t x, const jh_lot *lot)
{
    const double wrong = (double)lot->wrong, sample = (double)lot->sample;
    const double rest = (double)lot->population - wrong - sample;
    double term = density(x, lot), sum = term;

    for (double j = (double)x; j > 0 && term > sum * 1e-17; j -= 1) {
        term *= j * (rest + j) / ((wrong - j + 1) * (sample - j + 1)); /* 0 at the least possible count */
        sum += term;
    }
    return sum;
}

/* P(X >= x), summed upwards. */
static double sum_up(uint64_t x, const jh_lot *lot)
{
    const double wrong = (double)lot->wrong, sample = (double)lot->sample;
    const double rest = (double)lot->population - wrong - sample;
    double term = density(x, lot), sum = term;

    for (double j = (double)x; term > sum * 1e-17; j += 1) {
        term *= (wrong - j) * (sample - j) / ((j + 1) * (rest + j + 1)); /* 0 at the most possible count */
        sum += term;
    }
    return sum;
}

static uint64_t least_possible(const jh_lot *lot)
{
    const uint64_t right = lot->population - lot->wrong;

    return lot->sample > right ? lot->sample - right : 0;
}

static uint64_t most_possible(const jh_lot *lot)
{
    return lot->sample < lot->wrong ? lot->sample : lot->wrong;
}

static bool below_mean(uint64_t errors, const jh_lot *lot)
{
    return (jh_u128)errors * lot->population <= (jh_u128)lot->sample * lot->wrong;
}

double jh_hyper_at_most(uint64_t errors, const jh_lot *lot)
{
    if (errors < least_possible(lot))
        return 0;
    if (errors >= most_possible(lot))
        return 1;
    return below_mean(errors, lot) ? sum_down(errors, lot) : 1 - sum_up(errors + 1, lot);
}

double jh_hyper_at_least(uint64_t errors, const jh_lot *lot)
{
    if (errors <= least_possible(lot))
        return 1;
    if (errors > most_possible(lot))
        return 0;
    return below_mean(errors, lot) ? 1 - sum_down(errors - 1, lot) : sum_up(errors, lot);
}

static jihe_status check(uint64_t errors, uint64_t sample, uint64_t population, double conf, jihe_error *err)
{
    if (population == 0 || population > JH_POPULATION_MAX)
        return jh_fail(err, JIHE_USAGE, "a population of %" PRIu64 " documents; it must be 1 to %" PRIu64, population,
                       JH_POPULATION_MAX);
    if (sample > population)
        return jh_fail(err, JIHE_USAGE, "a sample of %" PRIu64 " out of %" PRIu64 " documents; it cannot be larger",
                       sample, population);
    if (errors > sample)
        return jh_fail(err, JIHE_USAGE,
                       "%" PRIu64 " errors in a sample of %" PRIu64 "; errors must be between 0 and the sample", errors,
                       sample);
    return jh_check_confidence(conf, err);
}

/* The largest K whose P(X <= errors) exceeds the tail. It falls with K and is 1 at the least K. */
static uint64_t upper_limit(uint64_t errors, uint64_t sample, uint64_t population, double tail)
{
    uint64_t low = errors, high = population - sample + errors; /* low holds; above high nothing is possible */

    while (low < high) {
        const uint64_t middle = high - (high - low) / 2;
        const jh_lot lot = {sample, middle, population};

        if (jh_at_most(jh_hyper_at_most(errors, &lot), tail))
            high = middle - 1;
        else
            low = middle;
    }
    return low;
}

jihe_status jh_hyper_limits(uint64_t errors, uint64_t sample, uint64_t population, double conf, uint64_t *lower,
                            uint64_t *upper, jihe_error *err)
{
    const jihe_status status = check(errors, sample, population, conf, err);
    const double tail = jh_tail_of(conf) / 2;

    if (status != JIHE_OK)
        return status;
    *upper = upper_limit(errors, sample, population, tail);
    *lower = population - upper_limit(sample - errors, sample, population, tail); /* right and wrong change places */
    return JIHE_OK;
}

jihe_status jh_hyper_upper(uint64_t errors, uint64_t sample, uint64_t population, double conf, uint64_t *upper,
                           jihe_error *err)
{
    const jihe_status status = check(errors, sample, population, conf, err);

    if (status == JIHE_OK)
        *upper = upper_limit(errors, sample, population, jh_tail_of(conf));
    return status;
}

jihe_status jh_hyper_lower(uint64_t errors, uint64_t sample, uint64_t population, double conf, uint64_t *lower,
                           jihe_error *err)
{
    const jihe_status status = check(errors, sample, population, conf, err);

    if (status == JIHE_OK)
        *lower = population - upper_limit(sample - errors, sample, population, jh_tail_of(conf));
    return status;
}
