/* Makes documents up, as CSV: as many as asked for, the same bytes for the same options on any machine.
 * usage: gen_docs --rows N [--seed S] [--date D | --from D --days N] [--out FILE] */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/days.h"
#include "base/num.h"
#include "base/pcg.h"
#include "base/text.h"
#include "draws.h"

enum {
    PAYEES = 200000,
    PERSONS = 2000,
    ORGS = 300,
    ACCOUNTS = 600,
    MAX_ROWS = 100000000,
    MAX_DAYS = 3660,
    ROW_ROOM = 1024, /* no row is longer */
    PHRASES = 32
};

static const struct family {
    const char *type;   /* of the document; with one of the endings */
    const char *prefix; /* of its id: ids have 16 to 24 characters */
} families[8] = {
    {"LOAN", "L"},  {"KYC", "KYC"},   {"TAX", "TAX"},      {"FEE", "FEE"},
    {"WIRE", "WR"}, {"CLM", "CLAIM"}, {"CARD", "CARDPAY"}, {"ACCT", "ACCT"},
};
static const char *const endings[5] = {"-STD", "-EXT", "-ADJ", "-REV", "-URG"};

/* A person's team follows from the person: 40, 30, 20 and 10 in a hundred. */
static const char *const teams[10] = {"费用", "费用", "费用", "费用", "应付", "应付", "应付", "总账", "总账", "资金"};

/* Documents in a thousand that are worked on in each hour of the day. */
static const uint16_t hours[24] = {1,  1,  1,   1,   1,  2,  6,  25, 95, 120, 125, 100,
                                   45, 90, 115, 105, 80, 45, 20, 10, 6,  3,   2,   1};

/* Up to 8 characters each. */
static const char *const phrases[PHRASES] = {
    "支付", "货款",   "差旅费",   "报销",     "办公用品", "租金",   "发票号 ",  "合同",
    "退款", "预付款", "咨询费",   "培训费",   "物流",     "服务费", "设备采购", "结算单",
    "调整", "补记",   "上海分部", "北京项目", "第三季度", "供应商", "INV ",     "PO-8812 ",
    "ref ", "SAP ",   "2025 ",    "Q4 ",      "tax 6% ",  "wire ",  "no. 17 ",  "urgent ",
};

struct options {
    uint64_t rows, seed, days;
    int32_t first;   /* day */
    const char *out; /* NULL: standard output */
};

struct generator {
    jh_pcg64 rng;
    zipf payees;
    amounts amounts;
    struct {
        uint8_t bytes, chars;
    } phrase[PHRASES];
    char day[16]; /* of the row being made, YYYY-MM-DD */
    FILE *out;
    char *text; /* rows not yet written */
    size_t len;
};

enum { TEXT_ROOM = 1 << 20 };

static void put(struct generator *g, const char *text, size_t len)
{
    memcpy(g->text + g->len, text, len);
    g->len += len;
}

static void puts_cell(struct generator *g, const char *text)
{
    put(g, text, strlen(text));
    g->text[g->len++] = ',';
}

/* At least `width` digits, zeros in front. */
static void put_number(struct generator *g, uint64_t number, int width)
{
    char digits[20];
    int at = 20;

    for (; number != 0 || width > 0; number /= 10, width--)
        digits[--at] = (char)('0' + number % 10);
    put(g, digits + at, (size_t)(20 - at));
}

static uint32_t below(struct generator *g, uint32_t bound)
{
    return (uint32_t)jh_pcg64_below(&g->rng, bound);
}

/* Low numbers more often than high ones. */
static uint32_t uneven(struct generator *g, uint32_t bound)
{
    const uint32_t a = below(g, bound), b = below(g, bound);

    return a < b ? a : b;
}

static void put_clock(struct generator *g)
{
    uint32_t drawn = below(g, 1000), hour = 0;

    while (drawn >= hours[hour])
        drawn -= hours[hour++];
    put_number(g, hour, 2);
    g->text[g->len++] = ':';
    put_number(g, below(g, 60), 2);
    g->text[g->len++] = ':';
    put_number(g, below(g, 60), 2);
    g->text[g->len++] = ',';
}

/* PREFIX-YYMMDD-NUMBER, from the day's YYYY-MM-DD. */
static void put_id(struct generator *g, const struct family *family, uint64_t number)
{
    put(g, family->prefix, strlen(family->prefix));
    g->text[g->len++] = '-';
    put(g, g->day + 2, 2);
    put(g, g->day + 5, 2);
    put(g, g->day + 8, 2);
    g->text[g->len++] = '-';
    put_number(g, number, 7);
    g->text[g->len++] = ',';
}

static void put_coded(struct generator *g, const char *prefix, uint64_t number, int width)
{
    put(g, prefix, strlen(prefix));
    put_number(g, number, width);
    g->text[g->len++] = ',';
}

/* One in ten amounts is a round one. */
static void put_amount(struct generator *g)
{
    uint64_t minor = (uint64_t)amounts_draw(&g->amounts, &g->rng);

    if (below(g, 10) == 0 && minor >= 10000)
        minor -= minor % 10000;
    put_number(g, minor / 100, 1);
    g->text[g->len++] = '.';
    put_number(g, minor % 100, 2);
    g->text[g->len++] = ',';
}

/* 30 to 60 characters; one in sixteen has to be quoted. */
static void put_summary(struct generator *g)
{
    const uint32_t want = 30 + below(g, 19);
    const bool quoted = below(g, 16) == 0;
    uint64_t bits = 0;
    uint32_t chars = 0;

    if (quoted)
        g->text[g->len++] = '"';
    for (int pick = 0; chars < want; pick++) {
        bits = pick % 12 == 0 ? jh_pcg64_next(&g->rng) : bits >> 5;
        const size_t chosen = bits % PHRASES;
        put(g, phrases[chosen], g->phrase[chosen].bytes);
        chars += g->phrase[chosen].chars;
    }
    if (quoted)
        put(g, ", \"\"急\"\"\"", strlen(", \"\"急\"\"\""));
    g->text[g->len++] = '\n';
}

/* Persons' codes are spread out: EMP001001, EMP001038, ... */
static void put_person(struct generator *g, uint32_t person)
{
    put_coded(g, "EMP", 1001 + UINT64_C(37) * person, 6);
}

static void put_status(struct generator *g)
{
    const uint32_t drawn = below(g, 100);

    puts_cell(g, drawn < 92 ? "posted" : drawn < 97 ? "pending" : drawn < 99 ? "reversed" : "rejected");
}

static void put_row(struct generator *g, uint64_t number)
{
    const struct family *family = &families[below(g, 8)];
    const uint32_t preparer = uneven(g, PERSONS);

    put_id(g, family, number);
    puts_cell(g, g->day);
    put(g, g->day, strlen(g->day));
    g->text[g->len++] = 'T';
    put_clock(g);
    puts_cell(g, teams[preparer % 10]);
    put(g, family->type, strlen(family->type));
    puts_cell(g, endings[below(g, 5)]);
    put_coded(g, "", 400000 + UINT64_C(7) * uneven(g, ACCOUNTS), 6);
    put_coded(g, "ORG", uneven(g, ORGS), 3);
    put_person(g, preparer);
    if (below(g, 256) == 0)
        g->text[g->len++] = ','; /* nobody has reviewed it yet */
    else
        put_person(g, below(g, PERSONS));
    /* 7919 has no factor in common with PAYEES: the busiest payees are not the lowest numbers. */
    put_coded(g, "VENDOR", UINT64_C(7919) * zipf_draw(&g->payees, &g->rng) % PAYEES, 6);
    put_amount(g);
    puts_cell(g, "CNY");
    put_status(g);
    put_summary(g);
}

static bool flush(struct generator *g)
{
    const bool whole = fwrite(g->text, 1, g->len, g->out) == g->len;

    g->len = 0;
    return whole;
}

/* False: an output error, errno says which. */
static bool generate(struct generator *g, const struct options *options)
{
    int32_t last = 0;

    puts_cell(g, "doc_id,business_date,processed_at,team,doc_type,account,org,preparer,reviewer,payee,amount,currency");
    put(g, "status,summary\n", strlen("status,summary\n"));
    for (uint64_t row = 0; row < options->rows; row++) {
        const int32_t day = options->first + (int32_t)(row * options->days / options->rows);
        if (row == 0 || day != last)
            jh_days_text(day, g->day);
        last = day;
        put_row(g, row + 1);
        if (g->len > TEXT_ROOM - ROW_ROOM && !flush(g))
            return false;
    }
    return flush(g) && fflush(g->out) == 0;
}

static int usage(const char *what, const char *value)
{
    fprintf(stderr,
            "gen_docs: %s '%s'\nusage: gen_docs --rows N [--seed S] [--date D | --from D --days N] [--out FILE]\n",
            what, value);
    return 64;
}

static bool read_option(struct options *options, const char *name, const char *value)
{
    const size_t len = strlen(value);

    if (strcmp(name, "--rows") == 0)
        return jh_num_u64(value, len, &options->rows) && options->rows >= 1 && options->rows <= MAX_ROWS;
    if (strcmp(name, "--seed") == 0)
        return jh_num_u64(value, len, &options->seed);
    if (strcmp(name, "--days") == 0)
        return jh_num_u64(value, len, &options->days) && options->days >= 1 && options->days <= MAX_DAYS;
    if (strcmp(name, "--date") == 0 || strcmp(name, "--from") == 0)
        return jh_days_parse(value, len, &options->first);
    options->out = value;
    return strcmp(name, "--out") == 0;
}

static bool generator_init(struct generator *g, const struct options *options)
{
    jh_pcg64_seed(&g->rng, options->seed, 54);
    amounts_init(&g->amounts);
    for (size_t i = 0; i < PHRASES; i++) {
        g->phrase[i].bytes = (uint8_t)strlen(phrases[i]);
        g->phrase[i].chars = (uint8_t)jh_text_code_points(phrases[i], g->phrase[i].bytes);
    }
    g->text = malloc(TEXT_ROOM);
    return zipf_init(&g->payees, PAYEES) && g->text != NULL;
}

int main(int argc, char **argv)
{
    struct options options = {.seed = 1, .days = 1};
    struct generator g = {.out = stdout};
    bool done;

    if (!jh_days_parse("2026-01-05", 10, &options.first))
        return 70;
    for (int i = 1; i < argc; i += 2)
        if (i + 1 == argc || !read_option(&options, argv[i], argv[i + 1]))
            return usage("cannot use option", argv[i]);
    if (options.rows == 0)
        return usage("say how many rows with", "--rows");
    if (options.out != NULL && (g.out = fopen(options.out, "wb")) == NULL) {
        fprintf(stderr, "gen_docs: %s: %s\n", options.out, strerror(errno));
        return 73;
    }
    done = generator_init(&g, &options) && generate(&g, &options);
    done = fclose(g.out) == 0 && done;
    if (!done)
        fprintf(stderr, "gen_docs: %s\n", strerror(errno));
    free(g.text);
    zipf_deinit(&g.payees);
    return done ? 0 : 74;
}
