#include "ingest/rejects.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/text.h"

void jh_reject_at(jh_reject *reject, const jh_field *field)
{
    reject->line = field->line;
    reject->column = field->column;
    reject->found = field->text;
    reject->found_len = field->len;
    reject->path = field->path;
}

void jh_reject_say(jh_reject *reject, const char *reason, const char *fmt, ...)
{
    va_list args;

    reject->reason = reason;
    va_start(args, fmt);
    vsnprintf(reject->message, sizeof reject->message, fmt, args);
    va_end(args);
}

jihe_status jh_rejects_init(jh_rejects *rejects, const char *workspace, const char *date_text, jihe_error *err)
{
    int len;

    memset(rejects, 0, sizeof *rejects);
    rejects->out_len = strlen(workspace) + strlen("/out");
    if (date_text != NULL)
        len = snprintf(rejects->path, sizeof rejects->path, "%s/out/%s/rejects.csv", workspace, date_text);
    else
        len = snprintf(rejects->path, sizeof rejects->path, "%s/out/ingest-rejects.csv", workspace);
    if (len < 0 || (size_t)len >= sizeof rejects->path)
        return jh_fail(err, JIHE_USAGE, "the workspace's path '%s' is too long", workspace);
    return JIHE_OK;
}

/* WORKSPACE/out and, for one date, WORKSPACE/out/DATE. */
static jihe_status make_directories(const jh_rejects *rejects, jihe_error *err)
{
    char directory[sizeof rejects->path];
    jihe_status st = JIHE_OK;

    for (const char *slash = rejects->path + rejects->out_len; slash != NULL && st == JIHE_OK;
         slash = strchr(slash + 1, '/')) {
        const size_t len = (size_t)(slash - rejects->path);
        memcpy(directory, rejects->path, len);
        directory[len] = '\0';
        st = jh_file_mkdir(directory, err);
    }
    return st;
}

static jihe_status open_file(jh_rejects *rejects, jihe_error *err)
{
    static const char header[] = "file,line,column,reason,found,message,row\n";
    jihe_status st = make_directories(rejects, err);

    if (st == JIHE_OK && (st = jh_outfile_open(&rejects->file, rejects->path, err)) == JIHE_OK)
        jh_outfile_put(rejects->file, header, sizeof header - 1);
    return st;
}

/* Would a spreadsheet take a cell that begins so for a formula? = + - @ and their full-width forms, TAB, CR, LF. */
static bool begins_formula(const char *text, size_t len)
{
    static const char wide[][4] = {"\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"};

    if (len > 0 && text[0] != '\0' && strchr("=+-@\t\r\n", text[0]) != NULL)
        return true;
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
        if (len >= 3 && memcmp(text, wide[i], 3) == 0)
            return true;
    return false;
}

/* Valid text with quotes doubled; whatever else as U+FFFD. */
static void put_text(jh_buf *out, const char *text, size_t len)
{
    size_t valid = 0; /* text[i..valid) is known to be UTF-8 */

    for (size_t i = 0; i < len; i++) {
        if (i == valid)
            valid = i + jh_text_utf8_valid(text + i, len - i);
        if (i == valid || text[i] == '\0')
            jh_buf_puts(out, "\uFFFD");
        else
            jh_buf_putc(out, text[i]);
        if (i == valid)
            valid = i + 1;
        else if (text[i] == '"')
            jh_buf_putc(out, '"');
    }
}

/* A text cell, quoted where needed; cut to `most` bytes at a character's border. */
static void put_cell(jh_buf *out, const char *text, size_t len, size_t most)
{
    bool quoted = false;

    if (len > most)
        for (len = most; len > most - 3 && ((uint8_t)text[len] & 0xc0) == 0x80;)
            len--;
    for (size_t i = 0; i < len && !quoted; i++)
        quoted = text[i] == ',' || text[i] == '"' || text[i] == '\r' || text[i] == '\n';
    jh_buf_puts(out, quoted ? "\"" : "");
    jh_buf_puts(out, begins_formula(text, len) ? "'" : "");
    put_text(out, text, len);
    jh_buf_puts(out, quoted ? "\"" : "");
}

static jihe_status count_reason(jh_rejects *rejects, const char *reason, jihe_error *err)
{
    size_t i = 0;

    while (i < rejects->count && strcmp(rejects->counts[i].reason, reason) != 0)
        i++;
    if (i == JH_REJECT_REASONS)
        return jh_fail(err, JIHE_BUG, "more than %d reasons to reject a row", JH_REJECT_REASONS);
    if (i == rejects->count)
        rejects->counts[rejects->count++].reason = reason;
    rejects->counts[i].rows++;
    return JIHE_OK;
}

static void put_message(jh_buf *out, const jh_reject *reject)
{
    char whole[sizeof reject->message + 128], path[96];
    int len;

    if (reject->path == NULL)
        len = snprintf(whole, sizeof whole, "%s", reject->message);
    else
        len = snprintf(whole, sizeof whole, "%s (at %s)", reject->message,
                       jh_text_quote(reject->path, strlen(reject->path), path, sizeof path));
    put_cell(out, whole, (size_t)len, sizeof whole);
}

jihe_status jh_rejects_add(jh_rejects *rejects, const char *file, const jh_reject *reject, const char *row,
                           size_t row_len, jihe_error *err)
{
    jh_buf line = {0};
    jihe_status st = rejects->file == NULL ? open_file(rejects, err) : JIHE_OK;

    if (st != JIHE_OK || (st = count_reason(rejects, reject->reason, err)) != JIHE_OK)
        return st;
    put_cell(&line, file, strlen(file), JH_REJECTS_ROW_BYTES);
    jh_buf_printf(&line, ",%" PRIu32 ",%" PRIu32 ",%s,", reject->line, reject->column, reject->reason);
    put_cell(&line, reject->found, reject->found_len, JH_REJECTS_ROW_BYTES / 4);
    jh_buf_putc(&line, ',');
    put_message(&line, reject);
    jh_buf_putc(&line, ',');
    put_cell(&line, row, row_len, JH_REJECTS_ROW_BYTES);
    jh_buf_putc(&line, '\n');
    if (line.failed)
        st = jh_fail(err, JIHE_NO_MEMORY, "writing '%s'", rejects->path);
    else
        jh_outfile_put(rejects->file, line.bytes, line.len);
    jh_buf_deinit(&line);
    return st;
}

jihe_status jh_rejects_commit(jh_rejects *rejects, jihe_error *err)
{
    jh_outfile *file = rejects->file;

    rejects->file = NULL;
    if (file != NULL)
        return jh_outfile_commit(file, err);
    if (unlink(rejects->path) != 0 && errno != ENOENT && errno != ENOTDIR) {
        const int os_errno = errno;
        return jh_fail_os(err, JIHE_IO, os_errno, "cannot remove the old '%s'", rejects->path);
    }
    return JIHE_OK;
}

void jh_rejects_discard(jh_rejects *rejects)
{
    jh_outfile_discard(rejects->file);
    rejects->file = NULL;
}
