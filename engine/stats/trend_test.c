#include "stats/trend_test.h"

#include <inttypes.h>
#include <math.h>

#include "base/num.h"
#include "stats/error_counts.h"
#include "stats/normal.h"

enum { MAX_PERIODS = 100000 };
static const uint64_t max_documents = UINT64_C(1000000000000);

jihe_status jh_trend_test(jh_trend *out, const uint64_t *errors, const uint64_t *inspected, size_t count,
                          jihe_error *err)
{
    jh_i128 score_errors = 0, scores = 0, squares = 0; /* sums of t k, t n, t^2 n; at most 10^12, 10^17, 10^22 */
    jh_error_counts_sum sum;
    jihe_status st;

    if ((st = jh_error_counts_add(&sum, errors, inspected, count, err)) != JIHE_OK)
        return st;
    if (sum.inspected > max_documents || count > MAX_PERIODS)
        return jh_fail(err, JIHE_USAGE, "%" PRIu64 " documents in %zu periods; at most 10^12 in 100000 can be compared",
                       sum.inspected, count);
    for (size_t i = 0; i < count; i++) {
        const jh_i128 score = (jh_i128)i + 1;

        score_errors += score * (jh_i128)errors[i];
        scores += score * (jh_i128)inspected[i];
        squares += score * score * (jh_i128)inspected[i];
    }
    const jh_i128 all = (jh_i128)sum.inspected, wrong = (jh_i128)sum.errors;
    const jh_i128 drift = all * score_errors - wrong * scores;
    const double spread = (double)(all * squares - scores * scores) * ((double)(wrong * (all - wrong)) / (double)all);

    out->z = spread > 0 ? (double)drift / sqrt(spread) : 0;
    out->chisq = out->z * out->z;
    out->p = 2 * jh_normal_upper(fabs(out->z));
    return JIHE_OK;
}
