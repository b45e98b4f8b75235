#include "cli/message.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

jihe_status cli_fault(jihe_error *err, jihe_status status, const char *fmt, ...)
{
    va_list args;

    *err = (jihe_error){.status = status};
    va_start(args, fmt);
    vsnprintf(err->message, sizeof err->message, fmt, args);
    va_end(args);
    return status;
}

jihe_status cli_fault_os(jihe_error *err, jihe_status status, int os_errno, const char *what)
{
    const char *reason = strerrordesc_np(os_errno); /* not translated, not shared between threads */

    cli_fault(err, status, "cannot write %s: %s", what, reason != NULL ? reason : "unknown system error");
    err->os_errno = os_errno;
    return status;
}

/* Values of files and arguments are quoted in messages: nothing of them may move the cursor. C1 controls are two bytes,
 * C2 80 to C2 9F. */
static void print_plain(const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++) {
        const bool c1 = c[0] == 0xC2 && c[1] >= 0x80 && c[1] < 0xA0;

        fputc(*c < 0x20 || *c == 0x7F || c1 ? '?' : *c, stderr);
        c += c1;
    }
    fputc('\n', stderr);
}

int cli_fail(const jihe_error *err, const cli_command *command)
{
    char text[sizeof err->source + sizeof err->message + 64];

    fflush(stdout);
    if (err->os_errno == EPIPE)
        return jihe_exit_code(err->status);
    jihe_error_text(err, text, sizeof text);
    if (err->status == JIHE_USAGE) {
        const size_t len = strlen(text);

        snprintf(text + len, sizeof text - len, " (see 'jihe help%s%s')", command != NULL ? " " : "",
                 command != NULL ? command->name : "");
    }
    fputs("jihe: ", stderr);
    print_plain(text);
    return jihe_exit_code(err->status);
}

void cli_say(const char *fmt, ...)
{
    char text[2048];
    va_list args;

    fflush(stdout);
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    print_plain(text);
}

const char *cli_grouped(uint64_t value, char *out)
{
    char digits[24];
    const size_t len = (size_t)snprintf(digits, sizeof digits, "%" PRIu64, value);
    size_t at = 0;

    for (size_t i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = '\0';
    return out;
}
