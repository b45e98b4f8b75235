#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "codec/pack.h"
#include "ledger/notes.h"
#include "ledger/postings.h"

/* Rosters and notes in the ledger: what was recorded comes back, of any age; what is broken is named. */

static char workspace[64];
static jh_ledger *ledger;
static jh_arena arena;
static jihe_error err;

static void begin(void)
{
    strcpy(workspace, "/tmp/jihe-people-XXXXXX");
    cr_assert_not_null(mkdtemp(workspace));
    cr_assert_eq(jh_ledger_create(workspace, &err), JIHE_OK, "%s", err.message);
    cr_assert_eq(jh_ledger_open(&ledger, workspace, 1, &err), JIHE_OK, "%s", err.message);
    jh_arena_init(&arena, 0);
}

static void end(void)
{
    char inside[80];

    jh_arena_deinit(&arena);
    jh_ledger_close(ledger);
    snprintf(inside, sizeof inside, "%s/ledger/", workspace);
    jh_file_remove_tree(inside, NULL);
    jh_file_remove_tree(workspace, NULL);
}

TestSuite(people, .init = begin, .fini = end);

static const char sha[65] = "0123456789012345678901234567890123456789012345678901234567890123";

static const jh_posting postings[] = {
    {"a", "U", "P", 100, 199, 0, "", 0},
    {"a", "U", "Q", 200, INT32_MAX, 7, "", 0},
    {"b", "U", "P", 100, INT32_MAX, 0, "x;y", 0},
    {"c", "", "", -5, INT32_MAX, 9, "", 0x7F},
};
static const jh_spell spells[] = {
    {"a", JH_SPELL_LEAVE, "", 120, 130},
    {"b", JH_SPELL_COVERS, "a", 120, INT32_MAX},
    {"d", JH_SPELL_RENAMED, "c", 110, INT32_MAX},
    {"d", JH_SPELL_SHARED, "", 111, 112},
};

static uint64_t save(size_t posting_count, size_t spell_count)
{
    const jh_roster roster = {
        .postings = postings, .count = posting_count, .spells = spells, .spell_count = spell_count};
    uint64_t sequence;

    cr_assert_eq(jh_postings_save(ledger, &roster, sha, 1000, &sequence, &err), JIHE_OK, "%s", err.message);
    return sequence;
}

Test(people, rosters_come_back)
{
    const jh_roster want = {.postings = postings, .count = 4, .spells = spells, .spell_count = 4};
    const uint64_t first = save(4, 4), second = save(2, 0);
    jh_roster_version *versions;
    jh_roster roster;
    size_t count;
    char digest[65];

    cr_assert_eq(jh_postings_load(&roster, ledger, first, digest, &arena, &err), JIHE_OK, "%s", err.message);
    cr_assert(jh_postings_equal(&roster, &want));
    cr_assert_str_eq(digest, sha);
    cr_assert_eq(roster.sequence, first);
    cr_assert_eq(jh_postings_load(&roster, ledger, 0, NULL, &arena, &err), JIHE_OK);
    cr_assert(roster.sequence == second && roster.count == 2 && roster.spell_count == 0);
    cr_assert_not(jh_postings_equal(&roster, &want));
    cr_assert_eq(jh_postings_versions(&versions, &count, ledger, &arena, &err), JIHE_OK);
    cr_assert(count == 2 && versions[0].postings == 4 && versions[0].spells == 4 && versions[1].sequence == second);
}

/* Any one difference is seen. */
Test(people, rosters_differ)
{
    const jh_roster want = {.postings = postings, .count = 4, .spells = spells, .spell_count = 4};

    for (int change = 0; change < 13; change++) {
        jh_posting p[4];
        jh_spell s[4];
        jh_roster other = {
            .postings = p, .count = change == 11 ? 3 : 4, .spells = s, .spell_count = change == 12 ? 3 : 4};

        memcpy(p, postings, sizeof p);
        memcpy(s, spells, sizeof s);
        if (change == 0)
            p[3].person = "z";
        p[0].unit = change == 1 ? "V" : p[0].unit;
        p[0].post = change == 2 ? "V" : p[0].post;
        p[0].from += change == 3;
        p[0].to += change == 4;
        p[0].capacity += change == 5;
        p[0].types = change == 6 ? "x" : p[0].types;
        p[0].weekdays ^= change == 7;
        s[1].kind = change == 8 ? JH_SPELL_SPLIT : s[1].kind;
        s[1].other = change == 9 ? "z" : s[1].other;
        s[1].to -= change == 10;
        cr_expect_not(jh_postings_equal(&want, &other), "change %d", change);
        cr_expect_not(jh_postings_equal(&other, &want), "change %d", change);
    }
}

static void append(const char *kind, jh_buf *body)
{
    cr_assert_eq(jh_ledger_begin(ledger, body->len, &err), JIHE_OK);
    cr_assert_eq(jh_ledger_append(ledger, kind, 1, body, NULL, &err), JIHE_OK, "%s", err.message);
    cr_assert_eq(jh_ledger_commit(ledger, &err), JIHE_OK);
    jh_buf_deinit(body);
}

/* A roster of one posting as its bytes would be; `fields` of it are written. */
static void pack_roster(jh_buf *body, size_t fields, uint64_t weekdays, const char *spell, int64_t to)
{
    jh_pack_map(body, spell != NULL ? 3 : 2);
    jh_pack_text(body, "sha256");
    jh_pack_text(body, sha);
    jh_pack_text(body, "postings");
    jh_pack_array(body, 1);
    jh_pack_array(body, fields);
    jh_pack_text(body, "a");
    jh_pack_text(body, "U");
    jh_pack_text(body, "P");
    jh_pack_i64(body, 100);
    jh_pack_i64(body, to);
    if (fields >= 6)
        jh_pack_u64(body, 12);
    if (fields >= 7)
        jh_pack_text(body, "x");
    if (fields >= 8)
        jh_pack_u64(body, weekdays);
    if (spell == NULL)
        return;
    jh_pack_text(body, "spells");
    jh_pack_array(body, 1);
    jh_pack_array(body, 5);
    jh_pack_text(body, "a");
    jh_pack_text(body, spell);
    jh_pack_text(body, "");
    jh_pack_i64(body, 100);
    jh_pack_i64(body, 101);
}

/* As rosters were recorded before there were types and leaves. */
Test(people, older_rosters)
{
    jh_roster roster;

    for (size_t fields = 5; fields <= 6; fields++) {
        jh_buf body = {0};

        pack_roster(&body, fields, 0, NULL, INT32_MAX);
        append("roster", &body);
        cr_assert_eq(jh_postings_load(&roster, ledger, 0, NULL, &arena, &err), JIHE_OK, "%s", err.message);
        cr_assert(roster.count == 1 && roster.postings[0].capacity == (fields == 6 ? 12 : 0));
        cr_assert_str_eq(roster.postings[0].types, "");
        cr_assert(roster.postings[0].weekdays == 0 && roster.spell_count == 0);
    }
}

Test(people, broken_rosters)
{
    static const struct {
        size_t fields;
        uint64_t weekdays;
        const char *spell;
        int64_t to;
    } broken[] = {{7, 0, NULL, 100}, {8, 0x80, NULL, 100},        {8, 0, "holiday", 100},
                  {5, 0, NULL, 99},  {5, 0, NULL, INT32_MAX - 1}, {5, 0, NULL, 1LL << 40},
                  {8, 0, NULL, 100}, {8, 0x7F, "shared", 100}};

    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        const jihe_status want = i < 6 ? JIHE_CORRUPT : JIHE_OK;
        jh_roster roster;
        jh_buf body = {0};

        pack_roster(&body, broken[i].fields, broken[i].weekdays, broken[i].spell, broken[i].to);
        append("roster", &body);
        /* Only the event asked for is read. */
        cr_expect_eq(jh_postings_load(&roster, ledger, i + 1, NULL, &arena, &err), want, "%zu: %s", i, err.message);
    }
}

static uint64_t add_note(jh_note_scope scope, const char *of, int32_t from, const char *text)
{
    jh_note note = {.scope = scope, .of = of, .from = from, .to = INT32_MAX, .excuses = true, .text = text, .at = 77};

    cr_assert_eq(jh_note_save(ledger, &note, &err), JIHE_OK, "%s", err.message);
    return note.sequence;
}

/* What was known at each event, whatever came later. */
Test(people, notes_as_of_an_event)
{
    const uint64_t a = add_note(JH_NOTE_ALL, "", 100, "a"), b = add_note(JH_NOTE_TYPE, "x", -3, "b");
    const uint64_t roster = save(4, 4);
    jh_roster people;
    jh_notes notes;

    cr_assert_eq(jh_note_withdraw(ledger, a, "why", 78, &err), JIHE_OK);
    const uint64_t c = add_note(JH_NOTE_PERSON, "p", 300, "c");

    cr_assert_eq(jh_notes_load(&notes, ledger, UINT64_MAX, &arena, &err), JIHE_OK);
    cr_assert(notes.count == 3 && notes.sequence == c);
    cr_assert(notes.notes[0].withdrawn == roster + 1 && notes.notes[1].withdrawn == 0);
    cr_assert(notes.notes[1].scope == JH_NOTE_TYPE && notes.notes[1].from == -3 && notes.notes[1].at == 77);
    cr_assert_str_eq(notes.notes[1].of, "x");
    cr_assert_str_eq(notes.notes[2].text, "c");
    cr_assert_eq(jh_notes_load(&notes, ledger, b, &arena, &err), JIHE_OK);
    cr_assert(notes.count == 2 && notes.sequence == b && notes.notes[0].withdrawn == 0);
    cr_assert_eq(jh_people_load(&people, ledger, roster, a, &arena, &err), JIHE_OK);
    cr_assert(people.sequence == roster && people.notes.count == 1 && people.notes.sequence == a);
    cr_assert_eq(jh_people_load(&people, ledger, 0, 0, &arena, &err), JIHE_OK);
    cr_assert(people.count == 0 && people.notes.count == 0);
}

Test(people, a_withdrawal_of_nothing)
{
    jh_notes notes;

    cr_assert_eq(jh_note_withdraw(ledger, 7, "why", 78, &err), JIHE_OK);
    cr_assert_eq(jh_notes_load(&notes, ledger, UINT64_MAX, &arena, &err), JIHE_CORRUPT);
}
