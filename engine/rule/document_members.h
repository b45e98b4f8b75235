#ifndef JH_RULE_DOCUMENT_MEMBERS_H
#define JH_RULE_DOCUMENT_MEMBERS_H

#include "rule/flag.h"

/* Members of groups of documents, and which group a document is in. Shared by document_*.c only. */

typedef struct jh_member_reader {
    const jh_pass *pass;
    jh_col_room    room;
    jh_buf         order; /* of the group at hand */
} jh_member_reader;

void jh_member_reader_deinit(jh_member_reader *reader);

/* Fills group->members in order of date and id; *first is the number of the first of them. */
jihe_status jh_members_read(jh_member_reader *reader, const uint32_t *documents, size_t count, jh_arena *arena,
                            jh_flag_group *group, uint32_t *first, jihe_error *err);

/* Which group each document of a run is in: 8 bytes a document. */
typedef struct jh_group_index jh_group_index;

jh_group_index *jh_group_index_new(jh_arena *arena); /* NULL: no memory */
bool            jh_group_index_add(jh_group_index *index, uint32_t document, uint32_t group); /* each document once */
bool            jh_group_index_close(jh_group_index *index, jh_flag_result *out); /* sets out->groups_of; false: no memory */

#endif
