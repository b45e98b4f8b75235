#ifndef JH_API_PLAN_WORDS_H
#define JH_API_PLAN_WORDS_H

#include <stdbool.h>

#include "jihe/stats.h"

/* What a plan promises and what it does not, put into plan->promise and plan->limits from the plan's numbers. */

bool jh_is_zh(const char *lang);

/* `refused`: the chance of more errors than allowed at `rate`, which is the expected one, or one below the
 * tolerable. */
void jh_say_attribute(jihe_plan *plan, double confidence, uint32_t rate, double refused, bool zh);
void jh_say_two_point(jihe_plan *plan, double accepted_when_good, bool zh);
void jh_say_detect(jihe_plan *plan, uint64_t kind, bool zh);
void jh_say_precision(jihe_plan *plan, double confidence, uint32_t half_width, bool zh);
void jh_say_money(jihe_plan *plan, double confidence, uint64_t tolerable, uint64_t expected, uint64_t book, bool zh);

/* "5%", "3.25%" exactly; "4.98%" of a share, "<0.01%" of a small one that is not 0. `out` needs 32 bytes; returned. */
const char *jh_ppm_text(uint32_t ppm, char *out);
const char *jh_percent_text(double share, char *out);

/* An amount in ten-thousandths, without needless zeros: "166666.6667". `out` needs 32 bytes; returned. */
const char *jh_ten_thousandths_text(double amount, char *out);

#endif
