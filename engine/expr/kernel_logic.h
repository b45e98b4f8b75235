#ifndef JH_EXPR_KERNEL_LOGIC_H
#define JH_EXPR_KERNEL_LOGIC_H

#include <stddef.h>
#include <stdint.h>

/* Kleene's three values as two bitmaps: true, undecided; a row in neither is false, none is in both. The first operand
 * takes the result. Padding bits come in as 0 and stay 0. */
typedef struct jh_verdicts {
    uint64_t *yes;
    uint64_t *undecided;
} jh_verdicts;

void jh_logic_and(jh_verdicts a, jh_verdicts b, size_t rows);
void jh_logic_or(jh_verdicts a, jh_verdicts b, size_t rows);
void jh_logic_not(jh_verdicts a, size_t rows);

/* The same, row by row: what the answer is. For tests. */
void jh_logic_and_ref(jh_verdicts a, jh_verdicts b, size_t rows);
void jh_logic_or_ref(jh_verdicts a, jh_verdicts b, size_t rows);
void jh_logic_not_ref(jh_verdicts a, size_t rows);

#endif
