#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "loading.h"
#include "made_up.h"
#include "scratch.h"

/* Columns at once against record by record: the same documents, the same refusals, the same end. */

static void load_config(jh_workspace_config *config, const scratch *dir, unsigned which)
{
    jihe_error err = {0};

    cr_assert_eq(jh_workspace_config_load(config, scratch_text(dir, "jihe.yaml", made_up_yaml(which)), &err), JIHE_OK,
                 "%s:%u:%u %s", err.source, err.line, err.column, err.message);
}

static void hold(const scratch *dir, const jh_workspace_config *config, uint64_t seed, const made_up *how, bool split)
{
    jh_buf text = {0};
    jh_pcg64 rng;
    char why[2000] = "";

    jh_pcg64_seed(&rng, seed, 17);
    made_up_extract(&text, &rng, config, how);
    cr_assert(loading_agrees(scratch_file(dir, "extract.csv", text.bytes, text.len), config, split, why, sizeof why),
              "seed %lu: %s\n%.*s", (unsigned long)seed, why, text.len < 1200 ? (int)text.len : 1200,
              (const char *)text.bytes);
    jh_buf_deinit(&text);
}

static uint64_t rounds(uint64_t usual)
{
    const char *asked = getenv("JIHE_ROUNDS");

    return asked != NULL ? strtoull(asked, NULL, 10) : usual;
}

Test(loading, columns_at_once_or_record_by_record, .timeout = 3600)
{
    static const made_up hows[] = {{.rows = 60, .ids = 100000},
                                   {.rows = 40, .ids = 100000, .odd = 100},
                                   {.rows = 3, .ids = 100000, .odd = 500},
                                   {.rows = 20, .ids = 1000, .odd = 30, .broken = 50, .footer = true},
                                   {.rows = 300, .ids = 1000, .odd = 10, .long_fields = true, .footer = true},
                                   {.rows = 8, .ids = 1000, .odd = 300, .broken = 200}};
    const scratch dir = scratch_new();
    const uint64_t count = rounds(600);

    for (unsigned which = 0; which < MADE_UP_SCHEMAS; which++) {
        jh_workspace_config config;

        load_config(&config, &dir, which);
        for (uint64_t n = 0; n < count; n++)
            hold(&dir, &config, n, &hows[n % (sizeof hows / sizeof hows[0])], n % 5 != 0);
        jh_workspace_config_deinit(&config);
    }
    scratch_remove(&dir);
}
