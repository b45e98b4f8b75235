#ifndef JH_INGEST_RECORDS_H
#define JH_INGEST_RECORDS_H

#include "config/workspace.h"
#include "ingest/binding.h"
#include "ingest/fields.h"
#include "ingest/query.h"
#include "ingest/source.h"

/* The records of one extract, of whatever kind it is. */
typedef struct jh_records jh_records;

/* Opens the file as the kind that jihe.yaml says or, under AUTO, that its name says: .ndjson or .jsonl, .msgpack or
 * .mpk (behind them may stand .gz or .zst), all else CSV. The header of a CSV file is read and bound here. */
jihe_status jh_records_open(jh_records **out, const char *path, const jh_workspace_config *config, jihe_error *err);

/* The rows of a database query, whose column names are bound here. JIHE_UNAVAILABLE when the database does not answer,
 * here or later; JIHE_USAGE when the query is not one. */
jihe_status jh_records_open_query(jh_records **out, const jh_query *query, const jh_workspace_config *config,
                                  jihe_error *err);

/* JIHE_NOT_FOUND at the end, JIHE_DATA when no further record can be found. */
jihe_status jh_records_next(jh_records *records, jh_record *record, jihe_error *err);

/* Of a CSV file: what is behind the header, to be read by its text (csv.h, jh_csv_rest). NULL for other kinds. */
struct jh_csv *jh_records_csv(jh_records *records);

const jh_binding *jh_records_binding(const jh_records *records);
const char *jh_records_name(const jh_records *records);
uint64_t jh_records_bytes_read(const jh_records *records); /* of the file as stored; 0 for a query */
void jh_records_close(jh_records *records);                /* NULL accepted */

#endif
