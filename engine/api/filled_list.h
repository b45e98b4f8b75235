#ifndef JH_API_FILLED_LIST_H
#define JH_API_FILLED_LIST_H

#include "api/api_int.h"
#include "base/arena.h"
#include "ledger/inspections.h"
#include "sample/keymap.h"

/* A filled work list as a file: read whole and checked before anything is recorded. */

typedef struct jh_filled_row { /* one inspector's answer on one document, findings gathered from its rows */
    jh_inspection inspection; /* doc_id, inspector, findings; the rest is filled in by the caller */
    const char   *run;        /* as written, "" when the file does not say */
    int32_t       date;       /* INT32_MIN when the file does not say */
    uint32_t      line, column; /* of the document's id, for messages */
    bool          passed;
    size_t        finding_room;
} jh_filled_row;

typedef struct jh_filled_list {
    jh_filled_row *rows; /* malloc; in the order of the file */
    size_t         count, room;
    jh_keymap      index; /* hash of document, inspector, run and date -> row number + 1 */
    uint64_t       file_rows, blank;
    char           sha256[65];
} jh_filled_list;

/* JIHE_DATA with file, line and column for the first wrong row. Texts live in the arena. */
jihe_status jh_filled_list_read(jh_filled_list *out, const char *path, jh_arena *arena, jihe_error *err);
void        jh_filled_list_deinit(jh_filled_list *list);

#endif
