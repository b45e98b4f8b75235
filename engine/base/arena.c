#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Under AddressSanitizer the free part of a block is poisoned and a gap is kept between pieces, so that an overrun
 * inside the arena is still reported. */
#if defined(__SANITIZE_ADDRESS__)
#define ARENA_POISONED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISONED 1
#endif
#endif

#ifdef ARENA_POISONED
#include <sanitizer/asan_interface.h>
enum { GAP = 16 };
static void close_bytes(void *bytes, size_t len)
{
    __asan_poison_memory_region(bytes, len);
}
static void open_bytes(void *bytes, size_t len)
{
    __asan_unpoison_memory_region(bytes, len);
}
#else
enum { GAP = 0 };
static void close_bytes(void *bytes, size_t len)
{
    (void)bytes;
    (void)len;
}
static void open_bytes(void *bytes, size_t len)
{
    (void)bytes;
    (void)len;
}
#endif

enum { ALIGN = 16, DEFAULT_BLOCK = 64 * 1024 };

struct jh_block {
    struct jh_block *next;
    size_t room; /* bytes in `bytes` */
    size_t used; /* a multiple of ALIGN */
    _Alignas(ALIGN) uint8_t bytes[];
};

void jh_arena_init(jh_arena *arena, size_t block_bytes)
{
    arena->head = NULL;
    arena->block_bytes = block_bytes;
}

static struct jh_block *add_block(jh_arena *arena, size_t need)
{
    const size_t usual = arena->block_bytes != 0 ? arena->block_bytes : DEFAULT_BLOCK;
    const size_t room = need > usual ? need : usual;
    struct jh_block *block;

    if (room > SIZE_MAX - sizeof *block)
        return NULL;
    block = calloc(1, sizeof *block + room);
    if (block == NULL)
        return NULL;
    block->room = room;
    close_bytes(block->bytes, room);
    /* A block made for one large piece goes behind the head, whose free room stays in use. */
    if (need > usual && arena->head != NULL) {
        block->next = arena->head->next;
        arena->head->next = block;
    } else {
        block->next = arena->head;
        arena->head = block;
    }
    return block;
}

void *jh_arena_get(jh_arena *arena, size_t count, size_t size)
{
    struct jh_block *block = arena->head;
    size_t bytes, taken;
    void *piece;

    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX - 2 * ALIGN - GAP)
        return NULL;
    bytes += bytes == 0; /* two empty pieces still have different addresses */
    taken = (bytes + GAP + ALIGN - 1) / ALIGN * ALIGN;
    if (block == NULL || block->room - block->used < taken)
        block = add_block(arena, taken);
    if (block == NULL)
        return NULL;
    piece = block->bytes + block->used;
    block->used += taken;
    open_bytes(piece, bytes);
    return piece;
}

char *jh_arena_text(jh_arena *arena, const char *bytes, size_t len)
{
    char *text = len == SIZE_MAX ? NULL : jh_arena_get(arena, len + 1, 1);

    if (text != NULL && len != 0)
        memcpy(text, bytes, len);
    return text;
}

void *jh_arena_list(jh_arena *arena, void *list, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return list;
    const size_t more = *room == 0 ? 64 : *room * 2;
    void *grown = jh_arena_get(arena, more, size);

    if (grown != NULL && count > 0)
        memcpy(grown, list, count * size);
    if (grown != NULL)
        *room = more;
    return grown;
}

void jh_arena_deinit(jh_arena *arena)
{
    struct jh_block *next;

    for (struct jh_block *block = arena->head; block != NULL; block = next) {
        next = block->next;
        open_bytes(block->bytes, block->room);
        free(block);
    }
    arena->head = NULL;
}

/* A block of this size comes from the heap and goes to its free list, not back to the system (glibc: from 128 KiB on).
 * volatile: or the compiler leaves the pair of calls out. */
bool jh_memory_reserve(void)
{
    void *volatile block = malloc(64 << 10);
    const bool found = block != NULL;

    free(block);
    return found;
}
