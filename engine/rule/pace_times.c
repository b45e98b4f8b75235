#include <stdlib.h>
#include <string.h>

#include "base/days.h"
#include "base/error.h"
#include "rule/flag_pace.h"

static jihe_status find(size_t *out, const jh_column_name *name, uint32_t type, const jh_snapshot *snapshot,
                        jihe_error *err)
{
    const jh_schema *schema = jh_snapshot_schema(snapshot);
    char date[16];

    *out = jh_schema_find(schema, name->name, strlen(name->name));
    if (*out != SIZE_MAX && schema->columns[*out].type == type && schema->columns[*out].list == NULL)
        return JIHE_OK;
    jh_days_text(jh_snapshot_manifest(snapshot)->date, date);
    return jh_fail_at(err, JIHE_CONFIG, name->place.source, name->place.line, name->place.column,
                      "flag: pace: the snapshot of %s has no %s column '%s'", date, jh_type_name(type), name->name);
}

/* One review. */
struct review {
    int64_t time;
    uint32_t person, row; /* code; place in `gaps` */
};

static int order_reviews(const void *a, const void *b)
{
    const struct review *x = a, *y = b;

    if (x->person != y->person)
        return x->person < y->person ? -1 : 1;
    return (x->time > y->time) - (x->time < y->time);
}

static jihe_status list_reviews(const jh_pace_times *times, struct review *reviews, size_t *count, jihe_error *err)
{
    *count = 0;
    for (uint32_t s = 0; s < jh_snapshot_segments(times->snapshot); s++) {
        jh_col_view person, time;
        jihe_status st = jh_snapshot_column(times->snapshot, s, times->person, NULL, &person, err);

        if (st != JIHE_OK || (st = jh_snapshot_column(times->snapshot, s, times->to, NULL, &time, err)) != JIHE_OK)
            return st;
        for (uint32_t row = 0; row < person.rows; row++)
            if (jh_col_present(&person, row) && jh_col_present(&time, row))
                reviews[(*count)++] = (struct review){.time = jh_col_number(&time, row),
                                                      .person = jh_pass_code(&person, row),
                                                      .row = s * JH_SEGMENT_ROWS + row};
    }
    return JIHE_OK;
}

/* Reviews of one moment [begin, end), the moment before at begin - 1 when it is the same person's. */
static uint16_t gap_of(const struct review *reviews, size_t begin, size_t end)
{
    if (begin > 0 && reviews[begin - 1].person == reviews[begin].person) {
        /* Times are within years 1 to 9999 in ms: no overflow. */
        const uint64_t since = (uint64_t)(reviews[begin].time - reviews[begin - 1].time);

        return (uint16_t)jh_duration_bucket(since / (end - begin));
    }
    return end - begin > 1 ? 0 : JH_PACE_FIRST;
}

static jihe_status measure_gaps(jh_pace_times *times, jihe_error *err)
{
    const uint32_t segments = jh_snapshot_segments(times->snapshot);
    const size_t rows = (size_t)segments * JH_SEGMENT_ROWS;
    struct review *reviews = rows > UINT32_MAX ? NULL : malloc(rows * sizeof *reviews + 1);
    size_t count = 0;

    times->gaps = malloc(rows * sizeof *times->gaps + 1);
    jihe_status st = reviews == NULL || times->gaps == NULL ? jh_fail(err, JIHE_NO_MEMORY, "times between reviews")
                                                            : list_reviews(times, reviews, &count, err);

    if (st == JIHE_OK) {
        memset(times->gaps, 0xff, rows * sizeof *times->gaps); /* JH_PACE_MISSING */
        qsort(reviews, count, sizeof *reviews, order_reviews);
        for (size_t begin = 0, end; begin < count; begin = end) {
            for (end = begin + 1; end < count && order_reviews(&reviews[begin], &reviews[end]) == 0;)
                end++;
            const uint16_t gap = gap_of(reviews, begin, end);

            for (size_t i = begin; i < end; i++)
                times->gaps[reviews[i].row] = gap;
        }
    }
    free(reviews);
    return st;
}

jihe_status jh_pace_times_open(jh_pace_times *out, const jh_pace_rule *rule, const jh_snapshot *snapshot,
                               jihe_error *err)
{
    jihe_status st;

    *out = (jh_pace_times){.snapshot = snapshot};
    if ((st = find(&out->person, &rule->person, JH_CATEGORY, snapshot, err)) != JIHE_OK ||
        (st = find(&out->type, &rule->type, JH_CATEGORY, snapshot, err)) != JIHE_OK ||
        (st = find(&out->to, &rule->to, JH_TIME, snapshot, err)) != JIHE_OK)
        return st;
    if (rule->from.name != NULL)
        return find(&out->from, &rule->from, JH_TIME, snapshot, err);
    if ((st = measure_gaps(out, err)) != JIHE_OK)
        jh_pace_times_close(out);
    return st;
}

void jh_pace_times_close(jh_pace_times *times)
{
    free(times->gaps);
    *times = (jh_pace_times){0};
}

jihe_status jh_pace_times_read(const jh_pace_times *times, uint32_t segment, uint16_t *buckets, jihe_error *err)
{
    const uint32_t rows = jh_snapshot_segment_rows(times->snapshot, segment);
    jh_col_view from, to;
    jihe_status st;

    if (times->gaps != NULL) {
        memcpy(buckets, times->gaps + (size_t)segment * JH_SEGMENT_ROWS, rows * sizeof *buckets);
        return JIHE_OK;
    }
    if ((st = jh_snapshot_column(times->snapshot, segment, times->from, NULL, &from, err)) != JIHE_OK ||
        (st = jh_snapshot_column(times->snapshot, segment, times->to, NULL, &to, err)) != JIHE_OK)
        return st;
    for (uint32_t row = 0; row < rows; row++) {
        if (!jh_col_present(&from, row) || !jh_col_present(&to, row)) {
            buckets[row] = JH_PACE_MISSING;
            continue;
        }
        const int64_t begin = jh_col_number(&from, row), end = jh_col_number(&to, row);

        buckets[row] = end < begin ? JH_PACE_NEGATIVE : (uint16_t)jh_duration_bucket((uint64_t)(end - begin));
    }
    return JIHE_OK;
}
