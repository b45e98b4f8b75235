#include <stdlib.h>

#include "base/text.h"
#include "ingest/convert.h"
#include "ingest/quick_int.h"

/* Categories. A word of at most 16 bytes is two numbers, and its slot of the table says at once which value it is: no
 * hash of bytes, no second place to look at. The tables of columns with many values lie in memory, not in the cache:
 * the slots of sixteen rows are fetched before the first of them is looked at. A word that finds no slot among the few
 * where it may lie is looked up in the dictionary each time: the table stays small, and nobody can make it slow. */

enum { GROUP = 16, FIRST_SLOTS = 1024, SMALL_SLOTS = 1 << 14, MOST_SLOTS = 1 << 18, TRIES = 8, INLINE = 16, TAKEN = 3 };

#define WORD_ODD (UINT32_MAX - 1) /* for convert.h to judge */

struct jh_quick_word { /* 32 bytes: none lies across a cache line's border */
    jh_quick_short word;
    uint32_t len;
    uint32_t unused[2];
    uint32_t number; /* in the words of the column, JH_WORD_NONE or WORD_ODD; + TAKEN, 0 is a free slot */
};

static bool make_slots(jh_quick_column *quick, size_t slots)
{
    quick->words = aligned_alloc(64, slots * sizeof *quick->words);
    if (quick->words == NULL)
        return false;
    memset(quick->words, 0, slots * sizeof *quick->words);
    quick->word_mask = slots - 1;
    quick->word_shift = 64 - (unsigned)__builtin_ctzll(slots);
    return true;
}

bool jh_quick_words_init(jh_quick_column *quick)
{
    if (!make_slots(quick, FIRST_SLOTS) || quick->column->list == NULL)
        return quick->words != NULL;
    quick->lists = calloc(1, sizeof *quick->lists);
    return quick->lists != NULL && jh_converter_init(quick->lists, quick->config, NULL) == JIHE_OK;
}

static inline size_t first_slot(const jh_quick_column *quick, jh_quick_short word, uint32_t len)
{
    return (size_t)(jh_quick_mix(word, len) >> quick->word_shift);
}

/* The word's slot, or a free one for it; NULL: neither is where it may be. */
static inline jh_quick_word *find_slot(const jh_quick_column *quick, jh_quick_short word, uint32_t len)
{
    size_t at = first_slot(quick, word, len);

    for (unsigned i = 0; i < TRIES; i++, at = (at + 1) & quick->word_mask) {
        jh_quick_word *slot = &quick->words[at];
        if (slot->number == 0 || (slot->word.low == word.low && slot->word.high == word.high && slot->len == len))
            return slot;
    }
    return NULL;
}

/* Twice the slots; words that find no place then are forgotten. */
static bool enlarge(jh_quick_column *quick)
{
    const size_t slots = quick->word_mask + 1;
    jh_quick_word *old = quick->words, *slot;

    if (!make_slots(quick, slots * 2)) {
        quick->words = old;
        return false;
    }
    for (size_t i = 0; i < slots; i++)
        if (old[i].number != 0 && (slot = find_slot(quick, old[i].word, old[i].len)) != NULL)
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
    const size_t share = quick->word_mask < SMALL_SLOTS ? 4 : 2;

    return quick->word_count * share > quick->word_mask && quick->word_mask < MOST_SLOTS - 1;
}

/* A word that the table does not have: judged, and entered where there is a place. */
static jihe_status add_word(jh_quick_column *quick, const jh_quick_fields *fields, jh_words *words, jh_quick_short word,
                            const char *text, uint32_t len, uint32_t *number, jihe_error *err)
{
    const jihe_status st = judge(quick, fields, words, text, len, number, err);
    jh_quick_word *slot;

    if (st != JIHE_OK)
        return st;
    if (is_full(quick) && !enlarge(quick))
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for %zu values of column '%s'", quick->word_count,
                       quick->column->name);
    if ((slot = find_slot(quick, word, len)) == NULL)
        return JIHE_OK;
    *slot = (jh_quick_word){.word = word, .len = len, .number = *number + TAKEN};
    quick->word_count++;
    return JIHE_OK;
}

static jihe_status number_of(jh_quick_column *quick, const jh_quick_fields *fields, jh_words *words,
                             const jh_quick_field *field, jh_quick_short word, uint32_t *number, jihe_error *err)
{
    const jh_quick_word *slot;

    if (jh_quick_doubled(fields, field)) {
        *number = WORD_ODD;
        return JIHE_OK;
    }
    if (field->len > INLINE)
        return judge(quick, fields, words, field->text, field->len, number, err);
    slot = find_slot(quick, word, field->len);
    if (slot == NULL || slot->number == 0)
        return add_word(quick, fields, words, word, field->text, field->len, number, err);
    *number = slot->number - TAKEN;
    return JIHE_OK;
}

jihe_status jh_quick_read_words(jh_quick_column *quick, const jh_quick_fields *fields, jh_words *words,
                                jh_batch_column *out, uint8_t *odd, jihe_error *err)
{
    for (uint32_t from = 0; from < fields->rows; from += GROUP) {
        const uint32_t count = fields->rows - from < GROUP ? fields->rows - from : GROUP;
        jh_quick_field field[GROUP];
        jh_quick_short word[GROUP];

        for (uint32_t i = 0; i < count; i++) {
            field[i] = jh_quick_field_at(fields, from + i);
            word[i] = jh_quick_load(field[i].text, field[i].len);
            __builtin_prefetch(&quick->words[first_slot(quick, word[i], field[i].len)]);
        }
        for (uint32_t i = 0; i < count; i++) {
            uint32_t number;
            const jihe_status st = number_of(quick, fields, words, &field[i], word[i], &number, err);

            if (st != JIHE_OK)
                return jh_wrap(err, st, "column '%s'", quick->column->name);
            out->words[from + i] = number;
            odd[from + i] |= number == WORD_ODD;
        }
    }
    return JIHE_OK;
}
