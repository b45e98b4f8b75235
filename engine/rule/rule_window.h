#ifndef JH_RULE_RULE_WINDOW_H
#define JH_RULE_RULE_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

/* How far back a rule looks when it runs for one date. A run of a period looks at the period, whatever a rule says, but for
 * windows of a flag's own, which end with the run's last date in any case. */

typedef enum jh_window_kind {
    JH_WINDOW_DATE,  /* the date of the run; the default */
    JH_WINDOW_DAYS,  /* `7 days`: so many days that end with it */
    JH_WINDOW_WEEK,  /* `week`: from Monday on */
    JH_WINDOW_MONTHS /* `month`, `3 months`: its calendar month up to it, and those before */
} jh_window_kind;

enum { JH_MAX_WINDOW_DAYS = 1100, JH_MAX_WINDOW_MONTHS = 36 };

typedef struct jh_window {
    jh_window_kind kind;
    uint32_t       count;  /* DAYS, MONTHS: 1.. */
    bool           always; /* also in a run of a period */
} jh_window;

/* The first date that a rule looks at in a run from `from` to `to`. */
int32_t jh_window_first(jh_window window, int32_t from, int32_t to);

#endif
