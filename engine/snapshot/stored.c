#include "snapshot/stored.h"

#include <inttypes.h>

#include "base/bits.h"
#include "base/hash.h"
#include "snapshot/codes.h"
#include "snapshot/idtext.h"
#include "snapshot/limits.h"
#include "snapshot/packed.h"
#include "snapshot/table.h"

jh_expect jh_expect_column(const jh_column *column, uint32_t rows, uint32_t codes)
{
    jh_expect expect = {JH_ENC_FIXED, 0, false, true, rows, INT64_MIN, INT64_MAX, 0};

    switch (column->type) {
    case JH_ID:
        expect.may_be_null = false;
        expect.encoding = JH_ENC_HEAP;
        expect.other = JH_ENC_IDS;
        break;
    case JH_TEXT:
        expect.encoding = JH_ENC_SYMBOLS;
        expect.other = JH_ENC_PACKED;
        break;
    case JH_CATEGORY:
        expect.low = 0;
        expect.high = (int64_t)codes - 1;
        break;
    case JH_FLAG:
        expect.low = 0;
        expect.high = 1;
        break;
    case JH_DATE:
        expect.low = JH_DAY_MIN;
        expect.high = JH_DAY_MAX;
        break;
    case JH_TIME:
        expect.low = JH_TIME_MIN;
        expect.high = JH_TIME_MAX;
        break;
    case JH_MONEY:
    case JH_INTEGER:
        break;
    }
    return expect;
}

jh_expect jh_expect_column_of(uint32_t format, const jh_column *column, uint32_t rows, uint32_t codes)
{
    jh_expect expect = jh_expect_column(column, rows, codes);

    if (format < 3 && column->type == JH_TEXT)
        expect.encoding = format == 1 ? JH_ENC_HEAP : JH_ENC_PACKED;
    if (format == 1 || (format < 3 && column->type == JH_TEXT))
        expect.other = 0;
    return expect;
}

jh_expect jh_expect_raw(uint32_t rows)
{
    return (jh_expect){JH_ENC_FIXED, 0, true, false, rows, 0, 0, 0};
}

bool jh_expect_holds(const jh_expect *expect, int64_t value)
{
    return value >= expect->low && value <= expect->high;
}

unsigned jh_stored_width(uint64_t span)
{
    if (span == 0)
        return 0;
    if (span <= UINT8_MAX)
        return 1;
    if (span <= UINT16_MAX)
        return 2;
    return span <= UINT32_MAX ? 4 : 8;
}

uint64_t jh_stored_fixed_payload(uint32_t rows, unsigned width, bool validity)
{
    const uint64_t words = ((uint64_t)rows + 63) / 64;

    return words * 64 * width + (validity ? words * 8 : 0);
}

/* Where the bitmap of a heap starts: after the offsets and the bytes, on a multiple of 8. */
static uint64_t heap_bitmap_at(uint32_t rows, uint64_t bytes)
{
    return (((uint64_t)rows + 1) * 4 + bytes + 7) / 8 * 8;
}

uint64_t jh_stored_heap_payload(uint32_t rows, uint64_t bytes, bool validity)
{
    if (!validity)
        return ((uint64_t)rows + 1) * 4 + bytes;
    return heap_bitmap_at(rows, bytes) + ((uint64_t)rows + 63) / 64 * 8;
}

size_t jh_stored_len(uint64_t payload)
{
    const uint64_t len = sizeof(jh_stored) + payload;

    return len < JH_STORED_MIN ? JH_STORED_MIN : (size_t)len;
}

static uint64_t checksum(const jh_stored *header, size_t len, const uint8_t key[JH_KEY_BYTES])
{
    uint8_t bytes[sizeof *header + JH_KEY_BYTES];
    jh_stored copy = *header;

    copy.checksum = jh_hash64(header + 1, len - sizeof copy);
    memcpy(bytes, &copy, sizeof copy);
    memcpy(bytes + sizeof copy, key, JH_KEY_BYTES);
    return jh_hash64(bytes, sizeof bytes);
}

void jh_stored_finish(void *value, const uint8_t key[JH_KEY_BYTES])
{
    jh_stored *header = value;
    const size_t used = sizeof *header + (size_t)header->payload;
    const size_t len = jh_stored_len(header->payload);

    memset((char *)value + used, 0, len - used);
    header->checksum = checksum(header, len, key);
}

void jh_stored_view(const void *value, jh_col_view *out)
{
    const jh_stored *header = value;
    const char *payload = (const char *)(header + 1);
    const bool validity = (header->flags & JH_STORED_VALIDITY) != 0;
    uint64_t bitmap_at;

    if (header->encoding == JH_ENC_PACKED || header->encoding == JH_ENC_SYMBOLS || header->encoding == JH_ENC_IDS) {
        jh_packed_view(header, out);
        return;
    }
    *out = (jh_col_view){.rows = header->rows, .nulls = header->nulls, .encoding = header->encoding};
    out->width = header->width;
    out->base = header->base;
    out->max = header->max;
    if (header->encoding == JH_ENC_HEAP) {
        out->offsets = (const uint32_t *)(const void *)payload;
        out->bytes = payload + ((size_t)header->rows + 1) * 4;
        bitmap_at = heap_bitmap_at(header->rows, out->offsets[header->rows]);
    } else {
        out->codes = header->width != 0 ? payload : NULL;
        bitmap_at = jh_stored_fixed_payload(header->rows, header->width, false);
    }
    if (validity)
        out->valid = (const uint64_t *)(const void *)(payload + bitmap_at);
}

static bool all_zero(const char *at, const char *end)
{
    while (at < end && *at == 0)
        at++;
    return at == end;
}

/* Both sizes and the checksum. Afterwards the bytes are those that were written, if a jihe wrote them. */
static jihe_status check_frame(const void *value, size_t len, const uint8_t key[JH_KEY_BYTES], const jh_expect *expect,
                               jihe_error *err)
{
    const jh_stored *header = value;

    if (len < JH_STORED_MIN || (uintptr_t)value % 8 != 0)
        return jh_fail(err, JIHE_CORRUPT,
                       "a value of %zu bytes at an odd place, expected at least %d bytes on its own pages", len,
                       JH_STORED_MIN);
    if (header->payload > len || jh_stored_len(header->payload) != len)
        return jh_fail(err, JIHE_CORRUPT, "the header says %" PRIu64 " bytes follow, the value has %zu",
                       header->payload, len - sizeof *header);
    if (checksum(header, len, key) != header->checksum)
        return jh_fail(err, JIHE_CORRUPT, "the checksum does not agree with the %zu bytes stored", len);
    if (!all_zero((const char *)(header + 1) + header->payload, (const char *)value + len))
        return jh_fail(err, JIHE_CORRUPT, "something other than zeros follows the %" PRIu64 " bytes", header->payload);
    if (header->encoding == 0 || (header->encoding != expect->encoding && header->encoding != expect->other) ||
        header->zero != 0 || header->zero_too != 0)
        return jh_fail(err, JIHE_CORRUPT, "encoding %u, expected %u", header->encoding, expect->encoding);
    if (header->rows != expect->rows)
        return jh_fail(err, JIHE_CORRUPT, "%" PRIu32 " rows, expected %" PRIu32, header->rows, expect->rows);
    return JIHE_OK;
}

static jihe_status check_nulls(const jh_stored *header, const jh_expect *expect, jihe_error *err)
{
    const bool some = header->nulls > 0 && header->nulls < header->rows;

    if (header->nulls > (expect->may_be_null ? header->rows : 0))
        return jh_fail(err, JIHE_CORRUPT, "%" PRIu32 " of %" PRIu32 " rows without a value", header->nulls,
                       header->rows);
    if (header->flags != (some ? JH_STORED_VALIDITY : 0))
        return jh_fail(err, JIHE_CORRUPT, "flags %u do not suit %" PRIu32 " missing of %" PRIu32, header->flags,
                       header->nulls, header->rows);
    return JIHE_OK;
}

static jihe_status check_bitmap(const jh_col_view *view, jihe_error *err)
{
    const size_t words = jh_bits_words(view->rows);

    if (view->valid == NULL)
        return JIHE_OK;
    if ((view->valid[words - 1] & ~jh_bits_tail(view->rows)) != 0 ||
        jh_bits_count(view->valid, view->rows) != view->rows - view->nulls)
        return jh_fail(err, JIHE_CORRUPT, "the validity bitmap does not show %" PRIu32 " missing values", view->nulls);
    return JIHE_OK;
}

/* Rows without a value and rows that only fill up the last 64 carry code 0. */
static bool zero_where_absent(const jh_col_view *view)
{
    const size_t words = jh_bits_words(view->rows);

    if (view->codes == NULL)
        return true;
    for (size_t row = view->rows; row < words * 64; row++)
        if (jh_codes_get(view->codes, view->width, row) != 0)
            return false;
    for (size_t w = 0; view->valid != NULL && w < words; w++)
        for (uint64_t absent = ~view->valid[w]; absent != 0; absent &= absent - 1)
            if (jh_codes_get(view->codes, view->width, w * 64 + (size_t)__builtin_ctzll(absent)) != 0)
                return false;
    return true;
}

static jihe_status check_range(const jh_stored *header, const jh_expect *expect, jihe_error *err)
{
    const uint64_t span = (uint64_t)header->max - (uint64_t)header->base;
    const bool empty = header->nulls == header->rows;

    if (expect->raw ? header->base != 0 || header->max != -1
                    : header->base > header->max || (empty && (header->base != 0 || header->max != 0)) ||
                          (!empty && (!jh_expect_holds(expect, header->base) || !jh_expect_holds(expect, header->max))))
        return jh_fail(err, JIHE_CORRUPT, "values from %" PRIi64 " to %" PRIi64 " cannot stand here", header->base,
                       header->max);
    if (header->width != jh_stored_width(span))
        return jh_fail(err, JIHE_CORRUPT, "width %u, expected %u", header->width, jh_stored_width(span));
    return JIHE_OK;
}

static jihe_status check_fixed(const jh_stored *header, const jh_expect *expect, jihe_error *err)
{
    const uint64_t payload = jh_stored_fixed_payload(header->rows, header->width, header->flags != 0);
    jh_col_view view;
    jihe_status st;

    if ((st = check_range(header, expect, err)) != JIHE_OK)
        return st;
    if (header->payload != payload)
        return jh_fail(err, JIHE_CORRUPT, "%" PRIu64 " bytes of codes, expected %" PRIu64, header->payload, payload);
    jh_stored_view(header, &view);
    if ((st = check_bitmap(&view, err)) != JIHE_OK)
        return st;
    if (!expect->raw &&
        jh_codes_max(view.codes, view.width, jh_bits_words(view.rows) * 64) != (uint64_t)view.max - (uint64_t)view.base)
        return jh_fail(err, JIHE_CORRUPT, "the largest code is not that of the largest value, %" PRIi64, view.max);
    if (!zero_where_absent(&view))
        return jh_fail(err, JIHE_CORRUPT, "a row without a value has a code other than 0");
    return JIHE_OK;
}

static jihe_status check_offsets(const jh_col_view *view, jihe_error *err)
{
    for (size_t row = 0; row < view->rows; row++) {
        if (view->offsets[row] > view->offsets[row + 1])
            return jh_fail(err, JIHE_CORRUPT, "offset %" PRIu32 " of row %zu is beyond the next, %" PRIu32,
                           view->offsets[row], row, view->offsets[row + 1]);
        if (view->offsets[row] != view->offsets[row + 1] && !jh_col_present(view, (uint32_t)row))
            return jh_fail(err, JIHE_CORRUPT, "row %zu has bytes but no value", row);
    }
    return JIHE_OK;
}

static jihe_status check_heap(const jh_stored *header, jihe_error *err)
{
    const uint64_t offsets_len = ((uint64_t)header->rows + 1) * 4;
    const uint32_t *offsets = (const uint32_t *)(const void *)(header + 1);
    jh_col_view view;
    jihe_status st;

    if (header->base != 0 || header->max != 0 || header->width != 0)
        return jh_fail(err, JIHE_CORRUPT, "a heap with base, largest value or width");
    if (header->payload < offsets_len || offsets[0] != 0 || offsets[header->rows] > JH_HEAP_MAX ||
        header->payload != jh_stored_heap_payload(header->rows, offsets[header->rows], header->flags != 0))
        return jh_fail(err, JIHE_CORRUPT, "%" PRIu64 " bytes do not hold the offsets and texts of %" PRIu32 " rows",
                       header->payload, header->rows);
    jh_stored_view(header, &view);
    if ((st = check_bitmap(&view, err)) != JIHE_OK)
        return st;
    if (view.valid != NULL && !all_zero(view.bytes + offsets[header->rows], (const char *)view.valid))
        return jh_fail(err, JIHE_CORRUPT, "something other than zeros stands between the texts and the bitmap");
    return check_offsets(&view, err);
}

static jihe_status check_packed(const jh_stored *header, jihe_error *err)
{
    const jihe_status st = jh_packed_check(header, err);
    jh_col_view view;

    if (st != JIHE_OK)
        return st;
    jh_packed_view(header, &view);
    return check_bitmap(&view, err);
}

jihe_status jh_stored_check(const void *value, size_t len, const uint8_t key[JH_KEY_BYTES], const jh_expect *expect,
                            jihe_error *err)
{
    const jh_stored *header = value;
    jihe_status st;

    if ((st = check_frame(value, len, key, expect, err)) != JIHE_OK ||
        (st = check_nulls(header, expect, err)) != JIHE_OK)
        return st;
    switch (header->encoding) {
    case JH_ENC_FIXED:
        return check_fixed(header, expect, err);
    case JH_ENC_HEAP:
        return check_heap(header, err);
    case JH_ENC_PACKED:
    case JH_ENC_SYMBOLS:
        return check_packed(header, err);
    case JH_ENC_IDS:
        return jh_idtext_check(header, err);
    case JH_ENC_TABLE:
        return jh_table_check(header, expect->columns, err);
    default:
        return JIHE_OK; /* a blob has its own reader */
    }
}
