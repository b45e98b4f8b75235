#ifndef JH_SAMPLE_QUOTA_H
#define JH_SAMPLE_QUOTA_H

#include <stdint.h>

#include "rule/rulefile.h"

/* ceil(rate * documents) in whole numbers, rate in parts per million (oracle quota_ceil). */
uint64_t jh_quota_rate(uint32_t ppm, uint64_t documents);

/* How many documents a draw takes from a stratum of `documents`. `value` is the stratum's value where the draw has
 * per-stratum rates, NULL when that value is missing. at_most is applied before at_least; never more than there are. */
uint64_t jh_quota(const jh_draw *draw, const char *value, uint64_t documents);

#endif
