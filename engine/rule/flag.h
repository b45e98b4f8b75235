#ifndef JH_RULE_FLAG_H
#define JH_RULE_FLAG_H

#include "base/arena.h"
#include "base/buf.h"
#include "rule/pass.h"
#include "rule/roster.h"

/* Which groups of documents stand out, and why: people whose volume jumped, invoices that were paid twice. A kind of flag
 * is a row of the table in flag.c (flag_kind.h); it looks at history, makes groups, says of each what it found, and
 * narrows the rule's frame to the documents whose group is flagged. Everything it finds is kept with the run. */

typedef enum jh_flag_verdict { /* numbers are stored */
    JH_FLAG_NORMAL,            /* tested; does not stand out */
    JH_FLAG_FLAGGED,
    JH_FLAG_NOT_TESTED         /* for the reason given: never the same as normal */
} jh_flag_verdict;

enum { JH_FLAG_WHY_MEMBERS = 3 }; /* that a work list's `why` names at most */

typedef enum jh_flag_figure { /* what a group was measured by, as far as its kind has it; the order is that of storage */
    JH_FLAG_BASELINE,
    JH_FLAG_EXPECTED,
    JH_FLAG_OBSERVED,
    JH_FLAG_RATIO,
    JH_FLAG_RATIO_LOW, /* limits of the ratio */
    JH_FLAG_RATIO_HIGH,
    JH_FLAG_P,
    JH_FLAG_P_ADJUSTED
} jh_flag_figure;
enum { JH_FLAG_FIGURES = JH_FLAG_P_ADJUSTED + 1 };

typedef struct jh_flag_member { /* a document of a group, perhaps one of history */
    int32_t     date; /* of its snapshot */
    const char *id;
    uint32_t    id_len;
} jh_flag_member;

typedef struct jh_flag_group {
    const char           *label; /* a value, or several joined with " / " */
    size_t                label_len;
    jh_flag_verdict       verdict;
    const char           *reason; /* of not testing: "post changed 2026-05-04"; "" none */
    const char           *note;   /* free text of the kind; "" none */
    uint64_t              documents;
    double                figures[JH_FLAG_FIGURES]; /* NaN: has none */
    const jh_flag_member *members; /* of kinds that are about documents, in order of date and id */
    size_t                member_count;
} jh_flag_group;

typedef struct jh_flag_result jh_flag_result;
struct jh_flag_result {
    jh_flag_group *groups; /* in order of label bytes, or as the kind ranks them; groups with members in order of their first document */
    size_t         count;
    uint64_t       flagged;
    uint64_t       gated; /* not tested because of something that is known about the group, like a change of post;
                             having too little to go on is no such reason */
    /* The groups (indexes) of `count` documents of the frame as narrowed, all of one segment, in order of row. */
    jihe_status  (*groups_of)(const jh_flag_result *result, const jh_pass *pass, uint64_t segment, const uint32_t *rows,
                              size_t count, uint32_t *groups, jihe_error *err);
    void          *state; /* of groups_of; in the arena */
};

typedef struct jh_flag_input {
    const jh_rule       *rule;
    jh_pass             *pass;  /* the run's documents */
    size_t               index; /* of the rule: pass->frames[index] is the frame to narrow */
    jh_snapshot *const  *history; /* in order of date, from jh_flag_reach or earlier to the run's last date; the run's own
                                     parts are among them */
    size_t               history_count;
    int32_t              first, last; /* the run's business dates */
    const jh_roster     *roster;
    const jh_facts      *facts; /* calendar and zone; may be NULL */
    uint32_t             threads;
    jh_arena            *arena; /* for the result */
} jh_flag_input;

/* Judges the groups and narrows the frame: documents whose group does not stand out leave it, those whose group cannot be
 * told become undecided. The same for any number of threads. */
jihe_status jh_flag_judge(jh_flag_result *out, const jh_flag_input *input, jihe_error *err);

/* The first day of history that the flag reads for a run of these dates. */
int32_t jh_flag_reach(const jh_flag *flag, int32_t first, int32_t last);

/* Columns and types; what of the facts the flag asks is added to *used, which may be NULL. */
jihe_status jh_flag_check(const jh_flag *flag, const jh_schema *schema, jh_facts_used *used, jihe_error *err);

/* "jump": the key that chooses the kind. */
const char *jh_flag_kind_name(const jh_flag *flag);
void        jh_flag_describe(jh_buf *out, const jh_flag *flag); /* in a few words; nothing where there is none */

/* Why a document of this group is on the work list, in a short sentence: "p0012 4,000 documents, 2,006 expected, ratio
 * 1.99 (1.93 to 2.06)". */
void jh_flag_why(jh_buf *out, const jh_flag *flag, const jh_flag_group *group);

/* A figure as it is kept and shown, a plain decimal: whole numbers exactly, others to 6 significant digits, so that the last
 * bits of a machine's logarithms are in no digest, and at most 20 decimals: what is smaller is shown as 10^-20. Empty for
 * NaN and what is 10^18 or more. `out` needs 32 bytes. */
void jh_flag_figure_text(double figure, char out[32]);

#endif
