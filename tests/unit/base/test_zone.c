#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/pcg.h"
#include "base/zone.h"
#include "base/zone_int.h"

/* glibc is the reference: each Criterion test is a process of its own, so TZ can be set in it. */
static jh_zone *open_both(const char *name)
{
    jihe_error err = {0};
    jh_zone *zone = NULL;

    setenv("TZ", name, 1);
    tzset();
    cr_assert_eq(jh_zone_open(&zone, name, &err), JIHE_OK, "%s", err.message);
    return zone;
}

static bool same_fields(const jh_clock *c, const struct tm *tm)
{
    return c->date.year == tm->tm_year + 1900 && c->date.month == tm->tm_mon + 1 && c->date.day == tm->tm_mday &&
           c->hour == tm->tm_hour && c->minute == tm->tm_min && c->second == tm->tm_sec && c->offset_s == tm->tm_gmtoff;
}

static void check_instant(const jh_zone *zone, const char *name, time_t at)
{
    struct tm tm;
    jh_clock c;
    char text[32], want[64];

    localtime_r(&at, &tm);
    jh_zone_to_local(zone, (int64_t)at * 1000 + 7, &c);
    cr_assert(same_fields(&c, &tm) && c.milli == 7, "%s at %lld", name, (long long)at);
    strftime(want, sizeof want - 4, "%Y-%m-%d %H:%M:%S", &tm);
    cr_assert_eq(jh_zone_text(zone, (int64_t)at * 1000, text), strlen(want));
    cr_assert_str_eq(text, want);
}

/* Local time to UTC by mktime: asked for summer and for standard time, the earlier answer that says the same fields. */
static bool reference_utc(const jh_clock *c, int64_t *utc)
{
    bool found = false;

    for (int summer = 0; summer <= 1; summer++) {
        struct tm tm = {.tm_year = c->date.year - 1900,
                        .tm_mon = c->date.month - 1,
                        .tm_mday = c->date.day,
                        .tm_hour = c->hour,
                        .tm_min = c->minute,
                        .tm_sec = c->second,
                        .tm_isdst = summer};
        const time_t at = mktime(&tm);
        const bool same = tm.tm_mday == c->date.day && tm.tm_hour == c->hour && tm.tm_min == c->minute;

        if (same && (!found || at < *utc)) {
            *utc = at;
            found = true;
        }
    }
    return found;
}

/* Every half hour of local time from one year to another: exists or not, and the earlier of two. */
static void check_local_times(const jh_zone *zone, const char *name, int32_t from, int32_t to, long *gaps, long *twice)
{
    const int32_t end = jh_days_from_civil((jh_civil){to, 1, 1});

    for (int32_t day = jh_days_from_civil((jh_civil){from, 1, 1}); day < end; day++)
        for (int32_t half = 0; half < 48; half++) {
            const jh_clock c = {.date = jh_days_to_civil(day), .hour = half / 2, .minute = half % 2 * 30, .milli = 250};
            int64_t want = 0, got = 0;
            const bool exists = reference_utc(&c, &want);
            jh_clock next;

            cr_assert_eq(jh_zone_to_utc(zone, &c, &got), exists, "%s %d %d", name, day, half);
            *gaps += !exists;
            if (!exists)
                continue;
            cr_assert_eq(got, want * 1000 + 250, "%s day %d half hour %d: %lld, not %lld", name, day, half,
                         (long long)got, (long long)want);
            jh_zone_to_local(zone, got + 3600000, &next);
            *twice += next.hour == c.hour && next.minute == c.minute;
        }
}

static const char *const zones[] = {"Asia/Shanghai",       "Europe/Amsterdam",  "America/New_York",
                                    "Australia/Lord_Howe", "Africa/Casablanca", "Europe/Dublin",
                                    "Asia/Kathmandu",      "America/St_Johns",  "UTC"};

Test(zone, instants_agree_with_glibc)
{
    for (size_t z = 0; z < sizeof zones / sizeof zones[0]; z++) {
        jh_zone *zone = open_both(zones[z]);
        jh_pcg64 rng;

        for (time_t at = -2147483648; at < 7258118400; at += 7 * 86400 + 1801) /* 1901 to 2200 */
            check_instant(zone, zones[z], at);
        for (size_t i = 0; i < zone->count && zone->changes[i].at < 13000000000; i++)
            for (time_t step = -2; step <= 2; step++)
                if (zone->changes[i].at > -2147483600)
                    check_instant(zone, zones[z], zone->changes[i].at + step);
        jh_pcg64_seed(&rng, z, 1);
        for (int n = 0; n < 20000; n++)
            check_instant(zone, zones[z], (time_t)jh_pcg64_below(&rng, 240000000000)); /* up to the year 9575 */
        jh_zone_free(zone);
    }
}

Test(zone, shanghai_summer_times_of_1986_to_1991)
{
    jh_zone *zone = open_both("Asia/Shanghai");
    const jh_clock skipped = {.date = {1986, 5, 4}, .hour = 2, .minute = 30};
    jh_clock twice = {.date = {1986, 9, 14}, .hour = 1, .minute = 30};
    long gaps = 0, doubled = 0;
    int64_t utc = 0;

    check_local_times(zone, "Asia/Shanghai", 1985, 1993, &gaps, &doubled);
    cr_assert_eq(gaps, 12, "six springs, two half hours each");
    cr_assert_eq(doubled, 12, "six autumns");
    cr_assert(!jh_zone_to_utc(zone, &skipped, &utc));
    cr_assert(jh_zone_to_utc(zone, &twice, &utc));
    cr_assert_eq(utc, INT64_C(527013000000), "1986-09-13 16:30 UTC, the first of the two");
    twice.has_offset = true;
    twice.offset_s = 8 * 3600;
    cr_assert(jh_zone_to_utc(zone, &twice, &utc));
    cr_assert_eq(utc, INT64_C(527016600000), "a given offset wins");
    jh_zone_free(zone);
}

Test(zone, local_times_agree_with_glibc)
{
    static const struct {
        const char *name;
        int32_t from, to;
    } spans[] = {{"Europe/Amsterdam", 2005, 2012},
                 {"Europe/Amsterdam", 2036, 2040},
                 {"America/New_York", 2005, 2012},
                 {"America/New_York", 2036, 2040},
                 {"America/St_Johns", 2036, 2039}};

    for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++) {
        jh_zone *zone = open_both(spans[i].name);
        long gaps = 0, doubled = 0;

        check_local_times(zone, spans[i].name, spans[i].from, spans[i].to, &gaps, &doubled);
        cr_assert_eq(gaps, 2 * (spans[i].to - spans[i].from), "one hour a year");
        cr_assert_eq(doubled, gaps);
        jh_zone_free(zone);
    }
}

Test(zone, nothing_depends_on_the_process_zone)
{
    jh_zone *zone = NULL;
    char text[32];

    setenv("TZ", "America/New_York", 1);
    tzset();
    cr_assert_eq(jh_zone_open(&zone, "Asia/Shanghai", NULL), JIHE_OK);
    cr_assert_eq(jh_zone_text(zone, 0, text), 19u);
    cr_assert_str_eq(text, "1970-01-01 08:00:00");
    cr_assert_eq(jh_zone_text(zone, -1, text), 23u);
    cr_assert_str_eq(text, "1970-01-01 07:59:59.999");
    jh_zone_text(zone, INT64_MAX, text);
    cr_assert_str_eq(text, "9999-12-30 07:59:59.999", "beyond the calendar: its end");
    jh_zone_text(zone, INT64_MIN, text);
    jh_zone_free(zone);
    jh_zone_free(NULL);
}

Test(zone, bad_names)
{
    static const char *const names[] = {
        "",        "/etc/passwd",    "../zoneinfo/UTC", "Asia/../UTC",         "Asia/",     "Asia",
        "No/Such", "Asia/Shang hai", "zone.tab",        "right/Asia/Shanghai", "亚洲/上海", "."};
    jh_zone *zone;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        jihe_error err = {0};
        if (strncmp(names[i], "right/", 6) == 0 && access("/usr/share/zoneinfo/right", 0) != 0)
            continue;
        cr_assert_eq(jh_zone_open(&zone, names[i], &err), JIHE_CONFIG, "'%s': %s", names[i], err.message);
        cr_assert_null(zone);
    }
}

/* A real file with single bytes changed, and cut in many places: an error or a zone, never a crash. */
static long damage(const char *path, size_t stride)
{
    static const uint8_t changes[] = {0xff, 0x80, 0x01};
    jh_buf file = {0};
    long refused = 0;

    cr_assert_eq(jh_file_read(path, 1 << 20, &file, NULL), JIHE_OK);
    for (size_t at = 0; at < file.len; at += stride) {
        jh_zone zone = {0};
        uint8_t *copy = malloc(file.len);
        jh_clock c;

        memcpy(copy, file.bytes, file.len);
        copy[at] ^= changes[at / stride % 3];
        refused += jh_tzif_read(&zone, copy, file.len, "x", NULL) != JIHE_OK;
        jh_zone_to_local(&zone, INT64_C(1700000000000), &c);
        free(zone.changes);
        zone = (jh_zone){0};
        copy = realloc(copy, at + 1);
        cr_assert_neq(jh_tzif_read(&zone, copy, at, "x", NULL), JIHE_OK, "cut to %zu bytes", at);
        free(zone.changes);
        free(copy);
    }
    jh_buf_deinit(&file);
    return refused;
}

Test(zone, damaged_files)
{
    cr_assert(damage("/usr/share/zoneinfo/Asia/Shanghai", 1) > 100);
    cr_assert(damage("/usr/share/zoneinfo/America/New_York", 3) > 40); /* 3: meets every byte of the 8-byte times */
}

/* A second header that promises more changes than there are bytes, with a footer where one would follow without them.
 */
Test(zone, counts_beyond_the_file)
{
    uint8_t bytes[44 + 44 + 64] = "TZif2";
    jh_zone zone = {0};

    memcpy(bytes + 44, "TZif2", 5);
    bytes[44 + 39] = 1; /* types */
    for (unsigned changes = 1; changes < 70; changes++) {
        bytes[44 + 35] = (uint8_t)changes;
        memset(bytes + 88, '\n', 64);
        memset(bytes + 88, 0, changes + 6 < 64 ? changes + 6 : 64); /* types and an offset, were there no times */
        for (size_t len = 44; len <= sizeof bytes; len++) {
            uint8_t *copy = malloc(len);
            memcpy(copy, bytes, len);
            cr_assert_neq(jh_tzif_read(&zone, copy, len, "x", NULL), JIHE_OK, "%u changes, %zu bytes", changes, len);
            free(copy);
        }
    }
    free(zone.changes);
}

/* Rules of every form against glibc, which takes them in TZ itself. */
Test(zone, rules_agree_with_glibc)
{
    static const char *const rules[] = {
        "AAA-1BBB,M3.5.0,M10.5.0/3", "AAA3BBB,M10.1.0/0,M2.5.6/0",    "AAA0BBB,M12.5.0,J60/0",
        "AAA0BBB,J59/1:30,J365/1",   "AAA5:30BBB4,59/0,300",          "AAA0BBB,60,M12.5.6/1:2:3",
        "<+02>-2<+04>-4,J1,J60",     "AAA-2BBB,M3.4.4/50,M10.4.4/50", "AAA2BBB1,M3.4.0/-1,M10.4.0/-1",
    };

    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        jh_zone zone = {0};

        setenv("TZ", rules[i], 1);
        tzset();
        cr_assert_eq(jh_tzrule_extend(&zone, rules[i], strlen(rules[i]), "x", NULL), JIHE_OK, "%s", rules[i]);
        for (size_t c = 2; c < 600; c++)
            for (time_t step = -1; step <= 1; step++)
                check_instant(&zone, rules[i], zone.changes[c].at + step);
        for (time_t at = 31536000; at < 4102444800; at += 86400)
            check_instant(&zone, rules[i], at);
        free(zone.changes);
    }
}

Test(zone, rules_of_a_footer)
{
    static const char *const bad[] = {"C",
                                      "CET",
                                      "CET-25",
                                      "CET-1CEST",
                                      "CET-1CEST,M3.5.0",
                                      "CET-1CEST,M3.6.0,M10.5.0",
                                      "CET-1CEST,M13.5.0,M10.5.0",
                                      "CET-1CEST,M3.5.7,M10.5.0",
                                      "CET-1CEST,J0,J366",
                                      "CET-1CEST,366,1",
                                      "CET-1CEST,M3.5.0/168,M10.5.0",
                                      "<+01-1",
                                      "CET-1:60",
                                      "CET-1CEST,M3.5.0,M10.5.0x",
                                      "CET-1x",
                                      "CET99999999999999999999"};
    jh_zone zone = {0};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_assert_eq(jh_tzrule_extend(&zone, bad[i], strlen(bad[i]), "x", NULL), JIHE_CONFIG, "%s", bad[i]);
        cr_assert_eq(zone.count, 0u);
    }
    cr_assert_eq(jh_tzrule_extend(&zone, "<-0330>3:30", 11, "x", NULL), JIHE_OK);
    cr_assert_eq(zone.first_offset, -12600);
    cr_assert_eq(jh_tzrule_extend(&zone, "XXX3EDT4,0/0,J365/23", 20, "x", NULL), JIHE_OK, "summer time all year");
    for (size_t i = 1; i + 1 < zone.count; i++) /* the last one ends the year 9999 */
        cr_assert(zone.changes[i].offset == -14400 && zone.changes[i].at > zone.changes[i - 1].at, "change %zu", i);
    free(zone.changes);
}
