#include "rule/roster.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { MOST_IDS = 16 }; /* one after another */

static const char *const words[JH_SPELL_KINDS][2] = {{"leave", "休假"},  {"covers", "代岗"}, {"renamed", "更名"},
                                                     {"merged", "合并"}, {"split", "拆分"},  {"shared", "共用"}};

const char *jh_spell_word(jh_spell_kind kind)
{
    return words[kind][0];
}

const char *jh_spell_word_zh(jh_spell_kind kind)
{
    return words[kind][1];
}

size_t jh_roster_find(const jh_roster *roster, const char *person, size_t len)
{
    size_t low = 0, high = roster->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const char *name = roster->postings[middle].person;

        if (jh_text_compare(name, strlen(name), person, len) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t jh_roster_find_spell(const jh_roster *roster, const char *person, size_t len)
{
    size_t low = 0, high = roster->spell_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const char *name = roster->spells[middle].person;

        if (jh_text_compare(name, strlen(name), person, len) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool jh_roster_change(const jh_roster *roster, const char *person, size_t len, int32_t first, int32_t last,
                      int32_t *day)
{
    const jh_posting *before = NULL;

    for (size_t i = jh_roster_find(roster, person, len); i < roster->count; i++) {
        const jh_posting *posting = &roster->postings[i];

        if (strlen(posting->person) != len || memcmp(posting->person, person, len) != 0)
            break;
        const bool same =
            before != NULL && strcmp(before->unit, posting->unit) == 0 && strcmp(before->post, posting->post) == 0;

        if (!same && posting->from > first && posting->from <= last) {
            *day = posting->from;
            return true;
        }
        before = posting;
    }
    return false;
}

static int order_renamed(const void *a, const void *b)
{
    const jh_spell *x = *(const jh_spell *const *)a, *y = *(const jh_spell *const *)b;
    const int order = strcmp(x->other, y->other);

    return order != 0 ? order : strcmp(x->person, y->person);
}

bool jh_roster_index(jh_roster *roster, jh_arena *arena)
{
    roster->renamed = JH_NEW(arena, const jh_spell *, roster->spell_count + 1);
    roster->renamed_count = 0;
    if (roster->renamed == NULL)
        return false;
    for (size_t i = 0; i < roster->spell_count; i++)
        if (roster->spells[i].kind == JH_SPELL_RENAMED)
            roster->renamed[roster->renamed_count++] = &roster->spells[i];
    qsort(roster->renamed, roster->renamed_count, sizeof *roster->renamed, order_renamed);
    return true;
}

/* The id that became this one; NULL: none did. */
static const jh_spell *find_renamed(const jh_roster *roster, const char *id, size_t len)
{
    size_t low = 0, high = roster->renamed_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (jh_text_compare(roster->renamed[middle]->other, strlen(roster->renamed[middle]->other), id, len) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < roster->renamed_count && strlen(roster->renamed[low]->other) == len &&
                   memcmp(roster->renamed[low]->other, id, len) == 0
               ? roster->renamed[low]
               : NULL;
}

/* Since when the person holds the posting of a day under this id; NULL: no post on that day. */
static const jh_posting *since(const jh_roster *roster, const char *person, size_t len, int32_t day, int32_t *first)
{
    const jh_posting *before = NULL;

    for (size_t i = jh_roster_find(roster, person, len); i < roster->count; i++) {
        const jh_posting *posting = &roster->postings[i];

        if (strlen(posting->person) != len || memcmp(posting->person, person, len) != 0 || posting->from > day)
            break;
        const bool goes_on = before != NULL && before->to != INT32_MAX && before->to + 1 >= posting->from &&
                             strcmp(before->unit, posting->unit) == 0 && strcmp(before->post, posting->post) == 0;

        *first = goes_on ? *first : posting->from;
        before = posting;
    }
    return before != NULL && before->to >= day ? before : NULL;
}

bool jh_roster_since(const jh_roster *roster, const char *person, size_t len, int32_t day, int32_t *first)
{
    const jh_posting *now = since(roster, person, len, day, first);
    const jh_spell *renamed = now != NULL ? find_renamed(roster, person, len) : NULL;

    for (int ids = 0; renamed != NULL && renamed->from == *first && ids < MOST_IDS; ids++) {
        int32_t earlier = 0;
        const jh_posting *before = since(roster, renamed->person, strlen(renamed->person), *first - 1, &earlier);

        if (before == NULL || strcmp(before->unit, now->unit) != 0 || strcmp(before->post, now->post) != 0)
            break;
        *first = earlier;
        renamed = find_renamed(roster, renamed->person, strlen(renamed->person));
    }
    return now != NULL;
}

const jh_posting *jh_roster_posting(const jh_roster *roster, size_t *next, int32_t day)
{
    const char *person = roster->postings[*next].person;
    const jh_posting *found = NULL;

    for (; *next < roster->count && strcmp(roster->postings[*next].person, person) == 0; ++*next) {
        const jh_posting *posting = &roster->postings[*next];

        if (posting->from <= day && day <= posting->to)
            found = posting;
    }
    return found;
}

bool jh_roster_on_leave(const jh_roster *roster, const char *person, size_t len, int32_t day)
{
    for (size_t i = jh_roster_find_spell(roster, person, len); i < roster->spell_count; i++) {
        const jh_spell *spell = &roster->spells[i];

        if (strlen(spell->person) != len || memcmp(spell->person, person, len) != 0 || spell->from > day)
            return false;
        if (spell->kind == JH_SPELL_LEAVE && day <= spell->to)
            return true;
    }
    return false;
}
