#ifndef JH_CONFIG_WORKSPACE_H
#define JH_CONFIG_WORKSPACE_H

#include "base/zone.h"
#include "config/schema.h"
#include "config/yaml.h"

/* jihe.yaml, read and checked (DESIGN section 5). */

typedef enum jh_encoding { JH_ENCODING_AUTO, JH_ENCODING_UTF8, JH_ENCODING_GB18030 } jh_encoding;

typedef struct jh_csv_dialect {
    jh_encoding encoding;
    char        delimiter; /* one ASCII character; not quote, CR, LF, NUL */
    char        quote;
    uint32_t    header;    /* 1-based line of the header row */
    const char *footer;    /* NULL, or how the first non-empty field of the row begins that ends the data */
} jh_csv_dialect;

/* What an extract is. AUTO: by the file's name. */
typedef enum jh_source_format { JH_SOURCE_AUTO, JH_SOURCE_CSV, JH_SOURCE_NDJSON, JH_SOURCE_MSGPACK } jh_source_format;

typedef enum jh_duplicates { JH_DUPLICATES_REJECT, JH_DUPLICATES_NUMBER } jh_duplicates;

typedef struct jh_workspace_config {
    jh_yaml            yaml;    /* owns every string below */
    jh_schema          schema;
    jh_csv_dialect     csv;
    jh_source_format   format;
    bool               private_use; /* are private-use characters taken? */
    jh_duplicates      duplicates;
    const char *const *missing; /* cell texts that mean "no value"; default "" only */
    size_t             missing_count;
    uint32_t           keep_days; /* snapshots older than this may be dropped; 0: nothing is said */
    const char        *timezone;/* default UTC */
    jh_zone           *zone;    /* owned */
} jh_workspace_config;

jihe_status jh_workspace_config_load(jh_workspace_config *config, const char *path, jihe_error *err);
void        jh_workspace_config_deinit(jh_workspace_config *config); /* a zeroed one is fine */

/* The jihe.yaml that `jihe init` writes: commented, complete, and accepted by the loader. */
const char *jh_workspace_config_template(void);

#endif
