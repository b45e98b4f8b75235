#include "stats/aql_switch.h"

enum { REDUCED_SCORE = 30, ACCEPTED_TO_NORMAL = 5, REFUSED_TO_STOP = 5, REMEMBERED = 0xF };

static jh_aql_history begin(jh_aql_state state)
{
    return (jh_aql_history){.state = state};
}

static void follow_normal(jh_aql_history *history, const jh_aql_lot *lot)
{
    if (!lot->accepted && history->recent != 0) {
        *history = begin(JH_AQL_STATE_TIGHTENED);
        return;
    }
    history->recent = (history->recent << 1 | !lot->accepted) & REMEMBERED;
    if (!lot->accepted || (lot->accept >= 2 && !lot->accepted_tighter))
        history->score = 0;
    else
        history->score += lot->accept >= 2 ? 3 : 2;
    if (history->score >= REDUCED_SCORE) {
        *history = begin(JH_AQL_STATE_REDUCED);
        history->score = REDUCED_SCORE;
    }
}

static void follow_tightened(jh_aql_history *history, const jh_aql_lot *lot)
{
    history->accepted = lot->accepted ? history->accepted + 1 : 0;
    history->refused += !lot->accepted;
    if (history->refused >= REFUSED_TO_STOP)
        *history = begin(JH_AQL_STATE_DISCONTINUED);
    else if (history->accepted >= ACCEPTED_TO_NORMAL)
        *history = begin(JH_AQL_STATE_NORMAL);
}

void jh_aql_follow(jh_aql_history *history, const jh_aql_lot *lot)
{
    switch (history->state) {
    case JH_AQL_STATE_NORMAL:
        follow_normal(history, lot);
        break;
    case JH_AQL_STATE_TIGHTENED:
        follow_tightened(history, lot);
        break;
    case JH_AQL_STATE_REDUCED:
        if (!lot->accepted)
            *history = begin(JH_AQL_STATE_NORMAL);
        break;
    case JH_AQL_STATE_DISCONTINUED:
        break;
    }
}

jihe_status jh_aql_resume(jh_aql_history *history, jihe_error *err)
{
    if (history->state != JH_AQL_STATE_DISCONTINUED)
        return jh_fail(err, JIHE_USAGE, "inspection is %s, not discontinued; there is nothing to take up again",
                       jh_aql_state_name(history->state));
    *history = begin(JH_AQL_STATE_TIGHTENED);
    return JIHE_OK;
}

const char *jh_aql_state_name(jh_aql_state state)
{
    static const char *const names[] = {"normal", "tightened", "reduced", "discontinued"};

    return (unsigned)state < sizeof names / sizeof names[0] ? names[state] : "unknown";
}
