#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/hash.h"
#include "expr/expr_step.h"

/* Trees to steps. Equal leaves of all expressions, told by their canonical text, become one predicate: its dictionary
 * is asked once, and its verdicts are found once a batch. */

typedef struct leaf { /* of a place in the plan's tests */
    const jh_facts *facts;
    const char *text;
    size_t len;
    uint32_t next; /* 1 + the next leaf of its bucket; 0: none */
} leaf;

typedef struct binder {
    jh_predicates all;
    jh_plan_test *tests; /* room for every node of the trees */
    leaf *leaves;        /* likewise */
    size_t test_count;
    uint32_t *buckets; /* 1 + a leaf; 0: none */
    size_t bucket_mask;
    jh_step *steps; /* room for every node of the trees, three times */
    size_t step_count;
    size_t registers;
    jh_buf text; /* of the leaf at hand */
} binder;

static jihe_status no_memory(const binder *b)
{
    return jh_fail(b->all.err, JIHE_NO_MEMORY, "no memory to bind an expression");
}

static size_t count_nodes(const jh_tree *tree)
{
    size_t count = 1;

    for (const jh_tree *child = tree->first; child != NULL; child = child->next)
        count += count_nodes(child);
    return count;
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

static uint32_t *bucket_of(const binder *b)
{
    return &b->buckets[jh_hash64(b->text.bytes, b->text.len) & b->bucket_mask];
}

/* A leaf that was met before. SIZE_MAX: it was not. */
static size_t find_leaf(const binder *b, uint32_t bucket)
{
    for (uint32_t at = bucket; at != 0; at = b->leaves[at - 1].next) {
        const leaf *it = &b->leaves[at - 1];

        if (it->facts == b->all.expr->facts && it->len == b->text.len && memcmp(it->text, b->text.bytes, it->len) == 0)
            return at - 1;
    }
    return SIZE_MAX;
}

static jihe_status new_test(binder *b, const jh_tree *tree, uint32_t *bucket)
{
    leaf *it = &b->leaves[b->test_count];

    it->facts = b->all.expr->facts;
    it->text = jh_arena_text(b->all.arena, (const char *)b->text.bytes, b->text.len);
    it->len = b->text.len;
    it->next = *bucket;
    if (it->text == NULL)
        return no_memory(b);
    b->tests[b->test_count].kept = JH_NOT_KEPT;
    *bucket = (uint32_t)++b->test_count;
    return jh_predicate_bind(&b->all, tree, &b->tests[b->test_count - 1].predicate);
}

static jihe_status bind_leaf(binder *b, const jh_tree *tree, size_t dst, jh_need need)
{
    jh_step *step = new_step(b, JH_STEP_TEST, dst);
    jihe_status st = JIHE_OK;
    uint32_t *bucket;
    size_t test;

    jh_buf_clear(&b->text);
    jh_expr_print_tree(b->all.expr, tree, &b->text);
    if (b->text.failed)
        return no_memory(b);
    bucket = bucket_of(b);
    if ((test = find_leaf(b, *bucket)) == SIZE_MAX) {
        test = b->test_count;
        st = new_test(b, tree, bucket);
    }
    step->test = (uint32_t)test;
    step->need = need;
    b->tests[test].uses++;
    return st;
}

/* --- chains --- */

typedef struct ranked {
    const jh_tree *tree;
    unsigned cost;
    size_t place;
} ranked;

/* The dearest leaf decides: what is asked late may not be asked at all. */
static unsigned cost_of(const jh_schema *schema, const jh_tree *tree)
{
    unsigned cost = tree->first == NULL ? jh_predicate_cost(schema, tree) : 0;

    for (const jh_tree *child = tree->first; child != NULL; child = child->next) {
        const unsigned its = cost_of(schema, child);

        cost = its > cost ? its : cost;
    }
    return cost;
}

static int compare_ranked(const void *left, const void *right)
{
    const ranked *a = left, *b = right;

    if (a->cost != b->cost)
        return a->cost < b->cost ? -1 : 1;
    return a->place < b->place ? -1 : a->place > b->place;
}

/* The children, the cheap ones first. */
static ranked *ranked_children(const binder *b, const jh_tree *tree, size_t *count)
{
    size_t filled = 0;
    ranked *children;

    *count = 0;
    for (const jh_tree *child = tree->first; child != NULL; child = child->next)
        ++*count;
    if ((children = calloc(*count, sizeof *children)) == NULL)
        return NULL;
    for (const jh_tree *child = tree->first; child != NULL; child = child->next, filled++)
        children[filled] = (ranked){child, cost_of(b->all.expr->schema, child), filled};
    qsort(children, *count, sizeof *children, compare_ranked);
    return children;
}

static jihe_status bind_tree(binder *b, const jh_tree *tree, size_t dst, jh_need need);

/* The first child fills the register of the chain, each further one the next register, which is then folded in. Before
 * each the chain may end; such steps point to the one before until the end is known. */
static jihe_status bind_chain(binder *b, const jh_tree *tree, size_t dst, jh_need need)
{
    const bool all = tree->kind == JH_TREE_AND;
    size_t count;
    ranked *children = ranked_children(b, tree, &count);
    uint32_t open = 0;
    jihe_status st = children == NULL ? no_memory(b) : bind_tree(b, children[0].tree, dst, need);

    for (size_t i = 1; i < count && st == JIHE_OK; i++) {
        new_step(b, all ? JH_STEP_UNLESS : JH_STEP_UNTIL, dst)->to = open;
        open = (uint32_t)b->step_count - 1;
        st = bind_tree(b, children[i].tree, dst + 1, all ? JH_NEED_OPEN : JH_NEED_UNMET);
        new_step(b, all ? JH_STEP_AND : JH_STEP_OR, dst);
    }
    while (open != 0) {
        const uint32_t before = b->steps[open].to;

        b->steps[open].to = (uint32_t)b->step_count;
        open = before;
    }
    free(children);
    return st;
}

/* As deep as the tree: twice JH_EXPR_MAX_DEPTH, for chains inside chains. */
static jihe_status bind_tree(binder *b, const jh_tree *tree, size_t dst, jh_need need)
{
    jihe_status st;

    switch (tree->kind) {
    case JH_TREE_AND:
    case JH_TREE_OR:
        return bind_chain(b, tree, dst, need);
    case JH_TREE_NOT:
        st = bind_tree(b, tree->first, dst, need);
        new_step(b, JH_STEP_NOT, dst);
        return st;
    case JH_TREE_LITERAL:
        new_step(b, JH_STEP_CONST, dst)->truth = tree->literals->truth;
        return JIHE_OK;
    default:
        return bind_leaf(b, tree, dst, need);
    }
}

/* --- a plan --- */

/* Column numbers mean the same columns only under the same schema. */
static jihe_status same_schema(const jh_predicates *all)
{
    const jh_schema *ours = all->expr->schema, *theirs = jh_snapshot_schema(all->snapshot);

    for (size_t i = 0; i < ours->count; i++) {
        const jh_column *x = &ours->columns[i], *y = i < theirs->count ? &theirs->columns[i] : NULL;

        if (!jh_bits_test(all->expr->used, i))
            continue;
        if (y == NULL || strcmp(x->name, y->name) != 0 || x->type != y->type ||
            (x->list == NULL) != (y->list == NULL) || (x->type == JH_MONEY && x->money.scale != y->money.scale))
            return jh_fail(all->err, JIHE_BUG,
                           "an expression over column '%s' is bound to a snapshot of another schema", x->name);
    }
    return JIHE_OK;
}

static jihe_status get_room(binder *b, const jh_expr *const *exprs, size_t count)
{
    jh_arena *arena = b->all.arena;
    size_t nodes = 1;

    for (size_t e = 0; e < count; e++)
        nodes += exprs[e] == NULL ? 0 : count_nodes(exprs[e]->root);
    for (b->bucket_mask = 15; b->bucket_mask < nodes; b->bucket_mask = b->bucket_mask * 2 + 1)
        continue;
    b->steps = JH_NEW(arena, jh_step, nodes * 3); /* a leaf is one step, a chain two per child */
    b->tests = JH_NEW(arena, jh_plan_test, nodes);
    b->leaves = JH_NEW(arena, leaf, nodes);
    b->buckets = JH_NEW(arena, uint32_t, b->bucket_mask + 1);
    b->all.slots = JH_NEW(arena, jh_slot, jh_snapshot_schema(b->all.snapshot)->count);
    return b->steps == NULL || b->tests == NULL || b->leaves == NULL || b->buckets == NULL || b->all.slots == NULL
               ? no_memory(b)
               : JIHE_OK;
}

static jihe_status bind_exprs(binder *b, const jh_expr *const *exprs, size_t count, jh_plan_steps *ranges)
{
    jihe_status st = JIHE_OK;

    for (size_t e = 0; e < count && st == JIHE_OK; e++) {
        ranges[e].first = (uint32_t)b->step_count;
        b->all.expr = exprs[e];
        if (exprs[e] != NULL && (st = same_schema(&b->all)) == JIHE_OK)
            st = bind_tree(b, exprs[e]->root, 0, JH_NEED_ALL);
        ranges[e].end = (uint32_t)b->step_count;
    }
    return st;
}

/* What several places ask is kept, as far as there is room. */
static size_t keep_shared(binder *b)
{
    uint32_t kept = 0;

    for (size_t i = 0; i < b->test_count && kept < JH_KEPT_MAX; i++)
        if (b->tests[i].uses > 1)
            b->tests[i].kept = kept++;
    return kept;
}

jihe_status jh_expr_bind(jh_expr_plan **out, const jh_expr *const *exprs, size_t count, const jh_snapshot *snapshot,
                         jh_arena *arena, jihe_error *err)
{
    jh_expr_plan *plan = JH_NEW(arena, jh_expr_plan, 1);
    jh_plan_steps *ranges = JH_NEW(arena, jh_plan_steps, count + 1);
    binder b = {.all = {.snapshot = snapshot, .arena = arena, .err = err}};
    jihe_status st = get_room(&b, exprs, count);

    *out = NULL;
    if (st == JIHE_OK)
        st = plan == NULL || ranges == NULL ? no_memory(&b) : bind_exprs(&b, exprs, count, ranges);
    jh_buf_deinit(&b.text);
    if (st != JIHE_OK)
        return st;
    *plan = (jh_expr_plan){.snapshot = snapshot,
                           .exprs = ranges,
                           .expr_count = count,
                           .steps = b.steps,
                           .step_count = b.step_count,
                           .tests = b.tests,
                           .test_count = b.test_count,
                           .kept = keep_shared(&b),
                           .slots = b.all.slots,
                           .slot_count = b.all.slot_count,
                           .registers = b.registers};
    *out = plan;
    return JIHE_OK;
}
