#include "rule/alike_spread.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum {
    LINE = 8,       /* records written together: 64 bytes */
    CHUNK = 63 * 8, /* records of a chunk */
    CHUNK_BYTES = 4096,
    HUGE = 2 << 20, /* a large page: chunks lie everywhere at once, small pages would cost look-ups */
    MOST_BITS = 9,  /* 512 partitions: a worker's lines fit its first cache, a partition of 16 million its second */
    PER_PARTITION = 4096,
    PIECE = HUGE / CHUNK_BYTES,
    MANY = 4 * PIECE /* chunks: more get large pages */
};

struct chunk {          /* aligned to its size: a cursor at a multiple of it has come to the end of one */
    struct chunk *next; /* the one filled before */
    uint64_t pad[7];
    uint64_t records[CHUNK];
};

_Static_assert(sizeof(struct chunk) == CHUNK_BYTES && CHUNK % LINE == 0, "a line never crosses a chunk's end");

struct jh_spread_lane {
    uint64_t *lines;       /* LINE per partition */
    uint8_t *filled;       /* of each line */
    uint64_t **cursors;    /* of each partition: where its next line goes; NULL: to a new chunk */
    struct chunk **chunks; /* of each partition, the one being filled first */
    uint64_t *counts;      /* of each partition, known when flushed */
    struct chunk *piece;   /* of the memory of all, what this worker may use next */
    size_t piece_left;     /* chunks */
};

uint32_t jh_spread_bits(uint64_t expected)
{
    uint32_t bits = 0;

    while (bits < MOST_BITS && expected >> bits > PER_PARTITION)
        bits++;
    return bits;
}

/* Every worker begins a chunk in each partition at worst, and a piece. Memory that nobody writes to costs nothing. */
static bool get_memory(jh_spread *spread, uint64_t documents)
{
    const uint64_t chunks = documents / CHUNK + ((uint64_t)spread->lane_count << spread->bits);

    spread->pieces = chunks / PIECE + spread->lane_count + 1;
    spread->memory =
        mmap(NULL, spread->pieces * HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (spread->memory == MAP_FAILED)
        spread->memory = NULL;
    else if (chunks > MANY)
        (void)madvise(spread->memory, spread->pieces * HUGE, MADV_HUGEPAGE); /* a wish */
    return spread->memory != NULL;
}

static bool lane_init(jh_spread_lane *lane, size_t partitions)
{
    lane->lines = aligned_alloc(64, partitions * LINE * sizeof *lane->lines);
    lane->filled = calloc(partitions, sizeof *lane->filled);
    lane->cursors = calloc(partitions, sizeof(uint64_t *));
    lane->chunks = calloc(partitions, sizeof(struct chunk *));
    lane->counts = calloc(partitions, sizeof *lane->counts);
    return lane->lines != NULL && lane->filled != NULL && lane->cursors != NULL && lane->chunks != NULL &&
           lane->counts != NULL;
}

bool jh_spread_init(jh_spread *spread, uint64_t expected, uint64_t most, uint32_t document_bits, uint32_t workers)
{
    *spread = (jh_spread){
        .lane_count = workers, .document_bits = document_bits, .lanes = calloc(workers, sizeof *spread->lanes)};
    spread->bits = jh_spread_bits(expected);
    bool done = spread->lanes != NULL && get_memory(spread, most);

    for (uint32_t w = 0; done && w < workers; w++)
        done = lane_init(&spread->lanes[w], (size_t)1 << spread->bits);
    return done;
}

static void free_lane(jh_spread_lane *lane)
{
    free(lane->lines);
    free(lane->filled);
    free(lane->cursors);
    free(lane->chunks);
    free(lane->counts);
}

void jh_spread_deinit(jh_spread *spread)
{
    for (uint32_t w = 0; spread->lanes != NULL && w < spread->lane_count; w++)
        free_lane(&spread->lanes[w]);
    free(spread->lanes);
    if (spread->memory != NULL)
        munmap(spread->memory, spread->pieces * HUGE);
    *spread = (jh_spread){0};
}

/* NULL: the documents were more than had been said. */
static struct chunk *new_chunk(jh_spread *spread, jh_spread_lane *lane)
{
    if (lane->piece_left == 0) {
        const uint64_t piece = __atomic_fetch_add(&spread->pieces_used, 1, __ATOMIC_RELAXED);

        if (piece >= spread->pieces)
            return NULL;
        lane->piece = (struct chunk *)(void *)((char *)spread->memory + piece * HUGE);
        lane->piece_left = PIECE;
    }
    lane->piece_left--;
    return lane->piece++;
}

/* Past the caches: nothing is read before it is overwritten, and what is in them stays. */
static void store_line(uint64_t *to, const uint64_t *line)
{
#ifdef __SSE2__
    for (size_t i = 0; i < LINE; i += 2)
        _mm_stream_si128((__m128i *)(void *)(to + i), _mm_load_si128((const __m128i *)(const void *)(line + i)));
#else
    memcpy(to, line, LINE * sizeof *to);
#endif
}

/* The line of a partition goes to its chunk. */
static bool put_line(jh_spread *spread, jh_spread_lane *lane, size_t partition)
{
    uint64_t *cursor = lane->cursors[partition];

    if (cursor == NULL) {
        struct chunk *chunk = new_chunk(spread, lane);

        if (chunk == NULL)
            return false;
        chunk->next = lane->chunks[partition];
        lane->chunks[partition] = chunk;
        cursor = chunk->records;
    }
    store_line(cursor, lane->lines + partition * LINE);
    cursor += LINE;
    lane->cursors[partition] = (uintptr_t)cursor % CHUNK_BYTES == 0 ? NULL : cursor;
    lane->counts[partition] += LINE;
    return true;
}

static inline bool put_one(jh_spread *spread, jh_spread_lane *lane, uint64_t print, uint32_t document)
{
    const uint32_t bits = spread->bits;
    const size_t partition = bits == 0 ? 0 : print >> (64 - bits);
    const uint32_t filled = lane->filled[partition];

    lane->lines[partition * LINE + filled] = print << bits >> spread->document_bits << spread->document_bits | document;
    if (filled + 1 < LINE) {
        lane->filled[partition] = (uint8_t)(filled + 1);
        return true;
    }
    lane->filled[partition] = 0;
    return put_line(spread, lane, partition);
}

bool jh_spread_put(jh_spread *spread, uint32_t worker, const uint64_t *prints, const uint64_t *wanted, size_t words,
                   uint32_t first)
{
    jh_spread_lane *lane = &spread->lanes[worker];
    bool done = true;

    for (size_t w = 0; done && w < words; w++)
        for (uint64_t left = wanted[w]; done && left != 0; left &= left - 1) {
            const uint32_t at = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(left);

            done = put_one(spread, lane, prints[at], first + at);
        }
#ifdef __SSE2__
    _mm_sfence(); /* other threads will read the lines */
#endif
    return done;
}

bool jh_spread_flush(jh_spread *spread, uint32_t worker)
{
    jh_spread_lane *lane = &spread->lanes[worker];

    for (size_t p = 0; p < (size_t)1 << spread->bits; p++) {
        const uint32_t filled = lane->filled[p];

        if (filled > 0 && !put_line(spread, lane, p)) /* whole, and counted as far as it goes */
            return false;
        lane->counts[p] -= filled > 0 ? LINE - filled : 0;
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
    for (uint32_t w = 0; w < spread->lane_count; w++) {
        const jh_spread_lane *lane = &spread->lanes[w];
        size_t left = lane->counts[partition];
        size_t some = left % CHUNK; /* of the newest chunk; the others are full */

        for (const struct chunk *chunk = lane->chunks[partition]; left > 0; chunk = chunk->next, some = 0) {
            const size_t here = some > 0 ? some : CHUNK;

            memcpy(records, chunk->records, here * sizeof *records);
            records += here;
            left -= here;
        }
    }
}
