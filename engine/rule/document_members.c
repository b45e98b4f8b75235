#include "rule/document_members.h"

#include <stdlib.h>

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

void jh_member_reader_deinit(jh_member_reader *reader)
{
    jh_col_room_deinit(&reader->room);
    jh_buf_deinit(&reader->order);
}

static int order_members(const void *a, const void *b)
{
    const jh_flag_member *x = &((const struct ordered *)a)->member, *y = &((const struct ordered *)b)->member;

    if (x->date != y->date)
        return x->date < y->date ? -1 : 1;
    return jh_text_compare(x->id, x->id_len, y->id, y->id_len);
}

static jihe_status read_member(jh_member_reader *reader, uint32_t document, jh_arena *arena, struct ordered *out,
                               jihe_error *err)
{
    uint64_t segment;
    uint32_t row, len;
    const char *id;

    jh_alike_place(reader->pass, document, &segment, &row);
    const jihe_status st = jh_pass_id(reader->pass, segment, row, &reader->room, &id, &len, err);

    if (st != JIHE_OK)
        return st;
    const jh_snapshot *snapshot = reader->pass->parts[reader->pass->segments[segment].part];

    *out =
        (struct ordered){.member = {.date = jh_snapshot_manifest(snapshot)->date, .id_len = len}, .document = document};
    out->member.id = jh_arena_text(arena, id, len);
    return out->member.id == NULL ? jh_fail(err, JIHE_NO_MEMORY, "listing documents that belong together") : JIHE_OK;
}

jihe_status jh_members_read(jh_member_reader *reader, const uint32_t *documents, size_t count, jh_arena *arena,
                            jh_flag_group *group, uint32_t *first, jihe_error *err)
{
    jh_flag_member *members = JH_NEW(arena, jh_flag_member, count);
    jihe_status st = JIHE_OK;

    jh_buf_clear(&reader->order);
    struct ordered *order = jh_buf_extend(&reader->order, count * sizeof *order);

    if (members == NULL || order == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "listing documents that belong together");
    for (size_t i = 0; st == JIHE_OK && i < count; i++)
        st = read_member(reader, documents[i], arena, &order[i], err);
    if (st != JIHE_OK)
        return st;
    qsort(order, count, sizeof *order, order_members);
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
