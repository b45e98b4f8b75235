#ifndef JH_RULE_GATE_H
#define JH_RULE_GATE_H

#include "base/arena.h"
#include "base/error.h"
#include "config/calendar.h"
#include "rule/roster.h"
#include "stats/volume_family.h"

/* Who can be tested for a change of volume, and if not, why: section 3.2 of the project's statistics. A change that the
 * roster or a note explains is no finding, and a person it explains is "not tested", never "normal".
 *
 * Reasons are looked for in the order below, and the first that holds is given. Of several days that would do, the last
 * one is given: until then nothing can be compared. All borders are inclusive. With
 *
 *   span     baseline_from .. trigger_to, what lies between the two windows included
 *   inside   after baseline_from, up to trigger_to: what is new on the first day of the baseline holds all through
 *   settling the 60 working days before trigger_from, and the trigger itself
 *   working  by the person's weekdays; else by the workspace's calendar, Monday to Friday in years that it does not know.
 *            Its holidays and workdays hold for everybody but those who work on all seven days
 *
 * OLD ID     the id was renamed or merged into another one, at any time up to trigger_to. A renamed id is tested under the
 *            new one: documents of the old one from before the day are the new one's (jh_gate_answer.former), and so are its
 *            postings, leaves and notes. A merged id is not tested any more
 * JOINED     the first posting begins inside, or while settling, or later still: who begins inside the baseline begins slowly,
 *            and any usual month would be a jump
 * RETURNED   the first day back from a leave of at least 10 working days, or from as long a time between two postings, is
 *            one of settling. Shorter leaves are a matter of days present; from one that goes on nobody has returned
 * LEFT       no posting at trigger_to, and none to come within 10 working days; the day is the first one without
 * MOVED      unit, post or document types differ from the posting before, inside
 * ID         MERGED: another id was merged into this one inside: who did what under the two cannot be told. SPLIT: both ids,
 *            where it happened inside. SHARED: both, where the time meets the span
 * COVERS     stands in for a colleague on a day of the span: the two are tested as one (`partner`), if nothing but absence
 *            and return speaks against testing either, if neither has an old id, and neither covers or is covered by
 *            anybody else in the span. Otherwise neither is tested
 * NOTE       a note that excuses and has the person in scope: the person's own id, a unit or document type of one of the
 *            postings in the span, everybody; what is not known of a person (no types listed, no posting at all) may be
 *            so. With an end, where it meets the span; without, where it begins inside
 *
 * Who is not in the roster is tested unless a note says otherwise: that nobody wrote anything down explains nothing. */

typedef enum jh_gate_reason {
    JH_GATE_NONE,
    JH_GATE_JOINED,
    JH_GATE_RETURNED,
    JH_GATE_LEFT,
    JH_GATE_UNIT,
    JH_GATE_POST,
    JH_GATE_TYPES,
    JH_GATE_RENAMED, /* `other`: the new id */
    JH_GATE_MERGED,  /* `other`: the other of the two ids */
    JH_GATE_SPLIT,   /* the same, or "" */
    JH_GATE_SHARED,  /* the same, or "" */
    JH_GATE_COVERS,  /* `other`: the absent colleague; the two cannot be tested as one */
    JH_GATE_COVERED, /* `other`: who stands in, with whom this person is tested, or whom nobody can be tested with */
    JH_GATE_NOTE,    /* `other`: its text, `note`: its number */
    JH_GATE_REASONS
} jh_gate_reason;

typedef struct jh_gate_former { /* an id the person had */
    const char *id;
    int32_t     until; /* its last day: later documents under it are not the person's */
} jh_gate_former;

/* All texts belong to the roster. */
typedef struct jh_gate_answer {
    jh_volume_verdict     verdict; /* JH_VOLUME_NORMAL: to be tested; else the class of the reason */
    jh_gate_reason        reason;
    int32_t               day;
    const char           *other; /* "" none */
    uint64_t              note;
    bool                  known; /* has a posting in the roster */
    /* Of those to be tested: */
    const char           *partner; /* NULL: alone. Else the sum of both is tested under this person's name, and the partner's
                                    * own answer is COVERED. Days present are those on which either was present, not the sum:
                                    * one does the work of two, and a rate per person-day would double of itself */
    int32_t               cover_from, cover_to; /* with a partner: first and last day covered, may be outside of the span */
    const jh_gate_former *former; /* in order of days: ids before this one */
    size_t                former_count;
} jh_gate_answer;

typedef struct jh_gate_windows { /* first and last days; baseline_to < trigger_from */
    int32_t baseline_from, baseline_to;
    int32_t trigger_from, trigger_to;
} jh_gate_windows;

typedef struct jh_gate jh_gate;

/* A gate for these windows: sorts what it needs once, O(n log n). Roster and calendar are borrowed and outlive it; `calendar`
 * may be NULL. Everything lives in the arena. JIHE_USAGE: windows not in order; JIHE_NO_MEMORY. */
jihe_status jh_gate_make(const jh_gate **out, const jh_roster *roster, const jh_calendar *calendar,
                         const jh_gate_windows *windows, jh_arena *arena, jihe_error *err);

/* Binary searches and the person's own rows; may be asked by several threads at once. */
void jh_gate_ask(jh_gate_answer *out, const jh_gate *gate, const char *person, size_t len);

/* "post changed", "joined", "covers 李娜", "note 17: 新子公司上线": the reason without its day, in up to `size` bytes of
 * `out`, cut at a character border; "" for NONE. Returns out. */
const char *jh_gate_reason_text(const jh_gate_answer *answer, char *out, size_t size);

#endif
