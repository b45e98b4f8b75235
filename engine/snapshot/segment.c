#include "snapshot/segment.h"

#include "snapshot/codes.h"

int64_t jh_col_number(const jh_col_view *view, uint32_t row)
{
    return (int64_t)((uint64_t)view->base + jh_codes_get(view->codes, view->width, row));
}

void jh_col_numbers(const jh_col_view *view, uint32_t first, uint32_t count, int64_t *out)
{
    jh_codes_get_all(view->codes, view->width, (uint64_t)view->base, first, count, out);
}
