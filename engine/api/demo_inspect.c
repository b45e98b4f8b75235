#include "api/demo_inspect.h"

#include <string.h>

#include "api/demo_truth.h"
#include "base/days.h"
#include "base/file.h"
#include "base/hash.h"

/* The columns of a work list that a filled one says again or is decided by. */
enum wanted { DOC_ID, RUN, DATE, TYPE, PREPARER, REVIEWER, WANTED };

struct inspecting {
    jihe_rows *worklist;
    const jh_demo_centre *centre;
    uint32_t first, count;
    size_t columns[WANTED];
    jh_buf csv;
};

static jihe_status find_columns(struct inspecting *work, jihe_error *err)
{
    static const char *const names[WANTED] = {"doc_id", "run", "snapshot_date", "doc_type", "preparer", "reviewer"};
    const size_t count = jihe_rows_columns(work->worklist);

    for (size_t i = 0; i < WANTED; i++) {
        size_t c = 0;

        while (c < count && strcmp(jihe_rows_name(work->worklist, c), names[i]) != 0)
            c++;
        if (c == count)
            return jh_fail(err, JIHE_BUG, "the work list has no column '%s'", names[i]);
        work->columns[i] = c;
    }
    return JIHE_OK;
}

static const char *cell(const struct inspecting *work, enum wanted column)
{
    const char *text = jihe_rows_text(work->worklist, work->columns[column]);

    return text == NULL ? "" : text;
}

static void put_leading(struct inspecting *work)
{
    jh_buf_printf(&work->csv, "%s,%s,%s,", cell(work, DOC_ID), cell(work, RUN), cell(work, DATE));
}

/* Which inspector has the document is decided by its id, so that nobody chooses. */
static const char *inspector_of(const struct inspecting *work)
{
    const char *id = cell(work, DOC_ID);

    return work->centre->people[work->first + jh_hash64(id, strlen(id)) % work->count].name;
}

static void put_fault(struct inspecting *work, const jh_demo_fault *fault)
{
    const jh_demo_clause *clause = fault->clause;
    const char *responsible = fault->in_rule ? cell(work, REVIEWER) : "制度组";

    put_leading(work);
    jh_buf_printf(&work->csv, "%s,不通过,%s,", inspector_of(work), fault->in_rule ? "细则内" : "细则外");
    if (clause == NULL)
        jh_buf_printf(&work->csv, ",RULE-00,%s,一般,细则未覆盖该情形\n", responsible);
    else
        jh_buf_printf(&work->csv, "%s,%s,%s,%s,%s\n", clause->number, clause->code, responsible, clause->severity,
                      clause->note);
}

static jihe_status fill_in(struct inspecting *work, jihe_error *err)
{
    const char *date = cell(work, DATE);
    jh_demo_truth truth;
    int32_t day;

    if (!jh_days_parse(date, strlen(date), &day))
        return jh_fail(err, JIHE_BUG, "'%s' in a work list is not a date", date);
    if (day >= work->centre->inspected_before) {
        put_leading(work);
        jh_buf_puts(&work->csv, ",,,,,,,\n");
        return JIHE_OK;
    }
    const jh_demo_case document = {.doc_id = cell(work, DOC_ID),
                                   .type = cell(work, TYPE),
                                   .preparer = cell(work, PREPARER),
                                   .reviewer = cell(work, REVIEWER),
                                   .month = jh_demo_month_of(work->centre, day)};

    jh_demo_truth_of(&truth, work->centre, &document);
    for (size_t i = 0; i < truth.count; i++)
        put_fault(work, &truth.faults[i]);
    if (truth.count == 0) {
        put_leading(work);
        jh_buf_printf(&work->csv, "%s,通过,,,,,,\n", inspector_of(work));
    }
    return JIHE_OK;
}

static jihe_status fill_all(struct inspecting *work, jh_outfile *file, jihe_error *err)
{
    jihe_status st = find_columns(work, err);

    if (st != JIHE_OK)
        return st;
    jh_buf_puts(&work->csv, "doc_id,run,snapshot_date,inspector,verdict,class,clause,code,responsible,severity,note\n");
    while (!work->csv.failed && (st = jihe_rows_next(work->worklist, err)) == JIHE_OK) {
        if ((st = fill_in(work, err)) != JIHE_OK)
            return st;
        jh_outfile_put(file, work->csv.bytes, work->csv.len);
        jh_buf_clear(&work->csv);
    }
    if (work->csv.failed)
        return jh_fail(err, JIHE_NO_MEMORY, "filling in a work list");
    jh_outfile_put(file, work->csv.bytes, work->csv.len); /* the header, where there was no row */
    return st == JIHE_NOT_FOUND ? JIHE_OK : st;
}

jihe_status jh_demo_inspect(jihe_rows *worklist, const jh_demo_centre *centre, uint32_t first, uint32_t count,
                            const char *path, jihe_error *err)
{
    struct inspecting work = {.worklist = worklist, .centre = centre, .first = first, .count = count};
    jh_outfile *file;
    jihe_status st = jh_outfile_open(&file, path, err);

    if (st != JIHE_OK)
        return st;
    if ((st = fill_all(&work, file, err)) == JIHE_OK)
        st = jh_outfile_commit(file, err);
    else
        jh_outfile_discard(file);
    jh_buf_deinit(&work.csv);
    return st;
}
