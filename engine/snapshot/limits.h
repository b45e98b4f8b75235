#ifndef JH_SNAPSHOT_LIMITS_H
#define JH_SNAPSHOT_LIMITS_H

#include <stdint.h>

/* Years 1 to 9999 as days since 1970-01-01, and as milliseconds UTC with a day's room for zones on either side. */

#define JH_DAY_MIN INT64_C(-719162)
#define JH_DAY_MAX INT64_C(2932896)
#define JH_TIME_MIN ((JH_DAY_MIN - 1) * INT64_C(86400000))
#define JH_TIME_MAX ((JH_DAY_MAX + 2) * INT64_C(86400000) - 1)

#endif
