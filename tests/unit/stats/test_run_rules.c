#include <criterion/criterion.h>

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/pcg.h"
#include "stats/run_rules.h"

enum { POINTS = 400 };

static int side(double z)
{
    return (z > 0) - (z < 0);
}

/* Of the last `window` points up to i: how many are beyond `bound` on the side of point i. */
static size_t beyond(const double *z, size_t i, size_t window, double bound)
{
    size_t count = 0;

    for (size_t j = i + 1 - window; j <= i; j++)
        count += side(z[j]) == side(z[i]) && fabs(z[j]) > bound;
    return count;
}

static bool steps(const double *z, size_t i, size_t window, bool alternating)
{
    for (size_t j = i + 3 - window; j <= i; j++) {
        const int before = side(z[j - 1] - z[j - 2]), now = side(z[j] - z[j - 1]);
        if (before == 0 || now != (alternating ? -before : before))
            return false;
    }
    return true;
}

static bool within(const double *z, size_t i, size_t window, bool inside)
{
    for (size_t j = i + 1 - window; j <= i; j++)
        if ((fabs(z[j]) <= 1) != inside)
            return false;
    return true;
}

/* The rules as the books have them, each window looked at afresh. */
static unsigned by_the_book(const double *z, size_t i)
{
    unsigned marks = 0;

    marks |= fabs(z[i]) > 3 ? JH_RUN_BEYOND_3 : 0;
    marks |= i >= 2 && fabs(z[i]) > 2 && beyond(z, i, 3, 2) >= 2 ? JH_RUN_2_OF_3 : 0;
    marks |= i >= 4 && fabs(z[i]) > 1 && beyond(z, i, 5, 1) >= 4 ? JH_RUN_4_OF_5 : 0;
    marks |= i >= 7 && side(z[i]) != 0 && beyond(z, i, 8, 0) == 8 ? JH_RUN_8_ONE_SIDE : 0;
    marks |= i >= 8 && side(z[i]) != 0 && beyond(z, i, 9, 0) == 9 ? JH_RUN_9_ONE_SIDE : 0;
    marks |= i >= 5 && steps(z, i, 6, false) ? JH_RUN_6_STEADY : 0;
    marks |= i >= 13 && steps(z, i, 14, true) ? JH_RUN_14_ZIGZAG : 0;
    marks |= i >= 14 && within(z, i, 15, true) ? JH_RUN_15_INSIDE : 0;
    marks |= i >= 7 && within(z, i, 8, false) && beyond(z, i, 8, 1) < 8 ? JH_RUN_8_OUTSIDE : 0;
    return marks;
}

/* Random walks, alternations, flat stretches and lattices with many ties, each also upside down. */
Test(run_rules, equal_to_the_books)
{
    unsigned seen = 0;
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, 7, 7);
    for (int round = 0; round < 300; round++) {
        double z[POINTS], mirrored[POINTS];
        uint16_t marks[POINTS], mirrored_marks[POINTS];
        const double step = (double)(1 + round % 7) / 2;

        for (size_t i = 0; i < POINTS; i++) {
            const double jump = ((double)jh_pcg64_below(&rng, 9) - 4) / 4 * step;
            const bool walks = i > 0 && round % 3 == 0, swings = i > 0 && round % 3 == 1;

            z[i] = walks ? fmod(z[i - 1] + jump / 2, 4) : swings ? -side(z[i - 1]) * fabs(jump) - 0.125 : jump;
            mirrored[i] = -z[i];
        }
        cr_assert_eq(jh_run_rules(marks, z, POINTS, NULL), JIHE_OK);
        cr_assert_eq(jh_run_rules(mirrored_marks, mirrored, POINTS, NULL), JIHE_OK);
        cr_assert(memcmp(marks, mirrored_marks, sizeof marks) == 0);
        for (size_t i = 0; i < POINTS; i++) {
            cr_assert_eq(marks[i], by_the_book(z, i), "round %d, point %zu: %#x, want %#x", round, i,
                         (unsigned)marks[i], by_the_book(z, i));
            seen |= marks[i];
        }
    }
    cr_assert_eq(seen, 0x1FF, "every rule has been met: %#x", seen);
}

Test(run_rules, edges)
{
    const double bad[] = {0, NAN}, far[] = {INFINITY, -INFINITY}, early[] = {2.5, 2.5, 2.5, 1.5, 1.5};
    uint16_t marks[5] = {5, 5};

    cr_assert_eq(jh_run_rules(marks, bad, 2, NULL), JIHE_USAGE);
    cr_assert(marks[0] == 5);
    cr_assert_eq(jh_run_rules(marks, bad, 0, NULL), JIHE_OK);
    cr_assert_eq(jh_run_rules(marks, far, 2, NULL), JIHE_OK);
    cr_assert(marks[0] == JH_RUN_BEYOND_3 && marks[1] == JH_RUN_BEYOND_3);
    jh_run_rules(marks, early, 5, NULL);
    cr_assert(marks[1] == 0 && marks[2] == JH_RUN_2_OF_3 && marks[3] == 0 && marks[4] == JH_RUN_4_OF_5,
              "from the first full window on");
}
