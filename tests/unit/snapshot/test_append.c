#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/pcg.h"

/* Documents by column come to the same file as documents one by one. */

enum { SOURCES = 3, MOST_ROWS = 4000, SEED = 9 };

typedef struct supply {
    jh_words words[SOURCES][DOC_COLUMNS];
    jh_arena arena;
    uint64_t row_of[MOST_ROWS]; /* document in each row of the batch */
} supply;

static void put_cell(jh_batch_column *column, jh_type type, uint32_t row, const jh_cell *cell, jh_words *words,
                     jh_arena *arena)
{
    switch (type) {
    case JH_ID:
    case JH_TEXT:
        column->pieces[row] = (jh_piece){0};
        if (cell->present)
            column->pieces[row] =
                (jh_piece){jh_arena_text(arena, cell->len > 0 ? cell->text : "", cell->len), cell->len};
        return;
    case JH_CATEGORY:
        column->words[row] = JH_WORD_NONE;
        if (cell->present)
            cr_assert_eq(jh_words_number(words, cell->text, cell->len, &column->words[row], NULL), JIHE_OK);
        return;
    default:
        column->present[row] = cell->present;
        column->numbers[row] = cell->present ? cell->number : 0;
    }
}

/* Rows in the order of the batch; documents that come again are among them. */
static void fill(jh_batch *batch, supply *from, uint32_t source, uint32_t rows, uint64_t *next, jh_pcg64 *rng)
{
    const jh_schema *schema = documents_schema();
    document doc;

    jh_arena_deinit(&from->arena);
    jh_arena_init(&from->arena, 0);
    cr_assert(jh_batch_reserve(batch, rows));
    batch->source = source;
    batch->words = from->words[source];
    batch->rows = rows;
    for (uint32_t r = 0; r < rows; r++) {
        const bool again = *next > 0 && jh_pcg64_below(rng, 50) == 0;
        from->row_of[r] = again ? jh_pcg64_below(rng, *next) : (*next)++;
        document_make(SEED, from->row_of[r], &doc);
        for (size_t c = 0; c < DOC_COLUMNS; c++)
            put_cell(&batch->columns[c], schema->columns[c].type, r, &doc.cells[c], &from->words[source][c],
                     &from->arena);
        batch->hashes[r] = jh_hash64(doc.cells[schema->id].text, doc.cells[schema->id].len);
    }
}

/* All the rows but some (refused, as it were), going on behind each that is taken. The same into `by_one`. */
static void append(jh_writer *writer, jh_writer *by_one, const jh_batch *batch, const supply *from, jh_pcg64 *rng)
{
    static uint32_t rows[MOST_ROWS];
    const jh_schema *schema = documents_schema();
    uint32_t count = 0, at = 0, added;
    jihe_error err = {0};
    document doc;

    for (uint32_t r = 0; r < batch->rows; r++)
        if (jh_pcg64_below(rng, 40) != 0)
            rows[count++] = r;
    while (at < count) {
        const uint32_t part = jh_pcg64_below(rng, 3) == 0 ? (uint32_t)jh_pcg64_below(rng, count - at + 1) : count - at;
        bool found;

        must(jh_writer_append(writer, batch, rows + at, part, &added, &err));
        cr_assert(added <= part);
        for (uint32_t i = 0; i < part && i <= added; i++) {
            document_make(SEED, from->row_of[rows[at + i]], &doc);
            must(jh_writer_has(by_one, doc.cells[schema->id].text, doc.cells[schema->id].len, &found, &err));
            cr_assert_eq(found, i == added, "row %u of %u", i, part);
            if (!found)
                must(jh_writer_add(by_one, doc.cells, &err));
        }
        at += added + (added < part);
    }
    cr_assert_eq(jh_writer_rows(writer), jh_writer_rows(by_one));
}

/* Full segments, at once, later, or left for the writer to see to. */
static void put_some(jh_writer *writer, jh_packer *packer, jh_segment_build **held, jh_pcg64 *rng)
{
    jihe_error err = {0};

    if (*held != NULL) {
        must(jh_segment_build_encode(*held, packer, &err));
        must(jh_writer_put(writer, *held, &err));
        *held = NULL;
    }
    if (jh_pcg64_below(rng, 3) != 0)
        *held = jh_writer_take(writer);
}

static void same_files(const fixture *fix)
{
    file_bytes a, b;
    char path[192];

    snprintf(path, sizeof path, "%s/data.mdb", fix->sealed);
    a = slurp(path);
    snprintf(path, sizeof path, "%s/snapshots/2026-01-31/r2/data.mdb", fix->workspace);
    b = slurp(path);
    cr_assert_eq(a.len, b.len);
    cr_assert_eq(memcmp(a.at, b.at, a.len), 0);
    free(a.at);
    free(b.at);
}

static void finish(jh_writer *writer)
{
    jihe_error err = {0};

    must(jh_writer_seal(writer, &err));
    must(jh_writer_publish(writer, &err));
    jh_writer_free(writer);
}

static void hold(uint64_t seed, uint64_t documents, uint32_t most)
{
    static supply from;
    const fixture fix = fixture_make();
    jihe_error err = {0};
    jh_writer *writer, *by_one;
    jh_segment_build *held = NULL;
    jh_packer packer = {0};
    jh_batch batch;
    jh_pcg64 rng;
    uint64_t next = 0;

    jh_pcg64_seed(&rng, seed, 3);
    memset(&from, 0, sizeof from);
    for (uint32_t s = 0; s < SOURCES; s++)
        for (size_t c = 0; c < DOC_COLUMNS; c++)
            must(jh_words_init(&from.words[s][c], &err));
    must(jh_batch_init(&batch, documents_schema(), 0, NULL, &err));
    must(jh_writer_new(&writer, fix.workspace, TEST_DAY, 1, documents_schema(), &err));
    must(jh_writer_new(&by_one, fix.workspace, TEST_DAY, 2, documents_schema(), &err));
    while (next < documents) {
        fill(&batch, &from, (uint32_t)jh_pcg64_below(&rng, SOURCES), 1 + (uint32_t)jh_pcg64_below(&rng, most), &next,
             &rng);
        append(writer, by_one, &batch, &from, &rng);
        put_some(writer, &packer, &held, &rng);
    }
    if (held != NULL) {
        must(jh_segment_build_encode(held, &packer, &err));
        must(jh_writer_put(writer, held, &err));
    }
    finish(writer);
    finish(by_one);
    same_files(&fix);
    jh_batch_deinit(&batch);
    jh_packer_deinit(&packer);
    jh_arena_deinit(&from.arena);
    for (uint32_t s = 0; s < SOURCES; s++)
        for (size_t c = 0; c < DOC_COLUMNS; c++)
            jh_words_deinit(&from.words[s][c]);
    fixture_remove(&fix);
}

Test(snapshot_append, same_bytes_as_one_by_one, .timeout = 600)
{
    hold(1, 3, 2);
    hold(2, 5000, 7);
    hold(3, JH_SEGMENT_ROWS, 300);
    hold(4, 2 * JH_SEGMENT_ROWS + 40000, MOST_ROWS);
    hold(5, 3 * JH_SEGMENT_ROWS, MOST_ROWS / 3);
}
