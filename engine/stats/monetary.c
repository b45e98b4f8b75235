#include "stats/monetary.h"

#include <math.h>
#include <stdbool.h>

#include "stats/argument.h"
#include "stats/student.h"

static jihe_status check(const double *book, const double *audited, size_t count, double items, double total,
                         jihe_error *err)
{
    if (count < 2)
        return jh_fail(err, JIHE_USAGE, "%zu sampled items; an error takes at least two", count);
    if (!(items >= (double)count && isfinite(items)))
        return jh_fail(err, JIHE_USAGE, "%.17g items in the population, %zu in the sample", items, count);
    if (!isfinite(total))
        return jh_fail(err, JIHE_USAGE, "a total book value of %.17g", total);
    for (size_t i = 0; i < count; i++)
        if (!isfinite(book[i]) || !isfinite(audited[i]))
            return jh_fail(err, JIHE_USAGE, "item %zu: a book value of %.17g, audited %.17g", i + 1, book[i],
                           audited[i]);
    return JIHE_OK;
}

struct moments {
    double book, audited;      /* means */
    double book_square, cross; /* sums of squares and products around them */
};

static struct moments moments_of(const double *book, const double *audited, size_t count)
{
    struct moments m = {0, 0, 0, 0};

    for (size_t i = 0; i < count; i++) {
        m.book += book[i] / (double)count;
        m.audited += audited[i] / (double)count;
    }
    for (size_t i = 0; i < count; i++) {
        m.book_square += (book[i] - m.book) * (book[i] - m.book);
        m.cross += (book[i] - m.book) * (audited[i] - m.audited);
    }
    return m;
}

struct line {
    double level, slope;
};

/* Each method takes the audited value to be about level + slope x book; what is left over is its error. */
static jihe_status line_of(jh_monetary_method method, const struct moments *m, struct line *line, jihe_error *err)
{
    line->slope = method == JH_MONETARY_DIFFERENCE ? 1 : 0;
    if (method == JH_MONETARY_RATIO || method == JH_MONETARY_QUOTIENT) {
        if (m->book == 0)
            return jh_fail(err, JIHE_USAGE, "the sampled book values sum to 0, which has no ratio; use the difference");
        line->slope = m->audited / m->book;
    }
    if (method == JH_MONETARY_REGRESSION) {
        if (!(m->book_square > 0))
            return jh_fail(err, JIHE_USAGE,
                           "all sampled book values are equal, which gives no line; use the difference");
        line->slope = m->cross / m->book_square;
    }
    line->level = m->audited - line->slope * m->book;
    return JIHE_OK;
}

jihe_status jh_monetary_of(jh_monetary_method method, const double *book, const double *audited, size_t count,
                           double items, double total, double conf, jh_monetary *out, jihe_error *err)
{
    jihe_status status = check(book, audited, count, items, total, err);
    struct moments m;
    struct line line = {0, 0};
    double squares = 0;

    if (status == JIHE_OK)
        status = jh_check_confidence(conf, err);
    if (status != JIHE_OK)
        return status;
    m = moments_of(book, audited, count);
    status = line_of(method, &m, &line, err);
    if (status != JIHE_OK)
        return status;
    for (size_t i = 0; i < count; i++) {
        const double left = audited[i] - line.level - line.slope * book[i];
        squares += left * left;
    }
    const double n = (double)count, t = jh_student_quantile_upper(jh_tail_of(conf) / 2, n - 1);
    const double half = t * items * sqrt(squares / (n - 1) / n);
    const bool from_means = method == JH_MONETARY_DIFFERENCE || method == JH_MONETARY_QUOTIENT;
    const double likely = from_means ? items * (m.book - m.audited) : total - (items * line.level + line.slope * total);
    *out = (jh_monetary){likely, likely - half, likely + half};
    return JIHE_OK;
}
