/* ISO 2859-1: code letters, single plans, switching. */
#include "oracle.h"

#include <string.h>

#include "stats/aql_plan.h"
#include "stats/aql_switch.h"

static void code_letter(oracle_row *row)
{
    static const char *const levels[] = {"S-1", "S-2", "S-3", "S-4", "I", "II", "III"};
    char text[2] = "";
    jihe_error err = {0};

    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
        if (oracle_is(row, "level", levels[i])) {
            oracle_check(row, jh_aql_letter(text, oracle_count(row, "lot_size"), (jh_aql_level)i, &err), &err);
            oracle_give_text(row, text);
            return;
        }
    oracle_fail(row, "no inspection level '%.20s'", oracle_text(row, "level"));
}

static void single(oracle_row *row, jh_aql_severity severity)
{
    int64_t ppm = 0;
    jh_aql_plan plan = {0};
    jihe_error err = {0};

    if (!jh_num_scale_floor(oracle_decimal(row, "aql"), 4, &ppm) || ppm < 0 || ppm > UINT32_MAX) {
        oracle_fail(row, "quality level out of range");
        return;
    }
    oracle_check(row, jh_aql_single(&plan, oracle_text(row, "code")[0], (uint32_t)ppm, severity, &err), &err);
    if (oracle_is(row, "out", "plan_code"))
        oracle_give_text(row, (char[]){plan.letter, '\0'});
    else
        oracle_give_count(row, oracle_is(row, "out", "n")    ? plan.sample
                               : oracle_is(row, "out", "Ac") ? plan.accept
                                                             : plan.reject);
}

static void single_normal(oracle_row *row)
{
    single(row, JH_AQL_NORMAL);
}

static void single_tightened(oracle_row *row)
{
    single(row, JH_AQL_TIGHTENED);
}

static void switching(oracle_row *row)
{
    static const char *const states[] = {"N", "T", "R", "D"};
    uint64_t *accepted, *tighter;
    const size_t count = oracle_counts(row, "accepted", &accepted);
    const uint32_t accept = (uint32_t)oracle_count(row, "Ac");
    jh_aql_history history = {0};

    if (oracle_counts(row, "accepted_one_step_tighter", &tighter) != count) {
        oracle_fail(row, "lists differ in length");
        return;
    }
    for (size_t i = 0; i < count; i++) {
        jh_aql_follow(&history, &(jh_aql_lot){accepted[i] != 0, tighter[i] != 0, accept});
        if (oracle_is(row, "out", "state_after"))
            oracle_give_text(row, states[history.state]);
        else
            oracle_give_count(row, history.score);
    }
}

const oracle_function oracle_aql[] = {
    {"code_letter", code_letter},
    {"single_normal", single_normal},
    {"single_tightened", single_tightened},
    {"switching", switching},
    {NULL, NULL},
};
