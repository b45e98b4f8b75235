#ifndef JH_EXPR_KERNEL_SEARCH_H
#define JH_EXPR_KERNEL_SEARCH_H

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
} jh_search;

/* Is the word at `at`, and in one row? */
static inline void jh_search_compare(jh_search *s, uint32_t at)
{
    if (memcmp(s->bytes + at, s->word, s->len) != 0)
        return;
    while (s->row < s->rows && s->offsets[s->row + 1] <= at)
        s->row++;
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
