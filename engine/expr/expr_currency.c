#include <string.h>

#include "expr/expr_term.h"

/* Where a column with role currency says what each document's amounts are in, a money column without a currency of its
 * own holds yuan beside dollars. Such amounts meet amounts of the same document freely; constants and columns of a
 * known currency only where the rule says which one it means: currency = 'CNY' and amount > 100000. Nought is nought in
 * all. */

typedef struct mixture {  /* what meets in one test */
    const char *declared; /* a column's own currency; NULL: none */
    bool open;            /* a column without one */
    bool constant;        /* an amount written in the rule, not 0 */
} mixture;

static size_t currency_column(const jh_schema *schema)
{
    for (size_t i = 0; i < schema->count; i++)
        if ((schema->columns[i].roles & JH_ROLE_CURRENCY) != 0)
            return i;
    return SIZE_MAX;
}

static void mix_column(const jh_schema *schema, size_t column, mixture *m)
{
    const jh_column *c = &schema->columns[column];

    if (c->type != JH_MONEY)
        return;
    if (c->currency[0] == '\0')
        m->open = true;
    else
        m->declared = c->currency;
}

static void mix_literals(const jh_literal *literal, mixture *m)
{
    for (; literal != NULL; literal = literal->next)
        m->constant |= literal->kind == JH_LITERAL_NUMBER && strcmp(literal->text, "0") != 0;
}

static void mix_term(const jh_schema *schema, const jh_term *term, mixture *m)
{
    if (term == NULL)
        return;
    if (term->kind == JH_TERM_COLUMN)
        mix_column(schema, term->column, m);
    m->constant |= term->unit == JH_UNIT_MONEY && term->constant && (term->kind != JH_TERM_CONST || term->value != 0);
    mix_term(schema, term->left, m);
    mix_term(schema, term->right, m);
}

static mixture mix(const jh_schema *schema, const jh_tree *tree)
{
    mixture m = {0};

    if (tree->kind == JH_TREE_LITERAL || tree->kind == JH_TREE_NULL)
        return m;
    mix_term(schema, tree->term, &m);
    mix_term(schema, tree->other_term, &m);
    if (tree->term != NULL) {
        if (tree->term->unit == JH_UNIT_MONEY)
            mix_literals(tree->literals, &m);
        return m;
    }
    mix_column(schema, tree->column, &m);
    if (tree->kind == JH_TREE_COLUMNS)
        mix_column(schema, tree->other, &m);
    mix_literals(tree->literals, &m);
    return m;
}

/* currency = 'CNY', or in ('CNY') */
static const char *said(const jh_tree *tree, size_t column)
{
    const bool names = (tree->kind == JH_TREE_COMPARE && tree->cmp == JH_CMP_EQ) || tree->kind == JH_TREE_IN;

    if (!names || tree->term != NULL || tree->column != column || tree->list != NULL || tree->literals->next != NULL)
        return NULL;
    return tree->literals->text;
}

static jihe_status visit(const jh_expr_source *source, const jh_tree *tree, size_t column, const char *currency)
{
    const char *name = source->schema->columns[column].name;
    jihe_status st = JIHE_OK;
    mixture m;

    for (const jh_tree *child = tree->first; child != NULL && tree->kind == JH_TREE_AND; child = child->next)
        if (said(child, column) != NULL)
            currency = said(child, column);
    for (const jh_tree *child = tree->first; child != NULL && st == JIHE_OK; child = child->next)
        st = visit(source, child, column, currency);
    if (tree->first != NULL)
        return st;
    m = mix(source->schema, tree);
    if (!m.open || (!m.constant && m.declared == NULL))
        return JIHE_OK;
    if (currency == NULL)
        return jh_expr_fail(
            source, tree->at,
            "amounts of several currencies would be compared alike; say which one is meant: %s = 'CNY' and "
            "...",
            name);
    if (m.declared != NULL && strcmp(m.declared, currency) != 0)
        return jh_expr_fail(source, tree->at,
                            "an amount in %s meets one in %s; amounts of different currencies do not mix", m.declared,
                            currency);
    return JIHE_OK;
}

jihe_status jh_expr_check_currency(const jh_expr_source *source, const jh_tree *tree)
{
    const size_t column = currency_column(source->schema);

    return column == SIZE_MAX ? JIHE_OK : visit(source, tree, column, NULL);
}
