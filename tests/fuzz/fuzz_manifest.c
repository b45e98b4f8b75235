#include <string.h>

#include "given.h"
#include "snapshot/manifest.h"

/* manifest.json: figures that were read can be written and read again. */

static void write_and_read(const jh_manifest *manifest, const char *program)
{
    const jh_schema *schema = &given_workspace()->schema;
    char program_again[JH_PROGRAM_ROOM];
    jh_buf once = {0}, twice = {0};
    jh_manifest again = {0};
    jihe_error err = {0};

    jh_manifest_text(&once, manifest, schema, program);
    must(jh_manifest_parse(&again, program_again, (const char *)once.bytes, once.len, &err) == JIHE_OK,
         "a manifest that was written can be read");
    jh_manifest_text(&twice, &again, schema, program_again);
    must(once.len == twice.len && memcmp(once.bytes, twice.bytes, once.len) == 0, "and is the same");
    jh_manifest_deinit(&again);
    jh_buf_deinit(&once);
    jh_buf_deinit(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    char program[JH_PROGRAM_ROOM];
    jh_manifest manifest = {0};
    jihe_error err = {0};

    if (jh_manifest_parse(&manifest, program, (const char *)bytes, len, &err) == JIHE_OK)
        write_and_read(&manifest, program);
    else
        must(err.status == JIHE_CORRUPT && err.message[0] != '\0', "a refusal says why");
    jh_manifest_deinit(&manifest);
    return 0;
}
