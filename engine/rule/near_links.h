#ifndef JH_RULE_NEAR_LINKS_H
#define JH_RULE_NEAR_LINKS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Which of some documents belong together because they are near each other. Two are linked when their dates are at most
 * `within` days apart and their amounts differ by at most `most` minor units or by at most `ppm` millionths of the larger
 * one, signs left aside. Whoever is joined by links, directly or through others, is one group: a matter of the documents
 * only, not of their order. */
typedef struct jh_nearness {
    int32_t  within; /* days, 0 or more */
    int64_t  most;   /* 0 or more */
    uint32_t ppm;    /* below 1,000,000 */
} jh_nearness;

/* `dates` rise; `amounts` NULL: all the same. leaders[i] is the lowest number of i's group. Memory: 16 bytes a document in
 * `room`. At most n times (dates within the window) steps. False: no memory. */
bool jh_near_link(const jh_nearness *nearness, const int32_t *dates, const int64_t *amounts, size_t count, jh_buf *room,
                  uint32_t *leaders);

bool jh_near_amounts(const jh_nearness *nearness, int64_t a, int64_t b);

#endif
