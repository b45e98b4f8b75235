#include <string.h>

#include "base/days.h"
#include "base/num.h"

typedef struct cursor {
    const char *at;
    const char *end;
} cursor;

static bool digit(cursor *c, int32_t *value)
{
    if (c->at == c->end || *c->at < '0' || *c->at > '9')
        return false;
    *value = *value * 10 + (*c->at++ - '0');
    return true;
}

static bool digits(cursor *c, int count, int32_t *value)
{
    *value = 0;
    for (int i = 0; i < count; i++)
        if (!digit(c, value))
            return false;
    return true;
}

static bool skip(cursor *c, char mark)
{
    if (c->at == c->end || *c->at != mark)
        return false;
    c->at++;
    return true;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* English abbreviation in any letter case: extracts write Jan, JAN and jan. */
static bool month_name(cursor *c, int32_t *month)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

    if (c->end - c->at < 3)
        return false;
    for (int32_t m = 0; m < 12; m++) {
        const char *name = names + m * 3;
        if (lower(c->at[0]) == name[0] && lower(c->at[1]) == name[1] && lower(c->at[2]) == name[2]) {
            c->at += 3;
            *month = m + 1;
            return true;
        }
    }
    return false;
}

/* Nothing, or a mark and 1 to 9 digits. */
static bool fraction(cursor *c, int32_t *milli)
{
    int32_t value = 0;
    int count = 0;

    if (!skip(c, '.') && !skip(c, ','))
        return true;
    while (count < 9 && digit(c, &value))
        count++;
    if (count == 0)
        return false;
    for (; count < 3; count++)
        value *= 10;
    for (; count > 3; count--)
        value /= 10;
    *milli = value;
    return true;
}

/* Z, +hh, +hhmm or +hh:mm. */
static bool offset(cursor *c, jh_clock *out)
{
    int32_t hours, minutes = 0;
    bool west;

    out->has_offset = true;
    out->offset_s = 0;
    if (skip(c, 'Z'))
        return true;
    west = skip(c, '-');
    if ((!west && !skip(c, '+')) || !digits(c, 2, &hours))
        return false;
    if (skip(c, ':') || (c->at != c->end && *c->at >= '0' && *c->at <= '9'))
        if (!digits(c, 2, &minutes))
            return false;
    if (hours > 23 || minutes > 59)
        return false;
    out->offset_s = (hours * 3600 + minutes * 60) * (west ? -1 : 1);
    return true;
}

static bool short_year(cursor *c, int32_t *year)
{
    if (!digits(c, 2, year))
        return false;
    *year += *year >= 69 ? 1900 : 2000;
    return true;
}

static bool short_day(cursor *c, int32_t *day)
{
    *day = 0;
    if (!digit(c, day))
        return false;
    digit(c, day);
    return true;
}

/* One conversion; the letter is known to be one of them. */
static bool convert(char letter, cursor *c, jh_clock *out)
{
    switch (letter) {
    case 'Y':
        return digits(c, 4, &out->date.year);
    case 'm':
        return digits(c, 2, &out->date.month);
    case 'd':
        return digits(c, 2, &out->date.day);
    case 'H':
        return digits(c, 2, &out->hour);
    case 'M':
        return digits(c, 2, &out->minute);
    case 'S':
        return digits(c, 2, &out->second);
    case 'b':
        return month_name(c, &out->date.month);
    case 'y':
        return short_year(c, &out->date.year);
    case 'e':
        return short_day(c, &out->date.day);
    case 'f':
        return fraction(c, &out->milli);
    case 'z':
        return offset(c, out);
    default:
        return skip(c, '%');
    }
}

bool jh_clock_format_check(const char *format, const char **bad)
{
    for (const char *f = format; *f != '\0'; f++) {
        if (*f != '%')
            continue;
        if (f[1] == '\0' || strchr("YmdHMSbyefz%", f[1]) == NULL) {
            *bad = f;
            return false;
        }
        f++;
    }
    return true;
}

/* Excel counts days from 1900-01-01 = 1 and believes that 1900 was a leap year: from its day 60 on it is one ahead. */
static bool excel_serial(const char *text, size_t len, jh_clock *out)
{
    enum { LEAP_DAY = 60, LAST = 2958465 }; /* 9999-12-31 */
    static const jh_civil before_first = {1899, 12, 31};
    jh_decimal serial;
    jh_i128 unit = 1, seconds;
    int32_t day, second;

    if (!jh_num_decimal(text, len, &serial))
        return false;
    for (uint32_t i = 0; i < serial.scale; i++)
        unit *= 10;
    if (serial.digits < unit || serial.digits / unit > LAST)
        return false;
    seconds = (serial.digits * 86400 * 2 + unit) / (unit * 2); /* half up */
    day = (int32_t)(seconds / 86400);
    second = (int32_t)(seconds % 86400);
    if (day == LEAP_DAY || day > LAST)
        return false;
    *out = (jh_clock){.date = jh_days_to_civil(jh_days_from_civil(before_first) + day - (day > LEAP_DAY)),
                      .hour = second / 3600,
                      .minute = second / 60 % 60,
                      .second = second % 60};
    return true;
}

bool jh_clock_parse(const char *format, const char *text, size_t len, jh_clock *out)
{
    cursor c = {text, text + len};
    jh_clock clock = {.date = {.year = 1970, .month = 1, .day = 1}};

    if (strcmp(format, JH_CLOCK_EXCEL) == 0)
        return excel_serial(text, len, out);
    for (const char *f = format; *f != '\0'; f++) {
        const bool literal = *f != '%' || f[1] == '\0';
        if (literal ? !skip(&c, *f) : !convert(*++f, &c, &clock))
            return false;
    }
    if (c.at != c.end || !jh_days_valid(clock.date) || clock.hour > 23 || clock.minute > 59 || clock.second > 60)
        return false;
    if (clock.second == 60) { /* a leap second has no place in a count of milliseconds: the last one before it */
        clock.second = 59;
        clock.milli = 999;
    }
    *out = clock;
    return true;
}
