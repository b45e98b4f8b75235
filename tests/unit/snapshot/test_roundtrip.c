#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/parallel.h"

/* What the documents themselves say about a column, counted the slow way. */
struct recount {
    uint64_t present;
    jh_i128 sum;
};

static void same_text(const char *got, size_t got_len, const jh_cell *want, uint64_t row, size_t column)
{
    cr_assert(got_len == want->len && memcmp(got, want->text, got_len) == 0, "row %llu column %zu: text differs",
              (unsigned long long)row, column);
}

static void same_cell(const jh_snapshot *snapshot, size_t column, const jh_col_view *view, uint64_t row,
                      const jh_cell *want)
{
    const uint32_t at = (uint32_t)(row % JH_SEGMENT_ROWS);
    jh_dict_view dict;

    cr_assert_eq(jh_col_present(view, at) != 0, want->present, "row %llu column %zu", (unsigned long long)row, column);
    if (!want->present)
        return;
    switch (jh_snapshot_schema(snapshot)->columns[column].type) {
    case JH_ID:
    case JH_TEXT:
        same_text(view->bytes + view->offsets[at], view->offsets[at + 1] - view->offsets[at], want, row, column);
        break;
    case JH_CATEGORY:
        cr_assert_eq(jh_snapshot_dict(snapshot, column, &dict, NULL), JIHE_OK);
        cr_assert_lt(jh_col_number(view, at), dict.count);
        same_text(dict.bytes + dict.offsets[jh_col_number(view, at)],
                  dict.offsets[jh_col_number(view, at) + 1] - dict.offsets[jh_col_number(view, at)], want, row, column);
        break;
    default:
        cr_assert_eq(jh_col_number(view, at), want->number, "row %llu column %zu: %lld", (unsigned long long)row,
                     column, (long long)jh_col_number(view, at));
    }
}

/* Smallest width, exact bounds, alignment, and zeros wherever there is no value. */
static void canonical(const jh_col_view *view)
{
    static const uint64_t spans[9] = {[1] = UINT8_MAX, [2] = UINT16_MAX, [4] = UINT32_MAX, [8] = UINT64_MAX};
    static const int narrower[9] = {[1] = 0, [2] = 1, [4] = 2, [8] = 4};
    const uint64_t span = (uint64_t)view->max - (uint64_t)view->base;
    const size_t padded = ((size_t)view->rows + 63) / 64 * 64;
    uint64_t found_min = UINT64_MAX, found_max = 0;

    cr_assert_eq(view->valid == NULL, view->nulls == 0 || view->nulls == view->rows);
    if (view->valid != NULL && view->rows % 64 != 0)
        cr_assert_eq(view->valid[view->rows / 64] >> view->rows % 64, 0);
    if (view->encoding == JH_ENC_HEAP)
        return;
    cr_assert_leq(span, spans[view->width]);
    cr_assert(view->width == 0 || span > spans[narrower[view->width]], "width %d is too wide", view->width);
    cr_assert_eq(view->codes == NULL, view->width == 0);
    cr_assert_eq((uintptr_t)view->codes % 64, 0);
    for (size_t row = 0; view->codes != NULL && row < padded; row++) {
        uint64_t code = 0;

        memcpy(&code, (const char *)view->codes + row * view->width, view->width);
        if (row >= view->rows || !jh_col_present(view, (uint32_t)row)) {
            cr_assert_eq(code, 0);
            continue;
        }
        found_min = code < found_min ? code : found_min;
        found_max = code > found_max ? code : found_max;
    }
    if (view->codes != NULL)
        cr_assert(found_min == 0 && found_max == span);
}

static void compare_segment(const jh_snapshot *snapshot, uint32_t segment, uint64_t seed, struct recount *sums)
{
    document *doc = malloc(sizeof *doc);
    jh_col_view views[DOC_COLUMNS];
    jh_col_room rooms[DOC_COLUMNS] = {0};
    const uint64_t *hashes;
    jihe_error err = {0};

    must(jh_snapshot_id_hash(snapshot, segment, &hashes, &err));
    for (size_t c = 0; c < DOC_COLUMNS; c++) {
        must(jh_snapshot_column(snapshot, segment, c, &rooms[c], &views[c], &err));
        cr_assert_eq(views[c].rows, jh_snapshot_segment_rows(snapshot, segment));
        canonical(&views[c]);
    }
    for (uint32_t at = 0; at < views[0].rows; at++) {
        const uint64_t row = (uint64_t)segment * JH_SEGMENT_ROWS + at;
        const size_t id = documents_schema()->id;

        document_make(seed, row, doc);
        cr_assert_eq(hashes[at], jh_hash64(doc->cells[id].text, doc->cells[id].len));
        for (size_t c = 0; c < DOC_COLUMNS; c++) {
            same_cell(snapshot, c, &views[c], row, &doc->cells[c]);
            sums[c].present += doc->cells[c].present;
            sums[c].sum += doc->cells[c].present ? doc->cells[c].number : 0;
        }
    }
    for (size_t c = 0; c < DOC_COLUMNS; c++)
        jh_col_room_deinit(&rooms[c]);
    free(doc);
}

static void compare_totals(const jh_snapshot *snapshot, const struct recount *sums)
{
    const jh_manifest *manifest = jh_snapshot_manifest(snapshot);
    size_t next = 0;

    for (size_t c = 0; c < DOC_COLUMNS; c++) {
        jh_figures tally;
        jh_dict_view dict;
        uint64_t all = 0;

        if (documents_schema()->columns[c].type == JH_MONEY) {
            cr_assert_str_eq(manifest->totals[next].column, documents_schema()->columns[c].name);
            cr_assert_eq(manifest->totals[next].scale, documents_schema()->columns[c].money.scale);
            cr_assert_eq(manifest->totals[next].present, sums[c].present);
            cr_assert(manifest->totals[next++].minor == sums[c].sum);
        }
        if (documents_schema()->columns[c].type != JH_CATEGORY) {
            cr_assert_eq(jh_snapshot_tally(snapshot, c, &tally, NULL), JIHE_NOT_FOUND);
            continue;
        }
        cr_assert_eq(jh_snapshot_tally(snapshot, c, &tally, NULL), JIHE_OK);
        cr_assert_eq(jh_snapshot_dict(snapshot, c, &dict, NULL), JIHE_OK);
        for (uint32_t code = 0; code < dict.count; code++)
            all += jh_figures_documents(&tally, code);
        cr_assert_eq(all, sums[c].present); /* code by code: jh_snapshot_verify below, and tested against damage */
    }
    cr_assert_eq(manifest->total_count, next);
}

/* --- tallies, counted from the documents --- */

enum { KIND = 1, PERSON = 7, KINDS = 9, PERSONS = 3000, MONEY = 2 }; /* documents.c; one more each: no value */

struct figures {
    uint64_t documents, present[MONEY];
    jh_i128 sum[MONEY];
};

static struct figures (*count_pairs(uint64_t seed, uint64_t rows))[KINDS + 1]
{
    static const size_t money[MONEY] = {2, 10};
    struct figures(*out)[KINDS + 1] = calloc(PERSONS + 1, sizeof *out);
    document *doc = malloc(sizeof *doc);

    for (uint64_t row = 0; row < rows; row++) {
        struct figures *to;

        document_make(seed, row, doc);
        to =
            &out[doc->cells[PERSON].present ? strtoul(doc->cells[PERSON].text + 9, NULL, 10) : PERSONS]
                [doc->cells[KIND].present ? doc->cells[KIND].len == 0 ? 0 : strtoul(doc->cells[KIND].text + 5, NULL, 10)
                                          : KINDS];
        to->documents++;
        for (size_t m = 0; m < MONEY; m++) {
            to->present[m] += doc->cells[money[m]].present;
            to->sum[m] += doc->cells[money[m]].present ? doc->cells[money[m]].number : 0;
        }
    }
    free(doc);
    return out;
}

static void add_figures(struct figures *to, const struct figures *more)
{
    to->documents += more->documents;
    for (size_t m = 0; m < MONEY; m++) {
        to->present[m] += more->present[m];
        to->sum[m] += more->sum[m];
    }
}

static void same_figures(const jh_figures *tally, uint32_t row, const struct figures *want)
{
    cr_assert_eq(tally->money, MONEY);
    cr_assert_eq(jh_figures_documents(tally, row), want->documents);
    for (uint32_t m = 0; m < MONEY; m++) {
        cr_assert_eq(jh_figures_present(tally, m, row), want->present[m]);
        cr_assert(jh_figures_sum(tally, m, row) == want->sum[m]);
    }
}

/* The number in the dictionary's text: that of a person, or of a kind. */
static size_t number_of(const jh_dict_view *dict, int64_t code, size_t skip)
{
    char text[32] = "";

    cr_assert(code >= 0 && code < (int64_t)dict->count);
    memcpy(text, dict->bytes + dict->offsets[code], dict->offsets[code + 1] - dict->offsets[code]);
    return text[0] == '\0' ? 0 : strtoul(text + skip, NULL, 10);
}

static void compare_tallies(const jh_snapshot *snapshot, uint64_t seed, uint64_t rows)
{
    struct figures(*pairs)[KINDS + 1] = count_pairs(seed, rows), sum;
    jh_dict_view persons, kinds;
    jh_figures tally, cross;
    uint64_t in_pairs = 0;
    jihe_error err = {0};

    must(jh_snapshot_dict(snapshot, PERSON, &persons, &err));
    must(jh_snapshot_dict(snapshot, KIND, &kinds, &err));
    must(jh_snapshot_cross(snapshot, PERSON, &cross, &err));
    for (uint32_t row = 0; row < cross.rows; row++) {
        same_figures(&cross, row,
                     &pairs[number_of(&persons, jh_col_number(cross.person, row), 9)]
                           [number_of(&kinds, jh_col_number(cross.type, row), 5)]);
        in_pairs += jh_figures_documents(&cross, row);
    }
    must(jh_snapshot_tally(snapshot, PERSON, &tally, &err));
    for (uint32_t code = 0; code < tally.rows; code++) {
        sum = (struct figures){0};
        for (size_t kind = 0; kind <= KINDS; kind++)
            add_figures(&sum, &pairs[number_of(&persons, code, 9)][kind]);
        same_figures(&tally, code, &sum);
    }
    must(jh_snapshot_tally(snapshot, KIND, &tally, &err));
    for (uint32_t code = 0; code < tally.rows; code++) {
        sum = (struct figures){0};
        for (size_t person = 0; person <= PERSONS; person++)
            add_figures(&sum, &pairs[person][number_of(&kinds, code, 5)]);
        same_figures(&tally, code, &sum);
    }
    for (size_t person = 0; person < PERSONS; person++)
        for (size_t kind = 0; kind < KINDS; kind++)
            in_pairs -= pairs[person][kind].documents;
    cr_assert_eq(in_pairs, 0, "every pair has its row");
    cr_assert_eq(jh_snapshot_cross(snapshot, KIND, &cross, NULL), JIHE_NOT_FOUND, "a kind is no person");
    free(pairs);
}

static void round_trip(uint64_t seed, uint64_t rows)
{
    struct recount sums[DOC_COLUMNS] = {0};
    const fixture fix = fixture_make();
    jihe_error err = {0};
    jh_snapshot *snapshot;

    fixture_write(&fix, 1, seed, rows);
    must(jh_snapshot_open(&snapshot, fix.workspace, TEST_DAY, 0, &err));
    cr_assert_eq(jh_snapshot_manifest(snapshot)->rows, rows);
    cr_assert_eq(jh_snapshot_segments(snapshot), (rows + JH_SEGMENT_ROWS - 1) / JH_SEGMENT_ROWS);
    for (uint32_t segment = 0; segment < jh_snapshot_segments(snapshot); segment++)
        compare_segment(snapshot, segment, seed, sums);
    compare_totals(snapshot, sums);
    compare_tallies(snapshot, seed, rows);
    must(jh_snapshot_verify(snapshot, &err));
    jh_snapshot_close(snapshot);
    fixture_remove(&fix);
}

Test(snapshot_roundtrip, few_rows_many_seeds)
{
    static const uint64_t rows[] = {0, 1, 2, 63, 64, 65, 127, 128, 257, 1025};

    for (uint64_t seed = 1; seed <= 5; seed++)
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
            round_trip(seed, rows[i]);
}

Test(snapshot_roundtrip, one_row_less_than_a_segment)
{
    round_trip(21, JH_SEGMENT_ROWS - 1);
}

Test(snapshot_roundtrip, exactly_a_segment)
{
    round_trip(22, JH_SEGMENT_ROWS);
}

Test(snapshot_roundtrip, one_row_more_than_a_segment)
{
    round_trip(23, JH_SEGMENT_ROWS + 1);
}

Test(snapshot_roundtrip, several_segments)
{
    round_trip(24, 3 * JH_SEGMENT_ROWS + 17);
}

/* 2,000 persons and 600 types are more pairs than an array is kept for. */
Test(snapshot_roundtrip, a_tally_of_very_many_pairs)
{
    static const jh_column columns[] = {{.name = "id", .type = JH_ID},
                                        {.name = "who", .type = JH_CATEGORY, .roles = JH_ROLE_PERSON},
                                        {.name = "kind", .type = JH_CATEGORY, .roles = JH_ROLE_TYPE},
                                        {.name = "fee", .type = JH_MONEY}};
    static const jh_schema schema = {columns, 4, 0, SIZE_MAX};
    const fixture fix = fixture_make();
    jh_writer *writer;
    jh_snapshot *snapshot;
    jh_figures cross;
    uint64_t documents = 0;
    jihe_error err = {0};

    must(jh_writer_new(&writer, fix.workspace, TEST_DAY, 1, &schema, &err));
    for (uint32_t row = 0; row < 70000; row++) {
        char id[16], who[16], kind[16];
        const jh_cell cells[] = {{true, 0, id, (uint32_t)snprintf(id, sizeof id, "%u", row)},
                                 {true, 0, who, (uint32_t)snprintf(who, sizeof who, "p%u", row * 7919 % 2000)},
                                 {row % 601 != 600, 0, kind, (uint32_t)snprintf(kind, sizeof kind, "k%u", row % 601)},
                                 {row % 3 != 0, -(int64_t)row, NULL, 0}};

        must(jh_writer_add(writer, cells, &err));
    }
    must(jh_writer_seal(writer, &err));
    must(jh_writer_publish(writer, &err));
    jh_writer_free(writer);
    must(jh_snapshot_open(&snapshot, fix.workspace, TEST_DAY, 1, &err));
    must(jh_snapshot_cross(snapshot, 1, &cross, &err));
    cr_assert(cross.rows > 60000);
    for (uint32_t row = 0; row < cross.rows; row++)
        documents += jh_figures_documents(&cross, row);
    cr_assert_eq(documents, 70000 - 70000 / 601);
    must(jh_snapshot_verify(snapshot, &err));
    jh_snapshot_close(snapshot);
    fixture_remove(&fix);
}

/* Many threads ask for values nobody has checked yet; each must see them whole (ThreadSanitizer sees the rest). */
struct crowd {
    const jh_snapshot *snapshot;
    uint64_t digests[16];
};

static jihe_status read_alone(void *context, uint32_t worker, uint64_t index, jihe_error *err)
{
    struct crowd *crowd = context;

    (void)worker;
    return fixture_read(crowd->snapshot, &crowd->digests[index], err);
}

Test(snapshot_roundtrip, first_reads_by_many_threads)
{
    const fixture fix = fixture_make();
    struct crowd crowd = {0};
    jihe_error err = {0};
    jh_snapshot *snapshot;

    fixture_write(&fix, 1, 25, JH_SEGMENT_ROWS / 8);
    must(jh_snapshot_open(&snapshot, fix.workspace, TEST_DAY, 1, &err));
    crowd.snapshot = snapshot;
    must(jh_parallel(4, 16, read_alone, &crowd, &err));
    for (int i = 1; i < 16; i++)
        cr_assert_eq(crowd.digests[i], crowd.digests[0]);
    jh_snapshot_close(snapshot);
    fixture_remove(&fix);
}
