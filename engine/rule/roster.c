#include "rule/roster.h"

#include <string.h>

#include "base/text.h"

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

bool jh_roster_since(const jh_roster *roster, const char *person, size_t len, int32_t day, int32_t *first)
{
    const jh_posting *before = NULL;
    int32_t since = 0;

    for (size_t i = jh_roster_find(roster, person, len); i < roster->count; i++) {
        const jh_posting *posting = &roster->postings[i];

        if (strlen(posting->person) != len || memcmp(posting->person, person, len) != 0 || posting->from > day)
            break;
        const bool goes_on = before != NULL && before->to != INT32_MAX && before->to + 1 >= posting->from &&
                             strcmp(before->unit, posting->unit) == 0 && strcmp(before->post, posting->post) == 0;

        since = goes_on ? since : posting->from;
        before = posting;
    }
    *first = since;
    return before != NULL && before->to >= day;
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
