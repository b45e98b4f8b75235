#ifndef TEST_REPORT_SAMPLE_PAGE_H
#define TEST_REPORT_SAMPLE_PAGE_H

#include "report/page.h"

/* A page as the command would fill it, with small groups, a targeted row, a month without inspections and notes. */
const jh_page *sample_page(bool zh);

#endif
