#ifndef JH_CONFIG_SCHEMA_H
#define JH_CONFIG_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/money.h"

/* What a document looks like: the declared columns, from jihe.yaml or from a snapshot that carries its own copy. */

/* Stored in snapshots: assigned once, never reused. */
typedef enum jh_type {
    JH_ID       = 1, /* exactly one per schema; never missing */
    JH_CATEGORY = 2, /* a value that repeats: dictionary-coded */
    JH_MONEY    = 3, /* int64 minor units */
    JH_INTEGER  = 4, /* int64 */
    JH_DATE     = 5, /* days since 1970-01-01 */
    JH_TIME     = 6, /* milliseconds since 1970-01-01 UTC */
    JH_TEXT     = 7,
    JH_FLAG     = 8  /* 0 or 1 */
} jh_type;

enum {
    JH_ROLE_BUSINESS_DATE = 1u, /* type date; at most one column */
    JH_ROLE_PERSON        = 2u, /* type category; tallied per day */
    JH_ROLE_TYPE          = 4u, /* type category; at most one column: the kind of document, persons are tallied by it */
    JH_ROLE_TEAM          = 8u, /* type category; at most one column: who is responsible for the document */
    JH_ROLE_CURRENCY      = 16u /* type category; what the document's amounts without a declared currency are in */
};

/* Decimals of one currency's amounts, as the documents name it. */
typedef struct jh_minor_unit {
    const char *currency;
    uint32_t    len;
    uint32_t    digits;       /* 0..scale of the column */
} jh_minor_unit;

/* `minor_units`: amounts of one column in several currencies. */
typedef struct jh_minor_units {
    size_t               column;       /* the category column that says the currency */
    const jh_minor_unit *units;
    size_t               count;
    bool                 takes_other;  /* what names none of them, or nothing, has other_digits; else it is refused */
    uint32_t             other_digits; /* 0..scale of the column */
} jh_minor_units;

enum { JH_LIST_MARK = 0x1f }; /* between the values of a list as it is stored; no value holds it */

typedef struct jh_column {
    const char        *name;    /* as rules and outputs say it: [A-Za-z_][A-Za-z0-9_]* or any letters beyond ASCII */
    jh_type            type;
    uint32_t           roles;   /* JH_ROLE_* bits */
    const char *const *sources; /* headers in the extract; joined with '|' when several (type id only) */
    size_t             source_count;
    const char *const *also;    /* further headers the one source may have instead; NULL when there are none */
    size_t             also_count;
    bool               optional;/* an extract without the source is fine: all values are missing */
    const char        *list;    /* category: NULL, or what separates values where a document may have several */
    const char        *format;  /* date, time: see base/days.h; may be JH_CLOCK_EXCEL */
    const char        *currency;/* money: "CNY", "" when not declared */
    jh_money_format    money;   /* type money; of it an integer uses `negative` */
    bool               in_minor;/* money: amounts come as whole numbers of the minor unit */
    const jh_minor_units *units;/* money: NULL when all amounts have `scale` decimals; a snapshot's copy has none */
    bool               full_width; /* money, integer, date, time: full-width digits and signs are read like plain ones */
    uint32_t           line, column; /* where jihe.yaml declares it; 0 in a snapshot's copy */
} jh_column;

typedef struct jh_schema {
    const jh_column *columns;
    size_t           count;         /* 1..JH_MAX_COLUMNS */
    size_t           id;            /* index of the id column */
    size_t           business_date; /* index, or SIZE_MAX when no column has the role */
} jh_schema;

enum { JH_MAX_COLUMNS = 256 }; /* a key holds the column in 16 bits; a segment of 256 wide columns is 128 MiB */

const char *jh_type_name(jh_type type);                    /* "id", "category", ... */
bool        jh_type_parse(const char *name, jh_type *out); /* by that name */
size_t      jh_schema_role(const jh_schema *schema, uint32_t role); /* the first column that has it, or SIZE_MAX */
size_t      jh_schema_find(const jh_schema *schema, const char *name, size_t len); /* SIZE_MAX when absent */

#endif
