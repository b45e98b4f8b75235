#ifndef JH_RULE_FLAG_KIND_H
#define JH_RULE_FLAG_KIND_H

#include "codec/unpack.h"
#include "rule/flag.h"
#include "rule/rulefile_int.h"

/* One kind of flag: a file flag_KIND.c and a row in flag.c. Included by these only. */
struct jh_flag_kind {
    const char *name; /* the key that chooses it */

    /* Reads its own keys from the map, the kind's name among them, into settings in the reader's arena. */
    jihe_status (*read)(const jh_rule_reader *reader, const jh_node *map, jh_flag *out);
    /* Columns and types, with the positions that `read` kept. */
    jihe_status (*check)(const jh_flag *flag, const jh_schema *schema, jh_facts_used *used, jihe_error *err);

    /* The settings to a run's record, as a map that begins with the kind's name, and back. What is written decides the
     * ids of runs: what came later stands only where it says something. `unpack` clears *ok where it is unreadable. */
    void (*pack)(jh_buf *out, const jh_flag *flag);
    void (*unpack)(const jh_unpack *map, jh_flag *flag, jh_arena *arena, bool *ok);

    int32_t     (*reach)(const jh_flag *flag, int32_t first, int32_t last);
    jihe_status (*judge)(jh_flag_result *out, const jh_flag_input *input, jihe_error *err);
    void        (*describe)(jh_buf *out, const jh_flag *flag);
    void        (*why)(jh_buf *out, const jh_flag *flag, const jh_flag_group *group);
};

/* NULL: no such kind. */
const jh_flag_kind *jh_flag_kind_find(const char *name);
const jh_flag_kind *jh_flag_kind_at(size_t index); /* NULL: no more */

extern const jh_flag_kind jh_flag_jump;      /* flag_jump.c */
extern const jh_flag_kind jh_flag_pace;      /* flag_pace.c */
extern const jh_flag_kind jh_flag_duplicate; /* flag_duplicate.c */
extern const jh_flag_kind jh_flag_split;     /* flag_split.c */
extern const jh_flag_kind jh_flag_digits;    /* flag_digits.c */

/* --- what kinds share --- */

/* "4 months": 1 to `most` of them. */
jihe_status jh_flag_read_months(const jh_rule_reader *reader, const jh_node *node, uint32_t most, uint32_t *months);
/* A ratio like 1.8, above 0 (or from 1 on), exact to 6 decimals; absent leaves *ppm alone. */
jihe_status jh_flag_read_ratio(const jh_rule_reader *reader, const jh_node *node, uint64_t *ppm);

void jh_flag_put_ppm(jh_buf *out, uint64_t ppm);         /* 1800000: "1.8" */
void jh_flag_put_count(jh_buf *out, uint64_t count);     /* 4000: "4,000" */
void jh_flag_put_figure(jh_buf *out, double figure);     /* whole from 100 on, with commas; 3 digits below; "?" for NaN */

#endif
