#include "stats/volume_jump.h"

#include <inttypes.h>
#include <math.h>

#include "base/num.h"
#include "stats/beta.h"
#include "stats/rate_ratio.h"

static const uint64_t largest_count = 1000000000, largest_exposure = UINT64_C(1) << 40;
static const double million = 1e6;
static const uint32_t largest_ratio = 1000000000;

static jihe_status check_period(size_t number, uint64_t count, uint64_t exposure, jihe_error *err)
{
    if (exposure == 0)
        return jh_fail(err, JIHE_USAGE, "period %zu has no exposure; leave it out", number);
    if (exposure > largest_exposure || count > largest_count)
        return jh_fail(err, JIHE_USAGE,
                       "period %zu has %" PRIu64 " documents and an exposure of %" PRIu64
                       " millionths of a day; at most 10^9 and 2^40 can be compared",
                       number, count, exposure);
    return JIHE_OK;
}

jihe_status jh_volume_baseline_make(jh_volume_baseline *out, const jh_volume_person *person, jihe_error *err)
{
    jh_volume_baseline sum = {0, 0, 0};
    jihe_status st;

    if (person->periods == 0 || person->periods > JH_VOLUME_MAX_PERIODS)
        return jh_fail(err, JIHE_USAGE, "a baseline of %zu periods; it must have 1 to %d", person->periods,
                       JH_VOLUME_MAX_PERIODS);
    for (size_t t = 0; t < person->periods; t++) {
        if ((st = check_period(t + 1, person->counts[t], person->exposures[t], err)) != JIHE_OK)
            return st;
        sum.count += person->counts[t];
        sum.exposure += person->exposures[t];
    }
    if ((st = check_period(person->periods + 1, person->count, person->exposure, err)) != JIHE_OK)
        return st;
    for (size_t t = 0; t < person->periods && sum.count > 0; t++) {
        const jh_i128 beyond = (jh_i128)person->counts[t] * sum.exposure - (jh_i128)sum.count * person->exposures[t];

        sum.chisq += (double)beyond / (double)person->exposures[t] * (double)beyond;
    }
    if (sum.count > 0)
        sum.chisq /= (double)sum.count * (double)sum.exposure;
    *out = sum;
    return JIHE_OK;
}

/* A negative binomial count, with a mean and a variance over mean of 1 + excess. */
struct volume {
    double mean, excess;
};

static struct volume volume_of(const jh_volume_baseline *baseline, const jh_volume_person *person, double phi,
                               double ratio)
{
    const double share = ratio * ((double)person->exposure / (double)baseline->exposure);

    return (struct volume){((double)baseline->count + 0.5) * share, phi - 1 + phi * share};
}

/* P(X >= count) = I_x(count, size) with x = excess / (1 + excess) and size = mean / excess; from x or from 1 - x,
 * whichever is small. */
static double at_least(struct volume v, double count)
{
    const double size = v.mean / v.excess;

    if (count <= 0)
        return 1;
    return v.excess < 1 ? jh_beta_lower(v.excess / (1 + v.excess), count, size)
                        : jh_beta_upper(1 / (1 + v.excess), size, count);
}

static double at_most(struct volume v, double count)
{
    const double size = v.mean / v.excess;

    return v.excess < 1 ? jh_beta_upper(v.excess / (1 + v.excess), count + 1, size)
                        : jh_beta_lower(1 / (1 + v.excess), size, count + 1);
}

void jh_volume_jump_judge(jh_volume_jump *out, const jh_volume_baseline *baseline, const jh_volume_person *person,
                          const jh_volume_prior *prior)
{
    const double freedom = (double)(person->periods - 1), known = prior->weight + freedom;
    const double ratio = prior->ratio_ppm / million;
    const double count = (double)person->count;

    out->dispersion = freedom > 0 ? baseline->chisq / freedom : 0;
    out->phi = known > 0 ? fmax(1, (prior->weight * prior->group_dispersion + baseline->chisq) / known) : 1;
    out->ratio = count / (double)person->exposure / ((double)baseline->count / (double)baseline->exposure);

    const struct volume up = volume_of(baseline, person, out->phi, ratio);
    const struct volume down = volume_of(baseline, person, out->phi, 1 / ratio);

    out->mean = up.mean;
    out->variance_factor = 1 + up.excess;
    out->p_up = fmax(0, fmin(1, at_least(up, count)));
    out->p_down = fmax(0, fmin(1, at_most(down, count)));
}

jihe_status jh_volume_jump_test(jh_volume_jump *out, const jh_volume_person *person, const jh_volume_prior *prior,
                                jihe_error *err)
{
    jh_volume_baseline baseline;
    const jihe_status st = jh_volume_baseline_make(&baseline, person, err);

    if (st != JIHE_OK)
        return st;
    if (!(prior->group_dispersion >= 0 && isfinite(prior->group_dispersion)))
        return jh_fail(err, JIHE_USAGE, "group dispersion %.17g; it must be 0 or more", prior->group_dispersion);
    if (!(prior->weight >= 0 && isfinite(prior->weight)))
        return jh_fail(err, JIHE_USAGE, "weight %.17g of the group's dispersion; it must be 0 or more", prior->weight);
    if (prior->ratio_ppm < 1000000 || prior->ratio_ppm > largest_ratio)
        return jh_fail(err, JIHE_USAGE, "acceptable ratio of %" PRIu32 " ppm; it must be from 1 to 1000",
                       prior->ratio_ppm);
    jh_volume_jump_judge(out, &baseline, person, prior);
    return JIHE_OK;
}

jihe_status jh_volume_limits(double *lower, double *upper, const jh_volume_baseline *baseline,
                             const jh_volume_person *person, double phi, double conf, jihe_error *err)
{
    const jh_rate_ratio_data data = {.count1 = (double)person->count / phi,
                                     .exposure1 = (double)person->exposure / million,
                                     .count0 = (double)baseline->count / phi,
                                     .exposure0 = (double)baseline->exposure / million};

    return jh_rate_ratio_limits(lower, upper, &data, conf, err);
}
