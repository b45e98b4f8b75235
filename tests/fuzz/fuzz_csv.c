#include "ingest/csv.h"
#include "record_digest.h"

/* CSV: as an extract with declared columns, and as bare records in another dialect. What is read does not depend on how
 * the bytes come in. */

static const jh_csv_dialect other = {
    .encoding = JH_ENCODING_GB18030, .delimiter = ';', .quote = '\'', .header = 2, .footer = "total"};

static fingerprint digest_other(const void *bytes, size_t len, size_t block)
{
    jihe_error err = {0};
    fingerprint print = {0};
    jh_csv *csv = NULL;
    jh_record record;
    jihe_status st = jh_csv_open_blocks(&csv, as_file(bytes, len), &other, block, &err);

    while (st == JIHE_OK && (st = jh_csv_next(csv, &record, &err)) == JIHE_OK)
        digest_record(&print, &record);
    must(st == JIHE_NOT_FOUND || st == JIHE_DATA, "a file ends or is refused");
    digest_number(&print, (uint64_t)st);
    jh_csv_close(csv);
    return print;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const fingerprint whole = digest_extract(&jh_kind_csv, bytes, len, 8192);
    const fingerprint pieces = digest_extract(&jh_kind_csv, bytes, len, 5);
    const fingerprint other_whole = digest_other(bytes, len, 8192);
    const fingerprint other_pieces = digest_other(bytes, len, 3);

    must(is_compressed(bytes, len) || whole.state == pieces.state, "the size of the blocks makes no difference");
    must(is_compressed(bytes, len) || other_whole.state == other_pieces.state,
         "the size of the blocks makes no difference to a dialect");
    return 0;
}
