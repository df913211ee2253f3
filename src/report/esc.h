/* esc.h - text and numbers for the page: nothing that comes from a file can become markup. */
#ifndef MYO_REPORT_ESC_H
#define MYO_REPORT_ESC_H

#include "base/base.h"

/* Control characters as the tables show them, then & < > " ' as references: safe in text and in
 * quoted attributes. NULL gives nothing. */
void myo_esc_text(myo_buf *b, const char *s);
/* The same, at most n characters of it; what was left out is told by an ellipsis. */
void myo_esc_cut(myo_buf *b, const char *s, size_t n);

/* Bytes of the (well-formed) UTF-8 character at s, at least 1; 0 at the end. */
size_t myo_esc_char(const char *s);

/* Numbers: significant digits or decimals; NaN as "n/a". */
/* Significant digits, but plain up to 6 figures: 1680, not 1.68e+03. */
void myo_esc_number(char dst[32], double v, int digits);
void myo_esc_g(myo_buf *b, double v, int digits);
/* As many more digits as it takes not to be rounded onto `off` (NaN: nothing), 1.0012 not onto 1. */
void myo_esc_number_off(char dst[32], double v, int digits, double off);
void myo_esc_g_off(myo_buf *b, double v, int digits, double off);
void myo_esc_fixed(myo_buf *b, double v, int decimals);
void myo_esc_i64(myo_buf *b, int64_t v);
/* A p value, never rounded onto 0.05 or 1: "0.034", "0.0502", "< 0.001", "n/a". */
void myo_esc_p(myo_buf *b, double p);
/* A span of time in the unit that suits it: "35 s", "12.5 min", "3.2 h". */
void myo_esc_span(myo_buf *b, double s);

#endif
