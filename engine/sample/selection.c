#include "sample/selection.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "sample/cohort_chances.h"
#include "sample/draw_stream.h"
#include "sample/mark.h"
#include "sample/quota.h"
#include "sample/sieve.h"

bool jh_rule_is_random(const jh_rule *rule)
{
    return rule->draw.kind != JH_DRAW_ALL && rule->flag.kind == NULL;
}

/* Narrows the frames of rules with a flag. */
static jihe_status judge_flags(jh_selection *selection, const jh_selection_input *input, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    for (size_t r = 0; st == JIHE_OK && r < input->rule_count; r++) {
        const jh_flag_input flag = {.rule = input->rules[r],
                                    .pass = &selection->pass,
                                    .index = r,
                                    .history = input->history,
                                    .history_count = input->history_count,
                                    .first = input->first,
                                    .last = input->last,
                                    .roster = input->roster,
                                    .facts = input->facts,
                                    .threads = input->threads,
                                    .arena = &selection->arena};

        if (input->rules[r]->flag.kind != NULL &&
            (st = jh_flag_judge(&selection->rules[r].flag, &flag, err)) != JIHE_OK)
            st = jh_wrap(err, st, "rule %s", input->rules[r]->id);
    }
    return st;
}

static jihe_status pick(jh_rule_selection *made, const jh_selection *selection, const jh_selection_input *input,
                        size_t r, jihe_error *err)
{
    const jh_rule *rule = input->rules[r];
    const jh_frame *frame = &selection->pass.frames[r];
    const uint64_t key = jh_stream_key(input->seed, jh_stream_name(rule));

    if (rule->draw.method == JH_METHOD_INTERVAL || rule->draw.method == JH_METHOD_CELL)
        return jh_listing_select(&made->picks, &made->list, &made->listed, &selection->pass, frame, &made->strata, rule,
                                 key, err);
    if (rule->draw.kind == JH_DRAW_MONEY)
        return jh_sieve_select(&made->picks, &selection->pass, frame, &made->strata, &rule->draw, key, input->threads,
                               err);
    return jh_draw_select(&made->picks, &selection->pass, frame, &made->strata, key, input->threads, err);
}

static size_t pass_words(const jh_pass *pass)
{
    const jh_pass_segment *last = pass->segment_count == 0 ? NULL : &pass->segments[pass->segment_count - 1];

    return last == NULL ? 0 : (size_t)last->word + jh_bits_words(last->rows);
}

static bool draws_smallest(const jh_draw *draw)
{
    return draw->kind != JH_DRAW_MONEY && draw->method != JH_METHOD_INTERVAL && draw->method != JH_METHOD_CELL;
}

/* Without picks: who was selected is all that is wanted. */
static jihe_status mark_smallest(jh_rule_selection *made, const jh_selection *selection,
                                 const jh_selection_input *input, size_t r, jihe_error *err)
{
    made->chosen = calloc(pass_words(&selection->pass) + 1, sizeof *made->chosen);
    if (made->chosen == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "marking a sample");
    return jh_mark_smallest(made->chosen, &made->selected, &selection->pass, &selection->pass.frames[r], &made->strata,
                            jh_stream_key(input->seed, jh_stream_name(input->rules[r])), JH_MARK_DEVIATIONS,
                            input->threads, err);
}

static jihe_status mark(jh_rule_selection *made, const jh_pass *pass, jihe_error *err)
{
    made->selected = made->picks.count;
    made->chosen = calloc(pass_words(pass) + 1, sizeof *made->chosen);
    if (made->chosen == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "marking a sample");
    for (size_t i = 0; i < made->picks.count; i++)
        jh_bits_set(made->chosen + pass->segments[made->picks.picks[i].segment].word, made->picks.picks[i].row);
    return JIHE_OK;
}

static jihe_status draw_rule(jh_selection *selection, const jh_selection_input *input, size_t r, jihe_error *err)
{
    const jh_draw *draw = &input->rules[r]->draw;
    jh_rule_selection *made = &selection->rules[r];
    jihe_status st;

    if ((draw->kind == JH_DRAW_MONEY &&
         (st = jh_amounts_screen(&selection->pass, r, draw, input->threads, &made->apart, err)) != JIHE_OK) ||
        (st = jh_strata_count(&made->strata, draw, &selection->pass, &selection->pass.frames[r], input->threads,
                              &selection->arena, err)) != JIHE_OK ||
        (st = jh_quota_fill(&made->strata, draw, input->past == NULL ? NULL : &input->past[r], input->last, err)) !=
            JIHE_OK)
        return st;
    if (input->bits_only && jh_strata_take_all(&made->strata, draw)) {
        made->selected = selection->pass.frames[r].documents;
        return JIHE_OK;
    }
    if (input->bits_only && draws_smallest(draw))
        return mark_smallest(made, selection, input, r, err);
    if ((st = pick(made, selection, input, r, err)) != JIHE_OK || (st = mark(made, &selection->pass, err)) != JIHE_OK)
        return st;
    if (input->bits_only)
        jh_picks_deinit(&made->picks);
    return JIHE_OK;
}

const uint64_t *jh_selection_bits(const jh_selection *selection, size_t rule)
{
    const jh_rule_selection *made = &selection->rules[rule];

    return made->chosen != NULL ? made->chosen : selection->pass.frames[rule].bits;
}

/* Marks the union of all picks and counts it word by word. */
static void mark_chosen(jh_selection *selection, size_t words)
{
    size_t count = 0;

    for (size_t r = 0; r < selection->rule_count; r++) {
        const uint64_t *bits = jh_selection_bits(selection, r);

        for (size_t w = 0; w < words; w++)
            selection->chosen[w] |= bits[w];
    }
    for (size_t w = 0; w < words; w++) {
        selection->rank[w] = (uint32_t)count;
        count += (size_t)__builtin_popcountll(selection->chosen[w]);
    }
    selection->document_count = count;
}

/* The union of all picks: who is hit. */
static jihe_status unite_picks(jh_selection *selection, jihe_error *err)
{
    const size_t words = pass_words(&selection->pass);

    selection->chosen = calloc(words + 1, sizeof *selection->chosen);
    selection->rank = calloc(words + 1, sizeof *selection->rank);
    if (selection->chosen == NULL || selection->rank == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "uniting the rules' hits");
    mark_chosen(selection, words);
    return JIHE_OK;
}

/* The documents hit as a list, with what their cohorts say. */
static jihe_status list_segment(jh_selection *selection, const jh_rule *const *rules, jh_chance_reader *readers,
                                uint64_t segment, jihe_error *err)
{
    const jh_pass_segment *at = &selection->pass.segments[segment];
    size_t i = selection->rank[at->word];
    jihe_status st = JIHE_OK;

    for (size_t r = 0; st == JIHE_OK && r < selection->rule_count; r++)
        st = jh_chance_read(&readers[r], selection, rules[r], r, segment, err);
    for (uint32_t w = 0; st == JIHE_OK && w * 64 < at->rows; w++)
        for (uint64_t left = selection->chosen[at->word + w]; left != 0; left &= left - 1) {
            const jh_cohort *cohort = jh_cohort_of(&selection->cohorts, segment, i);
            jh_selected *document = &selection->documents[i++];

            *document = (jh_selected){
                .segment = segment, .row = w * 64 + (uint32_t)__builtin_ctzll(left), .pattern = cohort->pattern};
            if (cohort->weighed) {
                jh_cohort_chances_of(selection, rules, readers, cohort, document->row, &document->p_any,
                                     &document->p_random);
                continue;
            }
            document->p_any = selection->cohorts.chances[cohort->any];
            document->p_random = selection->cohorts.chances[cohort->random];
        }
    return st;
}

static jihe_status list_documents(jh_selection *selection, const jh_rule *const *rules, jihe_error *err)
{
    jh_chance_reader *readers = calloc(selection->rule_count + 1, sizeof *readers);
    jihe_status st = JIHE_OK;

    selection->documents = calloc(selection->document_count + 1, sizeof *selection->documents);
    if (readers == NULL || selection->documents == NULL)
        st = jh_fail(err, JIHE_NO_MEMORY, "listing the rules' hits");
    for (uint64_t s = 0; st == JIHE_OK && s < selection->pass.segment_count; s++)
        st = list_segment(selection, rules, readers, s, err);
    free(readers);
    return st;
}

static jihe_status make(jh_selection *out, const jh_selection_input *input, jihe_error *err)
{
    jihe_status st;

    if ((st = jh_pass_run(&out->pass, input->rules, input->rule_count, input->parts, input->part_count,
                          (jh_pass_dates){input->first, input->last}, input->latest, input->facts, input->threads,
                          err)) != JIHE_OK ||
        (st = judge_flags(out, input, err)) != JIHE_OK)
        return st;
    for (size_t r = 0; st == JIHE_OK && r < input->rule_count; r++)
        if ((st = draw_rule(out, input, r, err)) != JIHE_OK)
            st = jh_wrap(err, st, "rule %s", input->rules[r]->id);
    if (st != JIHE_OK || (st = unite_picks(out, err)) != JIHE_OK ||
        (st = jh_cohorts_count(out, input->rules, input->threads, err)) != JIHE_OK ||
        (st = jh_patterns_unite(out, err)) != JIHE_OK ||
        (st = jh_cohort_chances_fill(out, input->rules, err)) != JIHE_OK)
        return st;
    return input->bits_only ? JIHE_OK : list_documents(out, input->rules, err);
}

jihe_status jh_selection_make(jh_selection *out, const jh_selection_input *input, jihe_error *err)
{
    assert(input->threads > 0);
    *out = (jh_selection){.rule_count = input->rule_count, .threads = input->threads};
    jh_arena_init(&out->arena, 0);
    out->rules = calloc(input->rule_count + 1, sizeof *out->rules);
    const jihe_status st = out->rules == NULL ? jh_fail(err, JIHE_NO_MEMORY, "a selection") : make(out, input, err);

    if (st != JIHE_OK)
        jh_selection_deinit(out);
    return st;
}

void jh_selection_deinit(jh_selection *selection)
{
    for (size_t r = 0; selection->rules != NULL && r < selection->rule_count; r++) {
        jh_strata_deinit(&selection->rules[r].strata);
        jh_picks_deinit(&selection->rules[r].picks);
        free(selection->rules[r].list);
        free(selection->rules[r].chosen);
    }
    free(selection->rules);
    free(selection->documents);
    free(selection->chosen);
    free(selection->rank);
    jh_cohorts_deinit(&selection->cohorts);
    jh_pass_deinit(&selection->pass);
    jh_arena_deinit(&selection->arena);
    *selection = (jh_selection){0};
}

size_t jh_selection_find(const jh_selection *selection, uint64_t segment, uint32_t row)
{
    const uint64_t word = selection->pass.segments[segment].word + row / 64;
    const uint64_t before = selection->chosen[word] & ((UINT64_C(1) << (row % 64)) - 1);

    return selection->rank[word] + (size_t)__builtin_popcountll(before);
}
