#include "expr/kernel_find.h"

#include <string.h>

#include "base/bits.h"

void jh_find_rows_ref(const char *bytes, const uint32_t *offsets, size_t rows, const char *word, size_t len,
                      uint64_t *set)
{
    for (size_t i = 0; i < rows; i++)
        if (memmem(bytes + offsets[i], offsets[i + 1] - offsets[i], word, len) != NULL)
            jh_bits_set(set, i);
}

#if defined(__x86_64__)

#include <immintrin.h>

/* Where the search stands: rows before `row` end at or before the place looked at. */
struct cursor {
    const uint32_t *offsets;
    size_t row, rows;
    uint64_t *set;
};

/* The word stands at `at`: is it in one row? */
static void found(struct cursor *cursor, uint32_t at, size_t len)
{
    while (cursor->row < cursor->rows && cursor->offsets[cursor->row + 1] <= at)
        cursor->row++;
    if (cursor->row < cursor->rows && at + len <= cursor->offsets[cursor->row + 1])
        jh_bits_set(cursor->set, cursor->row);
}

/* Two bytes that are looked for first. In Chinese text the leading byte of a character says little. */
struct anchors {
    size_t one, other;
};

static struct anchors choose(size_t len)
{
    return (struct anchors){len > 2 ? 1 : 0, len - 1};
}

__attribute__((target("avx2"))) static void find_avx2(const char *bytes, const uint32_t *offsets, size_t rows,
                                                      const char *word, size_t len, uint64_t *set)
{
    const uint32_t end = offsets[rows];
    const struct anchors anchors = choose(len);
    const __m256i one = _mm256_set1_epi8(word[anchors.one]), other = _mm256_set1_epi8(word[anchors.other]);
    struct cursor cursor = {.offsets = offsets, .rows = rows, .set = set};
    uint32_t at = offsets[0];

    /* A word that begins at one of 32 places ends within 31 + len bytes. */
    for (; end - at >= 31 + len; at += 32) {
        const __m256i x = _mm256_loadu_si256((const __m256i *)(const void *)(bytes + at + anchors.one));
        const __m256i y = _mm256_loadu_si256((const __m256i *)(const void *)(bytes + at + anchors.other));
        uint32_t places =
            (uint32_t)_mm256_movemask_epi8(_mm256_and_si256(_mm256_cmpeq_epi8(x, one), _mm256_cmpeq_epi8(y, other)));

        for (; places != 0; places &= places - 1) {
            const uint32_t place = at + (uint32_t)__builtin_ctz(places);

            if (memcmp(bytes + place, word, len) == 0)
                found(&cursor, place, len);
        }
    }
    for (; end - at >= len && at < end; at++)
        if (memcmp(bytes + at, word, len) == 0)
            found(&cursor, at, len);
}

void jh_find_rows(const char *bytes, const uint32_t *offsets, size_t rows, const char *word, size_t len, uint64_t *set)
{
    if (__builtin_cpu_supports("avx2"))
        find_avx2(bytes, offsets, rows, word, len, set);
    else
        jh_find_rows_ref(bytes, offsets, rows, word, len, set);
}

#else

void jh_find_rows(const char *bytes, const uint32_t *offsets, size_t rows, const char *word, size_t len, uint64_t *set)
{
    jh_find_rows_ref(bytes, offsets, rows, word, len, set);
}

#endif
