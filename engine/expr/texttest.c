#include "expr/texttest.h"

#include <string.h>

#include "base/hash.h"
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

/* The constants of the test, or the values of the list that it names. */
static bool gather(jh_text_test *test, const jh_tree *tree, jh_arena *arena)
{
    const jh_value_list *list = tree->list;
    const jh_literal *first = list != NULL ? NULL : tree->literals;
    size_t room = list != NULL ? list->count : 0;

    for (const jh_literal *literal = first; literal != NULL; literal = literal->next)
        room++;
    if ((test->values = JH_NEW(arena, jh_text, room + 1)) == NULL)
        return false;
    for (size_t i = 0; list != NULL && i < list->count; i++)
        test->values[test->count++] = (jh_text){list->values[i].text, list->values[i].len};
    for (const jh_literal *literal = first; literal != NULL; literal = literal->next)
        test->values[test->count++] = (jh_text){literal->text, literal->len};
    return true;
}

/* The slot of a text, or the free one where it would stand. */
static uint32_t *slot_of(const jh_text_test *test, const char *text, size_t len)
{
    size_t at = (size_t)jh_hash64(text, len) & test->slot_mask;

    for (; test->slots[at] != 0; at = (at + 1) & test->slot_mask) {
        const jh_text *value = &test->values[test->slots[at] - 1];

        if (value->len == len && memcmp(value->bytes, text, len) == 0)
            break;
    }
    return &test->slots[at];
}

/* A list of thousands is asked about every entry of a dictionary. */
static bool hash_values(jh_text_test *test, jh_arena *arena)
{
    size_t slots = 16;

    while (slots < test->count * 2)
        slots *= 2;
    if ((test->slots = JH_NEW(arena, uint32_t, slots)) == NULL)
        return false;
    test->slot_mask = slots - 1;
    for (size_t i = 0; i < test->count; i++)
        *slot_of(test, test->values[i].bytes, test->values[i].len) = (uint32_t)i + 1;
    return true;
}

bool jh_text_test_init(jh_text_test *test, const jh_tree *tree, jh_arena *arena)
{
    *test = (jh_text_test){.kind = tree->kind, .cmp = tree->cmp};
    if (tree->kind == JH_TREE_LIKE)
        return jh_like_compile(&test->like, tree->literals->text, tree->literals->len, arena);
    if (tree->kind == JH_TREE_MATCH)
        return (test->pattern = jh_pattern_new(tree->literals->text, tree->literals->len, arena)) != NULL;
    return gather(test, tree, arena) && (tree->kind != JH_TREE_IN || hash_values(test, arena));
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
        holds = *slot_of(test, text, len) != 0;
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
