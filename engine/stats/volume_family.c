#include "stats/volume_family.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>

#include "base/num.h"
#include "stats/adjust.h"

static const uint32_t one_ppm = 1000000, largest_ppm = 1000000000;

jh_volume_terms jh_volume_terms_usual(void)
{
    return (jh_volume_terms){.direction = JH_VOLUME_UP,
                             .ratio_ppm = 1200000,
                             .min_ratio_ppm = 1500000,
                             .q_ppm = 50000,
                             .min_periods = 3,
                             .min_count = 20,
                             .prior_weight = 6};
}

static jihe_status check_terms(const jh_volume_terms *terms, jihe_error *err)
{
    if (terms->direction != JH_VOLUME_UP && terms->direction != JH_VOLUME_DOWN)
        return jh_fail(err, JIHE_USAGE, "direction number %d; it must be up or down", (int)terms->direction);
    if (terms->ratio_ppm < one_ppm || terms->ratio_ppm > largest_ppm)
        return jh_fail(err, JIHE_USAGE, "acceptable ratio of %" PRIu32 " ppm; it must be from 1 to 1000",
                       terms->ratio_ppm);
    if (terms->min_ratio_ppm < one_ppm || terms->min_ratio_ppm > largest_ppm)
        return jh_fail(err, JIHE_USAGE, "flagged ratio of %" PRIu32 " ppm; it must be from 1 to 1000",
                       terms->min_ratio_ppm);
    if (terms->q_ppm == 0 || terms->q_ppm > one_ppm)
        return jh_fail(err, JIHE_USAGE,
                       "false discovery rate of %" PRIu32 " ppm; it must be above 0 and at most 1, for example 5%%",
                       terms->q_ppm);
    if (!(terms->prior_weight >= 0 && isfinite(terms->prior_weight)))
        return jh_fail(err, JIHE_USAGE, "weight %.17g of the group's dispersion; it must be 0 or more",
                       terms->prior_weight);
    return JIHE_OK;
}

/* Why this member is not tested; JH_VOLUME_NORMAL when nothing speaks against it. */
static jh_volume_verdict gate(const jh_volume_member *member, const jh_volume_baseline *baseline,
                              const jh_volume_terms *terms)
{
    if (member->person.periods < terms->min_periods)
        return JH_VOLUME_SHORT_BASELINE;
    return baseline->count < terms->min_count ? JH_VOLUME_SMALL_BASELINE : JH_VOLUME_NORMAL;
}

static jihe_status make_baseline(jh_volume_baseline *out, jh_volume_verdict *verdict, const jh_volume_member *member,
                                 size_t number, const jh_volume_terms *terms, jihe_error *err)
{
    jihe_status st;

    *out = (jh_volume_baseline){0, 0, 0};
    if (member->gate == JH_VOLUME_FLAGGED || member->gate > JH_VOLUME_SMALL_BASELINE)
        return jh_fail(err, JIHE_USAGE, "person %zu: gate number %d is no reason for not testing", number,
                       (int)member->gate);
    if (member->gate != JH_VOLUME_NORMAL)
        *verdict = member->gate;
    else if (member->person.exposure == 0)
        *verdict = JH_VOLUME_ABSENT;
    else if (member->person.periods == 0)
        *verdict = JH_VOLUME_SHORT_BASELINE;
    else {
        if ((st = jh_volume_baseline_make(out, &member->person, err)) != JIHE_OK)
            return jh_wrap(err, st, "person %zu", number);
        *verdict = gate(member, out, terms);
    }
    return JIHE_OK;
}

/* Chi-squares are added as whole numbers of 2^-48, so that their order cannot matter; 2^56 is beyond all reason. */
struct dispersion {
    jh_u128 chisq;
    uint64_t freedom;
};

static void add_dispersion(struct dispersion *sum, const jh_volume_member *member, const jh_volume_baseline *baseline)
{
    sum->chisq += (jh_u128)ldexp(fmin(baseline->chisq, 0x1p56), 48);
    sum->freedom += member->person.periods - 1;
}

static double group_dispersion(const struct dispersion *sum)
{
    return sum->freedom > 0 ? ldexp((double)sum->chisq, -48) / (double)sum->freedom : 1;
}

static void judge(jh_volume_result *result, const jh_volume_member *member, const jh_volume_baseline *baseline,
                  const jh_volume_prior *prior, jh_volume_direction direction)
{
    jh_volume_jump jump;

    jh_volume_jump_judge(&jump, baseline, &member->person, prior);
    result->phi = jump.phi;
    result->expected = (double)baseline->count * ((double)member->person.exposure / (double)baseline->exposure);
    result->ratio = jump.ratio;
    result->p = direction == JH_VOLUME_UP ? jump.p_up : jump.p_down;
}

/* The effect-size condition: at least the ratio upwards, at most its inverse downwards. Exact. */
static bool large_enough(const jh_volume_member *member, const jh_volume_baseline *baseline,
                         const jh_volume_terms *terms)
{
    const jh_u128 observed = (jh_u128)member->person.count * baseline->exposure; /* at most 2^90, as is the other */
    const jh_u128 expected = (jh_u128)baseline->count * member->person.exposure;

    if (terms->direction == JH_VOLUME_UP)
        return observed * one_ppm >= expected * terms->min_ratio_ppm;
    return observed * terms->min_ratio_ppm <= expected * one_ppm;
}

static jihe_status decide(jh_volume_family *out, jh_volume_result *results, const jh_volume_member *members,
                          const jh_volume_baseline *baselines, size_t count, const jh_volume_terms *terms,
                          jh_arena *arena, jihe_error *err)
{
    double *p = JH_NEW(arena, double, out->tested);
    size_t at = 0;
    jihe_status st;

    if (p == NULL && out->tested > 0)
        return jh_fail(err, JIHE_NO_MEMORY, "adjusting %zu p values", out->tested);
    for (size_t i = 0; i < count; i++)
        if (results[i].verdict == JH_VOLUME_NORMAL)
            p[at++] = results[i].p;
    if ((st = jh_adjust(p, p, out->tested, JH_ADJUST_BH, arena, err)) != JIHE_OK)
        return st;
    at = 0;
    for (size_t i = 0; i < count; i++) {
        jh_volume_result *result = &results[i];

        if (result->verdict != JH_VOLUME_NORMAL)
            continue;
        result->adjusted = p[at++];
        if (result->adjusted > terms->q_ppm / 1e6 || !large_enough(&members[i], &baselines[i], terms))
            continue;
        result->verdict = JH_VOLUME_FLAGGED;
        out->flagged++;
        st = jh_volume_limits(&result->ratio_lower, &result->ratio_upper, &baselines[i], &members[i].person,
                              result->phi, 0.95, err);
        if (st != JIHE_OK)
            return st;
    }
    return JIHE_OK;
}

jihe_status jh_volume_family_test(jh_volume_family *out, jh_volume_result *results, const jh_volume_member *members,
                                  size_t count, const jh_volume_terms *terms, jh_arena *arena, jihe_error *err)
{
    jh_volume_baseline *baselines = JH_NEW(arena, jh_volume_baseline, count);
    struct dispersion sum = {0, 0};
    jihe_status st;

    if (baselines == NULL && count > 0)
        return jh_fail(err, JIHE_NO_MEMORY, "baselines of %zu people", count);
    if ((st = check_terms(terms, err)) != JIHE_OK)
        return st;
    *out = (jh_volume_family){0, 0, 1};
    for (size_t i = 0; i < count; i++) {
        results[i] = (jh_volume_result){JH_VOLUME_NORMAL, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
        if ((st = make_baseline(&baselines[i], &results[i].verdict, &members[i], i + 1, terms, err)) != JIHE_OK)
            return st;
        if (results[i].verdict != JH_VOLUME_NORMAL)
            continue;
        out->tested++;
        add_dispersion(&sum, &members[i], &baselines[i]);
    }
    out->dispersion = group_dispersion(&sum);
    const jh_volume_prior prior = {out->dispersion, terms->prior_weight, terms->ratio_ppm};

    for (size_t i = 0; i < count; i++)
        if (results[i].verdict == JH_VOLUME_NORMAL)
            judge(&results[i], &members[i], &baselines[i], &prior, terms->direction);
    return decide(out, results, members, baselines, count, terms, arena, err);
}

const char *jh_volume_verdict_text(jh_volume_verdict verdict)
{
    static const char *const texts[] = {"normal",
                                        "flagged",
                                        "not tested: new, or back for less than 60 working days",
                                        "not tested: has left",
                                        "not tested: post, unit or document types changed",
                                        "not tested: covers an absent colleague",
                                        "not tested: user id merged, split or shared",
                                        "not tested: bulk import or migration",
                                        "not tested: present too few days",
                                        "not tested: too few periods in the baseline",
                                        "not tested: too few documents in the baseline"};

    return (unsigned)verdict < sizeof texts / sizeof texts[0] ? texts[verdict] : "not tested";
}
