#include "api/run_quality.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "api/run_past.h"
#include "base/days.h"
#include "base/error.h"
#include "codec/pack.h"
#include "codec/stored_map.h"
#include "ledger/inspections.h"
#include "stats/binom.h"

struct lot {                 /* what one run selected from one group */
    const char *label;       /* in the arena */
    int32_t from, date;      /* first and last */
    uint64_t run, completed; /* ledger events; completed 0: not all of it is inspected */
    uint64_t sample, wrong;
};

struct judging {
    const jh_rule *rule;
    const jh_inspection **first; /* of every document, sorted by date and id */
    size_t first_count;
    struct lot *lots;
    size_t lot_count, lot_room;
    jh_quality_events events; /* among them those that took inspection up again */
    jh_arena *arena;
};

uint32_t jh_quality_rate(const jh_draw *draw, jh_aql_state state)
{
    switch (state) {
    case JH_AQL_STATE_TIGHTENED:
        return draw->follow.tightened;
    case JH_AQL_STATE_REDUCED:
        return draw->follow.reduced;
    case JH_AQL_STATE_DISCONTINUED:
        return 1000000;
    default:
        return draw->ppm;
    }
}

uint64_t jh_quality_allowed(uint64_t sample, uint32_t aql, bool tighter)
{
    const double rate = (double)aql * (tighter ? 0.65 : 1.0) / 1e6;
    uint64_t allowed = 0;

    while (allowed < sample && jh_binom_at_most(allowed, sample, rate) < 0.95)
        allowed++;
    return allowed;
}

/* --- lots --- */

static int order_inspections(const void *a, const void *b)
{
    const jh_inspection *x = *(const jh_inspection *const *)a, *y = *(const jh_inspection *const *)b;

    if (x->date != y->date)
        return x->date < y->date ? -1 : 1;
    const int ids = strcmp(x->doc_id, y->doc_id);

    return ids != 0 ? ids : (x->sequence > y->sequence) - (x->sequence < y->sequence);
}

static jihe_status find_first(struct judging *work, jh_ledger *ledger, jihe_error *err)
{
    jh_inspections all;
    const jihe_status st = jh_inspections_load(&all, ledger, work->arena, err);

    if (st != JIHE_OK)
        return st;
    const jh_inspection **sorted = JH_NEW(work->arena, const jh_inspection *, all.count + 1);

    if (sorted == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "judging quality");
    for (size_t i = 0; i < all.count; i++)
        sorted[i] = &all.all[i];
    if (all.count > 0)
        qsort(sorted, all.count, sizeof *sorted, order_inspections);
    for (size_t i = 0; i < all.count; i++)
        if (i == 0 || sorted[i]->date != sorted[i - 1]->date || strcmp(sorted[i]->doc_id, sorted[i - 1]->doc_id) != 0)
            sorted[work->first_count++] = sorted[i];
    work->first = sorted;
    return JIHE_OK;
}

static const jh_inspection *inspection_of(const struct judging *work, int32_t date, const char *id, size_t len)
{
    size_t low = 0, high = work->first_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const jh_inspection *at = work->first[middle];
        int order = at->date != date ? (at->date < date ? -1 : 1) : strncmp(at->doc_id, id, len);

        if (order == 0 && at->doc_id[len] != '\0')
            order = 1;
        if (order == 0)
            return at;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static bool is_wrong(const jh_inspection *inspection)
{
    for (size_t f = 0; f < inspection->finding_count; f++)
        if (inspection->findings[f].class_ == JH_CLASS_IN_RULE)
            return true;
    return false;
}

/* The lots of one run: one per stratum that something was selected from. */
static jihe_status add_run(struct judging *work, jh_ledger *ledger, const jh_run *run, jihe_error *err)
{
    const size_t r = jh_run_rule(run, work->rule->id);
    const size_t begin = work->lot_count;
    bool ok = true;
    jh_hits hits;
    jihe_status st = jh_run_hits(&hits, ledger, run, err);

    if (st != JIHE_OK)
        return st;
    bool *open = calloc(hits.strata_count[r] + (size_t)1, sizeof *open);

    ok = open != NULL;
    for (uint32_t s = 0; ok && s < hits.strata_count[r]; s++) {
        struct lot *lots = jh_arena_list(work->arena, work->lots, work->lot_count, &work->lot_room, sizeof *lots);
        const char *label = hits.strata[r][s].label;

        ok = lots != NULL;
        if (ok)
            work->lots = lots;
        if (ok)
            lots[work->lot_count++] = (struct lot){.label = jh_arena_text(work->arena, label, strlen(label)),
                                                   .from = run->from,
                                                   .date = run->to,
                                                   .run = run->sequence};
        ok = ok && lots[work->lot_count - 1].label != NULL;
    }
    for (size_t h = 0; ok && h < hits.hit_count; h++) {
        if (hits.hits[h].rule != r)
            continue;
        const jh_hit_document *document = &hits.documents[hits.hits[h].document];
        const jh_inspection *found =
            inspection_of(work, run->snapshots[document->snapshot].date, document->id, document->id_len);
        struct lot *lot = &work->lots[begin + hits.hits[h].stratum];

        lot->sample++;
        if (found == NULL)
            open[hits.hits[h].stratum] = true;
        else {
            lot->wrong += is_wrong(found);
            lot->completed = found->sequence > lot->completed ? found->sequence : lot->completed;
        }
    }
    for (size_t i = begin; ok && i < work->lot_count; i++)
        work->lots[i].completed = open[i - begin] || work->lots[i].sample == 0 ? 0
                                  : work->lots[i].completed > run->sequence    ? work->lots[i].completed
                                                                               : run->sequence;
    free(open);
    jh_hits_deinit(&hits);
    return ok ? JIHE_OK : jh_fail(err, JIHE_NO_MEMORY, "judging quality");
}

/* By group; the open ones first, then in the order in which they were completed. */
static int order_lots(const void *a, const void *b)
{
    const struct lot *x = a, *y = b;
    const int labels = strcmp(x->label, y->label);

    if (labels != 0)
        return labels;
    if (x->completed != y->completed)
        return x->completed < y->completed ? -1 : 1;
    return x->run != y->run ? (x->run < y->run ? -1 : 1) : 0;
}

/* --- states --- */

static const char *reason_for(const jh_quality_group *group, jh_aql_state from, const struct lot *lot, uint64_t allowed,
                              jh_arena *arena)
{
    static const char *const why[] = {"inspection goes back to normal", "2 of 5 lots in a row were not accepted",
                                      "switching score 30", "5 lots were not accepted under tightened inspection"};
    jh_buf text = {0};
    char date[16];

    jh_days_text(lot->date, date);
    jh_buf_printf(&text, "%s",
                  group->history.state == JH_AQL_STATE_NORMAL && from == JH_AQL_STATE_TIGHTENED
                      ? "5 lots in a row were accepted under tightened inspection"
                      : why[group->history.state]);
    jh_buf_printf(&text, "; last lot %s: %llu of %llu wrong, %llu allowed", date, (unsigned long long)lot->wrong,
                  (unsigned long long)lot->sample, (unsigned long long)allowed);
    const char *kept = text.failed ? NULL : jh_arena_text(arena, (const char *)text.bytes, text.len);

    jh_buf_deinit(&text);
    return kept;
}

/* One lot more. False: no memory. */
static bool judge_lot(jh_quality *out, size_t *room, jh_quality_group *group, const struct lot *lot,
                      const struct judging *work)
{
    const jh_aql_state before = group->history.state;
    const uint32_t aql = work->rule->draw.follow.aql;
    const uint64_t tighter = jh_quality_allowed(lot->sample, aql, true);
    const uint64_t allowed = before == JH_AQL_STATE_TIGHTENED ? tighter : jh_quality_allowed(lot->sample, aql, false);
    const jh_aql_lot judged = {
        .accepted = lot->wrong <= allowed, .accepted_tighter = lot->wrong <= tighter, .accept = (uint32_t)allowed};

    jh_aql_follow(&group->history, &judged);
    group->lots++;
    group->sample = lot->sample;
    if (group->lots == 1)
        group->since = lot->date;
    if (group->history.state == before)
        return true;
    group->since = lot->date;
    group->changed = lot->completed;
    jh_quality_change *changes = jh_arena_list(work->arena, out->changes, out->change_count, room, sizeof *changes);

    if (changes == NULL)
        return false;
    out->changes = changes;
    changes[out->change_count] = (jh_quality_change){.group = group->label,
                                                     .date = lot->date,
                                                     .completed = lot->completed,
                                                     .from = before,
                                                     .to = group->history.state,
                                                     .reason = reason_for(group, before, lot, allowed, work->arena)};
    return changes[out->change_count++].reason != NULL;
}

/* If the group is discontinued and somebody took inspection up again after that, before event `before`. */
static void resume_before(jh_quality_group *group, uint64_t before, const struct judging *work)
{
    for (size_t i = 0; group->history.state == JH_AQL_STATE_DISCONTINUED && i < work->events.count; i++) {
        const jh_quality_event *event = &work->events.events[i];

        if (event->change.from != JH_AQL_STATE_DISCONTINUED || event->sequence <= group->changed ||
            event->sequence >= before || strcmp(event->rule, work->rule->id) != 0 ||
            strcmp(event->change.group, group->label) != 0)
            continue;
        (void)jh_aql_resume(&group->history, NULL); /* it is discontinued */
        group->since = event->change.date;
        group->changed = event->sequence;
    }
}

/* Has a lot of these dates been judged already, or is it to be inspected again? `first`: the group's first lot. */
static bool is_repeated(const struct judging *work, size_t first, size_t at)
{
    const struct lot *lot = &work->lots[at];

    for (size_t i = first; i < work->lot_count && strcmp(work->lots[i].label, lot->label) == 0; i++) {
        const struct lot *other = &work->lots[i];
        const bool same_dates = other->from <= lot->date && lot->from <= other->date && other->sample > 0;

        if (i != at && same_dates &&
            (lot->completed == 0 ? other->completed > 0 || other->run > lot->run : other->completed > 0 && i < at))
            return true;
    }
    return false;
}

static bool judge_lots(jh_quality *out, struct judging *work)
{
    size_t room = 0, first = 0;
    bool ok = true;

    out->groups = JH_NEW(work->arena, jh_quality_group, work->lot_count + 1);
    if (out->groups == NULL)
        return false;
    if (work->lot_count > 0)
        qsort(work->lots, work->lot_count, sizeof *work->lots, order_lots);
    for (size_t i = 0; ok && i < work->lot_count; i++) {
        const struct lot *lot = &work->lots[i];

        if (i == 0 || strcmp(lot->label, work->lots[i - 1].label) != 0) {
            first = i;
            out->groups[out->group_count++] = (jh_quality_group){.label = lot->label, .since = lot->date};
        }
        jh_quality_group *group = &out->groups[out->group_count - 1];

        if (lot->sample == 0 || is_repeated(work, first, i))
            continue;
        if (lot->completed > 0) {
            resume_before(group, lot->completed, work);
            ok = judge_lot(out, &room, group, lot, work);
        } else {
            group->waiting++;
        }
    }
    for (size_t g = 0; g < out->group_count; g++)
        resume_before(&out->groups[g], UINT64_MAX, work);
    return ok;
}

jihe_status jh_quality_judge(jh_quality *out, const jh_rule *rule, const jh_runs *runs, int32_t before,
                             jh_ledger *ledger, jh_arena *arena, jihe_error *err)
{
    struct judging work = {.rule = rule, .arena = arena};
    jihe_status st;

    *out = (jh_quality){0};
    if (!rule->draw.follow.present)
        return JIHE_OK;
    if ((st = find_first(&work, ledger, err)) == JIHE_OK)
        st = jh_quality_events_load(&work.events, ledger, arena, err);
    for (size_t i = 0; st == JIHE_OK && i < runs->count; i++)
        if (jh_run_precedes(&runs->runs[i], rule, INT32_MIN, before))
            st = add_run(&work, ledger, &runs->runs[i], err);
    if (st == JIHE_OK && !judge_lots(out, &work))
        st = jh_fail(err, JIHE_NO_MEMORY, "judging quality");
    return st;
}

/* --- events --- */

static void pack_change(jh_buf *out, const char *rule, const jh_quality_change *change)
{
    jh_pack_map(out, 7);
    jh_pack_text(out, "rule");
    jh_pack_text(out, rule);
    jh_pack_text(out, "group");
    jh_pack_text(out, change->group);
    jh_pack_text(out, "date");
    jh_pack_i64(out, change->date);
    jh_pack_text(out, "completed");
    jh_pack_u64(out, change->completed);
    jh_pack_text(out, "from");
    jh_pack_u64(out, (uint64_t)change->from);
    jh_pack_text(out, "to");
    jh_pack_u64(out, (uint64_t)change->to);
    jh_pack_text(out, "reason");
    jh_pack_text(out, change->reason);
}

struct loading {
    jh_quality_events *events;
    size_t room;
    jh_arena *arena;
};

static jihe_status visit_change(void *context, const jh_event *event, jihe_error *err)
{
    struct loading *loading = context;
    jh_quality_events *list = loading->events;
    jh_quality_event *events = jh_arena_list(loading->arena, list->events, list->count, &loading->room, sizeof *events);
    jh_unpack body;
    bool ok = true;

    if (events == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "reading the changes of inspection");
    list->events = events;
    errno = 0;
    if (!jh_unpack_begin(&body, event->body, event->body_len))
        return jh_event_unreadable(event, "quality", err);
    jh_quality_event *made = &events[list->count++];

    *made = (jh_quality_event){.sequence = event->sequence};
    made->rule = jh_field_text(&body, "rule", loading->arena, &ok);
    made->change.group = jh_field_text(&body, "group", loading->arena, &ok);
    made->change.date = (int32_t)jh_field_i64(&body, "date", INT32_MIN, INT32_MAX, &ok);
    made->change.completed = jh_field_u64(&body, "completed", UINT64_MAX, &ok);
    made->change.from = (jh_aql_state)jh_field_u64(&body, "from", JH_AQL_STATE_DISCONTINUED, &ok);
    made->change.to = (jh_aql_state)jh_field_u64(&body, "to", JH_AQL_STATE_DISCONTINUED, &ok);
    made->change.reason = jh_field_text(&body, "reason", loading->arena, &ok);
    return ok ? JIHE_OK : jh_event_unreadable(event, "quality", err);
}

jihe_status jh_quality_events_load(jh_quality_events *out, jh_ledger *ledger, jh_arena *arena, jihe_error *err)
{
    struct loading loading = {.events = out, .arena = arena};

    *out = (jh_quality_events){0};
    return jh_ledger_each(ledger, "quality", visit_change, &loading, err);
}

static bool is_known(const jh_quality_events *events, const char *rule, const jh_quality_change *change)
{
    for (size_t i = 0; i < events->count; i++) {
        const jh_quality_event *event = &events->events[i];

        if (strcmp(event->rule, rule) == 0 && strcmp(event->change.group, change->group) == 0 &&
            event->change.completed == change->completed && event->change.to == change->to)
            return true;
    }
    return false;
}

static jihe_status record_change(const jh_quality_change *change, const char *rule, jh_ledger *ledger, int64_t at,
                                 jihe_error *err)
{
    jh_buf body = {0};

    pack_change(&body, rule, change);
    jihe_status st = body.failed ? jh_fail(err, JIHE_NO_MEMORY, "recording a change of inspection")
                                 : jh_ledger_begin(ledger, body.len, err);
    if (st == JIHE_OK) {
        st = jh_ledger_append(ledger, "quality", at, &body, NULL, err);
        if (st == JIHE_OK)
            st = jh_ledger_commit(ledger, err);
        else
            jh_ledger_rollback(ledger);
    }
    jh_buf_deinit(&body);
    return st;
}

static jihe_status record_changes(const jh_quality *quality, const char *rule, const jh_quality_events *known,
                                  jh_ledger *ledger, int64_t at, uint64_t *changed, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    for (size_t i = 0; st == JIHE_OK && i < quality->change_count; i++) {
        if (is_known(known, rule, &quality->changes[i]))
            continue;
        st = record_change(&quality->changes[i], rule, ledger, at, err);
        *changed += st == JIHE_OK;
    }
    return st;
}

static jihe_status set_rates(jh_rule *rule, const jh_quality *quality, jh_arena *arena, jihe_error *err)
{
    jh_stratum_rate *rates = JH_NEW(arena, jh_stratum_rate, quality->group_count + 1);
    size_t count = 0;

    if (rates == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "rates that follow quality");
    for (size_t g = 0; g < quality->group_count; g++)
        if (quality->groups[g].history.state != JH_AQL_STATE_NORMAL)
            rates[count++] = (jh_stratum_rate){.value = quality->groups[g].label,
                                               .ppm = jh_quality_rate(&rule->draw, quality->groups[g].history.state)};
    rule->draw.rates = rates;
    rule->draw.rate_count = count;
    return JIHE_OK;
}

jihe_status jh_run_follow_quality(jh_run *run, const jh_runs *runs, jh_ledger *ledger, int64_t at, uint64_t *changed,
                                  jh_arena *arena, jihe_error *err)
{
    jh_quality_events known;
    jihe_status st = jh_quality_events_load(&known, ledger, arena, err);

    *changed = 0;
    for (size_t r = 0; st == JIHE_OK && r < run->rule_count; r++) {
        jh_quality quality;

        if (!run->rules[r].draw.follow.present ||
            (st = jh_quality_judge(&quality, &run->rules[r], runs, run->from, ledger, arena, err)) != JIHE_OK ||
            (st = set_rates(&run->rules[r], &quality, arena, err)) != JIHE_OK)
            continue;
        st = record_changes(&quality, run->rules[r].id, &known, ledger, at, changed, err);
    }
    return st;
}

jihe_status jh_quality_resume(const jh_rule *rule, const char *group, const char *reason, const jh_runs *runs,
                              jh_ledger *ledger, int32_t today, int64_t at, jh_arena *arena, jihe_error *err)
{
    jh_quality_events known;
    const jh_quality_group *found = NULL;
    jh_quality quality;
    uint64_t changed = 0;
    jihe_status st;

    if ((st = jh_quality_judge(&quality, rule, runs, INT32_MAX, ledger, arena, err)) != JIHE_OK ||
        (st = jh_quality_events_load(&known, ledger, arena, err)) != JIHE_OK)
        return st;
    for (size_t g = 0; g < quality.group_count; g++)
        if (strcmp(quality.groups[g].label, group) == 0)
            found = &quality.groups[g];
    if (found == NULL)
        return jh_fail(err, JIHE_NOT_FOUND, "rule '%s' has no group '%s'; 'jihe quality' shows those it has", rule->id,
                       group);
    jh_aql_history history = found->history;

    if ((st = jh_aql_resume(&history, err)) != JIHE_OK)
        return jh_wrap(err, st, "rule '%s', group '%s'", rule->id, group);
    const jh_quality_change change = {
        .group = group, .date = today, .from = found->history.state, .to = history.state, .reason = reason};

    st = record_changes(&quality, rule->id, &known, ledger, at, &changed, err);
    return st != JIHE_OK ? st : record_change(&change, rule->id, ledger, at, err);
}
