#include "snapshot/symbols.h"

#include <stdlib.h>

#include "snapshot/symbols_int.h"

void jh_symbols_free(jh_symbol_coder *coder)
{
    free(coder);
}

const jh_symbols *jh_symbols_of(const jh_symbol_coder *coder)
{
    return &coder->symbols;
}

uint32_t jh_symbols_learned_rate(const jh_symbol_coder *coder)
{
    return coder->learned_rate;
}

/* --- finding --- */

/* A text that is looked for in another slot than this one: it stands in a free slot, and fits nothing. */
static jh_symbol_text stranger(uint32_t slot)
{
    const jh_symbol_text one = {1, 0}, ones = {~UINT64_C(0), ~UINT64_C(0)};

    return jh_symbol_slot16(one) == slot ? ones : one;
}

/* Free slots fit nothing: a mask of zeros leaves no text of ones. */
void jh_symbol_coder_clear(jh_symbol_coder *coder)
{
    const jh_symbol_text ones = {~UINT64_C(0), ~UINT64_C(0)};

    memset(coder, 0, sizeof *coder);
    for (uint32_t byte = 0; byte < 256; byte++)
        coder->one[byte] = jh_symbol_make(256 + byte, 1);
    for (uint32_t slot = 0; slot < SYMBOL_SLOTS; slot++) {
        coder->two[slot].text = UINT32_MAX;
        coder->three[slot].text = ~UINT64_C(0);
        coder->eight[slot].text = ones;
        coder->sixteen[slot].text = stranger(slot);
    }
}

static bool place(jh_symbol_coder *coder, jh_symbol_text text, uint32_t len, jh_symbol_found found)
{
    struct jh_symbol_whole *sixteen = &coder->sixteen[jh_symbol_slot16(text)];
    struct jh_symbol_long *eight = &coder->eight[jh_symbol_slot8(text)];
    struct jh_symbol_short *three = &coder->three[jh_symbol_slot3(text)];
    struct jh_symbol_two *two = &coder->two[jh_symbol_slot2(text)];

    if (len == 1) {
        coder->one[text.low] = found;
        return true;
    }
    if ((len == 16 ? sixteen->found : len >= 8 ? eight->found : len >= 3 ? three->found : two->found) != 0)
        return false;
    if (len == 16)
        *sixteen = (struct jh_symbol_whole){text, found};
    else if (len >= 8)
        *eight = (struct jh_symbol_long){text, len > 8 ? jh_symbol_mask(len - 8) : 0, found};
    else if (len >= 3)
        *three = (struct jh_symbol_short){text.low, jh_symbol_mask(len), found};
    else
        *two = (struct jh_symbol_two){(uint32_t)text.low, found};
    return true;
}

bool jh_symbol_coder_add(jh_symbol_coder *coder, jh_symbol_text text, uint32_t len)
{
    jh_symbols *symbols = &coder->symbols;

    if (symbols->count == JH_SYMBOLS || !place(coder, text, len, jh_symbol_make(symbols->count, len)))
        return false;
    symbols->text[symbols->count] = text;
    symbols->len[symbols->count++] = (uint8_t)len;
    return true;
}

/* --- coding --- */

/* Both bytes are written, and one or both are kept. */
static inline __attribute__((always_inline)) void step(const jh_symbol_coder *coder, const char **in, uint8_t **out)
{
    const jh_symbol_text text = jh_symbol_load(*in);
    const jh_symbol_found found = jh_symbol_find(coder, text);
    const uint32_t code = found >> 8, escape = code >> 8;

    (*out)[0] = (uint8_t)(code | -escape); /* 255 where it is an escape */
    (*out)[1] = (uint8_t)text.low;
    *out += 1 + escape;
    *in += jh_symbol_len(found);
}

/* The end of a text is coded with zeros behind it, which no symbol has. */
static void finish(const jh_symbol_coder *coder, jh_symbol_run *run, const char *in, uint8_t *out)
{
    const char *end = run->in + run->len;
    char rest[2 * JH_SYMBOL_BYTES] = {0};
    size_t left;

    while (end - in >= JH_SYMBOL_BYTES)
        step(coder, &in, &out);
    left = (size_t)(end - in);
    memcpy(rest, in, left);
    for (in = rest; in < rest + left;)
        step(coder, &in, &out);
    run->out_len = (size_t)(out - run->out);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

void jh_symbols_code(const jh_symbol_coder *coder, jh_symbol_run runs[JH_SYMBOLS_AT_ONCE])
{
    const char *a = runs[0].in, *b = runs[1].in, *c = runs[2].in, *d = runs[3].in;
    const char *a_end = a + runs[0].len, *b_end = b + runs[1].len, *c_end = c + runs[2].len, *d_end = d + runs[3].len;
    uint8_t *a_out = runs[0].out, *b_out = runs[1].out, *c_out = runs[2].out, *d_out = runs[3].out;
    size_t steps;

    do { /* as many as none of them can come to its end in */
        steps =
            least(least((size_t)(a_end - a), (size_t)(b_end - b)), least((size_t)(c_end - c), (size_t)(d_end - d))) /
            JH_SYMBOL_BYTES;
        for (size_t i = 0; i < steps; i++) {
            step(coder, &a, &a_out);
            step(coder, &b, &b_out);
            step(coder, &c, &c_out);
            step(coder, &d, &d_out);
        }
    } while (steps > 0);
    finish(coder, &runs[0], a, a_out);
    finish(coder, &runs[1], b, b_out);
    finish(coder, &runs[2], c, c_out);
    finish(coder, &runs[3], d, d_out);
}

uint32_t jh_symbols_rate(const jh_symbol_coder *coder, const char *sample, size_t len)
{
    size_t bytes = 0;

    for (size_t at = 0; at < len;) {
        const jh_symbol_found found = jh_symbol_find(coder, jh_symbol_load(sample + at));

        bytes += found >> 16 != 0 ? 2 : 1;
        at += jh_symbol_len(found);
    }
    return len == 0 ? 1000 : (uint32_t)(bytes * 1000 / len);
}

/* --- as stored, and back --- */

size_t jh_symbols_put(const jh_symbols *symbols, uint8_t *out)
{
    size_t at = 0;

    out[at++] = (uint8_t)symbols->count;
    for (uint32_t code = 0; code < symbols->count; code++)
        out[at++] = symbols->len[code];
    for (uint32_t code = 0; code < symbols->count; at += symbols->len[code++])
        memcpy(out + at, &symbols->text[code], symbols->len[code]);
    return at;
}

bool jh_symbols_get(jh_symbols *out, const uint8_t *bytes, size_t len)
{
    size_t at;

    if (len == 0 || bytes[0] == 0 || len < 1 + (size_t)bytes[0])
        return false;
    out->count = bytes[0];
    at = 1 + (size_t)out->count;
    for (uint32_t code = 0; code < out->count; code++) {
        const uint8_t symbol = bytes[1 + code];

        if (symbol == 0 || symbol > JH_SYMBOL_BYTES || len - at < symbol)
            return false;
        out->len[code] = symbol;
        out->text[code] = (jh_symbol_text){0};
        memcpy(&out->text[code], bytes + at, symbol);
        at += symbol;
    }
    return at == len;
}

bool jh_symbols_decode(const jh_symbols *symbols, const uint8_t *in, size_t len, char *out, size_t out_len)
{
    const uint8_t *end = in + len;
    char *out_end = out + out_len;

    while (in < end) {
        const uint32_t code = *in++;
        const size_t room = (size_t)(out_end - out);

        if (code == JH_SYMBOL_ESCAPE) {
            if (in == end || room == 0)
                return false;
            *out++ = (char)*in++;
        } else if (code >= symbols->count || symbols->len[code] > room) {
            return false;
        } else if (room >= JH_SYMBOL_BYTES) {
            memcpy(out, &symbols->text[code], JH_SYMBOL_BYTES);
            out += symbols->len[code];
        } else {
            memcpy(out, &symbols->text[code], symbols->len[code]);
            out += symbols->len[code];
        }
    }
    return out == out_end;
}
