#include <string.h>

#include "expr/expr.h"
#include "given.h"

/* Where expressions: the canonical text of what is accepted is accepted too, and is its own canonical text. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const jh_place place = {"fuzz", 1, 1, NULL, 0};
    const jh_workspace_config *config = given_workspace();
    const jh_facts facts = {.zone = config->zone};
    jh_buf once = {0}, twice = {0};
    jihe_error err = {0};
    jh_expr *expr = NULL;
    jh_arena arena;

    jh_arena_init(&arena, 0);
    if (jh_expr_compile(&expr, (const char *)bytes, len, place, &config->schema, &facts, &arena, &err) == JIHE_OK) {
        jh_expr_print(expr, &once);
        must(jh_expr_compile(&expr, (const char *)once.bytes, once.len, place, &config->schema, &facts, &arena, &err) ==
                 JIHE_OK,
             "canonical text is accepted");
        jh_expr_print(expr, &twice);
        must(once.len == twice.len && memcmp(once.bytes, twice.bytes, once.len) == 0, "canonical text is canonical");
    } else {
        must(err.status == JIHE_CONFIG && err.line > 0 && err.column > 0, "a refusal says where");
    }
    jh_buf_deinit(&once);
    jh_buf_deinit(&twice);
    jh_arena_deinit(&arena);
    return 0;
}
