#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/env.h"

/* The bytes FORMAT.md promises, written down by hand: a change here changes the format and needs a new version. */

struct expected {
    const char *name;
    unsigned char key[6];
    unsigned char header[40]; /* without the checksum */
    unsigned char payload[320];
    size_t payload_len;
};

/* header: rows, encoding, width, flags, 0, nulls, 0, base, max, payload length */
static const struct expected values[] = {
    {"amount",
     {0, 0, 0, 0, 0, 1},
     {3, 0, 0, 0, 1, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 100, 0, 0, 0, 0, 0, 0, 0, 0x63, 1, 0, 0, 0, 0, 0, 0, 72},
     {[2] = 255, [64] = 0x5},
     72},
    {"who",
     {0, 0, 0, 0, 0, 2},
     {3, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 64},
     {[1] = 1},
     64},
    {"id",
     {0, 0, 0, 0, 0, 3},
     {3, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, [32] = 20},
     {0, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 'A', 'B', 'B', 'C'},
     20},
    {"memo",
     {0, 0, 0, 0, 0, 4},
     {3, 0, 0, 0, 4, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, [24] = 2, [32] = 21},
     {5, 0, 0, 0, 2, 0, 0, 0, 0x3, [16] = 'h', 'i', 2, 0, 0}, /* too short for zstd: as it is */
     21},
    {"counts",
     {255, 255, 255, 255, 0, 1},
     {7, 0, 0, 0, 1, 8, [24] = 255, 255, 255, 255, 255, 255, 255, 255, 0, 2},
     {3, [8] = 3, [16] = 1, [24] = 5, [32] = 2, [40] = 455 % 256, 455 / 256},
     128},
    {"dictionary of who",
     {255, 255, 255, 255, 1, 3},
     {2, 0, 0, 0, 2, [32] = 16},
     {0, 0, 0, 0, 2, 0, 0, 0, 4, 0, 0, 0, 'w', 'u', 'l', 'i'},
     16},
    {"tally of who", /* documents 2 1, amounts 2 0, lower halves of their sums 455 0, upper halves 0 0 */
     {255, 255, 255, 255, 2, 3},
     {2, 0, 0, 0, 6, [32] = 320 % 256, 1},
     {1, [8] = 2, [24] = 2, [40] = 455 % 256, 455 / 256, [64] = 1, [128] = 2, [192] = 455 % 256, 455 / 256},
     320},
};

Test(snapshot_format, values_are_these_bytes)
{
    const fixture fix = fixture_make();
    char path[160];
    jihe_error err = {0};
    jh_env *env;
    jh_txn *txn;

    fixture_write_three(&fix);
    snprintf(path, sizeof path, "%s/data.mdb", fix.sealed);
    must(jh_env_open(&env, path, JH_ENV_SEALED, &err));
    must(jh_txn_begin(&txn, env, 0, 0, &err));
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        const unsigned char *value;
        const void *at;
        size_t len;

        must(jh_txn_get(txn, 0, values[i].key, 6, &at, &len, &err));
        value = at;
        cr_assert_eq(len, 2048, "%s", values[i].name);
        cr_assert_eq((uintptr_t)(value + 48) % 64, 0, "%s: the array is not on a 64-byte line", values[i].name);
        cr_assert_eq(memcmp(value, values[i].header, 40), 0, "%s: header", values[i].name);
        cr_assert_eq(memcmp(value + 48, values[i].payload, values[i].payload_len), 0, "%s: payload", values[i].name);
        for (size_t rest = 48 + values[i].payload_len; rest < len; rest++)
            cr_assert_eq(value[rest], 0, "%s: byte %zu", values[i].name, rest);
    }
    jh_txn_abort(txn);
    jh_env_close(env);
    fixture_remove(&fix);
}

Test(snapshot_format, manifest_is_this_text)
{
    static const char start[] = "{\n  \"format\": 3,\n  \"date\": \"2026-01-31\",\n  \"revision\": 1,\n  \"rows\": 3,\n"
                                "  \"segments\": 1,\n  \"file_bytes\": ";
    static const char end[] =
        "  \"totals\": [\n"
        "    {\"column\": \"amount\", \"scale\": 2, \"present\": 2, \"minor\": \"455\"}\n  ],\n"
        "  \"columns\": [\n    {\"name\": \"memo\", \"type\": \"text\"},\n"
        "    {\"name\": \"id\", \"type\": \"id\"},\n    {\"name\": \"amount\", \"type\": \"money\"},\n"
        "    {\"name\": \"who\", \"type\": \"category\"}\n  ],\n  \"program\": \"jihe 0.1.0\"\n}\n";
    const fixture fix = fixture_make();
    char path[160];
    file_bytes text;

    fixture_write_three(&fix);
    snprintf(path, sizeof path, "%s/manifest.json", fix.sealed);
    text = slurp(path);
    cr_assert_eq(strncmp((const char *)text.at, start, strlen(start)), 0, "%s", (const char *)text.at);
    cr_assert(text.len > strlen(end));
    cr_assert_str_eq((const char *)text.at + text.len - strlen(end), end);
    free(text.at);
    fixture_remove(&fix);
}
