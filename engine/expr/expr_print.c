#include <string.h>

#include "expr/expr_literal.h"
#include "expr/expr_term.h"
#include "expr/expr_token.h"

/* The canonical text: key words in lower case, one spelling per sign, one space between words, and only the parentheses
 * that the tree needs. Reading it again gives the same tree. */

static const char *const signs[] = {"=", "<>", "<", "<=", ">", ">="};

static void print_quoted(const char *text, size_t len, char quote, jh_buf *out)
{
    jh_buf_putc(out, quote);
    for (size_t i = 0; i < len; i++) {
        if (text[i] == quote)
            jh_buf_putc(out, quote);
        jh_buf_putc(out, text[i]);
    }
    jh_buf_putc(out, quote);
}

/* In double quotes where it could not stand bare. */
static void print_name(const char *name, jh_buf *out)
{
    if (jh_token_bare(name, strlen(name)))
        jh_buf_puts(out, name);
    else
        print_quoted(name, strlen(name), '"', out);
}

void jh_expr_print_column(const jh_expr *expr, size_t column, jh_buf *out)
{
    print_name(expr->schema->columns[column].name, out);
}

static void print_literal(const jh_literal *literal, jh_buf *out)
{
    if (literal->kind == JH_LITERAL_TEXT)
        print_quoted(literal->text, literal->len, '\'', out);
    else if (literal->kind == JH_LITERAL_NUMBER)
        jh_buf_put(out, literal->text, literal->len);
    else if (literal->kind == JH_LITERAL_DURATION)
        jh_literal_duration_text(literal->first, out);
    else
        jh_buf_puts(out, literal->truth ? "true" : "false");
}

/* How strongly a term holds together: sums, then products, then everything that needs no parentheses. */
static int binding(const jh_term *term)
{
    if (term->kind == JH_TERM_ADD || term->kind == JH_TERM_SUBTRACT)
        return 0;
    return term->kind == JH_TERM_MULTIPLY || term->kind == JH_TERM_DIVIDE || term->kind == JH_TERM_REST ? 1 : 2;
}

static void print_operand(const jh_expr *expr, const jh_term *term, int least, jh_buf *out)
{
    if (binding(term) < least)
        jh_buf_putc(out, '(');
    jh_expr_print_term(expr, term, out);
    if (binding(term) < least)
        jh_buf_putc(out, ')');
}

void jh_expr_print_term(const jh_expr *expr, const jh_term *term, jh_buf *out)
{
    static const char *const operators[] = {[JH_TERM_ADD] = " + ",
                                            [JH_TERM_SUBTRACT] = " - ",
                                            [JH_TERM_MULTIPLY] = " * ",
                                            [JH_TERM_DIVIDE] = " / ",
                                            [JH_TERM_REST] = " % "};

    switch (term->kind) {
    case JH_TERM_COLUMN:
        jh_expr_print_column(expr, term->column, out);
        break;
    case JH_TERM_CONST:
        print_literal(term->literal, out);
        break;
    case JH_TERM_NEGATIVE:
        jh_buf_putc(out, '-');
        print_operand(expr, term->left, 2, out);
        break;
    case JH_TERM_ADD:
    case JH_TERM_SUBTRACT:
    case JH_TERM_MULTIPLY:
    case JH_TERM_DIVIDE:
    case JH_TERM_REST:
        print_operand(expr, term->left, binding(term), out);
        jh_buf_puts(out, operators[term->kind]);
        print_operand(expr, term->right, binding(term) + 1, out);
        break;
    default:
        jh_buf_printf(out, "%s(", jh_function_name(term->kind));
        jh_expr_print_term(expr, term->left, out);
        jh_buf_putc(out, ')');
        break;
    }
}

static void print_set(const jh_tree *tree, const char * not, jh_buf *out)
{
    if (tree->list != NULL) {
        jh_buf_printf(out, "%s in lists.", not );
        print_name(tree->list->name, out);
        return;
    }
    jh_buf_printf(out, "%s in (", not );
    for (const jh_literal *literal = tree->literals; literal != NULL; literal = literal->next) {
        print_literal(literal, out);
        jh_buf_puts(out, literal->next != NULL ? ", " : ")");
    }
}

/* A test on a column; `negated` for those that have a "not" of their own. */
static void print_test(const jh_expr *expr, const jh_tree *tree, bool negated, jh_buf *out)
{
    const char *not = negated ? " not" : "";

    if (tree->term != NULL)
        print_operand(expr, tree->term, 0, out);
    else
        jh_expr_print_column(expr, tree->column, out);
    switch (tree->kind) {
    case JH_TREE_NULL:
        jh_buf_printf(out, " is%s null", not );
        break;
    case JH_TREE_COMPARE:
        jh_buf_printf(out, " %s ", signs[tree->cmp]);
        print_literal(tree->literals, out);
        break;
    case JH_TREE_COLUMNS:
        jh_buf_printf(out, " %s ", signs[tree->cmp]);
        jh_expr_print_column(expr, tree->other, out);
        break;
    case JH_TREE_IN:
        print_set(tree, not, out);
        break;
    case JH_TREE_TERMS:
        jh_buf_printf(out, " %s ", signs[tree->cmp]);
        print_operand(expr, tree->other_term, 0, out);
        break;
    case JH_TREE_MATCH:
        jh_buf_puts(out, " ~ ");
        print_literal(tree->literals, out);
        break;
    case JH_TREE_BETWEEN:
        jh_buf_printf(out, "%s between ", not );
        print_literal(tree->literals, out);
        jh_buf_puts(out, " and ");
        print_literal(tree->literals->next, out);
        break;
    case JH_TREE_LIKE:
        jh_buf_printf(out, "%s like ", not );
        print_literal(tree->literals, out);
        break;
    default: /* a flag, or a truth value */
        break;
    }
}

/* `or` binds weakest, then `and`, then `not`. */
static void print_child(const jh_expr *expr, const jh_tree *child, jh_tree_kind parent, jh_buf *out)
{
    const bool weaker = child->kind == JH_TREE_OR || (child->kind == JH_TREE_AND && parent == JH_TREE_NOT);

    if (weaker)
        jh_buf_putc(out, '(');
    jh_expr_print_tree(expr, child, out);
    if (weaker)
        jh_buf_putc(out, ')');
}

static void print_not(const jh_expr *expr, const jh_tree *child, jh_buf *out)
{
    switch (child->kind) {
    case JH_TREE_NULL:
    case JH_TREE_IN:
    case JH_TREE_BETWEEN:
    case JH_TREE_LIKE:
        print_test(expr, child, true, out);
        break;
    default:
        jh_buf_puts(out, "not ");
        print_child(expr, child, JH_TREE_NOT, out);
        break;
    }
}

void jh_expr_print_tree(const jh_expr *expr, const jh_tree *tree, jh_buf *out)
{
    switch (tree->kind) {
    case JH_TREE_AND:
    case JH_TREE_OR:
        for (const jh_tree *child = tree->first; child != NULL; child = child->next) {
            print_child(expr, child, tree->kind, out);
            if (child->next != NULL)
                jh_buf_puts(out, tree->kind == JH_TREE_AND ? " and " : " or ");
        }
        break;
    case JH_TREE_NOT:
        print_not(expr, tree->first, out);
        break;
    case JH_TREE_LITERAL:
        print_literal(tree->literals, out);
        break;
    default:
        print_test(expr, tree, false, out);
        break;
    }
}

void jh_expr_print(const jh_expr *expr, jh_buf *out)
{
    jh_expr_print_tree(expr, expr->root, out);
}
