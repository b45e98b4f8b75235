#include "ingest/quick_int.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/pcg.h"

/* What the quick way has twice, once for the machine and once plainly, comes to the same; and to what was written. */

static jh_pcg64 rng;

static uint64_t below(uint64_t n)
{
    return jh_pcg64_below(&rng, n);
}

/* Most of it is what is wanted, with now and then a byte changed, lost or added. Room for 48 bytes. */
static uint32_t spoil(char *text, uint32_t len)
{
    static const char bytes[] = "0123456789.,-:T/ x\xff\x01\xba\x8a";

    switch (below(4)) {
    case 0:
        if (len > 0)
            text[below(len)] = bytes[below(sizeof bytes - 1)];
        return len;
    case 1:
        return (uint32_t)below(len + 1);
    case 2:
        text[len] = bytes[below(sizeof bytes - 1)];
        return len + 1;
    default:
        return len;
    }
}

Test(quick, amounts)
{
    char text[64];
    size_t taken = 0;

    jh_pcg64_seed(&rng, 5, 1);
    for (int trial = 0; trial < 400000; trial++) {
        const uint32_t scale = (uint32_t)below(7);
        const uint64_t size = below(UINT64_C(1) << below(36));
        uint64_t unit = 1;
        int64_t quick = -1, plain = -2;
        uint32_t len;

        for (uint32_t i = 0; i < scale; i++)
            unit *= 10;
        len = (uint32_t)snprintf(text, sizeof text, "%s%llu.%0*llu", below(4) == 0 ? "-" : "",
                                 (unsigned long long)(size / unit), (int)scale, (unsigned long long)(size % unit));
        len -= scale == 0 ? 2 : 0; /* without the mark */
        memset(text + len, (int)below(256), 32);
        len = spoil(text, len);
        if (!jh_quick_amount(text, len, scale, &quick))
            continue;
        taken++;
        cr_assert(jh_quick_amount_plain(text, len, scale, &plain), "<%.*s>", (int)len, text);
        cr_assert_eq(quick, plain, "<%.*s>: %lld, %lld", (int)len, text, (long long)quick, (long long)plain);
    }
    cr_assert(taken > 100000, "%zu", taken);
}

static const char *const clocks[] = {"%Y-%m-%dT%H:%M:%S", "%Y%m%d%H%M%S", "%Y/%m/%d um %H.%M Uhr %S",
                                     "%Y-%m-%d %H-%M-%S+"};

Test(quick, times)
{
    jh_pcg64_seed(&rng, 5, 2);
    for (size_t c = 0; c < sizeof clocks / sizeof clocks[0]; c++) {
        const jh_column column = {.type = JH_TIME, .format = clocks[c], .source_count = 1};
        const jh_workspace_config config = {.zone = NULL};
        jh_quick_column quick;
        size_t taken = 0, usual = 0;

        cr_assert_eq(jh_quick_init(&quick, &column, &config, NULL), JIHE_OK);
        cr_assert_neq(quick.day_bytes, 0);
        for (int trial = 0; trial < 100000; trial++) {
            const unsigned h = (unsigned)below(26), m = (unsigned)below(62), s = (unsigned)below(62);
            int64_t ms = -1, plain = -2;
            char text[64];
            uint32_t len = 0;

            for (const char *f = quick.clock_format; *f != '\0'; f++) {
                if (*f != '%')
                    text[len++] = *f;
                else if (*++f == 'H')
                    len += (uint32_t)snprintf(text + len, 4, "%02u", h);
                else
                    len += (uint32_t)snprintf(text + len, 4, "%02u", *f == 'M' ? m : s);
            }
            memset(text + len, (int)below(256), 32);
            if (below(2) == 0)
                len = spoil(text, len);
            else if (jh_quick_time_of_day_plain(&quick, text, len, &ms))
                usual += ms == ((h * 60 + m) * 60 + s) * INT64_C(1000);
            if (jh_quick_time_of_day(&quick, text, len, &ms)) {
                taken++;
                cr_assert(jh_quick_time_of_day_plain(&quick, text, len, &plain), "<%.*s>", (int)len, text);
                cr_assert_eq(ms, plain, "<%.*s>", (int)len, text);
            } else {
                cr_assert(len > 15 || !jh_quick_time_of_day_plain(&quick, text, len, &plain), "<%.*s>", (int)len, text);
            }
        }
        cr_assert(usual > 30000 && (taken > 30000 || c == 2), "%zu: %zu, %zu", c, usual, taken);
        jh_quick_deinit(&quick);
    }
}

/* --- categories --- */

enum { ROWS = 3000, BLOCKS = 40 };

/* Words of all lengths, more of them than a small table holds; some quoted, with doubled quotes, missing or too long.
 */
static void write_block(jh_buf *text, uint32_t ends[ROWS], uint32_t first[ROWS])
{
    jh_buf_clear(text);
    for (uint32_t row = 0; row < ROWS; row++) {
        const uint64_t number = below(UINT64_C(1) << below(16)), kind = below(100);

        first[row] = row;
        if (kind < 50)
            jh_buf_printf(text, "V%llu", (unsigned long long)number);
        else if (kind < 70)
            jh_buf_printf(text, "twelve%06llu", (unsigned long long)number);
        else if (kind < 80)
            jh_buf_printf(text, "\"more than twelve %llu\"", (unsigned long long)number);
        else if (kind < 90)
            jh_buf_printf(text, "第%llu分公司营业部", (unsigned long long)(number % 300));
        else if (kind < 93)
            jh_buf_puts(text, kind == 90 ? "" : kind == 91 ? "\"\"" : "NA");
        else if (kind < 96)
            jh_buf_printf(text, "\"say \"\"%llu\"\"\"", (unsigned long long)number);
        else
            jh_buf_printf(text, "%llu", (unsigned long long)number);
        ends[row] = (uint32_t)text->len;
        jh_buf_putc(text, '\n');
    }
    for (int i = 0; i < 64; i++)
        jh_buf_putc(text, 'x');
}

/* The word of a row against its text: missing, odd, or the value of the dictionary. */
static void same_word(const jh_quick_fields *fields, uint32_t row, uint32_t number, bool odd, const jh_words *words)
{
    const jh_quick_field field = jh_quick_field_at(fields, row);
    uint32_t len;
    const char *text;

    cr_assert_eq(odd, jh_quick_doubled(fields, &field), "row %u <%.*s>", row, (int)field.len, field.text);
    if (odd)
        return;
    if (field.len == 0 || (field.len == 2 && memcmp(field.text, "NA", 2) == 0)) {
        cr_assert_eq(number, JH_WORD_NONE);
        return;
    }
    cr_assert_lt(number, words->dict.count);
    text = jh_dict_text(&words->dict, number, &len);
    cr_assert(len == field.len && memcmp(text, field.text, len) == 0, "row %u <%.*s> is <%.*s>", row, (int)field.len,
              field.text, (int)len, text);
}

Test(quick, categories)
{
    static uint32_t ends[ROWS], first[ROWS], numbers[2][ROWS];
    static uint8_t odd[2][ROWS];
    static const char *const missing[] = {"", "NA"};
    const jh_workspace_config config = {.missing = missing, .missing_count = 2, .csv = {.quote = '"'}};
    const jh_column column = {.type = JH_CATEGORY, .name = "c", .source_count = 1};
    jh_quick_column quick[2];
    jh_words words[2];
    jh_buf text = {0};
    jh_quick_fields fields = {.ends = ends, .first = first, .rows = ROWS, .last = true, .quote = '"'};
    jihe_error err = {0};

    jh_pcg64_seed(&rng, 5, 3);
    for (size_t i = 0; i < 2; i++) {
        cr_assert_eq(jh_quick_init(&quick[i], &column, &config, &err), JIHE_OK);
        cr_assert_eq(jh_words_init(&words[i], &err), JIHE_OK);
    }
    for (int block = 0; block < BLOCKS; block++) {
        jh_batch_column out[2] = {{.words = numbers[0]}, {.words = numbers[1]}};

        write_block(&text, ends, first);
        fields.text = (const char *)text.bytes;
        memset(odd, 0, sizeof odd);
        cr_assert_eq(jh_quick_read_words(&quick[0], &fields, &words[0], &out[0], odd[0], &err), JIHE_OK);
        cr_assert_eq(jh_quick_read_words_plain(&quick[1], &fields, &words[1], &out[1], odd[1], &err), JIHE_OK);
        cr_assert(memcmp(odd[0], odd[1], ROWS) == 0);
        for (uint32_t row = 0; row < ROWS; row++) {
            cr_assert(odd[0][row] != 0 || numbers[0][row] == numbers[1][row], "row %u", row);
            same_word(&fields, row, numbers[0][row], odd[0][row] != 0, &words[0]);
        }
    }
    cr_assert(words[0].dict.count > 20000 && words[0].dict.count == words[1].dict.count, "%u", words[0].dict.count);
    for (size_t i = 0; i < 2; i++) {
        jh_quick_deinit(&quick[i]);
        jh_words_deinit(&words[i]);
    }
    jh_buf_deinit(&text);
}
