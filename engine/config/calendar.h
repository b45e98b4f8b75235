#ifndef JH_CONFIG_CALENDAR_H
#define JH_CONFIG_CALENDAR_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/days.h"
#include "base/error.h"

/* Which days are worked: Monday to Friday, but for what the files WORKSPACE/calendar/ *.csv say. Header `date,kind`, then
 * lines like `2026-10-01,holiday` or `2026-10-10,workday` (a weekend day that is made up for); further fields are notes.
 *
 * A year of which no file has a line is unknown: nobody can say whether its Mondays are holidays. */

enum { JH_MAX_CALENDAR_BYTES = 1 << 20 };

typedef struct jh_calendar_day {
    int32_t  day;
    bool     works;
    uint32_t file; /* index into files */
    uint32_t line;
} jh_calendar_day;

typedef struct jh_calendar_file {
    const char *file; /* below the workspace: calendar/2026.csv */
    char        sha256[65];
} jh_calendar_file;

typedef struct jh_calendar {
    jh_arena          arena;
    jh_calendar_day  *days; /* the exceptions, rising */
    size_t            count, room;
    jh_calendar_file *files; /* in order of name */
    size_t            file_count, file_room;
    bool              years[10000]; /* the year has a line */
} jh_calendar;

/* No directory gives one without files, which knows no year. JIHE_CONFIG with file and line; a day twice is refused
 * when the two disagree. */
jihe_status jh_calendar_load(jh_calendar *out, const char *workspace, jihe_error *err);
jihe_status jh_calendar_add(jh_calendar *calendar, const char *file, const void *bytes, size_t len, jihe_error *err);
void        jh_calendar_deinit(jh_calendar *calendar); /* a zeroed one is fine */

int jh_calendar_workday(const jh_calendar *calendar, int32_t day); /* 1 worked, 0 free, -1 unknown; NULL: unknown */
const jh_calendar_day *jh_calendar_exception(const jh_calendar *calendar, int32_t day); /* the line of a day; NULL: none */
int32_t jh_weekday(int32_t day);                                   /* 1 Monday .. 7 Sunday */

#endif
