#include "api/demo_extract.h"

#include <stdlib.h>
#include <string.h>

#include "api/demo_document.h"
#include "api/demo_truth.h"
#include "base/days.h"
#include "base/file.h"

static const char header[] =
    "单据编号,过账日期,处理时间,金额,单据类型,小组,科目,供应商,制单人,初审人,复核人,状态,摘要,打印次数\n";

static void put_cell(jh_buf *row, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL)
        jh_buf_puts(row, text);
    else {
        jh_buf_putc(row, '"');
        for (; *text != '\0'; text++) {
            if (*text == '"')
                jh_buf_putc(row, '"');
            jh_buf_putc(row, *text);
        }
        jh_buf_putc(row, '"');
    }
    jh_buf_putc(row, ',');
}

/* ¥12,345.60, quoted for its commas; NA when there is none. */
static void put_amount(jh_buf *row, const jh_demo_document *document)
{
    const uint64_t fen = (uint64_t)llabs(document->amount), yuan = fen / 100;
    const char *sign = document->amount < 0 ? "-" : "";

    if (!document->has_amount)
        jh_buf_puts(row, "NA,");
    else if (yuan < 1000)
        jh_buf_printf(row, "%s¥%u.%02u,", sign, (unsigned)yuan, (unsigned)(fen % 100));
    else if (yuan < 1000000)
        jh_buf_printf(row, "\"%s¥%u,%03u.%02u\",", sign, (unsigned)(yuan / 1000), (unsigned)(yuan % 1000),
                      (unsigned)(fen % 100));
    else
        jh_buf_printf(row, "\"%s¥%u,%03u,%03u.%02u\",", sign, (unsigned)(yuan / 1000000),
                      (unsigned)(yuan / 1000 % 1000), (unsigned)(yuan % 1000), (unsigned)(fen % 100));
}

static void put_document(jh_buf *row, const jh_demo_document *document, uint64_t printed)
{
    const uint32_t second = document->second_of_day;
    char date[16];

    jh_days_text(document->date, date);
    jh_buf_clear(row);
    put_cell(row, document->id);
    put_cell(row, date);
    jh_buf_printf(row, "%s %02u:%02u:%02u,", date, second / 3600, second / 60 % 60, second % 60);
    put_amount(row, document);
    put_cell(row, document->type->name);
    put_cell(row, jh_demo_teams[document->type->team].name);
    put_cell(row, document->account);
    put_cell(row, document->payee);
    put_cell(row, document->preparer);
    put_cell(row, document->reviewer);
    put_cell(row, document->second_reviewer);
    put_cell(row, document->status);
    put_cell(row, document->summary);
    jh_buf_printf(row, "%u\n", (unsigned)printed);
}

static void count_planted(jh_demo_planted *planted, const jh_demo_centre *centre, const jh_demo_document *document)
{
    const jh_demo_case about = {.doc_id = document->id,
                                .type = document->type->name,
                                .preparer = document->preparer,
                                .reviewer = document->reviewer,
                                .month = jh_demo_month_of(centre, document->date)};
    jh_demo_truth truth;

    if (document->date >= centre->inspected_before || strcmp(document->status, JH_DEMO_POSTED) != 0)
        return;
    jh_demo_truth_of(&truth, centre, &about);
    planted->documents++;
    planted->in_rule += truth.in_rule;
    planted->out_of_rule += truth.out_of_rule;
}

/* Nine to eleven tenths of an average day. */
static uint64_t documents_of_day(uint32_t per_day, jh_pcg64 *rng)
{
    const uint64_t count = (uint64_t)per_day * (900 + jh_pcg64_below(rng, 201)) / 1000;

    return count == 0 ? 1 : count;
}

/* @return rows written */
static uint64_t put_day(jh_outfile *file, jh_buf *row, jh_demo_planted *planted, const jh_demo_centre *centre,
                        int32_t date, uint32_t per_day)
{
    jh_demo_document document;
    jh_pcg64 rng;

    jh_demo_random(&rng, centre->seed, "documents", (uint64_t)date);
    const uint64_t count = documents_of_day(per_day, &rng);

    for (uint64_t i = 0; i < count; i++) {
        jh_demo_document_make(&document, centre, date, i, count, &rng);
        put_document(row, &document, jh_pcg64_below(&rng, 4));
        jh_outfile_put(file, row->bytes, row->len);
        count_planted(planted, centre, &document);
    }
    return count;
}

jihe_status jh_demo_extract(uint64_t *rows, jh_demo_planted *planted, const jh_demo_centre *centre, uint32_t month,
                            uint32_t per_day, const char *path, jihe_error *err)
{
    jh_outfile *file;
    jh_buf row = {0};
    jihe_status st = jh_outfile_open(&file, path, err);

    *rows = 0;
    if (st != JIHE_OK)
        return st;
    jh_outfile_put(file, header, strlen(header));
    for (size_t d = 0; d < centre->day_count && !row.failed; d++)
        if (jh_demo_month_of(centre, centre->days[d]) == month)
            *rows += put_day(file, &row, planted, centre, centre->days[d], per_day);
    if (row.failed) {
        jh_outfile_discard(file);
        st = jh_fail(err, JIHE_NO_MEMORY, "writing '%s'", path);
    } else {
        st = jh_outfile_commit(file, err);
    }
    jh_buf_deinit(&row);
    return st;
}
