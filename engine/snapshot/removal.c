#include "snapshot/removal.h"

#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "snapshot/places.h"

jihe_status jh_removal_begin(const char *workspace, int32_t date, uint32_t revision, jihe_error *err)
{
    jh_places places;
    jihe_status st = jh_places_init(&places, workspace, date, revision, err);

    if (st != JIHE_OK)
        return st;
    if (!jh_file_exists(places.sealed))
        st = jh_fail(err, JIHE_NOT_FOUND, "no snapshot '%s'", places.sealed);
    else if ((st = jh_file_remove_tree(places.dropped, err)) == JIHE_OK)
        st = jh_file_rename(places.sealed, places.dropped, err);
    jh_places_deinit(&places);
    return st;
}

jihe_status jh_removal_finish(const char *workspace, int32_t date, uint32_t revision, jihe_error *err)
{
    jh_places places;
    jihe_status st = jh_places_init(&places, workspace, date, revision, err);

    if (st != JIHE_OK)
        return st;
    st = jh_file_remove_tree(places.dropped, err);
    if (st == JIHE_OK && rmdir(places.date) == 0) /* refused as long as another revision is in it */
        st = jh_file_sync_dir(places.snapshots, err);
    jh_places_deinit(&places);
    return st;
}
