#ifndef JH_BASE_DAYS_H
#define JH_BASE_DAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Dates are days since 1970-01-01 (proleptic Gregorian), years 1 to 9999. Months are year * 12 + month - 1. */

typedef struct jh_civil {
    int32_t year;  /* 1..9999 */
    int32_t month; /* 1..12 */
    int32_t day;   /* 1..31 */
} jh_civil;

int32_t  jh_days_from_civil(jh_civil date); /* the date must be valid */
jh_civil jh_days_to_civil(int32_t day);
bool     jh_days_valid(jh_civil date);
bool     jh_days_span(int64_t from, int64_t to); /* such dates in order? `to` may be INT32_MAX: open */
int32_t  jh_days_month(int32_t day);        /* month number of a day */
int32_t  jh_days_month_first(int32_t month);/* first day of a month number */

bool   jh_days_parse(const char *text, size_t len, int32_t *day); /* exactly YYYY-MM-DD */
size_t jh_days_text(int32_t day, char out[16]);                   /* YYYY-MM-DD; returns 10 */
size_t jh_days_month_text(int32_t month, char out[16]);           /* YYYY-MM; returns 7 */

/* A parsed point in time before any zone is applied. */
typedef struct jh_clock {
    jh_civil date;
    int32_t  hour, minute, second, milli; /* second 0..59; a leap second 60 is read as 59.999 */
    bool     has_offset;
    int32_t  offset_s;                    /* east of UTC, seconds */
} jh_clock;

/* A format of literal text and %Y %m %d %H %M %S %b (Jan..Dec) %y (two digits: 69..99 are 19xx) %e (day, 1 or 2 digits)
 * %f (optional fraction: nothing, or '.' or ',' and 1 to 9 digits, cut to milliseconds) %z (Z, +hh:mm, +hhmm, +hh) %%.
 * %m %d %H %M %S take exactly two digits, %Y four; %b any letter case. The whole text must match. What the format does
 * not mention is that of 1970-01-01 00:00:00. */
/* Besides, the format JH_CLOCK_EXCEL: serial days of Excel's 1900 system, with a fraction for the time of day, rounded to
 * the nearest second in whole numbers. 1 is 1900-01-01; 60 would be 1900-02-29, which never was, and is refused. */
#define JH_CLOCK_EXCEL "excel"

bool jh_clock_format_check(const char *format, const char **bad); /* *bad: the offending % sequence */
bool jh_clock_parse(const char *format, const char *text, size_t len, jh_clock *out);

#endif
