#include "base/days.h"

/* Day numbers by H. Hinnant, "chrono-compatible low-level date algorithms": years begin in March, so that the leap day
 * is the last of its year, and 400 years are one era of 146097 days. Years 1..9999 keep every term positive. */

enum { ERA_DAYS = 146097, EPOCH = 719468 /* 1970-01-01 counted from 0000-03-01 */ };

int32_t jh_days_from_civil(jh_civil date)
{
    const int32_t year = date.month > 2 ? date.year : date.year - 1;
    const int32_t era = year / 400, of_era = year % 400;
    const int32_t month = (date.month + 9) % 12; /* March = 0 */
    const int32_t of_year = (153 * month + 2) / 5 + date.day - 1;

    return era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 + of_year - EPOCH;
}

jh_civil jh_days_to_civil(int32_t day)
{
    const int32_t shifted = day + EPOCH;
    const int32_t era = shifted / ERA_DAYS, of_era = shifted % ERA_DAYS;
    const int32_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const int32_t of_year = of_era - (365 * year + year / 4 - year / 100);
    const int32_t month = (5 * of_year + 2) / 153; /* March = 0 */

    return (jh_civil){
        .year = era * 400 + year + (month >= 10),
        .month = month < 10 ? month + 3 : month - 9,
        .day = of_year - (153 * month + 2) / 5 + 1,
    };
}

static bool is_leap(int32_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

bool jh_days_valid(jh_civil date)
{
    static const int32_t lengths[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    if (date.year < 1 || date.year > 9999 || date.month < 1 || date.month > 12 || date.day < 1)
        return false;
    return date.day <= lengths[date.month - 1] + (date.month == 2 && is_leap(date.year));
}

int32_t jh_days_month(int32_t day)
{
    const jh_civil date = jh_days_to_civil(day);

    return date.year * 12 + date.month - 1;
}

int32_t jh_days_month_first(int32_t month)
{
    return jh_days_from_civil((jh_civil){.year = month / 12, .month = month % 12 + 1, .day = 1});
}

/* `count` digits at `text` as a number; -1 when one of them is none. */
static int32_t fixed_digits(const char *text, size_t count)
{
    int32_t value = 0;

    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

bool jh_days_span(int64_t from, int64_t to)
{
    const int32_t first = jh_days_from_civil((jh_civil){1, 1, 1}), last = jh_days_from_civil((jh_civil){9999, 12, 31});

    return from >= first && from <= last && to >= from && (to <= last || to == INT32_MAX);
}

bool jh_days_parse(const char *text, size_t len, int32_t *day)
{
    jh_civil date;

    if (len != 10 || text[4] != '-' || text[7] != '-')
        return false;
    date = (jh_civil){fixed_digits(text, 4), fixed_digits(text + 5, 2), fixed_digits(text + 8, 2)};
    if (!jh_days_valid(date)) /* -1 is no valid part */
        return false;
    *day = jh_days_from_civil(date);
    return true;
}

/* The last `count` digits of value. By hand: a dump writes millions of dates and need not read a format for each. */
static void put_digits(char *out, int32_t value, size_t count)
{
    for (size_t i = count; i-- != 0; value /= 10)
        out[i] = (char)('0' + value % 10);
}

size_t jh_days_text(int32_t day, char out[16])
{
    const jh_civil date = jh_days_to_civil(day);

    put_digits(out, date.year, 4);
    out[4] = '-';
    put_digits(out + 5, date.month, 2);
    out[7] = '-';
    put_digits(out + 8, date.day, 2);
    out[10] = '\0';
    return 10;
}

size_t jh_days_month_text(int32_t month, char out[16])
{
    put_digits(out, month / 12, 4);
    out[4] = '-';
    put_digits(out + 5, month % 12 + 1, 2);
    out[7] = '\0';
    return 7;
}
