#ifndef JH_STATS_MEASURED_H
#define JH_STATS_MEASURED_H

#include <stdint.h>

/* What estimators take and give. */

typedef struct jh_measured {
    double value;
    double standard_error; /* of the value, from the sample */
} jh_measured;

/* One group of documents of which a simple random sample was inspected. */
typedef struct jh_sampled {
    uint64_t population; /* > 0 */
    uint64_t inspected;  /* <= population; equal: a census, which has no sampling error */
    uint64_t errors;     /* <= inspected */
} jh_sampled;

#endif
