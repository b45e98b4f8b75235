#ifndef JH_EXPR_KERNEL_SEARCH_H
#define JH_EXPR_KERNEL_SEARCH_H

#include <stdbool.h>
#include <string.h>

#include "base/bits.h"

/* The search for a word in many texts at once, for kinds of processors that compare 64 places in a few steps: all texts
 * are searched as one for two bytes of the word; where both stand, the word is compared. Looking and comparing alternate
 * by the block: a loop that does nothing else needs no memory for what it works with. */

enum { JH_SEARCH_CHUNKS = 64 };

typedef struct jh_anchors { /* the two bytes, as places in the word */
    size_t one, other;
} jh_anchors;

/* In Chinese text the leading byte of a character says little. */
static inline jh_anchors jh_search_anchors(size_t len)
{
    return (jh_anchors){len > 2 ? 1 : 0, len - 1};
}

/* Bit i: at[i] is `one`, at[i + apart] is `other`. Reads 64 bytes from either. */
typedef uint64_t (*jh_look)(const char *at, size_t apart, char one, char other);

typedef struct jh_search { /* rows before `row` end at or before the place looked at */
    const char *bytes, *word;
    const uint32_t *offsets;
    size_t len, row, rows;
    uint64_t *set;
    uint64_t head, head_mask; /* the word's first 8 bytes, and which of them there are */
} jh_search;

static inline void jh_search_begin(jh_search *s)
{
    const size_t head = s->len < 8 ? s->len : 8;

    s->head = 0;
    memcpy(&s->head, s->word, head);
    s->head_mask = ~UINT64_C(0) >> (64 - head * 8);
}

/* Does the word stand at `at`? Most words are compared at once, without a call. */
static inline bool jh_search_same(const jh_search *s, uint32_t at)
{
    uint64_t head;

    if (s->offsets[s->rows] - at < 8)
        return memcmp(s->bytes + at, s->word, s->len) == 0;
    memcpy(&head, s->bytes + at, 8);
    return ((head ^ s->head) & s->head_mask) == 0 &&
           (s->len <= 8 || memcmp(s->bytes + at + 8, s->word + 8, s->len - 8) == 0);
}

/* Goes on to the row that `at` lies in. Finds are a few rows apart: counting through eight at once costs less than
 * guessing wrong where to stop. */
static inline void jh_search_advance(jh_search *s, uint32_t at)
{
    for (unsigned passed = 8; passed == 8 && s->row + 8 <= s->rows; s->row += passed) {
        passed = 0;
        for (size_t i = 1; i <= 8; i++)
            passed += s->offsets[s->row + i] <= at;
    }
    while (s->row < s->rows && s->offsets[s->row + 1] <= at)
        s->row++;
}

/* Is the word at `at`, and in one row? */
static inline void jh_search_compare(jh_search *s, uint32_t at)
{
    if (!jh_search_same(s, at))
        return;
    jh_search_advance(s, at);
    if (s->row < s->rows && at + s->len <= s->offsets[s->row + 1])
        jh_bits_set(s->set, s->row);
}

static inline __attribute__((always_inline)) void jh_search_rows(jh_search s, jh_look look)
{
    const jh_anchors anchors = jh_search_anchors(s.len);
    const size_t apart = anchors.other - anchors.one;
    const char one = s.word[anchors.one], other = s.word[anchors.other];
    const uint32_t end = s.offsets[s.rows];
    uint32_t at = s.offsets[0];

    jh_search_begin(&s);
    while (end - at >= 63 + s.len) { /* a word that begins at one of 64 places ends within 63 + len bytes */
        const uint32_t fit = (uint32_t)((end - at - (s.len - 1)) / 64);
        const uint32_t count = fit < JH_SEARCH_CHUNKS ? fit : JH_SEARCH_CHUNKS;
        uint32_t places[JH_SEARCH_CHUNKS];
        uint64_t found[JH_SEARCH_CHUNKS];
        size_t hits = 0;

        for (uint32_t i = 0; i < count; i++) {
            found[hits] = look(s.bytes + at + i * 64 + anchors.one, apart, one, other);
            places[hits] = at + i * 64;
            hits += found[hits] != 0;
        }
        for (size_t i = 0; i < hits; i++)
            for (uint64_t left = found[i]; left != 0; left &= left - 1)
                jh_search_compare(&s, places[i] + (uint32_t)__builtin_ctzll(left));
        at += count * 64;
    }
    for (; end - at >= s.len && at < end; at++)
        jh_search_compare(&s, at);
}

#endif
