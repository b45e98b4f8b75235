#include <stdlib.h>
#include <string.h>

#include "api/evaluation.h"
#include "api/recorded.h"
#include "api/run_assign.h"
#include "base/days.h"
#include "base/error.h"
#include "jihe/run.h"

/* The columns an inspector fills in; `record` reads them back by name. */
static const jh_out_column fill_in[] = {{"inspector", "稽核人"},  {"verdict", "结论"}, {"class", "类别"},
                                        {"clause", "条款"},       {"code", "差错码"},  {"responsible", "责任人"},
                                        {"severity", "严重程度"}, {"note", "说明"}};

enum { LEADING = 5, FILL_IN = sizeof fill_in / sizeof fill_in[0], LAST = 1 /* unassigned */ };

struct list {
    jh_recorded recorded;
    jh_snapshot **snapshots;
    const jh_zone *zone;
    size_t next;
    uint32_t turn;                     /* rows of that document that were given */
    jh_run_assignment *assignment;     /* NULL: nothing is assigned */
    bool *added;                       /* per document: it is listed */
    const char *names[JH_MAX_COLUMNS]; /* the documents' own columns, of the latest snapshot, without the id */
    size_t name_count;
    jh_buf *bufs;       /* per own column */
    jh_col_room *rooms; /* likewise: the part of a text that was looked at last */
    jh_buf rules;
    char date[16], probability[32];
};

static void list_free(void *self)
{
    struct list *list = self;

    for (size_t c = 0; list->bufs != NULL && c < list->name_count; c++)
        jh_buf_deinit(&list->bufs[c]);
    for (size_t c = 0; list->rooms != NULL && c < list->name_count; c++)
        jh_col_room_deinit(&list->rooms[c]);
    free(list->bufs);
    free(list->added);
    jh_run_assignment_free(list->assignment);
    free(list->rooms);
    jh_buf_deinit(&list->rules);
    if (list->recorded.run != NULL)
        jh_close_snapshots(list->snapshots, list->recorded.run->snapshot_count);
    jh_recorded_deinit(&list->recorded);
    free(list);
}

static void join_rules(struct list *list, const jh_hit_document *document)
{
    const jh_hits *hits = &list->recorded.hits;

    jh_buf_clear(&list->rules);
    for (size_t i = 0; i < document->hit_count; i++) {
        const jh_hit *hit = &hits->hits[hits->by_document[document->first_hit + i]];

        if (i > 0)
            jh_buf_putc(&list->rules, '\x1F');
        jh_buf_puts(&list->rules, list->recorded.run->rules[hit->rule].id);
    }
}

/* One of the document's own columns; absent from an older snapshot: no value. */
static jh_out_cell own_cell(struct list *list, const jh_hit_document *document, size_t name, jihe_status *st,
                            jihe_error *err)
{
    const jh_snapshot *snapshot = list->snapshots[document->snapshot];
    const size_t column = jh_schema_find(jh_snapshot_schema(snapshot), list->names[name], strlen(list->names[name]));
    jh_col_view view;
    uint32_t row;

    if (column == SIZE_MAX || *st != JIHE_OK)
        return jh_cell_none();
    if (document->segment >= jh_snapshot_segments(snapshot) ||
        document->row >= jh_snapshot_segment_rows(snapshot, document->segment)) {
        *st = jh_fail(err, JIHE_CORRUPT, "a hit points outside its snapshot");
        return jh_cell_none();
    }
    if ((*st = jh_snapshot_row(snapshot, document->segment, document->row, column, &list->rooms[name], &view, &row,
                               err)) != JIHE_OK)
        return jh_cell_none();
    return jh_document_cell(snapshot, list->zone, column, &view, row, &list->bufs[name], st, err);
}

/* Moves on to the next row: a document, and who inspects it. False: there is none. */
static bool next_row(struct list *list, const char **inspector, const char **why)
{
    *inspector = *why = NULL;
    for (; list->next < list->recorded.hits.document_count; list->next++, list->turn = 0) {
        if (!list->added[list->next])
            continue;
        if (list->assignment == NULL ? list->turn++ == 0
                                     : jh_run_assignment_row(list->assignment, list->next, &list->turn, inspector, why))
            return true;
    }
    return false;
}

static jihe_status list_next(void *self, jh_out_cell *cells, jihe_error *err)
{
    struct list *list = self;
    const char *inspector, *why;
    jihe_status st = JIHE_OK;

    if (!next_row(list, &inspector, &why))
        return JIHE_NOT_FOUND;
    const jh_hit_document *document = &list->recorded.hits.documents[list->next];

    join_rules(list, document);
    jh_days_text(list->recorded.run->snapshots[document->snapshot].date, list->date);
    jh_share_text(document->p_any, 9, list->probability);
    cells[0] = jh_cell_str(document->id, document->id_len);
    cells[1] = jh_cell_text(list->recorded.run->id);
    cells[2] = jh_cell_text(list->date);
    cells[3] = (jh_out_cell){.kind = JH_CELL_LIST, .text = jh_buf_text(&list->rules), .len = list->rules.len};
    cells[4] = jh_cell_number(list->probability);
    for (size_t c = 0; c < list->name_count; c++)
        cells[LEADING + c] = own_cell(list, document, c, &st, err);
    for (size_t c = 0; c < FILL_IN; c++)
        cells[LEADING + list->name_count + c] = jh_cell_none();
    if (inspector != NULL)
        cells[LEADING + list->name_count] = jh_cell_text(inspector);
    if (jh_run_assignment_is_whole(list->assignment))
        cells[LEADING + list->name_count + FILL_IN] = why == NULL ? jh_cell_none() : jh_cell_text(why);
    if (list->rules.failed)
        return jh_fail(err, JIHE_NO_MEMORY, "a line of the work list");
    return st;
}

/* The documents' own columns as the run's last snapshot names them. */
static void choose_columns(struct list *list)
{
    const jh_schema *schema = jh_snapshot_schema(list->snapshots[list->recorded.run->snapshot_count - 1]);

    for (size_t c = 0; c < schema->count; c++)
        if (c != schema->id)
            list->names[list->name_count++] = schema->columns[c].name;
}

static jihe_status list_rows(jihe_rows **out, struct list *list, jihe_error *err)
{
    static const jh_rows_ops ops = {.next = list_next, .free = list_free};
    jh_out_column columns[LEADING + JH_MAX_COLUMNS + FILL_IN + LAST] = {{"doc_id", "单据编号"},
                                                                        {"run", "运行"},
                                                                        {"snapshot_date", "业务日期"},
                                                                        {"rules", "规则"},
                                                                        {"probability", "入样概率"}};
    jh_rows *rows;

    for (size_t c = 0; c < list->name_count; c++)
        columns[LEADING + c] = (jh_out_column){.name = list->names[c]};
    memcpy(columns + LEADING + list->name_count, fill_in, sizeof fill_in);
    size_t count = LEADING + list->name_count + FILL_IN;

    if (jh_run_assignment_is_whole(list->assignment))
        columns[count++] = (jh_out_column){"unassigned", "未分配"};
    const jihe_status st = jh_rows_new(&rows, columns, count, &ops, list, err);

    return st != JIHE_OK ? st : jh_rows_publish(out, rows, err);
}

/* Everything but the assignment; *out is NULL on failure. */
static jihe_status list_open(struct list **out, const jihe_workspace *workspace, const char *name, jihe_error *err)
{
    struct list *list = calloc(1, sizeof *list);
    uint64_t added;
    jihe_status st;

    *out = NULL;
    if (list == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "a work list");
    list->zone = workspace->config.zone;
    if ((st = jh_recorded_find(&list->recorded, workspace, name, true, err)) == JIHE_OK &&
        (st = jh_run_added(&list->added, &added, list->recorded.run, &list->recorded.hits, &list->recorded.runs,
                           list->recorded.ledger, err)) == JIHE_OK)
        st = jh_open_snapshots(&list->snapshots, workspace->path, list->recorded.run->snapshots,
                               list->recorded.run->snapshot_count, err);
    if (st == JIHE_OK) {
        choose_columns(list);
        list->bufs = calloc(list->name_count + 1, sizeof *list->bufs);
        list->rooms = calloc(list->name_count + 1, sizeof *list->rooms);
        if (list->bufs == NULL || list->rooms == NULL)
            st = jh_fail(err, JIHE_NO_MEMORY, "a work list");
    }
    if (st != JIHE_OK)
        list_free(list);
    else
        *out = list;
    return st;
}

jihe_status jihe_worklist(jihe_rows **out, jihe_workspace *workspace, const char *name, jihe_error *err)
{
    struct list *list;
    const jihe_status st = list_open(&list, workspace, name, err);

    *out = NULL;
    return st != JIHE_OK ? st : list_rows(out, list, err);
}

jihe_status jihe_worklist_assign(jihe_rows **list, jihe_rows **effect, jihe_assigned *summary,
                                 jihe_workspace *workspace, const char *name, const jihe_assign_options *options,
                                 jihe_error *err)
{
    struct list *work;
    jihe_status st = list_open(&work, workspace, name, err);

    if (list != NULL)
        *list = NULL;
    if (effect != NULL)
        *effect = NULL;
    *summary = (jihe_assigned){0};
    if (st != JIHE_OK)
        return st;
    if ((st = jh_run_assign(&work->assignment, &work->recorded, work->added, work->snapshots, options, err)) ==
        JIHE_OK) {
        *summary = *jh_run_assignment_summary(work->assignment);
        if (effect != NULL)
            st = jh_run_assignment_effect(effect, &summary->effects, work->assignment, &work->recorded, work->added,
                                          err);
    }
    if (st != JIHE_OK || list == NULL) {
        list_free(work);
        return st;
    }
    if ((st = list_rows(list, work, err)) != JIHE_OK && effect != NULL) {
        jihe_rows_free(*effect);
        *effect = NULL;
    }
    return st;
}
