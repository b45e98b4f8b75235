#include "sample/cohorts.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/parallel.h"
#include "sample/chance.h"
#include "sample/sieve.h"

/* Of a number; and of the documents of a run, so that a stage has room for any one rule's digit. */
enum { NUMBER_BITS = 62, MOST_DOCUMENT_BITS = 30 };

enum { RECENT_BITS = 12, RECENT = 1 << RECENT_BITS };

struct counting {
    jh_selection *selection;
    const jh_rule *const *rules;
    jh_cohorts *cohorts;
    jh_chance_reader *readers; /* per worker and rule */
};

struct block { /* of one segment, while it is looked at */
    uint32_t first, count;
    uint64_t any[JH_BLOCK_ROWS / 64]; /* documents in some frame */
    uint64_t numbers[JH_BLOCK_ROWS];  /* of those */
};

/* --- the digits --- */

static bool weighs(const jh_rule_selection *made, const jh_rule *rule)
{
    return rule->draw.kind == JH_DRAW_MONEY || made->list != NULL;
}

/* Radix, weight and stage of every rule's digit. A stage's first digit is what stands for the stages before. */
static void arrange(jh_cohorts *cohorts, const jh_selection *selection, const jh_rule *const *rules, uint64_t documents)
{
    jh_u128 product = 1;

    for (size_t r = 0; r < cohorts->rules; r++) {
        const jh_rule_selection *made = &selection->rules[r];
        jh_cohort_digit *digit = &cohorts->digits[r];

        digit->weighs = weighs(made, rules[r]);
        digit->radix = 1 + (uint64_t)made->strata.count * (digit->weighs ? 2 : 1);
        if (product * digit->radix >> NUMBER_BITS != 0) {
            cohorts->stages++;
            product = (jh_u128)documents + 1;
        }
        digit->stage = cohorts->stages;
        digit->weight = (uint64_t)product;
        product *= digit->radix;
    }
    cohorts->stages++;
}

void jh_cohort_standings(const jh_cohorts *cohorts, const jh_cohort_table *table, const jh_cohort *cohort,
                         jh_standing *out)
{
    uint64_t number = cohort->number;

    for (size_t r = cohorts->rules; r-- > 0;) {
        const jh_cohort_digit *digit = &cohorts->digits[r];
        const uint64_t value = number < digit->weight ? 0 : number / digit->weight; /* most digits are 0 */

        number -= value * digit->weight;
        if (value == 0)
            out[r] = (jh_standing){.stratum = JH_NO_STRATUM};
        else if (digit->weighs)
            out[r] = (jh_standing){.stratum = (uint32_t)((value - 1) / 2), .certain = (value - 1) % 2 != 0};
        else
            out[r] = (jh_standing){.stratum = (uint32_t)(value - 1)};
        if (r > 0 && cohorts->digits[r - 1].stage != digit->stage)
            number = table->stages[digit->stage - 1].numbers[number];
    }
}

/* --- one block under one rule --- */

static void add_everywhere(struct block *block, const uint64_t *frame, uint64_t weight)
{
    for (uint32_t w = 0; w * 64 < block->count; w++) {
        uint64_t *numbers = block->numbers + w * 64;

        if (frame[w] == UINT64_MAX)
            for (uint32_t i = 0; i < 64; i++)
                numbers[i] += weight;
        else
            for (uint64_t left = frame[w]; left != 0; left &= left - 1)
                numbers[__builtin_ctzll(left)] += weight;
    }
}

static void add_strata(struct block *block, const uint64_t *frame, uint64_t weight, const jh_strata_reader *reader)
{
    uint32_t strata[JH_BLOCK_ROWS];

    jh_strata_block(reader, frame, block->first, block->count, strata);
    for (uint32_t w = 0; w * 64 < block->count; w++) {
        uint64_t *numbers = block->numbers + w * 64;

        if (frame[w] == UINT64_MAX)
            for (uint32_t i = 0; i < 64; i++)
                numbers[i] += weight * (strata[w * 64 + i] + UINT64_C(1));
        else
            for (uint64_t left = frame[w]; left != 0; left &= left - 1) {
                const uint32_t i = (uint32_t)__builtin_ctzll(left);

                numbers[i] += weight * (strata[w * 64 + i] + UINT64_C(1));
            }
    }
}

static bool is_certain(const jh_chance_reader *reader, uint32_t stratum, uint32_t row)
{
    if (reader->made->list != NULL)
        return jh_chance_of(reader, row) >= 1.0;
    return jh_sieve_certain(&reader->made->strata.strata[stratum], (uint64_t)jh_col_number(&reader->amounts, row));
}

static void add_weighed(struct block *block, const uint64_t *frame, uint64_t weight, const jh_chance_reader *reader)
{
    for (uint32_t w = 0; w * 64 < block->count; w++)
        for (uint64_t left = frame[w]; left != 0; left &= left - 1) {
            const uint32_t i = w * 64 + (uint32_t)__builtin_ctzll(left), row = block->first + i;
            const uint32_t stratum = jh_strata_of(&reader->strata, row);

            block->numbers[i] += weight * (1 + 2 * (uint64_t)stratum + is_certain(reader, stratum, row));
        }
}

static void add_rule(struct block *block, const jh_chance_reader *reader, const jh_cohort_digit *digit)
{
    const uint64_t *frame = reader->frame + block->first / 64;

    if (jh_bits_count(frame, block->count) == 0)
        return;
    if (digit->weighs)
        add_weighed(block, frame, digit->weight, reader);
    else if (reader->strata.cells == NULL)
        add_everywhere(block, frame, digit->weight);
    else
        add_strata(block, frame, digit->weight, &reader->strata);
}

/* --- numbers to cohorts --- */

static bool add_number(jh_cohort_stage *stage, uint64_t number)
{
    if (stage->count == stage->room) {
        const uint32_t room = stage->room == 0 ? 256 : stage->room * 2;
        uint64_t *numbers = realloc(stage->numbers, room * sizeof *numbers);

        if (numbers == NULL)
            return false;
        stage->numbers = numbers;
        stage->room = room;
    }
    stage->numbers[stage->count++] = number;
    return true;
}

static bool add_cohort(jh_cohort_table *table, uint64_t number)
{
    if (table->count == table->room) {
        const uint32_t room = table->room == 0 ? 256 : table->room * 2;
        jh_cohort *cohorts = realloc(table->cohorts, room * sizeof *cohorts);

        if (cohorts == NULL)
            return false;
        table->cohorts = cohorts;
        table->room = room;
    }
    table->cohorts[table->count++] = (jh_cohort){.number = number};
    return true;
}

/* 1 + the place of a number among those of the stage, a new one where it comes first. 0: no memory. */
static uint64_t find_place(jh_cohort_table *table, jh_cohort_stage *stage, bool last, uint64_t number)
{
    uint64_t *place = jh_keymap_at(&stage->known, number);

    if (place == NULL)
        return 0;
    if (*place == 0) {
        if (!(last ? add_cohort(table, number) : add_number(stage, number)))
            return 0;
        *place = last ? table->count : stage->count;
    }
    return *place;
}

/* Puts in place of every number of the block its place among those of the stage. False: no memory. */
static bool settle_stage(jh_cohort_table *table, jh_cohort_stage *stage, bool last, struct block *block)
{
    for (uint32_t w = 0; w * 64 < block->count; w++)
        for (uint64_t left = block->any[w]; left != 0; left &= left - 1) {
            uint64_t *number = &block->numbers[w * 64 + (uint32_t)__builtin_ctzll(left)];
            jh_keymap_slot *recent = &stage->recent[*number * UINT64_C(0x9E3779B97F4A7C15) >> (64 - RECENT_BITS)];

            if (recent->key != *number || recent->value == 0) {
                recent->value = find_place(table, stage, last, *number);
                recent->key = *number;
                if (recent->value == 0)
                    return false;
            }
            *number = recent->value - 1;
        }
    return true;
}

static bool number_block(const struct counting *work, jh_cohort_table *table, const jh_chance_reader *readers,
                         struct block *block)
{
    const jh_cohorts *cohorts = work->cohorts;
    size_t r = 0;

    memset(block->numbers, 0, block->count * sizeof *block->numbers);
    for (uint32_t s = 0; s < cohorts->stages; s++) {
        for (; r < cohorts->rules && cohorts->digits[r].stage == s; r++)
            add_rule(block, &readers[r], &cohorts->digits[r]);
        if (!settle_stage(table, &table->stages[s], s + 1 == cohorts->stages, block))
            return false;
    }
    return true;
}

/* Counts the block's documents, and notes the cohort of those that are selected. Returns the place behind them. */
static uint32_t *count_block(jh_cohort_table *table, const struct block *block, const uint64_t *chosen, uint32_t *of)
{
    for (uint32_t w = 0; w * 64 < block->count; w++)
        for (uint64_t left = block->any[w]; left != 0; left &= left - 1) {
            const uint32_t cohort = (uint32_t)block->numbers[w * 64 + (uint32_t)__builtin_ctzll(left)];

            table->cohorts[cohort].documents++;
            if ((chosen[w] & left & -left) != 0)
                *of++ = cohort;
        }
    return of;
}

/* Which of the block's documents are in some frame. False: none. */
static bool unite_frames(struct block *block, const jh_chance_reader *readers, size_t rules)
{
    uint64_t all = 0;

    for (uint32_t w = 0; w * 64 < block->count; w++) {
        block->any[w] = 0;
        for (size_t r = 0; r < rules; r++)
            block->any[w] |= readers[r].frame[block->first / 64 + w];
        all |= block->any[w];
    }
    return all != 0;
}

static jihe_status count_segment(void *context, uint32_t worker, uint64_t index, jihe_error *err)
{
    const struct counting *work = context;
    const jh_selection *selection = work->selection;
    const jh_pass_segment *at = &selection->pass.segments[index];
    jh_chance_reader *readers = work->readers + worker * work->cohorts->rules;
    jh_cohort_table *table = &work->cohorts->tables[worker];
    uint32_t *of = work->cohorts->of + selection->rank[at->word];
    struct block block = {0};
    jihe_status st = JIHE_OK;

    for (size_t r = 0; st == JIHE_OK && r < work->cohorts->rules; r++)
        st = jh_chance_read(&readers[r], selection, work->rules[r], r, index, err);
    if (st != JIHE_OK)
        return st;
    work->cohorts->table[index] = worker;
    for (; block.first < at->rows; block.first += JH_BLOCK_ROWS) {
        block.count = at->rows - block.first < JH_BLOCK_ROWS ? at->rows - block.first : JH_BLOCK_ROWS;
        if (!unite_frames(&block, readers, work->cohorts->rules))
            continue;
        if (!number_block(work, table, readers, &block))
            return jh_fail(err, JIHE_NO_MEMORY, "grouping documents");
        of = count_block(table, &block, selection->chosen + at->word + block.first / 64, of);
    }
    return JIHE_OK;
}

static bool make_room(jh_cohorts *cohorts, const jh_selection *selection, uint32_t threads)
{
    bool ok;

    cohorts->tables = calloc(threads, sizeof *cohorts->tables);
    cohorts->table_count = cohorts->tables == NULL ? 0 : threads;
    cohorts->table = calloc(selection->pass.segment_count + 1, sizeof *cohorts->table);
    cohorts->of = calloc(selection->document_count + JH_COHORTS_BEHIND, sizeof *cohorts->of);
    ok = cohorts->tables != NULL && cohorts->table != NULL && cohorts->of != NULL;
    for (uint32_t t = 0; ok && t < threads; t++) {
        jh_cohort_stage *stages = cohorts->tables[t].stages = calloc(cohorts->stages, sizeof(jh_cohort_stage));

        ok = stages != NULL;
        for (uint32_t s = 0; ok && s < cohorts->stages; s++)
            ok = (stages[s].recent = calloc(RECENT, sizeof *stages[s].recent)) != NULL;
    }
    return ok;
}

/* The maps have served; only the numbers are still asked for. */
static void forget_numbers(jh_cohorts *cohorts)
{
    for (uint32_t t = 0; t < cohorts->table_count; t++)
        for (uint32_t s = 0; cohorts->tables[t].stages != NULL && s < cohorts->stages; s++) {
            jh_keymap_deinit(&cohorts->tables[t].stages[s].known);
            free(cohorts->tables[t].stages[s].recent);
        }
}

jihe_status jh_cohorts_count(jh_selection *selection, const jh_rule *const *rules, uint32_t threads, jihe_error *err)
{
    jh_cohorts *cohorts = &selection->cohorts;
    struct counting work = {.selection = selection, .rules = rules, .cohorts = cohorts};
    uint64_t documents = 0;
    jihe_status st;

    for (uint64_t s = 0; s < selection->pass.segment_count; s++)
        documents += selection->pass.segments[s].rows;
    *cohorts = (jh_cohorts){.rules = selection->rule_count};
    cohorts->digits = calloc(cohorts->rules + 1, sizeof *cohorts->digits);
    work.readers = calloc((size_t)threads * cohorts->rules + 1, sizeof *work.readers);
    if (documents >> MOST_DOCUMENT_BITS != 0)
        st =
            jh_fail(err, JIHE_CONFIG, "a run over more than 2^%d documents; take a shorter period", MOST_DOCUMENT_BITS);
    else if (cohorts->digits == NULL || work.readers == NULL ||
             (arrange(cohorts, selection, rules, documents), !make_room(cohorts, selection, threads)))
        st = jh_fail(err, JIHE_NO_MEMORY, "grouping documents");
    else
        st = jh_parallel(threads, selection->pass.segment_count, count_segment, &work, err);
    forget_numbers(cohorts);
    free(work.readers);
    return st;
}

void jh_cohorts_deinit(jh_cohorts *cohorts)
{
    for (uint32_t t = 0; t < cohorts->table_count; t++) {
        jh_cohort_table *table = &cohorts->tables[t];

        for (uint32_t s = 0; table->stages != NULL && s < cohorts->stages; s++)
            free(table->stages[s].numbers);
        free(table->stages);
        free(table->cohorts);
    }
    free(cohorts->tables);
    free(cohorts->table);
    free(cohorts->of);
    free(cohorts->chances);
    free(cohorts->bases);
    free(cohorts->weighing);
    free(cohorts->digits);
    *cohorts = (jh_cohorts){0};
}
