#include "rule/flag_pace.h"

#include "base/days.h"
#include "base/error.h"
#include "codec/pack.h"
#include "codec/stored_map.h"
#include "rule/flag_kind.h"
#include "rule/rule_column.h"

/* What a pace rule says: read, checked, recorded and described. The test is in pace_judge.c. */

static const jh_pace_rule *settings_of(const jh_flag *flag)
{
    return flag->settings;
}

static jihe_status check_keys(const jh_rule_reader *reader, const jh_node *map)
{
    static const char *const known[] = {"pace",     "from",          "to",      "of",      "by",
                                        "baseline", "trigger",       "audit",   "fastest", "ratio",
                                        "fdr",      "min_documents", "at_least"};
    const bool from = jh_node_key(map, "from") != NULL, to = jh_node_key(map, "to") != NULL;
    const jh_node *of = jh_node_key(map, "of");
    const jihe_status status = jh_rule_keys(reader, map, known, sizeof known / sizeof known[0], NULL, 0);

    if (status != JIHE_OK)
        return status;
    if (of != NULL && (from || to))
        return jh_node_fail(reader->yaml, of, reader->err,
                            "'of' is for one time column, 'from' and 'to' are for two; write one or the other");
    if (of == NULL && !(from && to))
        return jh_node_fail(
            reader->yaml, map, reader->err,
            "the flag does not say how long a review took; add from: COLUMN and to: COLUMN, or of: COLUMN "
            "for the time since the person's review before");
    if (jh_node_key(map, "by") == NULL)
        return jh_node_fail(
            reader->yaml, map, reader->err,
            "documents of different types take different times; add by: COLUMN, for example by: doc_type");
    return JIHE_OK;
}

static jihe_status read_columns(const jh_rule_reader *reader, const jh_node *map, jh_pace_rule *pace)
{
    const jh_node *of = jh_node_get(map, "of");
    jihe_status status;

    if ((status = jh_rule_column(reader, jh_node_get(map, "pace"), &pace->person)) != JIHE_OK ||
        (status = jh_rule_column(reader, of != NULL ? of : jh_node_get(map, "to"), &pace->to)) != JIHE_OK ||
        (status = jh_rule_column(reader, jh_node_get(map, "by"), &pace->type)) != JIHE_OK)
        return status;
    return of != NULL ? JIHE_OK : jh_rule_column(reader, jh_node_get(map, "from"), &pace->from);
}

static jihe_status read_baseline(const jh_rule_reader *reader, const jh_node *map, jh_pace_rule *pace)
{
    const jh_node *node = jh_node_get(map, "baseline");

    pace->baseline_months = 3;
    if (node == NULL)
        return JIHE_OK;
    const jihe_status status = jh_flag_read_months(reader, node, JH_PACE_MAX_MONTHS, &pace->baseline_months);

    if (status != JIHE_OK || pace->baseline_months > 1)
        return status;
    return jh_node_fail(reader->yaml, node, reader->err,
                        "1 month does not show how much a person's months differ; write at least 2, better 3 months");
}

static jihe_status read_windows(const jh_rule_reader *reader, const jh_node *map, jh_pace_rule *pace, jh_flag *out)
{
    jihe_status status;

    pace->trigger = (jh_window){.kind = JH_WINDOW_MONTHS, .count = 1};
    if ((status = read_baseline(reader, map, pace)) != JIHE_OK ||
        (status = jh_rule_read_window(reader, jh_node_get(map, "trigger"), &pace->trigger)) != JIHE_OK)
        return status;
    if (pace->trigger.kind == JH_WINDOW_DATE)
        pace->trigger = (jh_window){.kind = JH_WINDOW_DAYS, .count = 1};
    out->audit = pace->trigger;
    if ((status = jh_rule_read_window(reader, jh_node_get(map, "audit"), &out->audit)) != JIHE_OK)
        return status;
    out->audit.always = true;
    return JIHE_OK;
}

static jihe_status read_ratio(const jh_rule_reader *reader, const jh_node *node, jh_pace_terms *terms)
{
    uint64_t ppm = terms->ratio_ppm;
    const jihe_status status = jh_flag_read_ratio(reader, node, &ppm);

    if (status != JIHE_OK)
        return status;
    if (ppm < 1000000 || ppm > 1000000000)
        return jh_node_fail(reader->yaml, node, reader->err, "expected a ratio from 1 to 1000, like 2; found '%s'",
                            node->text);
    terms->ratio_ppm = (uint32_t)ppm;
    return JIHE_OK;
}

static jihe_status read(const jh_rule_reader *reader, const jh_node *map, jh_flag *out)
{
    jh_pace_rule *pace = JH_NEW(reader->arena, jh_pace_rule, 1);
    const jh_yaml *yaml = reader->yaml;
    jihe_status status;

    if (pace == NULL)
        return jh_rule_no_memory(reader);
    out->settings = pace;
    pace->terms = jh_pace_terms_usual();
    if ((status = check_keys(reader, map)) != JIHE_OK || (status = read_columns(reader, map, pace)) != JIHE_OK ||
        (status = read_windows(reader, map, pace, out)) != JIHE_OK ||
        (status = read_ratio(reader, jh_node_get(map, "ratio"), &pace->terms)) != JIHE_OK ||
        (status = jh_node_rate(yaml, jh_node_get(map, "fastest"), &pace->terms.own_ppm, reader->err)) != JIHE_OK ||
        (status = jh_node_rate(yaml, jh_node_get(map, "fdr"), &pace->terms.q_ppm, reader->err)) != JIHE_OK ||
        (status = jh_node_u64(yaml, jh_node_get(map, "min_documents"), 20, UINT32_MAX, &pace->terms.min_baseline,
                              reader->err)) != JIHE_OK ||
        (status = jh_node_u64(yaml, jh_node_get(map, "at_least"), 1, UINT32_MAX, &pace->terms.min_fast, reader->err)) !=
            JIHE_OK)
        return status;
    pace->terms.min_periods = pace->baseline_months < 3 ? 2 : 3;
    if (pace->terms.own_ppm > 500000)
        return jh_node_fail(reader->yaml, jh_node_get(map, "fastest"), reader->err,
                            "the fastest %s are more than half of the documents; expected something like 5%%",
                            jh_node_get(map, "fastest")->text);
    if ((uint64_t)pace->terms.own_ppm * pace->terms.ratio_ppm > UINT64_C(1000000000000))
        return jh_node_fail(reader->yaml, map, reader->err,
                            "fastest times ratio is more than 100%%: nobody could be flagged; lower one of them");
    return JIHE_OK;
}

static jihe_status check_time(const jh_column_name *name, const jh_schema *schema, const char *what, jihe_error *err)
{
    size_t column;
    const jihe_status st = jh_rule_find_column(&column, name, schema, what, err);

    if (st != JIHE_OK || schema->columns[column].type == JH_TIME)
        return st;
    return jh_fail_at(err, JIHE_CONFIG, name->place.source, name->place.line, name->place.column,
                      "%s: column '%s' has type %s; how long a review took is told by columns of type time", what,
                      name->name, jh_type_name(schema->columns[column].type));
}

static jihe_status check(const jh_flag *flag, const jh_schema *schema, jh_facts_used *used, jihe_error *err)
{
    const jh_pace_rule *pace = settings_of(flag);
    jihe_status st;

    used->people = used->calendar = true; /* who can be tested, and working days */
    if ((st = jh_rule_check_category(&pace->person, schema, "flag: pace", err)) != JIHE_OK ||
        (st = jh_rule_check_category(&pace->type, schema, "flag: by", err)) != JIHE_OK ||
        (st = check_time(&pace->to, schema, pace->from.name != NULL ? "flag: to" : "flag: of", err)) != JIHE_OK)
        return st;
    return pace->from.name == NULL ? JIHE_OK : check_time(&pace->from, schema, "flag: from", err);
}

static void pack(jh_buf *out, const jh_flag *flag)
{
    const jh_pace_rule *pace = settings_of(flag);

    jh_pack_map(out, 11);
    jh_pack_text(out, "pace");
    jh_pack_text(out, pace->person.name);
    jh_pack_text(out, "from");
    jh_pack_text(out, pace->from.name == NULL ? "" : pace->from.name);
    jh_pack_text(out, "to");
    jh_pack_text(out, pace->to.name);
    jh_pack_text(out, "by");
    jh_pack_text(out, pace->type.name);
    jh_pack_text(out, "baseline_months");
    jh_pack_u64(out, pace->baseline_months);
    jh_pack_text(out, "trigger");
    jh_pack_array(out, 2);
    jh_pack_u64(out, (uint64_t)pace->trigger.kind);
    jh_pack_u64(out, pace->trigger.count);
    jh_pack_text(out, "own_ppm");
    jh_pack_u64(out, pace->terms.own_ppm);
    jh_pack_text(out, "ratio_ppm");
    jh_pack_u64(out, pace->terms.ratio_ppm);
    jh_pack_text(out, "fdr_ppm");
    jh_pack_u64(out, pace->terms.q_ppm);
    jh_pack_text(out, "min_documents");
    jh_pack_u64(out, pace->terms.min_baseline);
    jh_pack_text(out, "at_least");
    jh_pack_u64(out, pace->terms.min_fast);
}

static void unpack_trigger(const jh_unpack *map, jh_pace_rule *pace, bool *ok)
{
    jh_unpack trigger = jh_field_at(map, "trigger", ok);

    *ok = *ok && jh_unpack_array(&trigger) == 2;
    const uint64_t kind = jh_unpack_u64(&trigger), count = jh_unpack_u64(&trigger);

    *ok = *ok && !trigger.failed && kind >= JH_WINDOW_DAYS && kind <= JH_WINDOW_MONTHS && count <= JH_MAX_WINDOW_DAYS;
    if (*ok)
        pace->trigger = (jh_window){.kind = (jh_window_kind)kind, .count = (uint32_t)count};
}

static void unpack(const jh_unpack *map, jh_flag *flag, jh_arena *arena, bool *ok)
{
    jh_pace_rule *pace = JH_NEW(arena, jh_pace_rule, 1);

    *ok = *ok && pace != NULL;
    if (!*ok)
        return;
    flag->settings = pace;
    pace->terms = jh_pace_terms_usual();
    pace->person.name = jh_field_text(map, "pace", arena, ok);
    pace->from.name = jh_field_text(map, "from", arena, ok);
    pace->to.name = jh_field_text(map, "to", arena, ok);
    pace->type.name = jh_field_text(map, "by", arena, ok);
    pace->baseline_months = (uint32_t)jh_field_u64(map, "baseline_months", JH_PACE_MAX_MONTHS, ok);
    pace->terms.own_ppm = (uint32_t)jh_field_u64(map, "own_ppm", 500000, ok);
    pace->terms.ratio_ppm = (uint32_t)jh_field_u64(map, "ratio_ppm", UINT32_MAX, ok);
    pace->terms.q_ppm = (uint32_t)jh_field_u64(map, "fdr_ppm", 1000000, ok);
    pace->terms.min_baseline = jh_field_u64(map, "min_documents", UINT32_MAX, ok);
    pace->terms.min_fast = jh_field_u64(map, "at_least", UINT32_MAX, ok);
    pace->terms.min_periods = pace->baseline_months < 3 ? 2 : 3;
    if (*ok && pace->from.name[0] == '\0')
        pace->from.name = NULL;
    unpack_trigger(map, pace, ok);
}

jh_gate_windows jh_pace_windows_of(const jh_pace_rule *rule, int32_t last)
{
    const int32_t trigger = jh_window_first(rule->trigger, last, last), month = jh_days_month(trigger);
    const int32_t earliest = 12; /* before the calendar begins there are no snapshots */
    const int32_t first = month - (int32_t)rule->baseline_months;

    return (jh_gate_windows){.baseline_from = jh_days_month_first(first > earliest ? first : earliest),
                             .baseline_to = jh_days_month_first(month) - 1,
                             .trigger_from = trigger,
                             .trigger_to = last};
}

static int32_t reach(const jh_flag *flag, int32_t first, int32_t last)
{
    (void)first;
    return jh_pace_windows_of(settings_of(flag), last).baseline_from;
}

static void describe(jh_buf *out, const jh_flag *flag)
{
    const jh_pace_rule *pace = settings_of(flag);

    jh_buf_printf(out, "pace of %s by %s against %u months: ", pace->person.name, pace->type.name,
                  pace->baseline_months);
    jh_flag_put_ppm(out, pace->terms.ratio_ppm);
    jh_buf_puts(out, " times as many of the fastest ");
    jh_flag_put_ppm(out, (uint64_t)pace->terms.own_ppm * 100);
    jh_buf_puts(out, "%");
}

static void why(jh_buf *out, const jh_flag *flag, const jh_flag_group *group)
{
    (void)flag;
    jh_buf_put(out, group->label, group->label_len);
    jh_buf_puts(out, " reviewed ");
    jh_flag_put_figure(out, group->figures[JH_FLAG_OBSERVED]);
    jh_buf_puts(out, " of ");
    jh_flag_put_count(out, group->documents);
    jh_buf_puts(out, " documents very fast, ");
    jh_flag_put_figure(out, group->figures[JH_FLAG_EXPECTED]);
    jh_buf_puts(out, " expected");
    if (group->note[0] != '\0')
        jh_buf_printf(out, "; %s", group->note);
}

const jh_flag_kind jh_flag_pace = {.name = "pace",
                                   .read = read,
                                   .check = check,
                                   .pack = pack,
                                   .unpack = unpack,
                                   .reach = reach,
                                   .judge = jh_pace_judge,
                                   .describe = describe,
                                   .why = why};
