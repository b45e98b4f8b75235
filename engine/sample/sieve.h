#ifndef JH_SAMPLE_SIEVE_H
#define JH_SAMPLE_SIEVE_H

#include "sample/draw.h"

/* Money units by sequential Poisson sampling (Ohlsson 1998), the modified sieve of auditors: documents whose share of
 * n units would reach one are certain, again and again as the rest becomes smaller (oracle pps_inclusion); of the
 * others the n' smallest u / amount are taken, compared exactly, ties by id bytes, then by snapshot. Each stratum gives
 * exactly n documents, or all. Memory is proportional to the sample. */

/* Sets amount, rest, rest_quota and quota of every stratum. The frame is screened (amounts.h). */
jihe_status jh_sieve_select(jh_picks *out, const jh_pass *pass, const jh_frame *frame, const jh_strata *strata,
                            const jh_draw *draw, uint64_t key, uint32_t threads, jihe_error *err);

/* The inclusion probability of a document of this amount: 1, or its share of the rest. */
bool   jh_sieve_certain(const jh_stratum *stratum, uint64_t amount);
double jh_sieve_chance(const jh_stratum *stratum, uint64_t amount);

/* The same for a list of amounts at hand, and of no others: sets rest and rest_quota of *stratum, whose amount is the
 * sum of `amounts`. */
jihe_status jh_sieve_certainties(jh_stratum *stratum, const uint64_t *amounts, size_t count, uint64_t units,
                                 jihe_error *err);

#endif
