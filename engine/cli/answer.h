#ifndef JH_CLI_ANSWER_H
#define JH_CLI_ANSWER_H

#include "cli/call.h"

/* Options that are rates, amounts and counts, and results with a sentence. `absent` NULL: the option is needed. */

jihe_status cli_rate_option(uint32_t *ppm, const cli_call *call, cli_option option, const char *absent,
                            jihe_error *err);
jihe_status cli_amount_option(uint64_t *amount, const cli_call *call, cli_option option, const char *absent,
                              jihe_error *err);

/* --confidence as a probability; 95 % when it is not given. */
jihe_status cli_confidence(double *out, const cli_call *call, jihe_error *err);

/* --population: 0 when it is not given. */
jihe_status cli_population(uint64_t *out, const cli_call *call, jihe_error *err);

/* Prints rows; below a table the sentences, in lines of at most 100 characters. Frees the rows. `sentences` ends with
 * NULL. */
jihe_status cli_print_figures(const cli_call *call, jihe_rows *rows, const char *const *sentences, jihe_error *err);

/* JIHE_SENTENCES where the format has room for them in a column. */
unsigned cli_sentence_flags(const cli_call *call);

#endif
