#include "expr/expr_literal.h"

#include <string.h>

#include "base/text.h"

uint32_t jh_literal_settle(const char *text, uint32_t len, char *out)
{
    const bool minus = text[0] == '-';
    const char *point = memchr(text, '.', len);
    const uint32_t whole_end = point == NULL ? len : (uint32_t)(point - text);
    uint32_t from = minus, end = len, put = 0;

    while (from + 1 < whole_end && text[from] == '0')
        from++;
    while (point != NULL && text[end - 1] == '0')
        end--;
    if (text[end - 1] == '.')
        end--;
    if (minus && !(end - from == 1 && text[from] == '0'))
        out[put++] = '-';
    memcpy(out + put, text + from, end - from);
    put += end - from;
    out[put] = '\0';
    return put;
}

void jh_literal_units(const char *digits, uint32_t len, uint32_t scale, jh_i128 *low, jh_i128 *high)
{
    const jh_i128 far = (jh_i128)UINT64_C(1000000000000000) * UINT64_C(1000000000000000);
    const bool minus = digits[0] == '-';
    uint32_t decimals = 0;
    bool point = false, finer = false;
    jh_i128 units = 0;

    for (uint32_t i = minus; i < len; i++) {
        if (digits[i] == '.') {
            point = true;
        } else if (point && decimals == scale) {
            finer = true; /* settled: the last decimal is not 0 */
            break;
        } else if (units < far) {
            units = units * 10 + (digits[i] - '0');
            decimals += point;
        }
    }
    for (; decimals < scale && units < far; decimals++)
        units *= 10;
    if (units >= far) {
        units = far;
        finer = false;
    }
    *low = minus ? -units : units + finer;
    *high = minus ? -units - finer : units;
}

static jihe_status fail_text(const jh_expr_source *source, const jh_literal *literal, const char *expected)
{
    char quoted[80];

    jh_text_quote(literal->text, literal->len, quoted, sizeof quoted);
    return jh_expr_fail(source, literal->at, "'%s' is not %s", quoted, expected);
}

jihe_status jh_literal_date(const jh_expr_source *source, jh_literal *literal)
{
    int32_t day;

    if (!jh_days_parse(literal->text, literal->len, &day))
        return fail_text(source, literal, "a date; expected one like '2026-11-01'");
    literal->first = literal->last = day;
    return JIHE_OK;
}

/* The first instant of a local day. Where the clocks jump over midnight, that is the instant of the jump. */
static bool day_begins(const jh_zone *zone, int32_t day, int64_t *utc_ms)
{
    jh_clock clock = {.date = jh_days_to_civil(day)};

    if (jh_zone_to_utc(zone, &clock, utc_ms))
        return true;
    clock = (jh_clock){.date = jh_days_to_civil(day - 1), .hour = 23, .minute = 59, .second = 59, .milli = 999};
    if (!jh_days_valid(clock.date) || !jh_zone_to_utc(zone, &clock, utc_ms))
        return false;
    *utc_ms += 1;
    return true;
}

static jihe_status cover_day(const jh_expr_source *source, jh_literal *literal, int32_t day)
{
    static const jh_civil last_day = {9999, 12, 31};

    if (!day_begins(source->facts->zone, day, &literal->first))
        return fail_text(source, literal, "a day of this time zone: the clocks jump over it; write a later time");
    literal->last = INT64_MAX;
    if (day == jh_days_from_civil(last_day))
        return JIHE_OK;
    if (!day_begins(source->facts->zone, day + 1, &literal->last))
        return fail_text(source, literal, "a whole day of this time zone: the clocks jump over its end; write a time");
    literal->last--;
    return JIHE_OK;
}

jihe_status jh_literal_time(const jh_expr_source *source, jh_literal *literal)
{
    static const char *const formats[] = {"%Y-%m-%d %H:%M:%S%f", "%Y-%m-%dT%H:%M:%S%f", "%Y-%m-%d %H:%M"};
    jh_clock clock;
    int32_t day;
    bool read = false;
    char settled[32];

    if (jh_days_parse(literal->text, literal->len, &day))
        return cover_day(source, literal, day);
    for (size_t i = 0; i < sizeof formats / sizeof formats[0] && !read; i++)
        read = jh_clock_parse(formats[i], literal->text, literal->len, &clock);
    if (!read)
        return fail_text(source, literal, "a time; expected one like '2026-11-01 21:00:00', or a date");
    if (!jh_zone_to_utc(source->facts->zone, &clock, &literal->first))
        return fail_text(source, literal, "a time of this time zone: the clocks jump over it");
    literal->last = literal->first;
    literal->len = (uint32_t)jh_zone_text(source->facts->zone, literal->first, settled);
    literal->text = jh_arena_text(source->arena, settled, literal->len);
    return literal->text == NULL ? jh_expr_no_memory(source) : JIHE_OK;
}

static const struct duration_unit {
    const char *word;
    int64_t ms;
} duration_units[] = {{"days", 86400000}, {"day", 86400000},   {"d", 86400000},     {"h", 3600000},
                      {"hour", 3600000},  {"hours", 3600000},  {"min", 60000},      {"minute", 60000},
                      {"minutes", 60000}, {"s", 1000},         {"second", 1000},    {"seconds", 1000},
                      {"ms", 1},          {"week", 604800000}, {"weeks", 604800000}};

int64_t jh_duration_unit(const char *word, size_t len)
{
    for (size_t i = 0; i < sizeof duration_units / sizeof duration_units[0]; i++)
        if (strlen(duration_units[i].word) == len && memcmp(duration_units[i].word, word, len) == 0)
            return duration_units[i].ms;
    return 0;
}

jihe_status jh_literal_duration(const jh_expr_source *source, jh_literal *literal, int64_t unit_ms)
{
    const jh_i128 most = (jh_i128)10000 * 366 * 86400000;
    const size_t point = strcspn(literal->text, ".");
    jh_i128 low, high, ms, tenths = 1;
    uint32_t decimals = point < literal->len ? literal->len - (uint32_t)point - 1 : 0;

    if (decimals > 12)
        return jh_expr_fail(source, literal->at, "'%s' is too fine for a duration", literal->text);
    jh_literal_units(literal->text, literal->len, decimals, &low, &high); /* exact: these are all its decimals */
    for (uint32_t i = 0; i < decimals; i++)
        tenths *= 10;
    if (low > most * tenths || -low > most * tenths)
        return jh_expr_fail(source, literal->at, "the duration is longer than 10,000 years");
    ms = low * unit_ms;
    if (ms % tenths != 0)
        return jh_expr_fail(source, literal->at, "the duration is finer than a millisecond");
    ms /= tenths;
    if (ms > most || -ms > most)
        return jh_expr_fail(source, literal->at, "the duration is longer than 10,000 years");
    literal->kind = JH_LITERAL_DURATION;
    literal->first = literal->last = (int64_t)ms;
    return JIHE_OK;
}

void jh_literal_duration_text(int64_t ms, jh_buf *out)
{
    static const struct duration_unit shown[] = {
        {"days", 86400000}, {"h", 3600000}, {"min", 60000}, {"s", 1000}, {"ms", 1}};
    size_t i = 0;

    while (ms % shown[i].ms != 0)
        i++;
    jh_buf_printf(out, "%lld %s", (long long)(ms / shown[i].ms), shown[i].word);
}
