#ifndef JIHE_RATE_H
#define JIHE_RATE_H

#include <stddef.h>
#include <stdint.h>

#include "jihe/workspace.h"

JIHE_BEGIN

/** Error rates of the documents whose business date lies in a period.
 *
 *  Columns: the keys, inspected, in_rule, in_rule_rate, in_rule_low, in_rule_high, out_of_rule, out_of_rule_rate,
 *  out_of_rule_low, out_of_rule_high, basis, represents, method. Rates and 95 % limits are proportions. `basis` keeps
 * random and targeted results apart; `represents` is the number of documents the group stands for; `method` is
 * clopper-pearson, or weighted where documents had different inclusion probabilities.
 *
 *  Grouped by clause, every inspected document is in each clause's denominator; the row without a clause is the whole.
 *
 *  @param keys  category columns, month, rule, clause, inspector; none for the whole period; at most 8
 *  @retval JIHE_USAGE  a key that is unknown or given twice, or a period that is none */
JIHE_API jihe_status jihe_rate(jihe_rows **out, jihe_workspace *workspace, const char *from, const char *to,
                               const char *const *keys, size_t key_count, jihe_error *err);

/** What automatic checks (rules with `expect: none`) found in a period. Nobody inspected these documents, the rule looked at
 *  all of them: complete counts without an interval, in rows of their own, never pooled with inspected documents.
 *
 *  Columns: the keys, rule, clause, checked (documents the rule could decide; of a rule with a flag, those that meet its
 *  condition), findings (of them), rate (no value: none checked), undecided (beside them), of (what it is a rate of). Of each
 *  rule and date the last recorded run counts.
 *
 *  @param keys       category columns, month; `rule` and `clause` are taken and add nothing; at most 8
 *  @param[out] gone  rules times dates that are not counted, because a snapshot was dropped
 *  @retval JIHE_USAGE  a key that is unknown or given twice, or a period that is none */
JIHE_API jihe_status jihe_rate_automatic(jihe_rows **out, uint64_t *gone, jihe_workspace *workspace, const char *from,
                                         const char *to, const char *const *keys, size_t key_count, jihe_error *err);

/** A self-contained HTML page about a period: rates by rule, team and clause, the trend by month, automatic
 * checks, what each rule did, the last run. Written to `path`, which appears whole or not at all.
 *  @param lang  "zh", or NULL and anything else for English
 *  @retval JIHE_USAGE          a period that is none
 *  @retval JIHE_CANNOT_CREATE  there can be no file at `path` */
JIHE_API jihe_status jihe_report(jihe_workspace *workspace, const char *from, const char *to, const char *lang,
                                 const char *path, jihe_error *err);

JIHE_END

#endif
