#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/pcg.h"
#include "base/text.h"
#include "ledger/id_sort.h"

/* Ids of every awkward kind: one the beginning of another, zero bytes, equal ones, long common beginnings, two
 * snapshots. */

enum { IDS = 3000, LONGEST = 40 };

static int order(const void *a, const void *b)
{
    const jh_listed_id *x = a, *y = b;
    const int ids = jh_text_compare(x->id, x->len, y->id, y->len);

    if (x->part != y->part)
        return x->part < y->part ? -1 : 1;
    return ids != 0 ? ids : (x->index > y->index) - (x->index < y->index);
}

static uint32_t make_id(jh_pcg64 *rng, int round, char *id)
{
    static const char letters[] = {'0', '1', '\0', '\xE9'};
    uint32_t len = (uint32_t)jh_pcg64_below(rng, LONGEST / 2), common = round % 3 == 0 ? 0 : 17;

    memset(id, 'K', common);
    for (uint32_t i = 0; i < len; i++)
        id[common + i] = letters[jh_pcg64_below(rng, round % 2 == 0 ? 4 : 2)];
    return common + len;
}

Test(id_sort, equals_comparison_sort)
{
    static char texts[IDS][LONGEST];
    static jh_listed_id want[IDS], got[IDS];
    jihe_error err = {0};
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, 3, 5);
    for (int round = 0; round < 12; round++) {
        for (uint32_t i = 0; i < IDS; i++)
            want[i] =
                (jh_listed_id){.id = texts[i], .len = make_id(&rng, round, texts[i]), .part = i / 2000, .index = i};
        memcpy(got, want, sizeof got);
        qsort(want, IDS, sizeof *want, order);
        cr_assert_eq(jh_id_sort(got, IDS, &err), JIHE_OK);
        for (uint32_t i = 0; i < IDS; i++)
            cr_assert_eq(want[i].index, got[i].index, "round %d, place %u: document %u, not %u", round, i, got[i].index,
                         want[i].index);
    }
}
