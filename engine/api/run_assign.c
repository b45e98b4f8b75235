#include "api/run_assign.h"

#include <stdlib.h>
#include <string.h>

#include "base/days.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/pcg.h"
#include "ledger/postings.h"
#include "sample/assign.h"
#include "sample/draw_stream.h"

enum { MAX_DAYS = 3660, MAX_CAPACITY = 1000000 };

struct jh_run_assignment {
    jh_arena arena;     /* the roster's texts */
    jh_assigned *of;    /* per document of the hits; of those that are not listed nothing */
    const char **names; /* per inspector, in bytewise order */
    jh_assign_inspector *inspectors;
    uint32_t only; /* the inspector whose documents are listed, or JH_ASSIGN_NOBODY: all documents */
    jihe_assigned summary;
};

struct gathering { /* what the assignment is made from */
    const jh_recorded *recorded;
    jh_snapshot *const *snapshots;
    jh_assign_document *documents; /* those of the list */
    size_t *places;                /* per one of them: index in the hits */
    size_t count;
    jh_buf persons; /* uint64 each */
};

void jh_run_assignment_free(jh_run_assignment *assignment)
{
    if (assignment == NULL)
        return;
    free(assignment->of);
    jh_arena_deinit(&assignment->arena);
    free(assignment);
}

const jihe_assigned *jh_run_assignment_summary(const jh_run_assignment *assignment)
{
    return &assignment->summary;
}

bool jh_run_assignment_is_whole(const jh_run_assignment *assignment)
{
    return assignment != NULL && assignment->only == JH_ASSIGN_NOBODY;
}

/* --- inspectors --- */

static jihe_status no_inspectors(const jh_roster *roster, int32_t day, jihe_error *err)
{
    char date[16];

    jh_days_text(day, date);
    return jh_fail(
        err, JIHE_NOT_FOUND,
        "nobody of the roster inspects on %s; give its inspectors a 'capacity', the documents they can inspect "
        "a day, in a column of that name%s, and import it: jihe roster import FILE",
        date, roster->count == 0 ? " (person,unit,post,from,to,capacity)" : "");
}

static jihe_status take_inspectors(jh_run_assignment *out, const jh_roster *roster, int32_t day,
                                   const jihe_assign_options *options, jihe_error *err)
{
    jihe_assigned *summary = &out->summary;

    out->names = JH_NEW(&out->arena, const char *, roster->count + 1);
    out->inspectors = JH_NEW(&out->arena, jh_assign_inspector, roster->count + 1);
    if (out->names == NULL || out->inspectors == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "assigning a work list");
    for (size_t next = 0; next < roster->count;) {
        const jh_posting *posting = jh_roster_posting(roster, &next, day);

        if (posting == NULL || posting->capacity == 0 ||
            jh_roster_on_leave(roster, posting->person, strlen(posting->person), day))
            continue;
        const uint64_t a_day = options->capacity != 0 ? options->capacity : posting->capacity;
        const uint64_t capacity = a_day * (options->days != 0 ? options->days : 1);

        out->names[summary->inspectors] = posting->person;
        out->inspectors[summary->inspectors++] =
            (jh_assign_inspector){.person = jh_hash64(posting->person, strlen(posting->person)),
                                  .capacity = capacity < JH_ASSIGN_MOST ? capacity : JH_ASSIGN_MOST};
        summary->capacity += capacity;
    }
    return summary->inspectors == 0 ? no_inspectors(roster, day, err) : JIHE_OK;
}

static jihe_status choose_only(jh_run_assignment *out, int32_t day, const char *inspector, jihe_error *err)
{
    char date[16];

    out->only = JH_ASSIGN_NOBODY;
    if (inspector == NULL)
        return JIHE_OK;
    for (uint32_t i = 0; i < out->summary.inspectors; i++)
        if (strcmp(out->names[i], inspector) == 0)
            out->only = i;
    jh_days_text(day, date);
    return out->only != JH_ASSIGN_NOBODY ? JIHE_OK
                                         : jh_fail(err, JIHE_NOT_FOUND,
                                                   "'%s' is none of the roster's %u inspectors on %s; 'jihe roster "
                                                   "list' shows who has a capacity",
                                                   inspector, out->summary.inspectors, date);
}

static jihe_status load_inspectors(jh_run_assignment *out, const jh_recorded *recorded,
                                   const jihe_assign_options *options, jihe_error *err)
{
    int32_t day = recorded->run->to;
    jh_roster roster;
    jihe_status st = JIHE_OK;

    if (options->date != NULL)
        st = jh_parse_date(options->date, "worklist", &day, err);
    if (st == JIHE_OK)
        st = jh_postings_load(&roster, recorded->ledger, 0, NULL, &out->arena, err);
    if (st == JIHE_OK)
        st = take_inspectors(out, &roster, day, options, err);
    return st != JIHE_OK ? st : choose_only(out, day, options->inspector, err);
}

/* --- documents --- */

/* The persons of one document: the values of its columns with role person. */
static jihe_status add_persons(struct gathering *work, jh_assign_document *made, const jh_hit_document *document,
                               jihe_error *err)
{
    const jh_snapshot *snapshot = work->snapshots[document->snapshot];
    const jh_schema *schema = jh_snapshot_schema(snapshot);
    jihe_status st = JIHE_OK;

    if (document->segment >= jh_snapshot_segments(snapshot) ||
        document->row >= jh_snapshot_segment_rows(snapshot, document->segment))
        return jh_fail(err, JIHE_CORRUPT, "a hit points outside its snapshot");
    for (size_t c = 0; st == JIHE_OK && c < schema->count; c++) {
        jh_col_view view;
        uint32_t row;

        if ((schema->columns[c].roles & JH_ROLE_PERSON) == 0)
            continue;
        if ((st = jh_snapshot_row(snapshot, document->segment, document->row, c, NULL, &view, &row, err)) != JIHE_OK)
            break;
        const jh_out_cell cell = jh_document_cell(snapshot, NULL, c, &view, row, NULL, &st, err);

        if (st != JIHE_OK || cell.kind == JH_CELL_NONE)
            continue;
        const uint64_t person = jh_hash64(cell.text, cell.len);

        jh_buf_put(&work->persons, &person, sizeof person);
        made->person_count++;
    }
    return st;
}

static jihe_status add_document(struct gathering *work, size_t place, const uint64_t keys[2], jihe_error *err)
{
    const jh_hit_document *document = &work->recorded->hits.documents[place];
    const uint64_t hash = jh_hash64(document->id, document->id_len);
    jh_assign_document *made = &work->documents[work->count];

    work->places[work->count++] = place;
    *made = (jh_assign_document){.first = jh_pcg_draw(hash, keys[0]),
                                 .second = jh_pcg_draw(hash, keys[1]),
                                 .id = document->id,
                                 .id_len = document->id_len,
                                 .part = document->snapshot,
                                 .persons = work->persons.len / sizeof(uint64_t),
                                 .certain = document->p_any >= 1};
    return add_persons(work, made, document, err);
}

static jihe_status gather(struct gathering *work, const bool *added, jihe_error *err)
{
    const jh_hits *hits = &work->recorded->hits;
    const uint64_t keys[] = {jh_stream_key(work->recorded->run->seed, JH_ASSIGN_FIRST),
                             jh_stream_key(work->recorded->run->seed, JH_ASSIGN_SECOND)};
    jihe_status st = JIHE_OK;

    work->documents = calloc(hits->document_count + 1, sizeof *work->documents);
    work->places = calloc(hits->document_count + 1, sizeof *work->places);
    if (work->documents == NULL || work->places == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "assigning a work list");
    for (size_t d = 0; st == JIHE_OK && d < hits->document_count; d++)
        if (added[d])
            st = add_document(work, d, keys, err);
    return st == JIHE_OK && work->persons.failed ? jh_fail(err, JIHE_NO_MEMORY, "assigning a work list") : st;
}

/* --- the assignment --- */

static void sum_up(jh_run_assignment *out, const struct gathering *work, const jh_assigned *assigned)
{
    jihe_assigned *summary = &out->summary;

    summary->documents = work->count;
    for (size_t d = 0; d < work->count; d++) {
        const bool has = assigned[d].why == JH_ASSIGNED;

        summary->assigned += has;
        summary->no_capacity += assigned[d].why == JH_ASSIGN_NO_CAPACITY;
        summary->nobody_allowed += assigned[d].why == JH_ASSIGN_NOBODY_ALLOWED;
        summary->second += assigned[d].inspectors[1] != JH_ASSIGN_NOBODY;
        summary->drawn += !work->documents[d].certain;
        summary->drawn_assigned += has && !work->documents[d].certain;
        out->of[work->places[d]] = assigned[d];
    }
}

static jihe_status count_loads(jh_run_assignment *out, const struct gathering *work, jihe_error *err)
{
    uint64_t *loads = JH_NEW(&out->arena, uint64_t, out->summary.inspectors + (size_t)1);

    if (loads == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "assigning a work list");
    for (size_t d = 0; d < work->count; d++)
        for (int i = 0; i < 2; i++)
            if (out->of[work->places[d]].inspectors[i] != JH_ASSIGN_NOBODY)
                loads[out->of[work->places[d]].inspectors[i]]++;
    out->summary.least = UINT64_MAX;
    for (uint32_t i = 0; i < out->summary.inspectors; i++) {
        out->summary.least = loads[i] < out->summary.least ? loads[i] : out->summary.least;
        out->summary.most = loads[i] > out->summary.most ? loads[i] : out->summary.most;
    }
    return JIHE_OK;
}

static jihe_status make(jh_run_assignment *out, const struct gathering *work, uint32_t second, jihe_error *err)
{
    const jh_assign_input input = {.documents = work->documents,
                                   .document_count = work->count,
                                   .persons = (const uint64_t *)(const void *)work->persons.bytes,
                                   .inspectors = out->inspectors,
                                   .inspector_count = out->summary.inspectors,
                                   .second_ppm = second};
    jh_assigned *assigned = calloc(work->count + 1, sizeof *assigned);

    out->of = calloc(work->recorded->hits.document_count + 1, sizeof *out->of);
    jihe_status st = assigned == NULL || out->of == NULL
                         ? jh_fail(err, JIHE_NO_MEMORY, "assigning a work list")
                         : jh_assign(assigned, &out->summary.second_wanted, &input, err);

    if (st == JIHE_OK) {
        sum_up(out, work, assigned);
        st = count_loads(out, work, err);
    }
    free(assigned);
    return st;
}

static jihe_status check_options(const jihe_assign_options *options, jihe_error *err)
{
    if (options->size != sizeof *options)
        return jh_fail(err, JIHE_USAGE, "jihe_assign_options of %u bytes; this library's has %zu", options->size,
                       sizeof *options);
    if (options->capacity > MAX_CAPACITY)
        return jh_fail(err, JIHE_USAGE, "a capacity of %u; expected 1 to %d", options->capacity, MAX_CAPACITY);
    if (options->days > MAX_DAYS)
        return jh_fail(err, JIHE_USAGE, "%u days; expected 1 to %d", options->days, MAX_DAYS);
    if (options->second > 1000000)
        return jh_fail(err, JIHE_USAGE, "second inspections of %u millionths; expected at most all of them",
                       options->second);
    return JIHE_OK;
}

jihe_status jh_run_assign(jh_run_assignment **out, const jh_recorded *recorded, const bool *added,
                          jh_snapshot *const *snapshots, const jihe_assign_options *options, jihe_error *err)
{
    struct gathering work = {.recorded = recorded, .snapshots = snapshots};
    jh_run_assignment *made;
    jihe_status st = check_options(options, err);

    *out = NULL;
    if (st != JIHE_OK)
        return st;
    if ((made = calloc(1, sizeof *made)) == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "assigning a work list");
    jh_arena_init(&made->arena, 0);
    const jh_schema *schema = jh_snapshot_schema(snapshots[recorded->run->snapshot_count - 1]);

    for (size_t c = 0; c < schema->count; c++)
        made->summary.person_columns += (schema->columns[c].roles & JH_ROLE_PERSON) != 0;
    if ((st = load_inspectors(made, recorded, options, err)) == JIHE_OK && (st = gather(&work, added, err)) == JIHE_OK)
        st = make(made, &work, options->second, err);
    jh_buf_deinit(&work.persons);
    free(work.documents);
    free(work.places);
    if (st != JIHE_OK)
        jh_run_assignment_free(made);
    else
        *out = made;
    return st;
}

/* --- rows --- */

static const char *why_not(jh_assign_why why)
{
    return why == JH_ASSIGN_NO_CAPACITY ? "no capacity" : "nobody allowed";
}

bool jh_run_assignment_row(const jh_run_assignment *assignment, size_t document, uint32_t *turn, const char **inspector,
                           const char **why)
{
    const jh_assigned *assigned = &assignment->of[document];
    const uint32_t a = assigned->inspectors[0], b = assigned->inspectors[1]; /* NOBODY is the largest number */
    const uint32_t rows[] = {a < b ? a : b, a < b ? b : a};

    *inspector = *why = NULL;
    if (assigned->why != JH_ASSIGNED) {
        *why = why_not(assigned->why);
        return jh_run_assignment_is_whole(assignment) && (*turn)++ == 0;
    }
    while (*turn < 2) {
        const uint32_t row = rows[(*turn)++];

        if (row == JH_ASSIGN_NOBODY || (assignment->only != JH_ASSIGN_NOBODY && assignment->only != row))
            continue;
        *inspector = assignment->names[row];
        return true;
    }
    return false;
}

/* --- the effect on chances --- */

struct effect { /* on the hits of one stratum that were certain, or drawn */
    uint64_t hits, by_why[JH_ASSIGN_NOBODY_ALLOWED + 1];
};

static jihe_status add_effect(jh_grid *grid, const char *rule, const char *stratum, bool certain,
                              const struct effect *effect, jihe_error *err)
{
    char factor[32];

    jh_share_text((double)effect->by_why[JH_ASSIGNED] / (double)effect->hits, 9, factor);
    const jh_out_cell cells[] = {jh_cell_text(rule),
                                 jh_cell_text(stratum),
                                 jh_cell_text(certain ? "certain" : "drawn"),
                                 jh_cell_uint(effect->hits),
                                 jh_cell_uint(effect->by_why[JH_ASSIGNED]),
                                 jh_cell_uint(effect->by_why[JH_ASSIGN_NO_CAPACITY]),
                                 jh_cell_uint(effect->by_why[JH_ASSIGN_NOBODY_ALLOWED]),
                                 jh_cell_number(factor)};

    return jh_grid_add(grid, cells, err);
}

/* Two for each stratum of each rule, all in one array: the certain and the drawn. */
static void count_effects(struct effect *effects, const size_t *starts, const jh_run_assignment *assignment,
                          const jh_hits *hits, const bool *added)
{
    for (size_t d = 0; d < hits->document_count; d++) {
        const jh_hit_document *document = &hits->documents[d];

        for (size_t i = 0; added[d] && i < document->hit_count; i++) {
            const jh_hit *hit = &hits->hits[hits->by_document[document->first_hit + i]];
            struct effect *effect = &effects[2 * (starts[hit->rule] + hit->stratum) + !(document->p_any >= 1)];

            effect->hits++;
            effect->by_why[assignment->of[d].why]++;
        }
    }
}

jihe_status jh_run_assignment_effect(jihe_rows **out, uint64_t *rows, const jh_run_assignment *assignment,
                                     const jh_recorded *recorded, const bool *added, jihe_error *err)
{
    static const jh_out_column columns[] = {
        {"rule", "规则"},       {"stratum", "层"},           {"chance", "入选方式"},       {"hits", "命中"},
        {"assigned", "已分配"}, {"no_capacity", "人力不足"}, {"nobody_allowed", "须回避"}, {"factor", "概率系数"}};
    const jh_hits *hits = &recorded->hits;
    size_t *starts = calloc(hits->rule_count + 1, sizeof *starts), count = 0;
    jh_grid *grid = NULL;

    *rows = 0;
    for (size_t r = 0; starts != NULL && r < hits->rule_count; count += hits->strata_count[r++])
        starts[r] = count;
    struct effect *effects = calloc(2 * count + 1, sizeof *effects);
    jihe_status st = starts == NULL || effects == NULL
                         ? jh_fail(err, JIHE_NO_MEMORY, "assigning a work list")
                         : jh_grid_new(&grid, columns, sizeof columns / sizeof columns[0], err);

    if (st == JIHE_OK)
        count_effects(effects, starts, assignment, hits, added);
    for (size_t r = 0; st == JIHE_OK && r < hits->rule_count; r++)
        for (size_t k = 0; st == JIHE_OK && k < 2 * (size_t)hits->strata_count[r]; k++)
            if (effects[2 * starts[r] + k].hits > 0) {
                ++*rows;
                st = add_effect(grid, recorded->run->rules[r].id, hits->strata[r][k / 2].label, k % 2 == 0,
                                &effects[2 * starts[r] + k], err);
            }
    free(effects);
    free(starts);
    return jh_grid_publish(out, grid, st, err);
}
