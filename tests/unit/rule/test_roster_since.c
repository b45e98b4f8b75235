#include <criterion/criterion.h>
#include <string.h>

#include "rule/roster.h"

/* How long somebody holds the present post. */

static const jh_posting postings[] = {
    {"a", "资金", "初审", 100, 199, 0, "", 0},
    {"a", "资金", "初审", 200, 299, 0, "", 0}, /* goes on */
    {"a", "资金", "复核", 300, 399, 0, "", 0},
    {"a", "资金", "复核", 450, INT32_MAX, 0, "", 0}, /* came back after a break */
    {"ab", "费用", "初审", 10, 20, 0, "", 0},
};
static const jh_roster roster = {.postings = postings, .count = 5, .sequence = 7};

static const struct since {
    const char *person;
    int32_t day, first; /* first -1: not known */
} cases[] = {
    {"a", 99, -1},    {"a", 100, 100}, {"a", 199, 100}, {"a", 250, 100}, {"a", 299, 100},
    {"a", 300, 300},  {"a", 399, 300}, {"a", 400, -1},  {"a", 449, -1},  {"a", 450, 450},
    {"a", 9000, 450}, {"ab", 20, 10},  {"ab", 21, -1},  {"b", 100, -1},
};

Test(roster, since)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int32_t first = -1;
        const bool known = jh_roster_since(&roster, cases[i].person, strlen(cases[i].person), cases[i].day, &first);

        cr_expect_eq(known, cases[i].first >= 0, "%s on %d", cases[i].person, cases[i].day);
        cr_expect(!known || first == cases[i].first, "%s on %d: %d", cases[i].person, cases[i].day, first);
    }
}

/* A new id goes on where the old one ended, through several, but not over a change of post or a day between. */
Test(roster, since_under_older_ids)
{
    static const jh_posting held[] = {
        {"a", "U", "P", 100, 199, 0, "", 0},       {"b", "U", "P", 200, 299, 0, "", 0},
        {"c", "U", "P", 300, INT32_MAX, 0, "", 0}, {"d", "U", "Q", 100, 199, 0, "", 0},
        {"e", "U", "P", 200, INT32_MAX, 0, "", 0}, {"f", "U", "P", 100, 198, 0, "", 0},
        {"g", "U", "P", 200, INT32_MAX, 0, "", 0}, {"h", "U", "P", 150, INT32_MAX, 0, "", 0},
    };
    static const jh_spell renamed[] = {{"a", JH_SPELL_RENAMED, "b", 200, INT32_MAX},
                                       {"b", JH_SPELL_RENAMED, "c", 300, INT32_MAX},
                                       {"d", JH_SPELL_RENAMED, "e", 200, INT32_MAX},
                                       {"f", JH_SPELL_RENAMED, "g", 200, INT32_MAX},
                                       {"z", JH_SPELL_RENAMED, "h", 200, INT32_MAX}};
    static const struct {
        const char *person;
        int32_t day, first;
    } wanted[] = {{"c", 300, 100}, {"b", 250, 100}, {"a", 150, 100}, {"e", 250, 200}, {"g", 250, 200}, {"h", 250, 150}};
    jh_roster with = {.postings = held, .count = 8, .spells = renamed, .spell_count = 5};
    jh_arena arena;

    jh_arena_init(&arena, 0);
    cr_assert(jh_roster_index(&with, &arena));
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        int32_t first = -1;

        cr_expect(jh_roster_since(&with, wanted[i].person, 1, wanted[i].day, &first));
        cr_expect_eq(first, wanted[i].first, "%s: %d", wanted[i].person, first);
    }
    jh_arena_deinit(&arena);
}
