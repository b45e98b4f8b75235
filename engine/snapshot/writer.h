#ifndef JH_SNAPSHOT_WRITER_H
#define JH_SNAPSHOT_WRITER_H

#include "snapshot/snapshot.h"

/* Building one snapshot under a temporary name. Nothing is visible before jh_writer_publish. Memory: one unfinished
 * segment, the dictionaries, and 12 to 20 bytes per document for the id index. */
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
uint64_t    jh_writer_rows(const jh_writer *writer);

/* Writes what is left (dictionaries, tallies, schema), syncs, digests, writes manifest.json. Then the manifest can be
 * read. */
jihe_status        jh_writer_seal(jh_writer *writer, jihe_error *err);
const jh_manifest *jh_writer_manifest(const jh_writer *writer);

jihe_status jh_writer_publish(jh_writer *writer, jihe_error *err); /* rename; the directory is synced */
void        jh_writer_free(jh_writer *writer); /* removes whatever was not published; NULL accepted */

#endif
