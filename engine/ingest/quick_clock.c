#include <stdlib.h>

#include "base/days.h"
#include "ingest/quick_int.h"

/* Dates and times. An extract says the same few days again and again: what a text means is remembered, and of a time
 * the day, so that only HH:MM:SS is read each time. What the memory does not have is read as convert.h reads it. */

enum { MEMOS = 256 /* a byte of the hash */, DAY_MS = 86400000 };

typedef enum meaning {
    UNKNOWN,
    KNOWN,   /* a date, or a day whose clock runs evenly from 00:00:00 to 23:59:59 */
    FOR_EACH /* of a time: clocks were changed on that day, or the format is not made for this */
} meaning;

struct jh_quick_memo {
    jh_quick_short word;
    uint32_t len;
    meaning meaning;
    int64_t value; /* a date: days; of a time: milliseconds UTC at 00:00:00 */
};

/* How many bytes at the beginning of the format say the day, and the format of what stands behind them; 0: it is not Y,
 * m, d, then H, M, S, two digits each (the year four), whatever stands between them. */
static uint32_t day_bytes(const char *format, const char **clock_format)
{
    const char *order = "YmdHMS";
    uint32_t bytes = 0, day = 0;

    for (const char *f = format; *f != '\0'; f++) {
        bytes++;
        if (*f != '%')
            continue;
        if (*++f != *order)
            return 0;
        bytes += *f == 'Y' ? 3 : 1;
        if (*f == 'd') {
            day = bytes;
            *clock_format = f + 1;
        }
        order++;
    }
    return *order == '\0' ? day : 0;
}

/* What a clock looks like, byte by byte. */
static struct jh_quick_clock clock_of(const char *format)
{
    struct jh_quick_clock clock = {0};
    uint8_t text[16] = {0}, literal[16] = {0};

    for (; *format != '\0' && clock.len < 15; format++) {
        if (*format != '%') {
            text[clock.len] = (uint8_t)*format;
            literal[clock.len++] = 0xff;
            continue;
        }
        format++;
        *(*format == 'H' ? &clock.hour : *format == 'M' ? &clock.minute : &clock.second) = (uint8_t)clock.len;
        text[clock.len++] = '0';
        text[clock.len++] = '0';
    }
    if (*format != '\0')
        clock.len = 0;
    memcpy(clock.text, text, sizeof text);
    memcpy(clock.literal, literal, sizeof literal);
    return clock;
}

bool jh_quick_clock_init(jh_quick_column *quick)
{
    if (quick->column->type == JH_TIME)
        quick->day_bytes = day_bytes(quick->column->format, &quick->clock_format);
    if (quick->day_bytes > 0)
        quick->clock = clock_of(quick->clock_format);
    quick->memo = calloc(MEMOS, sizeof *quick->memo);
    return quick->memo != NULL;
}

/* The place for a text of at most 16 bytes; whoever was there is forgotten. */
static jh_quick_memo *memo_of(const jh_quick_column *quick, const char *text, uint32_t len)
{
    const jh_quick_short word = jh_quick_load(text, len);
    jh_quick_memo *memo = &quick->memo[jh_quick_mix(word, len) >> 56];

    if (memo->word.low != word.low || memo->word.high != word.high || memo->len != len)
        *memo = (jh_quick_memo){.word = word, .len = len};
    return memo;
}

static bool read_date(const jh_quick_column *quick, const jh_quick_field *field, int64_t *day)
{
    jh_clock clock;

    if (strcmp(quick->column->format, JH_CLOCK_EXCEL) == 0 ||
        !jh_clock_parse(quick->column->format, field->text, field->len, &clock))
        return false;
    *day = jh_days_from_civil(clock.date);
    return true;
}

void jh_quick_read_dates(jh_quick_column *quick, const jh_quick_fields *fields, jh_batch_column *out, uint8_t *odd)
{
    for (uint32_t row = 0; row < fields->rows; row++) {
        const jh_quick_field field = jh_quick_field_at(fields, row);
        jh_quick_memo *memo;

        out->numbers[row] = 0;
        out->present[row] = !jh_quick_missing(quick, field.text, field.len);
        if (out->present[row] == 0)
            continue;
        if (field.len > 16) {
            odd[row] |= !read_date(quick, &field, &out->numbers[row]);
            continue;
        }
        memo = memo_of(quick, field.text, field.len);
        if (memo->meaning == UNKNOWN && read_date(quick, &field, &memo->value))
            memo->meaning = KNOWN;
        out->numbers[row] = memo->value;
        odd[row] |= memo->meaning != KNOWN;
    }
}

static bool read_time(const jh_quick_column *quick, const jh_quick_field *field, int64_t *ms)
{
    jh_clock clock;

    return jh_clock_parse(quick->column->format, field->text, field->len, &clock) &&
           jh_zone_to_utc(quick->config->zone, &clock, ms);
}

/* A day that was not met before, from a time of it that can be read. */
static void learn_day(const jh_quick_column *quick, const jh_quick_field *field, jh_quick_memo *memo)
{
    jh_clock clock, first, last;
    int64_t end;

    if (!jh_clock_parse(quick->column->format, field->text, field->len, &clock))
        return;
    first = (jh_clock){.date = clock.date};
    last = (jh_clock){.date = clock.date, .hour = 23, .minute = 59, .second = 59, .milli = 999};
    memo->meaning = FOR_EACH;
    if (jh_zone_to_utc(quick->config->zone, &first, &memo->value) && jh_zone_to_utc(quick->config->zone, &last, &end) &&
        end - memo->value == DAY_MS - 1)
        memo->meaning = KNOWN;
}

/* All bytes at once: exclusive or with '0' leaves a digit's value. */
bool jh_quick_time_of_day(const jh_quick_column *quick, const char *text, uint32_t len, int64_t *ms)
{
    const struct jh_quick_clock *clock = &quick->clock;
    const jh_quick_short word = jh_quick_load(text, len);
    const uint64_t low = word.low ^ clock->text[0], high = word.high ^ clock->text[1];
    uint8_t digits[16];
    unsigned hour;

    memcpy(digits, &low, 8);
    memcpy(digits + 8, &high, 8);
    hour = digits[clock->hour] * 10u + digits[clock->hour + 1];
    *ms = ((hour * 60 + digits[clock->minute] * 10u + digits[clock->minute + 1]) * 60 + digits[clock->second] * 10u +
           digits[clock->second + 1]) *
          INT64_C(1000);
    return len == clock->len && ((low & clock->literal[0]) | (high & clock->literal[1])) == 0 &&
           (jh_quick_above_nine(low) | jh_quick_above_nine(high)) == 0 && hour <= 23 && digits[clock->minute] <= 5 &&
           digits[clock->second] <= 5;
}

bool jh_quick_time_of_day_plain(const jh_quick_column *quick, const char *text, uint32_t len, int64_t *ms)
{
    const char *format = quick->clock_format, *end = text + len;
    int64_t total = 0;

    for (; *format != '\0'; format++) {
        uint32_t tens, ones;

        if (*format != '%') {
            if (text == end || *text++ != *format)
                return false;
            continue;
        }
        if (end - text < 2)
            return false;
        format++;
        tens = (unsigned char)(text[0] - '0'), ones = (unsigned char)(text[1] - '0');
        if (ones > 9 || tens > 5 || (*format == 'H' && tens * 10 + ones > 23))
            return false;
        total = total * 60 + tens * 10 + ones;
        text += 2;
    }
    *ms = total * 1000;
    return text == end;
}

/* Of what stands behind the day. */
static inline bool time_of_day(const jh_quick_column *quick, const jh_quick_field *field, int64_t *ms)
{
    const char *text = field->text + quick->day_bytes;
    const uint32_t len = field->len - quick->day_bytes;

    return jh_quick_time_of_day(quick, text, len, ms) || jh_quick_time_of_day_plain(quick, text, len, ms);
}

void jh_quick_read_times(jh_quick_column *quick, const jh_quick_fields *fields, jh_batch_column *out, uint8_t *odd)
{
    const bool split = quick->day_bytes > 0 && quick->day_bytes <= 16;

    for (uint32_t row = 0; row < fields->rows; row++) {
        const jh_quick_field field = jh_quick_field_at(fields, row);
        jh_quick_memo *memo = NULL;
        int64_t ms;

        out->numbers[row] = 0;
        out->present[row] = !jh_quick_missing(quick, field.text, field.len);
        if (out->present[row] == 0)
            continue;
        if (split && field.len > quick->day_bytes) {
            memo = memo_of(quick, field.text, quick->day_bytes);
            if (memo->meaning == UNKNOWN)
                learn_day(quick, &field, memo);
        }
        if (memo != NULL && memo->meaning == KNOWN && time_of_day(quick, &field, &ms))
            out->numbers[row] = memo->value + ms;
        else
            odd[row] |= !read_time(quick, &field, &out->numbers[row]);
    }
}
