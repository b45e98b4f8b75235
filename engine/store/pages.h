#ifndef JH_STORE_PAGES_H
#define JH_STORE_PAGES_H

#include "store/meta.h"

/* Walks every branch and leaf page of the newest commit: LMDB trusts page numbers, offsets and sizes it finds in the
 * file, and dies of a signal where they are damaged; a page both free and in use it would overwrite. Values are not
 * looked at; they have their own checksums. Reads the tree pages only, about one per 4 KiB of keys and small values. On
 * a file that others write, a read transaction must be open: it keeps the pages of this and later commits from being
 * used again. JIHE_CORRUPT names the page. */
jihe_status jh_pages_check(int fd, const char *path, const jh_meta *meta, jihe_error *err);

#endif
