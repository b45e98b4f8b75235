#include <inttypes.h>

#include "report/svg.h"

/* Tenths of a unit. The bar lies between the margins, so that a mark at 0 is whole. */
enum { WIDTH = 1500, MARGIN = 60, LENGTH = WIDTH - 2 * MARGIN, MIDDLE = 80, HALF = 30 };

void jh_svg_percent(jh_html *html, uint32_t ppm)
{
    if (ppm == 0)
        jh_html_put(html, "0");
    else if (ppm % 10000 == 0)
        jh_html_printf(html, "%" PRIu32 "%%", ppm / 10000);
    else if (ppm % 1000 == 0)
        jh_html_printf(html, "%" PRIu32 ".%" PRIu32 "%%", ppm / 10000, ppm / 1000 % 10);
    else
        jh_html_printf(html, "%" PRIu32 ".%02" PRIu32 "%%", ppm / 10000, ppm / 100 % 100);
}

/* A shape's attribute, in tenths. */
static void put_at(jh_html *html, const char *before, int32_t tenths)
{
    jh_html_put(html, before);
    jh_html_tenths(html, tenths);
    jh_html_put(html, "\"");
}

void jh_svg_mark(jh_html *html, int32_t x, int32_t y, bool in_rule)
{
    if (in_rule) {
        put_at(html, "<circle class=\"in\" cx=\"", x);
        put_at(html, " cy=\"", y);
        jh_html_put(html, " r=\"4\"/>");
        return;
    }
    jh_html_put(html, "<path class=\"out\" d=\"M");
    jh_html_tenths(html, x);
    jh_html_put(html, " ");
    jh_html_tenths(html, y - 52);
    jh_html_put(html, "l5.2 5.2-5.2 5.2-5.2-5.2z\"/>");
}

void jh_svg_interval(jh_html *html, const jh_axis *axis, const jh_page_rate *rate, bool in_rule)
{
    const int32_t low = MARGIN + jh_axis_at(axis, rate->low.ppm, LENGTH);
    const int32_t high = MARGIN + jh_axis_at(axis, rate->high.ppm, LENGTH);

    jh_html_put(html, "<svg class=\"bar\" viewBox=\"0 0 150 16\" aria-hidden=\"true\">"
                      "<path class=\"track\" d=\"M6 8h138M6 5v6M75 5v6M144 5v6\"/>");
    put_at(html, in_rule ? "<rect class=\"in\" x=\"" : "<rect class=\"out\" x=\"", low);
    put_at(html, " width=\"", high > low ? high - low : 0);
    put_at(html, " y=\"", MIDDLE - HALF);
    put_at(html, " height=\"", 2 * HALF);
    jh_html_put(html, "/>");
    if (rate->high.ppm > axis->max)
        jh_html_printf(html, "<path class=\"%s\" d=\"M143 3l6 5-6 5z\"/>", in_rule ? "in" : "out");
    if (rate->rate.ppm <= axis->max)
        jh_svg_mark(html, MARGIN + jh_axis_at(axis, rate->rate.ppm, LENGTH), MIDDLE, in_rule);
    jh_html_put(html, "</svg>");
}
