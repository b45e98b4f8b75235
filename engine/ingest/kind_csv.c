#include <stdlib.h>

#include "ingest/csv.h"
#include "ingest/record_kind.h"

/* CSV files as a kind of extract: the header row says where the columns are. */

struct jh_reader {
    jh_csv *csv;
};

static jihe_status read_header(jh_csv *csv, jh_binding *binding, const jh_workspace_config *config, jihe_error *err)
{
    const uint32_t expected = config->csv.header;
    jh_record header;
    jihe_status st = jh_csv_next(csv, &header, err);

    if (st == JIHE_NOT_FOUND)
        return jh_fail_at(err, JIHE_DATA, jh_csv_name(csv), expected, 1, "the file ends before the header row");
    if (st != JIHE_OK)
        return st;
    if (header.line != expected)
        return jh_fail_at(err, JIHE_DATA, jh_csv_name(csv), expected, 1,
                          "this line is empty, expected the header row; `csv: {header: LINE}` says where it is");
    return jh_binding_init(binding, &config->schema, jh_csv_name(csv), &header, err);
}

static void csv_close(jh_reader *reader)
{
    if (reader == NULL)
        return;
    jh_csv_close(reader->csv);
    free(reader);
}

static jihe_status csv_open(jh_reader **out, jh_binding *binding, const char *path, const jh_workspace_config *config,
                            size_t block_bytes, jihe_error *err)
{
    jh_reader *reader = calloc(1, sizeof *reader);
    jihe_status st;

    *out = NULL;
    if (reader == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "opening '%s'", path);
    st = jh_csv_open_blocks(&reader->csv, path, &config->csv, block_bytes, err);
    if (st == JIHE_OK)
        st = read_header(reader->csv, binding, config, err);
    if (st != JIHE_OK) {
        csv_close(reader);
        return st;
    }
    *out = reader;
    return JIHE_OK;
}

static jihe_status csv_next(jh_reader *reader, jh_record *record, jihe_error *err)
{
    return jh_csv_next(reader->csv, record, err);
}

static const jh_source *csv_source(const jh_reader *reader)
{
    return jh_csv_source(reader->csv);
}

static jh_csv *csv_of(jh_reader *reader)
{
    return reader->csv;
}

const jh_record_kind jh_kind_csv = {csv_open, csv_next, csv_source, csv_close, csv_of};
