#include "api/demo_centre.h"

#include <stdio.h>
#include <string.h>

#include "base/days.h"
#include "base/file.h"
#include "base/hash.h"

enum { FIRST_YEAR = 2026, FIRST_MONTH = 7, LATE_DAYS = 2, JUMP_PERCENT = 260 };

void jh_demo_random(jh_pcg64 *rng, uint64_t seed, const char *purpose, uint64_t number)
{
    jh_pcg64_seed(rng, (jh_u128)seed << 64 | number, jh_hash64(purpose, strlen(purpose)));
}

/* --- calendar --- */

/* Monday to Friday, but for the State Council's notice for 2026: Mid-Autumn Day off, a Sunday worked for National Day.
 */
static bool is_working(int32_t day)
{
    const int32_t holiday = jh_days_from_civil((jh_civil){2026, 9, 25}),
                  worked = jh_days_from_civil((jh_civil){2026, 9, 20});
    const int32_t weekday = (day + 3) % 7; /* 1970-01-01 was a Thursday; 0 is Monday */

    return day != holiday && (weekday < 5 || day == worked);
}

static void fill_calendar(jh_demo_centre *centre)
{
    const int32_t first = jh_days_from_civil((jh_civil){FIRST_YEAR, FIRST_MONTH, 1});
    const int32_t end = jh_days_month_first(jh_days_month(first) + JH_DEMO_MONTHS);

    centre->first_month = jh_days_month(first);
    for (int32_t day = first; day < end && centre->day_count < JH_DEMO_MAX_DAYS; day++)
        if (is_working(day))
            centre->days[centre->day_count++] = day;
    centre->inspected_before = centre->days[centre->day_count - LATE_DAYS];
}

uint32_t jh_demo_month_of(const jh_demo_centre *centre, int32_t day)
{
    return (uint32_t)(jh_days_month(day) - centre->first_month);
}

int32_t jh_demo_next_day(const jh_demo_centre *centre, int32_t day)
{
    for (size_t i = 0; i < centre->day_count; i++)
        if (centre->days[i] > day)
            return centre->days[i];
    return day + 1;
}

/* --- people --- */

static void fill_people(jh_demo_centre *centre)
{
    const int32_t start = jh_days_month_first(centre->first_month);
    uint64_t number = 1000;
    jh_pcg64 rng;

    jh_demo_random(&rng, centre->seed, "people", 0);
    for (uint32_t i = 0; i < JH_DEMO_PEOPLE; i++) {
        jh_demo_person *person = &centre->people[i];
        const char *surname = jh_demo_surnames[jh_pcg64_below(&rng, JH_DEMO_SURNAMES)];
        const char *given = jh_demo_given_names[jh_pcg64_below(&rng, JH_DEMO_GIVEN_NAMES)];

        number += 1 + jh_pcg64_below(&rng, 9);
        snprintf(person->name, sizeof person->name, "%s%s(E%u)", surname, given, (unsigned)number);
        person->workload = 80 + (uint32_t)jh_pcg64_below(&rng, 41);
        person->since = start - 400 - (int32_t)jh_pcg64_below(&rng, 2000);
        person->changed = person->since;
        if (jh_pcg64_below(&rng, 10) == 0) /* changed long ago: explains nothing */
            person->changed = start - 60 - (int32_t)jh_pcg64_below(&rng, 300);
    }
}

uint32_t jh_demo_first_reviewer(uint32_t team)
{
    uint32_t first = 0;

    for (uint32_t t = 0; t < team; t++)
        first += jh_demo_teams[t].reviewers;
    return first;
}

static uint32_t find_team(const char *name)
{
    uint32_t team = 0;

    while (team + 1 < JH_DEMO_TEAMS && strcmp(jh_demo_teams[team].name, name) != 0)
        team++;
    return team;
}

static uint32_t pick_reviewer(const char *team, jh_pcg64 *rng)
{
    const uint32_t at = find_team(team);

    return jh_demo_first_reviewer(at) + (uint32_t)jh_pcg64_below(rng, jh_demo_teams[at].reviewers);
}

static void plant_people(jh_demo_centre *centre)
{
    jh_pcg64 rng;

    jh_demo_random(&rng, centre->seed, "planted people", 0);
    centre->careless[0] = centre->careless[1] = pick_reviewer("应付", &rng);
    while (centre->careless[1] == centre->careless[0])
        centre->careless[1] = pick_reviewer("应付", &rng);
    centre->hasty = pick_reviewer("费用", &rng);
    centre->moved = pick_reviewer("应收", &rng);
    centre->people[centre->moved].changed = jh_days_from_civil((jh_civil){FIRST_YEAR, FIRST_MONTH + 1, 17});
}

uint32_t jh_demo_workload(const jh_demo_centre *centre, uint32_t person, uint32_t month)
{
    const uint32_t usual = centre->people[person].workload;
    const bool jumps = month == JH_DEMO_MONTHS - 1 && (person == centre->hasty || person == centre->moved);

    return jumps ? usual * JUMP_PERCENT / 100 : usual;
}

/* --- payees and accounts --- */

/* Every brand in ten of the cities, so that all names differ; the trade is drawn. */
static void fill_payees(jh_demo_centre *centre)
{
    jh_pcg64 rng;

    jh_demo_random(&rng, centre->seed, "payees", 0);
    for (uint32_t i = 0; i < JH_DEMO_PAYEES; i++) {
        const uint32_t brand = i % JH_DEMO_BRANDS, city = (i / JH_DEMO_BRANDS * 2 + brand) % JH_DEMO_CITIES;
        const char *trade = jh_demo_trades[jh_pcg64_below(&rng, JH_DEMO_TRADES)];

        snprintf(centre->payees[i], sizeof centre->payees[i], "%s%s%s", jh_demo_cities[city], jh_demo_brands[brand],
                 trade);
    }
}

static bool is_booked_to(const jh_demo_type *type, const char *account)
{
    for (size_t i = 0; i < JH_DEMO_BOOKED_TO && type->booked_to[i] != NULL; i++)
        if (strncmp(account, type->booked_to[i], strlen(type->booked_to[i])) == 0)
            return true;
    return false;
}

static void fill_accounts(jh_demo_centre *centre)
{
    for (uint32_t t = 0; t < JH_DEMO_TYPES; t++)
        for (uint32_t a = 0; a < JH_DEMO_ACCOUNTS; a++)
            if (is_booked_to(&jh_demo_types[t], jh_demo_accounts[a]))
                centre->accounts[t][centre->account_counts[t]++] = a;
}

void jh_demo_centre_init(jh_demo_centre *centre, uint64_t seed)
{
    memset(centre, 0, sizeof *centre);
    centre->seed = seed;
    fill_calendar(centre);
    fill_people(centre);
    plant_people(centre);
    fill_payees(centre);
    fill_accounts(centre);
}

/* --- roster --- */

struct place {
    const char *unit, *post, *post_before;
};

static struct place place_of(uint32_t person)
{
    uint32_t team = 0;

    if (person < JH_DEMO_REVIEWERS) {
        while (team + 1 < JH_DEMO_TEAMS && jh_demo_first_reviewer(team + 1) <= person)
            team++;
        return (struct place){jh_demo_teams[team].name, "初审岗", "初审岗(轮训)"};
    }
    person -= JH_DEMO_REVIEWERS;
    if (person < JH_DEMO_SECONDS)
        return (struct place){jh_demo_teams[person / 2].name, "复核岗", "初审岗"};
    person -= JH_DEMO_SECONDS;
    if (person < JH_DEMO_PREPARERS)
        return (struct place){jh_demo_regions[person % JH_DEMO_REGIONS], "制单岗", "业务岗"};
    person -= JH_DEMO_PREPARERS;
    return person < JH_DEMO_INSPECTORS ? (struct place){"质量组", "稽核岗", "复核岗"}
                                       : (struct place){"风险组", "稽核岗", "复核岗"};
}

static void put_posting(jh_buf *csv, const char *person, const char *unit, const char *post, int32_t from, int32_t to)
{
    char first[16], last[16] = "";

    jh_days_text(from, first);
    if (to != INT32_MAX)
        jh_days_text(to, last);
    jh_buf_printf(csv, "%s,%s,%s,%s,%s,,\n", person, unit, post, first, last);
}

/* Before the first document, and longer ago than what explains a volume: a second reviewer on leave, covered by the
 * other one of the team, and a preparer whose id was another before. */
static void put_others(jh_buf *csv, const jh_demo_centre *centre)
{
    const int32_t start = jh_days_month_first(centre->first_month);
    const char *away = centre->people[JH_DEMO_REVIEWERS].name, *stands_in = centre->people[JH_DEMO_REVIEWERS + 1].name;
    const char *renamed = centre->people[JH_DEMO_REVIEWERS + JH_DEMO_SECONDS].name;
    const size_t name = strcspn(renamed, "(");
    char first[16], last[16];

    jh_days_text(start - 56, first);
    jh_days_text(start - 33, last);
    jh_buf_printf(csv, "%s,,,%s,%s,leave,\n", away, first, last);
    jh_buf_printf(csv, "%s,,,%s,%s,covers,%s\n", stands_in, first, last, away);
    jh_buf_printf(csv, "%.*s(W%s,,,%s,,renamed,%s\n", (int)name, renamed, renamed + name + strlen("(E"), last, renamed);
}

jihe_status jh_demo_write_roster(const jh_demo_centre *centre, const char *path, jihe_error *err)
{
    jh_buf csv = {0};
    jh_outfile *file;
    jihe_status st;

    jh_buf_puts(&csv, "person,unit,post,from,to,kind,other\n");
    for (uint32_t i = 0; i < JH_DEMO_PEOPLE; i++) {
        const jh_demo_person *person = &centre->people[i];
        const struct place place = place_of(i);

        if (person->changed != person->since)
            put_posting(&csv, person->name, place.unit, place.post_before, person->since, person->changed - 1);
        put_posting(&csv, person->name, place.unit, place.post, person->changed, INT32_MAX);
    }
    put_others(&csv, centre);
    st = csv.failed ? jh_fail(err, JIHE_NO_MEMORY, "writing '%s'", path) : jh_outfile_open(&file, path, err);
    if (st == JIHE_OK) {
        jh_outfile_put(file, csv.bytes, csv.len);
        st = jh_outfile_commit(file, err);
    }
    jh_buf_deinit(&csv);
    return st;
}
