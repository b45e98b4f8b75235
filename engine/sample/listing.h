#ifndef JH_SAMPLE_LISTING_H
#define JH_SAMPLE_LISTING_H

#include "sample/draw.h"

/* A frame as a list for interval and cell selection: by stratum, then by id bytes, then snapshot, whatever the order of
 * the documents in the extract. Memory is proportional to the frame. */

typedef struct jh_listed {
    uint64_t segment, amount; /* amount: minor units of a money draw; else 1 */
    const char *id;           /* only while selecting */
    uint32_t row, len, stratum, hits;
    double chance; /* of being selected at all */
} jh_listed;

/* Selects along the list with starts from PCG (pcg64 seeded with `key` and XXH3-64 of the rule's id, 0x1F and the
 * stratum's label), sets each stratum's quota to the documents selected, and leaves the list in order of segment and
 * row for jh_listing_chance. Owned by the caller (free). */
jihe_status jh_listing_select(jh_picks *out, jh_listed **list, size_t *count, const jh_pass *pass,
                              const jh_frame *frame, const jh_strata *strata, const jh_rule *rule, uint64_t key,
                              jihe_error *err);

double jh_listing_chance(const jh_listed *list, size_t count, uint64_t segment, uint32_t row);

#endif
