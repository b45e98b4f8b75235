#include "rule/split_runs.h"

/* A window moving over the documents. */
struct window {
    size_t first, end;
    jh_i128 sum;
};

/* From the window of one document to that of the next moment. */
static void move(struct window *window, const jh_splitting *splitting, const int64_t *times, const int64_t *amounts,
                 size_t count)
{
    const size_t from = window->first;

    for (; window->first < window->end && times[window->first] == times[from]; window->first++)
        window->sum -= amounts[window->first];
    for (; window->end < count && times[window->end] - times[window->first] <= splitting->within; window->end++)
        window->sum += amounts[window->end];
}

bool jh_split_next(const jh_splitting *splitting, const int64_t *times, const int64_t *amounts, size_t count,
                   size_t from, jh_split_run *run)
{
    struct window window = {.first = from, .end = from};
    bool found = false;

    for (; window.end < count && times[window.end] - times[from] <= splitting->within; window.end++)
        window.sum += amounts[window.end];
    for (; window.first < count; move(&window, splitting, times, amounts, count)) {
        if (found && window.first >= run->first + run->count)
            break;
        if (window.end - window.first < splitting->at_least || window.sum < splitting->limit)
            continue;
        if (!found)
            *run = (jh_split_run){.first = window.first};
        if (!found || window.sum > run->sum) {
            run->sum = window.sum;
            run->window = window.first;
            run->most = window.end - window.first;
        }
        run->count = window.end - run->first;
        found = true;
    }
    return found;
}
