#include <criterion/criterion.h>

#include <math.h>

#include "base/pcg.h"
#include "stats/aql_notice.h"
#include "stats/aql_plan.h"
#include "stats/aql_switch.h"

static const char letters[] = "ABCDEFGHJKLMNPQR";
static const uint32_t levels[] = {100,  150,   250,   400,   650,   1000,  1500,   2500,  4000,
                                  6500, 10000, 15000, 25000, 40000, 65000, 100000, 150000};

/* Every cell leads to a plan that is its own; the number of documents allowed wrong grows with the quality level along
 * a letter's own plans; tightened is nowhere laxer than normal; and the sample of an own plan keeps the letter. */
Test(aql, structure_of_the_tables)
{
    for (jh_aql_severity severity = JH_AQL_NORMAL; severity <= JH_AQL_TIGHTENED; severity++)
        for (size_t l = 0; l < 16; l++)
            for (size_t a = 0; a < 17; a++) {
                jh_aql_plan plan, again;

                cr_assert_eq(jh_aql_single(&plan, letters[l], levels[a], severity, NULL), JIHE_OK);
                cr_assert_eq(plan.reject, plan.accept + 1);
                cr_assert(plan.letter != 'S' || severity == JH_AQL_TIGHTENED);
                if (plan.letter == 'S')
                    continue;
                cr_assert_eq(jh_aql_single(&again, plan.letter, levels[a], severity, NULL), JIHE_OK);
                cr_assert(plan.letter == again.letter && plan.sample == again.sample && plan.accept == again.accept,
                          "%c at %u ppm leads to %c, which leads on", letters[l], levels[a], plan.letter);
                if (a > 0 && jh_aql_single(&again, letters[l], levels[a - 1], severity, NULL) == JIHE_OK &&
                    again.letter == letters[l] && plan.letter == letters[l])
                    cr_assert(plan.accept > again.accept);
            }
}

/* A lot just as good as its level is accepted with high probability, and tightened accepts no more than normal: Poisson
 * with mean sample times level, worked out term by term. */
static double accepted(const jh_aql_plan *plan, double level)
{
    const double mean = plan->sample * level;
    double term = exp(-mean), sum = term;

    for (uint32_t k = 1; k <= plan->accept; k++) {
        term *= mean / k;
        sum += term;
    }
    return sum;
}

Test(aql, plans_do_what_they_are_for)
{
    for (size_t l = 0; l < 16; l++)
        for (size_t a = 0; a < 17; a++) {
            const double level = levels[a] / 1e6;
            jh_aql_plan normal, tightened;

            jh_aql_single(&normal, letters[l], levels[a], JH_AQL_NORMAL, NULL);
            jh_aql_single(&tightened, letters[l], levels[a], JH_AQL_TIGHTENED, NULL);
            cr_assert(accepted(&normal, level) > 0.85, "%c at %u ppm: %g", letters[l], levels[a],
                      accepted(&normal, level));
            if (normal.letter == tightened.letter)
                cr_assert(tightened.accept <= normal.accept);
            cr_assert(accepted(&tightened, 3 * level) <= accepted(&normal, 3 * level) + 0.01);
        }
}

/* Where the letters change, and that a larger lot or a higher level never has an earlier letter. */
Test(aql, letters_grow)
{
    static const uint64_t largest[] = {8, 15, 25, 50, 90, 150, 280, 500, 1200, 3200, 10000, 35000, 150000, 500000};
    char letter, last = 0, next;

    for (jh_aql_level level = JH_AQL_S1; level <= JH_AQL_III; level++)
        for (size_t i = 0; i < 14; i++) {
            cr_assert_eq(jh_aql_letter(&letter, largest[i], level, NULL), JIHE_OK);
            cr_assert_eq(jh_aql_letter(&next, largest[i] + 1, level, NULL), JIHE_OK);
            cr_assert(next >= letter);
            if (level >= JH_AQL_II)
                cr_assert(next > letter, "levels II and III have a letter for each range");
            if (level > JH_AQL_S1) {
                jh_aql_letter(&last, largest[i], level - 1, NULL);
                cr_assert(last <= letter);
            }
        }
    for (jh_aql_level level = JH_AQL_S1; level <= JH_AQL_III; level++) {
        jh_aql_letter(&letter, UINT64_MAX, level, NULL);
        cr_assert(letter == "DEHKNQR"[level]);
    }
    cr_assert_eq(jh_aql_letter(&letter, 1, JH_AQL_II, NULL), JIHE_USAGE);
    cr_assert_eq(jh_aql_letter(&letter, 0, JH_AQL_II, NULL), JIHE_USAGE);
    cr_assert_eq(jh_aql_letter(&letter, 10, (jh_aql_level)7, NULL), JIHE_USAGE);
}

Test(aql, refusals)
{
    const char bad[] = {'I', 'O', 'S', 'a', '\0', 'Z'};
    jh_aql_plan plan;

    for (size_t i = 0; i < sizeof bad; i++)
        cr_assert_eq(jh_aql_single(&plan, bad[i], 1000, JH_AQL_NORMAL, NULL), JIHE_USAGE);
    cr_assert_eq(jh_aql_single(&plan, 'A', 1001, JH_AQL_NORMAL, NULL), JIHE_USAGE);
    cr_assert_eq(jh_aql_single(&plan, 'A', 0, JH_AQL_NORMAL, NULL), JIHE_USAGE);
    cr_assert_eq(jh_aql_single(&plan, 'A', 1000, (jh_aql_severity)2, NULL), JIHE_USAGE);
}

static void follow(jh_aql_history *history, const char *lots, uint32_t accept)
{
    for (; *lots != '\0'; lots++)
        jh_aql_follow(history, &(jh_aql_lot){*lots != 'x', *lots == '+', accept});
}

/* Lots: '+' accepted, also one level tighter; 'o' accepted; 'x' not. */
Test(aql_switch, by_hand)
{
    jh_aql_history h = {0};

    follow(&h, "xoooo", 1);
    cr_assert(h.state == JH_AQL_STATE_NORMAL && h.score == 8);
    follow(&h, "xooox", 1);
    cr_assert(h.state == JH_AQL_STATE_TIGHTENED && h.score == 0, "2 of 5");
    follow(&h, "oooxoooo", 1);
    cr_assert_eq(h.state, JH_AQL_STATE_TIGHTENED);
    follow(&h, "o", 1);
    cr_assert(h.state == JH_AQL_STATE_NORMAL && h.score == 0, "5 in a row");
    follow(&h, "+++++++++", 3);
    cr_assert(h.state == JH_AQL_STATE_NORMAL && h.score == 27);
    follow(&h, "o", 3);
    cr_assert_eq(h.score, 0, "not accepted one level tighter");
    follow(&h, "++++++++++", 3);
    cr_assert(h.state == JH_AQL_STATE_REDUCED && h.score == 30);
    follow(&h, "oooo", 3);
    cr_assert_eq(h.state, JH_AQL_STATE_REDUCED);
    follow(&h, "x", 3);
    cr_assert(h.state == JH_AQL_STATE_NORMAL && h.score == 0 && h.recent == 0);
    follow(&h, "x", 3);
    cr_assert_eq(h.state, JH_AQL_STATE_NORMAL, "the lot that ended reduced inspection was not a normal one");
    follow(&h, "x", 3);
    follow(&h, "xxxoooox", 3);
    cr_assert_eq(h.state, JH_AQL_STATE_TIGHTENED, "4 in all");
    follow(&h, "x", 3);
    cr_assert_eq(h.state, JH_AQL_STATE_DISCONTINUED, "5 in all");
    follow(&h, "oooooo", 3);
    cr_assert_eq(h.state, JH_AQL_STATE_DISCONTINUED);
    cr_assert_eq(jh_aql_resume(&h, NULL), JIHE_OK);
    cr_assert(h.state == JH_AQL_STATE_TIGHTENED && h.refused == 0);
    cr_assert_eq(jh_aql_resume(&h, NULL), JIHE_USAGE);
    cr_assert_str_eq(jh_aql_state_name(h.state), "tightened");
}

/* A steady 12 % of lots not accepted does not end: states stay in range, scores too, and all states but the last are
 * met. */
Test(aql_switch, long_histories)
{
    unsigned met = 0;
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, 11, 1);
    for (int team = 0; team < 200; team++) {
        jh_aql_history h = {0};

        for (int lot = 0; lot < 400; lot++) {
            const bool good = jh_pcg64_below(&rng, 100) >= 12;

            jh_aql_follow(&h, &(jh_aql_lot){good, good && jh_pcg64_below(&rng, 100) >= 20, (uint32_t)team % 4});
            cr_assert(h.score <= 30 && (h.score == 30) == (h.state == JH_AQL_STATE_REDUCED));
            cr_assert(h.accepted < 5 && h.refused < 5 && h.recent < 16);
            met |= 1U << h.state;
        }
    }
    cr_assert_eq(met, 0xF);
}

/* While reduced inspection is out of reach, k lots are unnoticed when no two of any five are refused: counted by hand
 * for few lots, and by following many made-up teams for long ones. */
Test(aql_notice, as_counted_and_as_simulated)
{
    const jh_aql_history new = {0};
    jh_pcg64 rng;

    for (double q = 0.01; q < 1; q += 0.07) {
        const jh_aql_chances chances = {1 - q, 0, 0};
        double noticed, all = 0;

        for (uint32_t lots = 0; lots <= 5; lots++) {
            jh_aql_noticed(&noticed, &new, &chances, lots, NULL);
            cr_assert(fabs(noticed - (1 - pow(1 - q, lots) - lots * q * pow(1 - q, lots - 1.))) < 1e-14);
        }
        for (uint32_t lots = 6; lots < 80; lots++, all = noticed) {
            jh_aql_noticed(&noticed, &new, &chances, lots, NULL);
            cr_assert(noticed >= all && noticed <= 1);
        }
    }
    jh_pcg64_seed(&rng, 5, 8);
    for (uint32_t accept = 1; accept <= 3; accept++) {
        const jh_aql_chances chances = {0.9, 0.75, accept};
        double noticed, met = 0;

        jh_aql_noticed(&noticed, &new, &chances, 40, NULL);
        for (int team = 0; team < 20000; team++) {
            jh_aql_history h = new;

            for (int lot = 0; lot < 40 && h.state != JH_AQL_STATE_TIGHTENED; lot++) {
                const uint64_t chance = jh_pcg64_below(&rng, 100);
                jh_aql_follow(&h, &(jh_aql_lot){chance < 90, chance < 75, accept});
            }
            met += h.state == JH_AQL_STATE_TIGHTENED;
        }
        cr_assert(fabs(met / 20000 - noticed) < 0.015, "simulated %g, computed %g", met / 20000, noticed);
    }
}

Test(aql_notice, lots_until_noticed)
{
    const jh_aql_history new = {0}, reduced = {.state = JH_AQL_STATE_REDUCED, .score = 30};
    const jh_aql_history tightened = {.state = JH_AQL_STATE_TIGHTENED}, odd = {.score = 30};
    const jh_aql_chances bad[] = {{NAN, 0, 0}, {1.1, 0, 0}, {-0.1, 0, 0}, {0.5, 0.6, 2}, {0.5, NAN, 2}};
    const jh_aql_chances poor = {0.6, 0, 1}, good = {1, 0, 1};
    double before, at;
    uint32_t lots = 7;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_assert_eq(jh_aql_noticed(&at, &new, &bad[i], 9, NULL), JIHE_USAGE, "case %zu", i);
    cr_assert_eq(jh_aql_noticed(&at, &odd, &poor, 9, NULL), JIHE_USAGE);
    cr_assert_eq(jh_aql_noticed(&at, &new, &poor, 100001, NULL), JIHE_USAGE);
    cr_assert_eq(jh_aql_notice_lots(&lots, &new, &poor, 1, NULL), JIHE_USAGE);
    cr_assert_eq(jh_aql_notice_lots(&lots, &new, &good, 0.5, NULL), JIHE_NOT_FOUND);
    cr_assert_eq(lots, 7);
    cr_assert_eq(jh_aql_notice_lots(&lots, &tightened, &good, 0.5, NULL), JIHE_OK);
    cr_assert_eq(lots, 0);
    cr_assert_eq(jh_aql_notice_lots(&lots, &new, &poor, 0.95, NULL), JIHE_OK);
    jh_aql_noticed(&before, &new, &poor, lots - 1, NULL);
    jh_aql_noticed(&at, &new, &poor, lots, NULL);
    cr_assert(before < 0.95 && at >= 0.95);
    jh_aql_noticed(&before, &reduced, &poor, lots, NULL);
    cr_assert(before < at, "reduced inspection first has to become normal");
}
