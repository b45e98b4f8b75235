#include "rule/rule_window.h"

#include "base/days.h"
#include "config/calendar.h"

int32_t jh_window_first(jh_window window, int32_t from, int32_t to)
{
    const int32_t month = jh_days_month(to);

    if (from != to && !window.always)
        return from;
    switch (window.kind) {
    case JH_WINDOW_DATE:
        break;
    case JH_WINDOW_DAYS:
        return to - (int32_t)window.count + 1;
    case JH_WINDOW_WEEK:
        return to - jh_weekday(to) + 1;
    case JH_WINDOW_MONTHS:
        /* before the calendar begins there are no snapshots: the first month there is will do */
        return jh_days_month_first(month - (int32_t)window.count + 1 > 12 ? month - (int32_t)window.count + 1 : 12);
    }
    return from;
}
