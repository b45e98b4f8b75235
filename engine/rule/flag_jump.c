#include "rule/flag_jump.h"

#include <math.h>
#include <string.h>

#include "base/days.h"
#include "base/error.h"
#include "codec/pack.h"
#include "codec/stored_map.h"
#include "rule/flag_kind.h"
#include "rule/rule_column.h"

/* What a jump rule says: read, checked, recorded and described. The tests are in jump_*.c. */

static const jh_jump *settings_of(const jh_flag *flag)
{
    return flag->settings;
}

static jihe_status check_keys(const jh_rule_reader *reader, const jh_node *map)
{
    static const char *const known[] = {"jump",  "test",       "of",  "by",        "baseline",   "trigger", "audit",
                                        "ratio", "acceptable", "fdr", "direction", "min_months", "absent"};
    static const char *const of_volume[] = {"of", "by", "trigger", "audit", "acceptable", "fdr", "direction"};
    const jh_node *test = jh_node_get(map, "test");
    const bool ratio = test != NULL && test->kind == JH_NODE_SCALAR && strcmp(test->text, "ratio") == 0;
    const jihe_status status = jh_rule_keys(reader, map, known, sizeof known / sizeof known[0], NULL, 0);

    if (status == JIHE_OK && jh_node_key(map, "baseline") == NULL)
        return jh_node_fail(reader->yaml, map, reader->err,
                            "the flag has no baseline; expected something like {jump: reviewer, baseline: 6 months}");
    for (size_t i = 0; status == JIHE_OK && ratio && i < sizeof of_volume / sizeof of_volume[0]; i++)
        if (jh_node_key(map, of_volume[i]) != NULL)
            return jh_node_fail(reader->yaml, jh_node_key(map, of_volume[i]), reader->err,
                                "'%s' does not go with 'test: ratio', which compares the month's count with a median",
                                of_volume[i]);
    if (status == JIHE_OK && !ratio && jh_node_key(map, "absent") != NULL)
        return jh_node_fail(reader->yaml, jh_node_key(map, "absent"), reader->err,
                            "'absent' goes with 'test: ratio'; here time is counted in days present");
    return status;
}

/* of: count, mix, or the name of a money column. */
static jihe_status read_of(const jh_rule_reader *reader, const jh_node *node, jh_jump *jump)
{
    jihe_status status;

    if (node == NULL)
        return JIHE_OK;
    if ((status = jh_rule_column(reader, node, &jump->amount)) != JIHE_OK)
        return status;
    jump->of = strcmp(jump->amount.name, "count") == 0 ? JH_JUMP_COUNT
               : strcmp(jump->amount.name, "mix") == 0 ? JH_JUMP_MIX
                                                       : JH_JUMP_AMOUNT;
    return JIHE_OK;
}

/* by: type. A mix is one of types. */
static jihe_status read_by(const jh_rule_reader *reader, const jh_node *map, jh_jump *jump)
{
    size_t count = 0;
    const jh_node *by = jh_node_get(map, "by"), *items = by == NULL ? NULL : jh_node_several(by, &count);
    jihe_status status;

    if (jump->of == JH_JUMP_MIX)
        jump->type = (jh_column_name){.name = "type", .place = jh_rule_place(reader, jh_node_get(map, "of"))};
    if (by == NULL)
        return JIHE_OK;
    if (count != 1)
        return jh_node_fail(reader->yaml, by, reader->err, "expected by: type; people are tallied by nothing else");
    if ((status = jh_rule_column(reader, items, &jump->type)) != JIHE_OK || strcmp(jump->type.name, "type") == 0)
        return status;
    return jh_node_fail(reader->yaml, items, reader->err,
                        "expected by: type, the column with 'role: type'; people are tallied by nothing else");
}

static jihe_status read_windows(const jh_rule_reader *reader, const jh_node *map, jh_jump *jump, jh_flag *out)
{
    const jh_node *trigger = jh_node_get(map, "trigger"), *audit = jh_node_get(map, "audit");
    jihe_status status;

    jump->trigger = (jh_window){.kind = JH_WINDOW_MONTHS, .count = 1};
    if ((status = jh_flag_read_months(reader, jh_node_get(map, "baseline"), JH_JUMP_MAX_MONTHS,
                                      &jump->baseline_months)) != JIHE_OK ||
        (status = jh_rule_read_window(reader, trigger, &jump->trigger)) != JIHE_OK)
        return status;
    if (jump->trigger.kind == JH_WINDOW_DAYS && jump->trigger.count < JH_JUMP_MIN_DAYS)
        return jh_node_fail(reader->yaml, trigger, reader->err,
                            "a trigger window has at least %d days: in fewer nobody is present often enough",
                            JH_JUMP_MIN_DAYS);
    out->audit = jump->trigger;
    out->audit.always = true;
    if (audit == NULL || (status = jh_rule_read_window(reader, audit, &out->audit)) != JIHE_OK)
        return status;
    out->audit.always = true;
    return JIHE_OK;
}

static jihe_status read_terms(const jh_rule_reader *reader, const jh_node *map, jh_jump *jump)
{
    static const char *const absent[] = {"skip", "zero"}, *const directions[] = {"up", "down"};
    const jh_volume_terms usual = jh_volume_terms_usual();
    const jh_node *ratio = jh_node_get(map, "ratio"), *acceptable = jh_node_get(map, "acceptable");
    const uint64_t least = 1000000, most = 1000000000;
    size_t zero = 0, down = 0;
    uint64_t ppm = usual.ratio_ppm;
    jihe_status status;

    jump->ratio_ppm = usual.min_ratio_ppm;
    jump->fdr_ppm = usual.q_ppm;
    jump->min_months = jump->baseline_months < usual.min_periods ? jump->baseline_months : usual.min_periods;
    if ((status = jh_flag_read_ratio(reader, ratio, &jump->ratio_ppm)) != JIHE_OK ||
        (status = jh_flag_read_ratio(reader, acceptable, &ppm)) != JIHE_OK ||
        (status = jh_node_rate(reader->yaml, jh_node_get(map, "fdr"), &jump->fdr_ppm, reader->err)) != JIHE_OK ||
        (status = jh_node_u32(reader->yaml, jh_node_get(map, "min_months"), 1, jump->baseline_months, &jump->min_months,
                              reader->err)) != JIHE_OK ||
        (status = jh_node_choice(reader->yaml, jh_node_get(map, "absent"), absent, 2, &zero, reader->err)) != JIHE_OK ||
        (status = jh_node_choice(reader->yaml, jh_node_get(map, "direction"), directions, 2, &down, reader->err)) !=
            JIHE_OK)
        return status;
    jump->absent_zero = zero == 1;
    jump->direction = down == 1 ? JH_VOLUME_DOWN : JH_VOLUME_UP;
    if (jump->test == JH_JUMP_VOLUME && (jump->ratio_ppm < least || jump->ratio_ppm > most))
        return jh_node_fail(reader->yaml, ratio, reader->err,
                            "expected a ratio from 1 to 1000; downwards it is the ratio of before to now");
    if (ppm < least || ppm > most)
        return jh_node_fail(reader->yaml, acceptable, reader->err, "expected an acceptable ratio from 1 to 1000");
    jump->acceptable_ppm = (uint32_t)ppm;
    return JIHE_OK;
}

static jihe_status read(const jh_rule_reader *reader, const jh_node *map, jh_flag *out)
{
    static const char *const tests[] = {"ratio", "volume"};
    jh_jump *jump = JH_NEW(reader->arena, jh_jump, 1);
    size_t test = JH_JUMP_VOLUME;
    jihe_status status;

    if (jump == NULL)
        return jh_rule_no_memory(reader);
    out->settings = jump;
    if ((status = check_keys(reader, map)) != JIHE_OK ||
        (status = jh_rule_column(reader, jh_node_get(map, "jump"), &jump->person)) != JIHE_OK ||
        (status = jh_node_choice(reader->yaml, jh_node_get(map, "test"), tests, 2, &test, reader->err)) != JIHE_OK ||
        (status = read_of(reader, jh_node_get(map, "of"), jump)) != JIHE_OK ||
        (status = read_by(reader, map, jump)) != JIHE_OK || (status = read_windows(reader, map, jump, out)) != JIHE_OK)
        return status;
    jump->test = (jh_jump_test)test;
    if (jump->test == JH_JUMP_RATIO) /* the run's own dates, as before there was another test */
        out->audit = (jh_window){.kind = JH_WINDOW_DATE};
    return read_terms(reader, map, jump);
}

static jihe_status check_type(const jh_jump *jump, const jh_schema *schema, jihe_error *err)
{
    if (jump->type.name == NULL || jh_schema_role(schema, JH_ROLE_TYPE) != SIZE_MAX)
        return JIHE_OK;
    return jh_fail_at(err, JIHE_CONFIG, jump->type.place.source, jump->type.place.line, jump->type.place.column,
                      "flag: jump: no column has 'role: type'; give it to the document type in jihe.yaml");
}

static jihe_status check(const jh_flag *flag, const jh_schema *schema, jh_facts_used *used, jihe_error *err)
{
    const jh_jump *jump = settings_of(flag);
    jihe_status st;

    used->people = used->notes = used->calendar = true; /* who can be tested, and working days */
    if ((st = jh_rule_check_person(&jump->person, schema, "flag: jump", err)) != JIHE_OK ||
        (st = check_type(jump, schema, err)) != JIHE_OK)
        return st;
    return jump->of == JH_JUMP_AMOUNT ? jh_rule_check_money(&jump->amount, schema, "flag: of", err) : JIHE_OK;
}

static void pack(jh_buf *out, const jh_flag *flag)
{
    const jh_jump *jump = settings_of(flag);
    const bool volume = jump->test == JH_JUMP_VOLUME, amount = volume && jump->of == JH_JUMP_AMOUNT,
               type = volume && jump->type.name != NULL;

    jh_pack_map(out, (size_t)5 + (volume ? 6 : 0) + amount + type);
    jh_pack_text(out, "jump");
    jh_pack_text(out, jump->person.name);
    jh_pack_text(out, "baseline_months");
    jh_pack_u64(out, jump->baseline_months);
    jh_pack_text(out, "ratio_ppm");
    jh_pack_u64(out, jump->ratio_ppm);
    jh_pack_text(out, "min_months");
    jh_pack_u64(out, jump->min_months);
    jh_pack_text(out, "absent_zero");
    jh_pack_bool(out, jump->absent_zero);
    if (!volume) /* as it was when there was no other test */
        return;
    jh_pack_text(out, "test");
    jh_pack_u64(out, (uint64_t)jump->test);
    jh_pack_text(out, "of");
    jh_pack_u64(out, (uint64_t)jump->of);
    jh_pack_text(out, "trigger");
    jh_pack_array(out, 2);
    jh_pack_u64(out, (uint64_t)jump->trigger.kind);
    jh_pack_u64(out, jump->trigger.count);
    jh_pack_text(out, "acceptable_ppm");
    jh_pack_u64(out, jump->acceptable_ppm);
    jh_pack_text(out, "fdr_ppm");
    jh_pack_u64(out, jump->fdr_ppm);
    jh_pack_text(out, "down");
    jh_pack_bool(out, jump->direction == JH_VOLUME_DOWN);
    if (amount) {
        jh_pack_text(out, "amount");
        jh_pack_text(out, jump->amount.name);
    }
    if (type) {
        jh_pack_text(out, "by");
        jh_pack_text(out, jump->type.name);
    }
}

static void unpack_volume(const jh_unpack *map, jh_jump *jump, jh_arena *arena, bool *ok)
{
    jh_unpack trigger = jh_field_at(map, "trigger", ok), found;

    jump->test = JH_JUMP_VOLUME;
    jump->of = (jh_jump_of)jh_field_u64(map, "of", JH_JUMP_MIX, ok);
    *ok = *ok && jh_unpack_array(&trigger) == 2;
    const uint64_t kind = jh_unpack_u64(&trigger), count = jh_unpack_u64(&trigger);

    *ok = *ok && !trigger.failed && kind >= JH_WINDOW_DAYS && kind <= JH_WINDOW_MONTHS && count >= 1 &&
          count <= (kind == JH_WINDOW_MONTHS ? JH_MAX_WINDOW_MONTHS : JH_MAX_WINDOW_DAYS);
    jump->trigger = (jh_window){.kind = (jh_window_kind)kind, .count = (uint32_t)count};
    jump->acceptable_ppm = (uint32_t)jh_field_u64(map, "acceptable_ppm", 1000000000, ok);
    jump->fdr_ppm = (uint32_t)jh_field_u64(map, "fdr_ppm", 1000000, ok);
    jump->direction = jh_field_bool(map, "down", ok) ? JH_VOLUME_DOWN : JH_VOLUME_UP;
    if (jump->of == JH_JUMP_AMOUNT)
        jump->amount.name = jh_field_text(map, "amount", arena, ok);
    if (jh_unpack_find(map, "by", &found))
        jump->type.name = jh_field_text(map, "by", arena, ok);
    *ok = *ok && (jump->of != JH_JUMP_MIX || jump->type.name != NULL);
}

static void unpack(const jh_unpack *map, jh_flag *flag, jh_arena *arena, bool *ok)
{
    jh_jump *jump = JH_NEW(arena, jh_jump, 1);
    jh_unpack test;

    *ok = *ok && jump != NULL;
    if (!*ok)
        return;
    flag->settings = jump;
    jump->trigger = (jh_window){.kind = JH_WINDOW_MONTHS, .count = 1};
    jump->person.name = jh_field_text(map, "jump", arena, ok);
    jump->baseline_months = (uint32_t)jh_field_u64(map, "baseline_months", JH_JUMP_MAX_MONTHS, ok);
    jump->ratio_ppm = jh_field_u64(map, "ratio_ppm", INT64_MAX, ok);
    jump->min_months = (uint32_t)jh_field_u64(map, "min_months", JH_JUMP_MAX_MONTHS, ok);
    jump->absent_zero = jh_field_bool(map, "absent_zero", ok);
    *ok = *ok && jump->baseline_months >= 1;
    if (jh_unpack_find(map, "test", &test))
        unpack_volume(map, jump, arena, ok);
}

jh_gate_windows jh_jump_windows_of(const jh_jump *jump, int32_t last)
{
    const int32_t trigger = jh_window_first(jump->trigger, last, last), month = jh_days_month(trigger);
    const int32_t before = month - (int32_t)jump->baseline_months;

    /* before the calendar begins there are no snapshots: the first month there is will do */
    return (jh_gate_windows){.baseline_from = jh_days_month_first(before > 12 ? before : 12),
                             .baseline_to = jh_days_month_first(month) - 1,
                             .trigger_from = trigger,
                             .trigger_to = last};
}

static int32_t reach(const jh_flag *flag, int32_t first, int32_t last)
{
    (void)first;
    return jh_jump_windows_of(settings_of(flag), last).baseline_from;
}

static jihe_status judge(jh_flag_result *out, const jh_flag_input *input, jihe_error *err)
{
    const jh_jump *jump = settings_of(&input->rule->flag);

    return (jump->test == JH_JUMP_RATIO ? jh_jump_ratio : jh_jump_volume)(out, input, jump, err);
}

static void describe_window(jh_buf *out, jh_window window)
{
    static const char *const units[] = {"date", "day", "week", "month"};

    jh_buf_printf(out, "%u %s%s", window.kind == JH_WINDOW_WEEK ? 1 : window.count, units[window.kind],
                  window.count > 1 ? "s" : "");
}

static void describe(jh_buf *out, const jh_flag *flag)
{
    const jh_jump *jump = settings_of(flag);
    const bool down = jump->direction == JH_VOLUME_DOWN;

    jh_buf_printf(out, "jump of %s", jump->person.name);
    if (jump->test == JH_JUMP_RATIO) {
        jh_buf_puts(out, " over ");
        jh_flag_put_ppm(out, jump->ratio_ppm);
        jh_buf_printf(out, " times the median of %u months", jump->baseline_months);
        return;
    }
    jh_buf_puts(out, jump->of == JH_JUMP_MIX                                 ? " in the mix of document types"
                     : jump->of == JH_JUMP_AMOUNT && jump->type.name != NULL ? " in amounts of each document type"
                     : jump->of == JH_JUMP_AMOUNT                            ? " in amounts"
                     : jump->type.name != NULL                               ? " in each document type"
                                                                             : "");
    jh_buf_puts(out, down ? ", at most 1 / " : ", at least ");
    jh_flag_put_ppm(out, jump->ratio_ppm);
    jh_buf_printf(out, "%s what %u month%s before lead to expect, and beyond %s", down ? " of" : " times",
                  jump->baseline_months, jump->baseline_months == 1 ? "" : "s", down ? "1 / " : "");
    jh_flag_put_ppm(out, jump->acceptable_ppm);
    jh_buf_puts(out, " by more than chance (false flags at most ");
    jh_flag_put_ppm(out, (uint64_t)jump->fdr_ppm * 100);
    jh_buf_puts(out, "%), over ");
    describe_window(out, jump->trigger);
}

static void why(jh_buf *out, const jh_flag *flag, const jh_flag_group *group)
{
    const jh_jump *jump = settings_of(flag);

    jh_buf_put(out, group->label, group->label_len);
    jh_buf_putc(out, ' ');
    jh_flag_put_figure(out, group->figures[JH_FLAG_OBSERVED]);
    jh_buf_printf(out, " %s, ", jump->of == JH_JUMP_AMOUNT ? jump->amount.name : "documents");
    jh_flag_put_figure(out, group->figures[JH_FLAG_EXPECTED]);
    jh_buf_puts(out, " expected, ratio ");
    jh_flag_put_figure(out, group->figures[JH_FLAG_RATIO]);
    if (isnan(group->figures[JH_FLAG_RATIO_LOW]))
        return;
    jh_buf_puts(out, " (");
    jh_flag_put_figure(out, group->figures[JH_FLAG_RATIO_LOW]);
    jh_buf_puts(out, " to ");
    jh_flag_put_figure(out, group->figures[JH_FLAG_RATIO_HIGH]);
    jh_buf_putc(out, ')');
}

const jh_flag_kind jh_flag_jump = {.name = "jump",
                                   .read = read,
                                   .check = check,
                                   .pack = pack,
                                   .unpack = unpack,
                                   .reach = reach,
                                   .judge = judge,
                                   .describe = describe,
                                   .why = why};
