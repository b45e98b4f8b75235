#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/call.h"
#include "cli/help.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/suggest.h"

/* The command jihe: finds the command in the table, checks how it was called, opens the workspace, prints what went
 * wrong. SIGINT and SIGTERM keep their default action: the stores stand an end at any instant. */

/* Fills standard descriptors that the caller left closed, for reading, so that writing fails. Otherwise the ledger
 * could become descriptor 1 and the output go into it. */
static bool occupy_descriptors(void)
{
    int fd;

    do
        fd = open("/dev/null", O_RDONLY);
    while (fd >= 0 && fd <= STDERR_FILENO);
    return fd >= 0 && close(fd) == 0;
}

/* A write that cannot arrive then fails with EPIPE or EFBIG instead of ending the process halfway. */
static void ignore_signals(void)
{
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}

/* --- finding the command --- */

static void no_command(const cli_args *args, jihe_error *err)
{
    const char *first = args->operands[0];
    cli_suggest suggest;

    cli_suggest_begin(&suggest, first, strlen(first));
    for (size_t i = 0; cli_command_at(i) != NULL; i++)
        cli_suggest_offer(&suggest, cli_command_at(i)->name);
    cli_fault(err, JIHE_USAGE, "there is no command '%s'%s%s%s", first, suggest.best != NULL ? "; did you mean '" : "",
              suggest.best != NULL ? suggest.best : "", suggest.best != NULL ? "'?" : "");
}

/* "snapshot" alone, or with a second word that is none of its own. */
static void half_a_command(const cli_args *args, jihe_error *err)
{
    char words[128] = "";

    for (size_t i = 0; cli_command_at(i) != NULL; i++) {
        const cli_command *command = cli_command_at(i);
        const size_t len = strlen(words);

        if (cli_command_begins(command, args->operands[0]))
            snprintf(words + len, sizeof words - len, "%s%s", len > 0 ? ", " : "", strchr(command->name, ' ') + 1);
    }
    if (args->operand_count == 1)
        cli_fault(err, JIHE_USAGE, "'%s' needs a second word: %s", args->operands[0], words);
    else
        cli_fault(err, JIHE_USAGE, "there is no command '%s %s'; after '%s' comes one of %s", args->operands[0],
                  args->operands[1], args->operands[0], words);
}

static void name_the_trouble(const cli_args *args, jihe_error *err)
{
    size_t i = 0;

    while (cli_command_at(i) != NULL && !cli_command_begins(cli_command_at(i), args->operands[0]))
        i++;
    if (cli_command_at(i) != NULL)
        half_a_command(args, err);
    else
        no_command(args, err);
}

/* --- running it --- */

static int run(const cli_call *call)
{
    jihe_error err = {.status = JIHE_BUG, .message = "it failed and did not say why"};
    jihe_workspace *workspace = NULL;
    jihe_status st = call->command->needs_workspace ? cli_call_open(&workspace, call, &err) : JIHE_OK;

    if (st == JIHE_OK)
        st = call->command->run(call, workspace, &err);
    jihe_workspace_close(workspace);
    return st == JIHE_OK ? 0 : cli_fail(&err, call->command);
}

static int print_help(const cli_args *args, jihe_error *err)
{
    const jihe_status st = cli_help(args->operands, args->operand_count, err);

    return st == JIHE_OK ? 0 : cli_fail(err, NULL);
}

static int dispatch(const cli_args *args)
{
    size_t words;
    const cli_command *command = cli_command_find(args->operands, args->operand_count, &words);
    cli_call call;
    jihe_error err = {0};

    if (cli_args_check(args, command, &err) != JIHE_OK)
        return cli_fail(&err, command);
    if (cli_args_value(args, CLI_HELP) != NULL)
        return print_help(args, &err);
    if (cli_args_value(args, CLI_VERSION) != NULL) {
        printf("jihe %s\n", jihe_version());
        return 0;
    }
    if (args->operand_count == 0) {
        cli_fault(&err, JIHE_USAGE, "name a command");
        return cli_fail(&err, NULL);
    }
    if (command == NULL) {
        name_the_trouble(args, &err);
        return cli_fail(&err, NULL);
    }
    if (cli_call_make(&call, command, args, words, &err) != JIHE_OK)
        return cli_fail(&err, command);
    return run(&call);
}

enum { OUTPUT_BYTES = 1 << 16 };

int main(int argc, char **argv)
{
    const jihe_error no_memory = {.status = JIHE_NO_MEMORY, .message = "no memory for the arguments"};
    const jihe_error no_files = {.status = JIHE_IO, .message = "no file can be opened here, not even /dev/null"};
    cli_args args;
    int code;

    ignore_signals();
    if (!occupy_descriptors())
        return cli_fail(&no_files, NULL);
    /* Messages flush it first, so it need not be flushed line by line. The C library takes the size only with a buffer,
     * which is its own until the process ends: what is smaller fails in one go, and the reason is known. */
    setvbuf(stdout, malloc(OUTPUT_BYTES), _IOFBF, OUTPUT_BYTES);
    code = cli_args_parse(&args, argc, argv) ? dispatch(&args) : cli_fail(&no_memory, NULL);
    cli_args_deinit(&args);
    return cli_output_end(code);
}
