#include <stdio.h>
#include <string.h>

#include "../unit/ingest/loading.h"
#include "../unit/ingest/made_up.h"
#include "given.h"

/* An extract loaded by columns and record by record: the first byte says the schema, the rest is the file. */

static const jh_workspace_config *made_up_workspace(unsigned which)
{
    static jh_workspace_config configs[MADE_UP_SCHEMAS];
    jh_workspace_config *config = &configs[which];
    const char *text = made_up_yaml(which);

    if (config->schema.count == 0)
        must(jh_workspace_config_load(config, as_file(text, strlen(text)), NULL) == JIHE_OK, "the schema can be read");
    return config;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    char why[2000] = "";

    if (len == 0)
        return 0;
    if (!loading_agrees(as_file(bytes + 1, len - 1), made_up_workspace(bytes[0] % MADE_UP_SCHEMAS), bytes[0] < 128, why,
                        sizeof why)) {
        fprintf(stderr, "%s\n", why);
        must(false, "columns at once give what single records give");
    }
    return 0;
}
