#include "snapshot/segment.h"

#include "snapshot/codes.h"

int64_t jh_col_number(const jh_col_view *view, uint32_t row)
{
    return (int64_t)((uint64_t)view->base + jh_codes_get(view->codes, view->width, row));
}
