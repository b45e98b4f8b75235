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
