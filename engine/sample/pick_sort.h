#ifndef JH_SAMPLE_PICK_SORT_H
#define JH_SAMPLE_PICK_SORT_H

#include "sample/draw.h"

/* Sorts picks by stratum, then draw number, then id bytes, then place in the pass. Draw numbers are uniform 64-bit words, so
 * a radix sort settles almost everything; only equal numbers ever need the documents' ids. `strata` is above every stratum. */
jihe_status jh_picks_sort(jh_picks *picks, uint32_t strata, const jh_pass *pass, jihe_error *err);

/* The reference twin: one comparison sort. */
jihe_status jh_picks_sort_ref(jh_picks *picks, const jh_pass *pass, jihe_error *err);

#endif
