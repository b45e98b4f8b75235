#ifndef JH_SNAPSHOT_SYMBOLS_H
#define JH_SNAPSHOT_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Texts as a byte for each of their frequent parts (FORMAT.md, encoding SYMBOLS), after FSST (Boncz, Neumann and Leis
 * 2020, PVLDB 13): up to 255 symbols of 1 to 16 bytes, found in a sample; any other byte is two, an escape and itself.
 * Coding is a search in five small tables at each step, which depend on nothing before: four texts go side by side.
 * Shared by engine/snapshot only. */

enum {
    JH_SYMBOLS = 255, /* at most */
    JH_SYMBOL_ESCAPE = 255,
    JH_SYMBOL_BYTES = 16, /* of the longest */
    JH_SYMBOLS_STORED = 1 + JH_SYMBOLS * (1 + JH_SYMBOL_BYTES), /* bytes of the largest table as stored */
    JH_SYMBOLS_SAMPLE = 16384,                                  /* bytes to learn from, at most */
    JH_SYMBOLS_AT_ONCE = 4                                      /* texts that are coded side by side */
};

/* A text of at most 16 bytes, zeros behind it. */
typedef struct jh_symbol_text {
    uint64_t low, high;
} jh_symbol_text;

/* The symbols by code; no symbol has a zero byte when it comes from jh_symbols_learn. */
typedef struct jh_symbols {
    jh_symbol_text text[JH_SYMBOLS];
    uint8_t        len[JH_SYMBOLS];
    uint32_t       count;
} jh_symbols;

/* Symbols with what finds them: of those in one slot the first stays, so a table has no symbol that is never found. */
typedef struct jh_symbol_coder jh_symbol_coder;

/* Learns from a sample of at most JH_SYMBOLS_SAMPLE bytes, behind which JH_SYMBOL_BYTES zeros stand; NULL: no memory. What
 * is learned depends on the sample alone. */
jh_symbol_coder *jh_symbols_learn(const char *sample, size_t len);
void             jh_symbols_free(jh_symbol_coder *coder); /* NULL accepted */

const jh_symbols *jh_symbols_of(const jh_symbol_coder *coder);

/* Bytes that `coder` would make of a sample (as above), and what it made of the one it has learned from, in thousandths of
 * the bytes that went in. */
uint32_t jh_symbols_rate(const jh_symbol_coder *coder, const char *sample, size_t len);
uint32_t jh_symbols_learned_rate(const jh_symbol_coder *coder);

/* One text on its way: in[0 .. len) to `out`, where 2 * len + 2 bytes are; `out_len` is set. */
typedef struct jh_symbol_run {
    const char *in;
    size_t      len;
    uint8_t    *out;
    size_t      out_len;
} jh_symbol_run;

void jh_symbols_code(const jh_symbol_coder *coder, jh_symbol_run runs[JH_SYMBOLS_AT_ONCE]); /* `len` may be 0 */

/* As stored; JH_SYMBOLS_STORED bytes are there. Returns how many it takes. */
size_t jh_symbols_put(const jh_symbols *symbols, uint8_t *out);

/* Of bytes nobody trusts. False: they are not a table of exactly `len` bytes. */
bool jh_symbols_get(jh_symbols *out, const uint8_t *bytes, size_t len);

/* Undoes the coding: exactly `out_len` bytes must come of it, else false. Writes within out[0 .. out_len) only. */
bool jh_symbols_decode(const jh_symbols *symbols, const uint8_t *in, size_t len, char *out, size_t out_len);

#endif
