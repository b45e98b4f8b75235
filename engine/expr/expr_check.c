#include <string.h>

#include "base/text.h"
#include "expr/expr_literal.h"
#include "expr/expr_term.h"
#include "expr/like.h"
#include "expr/regexp.h"

/* Types: every test is made to fit its columns, or refused with what was found, what was expected and what to write. */

static const jh_column *column_of(const jh_expr_source *source, size_t column)
{
    return &source->schema->columns[column];
}

static const char *with_article(jh_type type)
{
    static const char *const names[] = {"",       "an id",  "a category", "an amount of money", "an integer", "a date",
                                        "a time", "a text", "a flag"};

    return names[type];
}

/* The literal as it was written, for a message. */
static const char *written(const jh_expr_source *source, const jh_literal *literal, char *out, size_t size)
{
    uint32_t end = literal->at;

    switch (literal->kind) {
    case JH_LITERAL_TEXT:
        return jh_text_quote(literal->text, literal->len, out, size);
    case JH_LITERAL_NUMBER:
    case JH_LITERAL_DURATION:
        while (end < source->len && source->text[end] != '\0' && strchr("-.0123456789", source->text[end]) != NULL)
            end++;
        return jh_text_quote(source->text + literal->at, end - literal->at, out, size);
    case JH_LITERAL_FLAG:
        break;
    }
    return literal->truth ? "true" : "false";
}

static jihe_status fail_literal(const jh_expr_source *source, const jh_column *column, const jh_literal *literal)
{
    static const char *const found[] = {"text", "number", "constant", "duration"};
    const char *name = column->name, *kind = found[literal->kind];
    char buffer[80];
    const char *as = written(source, literal, buffer, sizeof buffer);

    switch (column->type) {
    case JH_ID:
    case JH_CATEGORY:
    case JH_TEXT:
        return jh_expr_fail(source, literal->at, "column '%s' is %s, found the %s %s, expected a text: write '%s'",
                            name, with_article(column->type), kind, as, as);
    case JH_MONEY:
    case JH_INTEGER:
        return jh_expr_fail(source, literal->at,
                            "column '%s' is %s, found the %s '%s', expected a number without quotes, like -12.50", name,
                            with_article(column->type), kind, as);
    case JH_DATE:
    case JH_TIME:
        return jh_expr_fail(source, literal->at, "column '%s' is %s, found the %s %s, expected one in quotes: '%s'",
                            name, with_article(column->type), kind, as,
                            column->type == JH_DATE ? "2026-11-01" : "2026-11-01 21:00:00");
    case JH_FLAG:
        break;
    }
    return jh_expr_fail(source, literal->at,
                        "column '%s' is a flag, found the %s '%s', expected true or false: write %s or not %s", name,
                        kind, as, name, name);
}

static jihe_status check_literal(const jh_expr_source *source, size_t column, jh_literal *literal)
{
    const jh_column *c = column_of(source, column);
    jh_literal_kind expected = JH_LITERAL_TEXT;

    if (c->type == JH_MONEY || c->type == JH_INTEGER)
        expected = JH_LITERAL_NUMBER;
    else if (c->type == JH_FLAG)
        expected = JH_LITERAL_FLAG;
    if (literal->kind != expected)
        return fail_literal(source, c, literal);
    if (c->type == JH_DATE)
        return jh_literal_date(source, literal);
    if (c->type == JH_TIME)
        return jh_literal_time(source, literal);
    return JIHE_OK;
}

/* A constant beside a computed value. */
static jihe_status check_beside(const jh_expr_source *source, const jh_term *term, jh_literal *literal)
{
    jh_literal_kind expected = JH_LITERAL_NUMBER;
    const char *example = "a number without quotes, like -12.50";
    char buffer[80];

    if (term->unit == JH_UNIT_DURATION) {
        expected = JH_LITERAL_DURATION;
        example = "a duration, like 48 h or 90 days";
    } else if (term->unit == JH_UNIT_DATE || term->unit == JH_UNIT_TIME) {
        expected = JH_LITERAL_TEXT;
        example = term->unit == JH_UNIT_DATE ? "a date in quotes: '2026-11-01'" : "a time: '2026-11-01 21:00:00'";
    } else if (term->unit == JH_UNIT_TRUTH) {
        expected = JH_LITERAL_FLAG;
        example = "true or false";
    }
    if (term->unit == JH_UNIT_TEXT || literal->kind != expected)
        return jh_expr_fail(source, literal->at, "%s is compared with '%s', expected %s", jh_term_unit_text(term),
                            written(source, literal, buffer, sizeof buffer), example);
    if (term->unit == JH_UNIT_DATE)
        return jh_literal_date(source, literal);
    return term->unit == JH_UNIT_TIME ? jh_literal_time(source, literal) : JIHE_OK;
}

static jihe_status check_literals(const jh_expr_source *source, const jh_tree *tree)
{
    jihe_status st = JIHE_OK;

    for (jh_literal *literal = tree->literals; literal != NULL && st == JIHE_OK; literal = literal->next)
        st = tree->term != NULL ? check_beside(source, tree->term, literal)
                                : check_literal(source, tree->column, literal);
    return st;
}

/* Terms are made by the parser and settled here, both times as parts of a tree that only they hold. */
static jh_term *own(const jh_term *term)
{
    return (jh_term *)(uintptr_t)term;
}

/* flag = true is the flag alone, flag = false its negation. */
static jihe_status settle_flag(const jh_expr_source *source, jh_tree *tree)
{
    const bool negated = tree->literals->truth != (tree->cmp == JH_CMP_EQ);
    const jh_tree flag = {.kind = tree->term != NULL ? JH_TREE_VALUE : JH_TREE_COLUMN,
                          .at = tree->at,
                          .column = tree->column,
                          .term = tree->term};
    jh_tree *next = tree->next, *child;

    *tree = flag;
    tree->next = next;
    if (!negated)
        return JIHE_OK;
    if ((child = JH_NEW(source->arena, jh_tree, 1)) == NULL)
        return jh_expr_no_memory(source);
    *child = flag;
    tree->kind = JH_TREE_NOT;
    tree->column = 0;
    tree->term = NULL;
    tree->first = tree->last = child;
    return JIHE_OK;
}

static jihe_status fail_flag(const jh_expr_source *source, const jh_tree *tree)
{
    const char *name = column_of(source, tree->column)->name;

    if (tree->term != NULL)
        return jh_expr_fail(source, tree->at, "%s() is true or false and has no order; write it alone, or with 'not'",
                            jh_function_name(tree->term->kind));
    return jh_expr_fail(source, tree->at,
                        "column '%s' is a flag and has no order; write %s, not %s or %s = another flag", name, name,
                        name, name);
}

static bool is_flag(const jh_expr_source *source, const jh_tree *tree)
{
    return tree->term != NULL ? tree->term->unit == JH_UNIT_TRUTH : column_of(source, tree->column)->type == JH_FLAG;
}

static bool is_order(jh_cmp cmp)
{
    return cmp != JH_CMP_EQ && cmp != JH_CMP_NE;
}

static jihe_status check_compare(const jh_expr_source *source, jh_tree *tree)
{
    jihe_status st = tree->term != NULL ? jh_term_check(source, own(tree->term)) : JIHE_OK;

    if (st != JIHE_OK || (st = check_literals(source, tree)) != JIHE_OK || !is_flag(source, tree))
        return st;
    return is_order(tree->cmp) ? fail_flag(source, tree) : settle_flag(source, tree);
}

static jihe_status check_columns(const jh_expr_source *source, const jh_tree *tree)
{
    const jh_column *a = column_of(source, tree->column), *b = column_of(source, tree->other);
    const bool first = a->list != NULL;

    if (first || b->list != NULL)
        return jh_expr_fail(source, first ? tree->at : tree->other_at,
                            "column '%s' is a list, which does not compare with another column; compare it with "
                            "constants",
                            first ? a->name : b->name);
    if (a->type != b->type && !(jh_type_is_text(a->type) && jh_type_is_text(b->type)))
        return jh_expr_fail(source, tree->other_at,
                            "column '%s' is %s and column '%s' is %s; only columns of one type compare", a->name,
                            with_article(a->type), b->name, with_article(b->type));
    if (a->type == JH_MONEY && a->currency[0] != '\0' && b->currency[0] != '\0' &&
        strcmp(a->currency, b->currency) != 0)
        return jh_expr_fail(
            source, tree->other_at,
            "column '%s' is in %s and column '%s' in %s; amounts of different currencies do not compare", a->name,
            a->currency, b->name, b->currency);
    return a->type == JH_FLAG && is_order(tree->cmp) ? fail_flag(source, tree) : JIHE_OK;
}

static jihe_status check_terms(const jh_expr_source *source, const jh_tree *tree)
{
    jihe_status st;

    if ((st = jh_term_check(source, own(tree->term))) != JIHE_OK ||
        (st = jh_term_check(source, own(tree->other_term))) != JIHE_OK)
        return st;
    return jh_term_match(source, own(tree->term), own(tree->other_term), tree->other_at);
}

/* One value of a named list as a constant for `type`; NULL: it is none. */
static jihe_status list_literal(const jh_expr_source *source, const jh_value_list *list, const jh_list_value *value,
                                jh_type type, jh_literal *out)
{
    const jh_expr_source inside = {value->text,    value->len,    {list->file, value->line, 1, NULL, 0},
                                   source->schema, source->facts, source->arena,
                                   source->err};
    int64_t whole;
    jh_decimal decimal;
    char *digits, quoted[80];

    *out = (jh_literal){.kind = JH_LITERAL_TEXT, .text = value->text, .len = value->len};
    if (type == JH_DATE)
        return jh_literal_date(&inside, out);
    if (type == JH_TIME)
        return jh_literal_time(&inside, out);
    if (!jh_num_i64(value->text, value->len, &whole) && !jh_num_decimal(value->text, value->len, &decimal))
        return jh_expr_fail(&inside, 0, "'%s' is not a number, as column values are",
                            jh_text_quote(value->text, value->len, quoted, sizeof quoted));
    if ((digits = JH_NEW(source->arena, char, value->len + 1)) == NULL)
        return jh_expr_no_memory(source);
    out->kind = JH_LITERAL_NUMBER;
    out->text = digits;
    out->len = jh_literal_settle(value->text, value->len, digits);
    return JIHE_OK;
}

/* The values of a named list as constants; texts stay in the list. */
static jihe_status settle_list(const jh_expr_source *source, jh_tree *tree)
{
    const jh_type type = column_of(source, tree->column)->type;
    jh_literal **out = &tree->literals;
    jihe_status st = JIHE_OK;

    if (tree->term != NULL)
        return jh_expr_fail(source, tree->at, "expected a column before 'in lists.%s'", tree->list->name);
    if (jh_type_is_text(type))
        return JIHE_OK;
    for (size_t i = 0; st == JIHE_OK && i < tree->list->count; i++, out = &(*out)->next) {
        if ((*out = JH_NEW(source->arena, jh_literal, 1)) == NULL)
            return jh_expr_no_memory(source);
        st = list_literal(source, tree->list, &tree->list->values[i], type, *out);
    }
    return st;
}

static jihe_status check_set(const jh_expr_source *source, jh_tree *tree)
{
    const jihe_status st = tree->term != NULL ? jh_term_check(source, own(tree->term)) : JIHE_OK;

    if (st != JIHE_OK)
        return st;
    if (is_flag(source, tree))
        return fail_flag(source, tree);
    return tree->list != NULL ? settle_list(source, tree) : check_literals(source, tree);
}

static jihe_status check_like(const jh_expr_source *source, const jh_tree *tree)
{
    const jh_column *column = column_of(source, tree->column);
    const jh_literal *pattern = tree->literals;

    if (!jh_type_is_text(column->type))
        return jh_expr_fail(source, tree->at, "column '%s' is %s, expected an id, a category or a text before 'like'",
                            column->name, with_article(column->type));
    if (pattern->len > JH_EXPR_MAX_PATTERN)
        return jh_expr_fail(source, pattern->at, "the pattern has %u bytes, expected at most %d", pattern->len,
                            JH_EXPR_MAX_PATTERN);
    if (!jh_like_valid(pattern->text, pattern->len))
        return jh_expr_fail(source, pattern->at,
                            "'\\' in a pattern stands before '%%', '_' or another '\\', to mean that character itself");
    return JIHE_OK;
}

static jihe_status check_match(const jh_expr_source *source, const jh_tree *tree)
{
    const jh_column *column = column_of(source, tree->column);
    const jh_literal *pattern = tree->literals;
    char message[160];
    size_t at;

    if (!jh_type_is_text(column->type))
        return jh_expr_fail(source, tree->at, "column '%s' is %s, expected an id, a category or a text before '~'",
                            column->name, with_article(column->type));
    if (pattern->len > JH_EXPR_MAX_PATTERN)
        return jh_expr_fail(source, pattern->at, "the regular expression has %u bytes, expected at most %d",
                            pattern->len, JH_EXPR_MAX_PATTERN);
    switch (jh_pattern_check(pattern->text, pattern->len, &at, message, sizeof message)) {
    case JIHE_OK:
        return JIHE_OK;
    case JIHE_NO_MEMORY:
        return jh_expr_no_memory(source);
    default:
        return jh_expr_fail(source, pattern->at, "the regular expression cannot be read at its character %u: %s",
                            jh_text_code_points(pattern->text, at) + 1, message);
    }
}

static jihe_status check_value(const jh_expr_source *source, const jh_tree *tree)
{
    const jihe_status st = jh_term_check(source, own(tree->term));

    if (st != JIHE_OK || tree->term->unit == JH_UNIT_TRUTH)
        return st;
    return jh_expr_fail(source, tree->at, "%s alone is not a condition; compare it, like amount * 2 > 100",
                        jh_term_unit_text(tree->term));
}

static jihe_status check_alone(const jh_expr_source *source, const jh_tree *tree)
{
    const jh_column *column;
    char buffer[80];

    if (tree->kind == JH_TREE_LITERAL) {
        if (tree->literals->kind == JH_LITERAL_FLAG)
            return JIHE_OK;
        return jh_expr_fail(source, tree->at, "'%s' alone is not a condition; expected a comparison like amount > 100",
                            written(source, tree->literals, buffer, sizeof buffer));
    }
    column = column_of(source, tree->column);
    if (column->type == JH_FLAG)
        return JIHE_OK;
    return jh_expr_fail(source, tree->at, "column '%s' is %s, not a condition; compare it, or write %s is not null",
                        column->name, with_article(column->type), column->name);
}

jihe_status jh_expr_check(const jh_expr_source *source, jh_tree *tree)
{
    jihe_status st = JIHE_OK;

    switch (tree->kind) {
    case JH_TREE_AND:
    case JH_TREE_OR:
    case JH_TREE_NOT:
        for (jh_tree *child = tree->first; child != NULL && st == JIHE_OK; child = child->next)
            st = jh_expr_check(source, child);
        return st;
    case JH_TREE_LITERAL:
    case JH_TREE_COLUMN:
        return check_alone(source, tree);
    case JH_TREE_NULL:
        return JIHE_OK;
    case JH_TREE_COMPARE:
        return check_compare(source, tree);
    case JH_TREE_COLUMNS:
        return check_columns(source, tree);
    case JH_TREE_IN:
    case JH_TREE_BETWEEN:
        return check_set(source, tree);
    case JH_TREE_LIKE:
        return check_like(source, tree);
    case JH_TREE_MATCH:
        return check_match(source, tree);
    case JH_TREE_TERMS:
        return check_terms(source, tree);
    case JH_TREE_VALUE:
        return check_value(source, tree);
    }
    return jh_expr_fail(source, tree->at, "unknown kind of test %d", (int)tree->kind);
}
