#include "given.h"

/* YAML as a tree with positions, and the same bytes as a jihe.yaml. */

static void walk(const jh_node *node, fingerprint *print)
{
    must(node->line > 0 && node->column > 0, "every node has a place");
    digest_number(print, node->kind);
    if (node->kind == JH_NODE_SCALAR) {
        digest_bytes(print, node->text, node->len);
        must(node->text[node->len] == '\0', "a scalar is terminated");
        return;
    }
    for (size_t i = 0; i < node->count; i++) {
        if (node->kind == JH_NODE_MAP)
            walk(&node->keys[i], print);
        walk(&node->items[i], print);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    jh_workspace_config config = {0};
    jihe_error err = {0};
    fingerprint print = {0};
    jh_yaml yaml = {0};

    if (jh_yaml_parse(&yaml, "fuzz.yaml", (const char *)bytes, len, &err) == JIHE_OK)
        walk(yaml.root, &print);
    else
        must(err.status == JIHE_CONFIG && err.message[0] != '\0', "a refusal says why");
    jh_yaml_deinit(&yaml);
    if (jh_workspace_config_load(&config, as_file(bytes, len), &err) == JIHE_OK)
        must(config.schema.id < config.schema.count && config.zone != NULL, "a workspace has an id and a zone");
    jh_workspace_config_deinit(&config);
    return 0;
}
