#include <criterion/criterion.h>
#include <string.h>

#include "report/axis.h"
#include "report/html.h"

Test(html, texts_are_escaped_and_legal_in_xml)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"<b class='x' id=\"y\">&amp;</b>", "&lt;b class=&#39;x&#39; id=&quot;y&quot;&gt;&amp;amp;&lt;/b&gt;"},
        {"a\x01\x1B\x7F\r\n\tb", "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\n\tb"},
        {"稽\xFF核\xE7\xA8", "稽\xEF\xBF\xBD核\xEF\xBF\xBD\xEF\xBF\xBD"},
        {"\xEF\xBF\xBEx\xEF\xBF\xBF", "\xEF\xBF\xBDx\xEF\xBF\xBD"},
        {"", ""},
        {NULL, ""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        jh_html html = {0};

        jh_html_text(&html, cases[i].text);
        cr_assert_str_eq(jh_buf_text(&html.out.buf), cases[i].want);
        jh_outlet_drop(&html.out);
    }
}

Test(html, shares_round_but_never_to_nothing_or_all)
{
    static const struct {
        uint32_t ppm;
        const char *want;
    } cases[] = {
        {0, "0.00%"},           {1, "&lt;0.01%"},       {49, "&lt;0.01%"},    {50, "0.01%"},
        {149, "0.01%"},         {150, "0.02%"},         {8360, "0.84%"},      {999949, "99.99%"},
        {999950, "&gt;99.99%"}, {999999, "&gt;99.99%"}, {1000000, "100.00%"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        jh_html html = {0};

        jh_html_share(&html, (jh_page_share){cases[i].ppm, NULL});
        cr_assert_str_eq(jh_buf_text(&html.out.buf), cases[i].want);
        jh_outlet_drop(&html.out);
    }
}

Test(html, numbers)
{
    jh_html html = {0};

    jh_html_count(&html, 0);
    jh_html_put(&html, " ");
    jh_html_count(&html, 999);
    jh_html_put(&html, " ");
    jh_html_count(&html, 1000);
    jh_html_put(&html, " ");
    jh_html_count(&html, UINT64_MAX);
    jh_html_put(&html, " ");
    jh_html_tenths(&html, -5);
    jh_html_put(&html, " ");
    jh_html_tenths(&html, 1230);
    jh_html_put(&html, " ");
    jh_html_tenths(&html, 1239);
    cr_assert_str_eq(jh_buf_text(&html.out.buf), "0 999 1,000 18,446,744,073,709,551,615 -0.5 123 123.9");
    jh_outlet_drop(&html.out);
}

static jh_page_counts counts(uint32_t rate, uint32_t high)
{
    const jh_page_rate in = {.rate = {.ppm = rate}, .high = {.ppm = high}}, out = {.high = {.ppm = high}};

    return (jh_page_counts){.inspected = 10, .in_rule = in, .out_of_rule = out};
}

/* All rates are on the scale; a few wide intervals are not allowed to stretch it, many are. */
Test(axis, the_scale_fits_rates_and_most_intervals)
{
    for (size_t wide = 0; wide <= 8; wide++) {
        jh_axis axis = {0};
        const jh_page_counts narrow_row = counts(4000, 9000), wide_row = counts(4000, 700000);

        for (size_t i = 0; i < 8; i++)
            jh_axis_add(&axis, i < wide ? &wide_row : &narrow_row);
        jh_axis_pick(&axis);
        cr_assert_eq(axis.max, wide <= 1 ? 10000 : 800000, "%zu wide", wide);
        cr_assert_eq(axis.max % axis.tick, 0);
    }

    jh_axis axis = {0}, empty = {0};
    const jh_page_counts low = counts(4000, 9000), high = counts(310000, 900000);

    for (size_t i = 0; i < 20; i++)
        jh_axis_add(&axis, i == 7 ? &high : &low);
    jh_axis_pick(&axis);
    cr_assert_eq(axis.max, 400000);
    cr_assert_eq(jh_axis_at(&axis, 100000, 1000), 250);
    cr_assert_eq(jh_axis_at(&axis, 900000, 1000), 1000);
    jh_axis_pick(&empty);
    cr_assert(empty.max > 0 && empty.tick > 0);
}
