#include "config/facts_file.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/text.h"

jihe_status jh_facts_begin(jh_facts_text *text, jh_arena *arena)
{
    const size_t valid = jh_text_utf8_valid(text->bytes, text->len);
    const char *nul = memchr(text->bytes, '\0', text->len);
    const size_t bad = nul != NULL && (size_t)(nul - text->bytes) < valid ? (size_t)(nul - text->bytes) : valid;
    uint32_t line = 1;

    for (size_t i = 0; i < bad; i++)
        line += text->bytes[i] == '\n';
    if (bad < text->len)
        return jh_fail_at(text->err, JIHE_CONFIG, text->file, line, 0,
                          "found bytes that are not UTF-8 text; save the file as UTF-8");
    text->at = text->len >= 3 && memcmp(text->bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    text->line = 0;
    text->field = JH_NEW(arena, char, text->len + 1);
    return text->field != NULL ? JIHE_OK : jh_fail(text->err, JIHE_NO_MEMORY, "no memory to read '%s'", text->file);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* "a ""quoted"" field" at the start of the line; `used` are its bytes with both quotes, 0 when it does not close. */
static size_t unquote(const char *line, size_t len, char *out, size_t *used)
{
    size_t put = 0;

    *used = 0;
    for (size_t i = 1; i < len; i++) {
        if (line[i] == '"' && (i + 1 == len || line[i + 1] != '"')) {
            *used = i + 1;
            break;
        }
        i += line[i] == '"';
        out[put++] = line[i];
    }
    return put;
}

static jihe_status first_field(jh_facts_text *text, const char *line, size_t len, jh_facts_line *out)
{
    size_t from = 0, end, used;
    const char *comma = text->csv ? memchr(line, ',', len) : NULL;

    while (from < len && is_blank(line[from]))
        from++;
    if (text->csv && from < len && line[from] == '"') {
        out->field = text->field;
        out->len = unquote(line + from, len - from, text->field, &used);
        if (used == 0)
            return jh_fail_at(text->err, JIHE_CONFIG, text->file, text->line, 0,
                              "the quote opened here is not closed on this line");
        comma = memchr(line + from + used, ',', len - from - used);
    } else {
        end = comma != NULL ? (size_t)(comma - line) : len;
        while (end > from && is_blank(line[end - 1]))
            end--;
        out->field = line + from;
        out->len = end > from ? end - from : 0;
    }
    out->rest = comma != NULL ? comma + 1 : "";
    out->rest_len = comma != NULL ? (size_t)(line + len - comma - 1) : 0;
    return JIHE_OK;
}

jihe_status jh_facts_next(jh_facts_text *text, jh_facts_line *line)
{
    const char *begin = text->bytes + text->at, *newline;
    size_t len;

    *line = (jh_facts_line){.field = "", .rest = ""};
    if (text->at >= text->len)
        return JIHE_OK;
    newline = memchr(begin, '\n', text->len - text->at);
    len = newline != NULL ? (size_t)(newline - begin) : text->len - text->at;
    text->at += len + (newline != NULL);
    if (len > 0 && begin[len - 1] == '\r')
        len--;
    line->number = ++text->line;
    return first_field(text, begin, len, line);
}

/* --- directories --- */

static bool ends_with(const char *name, const char *ending)
{
    const size_t len = strlen(name), tail = strlen(ending);

    return len > tail && strcmp(name + len - tail, ending) == 0;
}

static bool is_wanted(const char *name, const char *const *endings)
{
    for (; name[0] != '.' && *endings != NULL; endings++)
        if (ends_with(name, *endings))
            return true;
    return false;
}

/* Unlike alphasort, the same in every locale. */
static int bytewise(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static jihe_status take_file(const char *workspace, const char *file, size_t max_bytes, jh_facts_take take,
                             void *context, jihe_error *err)
{
    jh_buf path = {0}, bytes = {0};
    jihe_status st;

    jh_buf_printf(&path, "%s/%s", workspace, file);
    if (path.failed)
        st = jh_fail(err, JIHE_NO_MEMORY, "no memory to read '%s'", file);
    else if ((st = jh_file_read(jh_buf_text(&path), max_bytes, &bytes, err)) == JIHE_DATA)
        st = jh_fail_at(err, JIHE_CONFIG, file, 0, 0, "the file is larger than %zu MiB", max_bytes >> 20);
    if (st == JIHE_OK)
        st = take(context, file, bytes.bytes == NULL ? (const void *)"" : bytes.bytes, bytes.len, err);
    jh_buf_deinit(&path);
    jh_buf_deinit(&bytes);
    return st;
}

jihe_status jh_facts_files(const char *workspace, const char *directory, const char *const *endings, size_t max_bytes,
                           jh_facts_take take, void *context, jihe_error *err)
{
    struct dirent **entries = NULL;
    jihe_status st = JIHE_OK;
    jh_buf path = {0};
    int count, failure;

    jh_buf_printf(&path, "%s/%s", workspace, directory);
    count = path.failed ? -1 : scandir(jh_buf_text(&path), &entries, NULL, bytewise);
    failure = path.failed ? ENOMEM : errno;
    if (count < 0 && failure != ENOENT)
        st = jh_fail_os(err, JIHE_IO, failure, "reading '%s'", directory);
    for (int i = 0; i < count; i++) {
        if (st == JIHE_OK && is_wanted(entries[i]->d_name, endings)) {
            jh_buf_clear(&path);
            jh_buf_printf(&path, "%s/%s", directory, entries[i]->d_name);
            st = path.failed ? jh_fail(err, JIHE_NO_MEMORY, "no memory to read '%s'", directory)
                             : take_file(workspace, jh_buf_text(&path), max_bytes, take, context, err);
        }
        free(entries[i]);
    }
    free(entries);
    jh_buf_deinit(&path);
    return st;
}
