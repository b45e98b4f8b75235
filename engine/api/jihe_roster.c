#include "jihe/roster.h"

#include <string.h>

#include "api/api_int.h"
#include "api/roster_file.h"
#include "api/roster_rows.h"
#include "base/days.h"
#include "base/error.h"
#include "base/text.h"
#include "ledger/postings.h"

/* --- import --- */

static jihe_status save_roster(jihe_roster_summary *summary, const jihe_workspace *workspace, const jh_roster *roster,
                               const char *sha256, jh_arena *arena, jihe_error *err)
{
    jh_writing writing;
    jh_roster known;
    jihe_status st = jh_writing_begin(&writing, workspace, err);

    if (st != JIHE_OK)
        return st;
    st = jh_postings_load(&known, writing.ledger, 0, NULL, arena, err);
    summary->event = known.sequence;
    summary->is_new = known.sequence == 0 || !jh_postings_equal(&known, roster);
    if (st == JIHE_OK && summary->is_new)
        st = jh_postings_save(writing.ledger, roster, sha256, jh_workspace_now(workspace), &summary->event, err);
    jh_writing_end(&writing);
    return st;
}

jihe_status jihe_roster_import(jihe_roster_summary *summary, jihe_workspace *workspace, const char *file,
                               jihe_error *err)
{
    jh_roster_rows rows;
    jh_roster roster = {0};
    jh_arena arena;

    *summary = (jihe_roster_summary){0};
    jh_arena_init(&arena, 0);
    jihe_status st = jh_roster_read(&rows, file, &arena, err);

    if (st == JIHE_OK && (st = jh_roster_settle(&roster, &rows, &arena, err)) == JIHE_OK)
        st = save_roster(summary, workspace, &roster, rows.sha256, &arena, err);
    summary->postings = roster.count;
    summary->others = roster.spell_count;
    jh_arena_deinit(&arena);
    return st;
}

/* --- listing --- */

static bool is_about(const jh_roster *roster, const char *person)
{
    const size_t p = jh_roster_find(roster, person, strlen(person));
    const size_t s = jh_roster_find_spell(roster, person, strlen(person));
    bool found = (p < roster->count && strcmp(roster->postings[p].person, person) == 0) ||
                 (s < roster->spell_count && strcmp(roster->spells[s].person, person) == 0);

    for (size_t i = 0; i < roster->spell_count && !found; i++)
        found = strcmp(roster->spells[i].other, person) == 0;
    return found;
}

static jihe_status refuse_person(const jh_roster *roster, const char *person, jh_arena *arena, jihe_error *err)
{
    const char *nearest = jh_roster_nearest(roster, person, arena);
    char quoted[64], near[64];

    jh_text_quote(person, strlen(person), quoted, sizeof quoted);
    if (nearest == NULL)
        return jh_fail(err, JIHE_NOT_FOUND, "nobody of the roster is '%s'; 'jihe roster list' shows who is", quoted);
    return jh_fail(err, JIHE_NOT_FOUND, "nobody of the roster is '%s'; did you mean '%s'?", quoted,
                   jh_text_quote(nearest, strlen(nearest), near, sizeof near));
}

/* The import that is asked for. */
static jihe_status load_version(jh_roster *roster, jh_ledger *ledger, uint64_t event, jh_arena *arena, jihe_error *err)
{
    jh_roster_version *versions;
    size_t count, i = 0;
    const jihe_status st = jh_postings_versions(&versions, &count, ledger, arena, err);

    if (st != JIHE_OK)
        return st;
    while (event != 0 && i < count && versions[i].sequence != event)
        i++;
    if (event != 0 && i == count)
        return jh_fail(err, JIHE_NOT_FOUND, "event %llu is no roster; 'jihe roster versions' lists those that are",
                       (unsigned long long)event);
    return jh_postings_load(roster, ledger, event, NULL, arena, err);
}

/* `day` NULL: all rows. */
static jihe_status list(jihe_rows **out, const jihe_workspace *workspace, const int32_t *day,
                        const jihe_roster_query *query, jihe_error *err)
{
    const jihe_roster_query all = {.size = sizeof all};
    jh_grid *grid = NULL;
    jh_ledger *ledger;
    jh_roster roster;
    jh_arena arena;

    *out = NULL;
    query = query != NULL ? query : &all;
    if (query->size != sizeof *query)
        return jh_fail(err, JIHE_USAGE, "jihe_roster_query of %u bytes; this library's has %zu", query->size,
                       sizeof *query);
    jihe_status st = jh_ledger_open(&ledger, workspace->path, 0, err);

    if (st != JIHE_OK)
        return st;
    jh_arena_init(&arena, 0);
    st = load_version(&roster, ledger, query->event, &arena, err);
    if (st == JIHE_OK && query->person != NULL && !is_about(&roster, query->person))
        st = refuse_person(&roster, query->person, &arena, err);
    if (st == JIHE_OK)
        st = day != NULL ? jh_roster_day(&grid, &roster, query->person, *day, err)
                         : jh_roster_list(&grid, &roster, query->person, err);
    st = jh_grid_publish(out, grid, st, err);
    jh_arena_deinit(&arena);
    jh_ledger_close(ledger);
    return st;
}

jihe_status jihe_roster_list(jihe_rows **out, jihe_workspace *workspace, const jihe_roster_query *query,
                             jihe_error *err)
{
    return list(out, workspace, NULL, query, err);
}

jihe_status jihe_roster_day(jihe_rows **out, jihe_workspace *workspace, const char *date,
                            const jihe_roster_query *query, jihe_error *err)
{
    int32_t day;
    const jihe_status st = jh_parse_date(date, "roster", &day, err);

    *out = NULL;
    return st != JIHE_OK ? st : list(out, workspace, &day, query, err);
}

/* --- versions --- */

static jihe_status add_version(jh_grid *grid, const jh_roster_version *version, const jihe_workspace *workspace,
                               jihe_error *err)
{
    char recorded[16];

    jh_days_text(jh_workspace_day(workspace, version->at), recorded);
    const jh_out_cell cells[] = {jh_cell_uint(version->sequence), jh_cell_text(recorded),
                                 jh_cell_uint(version->postings), jh_cell_uint(version->spells),
                                 jh_cell_text(version->sha256)};

    return jh_grid_add(grid, cells, err);
}

jihe_status jihe_roster_versions(jihe_rows **out, jihe_workspace *workspace, jihe_error *err)
{
    static const jh_out_column columns[] = {{"event", "台账号"},
                                            {"recorded", "导入日"},
                                            {"postings", "岗位数"},
                                            {"others", "其他行"},
                                            {"sha256", "文件摘要"}};
    jh_roster_version *versions;
    jh_grid *grid = NULL;
    jh_ledger *ledger;
    jh_arena arena;
    size_t count;

    *out = NULL;
    jihe_status st = jh_ledger_open(&ledger, workspace->path, 0, err);

    if (st != JIHE_OK)
        return st;
    jh_arena_init(&arena, 0);
    if ((st = jh_postings_versions(&versions, &count, ledger, &arena, err)) == JIHE_OK)
        st = jh_grid_new(&grid, columns, sizeof columns / sizeof columns[0], err);
    for (size_t i = 0; st == JIHE_OK && i < count; i++)
        st = add_version(grid, &versions[i], workspace, err);
    st = jh_grid_publish(out, grid, st, err);
    jh_arena_deinit(&arena);
    jh_ledger_close(ledger);
    return st;
}
