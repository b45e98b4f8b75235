#include <string.h>

#include "given.h"
#include "ledger/runs_int.h"
#include "rule/record.h"
#include "snapshot/schema_copy.h"

/* Maps as the ledger and snapshots store them. The same bytes are tried as each kind; what is read, then stored, is
 * read the same again. */

static bool same(const jh_buf *a, const jh_buf *b)
{
    return !a->failed && !b->failed && a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

static void as_rule(const uint8_t *bytes, size_t len, jh_arena *arena)
{
    jh_buf once = {0}, twice = {0};
    jihe_error err = {0};
    jh_rule rule;
    jh_unpack in;

    if (!jh_unpack_begin(&in, bytes, len) || jh_rule_unpack(&in, &rule, arena, &err) != JIHE_OK)
        return;
    jh_rule_pack(&once, &rule);
    must(jh_unpack_begin(&in, once.bytes, once.len) && jh_rule_unpack(&in, &rule, arena, &err) == JIHE_OK,
         "a stored rule can be read");
    jh_rule_pack(&twice, &rule);
    must(same(&once, &twice), "a stored rule is the rule");
    jh_buf_deinit(&once);
    jh_buf_deinit(&twice);
}

static void as_run(const uint8_t *bytes, size_t len, jh_arena *arena)
{
    jh_event event = {.sequence = 1, .kind = "run", .body = bytes, .body_len = len};
    jh_buf once = {0}, twice = {0};
    jh_run run = {0}, again = {0};

    if (!jh_run_unpack(&event, &run, arena))
        return;
    jh_run_pack(&once, &run);
    event.body = once.bytes;
    event.body_len = once.len;
    must(jh_run_unpack(&event, &again, arena), "a stored run can be read");
    jh_run_pack(&twice, &again);
    must(same(&once, &twice), "a stored run is the run");
    jh_buf_deinit(&once);
    jh_buf_deinit(&twice);
}

static void as_schema(const uint8_t *bytes, size_t len, jh_arena *arena)
{
    jh_buf once = {0}, twice = {0};
    jihe_error err = {0};
    jh_schema schema;
    uint32_t format;

    if (jh_schema_unpack(&schema, arena, bytes, len, &format, &err) != JIHE_OK)
        return;
    jh_schema_pack(&once, &schema);
    must(jh_schema_unpack(&schema, arena, once.bytes, once.len, &format, &err) == JIHE_OK, "a stored schema can be read");
    jh_schema_pack(&twice, &schema);
    must(same(&once, &twice), "a stored schema is the schema");
    jh_buf_deinit(&once);
    jh_buf_deinit(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    jh_arena arena;

    jh_arena_init(&arena, 0);
    as_rule(bytes, len, &arena);
    as_run(bytes, len, &arena);
    as_schema(bytes, len, &arena);
    jh_arena_deinit(&arena);
    return 0;
}
