#include <string.h>

#include "fixture.h"
#include "sink.h"

static const jh_out_column columns[] = {{"rule", "规则"}, {"frame", "抽样框"}, {"rate", NULL}, {"note", "说明"}};

static void check(const char *lang, const char *want)
{
    jh_out_cell cells[] = {
        jh_cell_text("大额支付"),
        jh_cell_uint(1234567),
        jh_cell_number("0.5"),
        jh_cell_text("a\tb\x1B[31m\x1F"),
        jh_cell_text("x"),
        jh_cell_int(-8),
        jh_cell_none(),
        jh_cell_none(),
        jh_cell_text("e\xCC\x81t\xC3\xA9"),
        jh_cell_none(),
        jh_cell_number("12.25"),
        jh_cell_str("r1\x1F\xFFr2", 6),
        jh_cell_text("\xE2\x80\xAEx"),
        jh_cell_uint(0),
        jh_cell_none(),
        jh_cell_bool(true),
    };
    jh_rows *rows;
    jh_buf buf = {0};

    cells[11].kind = JH_CELL_LIST;
    rows = rows_of(columns, 4, cells, 4);
    cr_assert_str_eq(written(&buf, rows, JH_FORMAT_TABLE, 0, lang), want);
    jh_rows_free(rows);
    jh_buf_deinit(&buf);
}

#define BODY                                                                                                           \
    "大额支付  1234567    0.5  a?b?[31m?\n"                                                                        \
    "x              -8      -  -\n"                                                                                    \
    "e\xCC\x81t\xC3\xA9             -  12.25  r1;?r2\n"                                                                \
    "?x              0      -  true\n"

Test(table, golden)
{
    check("en", "rule        frame   rate  note\n"
                "--------  -------  -----  ---------\n" BODY);
    check("zh", "规则       抽样框   rate  说明\n"
                "--------  -------  -----  ---------\n" BODY);
}

Test(table, nothing_but_titles)
{
    jh_rows *rows = rows_of(columns, 4, NULL, 0);
    jh_buf buf = {0};

    cr_assert_str_eq(written(&buf, rows, JH_FORMAT_TABLE, 0, "zh"),
                     "规则  抽样框  rate  说明\n----  ------  ----  ----\n");
    jh_rows_free(rows);
    jh_buf_deinit(&buf);
}

/* Terminal columns before `to`, for ASCII and common Chinese only: three bytes, two columns. */
static size_t columns_before(const char *line, const char *to)
{
    size_t width = 0;

    for (const char *c = line; c < to; c += (unsigned char)*c < 0x80 ? 1 : 3)
        width += (unsigned char)*c < 0x80 ? 1 : 2;
    return width;
}

/* In every line the bar of the second column stands in the same terminal column, and no line ends with a space. */
Test(table, columns_line_up)
{
    enum { ROWS = 60 };
    static const jh_out_column names[] = {{"k", NULL}, {"|", NULL}};
    static const char *const pieces[] = {"a", "Z", "稽", "核", "（", "，", "9", " "};
    jh_pcg64 rng;

    for (uint64_t seed = 1; seed <= 50; seed++) {
        static char texts[ROWS][64];
        jh_out_cell cells[ROWS * 2];
        jh_buf buf = {0};
        size_t place = 0;

        jh_pcg64_seed(&rng, seed, 1);
        for (size_t i = 0; i < ROWS; i++) {
            cells[2 * i] = jh_cell_str(texts[i], random_text(&rng, pieces, 8, 12, texts[i]));
            cells[2 * i + 1] = jh_cell_text("|");
        }

        jh_rows *rows = rows_of(names, 2, cells, ROWS);
        size_t lines = 0;

        for (const char *line = written(&buf, rows, JH_FORMAT_TABLE, 0, "en"); *line != '\0'; lines++) {
            const char *end = strchr(line, '\n'), *bar = memchr(line, '|', (size_t)(end - line));

            if (lines == 0)
                place = columns_before(line, bar);
            cr_assert(lines == 1 ? columns_before(line, end) == place + 1 : columns_before(line, bar) == place);
            cr_assert(end[-1] != ' ');
            line = end + 1;
        }
        cr_assert_eq(lines, ROWS + 2);
        jh_rows_free(rows);
        jh_buf_deinit(&buf);
    }
}

static jihe_status count_up(void *self, jh_out_cell *cells, jihe_error *err)
{
    uint64_t *row = self;

    (void)err;
    if (++*row > 25000)
        return JIHE_NOT_FOUND;
    cells[0] = jh_cell_uint(*row <= 20000 ? *row : *row * 1000000);
    cells[1] = jh_cell_text("x");
    return JIHE_OK;
}

/* Rows beyond the measured beginning come out too, one line each; wider cells are not cut. */
Test(table, long_tables_are_whole)
{
    static const jh_out_column names[] = {{"n", NULL}, {"x", NULL}};
    static const jh_rows_ops ops = {count_up, NULL};
    uint64_t row = 0;
    jh_rows *rows = NULL;
    jh_buf buf = {0};
    size_t lines = 0;

    cr_assert_eq(jh_rows_new(&rows, names, 2, &ops, &row, NULL), JIHE_OK);
    const char *text = written(&buf, rows, JH_FORMAT_TABLE, 0, "en");

    for (size_t i = 0; i < buf.len; i++)
        lines += buf.bytes[i] == '\n' ? 1 : 0;
    cr_assert_eq(lines, 25002);
    cr_assert(strstr(text, "\n 9999  x\n10000  x\n10001  x\n") != NULL);
    cr_assert(strstr(text, "\n20000  x\n20001000000  x\n") != NULL);
    cr_assert(strstr(text, "\n25000000000  x\n") != NULL);
    jh_rows_free(rows);
    jh_buf_deinit(&buf);
}
