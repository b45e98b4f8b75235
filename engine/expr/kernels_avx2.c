#include "expr/kernels.h"

/* Compiled for AVX2; called where the processor has it. A compare fills lanes with ones, whose highest bits are the
 * answer. */

#if defined(__AVX2__)

#include <immintrin.h>

#include "expr/kernel_pack.h"
#include "expr/kernel_search.h"
#include "expr/kernel_window.h"

static inline __m256i load(const void *at)
{
    return _mm256_loadu_si256(at);
}

/* The highest bits of 32 bytes, 8 numbers, 4 numbers. */
static inline uint64_t bits32(__m256i bytes)
{
    return (uint32_t)_mm256_movemask_epi8(bytes);
}

static inline uint64_t bits8(__m256i numbers)
{
    return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(numbers));
}

static inline uint64_t bits4(__m256i numbers)
{
    return (uint32_t)_mm256_movemask_pd(_mm256_castsi256_pd(numbers));
}

/* --- range: code - low <= high - low in unsigned arithmetic is both comparisons at once; x <= y where min(x, y) = x
 * --- */

static void range_u8(const uint8_t *codes, uint8_t low, uint8_t high, size_t rows, uint64_t *set)
{
    const __m256i from = _mm256_set1_epi8((char)low), span = _mm256_set1_epi8((char)(high - low));

    for (size_t w = 0; w < jh_bits_words(rows); w++) {
        const __m256i a = _mm256_sub_epi8(load(codes + w * 64), from);
        const __m256i b = _mm256_sub_epi8(load(codes + w * 64 + 32), from);
        const uint64_t word = bits32(_mm256_cmpeq_epi8(_mm256_min_epu8(a, span), a)) |
                              bits32(_mm256_cmpeq_epi8(_mm256_min_epu8(b, span), b)) << 32;

        set[w] |= word & jh_row_mask(w, rows);
    }
}

static inline __m256i inside16(const uint16_t *codes, __m256i from, __m256i span)
{
    const __m256i code = _mm256_sub_epi16(load(codes), from);

    return _mm256_cmpeq_epi16(_mm256_min_epu16(code, span), code);
}

/* Packing takes the halves of both by turns: the permutation puts them in order. */
static inline uint64_t inside32(const uint16_t *codes, __m256i from, __m256i span)
{
    const __m256i bytes = _mm256_packs_epi16(inside16(codes, from, span), inside16(codes + 16, from, span));

    return bits32(_mm256_permute4x64_epi64(bytes, 0xD8));
}

static void range_u16(const uint16_t *codes, uint16_t low, uint16_t high, size_t rows, uint64_t *set)
{
    const __m256i from = _mm256_set1_epi16((short)low), span = _mm256_set1_epi16((short)(high - low));

    for (size_t w = 0; w < jh_bits_words(rows); w++)
        set[w] |= (inside32(codes + w * 64, from, span) | inside32(codes + w * 64 + 32, from, span) << 32) &
                  jh_row_mask(w, rows);
}

static void range_u32(const uint32_t *codes, uint32_t low, uint32_t high, size_t rows, uint64_t *set)
{
    const __m256i from = _mm256_set1_epi32((int)low), span = _mm256_set1_epi32((int)(high - low));

    for (size_t w = 0; w < jh_bits_words(rows); w++) {
        uint64_t word = 0;

        for (unsigned i = 0; i < 64; i += 8) {
            const __m256i code = _mm256_sub_epi32(load(codes + w * 64 + i), from);

            word |= bits8(_mm256_cmpeq_epi32(_mm256_min_epu32(code, span), code)) << i;
        }
        set[w] |= word & jh_row_mask(w, rows);
    }
}

/* There is only a signed comparison: both sides are moved by half the range. */
static void range_u64(const uint64_t *codes, uint64_t low, uint64_t high, size_t rows, uint64_t *set)
{
    const uint64_t half = UINT64_C(1) << 63;
    const __m256i from = _mm256_set1_epi64x((long long)(low + half));
    const __m256i span = _mm256_set1_epi64x((long long)((high - low) ^ half));

    for (size_t w = 0; w < jh_bits_words(rows); w++) {
        uint64_t outside = 0;

        for (unsigned i = 0; i < 64; i += 4)
            outside |= bits4(_mm256_cmpgt_epi64(_mm256_sub_epi64(load(codes + w * 64 + i), from), span)) << i;
        set[w] |= ~outside & jh_row_mask(w, rows);
    }
}

/* --- member --- */

typedef struct table { /* the 256 bits that a byte can ask, in two shuffles of 16 bytes */
    __m256i low, high;
} table;

static inline uint64_t member32(const table *t, const uint8_t *codes)
{
    const __m256i bits = _mm256_set1_epi64x((long long)UINT64_C(0x8040201008040201));
    const __m256i code = load(codes);
    const __m256i byte = _mm256_and_si256(_mm256_srli_epi16(code, 3), _mm256_set1_epi8(31));
    const __m256i bit = _mm256_shuffle_epi8(bits, _mm256_and_si256(code, _mm256_set1_epi8(7)));
    const __m256i at = _mm256_blendv_epi8(_mm256_shuffle_epi8(t->low, byte), _mm256_shuffle_epi8(t->high, byte),
                                          _mm256_slli_epi16(byte, 3));

    return bits32(_mm256_cmpeq_epi8(_mm256_and_si256(at, bit), bit));
}

static void member_u8(const uint8_t *codes, uint32_t base, const uint64_t *members, uint32_t count, size_t rows,
                      uint64_t *set)
{
    uint64_t window[4];
    table t;

    jh_members_window(members, base, count, window, 4);
    t.low = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)window));
    t.high = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)(window + 2)));
    for (size_t w = 0; w < jh_bits_words(rows); w++)
        set[w] |= (member32(&t, codes + w * 64) | member32(&t, codes + w * 64 + 32) << 32) & jh_row_mask(w, rows);
}

typedef struct lookup { /* codes are cut at `most`: base + most is bit `count` */
    __m256i base, most;
    const int *members;
} lookup;

static lookup lookup_of(uint32_t base, const uint64_t *members, uint32_t count)
{
    const uint32_t from = base < count ? base : count;

    return (lookup){_mm256_set1_epi32((int)from), _mm256_set1_epi32((int)(count - from)),
                    (const int *)(const void *)members};
}

static inline uint64_t member8(const lookup *l, __m256i code)
{
    const __m256i at = _mm256_add_epi32(_mm256_min_epu32(code, l->most), l->base);
    const __m256i word = _mm256_i32gather_epi32(l->members, _mm256_srli_epi32(at, 5), 4);

    /* The bit moves to the highest place: by 31 - at % 32, which is what is left of ~at. */
    return bits8(_mm256_sllv_epi32(word, _mm256_andnot_si256(at, _mm256_set1_epi32(31))));
}

static void member_u16(const uint16_t *codes, uint32_t base, const uint64_t *members, uint32_t count, size_t rows,
                       uint64_t *set)
{
    const lookup l = lookup_of(base, members, count);

    for (size_t w = 0; w < jh_bits_words(rows); w++) {
        uint64_t word = 0;

        for (unsigned i = 0; i < 64; i += 8)
            word |=
                member8(&l, _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)(const void *)(codes + w * 64 + i))))
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

        for (unsigned i = 0; i < 64; i += 8)
            word |= member8(&l, load(codes + w * 64 + i)) << i;
        set[w] |= word & jh_row_mask(w, rows);
    }
}

/* --- two columns --- */

static inline __m256i numbers4(const jh_numbers *numbers, size_t row)
{
    const char *at = (const char *)numbers->codes + row * numbers->width;
    __m256i codes = _mm256_setzero_si256();

    if (numbers->width == 1)
        codes = _mm256_cvtepu8_epi64(_mm_loadu_si32(at));
    else if (numbers->width == 2)
        codes = _mm256_cvtepu16_epi64(_mm_loadl_epi64((const __m128i *)(const void *)at));
    else if (numbers->width == 4)
        codes = _mm256_cvtepu32_epi64(_mm_loadu_si128((const __m128i *)(const void *)at));
    else if (numbers->width == 8)
        codes = load(at);
    return _mm256_add_epi64(codes, _mm256_set1_epi64x(numbers->base));
}

static void numbers_equal(jh_numbers left, jh_numbers right, size_t rows, uint64_t *set)
{
    for (size_t w = 0; w < jh_bits_words(rows); w++) {
        uint64_t word = 0;

        for (unsigned i = 0; i < 64; i += 4)
            word |= bits4(_mm256_cmpeq_epi64(numbers4(&left, w * 64 + i), numbers4(&right, w * 64 + i))) << i;
        set[w] = word & jh_row_mask(w, rows);
    }
}

static void numbers_less(jh_numbers left, jh_numbers right, size_t rows, uint64_t *set)
{
    for (size_t w = 0; w < jh_bits_words(rows); w++) {
        uint64_t word = 0;

        for (unsigned i = 0; i < 64; i += 4)
            word |= bits4(_mm256_cmpgt_epi64(numbers4(&right, w * 64 + i), numbers4(&left, w * 64 + i))) << i;
        set[w] = word & jh_row_mask(w, rows);
    }
}

static inline __m256i ranks8(const jh_ranked *ranked, size_t row)
{
    const char *at = (const char *)ranked->codes + row * ranked->width;
    const uint32_t from = ranked->base < ranked->count ? ranked->base : ranked->count;
    __m256i codes = _mm256_setzero_si256();

    if (ranked->width == 1)
        codes = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)at));
    else if (ranked->width == 2)
        codes = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)(const void *)at));
    else if (ranked->width == 4)
        codes = load(at);
    codes = _mm256_add_epi32(_mm256_min_epu32(codes, _mm256_set1_epi32((int)(ranked->count - from))),
                             _mm256_set1_epi32((int)from));
    return ranked->ranks == NULL ? codes : _mm256_i32gather_epi32((const int *)(const void *)ranked->ranks, codes, 4);
}

static void ranks_equal(jh_ranked left, jh_ranked right, size_t rows, uint64_t *set)
{
    for (size_t w = 0; w < jh_bits_words(rows); w++) {
        uint64_t word = 0;

        for (unsigned i = 0; i < 64; i += 8)
            word |= bits8(_mm256_cmpeq_epi32(ranks8(&left, w * 64 + i), ranks8(&right, w * 64 + i))) << i;
        set[w] = word & jh_row_mask(w, rows);
    }
}

/* Ranks count entries of two dictionaries, of at most 2^30 bytes each: as signed numbers they compare alike. */
static void ranks_less(jh_ranked left, jh_ranked right, size_t rows, uint64_t *set)
{
    for (size_t w = 0; w < jh_bits_words(rows); w++) {
        uint64_t word = 0;

        for (unsigned i = 0; i < 64; i += 8)
            word |= bits8(_mm256_cmpgt_epi32(ranks8(&right, w * 64 + i), ranks8(&left, w * 64 + i))) << i;
        set[w] = word & jh_row_mask(w, rows);
    }
}

/* --- texts --- */

static inline uint64_t look(const char *at, size_t apart, char one, char other)
{
    const __m256i ones = _mm256_set1_epi8(one), others = _mm256_set1_epi8(other);
    const __m256i a = _mm256_and_si256(_mm256_cmpeq_epi8(load(at), ones), _mm256_cmpeq_epi8(load(at + apart), others));
    const __m256i b =
        _mm256_and_si256(_mm256_cmpeq_epi8(load(at + 32), ones), _mm256_cmpeq_epi8(load(at + apart + 32), others));

    return bits32(a) | bits32(b) << 32;
}

static void find(const char *bytes, const uint32_t *offsets, size_t rows, const char *word, size_t len, uint64_t *set)
{
    jh_search_rows((jh_search){.bytes = bytes, .word = word, .offsets = offsets, .len = len, .rows = rows, .set = set},
                   look);
}

static const jh_kernels kernels = {
    .name = "AVX2",
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

const jh_kernels *jh_kernels_avx2(void)
{
    return &kernels;
}

#else

const jh_kernels *jh_kernels_avx2(void)
{
    return NULL;
}

#endif
