#ifndef JH_API_STATS_ROWS_H
#define JH_API_STATS_ROWS_H

#include "api/api_int.h"
#include "jihe/stats.h"

/* Rows of evaluations, for those that make several. `stratum` "" is none. */
jihe_status jh_evaluation_grid(jh_grid **out, unsigned flags, jihe_error *err);
jihe_status jh_evaluation_add(jh_grid *grid, const char *stratum, const jihe_evaluation *evaluation, jihe_error *err);

#endif
