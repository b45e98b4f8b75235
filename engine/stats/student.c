#include "stats/student.h"

#include <math.h>

#include "stats/beta.h"

double jh_student_quantile_upper(double q, double df)
{
    /* y = t^2 / (df + t^2), found as itself so that many degrees of freedom do not bring it too near to 1. */
    const double y = jh_beta_quantile_upper(2 * q, 0.5, df / 2);

    if (y < 0.5)
        return sqrt(df * y / (1 - y));
    const double x = jh_beta_quantile_lower(2 * q, df / 2, 0.5);
    return sqrt(df * (1 - x) / x);
}
