#ifndef JH_STATS_MONETARY_H
#define JH_STATS_MONETARY_H

#include <stddef.h>

#include "base/error.h"

/* The total overstatement of a population of items, from the book and audited values of a simple random sample of
 * them. */
typedef enum jh_monetary_method {
    JH_MONETARY_DIRECT,     /* from audited values alone: wide wherever items differ in size */
    JH_MONETARY_DIFFERENCE, /* from book less audited: good when errors do not grow with the item */
    JH_MONETARY_RATIO,      /* audited over book: good when they do */
    JH_MONETARY_REGRESSION, /* audited on book, by least squares */
    JH_MONETARY_QUOTIENT    /* the ratio's error around items x (mean book - mean audited), as some packages publish it:
                               the known total is not used; here to compare with them */
} jh_monetary_method;

typedef struct jh_monetary {
    double likely, lower, upper; /* in the currency of the items; below 0: understated */
} jh_monetary;

/*   book, audited  of each sampled item, count >= 2
 *   items          in the population, >= count
 *   total          book value of the population; used by direct, ratio and regression
 *   conf           two-sided, in (0, 1): t limits with count - 1 degrees of freedom
 *
 * No finite-population correction, as the published figures have none: the limits err to the wide side. With few
 * misstated items in the sample the t limits are too narrow all the same; then a monetary-unit sample and Stringer's
 * limit serve better. JIHE_USAGE when an argument is out of range, or when the method cannot be used on these items
 * (all book values 0, or equal for the regression); *out is then untouched.
 * Source: W. Cochran (1977), Sampling Techniques, 3rd ed., chapters 6 and 7. */
jihe_status jh_monetary_of(jh_monetary_method method, const double *book, const double *audited, size_t count,
                           double items, double total, double conf, jh_monetary *out, jihe_error *err);

#endif
