#ifndef JH_RULE_DOCUMENT_MEMBERS_H
#define JH_RULE_DOCUMENT_MEMBERS_H

#include "rule/flag.h"

/* Members of groups of documents, and which group a document is in. Shared by document_*.c only. */

typedef struct jh_member_id {
    const char *id; /* in the arena */
    uint32_t    len;
} jh_member_id;

typedef struct jh_member_reader {
    const jh_pass *pass;
    uint64_t      *bits; /* documents of the pass that are in some group */
    uint32_t      *rank; /* per word of `bits`: how many come before it */
    jh_member_id  *ids;  /* of those, in order */
    jh_col_room    room;
    jh_buf         order; /* of the group at hand */
} jh_member_reader;

/* Reads the ids of all members to come, each segment's at once. `bits` is laid out as a frame of the pass; borrowed. */
jihe_status jh_member_reader_open(jh_member_reader *reader, const jh_pass *pass, uint64_t *bits, jh_arena *arena,
                                  jihe_error *err);
void        jh_member_reader_close(jh_member_reader *reader); /* a zeroed one is fine */

/* Fills group->members in order of date and id; *first is the number of the first of them. */
jihe_status jh_members_read(jh_member_reader *reader, const uint32_t *documents, size_t count, jh_arena *arena,
                            jh_flag_group *group, uint32_t *first, jihe_error *err);

/* Which group each document of a run is in: 8 bytes a document. */
typedef struct jh_group_index jh_group_index;

jh_group_index *jh_group_index_new(jh_arena *arena); /* NULL: no memory */
bool            jh_group_index_add(jh_group_index *index, uint32_t document, uint32_t group); /* each document once */
bool            jh_group_index_close(jh_group_index *index, jh_flag_result *out); /* sets out->groups_of; false: no memory */

#endif
