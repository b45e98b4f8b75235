#include "jihe/demo.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/demo_int.h"
#include "api/demo_setup.h"
#include "base/days.h"
#include "base/error.h"
#include "base/file.h"
#include "jihe/findings.h"
#include "jihe/ingest.h"
#include "jihe/note.h"
#include "jihe/rate.h"
#include "jihe/roster.h"
#include "jihe/rule.h"
#include "jihe/run.h"

enum { DAY_S = 86400, EAST_S = 8 * 3600, DEFAULT_PER_DAY = 600, MAX_PER_DAY = 1000000 };

__attribute__((format(printf, 2, 3))) static void say(const jh_demo *demo, const char *fmt, ...)
{
    char line[512];
    va_list args;

    if (demo->options->say == NULL)
        return;
    va_start(args, fmt);
    vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    demo->options->say(demo->options->say_context, line);
}

jihe_status jh_demo_open_at(jh_demo *demo, int32_t day, int hour, jihe_error *err)
{
    const jihe_workspace_options options = {.size = sizeof options,
                                            .threads = demo->options->threads,
                                            .now = (int64_t)day * DAY_S + (int64_t)hour * 3600 - EAST_S};

    jihe_workspace_close(demo->workspace);
    demo->workspace = NULL;
    return jihe_workspace_open(&demo->workspace, demo->path, &options, err);
}

jihe_status jh_demo_place(char **out, const jh_demo *demo, const char *dir, const char *name, jihe_error *err)
{
    const size_t size = strlen(demo->path) + strlen(dir) + strlen(name) + sizeof "//";

    if ((*out = malloc(size)) == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "naming a file of the demo");
    snprintf(*out, size, "%s/%s%s%s", demo->path, dir, name[0] == '\0' ? "" : "/", name);
    return JIHE_OK;
}

static int put_outfile(void *context, const void *bytes, size_t len)
{
    jh_outfile_put(context, bytes, len);
    return 0; /* a failure is kept for the commit */
}

jihe_status jh_demo_save_rows(jihe_rows *rows, const char *path, jihe_error *err)
{
    const jihe_write_options format = {.format = JIHE_CSV, .csv_flags = JIHE_CSV_BOM | JIHE_CSV_GUARD, .lang = "zh"};
    jh_outfile *file;
    jihe_status st = jh_outfile_open(&file, path, err);

    if (st == JIHE_OK && (st = jihe_rows_write(rows, &format, put_outfile, file, err)) != JIHE_OK)
        jh_outfile_discard(file);
    else if (st == JIHE_OK)
        st = jh_outfile_commit(file, err);
    jihe_rows_free(rows);
    return st;
}

/* --- preparing --- */

/* What explains more documents of one region's preparers, and a mark in the report's trend. */
static jihe_status add_note(jh_demo *demo, jihe_error *err)
{
    char from[16];
    const jihe_note note = {.size = sizeof note, .text = "并入两家新子公司", .from = from, .unit = jh_demo_regions[0]};
    uint64_t number;
    int is_new;

    jh_days_text(jh_days_month_first(demo->centre.first_month + 1), from);
    return jihe_note_add(&number, &is_new, demo->workspace, &note, err);
}

static jihe_status prepare(jh_demo *demo, jihe_error *err)
{
    jihe_roster_summary summary;
    uint64_t rules;
    char *roster;
    jihe_status st;

    if ((st = jh_demo_setup(demo->path, &demo->centre, err)) != JIHE_OK ||
        (st = jh_demo_open_at(demo, demo->centre.days[0], 1, err)) != JIHE_OK ||
        (st = jihe_rule_check(&rules, demo->workspace, err)) != JIHE_OK ||
        (st = jh_demo_place(&roster, demo, "roster.csv", "", err)) != JIHE_OK)
        return st;
    if ((st = jihe_roster_import(&summary, demo->workspace, roster, err)) == JIHE_OK)
        say(demo, "made %s: %" PRIu64 " rules, %d people with %" PRIu64 " postings", demo->path, rules,
            (int)JH_DEMO_PEOPLE, summary.postings);
    free(roster);
    return st == JIHE_OK ? add_note(demo, err) : st;
}

static jihe_status ingest(const jh_demo *demo, const char *extract, jihe_ingest_summary *summary, uint64_t *days,
                          jihe_error *err)
{
    const jihe_ingest_options options = {.size = sizeof options, .files = &extract, .file_count = 1};
    jihe_rows *snapshots;
    jihe_status st = jihe_ingest(summary, &snapshots, demo->workspace, &options, err);

    *days = 0;
    if (st != JIHE_OK)
        return st;
    while ((st = jihe_rows_next(snapshots, err)) == JIHE_OK)
        (*days)++;
    jihe_rows_free(snapshots);
    return st == JIHE_NOT_FOUND ? JIHE_OK : st;
}

static jihe_status take_in(jh_demo *demo, uint32_t month, const char *name, jihe_error *err)
{
    jihe_ingest_summary summary;
    char file[32];
    char *extract;
    uint64_t rows, days;

    snprintf(file, sizeof file, "%s.csv", name);
    jihe_status st = jh_demo_place(&extract, demo, "extracts", file, err);

    if (st != JIHE_OK)
        return st;
    if ((st = jh_demo_extract(&rows, &demo->planted, &demo->centre, month, demo->per_day, extract, err)) == JIHE_OK &&
        (st = ingest(demo, extract, &summary, &days, err)) == JIHE_OK)
        say(demo, "%s: %" PRIu64 " rows read = %" PRIu64 " stored + %" PRIu64 " rejected, %" PRIu64 " daily snapshots",
            name, summary.rows_read, summary.rows_stored, summary.rows_rejected, days);
    if (st == JIHE_OK && summary.rows_stored != rows)
        st = jh_fail(err, JIHE_BUG, "%s has %" PRIu64 " rows and %" PRIu64 " were stored", extract, rows,
                     summary.rows_stored);
    free(extract);
    return st;
}

/* --- a month --- */

struct flags {
    uint64_t tested, flagged, moved; /* moved: their change of post explains the jump */
};

static jihe_status count_flags(struct flags *out, const jh_demo *demo, jihe_error *err)
{
    enum { VERDICT = 3, REASON = 4 };
    jihe_rows *flags;
    jihe_status st = jihe_flags(&flags, demo->workspace, "last", err);

    *out = (struct flags){0};
    if (st != JIHE_OK)
        return st;
    while ((st = jihe_rows_next(flags, err)) == JIHE_OK) {
        const char *reason = jihe_rows_text(flags, REASON);
        const bool moved = reason != NULL && strncmp(reason, "post changed", strlen("post changed")) == 0;
        const bool tested = strcmp(jihe_rows_text(flags, VERDICT), "not tested") != 0;

        out->flagged += strcmp(jihe_rows_text(flags, VERDICT), "flagged") == 0;
        out->moved += moved;
        out->tested += tested;
    }
    jihe_rows_free(flags);
    return st == JIHE_NOT_FOUND ? JIHE_OK : st;
}

/* What the inspectors made of some work lists: "622 inspected, 11 findings, 54 not filled in yet". */
static const char *results(const jh_demo_outcome *outcome, char out[128])
{
    const uint64_t open = outcome->documents - outcome->inspected;
    const int len =
        snprintf(out, 128, "%" PRIu64 " inspected, %" PRIu64 " findings", outcome->inspected, outcome->findings);

    if (open > 0)
        snprintf(out + len, 128 - (size_t)len, ", %" PRIu64 " not filled in yet", open);
    return out;
}

static jihe_status audit_days(jh_demo *demo, uint32_t month, const char *name, jihe_error *err)
{
    jh_demo_outcome outcome = {0};
    jihe_status st = JIHE_OK;
    char text[128];

    for (size_t d = 0; st == JIHE_OK && d < demo->centre.day_count; d++)
        if (jh_demo_month_of(&demo->centre, demo->centre.days[d]) == month)
            st = jh_demo_audit_day(demo, demo->centre.days[d], &outcome, err);
    if (st == JIHE_OK)
        say(demo, "%s: %" PRIu64 " daily runs, %" PRIu64 " documents on work lists: %s", name, outcome.runs,
            outcome.documents, results(&outcome, text));
    return st;
}

static jihe_status audit_jumps(jh_demo *demo, uint32_t month, const char *name, jihe_error *err)
{
    jh_demo_outcome outcome = {0};
    struct flags flags;
    char text[128];
    jihe_status st;

    if ((st = jh_demo_audit_month(demo, month, &outcome, err)) != JIHE_OK ||
        (st = count_flags(&flags, demo, err)) != JIHE_OK)
        return st;
    if (flags.tested == 0)
        say(demo, "%s: volume jumps: too few earlier months to judge", name);
    else
        say(demo,
            "%s: volume jumps: %" PRIu64 " people judged, %" PRIu64 " flagged, %" PRIu64
            " explained by a change of post: %s",
            name, flags.tested + flags.moved, flags.flagged, flags.moved, results(&outcome, text));
    return JIHE_OK;
}

static jihe_status live_month(jh_demo *demo, uint32_t month, jihe_error *err)
{
    char name[16];
    jihe_status st;

    jh_days_month_text(demo->centre.first_month + (int32_t)month, name);
    if ((st = take_in(demo, month, name, err)) != JIHE_OK || (st = audit_days(demo, month, name, err)) != JIHE_OK)
        return st;
    return audit_jumps(demo, month, name, err);
}

/* --- the answer --- */

static void say_rate(const jh_demo *demo, const char *what, const jihe_rows *rows, size_t first, uint64_t planted)
{
    const uint64_t documents = demo->planted.documents == 0 ? 1 : demo->planted.documents;
    const uint64_t ppm = (planted * 1000000 + documents / 2) / documents;

    say(demo, "%s errors: rate %s (95 %%: %s to %s) from the random draws; planted: 0.%06" PRIu64, what,
        jihe_rows_text(rows, first + 1), jihe_rows_text(rows, first + 2), jihe_rows_text(rows, first + 3), ppm);
}

/* What the random draws say about the whole, beside what was planted. */
static jihe_status compare(const jh_demo *demo, const char *from, const char *to, jihe_error *err)
{
    enum { IN_RULE = 1, OUT_OF_RULE = 5, BASIS = 9 };
    jihe_rows *rows;
    jihe_status st = jihe_rate(&rows, demo->workspace, from, to, NULL, 0, err);

    if (st != JIHE_OK)
        return st;
    while ((st = jihe_rows_next(rows, err)) == JIHE_OK)
        if (strcmp(jihe_rows_text(rows, BASIS), "random") == 0) {
            say_rate(demo, "in-rule", rows, IN_RULE, demo->planted.in_rule);
            say_rate(demo, "out-of-rule", rows, OUT_OF_RULE, demo->planted.out_of_rule);
        }
    jihe_rows_free(rows);
    return st == JIHE_NOT_FOUND ? JIHE_OK : st;
}

static jihe_status write_rates(const jh_demo *demo, const char *from, const char *to, jihe_error *err)
{
    static const char *const keys[] = {"team", "month"};
    jihe_rows *rows;
    char *path;
    jihe_status st = jh_demo_place(&path, demo, "out", "rates.csv", err);

    if (st != JIHE_OK)
        return st;
    if ((st = jihe_rate(&rows, demo->workspace, from, to, keys, sizeof keys / sizeof keys[0], err)) == JIHE_OK)
        st = jh_demo_save_rows(rows, path, err);
    if (st == JIHE_OK)
        say(demo, "rates by team and month: %s", path);
    free(path);
    return st;
}

static jihe_status conclude(jh_demo *demo, jihe_error *err)
{
    char from[16], to[16];
    char *path;
    jihe_status st;

    jh_days_text(demo->centre.days[0], from);
    jh_days_text(demo->centre.days[demo->centre.day_count - 1], to);
    if ((st = compare(demo, from, to, err)) != JIHE_OK || (st = write_rates(demo, from, to, err)) != JIHE_OK ||
        (st = jh_demo_place(&path, demo, "out", "report.html", err)) != JIHE_OK)
        return st;
    if ((st = jihe_report(demo->workspace, from, to, "zh", path, err)) == JIHE_OK)
        say(demo, "report: %s", path);
    free(path);
    return st;
}

static jihe_status run_demo(jh_demo *demo, jihe_error *err)
{
    jihe_status st = prepare(demo, err);

    for (uint32_t month = 0; st == JIHE_OK && month < JH_DEMO_MONTHS; month++)
        st = live_month(demo, month, err);
    return st == JIHE_OK ? conclude(demo, err) : st;
}

jihe_status jihe_demo(const char *path, const jihe_demo_options *options, jihe_error *err)
{
    if (path == NULL || path[0] == '\0' || options == NULL || options->size < sizeof *options ||
        options->per_day > MAX_PER_DAY)
        return jh_fail(err, JIHE_USAGE, "demo: no directory, a wrong options size, or more than %d documents a day",
                       (int)MAX_PER_DAY);
    jh_demo *demo = calloc(1, sizeof *demo);

    if (demo == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "a demo");
    demo->path = path;
    demo->options = options;
    demo->per_day = options->per_day == 0 ? DEFAULT_PER_DAY : options->per_day;
    jh_demo_centre_init(&demo->centre, options->seed);
    const jihe_status st = run_demo(demo, err);

    jihe_workspace_close(demo->workspace);
    free(demo);
    return st;
}
