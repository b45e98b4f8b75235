#include "ingest/intake.h"

#include <stdlib.h>
#include <string.h>

#include "base/days.h"
#include "ingest/pipeline.h"

enum { ENOUGH_TO_GUESS = 16 << 20 }; /* bytes of the extracts, before the documents to come are reckoned with */

jihe_status jh_intake_init(jh_intake *in, const char *workspace, const jh_workspace_config *config,
                           const jh_ingest_options *options, jh_ingest_result *result, jihe_error *err)
{
    char date_text[16];
    jihe_status st;

    *in = (jh_intake){.config = config, .options = options, .result = result};
    in->threads = options->threads > 0 ? options->threads : 1;
    in->loaders = calloc(in->threads + 1, sizeof *in->loaders);
    if (in->loaders == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "preparing the columns");
    for (uint32_t i = 0; i <= in->threads; i++)
        if ((st = jh_loader_init(&in->loaders[i], config, i, options->split, options->date, err)) != JIHE_OK)
            return st;
    jh_days_text(options->date, date_text);
    if ((st = jh_rejects_init(&in->rejects, workspace, options->split ? NULL : date_text, err)) != JIHE_OK ||
        (st = jh_dayset_init(&in->days, workspace, config, err)) != JIHE_OK)
        return st;
    in->days.revise = options->revise;
    return JIHE_OK;
}

void jh_intake_deinit(jh_intake *in)
{
    jh_rejects_discard(&in->rejects);
    jh_dayset_deinit(&in->days);
    for (uint32_t i = 0; in->loaders != NULL && i <= in->threads; i++)
        jh_loader_deinit(&in->loaders[i]);
    free(in->loaders);
    *in = (jh_intake){0};
}

/* --- reading ---------------------------------------------------------------------------------------------------- */

static jihe_status read_text(void *context, jh_parcel *parcel, bool *more, jihe_error *err)
{
    jh_intake *in = context;

    *more = false;
    return in->closed ? jh_cutter_drain(&in->cutter, err) : jh_cutter_next(&in->cutter, parcel, more, err);
}

static jihe_status read_records(void *context, jh_parcel *parcel, bool *more, jihe_error *err)
{
    jh_intake *in = context;
    jh_loader *loader = &in->loaders[in->threads];
    jihe_status st = JIHE_OK;

    for (uint32_t i = 0; i < JH_PARCEL_RECORDS && st == JIHE_OK; i++) {
        jh_record record;

        if ((st = jh_records_next(in->records, &record, err)) == JIHE_OK &&
            (st = jh_loader_record(loader, jh_records_binding(in->records), &record, parcel, err)) != JIHE_OK)
            st = jh_wrap(err, st, "%s, line %llu", in->name, (unsigned long long)record.line);
    }
    parcel->bytes_read = jh_records_bytes_read(in->records);
    *more = st == JIHE_OK;
    return st == JIHE_NOT_FOUND ? JIHE_OK : st;
}

/* --- loading ---------------------------------------------------------------------------------------------------- */

static void load_text(void *context, uint32_t worker, jh_parcel *parcel)
{
    jh_intake *in = context;

    jh_loader_text(&in->loaders[worker], jh_records_binding(in->records), parcel, in->name);
}

/* Its records were loaded when they were read. */
static void load_nothing(void *context, uint32_t worker, jh_parcel *parcel)
{
    (void)context, (void)worker, (void)parcel;
}

/* --- storing ---------------------------------------------------------------------------------------------------- */

static jihe_status add_reject(jh_intake *in, const jh_reject *why, const char *raw, size_t raw_len, jihe_error *err)
{
    in->result->rows_read++;
    in->result->rows_rejected++;
    if (in->result->rows_rejected == 1)
        jh_fail_at(&in->first_reject, JIHE_DATA, in->name, why->line, why->column, "%s", why->message);
    return jh_rejects_add(&in->rejects, in->name, why, raw, raw_len, err);
}

static uint32_t line_from(const jh_intake *in, uint64_t line)
{
    return jh_csv_line(line == 0 ? 0 : in->line + line - 1);
}

static jihe_status pass_refusal(jh_intake *in, const jh_refusal *refusal, jihe_error *err)
{
    jh_reject why = {.line = line_from(in, refusal->line),
                     .column = refusal->column,
                     .reason = refusal->reason,
                     .found = refusal->found,
                     .found_len = refusal->found_len,
                     .path = refusal->path};

    memcpy(why.message, refusal->message, strlen(refusal->message) + 1);
    return add_reject(in, &why, refusal->raw, refusal->raw_len, err);
}

/* The place of a document's id in a parcel of CSV is looked for only now. */
static void find_place(jh_intake *in, const jh_parcel *parcel, const jh_origin *origin, jh_reject *why)
{
    const jh_binding *binding = jh_records_binding(in->records);
    jh_csv_scanner *scanner = &in->loaders[in->threads].scanner;
    uint64_t line = in->line;
    jh_record record;
    size_t used;

    for (const char *at = parcel->text; at < origin->raw; at++)
        line += *at == '\n';
    if (jh_csv_scan(scanner, origin->raw, origin->raw_len, true, line, &record, &used, &line) == JH_CSV_RECORD &&
        record.bad == NULL)
        jh_reject_at(why, jh_binding_field(binding, &record, in->config->schema.id, 0));
}

static jihe_status reject_taken(jh_intake *in, const jh_parcel *parcel, uint32_t row, jh_reject *why, jihe_error *err)
{
    const jh_origin *origin = &parcel->origins[row];
    const jh_piece *id = &parcel->batch.columns[in->config->schema.id].pieces[row];

    why->line = origin->line;
    why->column = origin->column;
    why->path = origin->path;
    why->found = id->text;
    why->found_len = id->len;
    if (origin->line == 0)
        find_place(in, parcel, origin, why);
    return add_reject(in, why, origin->raw, origin->raw_len, err);
}

static int32_t date_of(const jh_intake *in, const jh_batch *batch, uint32_t row)
{
    if (!in->options->split)
        return in->options->date;
    return (int32_t)batch->columns[in->config->schema.business_date].numbers[row];
}

/* How many of rows[0 .. count) from the first on have its date. */
static uint32_t same_date(const jh_intake *in, const jh_batch *batch, const uint32_t *rows, uint32_t count)
{
    uint32_t n = 1;

    if (!in->options->split)
        return count;
    while (n < count && date_of(in, batch, rows[n]) == date_of(in, batch, rows[0]))
        n++;
    return n;
}

/* Documents kept[from .. to) between two refusals. */
static jihe_status store_documents(jh_intake *in, jh_parcel *parcel, uint32_t from, uint32_t to, jihe_error *err)
{
    while (from < to) {
        const uint32_t *rows = parcel->kept + from;
        const uint32_t count = same_date(in, &parcel->batch, rows, to - from);
        jh_reject why = {.found = ""};
        uint32_t added;
        jihe_status st = jh_dayset_add(&in->days, date_of(in, &parcel->batch, rows[0]), &parcel->batch, rows, count,
                                       &added, &why, err);

        if (st != JIHE_OK)
            return st;
        in->result->rows_read += added;
        in->result->rows_stored += added;
        from += added;
        if (added == count)
            continue;
        if ((st = reject_taken(in, parcel, rows[added], &why, err)) != JIHE_OK)
            return st;
        from++;
    }
    return JIHE_OK;
}

static jihe_status store_all(jh_intake *in, jh_parcel *parcel, jihe_error *err)
{
    uint32_t from = 0;
    jihe_status st;

    for (size_t i = 0; i < parcel->refusal_count; i++) {
        if ((st = store_documents(in, parcel, from, parcel->refusals[i].before, err)) != JIHE_OK ||
            (st = pass_refusal(in, &parcel->refusals[i], err)) != JIHE_OK)
            return st;
        from = parcel->refusals[i].before;
    }
    return store_documents(in, parcel, from, parcel->kept_count, err);
}

static void tell_progress(const jh_intake *in, uint64_t bytes)
{
    if (in->options->progress != NULL)
        in->options->progress(in->options->progress_context, in->result->rows_read, in->bytes_done + bytes,
                              in->bytes_total);
}

/* The extract is broken behind the parcel's documents. */
static jihe_status pass_failure(const jh_intake *in, const jh_parcel *parcel, jihe_error *err)
{
    if (err != NULL) {
        *err = parcel->error;
        if (in->cutter.csv != NULL && parcel->status == JIHE_DATA)
            err->line = line_from(in, err->line == 0 ? parcel->lines + 1 : err->line);
    }
    return parcel->status;
}

/* Once there is something to go by: as many documents per byte are expected to the end, and an eighth more, since what
 * was read is ahead of what was stored. A wrong guess costs time or room and nothing else. */
static jihe_status expect_more(jh_intake *in, const jh_parcel *parcel, jihe_error *err)
{
    const uint64_t bytes = in->bytes_done + parcel->bytes_read;

    if (in->guessed || in->options->split || bytes < ENOUGH_TO_GUESS || in->bytes_total < bytes)
        return JIHE_OK;
    in->guessed = true;
    return jh_dayset_expect(&in->days, in->options->date,
                            (uint64_t)((jh_u128)in->bytes_total * in->result->rows_stored / bytes * 9 / 8), err);
}

static jihe_status store(void *context, jh_parcel *parcel, bool *again, jihe_error *err)
{
    jh_intake *in = context;
    jihe_status st = expect_more(in, parcel, err);

    if (st == JIHE_OK)
        st = store_all(in, parcel, err);
    if (st == JIHE_OK && parcel->status != JIHE_OK)
        st = pass_failure(in, parcel, err);
    if (st != JIHE_OK)
        return st;
    in->line += parcel->lines;
    *again = parcel->closed || parcel->used < parcel->len;
    tell_progress(in, parcel->bytes_read);
    return JIHE_OK;
}

static jihe_status recall(void *context, jh_parcel *parcel, bool is_stored, jihe_error *err)
{
    jh_intake *in = context;

    if (is_stored)
        in->closed = parcel->closed; /* here, where nobody reads */
    if (in->closed)
        return JIHE_OK;
    if (is_stored && parcel->used == 0)
        jh_cutter_lengthen(&in->cutter, parcel);
    return jh_cutter_return(&in->cutter, parcel, is_stored ? parcel->used : 0)
               ? JIHE_OK
               : jh_fail(err, JIHE_NO_MEMORY, "reading '%s'", in->name);
}

static jh_segment_build *take(void *context, jh_writer **writer)
{
    jh_intake *in = context;

    return jh_dayset_take(&in->days, writer);
}

/* Counts and names are of the file that has the most. */
static void note_ignored(jh_ingest_result *result, const jh_binding *binding)
{
    if (binding->ignored <= result->columns_ignored)
        return;
    result->columns_ignored = binding->ignored;
    jh_buf_clear(&result->ignored_names);
    jh_buf_put(&result->ignored_names, binding->names.bytes, binding->names.len);
}

jihe_status jh_intake_read(jh_intake *in, jh_records *records, jihe_error *err)
{
    jh_csv *csv = in->options->by_record ? NULL : jh_records_csv(records);
    const jh_pipeline_stages stages = {.context = in,
                                       .read = csv != NULL ? read_text : read_records,
                                       .load = csv != NULL ? load_text : load_nothing,
                                       .store = store,
                                       .recall = recall,
                                       .take = take};
    jihe_status st;

    in->records = records;
    in->name = jh_records_name(records);
    in->closed = false;
    in->line = csv != NULL ? jh_csv_at_line(csv) : 1;
    jh_cutter_init(&in->cutter, csv, in->options->parcel_bytes);
    st = jh_pipeline_run(&stages, &in->config->schema, in->threads, err);
    note_ignored(in->result, jh_records_binding(records));
    in->bytes_done += jh_records_bytes_read(records);
    jh_cutter_deinit(&in->cutter);
    jh_records_close(records);
    in->records = NULL;
    return st;
}
