#include <criterion/criterion.h>

#include <string.h>

#include "config/yaml.h"

static const char text[] = "word: night\n"
                           "number: 12\n"
                           "big: 18446744073709551615\n"
                           "over: 18446744073709551616\n"
                           "negative: -1\n"
                           "fraction: 1.5\n"
                           "ten: 10%\n"
                           "tenth: 0.1\n"
                           "whole: 100%\n"
                           "more: 100.0001%\n"
                           "zero: 0%\n"
                           "fine: 0.0001%\n"
                           "finer: 0.00001%\n"
                           "nothing:\n"
                           "empty: \"\"\n"
                           "list: [a, b]\n";

static jh_yaml yaml;
static jihe_error err;

static void setup(void)
{
    cr_assert_eq(jh_yaml_parse(&yaml, "f.yaml", text, sizeof text - 1, &err), JIHE_OK);
}

static void teardown(void)
{
    jh_yaml_deinit(&yaml);
}

TestSuite(node, .init = setup, .fini = teardown);

static const jh_node *at(const char *key)
{
    const jh_node *node = jh_node_get(yaml.root, key);

    cr_assert_not_null(node, "%s", key);
    return node;
}

Test(node, texts)
{
    const char *out = "before";

    cr_assert_eq(jh_node_text(&yaml, NULL, &out, &err), JIHE_OK);
    cr_assert_str_eq(out, "before", "absent leaves it alone");
    cr_assert_eq(jh_node_text(&yaml, at("word"), &out, &err), JIHE_OK);
    cr_assert_str_eq(out, "night");
    cr_assert_eq(jh_node_text(&yaml, at("empty"), &out, &err), JIHE_OK);
    cr_assert_str_eq(out, "");
    cr_assert_eq(jh_node_text(&yaml, at("nothing"), &out, &err), JIHE_CONFIG);
    cr_assert_str_eq(err.message, "expected a text; found nothing");
    cr_assert_eq(err.line, 14);
    cr_assert_eq(jh_node_text(&yaml, at("list"), &out, &err), JIHE_CONFIG);
    cr_assert_str_eq(err.message, "expected a text; found a list");
}

Test(node, numbers)
{
    static const char *const bad[] = {"word", "over", "negative", "fraction", "ten", "nothing", "empty", "list"};
    uint64_t wide = 7;
    uint32_t out = 7;

    cr_assert_eq(jh_node_u32(&yaml, NULL, 0, 9, &out, &err), JIHE_OK);
    cr_assert_eq(out, 7);
    cr_assert_eq(jh_node_u32(&yaml, at("number"), 12, 12, &out, &err), JIHE_OK);
    cr_assert_eq(out, 12);
    cr_assert_eq(jh_node_u32(&yaml, at("number"), 13, 20, &out, &err), JIHE_CONFIG);
    cr_assert_str_eq(err.message, "expected a whole number from 13 to 20; found '12'");
    cr_assert_eq(jh_node_u32(&yaml, at("number"), 0, 11, &out, &err), JIHE_CONFIG);
    cr_assert_eq(jh_node_u32(&yaml, at("big"), 0, UINT32_MAX, &out, &err), JIHE_CONFIG);
    cr_assert_eq(out, 12, "a refusal leaves it alone");
    cr_assert_eq(jh_node_u64(&yaml, at("big"), 0, UINT64_MAX, &wide, &err), JIHE_OK);
    cr_assert_eq(wide, UINT64_MAX);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_assert_eq(jh_node_u64(&yaml, at(bad[i]), 0, UINT64_MAX, &wide, &err), JIHE_CONFIG, "%s", bad[i]);
}

Test(node, rates)
{
    static const struct {
        const char *key;
        uint32_t ppm; /* 0: refused */
    } rates[] = {{"ten", 100000}, {"tenth", 100000}, {"whole", 1000000}, {"fine", 1},  {"more", 0}, {"zero", 0},
                 {"finer", 0},    {"number", 0},     {"negative", 0},    {"word", 0}, {"list", 0}, {"nothing", 0}};

    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        uint32_t ppm = 0;
        const jihe_status status = jh_node_rate(&yaml, at(rates[i].key), &ppm, &err);
        cr_assert_eq(status, rates[i].ppm != 0 ? JIHE_OK : JIHE_CONFIG, "%s", rates[i].key);
        cr_assert_eq(ppm, rates[i].ppm, "%s", rates[i].key);
    }
}

Test(node, choices_and_keys)
{
    static const char *const choices[] = {"day", "night"};
    static const char *const known[] = {"word", "numbers"};
    size_t out = 9, count;

    cr_assert_eq(jh_node_choice(&yaml, NULL, choices, 2, &out, &err), JIHE_OK);
    cr_assert_eq(out, 9);
    cr_assert_eq(jh_node_choice(&yaml, at("word"), choices, 2, &out, &err), JIHE_OK);
    cr_assert_eq(out, 1);
    cr_assert_eq(jh_node_choice(&yaml, at("ten"), choices, 2, &out, &err), JIHE_CONFIG);
    cr_assert_str_eq(err.message, "expected one of: day, night; found '10%'");
    cr_assert_eq(jh_node_known(&yaml, yaml.root, known, 2, &err), JIHE_CONFIG);
    cr_assert_str_eq(err.message, "unknown key 'number'; did you mean 'numbers'?");
    cr_assert(err.line == 2 && err.column == 1);
    cr_assert_eq(jh_node_known(&yaml, yaml.root, known, 1, &err), JIHE_CONFIG);
    cr_assert_str_eq(err.message, "unknown key 'number'; expected one of: word");
    cr_assert_eq(jh_node_known(&yaml, at("list"), known, 2, &err), JIHE_CONFIG);
    cr_assert_eq(jh_node_several(NULL, &count), NULL);
    cr_assert_eq(count, 0);
    cr_assert_eq(jh_node_several(at("word"), &count), at("word"));
    cr_assert_eq(count, 1);
    cr_assert_eq(jh_node_several(at("list"), &count), at("list")->items);
    cr_assert_eq(count, 2);
}
