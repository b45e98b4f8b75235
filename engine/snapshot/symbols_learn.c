#include <stdlib.h>

#include "snapshot/symbols_int.h"

/* Which symbols a text is worth. Each round codes the sample with the symbols found so far and counts how often each is
 * used, and how often which two stand side by side: those are longer symbols to be. The 255 that stand for the most
 * bytes are the next round's. */

enum { ROUNDS = 6, MOST = 8192, INDEX_BITS = 14, LEAST_USES = 3, BYTE_WORTH = 8 };

struct candidate {
    jh_symbol_text text;
    uint32_t len, bytes; /* bytes: that it stands for */
};

struct learning {
    struct candidate candidates[MOST];
    uint16_t index[1 << INDEX_BITS]; /* candidate + 1; 0 is free */
    uint32_t count;
};

static bool has_zero(jh_symbol_text text, uint32_t len)
{
    const char *bytes = (const char *)&text;

    return memchr(bytes, 0, len) != NULL;
}

/* One more use of a candidate, a new one as long as there is room. */
static void count_use(struct learning *all, jh_symbol_text text, uint32_t len, uint32_t bytes)
{
    uint64_t slot = jh_symbol_mix(jh_symbol_fold(text) ^ len, INDEX_BITS);
    struct candidate *there;

    for (; all->index[slot] != 0; slot = (slot + 1) & ((1 << INDEX_BITS) - 1)) {
        there = &all->candidates[all->index[slot] - 1];
        if (there->text.low == text.low && there->text.high == text.high && there->len == len) {
            there->bytes += bytes;
            return;
        }
    }
    if (all->count == MOST || has_zero(text, len))
        return;
    all->candidates[all->count++] = (struct candidate){text, len, bytes};
    all->index[slot] = (uint16_t)all->count;
}

/* The first `len` bytes of two symbols one after another. */
static void count_pair(struct learning *all, jh_symbol_text first, uint32_t first_len, jh_symbol_text second,
                       uint32_t second_len)
{
    const uint32_t both = first_len + second_len, len = both < JH_SYMBOL_BYTES ? both : JH_SYMBOL_BYTES;
    char bytes[2 * JH_SYMBOL_BYTES] = {0};

    memcpy(bytes, &first, first_len);
    memcpy(bytes + first_len, &second, second_len);
    count_use(all, jh_symbol_cut(jh_symbol_load(bytes), len), len, len);
}

static void count_all(struct learning *all, const jh_symbol_coder *coder, const char *sample, size_t sample_len,
                      bool pairs)
{
    jh_symbol_text before = {0};
    uint32_t before_len = 0;

    memset(all->index, 0, sizeof all->index);
    all->count = 0;
    for (size_t at = 0; at < sample_len;) {
        const jh_symbol_text rest = jh_symbol_load(sample + at);
        const uint32_t len = jh_symbol_len(jh_symbol_find(coder, rest));
        const jh_symbol_text text = jh_symbol_cut(rest, len);

        count_use(all, text, len, len == 1 ? BYTE_WORTH : len); /* without it, a byte is two */
        if (pairs && before_len > 0 && before_len < JH_SYMBOL_BYTES) {
            count_pair(all, before, before_len, text, len);
            if (len > 1)
                count_pair(all, before, before_len, text, 1);
        }
        before = text;
        before_len = len;
        at += len;
    }
}

/* The most bytes first; nothing is left to chance. */
static int by_worth(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;

    if (x->bytes != y->bytes)
        return x->bytes < y->bytes ? 1 : -1;
    if (x->text.low != y->text.low)
        return x->text.low < y->text.low ? -1 : 1;
    if (x->text.high != y->text.high)
        return x->text.high < y->text.high ? -1 : 1;
    return (x->len > y->len) - (x->len < y->len);
}

/* The best of the candidates that are used often enough, each in its slot. */
static void choose(struct learning *all, jh_symbol_coder *coder)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < all->count; i++)
        if (all->candidates[i].bytes >= LEAST_USES * all->candidates[i].len)
            all->candidates[kept++] = all->candidates[i];
    qsort(all->candidates, kept, sizeof all->candidates[0], by_worth);
    jh_symbol_coder_clear(coder);
    for (uint32_t i = 0; i < kept; i++)
        jh_symbol_coder_add(coder, all->candidates[i].text, all->candidates[i].len);
}

jh_symbol_coder *jh_symbols_learn(const char *sample, size_t len)
{
    struct learning *all = malloc(sizeof *all);
    jh_symbol_coder *coder = malloc(sizeof *coder);

    if (all == NULL || coder == NULL) {
        free(all);
        free(coder);
        return NULL;
    }
    jh_symbol_coder_clear(coder);
    for (unsigned round = 1; round <= ROUNDS; round++) {
        count_all(all, coder, sample, len, round < ROUNDS);
        choose(all, coder);
    }
    coder->learned_rate = jh_symbols_rate(coder, sample, len);
    free(all);
    return coder;
}
