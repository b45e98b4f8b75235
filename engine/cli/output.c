#include "cli/output.h"

#include <errno.h>
#include <string.h>

#include "cli/message.h"
#include "cli/target.h"

int cli_put(void *file, const void *bytes, size_t len)
{
    errno = 0;
    if (fwrite(bytes, 1, len, file) == len)
        return 0;
    return errno != 0 ? errno : EIO;
}

int cli_output_end(int code)
{
    jihe_error err;

    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    const int os_errno = errno != 0 ? errno : EIO;

    if (code != 0)
        return code; /* said already, or worth more */
    cli_fault_os(&err, JIHE_IO, os_errno, "standard output");
    return cli_fail(&err, NULL);
}

static jihe_status write_rows(const cli_call *call, jihe_rows *rows, unsigned csv_flags, FILE *file, jihe_error *err)
{
    const jihe_write_options options = {.format = call->format, .csv_flags = csv_flags, .lang = call->lang};

    return jihe_rows_write(rows, &options, cli_put, file, err);
}

jihe_status cli_print_rows(const cli_call *call, jihe_rows *rows, unsigned csv_flags, jihe_error *err)
{
    const jihe_status st = write_rows(call, rows, csv_flags, stdout, err);

    jihe_rows_free(rows);
    return st;
}

jihe_status cli_save_rows(const cli_call *call, jihe_rows *rows, unsigned csv_flags, const char *path, jihe_error *err)
{
    cli_target target;

    if (strcmp(path, "-") == 0)
        return cli_print_rows(call, rows, csv_flags, err);
    jihe_status st = cli_target_open(&target, path, err);

    if (st == JIHE_OK)
        st = cli_target_close(&target, write_rows(call, rows, csv_flags, target.file, err), err);
    jihe_rows_free(rows);
    return st;
}

jihe_status cli_show_rows(const cli_call *call, jihe_rows *rows, jihe_error *err)
{
    const jihe_write_options options = {.format = JIHE_TABLE, .lang = call->lang};
    const jihe_status st = jihe_rows_write(rows, &options, cli_put, stderr, err);

    jihe_rows_free(rows);
    return st;
}
