#ifndef JH_TEST_CENTRE_H
#define JH_TEST_CENTRE_H

#include "rule/pass.h"
#include "sample/selection.h"

/* A small made-up centre in a temporary workspace, for tests of frames and draws. Columns: doc_id, team, person
 * (tallied), amount. Document i of date d: id "DOC-d-i" (seven digits), team "T0".."T4" (every eleventh missing),
 * person "P0".."P22", amount i in whole yuan (every thirteenth missing). */

struct centre {
    char         path[64];
    jh_snapshot *snapshots[8];
    size_t       count;
};

void centre_open(struct centre *centre);  /* asserts that it worked */
void centre_close(struct centre *centre); /* removes the directory */

/* Seals documents first..first+rows-1 as the snapshot of `date`, in an order made from `shuffle` (0: rising). */
void centre_add(struct centre *centre, int32_t date, uint32_t first, uint32_t rows, uint64_t shuffle);

/* Seals documents with ids of the test's own as the snapshot of `date`: ids[k] has the team, person and amount of
 * document numbers[k]. */
void centre_add_named(struct centre *centre, int32_t date, const char *const *ids, const uint32_t *numbers,
                      size_t count);

/* Parses one rule given as the YAML of a rules list item, e.g. "{id: a, draw: {rate: 10%}}". */
void centre_rules(jh_rules *rules, const char *items);

/* Runs the rules over the latest versions of the documents in the centre's snapshots with this seed. */
void centre_select(jh_selection *out, const struct centre *centre, const jh_rules *rules, const char *seed,
                   uint32_t threads);

/* All hits as text, one line per hit: rule stratum number id, in the order of the hits file. The caller frees. */
char *centre_hits(const jh_selection *selection, const jh_rules *rules);

#endif
