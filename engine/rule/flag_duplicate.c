#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/days.h"
#include "base/error.h"
#include "base/money.h"
#include "base/sort_u64.h"
#include "base/text.h"
#include "codec/pack.h"
#include "codec/stored_map.h"
#include "rule/alike.h"
#include "rule/document_keys.h"
#include "rule/flag_kind.h"
#include "rule/near_links.h"

/* flag: {duplicate: [COLUMN...], within: N days, tolerance: {COLUMN: 1.00 or 0.5%}, normalise: [COLUMN...]}: documents
 * with the same values, within so many days. Groups are those of near_links.h among documents that have the same values
 * in the other columns. */

enum { SHOWN = 3 /* members named in a work list */ };

typedef struct duplicate {
    jh_document_keys keys; /* all columns named, the one with a tolerance among them */
    jh_within within;
    bool tolerant;
    size_t amount;   /* of keys: the column with a tolerance */
    jh_place place;  /* of its name there */
    jh_decimal most; /* major units; 0 none */
    uint32_t ppm;
} duplicate;

static const duplicate *settings_of(const jh_flag *flag)
{
    return flag->settings;
}

/* --- the rule file --- */

/* "1.00", "0.5%", "1.00 or 0.5%" */
static jihe_status read_limits(const jh_rule_reader *reader, const jh_node *node, duplicate *out)
{
    const char * or = node->kind == JH_NODE_SCALAR ? strstr(node->text, " or ") : NULL;
    const char *parts[2] = {node->text, or == NULL ? NULL : or +4};
    size_t lens[2] = { or == NULL ? node->len : (size_t)(or -node->text), or == NULL ? 0 : strlen(or +4)};
    bool amount = false, rate = false, right = node->kind == JH_NODE_SCALAR;
    char shown[64];

    for (size_t i = 0; right && i < 2 && parts[i] != NULL; i++) {
        while (lens[i] > 0 && parts[i][0] == ' ') {
            parts[i]++;
            lens[i]--;
        }
        if (lens[i] > 0 && parts[i][lens[i] - 1] == '%') {
            right = !rate && jh_num_rate(parts[i], lens[i], &out->ppm) && out->ppm > 0 && out->ppm < 1000000;
            rate = true;
        } else {
            right = !amount && jh_num_decimal(parts[i], lens[i], &out->most) && out->most.digits > 0;
            amount = true;
        }
    }
    if (right)
        return JIHE_OK;
    if (node->kind != JH_NODE_SCALAR)
        return jh_node_expect(reader->yaml, node, JH_NODE_SCALAR, reader->err, "a tolerance like 1.00 or 0.5%");
    return jh_node_fail(
        reader->yaml, node, reader->err,
        "expected a tolerance above 0: an amount, a rate below 100%%, or both like '1.00 or 0.5%%'; found "
        "'%s'",
        jh_text_quote(node->text, node->len, shown, sizeof shown));
}

static jihe_status read_tolerance(const jh_rule_reader *reader, const jh_node *node, duplicate *out)
{
    const char *names[JH_MAX_KEYS];

    if (node == NULL)
        return JIHE_OK;
    if (node->kind != JH_NODE_MAP)
        return jh_node_expect(reader->yaml, node, JH_NODE_MAP, reader->err,
                              "a column and its tolerance like {amount: 1.00}");
    if (node->count != 1)
        return jh_node_fail(reader->yaml, node, reader->err, "expected one column with a tolerance; found %zu",
                            node->count);
    out->tolerant = true;
    out->place = jh_rule_place(reader, &node->keys[0]);
    for (out->amount = 0; out->amount < out->keys.count; out->amount++) {
        names[out->amount] = out->keys.keys[out->amount].column.name;
        if (strcmp(names[out->amount], node->keys[0].text) == 0)
            return read_limits(reader, &node->items[0], out);
    }
    const char *near = jh_text_nearest(node->keys[0].text, names, out->keys.count);

    return jh_node_fail(reader->yaml, &node->keys[0], reader->err,
                        "tolerance: '%s' is none of the columns that must agree%s%s%s", node->keys[0].text,
                        near == NULL ? "" : ", did you mean '", near == NULL ? "" : near, near == NULL ? "" : "'?");
}

static jihe_status read(const jh_rule_reader *reader, const jh_node *map, jh_flag *out)
{
    static const char *const known[] = {"duplicate", "within", "tolerance", "normalise"};
    duplicate *made = JH_NEW(reader->arena, duplicate, 1);
    jihe_status st;

    if (made == NULL)
        return jh_rule_no_memory(reader);
    out->settings = made;
    if ((st = jh_rule_keys(reader, map, known, sizeof known / sizeof known[0], NULL, 0)) != JIHE_OK)
        return st;
    if (jh_node_key(map, "within") == NULL)
        return jh_node_fail(reader->yaml, map, reader->err,
                            "the flag does not say how far apart documents may be; add within: 90 days");
    if ((st = jh_document_keys_read(reader, jh_node_get(map, "duplicate"), jh_node_get(map, "normalise"),
                                    &made->keys)) != JIHE_OK ||
        (st = jh_within_read(reader, jh_node_get(map, "within"), false, &made->within)) != JIHE_OK)
        return st;
    return read_tolerance(reader, jh_node_get(map, "tolerance"), made);
}

static jihe_status check(const jh_flag *flag, const jh_schema *schema, jh_facts_used *used, jihe_error *err)
{
    const duplicate *settings = settings_of(flag);
    const jihe_status st = jh_document_keys_check(&settings->keys, "flag: duplicate", schema, err);

    (void)used;
    if (st != JIHE_OK || !settings->tolerant)
        return st;
    const char *name = settings->keys.keys[settings->amount].column.name;
    const jh_column *column = &schema->columns[jh_schema_find(schema, name, strlen(name))];

    if (column->type == JH_MONEY || column->type == JH_INTEGER)
        return JIHE_OK;
    return jh_fail_at(err, JIHE_CONFIG, settings->place.source, settings->place.line, settings->place.column,
                      "tolerance: column '%s' has type %s; money and integer columns can be off by a little", name,
                      jh_type_name(column->type));
}

/* --- a run's record --- */

static void pack(jh_buf *out, const jh_flag *flag)
{
    const duplicate *settings = settings_of(flag);

    jh_pack_map(out, settings->tolerant ? 3 : 2);
    jh_pack_text(out, "duplicate");
    jh_document_keys_pack(out, &settings->keys);
    jh_pack_text(out, "within_days");
    jh_pack_u64(out, settings->within.count);
    if (!settings->tolerant)
        return;
    jh_pack_text(out, "tolerance");
    jh_pack_array(out, 4);
    jh_pack_u64(out, settings->amount);
    jh_pack_i64(out, (int64_t)settings->most.digits);
    jh_pack_u64(out, settings->most.scale);
    jh_pack_u64(out, settings->ppm);
}

static void unpack(const jh_unpack *map, jh_flag *flag, jh_arena *arena, bool *ok)
{
    duplicate *made = JH_NEW(arena, duplicate, 1);
    jh_unpack in;

    *ok = *ok && made != NULL;
    if (!*ok)
        return;
    flag->settings = made;
    jh_document_keys_unpack(map, "duplicate", &made->keys, arena, ok);
    made->within.count = (uint32_t)jh_field_u64(map, "within_days", JH_MAX_WITHIN_DAYS, ok);
    made->tolerant = jh_unpack_find(map, "tolerance", &in);
    if (!made->tolerant)
        return;
    *ok = *ok && jh_unpack_array(&in) == 4;
    made->amount = (size_t)jh_unpack_u64(&in);
    made->most.digits = jh_unpack_i64(&in);
    made->most.scale = (uint32_t)jh_unpack_u64(&in);
    made->ppm = (uint32_t)jh_unpack_u64(&in);
    *ok = *ok && !in.failed && made->amount < made->keys.count && made->most.digits >= 0 && made->most.scale <= 18 &&
          made->ppm < 1000000;
}

static int32_t reach(const jh_flag *flag, int32_t first, int32_t last)
{
    (void)last;
    return first - (int32_t)settings_of(flag)->within.count;
}

static void describe(jh_buf *out, const jh_flag *flag)
{
    const duplicate *settings = settings_of(flag);

    jh_buf_puts(out, "same ");
    jh_document_keys_put(out, &settings->keys);
    jh_buf_puts(out, " within ");
    jh_within_put(out, settings->within);
}

/* --- judging --- */

struct room { /* of one worker */
    jh_buf dates, leaders, links, order, members;
};

struct judging {
    const duplicate *settings;
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

static void *room_for(jh_buf *buf, size_t count, size_t size)
{
    jh_buf_clear(buf);
    return jh_buf_extend(buf, (count + 1) * size);
}

static jihe_status no_memory(jihe_error *err)
{
    return jh_fail(err, JIHE_NO_MEMORY, "looking for duplicates");
}

/* The documents order[0 .. count), numbers in the lower half, are one group. */
static jihe_status add_linked(struct judging *judging, uint32_t worker, const jh_alike_group *alike,
                              const uint64_t *order, size_t count, jihe_error *err)
{
    uint32_t *members = room_for(&judging->rooms[worker].members, count, sizeof *members);
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
    uint64_t *order = room_for(&judging->rooms[worker].order, alike->count * 2, sizeof *order);
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
    int32_t *dates = room_for(&room->dates, alike->count, sizeof *dates);
    uint32_t *leaders = room_for(&room->leaders, alike->count, sizeof *leaders);

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
static size_t choose_columns(const duplicate *settings, const jh_schema *schema, jh_same_column *columns)
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
    const duplicate *settings = judging->settings;
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

static jihe_status judge(jh_flag_result *out, const jh_flag_input *input, jihe_error *err)
{
    struct judging judging = {.settings = settings_of(&input->rule->flag)};
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

static void why(jh_buf *out, const jh_flag *flag, const jh_flag_group *group)
{
    (void)flag;
    jh_buf_put(out, group->label, group->label_len);
    jh_buf_puts(out, " in ");
    jh_flag_put_count(out, group->documents);
    jh_buf_puts(out, " documents: ");
    for (size_t m = 0; m < group->member_count && m < SHOWN; m++) {
        char date[16];

        jh_days_text(group->members[m].date, date);
        jh_buf_printf(out, "%s%.*s (%s)", m == 0 ? "" : ", ", (int)group->members[m].id_len, group->members[m].id,
                      date);
    }
    if (group->member_count > SHOWN) {
        jh_buf_puts(out, " and ");
        jh_flag_put_count(out, group->member_count - SHOWN);
        jh_buf_puts(out, " more");
    }
}

const jh_flag_kind jh_flag_duplicate = {.name = "duplicate",
                                        .read = read,
                                        .check = check,
                                        .pack = pack,
                                        .unpack = unpack,
                                        .reach = reach,
                                        .judge = judge,
                                        .describe = describe,
                                        .why = why};
