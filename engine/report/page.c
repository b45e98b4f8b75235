#include "report/page_int.h"

#include <string.h>

/* One row per jh_section_kind. */
static const struct {
    jh_word title;
    const char *css; /* class of the section */
    void (*put)(jh_html *html, const jh_page_section *section);
} kinds[] = {
    [JH_SECTION_RATES] = {JH_WORD_RATES, "rates", jh_page_rates_put},
    [JH_SECTION_TREND] = {JH_WORD_TREND, "trend", jh_page_trend_put},
    [JH_SECTION_AUTOMATIC] = {JH_WORD_AUTOMATIC, "automatic", jh_page_automatic_put},
    [JH_SECTION_RULES] = {JH_WORD_RULES, "rules", jh_page_rules_put},
    [JH_SECTION_FACTS] = {JH_WORD_FACTS, "facts", jh_page_facts_put},
};

static jihe_status check(const jh_page *page, jihe_error *err)
{
    for (size_t i = 0; i < page->count; i++) {
        const jh_page_section *section = &page->sections[i];

        if ((size_t)section->kind >= sizeof kinds / sizeof kinds[0])
            return jh_fail(err, JIHE_BUG, "section %zu of the page is of an unknown kind %d", i + 1,
                           (int)section->kind);
        if (section->kind != JH_SECTION_RATES)
            continue;
        for (size_t j = 0; j < section->is.rates.count; j++) {
            const jh_page_basis basis = section->is.rates.rows[j].basis;

            if (basis != JH_BASIS_RANDOM && basis != JH_BASIS_TARGETED)
                return jh_fail(err, JIHE_BUG, "rate %zu of section %zu has an unknown basis %d", j + 1, i + 1,
                               (int)basis);
        }
    }
    return JIHE_OK;
}

/* The policy makes a browser refuse what the page does not contain anyway: scripts, images, fonts, connections. */
static void put_head(jh_html *html, const jh_page *page)
{
    jh_html_put(html, "<!DOCTYPE html>\n<html lang=\"");
    jh_html_word(html, JH_WORD_LANG);
    jh_html_put(html, "\">\n<head>\n<meta charset=\"UTF-8\"/>\n"
                      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                      "style-src 'unsafe-inline'\"/>\n<title>");
    jh_html_text(html, page->title);
    jh_html_put(html, "</title>\n");
    jh_page_style_put(html);
    jh_html_put(html, "</head>\n");
}

static void put_heading(jh_html *html, const jh_page *page)
{
    jh_html_put(html, "<header>\n<p class=\"brand\"><b>jihe</b> ");
    jh_html_word(html, JH_WORD_BRAND);
    jh_html_put(html, "</p>\n<h1>");
    jh_html_text(html, page->title);
    jh_html_put(html, "</h1>\n<dl class=\"about\">\n<div>");
    jh_html_cell(html, "dt", JH_WORD_WORKSPACE);
    jh_html_put(html, "<dd>");
    jh_html_text(html, page->workspace);
    jh_html_put(html, "</dd></div>\n<div>");
    jh_html_cell(html, "dt", JH_WORD_PERIOD);
    jh_html_put(html, "<dd>");
    jh_html_text(html, page->period);
    jh_html_put(html, "</dd></div>\n</dl>\n</header>\n");
}

static void put_section(jh_html *html, const jh_page_section *section)
{
    jh_html_printf(html, "<section class=\"%s\">\n<h2>", kinds[section->kind].css);
    if (section->title != NULL)
        jh_html_text(html, section->title);
    else
        jh_html_word(html, kinds[section->kind].title);
    jh_html_put(html, "</h2>\n");
    if (section->note != NULL) {
        jh_html_put(html, "<p class=\"lead\">");
        jh_html_text(html, section->note);
        jh_html_put(html, "</p>\n");
    }
    kinds[section->kind].put(html, section);
    jh_html_put(html, "</section>\n");
}

jihe_status jh_page_write(const jh_page *page, jh_sink sink, jihe_error *err)
{
    const jihe_status st = check(page, err);
    jh_html html = {.zh = page->lang != NULL && strcmp(page->lang, "zh") == 0};

    if (st != JIHE_OK)
        return st;
    jh_outlet_begin(&html.out, sink);
    put_head(&html, page);
    jh_html_put(&html, "<body>\n<main>\n");
    put_heading(&html, page);
    for (size_t i = 0; i < page->count && jh_outlet_pass(&html.out); i++)
        put_section(&html, &page->sections[i]);
    jh_html_put(&html, "<footer>");
    jh_html_word(&html, JH_WORD_FOOTER);
    jh_html_put(&html, "</footer>\n</main>\n</body>\n</html>\n");
    return jh_outlet_end(&html.out, err);
}
