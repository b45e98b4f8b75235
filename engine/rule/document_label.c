#include "rule/document_label.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/days.h"
#include "base/error.h"
#include "base/money.h"
#include "base/text.h"
#include "rule/alike.h"

enum { MOST_TEXT = 84, DAY_MS = 86400000 };

static jihe_status put_category(jh_buf *out, const jh_snapshot *snapshot, size_t column, int64_t code, jihe_error *err)
{
    jh_dict_view dict;
    const jihe_status st = jh_snapshot_dict(snapshot, column, &dict, err);

    if (st != JIHE_OK)
        return st;
    if (code < 0 || code >= (int64_t)dict.count)
        return jh_fail(err, JIHE_CORRUPT, "column %zu: a code that its dictionary does not have", column);
    jh_buf_put(out, dict.bytes + dict.offsets[code], dict.offsets[code + 1] - dict.offsets[code]);
    return JIHE_OK;
}

static void put_time(jh_buf *out, const jh_zone *zone, int64_t ms)
{
    char text[64];

    if (zone != NULL) {
        jh_zone_text(zone, ms, text);
    } else {
        jh_days_text((int32_t)(ms / DAY_MS - (ms % DAY_MS < 0)), text);
    }
    jh_buf_puts(out, text);
}

static jihe_status put_number(jh_buf *out, const jh_snapshot *snapshot, size_t column, int64_t number,
                              const jh_zone *zone, jihe_error *err)
{
    const jh_column *declared = &jh_snapshot_schema(snapshot)->columns[column];
    char text[64];

    switch (declared->type) {
    case JH_CATEGORY:
        return put_category(out, snapshot, column, number, err);
    case JH_MONEY:
        jh_money_text(number, declared->money.scale, text);
        jh_buf_puts(out, text);
        break;
    case JH_DATE:
        jh_days_text((int32_t)number, text);
        jh_buf_puts(out, text);
        break;
    case JH_TIME:
        put_time(out, zone, number);
        break;
    case JH_FLAG:
        jh_buf_puts(out, number != 0 ? "true" : "false");
        break;
    case JH_INTEGER:
    case JH_ID:
    case JH_TEXT:
        jh_buf_printf(out, "%" PRId64, number);
        break;
    }
    return JIHE_OK;
}

jihe_status jh_label_put(jh_buf *out, const jh_pass *pass, uint32_t document, const char *const *columns,
                         size_t column_count, const jh_zone *zone, jh_col_room *room, jihe_error *err)
{
    char text[MOST_TEXT];
    uint64_t segment;
    uint32_t row, at;
    jihe_status st = JIHE_OK;

    jh_alike_place(pass, document, &segment, &row);
    const jh_snapshot *snapshot = pass->parts[pass->segments[segment].part];

    for (size_t c = 0; st == JIHE_OK && c < column_count; c++) {
        const size_t column = jh_schema_find(jh_snapshot_schema(snapshot), columns[c], strlen(columns[c]));
        jh_col_view view;

        if (c > 0)
            jh_buf_puts(out, " / ");
        if ((st = jh_snapshot_row(snapshot, pass->segments[segment].segment, row, column, room, &view, &at, err)) !=
            JIHE_OK)
            break;
        if (view.encoding == JH_ENC_HEAP)
            jh_buf_puts(out, jh_text_quote(view.bytes + view.offsets[at], view.offsets[at + 1] - view.offsets[at], text,
                                           sizeof text));
        else
            st = put_number(out, snapshot, column, jh_col_number(&view, at), zone, err);
    }
    return st;
}
