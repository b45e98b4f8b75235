#ifndef JH_BASE_PARALLEL_H
#define JH_BASE_PARALLEL_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Runs task(context, worker, index) for index 0..count-1 on `threads` workers (1 runs in the caller). Each worker takes the
 * next index; a result must therefore not depend on which worker did what. After a failure no new index is started;
 * the error of the lowest failed index is returned. worker is 0..threads-1. */
typedef jihe_status (*jh_task)(void *context, uint32_t worker, uint64_t index, jihe_error *err);
jihe_status jh_parallel(uint32_t threads, uint64_t count, jh_task task, void *context, jihe_error *err);

#endif
