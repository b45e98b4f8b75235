/* The promises about draws (DESIGN section 3: 1, 2, 3 and 5) as properties. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/hash.h"
#include "base/pcg.h"
#include "centre.h"
#include "sample/draw_stream.h"
#include "sample/mark.h"
#include "sample/numbers.h"
#include "sample/pick_sort.h"
#include "sample/quota.h"

#define DAY 20000

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

static const char all_kinds[] = "{id: rate, draw: {rate: 10%, by: team, at_least: 3, rates: {T2: 33.3333%}}}\n"
                                "  - {id: count, where: amount > 500, draw: {count: 7, by: [team, person]}}\n"
                                "  - {id: own, where: team = 'T1', draw: {rate: 50%, stream: own}}\n"
                                "  - {id: all, where: amount >= 60000, draw: all}";

Test(draw, order_threads_and_splits_do_not_matter)
{
    struct centre sorted, shuffled, small;

    centre_open(&sorted);
    centre_open(&shuffled);
    centre_add(&sorted, DAY, 0, 70001, 0); /* over one segment */
    centre_add(&shuffled, DAY, 0, 70001, 99);
    char *one = hits_of(&sorted, all_kinds, "seed", 1), *two = hits_of(&sorted, all_kinds, "seed", 2);
    char *mixed = hits_of(&shuffled, all_kinds, "seed", 3);

    cr_assert(strlen(one) > 1000);
    cr_assert_str_eq(one, two);
    cr_assert_str_eq(one, mixed);
    free(one);
    free(two);
    free(mixed);
    centre_close(&sorted);
    centre_close(&shuffled);

    /* A period of two snapshots hits what its documents hit, however the days are cut into segments. */
    centre_open(&small);
    centre_add(&small, DAY, 0, 300, 0);
    centre_add(&small, DAY + 1, 0, 300, 7);
    one = hits_of(&small, all_kinds, "seed", 1);
    two = hits_of(&small, all_kinds, "seed", 4);
    cr_assert_str_eq(one, two);
    free(one);
    free(two);
    centre_close(&small);
}

/* Every rate of a percent on many sizes: exactly the ceiling, and a larger rate only adds. */
Test(draw, exact_and_nested)
{
    struct centre centre;
    char *before = strdup("");

    centre_open(&centre);
    centre_add(&centre, DAY, 0, 1237, 5);
    for (unsigned percent = 1; percent <= 100; percent++) {
        char items[80];
        size_t lines = 0;

        snprintf(items, sizeof items, "{id: r, draw: {rate: %u%%}}", percent);
        char *now = hits_of(&centre, items, "0", 1);

        for (const char *at = now; (at = strchr(at, '\n')) != NULL; at++)
            lines++;
        cr_assert_eq(lines, (1237u * percent + 99) / 100, "%u %%: %zu", percent, lines);
        cr_assert(strncmp(now, before, strlen(before)) == 0, "%u %%: not all of the smaller sample", percent);
        free(before);
        before = now;
    }
    free(before);
    centre_close(&centre);
}

/* The number of a document is what anybody with a PCG library and XXH3 computes from its id. */
Test(draw, numbers_can_be_recomputed)
{
    struct centre centre;

    centre_open(&centre);
    centre_add(&centre, DAY, 0, 50, 0);
    char *text = hits_of(&centre, "{id: r, draw: all}\n  - {id: own-stream, draw: {rate: 100%, stream: own}}", "s3", 1);
    char *save = NULL;
    size_t lines = 0;

    for (char *line = strtok_r(text, "\n", &save); line != NULL; line = strtok_r(NULL, "\n", &save), lines++) {
        char rule[32], id[32];
        unsigned long long number;
        static const char shared[] = "s3\x1Fnight", own[] = "s3\x1Fown-stream";

        cr_assert_eq(sscanf(line, "%31s %llx %31s", rule, &number, id), 3, "%s", line);
        const uint64_t key =
            strcmp(rule, "r") == 0 ? jh_hash64(shared, sizeof shared - 1) : jh_hash64(own, sizeof own - 1);

        cr_assert(number == jh_pcg_draw(jh_hash64(id, strlen(id)), key), "%s", line);
    }
    cr_assert_eq(lines, 100);
    free(text);
    centre_close(&centre);
}

/* No single-check limit: a rule's hits are the same whatever rules stand beside it. */
Test(draw, other_rules_take_nothing_away)
{
    struct centre centre;

    centre_open(&centre);
    centre_add(&centre, DAY, 0, 5000, 3);
    char *alone = hits_of(&centre, "{id: r, draw: {rate: 10%, by: team}}", "x", 1);
    char *among = hits_of(&centre,
                          "{id: r, draw: {rate: 10%, by: team}}\n  - {id: big, where: amount > 1000, draw: all}\n"
                          "  - {id: own, draw: {rate: 90%, stream: own}}",
                          "x", 1);

    cr_assert(strlen(alone) > 0 && strncmp(among, alone, strlen(alone)) == 0);
    free(alone);
    free(among);
    centre_close(&centre);
}

/* Bits against picks, for bounds that are never right, hardly ever, and nearly always. */
static void check_marks(const jh_selection *selection, const jh_picks *plain, const char *draw)
{
    static const uint32_t deviations[] = {0, 1, JH_MARK_DEVIATIONS};
    const jh_pass *pass = &selection->pass;
    const size_t words = pass->segments[pass->segment_count - 1].word + JH_SEGMENT_ROWS / 64;
    uint64_t *wanted = calloc(words, sizeof *wanted), *bits = malloc(words * sizeof *bits), selected;
    jihe_error err = {0};

    for (size_t i = 0; i < plain->count; i++)
        jh_bits_set(wanted + pass->segments[plain->picks[i].segment].word, plain->picks[i].row);
    for (size_t i = 0; i < sizeof deviations / sizeof deviations[0]; i++) {
        memset(bits, 0, words * sizeof *bits);
        cr_assert(jh_mark_smallest(bits, &selected, pass, &pass->frames[0], &selection->rules[0].strata,
                                   jh_stream_key("k", "night"), deviations[i], 1 + (uint32_t)i, &err) == JIHE_OK,
                  "%s", err.message);
        cr_assert_eq(selected, plain->count, "%s, %u deviations", draw, deviations[i]);
        cr_assert(memcmp(bits, wanted, words * sizeof *bits) == 0, "%s, %u deviations", draw, deviations[i]);
    }
    free(wanted);
    free(bits);
}

/* Strata and draw numbers read by the block against one row after another, for any choice of rows. */
static void check_blocks(const jh_selection *selection)
{
    const jh_pass_segment *at = &selection->pass.segments[0];
    static uint64_t bits[JH_BLOCK_ROWS / 64];
    static uint32_t strata[JH_BLOCK_ROWS];
    jh_strata_reader reader;
    jihe_error err = {0};
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, 9, 9);
    cr_assert(jh_strata_read(&reader, &selection->rules[0].strata, &selection->pass, at, &err) == JIHE_OK);
    for (uint32_t first = 0; first < at->rows; first += JH_BLOCK_ROWS) {
        const uint32_t count = at->rows - first < JH_BLOCK_ROWS ? at->rows - first : JH_BLOCK_ROWS;

        for (uint32_t w = 0; w < JH_BLOCK_ROWS / 64; w++) /* of words, some whole, some empty */
            bits[w] = selection->pass.frames[0].bits[at->word + first / 64 + w] & (w % 3 == 0   ? UINT64_MAX
                                                                                   : w % 7 == 0 ? 0
                                                                                                : jh_pcg64_next(&rng));
        jh_strata_block(&reader, bits, first, count, strata);
        for (uint32_t i = 0; i < count; i++)
            cr_assert(!jh_bits_test(bits, i) || strata[i] == jh_strata_of(&reader, first + i), "row %u", first + i);
    }
}

/* The threshold mechanism against the plain one, for thresholds that are good, and for strata from 0 to all. */
Test(draw, selection_agrees_with_its_reference)
{
    static const char *const draws[] = {"{rate: 0.1%}",    "{rate: 10%, by: team}",
                                        "{rate: 99.9%}",   "{count: 1, by: person}",
                                        "{count: 100000}", "{rate: 3%, by: [team, person], at_least: 2, at_most: 4}"};
    struct centre centre;

    centre_open(&centre);
    centre_add(&centre, DAY, 0, 66000, 11);
    for (size_t d = 0; d < sizeof draws / sizeof draws[0]; d++) {
        char items[160];
        jh_selection selection;
        jh_rules rules;
        jh_picks plain;
        jihe_error err = {0};

        snprintf(items, sizeof items, "{id: r, where: amount >= 0, draw: %s}", draws[d]);
        centre_rules(&rules, items);
        centre_select(&selection, &centre, &rules, "k", 2);
        cr_assert(jh_draw_select_ref(&plain, &selection.pass, &selection.pass.frames[0], &selection.rules[0].strata,
                                     jh_stream_key("k", "night"), &err) == JIHE_OK);
        const jh_picks *picks = &selection.rules[0].picks;

        cr_assert(picks->count > 0);
        cr_assert_eq(picks->count, plain.count, "%s", draws[d]);
        for (size_t i = 0; i < plain.count; i++)
            cr_assert(picks->picks[i].number == plain.picks[i].number && picks->picks[i].row == plain.picks[i].row &&
                          picks->picks[i].segment == plain.picks[i].segment &&
                          picks->picks[i].stratum == plain.picks[i].stratum,
                      "%s: pick %zu", draws[d], i);
        check_marks(&selection, &plain, draws[d]);
        check_blocks(&selection);
        jh_picks_deinit(&plain);
        jh_selection_deinit(&selection);
        jh_rules_deinit(&rules);
    }
    centre_close(&centre);
}

/* Vectors against one by one, for every length up to some of them. */
Test(draw, many_numbers_are_those_of_each)
{
    enum { MOST = 200 };
    uint64_t hashes[MOST], numbers[MOST + 1], plain[MOST];

    for (size_t i = 0; i < MOST; i++)
        hashes[i] = i < 4 ? UINT64_MAX - i : i < 8 ? i : jh_hash64(&i, sizeof i);
    for (size_t count = 0; count <= MOST; count++) {
        numbers[count] = 42;
        jh_draw_numbers(hashes, count, UINT64_MAX - count, numbers);
        jh_draw_numbers_ref(hashes, count, UINT64_MAX - count, plain);
        cr_assert(memcmp(numbers, plain, count * sizeof *plain) == 0 && numbers[count] == 42, "%zu numbers", count);
    }
}

/* Radix against comparison: random picks, many equal numbers among them, which only the ids can order. */
Test(draw, pick_sort_agrees_with_its_reference)
{
    enum { DOCUMENTS = 5000 };
    struct centre centre;
    jh_selection selection;
    jh_rules rules;
    jh_pcg64 rng;

    centre_open(&centre);
    centre_add(&centre, DAY, 0, DOCUMENTS, 17);
    centre_rules(&rules, "{id: r, draw: all}");
    centre_select(&selection, &centre, &rules, "0", 1);
    jh_pcg64_seed(&rng, 3, 3);
    for (unsigned bits = 0; bits <= 64; bits += 8) { /* how many bits of the numbers differ */
        jh_picks fast = {.picks = calloc(DOCUMENTS, sizeof(jh_pick)), .count = DOCUMENTS};
        jh_picks plain = {.picks = calloc(DOCUMENTS, sizeof(jh_pick)), .count = DOCUMENTS};
        jihe_error err = {0};

        for (uint32_t i = 0; i < DOCUMENTS; i++)
            plain.picks[i] = fast.picks[i] =
                (jh_pick){.number = bits == 0 ? 7 : jh_pcg64_next(&rng) >> (64 - bits) << (bits % 16),
                          .stratum = (uint32_t)jh_pcg64_below(&rng, 3000),
                          .row = i};
        cr_assert(jh_picks_sort(&fast, 3000, &selection.pass, &err) == JIHE_OK, "%s", err.message);
        cr_assert(jh_picks_sort_ref(&plain, &selection.pass, &err) == JIHE_OK, "%s", err.message);
        cr_assert(memcmp(fast.picks, plain.picks, DOCUMENTS * sizeof(jh_pick)) == 0, "%u bits", bits);
        jh_picks_deinit(&fast);
        jh_picks_deinit(&plain);
    }
    jh_selection_deinit(&selection);
    jh_rules_deinit(&rules);
    centre_close(&centre);
}

/* A missing stratum value is a stratum of its own; undecided documents are counted and in no frame. */
Test(draw, missing_values)
{
    struct centre centre;
    jh_selection selection;
    jh_rules rules;

    centre_open(&centre);
    centre_add(&centre, DAY, 0, 1001, 0);
    centre_rules(&rules, "{id: r, where: amount > 0, draw: {count: 1, by: team}}");
    centre_select(&selection, &centre, &rules, "0", 1);
    const jh_strata *strata = &selection.rules[0].strata;

    /* amounts are missing for 0, 13, ... 988, 1001 excluded: 77 documents; 0 is one of them, so all others are > 0 */
    cr_assert_eq(selection.pass.frames[0].undecided, 77);
    cr_assert_eq(selection.pass.frames[0].documents, 1001 - 77);
    cr_assert_eq(strata->count, 6);
    cr_assert_str_eq(strata->strata[0].label, "T0");
    cr_assert_str_eq(strata->strata[5].label, "(missing)");
    cr_assert(strata->strata[5].value == NULL);
    uint64_t sum = 0;

    for (uint32_t s = 0; s < strata->count; s++)
        sum += strata->strata[s].documents;
    cr_assert_eq(sum, selection.pass.frames[0].documents);
    cr_assert_eq(selection.rules[0].picks.count, 6);
    jh_selection_deinit(&selection);
    jh_rules_deinit(&rules);
    centre_close(&centre);
}

/* Inclusion probabilities over the union: largest on the shared stream, complement product over own streams. */
Test(draw, union_probabilities)
{
    struct centre centre;
    jh_selection selection;
    jh_rules rules;

    centre_open(&centre);
    centre_add(&centre, DAY, 0, 1000, 0);
    centre_rules(
        &rules,
        "{id: a, draw: {rate: 10%}}\n  - {id: b, draw: {rate: 20%}}\n  - {id: c, draw: {rate: 50%, stream: own}}\n"
        "  - {id: big, where: amount >= 990, draw: all}");
    centre_select(&selection, &centre, &rules, "0", 1);
    cr_assert(selection.document_count > 500);
    for (size_t i = 0; i < selection.document_count; i++) {
        const jh_selected *document = &selection.documents[i];
        const bool big = document->row >= 990 && document->row % 13 != 0;

        cr_assert_float_eq(document->p_random, 0.6, 1e-12);
        cr_assert_float_eq(document->p_any, big ? 1.0 : 0.6, 1e-12);
    }
    jh_selection_deinit(&selection);
    jh_rules_deinit(&rules);
    centre_close(&centre);
}

/* Over 4,000 seeds each of 20 documents is drawn a quarter of the time, and each pair as often as n(n-1)/N(N-1) says.
 */
Test(draw, inclusion_frequencies)
{
    enum { DOCUMENTS = 20, SAMPLE = 5, SEEDS = 4000 };
    uint64_t hashes[DOCUMENTS];
    unsigned single[DOCUMENTS] = {0}, pair[DOCUMENTS][DOCUMENTS] = {{0}};

    for (int d = 0; d < DOCUMENTS; d++) {
        char id[16];

        hashes[d] = jh_hash64(id, (size_t)snprintf(id, sizeof id, "DOC-%07d", d));
    }
    for (int s = 0; s < SEEDS; s++) {
        bool drawn[DOCUMENTS] = {false};
        char seed[16];

        snprintf(seed, sizeof seed, "%d", s);
        const uint64_t key = jh_stream_key(seed, "night");

        for (int n = 0; n < SAMPLE; n++) {
            int best = -1;

            for (int d = 0; d < DOCUMENTS; d++)
                if (!drawn[d] && (best < 0 || jh_pcg_draw(hashes[d], key) < jh_pcg_draw(hashes[best], key)))
                    best = d;
            drawn[best] = true;
        }
        for (int a = 0; a < DOCUMENTS; a++)
            for (int b = 0; b < DOCUMENTS; b++)
                if (drawn[a] && drawn[b])
                    a == b ? single[a]++ : pair[a][b]++;
    }
    for (int a = 0; a < DOCUMENTS; a++) {
        cr_assert(abs((int)single[a] - 1000) < 137, "document %d: %u", a, single[a]); /* 5 sigma of Bin(4000, 1/4) */
        for (int b = 0; b < a; b++)
            cr_assert(abs((int)pair[a][b] - 211) < 71, "pair %d %d: %u", a, b,
                      pair[a][b]); /* 5 sigma of Bin(4000, 1/19) */
    }
}

Test(quota, in_whole_numbers)
{
    const jh_draw rate = {.kind = JH_DRAW_RATE, .ppm = 100000, .at_most = UINT64_MAX};
    const jh_draw bounded = {.kind = JH_DRAW_RATE, .ppm = 100000, .at_least = 5, .at_most = 8};
    const jh_draw count = {.kind = JH_DRAW_COUNT, .count = 60, .at_most = UINT64_MAX};

    /* rows of the oracle quota_ceil where doubles go wrong: 0.14 * 1400, 0.14 * 400, 0.07 * 1200, 0.55 * 1800 */
    cr_assert_eq(jh_quota_rate(140000, 1400), 196);
    cr_assert_eq(jh_quota_rate(140000, 400), 56);
    cr_assert_eq(jh_quota_rate(70000, 1200), 84);
    cr_assert_eq(jh_quota_rate(550000, 1800), 990);
    cr_assert_eq(jh_quota_rate(1000000, UINT64_MAX), UINT64_MAX);
    cr_assert_eq(jh_quota(&rate, NULL, 0), 0);
    cr_assert_eq(jh_quota(&rate, NULL, 1), 1);
    cr_assert_eq(jh_quota(&bounded, NULL, 3), 3);
    cr_assert_eq(jh_quota(&bounded, NULL, 20), 5);
    cr_assert_eq(jh_quota(&bounded, NULL, 1000), 8);
    cr_assert_eq(jh_quota(&count, NULL, 59), 59);
    cr_assert_eq(jh_quota(&count, NULL, 61), 60);
}

/* All rows of the oracle file, where it is at hand. */
Test(quota, oracle_file)
{
    const char *shared = getenv("JIHE_SHARED");
    char path[512], line[512];
    size_t rows = 0;

    snprintf(path, sizeof path, "%s/oracles/quota.csv", shared == NULL ? "" : shared);
    FILE *file = shared == NULL ? NULL : fopen(path, "r");

    if (file == NULL)
        cr_skip_test("no oracles at hand (JIHE_SHARED)");
    while (fgets(line, sizeof line, file) != NULL) {
        char function[32], rate[32];
        unsigned long long documents, expected;
        uint32_t ppm;

        if (sscanf(line, "%*[^,],%31[^,],%31[^,],%llu,%llu,", function, rate, &documents, &expected) != 4 ||
            strcmp(function, "quota_ceil") != 0 || !jh_num_rate(rate, strlen(rate), &ppm))
            continue;
        cr_assert_eq(jh_quota_rate(ppm, documents), expected, "%s", line);
        rows++;
    }
    fclose(file);
    cr_assert(rows > 100, "only %zu rows of the oracle were read", rows);
}
