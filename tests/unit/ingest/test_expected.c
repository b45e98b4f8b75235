/* What the sender says an extract holds: how it is read, and that it must agree to the last minor unit. */
#include "ingest/expected.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/money.h"
#include "base/pcg.h"
#include "scratch.h"

static const char *const source[] = {"x"};
static const jh_column columns[] = {
    {.name = "doc_id", .type = JH_ID, .sources = source, .source_count = 1},
    {.name = "amount", .type = JH_MONEY, .sources = source, .source_count = 1, .money = {.scale = 2}},
    {.name = "税额", .type = JH_MONEY, .sources = source, .source_count = 1, .money = {.scale = 0}},
    {.name = "team", .type = JH_CATEGORY, .sources = source, .source_count = 1},
};
static const jh_schema schema = {.columns = columns, .count = 4, .id = 0, .business_date = SIZE_MAX};

static jihe_status total(jh_expected *expected, const char *column, const char *amount, jihe_error *err)
{
    return jh_expected_total(expected, &schema, column, strlen(column), amount, strlen(amount), err);
}

Test(expected, amounts_are_exact)
{
    static const struct {
        const char *column, *amount;
        int64_t minor;
    } good[] = {{"amount", "1234.5", 123450},
                {"amount", "-0.05", -5},
                {"amount", "1.500", 150},
                {"税额", "7", 7},
                {"amount", "92233720368547758.07", INT64_MAX}};
    static const struct {
        const char *column, *amount, *says;
    } bad[] = {{"amount", "1.005", "finer than"},       {"税额", "0.1", "finer than"},
               {"amount", "1,234", "is not an amount"}, {"amount", "", "is not an amount"},
               {"amount", "1e3", "is not an amount"},   {"team", "1", "has type category"},
               {"sum", "1", "has no column 'sum'"},     {"amount", " 1", "is not an amount"}};

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        jh_expected expected = {0};

        cr_assert(!jh_expected_any(&expected));
        cr_assert_eq(total(&expected, good[i].column, good[i].amount, NULL), JIHE_OK, "%s", good[i].amount);
        cr_assert(expected.total_count == 1 && expected.totals[0].minor == good[i].minor && jh_expected_any(&expected),
                  "%s", good[i].amount);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        jh_expected expected = {0};
        jihe_error err = {0};

        cr_assert_eq(total(&expected, bad[i].column, bad[i].amount, &err), JIHE_USAGE, "%s", bad[i].amount);
        cr_assert_not_null(strstr(err.message, bad[i].says), "%s", err.message);
        cr_assert(!jh_expected_any(&expected));
    }
}

Test(expected, control_files)
{
    static const struct {
        const char *text;
        uint32_t line; /* of the error; 0: none, UINT32_MAX: of the whole file */
    } files[] = {
        {"rows=3\ntotal.amount=10.50\ntotal.税额=-4\n", 0},
        {"\xEF\xBB\xBFkey,value\r\nrows,3\r\n\r\n# from the ledger\r\ntotal.amount,\"10.50\"\r\n \"total.税额\" , -4 ",
         0},
        {"total.税额=-4\nrows = 3\ntotal.amount = 10.5", 0},
        {"", UINT32_MAX},
        {"# nothing\n\n", UINT32_MAX},
        {"rows=3\nrows=3\n", 2},
        {"rows=3\nkey,value\n", 2},
        {"rows=three\n", 1},
        {"rows=-3\n", 1},
        {"\n\ntotal.=1\n", 3},
        {"total.team=1\n", 1},
        {"total.amount=1\ntotal.amount=1\n", 2},
        {"row=3\n", 1},
        {"rows 3\n", 1},
        {"rows=3\n\xff\n", UINT32_MAX},
    };
    const scratch dir = scratch_new();

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        const char *path = scratch_text(&dir, "control", files[i].text);
        jh_expected expected = {0};
        jihe_error err = {0};
        const jihe_status st = jh_expected_read(&expected, &schema, path, &err);

        cr_assert_eq(st, files[i].line == 0 ? JIHE_OK : JIHE_DATA, "file %zu: %s", i, err.message);
        cr_assert_eq(err.line, files[i].line == UINT32_MAX ? 0 : files[i].line, "file %zu: %s", i, err.message);
        if (st == JIHE_OK)
            cr_assert(expected.has_rows && expected.rows == 3 && expected.total_count == 2 &&
                          expected.totals[expected.totals[0].column == 1 ? 0 : 1].minor == 1050 &&
                          expected.totals[expected.totals[0].column == 1 ? 1 : 0].minor == -4,
                      "file %zu", i);
    }
    scratch_remove(&dir);
}

/* Whatever bytes: an answer, and never a figure that was not said. */
Test(expected, hostile_control_files)
{
    static const char alphabet[] = "rows=total.amount,\"\n\r #0123456789-\xEF\xBB\xBF";
    const scratch dir = scratch_new();
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, 7, 7);
    for (int round = 0; round < 300; round++) {
        char text[64];
        const size_t len = jh_pcg64_below(&rng, sizeof text);
        jh_expected expected = {0};

        for (size_t i = 0; i < len; i++)
            text[i] = alphabet[jh_pcg64_below(&rng, sizeof alphabet)];
        const jihe_status st = jh_expected_read(&expected, &schema, scratch_file(&dir, "control", text, len), NULL);

        cr_assert(st == JIHE_DATA || (st == JIHE_OK && jh_expected_any(&expected)));
    }
    scratch_remove(&dir);
}
