#ifndef JH_SAMPLE_ASSIGN_H
#define JH_SAMPLE_ASSIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Who inspects what. Arrays in, arrays out; whole numbers decide; the order of documents, persons and inspectors plays
 * no part.
 *
 * Documents are taken in order: those that were certain to be listed, then the others by their number of the stream
 * JH_ASSIGN_FIRST, which no draw uses. So what is left for want of room is a random part of what was drawn, the same
 * share of all strata on average, whatever their rates. A document goes to the inspector whose share of the capacity
 * is the smallest (of (load + 1) / capacity), among equals to the one who has the fewest documents of its persons, then by
 * the document's own rotation. Where all who are allowed are full, documents change hands (augmenting paths), so that a
 * document stays behind only if no exchange makes room.
 *
 * Second inspections, for calibration: a random part of what was assigned, by numbers of the stream JH_ASSIGN_SECOND; room
 * is kept for them. */

#define JH_ASSIGN_FIRST "assign/1"
#define JH_ASSIGN_SECOND "assign/2" /* no rule's id has a '/' */

#define JH_ASSIGN_NOBODY UINT32_MAX /* an inspector's index */

typedef struct jh_assign_document {
    uint64_t    first, second; /* numbers of the two streams */
    const char *id;            /* with `part` it settles equal numbers */
    uint32_t    id_len;
    uint32_t    part;          /* which of several documents of one id */
    size_t      persons;       /* index in input->persons of those who handled it */
    uint32_t    person_count;
    bool        certain;       /* listed whatever the draw */
} jh_assign_document;

typedef struct jh_assign_inspector {
    uint64_t person;   /* the same numbering as the documents' persons; different for all inspectors */
    uint64_t capacity; /* documents in all, at most JH_ASSIGN_MOST */
} jh_assign_inspector;

#define JH_ASSIGN_MOST UINT32_MAX

typedef struct jh_assign_input {
    const jh_assign_document  *documents;
    size_t                     document_count;  /* below 2^32 */
    const uint64_t            *persons;         /* XXH3-64 of names: two that agree by accident bar one person too many */
    const jh_assign_inspector *inspectors;
    uint32_t                   inspector_count; /* below 2^32 - 1 */
    uint32_t                   second_ppm;      /* second inspections, of a million first ones: 0..1000000; rounded up */
} jh_assign_input;

typedef enum jh_assign_why {
    JH_ASSIGNED,
    JH_ASSIGN_NO_CAPACITY,    /* everybody who may inspect it is busy with others */
    JH_ASSIGN_NOBODY_ALLOWED, /* all inspectors handled it */
} jh_assign_why;

typedef struct jh_assigned {
    uint32_t      inspectors[2]; /* first and second inspection, or JH_ASSIGN_NOBODY */
    jh_assign_why why;
} jh_assigned;

/* `out`: one per document. *second_wanted: how many second inspections were asked for; fewer where nobody else is
 * allowed. Time: documents x inspectors; memory: documents x their persons. JIHE_NO_MEMORY only. */
jihe_status jh_assign(jh_assigned *out, uint64_t *second_wanted, const jh_assign_input *input, jihe_error *err);

#endif
