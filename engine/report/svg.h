#ifndef JH_REPORT_SVG_H
#define JH_REPORT_SVG_H

#include "report/axis.h"
#include "report/html.h"

/* Drawings set into the page. Classes "in" and "out" carry the colours (page_style.c); shapes differ too (dot and
 * diamond, solid and dashed), so that the two are told apart without colour. */

void jh_svg_interval(jh_html *html, const jh_axis *axis, const jh_page_rate *rate, bool in_rule);
void jh_svg_trend(jh_html *html, const jh_page_trend *trend, const jh_axis *axis);

/* The mark of a rate at a place in tenths. */
void jh_svg_mark(jh_html *html, int32_t x, int32_t y, bool in_rule);

/* A tick's label: "0", "0.5%", "20%". */
void jh_svg_percent(jh_html *html, uint32_t ppm);

#endif
