#include "rule/gate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum {
    SETTLING = 60,     /* working days after which someone new works as usual */
    LONG_LEAVE = 10,   /* working days away after which someone is new again */
    MOST_FORMER = 16,  /* ids one after another; what is before is left out */
    MOST_BACK = 3660,  /* days to look for working days in */
    EVERY_DAY = 0x7F,  /* of weekdays */
    USUAL_DAYS = 0x1F, /* Monday to Friday */
};

struct renamed { /* an id that took over from others */
    const char *id;
    jh_gate_former *former;
    size_t count;
};

struct jh_gate {
    const jh_roster *roster;
    const jh_calendar *calendar;
    jh_gate_windows windows;
    int32_t settled[EVERY_DAY + 1]; /* per weekdays: who began then or before has worked 60 days before the trigger */
    const jh_spell **by_other;      /* spells that name another id, by it, then from */
    size_t by_other_count;
    struct renamed *renamed; /* by id */
    size_t renamed_count;
    const jh_note **notes; /* that excuse in these windows, by scope, of, from, sequence */
    size_t note_count;
    const jh_note *latest[JH_NOTE_SCOPES]; /* of each scope; NULL: none */
};

/* --- working days --- */

static bool works(const jh_gate *gate, uint8_t weekdays, int32_t day)
{
    const uint8_t week = weekdays != 0 ? weekdays : USUAL_DAYS;
    const jh_calendar_day *exception = week != EVERY_DAY ? jh_calendar_exception(gate->calendar, day) : NULL;

    return exception != NULL ? exception->works : (week >> (jh_weekday(day) - 1) & 1) != 0;
}

/* At least `wanted` working days from `from` to `to`? */
static bool has_working_days(const jh_gate *gate, uint8_t weekdays, int32_t from, int32_t to, uint32_t wanted)
{
    for (int32_t day = from; day <= to && day - from < MOST_BACK && wanted > 0; day++)
        wanted -= works(gate, weekdays, day);
    return wanted == 0 || (to >= from && (int64_t)to - from >= MOST_BACK);
}

/* The last day that has SETTLING working days from it to the day before the trigger. */
static int32_t settled_day(const jh_gate *gate, uint8_t weekdays)
{
    int32_t day = gate->windows.trigger_from;

    for (uint32_t left = SETTLING; left > 0 && gate->windows.trigger_from - day < MOST_BACK;)
        left -= works(gate, weekdays, --day);
    return day;
}

/* --- making --- */

static bool meets_span(const jh_gate *gate, int32_t from, int32_t to)
{
    return from <= gate->windows.trigger_to && to >= gate->windows.baseline_from;
}

static bool is_inside(const jh_gate *gate, int32_t day)
{
    return day > gate->windows.baseline_from && day <= gate->windows.trigger_to;
}

static int order_by_other(const void *a, const void *b)
{
    const jh_spell *x = *(const jh_spell *const *)a, *y = *(const jh_spell *const *)b;
    int order = strcmp(x->other, y->other);

    if (order == 0)
        order = (x->from > y->from) - (x->from < y->from);
    if (order == 0)
        order = (x->kind > y->kind) - (x->kind < y->kind);
    return order != 0 ? order : strcmp(x->person, y->person);
}

/* The first spell that names `id` as the other one. */
static size_t find_by_other(const jh_gate *gate, const char *id, size_t len)
{
    size_t low = 0, high = gate->by_other_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const char *other = gate->by_other[middle]->other;

        if (jh_text_compare(other, strlen(other), id, len) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_id(const char *text, const char *id, size_t len)
{
    return strncmp(text, id, len) == 0 && text[len] == '\0';
}

/* By which the id came to be a person's: the last one, if there were several. */
static const jh_spell *renaming_to(const jh_gate *gate, const char *id)
{
    const size_t len = strlen(id);
    const jh_spell *found = NULL;

    for (size_t i = find_by_other(gate, id, len); i < gate->by_other_count && is_id(gate->by_other[i]->other, id, len);
         i++)
        if (gate->by_other[i]->kind == JH_SPELL_RENAMED && gate->by_other[i]->from <= gate->windows.trigger_to)
            found = gate->by_other[i];
    return found;
}

static bool add_renamed(struct jh_gate *gate, const char *id, jh_arena *arena)
{
    jh_gate_former chain[MOST_FORMER];
    struct renamed *renamed = &gate->renamed[gate->renamed_count];
    size_t count = 0;

    for (const jh_spell *before = renaming_to(gate, id); before != NULL && count < MOST_FORMER;
         before = renaming_to(gate, before->person))
        chain[count++] = (jh_gate_former){.id = before->person, .until = before->from - 1};
    if (count == 0)
        return true;
    *renamed = (struct renamed){.id = id, .former = JH_NEW(arena, jh_gate_former, count), .count = count};
    for (size_t i = 0; renamed->former != NULL && i < count; i++)
        renamed->former[i] = chain[count - 1 - i];
    gate->renamed_count++;
    return renamed->former != NULL;
}

static bool take_spells(struct jh_gate *gate, jh_arena *arena)
{
    const jh_roster *roster = gate->roster;

    gate->by_other = JH_NEW(arena, const jh_spell *, roster->spell_count + 1);
    gate->renamed = JH_NEW(arena, struct renamed, roster->spell_count + 1);
    if (gate->by_other == NULL || gate->renamed == NULL)
        return false;
    for (size_t i = 0; i < roster->spell_count; i++)
        if (roster->spells[i].other[0] != '\0')
            gate->by_other[gate->by_other_count++] = &roster->spells[i];
    qsort(gate->by_other, gate->by_other_count, sizeof *gate->by_other, order_by_other);
    for (size_t i = 0; i < gate->by_other_count; i++)
        if ((i == 0 || strcmp(gate->by_other[i - 1]->other, gate->by_other[i]->other) != 0) &&
            !add_renamed(gate, gate->by_other[i]->other, arena))
            return false;
    return true;
}

static int order_notes(const void *a, const void *b)
{
    const jh_note *x = *(const jh_note *const *)a, *y = *(const jh_note *const *)b;
    int order = (x->scope > y->scope) - (x->scope < y->scope);

    if (order == 0)
        order = strcmp(x->of, y->of);
    if (order == 0)
        order = (x->from > y->from) - (x->from < y->from);
    return order != 0 ? order : (x->sequence > y->sequence) - (x->sequence < y->sequence);
}

/* The one with the later day; `a` may be NULL. */
static const jh_note *later_note(const jh_note *a, const jh_note *b)
{
    if (a == NULL || b == NULL)
        return a == NULL ? b : a;
    return b->from > a->from || (b->from == a->from && b->sequence > a->sequence) ? b : a;
}

static bool take_notes(struct jh_gate *gate, jh_arena *arena)
{
    const jh_notes *notes = &gate->roster->notes;

    gate->notes = JH_NEW(arena, const jh_note *, notes->count + 1);
    for (size_t i = 0; gate->notes != NULL && i < notes->count; i++) {
        const jh_note *note = &notes->notes[i];
        const bool for_good = note->to == INT32_MAX;

        if (!note->excuses || note->withdrawn != 0 ||
            !(for_good ? is_inside(gate, note->from) : meets_span(gate, note->from, note->to)))
            continue;
        gate->notes[gate->note_count++] = note;
        gate->latest[note->scope] = later_note(gate->latest[note->scope], note);
    }
    if (gate->note_count > 0)
        qsort(gate->notes, gate->note_count, sizeof *gate->notes, order_notes);
    return gate->notes != NULL;
}

jihe_status jh_gate_make(const jh_gate **out, const jh_roster *roster, const jh_calendar *calendar,
                         const jh_gate_windows *windows, jh_arena *arena, jihe_error *err)
{
    struct jh_gate *gate = JH_NEW(arena, struct jh_gate, 1);
    bool seen[EVERY_DAY + 1] = {true};

    if (windows->baseline_from > windows->baseline_to || windows->baseline_to >= windows->trigger_from ||
        windows->trigger_from > windows->trigger_to)
        return jh_fail(err, JIHE_USAGE, "the windows of a test of volumes are not in order: baseline, then trigger");
    if (gate != NULL)
        *gate = (struct jh_gate){.roster = roster, .calendar = calendar, .windows = *windows};
    if (gate == NULL || !take_spells(gate, arena) || !take_notes(gate, arena))
        return jh_fail(err, JIHE_NO_MEMORY, "judging who can be tested");
    for (size_t i = 0; i < roster->count; i++)
        seen[roster->postings[i].weekdays & EVERY_DAY] = true;
    for (uint32_t week = 0; week <= EVERY_DAY; week++)
        if (seen[week])
            gate->settled[week] = settled_day(gate, (uint8_t)week);
    *out = gate;
    return JIHE_OK;
}

/* --- a person's history --- */

struct rows { /* of one of a person's ids: where they begin */
    const char *id;
    size_t len;
    int32_t until; /* later ones are not the person's */
    size_t posting, spell, by_other;
};

struct subject {
    const jh_gate *gate;
    const jh_gate_former *former;
    size_t former_count;
    struct rows own; /* of the present id */
    /* Of the postings: */
    bool known;
    const jh_posting *last; /* of those that begin by the end of the trigger; NULL: none */
    int32_t last_to;
    int32_t joined;   /* when known */
    int32_t next;     /* first day of the posting behind the trigger; INT32_MAX: none */
    int32_t returned; /* from a gap between postings; INT32_MIN: none that counts */
    int32_t moved;    /* INT32_MIN: not inside */
    jh_gate_reason moved_what;
};

static struct rows find_rows(const jh_gate *gate, const char *id, size_t len, int32_t until)
{
    return (struct rows){.id = id,
                         .len = len,
                         .until = until,
                         .posting = jh_roster_find(gate->roster, id, len),
                         .spell = jh_roster_find_spell(gate->roster, id, len),
                         .by_other = find_by_other(gate, id, len)};
}

/* Of the ids that a person had, the last one being the present. */
static struct rows rows_at(const struct subject *subject, size_t i)
{
    if (i == subject->former_count)
        return subject->own;
    const jh_gate_former *former = &subject->former[i];

    return find_rows(subject->gate, former->id, strlen(former->id), former->until);
}

/* The next of an id's rows; NULL: there are no more. */
static const jh_posting *next_posting(const jh_roster *roster, struct rows *rows)
{
    if (rows->posting == roster->count)
        return NULL;
    const jh_posting *posting = &roster->postings[rows->posting++];

    return is_id(posting->person, rows->id, rows->len) && posting->from <= rows->until ? posting : NULL;
}

static const jh_spell *next_spell(const jh_roster *roster, struct rows *rows)
{
    if (rows->spell == roster->spell_count)
        return NULL;
    const jh_spell *spell = &roster->spells[rows->spell++];

    return is_id(spell->person, rows->id, rows->len) ? spell : NULL;
}

static const jh_spell *next_by_other(const jh_gate *gate, struct rows *rows)
{
    if (rows->by_other == gate->by_other_count)
        return NULL;
    const jh_spell *spell = gate->by_other[rows->by_other++];

    return is_id(spell->other, rows->id, rows->len) ? spell : NULL;
}

static jh_gate_reason difference(const jh_posting *a, const jh_posting *b)
{
    if (strcmp(a->unit, b->unit) != 0)
        return JH_GATE_UNIT;
    if (strcmp(a->post, b->post) != 0)
        return JH_GATE_POST;
    return strcmp(a->types, b->types) != 0 ? JH_GATE_TYPES : JH_GATE_NONE;
}

static uint8_t weekdays_of(const struct subject *subject)
{
    return subject->last != NULL ? subject->last->weekdays & EVERY_DAY : 0;
}

/* Is the day one on which someone who began then has not settled? */
static bool is_settling(const struct subject *subject, int32_t day)
{
    return day > subject->gate->settled[weekdays_of(subject)] && day <= subject->gate->windows.trigger_to;
}

static void add_posting(struct subject *subject, const jh_posting *posting, int32_t to)
{
    const jh_gate *gate = subject->gate;
    const jh_posting *before = subject->last;
    const int32_t begin = posting->from;

    if (!subject->known)
        subject->joined = begin;
    subject->known = true;
    if (begin > gate->windows.trigger_to) {
        subject->next = begin < subject->next ? begin : subject->next;
        return;
    }
    const bool gap = before != NULL && subject->last_to < begin - 1 &&
                     has_working_days(gate, posting->weekdays, subject->last_to + 1, begin - 1, LONG_LEAVE);
    const jh_gate_reason what = before != NULL ? difference(before, posting) : JH_GATE_NONE;

    if (what != JH_GATE_NONE && is_inside(gate, begin)) {
        subject->moved = begin;
        subject->moved_what = what;
    }
    subject->last = posting;
    subject->last_to = to;
    if (gap && is_settling(subject, begin))
        subject->returned = begin;
}

static void find_former(struct subject *subject, const char *id, size_t len)
{
    const jh_gate *gate = subject->gate;
    size_t low = 0, high = gate->renamed_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (jh_text_compare(gate->renamed[middle].id, strlen(gate->renamed[middle].id), id, len) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < gate->renamed_count && is_id(gate->renamed[low].id, id, len)) {
        subject->former = gate->renamed[low].former;
        subject->former_count = gate->renamed[low].count;
    }
}

static struct subject subject_of(const jh_gate *gate, const char *id, size_t len)
{
    struct subject subject = {.gate = gate,
                              .own = find_rows(gate, id, len, INT32_MAX),
                              .next = INT32_MAX,
                              .returned = INT32_MIN,
                              .moved = INT32_MIN};

    find_former(&subject, id, len);
    for (size_t i = 0; i <= subject.former_count; i++) {
        struct rows rows = rows_at(&subject, i);

        for (const jh_posting *posting; (posting = next_posting(gate->roster, &rows)) != NULL;)
            add_posting(&subject, posting, posting->to < rows.until ? posting->to : rows.until);
    }
    return subject;
}

/* --- reasons: each says whether it holds, and if so fills the answer --- */

static bool give(jh_gate_answer *answer, jh_gate_reason reason, int32_t day, const char *other)
{
    static const jh_volume_verdict verdicts[JH_GATE_REASONS] = {
        [JH_GATE_NONE] = JH_VOLUME_NORMAL,       [JH_GATE_JOINED] = JH_VOLUME_NEW,
        [JH_GATE_RETURNED] = JH_VOLUME_NEW,      [JH_GATE_LEFT] = JH_VOLUME_LEFT,
        [JH_GATE_UNIT] = JH_VOLUME_MOVED,        [JH_GATE_POST] = JH_VOLUME_MOVED,
        [JH_GATE_TYPES] = JH_VOLUME_MOVED,       [JH_GATE_RENAMED] = JH_VOLUME_ID_CHANGED,
        [JH_GATE_MERGED] = JH_VOLUME_ID_CHANGED, [JH_GATE_SPLIT] = JH_VOLUME_ID_CHANGED,
        [JH_GATE_SHARED] = JH_VOLUME_ID_CHANGED, [JH_GATE_COVERS] = JH_VOLUME_COVERING,
        [JH_GATE_COVERED] = JH_VOLUME_COVERING,  [JH_GATE_NOTE] = JH_VOLUME_IMPORTED};

    answer->verdict = verdicts[reason];
    answer->reason = reason;
    answer->day = day;
    answer->other = other;
    return true;
}

static bool is_old_id(const struct subject *subject, jh_gate_answer *answer)
{
    struct rows rows = subject->own;

    for (const jh_spell *spell; (spell = next_spell(subject->gate->roster, &rows)) != NULL;)
        if ((spell->kind == JH_SPELL_RENAMED || spell->kind == JH_SPELL_MERGED) &&
            spell->from <= subject->gate->windows.trigger_to)
            return give(answer, spell->kind == JH_SPELL_RENAMED ? JH_GATE_RENAMED : JH_GATE_MERGED, spell->from,
                        spell->other);
    return false;
}

static bool has_joined(const struct subject *subject, jh_gate_answer *answer)
{
    return subject->known &&
           (subject->joined > subject->gate->windows.baseline_from ||
            subject->joined > subject->gate->settled[weekdays_of(subject)]) &&
           give(answer, JH_GATE_JOINED, subject->joined, "");
}

/* Is the first day after a leave from `from` to `to` one that counts? Later than *day, it replaces it. */
static void end_leave(const struct subject *subject, int32_t from, int32_t to, int32_t *day)
{
    if (to < subject->gate->windows.trigger_to && to >= *day && is_settling(subject, to + 1) &&
        has_working_days(subject->gate, weekdays_of(subject), from, to, LONG_LEAVE))
        *day = to + 1;
}

/* Leaves with no working day between them are one. */
static bool has_returned(const struct subject *subject, jh_gate_answer *answer)
{
    const uint8_t weekdays = weekdays_of(subject);
    int32_t from = 0, to = INT32_MIN, day = subject->returned;

    for (size_t i = 0; i <= subject->former_count; i++) {
        struct rows rows = rows_at(subject, i);

        for (const jh_spell *leave; (leave = next_spell(subject->gate->roster, &rows)) != NULL;) {
            if (leave->kind != JH_SPELL_LEAVE || leave->from > rows.until)
                continue;
            const bool apart = to != INT32_MIN && to < leave->from - 1 &&
                               has_working_days(subject->gate, weekdays, to + 1, leave->from - 1, 1);

            if (apart)
                end_leave(subject, from, to, &day);
            if (apart || to == INT32_MIN) {
                from = leave->from;
                to = leave->to;
            }
            to = leave->to > to ? leave->to : to;
        }
    }
    if (to != INT32_MIN)
        end_leave(subject, from, to, &day);
    return day != INT32_MIN && give(answer, JH_GATE_RETURNED, day, "");
}

static bool has_left(const struct subject *subject, jh_gate_answer *answer)
{
    if (subject->last == NULL || subject->last_to >= subject->gate->windows.trigger_to)
        return false;
    if (subject->next != INT32_MAX &&
        !has_working_days(subject->gate, weekdays_of(subject), subject->last_to + 1, subject->next - 1, LONG_LEAVE))
        return false;
    return give(answer, JH_GATE_LEFT, subject->last_to + 1, "");
}

static bool has_moved(const struct subject *subject, jh_gate_answer *answer)
{
    return subject->moved != INT32_MIN && give(answer, subject->moved_what, subject->moved, "");
}

/* What befell one id, told by itself (`other` is another one) or by another one's spell. */
static void mix_id(const struct subject *subject, const jh_spell *spell, bool own, jh_gate_answer *answer)
{
    static const jh_gate_reason reasons[JH_SPELL_KINDS] = {
        [JH_SPELL_MERGED] = JH_GATE_MERGED, [JH_SPELL_SPLIT] = JH_GATE_SPLIT, [JH_SPELL_SHARED] = JH_GATE_SHARED};
    const jh_gate_reason reason = reasons[spell->kind];
    const bool holds = reason == JH_GATE_SHARED ? meets_span(subject->gate, spell->from, spell->to)
                                                : is_inside(subject->gate, spell->from);

    if (reason == JH_GATE_NONE || !holds)
        return;
    if (answer->reason == JH_GATE_NONE || spell->from > answer->day)
        give(answer, reason, spell->from, own ? spell->other : spell->person);
}

static bool is_mixed(const struct subject *subject, jh_gate_answer *answer)
{
    for (size_t i = 0; i <= subject->former_count; i++) {
        struct rows rows = rows_at(subject, i);

        for (const jh_spell *spell; (spell = next_spell(subject->gate->roster, &rows)) != NULL;)
            mix_id(subject, spell, true, answer);
        for (const jh_spell *spell; (spell = next_by_other(subject->gate, &rows)) != NULL;)
            mix_id(subject, spell, false, answer);
    }
    return answer->reason != JH_GATE_NONE;
}

/* --- standing in --- */

struct standing {                 /* within the span */
    const jh_spell *first, *last; /* the person's own covers; NULL: none */
    const jh_spell *covered;      /* the last of those by others */
    bool many;                    /* more than one colleague either way */
};

static void add_standing(struct standing *standing, const jh_spell *spell, bool own)
{
    if (own) {
        standing->many = standing->many || (standing->last != NULL && strcmp(standing->last->other, spell->other) != 0);
        standing->first = standing->first != NULL ? standing->first : spell;
        standing->last = spell;
    } else {
        standing->many =
            standing->many || (standing->covered != NULL && strcmp(standing->covered->person, spell->person) != 0);
        standing->covered = spell;
    }
}

static struct standing standing_of(const struct subject *subject)
{
    const jh_gate *gate = subject->gate;
    struct standing standing = {0};

    for (size_t i = 0; i <= subject->former_count; i++) {
        struct rows rows = rows_at(subject, i);

        for (const jh_spell *spell; (spell = next_spell(gate->roster, &rows)) != NULL;)
            if (spell->kind == JH_SPELL_COVERS && meets_span(gate, spell->from, spell->to))
                add_standing(&standing, spell, true);
        for (const jh_spell *spell; (spell = next_by_other(gate, &rows)) != NULL;)
            if (spell->kind == JH_SPELL_COVERS && meets_span(gate, spell->from, spell->to))
                add_standing(&standing, spell, false);
    }
    return standing;
}

/* Can the colleague be tested with the one who stands in for nobody else? */
static bool can_pair(const struct subject *colleague)
{
    const struct standing standing = standing_of(colleague);
    jh_gate_answer none = {0};

    return colleague->former_count == 0 && standing.last == NULL && !is_old_id(colleague, &none) &&
           !has_joined(colleague, &none) && !has_moved(colleague, &none) && !is_mixed(colleague, &none);
}

/* --- notes --- */

/* The latest note of exactly this scope. */
static const jh_note *find_note(const jh_gate *gate, jh_note_scope scope, const char *of, size_t len)
{
    size_t low = 0, high = gate->latest[scope] != NULL ? gate->note_count : 0;

    while (low < high) { /* the first one behind */
        const size_t middle = low + (high - low) / 2;
        const jh_note *note = gate->notes[middle];

        if (note->scope < scope || (note->scope == scope && jh_text_compare(note->of, strlen(note->of), of, len) <= 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && gate->notes[low - 1]->scope == scope && is_id(gate->notes[low - 1]->of, of, len)
               ? gate->notes[low - 1]
               : NULL;
}

static const jh_note *note_of_posting(const jh_gate *gate, const jh_posting *posting)
{
    const jh_note *found = find_note(gate, JH_NOTE_UNIT, posting->unit, strlen(posting->unit));

    if (posting->types[0] == '\0')
        return later_note(found, gate->latest[JH_NOTE_TYPE]);
    for (const char *type = posting->types; *type != '\0';) {
        const size_t len = strcspn(type, ";");

        found = later_note(found, find_note(gate, JH_NOTE_TYPE, type, len));
        type += len + (type[len] == ';');
    }
    return found;
}

static const jh_note *note_about(const struct subject *subject)
{
    const jh_gate *gate = subject->gate;
    const jh_note *found = gate->latest[JH_NOTE_ALL];

    if (gate->note_count == 0)
        return NULL;
    if (!subject->known)
        found = later_note(found, later_note(gate->latest[JH_NOTE_UNIT], gate->latest[JH_NOTE_TYPE]));
    for (size_t i = 0; i <= subject->former_count; i++) {
        struct rows rows = rows_at(subject, i);

        found = later_note(found, find_note(gate, JH_NOTE_PERSON, rows.id, rows.len));
        for (const jh_posting *posting; (posting = next_posting(gate->roster, &rows)) != NULL;)
            if (meets_span(gate, posting->from, posting->to < rows.until ? posting->to : rows.until))
                found = later_note(found, note_of_posting(gate, posting));
    }
    return found;
}

/* --- the answer --- */

/* Does anybody but `person` stand in for the colleague? Looked at before all else: many may. */
static bool has_others(const jh_gate *gate, const char *colleague, const char *person)
{
    struct rows rows = {.id = colleague, .len = strlen(colleague)};

    rows.by_other = find_by_other(gate, colleague, rows.len);
    for (const jh_spell *spell; (spell = next_by_other(gate, &rows)) != NULL;)
        if (spell->kind == JH_SPELL_COVERS && meets_span(gate, spell->from, spell->to) &&
            strcmp(spell->person, person) != 0)
            return true;
    return false;
}

/* True: not to be tested. Otherwise *colleague is who to test with, if answer->partner says so. */
static bool stands_in(const struct subject *subject, struct subject *colleague, jh_gate_answer *answer)
{
    const struct standing standing = standing_of(subject);

    if (standing.last == NULL)
        return standing.covered != NULL &&
               give(answer, JH_GATE_COVERED, standing.covered->from, standing.covered->person);
    const char *other = standing.last->other;

    if (standing.covered != NULL || standing.many || subject->former_count > 0 ||
        has_others(subject->gate, other, standing.last->person))
        return give(answer, JH_GATE_COVERS, standing.last->from, other);
    *colleague = subject_of(subject->gate, other, strlen(other));
    if (!can_pair(colleague))
        return give(answer, JH_GATE_COVERS, standing.last->from, other);
    answer->partner = other;
    answer->cover_from = standing.first->from;
    answer->cover_to = standing.last->to;
    return false;
}

void jh_gate_ask(jh_gate_answer *out, const jh_gate *gate, const char *person, size_t len)
{
    const struct subject subject = subject_of(gate, person, len);
    struct subject colleague = {0};

    *out = (jh_gate_answer){.verdict = JH_VOLUME_NORMAL, .other = "", .known = subject.known};
    if (is_old_id(&subject, out) || has_joined(&subject, out) || has_returned(&subject, out) ||
        has_left(&subject, out) || has_moved(&subject, out) || is_mixed(&subject, out) ||
        stands_in(&subject, &colleague, out))
        return;
    const jh_note *note = note_about(&subject);

    if (out->partner != NULL)
        note = later_note(note, note_about(&colleague));
    if (note != NULL) {
        give(out, JH_GATE_NOTE, note->from, note->text);
        out->note = note->sequence;
        out->partner = NULL;
        return;
    }
    out->former = subject.former;
    out->former_count = subject.former_count;
}

const char *jh_gate_reason_text(const jh_gate_answer *answer, char *out, size_t size)
{
    static const char *const words[JH_GATE_REASONS] = {"",
                                                       "joined",
                                                       "returned",
                                                       "left",
                                                       "unit changed",
                                                       "post changed",
                                                       "document types changed",
                                                       "id is now",
                                                       "id merged with",
                                                       "id split",
                                                       "id shared",
                                                       "covers",
                                                       "covered by",
                                                       "note"};
    const bool more = answer->other[0] != '\0';
    int used;

    if (answer->reason == JH_GATE_NOTE)
        used = snprintf(out, size, "note %llu: ", (unsigned long long)answer->note);
    else
        used = snprintf(out, size, "%s%s", words[answer->reason], more ? " " : "");
    if (more && used > 0 && (size_t)used + 4 < size)
        jh_text_quote(answer->other, strlen(answer->other), out + used, size - (size_t)used);
    return out;
}
