#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "expr/expr_step.h"

/* Runs the steps of a plan over a segment: what the segment's smallest and largest values decide first, the rest batch
 * by batch, all expressions of a plan while the batch's columns are in the cache. */

struct jh_expr_scratch {
    const jh_expr_plan *plan;
    jh_sight sight;
    jh_prospect *tests;  /* per test */
    jh_outlook *exprs;   /* per expression */
    jh_outlook *states;  /* per register, while an expression's outlook is worked out */
    uint64_t *kept_for;  /* per kept verdict: number of the batch it is of */
    uint64_t batch;      /* number of the batch at hand, of all this scratch has seen */
    uint64_t *registers; /* 2 * JH_BATCH_WORDS each, kept verdicts behind those of the steps */
    uint64_t *need;      /* JH_BATCH_WORDS */
    uint64_t *spare;     /* likewise */
};

static bool searches(const jh_expr_plan *plan)
{
    for (size_t i = 0; i < plan->test_count; i++)
        if (plan->tests[i].predicate.kind == JH_PREDICATE_TEXT &&
            plan->tests[i].predicate.as.test.kind == JH_TREE_MATCH)
            return true;
    return false;
}

static bool get_memory(jh_expr_scratch *scratch, const jh_expr_plan *plan)
{
    const size_t registers = plan->registers + plan->kept + 1;
    jh_sight *sight = &scratch->sight;

    *sight = (jh_sight){.snapshot = plan->snapshot, .kernels = jh_kernels_best(), .slots = plan->slots};
    sight->views = calloc(plan->slot_count + 1, sizeof *sight->views);
    sight->rooms = calloc(plan->slot_count + 1, sizeof *sight->rooms);
    sight->seen = calloc(plan->slot_count + 1, sizeof *sight->seen);
    sight->room = searches(plan) ? jh_pattern_room_new() : NULL;
    scratch->tests = calloc(plan->test_count + 1, sizeof *scratch->tests);
    scratch->exprs = calloc(plan->expr_count + 1, sizeof *scratch->exprs);
    scratch->states = calloc(plan->registers + 1, sizeof *scratch->states);
    scratch->kept_for = calloc(plan->kept + 1, sizeof *scratch->kept_for);
    scratch->registers = calloc(registers * 2 * JH_BATCH_WORDS, sizeof *scratch->registers);
    if (scratch->registers != NULL) {
        scratch->need = scratch->registers + (registers - 1) * 2 * JH_BATCH_WORDS;
        scratch->spare = scratch->need + JH_BATCH_WORDS;
    }
    return sight->views != NULL && sight->rooms != NULL && sight->seen != NULL &&
           (sight->room != NULL || !searches(plan)) && scratch->tests != NULL && scratch->exprs != NULL &&
           scratch->states != NULL && scratch->kept_for != NULL && scratch->registers != NULL;
}

jihe_status jh_expr_scratch_new(jh_expr_scratch **out, const jh_expr_plan *plan, jihe_error *err)
{
    jh_expr_scratch *scratch = calloc(1, sizeof *scratch);

    *out = NULL;
    if (scratch != NULL)
        scratch->plan = plan;
    if (scratch == NULL || !get_memory(scratch, plan)) {
        jh_expr_scratch_free(scratch);
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for the registers of %zu expressions", plan->expr_count);
    }
    *out = scratch;
    return JIHE_OK;
}

void jh_expr_scratch_free(jh_expr_scratch *scratch)
{
    if (scratch == NULL)
        return;
    for (size_t i = 0; scratch->sight.rooms != NULL && i < scratch->plan->slot_count; i++)
        jh_col_room_deinit(&scratch->sight.rooms[i]);
    free(scratch->sight.rooms);
    free(scratch->sight.views);
    free(scratch->sight.seen);
    jh_pattern_room_free(scratch->sight.room);
    free(scratch->tests);
    free(scratch->exprs);
    free(scratch->states);
    free(scratch->kept_for);
    free(scratch->registers);
    free(scratch);
}

/* --- a segment as a whole --- */

static jihe_status outlook_of_test(jh_expr_scratch *scratch, uint32_t test, jh_outlook *out, jihe_error *err)
{
    jh_prospect *prospect = &scratch->tests[test];
    jihe_status st = JIHE_OK;

    if (prospect->outlook == JH_OUTLOOK_UNKNOWN)
        st = jh_predicate_outlook(&scratch->plan->tests[test].predicate, &scratch->sight, prospect, err);
    *out = prospect->outlook;
    return st;
}

/* Where `decides` stands on one side it is the answer; where the other certainty stands on both, that is. */
static jh_outlook join(jh_outlook a, jh_outlook b, jh_outlook decides)
{
    if (a == decides || b == decides)
        return decides;
    return a == b ? a : JH_OUTLOOK_OPEN;
}

static jh_outlook turn(jh_outlook a)
{
    return a == JH_OUTLOOK_NONE ? JH_OUTLOOK_ALL : a == JH_OUTLOOK_ALL ? JH_OUTLOOK_NONE : a;
}

/* The steps of one expression over what is known of whole segments. Tests behind one that decides stay unasked. */
static jihe_status outlook_of_expr(jh_expr_scratch *scratch, size_t expr, jihe_error *err)
{
    const jh_plan_steps range = scratch->plan->exprs[expr];
    jh_outlook *states = scratch->states;
    jihe_status st = JIHE_OK;

    for (uint32_t i = range.first; i < range.end && st == JIHE_OK; i++) {
        const jh_step *step = &scratch->plan->steps[i];
        jh_outlook *dst = &states[step->dst];

        switch (step->kind) {
        case JH_STEP_CONST:
            *dst = step->truth ? JH_OUTLOOK_ALL : JH_OUTLOOK_NONE;
            break;
        case JH_STEP_TEST:
            st = outlook_of_test(scratch, step->test, dst, err);
            break;
        case JH_STEP_AND:
            *dst = join(dst[0], dst[1], JH_OUTLOOK_NONE);
            break;
        case JH_STEP_OR:
            *dst = join(dst[0], dst[1], JH_OUTLOOK_ALL);
            break;
        case JH_STEP_NOT:
            *dst = turn(*dst);
            break;
        case JH_STEP_UNLESS:
        case JH_STEP_UNTIL:
            if (*dst == (step->kind == JH_STEP_UNLESS ? JH_OUTLOOK_NONE : JH_OUTLOOK_ALL))
                i = step->to - 1;
            break;
        }
    }
    scratch->exprs[expr] = states[0];
    return st;
}

static jihe_status begin_segment(jh_expr_scratch *scratch, uint32_t segment, const jh_verdicts *answers,
                                 jihe_error *err)
{
    const jh_expr_plan *plan = scratch->plan;
    const uint32_t rows = jh_snapshot_segment_rows(plan->snapshot, segment);
    jihe_status st = JIHE_OK;

    scratch->sight.segment = segment;
    scratch->sight.rows = rows;
    memset(scratch->sight.seen, 0, plan->slot_count * sizeof *scratch->sight.seen);
    for (size_t i = 0; i < plan->test_count; i++)
        scratch->tests[i].outlook = JH_OUTLOOK_UNKNOWN;
    for (size_t e = 0; e < plan->expr_count && st == JIHE_OK; e++) {
        scratch->exprs[e] = JH_OUTLOOK_UNKNOWN;
        if (plan->exprs[e].first == plan->exprs[e].end || (st = outlook_of_expr(scratch, e, err)) != JIHE_OK)
            continue;
        if (scratch->exprs[e] != JH_OUTLOOK_OPEN) {
            jh_bits_fill(answers[e].yes, rows, scratch->exprs[e] == JH_OUTLOOK_ALL);
            jh_bits_fill(answers[e].undecided, rows, false);
        }
    }
    return st;
}

/* --- a batch --- */

static jh_verdicts register_at(const jh_expr_scratch *scratch, size_t number)
{
    uint64_t *words = scratch->registers + number * 2 * JH_BATCH_WORDS;

    return (jh_verdicts){words, words + JH_BATCH_WORDS};
}

/* The rows of a step that matter; NULL: all. */
static const uint64_t *needed(jh_expr_scratch *scratch, const jh_step *step, jh_batch batch)
{
    jh_verdicts chain;

    if (step->need == JH_NEED_ALL)
        return NULL;
    chain = register_at(scratch, step->dst - 1u);
    for (size_t w = 0; w < jh_bits_words(batch.rows); w++)
        scratch->need[w] = step->need == JH_NEED_OPEN ? chain.yes[w] | chain.undecided[w] : ~chain.yes[w];
    return scratch->need;
}

static void copy(jh_verdicts from, jh_verdicts to, jh_batch batch)
{
    const size_t bytes = jh_bits_words(batch.rows) * sizeof *to.yes;

    memcpy(to.yes, from.yes, bytes);
    memcpy(to.undecided, from.undecided, bytes);
}

static jihe_status run_test(jh_expr_scratch *scratch, const jh_step *step, jh_batch batch, jh_verdicts dst,
                            jihe_error *err)
{
    const jh_plan_test *test = &scratch->plan->tests[step->test];
    const bool keep = test->kept != JH_NOT_KEPT;
    jh_verdicts kept = dst;
    jh_outlook outlook;
    jihe_status st;

    if (keep) {
        kept = register_at(scratch, scratch->plan->registers + test->kept);
        if (scratch->kept_for[test->kept] == scratch->batch) {
            copy(kept, dst, batch);
            return JIHE_OK;
        }
    }
    if ((st = outlook_of_test(scratch, step->test, &outlook, err)) != JIHE_OK ||
        (st = jh_predicate_run(&test->predicate, &scratch->sight, &scratch->tests[step->test], batch,
                               keep ? NULL : needed(scratch, step, batch), scratch->spare, kept, err)) != JIHE_OK)
        return st;
    if (keep) {
        scratch->kept_for[test->kept] = scratch->batch;
        copy(kept, dst, batch);
    }
    return JIHE_OK;
}

static bool decided(const jh_step *step, jh_batch batch, jh_verdicts dst)
{
    uint64_t open = 0;

    for (size_t w = 0; w < jh_bits_words(batch.rows); w++)
        open |= step->kind == JH_STEP_UNLESS
                    ? dst.yes[w] | dst.undecided[w]
                    : dst.yes[w] ^ (w < batch.rows / 64 ? ~UINT64_C(0) : jh_bits_tail(batch.rows));
    return open == 0;
}

static jihe_status run_steps(jh_expr_scratch *scratch, jh_plan_steps range, jh_batch batch, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    for (uint32_t i = range.first; i < range.end && st == JIHE_OK; i++) {
        const jh_step *step = &scratch->plan->steps[i];
        const jh_verdicts dst = register_at(scratch, step->dst);

        switch (step->kind) {
        case JH_STEP_CONST:
            jh_bits_fill(dst.yes, batch.rows, step->truth);
            jh_bits_fill(dst.undecided, batch.rows, false);
            break;
        case JH_STEP_TEST:
            st = run_test(scratch, step, batch, dst, err);
            break;
        case JH_STEP_AND:
            jh_logic_and(dst, register_at(scratch, step->dst + 1u), batch.rows);
            break;
        case JH_STEP_OR:
            jh_logic_or(dst, register_at(scratch, step->dst + 1u), batch.rows);
            break;
        case JH_STEP_NOT:
            jh_logic_not(dst, batch.rows);
            break;
        case JH_STEP_UNLESS:
        case JH_STEP_UNTIL:
            if (decided(step, batch, dst))
                i = step->to - 1;
            break;
        }
    }
    return st;
}

static jihe_status eval_batch(jh_expr_scratch *scratch, jh_batch batch, const jh_verdicts *answers, jihe_error *err)
{
    const jh_expr_plan *plan = scratch->plan;
    const jh_verdicts answer = register_at(scratch, 0);
    const size_t word = batch.start / 64;

    scratch->batch++;
    for (size_t e = 0; e < plan->expr_count; e++) {
        jihe_status st;

        if (scratch->exprs[e] != JH_OUTLOOK_OPEN)
            continue;
        if ((st = run_steps(scratch, plan->exprs[e], batch, err)) != JIHE_OK)
            return st;
        copy(answer, (jh_verdicts){answers[e].yes + word, answers[e].undecided + word}, batch);
    }
    return JIHE_OK;
}

jihe_status jh_expr_eval(const jh_expr_plan *plan, uint32_t segment, jh_expr_scratch *scratch,
                         const jh_verdicts *answers, jihe_error *err)
{
    const uint32_t rows = jh_snapshot_segment_rows(plan->snapshot, segment);
    jihe_status st = begin_segment(scratch, segment, answers, err);

    for (uint32_t start = 0; start < rows && st == JIHE_OK; start += JH_BATCH_ROWS)
        st = eval_batch(scratch, (jh_batch){start, rows - start < JH_BATCH_ROWS ? rows - start : JH_BATCH_ROWS},
                        answers, err);
    if (st == JIHE_OK && scratch->sight.no_memory)
        st = jh_fail(err, JIHE_NO_MEMORY, "no memory to search a text");
    return st;
}
