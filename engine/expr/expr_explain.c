#include <string.h>

#include "base/money.h"
#include "expr/expr_literal.h"
#include "expr/expr_step.h"
#include "expr/expr_term.h"

/* An expression and its steps in words, a line each. */

static void indent(uint32_t depth, jh_buf *out)
{
    for (uint32_t i = 0; i < depth; i++)
        jh_buf_puts(out, "  ");
}

static void put_column(const jh_expr *expr, size_t column, uint32_t depth, jh_buf *out)
{
    const jh_column *c = &expr->schema->columns[column];

    indent(depth, out);
    jh_buf_printf(out, "%s: %s%s%s\n", c->name, jh_type_name(c->type), c->currency[0] != '\0' ? " " : "", c->currency);
}

static void put_term(const jh_expr *expr, const jh_term *term, uint32_t depth, jh_buf *out)
{
    if (term == NULL || term->kind == JH_TERM_CONST)
        return;
    if (term->kind == JH_TERM_COLUMN) {
        put_column(expr, term->column, depth, out);
        return;
    }
    indent(depth, out);
    jh_expr_print_term(expr, term, out);
    jh_buf_printf(out, ": %s", jh_term_unit_text(term));
    if (term->scale > 0)
        jh_buf_printf(out, " with %u decimals", term->scale);
    jh_buf_putc(out, '\n');
    put_term(expr, term->left, depth + 1, out);
    put_term(expr, term->right, depth + 1, out);
}

static void put_tree(const jh_expr *expr, const jh_tree *tree, uint32_t depth, jh_buf *out)
{
    static const char *const words[] = {[JH_TREE_AND] = "and", [JH_TREE_OR] = "or", [JH_TREE_NOT] = "not"};

    indent(depth, out);
    if (tree->first != NULL) {
        jh_buf_printf(out, "%s\n", words[tree->kind]);
        for (const jh_tree *child = tree->first; child != NULL; child = child->next)
            put_tree(expr, child, depth + 1, out);
        return;
    }
    jh_expr_print_tree(expr, tree, out);
    jh_buf_putc(out, '\n');
    if (tree->kind == JH_TREE_LITERAL)
        return;
    if (tree->term == NULL)
        put_column(expr, tree->column, depth + 1, out);
    if (tree->kind == JH_TREE_COLUMNS)
        put_column(expr, tree->other, depth + 1, out);
    put_term(expr, tree->term, depth + 1, out);
    put_term(expr, tree->other_term, depth + 1, out);
}

void jh_expr_explain(const jh_expr *expr, jh_buf *out)
{
    put_tree(expr, expr->root, 0, out);
}

static const char *column_name(const jh_expr_plan *plan, uint32_t slot)
{
    return jh_snapshot_schema(plan->snapshot)->columns[plan->slots[slot].column].name;
}

/* What a predicate does with its columns. */
static void put_predicate(const jh_expr_plan *plan, const jh_predicate *predicate, jh_buf *out)
{
    const char *name = column_name(plan, predicate->slot);

    switch (predicate->kind) {
    case JH_PREDICATE_NULL:
        jh_buf_printf(out, "%s is missing", name);
        break;
    case JH_PREDICATE_RANGES:
        jh_buf_printf(out, "%s is in %zu range%s of %s", name, predicate->as.ranges.count,
                      predicate->as.ranges.count == 1 ? "" : "s",
                      plan->slots[predicate->slot].type == JH_CATEGORY ? "dictionary codes" : "numbers");
        break;
    case JH_PREDICATE_MEMBER:
        jh_buf_printf(out, "%s is one of its marked dictionary entries", name);
        break;
    case JH_PREDICATE_TEXT:
        jh_buf_printf(out, "%s passes, text by text", name);
        break;
    case JH_PREDICATE_VALUE:
        jh_buf_printf(out, "computed value is in %zu range%s", predicate->as.compute.ranges.count,
                      predicate->as.compute.ranges.count == 1 ? "" : "s");
        break;
    case JH_PREDICATE_VALUES:
        jh_buf_puts(out, "computed value against computed value");
        break;
    case JH_PREDICATE_PAIR:
        jh_buf_printf(out, "%s against %s", name, column_name(plan, predicate->as.pair.other));
        break;
    }
    if (predicate->unsure != NULL)
        jh_buf_puts(out, ", undecided where the pattern gave up on the entry");
}

static void put_step(const jh_expr_plan *plan, const jh_step *step, jh_buf *out)
{
    if (step->kind == JH_STEP_UNLESS || step->kind == JH_STEP_UNTIL) /* how steps are left out, not what they say */
        return;
    jh_buf_printf(out, "r%u = ", step->dst);
    switch (step->kind) {
    case JH_STEP_CONST:
        jh_buf_puts(out, step->truth ? "true" : "false");
        break;
    case JH_STEP_TEST:
        put_predicate(plan, &plan->tests[step->test].predicate, out);
        break;
    case JH_STEP_NOT:
        jh_buf_printf(out, "not r%u", step->dst);
        break;
    default:
        jh_buf_printf(out, "r%u %s r%u", step->dst, step->kind == JH_STEP_AND ? "and" : "or", step->dst + 1u);
        break;
    }
    jh_buf_putc(out, '\n');
}

void jh_expr_explain_plan(const jh_expr_plan *plan, jh_buf *out)
{
    for (size_t i = 0; i < plan->step_count; i++)
        put_step(plan, &plan->steps[i], out);
}

/* --- thresholds --- */

/* amount >= 100000, where the rule goes on from: above 0, so that there is a twentieth of it. */
static bool is_threshold(const jh_expr *expr, const jh_tree *tree)
{
    const jh_type type = expr->schema->columns[tree->column].type;

    return tree->kind == JH_TREE_COMPARE && tree->term == NULL && (tree->cmp == JH_CMP_GE || tree->cmp == JH_CMP_GT) &&
           (type == JH_MONEY || type == JH_INTEGER) && tree->literals->text[0] != '-' &&
           strcmp(tree->literals->text, "0") != 0;
}

/* "column >= 95 % of the threshold and column < the threshold", exactly. */
static void put_band(const jh_expr *expr, const jh_tree *tree, jh_buf *out)
{
    const jh_literal *literal = tree->literals;
    const char *point = memchr(literal->text, '.', literal->len), *above = tree->cmp == JH_CMP_GE ? "<" : "<=";
    const uint32_t scale = point == NULL ? 0 : literal->len - (uint32_t)(point - literal->text) - 1;
    jh_i128 low, high;
    char digits[64];

    jh_literal_units(literal->text, literal->len, scale, &low, &high);
    jh_money_text(low * 95, scale + 2, digits);
    jh_expr_print_column(expr, tree->column, out);
    jh_buf_printf(out, " >= %s and ", digits);
    jh_expr_print_column(expr, tree->column, out);
    jh_buf_printf(out, " %s %s", above, literal->text);
}

bool jh_expr_near(const jh_expr *expr, size_t index, jh_buf *threshold, jh_buf *where)
{
    const jh_tree *root = expr->root, *first = root->kind == JH_TREE_AND ? root->first : root, *found = NULL;

    for (const jh_tree *tree = first; tree != NULL && found == NULL; tree = root == first ? NULL : tree->next)
        if (tree->first == NULL && is_threshold(expr, tree) && tree->literals->len < 20 && index-- == 0)
            found = tree;
    if (found == NULL)
        return false;
    jh_expr_print_tree(expr, found, threshold);
    for (const jh_tree *tree = first; tree != NULL; tree = root == first ? NULL : tree->next) {
        jh_buf_puts(where, tree == first ? "" : " and ");
        jh_buf_putc(where, '(');
        if (tree == found)
            put_band(expr, tree, where);
        else
            jh_expr_print_tree(expr, tree, where);
        jh_buf_putc(where, ')');
    }
    return true;
}
