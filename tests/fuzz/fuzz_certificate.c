#include <string.h>

#include "api/certificate.h"
#include "base/hash.h"
#include "given.h"

/* Certificates from anywhere: what is given is sealed with the right last line, so that all behind that check is reached. A
 * refusal says why. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    jh_certificate_facts facts;
    jihe_error err = {0};
    jh_buf text = {0};
    uint8_t sum[32];
    char hex[65];

    jh_buf_put(&text, bytes, len);
    if (jh_sha256_bytes(text.bytes, text.len, sum, &err) == JIHE_OK) {
        jh_hex(sum, sizeof sum, hex);
        jh_buf_printf(&text, "end\t%s\n", hex);
        const jihe_status st = jh_certificate_check_text(&facts, "fuzz", &text, &err);

        if (st != JIHE_OK)
            must((st == JIHE_DIFFERS || st == JIHE_DATA) && err.message[0] != '\0', "a refusal says why");
        else
            must(facts.selected <= facts.lines && facts.digest[0] != '\0', "what is right is whole");
    }
    jh_buf_deinit(&text);
    return 0;
}
