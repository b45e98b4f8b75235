#ifndef JH_SNAPSHOT_WRITER_H
#define JH_SNAPSHOT_WRITER_H

#include "snapshot/batch.h"
#include "snapshot/packer.h"
#include "snapshot/snapshot.h"

/* Building one snapshot under a temporary name. Nothing is visible before jh_writer_publish. Memory: a few segments and
 * the dictionaries; the index of ids, 10 to 20 bytes per document, lies in a temporary file when it is large. */
typedef struct jh_writer jh_writer;

/* One cell. Text is copied by jh_writer_add. */
typedef struct jh_cell {
    bool        present;
    int64_t     number; /* money, integer, date, time, flag */
    const char *text;   /* id, category, text: UTF-8, any bytes but NUL */
    uint32_t    len;
} jh_cell;

/* `revision` 1.. ; a left-over building directory of the same revision is removed first (the caller holds the workspace
 * lock). The schema must outlive the writer. JIHE_CANNOT_CREATE when the revision is sealed already. */
jihe_status jh_writer_new(jh_writer **out, const char *workspace, int32_t date, uint32_t revision,
                          const jh_schema *schema, jihe_error *err);

/* Is a document of this id already in? Exact: equal hashes are settled by the id bytes. */
jihe_status jh_writer_has(jh_writer *writer, const char *id, uint32_t len, bool *found, jihe_error *err);

/* One document, a cell per schema column in schema order. The id must be new (JIHE_BUG: ask jh_writer_has first).
 * JIHE_DATA for a cell the format cannot hold (no id, text over 1 MiB, number outside its type): nothing was added and
 * the writer can go on. After any other failure, or when a dictionary grows beyond 1 GiB, it takes nothing more and can
 * only be freed. */
jihe_status jh_writer_add(jh_writer *writer, const jh_cell *cells, jihe_error *err);

/* Documents by column: rows[0 .. count) of a batch, up to the first whose id is taken already; *added are those before
 * it, all of them when none is. The batch's cells must fit the format. Errors as jh_writer_add. */
jihe_status jh_writer_append(jh_writer *writer, const jh_batch *batch, const uint32_t *rows, uint32_t count,
                             uint32_t *added, jihe_error *err);

/* About how many documents will come, where somebody can guess: the index of ids is made large enough at once. */
jihe_status jh_writer_expect(jh_writer *writer, uint64_t rows, jihe_error *err);

/* After jh_writer_append segments may be full. They are taken, encoded by any thread, and put in the order in which
 * they were taken; all but encoding is for one thread at a time. What nobody takes is done when the snapshot is
 * sealed. */
typedef struct jh_segment_build jh_segment_build;
jh_segment_build *jh_writer_take(jh_writer *writer); /* NULL: none is full */
jihe_status jh_segment_build_encode(jh_segment_build *build, jh_packer *packer, jihe_error *err);
jihe_status jh_writer_put(jh_writer *writer, jh_segment_build *build, jihe_error *err); /* takes it back */

uint64_t    jh_writer_rows(const jh_writer *writer);

void jh_writer_set_threads(jh_writer *writer, uint32_t threads); /* of jh_writer_seal; 1 unless somebody says more */

/* Writes what is left (dictionaries, tallies, schema), syncs, digests, writes manifest.json. Then the manifest can be
 * read. */
jihe_status        jh_writer_seal(jh_writer *writer, jihe_error *err);
const jh_manifest *jh_writer_manifest(const jh_writer *writer);

jihe_status jh_writer_publish(jh_writer *writer, jihe_error *err); /* rename; the directory is synced */
void        jh_writer_free(jh_writer *writer); /* removes whatever was not published; NULL accepted */

#endif
