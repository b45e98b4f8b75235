#include <stdlib.h>
#include <string.h>

#include "base/days.h"
#include "base/money.h"
#include "base/zone.h"
#include "given.h"

/* Amounts, dates and times. The input is a line with a format of times and, behind it, the text to be read. */

static const jh_money_format formats[] = {
    {.scale = 2, .prefix = "", .thousands = "", .decimal = "."},
    {.scale = 2, .prefix = "¥", .thousands = ",", .decimal = ".", .negative = JH_NEGATIVE_PARENTHESES},
    {.scale = 0, .prefix = "", .thousands = " ", .decimal = "", .negative = JH_NEGATIVE_TRAILING},
    {.scale = 3, .prefix = "CHF ", .thousands = "’", .decimal = "··", .round_finer = 1},
    {.scale = 6,
     .prefix = "$",
     .thousands = ".",
     .decimal = ",",
     .round_finer = 1,
     .negative = JH_NEGATIVE_PARENTHESES | JH_NEGATIVE_TRAILING | JH_NEGATIVE_NO_SIGN},
};

static void read_amount(const jh_money_format *format, const char *text, size_t len)
{
    const jh_money_format plain = {.scale = format->scale, .prefix = "", .thousands = "", .decimal = "."};
    int64_t minor = 0, again = 0;
    char settled[48];

    if (jh_money_parse(format, text, len, &minor) != JH_MONEY_OK)
        return;
    const size_t settled_len = jh_money_text(minor, format->scale, settled);

    must(jh_money_parse(&plain, settled, settled_len, &again) == JH_MONEY_OK && again == minor,
         "an amount that was written is the amount");
}

static void read_day(const char *text, size_t len)
{
    char again[16];
    int32_t day = 0;

    if (jh_days_parse(text, len, &day))
        must(jh_days_text(day, again) == len && memcmp(again, text, len) == 0, "a day that was written is the day");
}

static void read_clock(const char *format, const char *text, size_t len)
{
    const jh_workspace_config *config = given_workspace();
    int64_t utc_ms = 0;
    jh_clock clock;
    char shown[32];

    if (!jh_clock_parse(format, text, len, &clock))
        return;
    must(jh_days_valid(clock.date) && clock.hour >= 0 && clock.hour < 24 && clock.minute >= 0 && clock.minute < 60 &&
             clock.second >= 0 && clock.second < 60 && clock.milli >= 0 && clock.milli < 1000,
         "a time is one");
    if (jh_zone_to_utc(config->zone, &clock, &utc_ms))
        must(jh_zone_text(config->zone, utc_ms, shown) < sizeof shown, "a time can be shown");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const uint8_t *line_end = len == 0 ? NULL : memchr(bytes, '\n', len);
    const size_t format_len = line_end == NULL ? 0 : (size_t)(line_end - bytes);
    const size_t at = line_end == NULL ? 0 : format_len + 1;
    const char *text = (const char *)bytes + at, *bad = NULL;
    char *format = calloc(format_len + 1, 1);

    must(format != NULL, "there is memory");
    if (format_len > 0)
        memcpy(format, bytes, format_len);
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        read_amount(&formats[i], text, len - at);
    read_day(text, len - at);
    read_clock(JH_CLOCK_EXCEL, text, len - at);
    if (jh_clock_format_check(format, &bad))
        read_clock(format, text, len - at);
    free(format);
    return 0;
}
