#include "expr/kernel_compare.h"

#include "expr/kernel_pack.h"

static uint64_t code_at(const void *codes, unsigned width, size_t row)
{
    switch (width) {
    case 1:
        return ((const uint8_t *)codes)[row];
    case 2:
        return ((const uint16_t *)codes)[row];
    case 4:
        return ((const uint32_t *)codes)[row];
    case 8:
        return ((const uint64_t *)codes)[row];
    default:
        return 0;
    }
}

static int64_t number_at(const jh_numbers *numbers, size_t row)
{
    return (int64_t)((uint64_t)numbers->base + code_at(numbers->codes, numbers->width, row));
}

static uint32_t rank_at(const jh_ranked *ranked, size_t row)
{
    const uint64_t code = ranked->base + code_at(ranked->codes, ranked->width, row);
    const uint32_t known = code < ranked->count ? (uint32_t)code : ranked->count;

    return ranked->ranks == NULL ? known : ranked->ranks[known];
}

static void load_numbers(const jh_numbers *numbers, size_t from, int64_t out[64])
{
    for (size_t i = 0; i < 64; i++)
        out[i] = number_at(numbers, from + i);
}

static void load_ranks(const jh_ranked *ranked, size_t from, int64_t out[64])
{
    for (size_t i = 0; i < 64; i++)
        out[i] = rank_at(ranked, from + i);
}

static uint64_t equal64(const int64_t *a, const int64_t *b)
{
    uint8_t flags[64];

    for (unsigned i = 0; i < 64; i++)
        flags[i] = a[i] == b[i];
    return jh_pack64(flags);
}

static uint64_t less64(const int64_t *a, const int64_t *b)
{
    uint8_t flags[64];

    for (unsigned i = 0; i < 64; i++)
        flags[i] = a[i] < b[i];
    return jh_pack64(flags);
}

void jh_numbers_equal(jh_numbers left, jh_numbers right, size_t rows, uint64_t *set)
{
    int64_t a[64], b[64];

    for (size_t w = 0; w < jh_bits_words(rows); w++) {
        load_numbers(&left, w * 64, a);
        load_numbers(&right, w * 64, b);
        set[w] = equal64(a, b) & jh_row_mask(w, rows);
    }
}

void jh_numbers_less(jh_numbers left, jh_numbers right, size_t rows, uint64_t *set)
{
    int64_t a[64], b[64];

    for (size_t w = 0; w < jh_bits_words(rows); w++) {
        load_numbers(&left, w * 64, a);
        load_numbers(&right, w * 64, b);
        set[w] = less64(a, b) & jh_row_mask(w, rows);
    }
}

void jh_ranks_equal(jh_ranked left, jh_ranked right, size_t rows, uint64_t *set)
{
    int64_t a[64], b[64];

    for (size_t w = 0; w < jh_bits_words(rows); w++) {
        load_ranks(&left, w * 64, a);
        load_ranks(&right, w * 64, b);
        set[w] = equal64(a, b) & jh_row_mask(w, rows);
    }
}

void jh_ranks_less(jh_ranked left, jh_ranked right, size_t rows, uint64_t *set)
{
    int64_t a[64], b[64];

    for (size_t w = 0; w < jh_bits_words(rows); w++) {
        load_ranks(&left, w * 64, a);
        load_ranks(&right, w * 64, b);
        set[w] = less64(a, b) & jh_row_mask(w, rows);
    }
}
