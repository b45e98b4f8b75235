#ifndef JH_RULE_RECORD_H
#define JH_RULE_RECORD_H

#include "base/arena.h"
#include "base/buf.h"
#include "codec/unpack.h"
#include "rule/rulefile.h"

/* A rule as a run keeps it: MessagePack, so that a replay needs no rule file, and so that two rules with the same bytes
 * select the same documents. Positions are left out: moving a rule in its file does not make another rule of it. */

void jh_rule_pack(jh_buf *out, const jh_rule *rule);

/* Reads what jh_rule_pack wrote; texts are copied into the arena. JIHE_CORRUPT when the bytes are not a rule. */
jihe_status jh_rule_unpack(jh_unpack *in, jh_rule *rule, jh_arena *arena, jihe_error *err);

#endif
