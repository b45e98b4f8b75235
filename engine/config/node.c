#include "config/yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"

enum { SHOWN = 64 }; /* bytes of a value that a message repeats */

const jh_node *jh_node_get(const jh_node *map, const char *key)
{
    const jh_node *found = jh_node_key(map, key);

    return found != NULL ? &map->items[found - map->keys] : NULL;
}

const jh_node *jh_node_key(const jh_node *map, const char *key)
{
    const size_t len = strlen(key);

    if (map == NULL || map->kind != JH_NODE_MAP)
        return NULL;
    for (size_t i = 0; i < map->count; i++)
        if (map->keys[i].len == len && memcmp(map->keys[i].text, key, len) == 0)
            return &map->keys[i];
    return NULL;
}

jihe_status jh_node_fail(const jh_yaml *yaml, const jh_node *node, jihe_error *err, const char *fmt, ...)
{
    char message[sizeof err->message];
    va_list args;

    va_start(args, fmt);
    vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    return jh_fail_at(err, JIHE_CONFIG, yaml->source, node->line, node->column, "%s", message);
}

/* "expected X; found Y" at the node. */
static jihe_status unexpected(const jh_yaml *yaml, const jh_node *node, jihe_error *err, const char *expected)
{
    char shown[SHOWN];

    if (node->kind != JH_NODE_SCALAR)
        return jh_node_fail(yaml, node, err, "expected %s; found a %s", expected,
                            node->kind == JH_NODE_LIST ? "list" : "map");
    if (node->len == 0)
        return jh_node_fail(yaml, node, err, "expected %s; found nothing", expected);
    return jh_node_fail(yaml, node, err, "expected %s; found '%s'", expected,
                        jh_text_quote(node->text, node->len, shown, sizeof shown));
}

jihe_status jh_node_expect(const jh_yaml *yaml, const jh_node *node, jh_node_kind kind, jihe_error *err,
                           const char *expected)
{
    return node->kind == kind ? JIHE_OK : unexpected(yaml, node, err, expected);
}

const jh_node *jh_node_several(const jh_node *node, size_t *count)
{
    if (node != NULL && node->kind == JH_NODE_LIST) {
        *count = node->count;
        return node->items;
    }
    *count = node != NULL;
    return node;
}

/* "a, b, c", cut where `out` ends. Returns out. */
static const char *enumerate(const char *const *words, size_t count, char *out, size_t size)
{
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0; i < count && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%s%s", i != 0 ? ", " : "", words[i]);
    return out;
}

static size_t find_word(const char *word, const char *const *words, size_t count)
{
    size_t i = 0;

    while (i < count && strcmp(words[i], word) != 0)
        i++;
    return i;
}

jihe_status jh_node_known(const jh_yaml *yaml, const jh_node *map, const char *const *known, size_t count,
                          jihe_error *err)
{
    if (map->kind != JH_NODE_MAP)
        return unexpected(yaml, map, err, "keys and values");
    for (size_t i = 0; i < map->count; i++) {
        const jh_node *key = &map->keys[i];
        const char *nearest;
        char shown[SHOWN], all[256];

        if (find_word(key->text, known, count) < count)
            continue;
        jh_text_quote(key->text, key->len, shown, sizeof shown);
        nearest = jh_text_nearest(key->text, known, count);
        if (nearest != NULL)
            return jh_node_fail(yaml, key, err, "unknown key '%s'; did you mean '%s'?", shown, nearest);
        return jh_node_fail(yaml, key, err, "unknown key '%s'; expected one of: %s", shown,
                            enumerate(known, count, all, sizeof all));
    }
    return JIHE_OK;
}

jihe_status jh_node_choice(const jh_yaml *yaml, const jh_node *node, const char *const *choices, size_t count,
                           size_t *out, jihe_error *err)
{
    char all[256], expected[sizeof all + 16];
    size_t found;

    if (node == NULL)
        return JIHE_OK;
    found = node->kind == JH_NODE_SCALAR ? find_word(node->text, choices, count) : count;
    if (found < count) {
        *out = found;
        return JIHE_OK;
    }
    snprintf(expected, sizeof expected, "one of: %s", enumerate(choices, count, all, sizeof all));
    return unexpected(yaml, node, err, expected);
}

jihe_status jh_node_text(const jh_yaml *yaml, const jh_node *node, const char **out, jihe_error *err)
{
    if (node == NULL)
        return JIHE_OK;
    if (node->kind != JH_NODE_SCALAR || (node->len == 0 && !node->quoted))
        return unexpected(yaml, node, err, "a text");
    *out = node->text;
    return JIHE_OK;
}

jihe_status jh_node_u64(const jh_yaml *yaml, const jh_node *node, uint64_t min, uint64_t max, uint64_t *out,
                        jihe_error *err)
{
    char expected[80];
    uint64_t value;

    if (node == NULL)
        return JIHE_OK;
    if (node->kind == JH_NODE_SCALAR && jh_num_u64(node->text, node->len, &value) && value >= min && value <= max) {
        *out = value;
        return JIHE_OK;
    }
    snprintf(expected, sizeof expected, "a whole number from %llu to %llu", (unsigned long long)min,
             (unsigned long long)max);
    return unexpected(yaml, node, err, expected);
}

jihe_status jh_node_u32(const jh_yaml *yaml, const jh_node *node, uint32_t min, uint32_t max, uint32_t *out,
                        jihe_error *err)
{
    uint64_t value = 0;
    const jihe_status status = jh_node_u64(yaml, node, min, max, &value, err);

    if (status == JIHE_OK && node != NULL)
        *out = (uint32_t)value;
    return status;
}

jihe_status jh_node_rate(const jh_yaml *yaml, const jh_node *node, uint32_t *ppm, jihe_error *err)
{
    uint32_t value;

    if (node == NULL)
        return JIHE_OK;
    if (node->kind != JH_NODE_SCALAR || !jh_num_rate(node->text, node->len, &value) || value == 0 || value > 1000000)
        return unexpected(yaml, node, err,
                          "a rate above 0 and at most 100%, like 10% or 0.1, not finer than a millionth");
    *ppm = value;
    return JIHE_OK;
}
