#include <stdlib.h>
#include <string.h>

#include "api/evaluation.h"
#include "api/hit_reasons.h"
#include "api/recorded.h"
#include "api/run_assign.h"
#include "base/days.h"
#include "base/error.h"
#include "jihe/run.h"

/* The columns an inspector fills in; `record` reads them back by name. */
static const jh_out_column fill_in[] = {{"inspector", "稽核人"},  {"verdict", "结论"}, {"class", "类别"},
                                        {"clause", "条款"},       {"code", "差错码"},  {"responsible", "责任人"},
                                        {"severity", "严重程度"}, {"note", "说明"}};

enum { LEADING = 5, FILL_IN = sizeof fill_in / sizeof fill_in[0], LAST = 2 /* unassigned, why */ };

struct list {
    jh_recorded recorded; /* with its hits, unless they come as a stream */
    jh_run_stream stream; /* where the whole run is listed and its layout allows it */
    const jh_hits *hits;  /* those at hand */
    jh_snapshot **snapshots;
    const jh_zone *zone;
    size_t next;
    uint32_t turn;                 /* rows of that document that were given */
    jh_run_assignment *assignment; /* NULL: nothing is assigned */
    jh_hit_reasons reasons;        /* of a run that keeps what its flags found */
    bool *added;                   /* per document: it is listed; NULL: all are */
    struct own *own;               /* the documents' own columns, of the latest snapshot, without the id */
    size_t own_count;
    uint32_t snapshot, segment; /* where the views of own columns are; UINT32_MAX before the first document */
    double p_any;               /* what `probability` says */
    jh_buf rules, why;
    char date[16], probability[32];
};

struct own {
    const char *name;
    size_t column;    /* in the snapshot at hand; SIZE_MAX: an older one does not have it */
    bool is_text;     /* unpacked for the rows that are asked for */
    jh_col_view view; /* of the segment at hand, where it is no text */
    jh_col_room room; /* the part of a text that was looked at last */
    jh_buf buf;
};

static void list_free(void *self)
{
    struct list *list = self;

    for (size_t c = 0; c < list->own_count; c++) {
        jh_buf_deinit(&list->own[c].buf);
        jh_col_room_deinit(&list->own[c].room);
    }
    free(list->own);
    free(list->added);
    jh_run_assignment_free(list->assignment);
    jh_buf_deinit(&list->rules);
    jh_buf_deinit(&list->why);
    jh_hit_reasons_close(&list->reasons);
    if (list->recorded.run != NULL)
        jh_close_snapshots(list->snapshots, list->recorded.run->snapshot_count);
    jh_run_stream_close(&list->stream);
    jh_recorded_deinit(&list->recorded);
    free(list);
}

static void join_rules(struct list *list, const jh_hit_document *document)
{
    const jh_hits *hits = list->hits;

    jh_buf_clear(&list->rules);
    for (size_t i = 0; i < document->hit_count; i++) {
        const jh_hit *hit = &hits->hits[hits->by_document[document->first_hit + i]];

        if (i > 0)
            jh_buf_putc(&list->rules, '\x1F');
        jh_buf_puts(&list->rules, list->recorded.run->rules[hit->rule].id);
    }
}

/* The views of the own columns where the next documents are; documents come segment by segment. */
static jihe_status enter_segment(struct list *list, const jh_hit_document *document, jihe_error *err)
{
    const jh_snapshot *snapshot = list->snapshots[document->snapshot];
    const jh_schema *schema = jh_snapshot_schema(snapshot);
    jihe_status st = JIHE_OK;

    if (document->segment >= jh_snapshot_segments(snapshot))
        return jh_fail(err, JIHE_CORRUPT, "a hit points outside its snapshot");
    for (size_t c = 0; st == JIHE_OK && c < list->own_count; c++) {
        struct own *own = &list->own[c];

        if (document->snapshot != list->snapshot)
            own->column = jh_schema_find(schema, own->name, strlen(own->name));
        if (own->column == SIZE_MAX)
            continue;
        own->is_text = schema->columns[own->column].type == JH_ID || schema->columns[own->column].type == JH_TEXT;
        if (!own->is_text)
            st = jh_snapshot_column(snapshot, document->segment, own->column, NULL, &own->view, err);
    }
    jh_days_text(list->recorded.run->snapshots[document->snapshot].date, list->date);
    list->snapshot = document->snapshot;
    list->segment = document->segment;
    return st;
}

/* One of the document's own columns; absent from an older snapshot: no value. */
static jh_out_cell own_cell(struct list *list, const jh_hit_document *document, struct own *own, jihe_status *st,
                            jihe_error *err)
{
    const jh_snapshot *snapshot = list->snapshots[document->snapshot];
    uint32_t row = document->row;

    if (own->column == SIZE_MAX || *st != JIHE_OK)
        return jh_cell_none();
    if (own->is_text && (*st = jh_snapshot_row(snapshot, document->segment, document->row, own->column, &own->room,
                                               &own->view, &row, err)) != JIHE_OK)
        return jh_cell_none();
    return jh_document_cell(snapshot, list->zone, own->column, &own->view, row, &own->buf, st, err);
}

static void pass_document(struct list *list)
{
    if (list->reasons.run != NULL)
        jh_hit_reasons_pass(&list->reasons, list->hits, &list->hits->documents[list->next]);
    list->next++;
    list->turn = 0;
}

/* Moves on to the next row: a document, and who inspects it or why nobody does. JIHE_NOT_FOUND: there is none. */
static jihe_status next_row(struct list *list, const char **inspector, const char **unassigned, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    *inspector = *unassigned = NULL;
    while (st == JIHE_OK) {
        for (; list->next < list->hits->document_count; pass_document(list)) {
            if (list->added != NULL && !list->added[list->next])
                continue;
            if (list->assignment == NULL
                    ? list->turn++ == 0
                    : jh_run_assignment_row(list->assignment, list->next, &list->turn, inspector, unassigned))
                return JIHE_OK;
        }
        st = list->stream.run != NULL ? jh_run_stream_next(&list->stream, err) : JIHE_NOT_FOUND;
        list->next = 0;
        list->turn = 0;
    }
    return st;
}

static jihe_status why_cell(struct list *list, const jh_hit_document *document, jh_out_cell *cell, jihe_error *err)
{
    jh_buf_clear(&list->why);
    const jihe_status st = jh_hit_reasons_put(&list->why, &list->reasons, list->hits, document, err);

    if (st == JIHE_OK && list->why.failed)
        return jh_fail(err, JIHE_NO_MEMORY, "a line of the work list");
    *cell = list->why.len == 0 ? jh_cell_none() : jh_cell_text(jh_buf_text(&list->why));
    return st;
}

static jihe_status list_next(void *self, jh_out_cell *cells, jihe_error *err)
{
    struct list *list = self;
    const char *inspector, *unassigned;
    jihe_status st = next_row(list, &inspector, &unassigned, err);

    if (st != JIHE_OK)
        return st;
    const jh_hit_document *document = &list->hits->documents[list->next];

    if (document->snapshot != list->snapshot || document->segment != list->segment)
        st = enter_segment(list, document, err);
    if (st == JIHE_OK &&
        document->row >= jh_snapshot_segment_rows(list->snapshots[document->snapshot], document->segment))
        st = jh_fail(err, JIHE_CORRUPT, "a hit points outside its snapshot");
    if (st != JIHE_OK)
        return st;
    join_rules(list, document);
    if (document->p_any != list->p_any)
        jh_share_text(document->p_any, 9, list->probability);
    list->p_any = document->p_any;
    cells[0] = jh_cell_str(document->id, document->id_len);
    cells[1] = jh_cell_text(list->recorded.run->id);
    cells[2] = jh_cell_text(list->date);
    cells[3] = (jh_out_cell){.kind = JH_CELL_LIST, .text = jh_buf_text(&list->rules), .len = list->rules.len};
    cells[4] = jh_cell_number(list->probability);
    for (size_t c = 0; c < list->own_count; c++)
        cells[LEADING + c] = own_cell(list, document, &list->own[c], &st, err);
    for (size_t c = 0; c < FILL_IN; c++)
        cells[LEADING + list->own_count + c] = jh_cell_none();
    if (inspector != NULL)
        cells[LEADING + list->own_count] = jh_cell_text(inspector);
    size_t last = LEADING + list->own_count + FILL_IN;

    if (jh_run_assignment_is_whole(list->assignment))
        cells[last++] = unassigned == NULL ? jh_cell_none() : jh_cell_text(unassigned);
    if (st == JIHE_OK && list->reasons.run != NULL)
        st = why_cell(list, document, &cells[last], err);
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
            list->own[list->own_count++].name = schema->columns[c].name;
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

    for (size_t c = 0; c < list->own_count; c++)
        columns[LEADING + c] = (jh_out_column){.name = list->own[c].name};
    memcpy(columns + LEADING + list->own_count, fill_in, sizeof fill_in);
    size_t count = LEADING + list->own_count + FILL_IN;

    if (jh_run_assignment_is_whole(list->assignment))
        columns[count++] = (jh_out_column){"unassigned", "未分配"};
    if (list->reasons.run != NULL)
        columns[count++] = (jh_out_column){"why", "入选理由"};
    const jihe_status st = jh_rows_new(&rows, columns, count, &ops, list, err);

    return st != JIHE_OK ? st : jh_rows_publish(out, rows, err);
}

/* All hits at once where `whole`; else as they come, if they can. */
static jihe_status open_hits(struct list *list, bool whole, jihe_error *err)
{
    jh_recorded *recorded = &list->recorded;
    uint64_t added;
    jihe_status st;

    if (!whole && recorded->run->layout >= 3 && recorded->run->extends[0] == '\0') {
        list->hits = &list->stream.hits;
        return jh_run_stream_open(&list->stream, recorded->ledger, recorded->run, err);
    }
    list->hits = &recorded->hits;
    if ((st = jh_run_hits(&recorded->hits, recorded->ledger, recorded->run, err)) != JIHE_OK)
        return st;
    return jh_run_added(&list->added, &added, recorded->run, &recorded->hits, &recorded->runs, recorded->ledger, err);
}

/* Everything but the assignment; *out is NULL on failure. */
static jihe_status list_open(struct list **out, const jihe_workspace *workspace, const char *name, bool whole,
                             jihe_error *err)
{
    struct list *list = calloc(1, sizeof *list);
    jihe_status st;

    *out = NULL;
    if (list == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "a work list");
    list->zone = workspace->config.zone;
    list->snapshot = list->segment = UINT32_MAX;
    list->p_any = -1.0;
    if ((st = jh_recorded_find(&list->recorded, workspace, name, false, err)) == JIHE_OK &&
        (st = open_hits(list, whole, err)) == JIHE_OK &&
        (!list->recorded.run->keeps_flags ||
         (st = jh_hit_reasons_open(&list->reasons, list->recorded.ledger, list->recorded.run, err)) == JIHE_OK))
        st = jh_open_snapshots(&list->snapshots, workspace->path, list->recorded.run->snapshots,
                               list->recorded.run->snapshot_count, err);
    if (st == JIHE_OK) {
        list->own = calloc(JH_MAX_COLUMNS, sizeof *list->own);
        if (list->own == NULL)
            st = jh_fail(err, JIHE_NO_MEMORY, "a work list");
        else
            choose_columns(list);
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
    const jihe_status st = list_open(&list, workspace, name, false, err);

    *out = NULL;
    return st != JIHE_OK ? st : list_rows(out, list, err);
}

jihe_status jihe_worklist_assign(jihe_rows **list, jihe_rows **effect, jihe_assigned *summary,
                                 jihe_workspace *workspace, const char *name, const jihe_assign_options *options,
                                 jihe_error *err)
{
    struct list *work;
    jihe_status st = list_open(&work, workspace, name, true, err);

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
