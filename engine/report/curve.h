#ifndef JH_REPORT_CURVE_H
#define JH_REPORT_CURVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "report/rows.h"

/* An operating characteristic: the chance that a sample is accepted, over the rate of the population. One SVG picture
 * with its style inside, fit for a page or for a viewer of its own. The same numbers give the same bytes. */

typedef struct jh_curve_mark {
    uint32_t    rate, chance; /* ppm */
    const char *label;        /* "5%: 4.98%" */
} jh_curve_mark;

typedef struct jh_curve {
    const char     *title;
    const char     *across, *up; /* names of the axes */
    uint32_t        shown;       /* the rate in ppm that the scale must reach */
    jh_curve_mark   marks[2];
    size_t          mark_count;
    const uint32_t *chances; /* ppm, at evenly spaced rates from 0 to the end of the scale (jh_curve_end) */
    size_t          count;   /* >= 2 */
} jh_curve;

/* The end of a round scale that reaches `shown`, in ppm. */
uint32_t jh_curve_end(uint32_t shown);

jihe_status jh_curve_write(const jh_curve *curve, jh_sink sink, jihe_error *err);

#endif
