#ifndef JH_BASE_ZONE_H
#define JH_BASE_ZONE_H

#include <stdint.h>

#include "base/days.h"
#include "base/error.h"

/* One time zone, read from the system's zoneinfo (TZif; Debian: package tzdata). A handle, so that nothing depends on the
 * process's TZ. After the last change that the file lists (2037 in Debian's), its rule for the years to come applies, up
 * to 9999. "UTC" needs no file. */
typedef struct jh_zone jh_zone;

/* `name` like Asia/Shanghai or UTC; anything with "..", a leading '/' or odd characters is refused (JIHE_CONFIG). */
jihe_status jh_zone_open(jh_zone **out, const char *name, jihe_error *err);
void        jh_zone_free(jh_zone *zone);

/* Local time to milliseconds since 1970 UTC. A given offset in the clock wins over the zone. A local time that occurs
 * twice means the earlier one; one that a jump skips does not exist: false. */
bool jh_zone_to_utc(const jh_zone *zone, const jh_clock *clock, int64_t *utc_ms);
/* With the offset that applied. An instant outside the calendar gives a day at its end. */
void jh_zone_to_local(const jh_zone *zone, int64_t utc_ms, jh_clock *out);
/* The same as a day and a second of it, in a quarter of the time. */
int32_t jh_zone_to_day(const jh_zone *zone, int64_t utc_ms, int32_t *second_of_day);

/* "YYYY-MM-DD HH:MM:SS" (".mmm" only when not zero) in the zone; `out` needs 32 bytes. Returns the length. */
size_t jh_zone_text(const jh_zone *zone, int64_t utc_ms, char *out);

#endif
