#include "base/zone_int.h"

#include <string.h>

/* The file is two blocks and a footer; the second block has 64-bit times and is the one read here. Debian's files are
 * "fat": they list all changes up to 2037 and leave the rest to the footer's rule; "slim" ones leave more to it. */

enum { HEADER = 44, MAX_CHANGES = 1 << 16, MAX_TYPES = 256, TYPE_BYTES = 6 };

/* A run of bytes still to be read. */
typedef struct span {
    const uint8_t *at;
    size_t left;
} span;

typedef struct header {
    uint8_t version; /* 0, '2', '3', '4' */
    uint32_t utc_flags, standard_flags, leaps, changes, types, name_bytes;
} header;

static const uint8_t *take(span *s, size_t len)
{
    const uint8_t *taken = s->at;

    if (s->left < len)
        return NULL;
    s->at += len;
    s->left -= len;
    return taken;
}

static uint32_t be32(const uint8_t *b)
{
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static int64_t be64(const uint8_t *b)
{
    return (int64_t)((uint64_t)be32(b) << 32 | be32(b + 4));
}

/* False also for counts that no real file has: nothing below then needs to fear an overflow. */
static bool read_header(span *s, header *h)
{
    const uint8_t *b = take(s, HEADER);

    if (b == NULL || memcmp(b, "TZif", 4) != 0)
        return false;
    *h = (header){b[4], be32(b + 20), be32(b + 24), be32(b + 28), be32(b + 32), be32(b + 36), be32(b + 40)};
    return h->changes <= MAX_CHANGES && h->types <= MAX_TYPES && h->utc_flags <= MAX_TYPES &&
           h->standard_flags <= MAX_TYPES && h->leaps <= MAX_CHANGES && h->name_bytes <= MAX_CHANGES;
}

/* The version 1 block, with 32-bit times: its length follows from its header. */
static bool skip_first_block(span *s)
{
    header h;

    if (!read_header(s, &h) || h.version < '2')
        return false;
    return take(s, (size_t)h.changes * 5 + (size_t)h.types * TYPE_BYTES + h.name_bytes + (size_t)h.leaps * 8 +
                       h.standard_flags + h.utc_flags) != NULL;
}

/* What the second block says about changes: pointers into the file. */
typedef struct block {
    uint32_t changes, types;
    const uint8_t *times;   /* 8 bytes each */
    const uint8_t *indexes; /* 1 byte each: type after the change */
    const uint8_t *offsets; /* TYPE_BYTES each, the first 4 are the offset */
} block;

static bool read_second_block(span *s, block *b, bool *leap_seconds)
{
    header h;

    if (!read_header(s, &h) || h.types == 0)
        return false;
    *leap_seconds = h.leaps != 0;
    b->changes = h.changes;
    b->types = h.types;
    b->times = take(s, (size_t)h.changes * 8);
    b->indexes = take(s, h.changes);
    b->offsets = take(s, (size_t)h.types * TYPE_BYTES);
    return b->times != NULL && b->indexes != NULL && b->offsets != NULL &&
           take(s, (size_t)h.name_bytes + (size_t)h.leaps * 12 + h.standard_flags + h.utc_flags) != NULL;
}

static bool type_offset(const block *b, uint32_t type, int32_t *offset)
{
    if (type >= b->types)
        return false;
    *offset = (int32_t)be32(b->offsets + (size_t)type * TYPE_BYTES);
    return *offset >= -JH_ZONE_MAX_OFFSET && *offset <= JH_ZONE_MAX_OFFSET;
}

static jihe_status broken(const char *name, const char *what, jihe_error *err)
{
    return jh_fail(err, JIHE_CONFIG, "the file of time zone '%s' %s; reinstall the package tzdata", name, what);
}

static jihe_status add_changes(jh_zone *zone, const block *b, const char *name, jihe_error *err)
{
    jihe_status status = JIHE_OK;

    if (!type_offset(b, 0, &zone->first_offset))
        return broken(name, "has an impossible offset", err);
    for (uint32_t i = 0; i < b->changes && status == JIHE_OK; i++) {
        const int64_t at = be64(b->times + (size_t)i * 8);
        int32_t offset;

        if (!type_offset(b, b->indexes[i], &offset))
            return broken(name, "has an impossible offset", err);
        if (zone->count != 0 && at <= zone->changes[zone->count - 1].at)
            return broken(name, "lists its changes out of order", err);
        status = jh_zone_add(zone, at, offset, err);
    }
    return status;
}

/* The footer is one line between two line feeds. */
static const char *read_footer(span *s, size_t *len)
{
    const uint8_t *begin = take(s, 1), *end;

    if (begin == NULL || *begin != '\n')
        return NULL;
    end = s->left != 0 ? memchr(s->at, '\n', s->left) : NULL;
    if (end == NULL)
        return NULL;
    *len = (size_t)(end - s->at);
    return (const char *)s->at;
}

jihe_status jh_tzif_read(jh_zone *zone, const uint8_t *bytes, size_t len, const char *name, jihe_error *err)
{
    span s = {bytes, len};
    bool leap_seconds = false;
    jihe_status status;
    const char *footer;
    size_t footer_len;
    block b;

    if (!skip_first_block(&s) || !read_second_block(&s, &b, &leap_seconds))
        return broken(name, "is not in TZif format, version 2 or later", err);
    if (leap_seconds)
        return jh_fail(err, JIHE_CONFIG,
                       "time zone '%s' counts leap seconds; use the zone of that name without 'right/'", name);
    footer = read_footer(&s, &footer_len);
    if (footer == NULL)
        return broken(name, "ends before its footer", err);
    status = add_changes(zone, &b, name, err);
    return status == JIHE_OK ? jh_tzrule_extend(zone, footer, footer_len, name, err) : status;
}
