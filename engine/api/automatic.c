#include "api/automatic.h"

#include <stdlib.h>
#include <string.h>

#include "api/evaluation.h"
#include "base/bits.h"
#include "base/days.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "ledger/postings.h"
#include "rate/rates.h"
#include "sample/keymap.h"

/* One rule on one snapshot of one run. */
struct look {
    const jh_run *run;
    size_t rule, snapshot; /* indexes in the run */
    size_t order;          /* of the run among all */
};

struct making {
    const jihe_workspace *workspace;
    jh_ledger *ledger;
    const jh_automatic_query *query;
    jh_arena *arena;
    jh_automatics *out;
    size_t room;
    uint32_t *slots; /* open addressing by rule, clause and keys: row + 1 */
    size_t slot_count;
    jh_buf name; /* work: rule, clause and keys, each with its NUL */
};

/* What the looks of one run share. */
struct scene {
    const jh_run *run;
    jh_zone *zone;
    jh_workspace_facts facts;
    jh_snapshot **parts;
    jh_pass pass; /* without rules: the segments, and which documents later snapshots have again */
    jh_hits hits;
    uint64_t *found, *hit, *undecided; /* bit per row of the segment at hand */
};

static const char *rule_of(const struct look *look)
{
    return look->run->rules[look->rule].id;
}

static int32_t date_of(const struct look *look)
{
    return look->run->snapshots[look->snapshot].date;
}

static int order_looks(const void *a, const void *b)
{
    const struct look *x = a, *y = b;
    const int order = strcmp(rule_of(x), rule_of(y));

    if (order != 0)
        return order;
    if (date_of(x) != date_of(y))
        return date_of(x) < date_of(y) ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

static int order_by_run(const void *a, const void *b)
{
    const struct look *x = a, *y = b;

    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    if (x->snapshot != y->snapshot)
        return x->snapshot < y->snapshot ? -1 : 1;
    return (x->rule > y->rule) - (x->rule < y->rule);
}

static size_t list_looks(struct look *looks, const jh_run *run, size_t order, const jh_automatic_query *query)
{
    size_t count = 0;

    for (size_t r = 0; r < run->rule_count; r++) {
        const int32_t first = jh_window_first(run->rules[r].window, run->from, run->to);

        for (size_t s = 0; run->rules[r].expect_none && s < run->snapshot_count; s++)
            if (run->snapshots[s].date >= first && run->snapshots[s].date >= query->from &&
                run->snapshots[s].date <= query->to)
                looks[count++] = (struct look){.run = run, .rule = r, .snapshot = s, .order = order};
    }
    return count;
}

/* The last look of each rule at each date, in order of runs. */
static jihe_status choose_looks(struct look **out, size_t *count, const jh_runs *runs, const jh_automatic_query *query,
                                jihe_error *err)
{
    size_t most = 0, listed = 0;

    for (size_t i = 0; i < runs->count; i++)
        most += runs->runs[i].rule_count * runs->runs[i].snapshot_count;
    struct look *looks = calloc(most + 1, sizeof *looks);

    *out = looks;
    *count = 0;
    if (looks == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "automatic checks");
    for (size_t i = 0; i < runs->count; i++)
        listed += list_looks(looks + listed, &runs->runs[i], i, query);
    qsort(looks, listed, sizeof *looks, order_looks);
    for (size_t i = 0; i < listed; i++)
        if (i + 1 == listed || strcmp(rule_of(&looks[i]), rule_of(&looks[i + 1])) != 0 ||
            date_of(&looks[i]) != date_of(&looks[i + 1]))
            looks[(*count)++] = looks[i];
    qsort(looks, *count, sizeof *looks, order_by_run);
    return JIHE_OK;
}

static jihe_status check_keys(const struct making *making, jihe_error *err)
{
    const jh_schema *schema = &making->workspace->config.schema;
    const char *names[JH_MAX_COLUMNS + 1];
    size_t count = 0;

    names[count++] = "month";
    for (size_t i = 0; i < schema->count; i++)
        if (schema->columns[i].type == JH_CATEGORY && schema->columns[i].list == NULL)
            names[count++] = schema->columns[i].name;
    for (size_t k = 0; k < making->query->key_count; k++) {
        const char *key = making->query->keys[k];
        bool known = false;

        for (size_t i = 0; i < count; i++)
            known = known || strcmp(names[i], key) == 0;
        if (known)
            continue;
        const char *near = jh_text_nearest(key, names, count);

        return jh_fail(err, JIHE_USAGE, "automatic checks have no key '%s'; expected month or a category column%s%s%s",
                       key, near == NULL ? "" : "; did you mean '", near == NULL ? "" : near, near == NULL ? "" : "'?");
    }
    return JIHE_OK;
}

/* --- counting one look --- */

struct tallying {
    struct making *making;
    const jh_snapshot *snapshot;
    size_t columns[JH_MAX_KEYS]; /* SIZE_MAX: month, or not in this snapshot */
    jh_dict_view dicts[JH_MAX_KEYS];
    jh_col_view views[JH_MAX_KEYS];
    jh_keymap map; /* a row's codes in mixed radix -> 1 + its place among the rows of the result */
};

static jihe_status bind_keys(struct tallying *tallying, jihe_error *err)
{
    const jh_automatic_query *query = tallying->making->query;
    const jh_schema *schema = jh_snapshot_schema(tallying->snapshot);
    jh_u128 product = 1;

    for (size_t k = 0; k < query->key_count; k++) {
        const size_t column = jh_schema_find(schema, query->keys[k], strlen(query->keys[k]));
        const bool there =
            column != SIZE_MAX && schema->columns[column].type == JH_CATEGORY && schema->columns[column].list == NULL;

        tallying->columns[k] = there ? column : SIZE_MAX;
        if (!there)
            continue;
        const jihe_status st = jh_snapshot_dict(tallying->snapshot, column, &tallying->dicts[k], err);

        if (st != JIHE_OK)
            return st;
        product *= (jh_u128)tallying->dicts[k].count + 1;
        if (product >= UINT64_MAX)
            return jh_fail(err, JIHE_USAGE, "these keys have more than 2^64 combinations of values; use fewer");
    }
    return JIHE_OK;
}

static jihe_status view_keys(struct tallying *tallying, uint32_t segment, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    for (size_t k = 0; st == JIHE_OK && k < tallying->making->query->key_count; k++) {
        jh_col_view *view = &tallying->views[k];

        if (tallying->columns[k] == SIZE_MAX)
            continue;
        st = jh_snapshot_column(tallying->snapshot, segment, tallying->columns[k], NULL, view, err);
        if (st == JIHE_OK &&
            (view->base < 0 || (view->nulls < view->rows && view->max >= (int64_t)tallying->dicts[k].count)))
            st = jh_fail(err, JIHE_CORRUPT, "segment %u: codes that its dictionary does not have", segment);
    }
    return st;
}

static uint64_t code_of(const struct tallying *tallying, uint32_t row)
{
    uint64_t code = 0;

    for (size_t k = 0; k < tallying->making->query->key_count; k++) {
        const jh_dict_view *dict = &tallying->dicts[k];
        const jh_col_view *view = &tallying->views[k];

        if (tallying->columns[k] != SIZE_MAX)
            code = code * ((uint64_t)dict->count + 1) +
                   (jh_col_present(view, row) ? jh_pass_code(view, row) : dict->count);
    }
    return code;
}

/* "rule\0clause\0key\0...key\0" of a document. */
static bool name_row(const struct tallying *tallying, const jh_rule *rule, uint32_t row, jh_buf *out)
{
    const jh_automatic_query *query = tallying->making->query;
    char month[16];

    jh_days_month_text(jh_days_month(jh_snapshot_manifest(tallying->snapshot)->date), month);
    jh_buf_clear(out);
    jh_buf_put(out, rule->id, strlen(rule->id) + 1);
    jh_buf_put(out, rule->clause, strlen(rule->clause) + 1);
    for (size_t k = 0; k < query->key_count; k++) {
        if (strcmp(query->keys[k], "month") == 0) {
            jh_buf_puts(out, month);
        } else if (tallying->columns[k] != SIZE_MAX && jh_col_present(&tallying->views[k], row)) {
            const jh_dict_view *dict = &tallying->dicts[k];
            const uint32_t code = jh_pass_code(&tallying->views[k], row);

            jh_buf_put(out, dict->bytes + dict->offsets[code], dict->offsets[code + 1] - dict->offsets[code]);
        }
        jh_buf_putc(out, '\0');
    }
    return !out->failed;
}

/* The length of a row's name, which begins where its rule does. */
static size_t name_length(const jh_automatic *row, size_t key_count)
{
    const char *last = key_count == 0 ? row->clause : row->keys[key_count - 1];

    return (size_t)(last + strlen(last) + 1 - row->rule);
}

static size_t slot_of(const struct making *making, const void *name, size_t len)
{
    size_t at = jh_hash64(name, len) & (making->slot_count - 1);

    for (; making->slots[at] != 0; at = (at + 1) & (making->slot_count - 1)) {
        const jh_automatic *row = &making->out->rows[making->slots[at] - 1];

        if (name_length(row, making->query->key_count) == len && memcmp(row->rule, name, len) == 0)
            break;
    }
    return at;
}

static bool grow_slots(struct making *making)
{
    const size_t count = making->slot_count == 0 ? 256 : making->slot_count * 2;
    uint32_t *slots = calloc(count, sizeof *slots);

    if (slots == NULL)
        return false;
    free(making->slots);
    making->slots = slots;
    making->slot_count = count;
    for (size_t i = 0; i < making->out->count; i++) {
        const jh_automatic *row = &making->out->rows[i];

        making->slots[slot_of(making, row->rule, name_length(row, making->query->key_count))] = (uint32_t)i + 1;
    }
    return true;
}

/* A new row of this name, which is copied. */
static bool add_row(struct making *making, const jh_rule *rule)
{
    jh_automatics *out = making->out;
    const char **keys = JH_NEW(making->arena, const char *, making->query->key_count + 1);
    char *name = jh_arena_text(making->arena, (const char *)making->name.bytes, making->name.len);
    jh_automatic *rows = jh_arena_list(making->arena, out->rows, out->count, &making->room, sizeof *out->rows);

    if (keys == NULL || name == NULL || rows == NULL)
        return false;
    out->rows = rows;
    out->rows[out->count] = (jh_automatic){.rule = name, .keys = keys, .flag = rule->flag.kind != NULL};
    out->rows[out->count].clause = name += strlen(name) + 1;
    for (size_t k = 0; k < making->query->key_count; k++)
        keys[k] = name += strlen(name) + 1;
    out->count++;
    return true;
}

/* The counts of a row's keys, made when new. NULL: no memory. */
static jh_automatic *counts_of(struct tallying *tallying, const jh_rule *rule, uint32_t row)
{
    struct making *making = tallying->making;
    uint64_t *at = jh_keymap_at(&tallying->map, code_of(tallying, row));

    if (at == NULL)
        return NULL;
    if (*at == 0) {
        if (!name_row(tallying, rule, row, &making->name) ||
            (making->out->count * 2 >= making->slot_count && !grow_slots(making)))
            return NULL;
        const size_t slot = slot_of(making, making->name.bytes, making->name.len);

        if (making->slots[slot] == 0) {
            if (!add_row(making, rule))
                return NULL;
            making->slots[slot] = (uint32_t)making->out->count;
        }
        *at = making->slots[slot];
        making->out->rows[*at - 1].title = rule->title; /* that of the last run */
    }
    return &making->out->rows[*at - 1];
}

static jihe_status count_segment(struct tallying *tallying, const struct scene *scene, const jh_rule *rule,
                                 const jh_pass_segment *at, jihe_error *err)
{
    const uint64_t *superseded = scene->pass.superseded == NULL ? NULL : scene->pass.superseded + at->word;
    const size_t words = jh_bits_words(at->rows);
    const jihe_status st = view_keys(tallying, at->segment, err);

    for (size_t w = 0; st == JIHE_OK && w < words; w++) {
        const uint64_t in_use = w + 1 == words ? jh_bits_tail(at->rows) : ~UINT64_C(0);
        const uint64_t looked = superseded == NULL ? in_use : in_use & ~superseded[w];
        const uint64_t undecided = looked & scene->undecided[w];
        const uint64_t checked = looked & (rule->flag.kind != NULL ? scene->hit[w] : ~undecided);

        for (uint64_t left = checked | undecided; left != 0; left &= left - 1) {
            const uint64_t bit = left & -left;
            jh_automatic *counts = counts_of(tallying, rule, (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(left));

            if (counts == NULL)
                return jh_fail(err, JIHE_NO_MEMORY, "automatic checks");
            counts->checked += (checked & bit) != 0;
            counts->undecided += (undecided & bit) != 0;
            counts->findings += (checked & scene->found[w] & bit) != 0;
        }
    }
    return st;
}

/* The rows of a segment that the rule recorded as hits. */
static void mark_found(struct scene *scene, const struct look *look, uint32_t segment)
{
    const jh_hits *hits = &scene->hits;

    memset(scene->found, 0, JH_SEGMENT_ROWS / 8);
    for (size_t i = 0; i < hits->hit_count; i++) {
        const jh_hit_document *document = &hits->documents[hits->hits[i].document];

        if (hits->hits[i].rule == look->rule && document->snapshot == look->snapshot && document->segment == segment &&
            document->row < JH_SEGMENT_ROWS)
            jh_bits_set(scene->found, document->row);
    }
}

static jihe_status count_segments(struct tallying *tallying, struct scene *scene, const struct look *look,
                                  const jh_expr_plan *plan, jihe_error *err)
{
    const jh_rule *rule = &look->run->rules[look->rule];
    const jh_verdicts answer = {scene->hit, scene->undecided};
    jh_expr_scratch *scratch = NULL;
    jihe_status st = jh_expr_scratch_new(&scratch, plan, err);

    for (uint64_t s = 0; st == JIHE_OK && s < scene->pass.segment_count; s++) {
        const jh_pass_segment *at = &scene->pass.segments[s];

        if (at->part != look->snapshot)
            continue;
        mark_found(scene, look, at->segment);
        if ((st = jh_expr_eval(plan, at->segment, scratch, &answer, err)) == JIHE_OK)
            st = count_segment(tallying, scene, rule, at, err);
    }
    jh_expr_scratch_free(scratch);
    return st;
}

static jihe_status count_look(struct making *making, struct scene *scene, const struct look *look, jihe_error *err)
{
    const jh_rule *rule = &look->run->rules[look->rule];
    struct tallying tallying = {.making = making, .snapshot = scene->parts[look->snapshot]};
    jh_expr_plan *plan;
    jh_expr *expr;
    jh_arena arena;
    jihe_status st;

    jh_arena_init(&arena, 0);
    if ((st = bind_keys(&tallying, err)) == JIHE_OK &&
        (st = jh_expr_compile(&expr, rule->where, rule->where_len, rule->where_place,
                              jh_snapshot_schema(tallying.snapshot), &scene->facts.facts, &arena, err)) == JIHE_OK &&
        (st = jh_expr_bind(&plan, (const jh_expr *const *)&expr, 1, tallying.snapshot, &arena, err)) == JIHE_OK)
        st = count_segments(&tallying, scene, look, plan, err);
    jh_keymap_deinit(&tallying.map);
    jh_arena_deinit(&arena);
    return st == JIHE_OK ? st : jh_wrap(err, st, "rule %s", rule->id);
}

/* --- one run --- */

static jihe_status set_scene(struct scene *scene, const struct making *making, jihe_error *err)
{
    const jh_run *run = scene->run;
    const char *path = making->workspace->path;
    jh_roster roster = {0};
    jihe_status st;

    if ((run->roster != 0 &&
         (st = jh_postings_load(&roster, making->ledger, run->roster, NULL, making->arena, err)) != JIHE_OK) ||
        (st = jh_zone_open(&scene->zone, run->timezone, err)) != JIHE_OK ||
        (st = jh_run_facts_load(&scene->facts, run, path, scene->zone, &roster, err)) != JIHE_OK ||
        (st = jh_run_hits(&scene->hits, making->ledger, run, err)) != JIHE_OK ||
        (st = jh_pass_run(&scene->pass, NULL, 0, scene->parts, run->snapshot_count, (jh_pass_dates){run->from, run->to},
                          run->latest, &scene->facts.facts, making->workspace->threads, err)) != JIHE_OK)
        return st;
    scene->found = calloc(JH_SEGMENT_ROWS / 64, sizeof *scene->found);
    scene->hit = calloc(JH_SEGMENT_ROWS / 64, sizeof *scene->hit);
    scene->undecided = calloc(JH_SEGMENT_ROWS / 64, sizeof *scene->undecided);
    return scene->found == NULL || scene->hit == NULL || scene->undecided == NULL
               ? jh_fail(err, JIHE_NO_MEMORY, "automatic checks")
               : JIHE_OK;
}

static jihe_status count_run(struct making *making, const struct look *looks, size_t count, jihe_error *err)
{
    struct scene scene = {.run = looks[0].run};
    jihe_status st =
        jh_open_snapshots(&scene.parts, making->workspace->path, scene.run->snapshots, scene.run->snapshot_count, err);

    if (st == JIHE_NOT_FOUND) {
        making->out->gone += count;
        return JIHE_OK;
    }
    if (st == JIHE_OK)
        st = set_scene(&scene, making, err);
    for (size_t i = 0; st == JIHE_OK && i < count; i++)
        st = count_look(making, &scene, &looks[i], err);
    free(scene.found);
    free(scene.hit);
    free(scene.undecided);
    jh_pass_deinit(&scene.pass);
    jh_hits_deinit(&scene.hits);
    jh_close_snapshots(scene.parts, scene.run->snapshot_count);
    jh_workspace_facts_deinit(&scene.facts);
    jh_zone_free(scene.zone);
    return st;
}

/* --- the whole --- */

static int order_rows(const void *a, const void *b, void *context)
{
    const struct making *making = context;
    const jh_automatic *x = a, *y = b;
    int order = strcmp(x->rule, y->rule);

    if (order == 0)
        order = strcmp(x->clause, y->clause);
    for (size_t k = 0; order == 0 && k < making->query->key_count; k++)
        order = strcmp(x->keys[k], y->keys[k]);
    return order;
}

jihe_status jh_automatic_make(jh_automatics *out, const jihe_workspace *workspace, jh_ledger *ledger,
                              const jh_automatic_query *query, jh_arena *arena, jihe_error *err)
{
    struct making making = {.workspace = workspace, .ledger = ledger, .query = query, .arena = arena, .out = out};
    struct look *looks = NULL;
    jh_runs runs;
    size_t count;
    jihe_status st;

    *out = (jh_automatics){0};
    if (query->key_count > JH_MAX_KEYS)
        return jh_fail(err, JIHE_USAGE, "%zu keys to group by; at most %d", query->key_count, JH_MAX_KEYS);
    if ((st = check_keys(&making, err)) != JIHE_OK || (st = jh_runs_load(&runs, ledger, arena, err)) != JIHE_OK)
        return st;
    st = choose_looks(&looks, &count, &runs, query, err);
    for (size_t i = 0, end; st == JIHE_OK && i < count; i = end) {
        for (end = i + 1; end < count && looks[end].run == looks[i].run;)
            end++;
        st = count_run(&making, &looks[i], end - i, err);
    }
    free(looks);
    free(making.slots);
    jh_buf_deinit(&making.name);
    if (st == JIHE_OK && out->count > 0)
        qsort_r(out->rows, out->count, sizeof *out->rows, order_rows, &making);
    return st;
}
