#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/money.h"
#include "base/text.h"
#include "rule/alike.h"
#include "rule/flag_kind.h"
#include "rule/flag_split.h"
#include "rule/split_runs.h"

/* Documents of one payee and preparer, say, whose amounts come to a limit together. */

enum { HOUR_MS = 3600000 };

struct member {
    int64_t time, amount;
    uint32_t document;
};

struct room { /* of one worker */
    jh_buf members, times, amounts, documents;
};

struct judging {
    const jh_split *settings;
    jh_document_groups groups;
    jh_splitting splitting;
    uint32_t scale;       /* decimals of the amount */
    const char *currency; /* the column whose value must be the rule's; NULL: none */
    struct room *rooms;
};

static void free_rooms(struct room *rooms, uint32_t count)
{
    for (uint32_t t = 0; rooms != NULL && t < count; t++) {
        jh_buf_deinit(&rooms[t].members);
        jh_buf_deinit(&rooms[t].times);
        jh_buf_deinit(&rooms[t].amounts);
        jh_buf_deinit(&rooms[t].documents);
    }
    free(rooms);
}

static jihe_status no_memory(jihe_error *err)
{
    return jh_fail(err, JIHE_NO_MEMORY, "looking for split payments");
}

static int order_members(const void *a, const void *b)
{
    const struct member *x = a, *y = b;

    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return (x->document > y->document) - (x->document < y->document);
}

static int order_documents(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

/* Is the group's currency the rule's? It is the same in all of its documents. */
static jihe_status has_currency(const struct judging *judging, uint32_t document, bool *has, jihe_error *err)
{
    const char *wanted = judging->settings->currency;
    const jh_pass *pass = judging->groups.pass;
    uint64_t segment;
    uint32_t row;
    jh_col_view view;
    jh_dict_view dict;
    jihe_status st;

    *has = true;
    if (judging->currency == NULL)
        return JIHE_OK;
    jh_alike_place(pass, document, &segment, &row);
    const jh_snapshot *snapshot = pass->parts[pass->segments[segment].part];
    const size_t column = jh_schema_find(jh_snapshot_schema(snapshot), judging->currency, strlen(judging->currency));

    if ((st = jh_snapshot_column(snapshot, pass->segments[segment].segment, column, NULL, &view, err)) != JIHE_OK ||
        (st = jh_snapshot_dict(snapshot, column, &dict, err)) != JIHE_OK)
        return st;
    const uint32_t code = jh_pass_code(&view, row);

    *has = jh_text_compare(dict.bytes + dict.offsets[code], dict.offsets[code + 1] - dict.offsets[code], wanted,
                           strlen(wanted)) == 0;
    return JIHE_OK;
}

static jihe_status add_run(struct judging *judging, uint32_t worker, const struct member *members,
                           const jh_split_run *run, jihe_error *err)
{
    uint32_t *documents = jh_buf_renew(&judging->rooms[worker].documents, (run->count + 1) * sizeof *documents);
    const int64_t figures[JH_DOCUMENT_FIGURES] = {(int64_t)(run->sum >> 64), (int64_t)(uint64_t)run->sum,
                                                  (int64_t)run->most};

    if (documents == NULL)
        return no_memory(err);
    for (size_t i = 0; i < run->count; i++)
        documents[i] = members[run->first + i].document;
    qsort(documents, run->count, sizeof *documents, order_documents);
    return jh_document_groups_add(&judging->groups, worker, documents, run->count, figures, err);
}

/* Documents of one payee and preparer, say, in order of time. */
static jihe_status find_runs(void *context, uint32_t worker, const jh_alike_group *alike, jihe_error *err)
{
    struct judging *judging = context;
    struct room *room = &judging->rooms[worker];
    const bool clock = judging->settings->at.name != NULL;
    jh_split_run run;
    bool has = true;
    jihe_status st = JIHE_OK;

    if (alike->documents[alike->count - 1] < judging->groups.first || alike->count < judging->splitting.at_least)
        return JIHE_OK;
    struct member *members = jh_buf_renew(&room->members, (alike->count + 1) * sizeof *members);
    int64_t *times = jh_buf_renew(&room->times, (alike->count + 1) * sizeof *times);
    int64_t *amounts = jh_buf_renew(&room->amounts, (alike->count + 1) * sizeof *amounts);

    if (members == NULL || times == NULL || amounts == NULL)
        return no_memory(err);
    for (size_t i = 0; i < alike->count; i++)
        members[i] = (struct member){.time = clock ? alike->values[i * 2 + 1]
                                                   : jh_document_date(&judging->groups, alike->documents[i]),
                                     .amount = alike->values[clock ? i * 2 : i],
                                     .document = alike->documents[i]};
    if (clock) /* dates rise as they are */
        qsort(members, alike->count, sizeof *members, order_members);
    for (size_t i = 0; i < alike->count; i++) {
        times[i] = members[i].time;
        amounts[i] = members[i].amount;
    }
    for (size_t from = 0;
         st == JIHE_OK && has && jh_split_next(&judging->splitting, times, amounts, alike->count, from, &run);
         from = run.first + run.count)
        if ((st = has_currency(judging, members[run.first].document, &has, err)) == JIHE_OK && has)
            st = add_run(judging, worker, members, &run, err);
    return st;
}

static double major(jh_i128 minor, uint32_t scale)
{
    double units = 1;

    for (uint32_t i = 0; i < scale; i++)
        units *= 10;
    return (double)minor / units;
}

static void tell(const void *context, const jh_document_groups *groups, const jh_document_group *found,
                 jh_flag_group *out, jh_buf *note)
{
    const struct judging *judging = context;
    const jh_i128 sum = (jh_i128)found->figures[0] * ((jh_i128)1 << 64) + (uint64_t)found->figures[1];
    char text[48];

    (void)groups;
    out->figures[JH_FLAG_EXPECTED] = major(judging->splitting.limit, judging->scale);
    out->figures[JH_FLAG_OBSERVED] = major(sum, judging->scale);
    out->figures[JH_FLAG_RATIO] = (double)sum / (double)judging->splitting.limit;
    jh_flag_put_count(note, (uint64_t)found->figures[2]);
    jh_money_text(sum, judging->scale, text);
    jh_buf_printf(note, " documents within ");
    jh_within_put(note, judging->settings->within);
    jh_buf_printf(note, " together %s", text);
    jh_money_text(judging->splitting.limit, judging->scale, text);
    jh_buf_printf(note, ", limit %s", text);
}

/* The limit in minor units, rounded up: an amount is below it or not. */
static jihe_status set_limits(struct judging *judging, const jh_schema *schema, jihe_error *err)
{
    const jh_split *settings = judging->settings;
    const size_t money = jh_schema_find(schema, settings->money.name, strlen(settings->money.name));

    judging->scale = schema->columns[money].money.scale;
    judging->currency = jh_document_currency(&settings->by, settings->money.name, schema);
    judging->splitting = (jh_splitting){.within = settings->within.hours ? (int64_t)settings->within.count * HOUR_MS
                                                                         : settings->within.count,
                                        .at_least = settings->at_least};
    if (!jh_num_scale_ceil(settings->limit, judging->scale, &judging->splitting.limit))
        return jh_fail(err, JIHE_CONFIG, "flag: limit: the amount is larger than any in column '%s'",
                       settings->money.name);
    return JIHE_OK;
}

static size_t choose_columns(const struct judging *judging, jh_same_column *columns)
{
    const jh_document_keys *by = &judging->settings->by;
    const char *currency = judging->currency;
    size_t count = 0;

    for (; count < by->count; count++) {
        columns[count] = (jh_same_column){.name = by->keys[count].column.name, .normal = by->keys[count].normal};
        if (currency != NULL && strcmp(columns[count].name, currency) == 0)
            currency = NULL;
    }
    if (currency != NULL)
        columns[count++] = (jh_same_column){.name = currency};
    return count;
}

static jihe_status find(struct judging *judging, jh_flag_result *out, const jh_flag_input *input, jihe_error *err)
{
    const char *const values[] = {judging->settings->money.name, judging->settings->at.name};
    const char *labels[JH_MAX_SAME];
    jh_same_column columns[JH_MAX_SAME];
    const size_t count = choose_columns(judging, columns);
    const jh_alike_input alike = {.pass = judging->groups.pass,
                                  .bits = judging->groups.bits,
                                  .keys = columns,
                                  .key_count = count,
                                  .values = values,
                                  .value_count = values[1] == NULL ? 1 : 2,
                                  .least = 1,
                                  .most = judging->splitting.limit - 1,
                                  .undecided = judging->groups.undecided,
                                  .room = JH_ALIKE_ROOM,
                                  .print_bits = 64,
                                  .threads = input->threads};
    const jihe_status st = jh_alike_find(&alike, find_runs, judging, err);

    for (size_t c = 0; c < count; c++)
        labels[c] = columns[c].name;
    const jh_document_words words = {.columns = labels, .column_count = count, .context = judging, .tell = tell};

    return st == JIHE_OK ? jh_document_groups_finish(&judging->groups, out, &words, err) : st;
}

jihe_status jh_split_judge(jh_flag_result *out, const jh_flag_input *input, const jh_split *settings, jihe_error *err)
{
    struct judging judging = {.settings = settings};
    jihe_status st;

    if (input->pass->part_count == 0)
        return JIHE_OK;
    judging.rooms = calloc(input->threads, sizeof *judging.rooms);
    if (judging.rooms == NULL)
        return no_memory(err);
    if ((st = set_limits(&judging, jh_snapshot_schema(input->pass->parts[input->pass->part_count - 1]), err)) ==
            JIHE_OK &&
        (st = jh_document_groups_open(&judging.groups, input, jh_split_days(settings), err)) == JIHE_OK)
        st = find(&judging, out, input, err);
    if (judging.groups.input != NULL)
        jh_document_groups_close(&judging.groups);
    free_rooms(judging.rooms, input->threads);
    return st;
}
