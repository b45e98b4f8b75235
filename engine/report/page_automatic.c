#include "report/page_int.h"

static void put_table_head(jh_html *html)
{
    jh_html_put(html, "<thead>\n<tr>");
    jh_html_cell(html, "th", JH_WORD_RULE);
    jh_html_cell(html, "th", JH_WORD_TITLE);
    jh_html_cell(html, "th", JH_WORD_CLAUSE);
    jh_html_cell(html, "th class=\"n\"", JH_WORD_CHECKED);
    jh_html_cell(html, "th class=\"n\"", JH_WORD_UNDECIDED);
    jh_html_cell(html, "th class=\"n\"", JH_WORD_AUTOMATIC_FINDINGS);
    jh_html_cell(html, "th class=\"n\"", JH_WORD_RATE);
    jh_html_put(html, "</tr>\n</thead>\n");
}

static void put_count(jh_html *html, const char *cell, uint64_t count)
{
    jh_html_put(html, cell);
    jh_html_count(html, count);
    jh_html_put(html, "</td>");
}

static void put_rate(jh_html *html, const jh_page_automatic *row)
{
    const double share = row->checked == 0 ? 0.0 : (double)row->findings / (double)row->checked;

    if (row->checked == 0) {
        jh_html_put(html, "<td class=\"n\">–</td>");
        return;
    }
    jh_html_put(html, "<td class=\"n strong\">");
    jh_html_share(html, (jh_page_share){.ppm = (uint32_t)(share * 1000000.0 + 0.5)});
    jh_html_put(html, "</td>");
}

static void put_row(jh_html *html, const jh_page_automatic *row)
{
    if (row->month != NULL) {
        jh_html_put(html, "<tr><td></td><td class=\"quiet\">");
        jh_html_text(html, row->month);
        jh_html_put(html, "</td><td></td>");
    } else {
        jh_html_put(html, "<tr><th scope=\"row\"><code>");
        jh_html_text(html, row->rule);
        jh_html_put(html, "</code></th><td>");
        jh_html_text(html, row->title);
        jh_html_put(html, "</td><td>");
        jh_html_text(html, row->clause);
        jh_html_put(html, "</td>");
    }
    put_count(html, "<td class=\"n\">", row->checked);
    put_count(html, row->undecided > 0 ? "<td class=\"n heed\">" : "<td class=\"n quiet\">", row->undecided);
    put_count(html, "<td class=\"n\">", row->findings);
    put_rate(html, row);
    jh_html_put(html, "</tr>\n");
}

void jh_page_automatic_put(jh_html *html, const jh_page_section *section)
{
    const jh_page_automatics *automatic = &section->is.automatic;

    if (automatic->count == 0) {
        jh_html_cell(html, "p class=\"nothing\"", JH_WORD_NOTHING);
        return;
    }
    jh_html_put(html, "<table class=\"plain\">\n");
    put_table_head(html);
    jh_html_put(html, "<tbody>\n");
    for (size_t i = 0; i < automatic->count && jh_outlet_pass(&html->out); i++)
        put_row(html, &automatic->rows[i]);
    jh_html_put(html, "</tbody>\n</table>\n<ul class=\"reading\">\n");
    jh_html_cell(html, "li", JH_WORD_HOW_AUTOMATIC);
    jh_html_put(html, "\n</ul>\n");
}
