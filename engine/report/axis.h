#ifndef JH_REPORT_AXIS_H
#define JH_REPORT_AXIS_H

#include <stddef.h>
#include <stdint.h>

#include "report/page.h"

enum { JH_AXIS_STEPS = 28 };

/* A percent scale from 0 that shows all added rates and at least seven eighths of the intervals whole, so that one
 * interval of three documents does not press the others flat; what goes beyond is drawn with an arrow. Zero-initialise,
 * add, then pick. */
typedef struct jh_axis {
    uint64_t fitting[JH_AXIS_STEPS]; /* intervals that a choice shows whole */
    uint64_t intervals;
    uint32_t rate_max; /* ppm */
    uint32_t max;      /* ppm, > 0 once picked */
    uint32_t tick;     /* ppm, divides max */
} jh_axis;

void jh_axis_add(jh_axis *axis, const jh_page_counts *counts);
void jh_axis_pick(jh_axis *axis);

/* Where a value stands on `length` (tenths of a unit), rounded; values beyond the scale stand at its end. */
int32_t jh_axis_at(const jh_axis *axis, uint32_t ppm, int32_t length);

#endif
