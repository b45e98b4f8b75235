#include "base/utf8.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "base/text.h"

unsigned jh_utf8_look_plain(const char *text, size_t len)
{
    const size_t valid = jh_text_utf8_valid(text, len);
    const size_t private_at = jh_text_private_use(text, valid);

    return (valid < len ? JH_UTF8_INVALID : 0) | (private_at < valid ? JH_UTF8_PRIVATE : 0);
}

#if defined(__x86_64__)

/* What two bytes after one another can be wrong in; a bit each. A pair is wrong when all three tables agree on a bit.
 */
enum {
    TOO_SHORT = 1 << 0,      /* a lead byte or ASCII where a continuation is due */
    TOO_LONG = 1 << 1,       /* a continuation behind ASCII */
    OVERLONG_3 = 1 << 2,     /* e0 80..9f */
    TOO_LARGE = 1 << 3,      /* f4 90.., f5.. */
    SURROGATE = 1 << 4,      /* ed a0..bf */
    OVERLONG_2 = 1 << 5,     /* c0, c1 */
    TOO_LARGE_1000 = 1 << 6, /* f5.. 8x */
    OVERLONG_4 = 1 << 6,     /* f0 80..8f: no second byte shares both */
    TWO_CONTS = 1 << 7,      /* two continuations: right only behind the lead of three or four bytes */
    CARRY = TOO_SHORT | TOO_LONG | TWO_CONTS
};

#define TWICE(...) __VA_ARGS__, __VA_ARGS__

/* By the upper half of the first byte. */
static const unsigned char first_high[32] = {
    TWICE(TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TWO_CONTS, TWO_CONTS,
          TWO_CONTS, TWO_CONTS, TOO_SHORT | OVERLONG_2, TOO_SHORT, TOO_SHORT | OVERLONG_3 | SURROGATE,
          TOO_SHORT | TOO_LARGE | TOO_LARGE_1000 | OVERLONG_4)};

/* By the lower half of the first byte. */
static const unsigned char first_low[32] = {
    TWICE(CARRY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4, CARRY | OVERLONG_2, CARRY, CARRY, CARRY | TOO_LARGE,
          CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000,
          CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000,
          CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000,
          CARRY | TOO_LARGE | TOO_LARGE_1000 | SURROGATE, CARRY | TOO_LARGE | TOO_LARGE_1000,
          CARRY | TOO_LARGE | TOO_LARGE_1000)};

/* By the upper half of the second byte. */
static const unsigned char second_high[32] = {
    TWICE(TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
          TOO_LONG | OVERLONG_2 | TWO_CONTS | OVERLONG_3 | TOO_LARGE_1000 | OVERLONG_4,
          TOO_LONG | OVERLONG_2 | TWO_CONTS | OVERLONG_3 | TOO_LARGE,
          TOO_LONG | OVERLONG_2 | TWO_CONTS | SURROGATE | TOO_LARGE,
          TOO_LONG | OVERLONG_2 | TWO_CONTS | SURROGATE | TOO_LARGE, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT)};

/* The last bytes of a step from which on a character is not finished. */
static const unsigned char unfinished_from[32] = {255, 255, 255, 255, 255, 255, 255, 255,  255,  255, 255,
                                                  255, 255, 255, 255, 255, 255, 255, 255,  255,  255, 255,
                                                  255, 255, 255, 255, 255, 255, 255, 0xef, 0xdf, 0xbf};

typedef struct progress {
    __m256i before;     /* the 32 bytes before these */
    __m256i unfinished; /* not 0: they end within a character */
    __m256i wrong, is_private;
} progress;

__attribute__((target("avx2"))) static inline __m256i load(const void *bytes)
{
    return _mm256_loadu_si256((const __m256i *)bytes);
}

__attribute__((target("avx2"))) static inline __m256i half(__m256i bytes)
{
    return _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(0x0f));
}

__attribute__((target("avx2"))) static inline __m256i look_up(const unsigned char table[32], __m256i index)
{
    return _mm256_shuffle_epi8(load(table), index);
}

__attribute__((target("avx2"))) static inline __m256i equals(__m256i bytes, int byte)
{
    return _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8((char)byte));
}

/* U+E000..F8FF begin with ee or with ef and at most a3; planes 15 and 16 with f3 and at least b0, or with f4. */
__attribute__((target("avx2"))) static inline __m256i private_use(__m256i now, __m256i prev1)
{
    const __m256i low = _mm256_cmpeq_epi8(_mm256_min_epu8(now, _mm256_set1_epi8((char)0xa3)), now);
    const __m256i high = _mm256_cmpeq_epi8(_mm256_max_epu8(now, _mm256_set1_epi8((char)0xb0)), now);
    const __m256i basic = _mm256_or_si256(equals(now, 0xee), _mm256_and_si256(equals(prev1, 0xef), low));

    return _mm256_or_si256(basic, _mm256_or_si256(equals(now, 0xf4), _mm256_and_si256(equals(prev1, 0xf3), high)));
}

__attribute__((target("avx2"))) static inline void step(progress *p, __m256i now)
{
    const __m256i across = _mm256_permute2x128_si256(p->before, now, 0x21);
    const __m256i prev1 = _mm256_alignr_epi8(now, across, 15);
    const __m256i prev2 = _mm256_alignr_epi8(now, across, 14);
    const __m256i prev3 = _mm256_alignr_epi8(now, across, 13);
    const __m256i pairs =
        _mm256_and_si256(_mm256_and_si256(look_up(first_high, half(prev1)),
                                          look_up(first_low, _mm256_and_si256(prev1, _mm256_set1_epi8(0x0f)))),
                         look_up(second_high, half(now)));
    const __m256i third = _mm256_subs_epu8(prev2, _mm256_set1_epi8(0xe0 - 0x80));
    const __m256i fourth = _mm256_subs_epu8(prev3, _mm256_set1_epi8(0xf0 - 0x80));
    const __m256i due = _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8((char)0x80));

    p->wrong = _mm256_or_si256(p->wrong, _mm256_xor_si256(due, pairs));
    p->is_private = _mm256_or_si256(p->is_private, private_use(now, prev1));
    p->unfinished = _mm256_subs_epu8(now, load(unfinished_from));
    p->before = now;
}

__attribute__((target("avx2"))) static inline void step_or_skip(progress *p, __m256i now)
{
    if (_mm256_movemask_epi8(now) != 0) {
        step(p, now);
        return;
    }
    p->wrong = _mm256_or_si256(p->wrong, p->unfinished); /* all ASCII: nothing may be open */
    p->unfinished = _mm256_setzero_si256();
    p->before = now;
}

__attribute__((target("avx2"))) static unsigned look_avx2(const char *text, size_t len)
{
    const __m256i none = _mm256_setzero_si256();
    progress p = {none, none, none, none};
    unsigned char rest[32] = {0};
    size_t at = 0;

    for (; len - at >= 32; at += 32)
        step_or_skip(&p, load(text + at));
    memcpy(rest, text + at, len - at);
    step_or_skip(&p, load(rest));
    p.wrong = _mm256_or_si256(p.wrong, p.unfinished);
    return (_mm256_testz_si256(p.wrong, p.wrong) ? 0 : JH_UTF8_INVALID) |
           (_mm256_testz_si256(p.is_private, p.is_private) ? 0 : JH_UTF8_PRIVATE);
}

/* --- the same, 64 bytes at a time --- */

typedef struct wide {
    __m512i before, unfinished;
    uint64_t wrong, is_private; /* not 0: somewhere */
} wide;

#define WIDE __attribute__((target("avx512bw")))

WIDE static inline __m512i wide_half(__m512i bytes)
{
    return _mm512_and_si512(_mm512_srli_epi16(bytes, 4), _mm512_set1_epi8(0x0f));
}

WIDE static inline __m512i wide_look_up(const unsigned char table[32], __m512i index)
{
    return _mm512_shuffle_epi8(_mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(const void *)table)), index);
}

WIDE static inline uint64_t wide_equals(__m512i bytes, int byte)
{
    return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8((char)byte));
}

WIDE static inline uint64_t wide_private_use(__m512i now, __m512i prev1)
{
    const uint64_t low = _mm512_cmple_epu8_mask(now, _mm512_set1_epi8((char)0xa3));
    const uint64_t high = _mm512_cmpge_epu8_mask(now, _mm512_set1_epi8((char)0xb0));

    return wide_equals(now, 0xee) | wide_equals(now, 0xf4) | (wide_equals(prev1, 0xef) & low) |
           (wide_equals(prev1, 0xf3) & high);
}

WIDE static inline void wide_step(wide *p, __m512i now)
{
    const __m512i across = _mm512_alignr_epi32(now, p->before, 12); /* each 16 bytes: those before them in the text */
    const __m512i prev1 = _mm512_alignr_epi8(now, across, 15);
    const __m512i prev2 = _mm512_alignr_epi8(now, across, 14);
    const __m512i prev3 = _mm512_alignr_epi8(now, across, 13);
    const __m512i pairs =
        _mm512_and_si512(_mm512_and_si512(wide_look_up(first_high, wide_half(prev1)),
                                          wide_look_up(first_low, _mm512_and_si512(prev1, _mm512_set1_epi8(0x0f)))),
                         wide_look_up(second_high, wide_half(now)));
    const __m512i third = _mm512_subs_epu8(prev2, _mm512_set1_epi8(0xe0 - 0x80));
    const __m512i fourth = _mm512_subs_epu8(prev3, _mm512_set1_epi8(0xf0 - 0x80));
    const __m512i due = _mm512_and_si512(_mm512_or_si512(third, fourth), _mm512_set1_epi8((char)0x80));

    p->wrong |= _mm512_cmpneq_epi8_mask(due, pairs);
    p->is_private |= wide_private_use(now, prev1);
    p->unfinished = _mm512_subs_epu8(now, _mm512_inserti64x4(_mm512_set1_epi8((char)0xff), load(unfinished_from), 1));
    p->before = now;
}

WIDE static inline void wide_step_or_skip(wide *p, __m512i now)
{
    if (_mm512_movepi8_mask(now) != 0) {
        wide_step(p, now);
        return;
    }
    p->wrong |= _mm512_test_epi8_mask(p->unfinished, p->unfinished);
    p->unfinished = _mm512_setzero_si512();
    p->before = now;
}

WIDE static unsigned look_avx512(const char *text, size_t len)
{
    wide p = {_mm512_setzero_si512(), _mm512_setzero_si512(), 0, 0};
    size_t at = 0;

    for (; len - at >= 64; at += 64)
        wide_step_or_skip(&p, _mm512_loadu_si512((const void *)(text + at)));
    wide_step_or_skip(&p, _mm512_maskz_loadu_epi8((UINT64_C(1) << (len - at)) - 1, text + at));
    p.wrong |= _mm512_test_epi8_mask(p.unfinished, p.unfinished);
    return (p.wrong != 0 ? JH_UTF8_INVALID : 0) | (p.is_private != 0 ? JH_UTF8_PRIVATE : 0);
}

unsigned jh_utf8_look_avx2(const char *text, size_t len)
{
    return __builtin_cpu_supports("avx2") ? look_avx2(text, len) : jh_utf8_look_plain(text, len);
}

unsigned jh_utf8_look(const char *text, size_t len)
{
    return __builtin_cpu_supports("avx512bw") ? look_avx512(text, len) : jh_utf8_look_avx2(text, len);
}

#else

unsigned jh_utf8_look_avx2(const char *text, size_t len)
{
    return jh_utf8_look_plain(text, len);
}

unsigned jh_utf8_look(const char *text, size_t len)
{
    return jh_utf8_look_plain(text, len);
}

#endif
