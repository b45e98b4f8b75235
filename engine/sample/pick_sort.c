#include "sample/pick_sort.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

enum { DIGIT_BITS = 11, BUCKETS = 1 << DIGIT_BITS, SMALL = 512 /* picks that a comparison sort does as fast */ };

struct ordering {
    const jh_pass *pass;
    jh_col_room rooms[2];
    jihe_status status; /* the first trouble met while comparing ids */
    jihe_error *err;
};

static int compare_ids(struct ordering *ordering, const jh_pick *x, const jh_pick *y)
{
    const jh_pick *picks[2] = {x, y};
    const char *ids[2] = {NULL, NULL};
    uint32_t lens[2] = {0, 0};

    for (int i = 0; i < 2 && ordering->status == JIHE_OK; i++)
        ordering->status = jh_pass_id(ordering->pass, picks[i]->segment, picks[i]->row, &ordering->rooms[i], &ids[i],
                                      &lens[i], ordering->err);
    return ordering->status == JIHE_OK ? jh_text_compare(ids[0], lens[0], ids[1], lens[1]) : 0;
}

/* The trouble there was. */
static jihe_status ordering_end(struct ordering *ordering)
{
    jh_col_room_deinit(&ordering->rooms[0]);
    jh_col_room_deinit(&ordering->rooms[1]);
    return ordering->status;
}

static int order_picks(const void *a, const void *b, void *context)
{
    const jh_pick *x = a, *y = b;

    if (x->stratum != y->stratum)
        return x->stratum < y->stratum ? -1 : 1;
    if (x->number != y->number)
        return x->number < y->number ? -1 : 1;
    if (x == y || (x->segment == y->segment && x->row == y->row))
        return 0;
    const int ids = compare_ids(context, x, y);

    if (ids != 0)
        return ids;
    return x->segment != y->segment ? (x->segment < y->segment ? -1 : 1) : (x->row > y->row) - (x->row < y->row);
}

jihe_status jh_picks_sort_ref(jh_picks *picks, const jh_pass *pass, jihe_error *err)
{
    struct ordering ordering = {.pass = pass, .err = err};

    qsort_r(picks->picks, picks->count, sizeof *picks->picks, order_picks, &ordering);
    return ordering_end(&ordering);
}

/* One stable pass over the digit at `shift`, from `from` to `to`. False: all picks share the digit,
 * nothing was moved. */
static bool radix_pass(jh_pick *to, const jh_pick *from, size_t count, bool by_stratum, unsigned shift)
{
    size_t starts[BUCKETS] = {0}, sum = 0;

    for (size_t i = 0; i < count; i++)
        starts[((by_stratum ? from[i].stratum : from[i].number) >> shift) & (BUCKETS - 1)]++;
    for (size_t b = 0; b < BUCKETS; b++) {
        const size_t here = starts[b];

        if (here == count)
            return false;
        starts[b] = sum;
        sum += here;
    }
    for (size_t i = 0; i < count; i++)
        to[starts[((by_stratum ? from[i].stratum : from[i].number) >> shift) & (BUCKETS - 1)]++] = from[i];
    return true;
}

/* By stratum and number, the least significant digit first. `other` has room for all; returns the array that holds the
 * result. */
static jh_pick *radix_sort(jh_pick *picks, jh_pick *other, size_t count, uint32_t strata)
{
    for (unsigned shift = 0; shift < 64; shift += DIGIT_BITS)
        if (radix_pass(other, picks, count, false, shift)) {
            jh_pick *const swapped = picks;

            picks = other;
            other = swapped;
        }
    for (unsigned shift = 0; shift < 32 && strata >> shift != 0; shift += DIGIT_BITS)
        if (radix_pass(other, picks, count, true, shift)) {
            jh_pick *const swapped = picks;

            picks = other;
            other = swapped;
        }
    return picks;
}

/* Puts runs of equal numbers in order of their ids. */
static jihe_status settle_ties(jh_picks *picks, const jh_pass *pass, jihe_error *err)
{
    struct ordering ordering = {.pass = pass, .err = err};

    for (size_t i = 0, end; i < picks->count; i = end) {
        for (end = i + 1; end < picks->count && picks->picks[end].number == picks->picks[i].number &&
                          picks->picks[end].stratum == picks->picks[i].stratum;)
            end++;
        if (end - i > 1)
            qsort_r(picks->picks + i, end - i, sizeof *picks->picks, order_picks, &ordering);
    }
    return ordering_end(&ordering);
}

jihe_status jh_picks_sort(jh_picks *picks, uint32_t strata, const jh_pass *pass, jihe_error *err)
{
    if (picks->count <= SMALL)
        return jh_picks_sort_ref(picks, pass, err);
    jh_pick *other = malloc(picks->count * sizeof *other);

    if (other == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "sorting a sample");
    jh_pick *sorted = radix_sort(picks->picks, other, picks->count, strata);

    free(sorted == picks->picks ? other : picks->picks);
    picks->picks = sorted;
    return settle_ties(picks, pass, err);
}
