#include "ingest/csv_index.h"

#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "base/bits.h"

enum { CHUNK = 64, AT_ONCE = 16 };

/* Which of 64 bytes are what, a bit each. */
typedef struct marks {
    uint64_t quote, delimiter, lf, cr, nul;
} marks;

/* What goes on from one chunk to the next: 0 or 1, but `quoted`, which is 0 or all ones. */
typedef struct carry {
    uint64_t quoted;     /* the last byte is within quotes */
    uint64_t may_open;   /* a quote may open a field here */
    uint64_t must_end;   /* the last byte closed a field: a delimiter, line end or quote must follow */
    uint64_t must_be_lf; /* the last byte was a CR outside quotes */
    uint64_t trouble;
} carry;

void jh_csv_index_deinit(jh_csv_index *index)
{
    free(index->ends);
    free(index->rows);
    *index = (jh_csv_index){0};
}

static bool grow(uint32_t **items, size_t *room, size_t need)
{
    const size_t more = need + need / 2 + 1024;
    uint32_t *grown;

    if (need <= *room)
        return true;
    if ((grown = realloc(*items, more * sizeof *grown)) == NULL)
        return false;
    *items = grown;
    *room = more;
    return true;
}

/* Bit i: how many of the bits 0 to i are set, modulo 2. */
static inline uint64_t running_parity(uint64_t bits)
{
    for (unsigned shift = 1; shift < 64; shift *= 2)
        bits ^= bits << shift;
    return bits;
}

/* Which bytes of the chunk are within quotes; an opening quote is, a closing one is not. */
static inline uint64_t quoted_bytes(uint64_t quote, uint64_t before)
{
    return quote == 0 ? before : running_parity(quote) ^ before;
}

/* The line feeds and delimiters that end fields; notes what the index cannot express. */
static inline uint64_t field_ends(const marks *m, carry *c)
{
    const uint64_t quoted = quoted_bytes(m->quote, c->quoted);
    const uint64_t opens = m->quote & quoted, closes = m->quote & ~quoted, returns = m->cr & ~quoted;
    const uint64_t separators = m->delimiter | m->lf;

    c->trouble |= opens & ~((separators | m->quote) << 1 | c->may_open);
    c->trouble |= (closes << 1 | c->must_end) & ~(separators | m->cr | m->quote);
    c->trouble |= (returns << 1 | c->must_be_lf) & ~m->lf;
    c->trouble |= m->nul;
    c->quoted = (uint64_t)((int64_t)quoted >> 63);
    c->may_open = (separators | m->quote) >> 63;
    c->must_end = closes >> 63;
    c->must_be_lf = returns >> 63;
    return separators & ~quoted;
}

/* Of no bit at all: 0. */
static inline uint32_t first_bit(uint64_t bits)
{
    return bits != 0 ? (uint32_t)__builtin_ctzll(bits) : 0;
}

/* Writes the place of each bit; `at` is that of bit 0. Up to a multiple of AT_ONCE, `out` has room for more. */
typedef void (*lister)(uint32_t *out, uint64_t bits, uint32_t at);

/* Most chunks have at most eight fields' ends and one row's: so many are written whether they are there or not, which
 * costs less than guessing wrong how often a loop goes round. */
static inline void list_plain(uint32_t *out, uint64_t ends, uint32_t at)
{
    do {
        for (unsigned i = 0; i < AT_ONCE / 2; i++) {
            out[i] = at + first_bit(ends);
            ends &= ends - 1;
        }
        out += AT_ONCE / 2;
    } while (ends != 0);
}

/* Adds what ends in one chunk. There is room. */
static inline __attribute__((always_inline)) void add_ends(jh_csv_index *index, uint64_t ends, uint64_t lf, uint32_t at,
                                                           lister list)
{
    const uint32_t before = (uint32_t)index->end_count;
    uint64_t rows = ends & lf;

    index->end_count += (size_t)__builtin_popcountll(ends);
    index->rows[index->row_count + 1] = before + (uint32_t)__builtin_popcountll(ends & (rows ^ (rows - 1)));
    index->row_count += rows != 0;
    for (rows &= rows - 1; rows != 0; rows &= rows - 1)
        index->rows[++index->row_count] = before + (uint32_t)__builtin_popcountll(ends & (rows ^ (rows - 1)));
    list(index->ends + before, ends, at);
}

typedef marks (*marker)(const char *chunk, char quote, char delimiter);

static inline __attribute__((always_inline)) jh_csv_indexed
make(jh_csv_index *index, const char *text, size_t len, const jh_csv_dialect *dialect, marker mark, lister list)
{
    carry c = {.may_open = 1};

    index->end_count = index->row_count = 0;
    index->lines = 0;
    if (!grow(&index->rows, &index->row_room, 1))
        return JH_CSV_INDEX_NO_MEMORY;
    index->rows[0] = 0;
    for (size_t at = 0; at < len; at += CHUNK) {
        const uint64_t live = len - at >= CHUNK ? ~UINT64_C(0) : (UINT64_C(1) << (len - at)) - 1;
        marks m = mark(text + at, dialect->quote, dialect->delimiter);
        uint64_t ends;

        m = (marks){m.quote & live, m.delimiter & live, m.lf & live, m.cr & live, m.nul & live};
        ends = field_ends(&m, &c) & live;
        if (!grow(&index->ends, &index->end_room, index->end_count + CHUNK + AT_ONCE) ||
            !grow(&index->rows, &index->row_room, index->row_count + CHUNK + 1))
            return JH_CSV_INDEX_NO_MEMORY;
        add_ends(index, ends, m.lf, (uint32_t)at, list);
        index->lines += (uint64_t)__builtin_popcountll(m.lf);
    }
    return c.trouble != 0 || index->rows[index->row_count] != index->end_count ||
                   (len > 0 && (c.quoted != 0 || text[len - 1] != '\n'))
               ? JH_CSV_IRREGULAR
               : JH_CSV_INDEXED;
}

static uint64_t equal_bytes(const char *chunk, char byte)
{
    uint64_t bits = 0;

    for (unsigned i = 0; i < CHUNK; i++)
        bits |= (uint64_t)(chunk[i] == byte) << i;
    return bits;
}

static inline marks mark_plain(const char *chunk, char quote, char delimiter)
{
    return (marks){equal_bytes(chunk, quote), equal_bytes(chunk, delimiter), equal_bytes(chunk, '\n'),
                   equal_bytes(chunk, '\r'), equal_bytes(chunk, '\0')};
}

jh_csv_indexed jh_csv_index_plain(jh_csv_index *index, const char *text, size_t len, const jh_csv_dialect *dialect)
{
    return make(index, text, len, dialect, mark_plain, list_plain);
}

#if defined(__x86_64__)

__attribute__((target("avx2"))) static inline uint64_t equal_avx2(__m256i low, __m256i high, char byte)
{
    const __m256i want = _mm256_set1_epi8(byte);
    const uint32_t first = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, want));
    const uint32_t second = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, want));

    return (uint64_t)second << 32 | first;
}

__attribute__((target("avx2"))) static inline marks mark_avx2(const char *chunk, char quote, char delimiter)
{
    const __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)chunk);
    const __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(chunk + 32));

    return (marks){equal_avx2(low, high, quote), equal_avx2(low, high, delimiter), equal_avx2(low, high, '\n'),
                   equal_avx2(low, high, '\r'), equal_avx2(low, high, '\0')};
}

__attribute__((target("avx2,popcnt,bmi"))) static jh_csv_indexed make_avx2(jh_csv_index *index, const char *text,
                                                                           size_t len, const jh_csv_dialect *dialect)
{
    return make(index, text, len, dialect, mark_avx2, list_plain);
}

__attribute__((target("avx512bw"))) static inline marks mark_avx512(const char *chunk, char quote, char delimiter)
{
    const __m512i bytes = _mm512_loadu_si512((const void *)chunk);

    return (marks){_mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(quote)),
                   _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(delimiter)),
                   _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n')),
                   _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\r')),
                   _mm512_cmpeq_epi8_mask(bytes, _mm512_setzero_si512())};
}

/* The numbers 0 to 63 whose bits are set move together, and as many as are usual become places at once. */
__attribute__((target("avx512bw,avx512vbmi2,popcnt"))) static inline void list_avx512(uint32_t *out, uint64_t bits,
                                                                                      uint32_t at)
{
    static const uint8_t numbers[CHUNK] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                           16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
                                           32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
                                           48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    const __m512i base = _mm512_set1_epi32((int)at);
    const __m512i set = _mm512_maskz_compress_epi8(bits, _mm512_loadu_si512(numbers));
    const int count = __builtin_popcountll(bits);

    _mm512_storeu_si512(out, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(set))));
    if (count <= AT_ONCE)
        return;
    _mm512_storeu_si512(out + 16, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(set, 1))));
    _mm512_storeu_si512(out + 32, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(set, 2))));
    _mm512_storeu_si512(out + 48, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(set, 3))));
}

__attribute__((target("avx512bw,avx512vbmi2,popcnt,bmi"))) static jh_csv_indexed
make_avx512(jh_csv_index *index, const char *text, size_t len, const jh_csv_dialect *dialect)
{
    return make(index, text, len, dialect, mark_avx512, list_avx512);
}

jh_csv_indexed jh_csv_index_avx2(jh_csv_index *index, const char *text, size_t len, const jh_csv_dialect *dialect)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("bmi")
               ? make_avx2(index, text, len, dialect)
               : jh_csv_index_plain(index, text, len, dialect);
}

jh_csv_indexed jh_csv_index_make(jh_csv_index *index, const char *text, size_t len, const jh_csv_dialect *dialect)
{
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi2")
               ? make_avx512(index, text, len, dialect)
               : jh_csv_index_avx2(index, text, len, dialect);
}

#else

jh_csv_indexed jh_csv_index_avx2(jh_csv_index *index, const char *text, size_t len, const jh_csv_dialect *dialect)
{
    return jh_csv_index_plain(index, text, len, dialect);
}

jh_csv_indexed jh_csv_index_make(jh_csv_index *index, const char *text, size_t len, const jh_csv_dialect *dialect)
{
    return jh_csv_index_plain(index, text, len, dialect);
}

#endif

/* Quotes in bytes: their number, odd or even, decides. */
static inline __attribute__((always_inline)) bool count_odd(const char *text, size_t len, char quote)
{
    uint8_t parity = 0;

    for (size_t i = 0; i < len; i++)
        parity ^= (uint8_t)(text[i] == quote);
    return parity != 0;
}

#if defined(__x86_64__)

__attribute__((target("avx2"))) static bool odd_quotes_avx2(const char *text, size_t len, char quote)
{
    return count_odd(text, len, quote);
}

static bool odd_quotes(const char *text, size_t len, char quote)
{
    return __builtin_cpu_supports("avx2") ? odd_quotes_avx2(text, len, quote) : count_odd(text, len, quote);
}

#else

static bool odd_quotes(const char *text, size_t len, char quote)
{
    return count_odd(text, len, quote);
}

#endif

size_t jh_csv_last_end(const char *text, size_t len, char quote)
{
    bool quoted = odd_quotes(text, len, quote); /* before text[at], going back */

    for (size_t at = len; at > 0; at--) {
        if (text[at - 1] == quote)
            quoted = !quoted;
        else if (text[at - 1] == '\n' && !quoted)
            return at;
    }
    return 0;
}
