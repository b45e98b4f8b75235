#include "config/calendar.h"

#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "config/facts_file.h"

/* The first exception not before `day`. */
static size_t first_from(const jh_calendar *calendar, int32_t day)
{
    size_t low = 0, high = calendar->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (calendar->days[middle].day < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Days come mostly in order: the insertion is at the end then. */
static jihe_status add_day(jh_calendar *calendar, jh_calendar_day added, jihe_error *err)
{
    const char *file = calendar->files[added.file].file;
    const size_t at = first_from(calendar, added.day);
    jh_calendar_day *days;

    if (at < calendar->count && calendar->days[at].day == added.day) {
        const jh_calendar_day *before = &calendar->days[at];
        char date[16];

        jh_days_text(added.day, date);
        if (before->works == added.works)
            return JIHE_OK;
        return jh_fail_at(err, JIHE_CONFIG, file, added.line, 1, "%s is a %s in %s:%u and a %s here; keep one of them",
                          date, before->works ? "workday" : "holiday", calendar->files[before->file].file, before->line,
                          added.works ? "workday" : "holiday");
    }
    days = jh_arena_list(&calendar->arena, calendar->days, calendar->count, &calendar->room, sizeof *days);
    if (days == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for the calendar");
    memmove(days + at + 1, days + at, (calendar->count - at) * sizeof *days);
    days[at] = added;
    calendar->days = days;
    calendar->count++;
    return JIHE_OK;
}

static bool is_word(const char *text, size_t len, const char *word)
{
    return len == strlen(word) && memcmp(text, word, len) == 0;
}

/* The second field of the line: holiday or workday. */
static bool read_kind(const jh_facts_line *line, bool *works)
{
    const char *comma = memchr(line->rest, ',', line->rest_len), *kind = line->rest;
    size_t len = comma != NULL ? (size_t)(comma - line->rest) : line->rest_len;

    for (; len > 0 && *kind == ' '; len--)
        kind++;
    while (len > 0 && kind[len - 1] == ' ')
        len--;
    *works = is_word(kind, len, "workday");
    return *works || is_word(kind, len, "holiday");
}

static jihe_status read_line(jh_calendar *calendar, const jh_facts_line *line, jihe_error *err)
{
    const uint32_t number = (uint32_t)calendar->file_count - 1;
    const char *file = calendar->files[number].file;
    jh_calendar_day added = {.file = number, .line = line->number};
    bool known = read_kind(line, &added.works);
    char quoted[80];

    if (line->number == 1) {
        if (is_word(line->field, line->len, "date") && line->rest_len >= 4 && memcmp(line->rest, "kind", 4) == 0)
            return JIHE_OK;
        return jh_fail_at(err, JIHE_CONFIG, file, 1, 1, "found '%s', expected the header date,kind",
                          jh_text_quote(line->field, line->len, quoted, sizeof quoted));
    }
    if (line->len == 0 && line->rest_len == 0)
        return JIHE_OK;
    if (!jh_days_parse(line->field, line->len, &added.day))
        return jh_fail_at(err, JIHE_CONFIG, file, line->number, 1, "'%s' is not a date; expected one like 2026-10-01",
                          jh_text_quote(line->field, line->len, quoted, sizeof quoted));
    if (!known)
        return jh_fail_at(err, JIHE_CONFIG, file, line->number, (uint32_t)line->len + 2,
                          "found '%s' after the date, expected holiday or workday",
                          jh_text_quote(line->rest, line->rest_len, quoted, sizeof quoted));
    calendar->years[jh_days_to_civil(added.day).year] = true;
    return add_day(calendar, added, err);
}

jihe_status jh_calendar_add(jh_calendar *calendar, const char *file, const void *bytes, size_t len, jihe_error *err)
{
    jh_facts_text text = {.file = file, .bytes = bytes, .len = len, .csv = true, .err = err};
    jh_calendar_file *files =
        jh_arena_list(&calendar->arena, calendar->files, calendar->file_count, &calendar->file_room, sizeof *files);
    jh_facts_line line;
    uint8_t sum[32];
    jihe_status st = jh_sha256_bytes(bytes, len, sum, err);

    if (st != JIHE_OK)
        return st;
    if (files == NULL ||
        (files[calendar->file_count].file = jh_arena_text(&calendar->arena, file, strlen(file))) == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for the calendar");
    jh_hex(sum, sizeof sum, files[calendar->file_count++].sha256);
    calendar->files = files;
    if ((st = jh_facts_begin(&text, &calendar->arena)) != JIHE_OK)
        return st;
    while ((st = jh_facts_next(&text, &line)) == JIHE_OK && line.number != 0)
        if ((st = read_line(calendar, &line, err)) != JIHE_OK)
            return st;
    return st;
}

static jihe_status load_file(void *context, const char *file, const void *bytes, size_t len, jihe_error *err)
{
    return jh_calendar_add(context, file, bytes, len, err);
}

jihe_status jh_calendar_load(jh_calendar *out, const char *workspace, jihe_error *err)
{
    static const char *const endings[] = {".csv", NULL};
    jihe_status st;

    *out = (jh_calendar){0};
    st = jh_facts_files(workspace, "calendar", endings, JH_MAX_CALENDAR_BYTES, load_file, out, err);
    if (st != JIHE_OK)
        jh_calendar_deinit(out);
    return st;
}

void jh_calendar_deinit(jh_calendar *calendar)
{
    jh_arena_deinit(&calendar->arena);
    *calendar = (jh_calendar){0};
}

int32_t jh_weekday(int32_t day)
{
    const int32_t since_thursday = day % 7; /* 1970-01-01 was one */

    return (since_thursday + 7 + 3) % 7 + 1;
}

const jh_calendar_day *jh_calendar_exception(const jh_calendar *calendar, int32_t day)
{
    const size_t at = calendar != NULL ? first_from(calendar, day) : 0;

    return calendar != NULL && at < calendar->count && calendar->days[at].day == day ? &calendar->days[at] : NULL;
}

int jh_calendar_workday(const jh_calendar *calendar, int32_t day)
{
    if (calendar == NULL || !calendar->years[jh_days_to_civil(day).year])
        return -1;
    const jh_calendar_day *exception = jh_calendar_exception(calendar, day);

    return exception != NULL ? exception->works : jh_weekday(day) <= 5;
}
