#include "api/demo_truth.h"

#include <string.h>

#include "base/hash.h"

enum {
    MILLION = 1000000,
    CARELESS_TIMES = 12, /* as many in-rule errors as others */
    HASTY_TIMES = 8,     /* in the month of the jump */
    TWICE_PERCENT = 15,  /* documents with an in-rule error that have a second one */
    UNCLEAR_PPM = 90000, /* out-of-rule errors of the type whose clause is unclear */
    ELSEWHERE_PPM = 1000 /* out-of-rule errors of all other types */
};

/* Parts per million of documents with an in-rule error: the centre learns. */
static const uint32_t usual_ppm[JH_DEMO_MONTHS] = {11000, 8500, 6500};

static bool is_by(const jh_demo_centre *centre, const jh_demo_case *document, uint32_t person)
{
    return strcmp(document->reviewer, centre->people[person].name) == 0;
}

static uint32_t in_rule_ppm(const jh_demo_centre *centre, const jh_demo_case *document)
{
    const uint32_t usual = usual_ppm[document->month];

    if (is_by(centre, document, centre->careless[0]) || is_by(centre, document, centre->careless[1]))
        return usual * CARELESS_TIMES;
    if (document->month == JH_DEMO_MONTHS - 1 && is_by(centre, document, centre->hasty))
        return usual * HASTY_TIMES;
    return usual;
}

static const jh_demo_clause *find_clause(const char *number)
{
    size_t i = 0;

    while (i + 1 < JH_DEMO_CLAUSES && strcmp(jh_demo_clauses[i].number, number) != 0)
        i++;
    return &jh_demo_clauses[i];
}

static const char *team_of(const char *type)
{
    for (size_t i = 0; i < JH_DEMO_TYPES; i++)
        if (strcmp(jh_demo_types[i].name, type) == 0)
            return jh_demo_teams[jh_demo_types[i].team].name;
    return "";
}

static uint32_t share_in(const jh_demo_clause *clause, const char *team)
{
    return clause->teams[0] == '\0' || strstr(clause->teams, team) != NULL ? clause->share : 0;
}

/* One of the clauses that a team works by. Every team has at least the one on accounts. */
static const jh_demo_clause *pick_clause(const char *team, jh_pcg64 *rng)
{
    uint64_t total = 0;
    size_t i = 0;

    for (size_t c = 0; c < JH_DEMO_CLAUSES; c++)
        total += share_in(&jh_demo_clauses[c], team);
    uint64_t left = jh_pcg64_below(rng, total);

    while (left >= share_in(&jh_demo_clauses[i], team))
        left -= share_in(&jh_demo_clauses[i++], team);
    return &jh_demo_clauses[i];
}

static void add_fault(jh_demo_truth *truth, bool in_rule, const jh_demo_clause *clause)
{
    for (size_t i = 0; i < truth->count; i++)
        if (truth->faults[i].clause == clause)
            return;
    truth->faults[truth->count++] = (jh_demo_fault){.in_rule = in_rule, .clause = clause};
    truth->in_rule = truth->in_rule || in_rule;
    truth->out_of_rule = truth->out_of_rule || !in_rule;
}

void jh_demo_truth_of(jh_demo_truth *out, const jh_demo_centre *centre, const jh_demo_case *document)
{
    const bool unclear = strcmp(document->type, JH_DEMO_UNCLEAR_TYPE) == 0;
    const char *team = team_of(document->type);
    jh_pcg64 rng;

    *out = (jh_demo_truth){0};
    jh_demo_random(&rng, centre->seed, "truth", jh_hash64(document->doc_id, strlen(document->doc_id)));
    /* Every number is drawn in every case: one chance does not move another. */
    const uint64_t in_rule = jh_pcg64_below(&rng, MILLION), out_of_rule = jh_pcg64_below(&rng, MILLION);
    const uint64_t twice = jh_pcg64_below(&rng, 100);
    const jh_demo_clause *first = pick_clause(team, &rng), *second = pick_clause(team, &rng);

    if (document->preparer[0] != '\0' && strcmp(document->preparer, document->reviewer) == 0)
        add_fault(out, true, find_clause(JH_DEMO_SELF_REVIEW_CLAUSE));
    else if (in_rule < in_rule_ppm(centre, document)) {
        add_fault(out, true, first);
        if (twice < TWICE_PERCENT)
            add_fault(out, true, second);
    }
    if (out_of_rule < (unclear ? UNCLEAR_PPM : ELSEWHERE_PPM))
        add_fault(out, false, unclear ? find_clause(JH_DEMO_UNCLEAR_CLAUSE) : NULL);
}
