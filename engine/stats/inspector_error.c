#include "stats/inspector_error.h"

#include <math.h>

static jihe_status check_share(const char *name, double share, jihe_error *err)
{
    if (!(share >= 0 && share <= 1))
        return jh_fail(err, JIHE_USAGE, "%s %.17g; it must be between 0 and 1", name, share);
    return JIHE_OK;
}

jihe_status jh_inspector_corrected(double *rate, double observed, double sensitivity, double specificity,
                                   jihe_error *err)
{
    jihe_status st;

    if ((st = check_share("observed rate", observed, err)) != JIHE_OK ||
        (st = check_share("sensitivity", sensitivity, err)) != JIHE_OK ||
        (st = check_share("specificity", specificity, err)) != JIHE_OK)
        return st;
    const double wrong_alarm = 1 - specificity, told = sensitivity - wrong_alarm;

    if (!(told > 1e-12))
        return jh_fail(err, JIHE_USAGE,
                       "sensitivity %.17g and specificity %.17g add up to 1 or less; such an inspection tells nothing",
                       sensitivity, specificity);
    *rate = fmax(0, fmin(1, (observed - wrong_alarm) / told));
    return JIHE_OK;
}
