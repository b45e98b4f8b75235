#include "ingest/ingest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ingest/expected.h"
#include "ingest/intake.h"

static jihe_status check_options(const jh_ingest_options *options, const jh_workspace_config *config, jihe_error *err)
{
    if (options->file_count == 0 && options->query == NULL)
        return jh_fail(err, JIHE_USAGE, "no file to ingest");
    if (options->split && config->schema.business_date == SIZE_MAX)
        return jh_fail(err, JIHE_CONFIG,
                       "a split by business date needs a date column with `role: business_date` in jihe.yaml");
    return JIHE_OK;
}

/* Stored bytes of all files together; 0 when one of them is not a plain file. */
static uint64_t total_bytes(const jh_ingest_options *options)
{
    uint64_t total = 0;
    struct stat info;

    for (size_t i = 0; i < options->file_count; i++) {
        if (strcmp(options->files[i], "-") == 0 || stat(options->files[i], &info) != 0 || !S_ISREG(info.st_mode))
            return 0;
        total += (uint64_t)info.st_size;
    }
    return total;
}

static jihe_status read_file(jh_intake *in, const char *path, jihe_error *err)
{
    jh_records *records = NULL;
    const jihe_status st = jh_records_open(&records, path, in->config, err);

    return st == JIHE_OK ? jh_intake_read(in, records, err) : st;
}

static jihe_status read_query(jh_intake *in, const jh_query *query, jihe_error *err)
{
    jh_records *records = NULL;
    const jihe_status st = jh_records_open_query(&records, query, in->config, err);

    return st == JIHE_OK ? jh_intake_read(in, records, err) : st;
}

/* Writes the reject file, whether the ingest goes on (`so_far` JIHE_OK) or has met broken data. */
static jihe_status settle_rejects(jh_intake *in, jihe_status so_far, jihe_error *err)
{
    jihe_status st = jh_rejects_commit(&in->rejects, so_far == JIHE_OK ? err : NULL);

    memcpy(in->result->reasons, in->rejects.counts, sizeof in->result->reasons);
    in->result->reason_count = in->rejects.count;
    if (st == JIHE_OK && in->result->rows_rejected > 0)
        memcpy(in->result->reject_file, in->rejects.path, sizeof in->result->reject_file);
    return so_far != JIHE_OK ? so_far : st;
}

/* The message says where the first reject is; the reject file has them all. */
static jihe_status check_rejects(const jh_intake *in, jihe_error *err)
{
    const uint64_t rejected = in->result->rows_rejected, allowed = in->options->max_rejects;
    const jihe_error *first = &in->first_reject;

    if (rejected > allowed)
        return jh_fail_at(err, JIHE_DATA, first->source, first->line, first->column,
                          "%s; %" PRIu64 " row%s rejected (%" PRIu64 " allowed); see %s; nothing was stored",
                          first->message, rejected, rejected == 1 ? "" : "s", allowed, in->result->reject_file);
    if (rejected > 0 && in->result->rows_stored == 0)
        return jh_fail_at(err, JIHE_DATA, first->source, first->line, first->column,
                          "%s; every row was rejected (%" PRIu64 " of them); see %s; nothing was stored",
                          first->message, rejected, in->result->reject_file);
    return JIHE_OK;
}

/* From the first file to the last; what is wrong with a row is counted, what is wrong with a file ends it. */
static jihe_status read_all(jh_intake *in, const jh_ingest_options *options, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    in->bytes_total = total_bytes(options);
    if (!options->split)
        st = jh_dayset_open(&in->days, options->date, err);
    if (options->query != NULL && st == JIHE_OK)
        st = read_query(in, options->query, err);
    for (size_t i = 0; i < options->file_count && st == JIHE_OK; i++)
        st = read_file(in, options->files[i], err);
    return st;
}

jihe_status jh_ingest(jh_ingest_result *result, const char *workspace, const jh_workspace_config *config,
                      const jh_ingest_options *options, jihe_error *err)
{
    jh_intake in = {0};
    jihe_status st;

    *result = (jh_ingest_result){0};
    if ((st = check_options(options, config, err)) == JIHE_OK &&
        (st = jh_intake_init(&in, workspace, config, options, result, err)) == JIHE_OK) {
        st = read_all(&in, options, err);
        if (st == JIHE_OK || st == JIHE_DATA)
            st = settle_rejects(&in, st, err);
    }
    if (st == JIHE_OK && (st = check_rejects(&in, err)) == JIHE_OK && options->expected != NULL)
        st = jh_expected_check(options->expected, &config->schema, result, &in.days, err);
    if (st == JIHE_OK && (st = jh_dayset_seal(&in.days, in.threads, err)) == JIHE_OK)
        st = jh_dayset_publish(&in.days, &result->dates, &result->date_count, err);
    jh_intake_deinit(&in);
    return st;
}

void jh_ingest_result_deinit(jh_ingest_result *result)
{
    free(result->dates);
    jh_buf_deinit(&result->ignored_names);
    *result = (jh_ingest_result){0};
}
