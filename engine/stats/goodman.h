#ifndef JH_STATS_GOODMAN_H
#define JH_STATS_GOODMAN_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Simultaneous limits of the shares of several outcomes (ok, in-rule, out-of-rule, both): all of them hold together
 * with confidence conf, because each is a Wilson interval at 1 - (1 - conf) / count.
 *
 *   counts  of each outcome; their sum > 0
 *   count   of outcomes, >= 2
 *   lower, upper  count each
 *
 * JIHE_USAGE when an argument is out of range; the results are then untouched.
 * Source: L. Goodman (1965), Technometrics 7, 247-254. An approximation like Wilson's; too narrow for outcomes seen
 * fewer than about five times. */
jihe_status jh_goodman_limits(const uint64_t *counts, size_t count, double conf, double *lower, double *upper,
                              jihe_error *err);

#endif
