#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "expr/expr_literal.h"
#include "expr/expr_token.h"

/* or := and ('or' and)*      and := not ('and' not)*      not := 'not' not | test
 * test := primary [sign primary | 'is' ['not'] 'null' | ['not'] ('in' list | 'between' primary 'and' primary | 'like'
 * text)] primary := column | constant | '(' or ')'
 *
 * What the tree settles: the column stands left of a constant, chains are flat, `not in` is `not` over `in`, and
 * `between` with a column as a bound is two comparisons. */

typedef struct parser {
    const jh_expr_source *source;
    jh_token token; /* the next one */
    uint32_t depth;
} parser;

static jihe_status parse_chain(parser *p, jh_tree_kind kind, jh_tree **out);

static jihe_status advance(parser *p)
{
    return jh_token_read(p->source, p->token.end, &p->token);
}

static jihe_status accept(parser *p, jh_token_kind kind, bool *found)
{
    *found = p->token.kind == kind;
    return *found ? advance(p) : JIHE_OK;
}

/* "expected ..., found ..." at the next token. */
static jihe_status fail_token(const parser *p, const char *expected)
{
    const jh_token *token = &p->token;
    char quoted[48];

    if (token->kind == JH_TOKEN_END)
        return jh_expr_fail(p->source, token->at, "the expression ends here, expected %s", expected);
    jh_text_quote(p->source->text + token->at, token->end - token->at, quoted, sizeof quoted);
    return jh_expr_fail(p->source, token->at,
                        token->kind == JH_TOKEN_TEXT ? "found %s, expected %s" : "found '%s', expected %s", quoted,
                        expected);
}

static jihe_status expect(parser *p, jh_token_kind kind, const char *expected)
{
    return p->token.kind == kind ? advance(p) : fail_token(p, expected);
}

static jihe_status deeper(parser *p)
{
    if (++p->depth > JH_EXPR_MAX_DEPTH)
        return jh_expr_fail(p->source, p->token.at, "parentheses and 'not' are nested more than %d deep",
                            JH_EXPR_MAX_DEPTH);
    return JIHE_OK;
}

static jihe_status new_tree(const parser *p, jh_tree_kind kind, uint32_t at, jh_tree **out)
{
    *out = JH_NEW(p->source->arena, jh_tree, 1);
    if (*out == NULL)
        return jh_expr_no_memory(p->source);
    (*out)->kind = kind;
    (*out)->at = at;
    return JIHE_OK;
}

/* A chain takes over the children of a chain of its own kind: (a and b) and c is one list of three. */
static void append(jh_tree *chain, jh_tree *item)
{
    const bool same = item->kind == chain->kind && item->kind != JH_TREE_NOT;
    jh_tree *first = same ? item->first : item;

    if (chain->first == NULL)
        chain->first = first;
    else
        chain->last->next = first;
    chain->last = same ? item->last : item;
}

static jihe_status new_not(const parser *p, uint32_t at, jh_tree *child, jh_tree **out)
{
    const jihe_status st = new_tree(p, JH_TREE_NOT, at, out);

    if (st == JIHE_OK)
        append(*out, child);
    return st;
}

/* "a, b, c" of the schema, for a message; "..." where `size` ends it. */
static void list_columns(const jh_schema *schema, char *out, size_t size)
{
    size_t used = 0;

    for (size_t i = 0; i < schema->count; i++) {
        const char *name = schema->columns[i].name;
        const bool room = used + strlen(name) + sizeof ", , ..." <= size;

        snprintf(out + used, size - used, "%s%s", i == 0 ? "" : ", ", room ? name : "...");
        if (!room)
            break;
        used += strlen(out + used);
    }
}

static jihe_status fail_column(const parser *p)
{
    const jh_schema *schema = p->source->schema;
    const jh_token *token = &p->token;
    const char *names[JH_MAX_COLUMNS], *nearest = NULL;
    char word[256], quoted[80], all[240];

    for (size_t i = 0; i < schema->count; i++)
        names[i] = schema->columns[i].name;
    if (token->text_len < sizeof word && memchr(token->text, '\0', token->text_len) == NULL) {
        memcpy(word, token->text, token->text_len);
        word[token->text_len] = '\0';
        nearest = jh_text_nearest(word, names, schema->count);
    }
    jh_text_quote(token->text, token->text_len, quoted, sizeof quoted);
    if (p->source->text[token->at] == '"')
        return jh_expr_fail(p->source, token->at, "no column '%s'; double quotes name a column, a text is written '%s'",
                            quoted, quoted);
    if (nearest != NULL)
        return jh_expr_fail(p->source, token->at, "no column '%s'; did you mean '%s'? (a text stands in single quotes)",
                            quoted, nearest);
    list_columns(schema, all, sizeof all);
    return jh_expr_fail(p->source, token->at, "no column '%s'; the columns are %s (a text stands in single quotes)",
                        quoted, all);
}

static jihe_status parse_column(parser *p, jh_tree **out)
{
    const size_t column = jh_schema_find(p->source->schema, p->token.text, p->token.text_len);
    jihe_status st;

    if (column == SIZE_MAX)
        return fail_column(p);
    if ((st = new_tree(p, JH_TREE_COLUMN, p->token.at, out)) != JIHE_OK)
        return st;
    (*out)->column = column;
    return advance(p);
}

static bool is_literal(const parser *p)
{
    const jh_token_kind kind = p->token.kind;

    return kind == JH_TOKEN_TEXT || kind == JH_TOKEN_NUMBER || kind == JH_TOKEN_TRUE || kind == JH_TOKEN_FALSE;
}

/* The constant that is the next token. */
static jihe_status parse_literal(parser *p, jh_literal **out)
{
    const jh_token *token = &p->token;
    jh_literal *literal = JH_NEW(p->source->arena, jh_literal, 1);
    char *digits;

    *out = literal;
    if (literal == NULL)
        return jh_expr_no_memory(p->source);
    *literal = (jh_literal){.kind = JH_LITERAL_FLAG, .at = token->at, .truth = token->kind == JH_TOKEN_TRUE};
    if (token->kind == JH_TOKEN_TEXT) {
        literal->kind = JH_LITERAL_TEXT;
        literal->text = token->text;
        literal->len = token->text_len;
    } else if (token->kind == JH_TOKEN_NUMBER) {
        if ((digits = JH_NEW(p->source->arena, char, token->text_len + 1)) == NULL)
            return jh_expr_no_memory(p->source);
        literal->kind = JH_LITERAL_NUMBER;
        literal->text = digits;
        literal->len = jh_literal_settle(token->text, token->text_len, digits);
    }
    return advance(p);
}

static jihe_status parse_parentheses(parser *p, jh_tree **out)
{
    jihe_status st;

    if ((st = deeper(p)) != JIHE_OK || (st = advance(p)) != JIHE_OK ||
        (st = parse_chain(p, JH_TREE_OR, out)) != JIHE_OK)
        return st;
    p->depth--;
    return expect(p, JH_TOKEN_CLOSE, "')' or 'and' or 'or'");
}

static jihe_status parse_primary(parser *p, jh_tree **out)
{
    jihe_status st;

    if (p->token.kind == JH_TOKEN_OPEN)
        return parse_parentheses(p, out);
    if (p->token.kind == JH_TOKEN_NAME)
        return parse_column(p, out);
    if (p->token.kind == JH_TOKEN_NULL)
        return jh_expr_fail(p->source, p->token.at,
                            "nothing is equal to null; write 'is null' or 'is not null' after the column");
    if (!is_literal(p))
        return fail_token(p, "a column, a constant or '('");
    if ((st = new_tree(p, JH_TREE_LITERAL, p->token.at, out)) != JIHE_OK)
        return st;
    return parse_literal(p, &(*out)->literals);
}

/* The sign that says the same with the sides exchanged. */
static jh_cmp mirrored(jh_cmp cmp)
{
    static const jh_cmp mirror[] = {JH_CMP_EQ, JH_CMP_NE, JH_CMP_GT, JH_CMP_GE, JH_CMP_LT, JH_CMP_LE};

    return mirror[cmp];
}

static jihe_status compare(const parser *p, jh_cmp cmp, const jh_tree *left, const jh_tree *right, jh_tree **out)
{
    const jh_tree *sides[2] = {left, right};
    jihe_status st;

    for (int i = 0; i < 2; i++)
        if (sides[i]->kind != JH_TREE_COLUMN && sides[i]->kind != JH_TREE_LITERAL)
            return jh_expr_fail(p->source, sides[i]->at,
                                "a condition cannot be compared; expected a column or a constant");
    if (left->kind == JH_TREE_LITERAL && right->kind == JH_TREE_LITERAL)
        return jh_expr_fail(p->source, left->at, "two constants are compared; expected a column on one side");
    if (left->kind == JH_TREE_LITERAL)
        return compare(p, mirrored(cmp), right, left, out);
    if ((st = new_tree(p, right->kind == JH_TREE_COLUMN ? JH_TREE_COLUMNS : JH_TREE_COMPARE, left->at, out)) != JIHE_OK)
        return st;
    (*out)->cmp = cmp;
    (*out)->column = left->column;
    (*out)->other = right->column;
    (*out)->other_at = right->at;
    (*out)->literals = right->literals;
    return JIHE_OK;
}

static jihe_status parse_compare(parser *p, const jh_tree *left, jh_tree **out)
{
    const jh_cmp cmp = p->token.cmp;
    jh_tree *right;
    jihe_status st;

    if ((st = advance(p)) != JIHE_OK || (st = parse_primary(p, &right)) != JIHE_OK)
        return st;
    if (p->token.kind == JH_TOKEN_CMP)
        return jh_expr_fail(p->source, p->token.at, "comparisons do not chain; write 'a < b and b < c'");
    return compare(p, cmp, left, right, out);
}

static jihe_status parse_list(parser *p, jh_literal **out)
{
    jihe_status st;
    bool more = true;

    if ((st = expect(p, JH_TOKEN_OPEN, "'(' and a list of constants after 'in'")) != JIHE_OK)
        return st;
    while (more) {
        if (p->token.kind == JH_TOKEN_NULL)
            return jh_expr_fail(p->source, p->token.at, "null cannot stand in a list; add 'or ... is null'");
        if (p->token.kind == JH_TOKEN_NAME)
            return fail_token(p, "a constant: a list has no columns, and texts stand in single quotes");
        if (!is_literal(p))
            return fail_token(p, "a constant");
        if ((st = parse_literal(p, out)) != JIHE_OK || (st = accept(p, JH_TOKEN_COMMA, &more)) != JIHE_OK)
            return st;
        out = &(*out)->next;
    }
    return expect(p, JH_TOKEN_CLOSE, "',' or ')' in the list");
}

/* Bounds that are both constants make one node; otherwise two comparisons say the same. */
static jihe_status parse_between(parser *p, const jh_tree *left, jh_tree **out)
{
    jh_tree *low, *high, *at_least, *at_most;
    jihe_status st;

    if ((st = parse_primary(p, &low)) != JIHE_OK ||
        (st = expect(p, JH_TOKEN_AND, "'and' and the upper bound of 'between'")) != JIHE_OK ||
        (st = parse_primary(p, &high)) != JIHE_OK || (st = compare(p, JH_CMP_GE, left, low, &at_least)) != JIHE_OK ||
        (st = compare(p, JH_CMP_LE, left, high, &at_most)) != JIHE_OK)
        return st;
    if (low->kind == JH_TREE_LITERAL && high->kind == JH_TREE_LITERAL) {
        at_least->kind = JH_TREE_BETWEEN;
        at_least->literals->next = high->literals;
        *out = at_least;
        return JIHE_OK;
    }
    if ((st = new_tree(p, JH_TREE_AND, left->at, out)) != JIHE_OK)
        return st;
    append(*out, at_least);
    append(*out, at_most);
    return JIHE_OK;
}

static jihe_status parse_like(parser *p, const jh_tree *left, jh_tree **out)
{
    jihe_status st = new_tree(p, JH_TREE_LIKE, left->at, out);

    if (st != JIHE_OK)
        return st;
    if (p->token.kind != JH_TOKEN_TEXT)
        return fail_token(p, "a pattern in single quotes after 'like'");
    (*out)->column = left->column;
    return parse_literal(p, &(*out)->literals);
}

/* What follows a column: [not] in, between, like. */
static jihe_status parse_set(parser *p, const jh_tree *left, jh_tree **out)
{
    jh_token_kind kind;
    jh_tree *test = NULL;
    jihe_status st;
    bool negated;

    if ((st = accept(p, JH_TOKEN_NOT, &negated)) != JIHE_OK)
        return st;
    kind = p->token.kind;
    if (kind != JH_TOKEN_IN && kind != JH_TOKEN_BETWEEN && kind != JH_TOKEN_LIKE)
        return fail_token(p, "'in', 'between' or 'like' after 'not'");
    if (left->kind != JH_TREE_COLUMN)
        return jh_expr_fail(p->source, left->at, "expected a column before 'in', 'between' or 'like'");
    if ((st = advance(p)) != JIHE_OK)
        return st;
    if (kind == JH_TOKEN_IN) {
        if ((st = new_tree(p, JH_TREE_IN, left->at, &test)) != JIHE_OK)
            return st;
        test->column = left->column;
        st = parse_list(p, &test->literals);
    } else {
        st = kind == JH_TOKEN_LIKE ? parse_like(p, left, &test) : parse_between(p, left, &test);
    }
    *out = test;
    return st == JIHE_OK && negated ? new_not(p, left->at, test, out) : st;
}

static jihe_status parse_null(parser *p, const jh_tree *left, jh_tree **out)
{
    jh_tree *test;
    jihe_status st;
    bool negated;

    if (left->kind != JH_TREE_COLUMN)
        return jh_expr_fail(p->source, left->at, "expected a column before 'is'");
    if ((st = advance(p)) != JIHE_OK || (st = accept(p, JH_TOKEN_NOT, &negated)) != JIHE_OK ||
        (st = expect(p, JH_TOKEN_NULL, "'null' after 'is'")) != JIHE_OK ||
        (st = new_tree(p, JH_TREE_NULL, left->at, &test)) != JIHE_OK)
        return st;
    test->column = left->column;
    *out = test;
    return negated ? new_not(p, left->at, test, out) : JIHE_OK;
}

static jihe_status parse_test(parser *p, jh_tree **out)
{
    jh_tree *left;
    jihe_status st;

    if ((st = parse_primary(p, &left)) != JIHE_OK)
        return st;
    switch (p->token.kind) {
    case JH_TOKEN_CMP:
        return parse_compare(p, left, out);
    case JH_TOKEN_NOT:
    case JH_TOKEN_IN:
    case JH_TOKEN_BETWEEN:
    case JH_TOKEN_LIKE:
        return parse_set(p, left, out);
    case JH_TOKEN_IS:
        return parse_null(p, left, out);
    default:
        *out = left;
        return JIHE_OK;
    }
}

static jihe_status parse_not(parser *p, jh_tree **out)
{
    const uint32_t at = p->token.at;
    jh_tree *child;
    jihe_status st;

    if (p->token.kind != JH_TOKEN_NOT)
        return parse_test(p, out);
    if ((st = deeper(p)) != JIHE_OK || (st = advance(p)) != JIHE_OK || (st = parse_not(p, &child)) != JIHE_OK)
        return st;
    p->depth--;
    return new_not(p, at, child, out);
}

/* A chain of `kind`, OR or AND, or its only member. */
static jihe_status parse_chain(parser *p, jh_tree_kind kind, jh_tree **out)
{
    const jh_token_kind joint = kind == JH_TREE_OR ? JH_TOKEN_OR : JH_TOKEN_AND;
    jh_tree *chain = NULL, *item;
    jihe_status st;
    bool more;

    do {
        st = kind == JH_TREE_OR ? parse_chain(p, JH_TREE_AND, &item) : parse_not(p, &item);
        if (st != JIHE_OK || (st = accept(p, joint, &more)) != JIHE_OK)
            return st;
        if (chain == NULL && !more) {
            *out = item;
            return JIHE_OK;
        }
        if (chain == NULL && (st = new_tree(p, kind, item->at, &chain)) != JIHE_OK)
            return st;
        append(chain, item);
    } while (more);
    *out = chain;
    return JIHE_OK;
}

jihe_status jh_expr_parse(const jh_expr_source *source, jh_tree **out)
{
    parser p = {.source = source};
    jihe_status st;

    if ((st = advance(&p)) != JIHE_OK || (st = parse_chain(&p, JH_TREE_OR, out)) != JIHE_OK)
        return st;
    if (p.token.kind == JH_TOKEN_COMMA)
        return fail_token(&p, "'and', 'or' or the end (amounts are written without thousands marks)");
    if (p.token.kind != JH_TOKEN_END)
        return fail_token(&p, "'and', 'or' or the end");
    return JIHE_OK;
}
