#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/file.h"
#include "base/pcg.h"
#include "expr/expr.h"
#include "snapshot/writer.h"

/* Tests of a list: any value for a test, none for its negation. The reference knows the lists as they were made, not as
 * they are stored, and compares with strcmp and loops. */

enum { ROWS = 500, MOST = 5, DATE = 20000 };

static const char *const words[] = {"a", "b", "ab", "abc", "1122", "112201", "6602", "资金", "B", "ba"};

enum { WORDS = sizeof words / sizeof words[0] };

static const char *const no_sources[] = {""};
static const jh_column columns[] = {
    {.name = "id", .type = JH_ID, .sources = no_sources, .source_count = 1, .format = "", .currency = ""},
    {.name = "tags",
     .type = JH_CATEGORY,
     .list = ";",
     .sources = no_sources,
     .source_count = 1,
     .format = "",
     .currency = ""},
};
static const jh_schema schema = {columns, 2, 0, SIZE_MAX};

typedef struct document {
    const char *tags[MOST];
    size_t count; /* 0: missing */
} document;

typedef struct fixture {
    char path[64];
    document documents[ROWS];
    jh_snapshot *snapshot;
    jh_arena arena;
} fixture;

static void add_document(fixture *f, jh_writer *writer, size_t row, jh_pcg64 *rng)
{
    document *d = &f->documents[row];
    char id[16], text[128] = "";
    jh_cell cells[2] = {{.present = true, .text = id}, {.text = text}};

    for (uint64_t n = jh_pcg64_below(rng, MOST); n > 0; n--) {
        const char *word = words[jh_pcg64_below(rng, WORDS)];
        bool has = false;

        for (size_t i = 0; i < d->count; i++)
            has = has || d->tags[i] == word;
        if (has)
            continue;
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", d->count > 0 ? "\x1f" : "", word);
        d->tags[d->count++] = word;
    }
    cells[0].len = (uint32_t)snprintf(id, sizeof id, "%zu", row);
    cells[1].present = d->count > 0;
    cells[1].len = (uint32_t)strlen(text);
    cr_assert_eq(jh_writer_add(writer, cells, NULL), JIHE_OK);
}

static void fixture_init(fixture *f)
{
    jh_writer *writer;
    jh_pcg64 rng;

    memset(f, 0, sizeof *f);
    jh_arena_init(&f->arena, 0);
    jh_pcg64_seed(&rng, 9, 9);
    strcpy(f->path, "/tmp/jihe-list-XXXXXX");
    cr_assert(mkdtemp(f->path) != NULL);
    cr_assert_eq(jh_writer_new(&writer, f->path, DATE, 1, &schema, NULL), JIHE_OK);
    for (size_t row = 0; row < ROWS; row++)
        add_document(f, writer, row, &rng);
    cr_assert_eq(jh_writer_seal(writer, NULL), JIHE_OK);
    cr_assert_eq(jh_writer_publish(writer, NULL), JIHE_OK);
    jh_writer_free(writer);
    cr_assert_eq(jh_snapshot_open(&f->snapshot, f->path, DATE, 0, NULL), JIHE_OK);
}

static void fixture_deinit(fixture *f)
{
    static const char *const levels[] = {"snapshots/2024-10-04/r1", "snapshots/2024-10-04", "snapshots", "."};
    char path[128];

    jh_snapshot_close(f->snapshot);
    jh_arena_deinit(&f->arena);
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", f->path, levels[i]);
        jh_file_remove_tree(path, NULL);
    }
    rmdir(f->path);
}

/* ---- the reference ---- */

typedef struct question {
    const char *sign; /* "=", "<", ..., "in", "between", "like" */
    const char *a, *b;
} question;

/* Patterns with '%' and '_', which stands for a character of any number of bytes. */
static bool like(const char *text, const char *pattern)
{
    const char *rest = text;

    if (*pattern == '\0')
        return *text == '\0';
    if (*pattern == '%')
        return like(text, pattern + 1) || (*text != '\0' && like(text + 1, pattern));
    if (*text == '\0' || (*pattern != '_' && *pattern != *text))
        return false;
    for (rest++; *pattern == '_' && (*rest & 0xc0) == 0x80; rest++)
        continue;
    return like(rest, pattern + 1);
}

static bool value_passes(const question *q, const char *value)
{
    const int order = strcmp(value, q->a);

    if (strcmp(q->sign, "=") == 0)
        return order == 0;
    if (strcmp(q->sign, "<") == 0)
        return order < 0;
    if (strcmp(q->sign, "<=") == 0)
        return order <= 0;
    if (strcmp(q->sign, ">") == 0)
        return order > 0;
    if (strcmp(q->sign, ">=") == 0)
        return order >= 0;
    if (strcmp(q->sign, "in") == 0)
        return order == 0 || strcmp(value, q->b) == 0;
    if (strcmp(q->sign, "between") == 0)
        return order >= 0 && strcmp(value, q->b) <= 0;
    return like(value, q->a);
}

static int expected(const question *q, bool negated, const document *d)
{
    bool any = false;

    for (size_t i = 0; i < d->count; i++)
        any = any || value_passes(q, d->tags[i]);
    return d->count == 0 ? -1 : any != negated;
}

/* `form`: 0 as it is, 1 denied in its own words, 2 denied by `not`. */
static void write_question(const question *q, int form, char *out, size_t size)
{
    const char *not_word = form == 1 ? "not " : "";

    out += snprintf(out, size, "%s", form == 2 ? "not (" : "");
    if (strcmp(q->sign, "in") == 0)
        out += snprintf(out, size / 2, "tags %sin ('%s', '%s')", not_word, q->a, q->b);
    else if (strcmp(q->sign, "between") == 0)
        out += snprintf(out, size / 2, "tags %sbetween '%s' and '%s'", not_word, q->a, q->b);
    else if (strcmp(q->sign, "like") == 0)
        out += snprintf(out, size / 2, "tags %slike '%s'", not_word, q->a);
    else
        out += snprintf(out, size / 2, "tags %s '%s'", form == 1 ? "<>" : q->sign, q->a);
    snprintf(out, 8, "%s", form == 2 ? ")" : "");
}

/* ---- the program ---- */

static void ask(fixture *f, const char *text, signed char verdicts[ROWS])
{
    uint64_t hit[(ROWS + 63) / 64], undecided[(ROWS + 63) / 64];
    jh_expr *expr;
    jh_expr_plan *plan;
    jh_expr_scratch *scratch;
    jh_col_room rooms[2] = {0};
    jihe_error err = {0};

    cr_assert_eq(
        jh_expr_compile(&expr, text, strlen(text), (jh_place){"t", 1, 1, NULL, 0}, &schema, NULL, &f->arena, &err),
        JIHE_OK, "%s: %s", text, err.message);
    cr_assert_eq(jh_expr_bind(&plan, (const jh_expr *const[]){expr}, 1, f->snapshot, &f->arena, &err), JIHE_OK, "%s",
                 err.message);
    cr_assert_eq(jh_expr_scratch_new(&scratch, plan, &err), JIHE_OK);
    cr_assert_eq(jh_expr_eval(plan, 0, scratch, &(jh_verdicts){hit, undecided}, &err), JIHE_OK, "%s", err.message);
    for (uint32_t row = 0; row < ROWS; row++) {
        int walked;

        verdicts[row] = jh_bits_test(hit, row) ? 1 : jh_bits_test(undecided, row) ? -1 : 0;
        cr_assert_eq(jh_expr_walk(expr, f->snapshot, 0, row, rooms, &walked, &err), JIHE_OK);
        cr_assert_eq(walked, verdicts[row], "row %u: the walker says %d, the steps say %d: %s", row, walked,
                     verdicts[row], text);
    }
    jh_expr_scratch_free(scratch);
    jh_col_room_deinit(&rooms[0]);
    jh_col_room_deinit(&rooms[1]);
}

Test(expr_list, any_value_against_a_slow_reference)
{
    static const char *const signs[] = {"=", "<", "<=", ">", ">=", "in", "between", "like"};
    static const char *const patterns[] = {"a%", "%b", "_", "__", "1122%", "%b%", "%", "zz%", "66_2", "%c"};
    fixture f;
    jh_pcg64 rng;

    fixture_init(&f);
    jh_pcg64_seed(&rng, 4, 2);
    for (int n = 0; n < 1500; n++) {
        question q = {signs[n % 8], words[jh_pcg64_below(&rng, WORDS)], words[jh_pcg64_below(&rng, WORDS)]};
        const bool denies = strcmp(q.sign, "=") == 0 || n % 8 >= 5;
        signed char verdicts[ROWS];
        char text[256];

        if (strcmp(q.sign, "like") == 0)
            q.a = patterns[jh_pcg64_below(&rng, 10)];
        for (int form = 0; form < 3; form++) {
            if (form == 1 && !denies)
                continue;
            write_question(&q, form, text, sizeof text);
            ask(&f, text, verdicts);
            for (size_t row = 0; row < ROWS; row++)
                cr_assert_eq(verdicts[row], expected(&q, form > 0, &f.documents[row]), "row %zu: %d: %s", row,
                             verdicts[row], text);
        }
    }
    fixture_deinit(&f);
}

Test(expr_list, missing_and_columns)
{
    fixture f;
    signed char verdicts[ROWS];
    jh_expr *expr;
    jihe_error err = {0};

    fixture_init(&f);
    ask(&f, "tags is null", verdicts);
    for (size_t row = 0; row < ROWS; row++)
        cr_assert_eq(verdicts[row], f.documents[row].count == 0);
    cr_assert_eq(jh_expr_compile(&expr, "id = tags", 9, (jh_place){"t", 1, 1, NULL, 0}, &schema, NULL, &f.arena, &err),
                 JIHE_CONFIG);
    cr_assert(err.column == 6 && strstr(err.message, "'tags' is a list") != NULL, "%s", err.message);
    fixture_deinit(&f);
}
