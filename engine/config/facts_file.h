#ifndef JH_CONFIG_FACTS_FILE_H
#define JH_CONFIG_FACTS_FILE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

/* The small text files that hold facts rules ask for: value lists and calendars. */

typedef struct jh_facts_text { /* a file being read line by line */
    const char *file;
    const char *bytes;
    size_t      len;
    bool        csv; /* lines are fields with commas, quoted where need be; else a line is one field */
    jihe_error *err;
    size_t      at;
    uint32_t    line;
    char       *field; /* room for any field of the file */
} jh_facts_text;

typedef struct jh_facts_line {
    uint32_t    number; /* 1..; 0 behind the last line */
    const char *field;  /* the first field, without blanks around it; gone with the next line */
    size_t      len;
    const char *rest; /* behind its comma, to the end of the line; "" when there is no comma */
    size_t      rest_len;
} jh_facts_line;

/* Checks the bytes (UTF-8, no NUL) and steps over a byte order mark. JIHE_CONFIG with file and line. */
jihe_status jh_facts_begin(jh_facts_text *text, jh_arena *arena);
jihe_status jh_facts_next(jh_facts_text *text, jh_facts_line *line);

/* Gives every file of WORKSPACE/`directory` with one of the endings to `take`, in order of name; `file` is
 * "directory/name". Names that begin with '.' and other endings are passed over. */
typedef jihe_status (*jh_facts_take)(void *context, const char *file, const void *bytes, size_t len, jihe_error *err);
jihe_status jh_facts_files(const char *workspace, const char *directory, const char *const *endings, size_t max_bytes,
                           jh_facts_take take, void *context, jihe_error *err);

#endif
