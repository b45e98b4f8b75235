#include <stdlib.h>
#include <string.h>

#include "api/certificate.h"
#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/num.h"
#include "base/pcg.h"
#include "base/text.h"
#include "sample/draw_stream.h"
#include "sample/merkle.h"

enum { MAX_WORDS = 6 };

struct line {
    const char *text;
    size_t len; /* without the line end */
    uint32_t number;
    const char *words[MAX_WORDS]; /* as written */
    size_t lens[MAX_WORDS];
    size_t count;
};

struct shown { /* a line of the stratum at hand */
    uint64_t index, number;
    const char *id; /* not escaped, in the arena */
    size_t id_len;
    uint8_t leaf[JH_MERKLE_BYTES];
};

struct checking {
    const char *path;
    jihe_error *err;
    jh_arena arena;
    jh_certificate_facts *facts;
    struct line line;
    const char *seed;
    char *rule, *stream, *label; /* as written (rule, label) and plain (stream) */
    uint64_t documents, selected, key, run_event;
    uint8_t root[JH_MERKLE_BYTES];
    struct shown *shown;
    size_t shown_count, shown_room;
    jh_buf rest;
    jh_buf heads;
    bool in_stratum, promised;
};

#define FAIL(c, status, ...) jh_fail_at((c)->err, status, (c)->path, (c)->line.number, 0, __VA_ARGS__)

static bool is_word(const struct line *line, size_t i, const char *text)
{
    return i < line->count && line->lens[i] == strlen(text) && memcmp(line->words[i], text, line->lens[i]) == 0;
}

static bool number_at(const struct line *line, size_t i, uint64_t *out)
{
    return i < line->count && jh_num_u64(line->words[i], line->lens[i], out);
}

static bool hash_at(const struct line *line, size_t i, uint8_t out[JH_MERKLE_BYTES])
{
    if (i >= line->count || line->lens[i] != 2 * JH_MERKLE_BYTES)
        return false;
    for (size_t b = 0; b < JH_MERKLE_BYTES; b++) {
        unsigned value = 0;

        for (size_t d = 0; d < 2; d++) {
            const char c = line->words[i][2 * b + d];

            if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
                return false;
            value = value * 16 + (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
        }
        out[b] = (uint8_t)value;
    }
    return true;
}

/* A word as it was meant. NULL: no memory, or an escape that is none. */
static char *plain(struct checking *c, size_t i, size_t *len)
{
    static const char escaped[] = "tnr\\", meant[] = "\t\n\r\\";
    char *out = i < c->line.count ? jh_arena_text(&c->arena, c->line.words[i], c->line.lens[i]) : NULL;

    *len = 0;
    for (size_t k = 0; out != NULL && k < c->line.lens[i]; k++) {
        char byte = c->line.words[i][k];

        if (byte == '\\') {
            const char *at = ++k < c->line.lens[i] ? memchr(escaped, c->line.words[i][k], 4) : NULL;

            if (at == NULL)
                return NULL;
            byte = meant[at - escaped];
        }
        out[(*len)++] = byte;
    }
    if (out != NULL)
        out[*len] = '\0';
    return out;
}

static jihe_status malformed(struct checking *c)
{
    return FAIL(c, JIHE_DATA, "a line '%.*s' that cannot be read; the file was changed or is no certificate",
                (int)(c->line.count > 0 ? (c->line.lens[0] < 16 ? c->line.lens[0] : 16) : 0),
                c->line.count > 0 ? c->line.words[0] : "");
}

/* --- the documents of a stratum --- */

static jihe_status leaf_of(void *context, uint64_t index, uint8_t out[JH_MERKLE_BYTES], jihe_error *err)
{
    const struct checking *c = context;

    (void)err;
    memcpy(out, c->shown[index - c->shown[0].index].leaf, JH_MERKLE_BYTES);
    return JIHE_OK;
}

/* A certificate as a whole shows the selected documents and the next one; one document's shows that. */
static jihe_status end_stratum(struct checking *c)
{
    uint8_t root[JH_MERKLE_BYTES];
    const uint64_t due = c->selected < c->documents ? c->selected + 1 : c->documents;

    if (!c->in_stratum)
        return JIHE_OK;
    c->in_stratum = false;
    if (c->facts->whole && (c->shown_count != due || (due > 0 && c->shown[0].index != 0)))
        return FAIL(c, JIHE_DIFFERS, "stratum '%s' of rule '%s' has %zu lines, not the %llu smallest", c->label,
                    c->rule, c->shown_count, (unsigned long long)due);
    if (c->shown_count == 0)
        return JIHE_OK;
    const uint64_t from = c->shown[0].index;
    const jihe_status st =
        jh_merkle_root(root, &c->rest, leaf_of, c, c->documents, from, from + c->shown_count, c->err);

    if (st != JIHE_OK && st != JIHE_DIFFERS)
        return st;
    if (st == JIHE_DIFFERS || memcmp(root, c->root, sizeof root) != 0)
        return FAIL(c, JIHE_DIFFERS,
                    "the lines of stratum '%s' of rule '%s' do not belong to its root: a document or a "
                    "hash was swapped",
                    c->label, c->rule);
    return JIHE_OK;
}

/* The line's own number and place. */
static jihe_status check_shown(struct checking *c, const struct shown *now)
{
    const struct shown *before = c->shown_count > 0 ? &c->shown[c->shown_count - 1] : NULL;

    if (jh_pcg_draw(jh_hash64(now->id, now->id_len), c->key) != now->number)
        return FAIL(c, JIHE_DIFFERS, "the number of document '%s' does not come from its id and the seed", now->id);
    if (now->index >= c->documents || (before != NULL && now->index != before->index + 1))
        return FAIL(c, JIHE_DIFFERS, "document '%s' is out of place", now->id);
    if (before != NULL &&
        (before->number > now->number ||
         (before->number == now->number && jh_text_compare(before->id, before->id_len, now->id, now->id_len) > 0)))
        return FAIL(c, JIHE_DIFFERS, "document '%s' has a smaller number than the one before", now->id);
    return JIHE_OK;
}

static jihe_status take_document(struct checking *c)
{
    struct shown now = {0};
    jh_buf text = {0};

    if (!c->in_stratum || c->line.count != 4 || !number_at(&c->line, 1, &now.index) ||
        !number_at(&c->line, 2, &now.number) || (now.id = plain(c, 3, &now.id_len)) == NULL)
        return malformed(c);
    jihe_status st = check_shown(c, &now);

    jh_buf_printf(&text, "%s\t%s\t%llu\t", c->rule, c->label, (unsigned long long)now.number);
    jh_buf_put(&text, c->line.words[3], c->line.lens[3]);
    if (st == JIHE_OK)
        st = text.failed ? jh_fail(c->err, JIHE_NO_MEMORY, "checking a certificate")
                         : jh_merkle_text(text.bytes, text.len, now.leaf, c->err);
    jh_buf_deinit(&text);
    if (st != JIHE_OK)
        return st;
    struct shown *shown = jh_arena_list(&c->arena, c->shown, c->shown_count, &c->shown_room, sizeof *shown);

    if (shown == NULL)
        return jh_fail(c->err, JIHE_NO_MEMORY, "checking a certificate");
    c->shown = shown;
    shown[c->shown_count++] = now;
    c->facts->lines++;
    c->facts->selected += now.index < c->selected;
    return JIHE_OK;
}

static jihe_status take_rest(struct checking *c)
{
    uint8_t hash[JH_MERKLE_BYTES];

    if (!c->in_stratum || c->line.count != 2 || !hash_at(&c->line, 1, hash))
        return malformed(c);
    jh_buf_put(&c->rest, hash, sizeof hash);
    return c->rest.failed ? jh_fail(c->err, JIHE_NO_MEMORY, "checking a certificate") : JIHE_OK;
}

/* --- the other lines --- */

static void keep_head(struct checking *c)
{
    jh_buf_put(&c->heads, c->line.text, c->line.len + 1);
}

static jihe_status take_stratum(struct checking *c)
{
    jihe_status st = end_stratum(c);

    if (st != JIHE_OK)
        return st;
    if (c->rule == NULL || c->line.count != 5 || !number_at(&c->line, 1, &c->documents) ||
        !number_at(&c->line, 2, &c->selected) || !hash_at(&c->line, 3, c->root) || c->documents == 0 ||
        c->documents > UINT64_C(1) << 40 || c->selected > c->documents)
        return malformed(c);
    c->label = jh_arena_text(&c->arena, c->line.words[4], c->line.lens[4]);
    if (c->label == NULL)
        return jh_fail(c->err, JIHE_NO_MEMORY, "checking a certificate");
    keep_head(c);
    c->in_stratum = true;
    c->shown_count = 0;
    jh_buf_clear(&c->rest);
    c->facts->strata++;
    return JIHE_OK;
}

static jihe_status take_rule(struct checking *c)
{
    uint8_t hash[JH_MERKLE_BYTES];
    size_t len;
    const jihe_status st = end_stratum(c);

    if (st != JIHE_OK)
        return st;
    if (c->seed == NULL || c->line.count != 5 || !hash_at(&c->line, 3, hash) || c->line.lens[2] > 128 ||
        (c->stream = plain(c, 2, &len)) == NULL ||
        (c->rule = jh_arena_text(&c->arena, c->line.words[1], c->line.lens[1])) == NULL)
        return malformed(c);
    keep_head(c);
    c->key = jh_stream_key(c->seed, c->stream);
    c->facts->rules++;
    return JIHE_OK;
}

static jihe_status take_seed(struct checking *c)
{
    size_t len;

    if (c->line.count != 2 || (c->seed = plain(c, 1, &len)) == NULL || len > JH_MAX_SEED)
        return malformed(c);
    return JIHE_OK;
}

static jihe_status take_promise(struct checking *c)
{
    uint8_t promised[32], sum[32];
    uint64_t event;
    jihe_status st;

    if (c->seed == NULL)
        return malformed(c);
    if (is_word(&c->line, 1, "-"))
        return FAIL(c, JIHE_DIFFERS, "the seed was not promised in advance: it may have been chosen to suit");
    if (c->line.count != 3 || !hash_at(&c->line, 1, promised) || !number_at(&c->line, 2, &event))
        return malformed(c);
    if ((st = jh_sha256_bytes(c->seed, strlen(c->seed), sum, c->err)) != JIHE_OK)
        return st;
    if (memcmp(sum, promised, sizeof sum) != 0)
        return FAIL(c, JIHE_DIFFERS, "the seed is not the one that was promised");
    if (event >= c->run_event)
        return FAIL(c, JIHE_DIFFERS,
                    "the seed was promised too late: in event %llu of the ledger, after the run in event %llu",
                    (unsigned long long)event, (unsigned long long)c->run_event);
    c->promised = true;
    return JIHE_OK;
}

static jihe_status take_run(struct checking *c)
{
    if (c->line.count != 3 || c->line.lens[1] >= sizeof c->facts->run || !number_at(&c->line, 2, &c->run_event))
        return malformed(c);
    memcpy(c->facts->run, c->line.words[1], c->line.lens[1]);
    return JIHE_OK;
}

static jihe_status take_digest(struct checking *c)
{
    uint8_t sum[32], written[32];
    jihe_status st = end_stratum(c);

    if (st != JIHE_OK)
        return st;
    if (c->line.count != 2 || !hash_at(&c->line, 1, written))
        return malformed(c);
    if (c->heads.failed)
        return jh_fail(c->err, JIHE_NO_MEMORY, "checking a certificate");
    if ((st = jh_sha256_bytes(c->heads.bytes, c->heads.len, sum, c->err)) != JIHE_OK)
        return st;
    if (memcmp(sum, written, sizeof sum) != 0)
        return FAIL(c, JIHE_DIFFERS, "the digest is not that of the rules and strata");
    jh_hex(sum, sizeof sum, c->facts->digest);
    return JIHE_OK;
}

static jihe_status take_nothing(struct checking *c)
{
    return end_stratum(c);
}

static jihe_status take_line(struct checking *c)
{
    static const struct {
        const char *word;
        jihe_status (*take)(struct checking *c);
    } kinds[] = {{"run", take_run},          {"seed", take_seed}, {"promise", take_promise},
                 {"snapshot", take_nothing}, {"rule", take_rule}, {"stratum", take_stratum},
                 {"line", take_document},    {"rest", take_rest}, {"left", take_nothing},
                 {"digest", take_digest}};

    if (c->facts->digest[0] != '\0')
        return FAIL(c, JIHE_DATA, "something stands behind the digest");
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
        if (is_word(&c->line, 0, kinds[k].word))
            return kinds[k].take(c);
    return malformed(c);
}

static void split_line(struct line *line)
{
    const char *at = line->text, *end = line->text + line->len;

    for (line->count = 0; line->count < MAX_WORDS; at++) {
        const char *tab = memchr(at, '\t', (size_t)(end - at));
        const char *stop = tab == NULL ? end : tab;

        line->words[line->count] = at;
        line->lens[line->count++] = (size_t)(stop - at);
        if (tab == NULL)
            return;
        at = tab;
    }
}

/* The last line is "end" and the SHA-256 of all before it. *body: how much that is. */
static jihe_status check_end(struct checking *c, const jh_buf *text, size_t *body)
{
    enum { END = 4 + 64 + 1 };
    uint8_t sum[32];
    char hex[65];
    jihe_status st;

    if (text->len < END || memcmp(text->bytes + text->len - END, "end\t", 4) != 0 || text->bytes[text->len - 1] != '\n')
        return jh_fail_at(c->err, JIHE_DATA, c->path, 0, 0, "no certificate: it does not end like one");
    *body = text->len - END;
    if ((st = jh_sha256_bytes(text->bytes, *body, sum, c->err)) != JIHE_OK)
        return st;
    jh_hex(sum, sizeof sum, hex);
    if (memcmp(hex, text->bytes + text->len - 65, 64) != 0)
        return jh_fail_at(c->err, JIHE_DIFFERS, c->path, 0, 0, "the file was changed: its last line is not its sum");
    if ((st = jh_sha256_bytes(text->bytes, text->len, sum, c->err)) == JIHE_OK)
        jh_hex(sum, sizeof sum, c->facts->sha256);
    return st;
}

static jihe_status check_text(struct checking *c, const jh_buf *text)
{
    size_t body = 0, at = 0;
    jihe_status st = check_end(c, text, &body);

    while (st == JIHE_OK && at < body) {
        const char *start = (const char *)text->bytes + at;
        const char *end = memchr(start, '\n', body - at);

        c->line = (struct line){.text = start, .number = c->line.number + 1};
        if (end == NULL)
            return malformed(c);
        c->line.len = (size_t)(end - start);
        split_line(&c->line);
        at += c->line.len + 1;
        if (c->line.number > 1)
            st = take_line(c);
        else if (c->line.count != 3 || !is_word(&c->line, 0, "jihe-certificate") || !is_word(&c->line, 1, "1") ||
                 !((c->facts->whole = is_word(&c->line, 2, "whole")) || is_word(&c->line, 2, "document")))
            st = FAIL(c, JIHE_DATA, "no certificate of this version: expected jihe-certificate 1");
    }
    if (st == JIHE_OK && (!c->promised || c->facts->digest[0] == '\0'))
        st = jh_fail_at(c->err, JIHE_DATA, c->path, 0, 0, "lines are missing");
    return st;
}

jihe_status jh_certificate_check_text(jh_certificate_facts *out, const char *path, const jh_buf *text, jihe_error *err)
{
    struct checking c = {.path = path, .err = err, .facts = out};

    *out = (jh_certificate_facts){0};
    jh_arena_init(&c.arena, 0);
    const jihe_status st = check_text(&c, text);

    jh_buf_deinit(&c.rest);
    jh_buf_deinit(&c.heads);
    jh_arena_deinit(&c.arena);
    return st;
}

jihe_status jh_certificate_check(jh_certificate_facts *out, const char *path, jihe_error *err)
{
    jh_buf text = {0};

    *out = (jh_certificate_facts){0};
    jihe_status st = jh_file_read(path, JH_CERTIFICATE_MAX_BYTES, &text, err);

    if (st == JIHE_OK)
        st = jh_certificate_check_text(out, path, &text, err);
    jh_buf_deinit(&text);
    return st;
}
