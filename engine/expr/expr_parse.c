#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "expr/expr_literal.h"
#include "expr/expr_term.h"
#include "expr/expr_token.h"

/* or := and ('or' and)*      and := not ('and' not)*      not := 'not' not | test
 * test := sum [sign sum | '~' text | 'is' ['not'] 'null' | ['not'] ('in' list | 'between' sum 'and' sum | 'like' text)]
 * sum := product (('+' | '-') product)*      product := factor (('*' | '/' | '%') factor)*      factor := '-' factor |
 * primary
 * primary := column | constant [unit] | function '(' sum ')' | '(' or ')'      list := '(' constants ')' | 'lists' '.'
 * name
 *
 * What the tree settles: the column stands left of a constant, chains are flat, `not in` is `not` over `in`, and
 * `between` with bounds that are not both constants is two comparisons. */

typedef struct parser {
    const jh_expr_source *source;
    jh_token token; /* the next one */
    uint32_t depth;
} parser;

static jihe_status parse_chain(parser *p, jh_tree_kind kind, jh_tree **out);
static jihe_status parse_sum(parser *p, jh_tree **out);

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

/* "48 h": the unit after a number that was read. */
static jihe_status parse_unit(parser *p, jh_literal *literal)
{
    const jihe_status st = advance(p);
    const int64_t unit =
        st == JIHE_OK && p->token.kind == JH_TOKEN_NAME ? jh_duration_unit(p->token.text, p->token.text_len) : 0;

    if (unit == 0)
        return st;
    const jihe_status converted = jh_literal_duration(p->source, literal, unit);

    return converted != JIHE_OK ? converted : advance(p);
}

/* -literal, of a number or a duration. */
static jihe_status negate(const parser *p, jh_literal *literal, uint32_t at)
{
    char *text;

    literal->at = at;
    literal->first = -literal->first;
    literal->last = -literal->last;
    if (literal->kind == JH_LITERAL_DURATION)
        return JIHE_OK;
    if ((text = JH_NEW(p->source->arena, char, literal->len + 2)) == NULL)
        return jh_expr_no_memory(p->source);
    text[0] = '-';
    memcpy(text + 1, literal->text, literal->len);
    if (text[1] == '-') /* of -(-5) */
        literal->text = text + 2;
    else if (strcmp(literal->text, "0") != 0)
        literal->text = text;
    literal->len = (uint32_t)strlen(literal->text);
    return JIHE_OK;
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
        return parse_unit(p, literal);
    }
    return advance(p);
}

/* A constant of a list, which may have a sign. */
static jihe_status parse_signed(parser *p, jh_literal **out)
{
    const uint32_t at = p->token.at;
    jihe_status st;
    bool negative;

    if ((st = accept(p, JH_TOKEN_MINUS, &negative)) != JIHE_OK)
        return st;
    if (negative ? p->token.kind != JH_TOKEN_NUMBER : !is_literal(p))
        return fail_token(p, negative ? "a number after '-'" : "a constant");
    if ((st = parse_literal(p, out)) != JIHE_OK || !negative)
        return st;
    return negate(p, *out, at);
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

/* --- values --- */

/* A column, a constant or a computed value as a term. */
static jihe_status to_term(const parser *p, const jh_tree *tree, jh_term **out)
{
    jh_term *term;

    if (tree->kind == JH_TREE_VALUE) {
        *out = (jh_term *)(uintptr_t)tree->term; /* still being built: the check writes to it */
        return JIHE_OK;
    }
    if (tree->kind != JH_TREE_COLUMN && tree->kind != JH_TREE_LITERAL)
        return jh_expr_fail(p->source, tree->at,
                            "a condition is no value; expected a column, a constant or a function");
    if ((*out = term = JH_NEW(p->source->arena, jh_term, 1)) == NULL)
        return jh_expr_no_memory(p->source);
    *term = (jh_term){.kind = tree->kind == JH_TREE_COLUMN ? JH_TERM_COLUMN : JH_TERM_CONST,
                      .at = tree->at,
                      .depth = 1,
                      .column = tree->column,
                      .literal = tree->literals};
    return JIHE_OK;
}

/* The value `kind` of one or two others; `right` NULL for one. */
static jihe_status new_value(const parser *p, jh_term_kind kind, uint32_t at, const jh_tree *left, const jh_tree *right,
                             jh_tree **out)
{
    jh_term *term = JH_NEW(p->source->arena, jh_term, 1);
    jihe_status st;

    if (term == NULL)
        return jh_expr_no_memory(p->source);
    *term = (jh_term){.kind = kind, .at = at};
    if ((st = to_term(p, left, &term->left)) != JIHE_OK ||
        (right != NULL && (st = to_term(p, right, &term->right)) != JIHE_OK) ||
        (st = new_tree(p, JH_TREE_VALUE, at, out)) != JIHE_OK)
        return st;
    term->depth = term->left->depth + 1;
    if (right != NULL && term->right->depth >= term->depth)
        term->depth = term->right->depth + 1;
    (*out)->term = term;
    if (term->depth > JH_EXPR_MAX_DEPTH)
        return jh_expr_fail(p->source, at, "arithmetic is nested more than %d deep", JH_EXPR_MAX_DEPTH);
    return JIHE_OK;
}

static jihe_status fail_function(const parser *p, const jh_token *name)
{
    char word[32], quoted[80];
    const char *nearest = NULL;

    if (name->text_len < sizeof word) {
        memcpy(word, name->text, name->text_len);
        word[name->text_len] = '\0';
        nearest = jh_function_nearest(word);
    }
    jh_text_quote(name->text, name->text_len, quoted, sizeof quoted);
    return jh_expr_fail(p->source, name->at,
                        nearest != NULL ? "no function '%s'; did you mean '%s'?"
                                        : "no function '%s'; rules/README.md lists them%s",
                        quoted, nearest != NULL ? nearest : "");
}

/* name ( value ), the name being read and '(' the next token. */
static jihe_status parse_call(parser *p, jh_token name, jh_tree **out)
{
    const jh_function *function = jh_function_find(name.text, name.text_len);
    jh_tree *argument;
    jihe_status st;

    if (function == NULL)
        return fail_function(p, &name);
    if ((st = deeper(p)) != JIHE_OK || (st = advance(p)) != JIHE_OK || (st = parse_sum(p, &argument)) != JIHE_OK)
        return st;
    p->depth--;
    if (p->token.kind == JH_TOKEN_COMMA)
        return jh_expr_fail(p->source, p->token.at, "%s takes one value", function->name);
    if ((st = expect(p, JH_TOKEN_CLOSE, "')' after what the function is asked about")) != JIHE_OK)
        return st;
    return new_value(p, function->kind, name.at, argument, NULL, out);
}

/* A column, or a function where '(' follows the name. */
static jihe_status parse_name(parser *p, jh_tree **out)
{
    const jh_token name = p->token;
    const bool quoted = p->source->text[name.at] == '"';
    jh_token after;
    jihe_status st = jh_token_read(p->source, name.end, &after);

    if (st == JIHE_OK && !quoted && after.kind == JH_TOKEN_OPEN)
        return (st = advance(p)) != JIHE_OK ? st : parse_call(p, name, out);
    return parse_column(p, out);
}

static jihe_status parse_primary(parser *p, jh_tree **out)
{
    jihe_status st;

    if (p->token.kind == JH_TOKEN_OPEN)
        return parse_parentheses(p, out);
    if (p->token.kind == JH_TOKEN_NAME)
        return parse_name(p, out);
    if (p->token.kind == JH_TOKEN_NULL)
        return jh_expr_fail(p->source, p->token.at,
                            "nothing is equal to null; write 'is null' or 'is not null' after the column");
    if (!is_literal(p))
        return fail_token(p, "a column, a constant or '('");
    if ((st = new_tree(p, JH_TREE_LITERAL, p->token.at, out)) != JIHE_OK)
        return st;
    return parse_literal(p, &(*out)->literals);
}

static jihe_status parse_factor(parser *p, jh_tree **out)
{
    const uint32_t at = p->token.at;
    jh_tree *inner;
    jihe_status st;

    if (p->token.kind != JH_TOKEN_MINUS)
        return parse_primary(p, out);
    if ((st = deeper(p)) != JIHE_OK || (st = advance(p)) != JIHE_OK || (st = parse_factor(p, &inner)) != JIHE_OK)
        return st;
    p->depth--;
    if (inner->kind != JH_TREE_LITERAL ||
        (inner->literals->kind != JH_LITERAL_NUMBER && inner->literals->kind != JH_LITERAL_DURATION))
        return new_value(p, JH_TERM_NEGATIVE, at, inner, NULL, out);
    inner->at = at;
    *out = inner;
    return negate(p, inner->literals, at);
}

/* a op b op c, from left to right; products bind stronger. */
static jihe_status parse_operators(parser *p, bool products, jh_tree **out)
{
    jihe_status st = products ? parse_factor(p, out) : parse_operators(p, true, out);

    while (st == JIHE_OK) {
        const jh_token_kind token = p->token.kind;
        jh_term_kind kind;
        jh_tree *right;

        if (token == JH_TOKEN_PLUS || token == JH_TOKEN_MINUS)
            kind = token == JH_TOKEN_PLUS ? JH_TERM_ADD : JH_TERM_SUBTRACT;
        else if (token == JH_TOKEN_TIMES || token == JH_TOKEN_OVER)
            kind = token == JH_TOKEN_TIMES ? JH_TERM_MULTIPLY : JH_TERM_DIVIDE;
        else if (token == JH_TOKEN_REST)
            kind = JH_TERM_REST;
        else
            return JIHE_OK;
        if (products != (kind >= JH_TERM_MULTIPLY))
            return JIHE_OK;
        if ((st = advance(p)) == JIHE_OK &&
            (st = products ? parse_factor(p, &right) : parse_operators(p, true, &right)) == JIHE_OK)
            st = new_value(p, kind, (*out)->at, *out, right, out);
    }
    return st;
}

static jihe_status parse_sum(parser *p, jh_tree **out)
{
    return parse_operators(p, false, out);
}

/* --- tests --- */

/* The sign that says the same with the sides exchanged. */
static jh_cmp mirrored(jh_cmp cmp)
{
    static const jh_cmp mirror[] = {JH_CMP_EQ, JH_CMP_NE, JH_CMP_GT, JH_CMP_GE, JH_CMP_LT, JH_CMP_LE};

    return mirror[cmp];
}

static bool is_value(const jh_tree *tree)
{
    return tree->kind == JH_TREE_COLUMN || tree->kind == JH_TREE_LITERAL || tree->kind == JH_TREE_VALUE;
}

/* Two values of which one at least is computed. */
static jihe_status compare_values(const parser *p, jh_cmp cmp, const jh_tree *left, const jh_tree *right, jh_tree **out)
{
    jh_term *term, *other = NULL;
    jihe_status st = to_term(p, left, &term);

    if (st != JIHE_OK || (right->kind != JH_TREE_LITERAL && (st = to_term(p, right, &other)) != JIHE_OK) ||
        (st = new_tree(p, other == NULL ? JH_TREE_COMPARE : JH_TREE_TERMS, left->at, out)) != JIHE_OK)
        return st;
    (*out)->cmp = cmp;
    (*out)->term = term;
    (*out)->other_term = other;
    (*out)->other_at = right->at;
    (*out)->literals = right->literals;
    return JIHE_OK;
}

static jihe_status compare(const parser *p, jh_cmp cmp, const jh_tree *left, const jh_tree *right, jh_tree **out)
{
    const jh_tree *sides[2] = {left, right};
    jihe_status st;

    for (int i = 0; i < 2; i++)
        if (!is_value(sides[i]))
            return jh_expr_fail(p->source, sides[i]->at,
                                "a condition cannot be compared; expected a column or a constant");
    if (left->kind == JH_TREE_LITERAL && right->kind == JH_TREE_LITERAL)
        return jh_expr_fail(p->source, left->at, "two constants are compared; expected a column on one side");
    if (left->kind == JH_TREE_LITERAL)
        return compare(p, mirrored(cmp), right, left, out);
    if (left->kind == JH_TREE_VALUE || right->kind == JH_TREE_VALUE)
        return compare_values(p, cmp, left, right, out);
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

    if ((st = advance(p)) != JIHE_OK || (st = parse_sum(p, &right)) != JIHE_OK)
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
        if ((st = parse_signed(p, out)) != JIHE_OK || (st = accept(p, JH_TOKEN_COMMA, &more)) != JIHE_OK)
            return st;
        out = &(*out)->next;
    }
    return expect(p, JH_TOKEN_CLOSE, "',' or ')' in the list");
}

static jihe_status fail_list(const parser *p)
{
    const jh_value_lists *lists = p->source->facts->lists;
    const size_t count = lists == NULL ? 0 : lists->count;
    const char *names[JH_MAX_VALUE_LISTS], *nearest = NULL;
    char word[256], quoted[80];

    for (size_t i = 0; i < count; i++)
        names[i] = lists->lists[i].name;
    jh_text_quote(p->token.text, p->token.text_len, quoted, sizeof quoted);
    if (p->token.text_len < sizeof word) {
        memcpy(word, p->token.text, p->token.text_len);
        word[p->token.text_len] = '\0';
        nearest = jh_text_nearest(word, names, count);
    }
    if (nearest != NULL)
        return jh_expr_fail(p->source, p->token.at, "no list '%s'; did you mean '%s'?", quoted, nearest);
    return jh_expr_fail(p->source, p->token.at, "no list '%s'; put its values into lists/%s.txt of the workspace",
                        quoted, quoted);
}

/* lists.NAME */
static jihe_status parse_named_list(parser *p, jh_tree *test)
{
    jihe_status st;

    test->other_at = p->token.at;
    if ((st = advance(p)) != JIHE_OK || (st = expect(p, JH_TOKEN_DOT, "'.' and the name of a list")) != JIHE_OK)
        return st;
    if (p->token.kind != JH_TOKEN_NAME)
        return fail_token(p, "the name of a list after 'lists.'");
    test->list = jh_value_list_find(p->source->facts->lists, p->token.text, p->token.text_len);
    if (test->list == NULL)
        return fail_list(p);
    return advance(p);
}

static bool is_word(const jh_token *token, const char *word)
{
    return token->kind == JH_TOKEN_NAME && token->text_len == strlen(word) &&
           memcmp(token->text, word, token->text_len) == 0;
}

static jihe_status parse_in(parser *p, const jh_tree *left, jh_tree **out)
{
    jihe_status st = new_tree(p, JH_TREE_IN, left->at, out);

    if (st != JIHE_OK)
        return st;
    (*out)->column = left->column;
    (*out)->term = left->term;
    return is_word(&p->token, "lists") ? parse_named_list(p, *out) : parse_list(p, &(*out)->literals);
}

/* Bounds that are both constants make one node; otherwise two comparisons say the same. */
static jihe_status parse_between(parser *p, const jh_tree *left, jh_tree **out)
{
    jh_tree *low, *high, *at_least, *at_most;
    jihe_status st;

    if ((st = parse_sum(p, &low)) != JIHE_OK ||
        (st = expect(p, JH_TOKEN_AND, "'and' and the upper bound of 'between'")) != JIHE_OK ||
        (st = parse_sum(p, &high)) != JIHE_OK || (st = compare(p, JH_CMP_GE, left, low, &at_least)) != JIHE_OK ||
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

/* What stands behind like or ~. */
static jihe_status parse_pattern(parser *p, jh_tree_kind kind, const jh_tree *left, jh_tree **out)
{
    jihe_status st = new_tree(p, kind, left->at, out);

    if (st != JIHE_OK)
        return st;
    if (p->token.kind != JH_TOKEN_TEXT)
        return fail_token(p, kind == JH_TREE_LIKE ? "a pattern in single quotes after 'like'"
                                                  : "a regular expression in single quotes after '~'");
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
    if (left->kind != JH_TREE_COLUMN && (left->kind != JH_TREE_VALUE || kind == JH_TOKEN_LIKE))
        return jh_expr_fail(p->source, left->at, "expected a column before 'in', 'between' or 'like'");
    if ((st = advance(p)) != JIHE_OK)
        return st;
    if (kind == JH_TOKEN_IN)
        st = parse_in(p, left, &test);
    else
        st = kind == JH_TOKEN_LIKE ? parse_pattern(p, JH_TREE_LIKE, left, &test) : parse_between(p, left, &test);
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

static jihe_status parse_match(parser *p, const jh_tree *left, jh_tree **out)
{
    const jihe_status st = advance(p);

    if (left->kind != JH_TREE_COLUMN)
        return jh_expr_fail(p->source, left->at, "expected a column before '~'");
    return st != JIHE_OK ? st : parse_pattern(p, JH_TREE_MATCH, left, out);
}

static jihe_status parse_test(parser *p, jh_tree **out)
{
    jh_tree *left;
    jihe_status st;

    if ((st = parse_sum(p, &left)) != JIHE_OK)
        return st;
    switch (p->token.kind) {
    case JH_TOKEN_CMP:
        return parse_compare(p, left, out);
    case JH_TOKEN_NOT:
    case JH_TOKEN_IN:
    case JH_TOKEN_BETWEEN:
    case JH_TOKEN_LIKE:
        return parse_set(p, left, out);
    case JH_TOKEN_MATCH:
        return parse_match(p, left, out);
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
