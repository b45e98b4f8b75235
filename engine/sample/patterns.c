#include "sample/patterns.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "sample/cohorts.h"
#include "sample/selection.h"

/* A cohort whose documents are not certain, with its pattern as a number that sorts as patterns do. One digit per rule,
 * the first rule's the highest: 1 + the stratum; where there is none, the highest digit, or 0 when no later rule has
 * one either, as a pattern comes before those that go on after it. */
struct leaf {
    uint64_t key; /* the number's first word */
    uint32_t table, cohort;
    size_t more; /* where its other words are */
};

struct uniting {
    jh_selection *selection;
    jh_cohorts *cohorts;
    jh_standing *standings; /* per rule, of the cohort at hand */
    uint64_t *digits;       /* likewise */
    size_t *first_rule;     /* per word: its first rule; one more: behind the last */
    size_t words;
    uint64_t *number; /* of the cohort at hand */
    struct leaf *leaves;
    uint64_t *more;
    size_t count;
    uint64_t certain; /* documents */
};

static uint64_t radix_of(const struct uniting *work, size_t r)
{
    return (uint64_t)work->selection->rules[r].strata.count + 2;
}

/* Shares the rules out to words of 64 bits. */
static void arrange(struct uniting *work)
{
    const size_t rules = work->cohorts->rules;
    jh_u128 product = 1;

    work->words = 1;
    for (size_t r = 0; r < rules; r++) {
        product *= radix_of(work, r);
        if (product >> 64 != 0) {
            work->first_rule[work->words++] = r;
            product = radix_of(work, r);
        }
    }
    work->first_rule[work->words] = rules;
}

static const jh_stratum *stratum_of(const struct uniting *work, size_t r)
{
    const uint32_t s = work->standings[r].stratum;

    return s == JH_NO_STRATUM ? NULL : &work->selection->rules[r].strata.strata[s];
}

static bool is_certain(const struct uniting *work)
{
    for (size_t r = 0; r < work->cohorts->rules; r++) {
        const jh_stratum *stratum = stratum_of(work, r);

        if (stratum != NULL &&
            (work->cohorts->digits[r].weighs ? work->standings[r].certain : stratum->quota == stratum->documents))
            return true;
    }
    return false;
}

/* The number of the pattern of the cohort at hand. */
static void spell(const struct uniting *work)
{
    bool goes_on = false;

    for (size_t r = work->cohorts->rules; r-- > 0;) {
        const jh_stratum *stratum = stratum_of(work, r);
        const bool may_take = stratum != NULL && stratum->quota > 0;

        work->digits[r] = may_take ? work->standings[r].stratum + UINT64_C(1) : goes_on ? radix_of(work, r) - 1 : 0;
        goes_on = goes_on || may_take;
    }
    for (size_t w = 0; w < work->words; w++) {
        work->number[w] = 0;
        for (size_t r = work->first_rule[w]; r < work->first_rule[w + 1]; r++)
            work->number[w] = work->number[w] * radix_of(work, r) + work->digits[r];
    }
}

static void add_leaf(struct uniting *work, uint32_t table, uint32_t cohort)
{
    const size_t rest = work->words - 1;

    work->leaves[work->count] =
        (struct leaf){.key = work->number[0], .table = table, .cohort = cohort, .more = work->count * rest};
    for (size_t w = 0; w < rest; w++)
        work->more[work->count * rest + w] = work->number[1 + w];
    work->count++;
}

/* The cohorts that are not certain; the documents of the others are counted. */
static void gather(struct uniting *work)
{
    for (uint32_t t = 0; t < work->cohorts->table_count; t++) {
        jh_cohort_table *table = &work->cohorts->tables[t];

        for (uint32_t c = 0; c < table->count; c++) {
            jh_cohort_standings(work->cohorts, table, &table->cohorts[c], work->standings);
            if (is_certain(work)) {
                table->cohorts[c].pattern = 0; /* the first, where there is one */
                work->certain += table->cohorts[c].documents;
                continue;
            }
            spell(work);
            add_leaf(work, t, c);
        }
    }
}

static int order_leaves(const void *a, const void *b, void *context)
{
    const struct leaf *x = a, *y = b;
    const struct uniting *work = context;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    for (size_t w = 0; w + 1 < work->words; w++)
        if (work->more[x->more + w] != work->more[y->more + w])
            return work->more[x->more + w] < work->more[y->more + w] ? -1 : 1;
    return 0;
}

/* The strata of the cohort at hand's pattern. */
static bool put_strata(const struct uniting *work, jh_pattern *pattern)
{
    jh_pattern_stratum *strata = JH_NEW(&work->selection->arena, jh_pattern_stratum, work->cohorts->rules + 1);

    pattern->strata = strata;
    for (size_t r = 0; strata != NULL && r < work->cohorts->rules; r++) {
        const jh_stratum *stratum = stratum_of(work, r);

        if (stratum != NULL && stratum->quota > 0)
            strata[pattern->count++] = (jh_pattern_stratum){.rule = (uint32_t)r, .stratum = work->standings[r].stratum};
    }
    return strata != NULL;
}

static jihe_status unite(struct uniting *work, jihe_error *err)
{
    jh_patterns *out = &work->selection->patterns;

    out->patterns = JH_NEW(&work->selection->arena, jh_pattern, work->count + 1);
    if (out->patterns == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "counting eligibility patterns");
    if (work->certain > 0)
        out->patterns[out->count++] = (jh_pattern){.documents = work->certain};
    if (work->count > 0)
        qsort_r(work->leaves, work->count, sizeof *work->leaves, order_leaves, work);
    for (size_t i = 0; i < work->count; i++) {
        const jh_cohort_table *table = &work->cohorts->tables[work->leaves[i].table];
        jh_cohort *cohort = &table->cohorts[work->leaves[i].cohort];

        if (i == 0 || order_leaves(&work->leaves[i - 1], &work->leaves[i], work) != 0) {
            jh_cohort_standings(work->cohorts, table, cohort, work->standings);
            if (!put_strata(work, &out->patterns[out->count++]))
                return jh_fail(err, JIHE_NO_MEMORY, "counting eligibility patterns");
        }
        out->patterns[out->count - 1].documents += cohort->documents;
        cohort->pattern = (uint32_t)out->count - 1;
    }
    return JIHE_OK;
}

static size_t count_cohorts(const jh_cohorts *cohorts)
{
    size_t count = 0;

    for (uint32_t t = 0; t < cohorts->table_count; t++)
        count += cohorts->tables[t].count;
    return count;
}

jihe_status jh_patterns_unite(jh_selection *selection, jihe_error *err)
{
    const size_t rules = selection->cohorts.rules, cohorts = count_cohorts(&selection->cohorts);
    struct uniting work = {.selection = selection,
                           .cohorts = &selection->cohorts,
                           .standings = calloc(rules + 1, sizeof *work.standings),
                           .digits = calloc(rules + 1, sizeof *work.digits),
                           .number = calloc(rules + 1, sizeof *work.number),
                           .first_rule = calloc(rules + 2, sizeof *work.first_rule),
                           .leaves = malloc((cohorts + 1) * sizeof *work.leaves)};
    jihe_status st = JIHE_NO_MEMORY;

    if (work.first_rule != NULL) {
        arrange(&work);
        work.more = malloc((cohorts * (work.words - 1) + 1) * sizeof *work.more);
    }
    if (work.standings == NULL || work.digits == NULL || work.number == NULL || work.leaves == NULL ||
        work.more == NULL)
        (void)jh_fail(err, st, "counting eligibility patterns");
    else {
        gather(&work);
        st = unite(&work, err);
    }
    free(work.standings);
    free(work.digits);
    free(work.number);
    free(work.first_rule);
    free(work.leaves);
    free(work.more);
    return st;
}
