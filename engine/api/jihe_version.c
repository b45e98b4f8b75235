#include "jihe/version.h"

const char *jihe_version(void)
{
    return JIHE_VERSION;
}
