#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "documents.h"

/* Runs tests/cases/expr/ *.case: the README there has the format. Every expression is asked of the steps, of the
 * walker, and of the steps again after printing and reading it back. */

enum { MAX_DOCUMENTS = 40 };

typedef struct table { /* the documents of the block at hand, and the case being read */
    const char *file;
    unsigned line;
    documents d;
    bool open;
    char *names[MAX_DOCUMENTS];
    uint32_t count;
    char *expression;
    unsigned expression_line;
    signed char want[MAX_DOCUMENTS];
    unsigned cases;
} table;

static void judge(const table *t, const char *how, const signed char *got)
{
    for (uint32_t i = 0; i < t->count; i++)
        cr_expect_eq(got[i], t->want[i], "%s:%u: %s: document %s is %d, expected %d", t->file, t->expression_line, how,
                     t->names[i], got[i], t->want[i]);
}

/* Asks the expression read last, if any. */
static void finish_case(table *t)
{
    signed char got[MAX_DOCUMENTS];
    jh_arena arena;
    jh_expr *expr = NULL, *again = NULL;
    jh_buf text = {0};
    jihe_error err = {0};

    if (t->expression == NULL)
        return;
    if (t->d.snapshot == NULL)
        documents_seal(&t->d);
    jh_arena_init(&arena, 0);
    cr_assert_eq(documents_compile(&t->d, t->expression, &expr, &arena, &err), JIHE_OK, "%s:%u:%u: %s", t->file,
                 t->expression_line, err.column, err.message);
    documents_eval(&t->d, expr, 0, got);
    judge(t, "steps", got);
    documents_walk(&t->d, expr, 0, got);
    judge(t, "walker", got);
    jh_expr_print(expr, &text);
    cr_assert_eq(documents_compile(&t->d, jh_buf_text(&text), &again, &arena, &err), JIHE_OK,
                 "%s:%u: printed as %s: %s", t->file, t->expression_line, jh_buf_text(&text), err.message);
    documents_eval(&t->d, again, 0, got);
    judge(t, "printed", got);
    jh_buf_deinit(&text);
    jh_arena_deinit(&arena);
    free(t->expression);
    t->expression = NULL;
    memset(t->want, 0, sizeof t->want);
    t->cases++;
}

static void finish_block(table *t)
{
    finish_case(t);
    for (uint32_t i = 0; i < t->count; i++)
        free(t->names[i]);
    t->count = 0;
    if (t->open)
        documents_end(&t->d);
    t->open = false;
}

/* "NAME; column=value; ..." */
static void read_document(table *t, char *line)
{
    jh_cell cells[DOC_COLUMNS] = {0};
    char *rest = line, *item;

    finish_case(t);
    if (!t->open)
        documents_begin(&t->d);
    t->open = true;
    cr_assert(t->d.snapshot == NULL, "%s:%u: a document after the first case; begin a new block with ---", t->file,
              t->line);
    cr_assert_lt(t->count, MAX_DOCUMENTS, "%s:%u: too many documents", t->file, t->line);
    t->names[t->count] = strdup(strsep(&rest, ";"));
    cr_assert(documents_cell(&t->d, DOC_ID, t->names[t->count], &cells[DOC_ID]));
    while ((item = strsep(&rest, ";")) != NULL) {
        char *value = strchr(item += strspn(item, " "), '=');
        const size_t column =
            value == NULL ? SIZE_MAX : jh_schema_find(&documents_schema, item, (size_t)(value - item));

        cr_assert(column != SIZE_MAX && documents_cell(&t->d, column, value + 1, &cells[column]),
                  "%s:%u: cannot read '%s'", t->file, t->line, item);
    }
    t->count++;
    documents_add(&t->d, cells);
}

static void read_verdicts(table *t, char *line, signed char verdict)
{
    char *name;

    while ((name = strsep(&line, " ")) != NULL) {
        uint32_t i = 0;

        if (*name == '\0')
            continue;
        while (i < t->count && strcmp(t->names[i], name) != 0)
            i++;
        cr_assert_lt(i, t->count, "%s:%u: no document '%s'", t->file, t->line, name);
        t->want[i] = verdict;
    }
}

static void read_line(table *t, char *line)
{
    if (*line == '#' || *line == '\0')
        return;
    if (strcmp(line, "---") == 0) {
        finish_block(t);
    } else if (strncmp(line, "doc ", 4) == 0) {
        read_document(t, line + 4);
    } else if (strncmp(line, "when ", 5) == 0) {
        finish_case(t);
        t->expression = strdup(line + 5);
        t->expression_line = t->line;
    } else if (strncmp(line, "yes ", 4) == 0) {
        read_verdicts(t, line + 4, 1);
    } else if (strncmp(line, "undecided ", 10) == 0) {
        read_verdicts(t, line + 10, -1);
    } else {
        cr_assert(false, "%s:%u: expected doc, when, yes, undecided or ---", t->file, t->line);
    }
}

static unsigned run_file(const char *path, const char *name)
{
    table t = {.file = name};
    jh_buf text = {0};
    char *rest, *line;
    jihe_error err = {0};

    cr_assert_eq(jh_file_read(path, 1 << 20, &text, &err), JIHE_OK, "%s", err.message);
    jh_buf_putc(&text, '\0');
    rest = (char *)text.bytes;
    while ((line = strsep(&rest, "\n")) != NULL) {
        t.line++;
        read_line(&t, line);
    }
    finish_block(&t);
    jh_buf_deinit(&text);
    return t.cases;
}

Test(expr_cases, all)
{
    const char *source = getenv("JIHE_SOURCE");
    char directory[512], path[1024];
    struct dirent *entry;
    unsigned cases = 0;
    DIR *files;

    cr_assert(source != NULL, "JIHE_SOURCE names the source directory");
    snprintf(directory, sizeof directory, "%s/tests/cases/expr", source);
    files = opendir(directory);
    cr_assert(files != NULL, "%s", directory);
    while ((entry = readdir(files)) != NULL) {
        const size_t len = strlen(entry->d_name);

        if (len < 5 || strcmp(entry->d_name + len - 5, ".case") != 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
        cases += run_file(path, entry->d_name);
    }
    closedir(files);
    cr_assert_geq(cases, 60u, "only %u cases were found", cases);
}
