#include "expr/kernels.h"

/* Compiled for AVX-512 F, BW and VL; called where the processor has them. A compare is a mask: 64 bytes are one word.
 */

#if defined(__AVX512BW__)

#include <immintrin.h>

#include "expr/kernel_pack.h"
#include "expr/kernel_search.h"
#include "expr/kernel_window.h"

/* --- range: code - low <= high - low in unsigned arithmetic is both comparisons at once --- */

static void range_u8(const uint8_t *codes, uint8_t low, uint8_t high, size_t rows, uint64_t *set)
{
    const __m512i from = _mm512_set1_epi8((char)low), span = _mm512_set1_epi8((char)(high - low));

    for (size_t w = 0; w < jh_bits_words(rows); w++)
        set[w] |= _mm512_cmple_epu8_mask(_mm512_sub_epi8(_mm512_loadu_si512(codes + w * 64), from), span) &
                  jh_row_mask(w, rows);
}

static void range_u16(const uint16_t *codes, uint16_t low, uint16_t high, size_t rows, uint64_t *set)
{
    const __m512i from = _mm512_set1_epi16((short)low), span = _mm512_set1_epi16((short)(high - low));

    for (size_t w = 0; w < jh_bits_words(rows); w++) {
        uint64_t word = 0;

        for (unsigned i = 0; i < 64; i += 32)
            word |=
                (uint64_t)_mm512_cmple_epu16_mask(_mm512_sub_epi16(_mm512_loadu_si512(codes + w * 64 + i), from), span)
                << i;
        set[w] |= word & jh_row_mask(w, rows);
    }
}

static void range_u32(const uint32_t *codes, uint32_t low, uint32_t high, size_t rows, uint64_t *set)
{
    const __m512i from = _mm512_set1_epi32((int)low), span = _mm512_set1_epi32((int)(high - low));

    for (size_t w = 0; w < jh_bits_words(rows); w++) {
        uint64_t word = 0;

        for (unsigned i = 0; i < 64; i += 16)
            word |=
                (uint64_t)_mm512_cmple_epu32_mask(_mm512_sub_epi32(_mm512_loadu_si512(codes + w * 64 + i), from), span)
                << i;
        set[w] |= word & jh_row_mask(w, rows);
    }
}

static void range_u64(const uint64_t *codes, uint64_t low, uint64_t high, size_t rows, uint64_t *set)
{
    const __m512i from = _mm512_set1_epi64((long long)low), span = _mm512_set1_epi64((long long)(high - low));

    for (size_t w = 0; w < jh_bits_words(rows); w++) {
        uint64_t word = 0;

        for (unsigned i = 0; i < 64; i += 8)
            word |=
                (uint64_t)_mm512_cmple_epu64_mask(_mm512_sub_epi64(_mm512_loadu_si512(codes + w * 64 + i), from), span)
                << i;
        set[w] |= word & jh_row_mask(w, rows);
    }
}

/* --- member --- */

/* The 256 bits that a byte can ask lie in two shuffles of 16 bytes; the bit within the byte in a third. */
static void member_u8(const uint8_t *codes, uint32_t base, const uint64_t *members, uint32_t count, size_t rows,
                      uint64_t *set)
{
    const __m512i bits = _mm512_set1_epi64((long long)UINT64_C(0x8040201008040201));
    uint64_t window[4];
    __m512i low, high;

    jh_members_window(members, base, count, window, 4);
    low = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(const void *)window));
    high = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(const void *)(window + 2)));
    for (size_t w = 0; w < jh_bits_words(rows); w++) {
        const __m512i code = _mm512_loadu_si512(codes + w * 64);
        const __m512i byte = _mm512_and_si512(_mm512_srli_epi16(code, 3), _mm512_set1_epi8(31));
        const __m512i bit = _mm512_shuffle_epi8(bits, _mm512_and_si512(code, _mm512_set1_epi8(7)));
        const __m512i at = _mm512_mask_blend_epi8(_mm512_test_epi8_mask(byte, _mm512_set1_epi8(16)),
                                                  _mm512_shuffle_epi8(low, byte), _mm512_shuffle_epi8(high, byte));

        set[w] |= _mm512_test_epi8_mask(at, bit) & jh_row_mask(w, rows);
    }
}

typedef struct lookup { /* codes are cut at `most`: base + most is bit `count` */
    __m512i base, most;
    const uint64_t *members;
} lookup;

static lookup lookup_of(uint32_t base, const uint64_t *members, uint32_t count)
{
    const uint32_t from = base < count ? base : count;

    return (lookup){_mm512_set1_epi32((int)from), _mm512_set1_epi32((int)(count - from)), members};
}

static inline uint64_t member16(const lookup *l, __m512i code)
{
    const __m512i at = _mm512_add_epi32(_mm512_min_epu32(code, l->most), l->base);
    const __m512i word = _mm512_i32gather_epi32(_mm512_srli_epi32(at, 5), l->members, 4);

    return _mm512_test_epi32_mask(word,
                                  _mm512_sllv_epi32(_mm512_set1_epi32(1), _mm512_and_si512(at, _mm512_set1_epi32(31))));
}

/* Up to 2,047 codes lie in registers: 1,024 bits in two of 32 words each, twice. */
enum { NEAR_CODES = 2047, NEAR_WORDS = 32 };

typedef struct near_table {
    __m512i words[4];
} near_table;

static inline uint32_t near32(const near_table *t, const uint16_t *codes)
{
    const __m512i code = _mm512_min_epu16(_mm512_loadu_si512(codes), _mm512_set1_epi16(NEAR_CODES));
    const __m512i at = _mm512_srli_epi16(code, 4); /* the lowest 6 bits choose among two registers */
    const __m512i low = _mm512_permutex2var_epi16(t->words[0], at, t->words[1]);
    const __m512i high = _mm512_permutex2var_epi16(t->words[2], at, t->words[3]);
    const __m512i word = _mm512_mask_blend_epi16(_mm512_test_epi16_mask(at, _mm512_set1_epi16(64)), low, high);
    const __m512i bit = _mm512_and_si512(code, _mm512_set1_epi16(15));

    return _mm512_test_epi16_mask(word, _mm512_sllv_epi16(_mm512_set1_epi16(1), bit));
}

static void near_u16(const uint16_t *codes, uint32_t base, const uint64_t *members, uint32_t count, size_t rows,
                     uint64_t *set)
{
    uint64_t window[NEAR_WORDS];
    near_table t;

    jh_members_window(members, base, count, window, NEAR_WORDS);
    for (size_t i = 0; i < 4; i++)
        t.words[i] = _mm512_loadu_si512(window + i * 8);
    for (size_t w = 0; w < jh_bits_words(rows); w++) {
        const uint64_t first = near32(&t, codes + w * 64), second = near32(&t, codes + w * 64 + 32);

        set[w] |= (first | second << 32) & jh_row_mask(w, rows);
    }
}

static void member_u16(const uint16_t *codes, uint32_t base, const uint64_t *members, uint32_t count, size_t rows,
                       uint64_t *set)
{
    const lookup l = lookup_of(base, members, count);

    if (base > count || count - base <= NEAR_CODES) {
        near_u16(codes, base, members, count, rows, set);
        return;
    }
    for (size_t w = 0; w < jh_bits_words(rows); w++) {
        uint64_t word = 0;

        for (unsigned i = 0; i < 64; i += 16)
            word |=
                member16(&l,
                         _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)(const void *)(codes + w * 64 + i))))
                << i;
        set[w] |= word & jh_row_mask(w, rows);
    }
}

static void member_u32(const uint32_t *codes, uint32_t base, const uint64_t *members, uint32_t count, size_t rows,
                       uint64_t *set)
{
    const lookup l = lookup_of(base, members, count);

    for (size_t w = 0; w < jh_bits_words(rows); w++) {
        uint64_t word = 0;

        for (unsigned i = 0; i < 64; i += 16)
            word |= member16(&l, _mm512_loadu_si512(codes + w * 64 + i)) << i;
        set[w] |= word & jh_row_mask(w, rows);
    }
}

/* --- two columns --- */

static inline __m512i numbers8(const jh_numbers *numbers, size_t row)
{
    const char *at = (const char *)numbers->codes + row * numbers->width;
    __m512i codes = _mm512_setzero_si512();

    if (numbers->width == 1)
        codes = _mm512_cvtepu8_epi64(_mm_loadl_epi64((const __m128i *)(const void *)at));
    else if (numbers->width == 2)
        codes = _mm512_cvtepu16_epi64(_mm_loadu_si128((const __m128i *)(const void *)at));
    else if (numbers->width == 4)
        codes = _mm512_cvtepu32_epi64(_mm256_loadu_si256((const __m256i *)(const void *)at));
    else if (numbers->width == 8)
        codes = _mm512_loadu_si512(at);
    return _mm512_add_epi64(codes, _mm512_set1_epi64(numbers->base));
}

static void numbers_equal(jh_numbers left, jh_numbers right, size_t rows, uint64_t *set)
{
    for (size_t w = 0; w < jh_bits_words(rows); w++) {
        uint64_t word = 0;

        for (unsigned i = 0; i < 64; i += 8)
            word |= (uint64_t)_mm512_cmpeq_epi64_mask(numbers8(&left, w * 64 + i), numbers8(&right, w * 64 + i)) << i;
        set[w] = word & jh_row_mask(w, rows);
    }
}

static void numbers_less(jh_numbers left, jh_numbers right, size_t rows, uint64_t *set)
{
    for (size_t w = 0; w < jh_bits_words(rows); w++) {
        uint64_t word = 0;

        for (unsigned i = 0; i < 64; i += 8)
            word |= (uint64_t)_mm512_cmplt_epi64_mask(numbers8(&left, w * 64 + i), numbers8(&right, w * 64 + i)) << i;
        set[w] = word & jh_row_mask(w, rows);
    }
}

static inline __m512i ranks16(const jh_ranked *ranked, size_t row)
{
    const char *at = (const char *)ranked->codes + row * ranked->width;
    const uint32_t from = ranked->base < ranked->count ? ranked->base : ranked->count;
    __m512i codes = _mm512_setzero_si512();

    if (ranked->width == 1)
        codes = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(const void *)at));
    else if (ranked->width == 2)
        codes = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)(const void *)at));
    else if (ranked->width == 4)
        codes = _mm512_loadu_si512(at);
    codes = _mm512_add_epi32(_mm512_min_epu32(codes, _mm512_set1_epi32((int)(ranked->count - from))),
                             _mm512_set1_epi32((int)from));
    return ranked->ranks == NULL ? codes : _mm512_i32gather_epi32(codes, ranked->ranks, 4);
}

static void ranks_equal(jh_ranked left, jh_ranked right, size_t rows, uint64_t *set)
{
    for (size_t w = 0; w < jh_bits_words(rows); w++) {
        uint64_t word = 0;

        for (unsigned i = 0; i < 64; i += 16)
            word |= (uint64_t)_mm512_cmpeq_epi32_mask(ranks16(&left, w * 64 + i), ranks16(&right, w * 64 + i)) << i;
        set[w] = word & jh_row_mask(w, rows);
    }
}

static void ranks_less(jh_ranked left, jh_ranked right, size_t rows, uint64_t *set)
{
    for (size_t w = 0; w < jh_bits_words(rows); w++) {
        uint64_t word = 0;

        for (unsigned i = 0; i < 64; i += 16)
            word |= (uint64_t)_mm512_cmplt_epu32_mask(ranks16(&left, w * 64 + i), ranks16(&right, w * 64 + i)) << i;
        set[w] = word & jh_row_mask(w, rows);
    }
}

/* --- texts --- */

static inline uint64_t look(const char *at, size_t apart, char one, char other)
{
    const uint64_t ones = _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(at), _mm512_set1_epi8(one));

    return _mm512_mask_cmpeq_epi8_mask(ones, _mm512_loadu_si512(at + apart), _mm512_set1_epi8(other));
}

static void find(const char *bytes, const uint32_t *offsets, size_t rows, const char *word, size_t len, uint64_t *set)
{
    jh_search_rows((jh_search){.bytes = bytes, .word = word, .offsets = offsets, .len = len, .rows = rows, .set = set},
                   look);
}

static const jh_kernels kernels = {
    .name = "AVX-512",
    .range_u8 = range_u8,
    .range_u16 = range_u16,
    .range_u32 = range_u32,
    .range_u64 = range_u64,
    .member_u8 = member_u8,
    .member_u16 = member_u16,
    .member_u32 = member_u32,
    .numbers_equal = numbers_equal,
    .numbers_less = numbers_less,
    .ranks_equal = ranks_equal,
    .ranks_less = ranks_less,
    .find = find,
};

const jh_kernels *jh_kernels_avx512(void)
{
    return &kernels;
}

#else

const jh_kernels *jh_kernels_avx512(void)
{
    return NULL;
}

#endif
