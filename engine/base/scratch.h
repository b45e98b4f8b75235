#ifndef JH_BASE_SCRATCH_H
#define JH_BASE_SCRATCH_H

#include <stdbool.h>
#include <stddef.h>

/* Zeroed memory for a table that grows with the input and is read at random places. Up to JH_SCRATCH_HEAP bytes it is
 * ordinary memory; a larger one is a file without a name, mapped: the kernel keeps it in the page cache as long as there
 * is room and can write it out when there is not, so that the process's own memory does not grow with the input. The
 * file's room is taken beforehand: a full disk is an error here and not a signal later. */
typedef struct jh_scratch {
    void *bytes;
    size_t len;
    bool mapped;
} jh_scratch;

enum { JH_SCRATCH_HEAP = 16 << 20 };

/* `directory` is where the file may be; NULL: ordinary memory whatever the size. False: no memory, or no room on the
 * disk; errno says which (ENOMEM, ENOSPC ...). */
bool jh_scratch_get(jh_scratch *scratch, size_t len, const char *directory);
void jh_scratch_free(jh_scratch *scratch); /* a zeroed one is fine */

#endif
