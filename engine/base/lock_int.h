#ifndef JH_BASE_LOCK_INT_H
#define JH_BASE_LOCK_INT_H

/* Shared by lock.c and outfile.c. */

/* Opens path for reading and writing, mode 0600 whatever the umask, and takes an OFD write lock on it, which goes with
 * the last copy of the descriptor and so with the process. Returns the descriptor, or -1 with *os_errno set: EAGAIN
 * when another holds the lock. The file's content is left alone. */
int jh_lock_open(const char *path, int *os_errno);

#endif
