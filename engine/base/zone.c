#include "base/zone_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"

enum { MAX_NAME = 64, MAX_FILE = 1 << 20 };

static const char zoneinfo[] = "/usr/share/zoneinfo";

jihe_status jh_zone_add(jh_zone *zone, int64_t at, int32_t offset, jihe_error *err)
{
    if (zone->count == zone->room) {
        const size_t room = zone->room != 0 ? zone->room * 2 : 64;
        jh_change *changes = realloc(zone->changes, room * sizeof *changes);
        if (changes == NULL)
            return jh_fail(err, JIHE_NO_MEMORY, "no memory for a time zone");
        zone->changes = changes;
        zone->room = room;
    }
    zone->changes[zone->count++] = (jh_change){at, offset};
    return JIHE_OK;
}

static bool name_is_safe(const char *name)
{
    static const char fit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";
    const size_t len = strlen(name);

    return len != 0 && len <= MAX_NAME && strspn(name, fit) == len && name[0] != '/' && name[len - 1] != '/';
}

static jihe_status read_zone(jh_zone *zone, const char *name, jihe_error *err)
{
    char path[sizeof zoneinfo + MAX_NAME + 1];
    jh_buf bytes = {0};
    jihe_status status;

    snprintf(path, sizeof path, "%s/%s", zoneinfo, name);
    status = jh_file_read(path, MAX_FILE, &bytes, err);
    if (status == JIHE_NO_INPUT)
        status = jh_fail(err, JIHE_CONFIG,
                         "time zone '%s' is not in %s (package tzdata); use a name like Asia/Shanghai", name, zoneinfo);
    else if (status == JIHE_OK)
        status = jh_tzif_read(zone, bytes.bytes, bytes.len, name, err);
    jh_buf_deinit(&bytes);
    return status;
}

jihe_status jh_zone_open(jh_zone **out, const char *name, jihe_error *err)
{
    char shown[MAX_NAME + 4];
    jihe_status status = JIHE_OK;
    jh_zone *zone;

    *out = NULL;
    if (!name_is_safe(name))
        return jh_fail(err, JIHE_CONFIG, "'%s' is not the name of a time zone; use one like Asia/Shanghai",
                       jh_text_quote(name, strlen(name), shown, sizeof shown));
    zone = calloc(1, sizeof *zone);
    if (zone == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for a time zone");
    if (strcmp(name, "UTC") != 0) /* needs no file: a small container may have no tzdata */
        status = read_zone(zone, name, err);
    if (status != JIHE_OK) {
        jh_zone_free(zone);
        return status;
    }
    *out = zone;
    return JIHE_OK;
}

void jh_zone_free(jh_zone *zone)
{
    if (zone == NULL)
        return;
    free(zone->changes);
    free(zone);
}

/* Number of changes at or before a second: the period it is in, 0 being the time before the first change. */
static size_t period_of(const jh_zone *zone, int64_t second)
{
    size_t low = 0, high = zone->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (zone->changes[middle].at <= second)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int32_t period_offset(const jh_zone *zone, size_t period)
{
    return period == 0 ? zone->first_offset : zone->changes[period - 1].offset;
}

/* The earliest instant whose local time is `local`: one candidate per period that can hold it. */
static bool local_to_utc(const jh_zone *zone, int64_t local, int64_t *utc)
{
    for (size_t p = period_of(zone, local - JH_ZONE_MAX_OFFSET); p <= zone->count; p++) {
        const int64_t candidate = local - period_offset(zone, p);
        const bool begun = p == 0 || zone->changes[p - 1].at <= candidate;
        const bool over = p < zone->count && zone->changes[p].at <= candidate;

        if (begun && !over) {
            *utc = candidate;
            return true;
        }
        if (p != 0 && zone->changes[p - 1].at > local + JH_ZONE_MAX_OFFSET)
            return false;
    }
    return false;
}

bool jh_zone_to_utc(const jh_zone *zone, const jh_clock *clock, int64_t *utc_ms)
{
    const int64_t local =
        (int64_t)jh_days_from_civil(clock->date) * 86400 + clock->hour * 3600 + clock->minute * 60 + clock->second;
    int64_t utc = local - clock->offset_s;

    if (!clock->has_offset && !local_to_utc(zone, local, &utc))
        return false;
    *utc_ms = utc * 1000 + clock->milli;
    return true;
}

static int64_t floor_div(int64_t value, int64_t by)
{
    return value / by - (value % by < 0);
}

/* Outside the calendar (years 1 to 9999) the nearest day that has a name, less a day for the offset: 0001-01-03 and
 * 9999-12-30. */
enum { FIRST_DAY = -719160, END_DAY = 2932895, DAY_SECONDS = 86400 };

static int64_t within_calendar(int64_t utc_ms)
{
    const int64_t low = (int64_t)FIRST_DAY * DAY_SECONDS * 1000, high = (int64_t)END_DAY * DAY_SECONDS * 1000 - 1;

    return utc_ms < low ? low : utc_ms > high ? high : utc_ms;
}

int32_t jh_zone_to_day(const jh_zone *zone, int64_t utc_ms, int32_t *second_of_day)
{
    const int64_t second = floor_div(within_calendar(utc_ms), 1000);
    const int64_t local = second + period_offset(zone, period_of(zone, second));
    const int64_t day = floor_div(local, DAY_SECONDS);

    *second_of_day = (int32_t)(local - day * DAY_SECONDS);
    return (int32_t)day;
}

void jh_zone_to_local(const jh_zone *zone, int64_t utc_ms, jh_clock *out)
{
    const int64_t ms = within_calendar(utc_ms), second = floor_div(ms, 1000);
    int32_t of_day;
    const int32_t day = jh_zone_to_day(zone, ms, &of_day);

    *out = (jh_clock){
        .date = jh_days_to_civil(day),
        .hour = of_day / 3600,
        .minute = of_day / 60 % 60,
        .second = of_day % 60,
        .milli = (int32_t)(ms - second * 1000),
        .has_offset = true,
        .offset_s = (int32_t)((int64_t)day * DAY_SECONDS + of_day - second),
    };
}

static size_t put_two(char *out, size_t len, int number)
{
    out[len++] = (char)('0' + number / 10);
    out[len++] = (char)('0' + number % 10);
    return len;
}

size_t jh_zone_text(const jh_zone *zone, int64_t utc_ms, char *out)
{
    jh_clock c;
    size_t len;

    jh_zone_to_local(zone, utc_ms, &c);
    len = jh_days_text(jh_days_from_civil(c.date), out);
    out[len++] = ' ';
    len = put_two(out, len, c.hour);
    out[len++] = ':';
    len = put_two(out, len, c.minute);
    out[len++] = ':';
    len = put_two(out, len, c.second);
    out[len] = '\0';
    if (c.milli != 0)
        len += (size_t)snprintf(out + len, 32 - len, ".%03d", c.milli);
    return len;
}
