/* People: funnel, rate ratio, robust distance, volumes. */
#include "oracle.h"

#include "stats/funnel.h"
#include "stats/rate_ratio.h"
#include "stats/robust.h"
#include "stats/volume_family.h"

static void funnel_p(oracle_row *row)
{
    uint64_t *errors, *inspected;
    const size_t count = oracle_counts(row, "k", &errors);
    jh_funnel_point *points = JH_NEW(row->arena, jh_funnel_point, count);
    jihe_error err = {0};
    jh_funnel funnel = {0};

    if (oracle_counts(row, "n", &inspected) != count) {
        oracle_fail(row, "k and n differ in length");
        return;
    }
    oracle_check(row, jh_funnel_make(&funnel, points, errors, inspected, count, row->arena, &err), &err);
    if (oracle_is(row, "out", "target"))
        oracle_give(row, funnel.target);
    else if (oracle_is(row, "out", "phi_winsor10"))
        oracle_give(row, funnel.phi);
    else if (oracle_is(row, "out", "tau2"))
        oracle_give(row, funnel.tau2);
    else
        for (size_t i = 0; i < count; i++)
            oracle_give(row, oracle_is(row, "out", "z")            ? points[i].z
                             : oracle_is(row, "out", "z_adjusted") ? points[i].z_adjusted
                                                                   : points[i].p_upper);
}

static void rate_ratio_exact(oracle_row *row)
{
    const jh_rate_ratio_data data = {oracle_double(row, "y1"), oracle_double(row, "e1"), oracle_double(row, "y0"),
                                     oracle_double(row, "e0")};
    jihe_error err = {0};
    jh_rate_ratio test = {0};

    oracle_check(row, jh_rate_ratio_test(&test, &data, oracle_double(row, "ratio0"), oracle_double(row, "conf"), &err),
                 &err);
    oracle_give(row, oracle_is(row, "out", "p_greater")             ? test.greater
                     : oracle_is(row, "out", "p_less")              ? test.less
                     : oracle_is(row, "out", "p_two_sided_central") ? test.two_sided
                     : oracle_is(row, "out", "p_greater_midp")      ? test.greater_midp
                     : oracle_is(row, "out", "rr_lower")            ? test.lower
                     : oracle_is(row, "out", "rr_upper")            ? test.upper
                                                                    : test.ratio);
}

static void robust(oracle_row *row)
{
    double *values;
    const size_t count = oracle_doubles(row, "values", &values);
    jihe_error err = {0};
    jh_robust made = {0};

    oracle_check(row, jh_robust_make(&made, values, count, row->arena, &err), &err);
    oracle_give(row, oracle_is(row, "out", "median")       ? made.median
                     : oracle_is(row, "out", "mad_1.4826") ? made.mad
                                                           : jh_robust_z(&made, oracle_double(row, "x")));
}

/* In millionths, exactly. */
static uint64_t to_millionths(oracle_row *row, jh_decimal value)
{
    int64_t low = 0, high = 1;

    if (!jh_num_scale_floor(value, 6, &low) || !jh_num_scale_ceil(value, 6, &high) || low != high || low < 0)
        oracle_fail(row, "not a whole number of millionths, or too large");
    return low < 0 ? 0 : (uint64_t)low;
}

static uint32_t read_ppm(oracle_row *row, const char *name)
{
    return (uint32_t)to_millionths(row, oracle_decimal(row, name));
}

static uint64_t *read_exposures(oracle_row *row, const char *name, size_t *count)
{
    jh_decimal *values;
    uint64_t *out;

    *count = oracle_decimals(row, name, &values);
    out = JH_NEW(row->arena, uint64_t, *count + 1);
    for (size_t i = 0; i < *count; i++)
        out[i] = to_millionths(row, values[i]);
    return out;
}

static void volume_jump(oracle_row *row)
{
    const jh_volume_prior prior = {oracle_double(row, "phi_group"), oracle_double(row, "d0"), read_ppm(row, "ratio0")};
    uint64_t *counts;
    size_t periods;
    const uint64_t *exposures = read_exposures(row, "base_exposure", &periods);
    jihe_error err = {0};
    jh_volume_jump jump = {0};

    if (oracle_counts(row, "base_counts", &counts) != periods) {
        oracle_fail(row, "baseline counts and exposures differ in length");
        return;
    }
    const jh_volume_person person = {counts, exposures, periods, oracle_count(row, "cur_count"),
                                     to_millionths(row, oracle_decimal(row, "cur_exposure"))};

    oracle_check(row, jh_volume_jump_test(&jump, &person, &prior, &err), &err);
    oracle_give(row, oracle_is(row, "out", "phi_person")   ? jump.dispersion
                     : oracle_is(row, "out", "phi_shrunk") ? jump.phi
                     : oracle_is(row, "out", "mu0")        ? jump.mean
                     : oracle_is(row, "out", "var_factor") ? jump.variance_factor
                     : oracle_is(row, "out", "p_up")       ? jump.p_up
                                                           : jump.p_down);
}

/* A person's list of this column as a row of its own, so that the same readers serve. */
static size_t read_lists(oracle_row *row, const char *name, size_t count, char ***lists)
{
    const size_t given = oracle_split(row, oracle_text(row, name), '|', lists);

    if (given != count)
        oracle_fail(row, "%s has %zu people, base_counts %zu", name, given, count);
    return given == count ? count : 0;
}

static uint64_t whole_of(oracle_row *row, char *text)
{
    char *names[] = {(char[]){"value"}}, *fields[] = {text};
    oracle_row one = {names, fields, 1, row->arena, row->answer, ""};
    const uint64_t value = oracle_count(&one, "value");

    if (one.problem[0] != '\0')
        oracle_fail(row, "%s", one.problem);
    return value;
}

static void read_person(oracle_row *row, jh_volume_member *member, char *counts, char *exposures, char *exposure)
{
    char *names[] = {(char[]){"counts"}, (char[]){"exposures"}, (char[]){"exposure"}};
    char *fields[] = {counts, exposures, exposure};
    oracle_row one = {names, fields, 3, row->arena, row->answer, ""};
    uint64_t *read;
    size_t periods;

    member->person.exposures = read_exposures(&one, "exposures", &periods);
    member->person.periods = oracle_counts(&one, "counts", &read);
    member->person.counts = read;
    member->person.exposure = to_millionths(&one, oracle_decimal(&one, "exposure"));
    if (member->person.periods != periods)
        oracle_fail(&one, "baseline counts and exposures differ in length");
    if (one.problem[0] != '\0')
        oracle_fail(row, "%s", one.problem);
}

static size_t read_members(oracle_row *row, jh_volume_member **out)
{
    char **counts, **exposures, **current, **exposure, **gate;
    const size_t count = oracle_split(row, oracle_text(row, "base_counts"), '|', &counts);

    *out = JH_NEW(row->arena, jh_volume_member, count + 1);
    if (read_lists(row, "base_exposure", count, &exposures) == 0 ||
        read_lists(row, "cur_count", count, &current) == 0 || read_lists(row, "cur_exposure", count, &exposure) == 0 ||
        read_lists(row, "gate", count, &gate) == 0)
        return 0;
    for (size_t i = 0; i < count; i++) {
        read_person(row, &(*out)[i], counts[i], exposures[i], exposure[i]);
        (*out)[i].person.count = whole_of(row, current[i]);
        (*out)[i].gate = whole_of(row, gate[i]) != 0 ? JH_VOLUME_MOVED : JH_VOLUME_NORMAL;
    }
    return count;
}

static void give_result(oracle_row *row, const jh_volume_result *result)
{
    const bool tested = result->verdict == JH_VOLUME_NORMAL || result->verdict == JH_VOLUME_FLAGGED;

    if (oracle_is(row, "out", "eligible"))
        oracle_give_count(row, tested);
    else if (oracle_is(row, "out", "flagged"))
        oracle_give_count(row, result->verdict == JH_VOLUME_FLAGGED);
    else
        oracle_give(row, oracle_is(row, "out", "p_up") ? result->p : result->adjusted);
}

static void volume_family(oracle_row *row)
{
    const jh_volume_terms terms = {.direction = JH_VOLUME_UP,
                                   .ratio_ppm = read_ppm(row, "ratio0"),
                                   .min_ratio_ppm = read_ppm(row, "min_ratio"),
                                   .q_ppm = read_ppm(row, "q"),
                                   .min_periods = (uint32_t)oracle_count(row, "min_periods"),
                                   .min_count = oracle_count(row, "min_base"),
                                   .prior_weight = oracle_double(row, "d0")};
    jh_volume_member *members;
    const size_t count = read_members(row, &members);
    jh_volume_result *results = JH_NEW(row->arena, jh_volume_result, count + 1);
    jihe_error err = {0};
    jh_volume_family family = {0};
    const jihe_status st = jh_volume_family_test(&family, results, members, count, &terms, row->arena, &err);

    oracle_check(row, st, &err);
    if (oracle_is(row, "out", "phi_group"))
        oracle_give(row, family.dispersion);
    else
        for (size_t i = 0; i < count; i++)
            give_result(row, &results[i]);
}

const oracle_function oracle_people[] = {
    {"funnel_p", funnel_p},
    {"rate_ratio_exact", rate_ratio_exact},
    {"median", robust},
    {"mad", robust},
    {"robust_z", robust},
    {"volume_jump", volume_jump},
    {"volume_family", volume_family},
    {NULL, NULL},
};
