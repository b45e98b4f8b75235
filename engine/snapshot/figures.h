#ifndef JH_SNAPSHOT_FIGURES_H
#define JH_SNAPSHOT_FIGURES_H

#include "base/num.h"
#include "snapshot/segment.h"

/* Figures per dictionary code, or per pair of codes, kept when a snapshot is sealed: months of history are read without
 * looking at documents. Every view is FIXED without missing values. */
typedef struct jh_figures {
    uint32_t rows;              /* tally: codes of the dictionary; cross tally: pairs that documents have */
    uint32_t money;             /* money columns with figures: all of the schema's; none in format 1 */
    const jh_col_view *person;  /* cross tally: rising by person code, then type code; otherwise NULL */
    const jh_col_view *type;
    const jh_col_view *figures; /* jh_figures_columns of them: documents, then three per money column in schema order:
                                 * amounts present, lower and upper half of their sum */
} jh_figures;

static inline uint32_t jh_figures_columns(uint32_t money)
{
    return 1 + 3 * money;
}

uint64_t jh_figures_documents(const jh_figures *tally, uint32_t row);
/* `money` counts the money columns of the schema. Sums are of minor units, exact. */
uint64_t jh_figures_present(const jh_figures *tally, uint32_t money, uint32_t row);
jh_i128  jh_figures_sum(const jh_figures *tally, uint32_t money, uint32_t row);

#endif
