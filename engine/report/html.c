#include "report/html.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

void jh_html_put(jh_html *html, const char *markup)
{
    jh_buf_puts(&html->out.buf, markup);
}

void jh_html_printf(jh_html *html, const char *fmt, ...)
{
    char piece[512]; /* markup of this folder with a few numbers */
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(piece, sizeof piece, fmt, args);
    va_end(args);
    jh_buf_puts(&html->out.buf, piece);
}

/* The entity of a byte that HTML gives a meaning, U+FFFD for controls (not legal in XML), or NULL for itself. */
static const char *entity(unsigned char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '\n':
    case '\t':
        return NULL;
    default:
        return c < 0x20 || c == 0x7F ? "\xEF\xBF\xBD" : NULL;
    }
}

/* U+FFFE and U+FFFF are valid UTF-8 but not legal in XML. */
static bool is_noncharacter(const char *text, size_t left)
{
    return left >= 3 && (memcmp(text, "\xEF\xBF\xBE", 3) == 0 || memcmp(text, "\xEF\xBF\xBF", 3) == 0);
}

static void put_valid(jh_buf *out, const char *text, size_t len)
{
    size_t start = 0;

    for (size_t at = 0; at < len; at++) {
        const bool odd = is_noncharacter(text + at, len - at);
        const char *instead = odd ? "\xEF\xBF\xBD" : entity((unsigned char)text[at]);

        if (instead == NULL)
            continue;
        jh_buf_put(out, text + start, at - start);
        jh_buf_puts(out, instead);
        at += odd ? 2 : 0;
        start = at + 1;
    }
    jh_buf_put(out, text + start, len - start);
}

void jh_html_text(jh_html *html, const char *text)
{
    size_t len = text == NULL ? 0 : strlen(text);

    while (len > 0) {
        const size_t valid = jh_text_utf8_valid(text, len);

        put_valid(&html->out.buf, text, valid);
        text += valid;
        len -= valid;
        if (len > 0) {
            jh_buf_puts(&html->out.buf, "\xEF\xBF\xBD");
            text++;
            len--;
        }
    }
}

void jh_html_word(jh_html *html, jh_word word)
{
    jh_buf_puts(&html->out.buf, jh_word_text(word, html->zh));
}

void jh_html_count(jh_html *html, uint64_t count)
{
    char digits[24];
    const size_t len = (size_t)snprintf(digits, sizeof digits, "%" PRIu64, count);

    for (size_t i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            jh_buf_putc(&html->out.buf, ',');
        jh_buf_putc(&html->out.buf, digits[i]);
    }
}

/* Rounded half up to hundredths of a percent, but never to 0 or 100 what is neither. */
void jh_html_share(jh_html *html, jh_page_share share)
{
    const uint32_t hundredths = (share.ppm + 50) / 100;

    if (share.text != NULL)
        jh_html_text(html, share.text);
    else if (share.ppm > 0 && hundredths == 0)
        jh_html_put(html, "&lt;0.01%");
    else if (share.ppm < 1000000 && hundredths == 10000)
        jh_html_put(html, "&gt;99.99%");
    else
        jh_html_printf(html, "%" PRIu32 ".%02" PRIu32 "%%", hundredths / 100, hundredths % 100);
}

void jh_html_tenths(jh_html *html, int32_t tenths)
{
    const int32_t size = tenths < 0 ? -tenths : tenths;

    jh_html_printf(html, "%s%" PRId32, tenths < 0 ? "-" : "", size / 10);
    if (size % 10 != 0)
        jh_html_printf(html, ".%" PRId32, size % 10);
}

void jh_html_cell(jh_html *html, const char *tag, jh_word word)
{
    const size_t name = strcspn(tag, " ");

    jh_html_put(html, "<");
    jh_html_put(html, tag);
    jh_html_put(html, ">");
    jh_html_word(html, word);
    jh_html_put(html, "</");
    jh_buf_put(&html->out.buf, tag, name);
    jh_html_put(html, ">");
}
