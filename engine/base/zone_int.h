#ifndef JH_BASE_ZONE_INT_H
#define JH_BASE_ZONE_INT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/zone.h"

/* Shared by zone.c, tzif.c and tzrule.c. */

/* From `at` (seconds since 1970 UTC) until the next change, local time is UTC + offset. */
typedef struct jh_change {
    int64_t at;
    int32_t offset; /* seconds east of UTC, within JH_ZONE_MAX_OFFSET of 0 */
} jh_change;

struct jh_zone {
    int32_t first_offset; /* before the first change */
    size_t count, room;
    jh_change *changes; /* `at` strictly rising */
};

enum { JH_ZONE_MAX_OFFSET = 26 * 3600 }; /* no place ever kept a time further from UTC */

/* Appends a change, which must be after the last one. JIHE_NO_MEMORY on failure. */
jihe_status jh_zone_add(jh_zone *zone, int64_t at, int32_t offset, jihe_error *err);

/* Fills an empty zone from the bytes of a TZif file (RFC 8536), version 2 or later; name is for messages. */
jihe_status jh_tzif_read(jh_zone *zone, const uint8_t *bytes, size_t len, const char *name, jihe_error *err);

/* Continues the zone after its last change by the file's footer, a POSIX TZ text such as CET-1CEST,M3.5.0,M10.5.0/3, up
 * to the year 9999. JIHE_CONFIG when the text cannot be read. */
jihe_status jh_tzrule_extend(jh_zone *zone, const char *text, size_t len, const char *name, jihe_error *err);

#endif
