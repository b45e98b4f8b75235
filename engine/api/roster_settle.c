#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/roster_file.h"
#include "base/days.h"
#include "base/text.h"

/* What rows of a roster say together, and where they cannot all be true. */

struct settling {
    const jh_roster_rows *rows;
    jh_roster *roster;
    jh_posting *postings;      /* the roster's, while they can still be ended */
    const jh_spell_row **ends; /* spells that end an id (renamed, merged), by person */
    size_t end_count;
    jihe_error *err;
};

static jihe_status fail_at(const struct settling *settling, const jh_roster_place *place, enum roster_column column,
                           const char *fmt, ...) __attribute__((format(printf, 4, 5)));

static jihe_status fail_at(const struct settling *settling, const jh_roster_place *place, enum roster_column column,
                           const char *fmt, ...)
{
    char message[320];
    va_list args;

    va_start(args, fmt);
    vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    return jh_fail_at(settling->err, JIHE_DATA, settling->rows->path, place->line, place->columns[column], "%s",
                      message);
}

/* --- postings --- */

static int order_postings(const void *a, const void *b)
{
    const jh_posting_row *row_a = a, *row_b = b;
    const jh_posting *x = &row_a->posting, *y = &row_b->posting;
    int order = strcmp(x->person, y->person);

    if (order == 0)
        order = (x->from > y->from) - (x->from < y->from);
    if (order == 0)
        order = (x->to > y->to) - (x->to < y->to);
    if (order == 0)
        order = strcmp(x->unit, y->unit);
    if (order == 0)
        order = strcmp(x->post, y->post);
    return order != 0 ? order : (row_a->place.line > row_b->place.line) - (row_a->place.line < row_b->place.line);
}

static bool is_twice(const jh_posting *a, const jh_posting *b)
{
    return a->from == b->from && a->to == b->to && strcmp(a->unit, b->unit) == 0 && strcmp(a->post, b->post) == 0 &&
           a->capacity == b->capacity && strcmp(a->types, b->types) == 0 && a->weekdays == b->weekdays;
}

static jihe_status refuse_overlap(const struct settling *settling, const jh_posting_row *before,
                                  const jh_posting_row *row)
{
    const jh_roster_place *later = before->place.line > row->place.line ? &before->place : &row->place;
    const uint32_t other = later == &row->place ? before->place.line : row->place.line;
    char person[64], unit[64], post[64], from[16], to[16] = "", begin[16];

    jh_text_quote(before->posting.person, strlen(before->posting.person), person, sizeof person);
    jh_text_quote(before->posting.unit, strlen(before->posting.unit), unit, sizeof unit);
    jh_text_quote(before->posting.post, strlen(before->posting.post), post, sizeof post);
    jh_days_text(before->posting.from, from);
    if (before->posting.to != INT32_MAX)
        jh_days_text(before->posting.to, to);
    jh_days_text(row->posting.from, begin);
    return fail_at(
        settling, later, JH_ROSTER_FROM,
        "%s would hold two posts on %s: %s %s from %s to %s, and another one (line %u); end the one before the "
        "other begins",
        person, begin, unit, post, from, to[0] != '\0' ? to : "now", other);
}

/* Into roster->postings; an open one is ended by the next. */
static jihe_status settle_postings(struct settling *settling, jh_roster_rows *rows, jh_arena *arena)
{
    jh_posting *postings = JH_NEW(arena, jh_posting, rows->posting_count + 1);
    const jh_posting_row *before = NULL;
    size_t count = 0;

    if (postings == NULL)
        return jh_fail(settling->err, JIHE_NO_MEMORY, "reading %s", rows->path);
    if (rows->posting_count > 0)
        qsort(rows->postings, rows->posting_count, sizeof *rows->postings, order_postings);
    for (size_t i = 0; i < rows->posting_count; i++) {
        const jh_posting_row *row = &rows->postings[i];
        const bool same = before != NULL && strcmp(before->posting.person, row->posting.person) == 0;

        if (same && is_twice(&before->posting, &row->posting))
            continue;
        if (same && before->posting.to >= row->posting.from) {
            if (before->posting.to != INT32_MAX || before->posting.from == row->posting.from)
                return refuse_overlap(settling, before, row);
            postings[count - 1].to = row->posting.from - 1;
        }
        postings[count++] = row->posting;
        before = row;
    }
    settling->roster->postings = settling->postings = postings;
    settling->roster->count = count;
    return JIHE_OK;
}

/* --- what spells lean on --- */

static bool is_known(const struct settling *settling, const char *person)
{
    const size_t at = jh_roster_find(settling->roster, person, strlen(person));

    return at < settling->roster->count && strcmp(settling->roster->postings[at].person, person) == 0;
}

/* A person's postings do not overlap any more: the last that begins by the day is the one. */
static bool holds_post(const struct settling *settling, const char *person, int32_t day)
{
    const jh_posting *postings = settling->postings;
    size_t low = 0, high = settling->roster->count;

    while (low < high) { /* the first one behind */
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(postings[middle].person, person);

        if (order < 0 || (order == 0 && postings[middle].from <= day))
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && strcmp(postings[low - 1].person, person) == 0 && postings[low - 1].to >= day;
}

const char *jh_roster_nearest(const jh_roster *roster, const char *person, jh_arena *arena)
{
    const char **names = JH_NEW(arena, const char *, roster->count + 1);
    size_t count = 0;

    for (size_t i = 0; names != NULL && i < roster->count; i++)
        if (count == 0 || strcmp(names[count - 1], roster->postings[i].person) != 0)
            names[count++] = roster->postings[i].person;
    return names != NULL ? jh_text_nearest(person, names, count) : NULL;
}

/* A name that nobody has is misspelt, most likely: the nearest one is offered. */
static jihe_status refuse_unknown(const struct settling *settling, const jh_spell_row *row, enum roster_column column,
                                  jh_arena *arena)
{
    const char *name = column == JH_ROSTER_OTHER ? row->spell.other : row->spell.person;
    const char *nearest = jh_roster_nearest(settling->roster, name, arena);
    char quoted[64], near[64] = "";

    if (nearest != NULL)
        jh_text_quote(nearest, strlen(nearest), near, sizeof near);
    return fail_at(settling, &row->place, column, "nobody of this file holds a post as '%s'%s%s%s",
                   jh_text_quote(name, strlen(name), quoted, sizeof quoted), nearest != NULL ? "; did you mean '" : "",
                   near, nearest != NULL ? "'?" : "");
}

static jihe_status check_held(const struct settling *settling, const jh_spell_row *row)
{
    const jh_spell *spell = &row->spell;
    const bool begins = holds_post(settling, spell->person, spell->from);
    char person[64], day[16];

    if (begins && (spell->to == INT32_MAX || holds_post(settling, spell->person, spell->to)))
        return JIHE_OK;
    jh_text_quote(spell->person, strlen(spell->person), person, sizeof person);
    jh_days_text(begins ? spell->to : spell->from, day);
    return fail_at(settling, &row->place, begins ? JH_ROSTER_TO : JH_ROSTER_FROM, "%s: %s holds no post on %s",
                   jh_spell_word(spell->kind), person, day);
}

/* --- ids that end --- */

static int order_ends(const void *a, const void *b)
{
    const jh_spell_row *x = *(const jh_spell_row *const *)a, *y = *(const jh_spell_row *const *)b;
    const int order = strcmp(x->spell.person, y->spell.person);

    return order != 0 ? order : (x->place.line > y->place.line) - (x->place.line < y->place.line);
}

/* How the id ended; NULL: it did not. */
static const jh_spell_row *find_end(const struct settling *settling, const char *id)
{
    size_t low = 0, high = settling->end_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (strcmp(settling->ends[middle]->spell.person, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < settling->end_count && strcmp(settling->ends[low]->spell.person, id) == 0 ? settling->ends[low] : NULL;
}

/* An id ends once, and what takes over goes on for longer: so no chain of ids comes back to itself. */
static jihe_status check_end(const struct settling *settling, const jh_spell_row *row)
{
    const jh_spell_row *first = find_end(settling, row->spell.person), *next = find_end(settling, row->spell.other);
    char id[64], day[16];

    if (first != row) {
        jh_text_quote(row->spell.person, strlen(row->spell.person), id, sizeof id);
        return fail_at(settling, &row->place, JH_ROSTER_PERSON, "'%s' has been %s already (line %u); an id ends once",
                       id, jh_spell_word(first->spell.kind), first->place.line);
    }
    if (next == NULL || next->spell.from > row->spell.from)
        return JIHE_OK;
    jh_text_quote(row->spell.other, strlen(row->spell.other), id, sizeof id);
    jh_days_text(next->spell.from, day);
    return fail_at(settling, &row->place, JH_ROSTER_OTHER,
                   "'%s' has been %s itself since %s (line %u); an id that is gone cannot take over another one", id,
                   jh_spell_word(next->spell.kind), day, next->place.line);
}

/* The ended id's open posting ends with it. */
static jihe_status end_postings(struct settling *settling, const jh_spell_row *row)
{
    jh_posting *postings = settling->postings;
    const jh_spell *spell = &row->spell;
    char id[64], day[16];

    for (size_t i = jh_roster_find(settling->roster, spell->person, strlen(spell->person));
         i < settling->roster->count && strcmp(postings[i].person, spell->person) == 0; i++) {
        if (postings[i].to < spell->from)
            continue;
        if (postings[i].to == INT32_MAX && postings[i].from < spell->from) {
            postings[i].to = spell->from - 1;
            continue;
        }
        jh_text_quote(spell->person, strlen(spell->person), id, sizeof id);
        jh_days_text(spell->from, day);
        return fail_at(settling, &row->place, JH_ROSTER_FROM, "'%s' is %s from %s on, and holds a post after that day",
                       id, jh_spell_word(spell->kind), day);
    }
    return JIHE_OK;
}

/* A renamed id's past goes over to the new one, which has none of its own beside it. */
static jihe_status check_renamed(const struct settling *settling, const jh_spell_row *row)
{
    const jh_roster *roster = settling->roster;
    const jh_spell *spell = &row->spell;
    const size_t at = jh_roster_find(roster, spell->other, strlen(spell->other));
    char id[64], day[16];

    if (!is_known(settling, spell->person) || roster->postings[at].from >= spell->from)
        return JIHE_OK;
    jh_text_quote(spell->other, strlen(spell->other), id, sizeof id);
    jh_days_text(spell->from, day);
    return fail_at(settling, &row->place, JH_ROSTER_OTHER,
                   "'%s' holds a post before %s, when it took over; an id that had documents of its own is merged, not "
                   "renamed",
                   id, day);
}

static int order_by_other(const void *a, const void *b)
{
    const jh_spell_row *x = *(const jh_spell_row *const *)a, *y = *(const jh_spell_row *const *)b;
    const int order = strcmp(x->spell.other, y->spell.other);

    return order != 0 ? order : (x->place.line > y->place.line) - (x->place.line < y->place.line);
}

/* Two ids renamed to one are merged ids. `renamed` has room for all spells. */
static jihe_status check_takeovers(const struct settling *settling, const jh_spell_row **renamed)
{
    size_t count = 0;
    char id[64];

    for (size_t i = 0; i < settling->end_count; i++)
        if (settling->ends[i]->spell.kind == JH_SPELL_RENAMED)
            renamed[count++] = settling->ends[i];
    qsort(renamed, count, sizeof *renamed, order_by_other);
    for (size_t i = 1; i < count; i++)
        if (strcmp(renamed[i - 1]->spell.other, renamed[i]->spell.other) == 0) {
            jh_text_quote(renamed[i]->spell.other, strlen(renamed[i]->spell.other), id, sizeof id);
            return fail_at(settling, &renamed[i]->place, JH_ROSTER_OTHER,
                           "another id was renamed to '%s' too (line %u); where several become one they are merged", id,
                           renamed[i - 1]->place.line);
        }
    return JIHE_OK;
}

static jihe_status settle_ends(struct settling *settling, jh_arena *arena)
{
    const jh_roster_rows *rows = settling->rows;
    const jh_spell_row **renamed = JH_NEW(arena, const jh_spell_row *, rows->spell_count + 1);
    jihe_status st = JIHE_OK;

    settling->ends = JH_NEW(arena, const jh_spell_row *, rows->spell_count + 1);
    if (settling->ends == NULL || renamed == NULL)
        return jh_fail(settling->err, JIHE_NO_MEMORY, "reading %s", rows->path);
    for (size_t i = 0; i < rows->spell_count; i++)
        if (rows->spells[i].spell.kind == JH_SPELL_RENAMED || rows->spells[i].spell.kind == JH_SPELL_MERGED)
            settling->ends[settling->end_count++] = &rows->spells[i];
    qsort(settling->ends, settling->end_count, sizeof *settling->ends, order_ends);
    for (size_t i = 0; st == JIHE_OK && i < settling->end_count; i++) {
        const jh_spell_row *row = settling->ends[i];

        if (!is_known(settling, row->spell.other))
            return refuse_unknown(settling, row, JH_ROSTER_OTHER, arena);
        if ((st = check_end(settling, row)) == JIHE_OK)
            st = end_postings(settling, row);
    }
    for (size_t i = 0; st == JIHE_OK && i < settling->end_count; i++)
        if (settling->ends[i]->spell.kind == JH_SPELL_RENAMED)
            st = check_renamed(settling, settling->ends[i]);
    return st != JIHE_OK ? st : check_takeovers(settling, renamed);
}

/* --- leaves and coverings --- */

static jihe_status refuse_covers(const struct settling *settling, const jh_spell_row *row, const char *fmt)
    __attribute__((format(printf, 3, 0)));

/* `fmt` has the person, the other one, and the person again. */
static jihe_status refuse_covers(const struct settling *settling, const jh_spell_row *row, const char *fmt)
{
    char person[64], other[64], message[320];

    jh_text_quote(row->spell.person, strlen(row->spell.person), person, sizeof person);
    jh_text_quote(row->spell.other, strlen(row->spell.other), other, sizeof other);
    snprintf(message, sizeof message, fmt, person, other, person);
    return fail_at(settling, &row->place, JH_ROSTER_FROM, "%s", message);
}

/* Nobody stands in for others while away. The rows are in order of person and day. */
static jihe_status check_away(const struct settling *settling)
{
    const jh_spell_row *covering = NULL, *away = NULL; /* of this person, the one that goes on longest */

    for (size_t i = 0; i < settling->rows->spell_count; i++) {
        const jh_spell_row *row = &settling->rows->spells[i];
        const jh_spell_row **own = row->spell.kind == JH_SPELL_COVERS ? &covering : &away;
        const bool is_new = i == 0 || strcmp(row[-1].spell.person, row->spell.person) != 0;

        if (is_new)
            covering = away = NULL;
        if (row->spell.kind != JH_SPELL_COVERS && row->spell.kind != JH_SPELL_LEAVE)
            continue;
        if (*own == NULL || (*own)->spell.to < row->spell.to)
            *own = row;
        if (covering != NULL && away != NULL && covering->spell.to >= row->spell.from &&
            away->spell.to >= row->spell.from)
            return refuse_covers(settling, covering, "%s covers %s while %s is on leave");
    }
    return JIHE_OK;
}

static const char *first_name(const jh_spell *spell)
{
    return strcmp(spell->person, spell->other) < 0 ? spell->person : spell->other;
}

static const char *second_name(const jh_spell *spell)
{
    return strcmp(spell->person, spell->other) < 0 ? spell->other : spell->person;
}

static int order_pairs(const void *a, const void *b)
{
    const jh_spell_row *x = *(const jh_spell_row *const *)a, *y = *(const jh_spell_row *const *)b;
    int order = strcmp(first_name(&x->spell), first_name(&y->spell));

    if (order == 0)
        order = strcmp(second_name(&x->spell), second_name(&y->spell));
    if (order == 0)
        order = (x->spell.from > y->spell.from) - (x->spell.from < y->spell.from);
    return order != 0 ? order : (x->place.line > y->place.line) - (x->place.line < y->place.line);
}

/* Of two people only one stands in for the other at a time. */
static jihe_status check_pairs(const struct settling *settling, jh_arena *arena)
{
    const jh_roster_rows *rows = settling->rows;
    const jh_spell_row **pairs = JH_NEW(arena, const jh_spell_row *, rows->spell_count + 1);
    int32_t ends[2] = {INT32_MIN, INT32_MIN}; /* of the first by the second name, and the other way round */
    size_t count = 0;

    if (pairs == NULL)
        return jh_fail(settling->err, JIHE_NO_MEMORY, "reading %s", rows->path);
    for (size_t i = 0; i < rows->spell_count; i++)
        if (rows->spells[i].spell.kind == JH_SPELL_COVERS)
            pairs[count++] = &rows->spells[i];
    qsort(pairs, count, sizeof *pairs, order_pairs);
    for (size_t i = 0; i < count; i++) {
        const jh_spell *spell = &pairs[i]->spell;
        const bool swapped = first_name(spell) != spell->person;

        if (i == 0 || strcmp(first_name(&pairs[i - 1]->spell), first_name(spell)) != 0 ||
            strcmp(second_name(&pairs[i - 1]->spell), second_name(spell)) != 0)
            ends[0] = ends[1] = INT32_MIN;
        if (ends[!swapped] >= spell->from)
            return refuse_covers(settling, pairs[i], "%s covers %s, who covers %s on the same days");
        ends[swapped] = spell->to > ends[swapped] ? spell->to : ends[swapped];
    }
    return JIHE_OK;
}

static jihe_status check_spell(const struct settling *settling, const jh_spell_row *row, jh_arena *arena)
{
    const jh_spell *spell = &row->spell;
    const bool ends_id = spell->kind == JH_SPELL_RENAMED || spell->kind == JH_SPELL_MERGED;

    if (ends_id)
        return JIHE_OK; /* seen to already */
    if (!is_known(settling, spell->person))
        return refuse_unknown(settling, row, JH_ROSTER_PERSON, arena);
    if (spell->other[0] != '\0' && !is_known(settling, spell->other))
        return refuse_unknown(settling, row, JH_ROSTER_OTHER, arena);
    return spell->kind == JH_SPELL_LEAVE || spell->kind == JH_SPELL_COVERS ? check_held(settling, row) : JIHE_OK;
}

static int order_spells(const void *a, const void *b)
{
    const jh_spell_row *row_a = a, *row_b = b;
    const jh_spell *x = &row_a->spell, *y = &row_b->spell;
    int order = strcmp(x->person, y->person);

    if (order == 0)
        order = (x->from > y->from) - (x->from < y->from);
    if (order == 0)
        order = (x->kind > y->kind) - (x->kind < y->kind);
    if (order == 0)
        order = strcmp(x->other, y->other);
    if (order == 0)
        order = (x->to > y->to) - (x->to < y->to);
    return order != 0 ? order : (row_a->place.line > row_b->place.line) - (row_a->place.line < row_b->place.line);
}

static bool is_spell_twice(const jh_spell *a, const jh_spell *b)
{
    return strcmp(a->person, b->person) == 0 && a->from == b->from && a->to == b->to && a->kind == b->kind &&
           strcmp(a->other, b->other) == 0;
}

/* Sorts the rows and drops those given twice, then puts them into the roster. */
static jihe_status take_spells(struct settling *settling, jh_roster_rows *rows, jh_arena *arena)
{
    jh_spell *spells = JH_NEW(arena, jh_spell, rows->spell_count + 1);
    size_t count = 0;

    if (spells == NULL)
        return jh_fail(settling->err, JIHE_NO_MEMORY, "reading %s", rows->path);
    if (rows->spell_count > 0)
        qsort(rows->spells, rows->spell_count, sizeof *rows->spells, order_spells);
    for (size_t i = 0; i < rows->spell_count; i++) {
        if (count > 0 && is_spell_twice(&spells[count - 1], &rows->spells[i].spell))
            continue;
        rows->spells[count] = rows->spells[i];
        spells[count++] = rows->spells[i].spell;
    }
    rows->spell_count = count;
    settling->roster->spells = spells;
    settling->roster->spell_count = count;
    return JIHE_OK;
}

jihe_status jh_roster_settle(jh_roster *out, jh_roster_rows *rows, jh_arena *arena, jihe_error *err)
{
    struct settling settling = {.rows = rows, .roster = out, .err = err};
    jihe_status st;

    *out = (jh_roster){0};
    if ((st = settle_postings(&settling, rows, arena)) != JIHE_OK ||
        (st = take_spells(&settling, rows, arena)) != JIHE_OK || (st = settle_ends(&settling, arena)) != JIHE_OK)
        return st;
    for (size_t i = 0; st == JIHE_OK && i < rows->spell_count; i++)
        st = check_spell(&settling, &rows->spells[i], arena);
    if (st == JIHE_OK)
        st = check_away(&settling);
    return st == JIHE_OK ? check_pairs(&settling, arena) : st;
}
