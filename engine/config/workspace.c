#include "config/workspace_int.h"

#include <string.h>

#include "base/num.h"
#include "base/text.h"

static jihe_status no_memory(const jh_workspace_config *config, jihe_error *err)
{
    return jh_fail(err, JIHE_NO_MEMORY, "no memory to read '%s'", config->yaml.source);
}

static jihe_status check_version(const jh_workspace_config *config, jihe_error *err)
{
    const jh_yaml *yaml = &config->yaml;
    const jh_node *version = jh_node_get(yaml->root, "workspace");

    if (version == NULL)
        return jh_node_fail(yaml, yaml->root, err, "this is not a workspace file yet: add the line workspace: 1");
    if (version->kind != JH_NODE_SCALAR || strcmp(version->text, "1") != 0)
        return jh_node_fail(yaml, version, err, "expected workspace: 1, the only version that this jihe reads");
    return JIHE_OK;
}

static jihe_status read_timezone(jh_workspace_config *config, jihe_error *err)
{
    const jh_node *node = jh_node_get(config->yaml.root, "timezone");
    jihe_error inner = {0};
    jihe_status status;

    config->timezone = "UTC";
    if ((status = jh_node_text(&config->yaml, node, &config->timezone, err)) != JIHE_OK)
        return status;
    status = jh_zone_open(&config->zone, config->timezone, &inner);
    if (status == JIHE_CONFIG && node != NULL)
        return jh_node_fail(&config->yaml, node, err, "%s", inner.message);
    if (status != JIHE_OK && err != NULL)
        *err = inner;
    return status;
}

/* Roles that one column can have. */
static jihe_status check_single_roles(const jh_workspace_config *config, const jh_schema *schema, const jh_node *node,
                                      jihe_error *err)
{
    static const struct {
        uint32_t role;
        const char *name;
    } single[] = {{JH_ROLE_BUSINESS_DATE, "business_date"}, {JH_ROLE_TYPE, "type"}, {JH_ROLE_TEAM, "team"}};

    for (size_t i = 0; i < sizeof single / sizeof single[0]; i++) {
        const size_t there = jh_schema_role(schema, single[i].role);

        if ((schema->columns[schema->count].roles & single[i].role) == 0 || there == SIZE_MAX)
            continue;
        return jh_node_fail(&config->yaml, jh_node_get(node, "role"), err,
                            "a second %s; '%s' in line %u has the role already", single[i].name,
                            schema->columns[there].name, schema->columns[there].line);
    }
    return JIHE_OK;
}

/* What one column may not repeat of those before it. */
static jihe_status place_column(const jh_workspace_config *config, jh_schema *schema, const jh_node *node,
                                jihe_error *err)
{
    const jh_column *column = &schema->columns[schema->count], *other;
    const size_t same = jh_schema_find(schema, column->name, strlen(column->name));
    jihe_status status;

    if (same != SIZE_MAX)
        return jh_node_fail(&config->yaml, jh_node_get(node, "name"), err,
                            "column '%s' is already declared in line %u; names are unique", column->name,
                            schema->columns[same].line);
    if (column->type == JH_ID && schema->id != SIZE_MAX) {
        other = &schema->columns[schema->id];
        return jh_node_fail(&config->yaml, jh_node_get(node, "type"), err,
                            "a second id column; '%s' in line %u is the "
                            "id already (one id may be joined from several sources)",
                            other->name, other->line);
    }
    if (column->type != JH_ID && strcmp(column->name, "doc_id") == 0)
        return jh_node_fail(&config->yaml, jh_node_get(node, "name"), err,
                            "'doc_id' heads the documents' ids in lists; only the id column can have that name");
    if ((status = check_single_roles(config, schema, node, err)) != JIHE_OK)
        return status;
    if (column->type == JH_ID)
        schema->id = schema->count;
    if ((column->roles & JH_ROLE_BUSINESS_DATE) != 0)
        schema->business_date = schema->count;
    schema->count++;
    return JIHE_OK;
}

static jihe_status read_columns(jh_workspace_config *config, jihe_error *err)
{
    jh_yaml *yaml = &config->yaml;
    const jh_node *list = jh_node_get(yaml->root, "columns");
    jh_column *columns;
    jihe_status status;

    if (list == NULL)
        return jh_node_fail(yaml, yaml->root, err, "no columns are declared; add columns: with one entry per column");
    if ((status = jh_node_expect(yaml, list, JH_NODE_LIST, err, "a list of columns")) != JIHE_OK)
        return status;
    if (list->count == 0 || list->count > JH_MAX_COLUMNS)
        return jh_node_fail(yaml, list, err, "expected 1 to %d columns; found %zu", JH_MAX_COLUMNS, list->count);
    columns = JH_NEW(&yaml->arena, jh_column, list->count);
    if (columns == NULL)
        return no_memory(config, err);
    config->schema = (jh_schema){.columns = columns, .id = SIZE_MAX, .business_date = SIZE_MAX};
    for (size_t i = 0; i < list->count; i++)
        if ((status = jh_column_declare(yaml, &list->items[i], &columns[i], err)) != JIHE_OK ||
            (status = place_column(config, &config->schema, &list->items[i], err)) != JIHE_OK)
            return status;
    for (size_t i = 0; i < list->count; i++)
        if ((status = jh_column_settle(yaml, &list->items[i], &config->schema, &columns[i], err)) != JIHE_OK)
            return status;
    if (config->schema.id == SIZE_MAX)
        return jh_node_fail(yaml, jh_node_key(yaml->root, "columns"), err,
                            "no column has type id; exactly one identifies the document");
    return JIHE_OK;
}

/* One ASCII character that cannot be part of a plain value. */
static jihe_status read_character(const jh_yaml *yaml, const jh_node *node, char *out, jihe_error *err)
{
    const char *text = NULL;
    const jihe_status status = jh_node_text(yaml, node, &text, err);
    char shown[32];

    if (status != JIHE_OK || node == NULL)
        return status;
    if (node->len == 1 && ((text[0] >= ' ' && text[0] <= '~') || text[0] == '\t') &&
        strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") == 0) {
        *out = text[0];
        return JIHE_OK;
    }
    return jh_node_fail(yaml, node, err,
                        "expected one ASCII character, not a letter or digit (a tab is \"\\t\" in double quotes); "
                        "found '%s'",
                        jh_text_quote(node->text, node->len, shown, sizeof shown));
}

static jihe_status read_encoding(const jh_yaml *yaml, const jh_node *node, jh_encoding *out, jihe_error *err)
{
    static const char *const names[] = {"auto", "utf-8", "gb18030", "gbk"};
    static const jh_encoding values[] = {JH_ENCODING_AUTO, JH_ENCODING_UTF8, JH_ENCODING_GB18030, JH_ENCODING_GB18030};
    size_t choice = 0;
    const jihe_status status = jh_node_choice(yaml, node, names, sizeof names / sizeof names[0], &choice, err);

    *out = values[choice];
    return status;
}

static jihe_status read_csv(jh_workspace_config *config, jihe_error *err)
{
    static const char *const known[] = {"encoding", "delimiter", "quote", "header", "footer", "decimal"};
    const jh_yaml *yaml = &config->yaml;
    const jh_node *csv = jh_node_get(yaml->root, "csv"), *at;
    jh_csv_dialect *dialect = &config->csv;
    jihe_status status;

    *dialect = (jh_csv_dialect){.encoding = JH_ENCODING_AUTO, .delimiter = ',', .quote = '"', .header = 1};
    if (csv == NULL)
        return JIHE_OK;
    if ((status = jh_node_known(yaml, csv, known, sizeof known / sizeof known[0], err)) != JIHE_OK ||
        (status = read_encoding(yaml, jh_node_get(csv, "encoding"), &dialect->encoding, err)) != JIHE_OK ||
        (status = read_character(yaml, jh_node_get(csv, "delimiter"), &dialect->delimiter, err)) != JIHE_OK ||
        (status = read_character(yaml, jh_node_get(csv, "quote"), &dialect->quote, err)) != JIHE_OK ||
        (status = jh_node_u32(yaml, jh_node_get(csv, "header"), 1, 1000, &dialect->header, err)) != JIHE_OK ||
        (status = jh_node_text(yaml, jh_node_get(csv, "footer"), &dialect->footer, err)) != JIHE_OK)
        return status;
    if (dialect->footer != NULL && dialect->footer[0] == '\0')
        return jh_node_fail(yaml, jh_node_get(csv, "footer"), err,
                            "the footer is empty; expected how the row begins that ends the data, like 合计");
    if (dialect->delimiter != dialect->quote)
        return JIHE_OK;
    at = jh_node_get(csv, "delimiter");
    return jh_node_fail(yaml, at != NULL ? at : jh_node_get(csv, "quote"), err,
                        "delimiter and quote are both '%c'; they must differ", dialect->quote);
}

static jihe_status read_source(jh_workspace_config *config, jihe_error *err)
{
    static const char *const known[] = {"format", "private_use"};
    static const char *const formats[] = {"auto", "csv", "ndjson", "msgpack"}; /* in the order of the values */
    static const char *const policies[] = {"refuse", "allow"};
    const jh_yaml *yaml = &config->yaml;
    const jh_node *source = jh_node_get(yaml->root, "source");
    size_t format = JH_SOURCE_AUTO, policy = 0;
    jihe_status status;

    if (source == NULL)
        return JIHE_OK;
    if ((status = jh_node_known(yaml, source, known, 2, err)) != JIHE_OK ||
        (status = jh_node_choice(yaml, jh_node_get(source, "format"), formats, 4, &format, err)) != JIHE_OK ||
        (status = jh_node_choice(yaml, jh_node_get(source, "private_use"), policies, 2, &policy, err)) != JIHE_OK)
        return status;
    config->format = (jh_source_format)format;
    config->private_use = policy == 1;
    return JIHE_OK;
}

static jihe_status read_missing(jh_workspace_config *config, jihe_error *err)
{
    static const char *const only_empty[] = {""};
    jh_yaml *yaml = &config->yaml;
    const jh_node *list = jh_node_get(yaml->root, "missing");
    const char **texts;
    jihe_status status;

    config->missing = only_empty;
    config->missing_count = 1;
    if (list == NULL)
        return JIHE_OK;
    if ((status = jh_node_expect(yaml, list, JH_NODE_LIST, err, "a list of texts, like [\"\", NA]")) != JIHE_OK)
        return status;
    texts = JH_NEW(&yaml->arena, const char *, list->count);
    if (texts == NULL)
        return no_memory(config, err);
    for (size_t i = 0; i < list->count; i++)
        if ((status = jh_node_text(yaml, &list->items[i], &texts[i], err)) != JIHE_OK)
            return status;
    config->missing = texts;
    config->missing_count = list->count;
    return JIHE_OK;
}

static jihe_status read_duplicates(jh_workspace_config *config, jihe_error *err)
{
    static const char *const names[] = {"reject", "number"};
    static const jh_duplicates values[] = {JH_DUPLICATES_REJECT, JH_DUPLICATES_NUMBER};
    size_t choice = 0;
    const jihe_status status =
        jh_node_choice(&config->yaml, jh_node_get(config->yaml.root, "duplicates"), names, 2, &choice, err);

    config->duplicates = values[choice];
    return status;
}

/* `keep: 400 days`, up to a hundred years. */
static jihe_status read_keep(jh_workspace_config *config, jihe_error *err)
{
    static const char unit[] = " days";
    const jh_node *node = jh_node_get(config->yaml.root, "keep");
    const char *text = NULL;
    const jihe_status status = jh_node_text(&config->yaml, node, &text, err);
    uint64_t days;
    char shown[32];

    if (status != JIHE_OK || node == NULL)
        return status;
    if (node->len > strlen(unit) && strcmp(text + node->len - strlen(unit), unit) == 0 &&
        jh_num_u64(text, node->len - strlen(unit), &days) && days >= 1 && days <= 36525) {
        config->keep_days = (uint32_t)days;
        return JIHE_OK;
    }
    return jh_node_fail(&config->yaml, node, err,
                        "expected how long snapshots are kept, like 400 days (1 to 36525); found '%s'",
                        jh_text_quote(node->text, node->len, shown, sizeof shown));
}

static jihe_status read_all(jh_workspace_config *config, jihe_error *err)
{
    static const char *const known[] = {"workspace", "timezone", "columns",    "source",
                                        "csv",       "missing",  "duplicates", "keep"};
    const jh_yaml *yaml = &config->yaml;
    jihe_status status;

    if ((status = jh_node_known(yaml, yaml->root, known, sizeof known / sizeof known[0], err)) != JIHE_OK ||
        (status = check_version(config, err)) != JIHE_OK || (status = read_timezone(config, err)) != JIHE_OK ||
        (status = read_columns(config, err)) != JIHE_OK || (status = read_source(config, err)) != JIHE_OK ||
        (status = read_csv(config, err)) != JIHE_OK || (status = read_missing(config, err)) != JIHE_OK ||
        (status = read_keep(config, err)) != JIHE_OK)
        return status;
    return read_duplicates(config, err);
}

jihe_status jh_workspace_config_load(jh_workspace_config *config, const char *path, jihe_error *err)
{
    jihe_status status;

    *config = (jh_workspace_config){0};
    if ((status = jh_yaml_load(&config->yaml, path, err)) != JIHE_OK)
        return status;
    if ((status = read_all(config, err)) != JIHE_OK)
        jh_workspace_config_deinit(config);
    return status;
}

void jh_workspace_config_deinit(jh_workspace_config *config)
{
    jh_zone_free(config->zone);
    jh_yaml_deinit(&config->yaml);
    *config = (jh_workspace_config){0};
}
