#ifndef JH_RULE_NOTE_H
#define JH_RULE_NOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Dated notes on the business: a new subsidiary, a migration, a bulk import. */

typedef enum jh_note_scope { JH_NOTE_ALL, JH_NOTE_UNIT, JH_NOTE_PERSON, JH_NOTE_TYPE, JH_NOTE_SCOPES } jh_note_scope;

typedef struct jh_note {
    uint64_t      sequence; /* ledger event: its number to the user */
    int64_t       at;       /* unix seconds, when it was written down: a comment */
    jh_note_scope scope;
    const char   *of;       /* the unit, person or document type; "" for all */
    int32_t       from;
    int32_t       to;       /* last day; INT32_MAX: for good, things are different since `from` */
    bool          excuses;  /* explains changes of volume; false: only a mark in the trend */
    const char   *text;
    uint64_t      withdrawn; /* ledger event of its withdrawal; 0: in force */
} jh_note;

typedef struct jh_notes {
    const jh_note *notes; /* in order of recording */
    size_t         count;
    uint64_t       sequence; /* the last ledger event about notes that went in; 0: there is none */
} jh_notes;

const char *jh_note_scope_word(jh_note_scope scope); /* "all", "unit", "person", "type" */

#endif
