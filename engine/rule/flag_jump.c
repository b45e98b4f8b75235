#include "rule/flag_jump.h"

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
    static const char *const known[] = {"jump", "test", "baseline", "ratio", "min_months", "absent"};
    const jihe_status status = jh_rule_keys(reader, map, known, sizeof known / sizeof known[0], NULL, 0);

    if (status == JIHE_OK && jh_node_key(map, "baseline") == NULL)
        return jh_node_fail(reader->yaml, map, reader->err,
                            "the flag has no baseline; expected something like {jump: reviewer, baseline: 4 months, "
                            "ratio: 1.8}");
    return status;
}

static jihe_status read(const jh_rule_reader *reader, const jh_node *map, jh_flag *out)
{
    static const char *const absent[] = {"skip", "zero"}, *const tests[] = {"ratio"};
    jh_jump *jump = JH_NEW(reader->arena, jh_jump, 1);
    const jh_yaml *yaml = reader->yaml;
    jihe_status status;
    size_t choice = 0;

    if (jump == NULL)
        return jh_rule_no_memory(reader);
    out->settings = jump;
    jump->ratio_ppm = 1500000;
    if ((status = check_keys(reader, map)) != JIHE_OK ||
        (status = jh_node_choice(yaml, jh_node_get(map, "test"), tests, 1, &choice, reader->err)) != JIHE_OK ||
        (status = jh_rule_column(reader, jh_node_get(map, "jump"), &jump->person)) != JIHE_OK ||
        (status = jh_flag_read_months(reader, jh_node_get(map, "baseline"), JH_JUMP_MAX_MONTHS,
                                      &jump->baseline_months)) != JIHE_OK ||
        (status = jh_flag_read_ratio(reader, jh_node_get(map, "ratio"), &jump->ratio_ppm)) != JIHE_OK)
        return status;
    jump->min_months = jump->baseline_months < 3 ? jump->baseline_months : 3;
    if ((status = jh_node_u32(yaml, jh_node_get(map, "min_months"), 1, jump->baseline_months, &jump->min_months,
                              reader->err)) != JIHE_OK ||
        (status = jh_node_choice(yaml, jh_node_get(map, "absent"), absent, 2, &choice, reader->err)) != JIHE_OK)
        return status;
    jump->absent_zero = choice == 1;
    return JIHE_OK;
}

static jihe_status check(const jh_flag *flag, const jh_schema *schema, jh_facts_used *used, jihe_error *err)
{
    used->people = used->calendar = true; /* who can be tested, and working days since somebody joined */
    return jh_rule_check_person(&settings_of(flag)->person, schema, "flag: jump", err);
}

static void pack(jh_buf *out, const jh_flag *flag)
{
    const jh_jump *jump = settings_of(flag);

    jh_pack_map(out, 5);
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
}

static void unpack(const jh_unpack *map, jh_flag *flag, jh_arena *arena, bool *ok)
{
    jh_jump *jump = JH_NEW(arena, jh_jump, 1);

    *ok = *ok && jump != NULL;
    if (!*ok)
        return;
    flag->settings = jump;
    jump->person.name = jh_field_text(map, "jump", arena, ok);
    jump->baseline_months = (uint32_t)jh_field_u64(map, "baseline_months", JH_JUMP_MAX_MONTHS, ok);
    jump->ratio_ppm = jh_field_u64(map, "ratio_ppm", INT64_MAX, ok);
    jump->min_months = (uint32_t)jh_field_u64(map, "min_months", JH_JUMP_MAX_MONTHS, ok);
    jump->absent_zero = jh_field_bool(map, "absent_zero", ok);
}

void jh_jump_window(const jh_jump *jump, int32_t last, int32_t *from, int32_t *to)
{
    *from = jh_days_month_first(jh_days_month(last) - (int32_t)jump->baseline_months);
    *to = last;
}

static int32_t reach(const jh_flag *flag, int32_t first, int32_t last)
{
    int32_t from, to;

    (void)first;
    jh_jump_window(settings_of(flag), last, &from, &to);
    return from;
}

static jihe_status judge(jh_flag_result *out, const jh_flag_input *input, jihe_error *err)
{
    return jh_jump_ratio(out, input, settings_of(&input->rule->flag), err);
}

static void describe(jh_buf *out, const jh_flag *flag)
{
    const jh_jump *jump = settings_of(flag);

    jh_buf_printf(out, "jump of %s over ", jump->person.name);
    jh_flag_put_ppm(out, jump->ratio_ppm);
    jh_buf_printf(out, " times the median of %u months", jump->baseline_months);
}

static void why(jh_buf *out, const jh_flag *flag, const jh_flag_group *group)
{
    (void)flag;
    jh_buf_put(out, group->label, group->label_len);
    jh_buf_putc(out, ' ');
    jh_flag_put_count(out, group->documents);
    jh_buf_puts(out, " documents, ");
    jh_flag_put_figure(out, group->figures[JH_FLAG_EXPECTED]);
    jh_buf_puts(out, " expected, ratio ");
    jh_flag_put_figure(out, group->figures[JH_FLAG_RATIO]);
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
