#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/bits.h"
#include "base/text.h"
#include "expr/expr_term.h"

/* Text to checked tree, and the positions of messages. */

jihe_status jh_expr_fail(const jh_expr_source *source, uint32_t at, const char *fmt, ...)
{
    char message[sizeof source->err->message];
    uint32_t line = source->place.line == 0 ? 1 : source->place.line, begin = 0;
    uint32_t column = source->place.column == 0 ? 1 : source->place.column;
    va_list args;

    /* A further line begins in the column of the first: that is where a block in a rule file has its left edge. */
    for (uint32_t i = 0; source->place.break_count == 0 && i < at; i++)
        if (source->text[i] == '\n') {
            line++;
            begin = i + 1;
        }
    for (size_t i = 0; i < source->place.break_count && source->place.breaks[i].at <= at; i++) {
        begin = source->place.breaks[i].at;
        line = source->place.breaks[i].line;
        column = source->place.breaks[i].column;
    }
    column += jh_text_code_points(source->text + begin, at - begin);
    va_start(args, fmt);
    vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    return jh_fail_at(source->err, JIHE_CONFIG, source->place.source, line, column, "%s", message);
}

jihe_status jh_expr_no_memory(const jh_expr_source *source)
{
    return jh_fail(source->err, JIHE_NO_MEMORY, "no memory to read an expression");
}

static jihe_status check_bytes(const jh_expr_source *source, size_t len)
{
    const char *nul;
    const size_t valid = len > JH_EXPR_MAX_BYTES ? 0 : jh_text_utf8_valid(source->text, len);

    if (len > JH_EXPR_MAX_BYTES)
        return jh_expr_fail(source, 0, "the expression has %zu bytes, expected at most %d", len, JH_EXPR_MAX_BYTES);
    if (valid < len)
        return jh_expr_fail(source, (uint32_t)valid, "byte %zu of the expression is not UTF-8", valid + 1);
    nul = memchr(source->text, '\0', len);
    if (nul != NULL)
        return jh_expr_fail(source, (uint32_t)(nul - source->text), "the expression holds a NUL byte");
    return JIHE_OK;
}

static void note_term(const jh_term *term, jh_expr *expr)
{
    if (term == NULL)
        return;
    if (term->kind == JH_TERM_COLUMN)
        jh_bits_set(expr->used, term->column);
    expr->asked.calendar |= term->kind == JH_TERM_WORKDAY;
    expr->asked.people |= term->kind == JH_TERM_TENURE;
    note_term(term->left, expr);
    note_term(term->right, expr);
}

/* What the expression touches: columns and facts. */
static void note(const jh_tree *tree, jh_expr *expr)
{
    if (tree->first == NULL && tree->kind != JH_TREE_LITERAL && tree->term == NULL)
        jh_bits_set(expr->used, tree->column);
    if (tree->kind == JH_TREE_COLUMNS)
        jh_bits_set(expr->used, tree->other);
    if (tree->list != NULL)
        jh_bits_set(expr->asked.lists, (size_t)(tree->list - expr->facts->lists->lists));
    note_term(tree->term, expr);
    note_term(tree->other_term, expr);
    for (const jh_tree *child = tree->first; child != NULL; child = child->next)
        note(child, expr);
}

/* No text: true for every document. */
static jihe_status everything(const jh_expr_source *source, jh_tree **out)
{
    jh_literal *literal = JH_NEW(source->arena, jh_literal, 1);

    *out = JH_NEW(source->arena, jh_tree, 1);
    if (literal == NULL || *out == NULL)
        return jh_expr_no_memory(source);
    *literal = (jh_literal){.kind = JH_LITERAL_FLAG, .truth = true};
    **out = (jh_tree){.kind = JH_TREE_LITERAL, .literals = literal};
    return JIHE_OK;
}

jihe_status jh_expr_compile(jh_expr **out, const char *text, size_t len, jh_place place, const jh_schema *schema,
                            const jh_facts *facts, jh_arena *arena, jihe_error *err)
{
    const jh_expr_source source = {text, (uint32_t)len, place, schema, facts, arena, err};
    jh_expr *expr = JH_NEW(arena, jh_expr, 1);
    jh_tree *root = NULL;
    jihe_status st;

    *out = NULL;
    if (expr == NULL)
        return jh_expr_no_memory(&source);
    if (text == NULL || len == 0)
        st = everything(&source, &root);
    else if ((st = check_bytes(&source, len)) == JIHE_OK && (st = jh_expr_parse(&source, &root)) == JIHE_OK &&
             (st = jh_expr_check(&source, root)) == JIHE_OK)
        st = jh_expr_check_currency(&source, root);
    if (st != JIHE_OK)
        return st;
    expr->root = root;
    expr->schema = schema;
    expr->facts = facts;
    note(root, expr);
    *out = expr;
    return JIHE_OK;
}

void jh_expr_columns(const jh_expr *expr, uint64_t used[JH_MAX_COLUMNS / 64])
{
    memcpy(used, expr->used, sizeof expr->used);
}

void jh_expr_facts(const jh_expr *expr, jh_facts_used *used)
{
    for (size_t i = 0; i < sizeof used->lists / sizeof used->lists[0]; i++)
        used->lists[i] |= expr->asked.lists[i];
    used->calendar |= expr->asked.calendar;
    used->people |= expr->asked.people;
}
