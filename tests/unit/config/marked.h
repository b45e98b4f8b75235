#ifndef JIHE_TEST_MARKED_H
#define JIHE_TEST_MARKED_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A text in which "@@" stands where an error is expected: the text without the mark, and the mark's place. */
typedef struct marked {
    char text[4096];
    uint32_t line, column; /* 0 when there is no mark: the error has no position */
} marked;

static inline marked take_mark(const char *with_mark)
{
    const char *mark = strstr(with_mark, "@@");
    marked m = {.line = mark != NULL, .column = mark != NULL};
    size_t len = 0;

    if (strlen(with_mark) >= sizeof m.text)
        abort();
    for (const char *c = with_mark; *c != '\0'; c++) {
        if (c == mark) {
            c++;
            continue;
        }
        m.text[len++] = *c;
        if (mark == NULL || c > mark)
            continue;
        if (*c == '\n' || (*c == '\r' && c[1] != '\n')) {
            m.line++;
            m.column = 1;
        } else if (((unsigned char)*c & 0xc0) != 0x80) {
            m.column++;
        }
    }
    return m;
}

#endif
