#include "rate/tally.h"

#include "stats/binom.h"

static const double confidence = 0.95;

void jh_tally_add(jh_tally *tally, double p, bool in_rule, bool out_of_rule)
{
    const double weight = 1.0 / p;

    if (tally->inspected == 0 || weight < tally->smallest)
        tally->smallest = weight;
    if (weight > tally->largest)
        tally->largest = weight;
    tally->inspected++;
    tally->weight += weight;
    tally->weight_squared += weight * weight;
    tally->errors[0] += in_rule;
    tally->errors[1] += out_of_rule;
    tally->weighted_errors[0] += in_rule ? weight : 0.0;
    tally->weighted_errors[1] += out_of_rule ? weight : 0.0;
}

bool jh_tally_weighted(const jh_tally *tally)
{
    return tally->largest > tally->smallest;
}

jihe_status jh_tally_estimate(const jh_tally *tally, int which, jh_estimate *out, jihe_error *err)
{
    double sample = (double)tally->inspected, errors = (double)tally->errors[which];

    out->rate = errors / sample;
    if (jh_tally_weighted(tally)) {
        sample = tally->weight * tally->weight / tally->weight_squared;
        out->rate = tally->weighted_errors[which] / tally->weight;
        errors = out->rate * sample;
    }
    return jh_binom_limits(errors < sample ? errors : sample, sample, confidence, &out->low, &out->high, err);
}
