#include "ingest/stream.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_CODE = 4 }; /* bytes of one character, in GB18030 as in UTF-8 */

struct jh_stream {
    jh_source *source;
    char head[3]; /* the first bytes, looked at for a byte order mark: head[head_at..head_len) is still to be given */
    size_t head_at, head_len;
    bool decode;
    iconv_t iconv;
    char *raw; /* GB18030 not yet decoded: raw[raw_at..raw_len) */
    size_t raw_at, raw_len;
    bool raw_ended;
    char *text; /* decoded, not yet given: text[text_at..text_len) */
    size_t text_at, text_len;
    size_t room; /* of raw and of text */
};

/* Keeps the undecoded rest in front and reads more behind it. */
static jihe_status refill_raw(jh_stream *stream, jihe_error *err)
{
    const size_t rest = stream->raw_len - stream->raw_at;
    size_t got = 0;
    jihe_status st;

    memmove(stream->raw, stream->raw + stream->raw_at, rest);
    stream->raw_at = 0;
    stream->raw_len = rest;
    st = jh_source_read(stream->source, (uint8_t *)stream->raw + rest, stream->room - rest, &got, err);
    stream->raw_ended = got < stream->room - rest;
    stream->raw_len += got;
    return st;
}

/* Decodes what is at hand into the empty `text`. False: the bytes at hand are the beginning of one character. */
static bool decode_some(jh_stream *stream)
{
    char *in = stream->raw + stream->raw_at, *out = stream->text;
    size_t in_left = stream->raw_len - stream->raw_at, out_left = stream->room;
    bool whole = true;

    while (in_left > 0 && whole) {
        if (iconv(stream->iconv, &in, &in_left, &out, &out_left) != (size_t)-1 || errno == E2BIG || out_left == 0)
            break; /* a wrong byte is told of also where there is no room left for its mark */
        whole = errno != EINVAL || stream->raw_ended;
        if (whole) {
            *out++ = (char)JH_STREAM_UNDECODED;
            out_left--, in++, in_left--;
        }
    }
    stream->raw_at = stream->raw_len - in_left;
    stream->text_at = 0;
    stream->text_len = stream->room - out_left;
    return stream->text_len > 0;
}

static jihe_status read_decoded(jh_stream *stream, char *to, size_t room, size_t *got, jihe_error *err)
{
    *got = 0;
    while (*got < room) {
        size_t part = stream->text_len - stream->text_at;
        if (part == 0) {
            if (stream->raw_at < stream->raw_len && decode_some(stream))
                continue;
            if (stream->raw_ended)
                return JIHE_OK;
            jihe_status st = refill_raw(stream, err);
            if (st != JIHE_OK)
                return st;
            continue;
        }
        part = part < room - *got ? part : room - *got;
        memcpy(to + *got, stream->text + stream->text_at, part);
        stream->text_at += part;
        *got += part;
    }
    return JIHE_OK;
}

static jihe_status read_body(jh_stream *stream, char *to, size_t room, size_t *got, jihe_error *err)
{
    if (stream->decode)
        return read_decoded(stream, to, room, got, err);
    return jh_source_read(stream->source, (uint8_t *)to, room, got, err);
}

static jihe_status drop_mark(jh_stream *stream, jihe_error *err)
{
    jihe_status st = read_body(stream, stream->head, sizeof stream->head, &stream->head_len, err);

    if (st != JIHE_OK)
        return st;
    if (stream->decode && stream->raw_len >= 3 && memcmp(stream->raw, "\xEF\xBB\xBF", 3) == 0)
        return jh_fail_at(err, JIHE_DATA, jh_source_name(stream->source), 1, 1,
                          "the file begins with the UTF-8 byte order mark, but GB18030 is declared; declare "
                          "`csv: {encoding: utf-8}` if that is what the file is");
    if (stream->head_len == 3 && memcmp(stream->head, "\xEF\xBB\xBF", 3) == 0)
        stream->head_at = 3;
    if (stream->head_len >= 2 && (memcmp(stream->head, "\xFF\xFE", 2) == 0 || memcmp(stream->head, "\xFE\xFF", 2) == 0))
        return jh_fail_at(err, JIHE_DATA, jh_source_name(stream->source), 1, 1,
                          "the file begins with the UTF-16 byte order mark; export it as UTF-8 or GB18030");
    return JIHE_OK;
}

static jihe_status begin_decoding(jh_stream *stream, jihe_error *err)
{
    stream->iconv = iconv_open("UTF-8", "GB18030");
    if (stream->iconv == (iconv_t)-1) {
        const int os_errno = errno;
        return jh_fail_os(err, JIHE_CONFIG, os_errno, "this system's iconv cannot decode GB18030");
    }
    stream->decode = true;
    stream->raw = malloc(stream->room);
    stream->text = malloc(stream->room);
    if (stream->raw == NULL || stream->text == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "decoding '%s'", jh_source_name(stream->source));
    return JIHE_OK;
}

jihe_status jh_stream_open(jh_stream **out, const char *path, jh_encoding encoding, size_t block_bytes, jihe_error *err)
{
    jh_stream *stream = calloc(1, sizeof *stream);
    jihe_status st;

    *out = NULL;
    if (stream == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "opening '%s'", path);
    stream->room = block_bytes < LONGEST_CODE ? LONGEST_CODE : block_bytes;
    st = jh_source_open(&stream->source, path, block_bytes, err);
    if (st == JIHE_OK && encoding == JH_ENCODING_GB18030)
        st = begin_decoding(stream, err);
    if (st == JIHE_OK)
        st = drop_mark(stream, err);
    if (st != JIHE_OK) {
        jh_stream_close(stream);
        return st;
    }
    *out = stream;
    return JIHE_OK;
}

jihe_status jh_stream_read(jh_stream *stream, char *to, size_t room, size_t *got, jihe_error *err)
{
    const size_t held = stream->head_len - stream->head_at;
    const size_t part = held < room ? held : room;
    size_t more = 0;
    jihe_status st = JIHE_OK;

    memcpy(to, stream->head + stream->head_at, part);
    stream->head_at += part;
    if (part < room)
        st = read_body(stream, to + part, room - part, &more, err);
    *got = part + more;
    return st;
}

const jh_source *jh_stream_source(const jh_stream *stream)
{
    return stream->source;
}

void jh_stream_close(jh_stream *stream)
{
    if (stream == NULL)
        return;
    if (stream->decode)
        iconv_close(stream->iconv);
    jh_source_close(stream->source);
    free(stream->raw);
    free(stream->text);
    free(stream);
}
