#include "sample/amounts.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/parallel.h"
#include "sample/cells.h"

struct screening {
    jh_pass *pass;
    jh_frame *frame;
    const jh_draw *draw;
    jh_apart *apart;
    uint64_t missing;
    pthread_mutex_t lock; /* guards apart and missing */
};

static size_t column_of(const jh_draw *draw, const jh_snapshot *snapshot)
{
    return jh_schema_find(jh_snapshot_schema(snapshot), draw->money.name, strlen(draw->money.name));
}

jihe_status jh_amounts_read(jh_col_view *out, const jh_draw *draw, const jh_pass *pass, const jh_pass_segment *at,
                            jihe_error *err)
{
    const jh_snapshot *snapshot = pass->parts[at->part];

    return jh_snapshot_column(snapshot, at->segment, column_of(draw, snapshot), NULL, out, err);
}

/* Takes the documents without a positive amount off 64 documents of the frame. Returns how many have none at all. */
static uint64_t screen_word(const jh_col_view *view, const int64_t *amounts, uint32_t first, uint64_t *set,
                            jh_apart *apart)
{
    uint64_t off = 0, missing = 0;

    for (uint64_t left = *set; left != 0; left &= left - 1) {
        const uint32_t i = (uint32_t)__builtin_ctzll(left);

        off |= (left & -left) * (amounts[i] <= 0 || !jh_col_present(view, first + i));
    }
    *set &= ~off;
    for (; off != 0; off &= off - 1) {
        const uint32_t i = (uint32_t)__builtin_ctzll(off);
        const bool present = jh_col_present(view, first + i);

        missing += !present;
        apart->documents += present;
        apart->amount += present ? amounts[i] : 0;
    }
    return missing;
}

static jihe_status screen_segment(void *context, uint32_t worker, uint64_t index, jihe_error *err)
{
    struct screening *work = context;
    const jh_pass_segment *at = &work->pass->segments[index];
    uint64_t *bits = work->frame->bits + at->word;
    int64_t amounts[JH_BLOCK_ROWS];
    uint64_t missing = 0;
    jh_apart apart = {0};
    jh_col_view view;
    const jihe_status st = jh_amounts_read(&view, work->draw, work->pass, at, err);

    (void)worker;
    if (st != JIHE_OK)
        return st;
    for (uint32_t first = 0; first < at->rows; first += JH_BLOCK_ROWS) {
        const uint32_t count = at->rows - first < JH_BLOCK_ROWS ? at->rows - first : JH_BLOCK_ROWS;

        jh_col_numbers(&view, first, count, amounts);
        for (uint32_t w = 0; w * 64 < count; w++)
            missing += screen_word(&view, amounts + w * 64, first + w * 64, &bits[first / 64 + w], &apart);
    }
    pthread_mutex_lock(&work->lock);
    work->missing += missing;
    work->apart->documents += apart.documents;
    work->apart->amount += apart.amount;
    pthread_mutex_unlock(&work->lock);
    return JIHE_OK;
}

static jihe_status check_alike(const jh_pass *pass, const jh_draw *draw, uint32_t *scale, jihe_error *err)
{
    const jh_column *first = NULL;

    for (size_t p = 0; p < pass->part_count; p++) {
        const jh_column *column = &jh_snapshot_schema(pass->parts[p])->columns[column_of(draw, pass->parts[p])];

        *scale = column->money.scale;
        if (first == NULL)
            first = column;
        else if (column->money.scale != first->money.scale || strcmp(column->currency, first->currency) != 0)
            return jh_fail_at(err, JIHE_CONFIG, draw->place.source, draw->place.line, draw->place.column,
                              "draw: money: column '%s' is in %s with %u decimals on some dates and in %s with %u on "
                              "others; draw from them separately",
                              draw->money.name, first->currency, first->money.scale, column->currency,
                              column->money.scale);
    }
    return JIHE_OK;
}

jihe_status jh_amounts_screen(jh_pass *pass, size_t rule, const jh_draw *draw, uint32_t threads, jh_apart *apart,
                              jihe_error *err)
{
    jh_frame *frame = &pass->frames[rule];
    struct screening work = {
        .pass = pass, .frame = frame, .draw = draw, .apart = apart, .lock = PTHREAD_MUTEX_INITIALIZER};

    *apart = (jh_apart){0};
    jihe_status st = check_alike(pass, draw, &apart->scale, err);

    if (st == JIHE_OK)
        st = jh_parallel(threads, pass->segment_count, screen_segment, &work, err);
    pthread_mutex_destroy(&work.lock);
    frame->documents -= work.missing + apart->documents;
    frame->undecided += work.missing;
    return st;
}
