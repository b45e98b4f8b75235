#ifndef JH_API_ROSTER_FILE_H
#define JH_API_ROSTER_FILE_H

#include "base/arena.h"
#include "base/error.h"
#include "rule/roster.h"

/* A roster as people export it: CSV, one row for each post held, leave, covering or change of an id. */

enum roster_column {
    JH_ROSTER_PERSON,
    JH_ROSTER_UNIT,
    JH_ROSTER_POST,
    JH_ROSTER_FROM,
    JH_ROSTER_TO,
    JH_ROSTER_CAPACITY,
    JH_ROSTER_TYPES,
    JH_ROSTER_CALENDAR,
    JH_ROSTER_KIND,
    JH_ROSTER_OTHER,
    JH_ROSTER_COLUMNS,
    JH_ROSTER_REQUIRED = JH_ROSTER_CAPACITY
};

typedef struct jh_roster_place { /* of a row, for messages */
    uint32_t line;
    uint32_t columns[JH_ROSTER_COLUMNS]; /* in characters, from 1 */
} jh_roster_place;

typedef struct jh_posting_row {
    jh_posting      posting;
    jh_roster_place place;
} jh_posting_row;

typedef struct jh_spell_row {
    jh_spell        spell;
    jh_roster_place place;
} jh_spell_row;

typedef struct jh_roster_rows {
    const char     *path;
    char            sha256[65]; /* of the file */
    jh_posting_row *postings;
    size_t          posting_count;
    jh_spell_row   *spells;
    size_t          spell_count;
} jh_roster_rows;

/* Each row by itself; in the order of the file. Everything lives in the arena. JIHE_DATA with file, line and column. */
jihe_status jh_roster_read(jh_roster_rows *out, const char *path, jh_arena *arena, jihe_error *err);

/* The rows together: sorted as jh_roster has them, an open posting ended by the next one of the person, rows given twice
 * dropped. JIHE_DATA at the first thing that cannot be: posts that contradict each other, leave without a post, somebody
 * standing in for nobody, ids that go round in a circle ... */
jihe_status jh_roster_settle(jh_roster *out, jh_roster_rows *rows, jh_arena *arena, jihe_error *err);

/* The name in the roster that is most like `person`; NULL: none is, or no memory. */
const char *jh_roster_nearest(const jh_roster *roster, const char *person, jh_arena *arena);

/* Weekdays as files and listings have them: "123456" is Monday to Saturday; "" none. `out` needs 8 bytes. */
const char *jh_weekdays_text(uint8_t weekdays, char out[8]);

#endif
