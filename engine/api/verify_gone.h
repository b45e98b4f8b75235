#ifndef JH_API_VERIFY_GONE_H
#define JH_API_VERIFY_GONE_H

#include "api/api_int.h"

/* A row of jihe_verify for each snapshot that a recorded run used and that is not there: dropped, where the ledger says
 * so, otherwise damaged, and *worst becomes JIHE_CORRUPT. */
jihe_status jh_verify_gone(jh_grid *grid, jh_ledger *ledger, const char *workspace, jihe_status *worst,
                           jihe_error *err);

#endif
