#ifndef JH_SAMPLE_MARK_H
#define JH_SAMPLE_MARK_H

#include "sample/strata.h"

/* Who is selected, as bits: the n smallest draw numbers of each stratum, as draw.h picks them, but neither numbered nor
 * sorted. Two bounds are guessed per stratum. Documents under the lower one are marked as they are met; only those between
 * the two, a few in a hundred, are collected and settled. Strata whose guess was wrong are looked at once more, whole. */

enum { JH_MARK_DEVIATIONS = 5 };

/* `chosen` is laid out as the frame, all zero at first; *selected is set to how many bits it has then. Strata carry their
 * sizes and quotas; `key` is the stream's k. The bounds lie `deviations` standard deviations about the quota: any number
 * gives the same bits, JH_MARK_DEVIATIONS misses one stratum in a million. */
jihe_status jh_mark_smallest(uint64_t *chosen, uint64_t *selected, const jh_pass *pass, const jh_frame *frame,
                             const jh_strata *strata, uint64_t key, uint32_t deviations, uint32_t threads,
                             jihe_error *err);

#endif
