#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Cuts an unfinished UTF-8 sequence off the end, which a text that filled its buffer may carry. */
static void drop_half_character(char *text)
{
    size_t len = strlen(text), tail = 0, need = 1;

    while (tail < 3 && tail < len && ((unsigned char)text[len - 1 - tail] & 0xc0) == 0x80)
        tail++;
    if (tail == len)
        return;
    const unsigned char lead = (unsigned char)text[len - 1 - tail];
    if (lead >= 0xf0)
        need = 4;
    else if (lead >= 0xe0)
        need = 3;
    else if (lead >= 0xc0)
        need = 2;
    if (tail + 1 < need)
        text[len - 1 - tail] = '\0';
}

/* The arguments may point into *err: the text is made beside it and copied in last. */
static void fill(jihe_error *err, jihe_status status, const char *source, uint32_t line, uint32_t column,
                 const char *fmt, va_list args)
{
    jihe_error made = {.status = status, .line = line, .column = column};

    vsnprintf(made.message, sizeof made.message, fmt, args);
    drop_half_character(made.message);
    snprintf(made.source, sizeof made.source, "%s", source);
    drop_half_character(made.source);
    *err = made;
}

jihe_status jh_fail(jihe_error *err, jihe_status status, const char *fmt, ...)
{
    va_list args;

    if (err == NULL)
        return status;
    va_start(args, fmt);
    fill(err, status, "", 0, 0, fmt, args);
    va_end(args);
    return status;
}

jihe_status jh_fail_at(jihe_error *err, jihe_status status, const char *source, uint32_t line, uint32_t column,
                       const char *fmt, ...)
{
    va_list args;

    if (err == NULL)
        return status;
    va_start(args, fmt);
    fill(err, status, source != NULL ? source : "", line, column, fmt, args);
    va_end(args);
    return status;
}

/* strerrordesc_np is neither translated nor shared between threads, as strerror is. */
static const char *os_reason(int os_errno)
{
    const char *reason;

    switch (os_errno) {
    case ENOSPC:
        return "the disk is full; free some space and run this again";
    case EDQUOT:
        return "the disk quota is used up; free some space and run this again";
    case EFBIG:
        return "the file size limit is reached (ulimit -f); raise it and run this again";
    default:
        reason = strerrordesc_np(os_errno);
        return reason != NULL ? reason : "unknown system error";
    }
}

jihe_status jh_fail_os(jihe_error *err, jihe_status status, int os_errno, const char *fmt, ...)
{
    va_list args;
    size_t len;

    if (err == NULL)
        return status;
    va_start(args, fmt);
    fill(err, status, "", 0, 0, fmt, args);
    va_end(args);
    err->os_errno = os_errno;
    len = strlen(err->message);
    snprintf(err->message + len, sizeof err->message - len, ": %s", os_reason(os_errno));
    return status;
}

jihe_status jh_wrap(jihe_error *err, jihe_status status, const char *fmt, ...)
{
    char inner[sizeof err->message];
    va_list args;
    size_t len;

    if (err == NULL)
        return status;
    memcpy(inner, err->message, sizeof inner);
    va_start(args, fmt);
    vsnprintf(err->message, sizeof err->message, fmt, args);
    va_end(args);
    len = strlen(err->message);
    snprintf(err->message + len, sizeof err->message - len, ": %s", inner);
    drop_half_character(err->message);
    return status;
}

int jihe_exit_code(jihe_status status)
{
    switch (status) {
    case JIHE_OK:
    case JIHE_DIFFERS:
    case JIHE_USAGE:
    case JIHE_DATA:
    case JIHE_NO_INPUT:
    case JIHE_UNAVAILABLE:
    case JIHE_BUG:
    case JIHE_CANNOT_CREATE:
    case JIHE_IO:
    case JIHE_BUSY:
    case JIHE_CORRUPT:
    case JIHE_NOT_PERMITTED:
    case JIHE_CONFIG:
        return (int)status;
    case JIHE_NOT_FOUND:
        return JIHE_NO_INPUT;
    case JIHE_NO_MEMORY:
        return JIHE_IO;
    }
    return JIHE_BUG;
}

const char *jihe_error_text(const jihe_error *error, char *buffer, uint32_t size)
{
    if (buffer == NULL || size == 0)
        return "";
    if (error == NULL)
        buffer[0] = '\0';
    else if (error->source[0] == '\0')
        snprintf(buffer, size, "%s", error->message);
    else if (error->line == 0)
        snprintf(buffer, size, "%s: %s", error->source, error->message);
    else if (error->column == 0)
        snprintf(buffer, size, "%s:%u: %s", error->source, error->line, error->message);
    else
        snprintf(buffer, size, "%s:%u:%u: %s", error->source, error->line, error->column, error->message);
    drop_half_character(buffer);
    for (char *c = buffer; *c != '\0'; c++)
        if (*c == '\n' || *c == '\r')
            *c = ' ';
    return buffer;
}
