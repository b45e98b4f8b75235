#include <stdlib.h>

#include "api/recorded.h"
#include "base/days.h"
#include "base/error.h"
#include "jihe/run.h"

/* Findings that rules made themselves: the hits of those with `expect: none`. They are what the run recorded, so
 * nothing is written for them. */

typedef struct finding_rows {
    jh_recorded recorded;
    size_t next;
    char date[16];
} finding_rows;

static void finding_free(void *self)
{
    finding_rows *rows = self;

    jh_recorded_deinit(&rows->recorded);
    free(rows);
}

static jihe_status finding_next(void *self, jh_out_cell *cells, jihe_error *err)
{
    finding_rows *rows = self;
    const jh_hits *hits = &rows->recorded.hits;
    const jh_run *run = rows->recorded.run;

    (void)err;
    while (rows->next < hits->hit_count && !run->rules[hits->hits[rows->next].rule].expect_none)
        rows->next++;
    if (rows->next == hits->hit_count)
        return JIHE_NOT_FOUND;
    const jh_hit *hit = &hits->hits[rows->next++];
    const jh_hit_document *document = &hits->documents[hit->document];

    jh_days_text(run->snapshots[document->snapshot].date, rows->date);
    cells[0] = jh_cell_str(document->id, document->id_len);
    cells[1] = jh_cell_text(rows->date);
    cells[2] = jh_cell_text("in-rule");
    cells[3] = jh_cell_text(run->rules[hit->rule].clause);
    cells[4] = jh_cell_text(run->rules[hit->rule].id);
    cells[5] = jh_cell_text(run->id);
    return JIHE_OK;
}

jihe_status jihe_run_findings(jihe_rows **out, jihe_workspace *workspace, const char *name, jihe_error *err)
{
    static const jh_rows_ops ops = {.next = finding_next, .free = finding_free};
    static const jh_out_column columns[] = {{"doc_id", "单据编号"}, {"date", "业务日期"}, {"class", "类别"},
                                            {"clause", "条款"},     {"rule", "规则"},     {"run", "批次"}};
    finding_rows *made = calloc(1, sizeof *made);
    jh_rows *rows;
    jihe_status st;

    *out = NULL;
    if (made == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "listing findings");
    if ((st = jh_recorded_find(&made->recorded, workspace, name, true, err)) != JIHE_OK) {
        free(made);
        return st;
    }
    if ((st = jh_rows_new(&rows, columns, sizeof columns / sizeof columns[0], &ops, made, err)) != JIHE_OK)
        return st;
    return jh_rows_publish(out, rows, err);
}
