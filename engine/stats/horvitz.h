#ifndef JH_STATS_HORVITZ_H
#define JH_STATS_HORVITZ_H

#include <stddef.h>

#include "base/error.h"
#include "stats/measured.h"

/* Estimates from documents that had different probabilities of being selected, under the union of all rules. */
typedef struct jh_weighted {
    jh_measured total;  /* Horvitz-Thompson: sum y / pi */
    double      size;   /* sum 1 / pi, which estimates how many documents there are */
    jh_measured ratio;  /* Hajek: total / size, the rate without knowing the size of the population */
    double      pooled; /* the plain mean of y: NOT an estimate of the population's rate; kept to show the bias */
} jh_weighted;

/*   probability  pi of each selected document, in (0, 1]
 *   value        y of each: 1 for an error, 0 for none, or any amount
 *   count        at least 1
 *
 * Standard errors are those of a Poisson design, every document selected independently: sum (1 - pi) / pi^2 y^2 for the
 * total, y less the ratio for the ratio. A draw of fixed size is steadier than that, so they err to the wide side.
 * JIHE_USAGE when an argument is out of range; *out is then untouched.
 * Source: Horvitz and Thompson (1952), JASA 47, 663-685; J. Hajek (1971). */
jihe_status jh_weighted_of(const double *probability, const double *value, size_t count, jh_weighted *out,
                           jihe_error *err);

#endif
