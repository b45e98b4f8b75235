/* How near conditions come to a plain read of the columns they look at: the same segments, the same threads, by turns,
 * medians of processor time per thread (README.md).
 * usage: kernels WORKSPACE DATE THREADS ROUNDS [RULES...]      RULES: directories of rule files, each evaluated as a
 * set */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/bits.h"
#include "base/days.h"
#include "base/parallel.h"
#include "base/zone.h"
#include "expr/expr.h"
#include "rule/rulefile.h"

enum { MAX_ROUNDS = 999, MAX_FILTERS = 6, SEGMENT_WORDS = JH_SEGMENT_ROWS / 64 };

struct desk { /* what all measurements share */
    const char *workspace;
    int32_t day;
    uint32_t threads, rounds;
    jh_snapshot *snapshot;
    jh_facts facts;
    jh_arena arena;
};

struct turn { /* one plan and the columns it looks at */
    const struct desk *desk;
    jh_expr_plan *plan;
    size_t expr_count;
    jh_expr_scratch **scratch; /* per thread */
    jh_verdicts *answers;      /* per thread and expression, a segment each */
    size_t columns[JH_MAX_COLUMNS];
    size_t column_count;
    uint64_t *sums; /* per thread: what was read, added up, so that it has to be read */
};

static void must(jihe_status st, const jihe_error *err)
{
    if (st == JIHE_OK)
        return;
    fprintf(stderr, "kernels: %s\n", err->message);
    exit((int)st);
}

static void *room(size_t count, size_t size)
{
    void *memory = calloc(count + 1, size);

    if (memory == NULL) {
        fputs("kernels: no memory\n", stderr);
        exit(74);
    }
    return memory;
}

/* Of all threads together, waiting for memory included, for the processor not: others who use the machine do not count.
 */
static double cpu_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* --- turns --- */

static jihe_status eval_segment(void *context, uint32_t worker, uint64_t segment, jihe_error *err)
{
    const struct turn *turn = context;

    return jh_expr_eval(turn->plan, (uint32_t)segment, turn->scratch[worker], turn->answers + worker * turn->expr_count,
                        err);
}

/* Four sums, so that no addition waits for the one before it: as fast as memory gives the bytes. */
static uint64_t sum(const uint64_t *words, size_t count)
{
    uint64_t sums[4] = {0};

    for (size_t i = 0; i < count; i += 4)
        for (size_t k = 0; k < 4; k++)
            sums[k] += words[i + k];
    return sums[0] + sums[1] + sums[2] + sums[3];
}

/* A segment's codes are padded to whole 64 rows: a multiple of 64 bytes. */
static jihe_status read_segment(void *context, uint32_t worker, uint64_t segment, jihe_error *err)
{
    const struct turn *turn = context;
    jihe_status st = JIHE_OK;

    for (size_t c = 0; c < turn->column_count && st == JIHE_OK; c++) {
        jh_col_view view;

        st = jh_snapshot_column(turn->desk->snapshot, (uint32_t)segment, turn->columns[c], NULL, &view, err);
        if (st == JIHE_OK && view.codes != NULL)
            turn->sums[worker] += sum(view.codes, jh_bits_words(view.rows) * 64 * view.width / 8);
    }
    return st;
}

static double timed(const struct turn *turn, jh_task task)
{
    jihe_error err = {0};
    const double begun = cpu_seconds();

    must(jh_parallel(turn->desk->threads, jh_snapshot_segments(turn->desk->snapshot), task, (void *)(uintptr_t)turn,
                     &err),
         &err);
    return (cpu_seconds() - begun) / turn->desk->threads;
}

static void begin_turn(struct turn *turn, const struct desk *desk, const jh_expr *const *exprs, size_t count,
                       jh_arena *arena)
{
    uint64_t used[JH_MAX_COLUMNS / 64] = {0};
    jihe_error err = {0};

    *turn = (struct turn){.desk = desk, .expr_count = count};
    must(jh_expr_bind(&turn->plan, exprs, count, desk->snapshot, arena, &err), &err);
    turn->scratch = room(desk->threads, sizeof(jh_expr_scratch *));
    turn->answers = room(desk->threads * count, sizeof *turn->answers);
    turn->sums = room(desk->threads, sizeof *turn->sums);
    for (uint32_t t = 0; t < desk->threads; t++)
        must(jh_expr_scratch_new(&turn->scratch[t], turn->plan, &err), &err);
    for (size_t a = 0; a < desk->threads * count; a++)
        turn->answers[a] = (jh_verdicts){room(SEGMENT_WORDS, 8), room(SEGMENT_WORDS, 8)};
    for (size_t e = 0; e < count; e++) {
        uint64_t its[JH_MAX_COLUMNS / 64];

        jh_expr_columns(exprs[e], its);
        for (size_t w = 0; w < JH_MAX_COLUMNS / 64; w++)
            used[w] |= its[w];
    }
    for (size_t c = 0; c < jh_snapshot_schema(desk->snapshot)->count; c++)
        if (jh_bits_test(used, c))
            turn->columns[turn->column_count++] = c;
}

static void end_turn(struct turn *turn)
{
    for (size_t a = 0; a < turn->desk->threads * turn->expr_count; a++) {
        free(turn->answers[a].yes);
        free(turn->answers[a].undecided);
    }
    for (uint32_t t = 0; t < turn->desk->threads; t++)
        jh_expr_scratch_free(turn->scratch[t]);
    free(turn->scratch);
    free(turn->answers);
    free(turn->sums);
}

/* --- figures --- */

static int compare_times(const void *left, const void *right)
{
    const double *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

static double median(double *times, uint32_t count)
{
    qsort(times, count, sizeof *times, compare_times);
    return times[count / 2];
}

/* Bytes per document that a plain read of the columns takes; of texts, none. */
static double bytes_read(const struct turn *turn)
{
    const struct desk *desk = turn->desk;
    jihe_error err = {0};
    uint64_t bytes = 0;

    for (uint32_t s = 0; s < jh_snapshot_segments(desk->snapshot); s++)
        for (size_t c = 0; c < turn->column_count; c++) {
            jh_col_view view;

            must(jh_snapshot_column(desk->snapshot, s, turn->columns[c], NULL, &view, &err), &err);
            bytes += (uint64_t)view.rows * view.width;
        }
    return (double)bytes / (double)jh_snapshot_manifest(desk->snapshot)->rows;
}

/* A line: of the first evaluation after the snapshot was opened, which verifies the columns, and of later ones. */
static void measure(struct desk *desk, const char *name, unsigned goal, const jh_expr *const *exprs, size_t count)
{
    double reads[MAX_ROUNDS], evals[MAX_ROUNDS], firsts[3];
    jihe_error err = {0};
    struct turn turn;

    for (int i = 0; i < 3; i++) {
        jh_snapshot *kept = desk->snapshot;
        jh_arena arena;

        must(jh_snapshot_open(&desk->snapshot, desk->workspace, desk->day, 0, &err), &err);
        jh_arena_init(&arena, 0);
        begin_turn(&turn, desk, exprs, count, &arena);
        firsts[i] = timed(&turn, eval_segment);
        end_turn(&turn);
        jh_arena_deinit(&arena);
        jh_snapshot_close(desk->snapshot);
        desk->snapshot = kept;
    }
    begin_turn(&turn, desk, exprs, count, &desk->arena);
    timed(&turn, eval_segment);
    for (uint32_t i = 0; i < desk->rounds; i++) {
        reads[i] = timed(&turn, read_segment);
        evals[i] = timed(&turn, eval_segment);
    }
    const double ns = 1e9 / (double)jh_snapshot_manifest(desk->snapshot)->rows;
    const double read = median(reads, desk->rounds) * ns, eval = median(evals, desk->rounds) * ns;

    printf("%-28s %7" PRIu32 " %9.1f %9.3f %9.3f %9.3f %7.0f", name, desk->threads, bytes_read(&turn), read, eval,
           median(firsts, 3) * ns, 100 * read / eval);
    if (goal != 0)
        printf(" %5u %s", goal, read / eval * 100 >= goal ? "met" : "short");
    putchar('\n');
    end_turn(&turn);
}

static jh_expr *compile(struct desk *desk, const char *text, size_t len)
{
    jihe_error err = {0};
    jh_expr *expr;

    must(jh_expr_compile(&expr, text, len, (jh_place){"kernels", 1, 1, NULL, 0}, jh_snapshot_schema(desk->snapshot),
                         &desk->facts, &desk->arena, &err),
         &err);
    return expr;
}

/* What has to be worked out row by row; a text has no plain read. */
static void measure_values(struct desk *desk)
{
    static const char *const texts[] = {"hour(processed_at) < 7", "amount % 100000 = 0 and amount >= 5000",
                                        "summary like '%退款%' and summary like '%urgent%'"};
    static const char *const names[] = {"an hour", "a rest and an amount", "two words in a text"};

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const jh_expr *expr = compile(desk, texts[i], strlen(texts[i]));

        measure(desk, names[i], 0, &expr, 1);
    }
}

/* The goals of PERFORMANCE.md: a filter alone, and six together. */
static void measure_filters(struct desk *desk)
{
    static const char *const texts[MAX_FILTERS] = {
        "amount >= 100000",
        "doc_type in ('LOAN-EXT', 'KYC-EXT', 'TAX-ADJ', 'FEE-REV', 'WIRE-ADJ', 'CLM-URG')",
        "account in ('400161', '400329', '400497', '400665', '400833', '401001', '401169', '401337', '401505', "
        "'401673', '401841', '402009', '402177', '402345', '402513', '402681', '402849', '403017', '403185', '403353', "
        "'403521', '403689', '403857', '404025')",
        "preparer in ('EMP001260', 'EMP003110', 'EMP004960', 'EMP006810') or reviewer in ('EMP001260', 'EMP010510')",
        "(processed_at < '2026-01-05 07:00:00' or processed_at >= '2026-01-05 21:00:00') and amount >= 50000",
        "preparer = reviewer"};
    static const char *const names[MAX_FILTERS] = {"an amount",           "a type in 6",
                                                   "an account in 24",    "two persons in lists",
                                                   "hours and an amount", "a person and another"};
    const jh_expr *exprs[MAX_FILTERS];

    for (size_t i = 0; i < MAX_FILTERS; i++) {
        exprs[i] = compile(desk, texts[i], strlen(texts[i]));
        measure(desk, names[i], i == 0 ? 70 : 0, &exprs[i], 1);
    }
    measure(desk, "these six together", 30, exprs, MAX_FILTERS);
}

static void measure_rules(struct desk *desk, const char *directory)
{
    jihe_error err = {0};
    jh_rules rules = {0};
    char name[40];

    must(jh_rules_load(&rules, directory, &err), &err);
    const jh_expr **exprs = room(rules.count, sizeof *exprs);

    for (size_t r = 0; r < rules.count; r++)
        exprs[r] = compile(desk, rules.rules[r].where, rules.rules[r].where_len);
    snprintf(name, sizeof name, "where of %zu rules", rules.count);
    measure(desk, name, 0, exprs, rules.count);
    free(exprs);
    jh_rules_deinit(&rules);
}

int main(int argc, char **argv)
{
    struct desk desk = {0};
    jihe_error err = {0};
    jh_zone *zone;

    if (argc < 5 || !jh_days_parse(argv[2], strlen(argv[2]), &desk.day) ||
        (desk.threads = (uint32_t)atoi(argv[3])) < 1 || (desk.rounds = (uint32_t)atoi(argv[4])) < 1 ||
        desk.rounds > MAX_ROUNDS) {
        fprintf(stderr, "usage: kernels WORKSPACE DATE THREADS ROUNDS [RULES...]\n");
        return 64;
    }
    desk.workspace = argv[1];
    jh_arena_init(&desk.arena, 0);
    must(jh_zone_open(&zone, "Asia/Shanghai", &err), &err);
    desk.facts.zone = zone;
    must(jh_snapshot_open(&desk.snapshot, desk.workspace, desk.day, 0, &err), &err);
    printf("%-28s %7s %9s %9s %9s %9s %7s %5s\n", "condition", "threads", "bytes/doc", "read_ns", "eval_ns", "first_ns",
           "read/%", "goal");
    measure_filters(&desk);
    measure_values(&desk);
    for (int i = 5; i < argc; i++)
        measure_rules(&desk, argv[i]);
    jh_snapshot_close(desk.snapshot);
    jh_zone_free(zone);
    jh_arena_deinit(&desk.arena);
    return 0;
}
