#ifndef JH_STATS_INSPECTOR_ERROR_H
#define JH_STATS_INSPECTOR_ERROR_H

#include "base/error.h"

/* The error rate behind an observed one, when inspectors overlook errors and see some where there are none (W. Rogan,
 * B. Gladen 1978, American Journal of Epidemiology 107, 71-76): (observed + specificity - 1) / (sensitivity +
 * specificity - 1), clamped to [0, 1].
 *
 *   observed     share of documents found wrong
 *   sensitivity  share of wrong documents that inspectors find; specificity: of right ones that they pass; both from a
 *                re-inspected random sample
 *
 * Takes both as known without error: its result is as uncertain as they are, and clamping makes small rates too large
 * on average. Absolute error 1e-16 / (sensitivity + specificity - 1). JIHE_USAGE for anything outside [0, 1] or not a
 * number, and when sensitivity + specificity is at most 1: such inspectors tell nothing. */
jihe_status jh_inspector_corrected(double *rate, double observed, double sensitivity, double specificity,
                                   jihe_error *err);

#endif
