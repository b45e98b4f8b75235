#include "alike_docs.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/normal_text.h"
#include "snapshot/writer.h"

enum { DAY = 20400 };

static const char *const names[ALIKE_COLUMNS] = {"doc_id", "payee", "invoice", "team", "amount", "qty"};
static const jh_type types[ALIKE_COLUMNS] = {JH_ID, JH_CATEGORY, JH_TEXT, JH_CATEGORY, JH_MONEY, JH_INTEGER};

size_t alike_column(const char *name)
{
    size_t c = 0;

    while (strcmp(names[c], name) != 0)
        c++;
    return c;
}

static const jh_schema *schema(void)
{
    static jh_column columns[ALIKE_COLUMNS];
    static const jh_schema made = {.columns = columns, .count = ALIKE_COLUMNS, .id = 0, .business_date = SIZE_MAX};

    for (size_t c = 0; c < ALIKE_COLUMNS; c++)
        columns[c] = (jh_column){.name = names[c],
                                 .type = types[c],
                                 .sources = &names[c],
                                 .source_count = 1,
                                 .currency = "CNY",
                                 .money = {.scale = 2, .prefix = "", .thousands = "", .decimal = "."}};
    return &made;
}

/* Two ways to write the same, and some that only look so. */
static void write_invoice(char *out, size_t size, uint64_t number, uint64_t style)
{
    static const char *const forms[] = {"INV-%04llu", "inv%llu", "ＩＮＶ－%06llu", "Inv %llu", "---", "INV-%llu-1"};

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(out, size, forms[style % 6], (unsigned long long)number);
#pragma GCC diagnostic pop
}

static void make_doc(alike_doc *doc, jh_pcg64 *rng, uint64_t variety, uint64_t serial)
{
    snprintf(doc->text[0], sizeof doc->text[0], "D-%llu", (unsigned long long)serial);
    write_invoice(doc->text[1], sizeof doc->text[1], jh_pcg64_below(rng, variety), jh_pcg64_below(rng, 2));
    write_invoice(doc->text[2], sizeof doc->text[2], jh_pcg64_below(rng, variety), jh_pcg64_below(rng, 6));
    snprintf(doc->text[3], sizeof doc->text[3], "T%llu", (unsigned long long)jh_pcg64_below(rng, 3));
    doc->value[4] = (int64_t)jh_pcg64_below(rng, variety * 3) - 5;
    doc->value[5] = (int64_t)jh_pcg64_below(rng, 4) * (INT64_MAX / 3);
    for (size_t c = 0; c < ALIKE_COLUMNS; c++)
        doc->present[c] = c == 0 || jh_pcg64_below(rng, 12) != 0;
    doc->wanted = jh_pcg64_below(rng, 8) != 0;
    doc->superseded = jh_pcg64_below(rng, 10) == 0;
}

static void add_part(alike_world *world, jh_pcg64 *rng, uint32_t rows, uint64_t variety, int32_t date)
{
    jihe_error err = {0};
    jh_writer *writer;

    cr_assert(jh_writer_new(&writer, world->path, date, 1, schema(), &err) == JIHE_OK, "%s", err.message);
    for (uint32_t i = 0; i < rows; i++) {
        alike_doc *doc = &world->docs[world->doc_count];
        jh_cell cells[ALIKE_COLUMNS];

        make_doc(doc, rng, variety, world->doc_count++);
        doc->date = date;
        for (size_t c = 0; c < ALIKE_COLUMNS; c++)
            cells[c] = (jh_cell){.present = doc->present[c],
                                 .number = doc->value[c],
                                 .text = doc->text[c],
                                 .len = (uint32_t)strlen(doc->text[c])};
        cr_assert(jh_writer_add(writer, cells, &err) == JIHE_OK, "%s", err.message);
    }
    cr_assert(jh_writer_seal(writer, &err) == JIHE_OK && jh_writer_publish(writer, &err) == JIHE_OK, "%s", err.message);
    jh_writer_free(writer);
    cr_assert(jh_snapshot_open(&world->parts[world->part_count++], world->path, date, 0, &err) == JIHE_OK, "%s",
              err.message);
}

static void lay_out(alike_world *world)
{
    jh_pass *pass = &world->pass;
    uint64_t word = 0;
    size_t doc = 0;

    *pass = (jh_pass){.parts = world->parts, .part_count = world->part_count};
    pass->segments = calloc(64, sizeof *pass->segments);
    for (size_t p = 0; p < world->part_count; p++)
        for (uint32_t s = 0; s < jh_snapshot_segments(world->parts[p]); s++) {
            const uint32_t rows = jh_snapshot_segment_rows(world->parts[p], s);

            pass->segments[pass->segment_count++] =
                (jh_pass_segment){.part = (uint32_t)p, .segment = s, .rows = rows, .word = word};
            for (uint32_t row = 0; row < rows; row++)
                world->docs[doc++].number = (uint32_t)(word * 64) + row;
            word += jh_bits_words(rows);
        }
    world->bits = calloc(word + 1, sizeof *world->bits);
    pass->superseded = calloc(word + 1, sizeof *pass->superseded);
    for (size_t d = 0; d < world->doc_count; d++) {
        if (world->docs[d].wanted)
            jh_bits_set(world->bits, world->docs[d].number);
        if (world->docs[d].superseded)
            jh_bits_set(pass->superseded, world->docs[d].number);
    }
}

void alike_world_make(alike_world *world, jh_pcg64 *rng, const uint32_t *sizes, size_t parts, uint64_t variety,
                      int32_t gap)
{
    char path[96];
    size_t documents = 0;

    *world = (alike_world){0};
    strcpy(world->path, "/tmp/jihe-alike-XXXXXX");
    cr_assert(mkdtemp(world->path) != NULL);
    snprintf(path, sizeof path, "%s/snapshots", world->path);
    cr_assert(jh_file_mkdir(path, NULL) == JIHE_OK);
    for (size_t p = 0; p < parts; p++)
        documents += sizes[p];
    world->docs = calloc(documents + 1, sizeof *world->docs);
    for (size_t p = 0; p < parts; p++)
        add_part(world, rng, sizes[p], variety, DAY + (int32_t)p * gap);
    lay_out(world);
}

void alike_world_free(alike_world *world)
{
    char command[96];

    for (size_t p = 0; p < world->part_count; p++)
        jh_snapshot_close(world->parts[p]);
    snprintf(command, sizeof command, "rm -rf '%s'", world->path);
    cr_assert(system(command) == 0);
    free(world->pass.segments);
    free(world->pass.superseded);
    free(world->bits);
    free(world->docs);
}

/* The document's values in the key columns as one text; false: one is missing. */
static bool key_text(const alike_doc *doc, const jh_alike_input *input, char *out, size_t size)
{
    size_t used = 0;

    for (size_t k = 0; k < input->key_count; k++) {
        const size_t c = alike_column(input->keys[k].name);
        char normal[64];
        size_t len;

        if (!doc->present[c])
            return false;
        if (types[c] == JH_MONEY || types[c] == JH_INTEGER)
            len = (size_t)snprintf(normal, sizeof normal, "%lld", (long long)doc->value[c]);
        else if (input->keys[k].normal)
            len = jh_normal_text(doc->text[c], strlen(doc->text[c]), normal);
        else
            len = (size_t)snprintf(normal, sizeof normal, "%s", doc->text[c]);
        if (len == 0)
            return false;
        used += (size_t)snprintf(out + used, size - used, "%.*s|", (int)len, normal);
    }
    return true;
}

/* 1: takes part, 0: does not, -1: cannot be told. */
static int takes_part(const alike_doc *doc, const jh_alike_input *input, char *key, size_t size)
{
    if (!doc->wanted || doc->superseded)
        return 0;
    bool whole = key_text(doc, input, key, size);

    for (size_t v = 0; v < input->value_count; v++)
        whole = whole && doc->present[alike_column(input->values[v])];
    if (!whole)
        return -1;
    if (input->value_count == 0)
        return 1;
    const int64_t value = doc->value[alike_column(input->values[0])];

    return value >= input->least && value <= input->most;
}

uint64_t alike_undecided(const alike_world *world, const jh_alike_input *input)
{
    uint64_t undecided = 0;
    char key[256];

    for (size_t d = 0; d < world->doc_count; d++)
        undecided += takes_part(&world->docs[d], input, key, sizeof key) < 0;
    return undecided;
}

struct keyed {
    char key[128];
    const alike_doc *doc;
};

static int order_keyed(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    const int order = strcmp(x->key, y->key);

    return order != 0 ? order : (x->doc->number > y->doc->number) - (x->doc->number < y->doc->number);
}

struct lines {
    pthread_mutex_t lock;
    size_t values; /* of each document */
    char **list;
    size_t count, room;
};

static void add_line(struct lines *lines, jh_buf *line)
{
    if (lines->count == lines->room) {
        lines->room = lines->room * 2 + 64;
        lines->list = realloc(lines->list, lines->room * sizeof *lines->list);
    }
    lines->list[lines->count++] = strdup(jh_buf_text(line));
    jh_buf_deinit(line);
}

static int order_lines(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *joined(struct lines *lines)
{
    jh_buf all = {0};

    if (lines->count > 0)
        qsort(lines->list, lines->count, sizeof *lines->list, order_lines);
    for (size_t i = 0; i < lines->count; i++) {
        jh_buf_puts(&all, lines->list[i]);
        free(lines->list[i]);
    }
    free(lines->list);
    char *text = strdup(jh_buf_text(&all));

    jh_buf_deinit(&all);
    return text;
}

char *alike_plain(const alike_world *world, const jh_alike_input *input)
{
    struct keyed *keyed = calloc(world->doc_count + 1, sizeof *keyed);
    struct lines lines = {0};
    size_t count = 0;

    for (size_t d = 0; d < world->doc_count; d++)
        if (takes_part(&world->docs[d], input, keyed[count].key, sizeof keyed[count].key) == 1)
            keyed[count++].doc = &world->docs[d];
    qsort(keyed, count, sizeof *keyed, order_keyed);
    for (size_t i = 0, end; i < count; i = end) {
        jh_buf line = {0};

        for (end = i; end < count && strcmp(keyed[end].key, keyed[i].key) == 0; end++) {
            jh_buf_printf(&line, " %u", keyed[end].doc->number);
            for (size_t v = 0; v < input->value_count; v++)
                jh_buf_printf(&line, ":%lld", (long long)keyed[end].doc->value[alike_column(input->values[v])]);
        }
        jh_buf_putc(&line, '\n');
        if (end - i >= 2)
            add_line(&lines, &line);
        else
            jh_buf_deinit(&line);
    }
    free(keyed);
    return joined(&lines);
}

static jihe_status take_group(void *context, uint32_t worker, const jh_alike_group *group, jihe_error *err)
{
    struct lines *lines = context;
    jh_buf line = {0};
    const size_t values = lines->values;

    (void)worker, (void)err;
    for (size_t i = 0; i < group->count; i++) {
        jh_buf_printf(&line, " %u", group->documents[i]);
        for (size_t v = 0; v < values; v++)
            jh_buf_printf(&line, ":%lld", (long long)group->values[i * values + v]);
    }
    jh_buf_putc(&line, '\n');
    pthread_mutex_lock(&lines->lock);
    add_line(lines, &line);
    pthread_mutex_unlock(&lines->lock);
    return JIHE_OK;
}

char *alike_found(const jh_alike_input *input, uint64_t *undecided)
{
    const jh_pass_segment *last = &input->pass->segments[input->pass->segment_count - 1];
    const size_t words = last->word + jh_bits_words(last->rows);
    struct lines lines = {.lock = PTHREAD_MUTEX_INITIALIZER, .values = input->value_count};
    jh_alike_input with = *input;
    jihe_error err = {0};

    with.undecided = calloc(words, sizeof *with.undecided);
    cr_assert(jh_alike_find(&with, take_group, &lines, &err) == JIHE_OK, "%s", err.message);
    *undecided = jh_bits_count(with.undecided, words * 64);
    free(with.undecided);
    return joined(&lines);
}
