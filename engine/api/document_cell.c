#include <string.h>

#include "api/api_int.h"
#include "base/days.h"
#include "base/error.h"
#include "base/money.h"

static jh_out_cell heap_cell(const jh_col_view *view, uint32_t row)
{
    return jh_cell_str(view->bytes + view->offsets[row], view->offsets[row + 1] - view->offsets[row]);
}

void jh_list_show(jh_buf *out, const jh_column *column, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] == JH_LIST_MARK)
            jh_buf_puts(out, column->list);
        else
            jh_buf_putc(out, text[i]);
    }
}

static jh_out_cell category_cell(const jh_snapshot *snapshot, size_t column, int64_t code, jh_buf *buf, jihe_status *st,
                                 jihe_error *err)
{
    const jh_column *declared = &jh_snapshot_schema(snapshot)->columns[column];
    jh_dict_view dict;

    if ((*st = jh_snapshot_dict(snapshot, column, &dict, err)) != JIHE_OK)
        return jh_cell_none();
    const char *text = dict.bytes + dict.offsets[code];
    const size_t len = dict.offsets[code + 1] - dict.offsets[code];

    if (declared->list == NULL || memchr(text, JH_LIST_MARK, len) == NULL)
        return jh_cell_str(text, len);
    jh_buf_clear(buf);
    jh_list_show(buf, declared, text, len);
    if (buf->failed)
        *st = jh_fail(err, JIHE_NO_MEMORY, "a cell of a document");
    return jh_cell_str((const char *)buf->bytes, buf->len);
}

/* Formats into the buffer; the cell borrows it. */
static jh_out_cell made_cell(jh_buf *buf, jh_cell_kind kind, const char *text, jihe_status *st, jihe_error *err)
{
    jh_out_cell cell = {.kind = kind};

    jh_buf_clear(buf);
    jh_buf_puts(buf, text);
    cell.text = jh_buf_text(buf);
    cell.len = buf->len;
    if (buf->failed)
        *st = jh_fail(err, JIHE_NO_MEMORY, "a cell of a document");
    return cell;
}

jh_out_cell jh_document_cell(const jh_snapshot *snapshot, const jh_zone *zone, size_t column, const jh_col_view *view,
                             uint32_t row, jh_buf *buf, jihe_status *st, jihe_error *err)
{
    const jh_column *declared = &jh_snapshot_schema(snapshot)->columns[column];
    char text[64];

    if (!jh_col_present(view, row))
        return jh_cell_none();
    if (view->encoding == JH_ENC_HEAP)
        return heap_cell(view, row);
    const int64_t number = jh_col_number(view, row);

    switch (declared->type) {
    case JH_CATEGORY:
        return category_cell(snapshot, column, number, buf, st, err);
    case JH_MONEY:
        jh_money_text(number, declared->money.scale, text);
        return made_cell(buf, JH_CELL_NUMBER, text, st, err);
    case JH_DATE:
        jh_days_text((int32_t)number, text);
        return made_cell(buf, JH_CELL_TEXT, text, st, err);
    case JH_TIME:
        jh_zone_text(zone, number, text);
        return made_cell(buf, JH_CELL_TEXT, text, st, err);
    case JH_FLAG:
        return jh_cell_bool(number != 0);
    case JH_INTEGER:
    case JH_ID:
    case JH_TEXT:
        break;
    }
    return jh_cell_int(number);
}
