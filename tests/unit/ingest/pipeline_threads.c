/* Whole ingests with several threads, as a plain program so that ThreadSanitizer can watch it. Every number of threads
 * and every size of parcel must come to what one thread comes to. */

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ingest/ingest.h"
#include "made_up.h"

static char directory[64] = "/tmp/jihe-pipeline-XXXXXX";
static long passed, failed;

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *ftw)
{
    (void)info, (void)kind;
    return ftw->level > 0 ? remove(path) : 0;
}

static void empty(void)
{
    nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void write_file(const char *path, const void *bytes, size_t len)
{
    FILE *file = fopen(path, "wb");

    if (file == NULL || fwrite(bytes, 1, len, file) != len || fclose(file) != 0)
        abort();
}

static void count_rows(void *context, uint64_t rows, uint64_t bytes, uint64_t bytes_total)
{
    (void)bytes, (void)bytes_total;
    *(uint64_t *)context = rows;
}

/* A text of all that an ingest came to. */
static void ingest(const jh_workspace_config *config, const char *file, bool split, uint32_t threads, size_t bytes,
                   char *said, size_t room)
{
    uint64_t rows = 0;
    const jh_ingest_options options = {.files = &file,
                                       .file_count = 1,
                                       .split = split,
                                       .date = 20453,
                                       .max_rejects = UINT64_MAX,
                                       .threads = threads,
                                       .parcel_bytes = bytes,
                                       .progress = count_rows,
                                       .progress_context = &rows};
    jh_ingest_result result;
    jihe_error err = {0};
    const jihe_status st = jh_ingest(&result, directory, config, &options, &err);
    size_t len = (size_t)snprintf(said, room, "%d:%u:%u %.60s %lu %lu", st, err.line, err.column, err.message,
                                  (unsigned long)result.rows_stored, (unsigned long)result.rows_rejected);

    for (size_t i = 0; i < result.date_count && len + 80 < room; i++)
        len += (size_t)snprintf(said + len, room - len, " %.64s", result.dates[i].sha256);
    jh_ingest_result_deinit(&result);
    empty();
}

static void hold(const jh_workspace_config *config, const char *file, bool split)
{
    static const uint32_t threads[] = {2, 3, 8};
    static const size_t bytes[] = {300, 5000, 0};
    static char want[4096], got[4096];

    ingest(config, file, split, 1, 1 << 19, want, sizeof want);
    for (size_t i = 0; i < 3; i++) {
        for (size_t k = 0; k < 3; k++) {
            ingest(config, file, split, threads[i], bytes[k], got, sizeof got);
            if (strcmp(got, want) == 0) {
                passed++;
                continue;
            }
            failed++;
            printf("%u threads, parcels of %zu bytes: %s\none thread: %s\n", threads[i], bytes[k], got, want);
        }
    }
}

int main(int argc, char **argv)
{
    const unsigned rounds = argc > 1 ? (unsigned)atoi(argv[1]) : 18;
    char yaml[96], file[96], lines[96];

    if (mkdtemp(directory) == NULL)
        return 2;
    snprintf(yaml, sizeof yaml, "%s.yaml", directory);
    snprintf(file, sizeof file, "%s.csv", directory);
    snprintf(lines, sizeof lines, "%s.ndjson", directory);
    for (unsigned n = 0; n < rounds; n++) {
        const made_up how = {.rows = n % 5 == 0 ? 3000 : 300,
                             .ids = n % 2 == 0 ? 500 : 1000000,
                             .odd = n % 3 * 5,
                             .broken = n % 4 == 3 ? 10 : 0,
                             .long_fields = n % 4 == 2,
                             .footer = n % 6 == 1};
        jh_workspace_config config;
        jh_buf text = {0};
        jh_pcg64 rng;

        jh_pcg64_seed(&rng, n, 23);
        write_file(yaml, made_up_yaml(n), strlen(made_up_yaml(n)));
        if (jh_workspace_config_load(&config, yaml, NULL) != JIHE_OK)
            return 2;
        made_up_extract(&text, &rng, &config, &how);
        write_file(file, text.bytes, text.len);
        hold(&config, file, config.schema.business_date != SIZE_MAX);
        jh_buf_clear(&text);
        for (unsigned i = 0; i < 5000 && n % 9 == 5; i++) { /* the schema of ids alone, read record by record */
            char line[48];
            snprintf(line, sizeof line, "{\"doc_id\": \"%u\"}\n", i);
            jh_buf_puts(&text, line);
        }
        write_file(lines, text.bytes, text.len);
        if (text.len > 0)
            hold(&config, lines, false);
        jh_buf_deinit(&text);
        jh_workspace_config_deinit(&config);
    }
    rmdir(directory);
    unlink(yaml);
    unlink(file);
    unlink(lines);
    printf("%ld passed, %ld failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
