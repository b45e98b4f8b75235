#include "rule/document_groups.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/sort_u64.h"
#include "base/text.h"
#include "rule/alike.h"
#include "rule/document_label.h"
#include "rule/document_members.h"

static size_t words_of(const jh_pass *pass)
{
    const jh_pass_segment *last = pass->segment_count == 0 ? NULL : &pass->segments[pass->segment_count - 1];

    return last == NULL ? 0 : (size_t)last->word + jh_bits_words(last->rows);
}

static jihe_status no_memory(jihe_error *err)
{
    return jh_fail(err, JIHE_NO_MEMORY, "finding documents that belong together");
}

static int32_t date_of(const jh_snapshot *snapshot)
{
    return jh_snapshot_manifest(snapshot)->date;
}

/* History of the days before, then the run's own snapshots from the rule's first date on. */
static jihe_status choose_parts(jh_document_groups *groups, int32_t days, size_t *count, size_t *history,
                                jihe_error *err)
{
    const jh_flag_input *in = groups->input;
    const int32_t first = jh_window_first(in->rule->window, in->first, in->last);

    groups->parts = calloc(in->history_count + in->pass->part_count + 1, sizeof *groups->parts);
    if (groups->parts == NULL)
        return no_memory(err);
    *count = 0;
    for (size_t p = 0; p < in->history_count; p++)
        if (date_of(in->history[p]) < first && date_of(in->history[p]) >= (int64_t)first - days)
            groups->parts[(*count)++] = in->history[p];
    *history = *count;
    for (size_t p = 0; p < in->pass->part_count; p++)
        if (date_of(in->pass->parts[p]) >= first)
            groups->parts[(*count)++] = in->pass->parts[p];
    return JIHE_OK;
}

/* Where is asked again of all days together, so that versions of a document are told apart across them. */
static jihe_status join_history(jh_document_groups *groups, size_t count, jihe_error *err)
{
    const jh_flag_input *in = groups->input;
    const jh_facts none = {0};
    const jh_pass_dates dates = {date_of(groups->parts[0]), in->last};
    jh_rule plain = *in->rule;
    const jh_rule *rule = &plain;

    plain.flag = (jh_flag){0};
    plain.draw = (jh_draw){.kind = JH_DRAW_ALL};
    plain.window = (jh_window){0};
    return jh_pass_run(&groups->joined, &rule, 1, groups->parts, count, dates, true,
                       in->facts == NULL ? &none : in->facts, in->threads, err);
}

/* Where the run's documents begin in the joined pass and in its own. */
static void find_first(jh_document_groups *groups, size_t history)
{
    const jh_pass *joined = &groups->joined, *run = groups->input->pass;
    uint64_t s = 0;

    while (s < joined->segment_count && joined->segments[s].part < history)
        s++;
    groups->first = s < joined->segment_count ? (uint32_t)(joined->segments[s].word * 64) : UINT32_MAX;
    groups->run_first = run->segment_count - (joined->segment_count - s);
    groups->pass = &groups->joined;
    groups->bits = joined->frames[0].bits;
}

jihe_status jh_document_groups_open(jh_document_groups *groups, const jh_flag_input *input, int32_t days,
                                    jihe_error *err)
{
    size_t count = 0, history = 0;

    *groups = (jh_document_groups){.input = input, .pass = input->pass, .bits = input->pass->frames[input->index].bits};
    jihe_status st = choose_parts(groups, days, &count, &history, err);

    if (st == JIHE_OK && history > 0 && history < count && (st = join_history(groups, count, err)) == JIHE_OK)
        find_first(groups, history);
    if (st != JIHE_OK)
        return st;
    groups->undecided = calloc(words_of(groups->pass) + 1, sizeof *groups->undecided);
    groups->found = calloc(input->threads, sizeof *groups->found);
    return groups->undecided == NULL || groups->found == NULL ? no_memory(err) : JIHE_OK;
}

void jh_document_groups_close(jh_document_groups *groups)
{
    for (uint32_t t = 0; groups->found != NULL && t < groups->input->threads; t++)
        jh_buf_deinit(&groups->found[t]);
    free(groups->found);
    free(groups->undecided);
    free(groups->parts);
    jh_pass_deinit(&groups->joined);
    *groups = (jh_document_groups){0};
}

int32_t jh_document_date(const jh_document_groups *groups, uint32_t document)
{
    uint64_t segment;
    uint32_t row;

    jh_alike_place(groups->pass, document, &segment, &row);
    return date_of(groups->pass->parts[groups->pass->segments[segment].part]);
}

static size_t bytes_of(size_t count)
{
    return (sizeof(jh_document_group) + count * sizeof(uint32_t) + 7) / 8 * 8;
}

jihe_status jh_document_groups_add(jh_document_groups *groups, uint32_t worker, const uint32_t *documents, size_t count,
                                   const int64_t figures[JH_DOCUMENT_FIGURES], jihe_error *err)
{
    if (documents[count - 1] < groups->first)
        return JIHE_OK;
    jh_document_group *group = jh_buf_extend(&groups->found[worker], bytes_of(count));

    if (group == NULL)
        return no_memory(err);
    memcpy(group->figures, figures, sizeof group->figures);
    group->count = (uint32_t)count;
    memcpy(group->documents, documents, count * sizeof *documents);
    return JIHE_OK;
}

/* --- the result --- */

enum { AHEAD = 8 };

struct made { /* a group while the result is made */
    const jh_document_group *found;
    jh_flag_group group;
};

struct ranked { /* by 16 bytes of the label, those behind what all labels have in common; then as order_groups says
                 */
    uint64_t key[2];
    struct made *made;
};

static int order_groups(const jh_flag_group *x, const jh_flag_group *y)
{
    const int order = jh_text_compare(x->label, x->label_len, y->label, y->label_len);

    if (order != 0)
        return order;
    if (x->members[0].date != y->members[0].date)
        return x->members[0].date < y->members[0].date ? -1 : 1;
    return jh_text_compare(x->members[0].id, x->members[0].id_len, y->members[0].id, y->members[0].id_len);
}

static int order_ranked(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;

    if (x->key[0] != y->key[0])
        return x->key[0] < y->key[0] ? -1 : 1;
    if (x->key[1] != y->key[1])
        return x->key[1] < y->key[1] ? -1 : 1;
    return order_groups(&x->made->group, &y->made->group);
}

static size_t common_prefix(struct made *const *made, size_t count)
{
    size_t common = made[0]->group.label_len;

    for (size_t g = 1; g < count; g++) {
        const jh_flag_group *group = &made[g]->group;
        size_t same = 0;

        while (same < common && same < group->label_len && group->label[same] == made[0]->group.label[same])
            same++;
        common = same;
    }
    return common;
}

/* A label that ends before comes first. */
static uint64_t eight_bytes(const jh_flag_group *group, size_t at)
{
    uint64_t key = 0;

    for (size_t i = at; i < at + sizeof key; i++)
        key = key << 8 | (i < group->label_len ? (unsigned char)group->label[i] : 0);
    return key;
}

/* Puts groups in order of their labels, equal ones in order of their first members. False: no memory. */
static bool sort_groups(struct made **made, size_t count)
{
    struct ranked *ranked = malloc((count + 1) * sizeof *ranked);
    const size_t common = count == 0 ? 0 : common_prefix(made, count);

    if (ranked == NULL)
        return false;
    for (size_t g = 0; g < count; g++) {
        ranked[g].key[0] = eight_bytes(&made[g]->group, common);
        ranked[g].key[1] = eight_bytes(&made[g]->group, common + 8);
        ranked[g].made = made[g];
    }
    if (count > 0)
        qsort(ranked, count, sizeof *ranked, order_ranked);
    for (size_t g = 0; g < count; g++)
        made[g] = ranked[g].made;
    free(ranked);
    return true;
}

/* All groups of all workers into `out`, unless that is NULL; how many. */
static size_t each_found(const jh_document_groups *groups, const jh_document_group **out)
{
    size_t count = 0;

    for (uint32_t t = 0; t < groups->input->threads; t++)
        for (size_t at = 0; at < groups->found[t].len; count++) {
            const jh_document_group *group = (const jh_document_group *)(const void *)(groups->found[t].bytes + at);

            if (out != NULL)
                out[count] = group;
            at += bytes_of(group->count);
        }
    return count;
}

/* All groups in order of their first document, so that snapshots are read from front to end. */
static jihe_status list_found(const jh_document_groups *groups, struct made **out, size_t *count, jihe_error *err)
{
    *count = each_found(groups, NULL);
    const jh_document_group **list = calloc(*count + 1, sizeof *list);
    uint64_t *order = calloc(*count * 2 + 1, sizeof *order);
    struct made *made = calloc(*count + 1, sizeof *made);

    *out = made;
    if (list != NULL && order != NULL && made != NULL) {
        each_found(groups, list);
        for (size_t g = 0; g < *count; g++)
            order[g] = (uint64_t)list[g]->documents[0] << 32 | g;
        jh_sort_u64(order, order + *count, *count);
        for (size_t g = 0; g < *count; g++)
            made[g].found = list[(uint32_t)order[g]];
    }
    const bool done = list != NULL && order != NULL && made != NULL;

    free(list);
    free(order);
    return done ? JIHE_OK : no_memory(err);
}

static jihe_status make_group(const jh_document_groups *groups, struct made *made, const jh_document_words *words,
                              jh_member_reader *reader, jh_buf *text, jihe_error *err)
{
    jh_flag_group *group = &made->group;
    jh_arena *arena = groups->input->arena;
    uint32_t first;
    jihe_status st;

    group->verdict = JH_FLAG_FLAGGED;
    group->reason = "";
    group->documents = made->found->count;
    for (int f = 0; f < JH_FLAG_FIGURES; f++)
        group->figures[f] = NAN;
    if ((st = jh_members_read(reader, made->found->documents, made->found->count, arena, group, &first, err)) !=
        JIHE_OK)
        return st;
    jh_buf_clear(text);
    if ((st = jh_label_put(text, groups->pass, first, words->columns, words->column_count,
                           groups->input->facts == NULL ? NULL : groups->input->facts->zone, &reader->room, err)) !=
        JIHE_OK)
        return st;
    group->label_len = text->len;
    group->label = jh_arena_text(arena, jh_buf_text(text), text->len);
    jh_buf_clear(text);
    words->tell(words->context, groups, made->found, group, text);
    group->note = jh_arena_text(arena, jh_buf_text(text), text->len);
    return group->label == NULL || group->note == NULL || text->failed ? no_memory(err) : JIHE_OK;
}

static jihe_status make_groups(const jh_document_groups *groups, struct made *made, size_t count,
                               const jh_document_words *words, jihe_error *err)
{
    uint64_t *members = calloc(words_of(groups->pass) + 1, sizeof *members);
    jh_member_reader reader = {0};
    jh_buf text = {0};
    jihe_status st = members == NULL ? no_memory(err) : JIHE_OK;

    for (size_t g = 0; st == JIHE_OK && g < count; g++)
        for (uint32_t i = 0; i < made[g].found->count; i++)
            jh_bits_set(members, made[g].found->documents[i]);
    if (st == JIHE_OK)
        st = jh_member_reader_open(&reader, groups->pass, members, groups->input->arena, err);
    for (size_t g = 0; st == JIHE_OK && g < count; g++) {
        if (g + AHEAD < count)
            __builtin_prefetch(made[g + AHEAD].found); /* as partitions were searched, not as documents lie */
        st = make_group(groups, &made[g], words, &reader, &text, err);
    }
    jh_buf_deinit(&text);
    jh_member_reader_close(&reader);
    free(members);
    return st;
}

/* The rule's frame: documents of groups stay, each with the number of its group. */
static jihe_status narrow(const jh_document_groups *groups, struct made *const *made, size_t count, jh_flag_result *out,
                          jihe_error *err)
{
    jh_pass *run = groups->input->pass;
    jh_frame *frame = &run->frames[groups->input->index];
    const uint64_t shift = run->segments[groups->run_first].word * 64 - groups->first; /* may wrap, and back */
    jh_group_index *index = jh_group_index_new(groups->input->arena);

    if (index == NULL)
        return no_memory(err);
    for (size_t w = 0; w < words_of(groups->pass); w++)
        frame->undecided += w * 64 >= groups->first ? (uint64_t)__builtin_popcountll(groups->undecided[w]) : 0;
    memset(frame->bits, 0, words_of(run) * sizeof *frame->bits);
    frame->documents = 0;
    for (size_t g = 0; g < count; g++)
        for (uint32_t i = 0; i < made[g]->found->count; i++) {
            const uint32_t document = made[g]->found->documents[i];

            if (document < groups->first)
                continue;
            jh_bits_set(frame->bits, document + shift);
            frame->documents++;
            if (!jh_group_index_add(index, (uint32_t)(document + shift), (uint32_t)g))
                return no_memory(err);
        }
    return jh_group_index_close(index, out) ? JIHE_OK : no_memory(err);
}

/* Groups that share their label get the id of their first member behind it. */
static jihe_status tell_apart(const jh_document_groups *groups, struct made **order, size_t count, jihe_error *err)
{
    jh_buf text = {0};
    jihe_status st = JIHE_OK;
    bool shared = false;

    for (size_t g = 0, end; st == JIHE_OK && g < count; g = end) {
        const jh_flag_group *first = &order[g]->group;

        for (end = g + 1; end < count; end++)
            if (jh_text_compare(order[end]->group.label, order[end]->group.label_len, first->label, first->label_len) !=
                0)
                break;
        shared = shared || end - g > 1;
        const char *label = first->label;
        const size_t len = first->label_len;

        for (size_t i = g; end - g > 1 && st == JIHE_OK && i < end; i++) {
            jh_flag_group *group = &order[i]->group;

            jh_buf_clear(&text);
            jh_buf_put(&text, label, len);
            jh_buf_printf(&text, " (%.*s)", (int)group->members[0].id_len, group->members[0].id);
            group->label_len = text.len;
            group->label = jh_arena_text(groups->input->arena, jh_buf_text(&text), text.len);
            if (group->label == NULL || text.failed)
                st = no_memory(err);
        }
    }
    jh_buf_deinit(&text);
    return st == JIHE_OK && shared && !sort_groups(order, count) ? no_memory(err) : st;
}

/* The result's groups, in order. */
static jihe_status put_groups(const jh_document_groups *groups, struct made *made, struct made **order, size_t count,
                              jh_flag_result *out, jihe_error *err)
{
    for (size_t g = 0; g < count; g++)
        order[g] = &made[g];
    const jihe_status st = sort_groups(order, count) ? tell_apart(groups, order, count, err) : no_memory(err);

    for (size_t g = 0; st == JIHE_OK && g < count; g++)
        out->groups[g] = order[g]->group;
    out->count = out->flagged = count;
    return st == JIHE_OK ? narrow(groups, order, count, out, err) : st;
}

jihe_status jh_document_groups_finish(jh_document_groups *groups, jh_flag_result *out, const jh_document_words *words,
                                      jihe_error *err)
{
    struct made *made = NULL, **order = NULL;
    size_t count = 0;
    jihe_status st = list_found(groups, &made, &count, err);

    if (st == JIHE_OK && (st = make_groups(groups, made, count, words, err)) == JIHE_OK) {
        order = calloc(count + 1, sizeof *order);
        out->groups = JH_NEW(groups->input->arena, jh_flag_group, count + 1);
        st = order == NULL || out->groups == NULL ? no_memory(err) : put_groups(groups, made, order, count, out, err);
    }
    free(order);
    free(made);
    return st;
}
