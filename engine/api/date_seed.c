#include "api/date_seed.h"

#include <stdlib.h>
#include <string.h>

#include "base/days.h"
#include "base/error.h"
#include "base/hash.h"

enum { MAX_SECRET = 4096 };

jihe_status jh_date_seed(char seed[65], const jihe_workspace *workspace, int32_t date, jihe_error *err)
{
    char *path = jh_workspace_file(workspace->path, "ledger/secret");
    jh_buf secret = {0};
    uint8_t sum[32];
    char text[16];
    jihe_status st =
        path == NULL ? jh_fail(err, JIHE_NO_MEMORY, "making a seed") : jh_file_read(path, MAX_SECRET, &secret, err);

    free(path);
    if (st == JIHE_OK) {
        jh_days_text(date, text);
        jh_buf_putc(&secret, '\x1F');
        jh_buf_puts(&secret, text);
        st = secret.failed ? jh_fail(err, JIHE_NO_MEMORY, "making a seed")
                           : jh_sha256_bytes(secret.bytes, secret.len, sum, err);
    }
    jh_buf_deinit(&secret);
    if (st != JIHE_OK)
        return jh_wrap(err, st, "the workspace's secret");
    jh_hex(sum, sizeof sum, seed);
    return JIHE_OK;
}

jihe_status jh_seed_promise(char sha256[65], const char *seed, jihe_error *err)
{
    uint8_t sum[32];
    const jihe_status st = jh_sha256_bytes(seed, strlen(seed), sum, err);

    if (st == JIHE_OK)
        jh_hex(sum, sizeof sum, sha256);
    return st;
}
