#include "ingest/quick_int.h"

#include <stdlib.h>

#include "ingest/convert.h"

/* Full-width digits are rewritten by convert.h before they are read, and the decimals of some amounts depend on another
 * column. */
static bool takes(const jh_column *column)
{
    return !column->full_width && column->units == NULL && !column->in_minor &&
           (column->type == JH_ID || column->source_count == 1);
}

jihe_status jh_quick_init(jh_quick_column *quick, const jh_column *column, const jh_workspace_config *config,
                          jihe_error *err)
{
    bool ready = true;

    *quick = (jh_quick_column){.column = column, .config = config, .taken = takes(column)};
    for (size_t i = 0; i < config->missing_count; i++) {
        const size_t len = strlen(config->missing[i]);
        quick->missing_lens |= UINT64_C(1) << (len < 63 ? len : 63);
        if (strchr(config->missing[i], config->csv.quote) != NULL) /* fields are compared with quotes still doubled */
            quick->taken = false;
    }
    if (column->type == JH_CATEGORY)
        ready = jh_quick_words_init(quick);
    else if (column->type == JH_DATE || column->type == JH_TIME)
        ready = jh_quick_clock_init(quick);
    return ready ? JIHE_OK : jh_fail(err, JIHE_NO_MEMORY, "no memory to read column '%s'", column->name);
}

void jh_quick_deinit(jh_quick_column *quick)
{
    free(quick->words);
    free(quick->memo);
    if (quick->lists != NULL)
        jh_converter_deinit(quick->lists);
    free(quick->lists);
    *quick = (jh_quick_column){0};
}

bool jh_quick_is_missing(const jh_quick_column *quick, const char *text, uint32_t len)
{
    for (size_t i = 0; i < quick->config->missing_count; i++)
        if (strlen(quick->config->missing[i]) == len && memcmp(text, quick->config->missing[i], len) == 0)
            return true;
    return false;
}

/* An optional column that the header does not have. */
static void read_nothing(const jh_quick_fields *fields, jh_type type, jh_batch_column *out)
{
    for (uint32_t row = 0; row < fields->rows; row++) {
        if (type == JH_TEXT) {
            out->pieces[row] = (jh_piece){NULL, 0};
        } else if (type == JH_CATEGORY) {
            out->words[row] = JH_WORD_NONE;
        } else {
            out->numbers[row] = 0;
            out->present[row] = 0;
        }
    }
}

jihe_status jh_quick_read(jh_quick_column *quick, const jh_quick_fields *fields, jh_words *words, jh_batch_column *out,
                          uint64_t *hashes, uint8_t *odd, jihe_error *err)
{
    if (fields->at == JH_BINDING_ABSENT) {
        read_nothing(fields, quick->column->type, out);
        return JIHE_OK;
    }
    if (!quick->taken) {
        memset(odd, 1, fields->rows);
        return JIHE_OK;
    }
    switch (quick->column->type) {
    case JH_ID:
        jh_quick_read_ids(quick, fields, out, hashes, odd);
        return JIHE_OK;
    case JH_TEXT:
        return jh_quick_read_texts(quick, fields, out, odd, err);
    case JH_CATEGORY:
        return jh_quick_read_words(quick, fields, words, out, odd, err);
    case JH_MONEY:
        jh_quick_read_amounts(quick, fields, out, odd);
        return JIHE_OK;
    case JH_INTEGER:
    case JH_FLAG:
        jh_quick_read_whole(quick, fields, out, odd);
        return JIHE_OK;
    case JH_DATE:
        jh_quick_read_dates(quick, fields, out, odd);
        return JIHE_OK;
    case JH_TIME:
        jh_quick_read_times(quick, fields, out, odd);
        return JIHE_OK;
    }
    return jh_fail(err, JIHE_BUG, "column '%s' has an unknown type", quick->column->name);
}
