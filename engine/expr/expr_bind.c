#include <string.h>

#include "base/bits.h"
#include "expr/expr_step.h"

/* Tree to steps, with everything looked up that one snapshot decides: dictionaries become bitmaps over their codes. */

typedef struct binder {
    const jh_expr *expr;
    const jh_snapshot *snapshot;
    jh_arena *arena;
    jihe_error *err;
    jh_step *steps; /* room for every node of the tree, three times */
    size_t step_count;
    jh_slot *slots;
    size_t slot_count;
    size_t registers;
    uint16_t slot_of[JH_MAX_COLUMNS]; /* 1 + slot; 0 for none */
} binder;

static jihe_status no_memory(const binder *b)
{
    return jh_fail(b->err, JIHE_NO_MEMORY, "no memory to bind an expression");
}

static size_t count_nodes(const jh_tree *tree)
{
    size_t count = 1;

    for (const jh_tree *child = tree->first; child != NULL; child = child->next)
        count += count_nodes(child);
    return count;
}

static jihe_status slot_for(binder *b, size_t column, uint32_t *out)
{
    jh_slot *slot = &b->slots[b->slot_count];
    jihe_status st = JIHE_OK;

    if (b->slot_of[column] == 0) {
        slot->column = column;
        slot->type = b->expr->schema->columns[column].type;
        if (slot->type == JH_CATEGORY)
            st = jh_snapshot_dict(b->snapshot, column, &slot->dict, b->err);
        b->slot_of[column] = (uint16_t)++b->slot_count;
    }
    *out = b->slot_of[column] - 1u;
    return st;
}

static jh_step *new_step(binder *b, jh_step_kind kind, size_t dst)
{
    jh_step *step = &b->steps[b->step_count++];

    step->kind = kind;
    step->dst = (uint16_t)dst;
    if (dst >= b->registers)
        b->registers = dst + 1;
    return step;
}

/* A pass per run of codes costs 0.1 to 0.3 ns a row, a look-up 1.1. */
enum { MAX_RUNS = 4 };

/* The runs of codes whose bits are set. False: too many to be worth it. */
static bool runs_of(const uint64_t *members, uint32_t count, jh_rangeset *runs)
{
    bool inside = false;

    runs->count = 0;
    for (uint32_t code = 0; code < count; code++) {
        const bool member = jh_bits_test(members, code);

        if (member && !inside) {
            if (runs->count == MAX_RUNS)
                return false;
            runs->ranges[runs->count++].low = code;
        }
        if (member)
            runs->ranges[runs->count - 1].high = code;
        inside = member;
    }
    return true;
}

/* Asks the test once per dictionary entry. `unsure` gets the entries that a pattern has no answer for. */
static jihe_status ask_entries(binder *b, const jh_tree *tree, const jh_dict_view *dict, uint64_t *members,
                               uint64_t *unsure)
{
    jh_pattern_room *room = tree->kind == JH_TREE_MATCH ? jh_pattern_room_new() : NULL;
    jh_found found = JH_FOUND_NO;
    const bool list = b->expr->schema->columns[tree->column].list != NULL;
    jh_text_test test;

    if ((tree->kind == JH_TREE_MATCH && room == NULL) || !jh_text_test_init(&test, tree, b->arena))
        found = JH_FOUND_NO_MEMORY;
    for (uint32_t code = 0; code < dict->count && found != JH_FOUND_NO_MEMORY; code++) {
        const uint32_t from = dict->offsets[code], to = dict->offsets[code + 1];

        found = list ? jh_text_test_run_list(&test, room, dict->bytes + from, to - from)
                     : jh_text_test_run(&test, room, dict->bytes + from, to - from);
        if (found == JH_FOUND_YES || found == JH_FOUND_NO_ANSWER)
            jh_bits_set(found == JH_FOUND_YES ? members : unsure, code);
    }
    jh_pattern_room_free(room);
    return found == JH_FOUND_NO_MEMORY ? no_memory(b) : JIHE_OK;
}

static jihe_status bind_category(binder *b, const jh_tree *tree, const jh_dict_view *dict, jh_step *step)
{
    const size_t words = jh_bits_words((size_t)dict->count + 1);
    uint64_t *members = JH_NEW(b->arena, uint64_t, words), *unsure = JH_NEW(b->arena, uint64_t, words);
    jh_rangeset runs = {JH_NEW(b->arena, jh_range, MAX_RUNS), 0};
    jihe_status st;

    if (members == NULL || unsure == NULL || runs.ranges == NULL)
        return no_memory(b);
    if ((st = ask_entries(b, tree, dict, members, unsure)) != JIHE_OK)
        return st;
    if (runs_of(members, dict->count, &runs)) {
        step->kind = JH_STEP_RANGES;
        step->as.ranges = runs;
    } else {
        step->kind = JH_STEP_MEMBER;
        step->as.members = members;
    }
    if (jh_bits_count(unsure, dict->count) > 0) {
        jh_step *next = new_step(b, JH_STEP_UNSURE, step->dst);

        next->slot = step->slot;
        next->as.members = unsure;
    }
    return JIHE_OK;
}

/* One column against constants. */
static jihe_status bind_test(binder *b, const jh_tree *tree, size_t dst)
{
    const jh_column *column = &b->expr->schema->columns[tree->column];
    jh_step *step = new_step(b, JH_STEP_NULL, dst);
    jihe_status st = slot_for(b, tree->column, &step->slot);

    if (st != JIHE_OK || tree->kind == JH_TREE_NULL)
        return st;
    if (column->type == JH_CATEGORY)
        return bind_category(b, tree, &b->slots[step->slot].dict, step);
    if (jh_type_is_text(column->type)) {
        step->kind = JH_STEP_TEXT;
        return jh_text_test_init(&step->as.test, tree, b->arena) ? JIHE_OK : no_memory(b);
    }
    step->kind = JH_STEP_RANGES;
    return jh_rangeset_init(&step->as.ranges, tree, column->type == JH_MONEY ? column->money.scale : 0, b->arena)
               ? JIHE_OK
               : no_memory(b);
}

static jihe_status slots_for(binder *b, const jh_term *term)
{
    jihe_status st = JIHE_OK;
    uint32_t slot;

    if (term->kind == JH_TERM_COLUMN)
        return slot_for(b, term->column, &slot);
    if (term->left != NULL)
        st = slots_for(b, term->left);
    return st == JIHE_OK && term->right != NULL ? slots_for(b, term->right) : st;
}

static jihe_status bind_value(binder *b, const jh_term *term, const jh_value **out)
{
    const jihe_status st = slots_for(b, term);

    if (st != JIHE_OK)
        return st;
    return jh_value_bind(out, term, b->expr->facts, b->snapshot, b->slots, b->slot_of, b->arena, b->err);
}

/* A computed value against constants or another one. */
static jihe_status bind_compute(binder *b, const jh_tree *tree, size_t dst)
{
    jh_step *step = new_step(b, tree->other_term == NULL ? JH_STEP_VALUE : JH_STEP_VALUES, dst);
    jh_compute *compute = &step->as.compute;
    uint32_t scale = tree->term->scale, other;
    jihe_status st = bind_value(b, tree->term, &compute->value);

    if (st != JIHE_OK)
        return st;
    if (tree->other_term == NULL)
        return jh_rangeset_init(&compute->ranges, tree, scale, b->arena) ? JIHE_OK : no_memory(b);
    other = tree->other_term->scale;
    compute->cmp = tree->cmp;
    compute->times = jh_power_of_ten(other > scale ? other - scale : 0);
    compute->other_times = jh_power_of_ten(scale > other ? scale - other : 0);
    return bind_value(b, tree->other_term, &compute->other);
}

static jihe_status bind_columns(binder *b, const jh_tree *tree, size_t dst)
{
    const jh_column *left = &b->expr->schema->columns[tree->column], *right = &b->expr->schema->columns[tree->other];
    jh_step *step = new_step(b, JH_STEP_PAIR, dst);
    jh_pair *pair = &step->as.pair;
    jihe_status st;

    pair->cmp = tree->cmp;
    if ((st = slot_for(b, tree->column, &step->slot)) != JIHE_OK ||
        (st = slot_for(b, tree->other, &pair->other)) != JIHE_OK)
        return st;
    if (left->type == JH_CATEGORY && right->type == JH_CATEGORY) {
        pair->kind = JH_PAIR_RANKS;
        return jh_pair_ranks(pair, &b->slots[step->slot].dict, &b->slots[pair->other].dict, b->arena, b->err);
    }
    if (jh_type_is_text(left->type)) {
        pair->kind = JH_PAIR_TEXTS;
    } else if (left->type == JH_MONEY && left->money.scale != right->money.scale) {
        pair->kind = JH_PAIR_SCALED; /* scales end at 6 */
        pair->times =
            right->money.scale > left->money.scale ? jh_power_of_ten(right->money.scale - left->money.scale) : 1;
        pair->other_times =
            left->money.scale > right->money.scale ? jh_power_of_ten(left->money.scale - right->money.scale) : 1;
    }
    return JIHE_OK;
}

static jihe_status bind_tree(binder *b, const jh_tree *tree, size_t dst);

/* The first child fills the register of the chain, each further one the next register, which is then folded in. */
static jihe_status bind_chain(binder *b, const jh_tree *tree, size_t dst)
{
    jihe_status st = bind_tree(b, tree->first, dst);

    for (const jh_tree *child = tree->first->next; child != NULL && st == JIHE_OK; child = child->next) {
        st = bind_tree(b, child, dst + 1);
        new_step(b, tree->kind == JH_TREE_AND ? JH_STEP_AND : JH_STEP_OR, dst);
    }
    return st;
}

/* As deep as the tree: twice JH_EXPR_MAX_DEPTH, for chains inside chains. */
static jihe_status bind_tree(binder *b, const jh_tree *tree, size_t dst)
{
    jihe_status st;

    switch (tree->kind) {
    case JH_TREE_AND:
    case JH_TREE_OR:
        return bind_chain(b, tree, dst);
    case JH_TREE_NOT:
        st = bind_tree(b, tree->first, dst);
        new_step(b, JH_STEP_NOT, dst);
        return st;
    case JH_TREE_LITERAL:
        new_step(b, JH_STEP_CONST, dst)->truth = tree->literals->truth;
        return JIHE_OK;
    case JH_TREE_COLUMNS:
        return bind_columns(b, tree, dst);
    default:
        return tree->term != NULL ? bind_compute(b, tree, dst) : bind_test(b, tree, dst);
    }
}

/* Column numbers mean the same columns only under the same schema. */
static jihe_status same_schema(const binder *b)
{
    const jh_schema *ours = b->expr->schema, *theirs = jh_snapshot_schema(b->snapshot);

    for (size_t i = 0; i < ours->count; i++) {
        const jh_column *x = &ours->columns[i], *y = i < theirs->count ? &theirs->columns[i] : NULL;

        if (!jh_bits_test(b->expr->used, i))
            continue;
        if (y == NULL || strcmp(x->name, y->name) != 0 || x->type != y->type ||
            (x->list == NULL) != (y->list == NULL) || (x->type == JH_MONEY && x->money.scale != y->money.scale))
            return jh_fail(b->err, JIHE_BUG, "an expression over column '%s' is bound to a snapshot of another schema",
                           x->name);
    }
    return JIHE_OK;
}

jihe_status jh_expr_bind(jh_expr_plan **out, const jh_expr *expr, const jh_snapshot *snapshot, jh_arena *arena,
                         jihe_error *err)
{
    const size_t nodes = count_nodes(expr->root);
    jh_expr_plan *plan = JH_NEW(arena, jh_expr_plan, 1);
    binder b = {.expr = expr, .snapshot = snapshot, .arena = arena, .err = err};
    jihe_status st;

    *out = NULL;
    b.steps = JH_NEW(arena, jh_step, nodes * 3); /* a leaf is two steps at most, a chain one per child */
    b.slots = JH_NEW(arena, jh_slot, expr->schema->count);
    if (plan == NULL || b.steps == NULL || b.slots == NULL)
        return no_memory(&b);
    if ((st = same_schema(&b)) != JIHE_OK || (st = bind_tree(&b, expr->root, 0)) != JIHE_OK)
        return st;
    *plan = (jh_expr_plan){snapshot, b.steps, b.step_count, b.slots, b.slot_count, b.registers};
    *out = plan;
    return JIHE_OK;
}
