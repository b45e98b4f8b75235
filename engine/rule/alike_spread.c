#include "rule/alike_spread.h"

#include <stdlib.h>
#include <string.h>

enum {
    LINE = 8,       /* records written together: 64 bytes */
    CHUNK = 63 * 8, /* records of a chunk */
    SLAB = 64,      /* chunks got at a time: 256 KiB */
    MOST_BITS = 11, /* 2,048 partitions: a worker's lines are 128 KiB */
    PER_PARTITION = 4096
};

struct chunk {
    struct chunk *next; /* the one filled before */
    uint32_t count;
    uint32_t pad[13];
    uint64_t records[CHUNK];
};

_Static_assert(sizeof(struct chunk) == 4096 && CHUNK % LINE == 0, "a line never crosses a chunk's end");

struct slab {
    struct slab *next;
    struct chunk *chunks;
};

struct jh_spread_lane {
    uint64_t *lines;       /* LINE per partition */
    uint8_t *filled;       /* of each line */
    struct chunk **chunks; /* of each partition, the one being filled first */
    uint64_t *counts;      /* of each partition, known when flushed */
    struct slab *slabs;
    uint32_t slab_used;
};

bool jh_spread_init(jh_spread *spread, uint64_t documents, uint32_t workers)
{
    uint32_t bits = 0;

    while (bits < MOST_BITS && documents >> bits > PER_PARTITION)
        bits++;
    *spread = (jh_spread){.lane_count = workers, .bits = bits, .lanes = calloc(workers, sizeof *spread->lanes)};
    for (uint32_t w = 0; spread->lanes != NULL && w < workers; w++) {
        jh_spread_lane *lane = &spread->lanes[w];
        const size_t partitions = (size_t)1 << bits;

        lane->lines = aligned_alloc(64, partitions * LINE * sizeof *lane->lines);
        lane->filled = calloc(partitions, sizeof *lane->filled);
        lane->chunks = calloc(partitions, sizeof(struct chunk *));
        lane->counts = calloc(partitions, sizeof *lane->counts);
        lane->slab_used = SLAB;
        if (lane->lines == NULL || lane->filled == NULL || lane->chunks == NULL || lane->counts == NULL)
            return false;
    }
    return spread->lanes != NULL;
}

static void free_lane(jh_spread_lane *lane)
{
    while (lane->slabs != NULL) {
        struct slab *slab = lane->slabs;

        lane->slabs = slab->next;
        free(slab->chunks);
        free(slab);
    }
    free(lane->lines);
    free(lane->filled);
    free(lane->chunks);
    free(lane->counts);
}

void jh_spread_deinit(jh_spread *spread)
{
    for (uint32_t w = 0; spread->lanes != NULL && w < spread->lane_count; w++)
        free_lane(&spread->lanes[w]);
    free(spread->lanes);
    *spread = (jh_spread){0};
}

static struct chunk *new_chunk(jh_spread_lane *lane)
{
    if (lane->slab_used == SLAB) {
        struct slab *slab = malloc(sizeof *slab);

        if (slab == NULL || (slab->chunks = aligned_alloc(64, SLAB * sizeof *slab->chunks)) == NULL) {
            free(slab);
            return NULL;
        }
        slab->next = lane->slabs;
        lane->slabs = slab;
        lane->slab_used = 0;
    }
    return &lane->slabs->chunks[lane->slab_used++];
}

/* The line of a partition goes to its chunk. */
static bool put_line(jh_spread_lane *lane, size_t partition, uint32_t count)
{
    struct chunk *chunk = lane->chunks[partition];

    if (chunk == NULL || chunk->count == CHUNK) {
        if ((chunk = new_chunk(lane)) == NULL)
            return false;
        chunk->next = lane->chunks[partition];
        chunk->count = 0;
        lane->chunks[partition] = chunk;
    }
    memcpy(chunk->records + chunk->count, lane->lines + partition * LINE, LINE * sizeof *lane->lines);
    chunk->count += count;
    return true;
}

static bool put_one(jh_spread_lane *lane, uint32_t bits, uint64_t print, uint32_t document)
{
    const size_t partition = bits == 0 ? 0 : print >> (64 - bits);
    const uint32_t filled = lane->filled[partition];

    lane->lines[partition * LINE + filled] = print << bits >> 32 << 32 | document;
    if (filled + 1 < LINE) {
        lane->filled[partition] = (uint8_t)(filled + 1);
        return true;
    }
    lane->filled[partition] = 0;
    return put_line(lane, partition, LINE);
}

bool jh_spread_put(jh_spread *spread, uint32_t worker, const uint64_t *prints, const uint64_t *wanted, size_t words,
                   uint32_t first)
{
    jh_spread_lane *lane = &spread->lanes[worker];
    bool done = true;

    for (size_t w = 0; done && w < words; w++)
        for (uint64_t left = wanted[w]; done && left != 0; left &= left - 1) {
            const uint32_t at = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(left);

            done = put_one(lane, spread->bits, prints[at], first + at);
        }
    return done;
}

bool jh_spread_flush(jh_spread *spread, uint32_t worker)
{
    jh_spread_lane *lane = &spread->lanes[worker];

    for (size_t p = 0; p < (size_t)1 << spread->bits; p++) {
        if (lane->filled[p] > 0 && !put_line(lane, p, lane->filled[p]))
            return false;
        lane->filled[p] = 0;
        for (const struct chunk *chunk = lane->chunks[p]; chunk != NULL; chunk = chunk->next)
            lane->counts[p] += chunk->count;
    }
    return true;
}

size_t jh_spread_count(const jh_spread *spread, uint32_t partition)
{
    size_t count = 0;

    for (uint32_t w = 0; w < spread->lane_count; w++)
        count += spread->lanes[w].counts[partition];
    return count;
}

void jh_spread_get(const jh_spread *spread, uint32_t partition, uint64_t *records)
{
    for (uint32_t w = 0; w < spread->lane_count; w++)
        for (const struct chunk *chunk = spread->lanes[w].chunks[partition]; chunk != NULL; chunk = chunk->next) {
            memcpy(records, chunk->records, chunk->count * sizeof *records);
            records += chunk->count;
        }
}
