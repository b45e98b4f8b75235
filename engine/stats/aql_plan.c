#include "stats/aql_plan.h"

#include <inttypes.h>
#include <string.h>

/* I and O are left out, as they look like numbers. S has a plan in tightened inspection only. */
static const char letters[] = "ABCDEFGHJKLMNPQRS";
static const uint32_t samples[] = {2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800, 1250, 2000, 3150};
enum { LAST_LETTER = 15, LAST_TIGHTENED = 16 };

static const uint32_t levels[] = {100,  150,   250,   400,   650,   1000,  1500,   2500,  4000,
                                  6500, 10000, 15000, 25000, 40000, 65000, 100000, 150000};

jihe_status jh_aql_letter(char *letter, uint64_t lot, jh_aql_level level, jihe_error *err)
{
    /* The largest lot of each range but the last, and per level the letters of the ranges. */
    static const uint32_t largest[] = {8, 15, 25, 50, 90, 150, 280, 500, 1200, 3200, 10000, 35000, 150000, 500000};
    static const char *const table[] = {"AAAABBBBCCCCDDD", "AAABBBCCCDDDEEE", "AABBCCDDEEFFGGH", "AABCCDEEFGGHJJK",
                                        "AABCCDEFGHJKLMN", "ABCDEFGHJKLMNPQ", "BCDEFGHJKLMNPQR"};
    size_t range = 0;

    if (lot < 2)
        return jh_fail(err, JIHE_USAGE, "a lot of %" PRIu64 " documents; it must have at least 2", lot);
    if ((size_t)level >= sizeof table / sizeof table[0])
        return jh_fail(err, JIHE_USAGE, "inspection level number %d; it must be S-1 to S-4 or I to III", (int)level);
    while (range < sizeof largest / sizeof largest[0] && lot > largest[range])
        range++;
    *letter = table[level][range];
    return JIHE_OK;
}

/* A diagonal's acceptance number, or the arrow in its cells. */
enum { UP = -1, DOWN = -2 };

struct law {
    size_t first;          /* diagonal of acceptance number 0: letter's place plus level's place */
    const int8_t *numbers; /* of it and those after it */
    size_t count;          /* after the last number arrows point up, before the first one down */
};

static int cell(const struct law *law, size_t diagonal)
{
    if (diagonal < law->first)
        return DOWN;
    return diagonal - law->first < law->count ? law->numbers[diagonal - law->first] : UP;
}

static struct law law_of(jh_aql_severity severity)
{
    static const int8_t normal[] = {0, UP, DOWN, 1, 2, 3, 5, 7, 10, 14, 21};
    static const int8_t tightened[] = {0, DOWN, DOWN, 1, 2, 3, 5, 8, 12, 18};

    if (severity == JH_AQL_NORMAL)
        return (struct law){14, normal, sizeof normal};
    return (struct law){15, tightened, sizeof tightened};
}

static jihe_status find_place(size_t *letter_place, size_t *level_place, char letter, uint32_t aql_ppm, jihe_error *err)
{
    const char *found = letter != '\0' && letter != 'S' ? strchr(letters, letter) : NULL;
    size_t level = 0;

    if (found == NULL)
        return jh_fail(err, JIHE_USAGE, "code letter %d is not one of A to H, J to N, P, Q, R", letter);
    while (level < sizeof levels / sizeof levels[0] && levels[level] != aql_ppm)
        level++;
    if (level == sizeof levels / sizeof levels[0])
        return jh_fail(err, JIHE_USAGE,
                       "acceptable quality level of %" PRIu32
                       " ppm is not in the tables; it must be 0.010, 0.015, 0.025, 0.040, 0.065 %% or ten, hundred or "
                       "thousand times that, up to 15 %%",
                       aql_ppm);
    *letter_place = (size_t)(found - letters);
    *level_place = level;
    return JIHE_OK;
}

jihe_status jh_aql_single(jh_aql_plan *out, char letter, uint32_t aql_ppm, jh_aql_severity severity, jihe_error *err)
{
    size_t at = 0, level = 0;
    const jihe_status st = find_place(&at, &level, letter, aql_ppm, err);

    if (st != JIHE_OK)
        return st;
    if (severity != JH_AQL_NORMAL && severity != JH_AQL_TIGHTENED)
        return jh_fail(err, JIHE_USAGE, "severity number %d; there are tables for normal and tightened", (int)severity);
    const struct law law = law_of(severity);
    /* The column's last letter with a plan: a column whose first plan is beyond R has none below it to go down to. */
    size_t last = severity == JH_AQL_TIGHTENED ? LAST_TIGHTENED : LAST_LETTER;

    while (cell(&law, last + level) < 0 && last + level >= law.first && last + level < law.first + law.count)
        last--;
    if (at > last)
        at = last;
    while (cell(&law, at + level) < 0)
        at = cell(&law, at + level) == UP && at > 0 ? at - 1 : at + 1;
    out->letter = letters[at];
    out->sample = samples[at];
    out->accept = (uint32_t)cell(&law, at + level);
    out->reject = out->accept + 1;
    return JIHE_OK;
}
