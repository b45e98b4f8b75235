#include "ingest/convert.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <string.h>

#include "scratch.h"

static const char yaml[] =
    "workspace: 1\n"
    "timezone: Europe/Amsterdam\n"
    "columns:\n"
    "  - {name: doc_id, source: [系统, 编号], type: id}\n"
    "  - {name: team, type: category}\n"
    "  - {name: amount, type: money, currency: CNY, scale: 2, decimal: \",\", thousands: \".\", prefix: \"¥\"}\n"
    "  - {name: rounded, type: money, scale: 2, finer: round}\n"
    "  - {name: lines, type: integer}\n"
    "  - {name: day, type: date, format: \"%d/%m/%Y\"}\n"
    "  - {name: stamp, type: date, format: \"%Y-%m-%dT%H:%M:%S%f%z\"}\n"
    "  - {name: at, type: time, format: \"%Y-%m-%d %H:%M\"}\n"
    "  - {name: at_zone, type: time, format: \"%Y-%m-%dT%H:%M:%S%f%z\"}\n"
    "  - {name: memo, type: text}\n"
    "  - {name: done, type: flag}\n"
    "  - {name: wide, type: money, width: full, prefix: \"¥\", thousands: \",\", negative: [parentheses, sign]}\n"
    "  - {name: wide_day, type: date, width: full, format: \"%Y年%m月%d日\"}\n"
    "  - {name: owed, type: integer, negative: [trailing], width: full}\n"
    "  - {name: serial, type: date, format: excel}\n"
    "  - {name: serial_at, type: time, format: excel}\n"
    "missing: [\"\", \"NA\"]\n";

enum { TEAM = 1, AMOUNT, ROUNDED, LINES, DAY, STAMP, AT, AT_ZONE, MEMO, DONE, WIDE, WIDE_DAY, OWED, SERIAL, SERIAL_AT, COLUMNS };

static const char header_text[] = "系统,编号,team,amount,rounded,lines,day,stamp,at,at_zone,memo,done,wide,"
                                  "wide_day,owed,serial,serial_at,extra";

typedef struct fixture {
    scratch dir;
    jh_workspace_config config;
    jh_binding binding;
    jh_converter converter;
} fixture;

static void fixture_init(fixture *f)
{
    jihe_error err = {0};
    jh_csv *csv;
    jh_record header;

    f->dir = scratch_new();
    f->config = (jh_workspace_config){0};
    cr_assert_eq(jh_workspace_config_load(&f->config, scratch_text(&f->dir, "jihe.yaml", yaml), &err), JIHE_OK, "%s",
                 err.message);
    cr_assert_eq(jh_csv_open(&csv, scratch_text(&f->dir, "h", header_text), &comma, &err), JIHE_OK);
    cr_assert_eq(jh_csv_next(csv, &header, &err), JIHE_OK);
    cr_assert_eq(jh_binding_init(&f->binding, &f->config.schema, "h", &header, &err), JIHE_OK, "%s", err.message);
    cr_assert_eq(jh_converter_init(&f->converter, &f->config, &err), JIHE_OK);
    jh_csv_close(csv);
}

static void fixture_deinit(fixture *f)
{
    jh_converter_deinit(&f->converter);
    jh_binding_deinit(&f->binding);
    jh_workspace_config_deinit(&f->config);
    scratch_remove(&f->dir);
}

/* A row of empty cells but for the id and one more. Position of a column's field: two sources of the id come first. */
static bool convert(fixture *f, size_t column, const char *text, size_t len, jh_cell *cells, jh_reject *why)
{
    jh_field fields[COLUMNS + 2];
    const jh_record record = {.fields = fields, .count = COLUMNS + 2};

    for (uint32_t i = 0; i < COLUMNS + 2; i++)
        fields[i] = (jh_field){.text = "", .line = 7, .column = i + 1};
    fields[0].text = "SAP", fields[0].len = 3;
    fields[1].text = "1", fields[1].len = 1;
    fields[column + 1].text = text;
    fields[column + 1].len = (uint32_t)len;
    return jh_convert_row(&f->converter, &f->binding, &record, cells, why);
}

/* Days and times worked out with date(1): date -ud DATE +%s, TZ=Europe/Amsterdam date -d DATE +%s. */
static const struct good {
    size_t column;
    const char *text;
    bool present;
    int64_t number;
} good[] = {
    {AMOUNT, "¥1.234,5", true, 123450},
    {AMOUNT, "-0,01", true, -1},
    {AMOUNT, "", false, 0},
    {AMOUNT, "NA", false, 0},
    {ROUNDED, "26.85120450862128", true, 2685},
    {ROUNDED, "0.125", true, 12},
    {LINES, "-9223372036854775808", true, INT64_MIN},
    {LINES, "0", true, 0},
    {DAY, "29/02/2024", true, 19782},
    {DAY, "01/01/1970", true, 0},
    {STAMP, "2017-01-09T23:49:50.000+01:00", true, 17175},
    {STAMP, "2017-01-09T00:00:00-11:30", true, 17175},
    {AT, "2026-03-29 01:59", true, INT64_C(1774745940000)},
    {AT, "2026-03-29 03:00", true, INT64_C(1774746000000)},
    {AT, "2026-10-25 02:30", true, INT64_C(1792888200000)}, /* occurs twice: the earlier */
    {AT_ZONE, "2011-10-01T00:38:44.546+02:00", true, INT64_C(1317422324546)},
    {DONE, "TRUE", true, 1},
    {DONE, "Yes", true, 1},
    {DONE, "y", true, 1},
    {DONE, "1", true, 1},
    {DONE, "是", true, 1},
    {DONE, "False", true, 0},
    {DONE, "NO", true, 0},
    {DONE, "N", true, 0},
    {DONE, "0", true, 0},
    {DONE, "否", true, 0},
    {TEAM, "NA", false, 0},
    {WIDE, "１，２３４．５６", true, 123456},
    {WIDE, "¥1,234.5６", true, 123456},
    {WIDE, "（¥１２．５）", true, -1250},
    {WIDE, "－７", true, -700},
    {WIDE_DAY, "２０２４年０２月29日", true, 19782},
    {OWED, "12-", true, -12},
    {OWED, "１２－", true, -12},
    {OWED, "12", true, 12},
    {SERIAL, "45000", true, 19431},
    {SERIAL, "59", true, -25509},
    {SERIAL, "61", true, -25508},
    {SERIAL_AT, "45000.520833333336", true, INT64_C(1678879800000)}, /* 12:30 in Amsterdam, before summer time */
};

Test(convert, good_cells)
{
    fixture f;
    jh_cell cells[COLUMNS];

    fixture_init(&f);
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        jh_reject why = {0};
        cr_assert(convert(&f, good[i].column, good[i].text, strlen(good[i].text), cells, &why), "'%s': %s",
                  good[i].text, why.message);
        cr_assert_eq(cells[good[i].column].present, good[i].present, "'%s'", good[i].text);
        cr_assert(!good[i].present || cells[good[i].column].number == good[i].number, "'%s': %" PRIi64, good[i].text,
                  cells[good[i].column].number);
    }
    fixture_deinit(&f);
}

static const struct refused {
    size_t column;
    const char *text, *reason, *in_message;
} refused[] = {
    {AMOUNT, "12..5", "money-malformed", "'12..5'"},
    {AMOUNT, " 12", "money-malformed", "' 12' is not an amount"},
    {AMOUNT, "na", "money-malformed", "'na'"},
    {AMOUNT, "1,005", "money-finer", "more than 2 decimals"},
    {AMOUNT, "99999999999999999999", "money-too-large", "larger"},
    {LINES, "+1", "integer-malformed", "'+1'"},
    {LINES, "9223372036854775808", "integer-malformed", "64 bits"},
    {LINES, "1.0", "integer-malformed", "'1.0'"},
    {DAY, "31/04/2026", "date-malformed", "'%d/%m/%Y'"},
    {DAY, "2026-04-30", "date-malformed", "'2026-04-30'"},
    {STAMP, "2017-01-09T25:00:00Z", "date-malformed", "25:00"},
    {AT, "2026-03-29 02:30", "time-skipped", "does not exist in Europe/Amsterdam"},
    {AT, "2026-03-29", "time-malformed", "'%Y-%m-%d %H:%M'"},
    {DONE, "ja", "flag-malformed", "true/false"},
    {DONE, " 1", "flag-malformed", "' 1'"},
    {AMOUNT, "１２", "money-malformed", "'１２' is not an amount"},
    {AMOUNT, "(12)", "money-malformed", "'(12)'"},
    {WIDE, "（１２", "money-malformed", "'(12' is not an amount"},
    {LINES, "１", "integer-malformed", "'１'"},
    {OWED, "-12", "integer-malformed", "declares"},
    {OWED, "1.0", "integer-malformed", "'1.0'"},
    {DAY, "２９/02/2024", "date-malformed", "'２９/02/2024'"},
    {SERIAL, "60", "date-malformed", "never 60"},
    {SERIAL, "45000.5", "date-malformed", "whole serial day"},
    {SERIAL, "2023-03-15", "date-malformed", "whole serial day"},
    {SERIAL_AT, "2026-03-29.5", "time-malformed", "'excel'"},
    {SERIAL_AT, "46110.104166666664", "time-skipped", "does not exist"},
    {TEAM, "甲\xee\x80\x80", "private-use", "character 2 of"},
    {MEMO, "\xf4\x80\x80\x80", "private-use", "private_use: allow"},
};

Test(convert, refused_cells)
{
    fixture f;
    jh_cell cells[COLUMNS];

    fixture_init(&f);
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        const struct refused *c = &refused[i];
        jh_reject why = {0};
        cr_assert_not(convert(&f, c->column, c->text, strlen(c->text), cells, &why), "'%s'", c->text);
        cr_assert_str_eq(why.reason, c->reason);
        cr_assert_not_null(strstr(why.message, c->in_message), "'%s': %s", c->text, why.message);
        cr_assert(why.line == 7 && why.column == c->column + 2, "%u:%u", why.line, why.column);
        cr_assert(why.found_len == strlen(c->text) && memcmp(why.found, c->text, why.found_len) == 0);
    }
    fixture_deinit(&f);
}

Test(convert, values_that_carry_their_own_notation)
{
    fixture f;
    jh_cell cells[COLUMNS];
    jh_field fields[COLUMNS + 2];
    jh_record record = {.fields = fields, .count = COLUMNS + 2};
    jh_reject why = {0};

    fixture_init(&f);
    for (uint32_t i = 0; i < COLUMNS + 2; i++)
        fields[i] = (jh_field){.line = 7, .column = 1, .path = "x.y"};
    fields[0].text = fields[1].text = "1", fields[0].len = fields[1].len = 1;
    fields[AMOUNT + 1].text = "1234.5", fields[AMOUNT + 1].len = 6, fields[AMOUNT + 1].plain = true;
    fields[OWED + 1].text = "-12", fields[OWED + 1].len = 3, fields[OWED + 1].plain = true;
    cr_assert(jh_convert_row(&f.converter, &f.binding, &record, cells, &why), "%s", why.message);
    cr_assert_eq(cells[AMOUNT].number, 123450, "a JSON number has a point, whatever texts in the column have");
    cr_assert_eq(cells[OWED].number, -12);
    cr_assert(!cells[TEAM].present && !cells[DAY].present, "what a record does not have is absent");
    fields[AMOUNT + 1].text = "1.5e3", fields[AMOUNT + 1].len = 5;
    cr_assert_not(jh_convert_row(&f.converter, &f.binding, &record, cells, &why));
    cr_assert_str_eq(why.reason, "money-malformed");
    cr_assert_str_eq(why.path, "x.y");
    fields[AMOUNT + 1].text = fields[1].text = NULL;
    cr_assert_not(jh_convert_row(&f.converter, &f.binding, &record, cells, &why));
    cr_assert_str_eq(why.reason, "id-missing");
    f.config.private_use = true;
    cr_assert(convert(&f, TEAM, "\xee\x80\x80", 3, cells, &why));
    fixture_deinit(&f);
}

static const struct length {
    size_t column;
    size_t most;
    const char *reason;
} lengths[] = {
    {TEAM, JH_CATEGORY_MAX, "category-too-long"},
    {MEMO, JH_INGEST_TEXT_MAX, "text-too-long"},
    {0, JH_ID_MAX - 4, "id-too-long"}, /* "SAP|" stands before it */
};

Test(convert, lengths)
{
    fixture f;
    jh_cell cells[COLUMNS];
    static char text[JH_INGEST_TEXT_MAX + 2];

    fixture_init(&f);
    memset(text, 'x', sizeof text);
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        jh_reject why = {0};
        cr_assert(convert(&f, lengths[i].column, text, lengths[i].most, cells, &why), "%s", why.message);
        cr_assert_not(convert(&f, lengths[i].column, text, lengths[i].most + 1, cells, &why));
        cr_assert_str_eq(why.reason, lengths[i].reason);
    }
    fixture_deinit(&f);
}

Test(convert, ids)
{
    fixture f;
    jh_cell cells[COLUMNS];
    jh_reject why = {0};

    fixture_init(&f);
    cr_assert(convert(&f, 0, "20|6", 4, cells, &why));
    cr_assert(cells[0].len == 8 && memcmp(cells[0].text, "SAP|20|6", 8) == 0, "%.*s", (int)cells[0].len, cells[0].text);
    cr_assert_not(convert(&f, 0, "NA", 2, cells, &why));
    cr_assert_str_eq(why.reason, "id-missing");
    cr_assert_eq(why.column, 2);
    cr_assert_not(convert(&f, 0, "a\tb", 3, cells, &why));
    cr_assert_str_eq(why.reason, "id-control");
    fixture_deinit(&f);
}

/* Binds the header `text`; returns the message, "" when it was accepted. */
static const char *bind_message(fixture *f, const char *text, size_t *ignored)
{
    static jihe_error err;
    jh_csv *csv;
    jh_record header;
    jh_binding binding;
    jihe_status st;

    err = (jihe_error){0};
    cr_assert_eq(jh_csv_open(&csv, scratch_text(&f->dir, "h", text), &comma, NULL), JIHE_OK);
    cr_assert_eq(jh_csv_next(csv, &header, NULL), JIHE_OK);
    st = jh_binding_init(&binding, &f->config.schema, "h.csv", &header, &err);
    *ignored = binding.ignored;
    jh_binding_deinit(&binding);
    jh_csv_close(csv);
    cr_assert(st == JIHE_OK || st == JIHE_DATA);
    cr_assert(st == JIHE_OK || (err.line == 1 && strcmp(err.source, "h.csv") == 0));
    return err.message;
}

Test(convert, headers)
{
    fixture f;
    size_t ignored;
    const char *message;

    fixture_init(&f);
    message =
        bind_message(&f, "done,x,memo,at_zone,x,at,stamp,day,\"lines\",rounded,amount,team,系统,编号,"
                              "wide,wide_day,owed,serial,serial_at,\n", &ignored);
    cr_assert_str_empty(message, "%s", message);
    cr_assert_eq(ignored, 3, "two x and the empty one");
    message = bind_message(&f, "系统,编号 ,team,Amount,rounded,day,stamp,at,at_zone,memo,done,wide,wide_day,owed,"
                               "serial,serial_at", &ignored);
    cr_assert_not_null(strstr(message, "'编号' (nearest: '编号 ')"), "%s", message);
    cr_assert_not_null(strstr(message, "'amount' (nearest: 'Amount')"), "%s", message);
    cr_assert_not_null(strstr(message, "'lines'"), "%s", message);
    message = bind_message(&f, "系统,编号,team,team,amount,rounded,lines,day,stamp,at,at_zone,memo,done,wide,wide_day,owed,"
                               "serial,serial_at", &ignored);
    cr_assert_not_null(strstr(message, "'team' twice"), "%s", message);
    message = bind_message(&f, "系统;编号;team;amount\n", &ignored);
    cr_assert_not_null(strstr(message, "delimiter"), "%s", message);
    message = bind_message(&f, "系统,a\"b\n", &ignored);
    cr_assert_not_null(strstr(message, "the header row has a quote inside"), "%s", message);
    fixture_deinit(&f);
}
