#include "base/zone_int.h"

/* POSIX TZ texts as RFC 8536 section 3.3.1 extends them: hours of a rule from -167 to 167. */

/* The day of a yearly rule. */
typedef struct rule {
    char form;                /* 'M' month.week.weekday, 'J' day 1..365 without February 29, '0' day 0..365 */
    int32_t month, week, day; /* week 5 is the last; weekday 0 is Sunday; for J and 0 only `day` counts */
    int32_t time_s;           /* local time of the change, seconds from midnight */
} rule;

typedef struct cursor {
    const char *at;
    const char *end;
} cursor;

static bool peek(const cursor *c, char mark)
{
    return c->at != c->end && *c->at == mark;
}

static bool skip(cursor *c, char mark)
{
    if (!peek(c, mark))
        return false;
    c->at++;
    return true;
}

static bool number(cursor *c, int32_t low, int32_t high, int32_t *value)
{
    const char *begin = c->at;

    *value = 0;
    while (c->at != c->end && *c->at >= '0' && *c->at <= '9' && c->at - begin < 4)
        *value = *value * 10 + (*c->at++ - '0');
    return c->at != begin && *value >= low && *value <= high;
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* CET, or <+03> for names with digits and signs. The name itself is of no use here. */
static bool skip_name(cursor *c)
{
    const char *begin = c->at;

    if (!skip(c, '<')) {
        while (c->at != c->end && is_letter(*c->at))
            c->at++;
        return c->at - begin >= 3;
    }
    while (c->at != c->end && *c->at != '>')
        c->at++;
    return skip(c, '>');
}

/* [+-]h[:mm[:ss]] */
static bool signed_time(cursor *c, int32_t max_hours, int32_t *seconds)
{
    const bool negative = skip(c, '-');
    int32_t h, m = 0, s = 0;

    if (!negative)
        skip(c, '+');
    if (!number(c, 0, max_hours, &h))
        return false;
    if (skip(c, ':') && (!number(c, 0, 59, &m) || (skip(c, ':') && !number(c, 0, 59, &s))))
        return false;
    *seconds = (h * 3600 + m * 60 + s) * (negative ? -1 : 1);
    return true;
}

static bool read_rule(cursor *c, rule *r)
{
    bool good;

    *r = (rule){.form = '0', .time_s = 2 * 3600};
    if (!skip(c, ','))
        return false;
    if (skip(c, 'M')) {
        r->form = 'M';
        good = number(c, 1, 12, &r->month) && skip(c, '.') && number(c, 1, 5, &r->week) && skip(c, '.') &&
               number(c, 0, 6, &r->day);
    } else if (skip(c, 'J')) {
        r->form = 'J';
        good = number(c, 1, 365, &r->day);
    } else {
        good = number(c, 0, 365, &r->day);
    }
    if (good && skip(c, '/'))
        good = signed_time(c, 167, &r->time_s);
    return good;
}

/* The day on which a rule falls in a year. */
static int32_t rule_day(const rule *r, int32_t year)
{
    const int32_t new_year = jh_days_from_civil((jh_civil){year, 1, 1});
    int32_t first, day, next_month;

    if (r->form == '0')
        return new_year + r->day;
    if (r->form == 'J') /* February 29 is not counted: March 1 is always J60 */
        return r->day < 60 ? new_year + r->day - 1 : jh_days_from_civil((jh_civil){year, 3, 1}) + r->day - 60;
    first = jh_days_from_civil((jh_civil){year, r->month, 1});
    day = first + (r->day - (first + 4) % 7 + 7) % 7 + (r->week - 1) * 7; /* 1970-01-01 was a Thursday, weekday 4 */
    next_month = r->month == 12 ? first + 31 : jh_days_from_civil((jh_civil){year, r->month + 1, 1});
    return day < next_month ? day : day - 7;
}

/* One change by rule, in order with what is there: changes the table already has are left out, and one that falls on
 * the same second as the last (summer time all year) replaces it. */
static jihe_status add_by_rule(jh_zone *zone, jh_change change, int64_t known_until, jihe_error *err)
{
    jh_change *last = zone->count != 0 ? &zone->changes[zone->count - 1] : NULL;

    if (change.at <= known_until)
        return JIHE_OK;
    if (last != NULL && change.at <= last->at) {
        last->offset = change.offset;
        return JIHE_OK;
    }
    return jh_zone_add(zone, change.at, change.offset, err);
}

/* A year's two changes: `begin` of summer time is written in standard time, its `end` in summer time. */
static jihe_status add_year(jh_zone *zone, int32_t year, const rule rules[2], const int32_t offsets[2],
                            int64_t known_until, jihe_error *err)
{
    const jh_change begin = {(int64_t)rule_day(&rules[0], year) * 86400 + rules[0].time_s - offsets[0], offsets[1]};
    const jh_change end = {(int64_t)rule_day(&rules[1], year) * 86400 + rules[1].time_s - offsets[1], offsets[0]};
    const bool north = begin.at < end.at;
    jihe_status status = add_by_rule(zone, north ? begin : end, known_until, err);

    return status == JIHE_OK ? add_by_rule(zone, north ? end : begin, known_until, err) : status;
}

static jihe_status add_years(jh_zone *zone, const rule rules[2], const int32_t offsets[2], jihe_error *err)
{
    const bool any = zone->count != 0;
    const int64_t known_until = any ? zone->changes[zone->count - 1].at : INT64_MIN;
    const int64_t from = any ? known_until / 86400 : 0; /* no changes at all: the rule holds since 1970 for us */
    const int64_t last_day = jh_days_from_civil((jh_civil){9998, 12, 31});
    jihe_status status = JIHE_OK;

    if (from < -719162 || from > last_day) /* before the year 1 or at the end of time: no year to begin with */
        return JIHE_OK;
    for (int32_t year = jh_days_to_civil((int32_t)from).year; year <= 9999 && status == JIHE_OK; year++)
        status = add_year(zone, year, rules, offsets, known_until, err);
    return status;
}

/* offsets: standard time, summer time. POSIX counts offsets west of Greenwich. */
static bool read_text(cursor *c, int32_t offsets[2], rule rules[2], bool *summer)
{
    if (!skip_name(c) || !signed_time(c, 24, &offsets[0]))
        return false;
    offsets[0] = -offsets[0];
    offsets[1] = offsets[0] + 3600;
    *summer = c->at != c->end;
    if (!*summer)
        return true;
    if (!skip_name(c))
        return false;
    if (c->at != c->end && !peek(c, ',')) {
        if (!signed_time(c, 24, &offsets[1]))
            return false;
        offsets[1] = -offsets[1];
    }
    return read_rule(c, &rules[0]) && read_rule(c, &rules[1]) && c->at == c->end;
}

jihe_status jh_tzrule_extend(jh_zone *zone, const char *text, size_t len, const char *name, jihe_error *err)
{
    cursor c = {text, text + len};
    int32_t offsets[2];
    rule rules[2];
    bool summer;

    if (len == 0)
        return JIHE_OK;
    if (!read_text(&c, offsets, rules, &summer))
        return jh_fail(err, JIHE_CONFIG, "the file of time zone '%s' ends with an unreadable rule; reinstall tzdata",
                       name);
    if (summer)
        return add_years(zone, rules, offsets, err);
    if (zone->count == 0)
        zone->first_offset = offsets[0];
    return JIHE_OK; /* the last change has led to this offset already (RFC 8536, section 3.3) */
}
