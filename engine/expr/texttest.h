#ifndef JH_EXPR_TEXTTEST_H
#define JH_EXPR_TEXTTEST_H

#include "expr/expr_tree.h"
#include "expr/like.h"
#include "expr/regexp.h"

/* A test of one text against constants: comparison, in, between, like or ~. Asked once per dictionary entry of a category,
 * once per row of an id or text. */

typedef struct jh_text {
    const char *bytes;
    size_t len;
} jh_text;

typedef struct jh_text_test {
    jh_tree_kind kind; /* COMPARE, IN, BETWEEN, LIKE, MATCH */
    jh_cmp cmp;
    jh_text *values;
    size_t count;
    uint32_t *slots; /* IN: 1 + a value, from where its hash points on; 0: free */
    size_t slot_mask;
    jh_like like;
    const jh_pattern *pattern; /* MATCH */
} jh_text_test;

bool jh_text_test_init(jh_text_test *test, const jh_tree *tree, jh_arena *arena); /* false: no memory */

/* Every kind but MATCH has an answer; `room` is for that one only. */
jh_found jh_text_test_run(const jh_text_test *test, jh_pattern_room *room, const char *text, size_t len);

/* The same of a list, its values with JH_LIST_MARK between them: passed when any value passes; `<>`, which is the
 * negation of `=`, when every one does. */
jh_found jh_text_test_run_list(const jh_text_test *test, jh_pattern_room *room, const char *text, size_t len);

bool jh_cmp_holds(jh_cmp cmp, int order); /* order: of left and right, as from memcmp */

#endif
