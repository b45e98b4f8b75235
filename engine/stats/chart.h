#ifndef JH_STATS_CHART_H
#define JH_STATS_CHART_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Shewhart charts of rates over time: the p chart of erroneous documents and the u chart of findings per document (or
 * per any other exposure; with exposures of 1 it is the c chart).
 *
 * Limits are three standard errors around the rate over all periods. JH_CHART_PLAIN takes them from the binomial or
 * Poisson count; with hundreds of documents a day real rates vary more than that and plain limits call false alarms.
 * JH_CHART_LANEY widens them by sigma_z, which is below 1 where neighbours vary less than chance: then these limits are
 * the narrower ones, and whoever shows them shows sigma_z.
 *
 * Sources: W. A. Shewhart (1931); D. B. Laney (2002), Quality Engineering 14, 531-537. sigma_z is the mean moving range
 * of z over 1.128 (Laney, Minitab), not a standard deviation. Standard errors are those of the whole series' own rate.
 * Rounding only: relative error about 1e-15. Limits are approximate for small counts (n p below about 5), where
 * a lower limit of 0 can never be crossed and the upper one is crossed too often. */

typedef enum jh_chart_limits { JH_CHART_PLAIN, JH_CHART_LANEY } jh_chart_limits;

typedef struct jh_chart {
    double center;     /* errors over documents of all periods together */
    double sigma_z;    /* spread between neighbours, 1 for pure chance; NaN for a single period */
    double dispersion; /* Pearson's: sum of z^2 / (periods - 1); NaN for a single period */
} jh_chart;

typedef struct jh_chart_point {
    double rate;
    double z; /* distance from the centre in plain standard errors; 0 where the centre is 0 or 1 */
    double lower, upper; /* p: within [0, 1]; u: from 0 */
} jh_chart_point;

/* `points` has room for `count`. JIHE_USAGE: no period, a period without documents, more errors than documents, Laney's
 * limits for a single period. The results are then untouched. */
jihe_status jh_chart_p(jh_chart *out, jh_chart_point *points, const uint64_t *errors, const uint64_t *inspected,
                       size_t count, jh_chart_limits limits, jihe_error *err);

/* exposure > 0 and finite: documents, days, whatever findings are counted per. */
jihe_status jh_chart_u(jh_chart *out, jh_chart_point *points, const uint64_t *findings, const double *exposure,
                       size_t count, jh_chart_limits limits, jihe_error *err);

#endif
