#ifndef JH_LEDGER_INSPECTIONS_H
#define JH_LEDGER_INSPECTIONS_H

#include "base/arena.h"
#include "ledger/ledger.h"

/* What inspectors found. One event "inspection" per inspector and document; events of one file are one transaction,
 * closed by an event "record" with the file's digest. The document's category values are kept with the inspection, so
 * that rates never need a snapshot that may be gone. A document may be inspected any number of times; the last one
 * counts in rates. */

typedef enum jh_class { JH_CLASS_IN_RULE = 1, JH_CLASS_OUT_OF_RULE = 2 } jh_class;

typedef struct jh_finding {
    jh_class    class_;
    const char *clause, *code, *responsible, *severity, *note; /* "" when not given */
} jh_finding;

typedef struct jh_attribute { /* a category value of the document */
    const char *column;
    const char *value; /* NULL: missing */
    bool        person;
} jh_attribute;

typedef struct jh_inspection {
    uint64_t      sequence; /* event number; 0 while not recorded */
    const char   *doc_id;
    int32_t       date;     /* business date of the document */
    const char   *run;      /* id of the run whose work list asked for it */
    const char   *inspector;
    jh_finding   *findings; /* none: passed */
    size_t        finding_count;
    jh_attribute *attributes;
    size_t        attribute_count;
} jh_inspection;

typedef struct jh_inspections {
    jh_inspection *all; /* in order of recording */
    size_t         count;
} jh_inspections;

jihe_status jh_inspections_load(jh_inspections *out, jh_ledger *ledger, jh_arena *arena, jihe_error *err);

/* All inspections and the closing event, durable on return. The caller holds the workspace lock. */
jihe_status jh_inspections_save(jh_ledger *ledger, const jh_inspection *inspections, size_t count,
                                const char sha256[65], int64_t at, jihe_error *err);

/* Do two inspections say the same of the same document, by the same inspector? (Event numbers and runs play no part.)
 */
bool jh_inspection_same(const jh_inspection *a, const jh_inspection *b);

#endif
