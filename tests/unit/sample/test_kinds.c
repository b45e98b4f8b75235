/* The kinds of draw beside rate and count: exact, independent of order and threads, and with the chances they claim. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/buf.h"
#include "base/days.h"
#include "base/hash.h"
#include "base/pcg.h"
#include "centre.h"
#include "sample/allocation.h"
#include "sample/chance.h"
#include "sample/draw_stream.h"
#include "sample/inclusion.h"
#include "sample/interval.h"
#include "sample/quota.h"
#include "sample/sieve.h"

#define DAY 20000

static const char kinds[] =
    "{id: sieve, draw: {money: amount, count: 60}}\n"
    "  - {id: sieves, draw: {money: amount, count: 9, by: [team, person]}}\n"
    "  - {id: interval, draw: {money: amount, count: 60, method: interval, by: team}}\n"
    "  - {id: cell, draw: {money: amount, count: 60, method: cell}}\n"
    "  - {id: records, draw: {count: 31, method: interval, by: person}}\n"
    "  - {id: share, draw: {share: 321, by: [team, person]}}\n"
    "  - {id: neyman, draw: {share: 321, by: team, method: neyman}}\n"
    "  - {id: each, draw: {each: 4, by: person, period: month}}\n"
    "  - {id: month, draw: {rate: 3%, by: team, rates: {T1: 50%, (missing): 1%}, period: month}}";

static char *hits_of(const struct centre *centre, const char *items, const char *seed, uint32_t threads)
{
    jh_selection selection;
    jh_rules rules;

    centre_rules(&rules, items);
    centre_select(&selection, centre, &rules, seed, threads);
    char *text = centre_hits(&selection, &rules);

    jh_selection_deinit(&selection);
    jh_rules_deinit(&rules);
    return text;
}

Test(kinds, order_and_threads_do_not_matter)
{
    struct centre sorted, shuffled;

    centre_open(&sorted);
    centre_open(&shuffled);
    centre_add(&sorted, DAY, 0, 66001, 0); /* over one segment */
    centre_add(&shuffled, DAY, 0, 66001, 99);
    char *one = hits_of(&sorted, kinds, "seed", 1), *two = hits_of(&sorted, kinds, "seed", 3);
    char *mixed = hits_of(&shuffled, kinds, "seed", 2);

    cr_assert(strlen(one) > 10000);
    cr_assert_str_eq(one, two);
    cr_assert_str_eq(one, mixed);
    free(one);
    free(two);
    free(mixed);
    centre_close(&sorted);
    centre_close(&shuffled);
}

/* --- money units --- */

struct unit {
    uint64_t number, amount;
    bool certain;
};

static int order_units(const void *a, const void *b)
{
    const struct unit *x = a, *y = b;

    if (x->certain != y->certain)
        return x->certain ? -1 : 1;
    const jh_u128 left = (jh_u128)x->number * y->amount, right = (jh_u128)y->number * x->amount;

    return (left > right) - (left < right);
}

/* Amounts that become certain only after larger ones are taken: a sieve of many rounds. The numbers are no multiples of
 * 13, whose amounts are missing. */
static size_t steep_numbers(uint32_t *numbers)
{
    size_t count = 0;

    for (uint64_t n = 3; n < UINT32_MAX; n = n * 5 / 4 + 1)
        if (n % 13 != 0)
            numbers[count++] = (uint32_t)n;
    for (uint32_t n = 1; n < 200; n++)
        if (n % 13 != 0)
            numbers[count++] = n;
    return count;
}

static void add_numbers(struct centre *centre, const uint32_t *numbers, size_t count, char (*ids)[32])
{
    const char *names[512];

    for (size_t i = 0; i < count; i++) {
        snprintf(ids[i], sizeof ids[i], "D-%05zu", i);
        names[i] = ids[i];
    }
    centre_add_named(centre, DAY, names, numbers, count);
}

/* The sieve against the plain way: find the certain ones in a sorted list, sort the others by their ratios. */
Test(kinds, sieve_agrees_with_its_reference)
{
    static char ids[512][32];
    uint32_t numbers[512];
    struct unit units[512];
    uint64_t amounts[512];
    struct centre centre;
    const size_t count = steep_numbers(numbers);

    centre_open(&centre);
    add_numbers(&centre, numbers, count, ids);
    for (uint64_t n = 1; n <= count; n += n < 20 ? 1 : 17) {
        char items[80];
        jh_selection selection;
        jh_rules rules;
        jihe_error err = {0};
        jh_stratum plain = {.documents = count};
        const uint64_t key = jh_stream_key("k", "night");

        for (size_t i = 0; i < count; i++)
            plain.amount += amounts[i] = (uint64_t)numbers[i] * 100;
        cr_assert(jh_sieve_certainties(&plain, amounts, count, n, &err) == JIHE_OK);
        for (size_t i = 0; i < count; i++)
            units[i] = (struct unit){.number = jh_pcg_draw(jh_hash64(ids[i], strlen(ids[i])), key),
                                     .amount = amounts[i],
                                     .certain = jh_sieve_certain(&plain, amounts[i])};
        qsort(units, count, sizeof *units, order_units);
        snprintf(items, sizeof items, "{id: m, draw: {money: amount, count: %u}}", (unsigned)n);
        centre_rules(&rules, items);
        centre_select(&selection, &centre, &rules, "k", 2);
        const jh_picks *picks = &selection.rules[0].picks;
        const jh_stratum *stratum = &selection.rules[0].strata.strata[0];

        cr_assert_eq(picks->count, n);
        cr_assert(stratum->rest == plain.rest && stratum->rest_quota == plain.rest_quota, "n %u", (unsigned)n);
        for (size_t i = 0; i < picks->count; i++) {
            bool found = false;

            for (size_t k = 0; k < n && !found; k++)
                found = units[k].number == picks->picks[i].number;
            cr_assert(found, "n %u: pick %zu is not in the reference", (unsigned)n, i);
        }
        jh_selection_deinit(&selection);
        jh_rules_deinit(&rules);
    }
    centre_close(&centre);
}

/* Document i of 14 has i whole yuan, 0 and 13 have no amount: what each selects in SEEDS seeds. */
enum { DOCUMENTS = 14, SEEDS = 10000 };

struct frequencies {
    unsigned single[DOCUMENTS], pair[DOCUMENTS][DOCUMENTS];
    double chance[DOCUMENTS];
    size_t smallest, largest; /* samples */
};

static void simulate(struct frequencies *out, const struct centre *centre, const char *items)
{
    jh_rules rules;

    memset(out, 0, sizeof *out);
    out->smallest = SIZE_MAX;
    centre_rules(&rules, items);
    for (unsigned s = 0; s < SEEDS; s++) {
        const jh_rule *rule = &rules.rules[0];
        jh_selection selection;
        char seed[16];

        snprintf(seed, sizeof seed, "%u", s);
        centre_select(&selection, centre, &rules, seed, 1);
        const jh_picks *picks = &selection.rules[0].picks;

        for (size_t a = 0; a < picks->count; a++)
            for (size_t b = 0; b < picks->count; b++)
                a == b ? out->single[picks->picks[a].row]++ : out->pair[picks->picks[a].row][picks->picks[b].row]++;
        out->smallest = picks->count < out->smallest ? picks->count : out->smallest;
        out->largest = picks->count > out->largest ? picks->count : out->largest;
        jh_chance_reader reader;
        jihe_error err = {0};

        cr_assert(s > 0 || jh_chance_read(&reader, &selection, rule, 0, 0, &err) == JIHE_OK);
        for (uint32_t d = 0; s == 0 && d < DOCUMENTS; d++)
            out->chance[d] = jh_chance_of(&reader, d);
        jh_selection_deinit(&selection);
    }
    jh_rules_deinit(&rules);
}

/* Within five standard deviations, and `bias` besides, of what is claimed. */
static void near(const char *what, unsigned seen, double p, double bias)
{
    const double sigma = sqrt(p * (1.0 - p) / SEEDS), got = (double)seen / SEEDS;

    cr_assert(fabs(got - p) <= 5.0 * sigma + bias, "%s: %.4f of the time, claimed is %.4f", what, got, p);
}

static void check_singles(const char *kind, const struct frequencies *f, double bias)
{
    char what[64];

    for (unsigned d = 0; d < DOCUMENTS; d++) {
        snprintf(what, sizeof what, "%s: document %u", kind, d);
        near(what, f->single[d], f->chance[d], bias);
    }
}

Test(kinds, inclusion_frequencies, .timeout = 300)
{
    struct centre centre;
    struct frequencies f;
    char what[64];
    const double all = 78.0 * 100; /* 1 + ... + 12 yuan */

    centre_open(&centre);
    centre_add(&centre, DAY, 0, DOCUMENTS, 0);

    simulate(&f, &centre, "{id: r, draw: {count: 5}}");
    cr_assert(f.smallest == 5 && f.largest == 5);
    check_singles("count", &f, 0.0);
    for (unsigned a = 0; a < DOCUMENTS; a++)
        for (unsigned b = 0; b < a; b++) {
            snprintf(what, sizeof what, "count: pair %u %u", a, b);
            near(what, f.pair[a][b], 5.0 * 4 / (14 * 13), 0.0);
        }

    /* Sequential Poisson sampling has its probabilities nearly: a bias of the order of 1 / n^2, most of it at the top.
     */
    simulate(&f, &centre, "{id: r, draw: {money: amount, count: 5}}");
    cr_assert(f.smallest == 5 && f.largest == 5);
    cr_assert_float_eq(f.chance[6], 6 * 5 * 100 / all, 1e-12);
    check_singles("sieve", &f, 0.025);

    simulate(&f, &centre,
             "{id: r, draw: {money: amount, count: 9}}"); /* 9 and more of 78 are certain, and then others */
    cr_assert(f.smallest == 9 && f.largest == 9 && f.chance[12] == 1.0 && f.chance[9] == 1.0 && f.chance[1] < 0.2);
    check_singles("sieve with certainties", &f, 0.025);

    simulate(&f, &centre, "{id: r, draw: {money: amount, count: 9, method: interval}}");
    cr_assert_float_eq(f.chance[6], 6 * 9 * 100 / all, 1e-12);
    cr_assert(f.chance[12] == 1.0 && f.largest <= 9);
    check_singles("interval", &f, 0.0);

    simulate(&f, &centre, "{id: r, draw: {money: amount, count: 9, method: cell}}");
    check_singles("cell", &f, 0.0);

    simulate(&f, &centre, "{id: r, draw: {count: 5, method: interval}}");
    cr_assert(f.smallest == 5 && f.largest == 5);
    check_singles("records", &f, 0.0);
    centre_close(&centre);
}

/* Zero, negative and missing amounts: two groups of their own, and nobody is drawn from them. */
Test(kinds, amounts_that_cannot_be_drawn)
{
    static char ids[8][32];
    static const uint32_t numbers[] = {0, 5, 13, 7, 26, 9};
    struct centre centre;
    jh_selection selection;
    jh_rules rules;

    centre_open(&centre);
    add_numbers(&centre, numbers, 6, ids);
    centre_rules(&rules, "{id: m, draw: {money: amount, count: 50}}");
    centre_select(&selection, &centre, &rules, "k", 1);
    cr_assert_eq(selection.pass.frames[0].undecided, 3); /* 0, 13 and 26 are missing */
    cr_assert_eq(selection.pass.frames[0].documents, 3);
    cr_assert_eq(selection.rules[0].apart.documents, 0);
    cr_assert_eq(selection.rules[0].picks.count, 3);
    jh_selection_deinit(&selection);
    jh_rules_deinit(&rules);
    centre_close(&centre);
}

/* --- whole numbers --- */

Test(kinds, a_period_is_exact_however_it_is_cut)
{
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, 1, 1);
    for (int month = 0; month < 500; month++) {
        const uint32_t ppm = 1 + (uint32_t)jh_pcg64_below(&rng, 1000000);
        uint64_t documents = 0, taken = 0;

        for (int day = 0; day < 31; day++) {
            const uint64_t today = jh_pcg64_below(&rng, 12), quota = jh_quota_cumulative(ppm, documents, today);

            cr_assert(quota <= today);
            documents += today;
            taken += quota;
        }
        cr_assert_eq(taken, jh_quota_rate(ppm, documents));
    }
}

Test(kinds, each_is_spread_over_its_period)
{
    int32_t first, last, day;

    cr_assert(jh_days_parse("2026-02-10", 10, &day)); /* a Tuesday */
    jh_period_days(JH_PERIOD_WEEK, day, &first, &last);
    cr_assert(first == day - 1 && last == day + 5);
    jh_period_days(JH_PERIOD_MONTH, day, &first, &last);
    cr_assert(first == day - 9 && last == day + 18);
    jh_period_days(JH_PERIOD_QUARTER, day, &first, &last);
    cr_assert_eq(last - first + 1, 90);
    jh_period_days(JH_PERIOD_YEAR, day, &first, &last);
    cr_assert_eq(last - first + 1, 365);

    const jh_draw draw = {.kind = JH_DRAW_EACH, .count = 4, .period = JH_PERIOD_MONTH, .at_most = UINT64_MAX};
    jh_past_stratum before = {.label = "P1"};
    const jh_past past = {.strata = &before, .count = 1};
    jh_stratum people[] = {{.label = "P1", .documents = 100}, {.label = "P2", .documents = 1}};
    const jh_strata strata = {.strata = people, .count = 2};
    uint64_t taken = 0;

    jh_period_days(JH_PERIOD_MONTH, day, &first, &last);
    for (int32_t d = first; d <= last; d++) {
        cr_assert(jh_quota_fill((jh_strata *)&strata, &draw, &past, d, NULL) == JIHE_OK);
        cr_assert(people[0].quota <= 1 && people[1].quota == 1);
        taken += people[0].quota;
        before.marked = taken;
    }
    cr_assert_eq(taken, 4);
}

/* The sum is right, no stratum gives more than it has, and one more in all takes nothing from anybody (proportional
 * shares by largest remainder may move single units; never more than one). */
Test(kinds, shares_add_up)
{
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, 2, 2);
    for (int round = 0; round < 2000; round++) {
        const size_t count = 1 + (size_t)jh_pcg64_below(&rng, 12);
        uint64_t sizes[12], quotas[12], all = 0, given = 0;
        uint32_t spreads[12];

        for (size_t h = 0; h < count; h++) {
            all += sizes[h] = jh_pcg64_below(&rng, round % 2 == 0 ? 9 : UINT64_C(1) << 40);
            spreads[h] = 1 + (uint32_t)jh_pcg64_below(&rng, 500000);
        }
        const uint64_t total = jh_pcg64_below(&rng, round % 2 == 0 ? 60 : UINT32_MAX);

        cr_assert(jh_allocate(quotas, sizes, round % 3 == 0 ? NULL : spreads, count, total, NULL) == JIHE_OK);
        for (size_t h = 0; h < count; h++) {
            cr_assert(quotas[h] <= sizes[h]);
            given += quotas[h];
        }
        cr_assert_eq(given, total < all ? total : all);
    }
}

/* 0 of 100 wrong, 50 of 100, and a stratum nobody has seen, which counts like all together: 101 / 402. */
Test(kinds, spreads_of_past_errors)
{
    jh_past_stratum strata[] = {{.label = "a", .documents = 100}, {.label = "b", .documents = 100, .marked = 50}};
    const jh_past past = {.strata = strata, .count = 2};
    const char *const labels[] = {"a", "b", "c"};
    uint32_t spreads[3];

    jh_allocation_spreads(spreads, labels, 3, &past);
    const double p[] = {0.25124 / 101, 50.25124 / 101, 0.25124};

    for (int h = 0; h < 3; h++)
        cr_assert_float_eq(spreads[h] / 1e6, sqrt(p[h] * (1 - p[h])), 1e-5, "%d: %u", h, spreads[h]);
}

/* --- eligibility --- */

Test(kinds, eligibility_patterns_are_those_of_the_frames)
{
    struct centre centre;
    jh_selection selection;
    jh_rules rules;

    centre_open(&centre);
    centre_add(&centre, DAY, 0, 3000, 5);
    centre_rules(&rules, "{id: a, draw: {rate: 10%, by: team}}\n  - {id: b, where: amount >= 1500, draw: {count: 9}}\n"
                         "  - {id: c, where: amount >= 2900, draw: all}");
    centre_select(&selection, &centre, &rules, "0", 3);
    const jh_patterns *patterns = &selection.patterns;
    uint64_t all = 0;

    /* 6 teams, each with b and without, and certain: 2,900 and more but for the multiples of 13 among 2,900..2,999. */
    cr_assert_eq(patterns->count, 13);
    cr_assert_eq(patterns->patterns[0].count, 0);
    cr_assert_eq(patterns->patterns[0].documents, 100 - 7);
    for (size_t g = 0; g < patterns->count; g++)
        all += patterns->patterns[g].documents;
    cr_assert_eq(all, 3000);
    for (size_t i = 0; i < selection.document_count; i++) {
        const jh_selected *document = &selection.documents[i];
        const jh_pattern *pattern = &patterns->patterns[document->pattern];
        const uint64_t word = selection.pass.segments[document->segment].word;
        const bool certain = jh_bits_test(selection.pass.frames[2].bits + word, document->row);
        const bool second = jh_bits_test(selection.pass.frames[1].bits + word, document->row);

        cr_assert_eq(pattern->count, certain ? 0u : second ? 2u : 1u);
        cr_assert(certain || pattern->strata[0].rule == 0);
    }
    jh_selection_deinit(&selection);
    jh_rules_deinit(&rules);
    centre_close(&centre);
}

/* Of one document under all rules, without cohorts: what may take it, and with which probability. */
static void check_document(const jh_selection *selection, const jh_rule *const *rules, const jh_selected *document,
                           const jh_chance_reader *readers)
{
    const jh_pattern *pattern = &selection->patterns.patterns[document->pattern];
    jh_inclusion any = jh_inclusion_none();
    bool certain = false;
    size_t n = 0;

    for (size_t r = 0; r < selection->rule_count; r++) {
        const double p = jh_chance_of(&readers[r], document->row);

        jh_inclusion_add(&any, p, !jh_draw_is_shared(&rules[r]->draw));
        certain = certain || p >= 1.0;
        if (certain || !jh_bits_test(readers[r].frame, document->row))
            continue;
        const uint32_t s = jh_strata_of(&readers[r].strata, document->row);

        if (selection->rules[r].strata.strata[s].quota > 0 && pattern->count > 0) {
            cr_assert(n < pattern->count && pattern->strata[n].rule == r && pattern->strata[n].stratum == s);
            n++;
        }
    }
    cr_assert(certain ? pattern->count == 0 : pattern->count == n && n > 0);
    cr_assert(document->p_any == jh_inclusion_union(&any), "%.17g, not %.17g", document->p_any,
              jh_inclusion_union(&any));
}

/* More rules than bits in a word, and more combinations of strata than numbers of 64 bits. */
Test(kinds, cohorts_say_what_their_documents_would)
{
    static const char *const draws[] = {"{rate: 10%, by: [team, person]}",    "{count: 3, by: person, stream: own}",
                                        "{money: amount, count: 20}",         "{rate: 1%, by: person, at_least: 1}",
                                        "{count: 40, method: interval}",      "{money: amount, count: 9, method: cell}",
                                        "{money: amount, count: 2, by: team}"};
    enum { RULES = 77 };
    struct centre centre;
    jh_selection selection;
    jh_chance_reader readers[RULES];
    const jh_rule *rules[RULES];
    jh_rules parsed;
    jihe_error err = {0};
    jh_buf items = {0};

    for (int r = 0; r < RULES; r++)
        jh_buf_printf(&items, "%s{id: r%d, where: amount >= %d and amount < %d, draw: %s}", r == 0 ? "" : "\n  - ", r,
                      r * 37 % 900, 1200 + r * 101 % 1800, draws[r % 7]);
    centre_open(&centre);
    centre_add(&centre, DAY, 0, 2500, 5);
    centre_rules(&parsed, jh_buf_text(&items));
    centre_select(&selection, &centre, &parsed, "0", 2);
    cr_assert(selection.cohorts.stages > 1);
    for (size_t r = 0; r < RULES; r++) {
        rules[r] = &parsed.rules[r];
        cr_assert(jh_chance_read(&readers[r], &selection, rules[r], r, 0, &err) == JIHE_OK, "%s", err.message);
    }
    for (size_t i = 0; i < selection.document_count; i++)
        check_document(&selection, rules, &selection.documents[i], readers);
    cr_assert(selection.document_count > 500);
    jh_buf_deinit(&items);
    jh_selection_deinit(&selection);
    jh_rules_deinit(&parsed);
    centre_close(&centre);
}

/* --- draw numbers --- */

static double chi_square(const unsigned *counts, size_t cells, double expected)
{
    double sum = 0;

    for (size_t c = 0; c < cells; c++)
        sum += (counts[c] - expected) * (counts[c] - expected) / expected;
    return sum;
}

/* Sequential ids: numbers are uniform; those of neighbours, of two seeds and of two streams are independent. */
Test(kinds, draw_numbers_are_uniform_and_independent)
{
    enum { IDS = 262144, SIDE = 16, CELLS = SIDE * SIDE };
    unsigned one[CELLS] = {0}, neighbours[CELLS] = {0}, seeds[CELLS] = {0}, streams[CELLS] = {0};
    const uint64_t keys[] = {jh_stream_key("1", "night"), jh_stream_key("2", "night"), jh_stream_key("1", "own-rule")};
    unsigned before = 0;
    const double expected = (double)IDS / CELLS, limit = 255 + 6 * sqrt(2.0 * 255); /* of chi-square with 255 */

    for (unsigned i = 0; i < IDS; i++) {
        char id[16];
        const uint64_t hash = jh_hash64(id, (size_t)snprintf(id, sizeof id, "DOC-%07u", i));
        const uint64_t number = jh_pcg_draw(hash, keys[0]);
        const unsigned top = (unsigned)(number >> 60);

        one[number >> 56]++;
        neighbours[before * SIDE + top]++;
        seeds[top * SIDE + (jh_pcg_draw(hash, keys[1]) >> 60)]++;
        streams[top * SIDE + (jh_pcg_draw(hash, keys[2]) >> 60)]++;
        before = top;
    }
    cr_assert(chi_square(one, CELLS, expected) < limit);
    cr_assert(chi_square(neighbours, CELLS, expected) < limit);
    cr_assert(chi_square(seeds, CELLS, expected) < limit);
    cr_assert(chi_square(streams, CELLS, expected) < limit);
}
