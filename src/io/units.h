/* units.h - units of measurement as files spell them. */
#ifndef MYO_IO_UNITS_H
#define MYO_IO_UNITS_H

#include <stdbool.h>
#include <stddef.h>

typedef enum myo_dim {
    MYO_DIM_NONE,   /* nothing said, or a text that no table row knows */
    MYO_DIM_COUNTS, /* said to be converter counts or arbitrary units */
    MYO_DIM_VOLT,   /* canonical: uV */
    MYO_DIM_ACCEL,  /* canonical: g (9.80665 m/s^2) */
    MYO_DIM_TIME,   /* canonical: s */
    MYO_DIM_OTHER   /* a known unit of something else: N, deg/s, uS ... */
} myo_dim;

/* What `text` measures; *scale gets the factor to the canonical unit (1 where there is none).
 * Blanks around and one pair of brackets are ignored; the micro sign is taken as u, U+00B5, U+03BC
 * or the Latin-1 byte. */
myo_dim myo_unit_find(const char *text, double *scale);

/* What the header of a time column states: s in its unit, 0 if it is none that we know. Only there "min" is no
 * minimum. */
double myo_time_unit(const char *text);
bool myo_is_tick(const char *text);    /* samples, ticks, frames: a count of something */
bool myo_is_no_time(const char *text); /* that, or a unit of something else; false for a word nobody knows */

/* "uV", "g", "s" or "au". */
const char *myo_unit_canonical(myo_dim dim);

/* dst gets text as printable UTF-8 in which the Latin-1 bytes of micro, degree, squared are mended.
 */
char *myo_unit_show(char *dst, size_t cap, const char *text);

#endif
