#include "ingest/records.h"

#include <stdlib.h>
#include <string.h>

#include "ingest/record_kind.h"

struct jh_records {
    const jh_record_kind *kind;
    jh_reader *reader;
    jh_binding binding;
};

static const struct kind {
    jh_source_format format;
    const jh_record_kind *kind;
    const char *endings[2];
} kinds[] = {
    {JH_SOURCE_CSV, &jh_kind_csv, {".csv", ".txt"}},
    {JH_SOURCE_NDJSON, &jh_kind_ndjson, {".ndjson", ".jsonl"}},
    {JH_SOURCE_MSGPACK, &jh_kind_msgpack, {".msgpack", ".mpk"}},
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

static bool ends_with(const char *path, size_t len, const char *ending)
{
    const size_t ending_len = strlen(ending);

    return len > ending_len && memcmp(path + len - ending_len, ending, ending_len) == 0;
}

static const jh_record_kind *kind_by_name(const char *path)
{
    size_t len = strlen(path);

    if (ends_with(path, len, ".gz"))
        len -= 3;
    else if (ends_with(path, len, ".zst"))
        len -= 4;
    for (size_t i = 0; i < KINDS; i++)
        if (ends_with(path, len, kinds[i].endings[0]) || ends_with(path, len, kinds[i].endings[1]))
            return kinds[i].kind;
    return &jh_kind_csv;
}

static const jh_record_kind *kind_of(jh_source_format format, const char *path)
{
    for (size_t i = 0; i < KINDS; i++)
        if (kinds[i].format == format)
            return kinds[i].kind;
    return kind_by_name(path);
}

jihe_status jh_records_open(jh_records **out, const char *path, const jh_workspace_config *config, jihe_error *err)
{
    jh_records *records = calloc(1, sizeof *records);
    jihe_status st;

    *out = NULL;
    if (records == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "opening '%s'", path);
    records->kind = kind_of(config->format, path);
    st = records->kind->open(&records->reader, &records->binding, path, config, JH_RECORD_BLOCK, err);
    if (st != JIHE_OK) {
        jh_records_close(records);
        return st;
    }
    *out = records;
    return JIHE_OK;
}

jihe_status jh_records_open_query(jh_records **out, const jh_query *query, const jh_workspace_config *config,
                                  jihe_error *err)
{
    jh_records *records = calloc(1, sizeof *records);
    jihe_status st;

    *out = NULL;
    if (records == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "connecting to the database");
    records->kind = &jh_kind_odbc;
    st = jh_odbc_reader_open(&records->reader, &records->binding, query, config, err);
    if (st != JIHE_OK) {
        jh_records_close(records);
        return st;
    }
    *out = records;
    return JIHE_OK;
}

jihe_status jh_records_next(jh_records *records, jh_record *record, jihe_error *err)
{
    return records->kind->next(records->reader, record, err);
}

struct jh_csv *jh_records_csv(jh_records *records)
{
    return records->kind->csv != NULL ? records->kind->csv(records->reader) : NULL;
}

const jh_binding *jh_records_binding(const jh_records *records)
{
    return &records->binding;
}

const char *jh_records_name(const jh_records *records)
{
    if (records->kind->source == NULL)
        return JH_QUERY_NAME;
    return jh_source_name(records->kind->source(records->reader));
}

uint64_t jh_records_bytes_read(const jh_records *records)
{
    uint64_t total;

    if (records->kind->source == NULL)
        return 0;
    return jh_source_bytes_read(records->kind->source(records->reader), &total);
}

void jh_records_close(jh_records *records)
{
    if (records == NULL)
        return;
    records->kind->close(records->reader);
    jh_binding_deinit(&records->binding);
    free(records);
}
