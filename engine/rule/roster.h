#ifndef JH_RULE_ROSTER_H
#define JH_RULE_ROSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "rule/note.h"

/* Who held which post when, who was away, who stood in for whom, and what became of user ids. Filled by the ledger from
 * imported files and notes; asked by flags, by assignments and by tenure(). */

typedef struct jh_posting {
    const char *person;
    const char *unit;
    const char *post;
    int32_t     from; /* first day */
    int32_t     to;   /* last day, INT32_MAX when still open */
    uint32_t    capacity; /* documents a day, of inspectors; 0: does not inspect */
    const char *types;    /* document types handled, sorted, each once, joined with ';'; "" not known, perhaps all */
    uint8_t     weekdays; /* worked: bit 0 Monday .. bit 6 Sunday; 0: those of the workspace's calendar */
} jh_posting;

/* What is dated beside the posts. */
typedef enum jh_spell_kind {
    JH_SPELL_LEAVE,   /* the person is away */
    JH_SPELL_COVERS,  /* the person does the work of `other`, who is absent */
    JH_SPELL_RENAMED, /* from then on the same person works under the id `other`, which nobody had before */
    JH_SPELL_MERGED,  /* from then on what was this id's is booked under `other`, which had documents of its own */
    JH_SPELL_SPLIT,   /* from then on a part of this id's documents is booked under another id: `other`, or not said */
    JH_SPELL_SHARED,  /* several people work under this id: with `other`, or not said */
    JH_SPELL_KINDS
} jh_spell_kind;

typedef struct jh_spell {
    const char   *person;
    jh_spell_kind kind;
    const char   *other; /* "" none */
    int32_t       from;  /* first day */
    int32_t       to;    /* last day, INT32_MAX: open, as RENAMED, MERGED and SPLIT always are */
} jh_spell;

typedef struct jh_roster {
    const jh_posting *postings; /* sorted by person (bytewise), then from; those of a person do not overlap in rosters
                                 * imported since 2026-11 */
    size_t            count;
    uint64_t          sequence; /* the ledger event it came from; 0: no roster */
    const jh_spell   *spells;   /* sorted by person (bytewise), then from, kind, other */
    size_t            spell_count;
    jh_notes          notes;    /* changes of the business, which explain volumes as changes of people do */
    const jh_spell  **renamed;  /* the RENAMED ones of the spells, by other; made by jh_roster_index */
    size_t            renamed_count;
} jh_roster;

/* Makes what is looked up beside the order of persons, in the arena. False: no memory. */
bool jh_roster_index(jh_roster *roster, jh_arena *arena);

const char *jh_spell_word(jh_spell_kind kind);    /* "leave": as in files and listings */
const char *jh_spell_word_zh(jh_spell_kind kind); /* "休假": files may say so too */

/* Indexes of the first posting and the first spell whose person is not before `person` in bytewise order. */
size_t jh_roster_find(const jh_roster *roster, const char *person, size_t len);
size_t jh_roster_find_spell(const jh_roster *roster, const char *person, size_t len);

/* The first day in (first, last] on which the person's unit or post differs from the posting before it. Someone whose
 * first posting begins in that time has changed too (joined). False: no change, or not in the roster. */
bool jh_roster_change(const jh_roster *roster, const char *person, size_t len, int32_t first, int32_t last,
                      int32_t *day);

/* The first day of the unbroken time, up to `day`, in which the person holds the unit and post of that day, under this id
 * or those it had before. False: no post on that day. */
bool jh_roster_since(const jh_roster *roster, const char *person, size_t len, int32_t day, int32_t *first);

/* The posting that counts for a person on a day: of those that hold, the last in the list, which began last. `next` is the
 * index of the person's first posting and becomes that of the next person's. NULL: none holds. */
const jh_posting *jh_roster_posting(const jh_roster *roster, size_t *next, int32_t day);

bool jh_roster_on_leave(const jh_roster *roster, const char *person, size_t len, int32_t day);

#endif
