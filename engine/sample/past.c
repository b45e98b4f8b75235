#include "sample/past.h"

#include <string.h>

jh_past_stratum jh_past_find(const jh_past *past, const char *label)
{
    size_t low = 0, high = past == NULL ? 0 : past->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(past->strata[middle].label, label);

        if (order == 0)
            return past->strata[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return (jh_past_stratum){.label = label};
}
