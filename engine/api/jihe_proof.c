#include "jihe/proof.h"

#include <stdlib.h>
#include <string.h>

#include "api/certificate.h"
#include "api/date_seed.h"
#include "api/evaluation.h"
#include "api/recorded.h"
#include "base/days.h"
#include "base/error.h"
#include "base/hash.h"
#include "ledger/seeds.h"

enum { MAX_DAYS = 3660 };

/* --- promises --- */

static jihe_status new_grid(jh_grid **grid, jihe_error *err)
{
    static const jh_out_column columns[] = {{"date", "日期"}, {"sha256", "种子摘要"}, {"event", "台账号"}};

    return jh_grid_new(grid, columns, sizeof columns / sizeof columns[0], err);
}

static jihe_status list_promise(jh_grid *grid, const jh_promise *promise, jihe_error *err)
{
    char date[16];

    jh_days_text(promise->date, date);
    const jh_out_cell cells[] = {jh_cell_text(date), jh_cell_text(promise->sha256), jh_cell_uint(promise->sequence)};

    return jh_grid_add(grid, cells, err);
}

static int32_t today(const jihe_workspace *workspace)
{
    jh_clock clock;

    jh_zone_to_local(workspace->config.zone, jh_workspace_now(workspace) * 1000, &clock);
    return jh_days_from_civil(clock.date);
}

static jihe_status choose_first(int32_t *first, const jihe_workspace *workspace, const char *from,
                                const jh_promises *known, jihe_error *err)
{
    if (from != NULL)
        return jh_parse_date(from, "seed", first, err);
    *first = today(workspace);
    for (size_t i = 0; i < known->count; i++)
        if (known->promises[i].date >= *first)
            *first = known->promises[i].date + 1;
    return JIHE_OK;
}

static jihe_status promise_days(jh_grid *grid, const jihe_workspace *workspace, jh_ledger *ledger, const char *from,
                                uint32_t days, jh_arena *arena, jihe_error *err)
{
    jh_promise *made = JH_NEW(arena, jh_promise, days + (size_t)1);
    jh_promises known;
    int32_t first;
    size_t count = 0;
    jihe_status st;

    if (made == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "promising seeds");
    if ((st = jh_promises_load(&known, ledger, arena, err)) != JIHE_OK ||
        (st = choose_first(&first, workspace, from, &known, err)) != JIHE_OK)
        return st;
    for (uint32_t d = 0; st == JIHE_OK && d < days; d++) {
        char seed[65];

        if (jh_promises_find(&known, first + (int32_t)d, NULL) != NULL)
            continue;
        made[count].date = first + (int32_t)d;
        if ((st = jh_date_seed(seed, workspace, made[count].date, err)) == JIHE_OK)
            st = jh_seed_promise(made[count++].sha256, seed, err);
    }
    if (st == JIHE_OK && count > 0 &&
        (st = jh_promises_save(ledger, made, count, jh_workspace_now(workspace), err)) == JIHE_OK)
        st = jh_promises_load(&known, ledger, arena, err);
    for (uint32_t d = 0; st == JIHE_OK && d < days; d++)
        st = list_promise(grid, jh_promises_find(&known, first + (int32_t)d, NULL), err);
    return st;
}

jihe_status jihe_seed_promise(jihe_rows **out, jihe_workspace *workspace, const char *from, uint32_t days,
                              jihe_error *err)
{
    jh_grid *grid = NULL;
    jh_writing writing;
    jh_arena arena;

    *out = NULL;
    if (days < 1 || days > MAX_DAYS)
        return jh_fail(err, JIHE_USAGE, "seed: %u days; expected 1 to %d", days, MAX_DAYS);
    jihe_status st = jh_writing_begin(&writing, workspace, err);

    if (st != JIHE_OK)
        return st;
    jh_arena_init(&arena, 0);
    if ((st = new_grid(&grid, err)) == JIHE_OK)
        st = promise_days(grid, workspace, writing.ledger, from, days, &arena, err);
    st = jh_grid_publish(out, grid, st, err);
    jh_arena_deinit(&arena);
    jh_writing_end(&writing);
    return st;
}

jihe_status jihe_seed_list(jihe_rows **out, jihe_workspace *workspace, jihe_error *err)
{
    jh_grid *grid = NULL;
    jh_promises known;
    jh_ledger *ledger;
    jh_arena arena;

    *out = NULL;
    jihe_status st = jh_ledger_open(&ledger, workspace->path, 0, err);

    if (st != JIHE_OK)
        return st;
    jh_arena_init(&arena, 0);
    if ((st = jh_promises_load(&known, ledger, &arena, err)) == JIHE_OK)
        st = new_grid(&grid, err);
    for (size_t i = 0; st == JIHE_OK && i < known.count; i++)
        st = list_promise(grid, &known.promises[i], err);
    st = jh_grid_publish(out, grid, st, err);
    jh_arena_deinit(&arena);
    jh_ledger_close(ledger);
    return st;
}

/* --- certificates --- */

static jihe_status write_certificate(jh_buf *text, const jihe_workspace *workspace, jh_ledger *ledger,
                                     const jh_run *run, const char *document, jh_arena *arena, jihe_error *err)
{
    jh_certificate_input input = {.document = document, .threads = workspace->threads};
    jh_evaluation evaluation;
    jh_promises known;
    jh_run again;
    char sha256[65];
    jihe_status st;

    if ((st = jh_promises_load(&known, ledger, arena, err)) != JIHE_OK ||
        (st = jh_seed_promise(sha256, run->seed, err)) != JIHE_OK ||
        (st = jh_reevaluate(&evaluation, &again, run, workspace, ledger, arena, err)) != JIHE_OK)
        return st;
    input.run = &again;
    input.selection = &evaluation.selection;
    input.promise = jh_promises_find(&known, run->to, sha256);
    st = jh_certificate_write(text, &input, err);
    jh_evaluation_deinit(&evaluation);
    return st;
}

static jihe_status record_certificate(const jihe_workspace *workspace, jh_ledger *ledger, const char *run,
                                      const jh_buf *text, jihe_error *err)
{
    uint8_t sum[32];
    char sha256[65];
    bool known = false;
    jihe_status st = jh_sha256_bytes(text->bytes, text->len, sum, err);

    if (st != JIHE_OK)
        return st;
    jh_hex(sum, sizeof sum, sha256);
    if ((st = jh_certificate_find(&known, ledger, sha256, err)) != JIHE_OK || known)
        return st;
    return jh_certificate_save(ledger, run, sha256, jh_workspace_now(workspace), err);
}

jihe_status jihe_prove(jihe_workspace *workspace, const char *name, const char *document, jihe_put put, void *context,
                       jihe_error *err)
{
    jh_writing writing;
    jh_buf text = {0};
    jh_arena arena;
    jh_runs runs;
    const jh_run *run;
    jihe_status st = jh_writing_begin(&writing, workspace, err);

    if (st != JIHE_OK)
        return st;
    jh_arena_init(&arena, 0);
    if ((st = jh_runs_load(&runs, writing.ledger, &arena, err)) == JIHE_OK &&
        (st = jh_runs_find(&runs, name, &run, err)) == JIHE_OK &&
        (st = write_certificate(&text, workspace, writing.ledger, run, document, &arena, err)) == JIHE_OK &&
        (st = record_certificate(workspace, writing.ledger, run->id, &text, err)) == JIHE_OK) {
        const int failure = put(context, text.bytes, text.len);

        if (failure != 0)
            st = jh_fail_os(err, JIHE_IO, failure, "writing the certificate");
    }
    jh_buf_deinit(&text);
    jh_arena_deinit(&arena);
    jh_writing_end(&writing);
    return st;
}

static jihe_status check_recorded(const jihe_workspace *workspace, const char *sha256, const char *path,
                                  jihe_error *err)
{
    jh_ledger *ledger;
    bool found = false;
    jihe_status st = jh_ledger_open(&ledger, workspace->path, 0, err);

    if (st != JIHE_OK)
        return st;
    st = jh_certificate_find(&found, ledger, sha256, err);
    jh_ledger_close(ledger);
    if (st == JIHE_OK && !found)
        st = jh_fail_at(err, JIHE_DIFFERS, path, 0, 0,
                        "the ledger of %s knows no such certificate: it was not made there", workspace->path);
    return st;
}

jihe_status jihe_proof_check(jihe_proof *out, jihe_workspace *workspace, const char *path, jihe_error *err)
{
    jh_certificate_facts facts;
    jihe_status st = jh_certificate_check(&facts, path, err);

    *out = (jihe_proof){.whole = facts.whole,
                        .rules = facts.rules,
                        .strata = facts.strata,
                        .lines = facts.lines,
                        .selected = facts.selected};
    memcpy(out->run, facts.run, sizeof out->run);
    memcpy(out->digest, facts.digest, sizeof out->digest);
    if (st == JIHE_OK && workspace != NULL)
        st = check_recorded(workspace, facts.sha256, path, err);
    return st;
}
