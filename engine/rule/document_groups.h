#ifndef JH_RULE_DOCUMENT_GROUPS_H
#define JH_RULE_DOCUMENT_GROUPS_H

#include "rule/flag.h"

/* Flags about documents that belong together: invoices paid twice, a payment split up. Groups are found among the run's
 * documents and those of the days before, and kept with all members; those without a document of the run are nothing to
 * the run. A rule's `where` and the latest version of a document decide on all days alike. */

enum { JH_DOCUMENT_FIGURES = 4 };

typedef struct jh_document_group { /* as found */
    int64_t  figures[JH_DOCUMENT_FIGURES]; /* of the kind */
    uint32_t count;
    uint32_t documents[]; /* rising numbers in `pass` */
} jh_document_group;

typedef struct jh_document_groups {
    const jh_flag_input *input;
    jh_pass  *pass;      /* documents looked at: the run's own, or `joined` where history joins them */
    jh_pass   joined;
    jh_snapshot **parts; /* of `joined`: borrowed handles */
    uint64_t *bits;      /* of pass: where is true */
    uint64_t *undecided; /* of pass: for the kind to set, all 0 */
    uint32_t  first;     /* the first document of the run in pass */
    uint64_t  run_first; /* and where it is in input->pass: segment */
    jh_buf   *found;     /* per worker: jh_document_group, one after another */
} jh_document_groups;

/* `days`: of history, before the first date that the rule looks at. */
jihe_status jh_document_groups_open(jh_document_groups *groups, const jh_flag_input *input, int32_t days, jihe_error *err);
void        jh_document_groups_close(jh_document_groups *groups); /* a zeroed one is fine */

/* The date of a document of groups->pass. */
int32_t jh_document_date(const jh_document_groups *groups, uint32_t document);

/* One more group; several threads may add at once, each under its own number. Left out when no document is of the run. */
jihe_status jh_document_groups_add(jh_document_groups *groups, uint32_t worker, const uint32_t *documents, size_t count,
                                   const int64_t figures[JH_DOCUMENT_FIGURES], jihe_error *err);

/* What a kind says of its groups. */
typedef struct jh_document_words {
    const char *const *columns; /* whose values, of the group's first document, are its label; by date and id */
    size_t             column_count;
    const void        *context;
    /* Fills figures and note, which goes into `note` and is copied. */
    void (*tell)(const void *context, const jh_document_groups *groups, const jh_document_group *found,
                 jh_flag_group *out, jh_buf *note);
} jh_document_words;

/* Groups in order of label, then of their first member; the frame keeps the documents of groups, and undecided ones are
 * counted. */
jihe_status jh_document_groups_finish(jh_document_groups *groups, jh_flag_result *out, const jh_document_words *words,
                                      jihe_error *err);

#endif
