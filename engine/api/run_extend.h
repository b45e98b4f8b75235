#ifndef JH_API_RUN_EXTEND_H
#define JH_API_RUN_EXTEND_H

#include "ledger/runs.h"

/* The inputs of a run that extends `base`: the same documents, seed and rules, but for the rules that draw by a rate
 * lower than `rate`, which draw by that (a group's own rate stays where it is higher). Since a larger rate takes the
 * same documents and some more, the result holds the base's sample. `only`: rules to raise; none: all that are lower.
 * JIHE_USAGE when the rate cannot be used or raises nothing. */
jihe_status jh_run_extend(jh_run *out, const jh_run *base, const char *rate, const char *const *only, size_t only_count,
                          jh_arena *arena, jihe_error *err);

#endif
