/* Turns the CSV of gen_docs into NDJSON or a MessagePack stream of maps: one object or map per document, the names from
 * the header, all values texts, empty cells null.
 * usage: csv_to ndjson|msgpack <docs.csv >docs.ndjson
 * Reads what gen_docs writes and no more: LF at line ends, none inside cells, no control characters. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "codec/pack.h"

enum { MAX_CELLS = 64, OUT_ROOM = 1 << 20 };

struct cell {
    char *text;
    size_t len;
};

/* The cells of a line without its LF, quotes taken off in place. 0: quotes that do not close, or too many cells. */
static size_t split(char *line, char *end, struct cell cells[MAX_CELLS])
{
    size_t count = 0;

    for (char *at = line; count < MAX_CELLS; at++) {
        struct cell *cell = &cells[count++];
        const bool quoted = at < end && *at == '"';
        char *to = at;

        cell->text = at;
        if (quoted)
            for (at++; at < end && (*at != '"' || at[1] == '"'); at++) {
                at += *at == '"';
                *to++ = *at;
            }
        else
            for (; at < end && *at != ','; at++)
                to++;
        cell->len = (size_t)(to - cell->text);
        if (quoted && at++ == end)
            return 0;
        if (at >= end)
            return count;
    }
    return 0;
}

static void put_json_text(jh_buf *out, const struct cell *cell)
{
    const char *at = cell->text, *end = at + cell->len;

    jh_buf_putc(out, '"');
    while (at < end) {
        const char *plain = at;
        while (at < end && *at != '"' && *at != '\\')
            at++;
        jh_buf_put(out, plain, (size_t)(at - plain));
        if (at < end) {
            jh_buf_putc(out, '\\');
            jh_buf_putc(out, *at++);
        }
    }
    jh_buf_putc(out, '"');
}

static void put_ndjson(jh_buf *out, const struct cell *names, const struct cell *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        jh_buf_putc(out, i == 0 ? '{' : ',');
        put_json_text(out, &names[i]);
        jh_buf_putc(out, ':');
        if (cells[i].len == 0)
            jh_buf_puts(out, "null");
        else
            put_json_text(out, &cells[i]);
    }
    jh_buf_puts(out, "}\n");
}

static void put_msgpack(jh_buf *out, const struct cell *names, const struct cell *cells, size_t count)
{
    jh_pack_map(out, count);
    for (size_t i = 0; i < count; i++) {
        jh_pack_str(out, names[i].text, names[i].len);
        if (cells[i].len == 0)
            jh_pack_nil(out);
        else
            jh_pack_str(out, cells[i].text, cells[i].len);
    }
}

typedef void put_document(jh_buf *out, const struct cell *names, const struct cell *cells, size_t count);

static bool flush(jh_buf *out)
{
    const bool whole = !out->failed && (out->len == 0 || fwrite(out->bytes, 1, out->len, stdout) == out->len);

    jh_buf_clear(out);
    return whole;
}

/* 0, or the exit code. `header` keeps the names' bytes. */
static int convert(put_document *put, jh_buf *out)
{
    struct cell names[MAX_CELLS], cells[MAX_CELLS];
    char *header = NULL, *line = NULL;
    size_t header_room = 0, room = 0, count = 0;
    ssize_t len = getline(&header, &header_room, stdin);
    unsigned long number = 1;
    int code = 0;

    if (len > 0)
        count = split(header, header + len - 1, names);
    if (count == 0) {
        fputs("csv_to: line 1 is no header\n", stderr);
        code = 65;
    }
    while (code == 0 && (len = getline(&line, &room, stdin)) > 0) {
        number++;
        if (split(line, line + len - 1, cells) != count) {
            fprintf(stderr, "csv_to: line %lu has not the %zu cells of the header\n", number, count);
            code = 65;
        } else {
            put(out, names, cells, count);
            if (out->len > OUT_ROOM && !flush(out))
                code = 74;
        }
    }
    if (code == 0 && (ferror(stdin) || !flush(out) || fflush(stdout) != 0))
        code = 74;
    if (code == 74)
        fprintf(stderr, "csv_to: %s\n", strerror(errno));
    free(header);
    free(line);
    return code;
}

int main(int argc, char **argv)
{
    jh_buf out = {0};
    put_document *put = argc != 2                         ? NULL
                        : strcmp(argv[1], "ndjson") == 0  ? put_ndjson
                        : strcmp(argv[1], "msgpack") == 0 ? put_msgpack
                                                          : NULL;

    if (put == NULL) {
        fputs("usage: csv_to ndjson|msgpack <docs.csv >docs.ndjson\n", stderr);
        return 64;
    }
    const int code = convert(put, &out);
    jh_buf_deinit(&out);
    return code;
}
