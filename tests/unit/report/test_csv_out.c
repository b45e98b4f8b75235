#include <string.h>

#include "fixture.h"
#include "sink.h"

static const jh_out_column columns[] = {
    {"id", "编号"}, {"amount", "金额"}, {"rules", NULL}, {"done", NULL}, {"n", NULL}};

static jh_out_cell list(const char *text)
{
    jh_out_cell cell = jh_cell_text(text);

    cell.kind = JH_CELL_LIST;
    return cell;
}

static void check(uint32_t flags, const char *want)
{
    const jh_out_cell cells[] = {
        jh_cell_text("a,b"),
        jh_cell_number("-12.50"),
        list("r1\x1Fr2"),
        jh_cell_bool(true),
        jh_cell_int(-7),
        jh_cell_text("=1+1"),
        jh_cell_none(),
        list("-x\x1Fy,z"),
        jh_cell_none(),
        jh_cell_uint(UINT64_MAX),
        jh_cell_text("say \"hi\"\r\n"),
        jh_cell_number("0.1"),
        list(""),
        jh_cell_bool(false),
        jh_cell_int(INT64_MIN),
        jh_cell_text("＝求和"),
        jh_cell_none(),
        list("一\x1F二"),
        jh_cell_none(),
        jh_cell_none(),
    };
    jh_rows *rows = rows_of(columns, 5, cells, 4);
    jh_buf buf = {0};

    cr_assert_str_eq(written(&buf, rows, JH_FORMAT_CSV, flags, "zh"), want);
    jh_rows_free(rows);
    jh_buf_deinit(&buf);
}

Test(csv_out, golden)
{
    check(0, "id,amount,rules,done,n\n"
             "\"a,b\",-12.50,r1;r2,true,-7\n"
             "=1+1,,\"-x;y,z\",,18446744073709551615\n"
             "\"say \"\"hi\"\"\r\n\",0.1,,false,-9223372036854775808\n"
             "＝求和,,一;二,,\n");
    check(JH_CSV_BOM | JH_CSV_GUARD, "\xEF\xBB\xBFid,amount,rules,done,n\r\n"
                                     "\"a,b\",-12.50,r1;r2,true,-7\r\n"
                                     "'=1+1,,\"'-x;y,z\",,18446744073709551615\r\n"
                                     "\"say \"\"hi\"\"\r\n\",0.1,,false,-9223372036854775808\r\n"
                                     "'＝求和,,一;二,,\r\n");
}

Test(csv_out, the_header_is_written_without_rows_and_guarded)
{
    static const jh_out_column odd[] = {{"=id", NULL}, {"a\"b", NULL}};
    jh_rows *rows = rows_of(odd, 2, NULL, 0);
    jh_buf buf = {0};

    cr_assert_str_eq(written(&buf, rows, JH_FORMAT_CSV, JH_CSV_GUARD, "en"), "'=id,\"a\"\"b\"\n");
    jh_rows_free(rows);
    jh_buf_deinit(&buf);
}

/* A second implementation, straight from the grammar of RFC 4180: one field from *at; true when the record goes on. */
static bool read_field(const char *text, size_t len, size_t *at, jh_buf *field)
{
    const bool quoted = *at < len && text[*at] == '"';

    jh_buf_clear(field);
    for (*at += quoted ? 1 : 0; *at < len; ++*at) {
        const char c = text[*at];

        if (quoted && c == '"') {
            if (*at + 1 == len || text[*at + 1] != '"')
                break;
            ++*at;
        } else if (!quoted) {
            cr_assert(c != '"', "a bare quote");
            if (c == ',' || c == '\r' || c == '\n')
                break;
        }
        jh_buf_putc(field, c);
    }
    cr_assert(*at < len, "the text ends inside a record");
    *at += quoted ? 1 : 0;
    if (text[*at] == ',') {
        ++*at;
        return true;
    }
    *at += text[*at] == '\r' ? 1 : 0;
    cr_assert_eq(text[*at], '\n');
    ++*at;
    return false;
}

static const char *const pieces[] = {"=",   "+", "-", "@", "\t", "\r", "\n", "＝", "＋",       "－",   "＠",
                                     "\"",  ",", ";", "'", " ",  "a",  "稽", "1",  "\xEF\xBC", "\xFF", "\xEF\xBB\xBF",
                                     "\x1E"};

static bool dangerous(const char *text, size_t len)
{
    static const char *const starts[] = {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"};

    if (len > 0 && text[0] == '\0')
        return true;
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (len >= strlen(starts[i]) && memcmp(text, starts[i], strlen(starts[i])) == 0)
            return true;
    return false;
}

/* Whatever the cells hold, an independent reader gets them back, and with the guard none starts a formula. */
static void round_trip(uint32_t flags, size_t width, uint64_t seed)
{
    enum { ROWS = 400, MOST = 6 };
    static char texts[ROWS][3][64];
    static jh_out_cell cells[ROWS * 3];
    static const jh_out_column names[] = {{"a", NULL}, {"b", NULL}, {"c", NULL}};
    jh_pcg64 rng;
    jh_buf buf = {0}, field = {0};
    size_t at = (flags & JH_CSV_BOM) != 0 ? 3 : 0;

    jh_pcg64_seed(&rng, seed, width);
    for (size_t i = 0; i < ROWS * width; i++) {
        char *text = texts[i / width][i % width];
        size_t len = random_text(&rng, pieces, sizeof pieces / sizeof pieces[0], MOST, text);

        if (len > 0 && jh_pcg64_below(&rng, 20) == 0)
            text[0] = '\0'; /* a NUL in front */
        cells[i] = jh_cell_str(text, len);
    }

    jh_rows *rows = rows_of(names, width, cells, ROWS);
    const char *out = written(&buf, rows, JH_FORMAT_CSV, flags, "zh");

    for (size_t j = 0; j < width; j++)
        cr_assert_eq(read_field(out, buf.len, &at, &field), j + 1 < width);
    for (size_t i = 0; i < ROWS * width; i++) {
        const bool bad = dangerous(cells[i].text, cells[i].len);
        const size_t added = bad && (flags & JH_CSV_GUARD) != 0 ? 1 : 0;

        cr_assert_eq(read_field(out, buf.len, &at, &field), i % width + 1 < width, "cell %zu", i);
        cr_assert_eq(field.len, cells[i].len + added, "cell %zu", i);
        cr_assert(field.len == 0 || memcmp(field.bytes + added, cells[i].text, cells[i].len) == 0, "cell %zu", i);
        cr_assert(added == 0 || field.bytes[0] == '\'');
        cr_assert((flags & JH_CSV_GUARD) == 0 || !dangerous((const char *)field.bytes, field.len));
    }
    cr_assert_eq(at, buf.len);
    jh_rows_free(rows);
    jh_buf_deinit(&buf);
    jh_buf_deinit(&field);
}

Test(csv_out, random_cells_come_back)
{
    for (uint64_t seed = 1; seed <= 20; seed++)
        for (uint32_t flags = 0; flags <= (JH_CSV_BOM | JH_CSV_GUARD); flags++)
            for (size_t width = 1; width <= 3; width++)
                round_trip(flags, width, seed);
}

/* A reader that skips empty lines must still find the row. */
Test(csv_out, a_lone_empty_cell_is_not_an_empty_line)
{
    static const jh_out_column one[] = {{"a", NULL}};
    const jh_out_cell cells[] = {jh_cell_none(), jh_cell_text("")};
    jh_rows *rows = rows_of(one, 1, cells, 2);
    jh_buf buf = {0};

    cr_assert_str_eq(written(&buf, rows, JH_FORMAT_CSV, 0, "en"), "a\n\"\"\n\"\"\n");
    jh_rows_free(rows);
    jh_buf_deinit(&buf);
}

Test(csv_out, numbers_are_never_guarded)
{
    jh_buf buf = {0};

    jh_csv_put(&buf, "-5", 2, JH_CSV_GUARD, false);
    jh_csv_put(&buf, "-5", 2, JH_CSV_GUARD, true);
    cr_assert_str_eq(jh_buf_text(&buf), "-5'-5");
    jh_buf_deinit(&buf);
}
