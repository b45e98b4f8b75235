#include <stdlib.h>
#include <string.h>

#include "given.h"
#include "snapshot/room.h"
#include "snapshot/stored.h"
#include "snapshot/table.h"

/* A value of data.mdb as a patient forger would leave it: lengths and checksum fit whatever else the bytes say. What
 * passes the check can be read, and a row read alone is the row read with all others. */

static const uint8_t key[JH_KEY_BYTES] = {0, 0, 0, 0, 0, 1};

enum { COLUMNS = 4 }; /* of a table */

static void same_row(const jh_col_view *all, const jh_col_view *one, uint32_t row, uint32_t at)
{
    must(jh_col_present(all, row) == jh_col_present(one, at), "a row alone is missing as among all");
    if (all->encoding == JH_ENC_FIXED) {
        must(jh_col_number(all, row) == jh_col_number(one, at), "a number alone is the number among all");
        return;
    }
    const uint32_t len = all->offsets[row + 1] - all->offsets[row];

    must(len == one->offsets[at + 1] - one->offsets[at] &&
             (len == 0 || memcmp(all->bytes + all->offsets[row], one->bytes + one->offsets[at], len) == 0),
         "a text alone is the text among all");
}

static void as_column(const jh_stored *value, fingerprint *print)
{
    jh_col_room whole = {0}, single = {0};
    jh_col_view all, one;
    jihe_error err = {0};
    uint32_t at;

    if (jh_room_column(&whole, value, &all, &err) == JIHE_OK) {
        for (uint32_t row = 0; row < all.rows; row += 1 + row / 16) {
            must(jh_room_row(&single, value, row, &one, &at, &err) == JIHE_OK, "a row can be read where all can");
            same_row(&all, &one, row, at);
        }
        if (all.encoding == JH_ENC_HEAP && all.rows != 0)
            digest_bytes(print, all.bytes, all.offsets[all.rows]);
    }
    jh_col_room_deinit(&whole);
    jh_col_room_deinit(&single);
}

static void as_table(const jh_stored *value, fingerprint *print)
{
    jh_col_view views[COLUMNS];

    jh_table_views(value, COLUMNS, views);
    for (uint32_t row = 0; row < value->rows; row++)
        for (int c = 0; c < COLUMNS; c++)
            digest_number(print, (uint64_t)jh_col_number(&views[c], row));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    jh_stored header;
    jh_expect expect = {.may_be_null = true, .low = INT64_MIN, .high = INT64_MAX, .columns = COLUMNS};
    fingerprint print = {0};
    jihe_error err = {0};
    jh_stored *value;

    if (len < sizeof header)
        return 0;
    memcpy(&header, bytes, sizeof header);
    header.payload = len - sizeof header;
    expect.encoding = header.encoding;
    expect.raw = header.max == -1;
    expect.rows = header.rows;
    if (header.encoding == JH_ENC_IDS)
        expect.may_be_null = false;
    if (header.encoding < JH_ENC_FIXED || header.encoding > JH_ENC_TABLE || header.encoding == JH_ENC_BLOB)
        return 0; /* refused by whoever knows which to expect */
    if (header.rows > JH_SEGMENT_ROWS || (header.rows == 0 && header.encoding != JH_ENC_TABLE))
        return 0;                                  /* how many rows there can be is known before a value is looked at */
    value = malloc(jh_stored_len(header.payload)); /* so much and no more: a sanitizer sees every step outside */
    must(value != NULL, "there is memory");
    memcpy(value, &header, sizeof header);
    memcpy(value + 1, bytes + sizeof header, len - sizeof header);
    jh_stored_finish(value, key);
    if (jh_stored_check(value, jh_stored_len(header.payload), key, &expect, &err) == JIHE_OK) {
        if (header.encoding == JH_ENC_TABLE)
            as_table(value, &print);
        else
            as_column(value, &print);
    }
    free(value);
    return 0;
}
