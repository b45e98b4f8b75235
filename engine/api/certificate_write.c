#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "api/api_int.h"
#include "api/certificate.h"
#include "base/days.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/pcg.h"
#include "rule/record.h"
#include "sample/draw_stream.h"
#include "sample/merkle.h"

struct writing {
    const jh_certificate_input *input;
    jh_buf *out;
    jh_buf heads; /* the lines the digest is of */
    uint64_t found;
};

struct ordered { /* the documents of one stratum in the order of their numbers */
    const jh_pass *pass;
    const jh_pick *picks;
    jh_buf *prefix; /* "rule TAB label TAB" */
    jh_buf text;
    jh_col_room room; /* the id looked at last */
};

void jh_certificate_word(jh_buf *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        switch (text[i]) {
        case '\t':
            jh_buf_puts(out, "\\t");
            break;
        case '\n':
            jh_buf_puts(out, "\\n");
            break;
        case '\r':
            jh_buf_puts(out, "\\r");
            break;
        case '\\':
            jh_buf_puts(out, "\\\\");
            break;
        default:
            jh_buf_putc(out, text[i]);
        }
}

/* "NUMBER TAB ID" of one document. */
static jihe_status put_document(jh_buf *out, struct ordered *ordered, const jh_pick *pick, jihe_error *err)
{
    const char *id;
    uint32_t len;
    const jihe_status st = jh_pass_id(ordered->pass, pick->segment, pick->row, &ordered->room, &id, &len, err);

    if (st != JIHE_OK)
        return st;
    jh_buf_printf(out, "%" PRIu64 "\t", pick->number);
    jh_certificate_word(out, id, len);
    return JIHE_OK;
}

static jihe_status leaf_of(void *context, uint64_t index, uint8_t out[JH_MERKLE_BYTES], jihe_error *err)
{
    struct ordered *ordered = context;

    jh_buf_clear(&ordered->text);
    jh_buf_put(&ordered->text, ordered->prefix->bytes, ordered->prefix->len);
    const jihe_status st = put_document(&ordered->text, ordered, &ordered->picks[index], err);

    if (st != JIHE_OK)
        return st;
    if (ordered->text.failed)
        return jh_fail(err, JIHE_NO_MEMORY, "a certificate");
    return jh_merkle_text(ordered->text.bytes, ordered->text.len, out, err);
}

/* Which of a stratum's lines the certificate shows: first and one behind the last; none: both 0. */
static jihe_status choose_lines(const struct writing *work, struct ordered *ordered, const jh_stratum *stratum,
                                uint64_t key, uint64_t *from, uint64_t *to, jihe_error *err)
{
    const char *wanted = work->input->document;

    *from = *to = 0;
    if (wanted == NULL) {
        *to = stratum->quota < stratum->documents ? stratum->quota + 1 : stratum->documents;
        return JIHE_OK;
    }
    const size_t wanted_len = strlen(wanted);
    const uint64_t number = jh_pcg_draw(jh_hash64(wanted, wanted_len), key);

    for (uint64_t i = 0; i < stratum->documents && *to == 0; i++) {
        const char *id;
        uint32_t len;

        if (ordered->picks[i].number != number)
            continue;
        const jihe_status st =
            jh_pass_id(ordered->pass, ordered->picks[i].segment, ordered->picks[i].row, &ordered->room, &id, &len, err);

        if (st != JIHE_OK)
            return st;
        if (len == wanted_len && memcmp(id, wanted, len) == 0) {
            *from = i;
            *to = i + 1;
        }
    }
    return JIHE_OK;
}

static jihe_status put_lines(struct writing *work, struct ordered *ordered, uint64_t from, uint64_t to,
                             const jh_buf *rest, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    for (uint64_t i = from; st == JIHE_OK && i < to; i++) {
        jh_buf_printf(work->out, "line\t%" PRIu64 "\t", i);
        st = put_document(work->out, ordered, &ordered->picks[i], err);
        jh_buf_putc(work->out, '\n');
        work->found++;
    }
    for (size_t at = 0; to > from && at < rest->len; at += JH_MERKLE_BYTES) {
        char hex[2 * JH_MERKLE_BYTES + 1];

        jh_hex(rest->bytes + at, JH_MERKLE_BYTES, hex);
        jh_buf_printf(work->out, "rest\t%s\n", hex);
    }
    return st;
}

static jihe_status put_stratum(struct writing *work, const jh_rule *rule, const jh_stratum *stratum,
                               const jh_pick *picks, uint64_t key, jihe_error *err)
{
    jh_buf prefix = {0}, rest = {0}, head = {0};
    struct ordered ordered = {.pass = &work->input->selection->pass, .picks = picks, .prefix = &prefix};
    uint8_t root[JH_MERKLE_BYTES];
    char hex[2 * JH_MERKLE_BYTES + 1];
    uint64_t from, to;
    jihe_status st;

    jh_certificate_word(&prefix, rule->id, strlen(rule->id));
    jh_buf_putc(&prefix, '\t');
    jh_certificate_word(&prefix, stratum->label, strlen(stratum->label));
    jh_buf_putc(&prefix, '\t');
    if ((st = choose_lines(work, &ordered, stratum, key, &from, &to, err)) == JIHE_OK &&
        (st = jh_merkle_prove(root, &rest, leaf_of, &ordered, stratum->documents, from, to, err)) == JIHE_OK) {
        jh_hex(root, sizeof root, hex);
        jh_buf_printf(&head, "stratum\t%" PRIu64 "\t%" PRIu64 "\t%s\t", stratum->documents, stratum->quota, hex);
        jh_certificate_word(&head, stratum->label, strlen(stratum->label));
        jh_buf_putc(&head, '\n');
        jh_buf_put(&work->heads, head.bytes, head.len);
        jh_buf_put(work->out, head.bytes, head.len);
        st = put_lines(work, &ordered, from, to, &rest, err);
        if (head.failed && st == JIHE_OK)
            st = jh_fail(err, JIHE_NO_MEMORY, "a certificate");
    }
    jh_buf_deinit(&prefix);
    jh_buf_deinit(&rest);
    jh_buf_deinit(&head);
    jh_buf_deinit(&ordered.text);
    jh_col_room_deinit(&ordered.room);
    return st;
}

static jihe_status put_rule_head(struct writing *work, const jh_rule *rule, jihe_error *err)
{
    jh_buf packed = {0}, head = {0}, words = {0};
    uint8_t sum[32];
    char hex[65];

    jh_rule_pack(&packed, rule);
    const jihe_status st = packed.failed ? jh_fail(err, JIHE_NO_MEMORY, "a certificate")
                                         : jh_sha256_bytes(packed.bytes, packed.len, sum, err);

    if (st == JIHE_OK) {
        jh_hex(sum, sizeof sum, hex);
        jh_buf_printf(&head, "rule\t%s\t%s\t%s\t", rule->id, jh_stream_name(rule), hex);
        jh_describe_draw(&words, &rule->draw);
        jh_certificate_word(&head, (const char *)words.bytes, words.len);
        jh_buf_putc(&head, '\n');
        jh_buf_put(work->out, head.bytes, head.len);
        jh_buf_put(&work->heads, head.bytes, head.len);
    }
    work->heads.failed = work->heads.failed || words.failed || head.failed;
    jh_buf_deinit(&packed);
    jh_buf_deinit(&head);
    jh_buf_deinit(&words);
    return st;
}

/* The whole frame in order: a draw of everything. */
static jihe_status put_rule(struct writing *work, size_t r, jihe_error *err)
{
    const jh_selection *selection = work->input->selection;
    const jh_rule *rule = &work->input->run->rules[r];
    const uint64_t key = jh_stream_key(work->input->run->seed, jh_stream_name(rule));
    jh_strata all = selection->rules[r].strata;
    jh_picks ordered = {0};
    size_t first = 0;
    jihe_status st = put_rule_head(work, rule, err);

    if (st != JIHE_OK || all.count == 0)
        return st;
    all.strata = calloc(all.count, sizeof *all.strata);
    if (all.strata == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "a certificate");
    for (uint32_t s = 0; s < all.count; s++) {
        all.strata[s] = selection->rules[r].strata.strata[s];
        all.strata[s].quota = all.strata[s].documents;
    }
    st = jh_draw_select(&ordered, &selection->pass, &selection->pass.frames[r], &all, key, work->input->threads, err);
    for (uint32_t s = 0; st == JIHE_OK && s < all.count; s++) {
        st = put_stratum(work, rule, &selection->rules[r].strata.strata[s], ordered.picks + first, key, err);
        first += all.strata[s].documents;
    }
    jh_picks_deinit(&ordered);
    free(all.strata);
    return st;
}

static const char *reason_to_leave(const jh_draw *draw)
{
    if (draw->kind == JH_DRAW_ALL)
        return "takes all: nothing is left to chance";
    if (draw->kind == JH_DRAW_MONEY || draw->method == JH_METHOD_INTERVAL)
        return "not drawn by the smallest numbers: jihe replay";
    return NULL;
}

static void put_head(struct writing *work)
{
    const jh_run *run = work->input->run;
    const jh_promise *promise = work->input->promise;
    jh_buf *out = work->out;

    jh_buf_printf(out, "jihe-certificate\t1\t%s\n", work->input->document == NULL ? "whole" : "document");
    jh_buf_printf(out, "run\t%s\t%" PRIu64 "\nseed\t", run->id, run->sequence);
    jh_certificate_word(out, run->seed, strlen(run->seed));
    if (promise == NULL)
        jh_buf_puts(out, "\npromise\t-\n");
    else
        jh_buf_printf(out, "\npromise\t%s\t%" PRIu64 "\n", promise->sha256, promise->sequence);
    for (size_t i = 0; i < run->snapshot_count; i++) {
        char date[16];

        jh_days_text(run->snapshots[i].date, date);
        jh_buf_printf(out, "snapshot\t%s\t%u\t%s\n", date, run->snapshots[i].revision, run->snapshots[i].sha256);
    }
}

/* Word and SHA-256 of the bytes. */
static jihe_status put_sum(jh_buf *out, const char *word, const jh_buf *bytes, jihe_error *err)
{
    uint8_t sum[32];
    char hex[65];
    const jihe_status st = bytes->failed ? jh_fail(err, JIHE_NO_MEMORY, "a certificate")
                                         : jh_sha256_bytes(bytes->bytes, bytes->len, sum, err);

    if (st != JIHE_OK)
        return st;
    jh_hex(sum, sizeof sum, hex);
    jh_buf_printf(out, "%s\t%s\n", word, hex);
    return out->failed ? jh_fail(err, JIHE_NO_MEMORY, "a certificate") : JIHE_OK;
}

jihe_status jh_certificate_write(jh_buf *out, const jh_certificate_input *input, jihe_error *err)
{
    struct writing work = {.input = input, .out = out};
    jihe_status st = JIHE_OK;

    put_head(&work);
    for (size_t r = 0; st == JIHE_OK && r < input->run->rule_count; r++)
        if (reason_to_leave(&input->run->rules[r].draw) == NULL)
            st = put_rule(&work, r, err);
    for (size_t r = 0; st == JIHE_OK && r < input->run->rule_count; r++)
        if (reason_to_leave(&input->run->rules[r].draw) != NULL)
            jh_buf_printf(out, "left\t%s\t%s\n", input->run->rules[r].id, reason_to_leave(&input->run->rules[r].draw));
    if (st == JIHE_OK && input->document != NULL && work.found == 0)
        st = jh_fail(err, JIHE_NOT_FOUND, "no rule of run %s drew by chance from a frame with the document '%s'",
                     input->run->id, input->document);
    if (st == JIHE_OK && (st = put_sum(out, "digest", &work.heads, err)) == JIHE_OK)
        st = put_sum(out, "end", out, err);
    jh_buf_deinit(&work.heads);
    return st;
}
