#ifndef JH_API_CERTIFICATE_H
#define JH_API_CERTIFICATE_H

#include "ledger/runs.h"
#include "ledger/seeds.h"
#include "sample/selection.h"

/* A certificate: what anybody needs to check that a run drew as it had to, without the engine and without the documents.
 * A text of lines, each some words separated by tabs (a tab, line end or backslash in a word is \t, \n, \r, \\):
 *
 *   jihe-certificate  1  whole (or: document)
 *   run       id  ledger event
 *   seed      the seed's text
 *   promise   SHA-256 of the seed, hex  ledger event         (or "-": it was not promised)
 *   snapshot  date  revision  sha256                          one for each
 *   rule      id  stream  sha256 of the rule as recorded  draw in words
 *                                                             one for each that draws by the smallest numbers
 *   stratum   documents N  selected n  root  label            one for each of the rule's strata
 *   line      index  number  id                               documents of the stratum in order of number, then id
 *   rest      hash                                            of the tree beside these lines, from left to right
 *   left      rule id  reason                                 rules that the certificate is not about
 *   digest    SHA-256 of the lines "rule" and "stratum", each with its line end
 *   end       SHA-256 of all that stands before
 *
 * The first n documents of a stratum's order are the selected ones. `whole` has these and the next one; `document` has one
 * document's own lines. `root` is that of the Merkle tree (sample/merkle.h) over the texts "rule, stratum label, number,
 * id", written as in the file and separated by tabs. Both kinds of one run have the same digest. */

enum { JH_CERTIFICATE_MAX_BYTES = 1 << 30 };

typedef struct jh_certificate_input {
    const jh_run       *run;
    const jh_selection *selection; /* of it */
    const jh_promise   *promise;   /* NULL: none */
    const char         *document;  /* id; NULL: the whole certificate */
    uint32_t            threads;
} jh_certificate_input;

/* JIHE_NOT_FOUND when no frame that the certificate is about holds the document. */
jihe_status jh_certificate_write(jh_buf *out, const jh_certificate_input *input, jihe_error *err);

typedef struct jh_certificate_facts { /* of a certificate that is right */
    char     run[64], digest[65], sha256[65]; /* sha256: of the file's bytes */
    bool     whole;
    uint64_t rules, strata, lines, selected;  /* selected: of the lines */
} jh_certificate_facts;

/* Checks everything that the certificate itself can show. JIHE_DIFFERS with the line when something is not as it must be,
 * JIHE_DATA when it cannot be read. */
jihe_status jh_certificate_check(jh_certificate_facts *out, const char *path, jihe_error *err);

/* The same of bytes at hand; `path` is for messages. */
jihe_status jh_certificate_check_text(jh_certificate_facts *out, const char *path, const jh_buf *text, jihe_error *err);

/* One word of a line. */
void jh_certificate_word(jh_buf *out, const char *text, size_t len);

#endif
