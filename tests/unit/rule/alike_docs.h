#ifndef JH_TEST_ALIKE_DOCS_H
#define JH_TEST_ALIKE_DOCS_H

#include "base/pcg.h"
#include "rule/alike.h"

/* Made-up documents full of coincidences, over several snapshots with dictionaries of their own, and the plainest way to
 * say which of them are alike: write every document's values as one text and sort the texts. */

enum { ALIKE_COLUMNS = 6 }; /* doc_id (id), payee (category), invoice (text), team (category), amount (money), qty (integer) */

typedef struct alike_doc {
    uint32_t number;   /* of its bit in the frames */
    int32_t  date;
    bool     present[ALIKE_COLUMNS];
    char     text[ALIKE_COLUMNS][24];
    int64_t  value[ALIKE_COLUMNS];
    bool     wanted, superseded;
} alike_doc;

typedef struct alike_world {
    char         path[64];
    jh_snapshot *parts[8];
    size_t       part_count;
    alike_doc   *docs;
    size_t       doc_count;
    jh_pass      pass; /* superseded as in the documents */
    uint64_t    *bits; /* wanted */
} alike_world;

/* `sizes`: documents per snapshot, of days DAY, DAY + gap, ... ; values repeat more the smaller `variety` is. */
void alike_world_make(alike_world *world, jh_pcg64 *rng, const uint32_t *sizes, size_t parts, uint64_t variety, int32_t gap);
void alike_world_free(alike_world *world);

/* Groups as text, one line each, in order: the numbers of its documents, each with its value. The caller frees. */
char *alike_plain(const alike_world *world, const jh_alike_input *input);

/* The same of jh_alike_find, which must succeed; *undecided gets how many bits were set. */
char *alike_found(const jh_alike_input *input, uint64_t *undecided);
uint64_t alike_undecided(const alike_world *world, const jh_alike_input *input);

size_t alike_column(const char *name);

#endif
