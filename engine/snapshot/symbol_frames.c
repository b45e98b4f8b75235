#include "snapshot/packed.h"

/* Texts as frames of symbols. Frames do not depend on each other, so that four of them are coded side by side. */

enum {
    LEAST_TEXT = 2048, /* bytes from which on symbols are looked for */
    PIECE = 256        /* bytes of text in one place of the sample */
};

static uint32_t bytes_of(const jh_col_view *texts)
{
    return texts->offsets[texts->rows];
}

/* Pieces of the texts at even distances, or all of it; zeros behind. */
static size_t take_sample(const jh_col_view *texts, char sample[JH_SYMBOLS_SAMPLE + JH_SYMBOL_BYTES])
{
    const uint64_t bytes = bytes_of(texts), pieces = JH_SYMBOLS_SAMPLE / PIECE;
    size_t len = 0;

    memset(sample, 0, JH_SYMBOLS_SAMPLE + JH_SYMBOL_BYTES);
    if (bytes <= JH_SYMBOLS_SAMPLE) {
        memcpy(sample, texts->bytes, (size_t)bytes);
        return (size_t)bytes;
    }
    for (uint64_t i = 0; i < pieces; i++, len += PIECE)
        memcpy(sample + len, texts->bytes + (bytes - PIECE) * i / (pieces - 1), PIECE);
    return len;
}

static jihe_status no_memory(jihe_error *err)
{
    return jh_fail(err, JIHE_NO_MEMORY, "no memory to compress texts");
}

jihe_status jh_symbol_frames_learn(const jh_col_view *texts, jh_symbol_coder **out, jihe_error *err)
{
    char sample[JH_SYMBOLS_SAMPLE + JH_SYMBOL_BYTES];

    *out = NULL;
    if (bytes_of(texts) < LEAST_TEXT)
        return JIHE_OK;
    *out = jh_symbols_learn(sample, take_sample(texts, sample));
    return *out != NULL ? JIHE_OK : no_memory(err);
}

/* Half of the bytes, table included: from there on zstd is asked. */
static bool pays(const jh_symbol_coder *coder, uint32_t rate, uint64_t bytes)
{
    uint8_t table[JH_SYMBOLS_STORED];

    return (bytes * rate / 1000 + jh_symbols_put(jh_symbols_of(coder), table)) * 2 <= bytes;
}

/* A coder of other texts does as long as it makes these at most a quarter larger than those it has learned from. */
jihe_status jh_symbol_frames_choose(const jh_col_view *texts, const jh_symbol_coder *given,
                                    const jh_symbol_coder **chosen, jh_symbol_coder **own, jihe_error *err)
{
    char sample[JH_SYMBOLS_SAMPLE + JH_SYMBOL_BYTES];
    uint32_t rate;
    jihe_status st;

    *chosen = *own = NULL;
    if (bytes_of(texts) < LEAST_TEXT)
        return JIHE_OK;
    if (given != NULL) {
        rate = jh_symbols_rate(given, sample, take_sample(texts, sample));
        if (rate <= jh_symbols_learned_rate(given) * 5 / 4 && pays(given, rate, bytes_of(texts))) {
            *chosen = given;
            return JIHE_OK;
        }
    }
    if ((st = jh_symbol_frames_learn(texts, own, err)) != JIHE_OK)
        return st;
    if (pays(*own, jh_symbols_learned_rate(*own), bytes_of(texts)))
        *chosen = *own;
    return JIHE_OK;
}

/* The rows of one frame. */
struct part {
    uint32_t from, to;
};

static struct part part_of(const jh_col_view *texts, uint32_t frame)
{
    const uint32_t frames = jh_packed_frames(texts->rows), from = frame < frames ? frame * JH_FRAME_ROWS : texts->rows;

    return (struct part){from, texts->rows - from < JH_FRAME_ROWS ? texts->rows : from + JH_FRAME_ROWS};
}

static size_t text_bytes(const jh_col_view *texts, struct part part)
{
    return texts->offsets[part.to] - texts->offsets[part.from];
}

/* Codes the frames from `first` on into the packer's memory. Frames beyond the last are empty. */
static bool code_frames(jh_packer *packer, const jh_col_view *texts, const jh_symbol_coder *coder, uint32_t first,
                        jh_symbol_run runs[JH_SYMBOLS_AT_ONCE])
{
    size_t room = 0;

    for (uint32_t i = 0; i < JH_SYMBOLS_AT_ONCE; i++)
        room += 2 * text_bytes(texts, part_of(texts, first + i)) + 2;
    jh_buf_clear(&packer->frame);
    if (!jh_buf_reserve(&packer->frame, room))
        return false;
    room = 0;
    for (uint32_t i = 0; i < JH_SYMBOLS_AT_ONCE; i++) {
        const struct part part = part_of(texts, first + i);

        runs[i] = (jh_symbol_run){.in = texts->bytes + texts->offsets[part.from],
                                  .len = text_bytes(texts, part),
                                  .out = packer->frame.bytes + room};
        room += 2 * runs[i].len + 2;
    }
    jh_symbols_code(coder, runs);
    return true;
}

/* A frame that symbols do not make shorter is stored as it is. */
static void put_frame(const jh_col_view *texts, struct part part, const jh_symbol_run *run, unsigned width, jh_buf *out)
{
    const size_t lengths = (size_t)(part.to - part.from) * width;
    uint8_t *at;

    if (run->out_len < run->len)
        jh_buf_put(out, run->out, run->out_len);
    else if (run->len != 0)
        jh_buf_put(out, run->in, run->len);
    if ((at = jh_buf_extend(out, lengths)) != NULL)
        jh_packed_lengths(texts, part.from, part.to, width, at);
}

jihe_status jh_symbol_frames_put(jh_packer *packer, const jh_col_view *texts, const jh_symbol_coder *coder,
                                 jh_stored *header, jh_packed_entry *directory, jh_buf *out, jihe_error *err)
{
    uint8_t table[JH_SYMBOLS_STORED];
    const size_t table_len = jh_symbols_put(jh_symbols_of(coder), table);
    const uint32_t frames = jh_packed_frames(texts->rows);
    size_t start;

    header->encoding = JH_ENC_SYMBOLS;
    header->base = (int64_t)table_len;
    jh_buf_put(out, table, table_len);
    start = out->len;
    for (uint32_t first = 0; first < frames; first += JH_SYMBOLS_AT_ONCE) {
        jh_symbol_run runs[JH_SYMBOLS_AT_ONCE];

        if (!code_frames(packer, texts, coder, first, runs))
            return no_memory(err);
        for (uint32_t i = 0; i < JH_SYMBOLS_AT_ONCE && first + i < frames; i++) {
            put_frame(texts, part_of(texts, first + i), &runs[i], header->width, out);
            directory[first + i].end = (uint32_t)(out->len - start);
        }
    }
    return JIHE_OK;
}
