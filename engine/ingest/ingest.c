#include "ingest/ingest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/days.h"
#include "ingest/binding.h"
#include "ingest/convert.h"
#include "ingest/dayset.h"
#include "ingest/expected.h"
#include "ingest/records.h"
#include "ingest/rejects.h"

enum { PROGRESS_ROWS = 65536 }; /* between two calls of `progress` */

/* One ingest under way. */
typedef struct intake {
    const jh_workspace_config *config;
    const jh_ingest_options *options;
    jh_ingest_result *result;
    jh_converter converter;
    jh_dayset days;
    jh_rejects rejects;
    jihe_error first_reject;          /* what it was and where, once there is one */
    jh_cell *cells;                   /* of the current row, one per column */
    uint64_t bytes_done, bytes_total; /* of the files before the current one; of all, 0 when unknown */
} intake;

static jihe_status check_options(const intake *in, jihe_error *err)
{
    if (in->options->file_count == 0 && in->options->query == NULL)
        return jh_fail(err, JIHE_USAGE, "no file to ingest");
    if (in->options->split && in->config->schema.business_date == SIZE_MAX)
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

static jihe_status begin(intake *in, const char *workspace, jihe_error *err)
{
    char date_text[16];
    jihe_status st;

    if ((st = check_options(in, err)) != JIHE_OK)
        return st;
    in->bytes_total = total_bytes(in->options);
    in->cells = calloc(in->config->schema.count, sizeof *in->cells);
    if (in->cells == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "preparing the columns");
    jh_days_text(in->options->date, date_text);
    if ((st = jh_rejects_init(&in->rejects, workspace, in->options->split ? NULL : date_text, err)) != JIHE_OK ||
        (st = jh_converter_init(&in->converter, in->config, err)) != JIHE_OK ||
        (st = jh_dayset_init(&in->days, workspace, in->config, err)) != JIHE_OK)
        return st;
    in->days.revise = in->options->revise;
    return in->options->split ? JIHE_OK : jh_dayset_open(&in->days, in->options->date, err);
}

static void end(intake *in)
{
    jh_rejects_discard(&in->rejects);
    jh_converter_deinit(&in->converter);
    jh_dayset_deinit(&in->days);
    free(in->cells);
}

static void tell_progress(const intake *in, const jh_records *records)
{
    if (in->options->progress != NULL)
        in->options->progress(in->options->progress_context, in->result->rows_read,
                              in->bytes_done + jh_records_bytes_read(records), in->bytes_total);
}

/* The business date of the row in in->cells. False: the row belongs to none, or to another. */
static bool find_date(const intake *in, int32_t *date, jh_reject *why)
{
    const size_t column = in->config->schema.business_date;
    char asked[16], found[16];

    *date = in->options->date;
    if (column == SIZE_MAX)
        return true;
    if (!in->cells[column].present) {
        jh_reject_say(why, "date-missing", "column '%s' needs a value here: it is the business date",
                      in->config->schema.columns[column].name);
        return false;
    }
    if (in->options->split)
        *date = (int32_t)in->cells[column].number;
    if (in->cells[column].number == *date)
        return true;
    jh_days_text(*date, asked);
    jh_days_text((int32_t)in->cells[column].number, found);
    jh_reject_say(why, "other-date", "the business date is %s, expected %s; ingest with a split, or leave the row out",
                  found, asked);
    return false;
}

/* Is this a record the columns can be taken from? */
static bool check_shape(const jh_record *record, const jh_binding *binding, jh_reject *why)
{
    if (record->bad != NULL) {
        why->line = record->bad_line;
        why->column = record->bad_column;
        jh_reject_say(why, record->bad_code, "%s", record->bad);
        return false;
    }
    if (record->count == binding->fields)
        return true;
    jh_reject_at(why, &record->fields[record->count < binding->fields ? record->count - 1 : binding->fields]);
    jh_reject_say(why, "field-count", "%zu field%s, the header has %zu", record->count, record->count == 1 ? "" : "s",
                  binding->fields);
    return false;
}

/* Stores one row, or says in `why` why it cannot be. */
static jihe_status store_row(intake *in, const jh_binding *binding, const jh_record *record, bool *stored,
                             jh_reject *why, jihe_error *err)
{
    const jh_schema *schema = &in->config->schema;
    int32_t date;

    *stored = false;
    if (!check_shape(record, binding, why) || !jh_convert_row(&in->converter, binding, record, in->cells, why))
        return JIHE_OK;
    if (!find_date(in, &date, why)) {
        jh_reject_at(why, &record->fields[binding->at[binding->first[schema->business_date]]]);
        return JIHE_OK;
    }
    jh_reject_at(why, &record->fields[binding->at[binding->first[schema->id]]]);
    return jh_dayset_add(&in->days, date, in->cells, stored, why, err);
}

static jihe_status take_row(intake *in, const jh_records *records, const jh_record *record, jihe_error *err)
{
    jh_reject why = {.found = ""};
    bool stored;
    jihe_status st = store_row(in, jh_records_binding(records), record, &stored, &why, err);

    if (st != JIHE_OK)
        return jh_wrap(err, st, "%s, line %" PRIu64, jh_records_name(records), record->line);
    in->result->rows_read++;
    in->result->rows_stored += stored;
    in->result->rows_rejected += !stored;
    if (!stored && in->result->rows_rejected == 1)
        jh_fail_at(&in->first_reject, JIHE_DATA, jh_records_name(records), why.line, why.column, "%s", why.message);
    if (in->result->rows_read % PROGRESS_ROWS == 0)
        tell_progress(in, records);
    if (stored)
        return JIHE_OK;
    return jh_rejects_add(&in->rejects, jh_records_name(records), &why, record->raw, record->raw_len, err);
}

/* Takes `records` over. */
static jihe_status read_rows(intake *in, jh_records *records, jihe_error *err)
{
    jh_record record;
    jihe_status st;

    while ((st = jh_records_next(records, &record, err)) == JIHE_OK &&
           (st = take_row(in, records, &record, err)) == JIHE_OK)
        continue;
    if (jh_records_ignored(records) > in->result->columns_ignored)
        in->result->columns_ignored = jh_records_ignored(records);
    if (st == JIHE_NOT_FOUND) {
        tell_progress(in, records);
        in->bytes_done += jh_records_bytes_read(records);
        st = JIHE_OK;
    }
    jh_records_close(records);
    return st;
}

static jihe_status read_file(intake *in, const char *path, jihe_error *err)
{
    jh_records *records = NULL;
    const jihe_status st = jh_records_open(&records, path, in->config, err);

    return st == JIHE_OK ? read_rows(in, records, err) : st;
}

static jihe_status read_query(intake *in, const jh_query *query, jihe_error *err)
{
    jh_records *records = NULL;
    const jihe_status st = jh_records_open_query(&records, query, in->config, err);

    return st == JIHE_OK ? read_rows(in, records, err) : st;
}

/* Writes the reject file, whether the ingest goes on (`so_far` JIHE_OK) or has met broken data. */
static jihe_status settle_rejects(intake *in, jihe_status so_far, jihe_error *err)
{
    jihe_status st = jh_rejects_commit(&in->rejects, so_far == JIHE_OK ? err : NULL);

    memcpy(in->result->reasons, in->rejects.counts, sizeof in->result->reasons);
    in->result->reason_count = in->rejects.count;
    if (st == JIHE_OK && in->result->rows_rejected > 0)
        memcpy(in->result->reject_file, in->rejects.path, sizeof in->result->reject_file);
    return so_far != JIHE_OK ? so_far : st;
}

/* The message says where the first reject is; the reject file has them all. */
static jihe_status check_rejects(const intake *in, jihe_error *err)
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

jihe_status jh_ingest(jh_ingest_result *result, const char *workspace, const jh_workspace_config *config,
                      const jh_ingest_options *options, jihe_error *err)
{
    intake in = {.config = config, .options = options, .result = result};
    jihe_status st;

    *result = (jh_ingest_result){0};
    st = begin(&in, workspace, err);
    if (options->query != NULL && st == JIHE_OK)
        st = read_query(&in, options->query, err);
    for (size_t i = 0; i < options->file_count && st == JIHE_OK; i++)
        st = read_file(&in, options->files[i], err);
    if (st == JIHE_OK || st == JIHE_DATA)
        st = settle_rejects(&in, st, err);
    if (st == JIHE_OK && (st = check_rejects(&in, err)) == JIHE_OK && options->expected != NULL)
        st = jh_expected_check(options->expected, &config->schema, result, &in.days, err);
    if (st == JIHE_OK && (st = jh_dayset_seal(&in.days, err)) == JIHE_OK)
        st = jh_dayset_publish(&in.days, &result->dates, &result->date_count, err);
    end(&in);
    return st;
}

void jh_ingest_result_deinit(jh_ingest_result *result)
{
    free(result->dates);
    *result = (jh_ingest_result){0};
}
