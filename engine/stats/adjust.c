#include "stats/adjust.h"

#include <math.h>
#include <stdlib.h>

struct test {
    double p;
    size_t index;
};

static int order(const void *a, const void *b)
{
    const struct test *x = a, *y = b;

    return x->p != y->p ? (x->p > y->p) - (x->p < y->p) : (x->index > y->index) - (x->index < y->index);
}

/* 1 + 1/2 + ... + 1/count, the small ones first. */
static double harmonic(size_t count)
{
    double sum = 0;

    for (size_t i = count; i > 0; i--)
        sum += 1 / (double)i;
    return sum;
}

/* From the largest p down: the smallest p m c / rank so far. */
static void step_up(double *adjusted, const struct test *tests, size_t count, double factor)
{
    double least = 1;

    for (size_t i = count; i > 0; i--) {
        least = fmin(least, tests[i - 1].p * (double)count * factor / (double)i);
        adjusted[tests[i - 1].index] = fmax(least, tests[i - 1].p);
    }
}

/* From the smallest p up: the largest p (m - rank + 1) so far. */
static void step_down(double *adjusted, const struct test *tests, size_t count)
{
    double most = 0;

    for (size_t i = 0; i < count; i++) {
        most = fmin(1, fmax(most, tests[i].p * (double)(count - i)));
        adjusted[tests[i].index] = most;
    }
}

jihe_status jh_adjust(double *adjusted, const double *p, size_t count, jh_adjustment method, jh_arena *arena,
                      jihe_error *err)
{
    struct test *tests = JH_NEW(arena, struct test, count);

    if (tests == NULL && count > 0)
        return jh_fail(err, JIHE_NO_MEMORY, "sorting %zu p values", count);
    for (size_t i = 0; i < count; i++) {
        if (!(p[i] >= 0 && p[i] <= 1))
            return jh_fail(err, JIHE_USAGE, "p value number %zu is %.17g; it must be between 0 and 1", i + 1, p[i]);
        tests[i] = (struct test){p[i], i};
    }
    if (count > 0)
        qsort(tests, count, sizeof *tests, order);
    switch (method) {
    case JH_ADJUST_BH:
        step_up(adjusted, tests, count, 1);
        break;
    case JH_ADJUST_BY:
        step_up(adjusted, tests, count, harmonic(count));
        break;
    case JH_ADJUST_HOLM:
        step_down(adjusted, tests, count);
        break;
    case JH_ADJUST_BONFERRONI:
        for (size_t i = 0; i < count; i++)
            adjusted[tests[i].index] = fmin(1, tests[i].p * (double)count);
        break;
    }
    return JIHE_OK;
}
