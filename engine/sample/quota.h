#ifndef JH_SAMPLE_QUOTA_H
#define JH_SAMPLE_QUOTA_H

#include <stdint.h>

#include "rule/rulefile.h"
#include "sample/past.h"
#include "sample/strata.h"

/* ceil(rate * documents) in whole numbers, rate in parts per million (oracle quota_ceil). */
uint64_t jh_quota_rate(uint32_t ppm, uint64_t documents);

/* Of the next `documents` of a period in which there were `before` already, so many that the period as a whole comes to
 * exactly ceil(rate * all), however small the pieces (oracle quota_cumulative). */
uint64_t jh_quota_cumulative(uint32_t ppm, uint64_t before, uint64_t documents);

/* How many documents a draw of kind ALL, RATE or COUNT takes from a stratum of `documents` by itself. `value` is the
 * stratum's value where the draw has per-stratum rates, NULL when that value is missing. at_most is applied before
 * at_least; never more than there are. */
uint64_t jh_quota(const jh_draw *draw, const char *value, uint64_t documents);

/* Does some stratum have the value that draw->rates[rate] names? */
bool jh_quota_rate_used(const jh_strata *strata, const jh_draw *draw, size_t rate);

/* First and last day of the period that `day` is in; a week begins on Monday. */
void jh_period_days(jh_period period, int32_t day, int32_t *first, int32_t *last);

/* Sets the quota of every stratum; of money draws, an upper bound. `last` is the run's last date. With a period,
 *   rate   takes what jh_quota_cumulative says;
 *   each   takes what is missing to ceil(n * days of the period gone / its days), so that the sample is spread over the
 *          period and what a quiet week left out is made up for. */
jihe_status jh_quota_fill(jh_strata *strata, const jh_draw *draw, const jh_past *past, int32_t last, jihe_error *err);

#endif
