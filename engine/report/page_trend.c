#include <inttypes.h>

#include "report/page_int.h"
#include "report/svg.h"

static void put_class_heading(jh_html *html, const jh_page_trend *trend)
{
    jh_html_cell(html, "th class=\"n first\"", JH_WORD_RATE);
    jh_html_cell(html, "th class=\"n\"", JH_WORD_ERRORS_OF);
    jh_html_put(html, "<th class=\"n\">");
    jh_page_interval_name_put(html, trend->confidence);
    jh_html_put(html, "</th>");
}

static void put_table_head(jh_html *html, const jh_page_trend *trend)
{
    jh_html_put(html, "<thead>\n<tr>");
    jh_html_cell(html, "th rowspan=\"2\"", JH_WORD_MONTH);
    jh_html_cell(html, "th rowspan=\"2\" class=\"n\"", JH_WORD_INSPECTED);
    jh_html_cell(html, "th colspan=\"3\" class=\"class in\"", JH_WORD_IN_RULE);
    jh_html_cell(html, "th colspan=\"3\" class=\"class out\"", JH_WORD_OUT_OF_RULE);
    jh_html_cell(html, "th rowspan=\"2\" class=\"note\"", JH_WORD_NOTE);
    jh_html_put(html, "</tr>\n<tr>");
    put_class_heading(html, trend);
    put_class_heading(html, trend);
    jh_html_put(html, "</tr>\n</thead>\n");
}

static void put_rate_cells(jh_html *html, const jh_page_counts *counts, const jh_page_rate *rate)
{
    if (counts->inspected == 0) {
        jh_html_put(html, "<td class=\"n first\">–</td><td class=\"n\">–</td><td class=\"n\">–</td>");
        return;
    }
    jh_html_put(html, "<td class=\"n first\"><b>");
    jh_html_share(html, rate->rate);
    jh_html_put(html, "</b></td><td class=\"n\">");
    jh_page_fraction_put(html, counts, rate);
    jh_html_put(html, "</td><td class=\"n quiet\">");
    jh_page_limits_put(html, rate);
    jh_html_put(html, "</td>");
}

/* `number` counts the notes so far, as the chart's markers do. */
static void put_month(jh_html *html, const jh_page_month *month, uint64_t *number)
{
    jh_html_put(html, "<tr><th scope=\"row\">");
    jh_html_text(html, month->month);
    jh_html_put(html, "</th><td class=\"n\">");
    jh_html_count(html, month->counts.inspected);
    jh_html_put(html, "</td>");
    put_rate_cells(html, &month->counts, &month->counts.in_rule);
    put_rate_cells(html, &month->counts, &month->counts.out_of_rule);
    jh_html_put(html, "<td class=\"note\">");
    if (month->note != NULL) {
        jh_html_printf(html, "<span class=\"marker\">%" PRIu64 "</span> ", ++*number);
        jh_html_text(html, month->note);
    }
    jh_html_put(html, "</td></tr>\n");
}

static void put_caption(jh_html *html, const jh_page_trend *trend)
{
    jh_html_put(html, "<figcaption>");
    jh_page_interval_name_put(html, trend->confidence);
    jh_html_word(html, JH_WORD_WHISKERS);
    jh_html_word(html, JH_WORD_BEYOND);
    if (trend->of != NULL) {
        jh_html_put(html, " ");
        jh_html_word(html, JH_WORD_RATE_OF);
        jh_html_text(html, trend->of);
    }
    jh_html_put(html, "</figcaption>\n");
}

void jh_page_trend_put(jh_html *html, const jh_page_section *section)
{
    const jh_page_trend *trend = &section->is.trend;
    jh_axis axis = {0};
    uint64_t notes = 0;

    if (trend->count == 0) {
        jh_html_cell(html, "p class=\"nothing\"", JH_WORD_NOTHING);
        return;
    }
    for (size_t i = 0; i < trend->count; i++)
        jh_axis_add(&axis, &trend->months[i].counts);
    jh_axis_pick(&axis);
    jh_html_put(html, "<figure>\n");
    jh_svg_trend(html, trend, &axis);
    put_caption(html, trend);
    jh_html_put(html, "</figure>\n<table class=\"plain\">\n");
    put_table_head(html, trend);
    jh_html_put(html, "<tbody>\n");
    for (size_t i = 0; i < trend->count && jh_outlet_pass(&html->out); i++)
        put_month(html, &trend->months[i], &notes);
    jh_html_put(html, "</tbody>\n</table>\n");
}
