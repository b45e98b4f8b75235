#include <stdlib.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "base/hash.h"
#include "base/text.h"
#include "ingest/convert.h"
#include "ingest/quick_int.h"

/* Categories. A word of at most 12 bytes stands in its slot as it is, so that the slot says at once which value it is:
 * no hash of bytes, no second place to look at; of a longer one the slot has the hash, and the dictionary is asked
 * whether it is that word. Four slots are a line of the cache, and are looked at together. The tables of columns with
 * many values lie in memory, not in the cache: the lines of sixteen rows are fetched before the first of them is looked
 * at. A word that finds no slot in the four lines where it may lie is looked up in the dictionary each time: the table
 * stays small, and nobody can make it slow. */

enum {
    GROUP = 16,
    FIRST_LINES = 256,
    SMALL_LINES = 1 << 12,
    MOST_LINES = 1 << 16, /* 4 MiB */
    SLOTS = 4,            /* of a line */
    TRIES = 4,            /* lines in which a word may lie */
    INLINE = 12,
    TAKEN = 3
};

#define WORD_ODD (UINT32_MAX - 1) /* for convert.h to judge */
#define LONG_WORD UINT32_MAX      /* in place of bytes 9 to 12: no UTF-8 has these */
#define NO_WORD (UINT32_MAX - 1)  /* likewise: a field that is not looked up */

/* What a word is known by: its bytes with zeros behind them, or its hash and LONG_WORD. */
typedef struct word {
    uint64_t first;
    uint32_t then;
} word;

struct jh_quick_word {
    uint64_t first;
    uint32_t then;
    uint32_t number; /* in the words of the column, JH_WORD_NONE or WORD_ODD; + TAKEN, 0 is a free slot */
};

static inline word word_of(const char *text, uint32_t len)
{
    const jh_quick_short bytes = jh_quick_load(text, len);

    if (__builtin_expect(len > INLINE, 0))
        return (word){jh_hash64(text, len), LONG_WORD};
    return (word){bytes.low, (uint32_t)bytes.high};
}

static bool make_lines(jh_quick_column *quick, size_t lines)
{
    const size_t bytes = lines * SLOTS * sizeof *quick->words;

    quick->words = aligned_alloc(64, bytes);
    if (quick->words == NULL)
        return false;
    memset(quick->words, 0, bytes);
    quick->word_mask = lines - 1;
    quick->word_shift = 64 - (unsigned)__builtin_ctzll(lines);
    return true;
}

bool jh_quick_words_init(jh_quick_column *quick)
{
    if (!make_lines(quick, FIRST_LINES) || quick->column->list == NULL)
        return quick->words != NULL;
    quick->lists = calloc(1, sizeof *quick->lists);
    return quick->lists != NULL && jh_converter_init(quick->lists, quick->config, NULL) == JIHE_OK;
}

/* The upper bits of the product are the good ones. */
static inline size_t line_of(const jh_quick_column *quick, word w)
{
    const uint64_t both = w.first ^ (uint64_t)w.then << 29 ^ w.then;

    return (size_t)((both ^ both >> 32) * UINT64_C(0x9e3779b97f4a7c15) >> quick->word_shift);
}

/* Bit 4 s: slot s of the line has the word. At most one has. */
typedef unsigned (*matcher)(const jh_quick_word *line, word w);

static inline unsigned match_plain(const jh_quick_word *line, word w)
{
    unsigned found = 0;

    for (unsigned s = 0; s < SLOTS; s++)
        found |= (unsigned)(line[s].first == w.first && line[s].then == w.then && line[s].number != 0) << 4 * s;
    return found;
}

#if defined(__x86_64__)

/* Two slots are four lanes each: the word in three, the number in one. */
__attribute__((target("avx2"))) static inline unsigned match_avx2(const jh_quick_word *line, word w)
{
    const __m256i want = _mm256_set_epi64x(w.then, (int64_t)w.first, w.then, (int64_t)w.first);
    const __m256i *slots = (const __m256i *)(const void *)line;
    const __m256i low = _mm256_cmpeq_epi32(_mm256_load_si256(slots), want);
    const __m256i high = _mm256_cmpeq_epi32(_mm256_load_si256(slots + 1), want);
    const unsigned lanes = (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(low)) |
                           (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(high)) << 8;

    return lanes & lanes >> 1 & lanes >> 2 & ~(lanes >> 3) & 0x1111; /* lane 3 is equal where the slot is free */
}

#endif

/* The word's slot; NULL: it has none. */
static const jh_quick_word *find_slot(const jh_quick_column *quick, word w)
{
    size_t line = line_of(quick, w);

    for (unsigned i = 0; i < TRIES; i++, line = (line + 1) & quick->word_mask) {
        const jh_quick_word *slots = quick->words + line * SLOTS;
        const unsigned found = match_plain(slots, w);

        if (found != 0)
            return &slots[(unsigned)__builtin_ctz(found) / 4];
        if (slots[SLOTS - 1].number == 0) /* they are filled in order */
            return NULL;
    }
    return NULL;
}

/* A free slot for a word that has none; NULL: there is none where it may lie. */
static jh_quick_word *free_slot(const jh_quick_column *quick, word w)
{
    size_t line = line_of(quick, w);

    for (unsigned i = 0; i < TRIES; i++, line = (line + 1) & quick->word_mask)
        for (unsigned s = 0; s < SLOTS; s++)
            if (quick->words[line * SLOTS + s].number == 0)
                return &quick->words[line * SLOTS + s];
    return NULL;
}

/* Twice the lines; words that find no place then are forgotten. */
static bool enlarge(jh_quick_column *quick)
{
    const size_t lines = quick->word_mask + 1;
    jh_quick_word *old = quick->words, *slot;

    if (!make_lines(quick, lines * 2)) {
        quick->words = old;
        return false;
    }
    for (size_t i = 0; i < lines * SLOTS; i++)
        if (old[i].number != 0 && (slot = free_slot(quick, (word){old[i].first, old[i].then})) != NULL)
            *slot = old[i];
    free(old);
    return true;
}

/* A list is known by what the extract has, and numbered by what it comes to. */
static jihe_status judge_list(const jh_quick_column *quick, jh_words *words, const char *text, uint32_t len,
                              uint32_t *number, jihe_error *err)
{
    const jh_field field = {.text = text, .len = len};
    jh_reject why;
    jh_cell cell;

    quick->lists->list_count = 0;
    *number = WORD_ODD;
    if (!jh_convert_list(quick->lists, quick->column, &field, &cell, &why))
        return JIHE_OK;
    *number = JH_WORD_NONE;
    return cell.present ? jh_words_number(words, cell.text, cell.len, number, err) : JIHE_OK;
}

/* A value that the table does not have, with what is to be said of it. */
static jihe_status judge(const jh_quick_column *quick, const jh_quick_fields *fields, jh_words *words, const char *text,
                         uint32_t len, uint32_t *number, jihe_error *err)
{
    *number = JH_WORD_NONE;
    if (jh_quick_missing(quick, text, len))
        return JIHE_OK;
    if (quick->lists != NULL)
        return judge_list(quick, words, text, len, number, err);
    *number = WORD_ODD;
    if (len > JH_CATEGORY_MAX || (fields->may_be_private && jh_text_private_use(text, len) < len))
        return JIHE_OK;
    return jh_words_number(words, text, len, number, err);
}

/* A small table is kept emptier: it fits the cache anyway, and a word is found at the first look. */
static bool is_full(const jh_quick_column *quick)
{
    const size_t lines = quick->word_mask + 1;

    return quick->word_count > lines * (lines < SMALL_LINES ? SLOTS / 4 : SLOTS * 3 / 4) && lines < MOST_LINES;
}

/* A word that the table does not have: judged, and entered where there is a place. What a long one was judged to be
 * must be seen from the dictionary, and a list is not in it as the extract has it. */
static jihe_status add_word(jh_quick_column *quick, const jh_quick_fields *fields, jh_words *words, word w,
                            const jh_quick_field *field, uint32_t *number, jihe_error *err)
{
    const jihe_status st = judge(quick, fields, words, field->text, field->len, number, err);
    jh_quick_word *slot;

    if (st != JIHE_OK || (w.then == LONG_WORD && (quick->lists != NULL || *number >= WORD_ODD)))
        return st;
    if (is_full(quick) && !enlarge(quick))
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for %zu values of column '%s'", quick->word_count,
                       quick->column->name);
    if ((slot = free_slot(quick, w)) == NULL)
        return JIHE_OK;
    *slot = (jh_quick_word){.first = w.first, .then = w.then, .number = *number + TAKEN};
    quick->word_count++;
    return JIHE_OK;
}

static bool is_word(const jh_words *words, uint32_t number, const jh_quick_field *field)
{
    uint32_t len;
    const char *text = jh_dict_text(&words->dict, number, &len);

    return len == field->len && memcmp(text, field->text, len) == 0;
}

/* A field whose word is not in its first line, or is a long one. */
static __attribute__((noinline)) jihe_status number_of(jh_quick_column *quick, const jh_quick_fields *fields,
                                                       jh_words *words, uint32_t row, word w, uint32_t *number,
                                                       jihe_error *err)
{
    const jh_quick_word *slot = find_slot(quick, w);
    jh_quick_field field;

    *number = WORD_ODD;
    if (w.then == NO_WORD)
        return JIHE_OK;
    field = jh_quick_field_at(fields, row);
    if (slot == NULL)
        return add_word(quick, fields, words, w, &field, number, err);
    *number = slot->number - TAKEN;
    return w.then != LONG_WORD || is_word(words, *number, &field)
               ? JIHE_OK
               : judge(quick, fields, words, field.text, field.len, number, err);
}

static inline __attribute__((always_inline)) jihe_status read_words(jh_quick_column *quick,
                                                                    const jh_quick_fields *fields, jh_words *words,
                                                                    jh_batch_column *out, uint8_t *odd, matcher match,
                                                                    jihe_error *err)
{
    for (uint32_t from = 0; from < fields->rows; from += GROUP) {
        const uint32_t count = fields->rows - from < GROUP ? fields->rows - from : GROUP;
        const unsigned shift = quick->word_shift; /* another one: the table has grown, and words have moved */
        word looked[GROUP];
        size_t line[GROUP];

        for (uint32_t i = 0; i < count; i++) {
            const jh_quick_field field = jh_quick_field_at(fields, from + i);

            looked[i] = jh_quick_doubled(fields, &field) ? (word){0, NO_WORD} : word_of(field.text, field.len);
            line[i] = line_of(quick, looked[i]);
            __builtin_prefetch(quick->words + line[i] * SLOTS);
        }
        for (uint32_t i = 0; i < count; i++) {
            const jh_quick_word *slots = quick->words + line[i] * SLOTS;
            const unsigned found = quick->word_shift == shift ? match(slots, looked[i]) : 0;
            uint32_t number;

            if (found != 0 && looked[i].then < NO_WORD) {
                number = slots[(unsigned)__builtin_ctz(found) / 4].number - TAKEN;
            } else {
                const jihe_status st = number_of(quick, fields, words, from + i, looked[i], &number, err);
                if (st != JIHE_OK)
                    return jh_wrap(err, st, "column '%s'", quick->column->name);
            }
            out->words[from + i] = number;
            if (number == WORD_ODD)
                odd[from + i] = 1;
        }
    }
    return JIHE_OK;
}

jihe_status jh_quick_read_words_plain(jh_quick_column *quick, const jh_quick_fields *fields, jh_words *words,
                                      jh_batch_column *out, uint8_t *odd, jihe_error *err)
{
    return read_words(quick, fields, words, out, odd, match_plain, err);
}

#if defined(__x86_64__)

__attribute__((target("avx2"))) static jihe_status read_words_avx2(jh_quick_column *quick,
                                                                   const jh_quick_fields *fields, jh_words *words,
                                                                   jh_batch_column *out, uint8_t *odd, jihe_error *err)
{
    return read_words(quick, fields, words, out, odd, match_avx2, err);
}

jihe_status jh_quick_read_words(jh_quick_column *quick, const jh_quick_fields *fields, jh_words *words,
                                jh_batch_column *out, uint8_t *odd, jihe_error *err)
{
    return __builtin_cpu_supports("avx2") ? read_words_avx2(quick, fields, words, out, odd, err)
                                          : jh_quick_read_words_plain(quick, fields, words, out, odd, err);
}

#else

jihe_status jh_quick_read_words(jh_quick_column *quick, const jh_quick_fields *fields, jh_words *words,
                                jh_batch_column *out, uint8_t *odd, jihe_error *err)
{
    return jh_quick_read_words_plain(quick, fields, words, out, odd, err);
}

#endif
