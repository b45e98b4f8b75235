#include "report/page_int.h"

static void put_table_head(jh_html *html)
{
    jh_html_put(html, "<thead>\n<tr>");
    jh_html_cell(html, "th", JH_WORD_RULE);
    jh_html_cell(html, "th", JH_WORD_TITLE);
    jh_html_cell(html, "th class=\"n\"", JH_WORD_FRAME);
    jh_html_cell(html, "th class=\"n\"", JH_WORD_UNDECIDED);
    jh_html_cell(html, "th class=\"n\"", JH_WORD_FLAGGED);
    jh_html_cell(html, "th class=\"n\"", JH_WORD_SELECTED);
    jh_html_put(html, "</tr>\n</thead>\n");
}

static void put_count(jh_html *html, const char *cell, uint64_t count)
{
    jh_html_put(html, cell);
    jh_html_count(html, count);
    jh_html_put(html, "</td>");
}

static void put_rule(jh_html *html, const jh_page_rule *rule)
{
    jh_html_put(html, "<tr><th scope=\"row\"><code>");
    jh_html_text(html, rule->rule);
    jh_html_put(html, "</code></th><td>");
    jh_html_text(html, rule->title);
    jh_html_put(html, "</td>");
    put_count(html, "<td class=\"n\">", rule->frame);
    put_count(html, rule->undecided > 0 ? "<td class=\"n heed\">" : "<td class=\"n quiet\">", rule->undecided);
    if (rule->has_flag)
        put_count(html, "<td class=\"n\">", rule->flagged);
    else
        jh_html_put(html, "<td class=\"n quiet\">–</td>");
    put_count(html, "<td class=\"n strong\">", rule->selected);
    jh_html_put(html, "</tr>\n");
}

void jh_page_rules_put(jh_html *html, const jh_page_section *section)
{
    const jh_page_rules *rules = &section->is.rules;

    if (rules->count == 0) {
        jh_html_cell(html, "p class=\"nothing\"", JH_WORD_NOTHING);
        return;
    }
    jh_html_put(html, "<table class=\"plain\">\n");
    put_table_head(html);
    jh_html_put(html, "<tbody>\n");
    for (size_t i = 0; i < rules->count && jh_outlet_pass(&html->out); i++)
        put_rule(html, &rules->rows[i]);
    jh_html_put(html, "</tbody>\n</table>\n<ul class=\"reading\">\n");
    jh_html_cell(html, "li", JH_WORD_HOW_RULES);
    jh_html_put(html, "\n</ul>\n");
}
