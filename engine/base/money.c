#include "base/money.h"

#include <stdbool.h>
#include <string.h>

typedef struct cursor {
    const char *at;
    const char *end;
} cursor;

/* The amount as read so far, in minor units without its sign. */
typedef struct amount {
    uint64_t minor;
    bool too_large;
    bool rest_half;  /* the digits beyond the scale begin with 5 */
    bool rest_above; /* they begin with 6 or more, or with 5 and are not exactly one half */
    bool rest_any;   /* any of them is not 0 */
} amount;

static bool skip(cursor *c, const char *mark)
{
    const size_t len = strlen(mark);

    if (len == 0 || (size_t)(c->end - c->at) < len || memcmp(c->at, mark, len) != 0)
        return false;
    c->at += len;
    return true;
}

static bool digit(cursor *c, unsigned *value)
{
    if (c->at == c->end || *c->at < '0' || *c->at > '9')
        return false;
    *value = (unsigned)(*c->at++ - '0');
    return true;
}

static void append(amount *a, unsigned value)
{
    if (__builtin_mul_overflow(a->minor, 10u, &a->minor) || __builtin_add_overflow(a->minor, value, &a->minor))
        a->too_large = true;
}

/* "1234567", or "1,234,567" with a mark before every group of three once there is one. */
static bool read_whole(cursor *c, const char *thousands, amount *a)
{
    size_t group = 0;
    bool grouped = false;
    unsigned value;

    for (;;) {
        while (digit(c, &value)) {
            append(a, value);
            group++;
        }
        if (group == 0 || (grouped && group != 3))
            return false;
        if (!skip(c, thousands))
            return true;
        if (!grouped && group > 3)
            return false;
        grouped = true;
        group = 0;
    }
}

/* The digits beyond the scale: the first decides the rounding, a later one only breaks an exact half. */
static void read_rest(cursor *c, amount *a)
{
    unsigned value;

    if (!digit(c, &value))
        return;
    a->rest_half = value == 5;
    a->rest_above = value > 5;
    a->rest_any = value != 0;
    while (digit(c, &value)) {
        a->rest_any = a->rest_any || value != 0;
        a->rest_above = a->rest_above || (a->rest_half && value != 0);
    }
}

/* Nothing, or the mark and at least one digit. */
static bool read_fraction(cursor *c, const char *decimal, uint32_t scale, amount *a)
{
    const bool marked = skip(c, decimal);
    const char *first = c->at;
    uint32_t place = 0;
    unsigned value;

    for (; marked && place < scale && digit(c, &value); place++)
        append(a, value);
    if (marked)
        read_rest(c, a);
    for (; place < scale; place++)
        append(a, 0);
    return !marked || c->at != first;
}

static void round_half_even(amount *a)
{
    const bool up = a->rest_above || (a->rest_half && a->minor % 2 != 0);

    if (up && __builtin_add_overflow(a->minor, 1u, &a->minor))
        a->too_large = true;
}

/* The mark of a negative in front of the number, where one is allowed. */
typedef enum negation { NONE, MINUS, OPEN } negation;

static negation read_sign(cursor *c, uint32_t negative)
{
    if ((negative & JH_NEGATIVE_NO_SIGN) == 0 && skip(c, "-"))
        return MINUS;
    return (negative & JH_NEGATIVE_PARENTHESES) != 0 && skip(c, "(") ? OPEN : NONE;
}

jh_money_result jh_money_parse(const jh_money_format *format, const char *text, size_t len, int64_t *minor)
{
    cursor c = {text, text + len};
    amount a = {0};
    negation before = read_sign(&c, format->negative);
    bool negative;

    if (skip(&c, format->prefix) && before == NONE)
        before = read_sign(&c, format->negative);
    negative = before != NONE;
    if (!read_whole(&c, format->thousands, &a) || !read_fraction(&c, format->decimal, format->scale, &a) ||
        (before == OPEN && !skip(&c, ")")))
        return JH_MONEY_MALFORMED;
    if (before == NONE && (format->negative & JH_NEGATIVE_TRAILING) != 0)
        negative = skip(&c, "-");
    if (c.at != c.end)
        return JH_MONEY_MALFORMED;
    if (a.rest_any && format->round_finer == 0)
        return JH_MONEY_FINER;
    round_half_even(&a);
    if (a.too_large || a.minor > (uint64_t)INT64_MAX + negative)
        return JH_MONEY_TOO_LARGE;
    *minor = (int64_t)(negative ? 0 - a.minor : a.minor);
    return JH_MONEY_OK;
}

size_t jh_money_text(jh_i128 minor, uint32_t scale, char *out)
{
    char digits[41];
    const size_t all = jh_num_i128_text(minor, digits);
    const size_t sign = minor < 0, count = all - sign;
    const size_t zeros = count > scale ? 0 : scale + 1 - count; /* at least one digit before the point */
    size_t len = 0;

    if (sign != 0)
        out[len++] = '-';
    for (size_t i = 0; i < zeros + count; i++) {
        if (i == zeros + count - scale)
            out[len++] = '.';
        out[len++] = i < zeros ? '0' : digits[sign + i - zeros];
    }
    out[len] = '\0';
    return len;
}
