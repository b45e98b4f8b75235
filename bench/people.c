/* people PEOPLE PERIODS: how long the volumes of so many people take to be tested together, per usual volume. Made up
 * from a fixed seed: groups of 200, volumes 10 % up and down, every fiftieth person doubled. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/pcg.h"
#include "stats/volume_exposure.h"
#include "stats/volume_family.h"

enum { GROUP = 200, DAY = 1000000 };

struct centre {
    uint64_t *counts, *present; /* people x periods */
    jh_volume_history *people;
    jh_volume_member *members;
    jh_volume_result *results;
};

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void make_up(struct centre *c, size_t count, size_t periods, uint64_t usual)
{
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, usual, 1);
    for (size_t i = 0; i < count; i++) {
        uint64_t *counts = c->counts + i * periods, *present = c->present + i * periods;

        for (size_t t = 0; t < periods; t++) {
            present[t] = (15 + jh_pcg64_below(&rng, 8)) * DAY;
            counts[t] = usual * 9 / 10 + jh_pcg64_below(&rng, usual / 5 + 1);
        }
        counts[periods - 1] *= i % 50 == 0 ? 2 : 1;
        c->people[i] = (jh_volume_history){counts, present, 0, JH_VOLUME_NORMAL};
    }
}

static int measure(struct centre *c, size_t count, size_t periods, uint64_t usual)
{
    const jh_volume_terms terms = jh_volume_terms_usual();
    jh_volume_family family = {0};
    jihe_status st = JIHE_OK;
    jihe_error err = {0};
    jh_arena arena;

    make_up(c, count, periods, usual);
    jh_arena_init(&arena, 0);
    const double begun = seconds();
    for (size_t at = 0; at < count && st == JIHE_OK; at += GROUP)
        st = jh_volume_members_make(c->members + at, c->people + at, count - at < GROUP ? count - at : GROUP, periods,
                                    5 * DAY, &arena, &err);
    const double exposed = seconds();
    if (st == JIHE_OK)
        st = jh_volume_family_test(&family, c->results, c->members, count, &terms, &arena, &err);
    const double done = seconds();
    jh_arena_deinit(&arena);
    if (st != JIHE_OK) {
        fprintf(stderr, "people: %s\n", err.message);
        return 1;
    }
    printf("%zu people, %zu periods, %" PRIu64 " documents: exposures %.3f s, tests %.3f s, %zu flagged\n", count,
           periods, usual, exposed - begun, done - exposed, family.flagged);
    return 0;
}

int main(int argc, char **argv)
{
    const size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : 20000,
                 periods = argc > 2 ? strtoul(argv[2], NULL, 10) : 25;
    static const uint64_t usual[] = {50, 2000, 40000};
    struct centre c = {calloc(count * periods, sizeof *c.counts), calloc(count * periods, sizeof *c.present),
                       calloc(count, sizeof *c.people), calloc(count, sizeof *c.members),
                       calloc(count, sizeof *c.results)};
    int failed = c.counts == NULL || c.present == NULL || c.people == NULL || c.members == NULL || c.results == NULL ||
                 count == 0 || periods < 2;

    for (size_t i = 0; i < sizeof usual / sizeof usual[0] && failed == 0; i++)
        failed = measure(&c, count, periods, usual[i]);
    free(c.counts);
    free(c.present);
    free(c.people);
    free(c.members);
    free(c.results);
    return failed;
}
