#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/pcg.h"
#include "config/workspace.h"
#include "config/yaml.h"
#include "marked.h"

enum { LIMIT = 256 * 1024 };

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void expect(const jh_node *node, const char *text, uint32_t line, uint32_t column, bool quoted)
{
    cr_assert(node != NULL && node->kind == JH_NODE_SCALAR, "%s", text);
    cr_assert_str_eq(node->text, text);
    cr_assert_eq(node->len, strlen(text));
    cr_assert(node->line == line && node->column == column, "'%s' at %u:%u, expected %u:%u", text, node->line,
              node->column, line, column);
    cr_assert_eq(node->quoted, quoted, "%s", text);
}

/* Every kind of node once, behind a byte order mark and with CRLF. */
Test(yaml, positions)
{
    static const char text[] = "\xef\xbb\xbf"
                               "plain: some words # not this\r\n"
                               "标题: \"额,\\t度\"\r\n"
                               "  # a comment\twith a tab\r\n"
                               "list: [1, 'it''s', {键: ~}]\r\n"
                               "block: |\r\n"
                               "    first\r\n"
                               "      second\r\n"
                               "folded: >-\r\n"
                               "  one\r\n"
                               "  two\r\n"
                               "none:\r\n"
                               "deep:\r\n"
                               "  - a: b\r\n"
                               "    c: 10%\r\n"
                               "\"quoted: key\": v\r\n";
    jihe_error err = {0};
    jh_yaml yaml;
    const jh_node *list, *deep;

    cr_assert_eq(jh_yaml_parse(&yaml, "f.yaml", text, sizeof text - 1, &err), JIHE_OK, "%s", err.message);
    cr_assert_eq(yaml.root->kind, JH_NODE_MAP);
    cr_assert_eq(yaml.root->count, 8);
    expect(jh_node_get(yaml.root, "plain"), "some words", 1, 8, false);
    expect(jh_node_key(yaml.root, "标题"), "标题", 2, 1, false);
    expect(jh_node_get(yaml.root, "标题"), "额,\t度", 2, 6, true);
    list = jh_node_get(yaml.root, "list");
    cr_assert(list->kind == JH_NODE_LIST && list->count == 3 && list->line == 4 && list->column == 7);
    expect(&list->items[0], "1", 4, 8, false);
    expect(&list->items[1], "it's", 4, 12, true);
    expect(jh_node_get(&list->items[2], "键"), "~", 4, 24, false);
    expect(jh_node_get(yaml.root, "block"), "first\n  second\n", 6, 5, true);
    expect(jh_node_get(yaml.root, "folded"), "one two", 9, 3, true);
    cr_assert_eq(jh_node_get(yaml.root, "none")->len, 0);
    cr_assert_eq(jh_node_get(yaml.root, "none")->line, 11);
    deep = jh_node_get(yaml.root, "deep");
    cr_assert(deep->kind == JH_NODE_LIST && deep->items[0].kind == JH_NODE_MAP);
    cr_assert(deep->items[0].line == 13 && deep->items[0].column == 5);
    expect(jh_node_get(&deep->items[0], "c"), "10%", 14, 8, false);
    expect(jh_node_get(yaml.root, "quoted: key"), "v", 15, 16, false);
    cr_assert_null(jh_node_get(yaml.root, "absent"));
    cr_assert_null(jh_node_get(deep, "a"), "a list has no keys");
    jh_yaml_deinit(&yaml);
}

/* The text at a node's place is the node's text: what maps an error inside `where` back to the file. */
static size_t check_places(const jh_node *node, const char *text)
{
    size_t checked = node->count;

    for (size_t i = 0; i < node->count; i++) {
        if (node->keys != NULL)
            checked += check_places(&node->keys[i], text);
        checked += check_places(&node->items[i], text);
    }
    if (node->kind != JH_NODE_SCALAR)
        return checked;
    for (uint32_t line = 1; line < node->line; line++)
        text = strchr(text, '\n') + 1;
    for (uint32_t column = 1; column < node->column; column++)
        do
            text++;
        while (((unsigned char)*text & 0xc0) == 0x80);
    cr_assert_eq(strncmp(text, node->text, strcspn(node->text, "\n\t")), 0, "%u:%u", node->line, node->column);
    return checked + 1;
}

Test(yaml, places_map_back)
{
    const char *text = jh_workspace_config_template();
    jihe_error err = {0};
    jh_yaml yaml;

    cr_assert_eq(jh_yaml_parse(&yaml, "jihe.yaml", text, strlen(text), &err), JIHE_OK, "%s", err.message);
    cr_assert(check_places(yaml.root, text) > 100);
    jh_yaml_deinit(&yaml);
}

static const struct wrong {
    const char *text; /* "@@" marks the place */
    const char *part;
} wrong[] = {
    {"a: @@&x 1\n", "anchors"},
    {"a: 1\nb: @@*a\n", "aliases"},
    {"a: @@!t 1\n", "tags"},
    {"a: @@!!str 1\n", "tags"},
    {"a: {@@<<: {b: 1}}\n", "merge keys"},
    {"a: 1\nb: 2\n@@a: 3\n", "key 'a' is already given in line 1, column 1"},
    {"b: {k: 1, l: 2, @@k: 1}\n", "key 'k' is already given in line 1, column 5"},
    {"k: 1\n\"@@k\": 2\n", "key 'k' is already given in line 1, column 1"},
    {"z: 1\nb: 1\na: 1\n@@b: 1\na: 1\n", "key 'b' is already given in line 2"},
    {"@@[a]: 1\n", "as a key"},
    {"@@{a: 1}: 1\n", "as a key"},
    {"? @@[a, b]\n: c\n", "as a key"},
    {"? |\n  @@text\n: c\n", "as a key"},
    {"{@@: 1}\n", "empty key"},
    {"@@%YAML 1.2\n---\na: 1\n", "directives"},
    {"a: 1\n@@%x\n", "directives"},
    {"a: 1\n@@---\nb: 2\n", "second YAML document"},
    {"a:@@\t1\n", "tab"},
    {"中文: 是@@\tb # c\n", "tab"},
    {"where: 'x = ''''''''@@' or'\n", "more than 8 single quotes"},
    {"a: b@@\x01\n", "control character"},
    {"a: b@@\x7f\n", "control character"},
    {"a: \"@@\\0\"\n", "escape"},
    {"a: 中文\xef\xbc\x8c@@\xff\n", "not valid UTF-8"},
    {"# \xe4\xb8\xad\nmoney: @@\xbd\xf0\xb6\xee\n", "not valid UTF-8"}, /* UTF-8 and GBK in one file */
    {"money: @@\xbd\xf0\xb6\xee\n", "looks like GB18030; save it as UTF-8"},
    {"a: 1\rb: @@\xbd\xf0\n", "looks like GB18030"},
    {"a: [1, 2\n@@", "not valid YAML"},
    {"a: \"@@x\n", "not valid YAML: double-quoted scalar without closing quote"},
    {"中文: \"中@@\\q\"\n", "not valid YAML: invalid escape 'q'"},
    {"标: 题@@: 二\n", "not valid YAML"},
    {"a: @@`x\n", "not valid YAML"},
    {"@@}\n", "not valid YAML"},
};

ParameterizedTestParameters(yaml, refused)
{
    static size_t row[sizeof wrong / sizeof wrong[0]];
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
        row[i] = i;
    return cr_make_param_array(size_t, row, sizeof row / sizeof row[0]);
}

ParameterizedTest(size_t *row, yaml, refused)
{
    const struct wrong *w = &wrong[*row];
    marked m = take_mark(w->text);
    jihe_error err = {0};
    jh_yaml yaml;

    cr_assert_eq(jh_yaml_parse(&yaml, "f.yaml", m.text, strlen(m.text), &err), JIHE_CONFIG, "%s", w->text);
    cr_assert_not_null(strstr(err.message, w->part), "%s gave: %s", w->text, err.message);
    cr_assert(err.line == m.line && err.column == m.column, "%s at %u:%u: %s", w->text, err.line, err.column,
              err.message);
    cr_assert_str_eq(err.source, "f.yaml");
    cr_assert_null(yaml.root);
    jh_yaml_deinit(&yaml);
}

static jihe_status parse(const char *text, size_t len, jihe_error *err)
{
    jh_yaml yaml;
    const jihe_status status = jh_yaml_parse(&yaml, "f.yaml", text, len, err);

    jh_yaml_deinit(&yaml);
    return status;
}

Test(yaml, accepted_though_odd)
{
    static const char *const texts[] = {"", "# nothing\n", "\n\n", "---\na: 1\n...\n", "a: 1", "? a\n: b\n",
                                        "\xef\xbb\xbf", "a: \"\\t\\x41\\u4e2d\"\n", "a: 50%\n", "[]", "{}",
                                        "a: 'x = '''''\n", "# ''''''''''\n"};
    jihe_error err = {0};

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        cr_assert_eq(parse(texts[i], strlen(texts[i]), &err), JIHE_OK, "%zu: %s", i, err.message);
}

Test(yaml, depth)
{
    jihe_error err = {0};
    char text[80];

    for (int depth = 31; depth <= 33; depth++) {
        const int len = snprintf(text, sizeof text, "%.*s%.*s", depth, "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", depth,
                                 "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]");
        cr_assert_eq(parse(text, (size_t)len, &err), depth <= 32 ? JIHE_OK : JIHE_CONFIG, "%d", depth);
    }
    cr_assert(err.line == 1 && err.column == 33);
}

Test(yaml, size)
{
    char *text = malloc(LIMIT + 4), path[] = "/tmp/jihe-yaml-XXXXXX";
    const int fd = mkstemp(path);
    jihe_error err = {0};
    jh_yaml yaml;

    cr_assert(text != NULL && fd >= 0);
    memset(text, ' ', LIMIT + 4);
    memcpy(text, "\xef\xbb\xbf", 3);
    cr_assert_eq(parse(text, LIMIT + 3, &err), JIHE_OK, "%s", err.message);
    cr_assert_eq(parse(text, LIMIT + 4, &err), JIHE_CONFIG);
    cr_assert_not_null(strstr(err.message, "larger than 256 KiB"), "%s", err.message);
    for (int more = 3; more <= 4; more++) {
        cr_assert_eq(pwrite(fd, text, (size_t)(LIMIT + more), 0), LIMIT + more);
        cr_assert_eq(jh_yaml_load(&yaml, path, &err), more == 3 ? JIHE_OK : JIHE_CONFIG, "%s", err.message);
        jh_yaml_deinit(&yaml);
    }
    cr_assert_str_eq(err.source, path);
    close(fd);
    unlink(path);
    cr_assert_eq(jh_yaml_load(&yaml, path, &err), JIHE_NO_INPUT);
    free(text);
}

/* Repeated to the size limit, each of these is quick. Several are not with libfyaml alone: a line of '%' takes minutes,
 * and others make a tree as deep as the file is long. */
Test(yaml, hostile_repetitions_end_soon, .timeout = 60)
{
    static const char *const pieces[] = {
        "[",     "{a: ",  "- ",    "? ", ": ", "a: ", "a: b\n", "\"",    "'",           "!",      "&a ",         "*a ",
        "|\n",   "\n",    "]",     "[\n", "{a:\n", "%", "---\n", "...\n", "-\n",         "[{",     "? [",         "\r",
        "{?",    ",",     "[]: [", "a:\t", "\t",     "# \t", " \t#\n", "中",   "%TAG ! x\n", "<<: ", "a: >\n\n",
        "k: \"\\x41\"\n"};
    char *text = malloc(LIMIT + 16);

    cr_assert_not_null(text);
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        const size_t piece = strlen(pieces[i]);
        const double begin = now_s();
        jihe_error err = {0};
        size_t len = 0;

        for (; len + piece <= LIMIT; len += piece)
            memcpy(text + len, pieces[i], piece);
        if (parse(text, len, &err) != JIHE_OK)
            cr_assert(err.status == JIHE_CONFIG && err.line != 0, "%s: %s", pieces[i], err.message);
        cr_assert(now_s() - begin < 2, "'%s' took %.1f s", pieces[i], now_s() - begin);
    }
    free(text);
}

/* Long texts over many lines and full of blanks: where they break is found in one go. */
Test(yaml, long_scalars_end_soon, .timeout = 60)
{
    static const char *const texts[][3] = {{"k: |\n  x", " ", "y\n"},          {"k: \"x", " ", "y\"\n"},
                                           {"k: >\n  x", "\n", "\n  y\n"},      {"k: >\n  x\n", "  y\n", "\n"},
                                           {"k: 'x", "''x", "'\n"},            {"k: \"x", "\\n \\x41", "y\"\n"},
                                           {"k: x\n", "   y \n", "\n"},        {"k: >\n  x", " \t", "\n  y\n"}};
    char *text = malloc(LIMIT + 16);

    cr_assert_not_null(text);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const size_t head = strlen(texts[i][0]), piece = strlen(texts[i][1]), tail = strlen(texts[i][2]);
        const double begin = now_s();
        jihe_error err = {0};
        size_t len = head;

        memcpy(text, texts[i][0], head);
        for (; len + piece + tail <= LIMIT; len += piece)
            memcpy(text + len, texts[i][1], piece);
        memcpy(text + len, texts[i][2], tail);
        if (parse(text, len + tail, &err) != JIHE_OK)
            cr_assert(err.status == JIHE_CONFIG && err.line != 0, "%s: %s", texts[i][0], err.message);
        cr_assert(now_s() - begin < 2, "'%s' took %.1f s", texts[i][0], now_s() - begin);
    }
    free(text);
}

Test(yaml, alias_bomb_and_many_keys, .timeout = 20)
{
    static const char bomb[] = "a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n";
    char *text = malloc(LIMIT + 32);
    size_t len = 0, keys = 0;
    const double begin = now_s();
    jihe_error err = {0};

    cr_assert_not_null(text);
    cr_assert_eq(parse(bomb, sizeof bomb - 1, &err), JIHE_CONFIG);
    for (; len < LIMIT - 16; keys++)
        len += (size_t)sprintf(text + len, "%zu:\n", keys);
    cr_assert_eq(parse(text, len, &err), JIHE_OK, "%s", err.message);
    len += (size_t)sprintf(text + len, "777:\n");
    cr_assert_eq(parse(text, len, &err), JIHE_CONFIG);
    cr_assert_eq(err.line, keys + 1);
    cr_assert_not_null(strstr(err.message, "line 778"), "%s", err.message);
    cr_assert(now_s() - begin < 2);
    free(text);
}

/* libfyaml 0.7.12 frees twice on the first two; a person may well type them. */
Test(yaml, crashes_of_the_parser_are_kept_away)
{
    static const char *const texts[] = {"? a:\t|", "? 中:\t- x\n", "\t# x\n? a:\n\t# y\n|"};
    jihe_error err = {0};

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        cr_assert_eq(parse(texts[i], strlen(texts[i]), &err), JIHE_CONFIG, "%zu", i);
}

/* Random strings of the language's own pieces: a tree, or an error with its place. */
Test(yaml, random_pieces, .timeout = 60)
{
    static const char *const pieces[] = {
        "[",  "]",     "{",        "}",        ",",            ": ", ":", "- ", "? ",     "a",       "b: c\n",
        "\n", "\n  ",  " ",        "\t",       "\r\n",         "\r", "\"", "'", "|\n",    ">-\n",    "|2",
        "%",  " # c\n", "---\n",   "...\n",    "&a ",          "*a", "!t ", "<<", "\\",   "\\x",     "\\ud800",
        "中", "\xc2\x85", "\xe2\x80\xa8", "\xef\xbb\xbf", "@", "`",  "~",  "\xff", "\x01",
        "k: |\n  text\n", "k: \"x\n  y\"\n"};
    jh_pcg64 random;
    size_t accepted = 0;

    jh_pcg64_seed(&random, 42, 54);
    for (int n = 0; n < 50000; n++) {
        char text[2048];
        size_t len = 0;
        jihe_error err = {0};
        const uint64_t count = 1 + jh_pcg64_below(&random, 20);

        for (uint64_t i = 0; i < count; i++) {
            const char *piece = pieces[jh_pcg64_below(&random, sizeof pieces / sizeof pieces[0])];
            memcpy(text + len, piece, strlen(piece));
            len += strlen(piece);
        }
        if (parse(text, len, &err) == JIHE_OK)
            accepted++;
        else
            cr_assert(err.status == JIHE_CONFIG && err.line != 0 && err.message[0] != '\0', "%.*s", (int)len, text);
    }
    cr_assert(accepted > 500, "%zu", accepted);
}
