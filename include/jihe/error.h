#ifndef JIHE_ERROR_H
#define JIHE_ERROR_H

#include <stdint.h>

#include "jihe/export.h"

JIHE_BEGIN

/** Outcome of every call that can fail. From 64 on the values are the exit codes of the command (sysexits);
 *  all are assigned once and never reused. */
typedef enum jihe_status {
    JIHE_OK            = 0,
    JIHE_DIFFERS       = 1,  /**< ran well, the answer is no: a replay or a verification found a difference */
    JIHE_NOT_FOUND     = 2,  /**< expected absence; callers often branch on it */
    JIHE_NO_MEMORY     = 3,
    JIHE_USAGE         = 64, /**< the caller's arguments cannot be used */
    JIHE_DATA          = 65, /**< input was read and rejected; the store is unchanged */
    JIHE_NO_INPUT      = 66, /**< a named input is not there (yet) */
    JIHE_UNAVAILABLE   = 69, /**< a source database did not answer */
    JIHE_BUG           = 70, /**< a programmer's mistake, found at run time */
    JIHE_CANNOT_CREATE = 73, /**< an output cannot be made */
    JIHE_IO            = 74, /**< `os_errno` says why */
    JIHE_BUSY          = 75, /**< another process holds the lock; try again */
    JIHE_CORRUPT       = 76, /**< stored bytes fail a check; retrying will not help */
    JIHE_NOT_PERMITTED = 77,
    JIHE_CONFIG        = 78  /**< jihe.yaml or a rule file is wrong; `source`, `line` and `column` say where */
} jihe_status;

/** What went wrong, for a person. Owned by the caller, usually on the stack; NULL is accepted wherever a
 *  jihe_error pointer is. Read it only after a call returned something other than JIHE_OK. */
typedef struct jihe_error {
    jihe_status status;
    int32_t     os_errno;     /**< 0 unless the operating system refused something */
    uint32_t    line;         /**< 1-based line in `source`, 0 if none */
    uint32_t    column;       /**< 1-based column in code points, 0 if none */
    char        source[256];  /**< file the position is in, "" if none */
    char        message[768]; /**< UTF-8, terminated, outermost context first, no final full stop */
} jihe_error;

/** The process exit code for a status (sysexits; JIHE_NOT_FOUND is 66, JIHE_NO_MEMORY is 74). */
JIHE_API int jihe_exit_code(jihe_status status);

/** The whole message on one line: "file:line:column: message" or "message". Never NULL.
 *  @param buffer  receives the text, cut to `size` - 1 bytes and terminated
 *  @return buffer */
JIHE_API const char *jihe_error_text(const jihe_error *error, char *buffer, uint32_t size);

JIHE_END

#endif
