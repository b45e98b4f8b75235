#ifndef JH_SAMPLE_CHANCE_H
#define JH_SAMPLE_CHANCE_H

#include "sample/selection.h"

/* The inclusion probability of single documents of one segment under one rule: quota / documents of the stratum; of
 * money draws, the document's share. */
typedef struct jh_chance_reader {
    const jh_rule_selection *made;
    const jh_draw           *draw;
    const uint64_t          *frame; /* of the segment */
    uint64_t                 segment;
    jh_strata_reader         strata;
    jh_col_view              amounts;
} jh_chance_reader;

jihe_status jh_chance_read(jh_chance_reader *out, const jh_selection *selection, const jh_rule *rule, size_t r,
                           uint64_t segment, jihe_error *err);
double      jh_chance_of(const jh_chance_reader *reader, uint32_t row); /* 0: not in the rule's frame */

/* Is it the same for all documents of a stratum: quota / documents? */
bool        jh_chance_is_share(const jh_chance_reader *reader);

/* The same for a document that was picked, wherever it is. */
jihe_status jh_chance_of_pick(double *out, const jh_selection *selection, const jh_rule *rule, size_t r,
                              const jh_pick *pick, jihe_error *err);

/* Does the draw's chance depend on nothing but the document's own draw number? Starts of intervals do not, so such rules
 * stand beside others like streams of their own. */
bool jh_draw_is_shared(const jh_draw *draw);

#endif
