#ifndef JH_REPORT_HTML_H
#define JH_REPORT_HTML_H

#include <stdbool.h>
#include <stdint.h>

#include "report/outlet.h"
#include "report/page.h"
#include "report/page_word.h"

/* A page being written. Markup goes in as it is, texts from outside are escaped. */
typedef struct jh_html {
    jh_outlet out;
    bool zh;
} jh_html;

void jh_html_put(jh_html *html, const char *markup);
__attribute__((format(printf, 2, 3))) void jh_html_printf(jh_html *html, const char *fmt,
                                                          ...); /* numbers and markup only */
void jh_html_text(jh_html *html, const char *text);             /* escaped; NULL: nothing */
void jh_html_word(jh_html *html, jh_word word);
void jh_html_count(jh_html *html, uint64_t count);      /* 31,240 */
void jh_html_share(jh_html *html, jh_page_share share); /* 0.84% */
void jh_html_tenths(jh_html *html, int32_t tenths);     /* a drawing coordinate: 123 is 12.3 */

/* "<tag class>word</tag>"; `tag` with its attributes. */
void jh_html_cell(jh_html *html, const char *tag, jh_word word);

#endif
