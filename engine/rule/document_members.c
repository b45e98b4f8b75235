#include "rule/document_members.h"

#include <stdlib.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/sort_u64.h"
#include "base/text.h"
#include "rule/alike.h"

struct ordered {
    jh_flag_member member;
    uint32_t document;
};

struct jh_group_index {
    jh_arena *arena;
    uint64_t *entries; /* document << 32 | group */
    size_t count, room;
};

static jihe_status no_memory(jihe_error *err)
{
    return jh_fail(err, JIHE_NO_MEMORY, "listing documents that belong together");
}

static jihe_status read_ids(jh_member_reader *reader, const jh_pass_segment *at, jh_member_id *out, jh_arena *arena,
                            jihe_error *err)
{
    const uint64_t *bits = reader->bits + at->word;
    jh_col_view ids;
    const jihe_status st = jh_snapshot_ids(reader->pass->parts[at->part], at->segment, bits, &reader->room, &ids, err);

    for (uint32_t w = 0; st == JIHE_OK && w * 64 < at->rows; w++)
        for (uint64_t left = bits[w]; left != 0; left &= left - 1) {
            const uint32_t row = w * 64 + (uint32_t)__builtin_ctzll(left);

            out->len = ids.offsets[row + 1] - ids.offsets[row];
            out->id = jh_arena_text(arena, ids.bytes + ids.offsets[row], out->len);
            if ((out++)->id == NULL)
                return no_memory(err);
        }
    return st;
}

jihe_status jh_member_reader_open(jh_member_reader *reader, const jh_pass *pass, uint64_t *bits, jh_arena *arena,
                                  jihe_error *err)
{
    const jh_pass_segment *last = pass->segment_count == 0 ? NULL : &pass->segments[pass->segment_count - 1];
    const size_t words = last == NULL ? 0 : (size_t)last->word + jh_bits_words(last->rows);
    size_t count = 0;
    jihe_status st = JIHE_OK;

    *reader = (jh_member_reader){.pass = pass, .bits = bits, .rank = malloc((words + 1) * sizeof *reader->rank)};
    if (reader->rank == NULL)
        return no_memory(err);
    for (size_t w = 0; w < words; w++) {
        reader->rank[w] = (uint32_t)count;
        count += (size_t)__builtin_popcountll(bits[w]);
    }
    if ((reader->ids = malloc((count + 1) * sizeof *reader->ids)) == NULL)
        return no_memory(err);
    for (uint64_t s = 0; st == JIHE_OK && s < pass->segment_count; s++)
        if (jh_bits_count(bits + pass->segments[s].word, pass->segments[s].rows) > 0)
            st = read_ids(reader, &pass->segments[s], reader->ids + reader->rank[pass->segments[s].word], arena, err);
    return st;
}

void jh_member_reader_close(jh_member_reader *reader)
{
    jh_col_room_deinit(&reader->room);
    jh_buf_deinit(&reader->order);
    free(reader->rank);
    free(reader->ids);
    *reader = (jh_member_reader){0};
}

static int order_members(const void *a, const void *b)
{
    const jh_flag_member *x = &((const struct ordered *)a)->member, *y = &((const struct ordered *)b)->member;

    if (x->date != y->date)
        return x->date < y->date ? -1 : 1;
    return jh_text_compare(x->id, x->id_len, y->id, y->id_len);
}

/* Most groups have two or three members. */
static void sort_members(struct ordered *order, size_t count)
{
    enum { FEW = 8 };

    if (count > FEW) {
        qsort(order, count, sizeof *order, order_members);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        const struct ordered moved = order[i];
        size_t at = i;

        for (; at > 0 && order_members(&moved, &order[at - 1]) < 0; at--)
            order[at] = order[at - 1];
        order[at] = moved;
    }
}

static struct ordered read_member(const jh_member_reader *reader, uint32_t document)
{
    const uint64_t before = reader->bits[document / 64] & ((UINT64_C(1) << document % 64) - 1);
    const jh_member_id *id = &reader->ids[reader->rank[document / 64] + (uint32_t)__builtin_popcountll(before)];
    uint64_t segment;
    uint32_t row;

    jh_alike_place(reader->pass, document, &segment, &row);
    const jh_snapshot *snapshot = reader->pass->parts[reader->pass->segments[segment].part];

    return (struct ordered){.member = {.date = jh_snapshot_manifest(snapshot)->date, .id = id->id, .id_len = id->len},
                            .document = document};
}

jihe_status jh_members_read(jh_member_reader *reader, const uint32_t *documents, size_t count, jh_arena *arena,
                            jh_flag_group *group, uint32_t *first, jihe_error *err)
{
    jh_flag_member *members = JH_NEW(arena, jh_flag_member, count);

    jh_buf_clear(&reader->order);
    struct ordered *order = jh_buf_extend(&reader->order, count * sizeof *order);

    if (members == NULL || order == NULL)
        return no_memory(err);
    for (size_t i = 0; i < count; i++)
        order[i] = read_member(reader, documents[i]);
    sort_members(order, count);
    for (size_t i = 0; i < count; i++)
        members[i] = order[i].member;
    *first = order[0].document;
    group->members = members;
    group->member_count = count;
    return JIHE_OK;
}

jh_group_index *jh_group_index_new(jh_arena *arena)
{
    jh_group_index *index = JH_NEW(arena, jh_group_index, 1);

    if (index != NULL)
        index->arena = arena;
    return index;
}

bool jh_group_index_add(jh_group_index *index, uint32_t document, uint32_t group)
{
    uint64_t *entries = jh_arena_list(index->arena, index->entries, index->count, &index->room, sizeof *entries);

    if (entries == NULL)
        return false;
    index->entries = entries;
    index->entries[index->count++] = (uint64_t)document << 32 | group;
    return true;
}

/* The first entry of a document or a later one. */
static size_t find_entry(const jh_group_index *index, uint64_t document)
{
    size_t low = 0, high = index->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (index->entries[middle] >> 32 < document)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static jihe_status groups_of(const jh_flag_result *result, const jh_pass *pass, uint64_t segment, const uint32_t *rows,
                             size_t count, uint32_t *groups, jihe_error *err)
{
    const jh_group_index *index = result->state;
    const uint64_t first = pass->segments[segment].word * 64;
    size_t at = count == 0 ? 0 : find_entry(index, first + rows[0]);

    for (size_t i = 0; i < count; i++) {
        while (at < index->count && index->entries[at] >> 32 < first + rows[i])
            at++;
        if (at == index->count || index->entries[at] >> 32 != first + rows[i])
            return jh_fail(err, JIHE_BUG, "a flagged document has no group");
        groups[i] = (uint32_t)index->entries[at];
    }
    return JIHE_OK;
}

bool jh_group_index_close(jh_group_index *index, jh_flag_result *out)
{
    uint64_t *spare = malloc((index->count + 1) * sizeof *spare);

    if (spare == NULL)
        return false;
    jh_sort_u64(index->entries, spare, index->count);
    free(spare);
    out->groups_of = groups_of;
    out->state = index;
    return true;
}
