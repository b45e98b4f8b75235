#ifndef JH_API_DEMO_DOCUMENT_H
#define JH_API_DEMO_DOCUMENT_H

#include "api/demo_centre.h"

/* One made-up document of a day. Texts are borrowed from the centre and the tables; "" when missing. */
typedef struct jh_demo_document {
    char id[40];
    int32_t date;
    uint32_t second_of_day;
    bool has_amount;
    int64_t amount; /* fen, may be negative */
    const jh_demo_type *type;
    const char *account, *payee, *preparer, *reviewer, *second_reviewer, *status;
    char summary[96];
} jh_demo_document;

#define JH_DEMO_POSTED "已过账"

/* The document number `index` of `count` of the day; they come in the order of their times. `rng` is the day's. */
void jh_demo_document_make(jh_demo_document *out, const jh_demo_centre *centre, int32_t date, uint64_t index,
                           uint64_t count, jh_pcg64 *rng);

#endif
