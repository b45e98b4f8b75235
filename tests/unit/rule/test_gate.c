#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/days.h"
#include "rule/gate.h"

/* Who cannot be tested, and why: a table of small rosters, each written as lines of words.
 *
 *   p PERSON UNIT POST TYPES FROM TO [WEEKDAYS]   a posting; '-' is empty or open
 *   KIND PERSON OTHER FROM TO                     a spell
 *   n SCOPE OF FROM TO excuses|mark|withdrawn     a note, numbered from 1
 *
 * The trigger is May 2026 and the baseline January to April, unless a case says otherwise. In the calendar 2026-05-01
 * to 05-05 are free and Saturday 05-09 is worked, so that the 60 working days before 2026-05-01 begin on 2026-02-06. */

static int32_t day_of(const char *text)
{
    int32_t day = INT32_MAX;

    cr_assert(strcmp(text, "-") == 0 || jh_days_parse(text, strlen(text), &day), "%s", text);
    return day;
}

struct world {
    jh_posting postings[64];
    jh_spell spells[64];
    jh_note notes[64];
    jh_roster roster;
    char words[512][48];
    size_t word_count;
};

static const char *keep(struct world *world, const char *word)
{
    if (strcmp(word, "-") == 0)
        return "";
    cr_assert(world->word_count < 512 && strlen(word) < 48);
    return strcpy(world->words[world->word_count++], word);
}

static void add_line(struct world *world, const char *line)
{
    static const char *const scopes[] = {"all", "unit", "person", "type"};
    char w[8][48] = {{0}};
    const int n =
        sscanf(line, "%47s %47s %47s %47s %47s %47s %47s %47s", w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7]);

    if (strcmp(w[0], "p") == 0) {
        cr_assert(n >= 7, "%s", line);
        world->postings[world->roster.count++] = (jh_posting){.person = keep(world, w[1]),
                                                              .unit = keep(world, w[2]),
                                                              .post = keep(world, w[3]),
                                                              .types = keep(world, w[4]),
                                                              .from = day_of(w[5]),
                                                              .to = day_of(w[6]),
                                                              .weekdays = (uint8_t)strtoul(w[7], NULL, 2)};
    } else if (strcmp(w[0], "n") == 0) {
        jh_note *note = &world->notes[world->roster.notes.count++];

        cr_assert(n == 6, "%s", line);
        *note = (jh_note){.sequence = world->roster.notes.count,
                          .of = keep(world, w[2]),
                          .from = day_of(w[3]),
                          .to = day_of(w[4]),
                          .excuses = strcmp(w[5], "mark") != 0,
                          .text = "text",
                          .withdrawn = strcmp(w[5], "withdrawn") == 0 ? 99 : 0};
        while (strcmp(scopes[note->scope], w[1]) != 0)
            note->scope++;
    } else {
        jh_spell *spell = &world->spells[world->roster.spell_count++];

        cr_assert(n == 5, "%s", line);
        *spell = (jh_spell){
            .person = keep(world, w[1]), .other = keep(world, w[2]), .from = day_of(w[3]), .to = day_of(w[4])};
        while (strcmp(jh_spell_word(spell->kind), w[0]) != 0)
            spell->kind++;
    }
}

static int order_postings(const void *a, const void *b)
{
    const jh_posting *x = a, *y = b;
    const int order = strcmp(x->person, y->person);

    return order != 0 ? order : x->from - y->from;
}

static int order_spells(const void *a, const void *b)
{
    const jh_spell *x = a, *y = b;
    const int order = strcmp(x->person, y->person);

    return order != 0 ? order : x->from - y->from;
}

static void build(struct world *world, const char *text)
{
    char line[160];

    memset(world, 0, sizeof *world);
    for (const char *at = text; *at != '\0';) {
        const size_t len = strcspn(at, "\n");

        cr_assert(len < sizeof line);
        memcpy(line, at, len);
        line[len] = '\0';
        if (len > 0)
            add_line(world, line);
        at += len + (at[len] == '\n');
    }
    qsort(world->postings, world->roster.count, sizeof *world->postings, order_postings);
    qsort(world->spells, world->roster.spell_count, sizeof *world->spells, order_spells);
    world->roster.postings = world->postings;
    world->roster.spells = world->spells;
    world->roster.notes.notes = world->notes;
}

static const char holidays[] = "date,kind\n2026-05-01,holiday\n2026-05-02,holiday\n2026-05-03,holiday\n"
                               "2026-05-04,holiday\n2026-05-05,holiday\n2026-05-09,workday\n";

static void load_calendar(jh_calendar *calendar)
{
    jihe_error err = {0};

    memset(calendar, 0, sizeof *calendar);
    cr_assert(jh_calendar_add(calendar, "calendar/2026.csv", holidays, sizeof holidays - 1, &err) == JIHE_OK, "%s",
              err.message);
}

/* "post changed 2026-04-11", "with B 2026-05-01..2026-05-20", "formerly A..2026-04-30", "" for a plain test. */
static void ask(char *out, size_t size, const char *rows, const char *person, const char *windows)
{
    struct world *world = malloc(sizeof *world);
    char from[16] = "2026-01-01", until[16] = "2026-04-30", begin[16] = "2026-05-01", end[16] = "2026-05-31", day[16];
    jh_calendar calendar;
    const jh_gate *gate;
    jh_gate_answer answer;
    jh_arena arena;
    jihe_error err = {0};

    cr_assert(world != NULL);
    build(world, rows);
    load_calendar(&calendar);
    if (windows[0] != '\0')
        cr_assert_eq(sscanf(windows, "%15s %15s %15s %15s", from, until, begin, end), 4);
    jh_arena_init(&arena, 0);
    cr_assert(jh_gate_make(&gate, &world->roster, &calendar,
                           &(jh_gate_windows){day_of(from), day_of(until), day_of(begin), day_of(end)}, &arena,
                           &err) == JIHE_OK,
              "%s", err.message);
    jh_gate_ask(&answer, gate, person, strlen(person));
    jh_gate_reason_text(&answer, out, size);
    cr_expect_eq(answer.verdict == JH_VOLUME_NORMAL, answer.reason == JH_GATE_NONE);
    if (answer.reason != JH_GATE_NONE) {
        jh_days_text(answer.day, day);
        snprintf(out + strlen(out), size - strlen(out), " %s", day);
        cr_expect(answer.partner == NULL && answer.former_count == 0);
    }
    for (size_t i = 0; i < answer.former_count; i++) {
        jh_days_text(answer.former[i].until, day);
        snprintf(out + strlen(out), size - strlen(out), "%s%s..%s", i > 0 ? " " : "formerly ", answer.former[i].id,
                 day);
    }
    if (answer.partner != NULL) {
        jh_days_text(answer.cover_from, from);
        if (answer.cover_to != INT32_MAX)
            jh_days_text(answer.cover_to, until);
        snprintf(out + strlen(out), size - strlen(out), "with %s %s..%s", answer.partner, from,
                 answer.cover_to == INT32_MAX ? "" : until);
    }
    jh_arena_deinit(&arena);
    jh_calendar_deinit(&calendar);
    free(world);
}

#define HELD "2025-01-01 -"
#define A "p A U P - " HELD "\n"
#define B "p B U P - " HELD "\n"
#define C "p C U P - " HELD "\n"

static const struct {
    const char *rows, *person, *want, *windows;
} cases[] = {
    /* Nothing to say. */
    {A, "A", "", ""},
    {A, "nobody", "", ""},
    {"", "A", "", ""},
    {"p A U P - 2026-01-01 -\n", "A", "", ""}, /* on the first day of the baseline */
    {"p A U P - 2025-01-01 2025-12-31\np A U Q - 2026-01-01 -\n", "A", "", ""},
    {"p A U P - 2025-01-01 2026-05-31\np A U Q - 2026-06-01 -\n", "A", "", ""}, /* the day after the trigger */
    {"p A U P - 2025-01-01 2026-03-31\np A U P - 2026-04-01 -\n", "A", "", ""}, /* the same again */
    {"p A U P - 2025-01-01 2026-03-27\np A U P - 2026-03-30 -\n", "A", "", ""}, /* but for a weekend */
    {"p A U P - 2025-01-01 2026-05-29\np A U P - 2026-06-01 -\n", "A", "", ""}, /* a weekend at the end */

    /* Joined. */
    {"p A U P - 2026-01-02 -\n", "A", "joined 2026-01-02", ""},
    {"p A U P - 2026-05-31 -\n", "A", "joined 2026-05-31", ""},
    {"p A U P - 2026-06-15 -\n", "A", "joined 2026-06-15", ""},
    {"p A U P - 2026-02-06 -\n", "A", "", "2026-04-01 2026-04-30 2026-05-01 2026-05-31"}, /* 60 days worked */
    {"p A U P - 2026-02-07 -\n", "A", "joined 2026-02-07", "2026-04-01 2026-04-30 2026-05-01 2026-05-31"},
    {"p A U P - 2026-03-02 - 1111111\n", "A", "", "2026-04-01 2026-04-30 2026-05-01 2026-05-31"}, /* 60 of 7 a week */
    {"p A U P - 2026-03-03 - 1111111\n", "A", "joined 2026-03-03", "2026-04-01 2026-04-30 2026-05-01 2026-05-31"},
    {"p A U P - 2026-02-20 - 111111\n", "A", "",
     "2026-04-01 2026-04-30 2026-05-01 2026-05-31"}, /* Monday to Saturday */
    {"p A U P - 2026-02-21 - 111111\n", "A", "joined 2026-02-21", "2026-04-01 2026-04-30 2026-05-01 2026-05-31"},
    /* 60 working days before June: 05-01, 05-04 and 05-05 are free, 05-09 is worked. */
    {"p A U P - 2026-03-05 -\n", "A", "", "2026-05-01 2026-05-31 2026-06-01 2026-06-30"},
    {"p A U P - 2026-03-06 -\n", "A", "joined 2026-03-06", "2026-05-01 2026-05-31 2026-06-01 2026-06-30"},
    {"p A U P - 2026-04-02 - 1111111\n", "A", "", "2026-05-01 2026-05-31 2026-06-01 2026-06-30"}, /* no holidays */
    {"p A U P - 2026-04-03 - 1111111\n", "A", "joined 2026-04-03", "2026-05-01 2026-05-31 2026-06-01 2026-06-30"},
    /* A leap day is a day: Thursday, 2024-02-29. */
    {"p A U P - 2024-02-29 -\n", "A", "", "2024-02-29 2024-05-31 2024-06-01 2024-06-30"},
    {"p A U P - 2024-02-29 -\n", "A", "joined 2024-02-29", "2024-02-28 2024-05-31 2024-06-01 2024-06-30"},

    /* Returned. 2026-03-02 to 03-13 are ten working days, to 03-12 nine. */
    {A "leave A - 2026-03-02 2026-03-13\n", "A", "returned 2026-03-14", ""},
    {A "leave A - 2026-03-02 2026-03-12\n", "A", "", ""},
    {A "leave A - 2026-03-02 2026-03-06\nleave A - 2026-03-09 2026-03-13\n", "A", "returned 2026-03-14", ""},
    {A "leave A - 2026-03-02 2026-03-06\nleave A - 2026-03-10 2026-03-13\n", "A", "", ""}, /* worked in between */
    {A "leave A - 2026-01-12 2026-02-05\n", "A", "", ""},                                  /* 60 days worked since */
    {A "leave A - 2026-01-12 2026-02-06\n", "A", "returned 2026-02-07", ""},
    {A "leave A - 2026-05-06 2026-05-30\n", "A", "returned 2026-05-31", ""},
    {A "leave A - 2026-05-06 2026-05-31\n", "A", "", ""}, /* not back yet */
    {A "leave A - 2026-05-06 -\n", "A", "", ""},
    {A "leave A - 2026-02-20 2026-03-20\nleave A - 2026-04-01 2026-04-20\n", "A", "returned 2026-04-21", ""},
    {A "leave A - 2026-04-17 2026-05-08\n", "A", "returned 2026-05-09", ""}, /* ten and the three of May */
    {"p A U P - 2025-01-01 2026-03-01\np A U P - 2026-03-16 -\n", "A", "returned 2026-03-16", ""},
    {"p A U P - 2025-01-01 2026-03-01\np A U P - 2026-03-13 -\n", "A", "", ""},

    /* Left. */
    {"p A U P - 2025-01-01 2026-05-30\n", "A", "left 2026-05-31", ""},
    {"p A U P - 2025-01-01 2026-05-31\n", "A", "", ""},
    {"p A U P - 2025-01-01 2025-06-30\n", "A", "left 2025-07-01", ""},
    {"p A U P - 2025-01-01 2026-05-15\np A U P - 2026-06-01 -\n", "A", "left 2026-05-16", ""},

    /* Moved: unit, post, types; the last change counts. */
    {"p A U P - 2025-01-01 2026-05-03\np A U Q - 2026-05-04 -\n", "A", "post changed 2026-05-04", ""},
    {"p A U P - 2025-01-01 2026-01-01\np A U Q - 2026-01-02 -\n", "A", "post changed 2026-01-02", ""},
    {"p A U P - 2025-01-01 2026-05-30\np A V P - 2026-05-31 -\n", "A", "unit changed 2026-05-31", ""},
    {"p A U P x 2025-01-01 2026-04-30\np A U P x;y 2026-05-01 -\n", "A", "document types changed 2026-05-01", ""},
    {"p A U P - 2025-01-01 2026-02-28\np A V P - 2026-03-01 2026-03-31\np A V Q - 2026-04-01 -\n", "A",
     "post changed 2026-04-01", ""},
    {"p A U P - 2025-01-01 2026-02-28\np A V P - 2026-03-01 -\n", "A", "unit changed 2026-03-01",
     "2026-01-01 2026-01-31 2026-05-01 2026-05-31"}, /* between the windows */
    {"p A U P - 2020-01-01 2024-02-28\np A U Q - 2024-02-29 -\n", "A", "post changed 2024-02-29",
     "2023-11-01 2024-01-31 2024-02-01 2024-02-29"},
    {"p A U P - 2020-01-01 2024-02-29\np A U Q - 2024-03-01 -\n", "A", "",
     "2023-11-01 2024-01-31 2024-02-01 2024-02-29"},

    /* Renamed: the new id has the old one's past. */
    {"p A U P - 2025-01-01 2026-04-14\np B U P - 2026-04-15 -\nrenamed A B 2026-04-15 -\n", "B",
     "formerly A..2026-04-14", ""},
    {"p A U P - 2025-01-01 2026-04-14\np B U P - 2026-04-15 -\nrenamed A B 2026-04-15 -\n", "A",
     "id is now B 2026-04-15", ""},
    {"p A U P - 2025-01-01 2026-04-14\np B U Q - 2026-04-15 -\nrenamed A B 2026-04-15 -\n", "B",
     "post changed 2026-04-15", ""},
    {"p A U P - 2025-01-01 2026-04-14\np B U P - 2026-04-15 -\nrenamed A B 2026-04-15 -\nleave A - 2026-03-02 "
     "2026-03-13\n",
     "B", "returned 2026-03-14", ""},
    {"p A U P - 2026-02-01 2026-04-14\np B U P - 2026-04-15 -\nrenamed A B 2026-04-15 -\n", "B", "joined 2026-02-01",
     ""},
    {"p A U P - 2025-01-01 2026-02-14\np B U P - 2026-02-15 2026-04-14\np C U P - 2026-04-15 -\n"
     "renamed A B 2026-02-15 -\nrenamed B C 2026-04-15 -\n",
     "C", "formerly A..2026-02-14 B..2026-04-14", ""},
    {"p A U P - 2025-01-01 2026-05-31\np B U P - 2026-06-01 -\nrenamed A B 2026-06-01 -\n", "A", "", ""},
    {"p A U P - 2025-01-01 2026-05-30\np B U P - 2026-05-31 -\nrenamed A B 2026-05-31 -\n", "A",
     "id is now B 2026-05-31", ""},

    {"p A U P - 2025-01-01 2026-05-30\np B U P - 2026-05-31 -\nrenamed A B 2026-05-31 -\n", "B",
     "formerly A..2026-05-30", ""},
    {A "renamed A B 2026-04-15 -\n", "B", "left 2026-04-15", ""}, /* the old id's post is not the new one's */

    /* Merged, split, shared. */
    {"p A U P - 2025-01-01 2026-04-30\n" B "merged A B 2026-05-01 -\n", "B", "id merged with A 2026-05-01", ""},
    {"p A U P - 2025-01-01 2026-04-30\n" B "merged A B 2026-05-01 -\n", "A", "id merged with B 2026-05-01", ""},
    {"p A U P - 2025-01-01 2025-12-31\n" B "merged A B 2026-01-01 -\n", "B", "", ""},
    {"p A U P - 2025-01-01 2026-01-01\n" B "merged A B 2026-01-02 -\n", "B", "id merged with A 2026-01-02", ""},
    {"p A U P - 2025-01-01 2025-12-31\n" B "merged A B 2026-01-01 -\n", "A", "id merged with B 2026-01-01", ""},
    {A B "merged A B 2026-06-01 -\n", "B", "", ""},
    {A "split A - 2026-03-01 -\n", "A", "id split 2026-03-01", ""},
    {A B "split A B 2026-03-01 -\n", "A", "id split B 2026-03-01", ""},
    {A B "split A B 2026-03-01 -\n", "B", "id split A 2026-03-01", ""},
    {A "split A - 2026-01-01 -\n", "A", "", ""},
    {A "shared A - 2025-01-01 2026-01-01\n", "A", "id shared 2025-01-01", ""},
    {A "shared A - 2025-01-01 2025-12-31\n", "A", "", ""},
    {A B "shared A B 2026-05-31 -\n", "B", "id shared A 2026-05-31", ""},

    /* Covering for an absent colleague: the two are one. */
    {A B "leave B - 2026-05-06 2026-05-29\ncovers A B 2026-05-06 2026-05-29\n", "A", "with B 2026-05-06..2026-05-29",
     ""},
    {A B "leave B - 2026-05-06 2026-05-29\ncovers A B 2026-05-06 2026-05-29\n", "B", "returned 2026-05-30", ""},
    {A B "covers A B 2026-05-31 -\n", "A", "with B 2026-05-31..", ""},
    {A B "covers A B 2026-05-31 -\n", "B", "covered by A 2026-05-31", ""},
    {A B "covers A B 2025-11-01 2026-01-01\n", "A", "with B 2025-11-01..2026-01-01", ""},
    {A B "covers A B 2025-11-01 2025-12-31\n", "A", "", ""},
    {A B "covers A B 2026-06-01 -\n", "B", "", ""},
    {A B "covers A B 2026-03-02 2026-03-06\ncovers A B 2026-05-06 2026-05-08\n", "A", "with B 2026-03-02..2026-05-08",
     ""},
    {A "p B U P - 2025-01-01 2026-04-30\ncovers A B 2026-05-01 -\n", "A", "with B 2026-05-01..", ""}, /* who left */
    {A "p B U P - 2026-03-01 -\ncovers A B 2026-05-06 -\n", "A", "covers B 2026-05-06", ""},          /* who is new */
    {A B C "covers A B 2026-05-06 -\ncovers A C 2026-05-11 -\n", "A", "covers C 2026-05-11", ""},
    {A B C "covers A B 2026-05-06 -\ncovers C B 2026-05-11 -\n", "A", "covers B 2026-05-06", ""},
    {A B C "covers A B 2026-05-06 -\ncovers C B 2026-05-11 -\n", "B", "covered by C 2026-05-11", ""},
    {A B C "covers A B 2026-05-06 -\ncovers B C 2026-03-11 2026-03-12\n", "A", "covers B 2026-05-06", ""},
    {A B C "covers A B 2026-05-06 -\ncovers B C 2026-03-11 2026-03-12\n", "B", "covers C 2026-03-11", ""},
    {A B "covers A B 2026-05-06 -\nn unit U 2026-05-06 - excuses\n", "A", "note 1: text 2026-05-06", ""},

    {A B "covers A B 2026-05-06 -\nn person B 2026-05-06 - excuses\n", "A", "note 1: text 2026-05-06", ""},
    {A "p X U P - 2025-01-01 2026-02-28\np B U P - 2026-03-01 -\nrenamed X B 2026-03-01 -\ncovers A B 2026-05-06 -\n",
     "A", "covers B 2026-05-06", ""},

    /* Notes: scope and days. */
    {A "n all - 2026-01-02 - excuses\n", "A", "note 1: text 2026-01-02", ""},
    {A "n all - 2026-01-01 - excuses\n", "A", "", ""}, /* holds all through */
    {A "n all - 2025-12-01 2026-01-01 excuses\n", "A", "note 1: text 2025-12-01", ""},
    {A "n all - 2025-12-01 2025-12-31 excuses\n", "A", "", ""},
    {A "n all - 2026-05-31 2026-05-31 excuses\n", "A", "note 1: text 2026-05-31", ""},
    {A "n all - 2026-06-01 - excuses\n", "A", "", ""},
    {A "n all - 2026-05-06 - mark\n", "A", "", ""},
    {A "n all - 2026-05-06 - withdrawn\n", "A", "", ""},
    {A "n unit U 2026-05-06 - excuses\n", "A", "note 1: text 2026-05-06", ""},
    {A "n unit UU 2026-05-06 - excuses\nn unit V 2026-05-06 - excuses\n", "A", "", ""},
    {A B "n person A 2026-05-06 - excuses\n", "A", "note 1: text 2026-05-06", ""},
    {A B "n person A 2026-05-06 - excuses\n", "B", "", ""},
    {"p A U P x;y " HELD "\nn type y 2026-05-06 - excuses\n", "A", "note 1: text 2026-05-06", ""},
    {"p A U P x;yy " HELD "\nn type y 2026-05-06 - excuses\n", "A", "", ""},
    {A "n type y 2026-05-06 - excuses\n", "A", "note 1: text 2026-05-06", ""}, /* may handle any */
    {A "n unit V 2026-05-06 - excuses\n", "nobody", "note 1: text 2026-05-06", ""},
    {A "n all - 2026-05-06 - excuses\nn unit U 2026-05-08 - excuses\nn person A 2026-05-07 - excuses\n", "A",
     "note 2: text 2026-05-08", ""},
    {"p A U P - 2025-01-01 2026-04-14\np B U P - 2026-04-15 -\nrenamed A B 2026-04-15 -\nn person A 2026-04-01 - "
     "excuses\n",
     "B", "note 1: text 2026-04-01", ""},

    /* Several reasons: the first of the list. */
    {"p A U P - 2026-01-02 2026-03-31\np A U Q - 2026-04-01 2026-05-20\nn all - 2026-05-06 - excuses\n", "A",
     "joined 2026-01-02", ""},
    {"p A U P - 2025-01-01 2026-03-31\np A U Q - 2026-04-01 2026-05-20\n", "A", "left 2026-05-21", ""},
};

Test(gate, reasons)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char got[160];

        ask(got, sizeof got, cases[i].rows, cases[i].person, cases[i].windows);
        cr_expect_str_eq(got, cases[i].want, "%s in\n%sis '%s', expected '%s'", cases[i].person, cases[i].rows, got,
                         cases[i].want);
    }
}

Test(gate, windows_out_of_order)
{
    static const jh_gate_windows wrong[] = {{10, 9, 20, 30}, {10, 20, 20, 30}, {10, 19, 31, 30}};
    const jh_roster none = {0};
    const jh_gate *gate;
    jh_arena arena;
    jihe_error err = {0};

    jh_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        cr_expect_eq(jh_gate_make(&gate, &none, NULL, &wrong[i], &arena, &err), JIHE_USAGE);
    jh_arena_deinit(&arena);
}

/* A text is cut at a character, whatever the room. */
Test(gate, texts_fit)
{
    const jh_gate_answer answer = {.reason = JH_GATE_NOTE, .note = 17, .other = "新子公司上线"};
    char out[64];

    for (size_t size = 1; size <= sizeof out; size++) {
        memset(out, 'x', sizeof out);
        jh_gate_reason_text(&answer, out, size);
        cr_expect(strlen(out) < size, "%zu", size);
    }
    cr_expect_str_eq(out, "note 17: 新子公司上线");
}
