#ifndef JH_BASE_NUM_H
#define JH_BASE_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

__extension__ typedef __int128          jh_i128;
__extension__ typedef unsigned __int128 jh_u128;

/* An exact decimal as people write it: value = digits / 10^scale. */
typedef struct jh_decimal {
    jh_i128  digits;
    uint32_t scale; /* digits after the point, trailing zeros removed; 0..18 */
} jh_decimal;

/* Whole text or nothing; ASCII digits only; locale plays no part. False: not of that form, or too large.
 * Sign '-' only in front, no '+'. */
bool jh_num_i64(const char *text, size_t len, int64_t *out);
bool jh_num_u64(const char *text, size_t len, uint64_t *out);
/* "12", "-0.05", "3.50": no exponent, digits on both sides of a point, at most 18 on each (more: false). */
bool jh_num_decimal(const char *text, size_t len, jh_decimal *out);

/* A rate as parts per million from "10%", "0.5%", "0.1" or "1": exact, or false (finer than a millionth; negative).
 * The upper bound is the caller's business. */
bool jh_num_rate(const char *text, size_t len, uint32_t *ppm);

/* floor and ceiling of decimal * 10^scale as int64. False: does not fit. Equal when the value is a whole number of units. */
bool jh_num_scale_floor(jh_decimal value, uint32_t scale, int64_t *out);
bool jh_num_scale_ceil(jh_decimal value, uint32_t scale, int64_t *out);

/* Decimal text of a 128-bit integer, terminated; returns its length. `out` needs 41 bytes. */
size_t jh_num_i128_text(jh_i128 value, char out[41]);
bool   jh_num_i128(const char *text, size_t len, jh_i128 *out);

#endif
