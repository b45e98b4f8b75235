#include "documents.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/days.h"
#include "base/file.h"

static const char *const no_sources[] = {""};

/* clang-format off */
#define COLUMN(n, t, c, s) \
    {.name = (n), .type = (t), .sources = no_sources, .source_count = 1, .format = "", .currency = (c), \
     .money = {.scale = (s), .prefix = "", .thousands = "", .decimal = "."}}
#define PERSON(n) \
    {.name = (n), .type = JH_CATEGORY, .roles = JH_ROLE_PERSON, .sources = no_sources, .source_count = 1, .format = "", \
     .currency = "", .money = {.prefix = "", .thousands = "", .decimal = "."}}
/* clang-format on */

static const jh_column columns[DOC_COLUMNS] = {
    COLUMN("doc_id", JH_ID, "", 0),
    COLUMN("team", JH_CATEGORY, "", 0),
    PERSON("lead"),
    COLUMN("note", JH_TEXT, "", 0),
    COLUMN("amount", JH_MONEY, "CNY", 2),
    COLUMN("paid", JH_MONEY, "CNY", 2),
    COLUMN("fee", JH_MONEY, "CNY", 3),
    COLUMN("usd", JH_MONEY, "USD", 2),
    COLUMN("any", JH_MONEY, "", 0),
    COLUMN("count", JH_INTEGER, "", 0),
    COLUMN("other", JH_INTEGER, "", 0),
    COLUMN("day", JH_DATE, "", 0),
    COLUMN("due", JH_DATE, "", 0),
    COLUMN("at", JH_TIME, "", 0),
    COLUMN("seen", JH_TIME, "", 0),
    COLUMN("urgent", JH_FLAG, "", 0),
    COLUMN("done", JH_FLAG, "", 0),
    COLUMN("金额", JH_MONEY, "CNY", 2),
    COLUMN("like", JH_INTEGER, "", 0),
    COLUMN("付款（元）", JH_MONEY, "CNY", 2),
};

const jh_schema documents_schema = {columns, DOC_COLUMNS, DOC_ID, SIZE_MAX};

enum { DATE = 20000 };

/* People P0 to P9 have held their posts for so many times 30 days; of others nothing is known. */
static bool since(const void *context, const char *person, size_t len, int32_t day, int32_t *first)
{
    (void)context;
    *first = day - (person[len - 1] - '0') * 30;
    return len == 2 && person[0] == 'P' && person[1] >= '0' && person[1] <= '9';
}

void documents_facts(documents *d)
{
    static const char names[] = "# people\na\nb b\n资a\n\nb b\nDOC-3\nDOC-10\n",
                      numbers[] = "n,why\n-1,x\n\"2\"\n03,\n";
    static const char days[] = "date,kind,note\n2024-10-01,holiday,\n2024-10-04,holiday\n2024-10-05,workday,made up\n"
                               "2024-10-07,holiday\n2025-01-01,holiday\n";
    jihe_error err = {0};

    cr_assert_eq(jh_value_lists_add(&d->lists, "lists/names.txt", names, sizeof names - 1, &err), JIHE_OK, "%s",
                 err.message);
    cr_assert_eq(jh_value_lists_add(&d->lists, "lists/odd-numbers.csv", numbers, sizeof numbers - 1, &err), JIHE_OK,
                 "%s", err.message);
    cr_assert_eq(jh_calendar_add(&d->calendar, "calendar/2024.csv", days, sizeof days - 1, &err), JIHE_OK, "%s",
                 err.message);
    d->facts = (jh_facts){d->zone, &d->lists, &d->calendar, {NULL, since}};
}

void documents_end_facts(documents *d)
{
    jh_value_lists_deinit(&d->lists);
    jh_calendar_deinit(&d->calendar);
    jh_zone_free(d->zone);
}

void documents_begin(documents *d)
{
    jihe_error err = {0};

    memset(d, 0, sizeof *d);
    strcpy(d->path, "/tmp/jihe-expr-XXXXXX");
    cr_assert(mkdtemp(d->path) != NULL);
    cr_assert_eq(jh_zone_open(&d->zone, "Asia/Shanghai", &err), JIHE_OK, "%s", err.message);
    documents_facts(d);
    cr_assert_eq(jh_writer_new(&d->writer, d->path, DATE, 1, &documents_schema, &err), JIHE_OK, "%s", err.message);
}

void documents_add(documents *d, const jh_cell cells[DOC_COLUMNS])
{
    jihe_error err = {0};

    cr_assert_eq(jh_writer_add(d->writer, cells, &err), JIHE_OK, "%s", err.message);
}

void documents_seal(documents *d)
{
    jihe_error err = {0};

    cr_assert_eq(jh_writer_seal(d->writer, &err), JIHE_OK, "%s", err.message);
    cr_assert_eq(jh_writer_publish(d->writer, &err), JIHE_OK, "%s", err.message);
    jh_writer_free(d->writer);
    d->writer = NULL;
    cr_assert_eq(jh_snapshot_open(&d->snapshot, d->path, DATE, 0, &err), JIHE_OK, "%s", err.message);
}

void documents_end(documents *d)
{
    static const char *const levels[] = {"snapshots/2024-10-04/r1", "snapshots/2024-10-04", "snapshots", "."};
    char path[128];

    jh_snapshot_close(d->snapshot);
    jh_writer_free(d->writer);
    documents_end_facts(d);
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", d->path, levels[i]);
        jh_file_remove_tree(path, NULL);
    }
    rmdir(d->path);
}

bool documents_cell(const documents *d, size_t column, const char *text, jh_cell *out)
{
    const jh_column *c = &columns[column];
    const size_t len = strlen(text);
    jh_clock clock;
    int32_t day = 0;

    *out = (jh_cell){.present = true, .text = text, .len = (uint32_t)len};
    switch (c->type) {
    case JH_MONEY:
        return jh_money_parse(&c->money, text, len, &out->number) == JH_MONEY_OK;
    case JH_INTEGER:
        return jh_num_i64(text, len, &out->number);
    case JH_DATE:
        out->present = jh_days_parse(text, len, &day);
        out->number = day;
        return out->present;
    case JH_TIME:
        return jh_clock_parse("%Y-%m-%d %H:%M:%S%f", text, len, &clock) &&
               jh_zone_to_utc(d->zone, &clock, &out->number);
    case JH_FLAG:
        out->number = strcmp(text, "true") == 0;
        return out->number == 1 || strcmp(text, "false") == 0;
    default:
        return true;
    }
}

jihe_status documents_compile(const documents *d, const char *text, jh_expr **out, jh_arena *arena, jihe_error *err)
{
    const jh_place place = {"rules/test.yaml", 1, 1, NULL, 0};

    return jh_expr_compile(out, text, strlen(text), place, &documents_schema, &d->facts, arena, err);
}

void documents_eval(const documents *d, const jh_expr *expr, uint32_t segment, signed char *verdicts)
{
    documents_eval_set(d, &expr, 1, segment, &verdicts);
}

static void expect_padding(const uint64_t *set, uint32_t rows, const char *what)
{
    cr_assert((set[rows / 64 - (rows % 64 == 0)] & ~jh_bits_tail(rows)) == 0, "padding of the %s", what);
}

void documents_eval_set(const documents *d, const jh_expr *const *exprs, size_t count, uint32_t segment,
                        signed char *const *verdicts)
{
    const uint32_t rows = jh_snapshot_segment_rows(d->snapshot, segment);
    const size_t words = jh_bits_words(jh_snapshot_segment_rows(d->snapshot, 0)); /* no segment has more */
    uint64_t *sets = malloc(2 * count * words * sizeof *sets);
    jh_verdicts *answers = calloc(count, sizeof *answers);
    jh_arena arena;
    jh_expr_plan *plan;
    jh_expr_scratch *scratch;
    jihe_error err = {0};

    jh_arena_init(&arena, 0);
    memset(sets, 0xA5, 2 * count * words * sizeof *sets); /* whatever was there must not show */
    for (size_t e = 0; e < count; e++)
        answers[e] = (jh_verdicts){sets + 2 * e * words, sets + (2 * e + 1) * words};
    cr_assert_eq(jh_expr_bind(&plan, exprs, count, d->snapshot, &arena, &err), JIHE_OK, "%s", err.message);
    cr_assert_eq(jh_expr_scratch_new(&scratch, plan, &err), JIHE_OK, "%s", err.message);
    for (uint32_t s = 0; s <= segment; s++) /* what is left of one segment must not show in the next */
        cr_assert_eq(jh_expr_eval(plan, s, scratch, answers, &err), JIHE_OK, "%s", err.message);
    for (size_t e = 0; e < count; e++) {
        const uint64_t *yes = answers[e].yes, *undecided = answers[e].undecided;

        for (uint32_t i = 0; i < rows && exprs[e] != NULL; i++) {
            cr_assert(!(jh_bits_test(yes, i) && jh_bits_test(undecided, i)), "row %u is both true and undecided", i);
            verdicts[e][i] = jh_bits_test(yes, i) ? 1 : jh_bits_test(undecided, i) ? -1 : 0;
        }
        if (exprs[e] == NULL)
            cr_assert(yes[0] == UINT64_C(0xA5A5A5A5A5A5A5A5) && undecided[words - 1] == yes[0], "nobody asked");
        else
            expect_padding(yes, rows, "hits");
        if (exprs[e] != NULL)
            expect_padding(undecided, rows, "undecided");
    }
    jh_expr_scratch_free(scratch);
    jh_arena_deinit(&arena);
    free(answers);
    free(sets);
}

void documents_walk(const documents *d, const jh_expr *expr, uint32_t segment, signed char *verdicts)
{
    const uint32_t rows = jh_snapshot_segment_rows(d->snapshot, segment);
    jh_col_room rooms[JH_MAX_COLUMNS] = {0};
    jihe_error err = {0};

    for (uint32_t i = 0; i < rows; i++) {
        int verdict;

        cr_assert_eq(jh_expr_walk(expr, d->snapshot, segment, i, rooms, &verdict, &err), JIHE_OK, "%s", err.message);
        verdicts[i] = (signed char)verdict;
    }
    for (size_t c = 0; c < JH_MAX_COLUMNS; c++)
        jh_col_room_deinit(&rooms[c]);
}
