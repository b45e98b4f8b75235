#include "jihe/findings.h"

#include <stdlib.h>
#include <string.h>

#include "api/api_int.h"
#include "api/document_lookup.h"
#include "api/filled_list.h"
#include "base/error.h"

static int order_subjects(const void *a, const void *b)
{
    const jh_inspection *x = *(const jh_inspection *const *)a, *y = *(const jh_inspection *const *)b;
    int order = strcmp(x->doc_id, y->doc_id);

    if (order == 0)
        order = (x->date > y->date) - (x->date < y->date);
    if (order == 0)
        order = strcmp(x->inspector, y->inspector);
    return order != 0 ? order : (x->sequence > y->sequence) - (x->sequence < y->sequence);
}

/* The last recorded inspection of the same document by the same inspector, or NULL. */
static const jh_inspection *last_of(const jh_inspection *const *sorted, size_t count, const jh_inspection *like)
{
    jh_inspection key = *like;
    const jh_inspection *wanted = &key;
    size_t low = 0, high = count;

    key.sequence = UINT64_MAX;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (order_subjects(&sorted[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return NULL;
    const jh_inspection *last = sorted[low - 1];

    return strcmp(last->doc_id, like->doc_id) == 0 && last->date == like->date &&
                   strcmp(last->inspector, like->inspector) == 0
               ? last
               : NULL;
}

/* Copies to `fresh` what was not recorded before in the same words. */
static jihe_status keep_fresh(jh_inspection *fresh, size_t *count, const jh_filled_list *list,
                              const jh_inspections *known, jihe_error *err)
{
    const jh_inspection **sorted = calloc(known->count + 1, sizeof *sorted);

    if (sorted == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "recording inspections");
    for (size_t i = 0; i < known->count; i++)
        sorted[i] = &known->all[i];
    if (known->count > 0)
        qsort(sorted, known->count, sizeof *sorted, order_subjects);
    *count = 0;
    for (size_t i = 0; i < list->count; i++) {
        const jh_inspection *last = last_of(sorted, known->count, &list->rows[i].inspection);

        if (last == NULL || !jh_inspection_same(last, &list->rows[i].inspection))
            fresh[(*count)++] = list->rows[i].inspection;
    }
    free(sorted);
    return JIHE_OK;
}

static bool is_own(const jh_inspection *inspection)
{
    for (size_t a = 0; a < inspection->attribute_count; a++) {
        const jh_attribute *attribute = &inspection->attributes[a];

        if (attribute->person && attribute->value != NULL && strcmp(attribute->value, inspection->inspector) == 0)
            return true;
    }
    return false;
}

static jihe_status save_fresh(jihe_record_summary *summary, const jihe_workspace *workspace, jh_ledger *ledger,
                              const jh_filled_list *list, jh_arena *arena, jihe_error *err)
{
    jh_inspection *fresh = calloc(list->count + 1, sizeof *fresh);
    jh_inspections known;
    size_t count = 0;
    jihe_status st = fresh == NULL ? jh_fail(err, JIHE_NO_MEMORY, "recording inspections")
                                   : jh_inspections_load(&known, ledger, arena, err);

    if (st == JIHE_OK)
        st = keep_fresh(fresh, &count, list, &known, err);
    if (st == JIHE_OK && count > 0)
        st = jh_inspections_save(ledger, fresh, count, list->sha256, jh_workspace_now(workspace), err);
    if (st == JIHE_OK) {
        summary->recorded = count;
        summary->already = list->count - count;
        for (size_t i = 0; i < count; i++) {
            summary->findings += fresh[i].finding_count;
            summary->own += is_own(&fresh[i]);
        }
    }
    free(fresh);
    return st;
}

static jihe_status record(jihe_record_summary *summary, const jihe_workspace *workspace, jh_ledger *ledger,
                          jh_filled_list *list, const char *path, jh_arena *arena, jihe_error *err)
{
    jh_document_lookup lookup;
    jihe_status st = jh_lookup_init(&lookup, ledger, workspace, arena, err);

    if (st != JIHE_OK)
        return st;
    for (size_t i = 0; st == JIHE_OK && i < list->count; i++)
        st = jh_lookup_complete(&lookup, &list->rows[i], path, arena, err);
    jh_lookup_deinit(&lookup);
    return st == JIHE_OK ? save_fresh(summary, workspace, ledger, list, arena, err) : st;
}

jihe_status jihe_record(jihe_record_summary *summary, jihe_workspace *workspace, const char *file, jihe_error *err)
{
    jh_filled_list list;
    jh_writing writing;
    jh_arena arena;

    memset(summary, 0, sizeof *summary);
    jh_arena_init(&arena, 1 << 18);
    jihe_status st = jh_filled_list_read(&list, file, &arena, err);

    if (st == JIHE_OK) {
        summary->rows = list.file_rows;
        summary->blank = list.blank;
        if ((st = jh_writing_begin(&writing, workspace, err)) == JIHE_OK) {
            st = record(summary, workspace, writing.ledger, &list, file, &arena, err);
            jh_writing_end(&writing);
        }
        jh_filled_list_deinit(&list);
    }
    jh_arena_deinit(&arena);
    return st;
}
