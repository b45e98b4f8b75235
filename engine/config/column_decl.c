#include "config/workspace_int.h"

#include <string.h>

#include "base/days.h"
#include "base/text.h"

enum { ANY = 0, MONEY = 1u << JH_MONEY, CATEGORY = 1u << JH_CATEGORY, DATE_TIME = 1u << JH_DATE | 1u << JH_TIME,
       NUMBER = 1u << JH_MONEY | 1u << JH_INTEGER };

static const struct column_key {
    const char *key;
    unsigned    types; /* bit per jh_type it makes sense for; ANY: all */
    const char *names; /* of those types, for the message */
} column_keys[] = {
    {"name", ANY, ""},         {"source", ANY, ""},         {"type", ANY, ""},         {"role", ANY, ""},
    {"source_any", ANY, ""},   {"optional", ANY, ""},       {"list", CATEGORY, "category"},
    {"minor_units", MONEY, "money"}, {"in", MONEY, "money"},
    {"format", DATE_TIME, "date or time"}, {"currency", MONEY, "money"}, {"scale", MONEY, "money"},
    {"decimal", MONEY, "money"}, {"thousands", MONEY, "money"}, {"prefix", MONEY, "money"}, {"finer", MONEY, "money"},
    {"negative", NUMBER, "money or integer"}, {"width", NUMBER | DATE_TIME, "money, integer, date or time"},
};

enum { COLUMN_KEYS = sizeof column_keys / sizeof column_keys[0] };

static jihe_status check_keys(const jh_yaml *yaml, const jh_node *node, jihe_error *err)
{
    const char *known[COLUMN_KEYS];

    for (size_t i = 0; i < COLUMN_KEYS; i++)
        known[i] = column_keys[i].key;
    return jh_node_known(yaml, node, known, COLUMN_KEYS, err);
}

static jihe_status check_keys_of_type(const jh_yaml *yaml, const jh_node *node, const jh_column *column,
                                      jihe_error *err)
{
    for (size_t i = 0; i < COLUMN_KEYS; i++) {
        const struct column_key *k = &column_keys[i];
        const jh_node *key = jh_node_key(node, k->key);

        if (key != NULL && k->types != ANY && (k->types & 1u << column->type) == 0)
            return jh_node_fail(yaml, key, err, "'%s' is only for columns of type %s; column '%s' has type %s", k->key,
                                k->names, column->name, jh_type_name(column->type));
    }
    return JIHE_OK;
}

static jihe_status read_name(const jh_yaml *yaml, const jh_node *node, jh_column *column, jihe_error *err)
{
    const jh_node *name = jh_node_get(node, "name");
    const char *fault;
    char shown[80];
    jihe_status status;

    if (name == NULL)
        return jh_node_fail(yaml, node, err, "the column has no name; add name: NAME");
    if ((status = jh_node_text(yaml, name, &column->name, err)) != JIHE_OK)
        return status;
    fault = jh_column_name_fault(name->text, name->len);
    if (fault != NULL)
        return jh_node_fail(yaml, name, err, "'%s' cannot be a column name: %s",
                            jh_text_quote(name->text, name->len, shown, sizeof shown), fault);
    return JIHE_OK;
}

static jihe_status read_type(const jh_yaml *yaml, const jh_node *node, jh_column *column, jihe_error *err)
{
    static const char *const names[] = {"id", "category", "money", "integer", "date", "time", "text", "flag"};
    const jh_node *type = jh_node_get(node, "type");
    jihe_status status;
    size_t choice = 0;

    if (type == NULL)
        return jh_node_fail(yaml, node, err, "column '%s' has no type; add type: one of id, category, money, integer, "
                            "date, time, text, flag", column->name);
    if ((status = jh_node_choice(yaml, type, names, sizeof names / sizeof names[0], &choice, err)) != JIHE_OK)
        return status;
    (void)jh_type_parse(names[choice], &column->type);
    return JIHE_OK;
}

static jihe_status read_roles(const jh_yaml *yaml, const jh_node *node, jh_column *column, jihe_error *err)
{
    static const struct {
        uint32_t bit;
        jh_type  type;
    } roles[] = {{JH_ROLE_BUSINESS_DATE, JH_DATE},
                 {JH_ROLE_PERSON, JH_CATEGORY},
                 {JH_ROLE_TYPE, JH_CATEGORY},
                 {JH_ROLE_TEAM, JH_CATEGORY},
                 {JH_ROLE_CURRENCY, JH_CATEGORY}};
    static const char *const names[] = {"business_date", "person", "type", "team", "currency"};
    size_t count;
    const jh_node *item = jh_node_several(jh_node_get(node, "role"), &count);

    for (size_t i = 0; i < count; i++) {
        size_t role = 0;
        const jihe_status status = jh_node_choice(yaml, &item[i], names, sizeof names / sizeof names[0], &role, err);
        if (status != JIHE_OK)
            return status;
        if (column->type != roles[role].type)
            return jh_node_fail(yaml, &item[i], err, "role %s is for columns of type %s; column '%s' has type %s",
                                names[role], jh_type_name(roles[role].type), column->name, jh_type_name(column->type));
        column->roles |= roles[role].bit;
    }
    return JIHE_OK;
}

/* What separates the values of a list. */
static jihe_status read_list(const jh_yaml *yaml, const jh_node *node, jh_column *column, jihe_error *err)
{
    const jh_node *list = jh_node_get(node, "list");
    const jihe_status status = jh_node_text(yaml, list, &column->list, err);

    if (status != JIHE_OK || list == NULL)
        return status;
    if (list->len == 0 || list->len > JH_MAX_LIST_MARK)
        return jh_node_fail(yaml, list, err, "the separator has %zu bytes, expected 1 to %d, like \";\"", list->len,
                            JH_MAX_LIST_MARK);
    if (memchr(list->text, JH_LIST_MARK, list->len) != NULL)
        return jh_node_fail(yaml, list, err, "the separator holds U+001F, which separates the values as they are "
                            "stored; export the values with another one, like \";\"");
    if ((column->roles & JH_ROLE_PERSON) == 0)
        return JIHE_OK;
    return jh_node_fail(yaml, jh_node_key(node, "list"), err, "column '%s' has the role person, and a document counts "
                        "for one person only; a list cannot have that role", column->name);
}

/* Whether the format, known to be valid, has the sequence %`a` or %`b`. */
static bool format_has(const char *format, char a, char b)
{
    for (const char *at = strchr(format, '%'); at != NULL && at[1] != '\0'; at = strchr(at + 2, '%'))
        if (at[1] == a || at[1] == b)
            return true;
    return false;
}

/* The '%' and the character after it. */
static jihe_status refuse_sequence(const jh_yaml *yaml, const jh_node *format, const char *bad, jihe_error *err)
{
    size_t len = bad[1] != '\0' ? 2 : 1;
    char shown[16];

    while (((unsigned char)bad[len] & 0xc0) == 0x80)
        len++;
    return jh_node_fail(yaml, format, err, "'%s' cannot be used in a format; expected %%Y %%m %%d %%H %%M %%S %%b %%y "
                        "%%e %%f %%z %%%% and plain text", jh_text_quote(bad, len, shown, sizeof shown));
}

static jihe_status read_format(const jh_yaml *yaml, const jh_node *node, jh_column *column, jihe_error *err)
{
    const jh_node *format = jh_node_get(node, "format");
    const char *bad = NULL, *missing = NULL;
    jihe_status status;

    if (column->type != JH_DATE && column->type != JH_TIME)
        return JIHE_OK;
    column->format = column->type == JH_DATE ? "%Y-%m-%d" : "%Y-%m-%d %H:%M:%S";
    if (format == NULL)
        return JIHE_OK;
    if ((status = jh_node_text(yaml, format, &column->format, err)) != JIHE_OK)
        return status;
    if (strcmp(column->format, JH_CLOCK_EXCEL) == 0)
        return JIHE_OK;
    if (!jh_clock_format_check(column->format, &bad))
        return refuse_sequence(yaml, format, bad, err);
    if (!format_has(column->format, 'Y', 'y'))
        missing = "year (%Y or %y)";
    else if (!format_has(column->format, 'm', 'b'))
        missing = "month (%m or %b)";
    else if (!format_has(column->format, 'd', 'e'))
        missing = "day (%d or %e)";
    if (missing != NULL)
        return jh_node_fail(yaml, format, err, "the format has no %s; a %s cannot be read without it", missing,
                            jh_type_name(column->type));
    return JIHE_OK;
}

static jihe_status read_currency(const jh_yaml *yaml, const jh_node *node, jh_column *column, jihe_error *err)
{
    const jh_node *currency = jh_node_get(node, "currency");
    const jihe_status status = jh_node_text(yaml, currency, &column->currency, err);

    if (status != JIHE_OK || currency == NULL)
        return status;
    if (currency->len != 3 || strspn(currency->text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3)
        return jh_node_fail(yaml, currency, err, "expected a currency code of three capital letters, like CNY");
    return JIHE_OK;
}

/* Marks and prefix stand inside amounts: what could be a part of the number itself is refused. */
static jihe_status read_mark(const jh_yaml *yaml, const jh_node *node, const char *key, const char **out,
                             jihe_error *err)
{
    const jh_node *mark = jh_node_get(node, key);
    const jihe_status status = jh_node_text(yaml, mark, out, err);

    if (status != JIHE_OK || mark == NULL)
        return status;
    if (strpbrk(mark->text, "0123456789-") != NULL)
        return jh_node_fail(yaml, mark, err, "'%s' may not contain a digit or '-'", key);
    return JIHE_OK;
}

static jihe_status check_marks(const jh_yaml *yaml, const jh_node *node, const jh_money_format *money, jihe_error *err)
{
    const jh_node *at = jh_node_get(node, "decimal");
    const size_t decimal = strlen(money->decimal), thousands = strlen(money->thousands);

    if (at != NULL && decimal == 0)
        return jh_node_fail(yaml, at, err, "the decimal mark is empty; write \".\" or leave the key out");
    if (thousands == 0 || strncmp(money->decimal, money->thousands, decimal < thousands ? decimal : thousands) != 0)
        return JIHE_OK;
    if (jh_node_get(node, "thousands") != NULL)
        at = jh_node_get(node, "thousands");
    return jh_node_fail(yaml, at, err, "decimal mark '%s' and thousands mark '%s' must differ, and neither may begin "
                        "with the other", money->decimal, money->thousands);
}

/* [parentheses, trailing, sign]: all the ways that occur; default: sign. */
static jihe_status read_negative(const jh_yaml *yaml, const jh_node *node, jh_column *column, jihe_error *err)
{
    static const char *const names[] = {"parentheses", "trailing", "sign"};
    static const uint32_t bits[] = {JH_NEGATIVE_PARENTHESES, JH_NEGATIVE_TRAILING, 0};
    const jh_node *negative = jh_node_get(node, "negative");
    uint32_t found = JH_NEGATIVE_NO_SIGN;
    size_t count;
    const jh_node *item = jh_node_several(negative, &count);

    if (negative == NULL)
        return JIHE_OK;
    if (count == 0)
        return jh_node_fail(yaml, negative, err, "expected one or more of: parentheses, trailing, sign");
    for (size_t i = 0; i < count; i++) {
        size_t choice = 0;
        const jihe_status status = jh_node_choice(yaml, &item[i], names, 3, &choice, err);
        if (status != JIHE_OK)
            return status;
        if (choice == 2)
            found &= ~(uint32_t)JH_NEGATIVE_NO_SIGN;
        found |= bits[choice];
    }
    column->money.negative = found;
    return JIHE_OK;
}

/* The full-width forms of ASCII, U+FF01..FF5E. */
static bool has_full_width(const char *text)
{
    for (const unsigned char *s = (const unsigned char *)text; *s != '\0'; s++)
        if (s[0] == 0xef && ((s[1] == 0xbc && s[2] != 0x80) || (s[1] == 0xbd && s[2] <= 0x9e)))
            return true;
    return false;
}

/* Under `width: full` cells are made plain before they are read, so the declaration has to be plain too. */
static jihe_status read_width(const jh_yaml *yaml, const jh_node *node, jh_column *column, jihe_error *err)
{
    static const char *const keys[] = {"decimal", "thousands", "prefix", "format"};
    static const char *const names[] = {"half", "full"};
    size_t choice = 0;
    const jihe_status status = jh_node_choice(yaml, jh_node_get(node, "width"), names, 2, &choice, err);

    column->full_width = choice == 1;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0] && status == JIHE_OK && column->full_width; i++) {
        const jh_node *mark = jh_node_get(node, keys[i]);
        if (mark != NULL && has_full_width(mark->text))
            return jh_node_fail(yaml, mark, err, "'%s' has a full-width character; with `width: full` write the plain "
                                "one, which stands for both", keys[i]);
    }
    return status;
}

/* `csv: {decimal: ","}`: the mark of all columns that declare none. */
static jihe_status read_common_decimal(const jh_yaml *yaml, jh_money_format *money, jihe_error *err)
{
    const jh_node *csv = jh_node_get(yaml->root, "csv");
    const jihe_status status = read_mark(yaml, csv, "decimal", &money->decimal, err);

    if (status == JIHE_OK && money->decimal[0] == '\0')
        return jh_node_fail(yaml, jh_node_get(csv, "decimal"), err,
                            "the decimal mark is empty; write \".\" or leave the key out");
    return status;
}

static jihe_status read_money(const jh_yaml *yaml, const jh_node *node, jh_column *column, jihe_error *err)
{
    static const char *const finer[] = {"reject", "round"}, *const units[] = {"major", "minor"};
    jh_money_format *money = &column->money;
    jihe_status status;
    size_t choice = 0, unit = 0;

    *money = (jh_money_format){.scale = 2, .prefix = "", .thousands = "", .decimal = "."};
    if ((status = read_negative(yaml, node, column, err)) != JIHE_OK || column->type != JH_MONEY)
        return status;
    if ((status = read_common_decimal(yaml, money, err)) != JIHE_OK ||
        (status = read_currency(yaml, node, column, err)) != JIHE_OK ||
        (status = jh_node_u32(yaml, jh_node_get(node, "scale"), 0, 6, &money->scale, err)) != JIHE_OK ||
        (status = read_mark(yaml, node, "decimal", &money->decimal, err)) != JIHE_OK ||
        (status = read_mark(yaml, node, "thousands", &money->thousands, err)) != JIHE_OK ||
        (status = read_mark(yaml, node, "prefix", &money->prefix, err)) != JIHE_OK ||
        (status = jh_node_choice(yaml, jh_node_get(node, "finer"), finer, 2, &choice, err)) != JIHE_OK ||
        (status = jh_node_choice(yaml, jh_node_get(node, "in"), units, 2, &unit, err)) != JIHE_OK)
        return status;
    money->round_finer = choice == 1;
    column->in_minor = unit == 1;
    return check_marks(yaml, node, money, err);
}

jihe_status jh_column_declare(jh_yaml *yaml, const jh_node *node, jh_column *out, jihe_error *err)
{
    jihe_status status;

    *out = (jh_column){.format = "", .currency = "", .line = node->line, .column = node->column};
    if ((status = check_keys(yaml, node, err)) != JIHE_OK || (status = read_name(yaml, node, out, err)) != JIHE_OK ||
        (status = read_type(yaml, node, out, err)) != JIHE_OK ||
        (status = check_keys_of_type(yaml, node, out, err)) != JIHE_OK ||
        (status = read_roles(yaml, node, out, err)) != JIHE_OK ||
        (status = jh_column_sources(yaml, node, out, err)) != JIHE_OK ||
        (status = read_list(yaml, node, out, err)) != JIHE_OK ||
        (status = read_format(yaml, node, out, err)) != JIHE_OK)
        return status;
    if ((status = read_money(yaml, node, out, err)) != JIHE_OK)
        return status;
    return read_width(yaml, node, out, err);
}
