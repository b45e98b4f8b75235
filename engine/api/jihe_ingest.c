#include "jihe/ingest.h"

#include <stdio.h>
#include <string.h>

#include "api/api_int.h"
#include "api/emptied.h"
#include "base/buf.h"
#include "base/days.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "ingest/binding.h"
#include "ingest/expected.h"
#include "ingest/ingest.h"

static jihe_status list_dates(jihe_rows **out, const jh_ingest_result *result, jihe_error *err)
{
    static const jh_out_column columns[] = {
        {"date", "业务日期"}, {"revision", "版本"}, {"rows", "单据数"}, {"unchanged", "未变"}, {"sha256", "摘要"}};
    jh_grid *grid;
    jihe_status st = jh_grid_new(&grid, columns, sizeof columns / sizeof columns[0], err);

    if (st != JIHE_OK)
        return st;
    for (size_t i = 0; st == JIHE_OK && i < result->date_count; i++) {
        const jh_ingest_date *date = &result->dates[i];
        char text[16];

        jh_days_text(date->date, text);
        const jh_out_cell cells[] = {jh_cell_text(text), jh_cell_uint(date->revision), jh_cell_uint(date->rows),
                                     jh_cell_bool(date->unchanged), jh_cell_text(date->sha256)};

        st = jh_grid_add(grid, cells, err);
    }
    return jh_grid_publish(out, grid, st, err);
}

static jihe_status read_expected(jh_expected *expected, const jh_schema *schema, const jihe_ingest_options *options,
                                 jihe_error *err)
{
    jihe_status st = JIHE_OK;

    if (options->expect_rows != NULL)
        st = jh_expected_rows(expected, options->expect_rows, strlen(options->expect_rows), err);
    for (size_t i = 0; st == JIHE_OK && i < options->expect_total_count; i++) {
        const char *said = options->expect_totals[i], *equals = strchr(said, '=');

        if (equals == NULL)
            return jh_fail(err, JIHE_USAGE, "expected total '%s'; write it like amount=1234.50", said);
        st = jh_expected_total(expected, schema, said, (size_t)(equals - said), equals + 1, strlen(equals + 1), err);
    }
    return st == JIHE_OK && options->control != NULL ? jh_expected_read(expected, schema, options->control, err) : st;
}

static void fill_ignored(jihe_ingest_summary *summary, const jh_ingest_result *result)
{
    const char *at = (const char *)result->ignored_names.bytes, *end = at + result->ignored_names.len;

    while (at != end && summary->ignored_count < JIHE_IGNORED_NAMES) {
        const size_t len = strlen(at);
        char *name = summary->ignored[summary->ignored_count++];

        jh_text_quote(at, len, name, sizeof summary->ignored[0]);
        at += len + 1;
    }
}

/* What options say of a database, checked; `sql` holds the text of a file. */
static jihe_status make_query(jh_query *query, jh_buf *sql, const jihe_ingest_options *options, jihe_error *err)
{
    jihe_status st;

    if ((options->odbc == NULL) != (options->odbc_query == NULL))
        return jh_fail(err, JIHE_USAGE, "ingest: an ODBC connection and a query belong together");
    if (options->odbc == NULL)
        return options->file_count > 0 ? JIHE_OK
                                       : jh_fail(err, JIHE_USAGE, "ingest: name at least one file, or a query");
    if (options->file_count > 0)
        return jh_fail(err, JIHE_USAGE, "ingest: files and a query cannot be one extract; ingest them by themselves");
    *query = (jh_query){.connection = options->odbc, .password = options->odbc_password, .sql = options->odbc_query};
    if (query->sql[0] != '@')
        return JIHE_OK;
    if ((st = jh_file_read(query->sql + 1, JH_QUERY_MAX, sql, err)) != JIHE_OK)
        return st;
    if (sql->len > 0 && memchr(sql->bytes, '\0', sql->len) != NULL)
        return jh_fail(err, JIHE_USAGE, "'%s' holds a NUL byte, expected SQL", query->sql + 1);
    query->sql = jh_buf_text(sql);
    return JIHE_OK;
}

static void fill_summary(jihe_ingest_summary *summary, const jh_ingest_result *result)
{
    summary->rows_read = result->rows_read;
    summary->rows_stored = result->rows_stored;
    summary->rows_rejected = result->rows_rejected;
    summary->columns_ignored = result->columns_ignored;
    memcpy(summary->reject_file, result->reject_file, sizeof summary->reject_file);
    fill_ignored(summary, result);
    summary->reason_count = result->reason_count;
    for (size_t i = 0; i < result->reason_count; i++) {
        snprintf(summary->reasons[i].reason, sizeof summary->reasons[i].reason, "%s", result->reasons[i].reason);
        summary->reasons[i].rows = result->reasons[i].rows;
    }
}

_Static_assert(JIHE_IGNORED_NAMES == (int)JH_BINDING_NAMED, "every name has a place in the summary");
_Static_assert(JIHE_REJECT_REASONS == (int)JH_REJECT_REASONS, "every reason has a place in the summary");

static jihe_status ingest_locked(jihe_ingest_summary *summary, jh_ingest_result *result, jihe_workspace *workspace,
                                 jh_ingest_options *wanted, const jihe_ingest_options *options, jihe_error *err)
{
    jh_expected expected = {0};
    jh_lock lock = {.fd = -1};
    jihe_status st;

    if (options->date != NULL && (st = jh_parse_date(options->date, "ingest", &wanted->date, err)) != JIHE_OK)
        return st;
    if ((st = read_expected(&expected, &workspace->config.schema, options, err)) != JIHE_OK)
        return st;
    wanted->expected = jh_expected_any(&expected) ? &expected : NULL;
    if ((st = jh_workspace_lock(&lock, workspace, err)) != JIHE_OK)
        return st;
    st = jh_ingest(result, workspace->path, &workspace->config, wanted, err);
    fill_summary(summary, result);
    if (st == JIHE_OK)
        jh_emptied_find(summary, workspace->path, result);
    jh_lock_drop(&lock);
    return st;
}

jihe_status jihe_ingest(jihe_ingest_summary *summary, jihe_rows **snapshots, jihe_workspace *workspace,
                        const jihe_ingest_options *options, jihe_error *err)
{
    jh_ingest_options wanted = {.files = options->files,
                                .file_count = options->file_count,
                                .split = options->date == NULL,
                                .max_rejects = options->max_rejects,
                                .threads = workspace->threads,
                                .revise = options->revise != 0,
                                .progress = options->progress,
                                .progress_context = options->progress_context};
    jh_query query = {0};
    jh_buf sql = {0};
    jh_ingest_result result = {0};
    jihe_status st;

    *snapshots = NULL;
    memset(summary, 0, sizeof *summary);
    if (options->size < sizeof *options)
        return jh_fail(err, JIHE_USAGE, "ingest: the options are of another version");
    if ((st = make_query(&query, &sql, options, err)) == JIHE_OK) {
        wanted.query = options->odbc != NULL ? &query : NULL;
        st = ingest_locked(summary, &result, workspace, &wanted, options, err);
    }
    jh_buf_deinit(&sql);
    if (st == JIHE_OK)
        st = list_dates(snapshots, &result, err);
    jh_ingest_result_deinit(&result);
    return st;
}
