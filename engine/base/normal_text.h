#ifndef JH_BASE_NORMAL_TEXT_H
#define JH_BASE_NORMAL_TEXT_H

#include <stddef.h>

/* Numbers that people write in several ways, made one: "ＩＮＶ－００１２", "inv 0012" and "INV-12" all become "inv12".
 * In this order, character by character, by tables of this file (no locale, no version of Unicode):
 *
 * 1. full-width forms U+FF01..FF5E become the ASCII characters they show;
 * 2. A..Z become a..z;
 * 3. left out are: ASCII that is neither letter nor digit; of U+0080..00BF all but ª º µ, raised digits and fractions;
 *    punctuation and spaces of U+2000..206F, U+2E00..2E7F, U+3000..303F (but 々〆〇 and the numerals), the minus sign
 *    U+2212, lines U+2500..257F, the middle dot U+30FB, compatibility punctuation U+FE10..FE1F, U+FE30..FE6F, U+FEFF,
 *    U+FF5F..FF65, and the signs U+FFE0..FFEF;
 * 4. of each run of digits in what is left, the zeros in front are left out, but for the last digit: "000" becomes "0".
 *
 * `out` needs `len` bytes (no result is longer) and is not terminated. Returns the length: 0 when nothing is left, "---".
 * Any bytes are taken; those that are not UTF-8 stay as they are. */
size_t jh_normal_text(const char *text, size_t len, char *out);

#endif
