#ifndef JH_RULE_DOCUMENT_KEYS_H
#define JH_RULE_DOCUMENT_KEYS_H

#include "codec/unpack.h"
#include "rule/document_groups.h"
#include "rule/rulefile_int.h"
#include "rule/same_values.h"

/* What flags about documents that belong together have in common in rule files: the columns that must agree, how they are
 * compared, and how far apart documents may be. */

enum { JH_MAX_KEYS = 8, JH_MAX_WITHIN_DAYS = JH_MAX_WINDOW_DAYS };

typedef struct jh_document_key {
    jh_column_name column;
    bool           normal; /* normalise: [COLUMN] */
    jh_place       place;  /* of it there */
} jh_document_key;

typedef struct jh_document_keys {
    jh_document_key keys[JH_MAX_KEYS];
    size_t          count; /* 1.. */
} jh_document_keys;

typedef struct jh_within { /* "90 days", "2 weeks"; "6 hours" where `hours` are taken */
    uint32_t count;
    bool     hours; /* else days */
} jh_within;

/* `columns` and `normalise`: nodes of the rule file, one value or several; the second may be NULL. */
jihe_status jh_document_keys_read(const jh_rule_reader *reader, const jh_node *columns, const jh_node *normalise,
                                  jh_document_keys *out);
/* Columns are there, are no lists, and can be normalised where they are to be. */
jihe_status jh_document_keys_check(const jh_document_keys *keys, const char *what, const jh_schema *schema, jihe_error *err);
void jh_document_keys_pack(jh_buf *out, const jh_document_keys *keys); /* an array of names; [name, true] where normal */
void jh_document_keys_unpack(const jh_unpack *map, const char *name, jh_document_keys *keys, jh_arena *arena, bool *ok);
/* "payee, amount, invoice (normalised)" */
void jh_document_keys_put(jh_buf *out, const jh_document_keys *keys);

jihe_status jh_within_read(const jh_rule_reader *reader, const jh_node *node, bool hours, jh_within *out);
void        jh_within_put(jh_buf *out, jh_within within);

/* The column that says what a document's amounts are in, where one of the key columns or `money` (may be NULL) is an
 * amount without a currency of its own; else NULL. Amounts of different currencies are never the same. */
const char *jh_document_currency(const jh_document_keys *keys, const char *money, const jh_schema *schema);

#endif
