#ifndef JIHE_VERSION_H
#define JIHE_VERSION_H

#include "jihe/export.h"

JIHE_BEGIN

#define JIHE_VERSION "0.1.0"

/** The version of the library at run time, "0.1.0". */
JIHE_API const char *jihe_version(void);

JIHE_END

#endif
