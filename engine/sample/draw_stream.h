#ifndef JH_SAMPLE_DRAW_STREAM_H
#define JH_SAMPLE_DRAW_STREAM_H

#include <stdint.h>

#include "base/error.h"
#include "rule/rulefile.h"

/* k(seed, stream) of DESIGN section 4: XXH3-64 of the bytes seed, 0x1F, stream name. */
uint64_t jh_stream_key(const char *seed, const char *stream);

/* The stream a rule draws from: its own id with `stream: own`, else "night". */
const char *jh_stream_name(const jh_rule *rule);

enum { JH_MAX_SEED = 256 }; /* bytes; longer seeds are refused where they enter */

#endif
