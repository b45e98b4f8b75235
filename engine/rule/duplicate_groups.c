#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/money.h"
#include "base/sort_u64.h"
#include "rule/alike.h"
#include "rule/flag_duplicate.h"
#include "rule/near_links.h"

/* Documents with the same values, linked where they are near. */

struct room { /* of one worker */
    jh_buf dates, leaders, links, order, members;
};

struct judging {
    const jh_duplicate *settings;
    jh_document_groups groups;
    jh_nearness nearness;
    uint32_t scale; /* decimals of the amount */
    struct room *rooms;
};

static void free_rooms(struct room *rooms, uint32_t count)
{
    for (uint32_t t = 0; rooms != NULL && t < count; t++) {
        jh_buf *const bufs[] = {&rooms[t].dates, &rooms[t].leaders, &rooms[t].links, &rooms[t].order,
                                &rooms[t].members};

        for (size_t i = 0; i < sizeof bufs / sizeof bufs[0]; i++)
            jh_buf_deinit(bufs[i]);
    }
    free(rooms);
}

static jihe_status no_memory(jihe_error *err)
{
    return jh_fail(err, JIHE_NO_MEMORY, "looking for duplicates");
}

/* The documents order[0 .. count), numbers in the lower half, are one group. */
static jihe_status add_linked(struct judging *judging, uint32_t worker, const jh_alike_group *alike,
                              const uint64_t *order, size_t count, jihe_error *err)
{
    uint32_t *members = jh_buf_renew(&judging->rooms[worker].members, (count + 1) * sizeof *members);
    int64_t figures[JH_DOCUMENT_FIGURES] = {INT64_MAX, INT64_MIN};

    if (members == NULL)
        return no_memory(err);
    for (size_t i = 0; i < count; i++) {
        const uint32_t at = (uint32_t)order[i];

        members[i] = alike->documents[at];
        if (!judging->settings->tolerant)
            continue;
        figures[0] = alike->values[at] < figures[0] ? alike->values[at] : figures[0];
        figures[1] = alike->values[at] > figures[1] ? alike->values[at] : figures[1];
    }
    return jh_document_groups_add(&judging->groups, worker, members, count, figures, err);
}

/* Documents by their leader, then each group that is more than one. */
static jihe_status add_groups(struct judging *judging, uint32_t worker, const jh_alike_group *alike,
                              const uint32_t *leaders, jihe_error *err)
{
    uint64_t *order = jh_buf_renew(&judging->rooms[worker].order, (alike->count * 2 + 1) * sizeof *order);
    jihe_status st = JIHE_OK;

    if (order == NULL)
        return no_memory(err);
    for (size_t i = 0; i < alike->count; i++)
        order[i] = (uint64_t)leaders[i] << 32 | i;
    jh_sort_u64(order, order + alike->count, alike->count);
    for (size_t i = 0, end; st == JIHE_OK && i < alike->count; i = end) {
        for (end = i + 1; end < alike->count && order[end] >> 32 == order[i] >> 32; end++)
            ;
        if (end - i >= 2)
            st = add_linked(judging, worker, alike, order + i, end - i, err);
    }
    return st;
}

/* Documents with the same values in all columns but the one with a tolerance. */
static jihe_status link_group(void *context, uint32_t worker, const jh_alike_group *alike, jihe_error *err)
{
    struct judging *judging = context;
    struct room *room = &judging->rooms[worker];

    if (alike->documents[alike->count - 1] < judging->groups.first) /* all of them of history */
        return JIHE_OK;
    int32_t *dates = jh_buf_renew(&room->dates, (alike->count + 1) * sizeof *dates);
    uint32_t *leaders = jh_buf_renew(&room->leaders, (alike->count + 1) * sizeof *leaders);

    if (dates == NULL || leaders == NULL)
        return no_memory(err);
    for (size_t i = 0; i < alike->count; i++)
        dates[i] = jh_document_date(&judging->groups, alike->documents[i]);
    if (!jh_near_link(&judging->nearness, dates, judging->settings->tolerant ? alike->values : NULL, alike->count,
                      &room->links, leaders))
        return no_memory(err);
    return add_groups(judging, worker, alike, leaders, err);
}

static void tell(const void *context, const jh_document_groups *groups, const jh_document_group *found,
                 jh_flag_group *out, jh_buf *note)
{
    const struct judging *judging = context;
    char low[48], high[48];

    (void)groups;
    (void)out;
    if (!judging->settings->tolerant)
        return;
    jh_money_text(found->figures[0], judging->scale, low);
    jh_money_text(found->figures[1], judging->scale, high);
    jh_buf_printf(note, "%s %s to %s", judging->settings->keys.keys[judging->settings->amount].column.name, low, high);
}

/* The columns that must agree, without the one with a tolerance; and what a rule does not say: the currency. */
static size_t choose_columns(const jh_duplicate *settings, const jh_schema *schema, jh_same_column *columns)
{
    const char *currency = jh_document_currency(&settings->keys, NULL, schema);
    size_t count = 0;

    for (size_t k = 0; k < settings->keys.count; k++) {
        const jh_document_key *key = &settings->keys.keys[k];

        if (settings->tolerant && k == settings->amount)
            continue;
        if (currency != NULL && strcmp(key->column.name, currency) == 0)
            currency = NULL;
        columns[count++] = (jh_same_column){.name = key->column.name, .normal = key->normal};
    }
    if (currency != NULL)
        columns[count++] = (jh_same_column){.name = currency};
    return count;
}

static jihe_status find(struct judging *judging, jh_flag_result *out, const jh_flag_input *input, jihe_error *err)
{
    const jh_duplicate *settings = judging->settings;
    const jh_schema *schema = jh_snapshot_schema(input->pass->parts[input->pass->part_count - 1]);
    const char *amount = settings->keys.keys[settings->amount].column.name, *labels[JH_MAX_SAME];
    const size_t amount_column = jh_schema_find(schema, amount, strlen(amount));
    jh_same_column columns[JH_MAX_SAME];
    const size_t count = choose_columns(settings, schema, columns);

    judging->scale = schema->columns[amount_column].type == JH_MONEY ? schema->columns[amount_column].money.scale : 0;
    judging->nearness = (jh_nearness){.within = (int32_t)settings->within.count, .ppm = settings->ppm};
    if (settings->tolerant && !jh_num_scale_floor(settings->most, judging->scale, &judging->nearness.most))
        judging->nearness.most = INT64_MAX;
    const jh_alike_input alike = {.pass = judging->groups.pass,
                                  .bits = judging->groups.bits,
                                  .keys = columns,
                                  .key_count = count,
                                  .values = &amount,
                                  .value_count = settings->tolerant ? 1 : 0,
                                  .least = INT64_MIN,
                                  .most = INT64_MAX,
                                  .undecided = judging->groups.undecided,
                                  .room = JH_ALIKE_ROOM,
                                  .print_bits = 64,
                                  .threads = input->threads};
    const jihe_status st = jh_alike_find(&alike, link_group, judging, err);

    for (size_t c = 0; c < count; c++)
        labels[c] = columns[c].name;
    const jh_document_words words = {.columns = labels, .column_count = count, .context = judging, .tell = tell};

    return st == JIHE_OK ? jh_document_groups_finish(&judging->groups, out, &words, err) : st;
}

jihe_status jh_duplicate_judge(jh_flag_result *out, const jh_flag_input *input, const jh_duplicate *settings,
                               jihe_error *err)
{
    struct judging judging = {.settings = settings};
    jihe_status st;

    if (input->pass->part_count == 0)
        return JIHE_OK;
    judging.rooms = calloc(input->threads, sizeof *judging.rooms);
    if (judging.rooms == NULL)
        return no_memory(err);
    if ((st = jh_document_groups_open(&judging.groups, input, (int32_t)judging.settings->within.count, err)) == JIHE_OK)
        st = find(&judging, out, input, err);
    jh_document_groups_close(&judging.groups);
    free_rooms(judging.rooms, input->threads);
    return st;
}
