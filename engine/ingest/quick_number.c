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

/* "-1234.5" in units of 10^-scale. False: it is not of that form, or not surely small enough. */
static inline bool plain_amount(const char *text, uint32_t len, uint32_t scale, int64_t *out)
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

void jh_quick_read_amounts(const jh_quick_column *quick, const jh_quick_fields *fields, jh_batch_column *out,
                           uint8_t *odd)
{
    const jh_money_format *money = &quick->column->money;
    const bool plain = strcmp(money->decimal, ".") == 0 && (money->negative & JH_NEGATIVE_NO_SIGN) == 0;

    for (uint32_t row = 0; row < fields->rows; row++) {
        const jh_quick_field field = jh_quick_field_at(fields, row);

        out->numbers[row] = 0;
        out->present[row] = !jh_quick_missing(quick, field.text, field.len);
        if (out->present[row] == 0 || (plain && plain_amount(field.text, field.len, money->scale, &out->numbers[row])))
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
