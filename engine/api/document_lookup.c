#include "api/document_lookup.h"

#include <stdlib.h>
#include <string.h>

#include "api/evaluation.h"
#include "base/error.h"
#include "base/text.h"

void jh_lookup_deinit(jh_document_lookup *lookup)
{
    for (size_t r = 0; lookup->hits != NULL && r < lookup->runs.count; r++) {
        if (lookup->loaded[r])
            jh_hits_deinit(&lookup->hits[r]);
        free(lookup->order[r]);
        if (lookup->snapshots[r] != NULL)
            jh_close_snapshots(lookup->snapshots[r], lookup->runs.runs[r].snapshot_count);
    }
    free(lookup->hits);
    free(lookup->loaded);
    free(lookup->order);
    free(lookup->snapshots);
    *lookup = (jh_document_lookup){0};
}

jihe_status jh_lookup_init(jh_document_lookup *lookup, jh_ledger *ledger, const jihe_workspace *workspace,
                           jh_arena *arena, jihe_error *err)
{
    *lookup = (jh_document_lookup){.ledger = ledger, .workspace = workspace};
    const jihe_status st = jh_runs_load(&lookup->runs, ledger, arena, err);

    if (st != JIHE_OK)
        return st;
    lookup->hits = calloc(lookup->runs.count + 1, sizeof *lookup->hits);
    lookup->loaded = calloc(lookup->runs.count + 1, sizeof *lookup->loaded);
    lookup->order = calloc(lookup->runs.count + 1, sizeof *lookup->order);
    lookup->snapshots = calloc(lookup->runs.count + 1, sizeof *lookup->snapshots);
    if (lookup->hits != NULL && lookup->loaded != NULL && lookup->order != NULL && lookup->snapshots != NULL)
        return JIHE_OK;
    lookup->runs.count = 0; /* nothing is in the arrays yet */
    jh_lookup_deinit(lookup);
    return jh_fail(err, JIHE_NO_MEMORY, "looking up documents");
}

static int order_by_id(const void *a, const void *b, void *context)
{
    const jh_hits *hits = context;
    const jh_hit_document *x = &hits->documents[*(const uint32_t *)a], *y = &hits->documents[*(const uint32_t *)b];
    const int order = jh_text_compare(x->id, x->id_len, y->id, y->id_len);

    return order != 0 ? order : (x->snapshot > y->snapshot) - (x->snapshot < y->snapshot);
}

static jihe_status load_hits(jh_document_lookup *lookup, size_t run, jihe_error *err)
{
    if (lookup->loaded[run])
        return JIHE_OK;
    jh_hits *hits = &lookup->hits[run];
    const jihe_status st = jh_run_hits(hits, lookup->ledger, &lookup->runs.runs[run], err);

    if (st != JIHE_OK)
        return st;
    lookup->loaded[run] = true;
    lookup->order[run] = calloc(hits->document_count + 1, sizeof **lookup->order);
    if (lookup->order[run] == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "looking up documents");
    for (size_t d = 0; d < hits->document_count; d++)
        lookup->order[run][d] = (uint32_t)d;
    qsort_r(lookup->order[run], hits->document_count, sizeof **lookup->order, order_by_id, hits);
    return JIHE_OK;
}

/* The document of this id in the run, of this date where one is given (otherwise of the latest). NULL: not on its list.
 */
static const jh_hit_document *find_document(const jh_document_lookup *lookup, size_t run, const char *id, int32_t date)
{
    const jh_hits *hits = &lookup->hits[run];
    const jh_hit_document *found = NULL;
    size_t low = 0, high = hits->document_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const jh_hit_document *document = &hits->documents[lookup->order[run][middle]];

        if (jh_text_compare(document->id, document->id_len, id, strlen(id)) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < hits->document_count; low++) {
        const jh_hit_document *document = &hits->documents[lookup->order[run][low]];

        if (jh_text_compare(document->id, document->id_len, id, strlen(id)) != 0)
            break;
        if (date == INT32_MIN || lookup->runs.runs[run].snapshots[document->snapshot].date == date)
            found = document;
    }
    return found;
}

/* Which run and document a filled row is about: the run it names, else the latest run that has it. */
static jihe_status locate(jh_document_lookup *lookup, const jh_filled_row *row, const char *path, size_t *run,
                          const jh_hit_document **document, jihe_error *err)
{
    for (size_t r = lookup->runs.count; r-- > 0;) {
        if (row->run[0] != '\0' && strcmp(lookup->runs.runs[r].id, row->run) != 0)
            continue;
        const jihe_status st = load_hits(lookup, r, err);

        if (st != JIHE_OK)
            return st;
        if ((*document = find_document(lookup, r, row->inspection.doc_id, row->date)) != NULL) {
            *run = r;
            return JIHE_OK;
        }
    }
    char quoted[64], named[64];

    jh_text_quote(row->inspection.doc_id, strlen(row->inspection.doc_id), quoted, sizeof quoted);
    jh_text_quote(row->run, strlen(row->run), named, sizeof named);
    return jh_fail_at(err, JIHE_DATA, path, row->line, row->column, "document '%s' is not on the work list of %s%s%s",
                      quoted, row->run[0] == '\0' ? "any recorded run" : "run '", named,
                      row->run[0] == '\0' ? "" : "'");
}

static jihe_status copy_attribute(jh_attribute *out, const jh_snapshot *snapshot, size_t column,
                                  const jh_hit_document *document, jh_arena *arena, jihe_error *err)
{
    const jh_column *declared = &jh_snapshot_schema(snapshot)->columns[column];
    jh_col_view view;
    jh_dict_view dict;
    jihe_status st;

    out->column = jh_arena_text(arena, declared->name, strlen(declared->name));
    out->person = (declared->roles & JH_ROLE_PERSON) != 0;
    if (out->column == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "copying a document's values");
    if ((st = jh_snapshot_column(snapshot, document->segment, column, NULL, &view, err)) != JIHE_OK ||
        (st = jh_snapshot_dict(snapshot, column, &dict, err)) != JIHE_OK)
        return st;
    if (document->row >= view.rows)
        return jh_fail(err, JIHE_CORRUPT, "a hit points outside its snapshot");
    if (!jh_col_present(&view, document->row))
        return JIHE_OK;
    const int64_t code = jh_col_number(&view, document->row);
    const char *text = dict.bytes + dict.offsets[code];
    const size_t len = dict.offsets[code + 1] - dict.offsets[code];
    jh_buf shown = {0};

    if (declared->list != NULL)
        jh_list_show(&shown, declared, text, len);
    out->value = shown.failed ? NULL
                              : jh_arena_text(arena, declared->list != NULL ? (const char *)shown.bytes : text,
                                              declared->list != NULL ? shown.len : len);
    jh_buf_deinit(&shown);
    return out->value == NULL ? jh_fail(err, JIHE_NO_MEMORY, "copying a document's values") : JIHE_OK;
}

/* The document's category values, as of the snapshot the run used. */
static jihe_status copy_attributes(jh_document_lookup *lookup, size_t run, const jh_hit_document *document,
                                   jh_inspection *inspection, jh_arena *arena, jihe_error *err)
{
    const jh_run *of = &lookup->runs.runs[run];
    jihe_status st = JIHE_OK;

    if (lookup->snapshots[run] == NULL && (st = jh_open_snapshots(&lookup->snapshots[run], lookup->workspace->path,
                                                                  of->snapshots, of->snapshot_count, err)) != JIHE_OK)
        return st;
    const jh_snapshot *snapshot = lookup->snapshots[run][document->snapshot];
    const jh_schema *schema = jh_snapshot_schema(snapshot);

    if (document->segment >= jh_snapshot_segments(snapshot))
        return jh_fail(err, JIHE_CORRUPT, "a hit points outside its snapshot");
    inspection->attributes = JH_NEW(arena, jh_attribute, schema->count);
    if (inspection->attributes == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "copying a document's values");
    for (size_t c = 0; st == JIHE_OK && c < schema->count; c++)
        if (schema->columns[c].type == JH_CATEGORY)
            st = copy_attribute(&inspection->attributes[inspection->attribute_count++], snapshot, c, document, arena,
                                err);
    return st;
}

jihe_status jh_lookup_complete(jh_document_lookup *lookup, jh_filled_row *row, const char *path, jh_arena *arena,
                               jihe_error *err)
{
    const jh_hit_document *document = NULL;
    size_t run = 0;
    const jihe_status st = locate(lookup, row, path, &run, &document, err);

    if (st != JIHE_OK)
        return st;
    row->inspection.run = lookup->runs.runs[run].id;
    row->inspection.date = lookup->runs.runs[run].snapshots[document->snapshot].date;
    return copy_attributes(lookup, run, document, &row->inspection, arena, err);
}
