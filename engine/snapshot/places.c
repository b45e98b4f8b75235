#include "snapshot/places.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/days.h"
#include "snapshot/limits.h"

/* NULL: no memory. */
__attribute__((format(printf, 1, 2))) static char *path(const char *fmt, ...)
{
    char *text = NULL;
    va_list args;
    int len;

    va_start(args, fmt);
    len = vasprintf(&text, fmt, args);
    va_end(args);
    return len < 0 ? NULL : text;
}

static bool fill(jh_places *places, const char *workspace, const char *date, uint32_t revision)
{
    return (places->workspace = path("%s", workspace)) != NULL &&
           (places->snapshots = path("%s/snapshots", workspace)) != NULL &&
           (places->date = path("%s/%s", places->snapshots, date)) != NULL &&
           (places->sealed = path("%s/r%" PRIu32, places->date, revision)) != NULL &&
           (places->building = path("%s/.building-r%" PRIu32, places->date, revision)) != NULL &&
           (places->dropped = path("%s/.dropped-r%" PRIu32, places->date, revision)) != NULL &&
           (places->data = path("%s/data.mdb", places->sealed)) != NULL &&
           (places->manifest = path("%s/manifest.json", places->sealed)) != NULL &&
           (places->built_data = path("%s/data.mdb", places->building)) != NULL &&
           (places->built_manifest = path("%s/manifest.json", places->building)) != NULL;
}

jihe_status jh_places_init(jh_places *places, const char *workspace, int32_t date, uint32_t revision, jihe_error *err)
{
    char text[16];

    memset(places, 0, sizeof *places);
    if (date < JH_DAY_MIN || date > JH_DAY_MAX || revision == 0)
        return jh_fail(err, JIHE_USAGE,
                       "day %" PRIi32 " revision %" PRIu32 ", expected a date of the years 1 to 9999 and a "
                       "revision from 1",
                       date, revision);
    jh_days_text(date, text);
    snprintf(places->name, sizeof places->name, "%s r%" PRIu32, text, revision);
    if (!fill(places, workspace, text, revision)) {
        jh_places_deinit(places);
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for the paths of snapshot %s", text);
    }
    return JIHE_OK;
}

void jh_places_deinit(jh_places *places)
{
    free(places->workspace);
    free(places->snapshots);
    free(places->date);
    free(places->sealed);
    free(places->building);
    free(places->dropped);
    free(places->data);
    free(places->manifest);
    free(places->built_data);
    free(places->built_manifest);
    memset(places, 0, sizeof *places);
}
