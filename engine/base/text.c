#include "base/text.h"

#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <string.h>

/* Length of the sequence at s[0..len), 1 to 4, and its code point; 0 when it is not well-formed (Unicode 15, table
 * 3-7: the second byte's range excludes overlong forms, surrogates and values above U+10FFFF). */
static size_t decode(const unsigned char *s, size_t len, uint32_t *code)
{
    const unsigned char lead = s[0];
    unsigned char low = 0x80, high = 0xbf;
    size_t need;

    *code = lead;
    if (lead < 0x80)
        return 1;
    if (lead < 0xc2 || lead > 0xf4)
        return 0;
    need = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : low;
    high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : high;
    if (len < need || s[1] < low || s[1] > high)
        return 0;
    *code = lead & (0x7fu >> need);
    for (size_t i = 1; i < need; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        *code = *code << 6 | (s[i] & 0x3fu);
    }
    return need;
}

/* Bytes of ASCII at s, in steps of 32, which the compiler keeps in vector registers. */
static size_t ascii_run(const unsigned char *s, size_t len)
{
    size_t at = 0;

    for (; len - at >= 32; at += 32) {
        uint64_t word[4];
        memcpy(word, s + at, sizeof word);
        if (((word[0] | word[1] | word[2] | word[3]) & UINT64_C(0x8080808080808080)) != 0)
            break;
    }
    return at;
}

size_t jh_text_utf8_valid(const char *text, size_t len)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t at = ascii_run(s, len);
    uint32_t code;

    while (at < len) {
        const size_t step = decode(s + at, len - at, &code);
        if (step == 0)
            return at;
        at += step;
        if (step == 1)
            at += ascii_run(s + at, len - at);
    }
    return at;
}

size_t jh_text_private_use(const char *text, size_t len)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t at = ascii_run(s, len);

    for (; at < len; at++) {
        if (s[at] < 0xee) /* also every byte that is not the first of a character */
            continue;
        if (s[at] == 0xee || (s[at] == 0xef && s[at + 1] <= 0xa3) || (s[at] == 0xf3 && s[at + 1] >= 0xb0) ||
            s[at] == 0xf4)
            return at;
    }
    return len;
}

uint32_t jh_text_code_points(const char *text, size_t at)
{
    size_t count = 0;

    for (size_t i = 0; i < at; i++)
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    return count < UINT32_MAX ? (uint32_t)count : UINT32_MAX;
}

/* One call of iconv over what is left; false when it met bytes that are not GB18030. */
static bool convert(iconv_t decoder, char **in, size_t *in_left, jh_buf *out)
{
    /* Six two-byte codes become four bytes of UTF-8; all others grow by half at most. */
    const size_t room = *in_left < SIZE_MAX / 2 ? *in_left * 2 : SIZE_MAX;
    size_t out_left = room, rc;
    char *at;

    if (!jh_buf_reserve(out, room))
        return true;
    at = (char *)out->bytes + out->len;
    rc = iconv(decoder, in, in_left, &at, &out_left);
    out->len += room - out_left;
    return rc != (size_t)-1 || errno == E2BIG;
}

jihe_status jh_text_from_gb18030(const char *text, size_t len, jh_buf *out, jihe_error *err)
{
    const size_t before = out->len;
    const iconv_t decoder = iconv_open("UTF-8", "GB18030");
    char *in = (char *)(uintptr_t)text; /* iconv's prototype lacks the const that its behaviour keeps */
    size_t left = len;
    bool good = true;

    if (decoder == (iconv_t)-1)
        return jh_fail(err, JIHE_UNAVAILABLE, "glibc's converter for GB18030 is missing; write the file in UTF-8");
    while (good && left != 0 && !out->failed)
        good = convert(decoder, &in, &left, out);
    iconv_close(decoder);
    if (out->failed)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory to decode %zu bytes of GB18030", len);
    if (!good) {
        out->len = before;
        return jh_fail(err, JIHE_DATA, "byte %zu (value 0x%02x) is not GB18030", len - left,
                       (unsigned)(unsigned char)text[len - left]);
    }
    return JIHE_OK;
}

int jh_text_compare(const char *a, size_t a_len, const char *b, size_t b_len)
{
    const size_t shorter = a_len < b_len ? a_len : b_len;
    const int order = shorter != 0 ? memcmp(a, b, shorter) : 0;

    if (order != 0)
        return order;
    return (a_len > b_len) - (a_len < b_len);
}

/* Controls, and the marks that break or reorder a line on a terminal. */
static bool unfit_for_message(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069);
}

const char *jh_text_quote(const char *text, size_t len, char *out, size_t size)
{
    size_t used = 0, cut = 0; /* cut: the last border that leaves room for "..." */

    if (size == 0)
        return out;
    for (size_t at = 0; at < len;) {
        uint32_t code;
        const size_t found = decode((const unsigned char *)text + at, len - at, &code);
        const bool shown = found != 0 && !unfit_for_message(code);
        const size_t step = found != 0 ? found : 1, width = shown ? step : 1;

        if (used + width > size - 1) {
            used = cut;
            if (size > 3)
                used += (size_t)snprintf(out + cut, size - cut, "...");
            break;
        }
        memcpy(out + used, shown ? text + at : "?", width);
        used += width;
        at += step;
        if (used + 3 <= size - 1)
            cut = used;
    }
    out[used] = '\0';
    return out;
}

enum { NEAREST_MAX = 64 }; /* bytes; names longer than this are not mistyped, they are pasted */

/* Levenshtein distance in bytes, one row at a time. */
static size_t edit_distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t row[NEAREST_MAX + 1];

    for (size_t j = 0; j <= b_len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            const size_t changed = diagonal + (a[i - 1] != b[j - 1]);
            const size_t shorter = row[j] < row[j - 1] ? row[j] : row[j - 1];
            diagonal = row[j];
            row[j] = changed <= shorter ? changed : shorter + 1;
        }
    }
    return row[b_len];
}

const char *jh_text_nearest(const char *word, const char *const *candidates, size_t count)
{
    const size_t len = strlen(word);
    const char *nearest = NULL;
    size_t best = len / 3 + 2;

    if (len > NEAREST_MAX)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        const size_t other = strlen(candidates[i]);
        const size_t distance = other <= NEAREST_MAX ? edit_distance(word, len, candidates[i], other) : best;
        if (distance < best) {
            best = distance;
            nearest = candidates[i];
        }
    }
    return nearest;
}

const char *jh_text_related(const char *word, const char *const *candidates, size_t count)
{
    const char *nearest = jh_text_nearest(word, candidates, count);

    for (size_t i = 0; i < count && nearest == NULL; i++)
        if (candidates[i][0] != '\0' &&
            (strstr(candidates[i], word) != NULL || strstr(word, candidates[i]) != NULL))
            nearest = candidates[i];
    return nearest;
}
