#ifndef JH_API_API_INT_H
#define JH_API_API_INT_H

/* Shared by the .c files of engine/api only. */

#include "base/file.h"
#include "config/workspace.h"
#include "jihe/rows.h"
#include "jihe/workspace.h"
#include "ledger/ledger.h"
#include "report/rows.h"
#include "rule/rulefile.h"
#include "snapshot/snapshot.h"

struct jihe_workspace {
    char               *path;
    jh_workspace_config config;
    uint32_t            threads; /* 1.. */
    int64_t             now;     /* negative: the clock */
};

/* WORKSPACE/`name` in malloc'ed memory. NULL: no memory. */
char *jh_workspace_file(const char *workspace, const char *name);

int64_t jh_workspace_now(const jihe_workspace *workspace);
int32_t jh_workspace_day(const jihe_workspace *workspace, int64_t at); /* the date there at unix second `at` */

/* Lock and ledger for a command that writes; both are let go by jh_writing_end. */
typedef struct jh_writing {
    jh_lock    lock;
    jh_ledger *ledger;
} jh_writing;
jihe_status jh_writing_begin(jh_writing *out, const jihe_workspace *workspace, jihe_error *err);
void        jh_writing_end(jh_writing *writing);

/* Only the lock, for commands that do not touch the ledger. */
jihe_status jh_workspace_lock(jh_lock *lock, const jihe_workspace *workspace, jihe_error *err);

/* YYYY-MM-DD, or JIHE_USAGE naming `what`. */
jihe_status jh_parse_date(const char *text, const char *what, int32_t *day, jihe_error *err);

/* The same for the two ends of a period; JIHE_USAGE too when it ends before it begins. */
jihe_status jh_parse_period(const char *from, const char *to, const char *what, int32_t *first, int32_t *last,
                            jihe_error *err);

/* WORKSPACE/rules/, not checked against the columns. */
jihe_status jh_workspace_rules(jh_rules *out, const jihe_workspace *workspace, jihe_error *err);

/* Takes `rows` over. */
jihe_status jh_rows_publish(jihe_rows **out, jh_rows *rows, jihe_error *err);
/* Takes `grid` over; passes `st` through when it is not JIHE_OK. */
jihe_status jh_grid_publish(jihe_rows **out, jh_grid *grid, jihe_status st, jihe_error *err);

/* A proportion with up to `digits` decimals, trailing zeros removed: "0.1", "1", "0.033333333". `out` needs 32 bytes.
 */
void jh_share_text(double share, int digits, char *out);

/* The values of a list as an extract of the column has them, behind what `out` holds. */
void jh_list_show(jh_buf *out, const jh_column *column, const char *text, size_t len);

/* One cell of a stored document as text, into *buf where it must be made. */
jh_out_cell jh_document_cell(const jh_snapshot *snapshot, const jh_zone *zone, size_t column, const jh_col_view *view,
                             uint32_t row, jh_buf *buf, jihe_status *st, jihe_error *err);

/* A draw in a few words: "10% by team; at least 5". */
void jh_describe_draw(jh_buf *out, const jh_draw *draw);

#endif
