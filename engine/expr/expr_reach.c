#include <string.h>

#include "base/text.h"
#include "expr/rangeset.h"

/* Conditions that cannot come out in two ways: branches of `and` that exclude each other, ranges that end
 * before they begin, branches of `or` of which one always holds. Only what a person sees by looking is looked for:
 * tests of one column against constants that stand beside each other. */

typedef struct seen { /* what the tests so far leave of a column */
    bool any;
    jh_rangeset numbers;
} seen;

typedef struct reach {
    const jh_expr_source *source;
    const jh_expr *expr;
} reach;

static bool is_number_test(const reach *r, const jh_tree *tree)
{
    const jh_type type = r->expr->schema->columns[tree->column].type;

    return (tree->kind == JH_TREE_COMPARE || tree->kind == JH_TREE_IN || tree->kind == JH_TREE_BETWEEN) &&
           tree->term == NULL && !jh_type_is_text(type);
}

static uint32_t scale_of(const reach *r, const jh_tree *tree)
{
    const jh_column *column = &r->expr->schema->columns[tree->column];

    return column->type == JH_MONEY ? column->money.scale : 0;
}

static bool complement(jh_rangeset *set, jh_arena *arena)
{
    jh_rangeset out = {JH_NEW(arena, jh_range, set->count + 1), 0};
    int64_t next = INT64_MIN;
    bool open = true;

    if (out.ranges == NULL)
        return false;
    for (size_t i = 0; i < set->count; i++) {
        if (set->ranges[i].low > next)
            out.ranges[out.count++] = (jh_range){next, set->ranges[i].low - 1};
        open = set->ranges[i].high != INT64_MAX;
        if (open)
            next = set->ranges[i].high + 1;
    }
    if (open)
        out.ranges[out.count++] = (jh_range){next, INT64_MAX};
    *set = out;
    return true;
}

/* What passes the test, or its `not`. */
static bool ranges_of(const reach *r, const jh_tree *tree, jh_rangeset *set)
{
    const bool negated = tree->kind == JH_TREE_NOT;

    if (!jh_rangeset_init(set, negated ? tree->first : tree, scale_of(r, negated ? tree->first : tree),
                          r->source->arena))
        return false;
    return !negated || complement(set, r->source->arena);
}

static bool intersect(jh_rangeset *a, const jh_rangeset *b, jh_arena *arena)
{
    jh_rangeset out = {JH_NEW(arena, jh_range, a->count + b->count + 1), 0};

    if (out.ranges == NULL)
        return false;
    for (size_t i = 0, j = 0; i < a->count && j < b->count;) {
        const jh_range x = a->ranges[i], y = b->ranges[j];
        const int64_t low = x.low > y.low ? x.low : y.low, high = x.high < y.high ? x.high : y.high;

        if (low <= high)
            out.ranges[out.count++] = (jh_range){low, high};
        if (x.high < y.high)
            i++;
        else
            j++;
    }
    *a = out;
    return true;
}

static jihe_status fail_pair(const reach *r, const jh_tree *tree, bool joined)
{
    const jh_tree *test = tree->kind == JH_TREE_NOT ? tree->first : tree;
    const char *name = r->expr->schema->columns[test->column].name;

    if (joined)
        return jh_expr_fail(r->source, tree->at,
                            "this can never be true together with the test of '%s' before it; did you mean 'or'?",
                            name);
    return jh_expr_fail(r->source, tree->at,
                        "one of this and the test of '%s' before it is always true; write %s is not null, or 'and'",
                        name, name);
}

/* between 5 and 3 */
static jihe_status check_alone(const reach *r, const jh_tree *tree)
{
    jh_rangeset set;

    if (tree->kind != JH_TREE_BETWEEN)
        return JIHE_OK;
    if (!ranges_of(r, tree, &set))
        return jh_expr_no_memory(r->source);
    if (set.count > 0)
        return JIHE_OK;
    return jh_expr_fail(r->source, tree->at, "no value of column '%s' is between the two; the smaller one comes first",
                        r->expr->schema->columns[tree->column].name);
}

/* The tests of numbers among the branches of a chain, column by column. For `or`, what they leave out is intersected:
 * where nothing is left out, one of them always holds. */
static jihe_status check_numbers(const reach *r, const jh_tree *chain)
{
    const bool joined = chain->kind == JH_TREE_AND;
    seen *columns = JH_NEW(r->source->arena, seen, r->expr->schema->count);

    if (columns == NULL)
        return jh_expr_no_memory(r->source);
    for (const jh_tree *child = chain->first; child != NULL; child = child->next) {
        const jh_tree *test = child->kind == JH_TREE_NOT ? child->first : child;
        jh_rangeset set;
        seen *at;

        if (test->first != NULL || !is_number_test(r, test))
            continue;
        at = &columns[test->column];
        if (!ranges_of(r, child, &set) || (!joined && !complement(&set, r->source->arena)))
            return jh_expr_no_memory(r->source);
        if (!at->any) {
            *at = (seen){true, set};
            continue;
        }
        if (!intersect(&at->numbers, &set, r->source->arena))
            return jh_expr_no_memory(r->source);
        if (at->numbers.count == 0)
            return fail_pair(r, child, joined);
    }
    return JIHE_OK;
}

/* `column = 'a'` where nothing else is allowed. NULL: the test says no such thing. */
static const jh_literal *only_text(const reach *r, const jh_tree *tree)
{
    if (tree->kind != JH_TREE_COMPARE || tree->cmp != JH_CMP_EQ || tree->term != NULL ||
        !jh_type_is_text(r->expr->schema->columns[tree->column].type) ||
        r->expr->schema->columns[tree->column].list != NULL) /* of several values one may be this, another that */
        return NULL;
    return tree->literals;
}

/* team = 'a' and team = 'b' */
static jihe_status check_texts(const reach *r, const jh_tree *chain)
{
    const jh_literal **only = JH_NEW(r->source->arena, const jh_literal *, r->expr->schema->count);

    if (only == NULL)
        return jh_expr_no_memory(r->source);
    for (const jh_tree *child = chain->first; child != NULL; child = child->next) {
        const jh_literal *text = only_text(r, child), *before;

        if (text == NULL)
            continue;
        before = only[child->column];
        if (before != NULL && jh_text_compare(before->text, before->len, text->text, text->len) != 0)
            return fail_pair(r, child, true);
        only[child->column] = text;
    }
    return JIHE_OK;
}

static jihe_status visit(const reach *r, const jh_tree *tree)
{
    jihe_status st = JIHE_OK;

    if (tree->first == NULL)
        return is_number_test(r, tree) ? check_alone(r, tree) : JIHE_OK;
    for (const jh_tree *child = tree->first; child != NULL && st == JIHE_OK; child = child->next)
        st = visit(r, child);
    if (st == JIHE_OK && tree->kind != JH_TREE_NOT)
        st = check_numbers(r, tree);
    return st == JIHE_OK && tree->kind == JH_TREE_AND ? check_texts(r, tree) : st;
}

jihe_status jh_expr_reach(const jh_expr *expr, const char *text, size_t len, jh_place place, jh_arena *arena,
                          jihe_error *err)
{
    const jh_expr_source source = {text, (uint32_t)len, place, expr->schema, expr->facts, arena, err};
    const reach r = {&source, expr};

    return visit(&r, expr->root);
}
