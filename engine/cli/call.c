#include "cli/call.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/message.h"
#include "cli/suggest.h"

/* Digits only: no sign, no space, nothing beyond 64 bits. */
static bool read_number(const char *text, uint64_t *out)
{
    uint64_t value = 0;

    for (const char *c = text; *c != '\0'; c++) {
        const uint64_t digit = (uint64_t)(*c - '0');

        if (*c < '0' || *c > '9' || value > (UINT64_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *out = value;
    return text[0] != '\0';
}

/* --- checks --- */

/* The name in "--name=value", without what is around it. */
static void suggest_option(cli_suggest *suggest, const char *word, const cli_command *command)
{
    const char *name = word + strspn(word, "-");

    cli_suggest_begin(suggest, name, strcspn(name, "="));
    for (cli_option option = CLI_END + 1; option < CLI_OPTIONS; option++)
        if (command == NULL || cli_command_takes(command, option))
            cli_suggest_offer(suggest, cli_option_name(option));
}

jihe_status cli_args_check(const cli_args *args, const cli_command *command, jihe_error *err)
{
    cli_suggest suggest;

    if (args->unknown != NULL) {
        suggest_option(&suggest, args->unknown, command);
        return cli_fault(err, JIHE_USAGE, "unknown option '%s'%s%s%s", args->unknown,
                         suggest.best != NULL ? "; did you mean '--" : "", suggest.best != NULL ? suggest.best : "",
                         suggest.best != NULL ? "'?" : "");
    }
    if (args->problem[0] != '\0')
        return cli_fault(err, JIHE_USAGE, "%s", args->problem);
    return JIHE_OK;
}

static jihe_status check_taken(const cli_call *call, jihe_error *err)
{
    for (size_t i = 0; i < call->args->given_count; i++) {
        const cli_option option = call->args->given[i].option;

        if (!cli_command_takes(call->command, option))
            return cli_fault(err, JIHE_USAGE, "'%s' takes no option --%s", call->command->name,
                             cli_option_name(option));
    }
    return JIHE_OK;
}

static jihe_status check_operands(const cli_call *call, jihe_error *err)
{
    const cli_command *command = call->command;

    if (call->operand_count > command->operands_max)
        return cli_fault(err, JIHE_USAGE, "'%s': unexpected '%s'", command->name,
                         call->operands[command->operands_max]);
    if (call->operand_count < command->operands_min)
        return cli_fault(err, JIHE_USAGE, "usage: jihe %s %s", command->name, command->operands);
    for (size_t i = 0; i < call->operand_count; i++)
        if (call->operands[i][0] == '\0')
            return cli_fault(err, JIHE_USAGE, "'%s': an operand is empty", command->name);
    return JIHE_OK;
}

/* --- settings --- */

static jihe_status choose_format(cli_call *call, jihe_error *err)
{
    static const char *const names[] = {
        [JIHE_TABLE] = "table", [JIHE_CSV] = "csv", [JIHE_JSON] = "json", [JIHE_NDJSON] = "ndjson"};
    const char *wanted = cli_value(call, CLI_FORMAT);

    call->format = call->command->format;
    if (wanted == NULL)
        return JIHE_OK;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], wanted) == 0) {
            call->format = (jihe_format)i;
            return JIHE_OK;
        }
    return cli_fault(err, JIHE_USAGE, "--format '%s' is none of table, csv, json, ndjson", wanted);
}

/* The first of the variables that says anything, in the order gettext asks them. */
static const char *lang_of_environment(void)
{
    static const char *const names[] = {"LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);

        if (value != NULL && value[0] != '\0')
            return strncmp(value, "zh", 2) == 0 ? "zh" : "en";
    }
    return "en";
}

static jihe_status choose_lang(cli_call *call, jihe_error *err)
{
    const char *wanted = cli_value(call, CLI_LANG);

    call->lang = wanted != NULL ? wanted : lang_of_environment();
    if (strcmp(call->lang, "zh") != 0 && strcmp(call->lang, "en") != 0)
        return cli_fault(err, JIHE_USAGE, "--lang '%s' is neither zh nor en", call->lang);
    return JIHE_OK;
}

static const char *choose_workspace(const cli_call *call)
{
    const char *wanted = cli_value(call, CLI_WORKSPACE);

    if (wanted == NULL)
        wanted = getenv("JIHE_WORKSPACE");
    return wanted != NULL && wanted[0] != '\0' ? wanted : ".";
}

jihe_status cli_call_make(cli_call *call, const cli_command *command, const cli_args *args, size_t words,
                          jihe_error *err)
{
    uint64_t threads;
    jihe_status st;

    *call = (cli_call){.command = command,
                       .args = args,
                       .operands = args->operands + words,
                       .operand_count = args->operand_count - words,
                       .quiet = cli_args_value(args, CLI_QUIET) != NULL};
    if ((st = check_taken(call, err)) != JIHE_OK || (st = check_operands(call, err)) != JIHE_OK ||
        (st = choose_format(call, err)) != JIHE_OK || (st = choose_lang(call, err)) != JIHE_OK ||
        (st = cli_number(&threads, call, CLI_THREADS, 0, 1, 1024, err)) != JIHE_OK ||
        (command->check != NULL && (st = command->check(call, err)) != JIHE_OK))
        return st;
    call->threads = (uint32_t)threads;
    call->workspace = choose_workspace(call);
    return JIHE_OK;
}

jihe_status cli_call_open(jihe_workspace **out, const cli_call *call, jihe_error *err)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH"); /* reproducible-builds.org: the time to note down instead of now */
    jihe_workspace_options options = JIHE_WORKSPACE_OPTIONS_INIT;
    uint64_t now;

    if (epoch != NULL && read_number(epoch, &now) && now <= INT64_MAX)
        options.now = (int64_t)now;
    options.threads = call->threads;
    return jihe_workspace_open(out, call->workspace, &options, err);
}

/* --- values --- */

const char *cli_value(const cli_call *call, cli_option option)
{
    return cli_args_value(call->args, option);
}

bool cli_is_given(const cli_call *call, cli_option option)
{
    return cli_value(call, option) != NULL;
}

jihe_status cli_number(uint64_t *out, const cli_call *call, cli_option option, uint64_t absent, uint64_t least,
                       uint64_t most, jihe_error *err)
{
    const char *value = cli_value(call, option);

    *out = absent;
    if (value == NULL || (read_number(value, out) && *out >= least && *out <= most))
        return JIHE_OK;
    return cli_fault(err, JIHE_USAGE, "--%s '%s' is not a whole number from %" PRIu64 " to %" PRIu64,
                     cli_option_name(option), value, least, most);
}

/* How many items and how much text the values come to. */
static void measure(const cli_call *call, cli_option option, char separator, size_t *items, size_t *bytes)
{
    *items = *bytes = 0;
    for (size_t i = 0; i < call->args->given_count; i++) {
        if (call->args->given[i].option != option)
            continue;
        const char *value = call->args->given[i].value;

        *bytes += strlen(value) + 1;
        for (*items += 1; separator != '\0' && (value = strchr(value, separator)) != NULL; value++)
            *items += 1;
    }
}

/* Copies one value to `text` and notes where its pieces begin; returns where the next value goes. */
static char *add_value(cli_list *list, char *text, const char *value, char separator)
{
    const size_t len = strlen(value);

    memcpy(text, value, len + 1);
    list->items[list->count++] = text;
    for (char *c = text; separator != '\0' && (c = strchr(c, separator)) != NULL;) {
        *c++ = '\0';
        list->items[list->count++] = c;
    }
    return text + len + 1;
}

jihe_status cli_list_make(cli_list *list, const cli_call *call, cli_option option, char separator, jihe_error *err)
{
    size_t items, bytes;

    *list = (cli_list){0};
    measure(call, option, separator, &items, &bytes);
    if (items == 0)
        return JIHE_OK;
    list->items = calloc(items, sizeof *list->items);
    list->text = malloc(bytes);
    if (list->items == NULL || list->text == NULL) {
        cli_list_deinit(list);
        return cli_fault(err, JIHE_NO_MEMORY, "no memory for the options");
    }
    char *text = list->text;

    for (size_t i = 0; i < call->args->given_count; i++)
        if (call->args->given[i].option == option)
            text = add_value(list, text, call->args->given[i].value, separator);
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i][0] == '\0') {
            cli_list_deinit(list);
            return cli_fault(err, JIHE_USAGE, "--%s has an empty item", cli_option_name(option));
        }
    return JIHE_OK;
}

void cli_list_deinit(cli_list *list)
{
    free(list->items);
    free(list->text);
    *list = (cli_list){0};
}
