#include <string.h>

#include "given.h"
#include "rule/pass.h"
#include "rule/record.h"

/* Rule files: what is read is checked against a schema, and comes back the same from the form a run stores. */

static void store_and_read(const jh_rule *rule)
{
    jh_buf once = {0}, twice = {0};
    jihe_error err = {0};
    jh_arena arena;
    jh_rule again;
    jh_unpack in;

    jh_arena_init(&arena, 0);
    jh_rule_pack(&once, rule);
    must(jh_unpack_begin(&in, once.bytes, once.len), "a stored rule is MessagePack");
    must(jh_rule_unpack(&in, &again, &arena, &err) == JIHE_OK, "a stored rule can be read");
    jh_rule_pack(&twice, &again);
    must(once.len == twice.len && memcmp(once.bytes, twice.bytes, once.len) == 0, "a stored rule is the rule");
    jh_buf_deinit(&once);
    jh_buf_deinit(&twice);
    jh_arena_deinit(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const jh_workspace_config *config = given_workspace();
    const jh_facts facts = {.zone = config->zone};
    jh_rules rules = {0};
    jihe_error err = {0};

    if (jh_rules_parse(&rules, "fuzz.yaml", (const char *)bytes, len, &err) != JIHE_OK)
        must(err.status == JIHE_CONFIG && err.message[0] != '\0', "a refusal says why");
    for (size_t i = 0; i < rules.count; i++) {
        (void)jh_rule_check(&rules.rules[i], &config->schema, &facts, NULL, &err);
        store_and_read(&rules.rules[i]);
    }
    jh_rules_deinit(&rules);
    return 0;
}
