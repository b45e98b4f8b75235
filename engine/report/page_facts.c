#include "report/page_int.h"

void jh_page_facts_put(jh_html *html, const jh_page_section *section)
{
    const jh_page_facts *facts = &section->is.facts;

    if (facts->count == 0) {
        jh_html_cell(html, "p class=\"nothing\"", JH_WORD_NOTHING);
        return;
    }
    jh_html_put(html, "<dl>\n");
    for (size_t i = 0; i < facts->count && jh_outlet_pass(&html->out); i++) {
        const jh_page_fact *fact = &facts->rows[i];

        jh_html_put(html, "<div><dt>");
        jh_html_text(html, fact->label);
        jh_html_put(html, fact->code ? "</dt><dd><code>" : "</dt><dd>");
        jh_html_text(html, fact->value);
        jh_html_put(html, fact->code ? "</code></dd></div>\n" : "</dd></div>\n");
    }
    jh_html_put(html, "</dl>\n");
}
