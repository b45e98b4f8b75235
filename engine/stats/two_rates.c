#include "stats/two_rates.h"

#include <inttypes.h>
#include <math.h>

#include "base/num.h"
#include "stats/argument.h"
#include "stats/normal.h"

static const uint64_t max_documents = 1000000000;

static jihe_status check_group(int number, uint64_t errors, uint64_t inspected, jihe_error *err)
{
    if (inspected == 0)
        return jh_fail(err, JIHE_USAGE, "group %d has no inspected documents and so no rate", number);
    if (errors > inspected)
        return jh_fail(err, JIHE_USAGE,
                       "group %d has %" PRIu64 " errors in %" PRIu64
                       " documents; errors must be between 0 and the documents",
                       number, errors, inspected);
    if (inspected > max_documents)
        return jh_fail(err, JIHE_USAGE, "group %d has %" PRIu64 " documents; at most 10^9 can be compared", number,
                       inspected);
    return JIHE_OK;
}

static jihe_status check_rates(const jh_two_rates *rates, jihe_error *err)
{
    jihe_status st;

    if ((st = check_group(1, rates->errors1, rates->inspected1, err)) != JIHE_OK ||
        (st = check_group(0, rates->errors0, rates->inspected0, err)) != JIHE_OK)
        return st;
    if (rates->inspected1 + rates->inspected0 > max_documents)
        return jh_fail(err, JIHE_USAGE, "%" PRIu64 " documents in both groups; at most 10^9 can be compared",
                       rates->inspected1 + rates->inspected0);
    return JIHE_OK;
}

/* The tables with the observed sums: x errors in group 1, first <= x <= last. */
struct tables {
    uint64_t group, errors, others; /* documents in group 1, errors in all, documents in group 0 */
    uint64_t first, last, mode;
};

static struct tables tables_of(const jh_two_rates *rates)
{
    struct tables t = {
        .group = rates->inspected1, .errors = rates->errors1 + rates->errors0, .others = rates->inspected0};

    t.first = t.errors > t.others ? t.errors - t.others : 0;
    t.last = t.errors < t.group ? t.errors : t.group;
    t.mode = (t.group + 1) * (t.errors + 1) / (t.group + t.others + 2);
    return t;
}

/* Probability of x + 1 over that of x. */
static double step(const struct tables *t, uint64_t x)
{
    return (double)(t->group - x) * (double)(t->errors - x) /
           ((double)(x + 1) * (double)(t->others + x + 1 - t->errors));
}

/* Terms below this share of the largest one are left out: they are too small for a double's reach. */
static const double negligible = 1e-305;

/* Probability of x, that of the mode being 1. */
static double weight(const struct tables *t, uint64_t x)
{
    double w = 1;

    for (uint64_t at = t->mode; at < x && w > negligible; at++)
        w *= step(t, at);
    for (uint64_t at = t->mode; at > x && w > negligible; at--)
        w /= step(t, at - 1);
    return w > negligible ? w : 0;
}

struct sums {
    double above, at, below; /* of x > observed, = observed, < observed */
    double rare;             /* of those not more probable */
};

static void add(struct sums *sums, uint64_t x, double w, uint64_t observed, double limit)
{
    if (x > observed)
        sums->above += w;
    else if (x < observed)
        sums->below += w;
    else
        sums->at = w;
    if (w <= limit)
        sums->rare += w;
}

jihe_status jh_fisher_test(jh_fisher *out, const jh_two_rates *rates, jihe_error *err)
{
    struct sums sums = {0, 0, 0, 0};
    const jihe_status st = check_rates(rates, err);

    if (st != JIHE_OK)
        return st;
    const struct tables t = tables_of(rates);
    const double limit = weight(&t, rates->errors1) * (1 + 1e-10);

    double w = 1;
    for (uint64_t x = t.mode; w > negligible; w *= step(&t, x), x++) {
        add(&sums, x, w, rates->errors1, limit);
        if (x == t.last)
            break;
    }
    w = 1;
    for (uint64_t x = t.mode; x > t.first && w > negligible; x--) {
        w /= step(&t, x - 1);
        add(&sums, x - 1, w, rates->errors1, limit);
    }
    const double all = sums.above + sums.at + sums.below;

    out->greater = fmin(1, (sums.above + sums.at) / all);
    out->less = fmin(1, (sums.below + sums.at) / all);
    out->two_sided = fmin(1, sums.rare / all);
    return JIHE_OK;
}

struct interval {
    double rate, lower, upper;
};

/* E. B. Wilson (1927), JASA 22, 209-212. */
static struct interval wilson(uint64_t errors, uint64_t inspected, double z)
{
    const double n = (double)inspected, rate = (double)errors / n, square = z * z / n;
    const double center = (rate + square / 2) / (1 + square);
    const double half = z * sqrt(rate * (1 - rate) / n + square / n / 4) / (1 + square);

    return (struct interval){rate, errors == 0 ? 0 : center - half, errors == inspected ? 1 : center + half};
}

jihe_status jh_newcombe_limits(double *lower, double *upper, const jh_two_rates *rates, double conf, jihe_error *err)
{
    jihe_status st;

    if ((st = check_rates(rates, err)) != JIHE_OK || (st = jh_check_confidence(conf, err)) != JIHE_OK)
        return st;
    const double z = jh_normal_quantile_upper(jh_tail_of(conf) / 2);
    const struct interval one = wilson(rates->errors1, rates->inspected1, z);
    const struct interval zero = wilson(rates->errors0, rates->inspected0, z);
    const double difference = one.rate - zero.rate;

    *lower = fmax(-1, difference - hypot(one.rate - one.lower, zero.upper - zero.rate));
    *upper = fmin(1, difference + hypot(one.upper - one.rate, zero.rate - zero.lower));
    return JIHE_OK;
}

jihe_status jh_pooled_z(double *z, const jh_two_rates *rates, jihe_error *err)
{
    const jihe_status st = check_rates(rates, err);

    if (st != JIHE_OK)
        return st;
    const uint64_t wrong = rates->errors1 + rates->errors0, all = rates->inspected1 + rates->inspected0;
    const jh_i128 apart =
        (jh_i128)rates->errors1 * (jh_i128)rates->inspected0 - (jh_i128)rates->errors0 * (jh_i128)rates->inspected1;
    const double pairs = (double)rates->inspected1 * (double)rates->inspected0;
    const double spread = (double)wrong * (double)(all - wrong) * (pairs / (double)all);

    *z = spread > 0 ? (double)apart / sqrt(spread) : 0;
    return JIHE_OK;
}
