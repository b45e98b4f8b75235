#include "base/num.h"
#include "ingest/quick_int.h"

/* Amounts, whole numbers and flags. Plain digits are read here; amounts with group marks, prefixes and other signs by
 * base/money.h. */

enum { MOST_DIGITS = 18 }; /* any number of so many digits fits 64 bits */

/* Digits at text[*at ..), at least one: their number, or 0. */
static inline uint32_t take_digits(const char *text, uint32_t len, uint32_t *at, uint64_t *value)
{
    const uint32_t from = *at;

    for (; *at < len && (unsigned char)(text[*at] - '0') < 10; ++*at)
        *value = *value * 10 + (unsigned char)(text[*at] - '0');
    return *at - from;
}

bool jh_quick_amount_plain(const char *text, uint32_t len, uint32_t scale, int64_t *out)
{
    const bool minus = len > 0 && text[0] == '-';
    uint32_t at = minus, decimals = 0;
    uint64_t value = 0;

    if (len - minus > MOST_DIGITS - 6 || take_digits(text, len, &at, &value) == 0)
        return false;
    if (at < len && text[at] == '.') {
        at++;
        decimals = take_digits(text, len, &at, &value);
        if (decimals == 0 || decimals > scale)
            return false;
    }
    for (; decimals < scale; decimals++)
        value *= 10;
    *out = minus ? -(int64_t)value : (int64_t)value;
    return at == len;
}

/* Eight digits' values, the first in the lowest byte, as one number: pairs, then fours, then all. */
static inline uint64_t eight_digits(uint64_t digits)
{
    const uint64_t pairs = digits * 10 + (digits >> 8), each = UINT64_C(0x000000ff000000ff);

    return ((pairs & each) * UINT64_C(0x000f424000000064) + (pairs >> 16 & each) * UINT64_C(0x0000271000000001)) >> 32;
}

/* With all its decimals, and 12 bytes at most: the text is moved to the end of 16 bytes, what stands before the mark
 * over the mark, and what is left are digits. */
bool jh_quick_amount(const char *text, uint32_t len, uint32_t scale, int64_t *out)
{
    const uint64_t zeros = UINT64_C(0x3030303030303030);
    const uint32_t minus = len > 0 && text[0] == '-', digits = len - 1 - minus;
    jh_quick_short word;
    uint64_t low, high;
    jh_u128 all, before;

    if (scale == 0 || len > 12 || len < scale + 2 + minus || text[len - 1 - scale] != '.')
        return false;
    word = jh_quick_load(text, len);
    all = ((jh_u128)word.high << 64 | word.low) << 8 * (16 - len);
    before = all & (((jh_u128)1 << 8 * (15 - scale)) - 1);
    all = (all >> 8 * (16 - scale) << 8 * (16 - scale)) | before << 8;
    all ^= (jh_u128)zeros << 64 | zeros;
    all = all >> 8 * (16 - digits) << 8 * (16 - digits);
    low = (uint64_t)all, high = (uint64_t)(all >> 64);
    if ((jh_quick_above_nine(low) | jh_quick_above_nine(high)) != 0)
        return false;
    low = eight_digits(low) * 100000000 + eight_digits(high);
    *out = minus != 0 ? -(int64_t)low : (int64_t)low;
    return true;
}

void jh_quick_read_amounts(const jh_quick_column *quick, const jh_quick_fields *fields, jh_batch_column *out,
                           uint8_t *odd)
{
    const jh_money_format *money = &quick->column->money;
    const bool plain = strcmp(money->decimal, ".") == 0 && (money->negative & JH_NEGATIVE_NO_SIGN) == 0;

    for (uint32_t row = 0; row < fields->rows; row++) {
        const jh_quick_field field = jh_quick_field_at(fields, row);

        out->numbers[row] = 0;
        out->present[row] = !jh_quick_missing(quick, field.text, field.len);
        if (out->present[row] == 0 ||
            (plain && (jh_quick_amount(field.text, field.len, money->scale, &out->numbers[row]) ||
                       jh_quick_amount_plain(field.text, field.len, money->scale, &out->numbers[row]))))
            continue;
        odd[row] |= jh_quick_doubled(fields, &field) ||
                    jh_money_parse(money, field.text, field.len, &out->numbers[row]) != JH_MONEY_OK;
    }
}

/* Of flags the usual two; convert.h knows the words. */
void jh_quick_read_whole(const jh_quick_column *quick, const jh_quick_fields *fields, jh_batch_column *out,
                         uint8_t *odd)
{
    const bool flag = quick->column->type == JH_FLAG;
    const bool marked = !flag && quick->column->money.negative != 0; /* negatives are for convert.h to read */

    for (uint32_t row = 0; row < fields->rows; row++) {
        const jh_quick_field field = jh_quick_field_at(fields, row);

        out->numbers[row] = 0;
        out->present[row] = !jh_quick_missing(quick, field.text, field.len);
        if (out->present[row] == 0)
            continue;
        if ((flag && (field.len != 1 || (field.text[0] & 0xfe) != '0')) ||
            (marked && field.len > 0 && field.text[0] == '-'))
            odd[row] = 1;
        else
            odd[row] |= !jh_num_i64(field.text, field.len, &out->numbers[row]);
    }
}
