#include "base/normal_text.h"

#include <stdbool.h>
#include <stdint.h>

struct range {
    uint32_t first, last;
};

/* Punctuation, spaces and signs beyond ASCII, rising. */
static const struct range dropped[] = {
    {0x0080, 0x00a9}, {0x00ab, 0x00b1}, {0x00b4, 0x00b4}, {0x00b6, 0x00b8}, {0x00bb, 0x00bb},
    {0x00bf, 0x00bf}, {0x2000, 0x206f}, {0x2212, 0x2212}, {0x2500, 0x257f}, {0x2e00, 0x2e7f},
    {0x3000, 0x3004}, {0x3008, 0x3020}, {0x302a, 0x3037}, {0x303d, 0x303f}, {0x30fb, 0x30fb},
    {0xfe10, 0xfe1f}, {0xfe30, 0xfe6f}, {0xfeff, 0xfeff}, {0xff5f, 0xff65}, {0xffe0, 0xffef},
};

static bool is_dropped(uint32_t point)
{
    if (point >= 0x3400 && point < 0xfe10) /* ideographs and Korean: most of what comes here */
        return false;
    for (size_t i = 0; i < sizeof dropped / sizeof dropped[0] && dropped[i].first <= point; i++)
        if (point <= dropped[i].last)
            return true;
    return false;
}

/* The bytes of the character that begins here, 1 for what is none. Only two and three bytes matter to the tables. */
static size_t character(const unsigned char *text, size_t len, uint32_t *point)
{
    *point = text[0];
    if (text[0] >= 0xc2 && text[0] <= 0xdf && len >= 2 && (text[1] & 0xc0) == 0x80) {
        *point = (uint32_t)(text[0] & 0x1f) << 6 | (text[1] & 0x3f);
        return 2;
    }
    if ((text[0] & 0xf0) == 0xe0 && len >= 3 && (text[1] & 0xc0) == 0x80 && (text[2] & 0xc0) == 0x80) {
        *point = (uint32_t)(text[0] & 0x0f) << 12 | (uint32_t)(text[1] & 0x3f) << 6 | (text[2] & 0x3f);
        return *point >= 0x800 ? 3 : 1;
    }
    return 1;
}

/* What an ASCII character becomes; 0: nothing. */
static char plain(uint32_t ascii)
{
    if (ascii >= 'A' && ascii <= 'Z')
        return (char)(ascii - 'A' + 'a');
    return (ascii >= 'a' && ascii <= 'z') || (ascii >= '0' && ascii <= '9') ? (char)ascii : '\0';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

size_t jh_normal_text(const char *text, size_t len, char *out)
{
    size_t used = 0, step;
    bool zero = false; /* the last character of `out` is a zero with no digit before it */

    for (size_t at = 0; at < len; at += step) {
        uint32_t point;

        step = character((const unsigned char *)text + at, len - at, &point);
        if (step == 3 && point >= 0xff01 && point <= 0xff5e)
            point -= 0xff01 - 0x21;
        else if (step > 1 || point >= 0x80) {
            if (step == 1 || !is_dropped(point)) {
                for (size_t i = 0; i < step; i++)
                    out[used++] = text[at + i];
                zero = false;
            }
            continue;
        }
        const char c = plain(point);

        if (c == '\0')
            continue;
        if (zero && is_digit(c))
            used--;
        zero = c == '0' && (used == 0 || !is_digit(out[used - 1]));
        out[used++] = c;
    }
    return used;
}
