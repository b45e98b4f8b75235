#ifndef JH_REPORT_PAGE_INT_H
#define JH_REPORT_PAGE_INT_H

/* Shared by the page_*.c files of engine/report only. Others use report/page.h. */

#include "report/html.h"
#include "report/page.h"

/* The body of a section of each kind, below its title and note. */
void jh_page_rates_put(jh_html *html, const jh_page_section *section);
void jh_page_trend_put(jh_html *html, const jh_page_section *section);
void jh_page_automatic_put(jh_html *html, const jh_page_section *section);
void jh_page_rules_put(jh_html *html, const jh_page_section *section);
void jh_page_facts_put(jh_html *html, const jh_page_section *section);

void jh_page_style_put(jh_html *html); /* the style sheet */

/* "42 / 5,012": a rate's numerator and denominator. */
void jh_page_fraction_put(jh_html *html, const jh_page_counts *counts, const jh_page_rate *rate);
/* "0.61% – 1.14%" */
void jh_page_limits_put(jh_html *html, const jh_page_rate *rate);
/* "95% interval" */
void jh_page_interval_name_put(jh_html *html, const char *confidence);

#endif
