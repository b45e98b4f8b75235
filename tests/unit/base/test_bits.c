#include <criterion/criterion.h>

#include "base/bits.h"
#include "base/pcg.h"

Test(bits, fill_and_count_at_every_length)
{
    for (size_t rows = 0; rows <= 200; rows++) {
        uint64_t set[5] = {0xabcd, 0xabcd, 0xabcd, 0xabcd, 0xabcd};

        jh_bits_fill(set, rows, true);
        cr_assert_eq(jh_bits_count(set, rows), rows);
        for (size_t i = 0; i < jh_bits_words(rows) * 64; i++)
            cr_assert_eq(jh_bits_test(set, i), i < rows, "padding is 0 (row %zu of %zu)", i, rows);
        cr_assert_eq(set[jh_bits_words(rows)], 0xabcdu, "nothing beyond the last word");
        jh_bits_fill(set, rows, false);
        cr_assert_eq(jh_bits_count(set, rows), 0u);
    }
}

Test(bits, count_is_the_number_of_bits_set)
{
    uint64_t set[4] = {0};
    size_t want = 0;
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, 3, 4);
    for (size_t i = 0; i < 250; i++)
        if (jh_pcg64_below(&rng, 2) != 0) {
            jh_bits_set(set, i);
            want++;
        }
    cr_assert_eq(jh_bits_count(set, 250), want);
    set[3] |= UINT64_C(1) << 63; /* row 255 is not asked for */
    cr_assert_eq(jh_bits_count(set, 250), want);
}
