#include "base/num.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool jh_num_u64(const char *text, size_t len, uint64_t *out)
{
    uint64_t value = 0;

    if (len == 0)
        return false;
    for (size_t i = 0; i < len; i++)
        if (!is_digit(text[i]) || __builtin_mul_overflow(value, 10u, &value) ||
            __builtin_add_overflow(value, (uint64_t)(text[i] - '0'), &value))
            return false;
    *out = value;
    return true;
}

bool jh_num_i64(const char *text, size_t len, int64_t *out)
{
    const bool negative = len != 0 && text[0] == '-';
    uint64_t magnitude;

    if (!jh_num_u64(text + negative, len - negative, &magnitude))
        return false;
    if (magnitude > (uint64_t)INT64_MAX + negative)
        return false;
    *out = (int64_t)(negative ? 0 - magnitude : magnitude);
    return true;
}

bool jh_num_i128(const char *text, size_t len, jh_i128 *out)
{
    const bool negative = len != 0 && text[0] == '-';
    jh_i128 value = 0; /* built with its sign: the lowest value has no positive twin */

    if (len == negative)
        return false;
    for (size_t i = negative; i < len; i++) {
        const int digit = text[i] - '0';
        if (!is_digit(text[i]) || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, negative ? -digit : digit, &value))
            return false;
    }
    *out = value;
    return true;
}

size_t jh_num_i128_text(jh_i128 value, char out[41])
{
    jh_u128 rest = value < 0 ? 0 - (jh_u128)value : (jh_u128)value;
    char reversed[40];
    size_t digits = 0, len = 0;

    do {
        reversed[digits++] = (char)('0' + (int)(rest % 10));
        rest /= 10;
    } while (rest != 0);
    if (value < 0)
        out[len++] = '-';
    while (digits != 0)
        out[len++] = reversed[--digits];
    out[len] = '\0';
    return len;
}

/* Digits of text from *at, at most 18, appended to *digits; how many there were. 19: too many. */
static size_t take_digits(const char *text, size_t len, size_t *at, jh_i128 *digits)
{
    size_t count = 0;

    while (*at < len && is_digit(text[*at]) && count < 19) {
        *digits = *digits * 10 + (text[*at] - '0');
        ++*at;
        count++;
    }
    return count;
}

bool jh_num_decimal(const char *text, size_t len, jh_decimal *out)
{
    const bool negative = len != 0 && text[0] == '-';
    size_t at = negative, whole, fraction = 0;
    jh_i128 digits = 0; /* at most 19 + 19 digits: below 10^38 */

    whole = take_digits(text, len, &at, &digits);
    if (whole == 0 || whole > 18)
        return false;
    if (at < len && text[at] == '.') {
        at++;
        fraction = take_digits(text, len, &at, &digits);
        if (fraction == 0 || fraction > 18)
            return false;
    }
    if (at != len)
        return false;
    for (; fraction != 0 && digits % 10 == 0; fraction--)
        digits /= 10;
    *out = (jh_decimal){.digits = negative ? -digits : digits, .scale = (uint32_t)fraction};
    return true;
}

bool jh_num_rate(const char *text, size_t len, uint32_t *ppm)
{
    const bool percent = len != 0 && text[len - 1] == '%';
    const uint32_t scale = percent ? 4 : 6;
    int64_t floor, ceiling;
    jh_decimal value;

    if (!jh_num_decimal(text, len - percent, &value) || value.digits < 0)
        return false;
    if (!jh_num_scale_floor(value, scale, &floor) || !jh_num_scale_ceil(value, scale, &ceiling))
        return false;
    if (floor != ceiling || floor > UINT32_MAX)
        return false;
    *ppm = (uint32_t)floor;
    return true;
}

/* decimal * 10^scale cut towards zero, and on which side of it the exact value lies: -1, 0 or 1. */
static bool scale_cut(jh_decimal value, uint32_t scale, jh_i128 *cut, int *side)
{
    bool left_over = false;

    *cut = value.digits;
    for (uint32_t i = value.scale; i < scale && *cut != 0; i++)
        if (__builtin_mul_overflow(*cut, 10, cut))
            return false;
    for (uint32_t i = scale; i < value.scale && *cut != 0; i++) {
        left_over = left_over || *cut % 10 != 0;
        *cut /= 10;
    }
    *side = !left_over ? 0 : value.digits < 0 ? -1 : 1;
    return true;
}

static bool fits_i64(jh_i128 value, int64_t *out)
{
    if (value < INT64_MIN || value > INT64_MAX)
        return false;
    *out = (int64_t)value;
    return true;
}

bool jh_num_scale_floor(jh_decimal value, uint32_t scale, int64_t *out)
{
    jh_i128 cut;
    int side;

    return scale_cut(value, scale, &cut, &side) && fits_i64(side < 0 ? cut - 1 : cut, out);
}

bool jh_num_scale_ceil(jh_decimal value, uint32_t scale, int64_t *out)
{
    jh_i128 cut;
    int side;

    return scale_cut(value, scale, &cut, &side) && fits_i64(side > 0 ? cut + 1 : cut, out);
}
