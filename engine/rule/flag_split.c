#include <stdlib.h>
#include <string.h>

#include "base/days.h"
#include "base/error.h"
#include "base/text.h"
#include "codec/pack.h"
#include "codec/stored_map.h"
#include "rule/alike.h"
#include "rule/document_keys.h"
#include "rule/flag_kind.h"
#include "rule/rule_column.h"
#include "rule/split_runs.h"

/* flag: {split: COLUMN, by: [COLUMN...], within: 1 day, limit: 100000, at_least: 2}: documents that agree in some
 * columns, each below a limit, together at it or above within so many days, or hours of a time column `at`. Groups are
 * the runs of split_runs.h. */

enum { HOUR_MS = 3600000 };

typedef struct split {
    jh_column_name money;
    jh_document_keys by;
    jh_within within;
    jh_column_name at; /* name NULL: dates count */
    jh_decimal limit;  /* major units */
    uint32_t at_least;
    const char *currency; /* of documents looked at, where amounts have several; "" none */
    jh_place place;       /* of it */
} split;

static const split *settings_of(const jh_flag *flag)
{
    return flag->settings;
}

/* --- the rule file --- */

static jihe_status check_keys(const jh_rule_reader *reader, const jh_node *map)
{
    static const char *const known[] = {"split", "by", "within", "limit", "at_least", "at", "currency", "normalise"};
    static const char *const needed[] = {"by", "within", "limit"};
    const jihe_status st = jh_rule_keys(reader, map, known, sizeof known / sizeof known[0], NULL, 0);

    for (size_t i = 0; st == JIHE_OK && i < sizeof needed / sizeof needed[0]; i++)
        if (jh_node_key(map, needed[i]) == NULL)
            return jh_node_fail(reader->yaml, map, reader->err,
                                "the flag has no %s; expected something like {split: amount, by: [payee, preparer], "
                                "within: 1 day, limit: 100000}",
                                needed[i]);
    return st;
}

static jihe_status read_limit(const jh_rule_reader *reader, const jh_node *node, jh_decimal *out)
{
    char shown[64];

    if (node->kind != JH_NODE_SCALAR)
        return jh_node_expect(reader->yaml, node, JH_NODE_SCALAR, reader->err, "an amount like 100000");
    if (jh_num_decimal(node->text, node->len, out) && out->digits > 0 && out->digits <= INT64_MAX)
        return JIHE_OK;
    return jh_node_fail(reader->yaml, node, reader->err,
                        "expected an amount above 0 like 100000 or 9999.50; found '%s'",
                        jh_text_quote(node->text, node->len, shown, sizeof shown));
}

/* Hours are counted on a clock: a time column must say which. */
static jihe_status read_at(const jh_rule_reader *reader, const jh_node *map, split *out)
{
    const jh_node *at = jh_node_get(map, "at");

    if (at != NULL && !out->within.hours)
        return jh_node_fail(
            reader->yaml, jh_node_key(map, "at"), reader->err,
            "'at' is for hours; days are counted by the date of the snapshot: write within: 24 hours, or "
            "leave 'at' out");
    if (at == NULL && out->within.hours)
        return jh_node_fail(reader->yaml, jh_node_get(map, "within"), reader->err,
                            "hours of which column? add at: COLUMN, a column of type time");
    return at == NULL ? JIHE_OK : jh_rule_column(reader, at, &out->at);
}

static jihe_status read(const jh_rule_reader *reader, const jh_node *map, jh_flag *out)
{
    split *made = JH_NEW(reader->arena, split, 1);
    const jh_node *currency = jh_node_get(map, "currency");
    jihe_status st;

    if (made == NULL)
        return jh_rule_no_memory(reader);
    out->settings = made;
    made->at_least = 2;
    made->currency = "";
    if ((st = check_keys(reader, map)) != JIHE_OK ||
        (st = jh_rule_column(reader, jh_node_get(map, "split"), &made->money)) != JIHE_OK ||
        (st = jh_document_keys_read(reader, jh_node_get(map, "by"), jh_node_get(map, "normalise"), &made->by)) !=
            JIHE_OK ||
        (st = jh_within_read(reader, jh_node_get(map, "within"), true, &made->within)) != JIHE_OK ||
        (st = read_at(reader, map, made)) != JIHE_OK ||
        (st = read_limit(reader, jh_node_get(map, "limit"), &made->limit)) != JIHE_OK ||
        (st = jh_node_u32(reader->yaml, jh_node_get(map, "at_least"), 2, 1000000, &made->at_least, reader->err)) !=
            JIHE_OK ||
        currency == NULL)
        return st;
    made->place = jh_rule_place(reader, currency);
    return jh_rule_text(reader, currency, &made->currency);
}

/* Amounts in yuan and in dollars are never added up: the rule says which it means. */
static jihe_status check_currency(const split *settings, const jh_schema *schema, jihe_error *err)
{
    const char *name = jh_document_currency(&settings->by, settings->money.name, schema);
    const jh_place *place = settings->currency[0] == '\0' ? &settings->money.place : &settings->place;
    const jh_column *money =
        &schema->columns[jh_schema_find(schema, settings->money.name, strlen(settings->money.name))];

    if (name != NULL && settings->currency[0] == '\0')
        return jh_fail_at(
            err, JIHE_CONFIG, place->source, place->line, place->column,
            "split: amounts of several currencies would be added up; say which one the limit is in: currency: "
            "CNY");
    if (name == NULL && settings->currency[0] != '\0' && strcmp(settings->currency, money->currency) != 0)
        return jh_fail_at(err, JIHE_CONFIG, place->source, place->line, place->column,
                          "currency: column '%s' is %s%s; leave the currency out", money->name,
                          money->currency[0] == '\0' ? "of one currency, and no column has 'role: currency'" : "in ",
                          money->currency);
    return JIHE_OK;
}

static jihe_status check(const jh_flag *flag, const jh_schema *schema, jh_facts_used *used, jihe_error *err)
{
    const split *settings = settings_of(flag);
    size_t column;
    jihe_status st;

    (void)used;
    if ((st = jh_rule_check_money(&settings->money, schema, "flag: split", err)) != JIHE_OK ||
        (st = jh_document_keys_check(&settings->by, "flag: by", schema, err)) != JIHE_OK ||
        (st = check_currency(settings, schema, err)) != JIHE_OK || settings->at.name == NULL ||
        (st = jh_rule_find_column(&column, &settings->at, schema, "flag: at", err)) != JIHE_OK ||
        schema->columns[column].type == JH_TIME)
        return st;
    return jh_fail_at(err, JIHE_CONFIG, settings->at.place.source, settings->at.place.line, settings->at.place.column,
                      "flag: at: column '%s' has type %s, not time", settings->at.name,
                      jh_type_name(schema->columns[column].type));
}

/* --- a run's record --- */

static void pack(jh_buf *out, const jh_flag *flag)
{
    const split *settings = settings_of(flag);
    const bool at = settings->at.name != NULL, currency = settings->currency[0] != '\0';

    jh_pack_map(out, 6u + at + currency);
    jh_pack_text(out, "split");
    jh_pack_text(out, settings->money.name);
    jh_pack_text(out, "by");
    jh_document_keys_pack(out, &settings->by);
    jh_pack_text(out, at ? "within_hours" : "within_days");
    jh_pack_u64(out, settings->within.count);
    jh_pack_text(out, "limit");
    jh_pack_i64(out, (int64_t)settings->limit.digits);
    jh_pack_text(out, "limit_scale");
    jh_pack_u64(out, settings->limit.scale);
    jh_pack_text(out, "at_least");
    jh_pack_u64(out, settings->at_least);
    if (at) {
        jh_pack_text(out, "at");
        jh_pack_text(out, settings->at.name);
    }
    if (currency) {
        jh_pack_text(out, "currency");
        jh_pack_text(out, settings->currency);
    }
}

static void unpack(const jh_unpack *map, jh_flag *flag, jh_arena *arena, bool *ok)
{
    split *made = JH_NEW(arena, split, 1);
    jh_unpack found;

    *ok = *ok && made != NULL;
    if (!*ok)
        return;
    flag->settings = made;
    made->money.name = jh_field_text(map, "split", arena, ok);
    jh_document_keys_unpack(map, "by", &made->by, arena, ok);
    made->within.hours = jh_unpack_find(map, "within_hours", &found);
    made->within.count =
        (uint32_t)jh_field_u64(map, made->within.hours ? "within_hours" : "within_days", JH_MAX_WITHIN_DAYS * 24, ok);
    made->limit.digits = jh_field_i64(map, "limit", 1, INT64_MAX, ok);
    made->limit.scale = (uint32_t)jh_field_u64(map, "limit_scale", 18, ok);
    made->at_least = (uint32_t)jh_field_u64(map, "at_least", UINT32_MAX, ok);
    if (made->within.hours)
        made->at.name = jh_field_text(map, "at", arena, ok);
    made->currency = jh_unpack_find(map, "currency", &found) ? jh_field_text(map, "currency", arena, ok) : "";
}

/* Hours: as many days as they are, a part of one being a whole one. */
static int32_t days_of(jh_within within)
{
    return (int32_t)(within.hours ? (within.count + 23) / 24 : within.count);
}

static int32_t reach(const jh_flag *flag, int32_t first, int32_t last)
{
    (void)last;
    return first - days_of(settings_of(flag)->within);
}

static void describe(jh_buf *out, const jh_flag *flag)
{
    const split *settings = settings_of(flag);

    jh_buf_printf(out, "%s split by ", settings->money.name);
    jh_document_keys_put(out, &settings->by);
    jh_buf_puts(out, " within ");
    jh_within_put(out, settings->within);
}

/* --- judging --- */

struct member {
    int64_t time, amount;
    uint32_t document;
};

struct room { /* of one worker */
    jh_buf members, times, amounts, documents;
};

struct judging {
    const split *settings;
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

static void *room_for(jh_buf *buf, size_t count, size_t size)
{
    jh_buf_clear(buf);
    return jh_buf_extend(buf, (count + 1) * size);
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
    uint32_t *documents = room_for(&judging->rooms[worker].documents, run->count, sizeof *documents);
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
    struct member *members = room_for(&room->members, alike->count, sizeof *members);
    int64_t *times = room_for(&room->times, alike->count, sizeof *times);
    int64_t *amounts = room_for(&room->amounts, alike->count, sizeof *amounts);

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

    (void)groups;
    out->figures[JH_FLAG_EXPECTED] = major(judging->splitting.limit, judging->scale);
    out->figures[JH_FLAG_OBSERVED] = major(sum, judging->scale);
    out->figures[JH_FLAG_RATIO] = (double)sum / (double)judging->splitting.limit;
    jh_buf_puts(note, "within ");
    jh_within_put(note, judging->settings->within);
    jh_buf_printf(note, ": %lld documents", (long long)found->figures[2]);
}

/* The limit in minor units, rounded up: an amount is below it or not. */
static jihe_status set_limits(struct judging *judging, const jh_schema *schema, jihe_error *err)
{
    const split *settings = judging->settings;
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

static jihe_status judge(jh_flag_result *out, const jh_flag_input *input, jihe_error *err)
{
    struct judging judging = {.settings = settings_of(&input->rule->flag)};
    jihe_status st;

    if (input->pass->part_count == 0)
        return JIHE_OK;
    judging.rooms = calloc(input->threads, sizeof *judging.rooms);
    if (judging.rooms == NULL)
        return no_memory(err);
    if ((st = set_limits(&judging, jh_snapshot_schema(input->pass->parts[input->pass->part_count - 1]), err)) ==
            JIHE_OK &&
        (st = jh_document_groups_open(&judging.groups, input, days_of(judging.settings->within), err)) == JIHE_OK)
        st = find(&judging, out, input, err);
    if (judging.groups.input != NULL)
        jh_document_groups_close(&judging.groups);
    free_rooms(judging.rooms, input->threads);
    return st;
}

static void why(jh_buf *out, const jh_flag *flag, const jh_flag_group *group)
{
    (void)flag;
    jh_buf_put(out, group->label, group->label_len);
    jh_buf_putc(out, ' ');
    jh_flag_put_count(out, group->documents);
    jh_buf_puts(out, " documents, together ");
    jh_flag_put_figure(out, group->figures[JH_FLAG_OBSERVED]);
    jh_buf_puts(out, ", limit ");
    jh_flag_put_figure(out, group->figures[JH_FLAG_EXPECTED]);
}

const jh_flag_kind jh_flag_split = {.name = "split",
                                    .read = read,
                                    .check = check,
                                    .pack = pack,
                                    .unpack = unpack,
                                    .reach = reach,
                                    .judge = judge,
                                    .describe = describe,
                                    .why = why};
