#include "snapshot/writer_int.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "snapshot/counts.h"
#include "snapshot/manifest.h"
#include "snapshot/schema_copy.h"
#include "snapshot/tallier.h"

static jihe_status make_buffers(jh_writer *writer, jihe_error *err)
{
    const jh_schema *schema = writer->schema;

    jh_slots_init(&writer->slots, schema);
    writer->ids.directory = writer->places.building;
    writer->dicts = calloc(schema->count, sizeof *writer->dicts);
    writer->codes = calloc(schema->count, sizeof *writer->codes);
    writer->coders = calloc(schema->count, sizeof *writer->coders);
    if (writer->dicts == NULL || writer->codes == NULL || writer->coders == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for a snapshot of %zu columns", schema->count);
    return jh_segment_build_new(&writer->open, schema, &writer->slots, writer->places.name, err);
}

static jihe_status make_directories(const jh_writer *writer, jihe_error *err)
{
    const jh_places *places = &writer->places;
    jihe_status st;

    if (jh_file_exists(places->sealed))
        return jh_fail(err, JIHE_CANNOT_CREATE, "'%s' is sealed and never changed: write a new revision",
                       places->sealed);
    if ((st = jh_file_mkdir(places->snapshots, err)) != JIHE_OK || (st = jh_file_mkdir(places->date, err)) != JIHE_OK ||
        (st = jh_file_remove_tree(places->building, err)) != JIHE_OK)
        return st;
    return jh_file_mkdir(places->building, err);
}

jihe_status jh_writer_new(jh_writer **out, const char *workspace, int32_t date, uint32_t revision,
                          const jh_schema *schema, jihe_error *err)
{
    jh_writer *writer = calloc(1, sizeof *writer);
    jihe_status st;

    *out = NULL;
    if (writer == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for a snapshot");
    writer->schema = schema;
    writer->threads = 1;
    if ((st = jh_places_init(&writer->places, workspace, date, revision, err)) != JIHE_OK ||
        (st = jh_manifest_init(&writer->manifest, date, revision, schema, err)) != JIHE_OK ||
        (st = make_buffers(writer, err)) != JIHE_OK || (st = make_directories(writer, err)) != JIHE_OK) {
        jh_writer_free(writer);
        return st;
    }
    *out = writer;
    return JIHE_OK;
}

jihe_status jh_writer_usable(const jh_writer *writer, jihe_error *err)
{
    if (writer->failed || writer->sealed)
        return jh_fail(err, JIHE_BUG, "snapshot %s is %s and takes nothing more", writer->places.name,
                       writer->sealed ? "sealed" : "given up after an error");
    return JIHE_OK;
}

uint64_t jh_writer_rows(const jh_writer *writer)
{
    return writer->manifest.rows;
}

/* The file appears when there is something to write: many dates may be open with a few documents each. */
static jihe_status put(jh_writer *writer, uint32_t segment, uint32_t slot, size_t len, void **room, jihe_error *err)
{
    uint8_t key[JH_KEY_BYTES];
    jihe_status st;

    if (writer->env == NULL &&
        (st = jh_env_open(&writer->env, writer->places.built_data, JH_ENV_BUILD, err)) != JIHE_OK)
        return st;
    jh_slots_key(segment, slot, key);
    return jh_build_put(writer->env, key, sizeof key, len, room, err);
}

/* Texts are coded as the first segment's suggest; a segment whose texts are quite different learns for itself. */
static jihe_status give_coders(jh_writer *writer, jh_segment_build *full, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    for (size_t i = 0; i < writer->schema->count && st == JIHE_OK; i++) {
        jh_colbuf *column = &full->columns[writer->slots.of_column[i]];

        if (column->packing != JH_ENC_PACKED)
            continue;
        if (full->number == 0)
            st = jh_colbuf_learn(column, full->rows, &writer->coders[i], err);
        column->coder = writer->coders[i];
    }
    return st;
}

jihe_status jh_writer_turn(jh_writer *writer, jihe_error *err)
{
    jh_segment_build *full = writer->open, *next = writer->spare;
    jihe_status st = give_coders(writer, full, err);

    if (st != JIHE_OK)
        return st;
    if (next == NULL &&
        (st = jh_segment_build_new(&next, writer->schema, &writer->slots, writer->places.name, err)) != JIHE_OK)
        return st;
    writer->spare = NULL;
    for (size_t i = 0; i < writer->schema->count; i++)
        full->codes[i] = writer->dicts[i].count;
    if (writer->filled == NULL)
        writer->filled = full;
    else
        writer->filled_end->next = full;
    writer->filled_end = full;
    jh_segment_build_clear(next, full->number + 1);
    writer->open = next;
    return JIHE_OK;
}

jh_segment_build *jh_writer_take(jh_writer *writer)
{
    jh_segment_build *build = writer->filled;

    while (build != NULL && build->taken)
        build = build->next;
    if (build == NULL)
        return NULL;
    build->taken = true;
    build->encoded = writer->encoded;
    writer->encoded = (jh_buf){0};
    return build;
}

static jihe_status put_values(jh_writer *writer, const jh_segment_build *build, jihe_error *err)
{
    for (uint32_t slot = 0; slot < writer->slots.count; slot++) {
        const struct jh_segment_value *value = &build->values[slot];
        void *room;
        jihe_status st = put(writer, build->number, slot, value->len, &room, err);

        if (st != JIHE_OK)
            return st;
        memcpy(room, build->encoded.bytes + value->at, value->len);
    }
    return JIHE_OK;
}

jihe_status jh_writer_put(jh_writer *writer, jh_segment_build *build, jihe_error *err)
{
    jihe_status st = jh_writer_usable(writer, err);

    if (st != JIHE_OK)
        return st;
    if (build != writer->filled)
        return jh_fail(err, JIHE_BUG, "snapshot %s: segment %" PRIu32 " is put out of turn", writer->places.name,
                       build->number);
    st = put_values(writer, build, err);
    writer->failed = st != JIHE_OK;
    writer->manifest.segments += st == JIHE_OK;
    writer->filled = build->next;
    jh_buf_deinit(&writer->encoded);
    writer->encoded = build->encoded;
    build->encoded = (jh_buf){0};
    if (writer->spare == NULL)
        writer->spare = build;
    else
        jh_segment_build_free(build);
    return st;
}

jihe_status jh_writer_drain(jh_writer *writer, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    while (writer->filled != NULL && st == JIHE_OK)
        if ((st = jh_segment_build_encode(writer->filled, &writer->packer, err)) == JIHE_OK)
            st = jh_writer_put(writer, writer->filled, err);
    return st;
}

static void finish_special(uint32_t slot, void *value)
{
    uint8_t key[JH_KEY_BYTES];

    jh_slots_key(JH_SEGMENT_SPECIAL, slot, key);
    jh_stored_finish(value, key);
}

static jihe_status put_special(jh_writer *writer, uint32_t slot, const jh_stored *header, const void *payload,
                               jihe_error *err)
{
    void *room;
    jihe_status st = put(writer, JH_SEGMENT_SPECIAL, slot, jh_stored_len(header->payload), &room, err);

    if (st != JIHE_OK)
        return st;
    memcpy(room, header, sizeof *header);
    memcpy((jh_stored *)room + 1, payload, (size_t)header->payload);
    finish_special(slot, room);
    return JIHE_OK;
}

static jihe_status put_schema(jh_writer *writer, jihe_error *err)
{
    jh_stored header = {.rows = (uint32_t)writer->schema->count, .encoding = JH_ENC_BLOB};
    jh_buf packed = {0};
    jihe_status st;

    jh_schema_pack(&packed, writer->schema);
    header.payload = packed.len;
    st = packed.failed ? jh_fail(err, JIHE_NO_MEMORY, "no memory for the schema of a snapshot")
                       : put_special(writer, JH_SLOT_SCHEMA, &header, packed.bytes, err);
    jh_buf_deinit(&packed);
    return st;
}

static jihe_status put_counts(jh_writer *writer, jihe_error *err)
{
    uint64_t counts[JH_COUNTS_MAX];
    const uint32_t rows = jh_counts_fill(counts, &writer->manifest, writer->slots.count);
    const jh_stored header = {.rows = rows,
                              .encoding = JH_ENC_FIXED,
                              .width = 8,
                              .max = -1,
                              .payload = jh_stored_fixed_payload(rows, 8, false)};

    return put_special(writer, JH_SLOT_COUNTS, &header, counts, err);
}

static jihe_status put_dicts(jh_writer *writer, jihe_error *err)
{
    void *room;
    jihe_status st;

    for (uint32_t i = 0; i < writer->schema->count; i++) {
        if (writer->schema->columns[i].type != JH_CATEGORY)
            continue;
        st = put(writer, JH_SEGMENT_SPECIAL, JH_SLOT_DICT + i, jh_dict_value_len(&writer->dicts[i]), &room, err);
        if (st != JIHE_OK)
            return st;
        jh_dict_encode(&writer->dicts[i], room);
        finish_special(JH_SLOT_DICT + i, room);
    }
    return JIHE_OK;
}

static jihe_status put_table(jh_writer *writer, const jh_tallier *sums, const jh_tallied *sum, uint32_t slot,
                             jh_buf *value, jihe_error *err)
{
    uint8_t key[JH_KEY_BYTES];
    void *room;
    jihe_status st;

    jh_slots_key(JH_SEGMENT_SPECIAL, slot, key);
    if ((st = jh_tallier_encode(sums, sum, key, value, err)) != JIHE_OK ||
        (st = put(writer, JH_SEGMENT_SPECIAL, slot, value->len, &room, err)) != JIHE_OK)
        return st;
    memcpy(room, value->bytes, value->len);
    return JIHE_OK;
}

static jihe_status count_tallies(jh_writer *writer, jh_tallier *sums, jihe_error *err)
{
    uint32_t codes[JH_MAX_COLUMNS];
    jihe_status st;

    for (size_t i = 0; i < writer->schema->count; i++)
        codes[i] = writer->dicts[i].count;
    st = jh_tallier_make(sums, writer->schema, codes, err);
    if (st == JIHE_OK)
        st = jh_tallier_count(sums, writer->env, &writer->slots, (uint32_t)writer->manifest.segments, writer->threads,
                              err);
    return st;
}

static jihe_status put_tallies(jh_writer *writer, jihe_error *err)
{
    jh_buf value = {0};
    jh_tallier sums;
    jihe_status st = count_tallies(writer, &sums, err);

    for (uint32_t i = 0; i < writer->schema->count && st == JIHE_OK; i++)
        if (writer->schema->columns[i].type == JH_CATEGORY)
            st = put_table(writer, &sums, &sums.tallies[i], JH_SLOT_TALLY + i, &value, err);
    for (uint32_t i = 0; i < writer->schema->count && st == JIHE_OK; i++)
        if (sums.crosses[i].count != 0)
            st = put_table(writer, &sums, &sums.crosses[i], JH_SLOT_CROSS + i, &value, err);
    jh_tallier_deinit(&sums);
    jh_buf_deinit(&value);
    return st;
}

static jihe_status finish_data(jh_writer *writer, jihe_error *err)
{
    uint8_t digest[32];
    jihe_status st;

    if ((writer->open->rows != 0 && (st = jh_writer_turn(writer, err)) != JIHE_OK) ||
        (st = jh_writer_drain(writer, err)) != JIHE_OK || (st = put_schema(writer, err)) != JIHE_OK ||
        (st = put_counts(writer, err)) != JIHE_OK || (st = put_dicts(writer, err)) != JIHE_OK ||
        (st = put_tallies(writer, err)) != JIHE_OK || (st = jh_build_end(writer->env, err)) != JIHE_OK)
        return st;
    /* The disk has been told to write, and does so while the digest is made. */
    st = jh_sha256_file(writer->places.built_data, digest, &writer->manifest.file_bytes, err);
    if (st == JIHE_OK)
        st = jh_env_sync(writer->env, err);
    if (st != JIHE_OK)
        return st;
    jh_env_close(writer->env);
    writer->env = NULL;
    jh_hex(digest, sizeof digest, writer->manifest.sha256);
    return JIHE_OK;
}

static jihe_status write_manifest(const jh_writer *writer, jihe_error *err)
{
    jh_buf text = {0};
    jh_outfile *file;
    jihe_status st;

    jh_manifest_text(&text, &writer->manifest, writer->schema, jh_manifest_program);
    st = text.failed ? jh_fail(err, JIHE_NO_MEMORY, "no memory for a manifest")
                     : jh_outfile_open(&file, writer->places.built_manifest, err);
    if (st == JIHE_OK) {
        jh_outfile_put(file, text.bytes, text.len);
        st = jh_outfile_commit(file, err); /* syncs the directory, which holds data.mdb too */
    }
    jh_buf_deinit(&text);
    return st;
}

void jh_writer_set_threads(jh_writer *writer, uint32_t threads)
{
    writer->threads = threads;
}

jihe_status jh_writer_seal(jh_writer *writer, jihe_error *err)
{
    jihe_status st = jh_writer_usable(writer, err);

    if (st != JIHE_OK)
        return st;
    if ((st = finish_data(writer, err)) == JIHE_OK)
        st = write_manifest(writer, err);
    writer->sealed = st == JIHE_OK;
    writer->failed = st != JIHE_OK;
    return st;
}

const jh_manifest *jh_writer_manifest(const jh_writer *writer)
{
    return &writer->manifest;
}

jihe_status jh_writer_publish(jh_writer *writer, jihe_error *err)
{
    const jh_places *places = &writer->places;
    jihe_status st;

    if (!writer->sealed || writer->published)
        return jh_fail(err, JIHE_BUG, "snapshot %s is %s", places->name,
                       writer->published ? "published" : "not sealed");
    if (jh_file_exists(places->sealed))
        return jh_fail(err, JIHE_CANNOT_CREATE, "'%s' has appeared meanwhile: write a new revision", places->sealed);
    /* The names that lead to the new one first, so that it cannot be lost once it is there. */
    if ((st = jh_file_sync_dir(places->workspace, err)) != JIHE_OK ||
        (st = jh_file_sync_dir(places->snapshots, err)) != JIHE_OK ||
        (st = jh_file_rename(places->building, places->sealed, err)) != JIHE_OK)
        return st;
    writer->published = true;
    return JIHE_OK;
}

static void free_segments(jh_writer *writer)
{
    while (writer->filled != NULL) {
        jh_segment_build *build = writer->filled;

        writer->filled = build->next;
        jh_segment_build_free(build);
    }
    jh_segment_build_free(writer->open);
    jh_segment_build_free(writer->spare);
}

void jh_writer_free(jh_writer *writer)
{
    if (writer == NULL)
        return;
    jh_env_close(writer->env);
    if (!writer->published && writer->places.building != NULL) {
        jh_file_remove_tree(writer->places.building, NULL);
        rmdir(writer->places.date); /* goes only when nothing else is in it */
    }
    for (size_t i = 0; writer->dicts != NULL && i < writer->schema->count; i++)
        jh_dict_deinit(&writer->dicts[i]);
    for (size_t i = 0; writer->coders != NULL && i < writer->schema->count; i++)
        jh_symbols_free(writer->coders[i]);
    free(writer->coders);
    free_segments(writer);
    for (size_t i = 0; i < writer->map_sources * writer->schema->count; i++)
        free(writer->maps[i].codes);
    free(writer->maps);
    free(writer->kept);
    free(writer->dicts);
    free(writer->codes);
    jh_packer_deinit(&writer->packer);
    jh_buf_deinit(&writer->encoded);
    jh_col_room_deinit(&writer->id_room);
    jh_probe_deinit(&writer->ids);
    jh_manifest_deinit(&writer->manifest);
    jh_places_deinit(&writer->places);
    free(writer);
}
