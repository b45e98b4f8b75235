#ifndef JH_API_ROSTER_ROWS_H
#define JH_API_ROSTER_ROWS_H

#include "api/api_int.h"
#include "rule/roster.h"

/* A roster as rows to print. `person` NULL: all; otherwise only what is about that one. */

/* As a file for import has them: each person's posts, then leaves, coverings and changes of ids. */
jihe_status jh_roster_list(jh_grid **out, const jh_roster *roster, const char *person, jihe_error *err);

/* Who is what on a day. */
jihe_status jh_roster_day(jh_grid **out, const jh_roster *roster, const char *person, int32_t day, jihe_error *err);

#endif
