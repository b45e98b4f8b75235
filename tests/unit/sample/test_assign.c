/* Who inspects what: properties over made-up centres, a reference for how many documents can be assigned at all, and
 * the order of documents, persons and inspectors, which must play no part. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/hash.h"
#include "base/pcg.h"
#include "sample/assign.h"

enum { PERSONS = 3 /* a document, at most */ };

struct made {
    jh_assign_input in;
    jh_assign_document *documents;
    uint64_t *persons;
    jh_assign_inspector *inspectors;
    char (*ids)[16];
    jh_assigned *out;
    uint64_t second_wanted;
};

static uint64_t name_of(uint64_t person)
{
    return jh_hash64(&person, sizeof person);
}

/* Documents handled by `people` persons, of whom the first ones are the inspectors. */
static void make(struct made *made, uint64_t seed, size_t documents, uint32_t inspectors, uint64_t people,
                 uint64_t capacity, uint32_t second)
{
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, seed, 1);
    *made = (struct made){.documents = calloc(documents + 1, sizeof *made->documents),
                          .persons = calloc(documents * PERSONS + 1, sizeof *made->persons),
                          .inspectors = calloc(inspectors + 1, sizeof *made->inspectors),
                          .ids = calloc(documents + 1, sizeof *made->ids),
                          .out = calloc(documents + 1, sizeof *made->out)};
    for (size_t d = 0; d < documents; d++) {
        const int len = snprintf(made->ids[d], sizeof made->ids[d], "D%zu", d);
        const uint64_t number = jh_pcg64_next(&rng) >> (seed % 4 == 0 ? 61 : 0); /* sometimes many ties */

        made->documents[d] = (jh_assign_document){.first = number,
                                                  .second = jh_pcg64_next(&rng) >> (seed % 4 == 0 ? 62 : 0),
                                                  .id = made->ids[d],
                                                  .id_len = (uint32_t)len,
                                                  .persons = d * PERSONS,
                                                  .person_count = (uint32_t)jh_pcg64_below(&rng, PERSONS + 1),
                                                  .certain = jh_pcg64_below(&rng, 5) == 0};
        for (size_t p = 0; p < PERSONS; p++)
            made->persons[d * PERSONS + p] = name_of(jh_pcg64_below(&rng, people));
    }
    for (uint32_t i = 0; i < inspectors; i++)
        made->inspectors[i] = (jh_assign_inspector){
            .person = name_of(i), .capacity = seed % 2 == 0 ? capacity : jh_pcg64_below(&rng, 2 * capacity + 1)};
    made->in = (jh_assign_input){.documents = made->documents,
                                 .document_count = documents,
                                 .persons = made->persons,
                                 .inspectors = made->inspectors,
                                 .inspector_count = inspectors,
                                 .second_ppm = second};
}

static void assign(struct made *made)
{
    cr_assert(jh_assign(made->out, &made->second_wanted, &made->in, NULL) == JIHE_OK);
}

static void release(struct made *made)
{
    free(made->documents);
    free(made->persons);
    free(made->inspectors);
    free(made->ids);
    free(made->out);
}

static bool handled(const struct made *made, size_t d, uint32_t inspector)
{
    const jh_assign_document *document = &made->documents[d];

    for (uint32_t p = 0; p < document->person_count; p++)
        if (made->persons[document->persons + p] == made->inspectors[inspector].person)
            return true;
    return false;
}

/* --- every assignment --- */

static void check_rules(const struct made *made)
{
    uint64_t loads[256] = {0}, assigned = 0, second = 0;

    for (size_t d = 0; d < made->in.document_count; d++) {
        const jh_assigned *out = &made->out[d];
        uint32_t allowed = 0;

        for (uint32_t i = 0; i < made->in.inspector_count; i++)
            allowed += made->inspectors[i].capacity > 0 && !handled(made, d, i);
        cr_assert_eq(out->why == JH_ASSIGN_NOBODY_ALLOWED, allowed == 0);
        cr_assert_eq(out->why == JH_ASSIGNED, out->inspectors[0] != JH_ASSIGN_NOBODY);
        cr_assert(out->why == JH_ASSIGNED || out->inspectors[1] == JH_ASSIGN_NOBODY);
        for (int k = 0; k < 2; k++)
            if (out->inspectors[k] != JH_ASSIGN_NOBODY) {
                cr_assert(!handled(made, d, out->inspectors[k]), "an inspector got a document of his own");
                loads[out->inspectors[k]]++;
            }
        assigned += out->why == JH_ASSIGNED;
        second += out->inspectors[1] != JH_ASSIGN_NOBODY;
        cr_assert(out->inspectors[1] == JH_ASSIGN_NOBODY || out->inspectors[0] != out->inspectors[1]);
    }
    for (uint32_t i = 0; i < made->in.inspector_count; i++)
        cr_assert(loads[i] <= made->inspectors[i].capacity, "%llu for a capacity of %llu", (unsigned long long)loads[i],
                  (unsigned long long)made->inspectors[i].capacity);
    cr_assert_eq(made->second_wanted, (assigned * made->in.second_ppm + 999999) / 1000000);
    cr_assert(second <= made->second_wanted);
}

/* --- the reference: Kuhn's augmenting paths over single places, documents in the order they are taken --- */

struct reference {
    const struct made *made;
    size_t *holder; /* per place: the document, SIZE_MAX none */
    uint32_t *desk; /* per place */
    bool *seen;
    size_t places;
};

static bool seat(struct reference *ref, size_t d)
{
    for (size_t p = 0; p < ref->places; p++) {
        if (ref->seen[p] || handled(ref->made, d, ref->desk[p]))
            continue;
        ref->seen[p] = true;
        if (ref->holder[p] == SIZE_MAX || seat(ref, ref->holder[p])) {
            ref->holder[p] = d;
            return true;
        }
    }
    return false;
}

static int order_taken(const void *a, const void *b, void *context)
{
    const jh_assign_document *documents = context, *x = &documents[*(const size_t *)a],
                             *y = &documents[*(const size_t *)b];

    if (x->certain != y->certain)
        return x->certain ? -1 : 1;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    const size_t len = x->id_len < y->id_len ? x->id_len : y->id_len;
    const int order = memcmp(x->id, y->id, len);

    return order != 0 ? order : (x->id_len > y->id_len) - (x->id_len < y->id_len);
}

/* Exactly the documents that come first and can all be seated together are assigned: no more documents, and no later
 * one in the place of an earlier. Without second inspections. */
static void check_greedy(const struct made *made)
{
    const size_t count = made->in.document_count;
    struct reference ref = {.made = made,
                            .holder = malloc(4096 * sizeof *ref.holder),
                            .desk = malloc(4096 * sizeof *ref.desk),
                            .seen = malloc(4096)};
    size_t *order = malloc((count + 1) * sizeof *order);

    for (uint32_t i = 0; i < made->in.inspector_count; i++)
        for (uint64_t k = 0; k < made->inspectors[i].capacity; k++) {
            cr_assert(ref.places < 4096);
            ref.holder[ref.places] = SIZE_MAX;
            ref.desk[ref.places++] = i;
        }
    for (size_t d = 0; d < count; d++)
        order[d] = d;
    qsort_r(order, count, sizeof *order, order_taken, made->documents);
    for (size_t k = 0; k < count; k++) {
        memset(ref.seen, 0, 4096);
        cr_assert_eq(made->out[order[k]].why == JH_ASSIGNED, seat(&ref, order[k]), "document %zu of %zu", k, count);
    }
    free(ref.holder);
    free(ref.desk);
    free(ref.seen);
    free(order);
}

Test(assign, rules_hold_and_the_first_are_served)
{
    for (uint64_t seed = 0; seed < 400; seed++) {
        struct made made;
        const uint32_t inspectors = (uint32_t)(seed % 7);

        make(&made, seed, seed % 90, inspectors, 2 + seed % 11, 1 + seed % 17, 0);
        assign(&made);
        check_rules(&made);
        check_greedy(&made);
        made.in.second_ppm = (uint32_t)(seed % 3) * 150000;
        assign(&made);
        check_rules(&made);
        release(&made);
    }
}

/* As many places as documents, most of which bar most inspectors: exchanges are looked for, found and not found. */
Test(assign, tight_lists_are_filled_by_exchanges)
{
    for (uint64_t seed = 0; seed < 3000; seed++) {
        const uint32_t inspectors = 3 + (uint32_t)(seed % 4);
        const uint64_t capacity = 2 + seed % 5;
        struct made made;

        make(&made, seed, inspectors * capacity + seed % 3, inspectors, inspectors, capacity, 0);
        assign(&made);
        check_rules(&made);
        check_greedy(&made);
        release(&made);
    }
}

/* The second document bars the one inspector or the other: the first goes where the second cannot. */
Test(assign, documents_change_hands)
{
    const uint64_t persons[] = {7, 8};
    const jh_assign_inspector inspectors[] = {{.person = 7, .capacity = 1}, {.person = 8, .capacity = 1}};
    jh_assigned out[2];
    uint64_t wanted;

    for (size_t barred = 0; barred < 2; barred++) {
        const jh_assign_document documents[] = {
            {.first = 1, .id = "a", .id_len = 1},
            {.first = 2, .id = "b", .id_len = 1, .persons = barred, .person_count = 1}};
        const jh_assign_input in = {.documents = documents,
                                    .document_count = 2,
                                    .persons = persons,
                                    .inspectors = inspectors,
                                    .inspector_count = 2};

        cr_assert(jh_assign(out, &wanted, &in, NULL) == JIHE_OK);
        cr_assert_eq(out[1].inspectors[0], 1 - barred);
        cr_assert_eq(out[0].inspectors[0], barred);
    }
}

/* --- order plays no part --- */

static void shuffle(uint32_t *order, uint32_t count, uint64_t seed)
{
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, seed, 2);
    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    for (uint32_t i = count; i > 1; i--) {
        const uint32_t k = (uint32_t)jh_pcg64_below(&rng, i), swapped = order[k];

        order[k] = order[i - 1];
        order[i - 1] = swapped;
    }
}

/* The same documents, persons and inspectors in other orders: the same document goes to the same inspector. */
static void check_shuffled(const struct made *made, uint64_t seed)
{
    const uint32_t count = (uint32_t)made->in.document_count, desks = made->in.inspector_count;
    uint32_t order[300], places[300];
    struct made other;

    make(&other, seed, count, desks, 2, 1, made->in.second_ppm);
    shuffle(order, count, seed);
    shuffle(places, desks, seed + 1);
    for (uint32_t d = 0; d < count; d++) {
        other.documents[d] = made->documents[order[d]];
        other.documents[d].persons = (size_t)d * PERSONS;
        for (uint32_t p = 0; p < other.documents[d].person_count; p++)
            other.persons[d * PERSONS + p] =
                made->persons[order[d] * (size_t)PERSONS + other.documents[d].person_count - 1 - p];
    }
    for (uint32_t i = 0; i < desks; i++)
        other.inspectors[i] = made->inspectors[places[i]];
    assign(&other);
    for (uint32_t d = 0; d < count; d++)
        for (int k = 0; k < 2; k++) {
            const uint32_t there = other.out[d].inspectors[k], here = made->out[order[d]].inspectors[k];

            cr_assert_eq(there == JH_ASSIGN_NOBODY ? there : places[there], here);
            cr_assert_eq(other.out[d].why, made->out[order[d]].why);
        }
    release(&other);
}

Test(assign, the_order_of_what_is_given_plays_no_part)
{
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct made made;

        make(&made, seed, 30 + seed, 1 + (uint32_t)(seed % 9), 2 + seed % 20, 3 + seed % 30,
             (uint32_t)(seed % 2) * 100000);
        assign(&made);
        check_shuffled(&made, seed);
        release(&made);
    }
}

/* --- fairness --- */

/* Nobody in anybody's way: loads differ by at most 1 where capacities are equal, and are in proportion otherwise: no
 * desk's share exceeds what another would have with one more document. */
Test(assign, loads_follow_capacities)
{
    for (uint64_t seed = 0; seed < 60; seed++) {
        const uint32_t desks = 1 + (uint32_t)(seed % 13);
        uint64_t loads[13] = {0};
        struct made made;

        make(&made, seed, 200, desks, 50, 400, 0);
        for (size_t d = 0; d < 200; d++)
            made.documents[d].person_count = 0;
        assign(&made);
        for (size_t d = 0; d < 200; d++)
            if (made.out[d].why == JH_ASSIGNED)
                loads[made.out[d].inspectors[0]]++;
        for (uint32_t i = 0; i < desks; i++)
            for (uint32_t k = 0; k < desks; k++) {
                if (seed % 2 == 0)
                    cr_assert(loads[i] <= loads[k] + 1);
                cr_assert(loads[k] == made.inspectors[k].capacity ||
                          loads[i] * made.inspectors[k].capacity <= (loads[k] + 1) * made.inspectors[i].capacity);
            }
        release(&made);
    }
}

/* 2,000 documents of 20 persons for 10 inspectors: everybody sees everybody, about 10 documents of each; the largest
 * number that one inspector has of one person is near it. Another night, another inspector has a person's first
 * document. */
Test(assign, persons_are_spread_over_inspectors)
{
    enum { DOCUMENTS = 2000, PEOPLE = 20, DESKS = 10 };
    bool same = true;
    uint32_t before = JH_ASSIGN_NOBODY;

    for (uint64_t seed = 2; seed < 20; seed += 2) { /* equal capacities */
        unsigned counts[PEOPLE][DESKS] = {{0}};
        struct made made;

        make(&made, seed, DOCUMENTS, DESKS, PEOPLE, 400, 0);
        for (size_t d = 0; d < DOCUMENTS; d++) {
            made.documents[d].person_count = 1;
            made.persons[d * PERSONS] = name_of(1000 + d % PEOPLE); /* none of the inspectors */
        }
        assign(&made);
        for (size_t d = 0; d < DOCUMENTS; d++)
            counts[d % PEOPLE][made.out[d].inspectors[0]]++;
        for (size_t p = 0; p < PEOPLE; p++)
            for (size_t i = 0; i < DESKS; i++)
                cr_assert(counts[p][i] >= 6 && counts[p][i] <= 14, "%u of 100 documents in seed %llu", counts[p][i],
                          (unsigned long long)seed);
        same = same && (before == JH_ASSIGN_NOBODY || before == made.out[0].inspectors[0]);
        before = made.out[0].inspectors[0];
        release(&made);
    }
    cr_assert(!same, "the same inspector every night");
}

/* What does not fit is a random part of the drawn documents, the certain ones come first: over many seeds every drawn
 * one is left equally often. */
Test(assign, what_is_left_is_random)
{
    enum { DOCUMENTS = 60, CERTAIN = 10, ROUNDS = 2000, ROOM = 35 };
    unsigned kept[DOCUMENTS] = {0};
    struct made made;

    make(&made, 2, DOCUMENTS, 5, 50, ROOM / 5, 0);
    for (uint64_t round = 0; round < ROUNDS; round++) {
        for (size_t d = 0; d < DOCUMENTS; d++) {
            made.documents[d].certain = d < CERTAIN;
            made.documents[d].first = jh_pcg_draw(d, round);
            made.documents[d].person_count = 0;
        }
        assign(&made);
        for (size_t d = 0; d < DOCUMENTS; d++)
            kept[d] += made.out[d].why == JH_ASSIGNED;
    }
    for (size_t d = 0; d < DOCUMENTS; d++) /* 25 of 50: five standard deviations of 2,000 halves are 112 */
        cr_assert(d < CERTAIN ? kept[d] == ROUNDS : kept[d] > 888 && kept[d] < 1112, "document %zu: %u", d, kept[d]);
    release(&made);
}

/* Room is kept for second inspections: 1,000 places take 980 documents and 20 second looks. */
Test(assign, second_inspections_have_room)
{
    struct made made;
    uint64_t assigned = 0, second = 0;

    make(&made, 2, 1500, 20, 100000, 50, 20000);
    assign(&made);
    for (size_t d = 0; d < 1500; d++) {
        assigned += made.out[d].why == JH_ASSIGNED;
        second += made.out[d].inspectors[1] != JH_ASSIGN_NOBODY;
    }
    cr_assert_eq(assigned, 980u);
    cr_assert_eq(second, 20u);
    cr_assert_eq(made.second_wanted, 20u);
    release(&made);
}

/* 30,000 documents, 200 inspectors, everybody also handles documents, half of the room missing. */
Test(assign, a_large_list_is_quick)
{
    struct made made;
    struct timespec start, end;

    make(&made, 4, 30000, 200, 240, 75, 20000);
    clock_gettime(CLOCK_MONOTONIC, &start);
    assign(&made);
    clock_gettime(CLOCK_MONOTONIC, &end);
    check_rules(&made);
    const double seconds = (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;

    fprintf(stderr, "30,000 documents, 200 inspectors: %.3f s\n", seconds);
    cr_assert(seconds < 30, "%.3f s", seconds); /* a hundred times what it takes: not the square of it */
    release(&made);
}
