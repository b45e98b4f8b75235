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

unsigned jh_utf8_look(const char *text, size_t len)
{
    return __builtin_cpu_supports("avx2") ? look_avx2(text, len) : jh_utf8_look_plain(text, len);
}

#else

unsigned jh_utf8_look(const char *text, size_t len)
{
    return jh_utf8_look_plain(text, len);
}

#endif
