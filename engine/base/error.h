#ifndef JH_BASE_ERROR_H
#define JH_BASE_ERROR_H

#include "jihe/error.h"

/* Each fills *err (NULL accepted) and returns `status`, so that a failing line reads
 * `return jh_fail(err, JIHE_DATA, "...")`. One failure, one message, made at the place that knows. */

__attribute__((format(printf, 3, 4))) jihe_status jh_fail(jihe_error *err, jihe_status status, const char *fmt, ...);

/* With a position: `source` is a file as the user wrote it; line and column are 1-based, 0 for unknown. */
__attribute__((format(printf, 6, 7))) jihe_status jh_fail_at(jihe_error *err, jihe_status status, const char *source,
                                                            uint32_t line, uint32_t column, const char *fmt, ...);

/* An operating-system refusal: appends ": " and strerror(os_errno), keeps the number. Pass errno as saved on the line
 * after the call that set it. ENOSPC, EDQUOT and EFBIG say that the disk (quota, limit) is full. */
__attribute__((format(printf, 4, 5))) jihe_status jh_fail_os(jihe_error *err, jihe_status status, int os_errno,
                                                             const char *fmt, ...);

/* Puts "fmt: " in front of the message already in *err; keeps status and position. */
__attribute__((format(printf, 3, 4))) jihe_status jh_wrap(jihe_error *err, jihe_status status, const char *fmt, ...);

#endif
