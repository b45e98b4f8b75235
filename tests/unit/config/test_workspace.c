#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/workspace.h"
#include "marked.h"

/* Reads `text` as a jihe.yaml. The file is gone again when this returns. */
static jihe_status load(jh_workspace_config *config, const char *text, jihe_error *err)
{
    char path[] = "/tmp/jihe-workspace-XXXXXX";
    const int fd = mkstemp(path);
    jihe_status status;

    cr_assert(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
    status = jh_workspace_config_load(config, path, err);
    unlink(path);
    return status;
}

static const jh_column *column(const jh_workspace_config *config, const char *name)
{
    const size_t i = jh_schema_find(&config->schema, name, strlen(name));

    cr_assert(i != SIZE_MAX, "%s", name);
    return &config->schema.columns[i];
}

Test(workspace, template_is_accepted)
{
    static const char *const names[] = {"doc_id",  "business_date", "processed_at", "amount",   "doc_type", "team",
                                        "account", "payee",         "preparer",     "reviewer", "status",   "summary"};
    jh_workspace_config config;
    jihe_error err = {0};
    const jh_column *c;

    cr_assert_eq(load(&config, jh_workspace_config_template(), &err), JIHE_OK, "%u:%u %s", err.line, err.column,
                 err.message);
    cr_assert_eq(config.schema.count, sizeof names / sizeof names[0]);
    for (size_t i = 0; i < config.schema.count; i++)
        cr_assert_str_eq(config.schema.columns[i].name, names[i]);
    c = column(&config, "amount");
    cr_assert(c->type == JH_MONEY && c->money.scale == 2 && c->money.round_finer == 0);
    cr_assert_str_eq(c->money.prefix, "¥");
    cr_assert_str_eq(c->money.thousands, ",");
    cr_assert_str_eq(c->money.decimal, ".");
    cr_assert_str_eq(c->currency, "CNY");
    cr_assert_str_eq(c->sources[0], "金额");
    cr_assert_eq(column(&config, "preparer")->roles, JH_ROLE_PERSON);
    cr_assert_str_eq(column(&config, "processed_at")->format, "%Y-%m-%d %H:%M:%S");
    cr_assert(config.schema.id == 0 && config.schema.business_date == 1);
    cr_assert_str_eq(config.timezone, "Asia/Shanghai");
    cr_assert_not_null(config.zone);
    cr_assert(config.missing_count == 2 && strcmp(config.missing[1], "NA") == 0);
    jh_workspace_config_deinit(&config);
    jh_workspace_config_deinit(&config);
}

Test(workspace, defaults)
{
    jh_workspace_config config;
    jihe_error err = {0};
    const jh_column *c;

    cr_assert_eq(load(&config,
                      "workspace: 1\ncolumns:\n- {name: 编号2, type: id}\n- {name: d, type: date}\n"
                      "- {name: t, type: time}\n- {name: _m, type: money}\n- {name: f, type: flag}\n",
                      &err),
                 JIHE_OK, "%u:%u %s", err.line, err.column, err.message);
    cr_assert_str_eq(config.timezone, "UTC");
    cr_assert(config.csv.encoding == JH_ENCODING_AUTO && config.csv.delimiter == ',' && config.csv.quote == '"' &&
              config.csv.header == 1);
    cr_assert(config.missing_count == 1 && config.missing[0][0] == '\0');
    cr_assert_eq(config.duplicates, JH_DUPLICATES_REJECT);
    cr_assert_eq(config.keep_days, 0);
    cr_assert_eq(config.schema.business_date, SIZE_MAX);
    c = column(&config, "编号2");
    cr_assert(c->source_count == 1 && strcmp(c->sources[0], "编号2") == 0 && c->line == 3 && c->column == 3);
    cr_assert_str_eq(column(&config, "d")->format, "%Y-%m-%d");
    cr_assert_str_eq(column(&config, "t")->format, "%Y-%m-%d %H:%M:%S");
    c = column(&config, "_m");
    cr_assert(c->money.scale == 2 && c->money.round_finer == 0 && c->roles == 0);
    cr_assert_str_eq(c->money.decimal, ".");
    cr_assert_str_eq(c->money.thousands, "");
    cr_assert_str_eq(c->money.prefix, "");
    cr_assert_str_eq(c->currency, "");
    cr_assert_str_eq(column(&config, "f")->format, "");
    jh_workspace_config_deinit(&config);
}

Test(workspace, everything_else_that_can_be_said)
{
    jh_workspace_config config;
    jihe_error err = {0};
    const jh_column *c;

    cr_assert_eq(load(&config,
                      "workspace: 1\ntimezone: America/New_York\nmissing: []\nduplicates: number\nkeep: 400 days\n"
                      "csv: {encoding: gbk, delimiter: \"\\t\", quote: \"'\", header: 3, footer: 合计, decimal: ';'}\n"
                      "source: {format: msgpack, private_use: allow}\n"
                      "columns:\n- {name: id, type: id, source: [公司, 年度, 凭证号]}\n"
                      "- {name: a, source: x, type: money, scale: 0, decimal: ',', thousands: '.', prefix: R$,\n"
                      "   finer: round}\n"
                      "- {name: b, source: x, type: date, format: '%d.%m.%y', role: [business_date]}\n"
                      "- {name: c, type: date, format: '%Y-%m-%dT%H:%M:%S%f%z'}\n"
                      "- {name: Date, type: category, role: [person]}\n- {name: ints, type: integer}\n"
                      "- {name: d, type: money, negative: [parentheses, trailing], width: full}\n"
                      "- {name: e, type: integer, negative: [sign, parentheses]}\n"
                      "- {name: g, type: time, format: excel, width: half}\n",
                      &err),
                 JIHE_OK, "%u:%u %s", err.line, err.column, err.message);
    cr_assert(config.csv.encoding == JH_ENCODING_GB18030 && config.csv.delimiter == '\t' && config.csv.quote == '\'' &&
              config.csv.header == 3);
    cr_assert_str_eq(config.csv.footer, "合计");
    cr_assert(config.format == JH_SOURCE_MSGPACK && config.private_use);
    c = column(&config, "d");
    cr_assert_eq(c->money.negative, JH_NEGATIVE_PARENTHESES | JH_NEGATIVE_TRAILING | JH_NEGATIVE_NO_SIGN);
    cr_assert(c->full_width && strcmp(c->money.decimal, ";") == 0);
    cr_assert_eq(column(&config, "e")->money.negative, JH_NEGATIVE_PARENTHESES);
    cr_assert(!column(&config, "g")->full_width && strcmp(column(&config, "g")->format, "excel") == 0);
    cr_assert(config.missing_count == 0 && config.duplicates == JH_DUPLICATES_NUMBER && config.keep_days == 400);
    c = column(&config, "id");
    cr_assert(c->source_count == 3 && strcmp(c->sources[2], "凭证号") == 0);
    c = column(&config, "a");
    cr_assert(c->money.scale == 0 && c->money.round_finer == 1 && strcmp(c->money.decimal, ",") == 0);
    cr_assert_eq(config.schema.business_date, 2);
    cr_assert_eq(jh_schema_find(&config.schema, "in", 2), SIZE_MAX, "a prefix is no match");
    cr_assert_eq(jh_schema_find(&config.schema, "intsX", 4), 5);
    jh_workspace_config_deinit(&config);
}

#define HEAD "workspace: 1\n"
#define IDS HEAD "columns:\n- {name: id, type: id}\n"

static const struct wrong {
    const char *text; /* "@@" marks the place */
    const char *part;
} wrong[] = {
    {"@@", "expected keys and values; found nothing"},
    {"@@- a\n", "expected keys and values; found a list"},
    {"@@columns: []\n", "add the line workspace: 1"},
    {"workspace: @@2\n", "expected workspace: 1"},
    {HEAD "@@column: []\n", "unknown key 'column'; did you mean 'columns'?"},
    {"@@" HEAD, "no columns are declared"},
    {HEAD "columns: @@x\n", "expected a list of columns; found 'x'"},
    {HEAD "columns: @@[]\n", "expected 1 to 256 columns; found 0"},
    {HEAD "timezone: @@Asia/Shangai\n"
          "columns: [{name: id, type: id}]\n",
     "Asia/Shangai"},
    {HEAD "timezone: @@../etc/passwd\n"
          "columns: [{name: id, type: id}]\n",
     "../etc/passwd"},
    {HEAD "@@columns:\n- {name: a, type: text}\n", "no column has type id"},
    {IDS "- {name: id2, type: @@id}\n", "a second id column; 'id' in line 3"},
    {IDS "- {name: @@id, type: text}\n", "column 'id' is already declared in line 3"},
    {IDS "- @@x\n", "expected keys and values; found 'x'"},
    {IDS "- @@{type: text}\n", "the column has no name"},
    {IDS "- @@{name: a}\n", "column 'a' has no type"},
    {IDS "- {name: a, type: @@string}\n", "expected one of: id, category, money, integer, date, time, text, flag"},
    {IDS "- {name: a, type: text, @@sorce: b}\n", "unknown key 'sorce'; did you mean 'source'?"},
    {IDS "- {name: a, type: text, @@scale: 2}\n",
     "'scale' is only for columns of type money; column 'a' has type text"},
    {IDS "- {name: a, type: money, @@format: '%Y'}\n", "'format' is only for columns of type date or time"},
    {IDS "- {name: a, type: integer, @@thousands: ','}\n", "'thousands' is only for columns of type money"},
    {IDS "- {name: a, type: text, source: @@[b, c]}\n", "only a column of type id is joined"},
    {IDS "- {name: a, type: text, source: @@[]}\n", "expected 1 to 16 headers; found 0"},
    {IDS "- {name: a, type: text, source: \"@@\"}\n", "the source is empty"},
    {IDS "- {name: a, type: text, source: @@{b: c}}\n", "expected a text; found a map"},
    {IDS "- {name: @@2a, type: text}\n", "begins with a letter"},
    {IDS "- {name: \"@@\", type: text}\n", "begins with a letter"},
    {IDS "- {name: @@a-b, type: text}\n", "letters, digits and '_' only"},
    {IDS "- {name: @@a b, type: text}\n", "letters, digits and '_' only"},
    {IDS "- {name: @@a123456789a123456789a123456789a123456789a123456789a1234567890abcd, type: text}\n",
     "at most 64 bytes"},
    {IDS "- {name: @@Between, type: text}\n", "a word of the where language"},
    {IDS "- {name: @@null, type: text}\n", "a word of the where language"},
    {IDS "- {name: @@verdict, type: text}\n", "the work list"},
    {IDS "- {name: @@snapshot_date, type: date}\n", "the work list"},
    {IDS "- {name: @@doc_id, type: text}\n", "only the id column can have that name"},
    {IDS "- {name: a, type: text, role: @@person}\n",
     "role person is for columns of type category; column 'a' has type text"},
    {IDS "- {name: a, type: time, role: [@@business_date]}\n", "role business_date is for columns of type date"},
    {IDS "- {name: a, type: category, role: @@inspector}\n",
     "expected one of: business_date, person, type, team, currency; found 'inspector'"},
    {IDS "- {name: a, type: date, role: business_date}\n- {name: b, type: date, role: @@business_date}\n",
     "a second business_date; 'a' in line 4"},
    {IDS "- {name: a, type: category, role: type}\n- {name: b, type: category, role: @@type}\n",
     "a second type; 'a' in line 4"},
    {IDS "- {name: a, type: category, role: team}\n- {name: b, type: category, role: @@team}\n",
     "a second team; 'a' in line 4"},
    {IDS "- {name: a, type: text, role: @@type}\n", "role type is for columns of type category"},
    {IDS "- {name: a, type: date, format: '@@%Y-%q'}\n", "'%q' cannot be used in a format"},
    {IDS "- {name: a, type: date, format: '@@%Y年%'}\n", "'%' cannot be used"},
    {IDS "- {name: a, type: date, format: '@@%日%Y'}\n", "'%日' cannot be used"},
    {IDS "- {name: a, type: date, format: '@@%m-%d'}\n", "the format has no year"},
    {IDS "- {name: a, type: date, format: '@@%Y-%d'}\n", "the format has no month"},
    {IDS "- {name: a, type: time, format: '@@%Y-%m %H:%M'}\n", "the format has no day"},
    {IDS "- {name: a, type: date, format: '@@%Y-%m-%%d'}\n", "the format has no day"},
    {IDS "- {name: a, type: money, scale: @@7}\n", "expected a whole number from 0 to 6; found '7'"},
    {IDS "- {name: a, type: money, thousands: @@.}\n", "must differ"},
    {IDS "- {name: a, type: money, decimal: '..', thousands: @@.}\n", "neither may begin with the other"},
    {IDS "- {name: a, type: money, decimal: \"@@\"}\n", "the decimal mark is empty"},
    {IDS "- {name: a, type: money, decimal: '@@1'}\n", "'decimal' may not contain a digit or '-'"},
    {IDS "- {name: a, type: money, thousands: '@@-'}\n", "'thousands' may not contain a digit or '-'"},
    {IDS "- {name: a, type: money, currency: @@rmb}\n", "expected a currency code"},
    {IDS "- {name: a, type: money, finer: @@cut}\n", "expected one of: reject, round; found 'cut'"},
    {IDS "csv: {encoding: @@latin1}\n", "expected one of: auto, utf-8, gb18030, gbk; found 'latin1'"},
    {IDS "csv: {delimiter: '@@\\t'}\n", "a tab is \"\\t\" in double quotes"},
    {IDS "csv: {delimiter: \"@@，\"}\n", "expected one ASCII character"},
    {IDS "csv: {delimiter: \"@@\\n\"}\n", "expected one ASCII character"},
    {IDS "csv: {quote: @@x}\n", "expected one ASCII character, not a letter"},
    {IDS "csv: {delimiter: '@@\"'}\n", "delimiter and quote are both '\"'"},
    {IDS "csv: {quote: '@@,'}\n", "delimiter and quote are both ','"},
    {IDS "csv: {header: @@0}\n", "expected a whole number from 1 to 1000; found '0'"},
    {IDS "csv: {footer: \"@@\"}\n", "the footer is empty"},
    {IDS "- {name: a, type: money}\ncsv: {decimal: \"@@\"}\n", "the decimal mark is empty"},
    {IDS "- {name: a, type: money, thousands: '@@,'}\ncsv: {decimal: ','}\n", "must differ"},
    {IDS "- {name: a, type: money, negative: @@minus}\n", "expected one of: parentheses, trailing, sign"},
    {IDS "- {name: a, type: money, negative: @@[]}\n", "expected one or more of"},
    {IDS "- {name: a, type: text, @@width: full}\n",
     "'width' is only for columns of type money, integer, date or time"},
    {IDS "- {name: a, type: money, width: full, prefix: '@@￥．'}\n", "'prefix' has a full-width character"},
    {IDS "source: {format: @@xlsx}\n", "expected one of: auto, csv, ndjson, msgpack; found 'xlsx'"},
    {IDS "source: {private_use: @@true}\n", "expected one of: refuse, allow; found 'true'"},
    {IDS "@@csv:\n", "expected keys and values; found nothing"},
    {IDS "missing: @@NA\n", "expected a list of texts"},
    {IDS "duplicates: @@keep\n", "expected one of: reject, number; found 'keep'"},
    {IDS "keep: @@400\n", "like 400 days (1 to 36525); found '400'"},
    {IDS "keep: @@0 days\n", "like 400 days"},
    {IDS "keep: @@36526 days\n", "like 400 days"},
    {IDS "keep: @@-1 days\n", "like 400 days"},
    {IDS "keep: @@1.5 days\n", "like 400 days"},
    {IDS "keep: @@two days\n", "like 400 days"},
    {IDS "keep: @@[400 days]\n", "found a list"},
};

ParameterizedTestParameters(workspace, refused)
{
    static size_t row[sizeof wrong / sizeof wrong[0]];
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
        row[i] = i;
    return cr_make_param_array(size_t, row, sizeof row / sizeof row[0]);
}

ParameterizedTest(size_t *row, workspace, refused)
{
    const struct wrong *w = &wrong[*row];
    const marked m = take_mark(w->text);
    jh_workspace_config config;
    jihe_error err = {0};
    const jihe_status status = load(&config, m.text, &err);

    cr_assert_eq(status, JIHE_CONFIG, "%s", w->text);
    cr_assert_not_null(strstr(err.message, w->part), "%s gave: %s", w->text, err.message);
    cr_assert(err.line == m.line && err.column == m.column, "%s at %u:%u: %s", w->text, err.line, err.column,
              err.message);
    cr_assert_eq(strncmp(err.source, "/tmp/jihe-workspace-", 20), 0);
    cr_assert(config.zone == NULL && config.yaml.root == NULL);
}

Test(workspace, absent)
{
    jh_workspace_config config;
    jihe_error err = {0};

    cr_assert_eq(jh_workspace_config_load(&config, "/tmp/no-such-dir/jihe.yaml", &err), JIHE_NO_INPUT);
    jh_workspace_config_deinit(&config);
}

Test(workspace, types_by_name)
{
    for (int type = JH_ID; type <= JH_FLAG; type++) {
        jh_type back = 0;
        cr_assert(jh_type_parse(jh_type_name((jh_type)type), &back));
        cr_assert_eq((int)back, type);
    }
    cr_assert_not(jh_type_parse("", &(jh_type){0}));
    cr_assert_not(jh_type_parse("Money", &(jh_type){0}));
}
