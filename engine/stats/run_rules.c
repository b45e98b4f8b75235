#include "stats/run_rules.h"

#include <math.h>
#include <stdbool.h>

static int side(double z)
{
    return (z > 0) - (z < 0);
}

/* Of the points i, i - 1, ... (`window` of them), are `least` beyond `bound` on the side of point i, itself included?
 */
static bool mostly_beyond(const double *z, size_t i, size_t window, size_t least, double bound)
{
    size_t beyond = 0;

    if (i + 1 < window || !(fabs(z[i]) > bound))
        return false;
    for (size_t j = i + 1 - window; j <= i; j++)
        beyond += side(z[j]) == side(z[i]) && fabs(z[j]) > bound;
    return beyond >= least;
}

/* How many points up to this one, itself included, belong together in each way. */
struct runs {
    size_t one_side, steady, zigzag, inside, outside;
    size_t outside_one_side; /* the last of the outside ones, on the same side */
    int direction;           /* of the last step: -1, 0, 1 */
};

static void extend(struct runs *runs, const double *z, size_t i)
{
    const bool same_side = i > 0 && side(z[i]) == side(z[i - 1]);
    const int direction = i > 0 ? (z[i] > z[i - 1]) - (z[i] < z[i - 1]) : 0;

    runs->one_side = side(z[i]) == 0 ? 0 : same_side ? runs->one_side + 1 : 1;
    runs->steady = direction == 0 ? 1 : direction == runs->direction ? runs->steady + 1 : 2;
    runs->zigzag = direction == 0 ? 1 : direction == -runs->direction ? runs->zigzag + 1 : 2;
    runs->inside = fabs(z[i]) <= 1 ? runs->inside + 1 : 0;
    runs->outside = fabs(z[i]) > 1 ? runs->outside + 1 : 0;
    runs->outside_one_side = runs->outside == 0 ? 0 : same_side ? runs->outside_one_side + 1 : 1;
    runs->direction = direction;
}

jihe_status jh_run_rules(uint16_t *marks, const double *z, size_t count, jihe_error *err)
{
    struct runs runs = {0};

    for (size_t i = 0; i < count; i++)
        if (isnan(z[i]))
            return jh_fail(err, JIHE_USAGE, "point %zu is not a number; leave it out", i + 1);
    for (size_t i = 0; i < count; i++) {
        unsigned mark = 0;

        extend(&runs, z, i);
        mark |= fabs(z[i]) > 3 ? JH_RUN_BEYOND_3 : 0;
        mark |= mostly_beyond(z, i, 3, 2, 2) ? JH_RUN_2_OF_3 : 0;
        mark |= mostly_beyond(z, i, 5, 4, 1) ? JH_RUN_4_OF_5 : 0;
        mark |= runs.one_side >= 8 ? JH_RUN_8_ONE_SIDE : 0;
        mark |= runs.one_side >= 9 ? JH_RUN_9_ONE_SIDE : 0;
        mark |= runs.steady >= 6 ? JH_RUN_6_STEADY : 0;
        mark |= runs.zigzag >= 14 ? JH_RUN_14_ZIGZAG : 0;
        mark |= runs.inside >= 15 ? JH_RUN_15_INSIDE : 0;
        mark |= runs.outside >= 8 && runs.outside_one_side < 8 ? JH_RUN_8_OUTSIDE : 0;
        marks[i] = (uint16_t)mark;
    }
    return JIHE_OK;
}
