#ifndef JIHE_NOTE_H
#define JIHE_NOTE_H

#include "jihe/workspace.h"

JIHE_BEGIN

/* Dated notes on the business: a new subsidiary, a migration, a bulk import. */

typedef struct jihe_note {
    uint32_t size;      /**< sizeof(jihe_note) */
    const char *text;
    const char *from;   /**< YYYY-MM-DD */
    const char *to;     /**< last day; NULL: for good, things are different since `from` */
    const char *unit, *person, *type; /**< whom it concerns: one of them, or all NULL: everybody */
    int mark_only;      /**< only marks the trend; excuses nobody from being tested */
} jihe_note;

/** Records a note. People in its scope are not tested for changes of volume that the note may explain.
 *  @param[out] number  its number
 *  @param[out] is_new  0: a note in force says exactly this, nothing was written */
JIHE_API jihe_status jihe_note_add(uint64_t *number, int *is_new, jihe_workspace *workspace, const jihe_note *note,
                                   jihe_error *err);

/** A note that should not count any more. It stays in the ledger, and so does the withdrawal; runs made before keep it.
 *  @retval JIHE_NOT_FOUND  no such note, or withdrawn already */
JIHE_API jihe_status jihe_note_withdraw(jihe_workspace *workspace, uint64_t number, const char *reason, jihe_error *err);

/** note, from, to, scope (all, unit, person, type), of, excuses, text, recorded, withdrawn (the event; none: in force). */
JIHE_API jihe_status jihe_note_list(jihe_rows **out, jihe_workspace *workspace, jihe_error *err);

JIHE_END

#endif
