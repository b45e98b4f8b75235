#include "snapshot/packer.h"

#include <zstd.h>
#include <zstd_errors.h>

void jh_packer_deinit(jh_packer *packer)
{
    ZSTD_freeCCtx(packer->zstd);
    jh_buf_deinit(&packer->frame);
    jh_buf_deinit(&packer->numbers);
    jh_buf_deinit(&packer->patterns);
    *packer = (jh_packer){0};
}

static jihe_status make_context(jh_packer *packer, jihe_error *err)
{
    packer->zstd = ZSTD_createCCtx();
    if (packer->zstd == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory to compress texts");
    if (ZSTD_isError(ZSTD_CCtx_setParameter(packer->zstd, ZSTD_c_compressionLevel, JH_PACK_LEVEL)) ||
        ZSTD_isError(ZSTD_CCtx_setParameter(packer->zstd, ZSTD_c_contentSizeFlag, 1)) ||
        ZSTD_isError(ZSTD_CCtx_setParameter(packer->zstd, ZSTD_c_checksumFlag, 0)))
        return jh_fail(err, JIHE_BUG, "zstd does not take its settings");
    return JIHE_OK;
}

jihe_status jh_packer_compress(jh_packer *packer, const void *bytes, size_t len, jh_buf *out, jihe_error *err)
{
    const size_t bound = ZSTD_compressBound(len);
    jihe_status st;
    size_t got;

    if (packer->zstd == NULL && (st = make_context(packer, err)) != JIHE_OK)
        return st;
    if (!jh_buf_reserve(out, bound))
        return jh_fail(err, JIHE_NO_MEMORY, "no memory to compress %zu bytes", len);
    got = ZSTD_compress2(packer->zstd, out->bytes + out->len, bound, bytes, len);
    if (ZSTD_isError(got))
        return jh_fail(err, ZSTD_getErrorCode(got) == ZSTD_error_memory_allocation ? JIHE_NO_MEMORY : JIHE_BUG,
                       "compressing %zu bytes: %s", len, ZSTD_getErrorName(got));
    out->len += got;
    return JIHE_OK;
}
