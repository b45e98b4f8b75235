#include <criterion/criterion.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/pcg.h"
#include "stats/pace.h"

enum { PEOPLE = 100, TYPES = 5, MONTHS = 4, DAYS = 20, CLASSES = JH_PACE_CLASSES + 1 };

static double uniform(jh_pcg64 *rng)
{
    return ((double)(jh_pcg64_next(rng) >> 11) + 0.5) * 0x1p-53;
}

static double normal(jh_pcg64 *rng)
{
    return sqrt(-2 * log(uniform(rng))) * cos(6.283185307179586 * uniform(rng));
}

Test(durations, every_value_is_in_its_bucket)
{
    jh_pcg64 rng;
    uint32_t last = 0;

    for (uint32_t b = 0; b < JH_DURATION_BUCKETS; b++) {
        cr_assert_eq(jh_duration_bucket(jh_duration_edge(b)), b);
        cr_assert_eq(jh_duration_bucket(jh_duration_edge(b + 1) - 1), b);
        cr_assert(b < 64 || (jh_duration_edge(b + 1) - jh_duration_edge(b)) * 32 <= jh_duration_edge(b));
    }
    for (uint64_t ms = 0; ms < 200000; ms++) {
        const uint32_t bucket = jh_duration_bucket(ms);

        cr_assert(bucket == last || bucket == last + 1);
        last = bucket;
    }
    cr_assert_eq(jh_duration_bucket(UINT64_MAX), JH_DURATION_BUCKETS - 1);
    cr_assert_eq(jh_duration_bucket((UINT64_C(1) << 42) - 1), JH_DURATION_BUCKETS - 1);
    jh_pcg64_seed(&rng, 1, 1);
    for (int i = 0; i < 100000; i++) {
        const uint64_t ms = jh_pcg64_next(&rng) >> (22 + jh_pcg64_below(&rng, 42));
        const uint32_t bucket = jh_duration_bucket(ms);

        cr_assert(jh_duration_edge(bucket) <= ms && ms < jh_duration_edge(bucket + 1));
    }
}

static int order_u64(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* Against sorting: a quantile is the last edge that has no more than its share below; classes hold at most their parts.
 */
Test(durations, quantiles_and_classes_by_sorting)
{
    enum { MANY = 1000 };
    static const uint32_t shares[] = {1, 1000, 50000, 100000, 500000, 999999, 1000000};
    uint64_t values[MANY];
    uint8_t classes[JH_DURATION_BUCKETS];
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, 7, 3);
    for (int round = 0; round < 40; round++) {
        uint64_t counts[JH_DURATION_BUCKETS] = {0};
        const size_t n = 1 + jh_pcg64_below(&rng, MANY);

        for (size_t i = 0; i < n; i++) {
            values[i] = (uint64_t)exp(8 + normal(&rng) * (round % 4)) / (round % 3 == 0 ? 1 : 1000) * 1000;
            counts[jh_duration_bucket(values[i])]++;
        }
        qsort(values, n, sizeof *values, order_u64);
        for (size_t s = 0; s < sizeof shares / sizeof shares[0]; s++) {
            const uint32_t edge = jh_duration_quantile(counts, shares[s]);
            size_t below = 0, beyond = 0;

            for (size_t i = 0; i < n; i++) {
                below += values[i] < jh_duration_edge(edge);
                beyond += values[i] < jh_duration_edge(edge + 1);
            }
            cr_assert(below * 1000000 <= (uint64_t)shares[s] * n);
            cr_assert(edge == JH_DURATION_BUCKETS || beyond * 1000000 > (uint64_t)shares[s] * n);
        }
        const uint64_t median = jh_duration_median(counts), middle = values[(n - 1) / 2];

        cr_assert_eq(jh_duration_bucket(median), jh_duration_bucket(middle));
        jh_pace_classes(classes, counts, 100000);
        for (uint32_t c = 1; c <= JH_PACE_CLASSES; c++) {
            size_t within = 0;

            for (size_t i = 0; i < n; i++) {
                const uint8_t class_ = classes[jh_duration_bucket(values[i])];

                within += class_ >= 1 && class_ <= c;
            }
            cr_assert((uint64_t)within * 1000000 * 32 * 32 <= (uint64_t)100000 * c * c * n);
        }
        for (uint32_t b = 1; b < JH_DURATION_BUCKETS; b++)
            cr_assert(classes[b] == 0 || (classes[b - 1] > 0 && classes[b - 1] <= classes[b]));
    }
}

/* A centre: types take different times, people differ, so do months and days; in the last month all documents are
 * easier. */
struct model {
    double person, month, day; /* spread of log times */
    double easier;             /* of the last month, everybody */
    int per_day;
    int rushers;         /* the first so many people rush in the last month: */
    double share, times; /* that share of their documents, so many times faster */
    int always;          /* the next so many are four times as fast as others, in every month */
    int slow;            /* the next so many took twice as long before, and are like others in the last month */
};

struct centre {
    uint16_t (*documents)[MONTHS][DAYS * 64]; /* type << 11 | bucket */
    uint64_t counts[TYPES][JH_DURATION_BUCKETS];
    uint64_t classes[PEOPLE][MONTHS][CLASSES];
    jh_pace_person people[PEOPLE];
    jh_pace_result results[PEOPLE];
};

static void make_centre(struct centre *c, jh_pcg64 *rng, const struct model *model)
{
    uint8_t classes[TYPES][JH_DURATION_BUCKETS];

    memset(c->counts, 0, sizeof c->counts);
    memset(c->classes, 0, sizeof c->classes);
    for (int i = 0; i < PEOPLE; i++) {
        const bool always = i >= model->rushers && i < model->rushers + model->always;
        const bool slow = i >= model->rushers + model->always && i < model->rushers + model->always + model->slow;
        const double speed = normal(rng) * model->person - (always ? log(4) : 0);

        for (int m = 0; m < MONTHS; m++) {
            const double month = normal(rng) * model->month - (m == MONTHS - 1 ? model->easier : 0) +
                                 (slow && m < MONTHS - 1 ? log(2) : 0);

            for (int d = 0; d < DAYS * model->per_day; d++) {
                static double day;
                const int type = (int)jh_pcg64_below(rng, TYPES);

                if (d % model->per_day == 0)
                    day = normal(rng) * model->day;
                double log_ms = log(20000) + 0.8 * type + speed + month + day + 0.6 * normal(rng);

                if (i < model->rushers && m == MONTHS - 1 && uniform(rng) < model->share)
                    log_ms -= log(model->times);
                const uint32_t bucket = jh_duration_bucket((uint64_t)(exp(log_ms) / 1000) * 1000);

                c->documents[i][m][d] = (uint16_t)(type << 11 | (int)bucket);
                if (m < MONTHS - 1)
                    c->counts[type][bucket]++;
            }
        }
    }
    for (int t = 0; t < TYPES; t++)
        jh_pace_classes(classes[t], c->counts[t], 100000);
    for (int i = 0; i < PEOPLE; i++) {
        for (int m = 0; m < MONTHS; m++)
            for (int d = 0; d < DAYS * model->per_day; d++)
                c->classes[i][m][classes[c->documents[i][m][d] >> 11][c->documents[i][m][d] & 2047]]++;
        c->people[i] = (jh_pace_person){.classes = c->classes[i][0]};
    }
}

struct tally {
    double right, wrong, naive; /* share of rushers flagged; others flagged per run; those a plain 10 % would accuse */
};

static struct tally simulate(const struct model *model, int runs)
{
    struct centre *c = calloc(1, sizeof *c);
    const jh_pace_terms terms = jh_pace_terms_usual();
    struct tally tally = {0, 0, 0};
    jh_pcg64 rng;

    c->documents = calloc(PEOPLE, sizeof *c->documents);
    jh_pcg64_seed(&rng, (jh_u128)(model->person * 100 + model->per_day), 5);
    for (int run = 0; run < runs; run++) {
        jh_arena arena;

        make_centre(c, &rng, model);
        jh_arena_init(&arena, 0);
        cr_assert_eq(jh_pace_test(c->results, c->people, PEOPLE, MONTHS, &terms, &arena, NULL), JIHE_OK);
        for (int i = 0; i < PEOPLE; i++) {
            uint64_t fast = 0, all = 0;

            for (int class_ = 0; class_ < CLASSES; class_++) {
                fast += class_ > 0 && class_ <= 22 ? c->classes[i][MONTHS - 1][class_] : 0; /* the fastest 4.7 % */
                all += c->classes[i][MONTHS - 1][class_];
            }
            tally.naive += i >= model->rushers && fast * 10 > all ? 1. / runs : 0;
            if (c->results[i].verdict == JH_PACE_FLAGGED)
                *(i < model->rushers ? &tally.right : &tally.wrong) += 1. / runs;
        }
        jh_arena_deinit(&arena);
    }
    free(c->documents);
    free(c);
    tally.right /= model->rushers > 0 ? model->rushers : 1;
    return tally;
}

/* Hardly anybody is flagged for being quick, for an easy month or for busy days, where a plain rule ("more than a tenth
 * of the documents faster than 95 % of the colleagues'") accuses a part of the centre every month. Who waves a part of
 * the documents through is found, also when quick by nature. */
Test(pace, false_flags_and_power)
{
    static const struct {
        struct model model;
        double power, wrong; /* at least; at most, each run */
    } table[] = {
        {{.person = 0.0, .per_day = 20, .rushers = 3, .share = 0.3, .times = 6}, 0.95, 0.1},
        {{.person = 0.4, .month = 0.05, .day = 0.2, .per_day = 20, .rushers = 3, .share = 0.4, .times = 6}, 0.9, 0.1},
        {{.person = 0.4, .month = 0.15, .day = 0.2, .per_day = 20, .rushers = 3, .share = 0.7, .times = 6}, 0.9, 0.1},
        {{.person = 0.4,
          .month = 0.1,
          .day = 0.3,
          .easier = 0.3,
          .per_day = 50,
          .rushers = 3,
          .share = 0.6,
          .times = 6,
          .always = 5},
         0.9,
         0.1},
        {{.person = 0.4, .month = 0.05, .day = 0.2, .per_day = 5, .rushers = 3, .share = 0.6, .times = 6}, 0.8, 0.1},
        {{.person = 0.3,
          .month = 0.05,
          .day = 0.2,
          .easier = 0.7,
          .per_day = 20,
          .rushers = 1,
          .share = 0.6,
          .times = 6},
         0,
         0.1} /* when all are twice as fast nobody is told apart */,
        {{.person = 0.3, .month = 0.05, .day = 0.2, .per_day = 20, .rushers = 20, .share = 0.5, .times = 6}, 0.9, 0.1},
        {{.person = 0.1, .month = 0.05, .day = 0.2, .per_day = 20, .rushers = 2, .share = 0.6, .times = 6, .slow = 10},
         0.9,
         0.6} /* of ten who really doubled their pace */,
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct model none = table[i].model;

        none.rushers = 0;
        const struct tally found = simulate(&table[i].model, 12), nobody = simulate(&none, 12);

        cr_log_info("model %zu: power %.2f, false flags %.2f, without rushers %.2f; plain rule %.1f", i, found.right,
                    found.wrong, nobody.wrong, nobody.naive);
        cr_assert(found.right >= table[i].power, "model %zu: power %g", i, found.right);
        cr_assert(found.wrong <= table[i].wrong, "model %zu: %g false flags", i, found.wrong);
        cr_assert(nobody.wrong <= table[i].wrong, "model %zu: %g false flags without rushers", i, nobody.wrong);
        cr_assert(i == 0 || nobody.naive >= 1, "model %zu: the plain rule accuses %g", i, nobody.naive);
    }
}

/* In another order the same figures to the last bit; who is gated or has too little plays no part in the others'
 * figures. */
Test(pace, order_gates_and_refusals)
{
    enum { ROUNDS = 3 };
    struct centre *c = calloc(1, sizeof *c), *turned = calloc(1, sizeof *turned);
    jh_pace_terms terms = jh_pace_terms_usual();
    const struct model model = {
        .person = 0.3, .month = 0.05, .day = 0.2, .per_day = 20, .rushers = 4, .share = 0.5, .times = 6};
    jh_arena arena;
    jh_pcg64 rng;

    c->documents = calloc(PEOPLE, sizeof *c->documents);
    jh_arena_init(&arena, 0);
    jh_pcg64_seed(&rng, 3, 3);
    make_centre(c, &rng, &model);
    c->people[10].gated = true;
    memset(c->classes[11][0], 0, sizeof c->classes[11][0] * 2); /* one month before */
    memset(c->classes[12][MONTHS - 1], 0, sizeof c->classes[12][MONTHS - 1]);
    for (int m = 0; m < MONTHS - 1; m++) {
        memset(c->classes[13][m], 0, sizeof c->classes[13][m]);
        c->classes[13][m][0] = 66; /* 198 before */
        c->classes[14][m][1] = 400;
    }
    cr_assert_eq(jh_pace_test(c->results, c->people, PEOPLE, MONTHS, &terms, &arena, NULL), JIHE_OK);
    cr_assert_eq(c->results[0].verdict, JH_PACE_FLAGGED);
    cr_assert_eq(c->results[10].verdict, JH_PACE_GATED);
    cr_assert_eq(c->results[11].verdict, JH_PACE_SHORT_BASELINE);
    cr_assert_eq(c->results[11].months, 1);
    cr_assert_eq(c->results[12].verdict, JH_PACE_SMALL_PERIOD);
    cr_assert_eq(c->results[13].verdict, JH_PACE_SMALL_BASELINE);
    cr_assert_eq(c->results[14].verdict, JH_PACE_ALWAYS_FAST);
    for (int i = 10; i <= 14; i++)
        cr_assert(isnan(c->results[i].p) && isnan(c->results[i].adjusted) && isnan(c->results[i].expected));
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < PEOPLE; i++)
            turned->people[i] = c->people[(i * 37 + round * 11 + 5) % PEOPLE];
        cr_assert_eq(jh_pace_test(turned->results, turned->people, PEOPLE, MONTHS, &terms, &arena, NULL), JIHE_OK);
        for (int i = 0; i < PEOPLE; i++) {
            const jh_pace_result *was = &c->results[(i * 37 + round * 11 + 5) % PEOPLE], *is = &turned->results[i];

            cr_assert(was->verdict == is->verdict && was->fast == is->fast && was->cut == is->cut);
            cr_assert_eq(memcmp(&was->p, &is->p, sizeof was->p), 0);
            cr_assert_eq(memcmp(&was->expected, &is->expected, sizeof was->expected), 0);
        }
    }
    terms.min_periods = 1;
    cr_assert_eq(jh_pace_test(c->results, c->people, PEOPLE, MONTHS, &terms, &arena, NULL), JIHE_USAGE);
    terms = jh_pace_terms_usual();
    terms.own_ppm = 500001;
    cr_assert_eq(jh_pace_test(c->results, c->people, PEOPLE, MONTHS, &terms, &arena, NULL), JIHE_USAGE);
    terms = jh_pace_terms_usual();
    cr_assert_eq(jh_pace_test(c->results, c->people, PEOPLE, 1, &terms, &arena, NULL), JIHE_USAGE);
    cr_assert_eq(jh_pace_test(c->results, c->people, 0, MONTHS, &terms, &arena, NULL), JIHE_OK);
    c->classes[20][0][0] = 1000000001;
    cr_assert_eq(jh_pace_test(c->results, c->people, PEOPLE, MONTHS, &terms, &arena, NULL), JIHE_USAGE);
    c->classes[20][0][0] = 999999000; /* about the largest there may be, all fast now */
    c->classes[20][MONTHS - 1][1] = 999999000;
    cr_assert_eq(jh_pace_test(c->results, c->people, PEOPLE, MONTHS, &terms, &arena, NULL), JIHE_OK);
    cr_assert_eq(c->results[20].verdict, JH_PACE_FLAGGED);
    jh_arena_deinit(&arena);
    free(c->documents);
    free(c);
    free(turned);
}
