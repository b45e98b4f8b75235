/* oracle_check [--worst] DIR [FILE...]: the rows of an oracle folder (MANIFEST.csv and the files it names, or only the
 * named ones) put to our functions. Prints a line per file (with --worst the largest relative error of its functions
 * too) and "N passed, M failed" last; failures go to standard error, at most 20 a file. Exit 0: all passed; 1: some
 * failed; 66: no such folder. A function that nobody adapted is a failed row. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oracle.h"

enum { SHOWN = 20, COLUMNS = 64 };

#define ORACLE_GROUP(name) extern const oracle_function oracle_##name[];
#include "groups.def"
#undef ORACLE_GROUP

static const oracle_function *const groups[] = {
#define ORACLE_GROUP(name) oracle_##name,
#include "groups.def"
#undef ORACLE_GROUP
};

struct tally {
    unsigned long passed, failed;
    double worst; /* relative error of a number that was compared */
};

struct table {
    FILE *file;
    char *path;
    char *header, *line; /* fields point into them */
    size_t header_room, line_room;
    unsigned long number; /* of the line */
    char *names[COLUMNS], *fields[COLUMNS];
    size_t columns;
};

static const oracle_function *find_function(const char *name)
{
    for (size_t g = 0; g < sizeof groups / sizeof groups[0]; g++)
        for (const oracle_function *f = groups[g]; f->name != NULL; f++)
            if (strcmp(f->name, name) == 0)
                return f;
    return NULL;
}

/* At commas, but for those in quotes; the quotes go. Returns how many fields there are, of which COLUMNS are kept. */
static size_t split_line(char *line, char *fields[])
{
    size_t count = 0;
    bool quoted = false;
    char *to = line;

    for (char *from = line, *start = line;; from++) {
        if (*from == '"') {
            if (quoted && from[1] == '"')
                *to++ = *from++;
            else
                quoted = !quoted;
            continue;
        }
        if (*from != '\0' && *from != '\n' && *from != '\r' && (*from != ',' || quoted)) {
            *to++ = *from;
            continue;
        }
        const bool last = *from != ',';
        if (count < COLUMNS)
            fields[count] = start;
        count++;
        *to++ = '\0';
        start = to;
        if (last)
            return count;
    }
}

static bool open_table(struct table *table, const char *dir, const char *name)
{
    memset(table, 0, sizeof *table);
    table->path = malloc(strlen(dir) + strlen(name) + 2);
    if (table->path == NULL)
        return false;
    sprintf(table->path, "%s/%s", dir, name);
    table->file = fopen(table->path, "r");
    if (table->file == NULL || getline(&table->header, &table->header_room, table->file) < 0) {
        fprintf(stderr, "%s: cannot be read\n", table->path);
        return false;
    }
    table->columns = split_line(table->header, table->names);
    table->number = 1;
    return table->columns <= COLUMNS;
}

/* False at the end. An empty line is none. `*sound` says whether the line has the header's columns. */
static bool next_row(struct table *table, bool *sound)
{
    do {
        if (getline(&table->line, &table->line_room, table->file) < 0)
            return false;
        table->number++;
    } while (strspn(table->line, "\r\n") == strlen(table->line));
    *sound = split_line(table->line, table->fields) == table->columns;
    return true;
}

static void close_table(struct table *table)
{
    if (table->file != NULL)
        fclose(table->file);
    free(table->path);
    free(table->header);
    free(table->line);
}

static bool same_element(const char *want, const char *got, double abs_tol, double rel_tol, double *worst)
{
    char *want_end, *got_end;

    if (got[0] == '=')
        return strcmp(want, got + 1) == 0;
    if (strcmp(want, got) == 0)
        return true;
    const double expected = strtod(want, &want_end), found = strtod(got, &got_end);
    if (want_end == want || *want_end != '\0' || got_end == got || *got_end != '\0')
        return false;
    if (fabs(expected) > abs_tol && fabs(found / expected - 1) > *worst)
        *worst = fabs(found / expected - 1);
    return expected == found || fabs(found - expected) <= fmax(abs_tol, rel_tol * fabs(expected));
}

/* Element by element; `expected` separates by ';' and '|'. */
static bool same_answer(oracle_row *row, double *worst)
{
    const double abs_tol = oracle_double(row, "abs_tol"), rel_tol = oracle_double(row, "rel_tol");
    const char *answer = jh_buf_text(row->answer);
    const char *expected = oracle_text(row, "expected");
    char *want = jh_arena_text(row->arena, expected, strlen(expected));
    char *got = jh_arena_text(row->arena, answer, strlen(answer));

    while (want != NULL && got != NULL) {
        char *want_end = strpbrk(want, ";|"), *got_end = strchr(got, '\n');

        if (got_end == NULL)
            return false;
        if (want_end != NULL)
            *want_end++ = '\0';
        *got_end++ = '\0';
        if (!same_element(want, got, abs_tol, rel_tol, worst))
            return false;
        want = want_end;
        got = got_end;
    }
    return want == NULL && got != NULL && *got == '\0';
}

static void say_failure(const struct table *table, oracle_row *row)
{
    char *found = (char *)(uintptr_t)jh_buf_text(row->answer);

    for (char *c = found; *c != '\0'; c++)
        if (*c == '\n')
            *c = c[1] != '\0' ? ';' : '\0';
    fprintf(stderr, "%s:%lu: %.40s %.40s: ", table->path, table->number, oracle_text(row, "id"),
            oracle_text(row, "function"));
    if (row->problem[0] != '\0')
        fprintf(stderr, "%s\n", row->problem);
    else
        fprintf(stderr, "expected %.200s, found %.200s (tolerance %s, %s)\n", oracle_text(row, "expected"), found,
                oracle_text(row, "abs_tol"), oracle_text(row, "rel_tol"));
}

static bool check_row(struct table *table, bool sound, jh_arena *arena, jh_buf *answer, struct tally *tally)
{
    oracle_row row = {table->names, table->fields, sound ? table->columns : 0, arena, answer, ""};
    bool passed = false;

    if (!sound)
        oracle_fail(&row, "not as many fields as the header has");
    else {
        const oracle_function *function = find_function(oracle_text(&row, "function"));

        if (function == NULL)
            oracle_fail(&row, "function not known");
        else
            function->answer(&row);
        passed = row.problem[0] == '\0' && same_answer(&row, &tally->worst) && row.problem[0] == '\0';
    }
    if (!passed && tally->failed < SHOWN)
        say_failure(table, &row);
    return passed;
}

static struct tally check_file(const char *dir, const char *name)
{
    struct tally tally = {0, 0, 0};
    struct table table;
    bool sound;

    if (!open_table(&table, dir, name)) {
        tally.failed = 1;
        close_table(&table);
        return tally;
    }
    while (next_row(&table, &sound)) {
        jh_arena arena;
        jh_buf answer = {0};

        jh_arena_init(&arena, 0);
        if (check_row(&table, sound, &arena, &answer, &tally))
            tally.passed++;
        else
            tally.failed++;
        jh_arena_deinit(&arena);
        jh_buf_deinit(&answer);
    }
    if (tally.failed > SHOWN)
        fprintf(stderr, "%s: and %lu more\n", table.path, tally.failed - SHOWN);
    close_table(&table);
    return tally;
}

static bool asked_for(const char *name, char **wanted)
{
    for (char **w = wanted; *w != NULL; w++)
        if (strcmp(*w, name) == 0)
            return true;
    return *wanted == NULL;
}

static void add_file(struct tally *all, const char *dir, const char *name, bool say_worst)
{
    const struct tally one = check_file(dir, name);

    printf("%s: %lu passed, %lu failed", name, one.passed, one.failed);
    if (say_worst)
        printf(", worst relative error %.1e", one.worst);
    putchar('\n');
    all->passed += one.passed;
    all->failed += one.failed;
}

int main(int argc, char **argv)
{
    const bool say_worst = argc > 1 && strcmp(argv[1], "--worst") == 0;
    struct tally all = {0, 0, 0};
    struct table manifest;
    size_t file_column = 0, files = 0;
    bool sound;

    setvbuf(stdout, NULL, _IOLBF, 0);
    argc -= say_worst;
    argv += say_worst;
    if (argc < 2) {
        fputs("usage: oracle_check [--worst] DIR [FILE...]\n", stderr);
        return 64;
    }
    if (!open_table(&manifest, argv[1], "MANIFEST.csv")) {
        close_table(&manifest);
        return 66;
    }
    while (file_column + 1 < manifest.columns && strcmp(manifest.names[file_column], "file") != 0)
        file_column++;
    while (next_row(&manifest, &sound))
        if (asked_for(manifest.fields[file_column], argv + 2)) {
            add_file(&all, argv[1], manifest.fields[file_column], say_worst);
            files++;
        }
    close_table(&manifest);
    if (argc > 2 && files != (size_t)argc - 2) {
        fprintf(stderr, "%s/MANIFEST.csv: does not name every file asked for\n", argv[1]);
        all.failed++;
    }
    printf("%lu passed, %lu failed\n", all.passed, all.failed);
    return all.failed == 0 && all.passed > 0 ? 0 : 1;
}
