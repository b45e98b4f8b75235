#include "api/run_past.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "ledger/inspections.h"
#include "sample/quota.h"
#include "sample/strata.h"

enum { NEYMAN_DAYS = 366 };

struct gathering { /* of one rule, unsorted, labels may come several times */
    jh_past past;
    size_t room;
    jh_arena *arena;
};

static bool gather(struct gathering *g, const char *label, size_t len, uint64_t documents, uint64_t marked)
{
    jh_past_stratum *list = jh_arena_list(g->arena, g->past.strata, g->past.count, &g->room, sizeof *list);
    char *copy = list == NULL ? NULL : jh_arena_text(g->arena, label, len);

    if (copy == NULL)
        return false;
    g->past.strata = list;
    list[g->past.count++] = (jh_past_stratum){.label = copy, .documents = documents, .marked = marked};
    return true;
}

static int order_labels(const void *a, const void *b)
{
    return strcmp(((const jh_past_stratum *)a)->label, ((const jh_past_stratum *)b)->label);
}

/* Sorts and adds up lines with the same label. */
static jh_past settle(struct gathering *g)
{
    size_t count = 0;

    if (g->past.count > 0)
        qsort(g->past.strata, g->past.count, sizeof *g->past.strata, order_labels);
    for (size_t i = 0; i < g->past.count; i++) {
        const jh_past_stratum line = g->past.strata[i];

        if (count > 0 && strcmp(g->past.strata[count - 1].label, line.label) == 0) {
            g->past.strata[count - 1].documents += line.documents;
            g->past.strata[count - 1].marked += line.marked;
        } else
            g->past.strata[count++] = line;
    }
    return (jh_past){.strata = g->past.strata, .count = count};
}

/* --- earlier runs of a period --- */

size_t jh_run_rule(const jh_run *run, const char *id)
{
    for (size_t r = 0; r < run->rule_count; r++)
        if (strcmp(run->rules[r].id, id) == 0)
            return r;
    return SIZE_MAX;
}

static bool same_strata(const jh_draw *a, const jh_draw *b)
{
    bool same = a->by_count == b->by_count;

    for (size_t i = 0; same && i < a->by_count; i++)
        same = strcmp(a->by[i].name, b->by[i].name) == 0;
    return same;
}

static bool overlaps(const jh_run *a, const jh_run *b)
{
    return a->from <= b->to && b->from <= a->to;
}

bool jh_run_precedes(const jh_run *run, const jh_rule *rule, int32_t first, int32_t before)
{
    const size_t r = jh_run_rule(run, rule->id);

    return r != SIZE_MAX && run->from >= first && run->to < before && same_strata(&run->rules[r].draw, &rule->draw);
}

/* Is runs[at] one whose selections count: in the period, before the run, not done again later? */
static bool counts(const jh_runs *runs, size_t at, const jh_run *run, const jh_rule *rule, int32_t first)
{
    if (!jh_run_precedes(&runs->runs[at], rule, first, run->from))
        return false;
    for (size_t i = at + 1; i < runs->count; i++)
        if (overlaps(&runs->runs[i], &runs->runs[at]) && jh_run_rule(&runs->runs[i], rule->id) != SIZE_MAX)
            return false;
    return true;
}

static jihe_status add_run(struct gathering *g, jh_ledger *ledger, const jh_run *run, size_t r, jihe_error *err)
{
    jh_hits hits;
    jihe_status st = jh_run_hits(&hits, ledger, run, err);

    if (st != JIHE_OK)
        return st;
    for (uint32_t s = 0; st == JIHE_OK && s < hits.strata_count[r]; s++) {
        const jh_hit_stratum *stratum = &hits.strata[r][s];

        if (!gather(g, stratum->label, strlen(stratum->label), stratum->documents, stratum->quota))
            st = jh_fail(err, JIHE_NO_MEMORY, "the period's earlier runs");
    }
    jh_hits_deinit(&hits);
    return st;
}

static jihe_status past_of_period(struct gathering *g, const jh_run *run, const jh_rule *rule, const jh_runs *runs,
                                  jh_ledger *ledger, jihe_error *err)
{
    int32_t first, last;
    jihe_status st = JIHE_OK;

    jh_period_days(rule->draw.period, run->to, &first, &last);
    for (size_t i = 0; st == JIHE_OK && i < runs->count; i++)
        if (counts(runs, i, run, rule, first))
            st = add_run(g, ledger, &runs->runs[i], jh_run_rule(&runs->runs[i], rule->id), err);
    return st;
}

/* --- past errors --- */

/* By document, its oldest inspection first. */
static int order_inspections(const void *a, const void *b)
{
    const jh_inspection *x = *(const jh_inspection *const *)a, *y = *(const jh_inspection *const *)b;

    if (x->date != y->date)
        return x->date < y->date ? -1 : 1;
    const int ids = strcmp(x->doc_id, y->doc_id);

    return ids != 0 ? ids : (x->sequence > y->sequence) - (x->sequence < y->sequence);
}

/* The label of the stratum that the inspected document was in. False: the inspection does not know a column. */
static bool label_inspection(jh_buf *out, const jh_inspection *inspection, const jh_draw *draw)
{
    jh_buf_clear(out);
    for (size_t i = 0; i < draw->by_count; i++) {
        const jh_attribute *found = NULL;

        for (size_t a = 0; a < inspection->attribute_count && found == NULL; a++)
            if (strcmp(inspection->attributes[a].column, draw->by[i].name) == 0)
                found = &inspection->attributes[a];
        if (found == NULL)
            return false;
        jh_stratum_label(out, i == 0, found->value, found->value == NULL ? 0 : strlen(found->value));
    }
    return true;
}

static bool is_wrong(const jh_inspection *inspection)
{
    for (size_t f = 0; f < inspection->finding_count; f++)
        if (inspection->findings[f].class_ == JH_CLASS_IN_RULE)
            return true;
    return false;
}

static bool gather_inspections(struct gathering *g, const jh_inspection *const *sorted, size_t count,
                               const jh_draw *draw)
{
    jh_buf label = {0};
    bool ok = true;

    for (size_t i = 0; ok && i < count; i++) {
        const bool last = i + 1 == count || sorted[i]->date != sorted[i + 1]->date ||
                          strcmp(sorted[i]->doc_id, sorted[i + 1]->doc_id) != 0;

        if (last && label_inspection(&label, sorted[i], draw))
            ok = !label.failed && gather(g, (const char *)label.bytes, label.len, 1, is_wrong(sorted[i]));
    }
    jh_buf_deinit(&label);
    return ok;
}

static jihe_status past_of_errors(struct gathering *g, const jh_run *run, const jh_rule *rule, jh_ledger *ledger,
                                  jihe_error *err)
{
    jh_inspections all;
    size_t count = 0;
    jihe_status st = jh_inspections_load(&all, ledger, g->arena, err);

    if (st != JIHE_OK)
        return st;
    const jh_inspection **sorted = calloc(all.count + 1, sizeof *sorted);

    for (size_t i = 0; sorted != NULL && i < all.count; i++)
        if (all.all[i].date < run->from && all.all[i].date >= run->from - NEYMAN_DAYS)
            sorted[count++] = &all.all[i];
    if (count > 0)
        qsort(sorted, count, sizeof *sorted, order_inspections);
    if (sorted == NULL || !gather_inspections(g, sorted, count, &rule->draw))
        st = jh_fail(err, JIHE_NO_MEMORY, "past error rates");
    free(sorted);
    return st;
}

static bool asks(const jh_draw *draw)
{
    return draw->period != JH_PERIOD_RUN || draw->method == JH_METHOD_NEYMAN;
}

jihe_status jh_run_find_past(jh_run *run, const jh_runs *runs, jh_ledger *ledger, jh_arena *arena, jihe_error *err)
{
    bool any = false;
    jihe_status st = JIHE_OK;

    for (size_t r = 0; r < run->rule_count; r++)
        any = any || asks(&run->rules[r].draw);
    if (!any)
        return JIHE_OK;
    run->past = JH_NEW(arena, jh_past, run->rule_count + 1);
    if (run->past == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "what a draw needs of the past");
    for (size_t r = 0; st == JIHE_OK && r < run->rule_count; r++) {
        const jh_rule *rule = &run->rules[r];
        struct gathering g = {.arena = arena};

        if (!asks(&rule->draw))
            continue;
        st = rule->draw.method == JH_METHOD_NEYMAN ? past_of_errors(&g, run, rule, ledger, err)
                                                   : past_of_period(&g, run, rule, runs, ledger, err);
        run->past[r] = settle(&g);
    }
    return st;
}
