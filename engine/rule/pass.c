#include "rule/pass.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/days.h"
#include "base/error.h"
#include "base/parallel.h"
#include "base/text.h"
#include "expr/expr.h"
#include "rule/flag.h"
#include "rule/latest.h"
#include "rule/rule_column.h"

/* One rule bound to one snapshot. */
struct binding {
    jh_expr *expr; /* NULL when left */
    bool left;     /* the snapshot lies before the rule's window */
};

struct worker {
    jh_expr_scratch *scratch;
    const jh_expr_plan *plan; /* what scratch was made for */
    jh_verdicts *answers;     /* per rule, of the segment at hand; those that are true lie in the frames */
    uint64_t *undecided;      /* of all rules, JH_SEGMENT_ROWS / 64 words each */
};

struct work {
    jh_pass *pass;
    const jh_rule *const *rules;
    struct binding *bindings; /* [part * rule_count + rule] */
    jh_expr_plan **plans;     /* per part: all rules that look there */
    struct worker *workers;
    uint32_t threads;
    _Atomic uint64_t *documents; /* per rule */
    _Atomic uint64_t *undecided;
};

static jihe_status check_money(const jh_column_name *name, const jh_schema *schema, jihe_error *err)
{
    size_t column;
    const jihe_status st = jh_rule_find_column(&column, name, schema, "draw: money", err);

    if (st != JIHE_OK || schema->columns[column].type == JH_MONEY)
        return st;
    return jh_fail_at(err, JIHE_CONFIG, name->place.source, name->place.line, name->place.column,
                      "draw: money: column '%s' has type %s; money units are drawn from a money column", name->name,
                      jh_type_name(schema->columns[column].type));
}

static jihe_status check_columns(const jh_rule *rule, const jh_schema *schema, jh_facts_used *used, jihe_error *err)
{
    jihe_status st = rule->draw.kind == JH_DRAW_MONEY ? check_money(&rule->draw.money, schema, err) : JIHE_OK;

    for (size_t i = 0; st == JIHE_OK && i < rule->draw.by_count; i++)
        st = jh_rule_check_category(&rule->draw.by[i], schema, "draw: by", err);
    return st != JIHE_OK || rule->flag.kind == NULL ? st : jh_flag_check(&rule->flag, schema, used, err);
}

jihe_status jh_rule_check(const jh_rule *rule, const jh_schema *schema, const jh_facts *facts, jh_facts_used *used,
                          jihe_error *err)
{
    jh_arena arena;
    jh_expr *expr;

    jh_arena_init(&arena, 0);
    jihe_status st =
        jh_expr_compile(&expr, rule->where, rule->where_len, rule->where_place, schema, facts, &arena, err);

    if (st == JIHE_OK &&
        (st = jh_expr_reach(expr, rule->where, rule->where_len, rule->where_place, &arena, err)) == JIHE_OK)
        st = check_columns(rule, schema, used, err);
    if (st == JIHE_OK && used != NULL)
        jh_expr_facts(expr, used);
    jh_arena_deinit(&arena);
    return st;
}

static jihe_status wrap_bind(const jh_rule *rule, const jh_snapshot *snapshot, jihe_status st, jihe_error *err)
{
    char date[16];

    jh_days_text(jh_snapshot_manifest(snapshot)->date, date);
    return jh_wrap(err, st, "rule %s on the snapshot of %s", rule->id, date);
}

static jihe_status bind_rule(struct binding *binding, const jh_rule *rule, const jh_snapshot *snapshot,
                             const jh_facts *facts, jh_arena *arena, jihe_error *err)
{
    const jh_schema *schema = jh_snapshot_schema(snapshot);
    jh_expr *expr;
    jihe_status st;

    if ((st = jh_expr_compile(&expr, rule->where, rule->where_len, rule->where_place, schema, facts, arena, err)) !=
            JIHE_OK ||
        (st = check_columns(rule, schema, NULL, err)) != JIHE_OK)
        return wrap_bind(rule, snapshot, st, err);
    binding->expr = expr;
    return JIHE_OK;
}

jihe_status jh_pass_id(const jh_pass *pass, uint64_t segment, uint32_t row, jh_col_room *room, const char **id,
                       uint32_t *len, jihe_error *err)
{
    const jh_pass_segment *at = &pass->segments[segment];
    const jh_snapshot *snapshot = pass->parts[at->part];
    jh_col_view view;
    uint32_t number;
    const jihe_status st =
        jh_snapshot_row(snapshot, at->segment, row, jh_snapshot_schema(snapshot)->id, room, &view, &number, err);

    if (st != JIHE_OK)
        return st;
    *id = view.bytes + view.offsets[number];
    *len = view.offsets[number + 1] - view.offsets[number];
    return JIHE_OK;
}

uint32_t jh_pass_code(const jh_col_view *view, uint32_t row)
{
    switch (view->width) {
    case 0:
        return (uint32_t)view->base;
    case 1:
        return (uint32_t)view->base + ((const uint8_t *)view->codes)[row];
    case 2:
        return (uint32_t)view->base + ((const uint16_t *)view->codes)[row];
    default:
        return (uint32_t)view->base + ((const uint32_t *)view->codes)[row];
    }
}

static jihe_status scratch_for(struct worker *worker, const jh_expr_plan *plan, jihe_error *err)
{
    if (worker->plan == plan)
        return JIHE_OK;
    jh_expr_scratch_free(worker->scratch);
    worker->plan = NULL;
    const jihe_status st = jh_expr_scratch_new(&worker->scratch, plan, err);

    if (st == JIHE_OK)
        worker->plan = plan;
    return st;
}

/* Documents that a later snapshot has again count nowhere. */
static void leave_superseded(const jh_pass *pass, const jh_pass_segment *at, uint64_t *hit, uint64_t *undecided)
{
    const uint64_t *superseded = pass->superseded + at->word;

    for (size_t w = 0; w < jh_bits_words(at->rows); w++) {
        hit[w] &= ~superseded[w];
        undecided[w] &= ~superseded[w];
    }
}

/* What becomes of one rule's answer. */
static void settle_rule(struct work *work, const jh_pass_segment *at, size_t r, jh_verdicts answer)
{
    if (work->pass->superseded != NULL)
        leave_superseded(work->pass, at, answer.yes, answer.undecided);
    atomic_fetch_add_explicit(&work->documents[r], jh_bits_count(answer.yes, at->rows), memory_order_relaxed);
    atomic_fetch_add_explicit(&work->undecided[r], jh_bits_count(answer.undecided, at->rows), memory_order_relaxed);
}

/* All rules over one segment, its columns being read once. */
static jihe_status eval_segment(void *context, uint32_t worker_number, uint64_t index, jihe_error *err)
{
    struct work *work = context;
    const size_t rules = work->pass->rule_count;
    const jh_pass_segment *at = &work->pass->segments[index];
    const struct binding *bindings = &work->bindings[at->part * rules];
    struct worker *worker = &work->workers[worker_number];
    jihe_status st = scratch_for(worker, work->plans[at->part], err);

    for (size_t r = 0; r < rules; r++)
        worker->answers[r] =
            (jh_verdicts){work->pass->frames[r].bits + at->word, worker->undecided + r * (JH_SEGMENT_ROWS / 64)};
    if (st == JIHE_OK)
        st = jh_expr_eval(worker->plan, at->segment, worker->scratch, worker->answers, err);
    for (size_t r = 0; r < rules && st == JIHE_OK; r++)
        if (!bindings[r].left)
            settle_rule(work, at, r, worker->answers[r]);
    return st;
}

static void free_workers(struct work *work)
{
    for (uint32_t t = 0; work->workers != NULL && t < work->threads; t++) {
        jh_expr_scratch_free(work->workers[t].scratch);
        free(work->workers[t].answers);
        free(work->workers[t].undecided);
    }
    free(work->workers);
}

static bool new_workers(struct work *work)
{
    const size_t rules = work->pass->rule_count;

    work->workers = calloc(work->threads, sizeof *work->workers);
    for (uint32_t t = 0; work->workers != NULL && t < work->threads; t++) {
        struct worker *worker = &work->workers[t];

        worker->answers = calloc(rules + 1, sizeof *worker->answers);
        worker->undecided = calloc(rules + 1, JH_SEGMENT_ROWS / 8);
        if (worker->answers == NULL || worker->undecided == NULL)
            return false;
    }
    return work->workers != NULL;
}

/* The list of segments and the empty bitmaps. */
static jihe_status lay_out(jh_pass *pass, jihe_error *err)
{
    uint64_t word = 0, count = 0;

    for (size_t p = 0; p < pass->part_count; p++)
        count += jh_snapshot_segments(pass->parts[p]);
    pass->segments = calloc(count + 1, sizeof *pass->segments);
    pass->frames = calloc(pass->rule_count + 1, sizeof *pass->frames);
    if (pass->segments == NULL || pass->frames == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "the rule pass");
    for (size_t p = 0; p < pass->part_count; p++)
        for (uint32_t s = 0; s < jh_snapshot_segments(pass->parts[p]); s++) {
            jh_pass_segment *at = &pass->segments[pass->segment_count++];

            *at = (jh_pass_segment){
                .part = (uint32_t)p, .segment = s, .rows = jh_snapshot_segment_rows(pass->parts[p], s), .word = word};
            word += jh_bits_words(at->rows);
        }
    for (size_t r = 0; r < pass->rule_count; r++)
        if ((pass->frames[r].bits = calloc(word + 1, sizeof(uint64_t))) == NULL)
            return jh_fail(err, JIHE_NO_MEMORY, "frames of %zu rules over %llu documents", pass->rule_count,
                           (unsigned long long)word * 64);
    return JIHE_OK;
}

/* One rule on one part, unless it does not look there: an older snapshot may lack its columns. */
static jihe_status bind_part(struct work *work, size_t p, size_t r, jh_pass_dates period, const jh_facts *facts,
                             jh_arena *arena, jihe_error *err)
{
    struct binding *binding = &work->bindings[p * work->pass->rule_count + r];
    const jh_snapshot *snapshot = work->pass->parts[p];

    binding->left =
        jh_snapshot_manifest(snapshot)->date < jh_window_first(work->rules[r]->window, period.from, period.to);
    return binding->left ? JIHE_OK : bind_rule(binding, work->rules[r], snapshot, facts, arena, err);
}

/* The rules that look at a part, as one plan. */
static jihe_status plan_part(struct work *work, size_t p, jh_arena *arena, jihe_error *err)
{
    const size_t rules = work->pass->rule_count;
    const jh_expr **exprs = JH_NEW(arena, const jh_expr *, rules + 1);
    char date[16];

    if (exprs == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "binding the rules");
    for (size_t r = 0; r < rules; r++)
        exprs[r] = work->bindings[p * rules + r].expr;
    jh_days_text(jh_snapshot_manifest(work->pass->parts[p])->date, date);
    return jh_wrap(err, jh_expr_bind(&work->plans[p], exprs, rules, work->pass->parts[p], arena, err),
                   "rules on the snapshot of %s", date);
}

static jihe_status bind_all(struct work *work, jh_pass_dates period, const jh_facts *facts, jh_arena *arena,
                            jihe_error *err)
{
    const size_t rules = work->pass->rule_count;
    jihe_status st = JIHE_OK;

    work->bindings = JH_NEW(arena, struct binding, work->pass->part_count * rules + 1);
    work->plans = JH_NEW(arena, jh_expr_plan *, work->pass->part_count + 1);
    if (work->bindings == NULL || work->plans == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "binding the rules");
    for (size_t p = 0; st == JIHE_OK && p < work->pass->part_count; p++) {
        for (size_t r = 0; st == JIHE_OK && r < rules; r++)
            st = bind_part(work, p, r, period, facts, arena, err);
        if (st == JIHE_OK)
            st = plan_part(work, p, arena, err);
    }
    return st;
}

static jihe_status evaluate(struct work *work, jihe_error *err)
{
    const size_t rules = work->pass->rule_count;

    work->documents = calloc(rules + 1, sizeof *work->documents);
    work->undecided = calloc(rules + 1, sizeof *work->undecided);
    if (work->documents == NULL || work->undecided == NULL || !new_workers(work))
        return jh_fail(err, JIHE_NO_MEMORY, "the rule pass");
    const jihe_status st = jh_parallel(work->threads, work->pass->segment_count, eval_segment, work, err);

    for (size_t r = 0; st == JIHE_OK && r < rules; r++) {
        work->pass->frames[r].documents = work->documents[r];
        work->pass->frames[r].undecided = work->undecided[r];
    }
    return st;
}

jihe_status jh_pass_run(jh_pass *pass, const jh_rule *const *rules, size_t rule_count, jh_snapshot *const *parts,
                        size_t part_count, jh_pass_dates period, bool latest, const jh_facts *facts, uint32_t threads,
                        jihe_error *err)
{
    struct work work = {.pass = pass, .rules = rules, .threads = threads == 0 ? 1 : threads};
    jh_arena arena;
    jihe_status st;

    *pass = (jh_pass){.parts = parts, .part_count = part_count, .rule_count = rule_count};
    jh_arena_init(&arena, 0);
    if ((st = lay_out(pass, err)) == JIHE_OK && (st = bind_all(&work, period, facts, &arena, err)) == JIHE_OK &&
        (!latest || (st = jh_latest_find(pass, JH_LATEST_TABLES, work.threads, err)) == JIHE_OK))
        st = evaluate(&work, err);
    free_workers(&work);
    free(work.documents);
    free(work.undecided);
    jh_arena_deinit(&arena);
    if (st != JIHE_OK)
        jh_pass_deinit(pass);
    return st;
}

void jh_pass_deinit(jh_pass *pass)
{
    for (size_t r = 0; pass->frames != NULL && r < pass->rule_count; r++)
        free(pass->frames[r].bits);
    free(pass->frames);
    free(pass->superseded);
    free(pass->segments);
    *pass = (jh_pass){0};
}
