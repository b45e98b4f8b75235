#include <math.h>
#include <stdio.h>
#include <string.h>

#include "api/api_int.h"
#include "api/automatic.h"
#include "base/arena.h"
#include "base/days.h"
#include "base/error.h"
#include "base/hash.h"
#include "jihe/rate.h"
#include "ledger/notes.h"
#include "ledger/runs.h"
#include "rate/rates.h"
#include "report/page.h"
#include "rule/flag.h"

/* Fills the page's structures from the ledger; report/page.h draws them. */

struct building {
    const jihe_workspace *workspace;
    jh_ledger *ledger;
    jh_arena arena;
    int32_t from, to;
    bool zh;
    jh_runs runs;
    jh_subjects subjects; /* the period's inspected documents, joined once for all tables */
    jh_rates totals;      /* of the whole period */
    jh_page_section sections[8];
    size_t count;
};

static const char *say(const struct building *building, const char *en, const char *zh)
{
    return building->zh ? zh : en;
}

static jh_page_share share_of(double proportion)
{
    return (jh_page_share){.ppm = (uint32_t)floor(proportion * 1000000.0 + 0.5)};
}

static jh_page_rate page_rate(uint64_t errors, const jh_estimate *estimate)
{
    return (jh_page_rate){.errors = errors,
                          .rate = share_of(estimate->rate),
                          .low = share_of(estimate->low),
                          .high = share_of(estimate->high)};
}

static jh_page_counts page_counts(const jh_rate *rate)
{
    return (jh_page_counts){.inspected = rate->tally.inspected,
                            .in_rule = page_rate(rate->tally.errors[0], &rate->in_rule),
                            .out_of_rule = page_rate(rate->tally.errors[1], &rate->out_of_rule)};
}

/* "stands for 31,240 documents": what the rate is a rate of. */
static const char *describe_frame(struct building *building, const jh_rate *rate)
{
    const char *weighted = jh_tally_weighted(&rate->tally) ? say(building, ", weighted", "，加权") : "";
    char text[128];

    if (rate->basis == JH_RATE_RANDOM)
        snprintf(text, sizeof text, say(building, "stands for about %.0f documents%s", "代表约 %.0f 张单据%s"),
                 rate->represents, weighted);
    else
        snprintf(text, sizeof text, "%s", say(building, "only the documents inspected", "只代表所查单据本身"));
    return jh_arena_text(&building->arena, text, strlen(text));
}

static jihe_status query(struct building *building, const char *const *keys, size_t key_count, jh_rates *out,
                         jihe_error *err)
{
    const jh_rate_query wanted = {.from = building->from, .to = building->to, .keys = keys, .key_count = key_count};

    return jh_rates_group(out, &building->subjects, &wanted, &building->arena, err);
}

/* Rules and the whole are shown on both bases; teams and clauses on the random one only, because a targeted check of a
 * team describes what was looked for, not the team. By clause, the row without a clause is the whole again. */
static bool is_shown(const jh_rate *rate, const char *key)
{
    if (key == NULL || strcmp(key, "rule") == 0)
        return true;
    return rate->basis == JH_RATE_RANDOM && (strcmp(key, "clause") != 0 || rate->keys[0][0] != '\0');
}

static const char *row_title(const struct building *building, const jh_rate *rate, const char *key)
{
    if (key == NULL)
        return say(building, "All", "全部");
    return rate->keys[0][0] == '\0' ? say(building, "(missing)", "（缺失）") : rate->keys[0];
}

/* `key` NULL: the rates of the whole. Returns how many rows were filled. */
static size_t fill_rows(struct building *building, jh_page_rate_row *rows, const jh_rates *rates, const char *key)
{
    size_t count = 0;

    for (size_t i = 0; i < rates->count; i++) {
        const jh_rate *rate = &rates->rates[i];

        if (!is_shown(rate, key))
            continue;
        rows[count++] = (jh_page_rate_row){.key = row_title(building, rate, key),
                                           .of = describe_frame(building, rate),
                                           .basis = rate->basis == JH_RATE_RANDOM ? JH_BASIS_RANDOM : JH_BASIS_TARGETED,
                                           .total = key == NULL,
                                           .counts = page_counts(rate)};
    }
    return count;
}

/* Totals first, then one row per value of `key`. */
static jihe_status add_rates(struct building *building, const char *key, const char *title, const char *key_title,
                             bool totals, jihe_error *err)
{
    jh_rates all = {0}, by = {0};
    jihe_status st;

    if ((totals && (st = query(building, NULL, 0, &all, err)) != JIHE_OK) ||
        (st = query(building, &key, 1, &by, err)) != JIHE_OK)
        return st;
    jh_page_rate_row *rows = JH_NEW(&building->arena, jh_page_rate_row, all.count + by.count + 1);

    if (rows == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "a report");
    size_t count = fill_rows(building, rows, &all, NULL);

    count += fill_rows(building, rows + count, &by, key);
    for (size_t i = 0; i < count; i++)
        if (rows[i].of == NULL)
            return jh_fail(err, JIHE_NO_MEMORY, "a report");
    if (totals)
        building->totals = all;
    jh_page_section *section = &building->sections[building->count++];

    *section = (jh_page_section){.kind = JH_SECTION_RATES, .title = title};
    section->is.rates = (jh_page_rates){.key_title = key_title, .rows = rows, .count = count};
    return JIHE_OK;
}

/* The notes that begin in the month: "05-04 新子公司上线（应付）"; NULL: none. */
static const char *note_of_month(struct building *building, const jh_notes *notes, const char *month)
{
    jh_buf text = {0};
    const char *kept = NULL;

    for (size_t i = 0; i < notes->count; i++) {
        const jh_note *note = &notes->notes[i];
        char day[16];

        jh_days_text(note->from, day);
        if (note->withdrawn != 0 || strncmp(day, month, strlen("2026-01")) != 0)
            continue;
        jh_buf_printf(&text, "%s%s %s", text.len > 0 ? say(building, "; ", "；") : "", day + strlen("2026-"),
                      note->text);
        if (note->of[0] != '\0')
            jh_buf_printf(&text, say(building, " (%s)", "（%s）"), note->of);
    }
    if (text.len > 0 && !text.failed)
        kept = jh_arena_text(&building->arena, (const char *)text.bytes, text.len);
    jh_buf_deinit(&text);
    return kept;
}

static jihe_status add_trend(struct building *building, jihe_error *err)
{
    static const char *const key = "month";
    jh_rates rates;
    jh_notes notes;
    jihe_status st = query(building, &key, 1, &rates, err);

    if (st != JIHE_OK || (st = jh_notes_load(&notes, building->ledger, UINT64_MAX, &building->arena, err)) != JIHE_OK)
        return st;
    jh_page_month *months = JH_NEW(&building->arena, jh_page_month, rates.count + 1);
    size_t count = 0;

    if (months == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "a report");
    for (size_t i = 0; i < rates.count; i++)
        if (rates.rates[i].basis == JH_RATE_RANDOM)
            months[count++] = (jh_page_month){.month = rates.rates[i].keys[0],
                                              .note = note_of_month(building, &notes, rates.rates[i].keys[0]),
                                              .counts = page_counts(&rates.rates[i])};
    jh_page_section *section = &building->sections[building->count++];

    *section = (jh_page_section){.kind = JH_SECTION_TREND};
    section->is.trend = (jh_page_trend){
        .of = say(building, "documents drawn at random", "随机抽中的单据"), .months = months, .count = count};
    return JIHE_OK;
}

/* A rule's line, then one for each month where there are several. `rows` are of one rule and clause. */
static size_t fill_automatic(jh_page_automatic *lines, const jh_automatic *rows, size_t count)
{
    size_t made = 1;

    lines[0] = (jh_page_automatic){.rule = rows[0].rule, .title = rows[0].title, .clause = rows[0].clause};
    for (size_t i = 0; i < count; i++) {
        lines[0].checked += rows[i].checked;
        lines[0].findings += rows[i].findings;
        lines[0].undecided += rows[i].undecided;
        if (count > 1)
            lines[made++] = (jh_page_automatic){.rule = rows[i].rule,
                                                .clause = rows[i].clause,
                                                .month = rows[i].keys[0],
                                                .checked = rows[i].checked,
                                                .findings = rows[i].findings,
                                                .undecided = rows[i].undecided};
    }
    return made;
}

static const char *say_gone(struct building *building, uint64_t gone)
{
    char text[160];

    snprintf(text, sizeof text,
             say(building, "%llu checks of a date by a rule are not counted: their snapshots were dropped.",
                 "有 %llu 次检查（规则与日期）因快照已删除而未计入。"),
             (unsigned long long)gone);
    return jh_arena_text(&building->arena, text, strlen(text));
}

/* Only where there are such checks. */
static jihe_status add_automatic(struct building *building, jihe_error *err)
{
    static const char *const key = "month";
    const jh_automatic_query wanted = {.from = building->from, .to = building->to, .keys = &key, .key_count = 1};
    jh_automatics found;
    const jihe_status st =
        jh_automatic_make(&found, building->workspace, building->ledger, &wanted, &building->arena, err);

    if (st != JIHE_OK || (found.count == 0 && found.gone == 0))
        return st;
    jh_page_automatic *lines = JH_NEW(&building->arena, jh_page_automatic, 2 * found.count + 1);
    const char *note = found.gone == 0 ? NULL : say_gone(building, found.gone);
    size_t count = 0;

    if (lines == NULL || (found.gone > 0 && note == NULL))
        return jh_fail(err, JIHE_NO_MEMORY, "a report");
    for (size_t i = 0, end; i < found.count; i = end) {
        for (end = i + 1; end < found.count && strcmp(found.rows[end].rule, found.rows[i].rule) == 0 &&
                          strcmp(found.rows[end].clause, found.rows[i].clause) == 0;)
            end++;
        count += fill_automatic(lines + count, &found.rows[i], end - i);
    }
    jh_page_section *section = &building->sections[building->count++];

    *section = (jh_page_section){.kind = JH_SECTION_AUTOMATIC, .note = note};
    section->is.automatic = (jh_page_automatics){.rows = lines, .count = count};
    return JIHE_OK;
}

/* What each rule did over the period's runs. A rule's title is the one of its last run. */
static jihe_status add_rules(struct building *building, jihe_error *err)
{
    size_t most = 0, count = 0;

    for (size_t i = 0; i < building->runs.count; i++)
        most += building->runs.runs[i].rule_count;
    jh_page_rule *rules = JH_NEW(&building->arena, jh_page_rule, most + 1);

    if (rules == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "a report");
    for (size_t i = 0; i < building->runs.count; i++) {
        const jh_run *run = &building->runs.runs[i];

        if (run->to < building->from || run->from > building->to)
            continue;
        for (size_t r = 0; r < run->rule_count; r++) {
            size_t at = 0;

            while (at < count && strcmp(rules[at].rule, run->rules[r].id) != 0)
                at++;
            count += at == count;
            rules[at].rule = run->rules[r].id;
            rules[at].title = run->rules[r].title;
            rules[at].has_flag = run->rules[r].flag.kind != NULL;
            rules[at].frame += run->results[r].frame;
            rules[at].undecided += run->results[r].undecided;
            rules[at].flagged += run->results[r].flagged;
            rules[at].selected += run->results[r].selected;
        }
    }
    jh_page_section *section = &building->sections[building->count++];

    *section = (jh_page_section){.kind = JH_SECTION_RULES,
                                 .note = say(building, "Sums over the runs of the period.", "本期各次运行合计。")};
    section->is.rules = (jh_page_rules){.rows = rules, .count = count};
    return JIHE_OK;
}

/* What the runs of the period come to. */
struct activity {
    size_t runs;
    const char *last; /* run id */
    struct {
        const char *kind;
        uint64_t flagged;
    } flags[8]; /* of each kind of flag that rules had */
    size_t flag_kinds;
    uint64_t gated; /* groups */
};

static void add_flag(struct activity *sum, const char *kind, const jh_run_result *result)
{
    size_t at = 0;

    while (at < sum->flag_kinds && strcmp(sum->flags[at].kind, kind) != 0)
        at++;
    if (at == sizeof sum->flags / sizeof sum->flags[0])
        return;
    sum->flag_kinds += at == sum->flag_kinds;
    sum->flags[at].kind = kind;
    sum->flags[at].flagged += result->flagged;
    sum->gated += result->gated;
}

static struct activity sum_runs(const struct building *building)
{
    struct activity sum = {.last = ""};

    for (size_t i = 0; i < building->runs.count; i++) {
        const jh_run *run = &building->runs.runs[i];

        if (run->to < building->from || run->from > building->to)
            continue;
        sum.runs++;
        sum.last = run->id;
        for (size_t r = 0; r < run->rule_count; r++)
            if (run->rules[r].flag.kind != NULL)
                add_flag(&sum, jh_flag_kind_name(&run->rules[r].flag), &run->results[r]);
    }
    return sum;
}

static jh_page_fact fact(struct building *building, const char *en, const char *zh, const char *value, bool code)
{
    return (jh_page_fact){
        .label = say(building, en, zh), .value = jh_arena_text(&building->arena, value, strlen(value)), .code = code};
}

/* "jump 3, pace 1; 2 not tested because of a recorded change" */
static void put_flags(const struct building *building, const struct activity *sum, char *text, size_t size)
{
    size_t len = 0;

    for (size_t i = 0; i < sum->flag_kinds && len < size; i++)
        len += (size_t)snprintf(text + len, size - len, "%s%s %llu", i == 0 ? "" : say(building, ", ", "，"),
                                sum->flags[i].kind, (unsigned long long)sum->flags[i].flagged);
    if (sum->gated > 0 && len < size)
        snprintf(text + len, size - len,
                 say(building, "; %llu not tested because of a recorded change", "；另有 %llu 个因已登记的变动未检验"),
                 (unsigned long long)sum->gated);
}

/* Adds what was done in the period to `facts`; returns how many. */
static size_t put_activity(struct building *building, jh_page_fact *facts)
{
    const struct activity sum = sum_runs(building);
    size_t count = 0;
    char text[256];

    snprintf(text, sizeof text, "%zu", sum.runs);
    facts[count++] = fact(building, "Runs in the period", "本期运行次数", text, false);
    snprintf(text, sizeof text, say(building, "%llu, %llu of them not inspected yet", "%llu，其中 %llu 张尚未稽核"),
             (unsigned long long)building->totals.listed, (unsigned long long)building->totals.open);
    facts[count++] = fact(building, "Documents on work lists", "名单上的单据", text, false);
    if (sum.flag_kinds > 0) {
        put_flags(building, &sum, text, sizeof text);
        facts[count++] = fact(building, "People and groups that stand out", "突出的人员和单据组", text, false);
    }
    facts[count++] = fact(building, "Last run", "最后一次运行", sum.last, true);
    return count;
}

static jihe_status add_facts(struct building *building, jihe_error *err)
{
    jh_page_fact *facts = JH_NEW(&building->arena, jh_page_fact, 5);
    uint8_t hash[32];
    char text[96], hex[65];

    if (facts == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "a report");
    size_t count = put_activity(building, facts);
    const uint64_t head = jh_ledger_head(building->ledger, hash);

    jh_hex(hash, sizeof hash, hex);
    snprintf(text, sizeof text, "%llu %s", (unsigned long long)head, hex);
    facts[count++] = fact(building, "Ledger head", "账本头", text, true);
    for (size_t i = 0; i < count; i++)
        if (facts[i].value == NULL)
            return jh_fail(err, JIHE_NO_MEMORY, "a report");
    jh_page_section *section = &building->sections[building->count++];

    *section = (jh_page_section){.kind = JH_SECTION_FACTS};
    section->is.facts = (jh_page_facts){.rows = facts, .count = count};
    return JIHE_OK;
}

static jihe_status build(struct building *building, jihe_error *err)
{
    const size_t team = jh_schema_find(&building->workspace->config.schema, "team", strlen("team"));
    jihe_status st;

    if ((st = jh_runs_load(&building->runs, building->ledger, &building->arena, err)) != JIHE_OK ||
        (st = add_rates(building, "rule", say(building, "Error rates by rule", "按规则的差错率"),
                        say(building, "Rule", "规则"), true, err)) != JIHE_OK ||
        (st = add_trend(building, err)) != JIHE_OK)
        return st;
    if (team != SIZE_MAX && building->workspace->config.schema.columns[team].type == JH_CATEGORY &&
        (st = add_rates(building, "team", say(building, "Error rates by team", "按小组的差错率"),
                        say(building, "Team", "小组"), false, err)) != JIHE_OK)
        return st;
    if ((st = add_rates(building, "clause", say(building, "Clauses cited", "所引条款"), say(building, "Clause", "条款"),
                        false, err)) != JIHE_OK ||
        (st = add_automatic(building, err)) != JIHE_OK || (st = add_rules(building, err)) != JIHE_OK)
        return st;
    return add_facts(building, err);
}

static int put_outfile(void *context, const void *bytes, size_t len)
{
    jh_outfile_put(context, bytes, len);
    return 0; /* a failure is kept for the commit */
}

static const char *workspace_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL || slash[1] == '\0' ? path : slash + 1;
}

static jihe_status write_page(struct building *building, const char *path, jihe_error *err)
{
    char from[16], to[16], period[48];
    jh_outfile *file;
    jihe_status st = jh_outfile_open(&file, path, err);

    if (st != JIHE_OK)
        return st;
    jh_days_text(building->from, from);
    jh_days_text(building->to, to);
    snprintf(period, sizeof period, "%s %s %s", from, say(building, "to", "至"), to);
    const jh_page page = {.title = say(building, "Audit report", "稽核报告"),
                          .lang = building->zh ? "zh" : "en",
                          .workspace = workspace_name(building->workspace->path),
                          .period = period,
                          .sections = building->sections,
                          .count = building->count};

    st = jh_page_write(&page, (jh_sink){.put = put_outfile, .context = file}, err);
    if (st == JIHE_OK)
        return jh_outfile_commit(file, err);
    jh_outfile_discard(file);
    return st;
}

jihe_status jihe_report(jihe_workspace *workspace, const char *from, const char *to, const char *lang, const char *path,
                        jihe_error *err)
{
    struct building building = {.workspace = workspace, .zh = lang != NULL && strncmp(lang, "zh", 2) == 0};
    jihe_status st;

    if ((st = jh_parse_period(from, to, "report", &building.from, &building.to, err)) != JIHE_OK)
        return st;
    if ((st = jh_ledger_open(&building.ledger, workspace->path, 0, err)) != JIHE_OK)
        return st;
    jh_arena_init(&building.arena, 0);
    if ((st = jh_subjects_make(&building.subjects, building.ledger, building.from, building.to, &building.arena,
                               err)) == JIHE_OK &&
        (st = build(&building, err)) == JIHE_OK)
        st = write_page(&building, path, err);
    jh_subjects_deinit(&building.subjects);
    jh_arena_deinit(&building.arena);
    jh_ledger_close(building.ledger);
    return st;
}
