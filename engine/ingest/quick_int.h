#ifndef JH_INGEST_QUICK_INT_H
#define JH_INGEST_QUICK_INT_H

/* Shared by the quick_*.c files: a file per kind of column. */

#include <string.h>

#include "ingest/quick.h"

/* One field as it stands in the block: without its quotes, but with doubled quotes still doubled. */
typedef struct jh_quick_field {
    const char *text;
    uint32_t len;
    bool quoted;
} jh_quick_field;

static inline jh_quick_field jh_quick_field_at(const jh_quick_fields *fields, uint32_t row)
{
    const uint32_t e = fields->first[row] + fields->at;
    const uint32_t start = e == 0 ? 0 : fields->ends[e - 1] + 1;
    uint32_t end = fields->ends[e];

    if (fields->last && end > start && fields->text[end - 1] == '\r')
        end--;
    if (end - start < 2 || fields->text[start] != fields->quote)
        return (jh_quick_field){fields->text + start, end - start, false};
    return (jh_quick_field){fields->text + start + 1, end - start - 2, true};
}

/* Doubled quotes within. */
static inline bool jh_quick_doubled(const jh_quick_fields *fields, const jh_quick_field *field)
{
    return field->quoted && memchr(field->text, fields->quote, field->len) != NULL;
}

/* Does the text stand for a missing value? */
bool jh_quick_is_missing(const jh_quick_column *quick, const char *text, uint32_t len);

static inline bool jh_quick_missing(const jh_quick_column *quick, const char *text, uint32_t len)
{
    return (quick->missing_lens >> (len < 63 ? len : 63) & 1) != 0 && jh_quick_is_missing(quick, text, len);
}

/* Up to 16 bytes as two numbers; 16 bytes can be read at `text`. */
typedef struct jh_quick_short {
    uint64_t low, high;
} jh_quick_short;

static inline jh_quick_short jh_quick_load(const char *text, uint32_t len)
{
    static const uint8_t keep[48] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}; /* then zeros */
    const uint8_t *mask = keep + 16 - (len < 16 ? len : 16); /* its first `len` bytes are set */
    uint64_t low, high;
    jh_quick_short word;

    memcpy(&word.low, text, 8);
    memcpy(&word.high, text + 8, 8);
    memcpy(&low, mask, 8);
    memcpy(&high, mask + 8, 8);
    word.low &= low;
    word.high &= high;
    return word;
}

/* The upper bits are the good ones: index with them. */
static inline uint64_t jh_quick_mix(jh_quick_short word, uint32_t len)
{
    const uint64_t both = word.low ^ (word.high << 29 | word.high >> 35) ^ len;

    return (both ^ both >> 32) * UINT64_C(0x9e3779b97f4a7c15);
}

/* Of eight bytes above 9 the upper bit, and perhaps that of a byte above one of them. */
static inline uint64_t jh_quick_above_nine(uint64_t bytes)
{
    return ((bytes + UINT64_C(0x7676767676767676)) | bytes) & UINT64_C(0x8080808080808080);
}

jihe_status jh_quick_read_words(jh_quick_column *quick, const jh_quick_fields *fields, jh_words *words,
                                jh_batch_column *out, uint8_t *odd, jihe_error *err);
jihe_status jh_quick_read_words_plain(jh_quick_column *quick, const jh_quick_fields *fields, jh_words *words,
                                      jh_batch_column *out, uint8_t *odd, jihe_error *err);
jihe_status jh_quick_read_texts(const jh_quick_column *quick, const jh_quick_fields *fields, jh_batch_column *out,
                                uint8_t *odd, jihe_error *err);
void jh_quick_read_ids(const jh_quick_column *quick, const jh_quick_fields *fields, jh_batch_column *out,
                       uint64_t *hashes, uint8_t *odd);
void jh_quick_read_amounts(const jh_quick_column *quick, const jh_quick_fields *fields, jh_batch_column *out,
                           uint8_t *odd);
void jh_quick_read_whole(const jh_quick_column *quick, const jh_quick_fields *fields, jh_batch_column *out,
                         uint8_t *odd);
void jh_quick_read_dates(jh_quick_column *quick, const jh_quick_fields *fields, jh_batch_column *out, uint8_t *odd);
void jh_quick_read_times(jh_quick_column *quick, const jh_quick_fields *fields, jh_batch_column *out, uint8_t *odd);

/* What a usual time or amount comes to, in one go; false: it is none. The plain ones are loops that know more forms, and
 * come to the same. 16 bytes can be read at `text`. */

/* The time of day behind the day, in milliseconds; false: convert.h reads it (so that of a leap second). */
bool jh_quick_time_of_day(const jh_quick_column *quick, const char *text, uint32_t len, int64_t *ms);
bool jh_quick_time_of_day_plain(const jh_quick_column *quick, const char *text, uint32_t len, int64_t *ms);

/* "-1234.5" in units of 10^-scale; false: it is not of that form, or not surely small enough. */
bool jh_quick_amount(const char *text, uint32_t len, uint32_t scale, int64_t *out);
bool jh_quick_amount_plain(const char *text, uint32_t len, uint32_t scale, int64_t *out);

bool jh_quick_clock_init(jh_quick_column *quick); /* false: no memory */
bool jh_quick_words_init(jh_quick_column *quick);

#endif
