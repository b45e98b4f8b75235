#include "ledger/flag_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/hash.h"
#include "codec/pack.h"
#include "codec/stored_map.h"

enum { SEGMENT_ROWS = 65536 };

/* --- writing --- */

static void put_text(jh_buf *out, const char *text)
{
    jh_pack_text(out, text == NULL || text[0] == '\0' ? NULL : text);
}

static void put_group(jh_buf *out, const jh_flag_group *group)
{
    jh_pack_array(out, 7);
    jh_pack_str(out, group->label, group->label_len);
    jh_pack_u64(out, (uint64_t)group->verdict);
    put_text(out, group->reason);
    put_text(out, group->note);
    jh_pack_u64(out, group->documents);
    jh_pack_array(out, JH_FLAG_FIGURES);
    for (int f = 0; f < JH_FLAG_FIGURES; f++) {
        char text[32];

        jh_flag_figure_text(group->figures[f], text);
        put_text(out, text);
    }
    jh_pack_array(out, group->member_count);
    for (size_t m = 0; m < group->member_count; m++) {
        jh_pack_array(out, 2);
        jh_pack_i64(out, group->members[m].date);
        jh_pack_str(out, group->members[m].id, group->members[m].id_len);
    }
}

/* Groups of the documents that a rule selected, gathered segment by segment. */
struct gathering {
    const jh_selection *selection;
    size_t rule;
    uint64_t segment; /* the next one */
    jh_buf hits;      /* u32 each */
};

static jihe_status gather_segment(struct gathering *gathering, uint32_t *rows, uint32_t *groups, jihe_error *err)
{
    const jh_pass *pass = &gathering->selection->pass;
    const jh_flag_result *flag = &gathering->selection->rules[gathering->rule].flag;
    const jh_pass_segment *at = &pass->segments[gathering->segment];
    const uint64_t *bits = jh_selection_bits(gathering->selection, gathering->rule) + at->word;
    size_t count = 0;

    for (size_t w = 0; w < jh_bits_words(at->rows); w++)
        for (uint64_t left = bits[w]; left != 0; left &= left - 1)
            rows[count++] = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(left);
    if (count == 0)
        return JIHE_OK;
    const jihe_status st = flag->groups_of(flag, pass, gathering->segment, rows, count, groups, err);

    if (st != JIHE_OK)
        return st;
    for (size_t i = 0; i < count; i++) {
        const uint8_t bytes[] = {(uint8_t)groups[i], (uint8_t)(groups[i] >> 8), (uint8_t)(groups[i] >> 16),
                                 (uint8_t)(groups[i] >> 24)};

        jh_buf_put(&gathering->hits, bytes, sizeof bytes);
    }
    return gathering->hits.failed ? jh_fail(err, JIHE_NO_MEMORY, "keeping what flags found") : JIHE_OK;
}

static jihe_status gather(struct gathering *gathering, jihe_error *err)
{
    uint32_t *room = malloc(2 * SEGMENT_ROWS * sizeof *room);
    jihe_status st = room == NULL ? jh_fail(err, JIHE_NO_MEMORY, "keeping what flags found") : JIHE_OK;

    for (; st == JIHE_OK && gathering->segment < gathering->selection->pass.segment_count; gathering->segment++)
        st = gather_segment(gathering, room, room + SEGMENT_ROWS, err);
    free(room);
    return st;
}

/* The groups from `first` on that still fit a part. */
static size_t groups_that_fit(const jh_flag_result *flag, size_t first)
{
    size_t count = 0, members = 0;

    while (first + count < flag->count && count < JH_FLAG_GROUPS_PER_PART && members < JH_FLAG_MEMBERS_PER_PART)
        members += flag->groups[first + count++].member_count;
    return count;
}

static jihe_status add_part(jh_flag_parts *out, jh_buf **part, jihe_error *err)
{
    jh_buf *parts = realloc(out->parts, (out->count + 1) * sizeof *parts);

    if (parts == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "keeping what flags found");
    out->parts = parts;
    *part = &parts[out->count++];
    **part = (jh_buf){0};
    return JIHE_OK;
}

static jihe_status pack_rule(jh_flag_parts *out, const struct gathering *gathered, jihe_error *err)
{
    const jh_flag_result *flag = &gathered->selection->rules[gathered->rule].flag;
    size_t first = 0, at = 0;
    jihe_status st = JIHE_OK;

    while (st == JIHE_OK && (first < flag->count || at < gathered->hits.len)) {
        const size_t groups = groups_that_fit(flag, first), left = gathered->hits.len - at;
        const size_t bytes = left < (size_t)JH_FLAG_HITS_PER_PART * 4 ? left : (size_t)JH_FLAG_HITS_PER_PART * 4;
        jh_buf *part = NULL;

        if ((st = add_part(out, &part, err)) != JIHE_OK)
            break;
        jh_pack_array(part, 3);
        jh_pack_u64(part, gathered->rule);
        jh_pack_array(part, groups);
        for (size_t g = 0; g < groups; g++)
            put_group(part, &flag->groups[first + g]);
        jh_pack_bin(part, bytes == 0 ? (const uint8_t *)"" : gathered->hits.bytes + at, bytes);
        if (part->failed)
            st = jh_fail(err, JIHE_NO_MEMORY, "keeping what flags found");
        first += groups;
        at += bytes;
    }
    return st;
}

jihe_status jh_flag_parts_digest(const jh_flag_parts *parts, char digest[65], jihe_error *err)
{
    return jh_sha256_bufs(parts->parts, parts->count, digest, err);
}

jihe_status jh_flag_parts_pack(jh_flag_parts *out, const jh_selection *selection, const jh_rule *const *rules,
                               jihe_error *err)
{
    jihe_status st = JIHE_OK;

    *out = (jh_flag_parts){0};
    for (size_t r = 0; st == JIHE_OK && r < selection->rule_count; r++) {
        struct gathering gathering = {.selection = selection, .rule = r};

        if (rules[r]->flag.kind == NULL)
            continue;
        if ((st = gather(&gathering, err)) == JIHE_OK)
            st = pack_rule(out, &gathering, err);
        jh_buf_deinit(&gathering.hits);
    }
    if (st == JIHE_OK)
        st = jh_flag_parts_digest(out, out->digest, err);
    if (st != JIHE_OK)
        jh_flag_parts_deinit(out);
    return st;
}

void jh_flag_parts_deinit(jh_flag_parts *parts)
{
    for (size_t i = 0; parts->parts != NULL && i < parts->count; i++)
        jh_buf_deinit(&parts->parts[i]);
    free(parts->parts);
    *parts = (jh_flag_parts){0};
}

/* --- reading --- */

static const char *next_text(jh_unpack *in, jh_arena *arena, bool *ok)
{
    const char *text = jh_next_text(in, arena, ok);

    return text == NULL ? "" : text;
}

static void read_figures(jh_unpack *in, jh_flag_group *group, jh_arena *arena, bool *ok)
{
    *ok = *ok && jh_unpack_array(in) == JH_FLAG_FIGURES;
    for (int f = 0; *ok && f < JH_FLAG_FIGURES; f++) {
        const char *text = next_text(in, arena, ok);

        group->figures[f] = text[0] == '\0' ? NAN : strtod(text, NULL);
    }
}

static void read_members(jh_unpack *in, jh_flag_group *group, size_t most, jh_arena *arena, bool *ok)
{
    const size_t all = *ok ? jh_unpack_array(in) : 0, count = all < most ? all : most;
    jh_flag_member *members = in->failed || count == 0 ? NULL : JH_NEW(arena, jh_flag_member, count);

    *ok = *ok && !in->failed && (members != NULL || count == 0);
    for (size_t m = 0; *ok && m < count; m++) {
        *ok = jh_unpack_array(in) == 2;
        members[m].date = (int32_t)jh_unpack_i64(in);
        members[m].id = next_text(in, arena, ok);
        members[m].id_len = (uint32_t)strlen(members[m].id);
    }
    for (size_t m = count; *ok && m < all; m++)
        jh_unpack_skip(in);
    group->members = members;
    group->member_count = *ok ? count : 0;
}

static void read_group(jh_unpack *in, jh_flag_group *group, size_t members, jh_arena *arena, bool *ok)
{
    *ok = *ok && jh_unpack_array(in) == 7;
    group->label = *ok ? next_text(in, arena, ok) : "";
    group->label_len = strlen(group->label);
    const uint64_t verdict = jh_unpack_u64(in);

    *ok = *ok && verdict <= JH_FLAG_NOT_TESTED;
    group->verdict = (jh_flag_verdict)verdict;
    group->reason = next_text(in, arena, ok);
    group->note = next_text(in, arena, ok);
    group->documents = jh_unpack_u64(in);
    read_figures(in, group, arena, ok);
    read_members(in, group, members, arena, ok);
    *ok = *ok && !in->failed;
}

static void read_hits(jh_unpack *in, jh_rule_flags *rule, size_t *room, jh_arena *arena, bool *ok)
{
    size_t len = 0;
    const uint8_t *bytes = *ok ? jh_unpack_bin(in, &len) : NULL;

    *ok = *ok && !in->failed && len % 4 == 0;
    for (size_t i = 0; *ok && i < len; i += 4) {
        rule->hits = jh_arena_list(arena, rule->hits, rule->hit_count, room, sizeof *rule->hits);
        *ok = rule->hits != NULL;
        if (*ok)
            rule->hits[rule->hit_count++] = (uint32_t)bytes[i] | (uint32_t)bytes[i + 1] << 8 |
                                            (uint32_t)bytes[i + 2] << 16 | (uint32_t)bytes[i + 3] << 24;
    }
}

/* The rule of a part and how many groups stand in it. */
static bool read_head(jh_unpack *in, const jh_buf *part, size_t rule_count, uint64_t *rule, size_t *groups)
{
    const bool ok = jh_unpack_begin(in, part->bytes, part->len) && jh_unpack_array(in) == 3;

    *rule = ok ? jh_unpack_u64(in) : 0;
    *groups = ok ? jh_unpack_array(in) : 0;
    return ok && !in->failed && *rule < rule_count;
}

struct rooms { /* of one rule's lists */
    size_t groups, hits;
};

/* Room for all groups of all parts, which are large. */
static bool make_rooms(jh_run_flags *out, const jh_flag_parts *parts, struct rooms *rooms)
{
    jh_unpack in;
    uint64_t rule;
    size_t groups;

    for (size_t i = 0; i < parts->count; i++) {
        if (!read_head(&in, &parts->parts[i], out->rule_count, &rule, &groups))
            return false;
        rooms[rule].groups += groups;
    }
    for (size_t r = 0; r < out->rule_count; r++)
        if (rooms[r].groups > 0 && (out->rules[r].groups = JH_NEW(&out->arena, jh_flag_group, rooms[r].groups)) == NULL)
            return false;
    return true;
}

static bool read_part(jh_run_flags *out, const jh_buf *part, struct rooms *rooms, size_t members)
{
    jh_unpack in;
    uint64_t number;
    size_t groups;
    bool ok = read_head(&in, part, out->rule_count, &number, &groups);

    if (!ok)
        return false;
    jh_rule_flags *rule = &out->rules[number];

    for (size_t g = 0; ok && g < groups; g++)
        read_group(&in, &rule->groups[rule->count++], members, &out->arena, &ok);
    read_hits(&in, rule, &rooms[number].hits, &out->arena, &ok);
    return ok && !in.failed;
}

static bool hits_point_at_groups(const jh_run_flags *flags)
{
    for (size_t r = 0; r < flags->rule_count; r++)
        for (size_t i = 0; i < flags->rules[r].hit_count; i++)
            if (flags->rules[r].hits[i] >= flags->rules[r].count)
                return false;
    return true;
}

jihe_status jh_run_flags_unpack(jh_run_flags *out, const jh_flag_parts *parts, size_t rule_count, size_t members,
                                jihe_error *err)
{
    struct rooms *rooms = calloc(rule_count + 1, sizeof *rooms);
    bool ok;

    *out = (jh_run_flags){.rule_count = rule_count};
    jh_arena_init(&out->arena, 0);
    out->rules = JH_NEW(&out->arena, jh_rule_flags, rule_count + 1);
    if (rooms == NULL || out->rules == NULL) {
        free(rooms);
        jh_run_flags_deinit(out);
        return jh_fail(err, JIHE_NO_MEMORY, "reading what flags found");
    }
    ok = make_rooms(out, parts, rooms);
    for (size_t i = 0; ok && i < parts->count; i++)
        ok = read_part(out, &parts->parts[i], rooms, members);
    free(rooms);
    if (ok && hits_point_at_groups(out))
        return JIHE_OK;
    jh_run_flags_deinit(out);
    return jh_fail(err, JIHE_CORRUPT, "what the flags of a run found cannot be read");
}

void jh_run_flags_deinit(jh_run_flags *flags)
{
    jh_arena_deinit(&flags->arena);
    *flags = (jh_run_flags){0};
}
