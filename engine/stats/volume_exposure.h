#ifndef JH_STATS_VOLUME_EXPOSURE_H
#define JH_STATS_VOLUME_EXPOSURE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "stats/volume_family.h"

/* From documents and days present to the exposures that volumes are compared over: days times what the peers' volume of
 * the period was of their usual one. That takes out month ends, seasons and backlogs of the whole team. A person is
 * left out of his own index, so that a large one cannot hide behind himself.
 *
 *   index of person i in period t = (documents of peers in t) / (sum over peers of usual rate times days in t)
 *
 * where a peer's usual rate is that of the peer's own baseline. Peers are the group's other people who are not gated
 * (the change of a gated one would pass for the group's), with baseline documents, present in t, t not before their
 * beginning. With fewer than
 * JH_VOLUME_MIN_PEERS of them the index is 1; it is kept within 1/1000 and 1000.
 *
 * Source: section 3.1 of the project's statistics. Sums over people are whole numbers (usual volumes in 2^-30
 * documents), so that the order of people cannot matter. If most of a group jump together, that is the group's volume
 * and nobody is flagged. */

enum { JH_VOLUME_MIN_PEERS = 5 };

typedef struct jh_volume_history {
    const uint64_t   *counts;  /* documents per period; the last one is the period under test */
    const uint64_t   *present; /* millionths of a working day present, per period */
    size_t            first;   /* the baseline begins here: it starts anew after a change */
    jh_volume_verdict gate;    /* JH_VOLUME_NORMAL, or why this person is not to be tested */
} jh_volume_history;

/* members[i] of one group of peers from people[i] (both `count`), each with `periods` >= 1 periods, ready for
 * jh_volume_family_test together with other groups' members. Baseline periods without presence are left out. Who was
 * present less than `min_present` (millionths of a day; 5 days is usual) is gated JH_VOLUME_ABSENT. Counts and
 * exposures live in the arena. JIHE_USAGE: no period or more than JH_VOLUME_MAX_PERIODS + 1, a count above 10^9, days
 * above 2^40; JIHE_NO_MEMORY.
 */
jihe_status jh_volume_members_make(jh_volume_member *members, const jh_volume_history *people, size_t count,
                                   size_t periods, uint64_t min_present, jh_arena *arena, jihe_error *err);

/* A person and the absent colleague covered for, as one: documents and days of both, the later of the beginnings, no
 * gate. Its arrays live in the arena. Both are then left out themselves. JIHE_USAGE, JIHE_NO_MEMORY as above. */
jihe_status jh_volume_pair(jh_volume_history *out, const jh_volume_history *person, const jh_volume_history *colleague,
                           size_t periods, jh_arena *arena, jihe_error *err);

#endif
