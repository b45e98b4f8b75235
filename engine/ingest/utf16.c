#include "ingest/utf16.h"

enum { MOST_BYTES = 3 }; /* of UTF-8 for one unit; a pair has four */

/* Writes one code point of at most U+10FFFF; returns its end. */
static uint8_t *put_code(uint8_t *to, uint32_t code)
{
    if (code < 0x800) {
        *to++ = (uint8_t)(0xc0 | code >> 6);
    } else if (code < 0x10000) {
        *to++ = (uint8_t)(0xe0 | code >> 12);
        *to++ = (uint8_t)(0x80 | (code >> 6 & 0x3f));
    } else {
        *to++ = (uint8_t)(0xf0 | code >> 18);
        *to++ = (uint8_t)(0x80 | (code >> 12 & 0x3f));
        *to++ = (uint8_t)(0x80 | (code >> 6 & 0x3f));
    }
    *to++ = (uint8_t)(0x80 | (code & 0x3f));
    return to;
}

bool jh_utf16_to_utf8(const uint16_t *units, size_t count, jh_buf *out)
{
    uint8_t *to;
    size_t i = 0;

    if (count == 0 || !jh_buf_reserve(out, count * MOST_BYTES))
        return true;
    to = out->bytes + out->len;
    for (; i < count; i++) {
        uint32_t code = units[i];
        if (code < 0x80) {
            *to++ = (uint8_t)code;
            continue;
        }
        if (code >= 0xd800 && code < 0xe000) {
            if (code >= 0xdc00 || i + 1 == count || units[i + 1] < 0xdc00 || units[i + 1] >= 0xe000)
                break;
            code = 0x10000 + ((code - 0xd800) << 10) + (units[++i] - 0xdc00U);
        }
        to = put_code(to, code);
    }
    out->len = (size_t)(to - out->bytes);
    return i == count;
}

static void put_unit(jh_buf *out, uint32_t unit)
{
    const uint16_t narrow = (uint16_t)unit;

    jh_buf_put(out, &narrow, sizeof narrow);
}

void jh_utf16_from_utf8(const char *text, size_t len, jh_buf *out)
{
    const uint8_t *s = (const uint8_t *)text;

    for (size_t i = 0; i < len;) {
        const uint32_t lead = s[i++];
        const unsigned more = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
        uint32_t code = more == 0 ? lead : lead & (0x3fU >> more);

        for (unsigned k = 0; k < more && i < len; k++)
            code = code << 6 | (s[i++] & 0x3fU);
        if (code >= 0x10000)
            put_unit(out, 0xd800 + ((code - 0x10000) >> 10));
        put_unit(out, code < 0x10000 ? code : 0xdc00 + ((code - 0x10000) & 0x3ff));
    }
    put_unit(out, 0);
}
