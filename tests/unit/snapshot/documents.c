#include "documents.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SUMMARY, KIND, AMOUNT, DOC_ID, NUMBER, DAY, AT, PERSON, FLAGGED, NOTHING, CONSTANT, NOTE };

static const char *const sources[] = {"单据编号", "行号"};

static const jh_column columns[DOC_COLUMNS] = {
    [SUMMARY] = {.name = "summary", .type = JH_TEXT},
    [KIND] = {.name = "kind", .type = JH_CATEGORY, .roles = JH_ROLE_TYPE},
    [AMOUNT] = {.name = "amount",
                .type = JH_MONEY,
                .currency = "CNY",
                .money = {.scale = 2, .prefix = "¥", .thousands = ",", .decimal = ".", .round_finer = 1}},
    [DOC_ID] = {.name = "doc_id", .type = JH_ID, .sources = sources, .source_count = 2},
    [NUMBER] = {.name = "数量", .type = JH_INTEGER},
    [DAY] = {.name = "day", .type = JH_DATE, .roles = JH_ROLE_BUSINESS_DATE, .format = "%Y-%m-%d"},
    [AT] = {.name = "at", .type = JH_TIME, .format = "%Y-%m-%d %H:%M:%S"},
    [PERSON] = {.name = "person", .type = JH_CATEGORY, .roles = JH_ROLE_PERSON},
    [FLAGGED] = {.name = "flagged", .type = JH_FLAG},
    [NOTHING] = {.name = "nothing", .type = JH_INTEGER},
    [CONSTANT] = {.name = "constant", .type = JH_MONEY, .money = {.scale = 0}},
    [NOTE] = {.name = "note", .type = JH_TEXT},
};

const jh_schema *documents_schema(void)
{
    static const jh_schema schema = {columns, DOC_COLUMNS, DOC_ID, DAY};

    return &schema;
}

/* splitmix64: a stateless stream of numbers. */
static uint64_t mix(uint64_t seed, uint64_t row, uint64_t column)
{
    uint64_t z = seed * UINT64_C(0x9e3779b97f4a7c15) + row * UINT64_C(0xbf58476d1ce4e5b9) + column;

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* Spans of 0, 1, 2, 4 and 8 bytes in turn, and at their borders. */
static int64_t wild_number(uint64_t r, uint64_t kind)
{
    static const int64_t edges[] = {INT64_MIN, INT64_MAX, 0, -1, 1, INT64_MIN + 1};

    switch (kind % 6) {
    case 0:
        return -77;
    case 1:
        return INT64_MAX - (int64_t)(r % 256);
    case 2:
        return INT64_MIN + (int64_t)(r % 65536);
    case 3:
        return (int64_t)(r % (UINT64_C(1) << 32)) - (INT64_C(1) << 31);
    case 4:
        return r % 7 == 0 ? edges[r / 7 % 6] : (int64_t)r;
    default:
        return (int64_t)(r % (UINT64_C(1) << 33));
    }
}

static bool missing(uint64_t r, uint64_t kind)
{
    switch (kind % 5) {
    case 0:
        return false;
    case 1:
        return true;
    case 2:
        return r % 2 == 0;
    case 3:
        return r % 5000 == 0;
    default:
        return r % 5000 != 0;
    }
}

static void set_text(document *out, int column, uint64_t r, uint64_t most)
{
    static const char letters[] = "稽核 abc,\"\n=";
    const uint32_t len = (uint32_t)(r % 97 == 0 ? r / 97 % most : r / 97 % 9);

    for (uint32_t i = 0; i < len; i++)
        out->text[column][i] = letters[(r + i) % (sizeof letters - 1)];
    out->cells[column].text = out->text[column];
    out->cells[column].len = len;
}

static void set_printed(document *out, int column, const char *format, uint64_t number)
{
    const int len = snprintf(out->text[column], DOC_TEXT, format, number);

    out->cells[column].text = out->text[column];
    out->cells[column].len = (uint32_t)len;
}

void document_make(uint64_t seed, uint64_t row, document *out)
{
    const uint64_t segment = row / JH_SEGMENT_ROWS;
    uint64_t r[DOC_COLUMNS];

    for (int c = 0; c < DOC_COLUMNS; c++) {
        const uint64_t kind = mix(seed, segment, 100 + (uint64_t)c) >> 8;

        r[c] = mix(seed, row, 1000 + (uint64_t)c);
        out->cells[c] = (jh_cell){.present = c == DOC_ID || (c != NOTHING && !missing(r[c] >> 20, kind))};
    }
    set_text(out, SUMMARY, r[SUMMARY], DOC_TEXT);
    set_text(out, NOTE, r[NOTE] / 97 * 97 * (r[NOTE] % 2), 50); /* mostly empty, which is not missing */
    set_printed(out, DOC_ID, "DOC-%08" PRIu64, row * 3 + seed % 3);
    set_printed(out, KIND, r[KIND] % 9 == 0 ? "" : "kind %" PRIu64, r[KIND] % 9);
    set_printed(out, PERSON, "初审人%" PRIu64, r[PERSON] % (r[PERSON] % 3 == 0 ? 100 : 3000));
    out->cells[AMOUNT].number = wild_number(r[AMOUNT], mix(seed, segment, 1));
    out->cells[NUMBER].number = wild_number(r[NUMBER], mix(seed, segment, 2));
    out->cells[DAY].number = (int64_t)(r[DAY] % 3652059) - 719162; /* years 1 to 9999 */
    out->cells[AT].number = INT64_C(1767225600000) + (int64_t)(r[AT] % 86400000);
    out->cells[FLAGGED].number = (int64_t)(r[FLAGGED] % 2);
    out->cells[CONSTANT].number = INT64_MIN;
}
