#ifndef JH_BASE_ARENA_H
#define JH_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

/* A bump allocator for things that die together: one parsed rule file, one bound run. Nothing from an arena is freed
 * by itself, and no handle returned to a public caller lives in one. Memory comes zeroed and 16-byte aligned. */
typedef struct jh_arena {
    struct jh_block *head;
    size_t           block_bytes;
} jh_arena;

void  jh_arena_init(jh_arena *arena, size_t block_bytes); /* 0 means 64 KiB; cannot fail */
void *jh_arena_get(jh_arena *arena, size_t count, size_t size); /* NULL: no memory, or count*size overflows */
char *jh_arena_text(jh_arena *arena, const char *bytes, size_t len); /* terminated copy; NULL: no memory */
void  jh_arena_deinit(jh_arena *arena); /* a zeroed arena is fine */

/* Room for one more item in a list that lives in the arena: `list` itself, or a copy twice as long (the old one is left
 * behind: all of them together are no longer than the last). NULL: no memory. `room` is 0 at first. */
void *jh_arena_list(jh_arena *arena, void *list, size_t count, size_t *room, size_t size);

/* For libraries that do not look at what malloc gives them: after this the next 64 KiB in small pieces are there, as long
 * as no other thread takes them. False: no memory. */
bool jh_memory_reserve(void);

#define JH_NEW(arena, T, n) ((T *)jh_arena_get((arena), (n), sizeof(T)))

#endif
