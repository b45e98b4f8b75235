#include "expr/texttest.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

bool jh_cmp_holds(jh_cmp cmp, int order)
{
    switch (cmp) {
    case JH_CMP_EQ:
        return order == 0;
    case JH_CMP_NE:
        return order != 0;
    case JH_CMP_LT:
        return order < 0;
    case JH_CMP_LE:
        return order <= 0;
    case JH_CMP_GT:
        return order > 0;
    case JH_CMP_GE:
        break;
    }
    return order >= 0;
}

static int compare_texts(const void *left, const void *right)
{
    const jh_text *a = left, *b = right;

    return jh_text_compare(a->bytes, a->len, b->bytes, b->len);
}

bool jh_text_test_init(jh_text_test *test, const jh_tree *tree, jh_arena *arena)
{
    size_t count = 0;

    *test = (jh_text_test){.kind = tree->kind, .cmp = tree->cmp};
    if (tree->kind == JH_TREE_LIKE)
        return jh_like_compile(&test->like, tree->literals->text, tree->literals->len, arena);
    for (const jh_literal *literal = tree->literals; literal != NULL; literal = literal->next)
        count++;
    test->values = JH_NEW(arena, jh_text, count);
    if (test->values == NULL)
        return false;
    for (const jh_literal *literal = tree->literals; literal != NULL; literal = literal->next)
        test->values[test->count++] = (jh_text){literal->text, literal->len};
    if (tree->kind == JH_TREE_IN)
        qsort(test->values, test->count, sizeof *test->values, compare_texts);
    return true;
}

bool jh_text_test_run(const jh_text_test *test, const char *text, size_t len)
{
    const jh_text it = {text, len};
    const jh_text *values = test->values;

    switch (test->kind) {
    case JH_TREE_LIKE:
        return jh_like_match(&test->like, text, len);
    case JH_TREE_IN:
        return bsearch(&it, values, test->count, sizeof *values, compare_texts) != NULL;
    case JH_TREE_BETWEEN:
        return compare_texts(&it, &values[0]) >= 0 && compare_texts(&it, &values[1]) <= 0;
    default:
        return jh_cmp_holds(test->cmp, compare_texts(&it, &values[0]));
    }
}

bool jh_text_test_run_list(const jh_text_test *test, const char *text, size_t len)
{
    const bool every = test->kind == JH_TREE_COMPARE && test->cmp == JH_CMP_NE;
    const char *const end = text + len;

    for (const char *at = text;;) {
        const char *mark = memchr(at, JH_LIST_MARK, (size_t)(end - at));

        if (jh_text_test_run(test, at, (size_t)((mark != NULL ? mark : end) - at)) != every)
            return !every;
        if (mark == NULL)
            return every;
        at = mark + 1;
    }
}
