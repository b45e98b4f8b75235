#include <string.h>

#include "expr/expr.h"
#include "given.h"

/* Where expressions: the canonical text of what is accepted is accepted too, and is its own canonical text; so are the
 * conditions for what lies near a threshold. */

static const jh_facts *given_facts(void)
{
    static const char watch[] = "li\nwang\n", holidays[] = "date,kind\n2026-03-02,holiday\n";
    static jh_value_lists lists;
    static jh_calendar calendar;
    static jh_facts facts;

    if (facts.zone == NULL) {
        must(jh_value_lists_add(&lists, "lists/watch.txt", watch, sizeof watch - 1, NULL) == JIHE_OK, "a list");
        must(jh_calendar_add(&calendar, "calendar/a.csv", holidays, sizeof holidays - 1, NULL) == JIHE_OK,
             "a calendar");
        facts = (jh_facts){.zone = given_workspace()->zone, .lists = &lists, .calendar = &calendar};
    }
    return &facts;
}

static jihe_status compile(jh_expr **out, const char *text, size_t len, jh_arena *arena, jihe_error *err)
{
    const jh_place place = {"fuzz", 1, 1, NULL, 0};

    return jh_expr_compile(out, text, len, place, &given_workspace()->schema, given_facts(), arena, err);
}

/* What an accepted expression can be asked. */
static void ask(const jh_expr *expr, const char *text, size_t len, jh_arena *arena)
{
    const jh_place place = {"fuzz", 1, 1, NULL, 0};
    jihe_error err = {0};
    jh_buf words = {0};

    if (jh_expr_reach(expr, text, len, place, arena, &err) != JIHE_OK)
        must(err.status == JIHE_CONFIG && err.line > 0 && err.column > 0, "a refusal says where");
    jh_expr_explain(expr, &words);
    must(words.len > 0, "an expression can be explained");
    for (size_t i = 0; i < 3; i++) {
        jh_buf threshold = {0}, where = {0};
        jh_expr *near;

        if (jh_expr_near(expr, i, &threshold, &where))
            must(compile(&near, (const char *)where.bytes, where.len, arena, &err) == JIHE_OK ||
                     where.len > 64 * 1024 || strstr(err.message, "nested") != NULL,
                 "what lies near is a condition");
        jh_buf_deinit(&threshold);
        jh_buf_deinit(&where);
    }
    jh_buf_deinit(&words);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    jh_buf once = {0}, twice = {0};
    jihe_error err = {0};
    jh_expr *expr = NULL;
    jh_arena arena;

    jh_arena_init(&arena, 0);
    if (compile(&expr, (const char *)bytes, len, &arena, &err) == JIHE_OK) {
        ask(expr, (const char *)bytes, len, &arena);
        jh_expr_print(expr, &once);
        must(compile(&expr, (const char *)once.bytes, once.len, &arena, &err) == JIHE_OK, "canonical text is accepted");
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
