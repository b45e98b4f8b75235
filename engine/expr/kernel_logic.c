#include "expr/kernel_logic.h"

#include "base/bits.h"

void jh_logic_and(jh_verdicts a, jh_verdicts b, size_t rows)
{
    for (size_t w = 0; w < jh_bits_words(rows); w++) {
        const uint64_t yes = a.yes[w] & b.yes[w];

        a.undecided[w] = (a.yes[w] | a.undecided[w]) & (b.yes[w] | b.undecided[w]) & ~yes;
        a.yes[w] = yes;
    }
}

void jh_logic_or(jh_verdicts a, jh_verdicts b, size_t rows)
{
    for (size_t w = 0; w < jh_bits_words(rows); w++) {
        a.yes[w] |= b.yes[w];
        a.undecided[w] = (a.undecided[w] | b.undecided[w]) & ~a.yes[w];
    }
}

void jh_logic_not(jh_verdicts a, size_t rows)
{
    const size_t words = jh_bits_words(rows);

    for (size_t w = 0; w < words; w++)
        a.yes[w] = ~(a.yes[w] | a.undecided[w]);
    if (words > 0)
        a.yes[words - 1] &= jh_bits_tail(rows);
}

/* 0 false, 1 undecided, 2 true: `and` is the smaller, `or` the larger, `not` the distance from 2. */
static int value_of(jh_verdicts a, size_t row)
{
    return jh_bits_test(a.yes, row) ? 2 : jh_bits_test(a.undecided, row) ? 1 : 0;
}

static void set_value(jh_verdicts a, size_t row, int value)
{
    const uint64_t bit = UINT64_C(1) << row % 64;

    a.yes[row / 64] = (a.yes[row / 64] & ~bit) | (value == 2 ? bit : 0);
    a.undecided[row / 64] = (a.undecided[row / 64] & ~bit) | (value == 1 ? bit : 0);
}

void jh_logic_and_ref(jh_verdicts a, jh_verdicts b, size_t rows)
{
    for (size_t i = 0; i < rows; i++)
        set_value(a, i, value_of(a, i) < value_of(b, i) ? value_of(a, i) : value_of(b, i));
}

void jh_logic_or_ref(jh_verdicts a, jh_verdicts b, size_t rows)
{
    for (size_t i = 0; i < rows; i++)
        set_value(a, i, value_of(a, i) > value_of(b, i) ? value_of(a, i) : value_of(b, i));
}

void jh_logic_not_ref(jh_verdicts a, size_t rows)
{
    for (size_t i = 0; i < rows; i++)
        set_value(a, i, 2 - value_of(a, i));
}
