#ifndef JH_SNAPSHOT_SYMBOLS_INT_H
#define JH_SNAPSHOT_SYMBOLS_INT_H

#include <string.h>

#include "snapshot/symbols.h"

/* Shared by symbols.c and symbols_learn.c: how the symbol at a place of a text is found. */

enum { SYMBOL_SLOT_BITS = 9, SYMBOL_SLOTS = 1 << SYMBOL_SLOT_BITS };

/* What is found: a code, 256 + the byte itself where no symbol fits, and above the lowest 8 bits; below, the bytes. */
typedef uint32_t jh_symbol_found;

static inline jh_symbol_found jh_symbol_make(uint32_t code, uint32_t len)
{
    return code << 8 | len;
}

static inline uint32_t jh_symbol_len(jh_symbol_found found)
{
    return found & 0xff;
}

/* A symbol of `len` bytes lies in one table: by all of its bytes when it is 16 long, by its first 8 from there on, by its
 * first 3, by both, or by its byte. */
struct jh_symbol_coder {
    jh_symbols symbols;
    uint32_t learned_rate;
    jh_symbol_found one[256];
    struct jh_symbol_two {
        uint32_t text;
        jh_symbol_found found;
    } two[SYMBOL_SLOTS];
    struct jh_symbol_short { /* 3 to 7 bytes */
        uint64_t text, mask;
        jh_symbol_found found;
    } three[SYMBOL_SLOTS];
    struct jh_symbol_long { /* 8 to 15 bytes */
        jh_symbol_text text;
        uint64_t mask; /* of text.high */
        jh_symbol_found found;
    } eight[SYMBOL_SLOTS];
    struct jh_symbol_whole {
        jh_symbol_text text;
        jh_symbol_found found;
    } sixteen[SYMBOL_SLOTS];
};

static inline jh_symbol_text jh_symbol_load(const char *text)
{
    jh_symbol_text out;

    memcpy(&out, text, sizeof out);
    return out;
}

static inline uint64_t jh_symbol_mask(uint32_t len)
{
    return len >= 8 ? ~UINT64_C(0) : (UINT64_C(1) << 8 * len) - 1;
}

static inline jh_symbol_text jh_symbol_cut(jh_symbol_text text, uint32_t len)
{
    return (jh_symbol_text){text.low & jh_symbol_mask(len), len > 8 ? text.high & jh_symbol_mask(len - 8) : 0};
}

static inline uint64_t jh_symbol_mix(uint64_t bits, unsigned width)
{
    return bits * UINT64_C(0x9e3779b97f4a7c15) >> (64 - width);
}

static inline uint64_t jh_symbol_fold(jh_symbol_text text)
{
    return text.low ^ (text.high << 23 | text.high >> 41);
}

static inline uint64_t jh_symbol_slot16(jh_symbol_text text)
{
    return jh_symbol_mix(jh_symbol_fold(text), SYMBOL_SLOT_BITS);
}

static inline uint64_t jh_symbol_slot8(jh_symbol_text text)
{
    return jh_symbol_mix(text.low, SYMBOL_SLOT_BITS);
}

static inline uint64_t jh_symbol_slot3(jh_symbol_text text)
{
    return jh_symbol_mix(text.low << 40, SYMBOL_SLOT_BITS);
}

static inline uint64_t jh_symbol_slot2(jh_symbol_text text)
{
    return jh_symbol_mix(text.low << 48, SYMBOL_SLOT_BITS);
}

/* `yes` instead of `no` where `fits`. Without a branch: which length fits is what nobody can guess. */
static inline jh_symbol_found jh_symbol_choose(bool fits, jh_symbol_found yes, jh_symbol_found no)
{
    return __builtin_expect_with_probability(fits, 1, 0.5) ? yes : no;
}

/* The longest symbol that the 16 bytes begin with, as far as its table has it. */
static inline __attribute__((always_inline)) jh_symbol_found jh_symbol_find(const jh_symbol_coder *coder,
                                                                            jh_symbol_text text)
{
    const struct jh_symbol_two *two = &coder->two[jh_symbol_slot2(text)];
    const struct jh_symbol_short *three = &coder->three[jh_symbol_slot3(text)];
    const struct jh_symbol_long *eight = &coder->eight[jh_symbol_slot8(text)];
    const struct jh_symbol_whole *sixteen = &coder->sixteen[jh_symbol_slot16(text)];
    jh_symbol_found found = coder->one[text.low & 0xff];

    found = jh_symbol_choose((text.low & 0xffff) == two->text, two->found, found);
    found = jh_symbol_choose((text.low & three->mask) == three->text, three->found, found);
    found = jh_symbol_choose(((text.low ^ eight->text.low) | ((text.high & eight->mask) ^ eight->text.high)) == 0,
                             eight->found, found);
    return jh_symbol_choose(((text.low ^ sixteen->text.low) | (text.high ^ sixteen->text.high)) == 0, sixteen->found,
                            found);
}

void jh_symbol_coder_clear(jh_symbol_coder *coder); /* no symbols: every byte is itself */

/* Adds a symbol with the next code; false: its slot is taken, or there are enough. */
bool jh_symbol_coder_add(jh_symbol_coder *coder, jh_symbol_text text, uint32_t len);

#endif
