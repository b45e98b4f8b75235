#include "ingest/cutter.h"

#include <string.h>

#include "ingest/csv_index.h"

void jh_cutter_init(jh_cutter *cutter, jh_csv *csv, size_t usual)
{
    *cutter = (jh_cutter){.csv = csv, .usual = usual > 0 ? usual : JH_PARCEL_TEXT};
    cutter->least = cutter->usual;
}

void jh_cutter_deinit(jh_cutter *cutter)
{
    jh_buf_deinit(&cutter->carry);
}

static jihe_status no_memory(const jh_cutter *cutter, jihe_error *err)
{
    return jh_fail(err, JIHE_NO_MEMORY, "reading '%s'", jh_csv_name(cutter->csv));
}

/* The parcel's text up to `bytes`, from what was carried over and then from the file. */
static jihe_status fill(jh_cutter *cutter, jh_parcel *parcel, size_t bytes, jihe_error *err)
{
    const size_t want = bytes - parcel->len;
    const size_t held = cutter->carry.len < want ? cutter->carry.len : want;
    size_t got = 0;
    jihe_status st = JIHE_OK;

    if (!jh_parcel_reserve_text(parcel, bytes))
        return no_memory(cutter, err);
    if (held > 0) {
        memcpy(parcel->text + parcel->len, cutter->carry.bytes, held);
        memmove(cutter->carry.bytes, cutter->carry.bytes + held, cutter->carry.len - held);
        cutter->carry.len -= held;
        parcel->len += held;
    }
    if (held < want && !cutter->ended) {
        st = jh_csv_rest(cutter->csv, parcel->text + parcel->len, want - held, &got, err);
        parcel->len += got;
        cutter->ended = st == JIHE_OK && got < want - held;
    }
    return st;
}

/* What stands behind the last whole record goes before what is carried already. */
static bool carry(jh_cutter *cutter, const char *text, size_t len)
{
    if (len == 0)
        return true;
    if (!jh_buf_reserve(&cutter->carry, len))
        return false;
    memmove(cutter->carry.bytes + len, cutter->carry.bytes, cutter->carry.len);
    memcpy(cutter->carry.bytes, text, len);
    cutter->carry.len += len;
    return true;
}

jihe_status jh_cutter_next(jh_cutter *cutter, jh_parcel *parcel, bool *more, jihe_error *err)
{
    size_t bytes = cutter->least, end;
    jihe_status st;

    do {
        if ((st = fill(cutter, parcel, bytes, err)) != JIHE_OK)
            return st;
        parcel->ends = cutter->ended && cutter->carry.len == 0;
        end = parcel->ends ? parcel->len : jh_csv_last_end(parcel->text, parcel->len, jh_csv_quote(cutter->csv));
        bytes *= 2;
    } while (end == 0 && !parcel->ends && parcel->len < JH_CSV_MAX_RECORD);
    if (end == 0)
        end = parcel->len; /* too long for a record: whoever reads it says where it begins */
    if (!carry(cutter, parcel->text + end, parcel->len - end))
        return no_memory(cutter, err);
    parcel->len = end;
    parcel->bytes_read = jh_csv_bytes_read(cutter->csv, &(uint64_t){0});
    *more = !parcel->ends;
    cutter->least = cutter->usual;
    return JIHE_OK;
}

bool jh_cutter_return(jh_cutter *cutter, const jh_parcel *parcel, size_t from)
{
    return carry(cutter, parcel->text + from, parcel->len - from);
}

void jh_cutter_lengthen(jh_cutter *cutter, const jh_parcel *parcel)
{
    cutter->least = parcel->len * 2 < JH_CSV_MAX_RECORD ? parcel->len * 2 : JH_CSV_MAX_RECORD;
}

jihe_status jh_cutter_drain(jh_cutter *cutter, jihe_error *err)
{
    char text[65536];
    size_t got = sizeof text;
    jihe_status st = JIHE_OK;

    while (!cutter->ended && got == sizeof text && st == JIHE_OK)
        st = jh_csv_rest(cutter->csv, text, sizeof text, &got, err);
    cutter->ended |= st == JIHE_OK;
    return st;
}
