#include "made_up.h"

#include <stdio.h>
#include <string.h>

#include "ingest/convert.h"

#define PLAIN                                                                                                          \
    "workspace: 1\ntimezone: Asia/Shanghai\nmissing: ['', NA]\ncolumns:\n"                                             \
    "- {name: doc_id, type: id}\n"                                                                                     \
    "- {name: day, type: date, role: business_date, format: '%Y-%m-%d'}\n"                                             \
    "- {name: at, type: time, format: '%Y-%m-%d %H:%M:%S'}\n"                                                          \
    "- {name: amount, type: money, currency: CNY, prefix: '¥', thousands: ','}\n"                                     \
    "- {name: team, type: category, role: team}\n"                                                                     \
    "- {name: pieces, type: integer}\n"                                                                                \
    "- {name: urgent, type: flag}\n"                                                                                   \
    "- {name: remark, type: text}\n"                                                                                   \
    "- {name: extra, type: text, optional: true}\n"                                                                    \
    "csv: {footer: 合计}\n"

#define EUROPE                                                                                                         \
    "workspace: 1\ntimezone: Europe/Berlin\n"                                                                          \
    "missing: ['', NA, '-', 'no value at all, which is longer than any other text that stands for one']\n"             \
    "csv: {delimiter: ';', quote: \"'\"}\n"                                                                            \
    "columns:\n"                                                                                                       \
    "- {name: at, type: time, format: '%Y-%m-%d %H:%M:%S%f'}\n"                                                        \
    "- {name: day, type: date, role: business_date, format: '%Y-%m-%d %H:%M:%S'}\n"                                    \
    "- {name: doc_id, type: id, source: [doc_id, line_no, book]}\n"                                                    \
    "- {name: currency, type: category, source_any: [currency, 币种]}\n"                                             \
    "- {name: tags, type: category, list: ';'}\n"                                                                      \
    "- {name: urgent, type: flag, optional: true}\n"                                                                   \
    "- {name: when, type: time, format: '%Y/%m/%d %H.%M.%S'}\n"                                                        \
    "- {name: local, type: time, format: '%Y-%m-%d %H:%M:%S'}\n"
#define SIGNS                                                                                                          \
    "workspace: 1\ntimezone: Africa/Casablanca\nmissing: []\ncolumns:\n"                                               \
    "- {name: doc_id, type: id}\n"                                                                                     \
    "- {name: day, type: date, role: business_date, format: '%Y%m%d'}\n"                                               \
    "- {name: a, type: money, scale: 0, negative: [parentheses]}\n"                                                    \
    "- {name: b, type: money, scale: 6, negative: [trailing, sign], decimal: ',', thousands: '.'}\n"                   \
    "- {name: c, type: money, scale: 6, finer: round}\n"                                                               \
    "- {name: d, type: integer, negative: [parentheses, trailing]}\n"                                                  \
    "- {name: e, type: integer, negative: [trailing, sign]}\n"                                                         \
    "- {name: h, type: time, format: '%Y%m%d%H%M%S'}\n"
#define ABROAD                                                                                                         \
    "workspace: 1\ntimezone: America/New_York\nduplicates: number\ncsv: {delimiter: \"\\t\"}\ncolumns:\n"              \
    "- {name: doc_id, type: id, source: [doc_id, '单据']}\n"                                                         \
    "- {name: day, type: date, role: business_date, format: '%d-%b-%Y'}\n"                                             \
    "- {name: at, type: time, format: '%Y-%m-%dT%H:%M:%S%f%z'}\n"                                                      \
    "- {name: who, type: category, role: person}\n"                                                                    \
    "- {name: other, type: category}\n"                                                                                \
    "- {name: short, type: time, format: '%y/%m/%d %H:%M:%S'}\n"                                                       \
    "- {name: loose, type: date, format: '%e %b %y'}\n"                                                                \
    "- {name: remark, type: text}\n"

/* The last three declare what columns at once are not read for: every record is read by itself. */
static const char *const schemas[MADE_UP_SCHEMAS] = {
    PLAIN,
    PLAIN "duplicates: number\nsource: {private_use: allow}\n",
    EUROPE,
    SIGNS,
    ABROAD "missing: ['', NA]\n",
    "workspace: 1\ncolumns:\n- {name: doc_id, type: id}\n",
    EUROPE
    "- {name: amount, type: money, scale: 3, finer: round, minor_units: {column: currency, JPY: 0, CNY: 2, other: "
    "3}}\n- {name: wide, type: integer, width: full}\n",
    SIGNS "- {name: f, type: date, format: excel}\n- {name: g, type: time, format: excel}\n"
          "- {name: m, type: money, in: minor}\n- {name: w, type: money, width: full}\n",
    ABROAD "missing: ['', 'say \"no\"', NA]\n"};

const char *made_up_yaml(unsigned which)
{
    return schemas[which % MADE_UP_SCHEMAS];
}

static uint32_t below(jh_pcg64 *rng, uint32_t end)
{
    return (uint32_t)jh_pcg64_below(rng, end);
}

#define ANY(rng, of) ((of)[below(rng, sizeof(of) / sizeof(of)[0])])

/* Whatever the column: any of these may stand in any field. */
static const char *const odd_texts[] = {"",
                                        "NA",
                                        "-",
                                        "x",
                                        " 1",
                                        "1 ",
                                        "+1",
                                        "--1",
                                        "1-",
                                        "(1)",
                                        "(-1)",
                                        "1,234.50",
                                        "1,23",
                                        "¥12.5",
                                        "-¥1",
                                        "¥-1",
                                        "1.005",
                                        "12345678901234567890",
                                        "9223372036854775807",
                                        "-9223372036854775808",
                                        "9223372036854775808",
                                        "00012",
                                        ".5",
                                        "5.",
                                        "123456789012",
                                        "123456789012.1",
                                        "999999999999.99",
                                        "99999999999999999.99",
                                        "-0",
                                        "-5",
                                        "5-",
                                        "(5)",
                                        "-",
                                        "1.2.3",
                                        "1e5",
                                        "０１２",
                                        "－５",
                                        "1\xc2\xa0"
                                        "000",
                                        "2026-02-29",
                                        "2026-01-05",
                                        "0000-00-00",
                                        "9999-12-31",
                                        "2026-1-5",
                                        "2026-01-05 24:00:00",
                                        "2026-01-05 23:59:60",
                                        "2016-12-31 23:59:60",
                                        "2026-01-05 10:61:00",
                                        "2026-03-29 02:30:00",
                                        "2026-10-25 02:30:00",
                                        "29.03.2026 02:30:00",
                                        "2026-03-29 02:30:00.123456789",
                                        "2026-01-05 10:00:00.5",
                                        "2026-01-05 10:00:00,25",
                                        "60",
                                        "61",
                                        "2958465",
                                        "2958466",
                                        "45000.5",
                                        "45000.123456",
                                        "44197",
                                        "20260105",
                                        "20260105103000",
                                        "20260105103060",
                                        "2026-01-05T10:00:00Z",
                                        "2026-01-05T10:00:00.1+08:00",
                                        "2026-01-05T10:00:00+0530",
                                        "05-Jan-2026",
                                        "05-jan-2026",
                                        "31-Feb-2026",
                                        "26/01/05 10:00:00",
                                        "70/01/05 10:00:00",
                                        "5 Jan 26",
                                        "05 JAN 26",
                                        "yes",
                                        "No",
                                        "TRUE",
                                        "是",
                                        "否",
                                        "y",
                                        "2",
                                        "\x1f",
                                        "a\x1f"
                                        "b",
                                        "a\tb",
                                        "a\r\nb",
                                        "a\nb",
                                        "\n",
                                        "\xee\x80\x81",
                                        "甲\xee\x80\x81乙",
                                        "say \"no\"",
                                        "\"",
                                        "\"\"",
                                        "'",
                                        "a''b",
                                        "it's",
                                        ";",
                                        "a;b",
                                        "a;;b;a",
                                        ",",
                                        "a,b",
                                        "\t",
                                        "合计",
                                        "合计:",
                                        "no value at all, which is "
                                        "longer than any other text that stands for one",
                                        "\xef\xbb\xbf",
                                        "\xf0\xa0\x80\x80",
                                        "𠮷𠮷",
                                        "a|b",
                                        "a#2",
                                        "\x7f"};

static void put_moment(jh_buf *out, jh_pcg64 *rng, const char *format)
{
    static const char *const months[] = {"Jan", "MAR", "Oct", "dec"};
    const unsigned month[] = {1, 3, 10, 12};
    const uint32_t m = below(rng, 4);
    const unsigned day = 27 + below(rng, 4), hour = below(rng, 24);
    char text[32];

    if (strcmp(format, "excel") == 0) {
        snprintf(text, sizeof text, below(rng, 2) == 0 ? "%u" : "%u.5", 44000 + below(rng, 2000));
        jh_buf_puts(out, text);
        return;
    }
    for (; *format != '\0'; format++) {
        if (*format != '%') {
            jh_buf_putc(out, *format);
            continue;
        }
        text[0] = '\0';
        switch (*++format) {
        case 'Y':
            snprintf(text, sizeof text, "%u", 2025 + below(rng, 2));
            break;
        case 'y':
            snprintf(text, sizeof text, "%02u", 25 + below(rng, 2));
            break;
        case 'm':
            snprintf(text, sizeof text, "%02u", month[m]);
            break;
        case 'b':
            snprintf(text, sizeof text, "%s", months[m]);
            break;
        case 'd':
        case 'e':
            snprintf(text, sizeof text, "%02u", day);
            break;
        case 'H':
            snprintf(text, sizeof text, "%02u", hour);
            break;
        case 'z':
            snprintf(text, sizeof text, "%s", below(rng, 2) == 0 ? "Z" : "+08:00");
            break;
        case 'f':
            snprintf(text, sizeof text, "%s", below(rng, 2) == 0 ? "" : ".25");
            break;
        default:
            snprintf(text, sizeof text, "%02u", below(rng, 60));
        }
        jh_buf_puts(out, text);
    }
}

/* As long as an id, a category, or a word in a quick table may be, or longer. */
static void put_long(jh_buf *out, jh_pcg64 *rng)
{
    static const uint32_t lens[] = {8, 15, 16, 17, JH_ID_MAX / 2, JH_ID_MAX, JH_CATEGORY_MAX, JH_LIST_MAX};

    for (uint32_t len = ANY(rng, lens) + below(rng, 3); len > 1; len--)
        jh_buf_putc(out, '7');
}

static void put_value(jh_buf *out, jh_pcg64 *rng, const jh_column *column, const made_up *how)
{
    static const char *const words[] = {"应收",
                                        "应付",
                                        "资金",
                                        "",
                                        "NA",
                                        "a",
                                        "a value that is longer than sixteen bytes",
                                        "CNY",
                                        "JPY",
                                        "EUR",
                                        "0123456789abcdef",
                                        "0123456789abcdefg"};
    static const char *const lists[] = {"a;b", "b;a", "", "a", ";;", "NA;a", "甲;乙;甲"};
    static const char *const texts[] = {"",   "差旅费报销", "a \"quoted\" word", "two\nlines", "cr\r\nlf",
                                        "NA", "plain",      "1;2,3\t4"};
    char text[64];

    if (below(rng, 1000) < how->odd) {
        if (below(rng, 12) == 0) {
            put_long(out, rng);
            return;
        }
        jh_buf_puts(out, ANY(rng, odd_texts));
        return;
    }
    switch (column->type) {
    case JH_ID:
        snprintf(text, sizeof text, "D%u", below(rng, how->ids));
        break;
    case JH_CATEGORY:
        jh_buf_puts(out, column->list != NULL ? ANY(rng, lists) : ANY(rng, words));
        return;
    case JH_TEXT:
        jh_buf_puts(out, ANY(rng, texts));
        return;
    case JH_MONEY:
        snprintf(text, sizeof text, below(rng, 2) == 0 || column->money.scale == 0 || column->in_minor ? "%d" : "%d.5",
                 (int)below(rng, 100000));
        break;
    case JH_INTEGER:
        snprintf(text, sizeof text, "%d", (int)below(rng, 2000));
        break;
    case JH_FLAG:
        snprintf(text, sizeof text, "%u", below(rng, 2));
        break;
    default:
        put_moment(out, rng, column->format);
        return;
    }
    jh_buf_puts(out, text);
}

/* Quoted where it must be, and sometimes where it need not be. */
static void put_field(jh_buf *out, jh_pcg64 *rng, const jh_csv_dialect *csv, const char *text, size_t len)
{
    bool quoted = below(rng, 6) == 0;

    for (size_t i = 0; i < len; i++)
        quoted |= text[i] == csv->quote || text[i] == csv->delimiter || text[i] == '\n' || text[i] == '\r';
    if (quoted)
        jh_buf_putc(out, csv->quote);
    for (size_t i = 0; i < len; i++) {
        if (text[i] == csv->quote)
            jh_buf_putc(out, text[i]);
        jh_buf_putc(out, text[i]);
    }
    if (quoted)
        jh_buf_putc(out, csv->quote);
}

static void put_trouble(jh_buf *out, jh_pcg64 *rng, char quote)
{
    switch (below(rng, 9)) {
    case 0: /* an open quote: everything up to the next one is quoted */
        jh_buf_putc(out, quote);
        break;
    case 1:
        jh_buf_puts(out, "a");
        jh_buf_putc(out, quote);
        jh_buf_puts(out, "b");
        break;
    case 2:
        jh_buf_putc(out, quote);
        jh_buf_puts(out, "a");
        jh_buf_putc(out, quote);
        jh_buf_puts(out, "b");
        break;
    case 3:
        jh_buf_putc(out, '\0');
        break;
    case 4:
        jh_buf_puts(out, "\xff");
        break;
    case 5:
        jh_buf_puts(out, "\xe5\x90");
        break;
    case 6:
        jh_buf_puts(out, "a\rb");
        break;
    case 7: /* an even number of quotes, none where it belongs */
        jh_buf_puts(out, "a");
        jh_buf_putc(out, quote);
        jh_buf_putc(out, quote);
        break;
    default:
        jh_buf_puts(out, "\xc9\xcf\xba\xa3"); /* GB18030 */
    }
}

static void put_record(jh_buf *out, jh_pcg64 *rng, const jh_workspace_config *config, const made_up *how, bool extra)
{
    const jh_csv_dialect *csv = &config->csv;
    const bool broken = below(rng, 1000) < how->broken;
    jh_buf value = {0};
    bool first = true;

    for (size_t c = 0; c < config->schema.count; c++) {
        const jh_column *column = &config->schema.columns[c];

        if (column->optional && !extra)
            continue;
        for (size_t k = 0; k < column->source_count; k++) {
            if (!first)
                jh_buf_putc(out, csv->delimiter);
            first = false;
            jh_buf_clear(&value);
            put_value(&value, rng, column, how);
            if (how->long_fields && below(rng, column->type == JH_TEXT ? 20 : 400) == 0)
                for (uint32_t i = below(rng, 60); i > 0; i--)
                    jh_buf_puts(&value, "a line, \"of\" many\n");
            put_field(out, rng, csv, (const char *)value.bytes, value.len);
            if (broken && below(rng, 6) == 0)
                put_trouble(out, rng, csv->quote);
            if (broken && below(rng, 30) == 0)
                jh_buf_putc(out, csv->delimiter);
        }
    }
    jh_buf_puts(out, below(rng, 4) == 0 ? "\r\n" : "\n");
    if (below(rng, 40) == 0)
        jh_buf_puts(out, below(rng, 2) == 0 ? "\n" : "\r\n\n");
    jh_buf_deinit(&value);
}

static void put_header(jh_buf *out, const jh_workspace_config *config, bool extra)
{
    bool first = true;

    for (size_t c = 0; c < config->schema.count; c++) {
        const jh_column *column = &config->schema.columns[c];

        for (size_t k = 0; k < column->source_count && (extra || !column->optional); k++) {
            if (!first)
                jh_buf_putc(out, config->csv.delimiter);
            first = false;
            jh_buf_puts(out, column->sources[k]);
        }
    }
    jh_buf_puts(out, "\n");
}

void made_up_extract(jh_buf *out, jh_pcg64 *rng, const jh_workspace_config *config, const made_up *how)
{
    const bool extra = below(rng, 2) == 0;
    const uint32_t footer = how->footer && config->csv.footer != NULL ? below(rng, how->rows + 1) : UINT32_MAX;

    put_header(out, config, extra);
    for (uint32_t i = 0; i < how->rows; i++) {
        put_record(out, rng, config, how, extra);
        if (i != footer)
            continue;
        jh_buf_putc(out, config->csv.delimiter);
        jh_buf_puts(out, config->csv.footer);
        jh_buf_puts(out, " 17 张\n\"garbage \xff\n");
    }
    if (out->len > 0 && below(rng, 3) == 0)
        out->len -= below(rng, out->len < 30 ? (uint32_t)out->len : 30); /* no line end, or less than a record */
}
