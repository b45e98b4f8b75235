#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/pcg.h"
#include "sample_page.h"
#include "sink.h"

static const char *page_text(jh_buf *buf, const jh_page *page)
{
    jihe_error err = {0};

    jh_buf_clear(buf);
    cr_assert_eq(jh_page_write(page, sink_to(buf), &err), JIHE_OK, "%s", err.message);
    return jh_buf_text(buf);
}

/* True when well-formed, or when there is no xmllint to ask. */
static bool well_formed(const jh_buf *page)
{
    char path[] = "/tmp/jihe-page-XXXXXX";
    char command[128];
    int fd = mkstemp(path), answer;
    FILE *file = fdopen(fd, "wb");

    cr_assert_not_null(file);
    cr_assert_eq(fwrite(page->bytes, 1, page->len, file), page->len);
    cr_assert_eq(fclose(file), 0);
    (void)snprintf(command, sizeof command, "xmllint --noout --nonet %s", path);
    answer = system("command -v xmllint >/dev/null 2>&1") == 0 ? system(command) : 0;
    unlink(path);
    return answer == 0;
}

static size_t occurrences(const char *text, const char *word)
{
    size_t count = 0;

    for (const char *at = strstr(text, word); at != NULL; at = strstr(at + 1, word))
        count++;
    return count;
}

Test(page, samples_are_well_formed_and_repeat_byte_for_byte)
{
    for (int zh = 0; zh <= 1; zh++) {
        jh_buf first = {0}, second = {0};

        page_text(&first, sample_page(zh));
        page_text(&second, sample_page(zh));
        cr_assert(first.len == second.len && memcmp(first.bytes, second.bytes, first.len) == 0);
        cr_assert(well_formed(&first));
        jh_buf_deinit(&first);
        jh_buf_deinit(&second);
    }
}

Test(page, nothing_is_run_or_fetched)
{
    static const char *const banned[] = {"<script", "http",   "//",     "url(",  "@import",
                                         "src=",    "href=",  "<link",  "<img",  "<iframe",
                                         "<object", "<embed", "onload", "data:", "@font-face"};

    for (int zh = 0; zh <= 1; zh++) {
        jh_buf buf = {0};
        const char *text = page_text(&buf, sample_page(zh));

        for (size_t i = 0; i < sizeof banned / sizeof banned[0]; i++) {
            /* the name of the policy's header is the one allowed "http" */
            const size_t allowed = strcmp(banned[i], "http") == 0 ? occurrences(text, "http-equiv=") : 0;

            cr_assert_eq(occurrences(text, banned[i]), allowed, "%s", banned[i]);
        }
        cr_assert(strstr(text, "default-src 'none'") != NULL);
        jh_buf_deinit(&buf);
    }
}

/* Each rate comes with its counts, its interval and what it is a rate of. */
Test(page, rates_say_what_they_are)
{
    jh_buf buf = {0};
    const char *text = page_text(&buf, sample_page(true));

    cr_assert(strstr(text, "<html lang=\"zh-CN\">") != NULL);
    cr_assert(strstr(text, "<tr class=\"total\"><th scope=\"row\">全部随机<small>总体：已过账单据 50,214 张，按小组抽 "
                           "10%</small></th>") != NULL);
    cr_assert(strstr(text, "<b>0.84%</b><small>42 / 5,024</small>") != NULL);
    cr_assert(strstr(text, "<small>0.60% – 1.13%</small>") != NULL);
    cr_assert(strstr(text, "<p class=\"figure\">0.84%</p>") != NULL);
    cr_assert_eq(occurrences(text, "<p class=\"figure\">"), 2);
    cr_assert(
        strstr(text, "<small>范围：标记到的 1 人的单据</small></th><td><span class=\"basis targeted\">专项</span>") !=
        NULL);
    cr_assert(
        strstr(text,
               "<code>large-payment</code></th><td>大额支付</td><td class=\"n\">618</td><td class=\"n heed\">37</td>"
               "<td class=\"n quiet\">–</td><td class=\"n strong\">612</td>") != NULL);
    cr_assert(strstr(text, "<dt>账本头</dt><dd><code>1,204 · 5f70") != NULL);
    text = page_text(&buf, sample_page(false));
    cr_assert(strstr(text, "<html lang=\"en\">") != NULL);
    cr_assert_eq(occurrences(text, "Rate of: posted documents, 50,214, 10% by team"),
                 3); /* two large figures and the row */
    jh_buf_deinit(&buf);
}

/* A share of 500 ppm on a scale of 1000 stands in the middle: in the bar between 6 and 144, in the chart between 48 and
 * 292. */
Test(page, drawings_are_to_scale)
{
    static const jh_page_counts counts = {.inspected = 4000,
                                          .in_rule = {2, {500, NULL}, {250, NULL}, {1000, NULL}},
                                          .out_of_rule = {0, {0, NULL}, {0, NULL}, {900, NULL}}};
    const jh_page_rate_row row = {"k", NULL, JH_BASIS_RANDOM, false, counts};
    const jh_page_month months[] = {{"2025-01", NULL, counts}, {"2025-02", NULL, {0}}, {"2025-03", NULL, counts}};
    const jh_page_section sections[] = {{.kind = JH_SECTION_RATES, .is.rates = {NULL, "90%", &row, 1}},
                                        {.kind = JH_SECTION_TREND, .is.trend = {NULL, NULL, months, 3}}};
    const jh_page page = {"t", "en", "w", "p", sections, 2};
    jh_buf buf = {0};
    const char *text = page_text(&buf, &page);

    cr_assert(strstr(text, "<rect class=\"in\" x=\"40.5\" width=\"103.5\" y=\"5\" height=\"6\"/><circle class=\"in\" "
                           "cx=\"75\" cy=\"8\"") != NULL);
    cr_assert(strstr(text, "90% interval") != NULL);
    /* months in thirds of 52..944, marks 6 to each side; the line breaks at the month without inspections */
    cr_assert(strstr(text, "<path class=\"line in\" d=\"M194.6 170M789.3 170\"/>") != NULL);
    cr_assert(strstr(text, "<path class=\"line out\" d=\"M206.6 292M801.3 292\"/>") != NULL);
    cr_assert(
        strstr(text, "<path class=\"whisker in\" d=\"M190.6 231L198.6 231M194.6 231L194.6 48M190.6 48L198.6 48M") !=
        NULL);
    jh_buf_deinit(&buf);
}

/* Targeted rows do not stretch the scale of random ones; what goes beyond it has an arrow, and no mark at a wrong
 * place. */
Test(page, what_exceeds_the_scale_has_an_arrow)
{
    static const jh_page_counts low = {
        4000, {2, {500, NULL}, {250, NULL}, {1000, NULL}}, {2, {500, NULL}, {250, NULL}, {1000, NULL}}};
    static const jh_page_counts high = {
        4, {2, {500000, NULL}, {800, NULL}, {900000, NULL}}, {0, {0, NULL}, {0, NULL}, {602000, NULL}}};
    const jh_page_rate_row rows[] = {{"r", NULL, JH_BASIS_RANDOM, false, low},
                                     {"t", NULL, JH_BASIS_TARGETED, false, high}};
    const jh_page_month months[] = {
        {"1", NULL, low}, {"2", NULL, low}, {"3", NULL, low}, {"4", NULL, low},
        {"5", NULL, low}, {"6", NULL, low}, {"7", NULL, low}, {"8", NULL, {4, low.in_rule, high.out_of_rule}}};
    const jh_page_section sections[] = {{.kind = JH_SECTION_RATES, .is.rates = {NULL, NULL, rows, 2}},
                                        {.kind = JH_SECTION_TREND, .is.trend = {NULL, NULL, months, 8}}};
    const jh_page page = {"t", "en", "w", "p", sections, 2};
    jh_buf buf = {0};
    const char *text = page_text(&buf, &page);

    cr_assert_eq(occurrences(text, "<i>0</i><i>0.1%</i>"), 2);
    cr_assert(strstr(text, "<rect class=\"in\" x=\"116.4\" width=\"27.6\" y=\"5\" height=\"6\"/>"
                           "<path class=\"in\" d=\"M143 3l6 5-6 5z\"/></svg>") != NULL);
    cr_assert(strstr(text, "<path class=\"out\" d=\"M143 3l6 5-6 5z\"/><path class=\"out\" d=\"M6 2.8l") != NULL);
    /* the last whisker ends in an arrow head, 5 below the top, instead of a cap */
    cr_assert(strstr(text, "M894.2 292L894.2 48M890.2 53L894.2 48L898.2 53\"/>") != NULL);
    jh_buf_deinit(&buf);
}

static const char *random_junk(jh_pcg64 *rng, char out[64])
{
    static const char *const pieces[] = {
        "<",        ">",    "&",    "\"",           "'",  "]]>", "<!--", "</style>",     "</svg>",
        "<script>", "\x01", "\xFF", "\xEF\xBF\xBF", "稽", "%s",  "\n",   "\xED\xA0\x80", "a"};
    size_t len = 0;

    for (uint64_t left = jh_pcg64_below(rng, 6); left > 0; left--)
        len +=
            (size_t)snprintf(out + len, 64 - len, "%s", pieces[jh_pcg64_below(rng, sizeof pieces / sizeof pieces[0])]);
    out[len] = '\0';
    return jh_pcg64_below(rng, 10) == 0 ? NULL : out;
}

/* No text and no number, however wrong, breaks the markup. */
Test(page, hostile_content_stays_content)
{
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, 11, 11);
    for (int round = 0; round < 60; round++) {
        char junk[12][64];
        const jh_page_share share = {(uint32_t)jh_pcg64_next(&rng), random_junk(&rng, junk[0])};
        const jh_page_rate rate = {jh_pcg64_next(&rng), share, {(uint32_t)jh_pcg64_next(&rng), NULL}, share};
        const jh_page_counts counts = {jh_pcg64_below(&rng, 3), rate, rate};
        const jh_page_basis basis = round % 3 == 0 ? JH_BASIS_TARGETED : JH_BASIS_RANDOM;
        const jh_page_rate_row row = {random_junk(&rng, junk[1]), random_junk(&rng, junk[2]), basis, round % 2 == 0,
                                      counts};
        const jh_page_month month = {random_junk(&rng, junk[3]), random_junk(&rng, junk[4]), counts};
        const jh_page_rule rule = {random_junk(&rng, junk[5]), random_junk(&rng, junk[6]), 1, 2, 3, 4, round % 2 == 0};
        const jh_page_fact fact = {random_junk(&rng, junk[7]), random_junk(&rng, junk[8]), round % 2 == 0};
        const char *text = random_junk(&rng, junk[9]);
        const jh_page_section sections[] = {
            {JH_SECTION_RATES, text, text, {.rates = {text, text, &row, (size_t)round % 2}}},
            {JH_SECTION_TREND, text, text, {.trend = {text, text, &month, 1}}},
            {JH_SECTION_RULES, text, text, {.rules = {&rule, 1}}},
            {JH_SECTION_FACTS, text, text, {.facts = {&fact, 1}}},
        };
        const jh_page page = {
            random_junk(&rng, junk[10]), round % 2 == 0 ? "zh" : NULL, text, random_junk(&rng, junk[11]), sections, 4};
        jh_buf buf = {0};
        const char *whole = page_text(&buf, &page);

        cr_assert(well_formed(&buf), "round %d", round);
        cr_assert_null(strstr(whole, "<script"));
        jh_buf_deinit(&buf);
    }
}

Test(page, empty_sections_say_so)
{
    const jh_page_section sections[] = {
        {.kind = JH_SECTION_RATES}, {.kind = JH_SECTION_TREND}, {.kind = JH_SECTION_RULES}, {.kind = JH_SECTION_FACTS}};
    const jh_page page = {"t", "en", NULL, NULL, sections, 4};
    jh_buf buf = {0};
    const char *text = page_text(&buf, &page);

    cr_assert_eq(occurrences(text, "Nothing in this period."), 4);
    cr_assert(well_formed(&buf));
    jh_buf_deinit(&buf);
}

Test(page, mistakes_and_refusals_are_reported)
{
    const jh_page_section unknown = {.kind = (jh_section_kind)9};
    const jh_page_rate_row row = {.basis = (jh_page_basis)7};
    const jh_page_section basis = {.kind = JH_SECTION_RATES, .is.rates = {.rows = &row, .count = 1}};
    const jh_page pages[] = {{.title = "t", .sections = &unknown, .count = 1},
                             {.title = "t", .sections = &basis, .count = 1}};
    static const size_t accepts[] = {0, 100};
    static jh_page_month months[2000]; /* several pieces long */
    const jh_page_section trend = {.kind = JH_SECTION_TREND, .is.trend = {.months = months, .count = 2000}};
    const jh_page long_page = {.title = "t", .sections = &trend, .count = 1};
    jh_buf buf = {0};

    for (size_t i = 0; i < 2; i++)
        cr_assert_eq(jh_page_write(&pages[i], sink_to(&buf), NULL), JIHE_BUG);
    cr_assert_eq(buf.len, 0);
    for (size_t i = 0; i < 2; i++) {
        struct sink_limit limit = {.accept = accepts[i], .os_errno = ENOSPC};
        jihe_error err = {0};

        cr_assert_eq(jh_page_write(i == 0 ? &long_page : sample_page(true), sink_limited(&limit), &err), JIHE_IO);
        cr_assert_eq(err.os_errno, ENOSPC);
        cr_assert_eq(limit.calls_after, 0);
    }
}
