#ifndef JH_API_DATE_SEED_H
#define JH_API_DATE_SEED_H

#include "api/api_int.h"
#include "base/arena.h"

/* A date's own seed: SHA-256 of the workspace's secret, 0x1F, and the date, in hex (DESIGN section 4). */
jihe_status jh_date_seed(char seed[65], const jihe_workspace *workspace, int32_t date, jihe_error *err);

/* SHA-256 of a seed's text in hex: what is promised in advance. */
jihe_status jh_seed_promise(char sha256[65], const char *seed, jihe_error *err);

#endif
