#include "centre.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/pcg.h"
#include "snapshot/writer.h"

static const char *const id_source[] = {"doc_id"}, *const team_source[] = {"team"}, *const person_source[] = {"person"},
                         *const amount_source[] = {"amount"};

static const jh_column columns[] = {
    {.name = "doc_id", .type = JH_ID, .sources = id_source, .source_count = 1},
    {.name = "team", .type = JH_CATEGORY, .sources = team_source, .source_count = 1},
    {.name = "person", .type = JH_CATEGORY, .roles = JH_ROLE_PERSON, .sources = person_source, .source_count = 1},
    {.name = "amount",
     .type = JH_MONEY,
     .sources = amount_source,
     .source_count = 1,
     .currency = "CNY",
     .money = {.scale = 2, .prefix = "", .thousands = "", .decimal = "."}},
};

static const jh_schema schema = {.columns = columns, .count = 4, .id = 0, .business_date = SIZE_MAX};

void centre_open(struct centre *centre)
{
    char path[80];

    memset(centre, 0, sizeof *centre);
    strcpy(centre->path, "/tmp/jihe-centre-XXXXXX");
    cr_assert(mkdtemp(centre->path) != NULL);
    snprintf(path, sizeof path, "%s/snapshots", centre->path);
    cr_assert(jh_file_mkdir(path, NULL) == JIHE_OK);
}

void centre_close(struct centre *centre)
{
    char command[96];

    for (size_t i = 0; i < centre->count; i++)
        jh_snapshot_close(centre->snapshots[i]);
    snprintf(command, sizeof command, "rm -rf '%s'", centre->path);
    cr_assert(system(command) == 0);
}

static void add_document(jh_writer *writer, const char *id, uint32_t i)
{
    char team[8], person[8];
    jihe_error err = {0};

    snprintf(team, sizeof team, "T%u", i % 5);
    snprintf(person, sizeof person, "P%u", i % 23);
    const jh_cell cells[] = {{.present = true, .text = id, .len = (uint32_t)strlen(id)},
                             {.present = i % 11 != 0, .text = team, .len = 2},
                             {.present = true, .text = person, .len = (uint32_t)strlen(person)},
                             {.present = i % 13 != 0, .number = (int64_t)i * 100}};

    cr_assert(jh_writer_add(writer, cells, &err) == JIHE_OK, "%s", err.message);
}

static void seal(struct centre *centre, jh_writer *writer, int32_t date)
{
    jihe_error err = {0};

    cr_assert(jh_writer_seal(writer, &err) == JIHE_OK && jh_writer_publish(writer, &err) == JIHE_OK, "%s", err.message);
    jh_writer_free(writer);
    cr_assert(jh_snapshot_open(&centre->snapshots[centre->count++], centre->path, date, 0, &err) == JIHE_OK, "%s",
              err.message);
}

void centre_add(struct centre *centre, int32_t date, uint32_t first, uint32_t rows, uint64_t shuffle)
{
    uint32_t *order = malloc((rows + 1) * sizeof *order);
    jihe_error err = {0};
    jh_writer *writer;
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, shuffle, 1);
    for (uint32_t i = 0; i < rows; i++)
        order[i] = first + i;
    for (uint32_t i = rows; shuffle != 0 && i > 1; i--) {
        const uint32_t j = (uint32_t)jh_pcg64_below(&rng, i), swapped = order[i - 1];

        order[i - 1] = order[j];
        order[j] = swapped;
    }
    cr_assert(jh_writer_new(&writer, centre->path, date, 1, &schema, &err) == JIHE_OK, "%s", err.message);
    for (uint32_t i = 0; i < rows; i++) {
        char id[32];

        snprintf(id, sizeof id, "DOC-%d-%07u", date, order[i]);
        add_document(writer, id, order[i]);
    }
    seal(centre, writer, date);
    free(order);
}

void centre_add_named(struct centre *centre, int32_t date, const char *const *ids, const uint32_t *numbers,
                      size_t count)
{
    jihe_error err = {0};
    jh_writer *writer;

    cr_assert(jh_writer_new(&writer, centre->path, date, 1, &schema, &err) == JIHE_OK, "%s", err.message);
    for (size_t k = 0; k < count; k++)
        add_document(writer, ids[k], numbers[k]);
    seal(centre, writer, date);
}

void centre_rules(jh_rules *rules, const char *items)
{
    char text[16384];
    jihe_error err = {0};
    const int len = snprintf(text, sizeof text, "rules:\n  - %s\n", items);

    cr_assert(len > 0 && (size_t)len < sizeof text);
    cr_assert(jh_rules_parse(rules, "test.yaml", text, (size_t)len, &err) == JIHE_OK, "%s", err.message);
}

void centre_select(jh_selection *out, const struct centre *centre, const jh_rules *rules, const char *seed,
                   uint32_t threads)
{
    const jh_rule *list[128];
    const jh_roster roster = {0};
    jihe_error err = {0};
    jh_zone *zone;

    cr_assert(jh_zone_open(&zone, "UTC", &err) == JIHE_OK);
    for (size_t r = 0; r < rules->count; r++)
        list[r] = &rules->rules[r];
    const jh_facts facts = {.zone = zone};
    const jh_selection_input input = {.rules = list,
                                      .rule_count = rules->count,
                                      .parts = centre->snapshots,
                                      .part_count = centre->count,
                                      .history = centre->snapshots,
                                      .history_count = centre->count,
                                      .last = jh_snapshot_manifest(centre->snapshots[centre->count - 1])->date,
                                      .roster = &roster,
                                      .latest = true,
                                      .facts = &facts,
                                      .seed = seed,
                                      .threads = threads};

    cr_assert(jh_selection_make(out, &input, &err) == JIHE_OK, "%s", err.message);
    jh_zone_free(zone);
}

char *centre_hits(const jh_selection *selection, const jh_rules *rules)
{
    jh_buf text = {0};
    jh_col_room room = {0};
    jihe_error err = {0};

    for (size_t r = 0; r < selection->rule_count; r++)
        for (size_t i = 0; i < selection->rules[r].picks.count; i++) {
            const jh_pick *pick = &selection->rules[r].picks.picks[i];
            const char *id;
            uint32_t len;

            cr_assert(jh_pass_id(&selection->pass, pick->segment, pick->row, &room, &id, &len, &err) == JIHE_OK);
            jh_buf_printf(&text, "%s %s %016llx %.*s\n", rules->rules[r].id,
                          selection->rules[r].strata.strata[pick->stratum].label, (unsigned long long)pick->number,
                          (int)len, id);
        }
    char *copy = strdup(jh_buf_text(&text));

    jh_col_room_deinit(&room);
    jh_buf_deinit(&text);
    return copy;
}
