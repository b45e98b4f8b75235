#include "stats/error_counts.h"

#include <inttypes.h>

static const uint64_t largest = UINT64_C(1) << 53;

jihe_status jh_error_counts_add(jh_error_counts_sum *out, const uint64_t *errors, const uint64_t *inspected,
                                size_t count, jihe_error *err)
{
    jh_error_counts_sum sum = {0, 0};

    if (count == 0)
        return jh_fail(err, JIHE_USAGE, "no counts; at least one period or person is needed");
    for (size_t i = 0; i < count; i++) {
        if (inspected[i] == 0)
            return jh_fail(err, JIHE_USAGE, "number %zu has no inspected documents; leave it out", i + 1);
        if (errors[i] > inspected[i])
            return jh_fail(err, JIHE_USAGE,
                           "number %zu has %" PRIu64 " errors in %" PRIu64
                           " documents; errors must be between 0 and the documents",
                           i + 1, errors[i], inspected[i]);
        if (inspected[i] > largest - sum.inspected)
            return jh_fail(err, JIHE_USAGE, "more than 2^53 documents up to number %zu; give smaller counts", i + 1);
        sum.errors += errors[i];
        sum.inspected += inspected[i];
    }
    *out = sum;
    return JIHE_OK;
}
