#include "rule/rulefile_int.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

/* Rules gathered over the files; `list` holds jh_rule. */
typedef struct gathering {
    jh_arena *arena;
    jh_buf list;
    jihe_error *err;
} gathering;

static size_t gathered(const gathering *g)
{
    return g->list.len / sizeof(jh_rule);
}

static jihe_status refuse_same_id(const gathering *g, const jh_rule *rule)
{
    const jh_rule *have = (const jh_rule *)(const void *)g->list.bytes;

    for (size_t i = 0; i < gathered(g); i++)
        if (strcmp(have[i].id, rule->id) == 0)
            return jh_fail_at(g->err, JIHE_CONFIG, rule->place.source, rule->place.line, rule->place.column,
                              "rule id '%s' is already used at %s:%u:%u; rename one of them", rule->id,
                              have[i].place.source, have[i].place.line, have[i].place.column);
    return JIHE_OK;
}

static jihe_status add_rule(gathering *g, const jh_rule_reader *reader, const jh_node *node)
{
    jh_rule rule;
    jihe_status status = jh_rule_read(reader, node, &rule);

    if (status == JIHE_OK)
        status = refuse_same_id(g, &rule);
    if (status != JIHE_OK)
        return status;
    if (gathered(g) == JH_MAX_RULES)
        return jh_node_fail(reader->yaml, node, reader->err, "more than %d rules; remove some", JH_MAX_RULES);
    jh_buf_put(&g->list, &rule, sizeof rule);
    return g->list.failed ? jh_rule_no_memory(reader) : JIHE_OK;
}

static jihe_status add_file(gathering *g, const jh_yaml *yaml)
{
    static const char *const known[] = {"rules"};
    const jh_rule_reader reader = {.yaml = yaml,
                                   .arena = g->arena,
                                   .source = jh_arena_text(g->arena, yaml->source, strlen(yaml->source)),
                                   .err = g->err};
    const jh_node *root = yaml->root, *list;
    jihe_status status;

    if (reader.source == NULL)
        return jh_fail(g->err, JIHE_NO_MEMORY, "no memory for the rules of '%s'", yaml->source);
    if (root->kind == JH_NODE_SCALAR && root->len == 0)
        return JIHE_OK; /* comments only */
    if ((status = jh_node_known(yaml, root, known, 1, g->err)) != JIHE_OK)
        return status;
    list = jh_node_get(root, "rules");
    if (list == NULL)
        return jh_node_fail(yaml, root, g->err, "the file has no rules; add rules: with a list of rules");
    if ((status = jh_node_expect(yaml, list, JH_NODE_LIST, g->err, "a list of rules")) != JIHE_OK)
        return status;
    for (size_t i = 0; status == JIHE_OK && i < list->count; i++)
        status = add_rule(g, &reader, &list->items[i]);
    return status;
}

/* Moves what was gathered into *rules, or after a failure frees it. */
static jihe_status settle(jh_rules *rules, gathering *g, jihe_status status)
{
    const size_t count = gathered(g);
    jh_rule *all = status == JIHE_OK ? JH_NEW(&rules->arena, jh_rule, count) : NULL;

    if (status == JIHE_OK && all == NULL)
        status = jh_fail(g->err, JIHE_NO_MEMORY, "no memory for %zu rules", count);
    if (status == JIHE_OK && count != 0)
        memcpy(all, g->list.bytes, g->list.len);
    jh_buf_deinit(&g->list);
    rules->rules = all;
    rules->count = count;
    if (status != JIHE_OK)
        jh_rules_deinit(rules);
    return status;
}

static bool ends_with(const char *name, const char *ending)
{
    const size_t len = strlen(name), tail = strlen(ending);

    return len > tail && strcmp(name + len - tail, ending) == 0;
}

static int is_rule_file(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && (ends_with(entry->d_name, ".yaml") || ends_with(entry->d_name, ".yml"));
}

/* Unlike alphasort, the same in every locale. */
static int bytewise(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static jihe_status load_file(gathering *g, const char *directory, const char *name)
{
    jh_buf path = {0};
    jh_yaml yaml = {0};
    jihe_status status;

    jh_buf_printf(&path, "%s/%s", directory, name);
    if (path.failed)
        status = jh_fail(g->err, JIHE_NO_MEMORY, "no memory to read the rules");
    else if (ends_with(name, ".yml"))
        status = jh_fail_at(g->err, JIHE_CONFIG, jh_buf_text(&path), 0, 0,
                            "rules are read from files named *.yaml; rename it");
    else if ((status = jh_yaml_load(&yaml, jh_buf_text(&path), g->err)) == JIHE_OK)
        status = add_file(g, &yaml);
    jh_yaml_deinit(&yaml);
    jh_buf_deinit(&path);
    return status;
}

jihe_status jh_rules_load(jh_rules *rules, const char *directory, jihe_error *err)
{
    gathering g = {.arena = &rules->arena, .err = err};
    struct dirent **entries = NULL;
    jihe_status status = JIHE_OK;
    int count;

    *rules = (jh_rules){0};
    count = scandir(directory, &entries, is_rule_file, bytewise);
    if (count < 0 && errno != ENOENT) {
        const int os_errno = errno;
        return jh_fail_os(err, JIHE_IO, os_errno, "reading the rules in '%s'", directory);
    }
    for (int i = 0; i < count; i++) {
        if (status == JIHE_OK)
            status = load_file(&g, directory, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return settle(rules, &g, status);
}

jihe_status jh_rules_parse(jh_rules *rules, const char *source, const char *text, size_t len, jihe_error *err)
{
    gathering g = {.arena = &rules->arena, .err = err};
    jh_yaml yaml;
    jihe_status status;

    *rules = (jh_rules){0};
    if ((status = jh_yaml_parse(&yaml, source, text, len, err)) != JIHE_OK)
        return status;
    status = add_file(&g, &yaml);
    jh_yaml_deinit(&yaml);
    return settle(rules, &g, status);
}

void jh_rules_deinit(jh_rules *rules)
{
    jh_arena_deinit(&rules->arena);
    *rules = (jh_rules){0};
}
