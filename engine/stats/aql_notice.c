#include "stats/aql_notice.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { SCORES = 30, RECENTS = 16, MAX_LOTS = 100000 };

/* Where inspection may be, with what probability. */
struct chain {
    double normal[SCORES][RECENTS]; /* by score and recent lots */
    double reduced;
    double noticed;
};

static void move(struct chain *to, jh_aql_history history, const jh_aql_lot *lot, double probability)
{
    if (probability <= 0)
        return;
    jh_aql_follow(&history, lot);
    if (history.state == JH_AQL_STATE_NORMAL)
        to->normal[history.score][history.recent] += probability;
    else if (history.state == JH_AQL_STATE_REDUCED)
        to->reduced += probability;
    else
        to->noticed += probability;
}

/* One more lot from one place: not accepted, accepted only as it is, accepted also one level tighter. */
static void spread(struct chain *to, jh_aql_history history, const jh_aql_chances *chances, double probability)
{
    const double tighter = chances->accept >= 2 ? chances->accepted_tighter : chances->accepted;

    move(to, history, &(jh_aql_lot){false, false, chances->accept}, probability * (1 - chances->accepted));
    move(to, history, &(jh_aql_lot){true, false, chances->accept}, probability * (chances->accepted - tighter));
    move(to, history, &(jh_aql_lot){true, true, chances->accept}, probability * tighter);
}

static void one_lot(struct chain *chain, const jh_aql_chances *chances)
{
    struct chain next = {.noticed = chain->noticed};

    for (uint32_t score = 0; score < SCORES; score++)
        for (uint32_t recent = 0; recent < RECENTS; recent++)
            if (chain->normal[score][recent] > 0)
                spread(&next, (jh_aql_history){JH_AQL_STATE_NORMAL, score, recent, 0, 0}, chances,
                       chain->normal[score][recent]);
    if (chain->reduced > 0)
        spread(&next, (jh_aql_history){.state = JH_AQL_STATE_REDUCED, .score = SCORES}, chances, chain->reduced);
    *chain = next;
}

static jihe_status begin(struct chain *chain, const jh_aql_history *from, const jh_aql_chances *chances,
                         jihe_error *err)
{
    if (!(chances->accepted >= 0 && chances->accepted <= 1))
        return jh_fail(err, JIHE_USAGE, "a lot is accepted with probability %.17g; it must be between 0 and 1",
                       chances->accepted);
    if (chances->accept >= 2 && !(chances->accepted_tighter >= 0 && chances->accepted_tighter <= chances->accepted))
        return jh_fail(err, JIHE_USAGE,
                       "a lot is accepted with probability %.17g, one level tighter with %.17g; it must be between 0 "
                       "and the first",
                       chances->accepted, chances->accepted_tighter);
    memset(chain, 0, sizeof *chain);
    switch (from->state) {
    case JH_AQL_STATE_NORMAL:
        if (from->score >= SCORES || from->recent >= RECENTS)
            return jh_fail(err, JIHE_USAGE, "normal inspection with a score of %" PRIu32 "; it must be below 30",
                           from->score);
        chain->normal[from->score][from->recent] = 1;
        return JIHE_OK;
    case JH_AQL_STATE_REDUCED:
        chain->reduced = 1;
        return JIHE_OK;
    case JH_AQL_STATE_TIGHTENED:
    case JH_AQL_STATE_DISCONTINUED:
        chain->noticed = 1;
        return JIHE_OK;
    }
    return jh_fail(err, JIHE_USAGE, "state number %d; it must be normal, tightened, reduced or discontinued",
                   (int)from->state);
}

jihe_status jh_aql_noticed(double *probability, const jh_aql_history *from, const jh_aql_chances *chances,
                           uint32_t lots, jihe_error *err)
{
    struct chain chain;
    jihe_status st;

    if (lots > MAX_LOTS)
        return jh_fail(err, JIHE_USAGE, "%" PRIu32 " lots; at most %d can be looked ahead", lots, MAX_LOTS);
    if ((st = begin(&chain, from, chances, err)) != JIHE_OK)
        return st;
    for (uint32_t lot = 0; lot < lots; lot++)
        one_lot(&chain, chances);
    *probability = fmin(1, chain.noticed);
    return JIHE_OK;
}

jihe_status jh_aql_notice_lots(uint32_t *lots, const jh_aql_history *from, const jh_aql_chances *chances,
                               double probability, jihe_error *err)
{
    struct chain chain;
    uint32_t lot = 0;
    jihe_status st;

    if (!(probability > 0 && probability < 1))
        return jh_fail(err, JIHE_USAGE, "probability %.17g; it must be between 0 and 1, for example 0.95", probability);
    if ((st = begin(&chain, from, chances, err)) != JIHE_OK)
        return st;
    for (; chain.noticed < probability && lot < MAX_LOTS; lot++)
        one_lot(&chain, chances);
    if (chain.noticed < probability)
        return jh_fail(err, JIHE_NOT_FOUND, "not noticed within %d lots with probability %g", MAX_LOTS, probability);
    *lots = lot;
    return JIHE_OK;
}
