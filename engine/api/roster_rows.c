#include "api/roster_rows.h"

#include <stdlib.h>
#include <string.h>

#include "api/roster_file.h"
#include "base/days.h"
#include "base/error.h"

enum { POST_CELLS = JH_ROSTER_KIND, DAY_CELLS = 15 };

/* A day as a cell; `text` keeps it. */
static jh_out_cell day_cell(int32_t day, char text[16])
{
    if (day == INT32_MAX)
        return jh_cell_none();
    jh_days_text(day, text);
    return jh_cell_text(text);
}

static jh_out_cell text_cell(const char *text)
{
    return text[0] == '\0' ? jh_cell_none() : jh_cell_text(text);
}

struct post_texts {
    char from[16], to[16], weekdays[8];
};

static void fill_post(jh_out_cell cells[POST_CELLS], const jh_posting *posting, struct post_texts *texts)
{
    cells[JH_ROSTER_PERSON] = jh_cell_text(posting->person);
    cells[JH_ROSTER_UNIT] = jh_cell_text(posting->unit);
    cells[JH_ROSTER_POST] = jh_cell_text(posting->post);
    cells[JH_ROSTER_FROM] = day_cell(posting->from, texts->from);
    cells[JH_ROSTER_TO] = day_cell(posting->to, texts->to);
    cells[JH_ROSTER_CAPACITY] = posting->capacity == 0 ? jh_cell_none() : jh_cell_uint(posting->capacity);
    cells[JH_ROSTER_TYPES] = text_cell(posting->types);
    cells[JH_ROSTER_CALENDAR] = text_cell(jh_weekdays_text(posting->weekdays, texts->weekdays));
}

/* --- as a file has them --- */

static jihe_status add_posting(jh_grid *grid, const jh_posting *posting, jihe_error *err)
{
    jh_out_cell cells[JH_ROSTER_COLUMNS];
    struct post_texts texts;

    fill_post(cells, posting, &texts);
    cells[JH_ROSTER_KIND] = jh_cell_text("post");
    cells[JH_ROSTER_OTHER] = jh_cell_none();
    return jh_grid_add(grid, cells, err);
}

static jihe_status add_spell(jh_grid *grid, const jh_spell *spell, jihe_error *err)
{
    jh_out_cell cells[JH_ROSTER_COLUMNS];
    char from[16], to[16];

    for (size_t c = 0; c < JH_ROSTER_COLUMNS; c++)
        cells[c] = jh_cell_none();
    cells[JH_ROSTER_PERSON] = jh_cell_text(spell->person);
    cells[JH_ROSTER_FROM] = day_cell(spell->from, from);
    cells[JH_ROSTER_TO] = day_cell(spell->to, to);
    cells[JH_ROSTER_KIND] = jh_cell_text(jh_spell_word(spell->kind));
    cells[JH_ROSTER_OTHER] = text_cell(spell->other);
    return jh_grid_add(grid, cells, err);
}

jihe_status jh_roster_list(jh_grid **out, const jh_roster *roster, const char *person, jihe_error *err)
{
    static const jh_out_column columns[] = {
        {"person", "人员"},       {"unit", "单位"},      {"post", "岗位"},     {"from", "自"},   {"to", "至"},
        {"capacity", "日稽核量"}, {"types", "单据类型"}, {"calendar", "日历"}, {"kind", "类别"}, {"other", "对方"}};
    size_t p = 0, s = 0;
    jihe_status st = jh_grid_new(out, columns, sizeof columns / sizeof columns[0], err);

    while (st == JIHE_OK && (p < roster->count || s < roster->spell_count)) {
        const bool is_post = s == roster->spell_count ||
                             (p < roster->count && strcmp(roster->postings[p].person, roster->spells[s].person) <= 0);
        const char *own = is_post ? roster->postings[p].person : roster->spells[s].person;
        const bool wanted =
            person == NULL || strcmp(own, person) == 0 || (!is_post && strcmp(roster->spells[s].other, person) == 0);

        if (wanted)
            st = is_post ? add_posting(*out, &roster->postings[p], err) : add_spell(*out, &roster->spells[s], err);
        p += is_post;
        s += !is_post;
    }
    return st;
}

/* --- on a day --- */

struct day {
    const jh_roster *roster;
    int32_t day;
    const jh_spell **covers; /* of that day, by who is covered */
    size_t cover_count;
};

static bool holds(const jh_spell *spell, int32_t day)
{
    return spell->from <= day && day <= spell->to;
}

static int order_covers(const void *a, const void *b)
{
    const jh_spell *x = *(const jh_spell *const *)a, *y = *(const jh_spell *const *)b;
    const int order = strcmp(x->other, y->other);

    return order != 0 ? order : strcmp(x->person, y->person);
}

static jihe_status sort_covers(struct day *day, jihe_error *err)
{
    const jh_roster *roster = day->roster;

    day->covers = calloc(roster->spell_count + 1, sizeof *day->covers);
    if (day->covers == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "listing a roster");
    for (size_t i = 0; i < roster->spell_count; i++)
        if (roster->spells[i].kind == JH_SPELL_COVERS && holds(&roster->spells[i], day->day))
            day->covers[day->cover_count++] = &roster->spells[i];
    qsort(day->covers, day->cover_count, sizeof *day->covers, order_covers);
    return JIHE_OK;
}

/* Names with ';' between them, into `out`, which holds those already there. */
static void add_name(jh_buf *out, const char *name)
{
    if (out->len > 0)
        jh_buf_puts(out, ";");
    jh_buf_puts(out, name);
}

static void put_covered_by(jh_buf *out, const struct day *day, const char *person)
{
    size_t low = 0, high = day->cover_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (strcmp(day->covers[middle]->other, person) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < day->cover_count && strcmp(day->covers[low]->other, person) == 0; low++)
        add_name(out, day->covers[low]->person);
}

/* A person's spells of the day; `at` is the first of them and becomes the next person's. */
struct present {
    const jh_spell *leave, *id; /* the last that holds; NULL: none */
    jh_buf covers, covered_by;
};

static void look_up(struct present *present, const struct day *day, const char *person, size_t *at)
{
    const jh_roster *roster = day->roster;

    present->leave = present->id = NULL;
    jh_buf_clear(&present->covers);
    jh_buf_clear(&present->covered_by);
    for (; *at < roster->spell_count && strcmp(roster->spells[*at].person, person) == 0; ++*at) {
        const jh_spell *spell = &roster->spells[*at];

        if (!holds(spell, day->day))
            continue;
        if (spell->kind == JH_SPELL_LEAVE)
            present->leave = spell;
        else if (spell->kind == JH_SPELL_COVERS)
            add_name(&present->covers, spell->other);
        else
            present->id = spell;
    }
    put_covered_by(&present->covered_by, day, person);
}

static jihe_status add_present(jh_grid *grid, const char *person, const jh_posting *posting,
                               const struct present *present, jihe_error *err)
{
    const jh_spell *leave = present->leave, *id = present->id;
    jh_out_cell cells[DAY_CELLS];
    struct post_texts texts;
    char from[16], to[16], since[16];

    if (present->covers.failed || present->covered_by.failed)
        return jh_fail(err, JIHE_NO_MEMORY, "listing a roster");
    for (size_t c = 0; c < DAY_CELLS; c++)
        cells[c] = jh_cell_none();
    cells[JH_ROSTER_PERSON] = jh_cell_text(person);
    if (posting != NULL)
        fill_post(cells, posting, &texts);
    if (leave != NULL) {
        cells[POST_CELLS] = day_cell(leave->from, from);
        cells[POST_CELLS + 1] = day_cell(leave->to, to);
    }
    if (present->covers.len > 0)
        cells[POST_CELLS + 2] = jh_cell_str((const char *)present->covers.bytes, present->covers.len);
    if (present->covered_by.len > 0)
        cells[POST_CELLS + 3] = jh_cell_str((const char *)present->covered_by.bytes, present->covered_by.len);
    if (id != NULL) {
        cells[POST_CELLS + 4] = jh_cell_text(jh_spell_word(id->kind));
        cells[POST_CELLS + 5] = text_cell(id->other);
        cells[POST_CELLS + 6] = day_cell(id->from, since);
    }
    return jh_grid_add(grid, cells, err);
}

/* The people of postings and spells together, in order. */
static jihe_status add_people(jh_grid *grid, const struct day *day, const char *person, struct present *present,
                              jihe_error *err)
{
    const jh_roster *roster = day->roster;
    jihe_status st = JIHE_OK;
    size_t p = 0, s = 0;

    while (st == JIHE_OK && (p < roster->count || s < roster->spell_count)) {
        const int order = p == roster->count         ? 1
                          : s == roster->spell_count ? -1
                                                     : strcmp(roster->postings[p].person, roster->spells[s].person);
        const char *name = order <= 0 ? roster->postings[p].person : roster->spells[s].person;
        const jh_posting *posting = order <= 0 ? jh_roster_posting(roster, &p, day->day) : NULL;

        look_up(present, day, name, &s);
        const bool gone =
            present->id != NULL && (present->id->kind == JH_SPELL_RENAMED || present->id->kind == JH_SPELL_MERGED);

        if ((posting != NULL || gone) && (person == NULL || strcmp(person, name) == 0))
            st = add_present(grid, name, posting, present, err);
    }
    return st;
}

jihe_status jh_roster_day(jh_grid **out, const jh_roster *roster, const char *person, int32_t day, jihe_error *err)
{
    static const jh_out_column columns[DAY_CELLS] = {{"person", "人员"},
                                                     {"unit", "单位"},
                                                     {"post", "岗位"},
                                                     {"from", "自"},
                                                     {"to", "至"},
                                                     {"capacity", "日稽核量"},
                                                     {"types", "单据类型"},
                                                     {"calendar", "日历"},
                                                     {"leave_from", "休假自"},
                                                     {"leave_to", "休假至"},
                                                     {"covers", "代岗"},
                                                     {"covered_by", "代岗人"},
                                                     {"id", "工号变更"},
                                                     {"id_other", "相关工号"},
                                                     {"id_since", "变更日"}};
    struct day of = {.roster = roster, .day = day};
    struct present present = {0};
    jihe_status st = jh_grid_new(out, columns, DAY_CELLS, err);

    if (st == JIHE_OK && (st = sort_covers(&of, err)) == JIHE_OK)
        st = add_people(*out, &of, person, &present, err);
    jh_buf_deinit(&present.covers);
    jh_buf_deinit(&present.covered_by);
    free(of.covers);
    return st;
}
