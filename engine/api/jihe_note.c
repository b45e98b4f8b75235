#include "jihe/note.h"

#include <string.h>

#include "api/api_int.h"
#include "base/days.h"
#include "base/error.h"
#include "base/text.h"
#include "ledger/notes.h"

enum { MAX_TEXT = 2000 };

static jihe_status check_text(const char *what, const char *text, jihe_error *err)
{
    const size_t len = strlen(text);

    if (len == 0)
        return jh_fail(err, JIHE_USAGE, "note: the %s is empty", what);
    if (len > MAX_TEXT)
        return jh_fail(err, JIHE_USAGE, "note: a %s of %zu bytes; expected at most %d", what, len, MAX_TEXT);
    if (jh_text_utf8_valid(text, len) != len)
        return jh_fail(err, JIHE_USAGE, "note: the %s is not valid UTF-8", what);
    return JIHE_OK;
}

static jihe_status take_scope(jh_note *out, const jihe_note *note, jihe_error *err)
{
    const char *of[JH_NOTE_SCOPES] = {
        [JH_NOTE_UNIT] = note->unit, [JH_NOTE_PERSON] = note->person, [JH_NOTE_TYPE] = note->type};

    out->of = "";
    for (jh_note_scope s = 0; s < JH_NOTE_SCOPES; s++) {
        if (of[s] == NULL)
            continue;
        if (out->scope != JH_NOTE_ALL)
            return jh_fail(err, JIHE_USAGE, "note: it concerns a %s or a %s, not both; make two notes",
                           jh_note_scope_word(out->scope), jh_note_scope_word(s));
        out->scope = s;
        out->of = of[s];
    }
    return out->scope == JH_NOTE_ALL ? JIHE_OK : check_text(jh_note_scope_word(out->scope), out->of, err);
}

static jihe_status take_note(jh_note *out, const jihe_note *note, jihe_error *err)
{
    jihe_status st;

    if (note->size != sizeof *note)
        return jh_fail(err, JIHE_USAGE, "jihe_note of %u bytes; this library's has %zu", note->size, sizeof *note);
    *out = (jh_note){.to = INT32_MAX, .excuses = !note->mark_only, .text = note->text};
    if ((st = check_text("text", note->text, err)) != JIHE_OK || (st = take_scope(out, note, err)) != JIHE_OK)
        return st;
    return note->to != NULL ? jh_parse_period(note->from, note->to, "note", &out->from, &out->to, err)
                            : jh_parse_date(note->from, "note", &out->from, err);
}

/* The note in force that says the same; NULL: none. */
static const jh_note *find_same(const jh_notes *known, const jh_note *note)
{
    for (size_t i = 0; i < known->count; i++) {
        const jh_note *old = &known->notes[i];

        if (old->withdrawn == 0 && old->scope == note->scope && old->from == note->from && old->to == note->to &&
            old->excuses == note->excuses && strcmp(old->of, note->of) == 0 && strcmp(old->text, note->text) == 0)
            return old;
    }
    return NULL;
}

jihe_status jihe_note_add(uint64_t *number, int *is_new, jihe_workspace *workspace, const jihe_note *note,
                          jihe_error *err)
{
    jh_writing writing;
    jh_notes known;
    jh_note made;
    jh_arena arena;
    jihe_status st = take_note(&made, note, err);

    *number = 0;
    *is_new = 0;
    if (st != JIHE_OK || (st = jh_writing_begin(&writing, workspace, err)) != JIHE_OK)
        return st;
    jh_arena_init(&arena, 0);
    made.at = jh_workspace_now(workspace);
    if ((st = jh_notes_load(&known, writing.ledger, UINT64_MAX, &arena, err)) == JIHE_OK) {
        const jh_note *same = find_same(&known, &made);

        *is_new = same == NULL;
        if (same == NULL)
            st = jh_note_save(writing.ledger, &made, err);
        *number = same != NULL ? same->sequence : made.sequence;
    }
    jh_arena_deinit(&arena);
    jh_writing_end(&writing);
    return st;
}

static jihe_status withdraw(const jihe_workspace *workspace, jh_ledger *ledger, uint64_t number, const char *reason,
                            jh_arena *arena, jihe_error *err)
{
    jh_notes known;
    size_t i = 0;
    const jihe_status st = jh_notes_load(&known, ledger, UINT64_MAX, arena, err);

    if (st != JIHE_OK)
        return st;
    while (i < known.count && known.notes[i].sequence != number)
        i++;
    if (i == known.count)
        return jh_fail(err, JIHE_NOT_FOUND, "there is no note %llu; 'jihe note list' shows them",
                       (unsigned long long)number);
    if (known.notes[i].withdrawn != 0)
        return jh_fail(err, JIHE_NOT_FOUND, "note %llu is withdrawn already, by event %llu", (unsigned long long)number,
                       (unsigned long long)known.notes[i].withdrawn);
    return jh_note_withdraw(ledger, number, reason, jh_workspace_now(workspace), err);
}

jihe_status jihe_note_withdraw(jihe_workspace *workspace, uint64_t number, const char *reason, jihe_error *err)
{
    jh_writing writing;
    jh_arena arena;
    jihe_status st = check_text("reason", reason, err);

    if (st != JIHE_OK || (st = jh_writing_begin(&writing, workspace, err)) != JIHE_OK)
        return st;
    jh_arena_init(&arena, 0);
    st = withdraw(workspace, writing.ledger, number, reason, &arena, err);
    jh_arena_deinit(&arena);
    jh_writing_end(&writing);
    return st;
}

static jihe_status list_note(jh_grid *grid, const jh_note *note, const jihe_workspace *workspace, jihe_error *err)
{
    char from[16], to[16], recorded[16];

    jh_days_text(note->from, from);
    if (note->to != INT32_MAX)
        jh_days_text(note->to, to);
    jh_days_text(jh_workspace_day(workspace, note->at), recorded);
    const jh_out_cell cells[] = {jh_cell_uint(note->sequence),
                                 jh_cell_text(from),
                                 note->to != INT32_MAX ? jh_cell_text(to) : jh_cell_none(),
                                 jh_cell_text(jh_note_scope_word(note->scope)),
                                 note->of[0] != '\0' ? jh_cell_text(note->of) : jh_cell_none(),
                                 jh_cell_bool(note->excuses),
                                 jh_cell_text(note->text),
                                 jh_cell_text(recorded),
                                 note->withdrawn != 0 ? jh_cell_uint(note->withdrawn) : jh_cell_none()};

    return jh_grid_add(grid, cells, err);
}

jihe_status jihe_note_list(jihe_rows **out, jihe_workspace *workspace, jihe_error *err)
{
    static const jh_out_column columns[] = {{"note", "编号"},  {"from", "自"},         {"to", "至"},
                                            {"scope", "范围"}, {"of", "对象"},         {"excuses", "可作解释"},
                                            {"text", "说明"},  {"recorded", "登记日"}, {"withdrawn", "撤回"}};
    jh_grid *grid = NULL;
    jh_ledger *ledger;
    jh_notes known;
    jh_arena arena;

    *out = NULL;
    jihe_status st = jh_ledger_open(&ledger, workspace->path, 0, err);

    if (st != JIHE_OK)
        return st;
    jh_arena_init(&arena, 0);
    if ((st = jh_notes_load(&known, ledger, UINT64_MAX, &arena, err)) == JIHE_OK)
        st = jh_grid_new(&grid, columns, sizeof columns / sizeof columns[0], err);
    for (size_t i = 0; st == JIHE_OK && i < known.count; i++)
        st = list_note(grid, &known.notes[i], workspace, err);
    st = jh_grid_publish(out, grid, st, err);
    jh_arena_deinit(&arena);
    jh_ledger_close(ledger);
    return st;
}
