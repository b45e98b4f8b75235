#include "report/page_int.h"
#include "report/svg.h"

void jh_page_fraction_put(jh_html *html, const jh_page_counts *counts, const jh_page_rate *rate)
{
    jh_html_count(html, rate->errors);
    jh_html_put(html, " / ");
    jh_html_count(html, counts->inspected);
}

void jh_page_limits_put(jh_html *html, const jh_page_rate *rate)
{
    jh_html_share(html, rate->low);
    jh_html_put(html, " – ");
    jh_html_share(html, rate->high);
}

void jh_page_interval_name_put(jh_html *html, const char *confidence)
{
    jh_html_text(html, confidence != NULL ? confidence : "95%");
    jh_html_put(html, " ");
    jh_html_word(html, JH_WORD_INTERVAL);
}

/* The ends of a bar's scale. */
static void put_scale(jh_html *html, const jh_axis *axis)
{
    jh_html_put(html, "<span class=\"scale\"><i>0</i><i>");
    jh_svg_percent(html, axis->max);
    jh_html_put(html, "</i></span>");
}

/* A rate in large figures: what it is, its value, its counts, its interval, what it is a rate of. */
static void put_tile(jh_html *html, const jh_page_rates *rates, const jh_page_rate_row *row, const jh_axis *axis,
                     bool in_rule)
{
    const jh_page_rate *rate = in_rule ? &row->counts.in_rule : &row->counts.out_of_rule;

    jh_html_put(html, in_rule ? "<div class=\"tile in\">" : "<div class=\"tile out\">");
    jh_html_cell(html, "h3", in_rule ? JH_WORD_IN_RULE_RATE : JH_WORD_OUT_OF_RULE_RATE);
    jh_html_put(html, "<p class=\"figure\">");
    jh_html_share(html, rate->rate);
    jh_html_put(html, "</p><div class=\"span\">");
    jh_svg_interval(html, axis, rate, in_rule);
    put_scale(html, axis);
    jh_html_put(html, "</div><p>");
    jh_page_interval_name_put(html, rates->confidence);
    jh_html_put(html, " ");
    jh_page_limits_put(html, rate);
    jh_html_put(html, "</p><p><b>");
    jh_page_fraction_put(html, &row->counts, rate);
    jh_html_put(html, "</b> ");
    jh_html_word(html, JH_WORD_DOCUMENTS_INSPECTED);
    jh_html_put(html, "</p>");
    if (row->of != NULL) {
        jh_html_put(html, "<p class=\"of\">");
        jh_html_word(html, JH_WORD_RATE_OF);
        jh_html_text(html, row->of);
        jh_html_put(html, "</p>");
    }
    jh_html_put(html, "</div>\n");
}

static void put_tiles(jh_html *html, const jh_page_rates *rates, const jh_axis *axis)
{
    size_t i = 0;

    while (i < rates->count && !(rates->rows[i].total && rates->rows[i].basis == JH_BASIS_RANDOM))
        i++;
    if (i == rates->count || rates->rows[i].counts.inspected == 0)
        return;
    jh_html_put(html, "<div class=\"tiles\">\n");
    put_tile(html, rates, &rates->rows[i], axis, true);
    put_tile(html, rates, &rates->rows[i], axis, false);
    jh_html_put(html, "</div>\n");
}

/* Heading of a class's interval column, with the ends of the scale that all its bars share. */
static void put_interval_heading(jh_html *html, const jh_page_rates *rates, const jh_axis *axis)
{
    jh_html_put(html, "<th class=\"interval\">");
    jh_page_interval_name_put(html, rates->confidence);
    put_scale(html, axis);
    jh_html_put(html, "</th>");
}

static void put_class_heading(jh_html *html, const jh_page_rates *rates, const jh_axis *axis)
{
    jh_html_put(html, "<th class=\"n\">");
    jh_html_word(html, JH_WORD_RATE);
    jh_html_cell(html, "small", JH_WORD_ERRORS_OF);
    jh_html_put(html, "</th>");
    put_interval_heading(html, rates, axis);
}

static void put_table_head(jh_html *html, const jh_page_rates *rates, const jh_axis *axis)
{
    jh_html_put(html, "<thead>\n<tr><th rowspan=\"2\">");
    if (rates->key_title != NULL)
        jh_html_text(html, rates->key_title);
    else
        jh_html_word(html, JH_WORD_KEY);
    jh_html_put(html, "</th>");
    jh_html_cell(html, "th rowspan=\"2\"", JH_WORD_BASIS);
    jh_html_cell(html, "th rowspan=\"2\" class=\"n\"", JH_WORD_INSPECTED);
    jh_html_cell(html, "th colspan=\"2\" class=\"class in\"", JH_WORD_IN_RULE);
    jh_html_cell(html, "th colspan=\"2\" class=\"class out\"", JH_WORD_OUT_OF_RULE);
    jh_html_put(html, "</tr>\n<tr>");
    put_class_heading(html, rates, axis);
    put_class_heading(html, rates, axis);
    jh_html_put(html, "</tr>\n</thead>\n");
}

static void put_rate_cells(jh_html *html, const jh_page_counts *counts, const jh_axis *axis, bool in_rule)
{
    const jh_page_rate *rate = in_rule ? &counts->in_rule : &counts->out_of_rule;

    if (counts->inspected == 0) {
        jh_html_put(html, "<td class=\"n first\">–</td><td></td>");
        return;
    }
    jh_html_put(html, "<td class=\"n first\"><b>");
    jh_html_share(html, rate->rate);
    jh_html_put(html, "</b><small>");
    jh_page_fraction_put(html, counts, rate);
    jh_html_put(html, "</small></td><td class=\"interval\">");
    jh_svg_interval(html, axis, rate, in_rule);
    jh_html_put(html, "<small>");
    jh_page_limits_put(html, rate);
    jh_html_put(html, "</small></td>");
}

static void put_row(jh_html *html, const jh_page_rate_row *row, const jh_axis *axis)
{
    jh_html_put(html, row->total ? "<tr class=\"total\"><th scope=\"row\">" : "<tr><th scope=\"row\">");
    jh_html_text(html, row->key);
    if (row->of != NULL) {
        jh_html_put(html, "<small>");
        jh_html_word(html, row->basis == JH_BASIS_RANDOM ? JH_WORD_RATE_OF : JH_WORD_AMONG);
        jh_html_text(html, row->of);
        jh_html_put(html, "</small>");
    }
    jh_html_put(html, "</th><td>");
    if (row->basis == JH_BASIS_RANDOM)
        jh_html_cell(html, "span class=\"basis random\"", JH_WORD_RANDOM);
    else
        jh_html_cell(html, "span class=\"basis targeted\"", JH_WORD_TARGETED);
    jh_html_put(html, "</td><td class=\"n\">");
    jh_html_count(html, row->counts.inspected);
    jh_html_put(html, "</td>");
    put_rate_cells(html, &row->counts, axis, true);
    put_rate_cells(html, &row->counts, axis, false);
    jh_html_put(html, "</tr>\n");
}

static void put_reading(jh_html *html)
{
    static const jh_word lines[] = {JH_WORD_HOW_RATE, JH_WORD_HOW_CLASSES, JH_WORD_HOW_BASIS, JH_WORD_HOW_INTERVAL};

    jh_html_put(html, "<ul class=\"reading\">\n");
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        jh_html_put(html, "<li>");
        jh_html_word(html, lines[i]);
        if (lines[i] == JH_WORD_HOW_INTERVAL) {
            jh_html_put(html, html->zh ? "" : " ");
            jh_html_word(html, JH_WORD_BEYOND);
        }
        jh_html_put(html, "</li>\n");
    }
    jh_html_put(html, "</ul>\n");
}

/* Targeted checks look where errors are expected: they would press the random rates flat, so they count only when
 * alone. */
static jh_axis pick_axis(const jh_page_rates *rates)
{
    jh_axis random = {0}, all = {0};

    for (size_t i = 0; i < rates->count; i++) {
        jh_axis_add(&all, &rates->rows[i].counts);
        if (rates->rows[i].basis == JH_BASIS_RANDOM)
            jh_axis_add(&random, &rates->rows[i].counts);
    }
    jh_axis_pick(&random);
    jh_axis_pick(&all);
    return random.intervals > 0 ? random : all;
}

void jh_page_rates_put(jh_html *html, const jh_page_section *section)
{
    const jh_page_rates *rates = &section->is.rates;
    const jh_axis axis = pick_axis(rates);

    if (rates->count == 0) {
        jh_html_cell(html, "p class=\"nothing\"", JH_WORD_NOTHING);
        return;
    }
    put_tiles(html, rates, &axis);
    jh_html_put(html, "<table>\n");
    put_table_head(html, rates, &axis);
    jh_html_put(html, "<tbody>\n");
    for (size_t i = 0; i < rates->count && jh_outlet_pass(&html->out); i++)
        put_row(html, &rates->rows[i], &axis);
    jh_html_put(html, "</tbody>\n</table>\n");
    put_reading(html);
}
