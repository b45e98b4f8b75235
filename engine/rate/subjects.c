#include "rate/subjects.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "sample/selection.h"

static int order_documents(int32_t date_a, const char *a, size_t a_len, int32_t date_b, const char *b, size_t b_len)
{
    if (date_a != date_b)
        return date_a < date_b ? -1 : 1;
    return jh_text_compare(a, a_len, b, b_len);
}

/* Oldest recording first among inspections of one document. */
static int order_inspections(const void *a, const void *b)
{
    const jh_inspection *x = *(const jh_inspection *const *)a, *y = *(const jh_inspection *const *)b;
    const int order = order_documents(x->date, x->doc_id, strlen(x->doc_id), y->date, y->doc_id, strlen(y->doc_id));

    return order != 0 ? order : (x->sequence > y->sequence) - (x->sequence < y->sequence);
}

static jihe_status keep_last(jh_subjects *out, const jh_inspections *inspections, int32_t from, int32_t to,
                             jihe_error *err)
{
    const jh_inspection **sorted = calloc(inspections->count + 1, sizeof *sorted);
    size_t count = 0;

    out->subjects = calloc(inspections->count + 1, sizeof *out->subjects);
    if (sorted == NULL || out->subjects == NULL) {
        free(sorted);
        return jh_fail(err, JIHE_NO_MEMORY, "sorting inspections");
    }
    for (size_t i = 0; i < inspections->count; i++)
        if (inspections->all[i].date >= from && inspections->all[i].date <= to)
            sorted[count++] = &inspections->all[i];
    qsort(sorted, count, sizeof *sorted, order_inspections);
    for (size_t i = 0; i < count; i++) {
        const bool last = i + 1 == count || sorted[i]->date != sorted[i + 1]->date ||
                          strcmp(sorted[i]->doc_id, sorted[i + 1]->doc_id) != 0;

        if (last)
            out->subjects[out->count++].inspection = sorted[i];
    }
    free(sorted);
    return JIHE_OK;
}

static jh_subject *find_subject(const jh_subjects *subjects, int32_t date, const char *id, size_t len)
{
    size_t low = 0, high = subjects->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const jh_inspection *inspection = subjects->subjects[middle].inspection;
        const int order =
            order_documents(inspection->date, inspection->doc_id, strlen(inspection->doc_id), date, id, len);

        if (order == 0)
            return &subjects->subjects[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* The rule's place in subjects->rules, added when new. UINT32_MAX: no memory. */
static uint32_t rule_index(jh_subjects *subjects, const char *id, jh_arena *arena)
{
    for (size_t i = 0; i < subjects->rule_count; i++)
        if (strcmp(subjects->rules[i], id) == 0)
            return (uint32_t)i;
    const char **rules = realloc(subjects->rules, (subjects->rule_count + 1) * sizeof *rules);
    char *copy = jh_arena_text(arena, id, strlen(id));

    if (rules != NULL)
        subjects->rules = rules;
    if (rules == NULL || copy == NULL)
        return UINT32_MAX;
    subjects->rules[subjects->rule_count] = copy;
    return (uint32_t)subjects->rule_count++;
}

/* One hit per rule: where several runs hit the document by the same rule, the larger probability stays. */
static bool add_hit(jh_subject *subject, jh_subject_hit hit)
{
    subject->random = subject->random || hit.random;
    subject->targeted = subject->targeted || !hit.random;
    for (size_t i = 0; i < subject->hit_count; i++)
        if (subject->hits[i].rule == hit.rule) {
            if (hit.p > subject->hits[i].p)
                subject->hits[i] = hit;
            return true;
        }
    if (subject->hit_count == subject->hit_room) {
        const size_t room = subject->hit_room == 0 ? 2 : subject->hit_room * 2;
        jh_subject_hit *hits = realloc(subject->hits, room * sizeof *hits);

        if (hits == NULL)
            return false;
        subject->hits = hits;
        subject->hit_room = room;
    }
    subject->hits[subject->hit_count++] = hit;
    return true;
}

static bool join_document(jh_subject *subject, const jh_run *run, const jh_hits *hits, const jh_hit_document *document,
                          const uint32_t *rules)
{
    if (document->p_random > subject->p_random)
        subject->p_random = document->p_random;
    for (size_t i = 0; i < document->hit_count; i++) {
        const jh_hit *hit = &hits->hits[hits->by_document[document->first_hit + i]];

        if (!add_hit(subject, (jh_subject_hit){.rule = rules[hit->rule],
                                               .random = jh_rule_is_random(&run->rules[hit->rule]),
                                               .p = hit->p}))
            return false;
    }
    return true;
}

static jihe_status join_run(jh_subjects *out, jh_ledger *ledger, const jh_runs *runs, const jh_run *run, int32_t from,
                            int32_t to, jh_arena *arena, jihe_error *err)
{
    uint32_t *rules = calloc(run->rule_count + 1, sizeof *rules);
    jh_hits hits = {0};
    jihe_status st =
        rules == NULL ? jh_fail(err, JIHE_NO_MEMORY, "joining inspections") : jh_run_hits(&hits, ledger, run, err);
    bool ok = true, *added = NULL;
    uint64_t count;

    if (st == JIHE_OK)
        st = jh_run_added(&added, &count, run, &hits, runs, ledger, err);
    for (size_t r = 0; st == JIHE_OK && r < run->rule_count; r++)
        ok = (rules[r] = rule_index(out, run->rules[r].id, arena)) != UINT32_MAX && ok;
    for (size_t d = 0; st == JIHE_OK && ok && d < hits.document_count; d++) {
        const jh_hit_document *document = &hits.documents[d];
        const int32_t date = run->snapshots[document->snapshot].date;

        if (date < from || date > to)
            continue;
        out->listed += added[d];
        jh_subject *subject = find_subject(out, date, document->id, document->id_len);

        if (subject == NULL)
            out->open += added[d];
        else
            ok = join_document(subject, run, &hits, document, rules);
    }
    jh_hits_deinit(&hits);
    free(added);
    free(rules);
    return st == JIHE_OK && !ok ? jh_fail(err, JIHE_NO_MEMORY, "joining inspections") : st;
}

jihe_status jh_subjects_make(jh_subjects *out, jh_ledger *ledger, int32_t from, int32_t to, jh_arena *arena,
                             jihe_error *err)
{
    jh_inspections inspections;
    jh_runs runs;
    jihe_status st;

    *out = (jh_subjects){0};
    if ((st = jh_inspections_load(&inspections, ledger, arena, err)) == JIHE_OK &&
        (st = jh_runs_load(&runs, ledger, arena, err)) == JIHE_OK)
        st = keep_last(out, &inspections, from, to, err);
    for (size_t i = 0; st == JIHE_OK && i < runs.count; i++)
        if (runs.runs[i].to >= from && runs.runs[i].from <= to)
            st = join_run(out, ledger, &runs, &runs.runs[i], from, to, arena, err);
    if (st != JIHE_OK)
        jh_subjects_deinit(out);
    return st;
}

void jh_subjects_deinit(jh_subjects *subjects)
{
    for (size_t i = 0; subjects->subjects != NULL && i < subjects->count; i++)
        free(subjects->subjects[i].hits);
    free(subjects->subjects);
    free(subjects->rules);
    *subjects = (jh_subjects){0};
}
