/* text.h - numbers and text in and out: the same in every locale, safe to show. */
#ifndef MYOTAB_TEXT_H
#define MYOTAB_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reading: C locale always, whole field consumed, blanks around it ignored; *out untouched on
 * failure. */
bool myo_parse_f64(const char *s, size_t n,
                   double *out); /* decimal or scientific; no hex, no inf/nan */
bool myo_parse_i64(const char *s, size_t n, int64_t *out); /* decimal integer, sign allowed */
/* Prints with `digits` significant digits ("%.*g" in the C locale), "n/a" for NaN and infinities;
 * -0 as 0. */
int myo_format_g(char *dst, size_t cap, double v, int digits);
int myo_format_fixed(char *dst, size_t cap, double v, int decimals);

/* dst gets src with control characters, DEL, C1, bidi overrides as \xNN and invalid UTF-8 as
 * U+FFFD; always NUL-terminated, never cut inside a character. Returns dst. */
char *myo_printable(char *dst, size_t cap, const char *src);

#endif
