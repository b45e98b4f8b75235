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
    if (tree->kind == JH_TREE_MATCH)
        return (test->pattern = jh_pattern_new(tree->literals->text, tree->literals->len, arena)) != NULL;
    if ((test->list = tree->list) != NULL)
        return true;
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

static int compare_listed(const void *left, const void *right)
{
    const jh_text *a = left;
    const jh_list_value *b = right;

    return jh_text_compare(a->bytes, a->len, b->text, b->len);
}

static bool is_member(const jh_text_test *test, const jh_text *it)
{
    if (test->list == NULL)
        return bsearch(it, test->values, test->count, sizeof *test->values, compare_texts) != NULL;
    return test->list->count > 0 &&
           bsearch(it, test->list->values, test->list->count, sizeof *test->list->values, compare_listed) != NULL;
}

jh_found jh_text_test_run(const jh_text_test *test, jh_pattern_room *room, const char *text, size_t len)
{
    const jh_text it = {text, len};
    const jh_text *values = test->values;
    bool holds;

    switch (test->kind) {
    case JH_TREE_MATCH:
        return jh_pattern_find(test->pattern, room, text, len);
    case JH_TREE_LIKE:
        holds = jh_like_match(&test->like, text, len);
        break;
    case JH_TREE_IN:
        holds = is_member(test, &it);
        break;
    case JH_TREE_BETWEEN:
        holds = compare_texts(&it, &values[0]) >= 0 && compare_texts(&it, &values[1]) <= 0;
        break;
    default:
        holds = jh_cmp_holds(test->cmp, compare_texts(&it, &values[0]));
        break;
    }
    return holds ? JH_FOUND_YES : JH_FOUND_NO;
}

jh_found jh_text_test_run_list(const jh_text_test *test, jh_pattern_room *room, const char *text, size_t len)
{
    const bool every = test->kind == JH_TREE_COMPARE && test->cmp == JH_CMP_NE;
    const jh_found ends = every ? JH_FOUND_NO : JH_FOUND_YES;
    const char *const end = text + len;
    jh_found answer = every ? JH_FOUND_YES : JH_FOUND_NO;

    for (const char *at = text;;) {
        const char *mark = memchr(at, JH_LIST_MARK, (size_t)(end - at));
        const jh_found one = jh_text_test_run(test, room, at, (size_t)((mark != NULL ? mark : end) - at));

        if (one == ends || one == JH_FOUND_NO_MEMORY)
            return one;
        if (one == JH_FOUND_NO_ANSWER)
            answer = one;
        if (mark == NULL)
            return answer;
        at = mark + 1;
    }
}
