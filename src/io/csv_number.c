/* csv_number.c - the text reader's numbers, equal to strtod() to the bit. */
#include <float.h>
#include <math.h>
#include "io/csv.h"

#if LDBL_MANT_DIG == 64
/* Up to 19 digits are an exact 64-bit integer, 10^27 an exact extended number: one operation leaves
 * an error below half of the 64th bit. Rounding that again to 53 bits is right unless it lies on
 * the very boundary. */
static bool extended(uint64_t mant, int exp10, double *out) {
    static const long double pow10[] = {1e0L,  1e1L,  1e2L,  1e3L,  1e4L,  1e5L,  1e6L,
                                        1e7L,  1e8L,  1e9L,  1e10L, 1e11L, 1e12L, 1e13L,
                                        1e14L, 1e15L, 1e16L, 1e17L, 1e18L, 1e19L, 1e20L,
                                        1e21L, 1e22L, 1e23L, 1e24L, 1e25L, 1e26L, 1e27L};
    if (exp10 < -27 || exp10 > 27) {
        return false;
    }
    const long double m = (long double)mant;
    const long double v = exp10 < 0 ? m / pow10[-exp10] : m * pow10[exp10];
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits); /* the explicit 64-bit significand comes first */
    *out = (double)v;
    return (bits & 0x7FF) != 0x400;
}
#else
static bool extended(uint64_t mant, int exp10, double *out) {
    (void)mant;
    (void)exp10;
    (void)out;
    return false;
}
#endif

/* Exact: integer and power of ten are doubles without error (Clinger 1990). */
static bool exact(uint64_t mant, int exp10, double *out) {
    static const double pow10[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                   1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (mant > UINT64_C(1) << 53 || exp10 < -22 || exp10 > 22) {
        return mant != 0 && extended(mant, exp10, out);
    }
    *out = exp10 < 0 ? (double)mant / pow10[-exp10] : (double)mant * pow10[exp10];
    return true;
}

static inline bool digit(char c) {
    return (unsigned char)(c - '0') < 10;
}

/* The digits at s behind those of *mant, which overflows beyond 19; returns the byte behind them. */
static inline const char *digits(const char *s, uint64_t *mant) {
    for (uint64_t w = csv_eight(s); csv_no_digits(w) == 0; w = csv_eight(s)) {
        *mant = *mant * 100000000 + csv_value_of(w);
        s += 8;
    }
    for (; digit(*s); s++) {
        *mant = *mant * 10 + (unsigned)(*s - '0');
    }
    return s;
}

/* e[+-]digits at s; NULL if there are no digits or far too many. */
static const char *exponent(const char *s, int *exp10) {
    const bool minus = *++s == '-';
    s += minus || *s == '+';
    if (!digit(*s)) {
        return NULL;
    }
    int e = 0;
    for (; digit(*s); s++) {
        if (e > 9999) {
            return NULL;
        }
        e = e * 10 + (*s - '0');
    }
    *exp10 += minus ? -e : e;
    return s;
}

const char *csv_number(const char *s, char point, double *value, int *decimals) {
    const bool minus = *s == '-';
    s += minus | (*s == '+');
    uint64_t mant = 0;
    const char *end = digits(s, &mant);
    ptrdiff_t n = end - s;
    int exp10 = 0;
    if (*end == point) {
        const char *frac = end + 1;
        end = digits(frac, &mant);
        n += end - frac;
        exp10 = -(int)(end - frac);
    }
    if (n == 0 || n > 19) {
        return NULL;
    }
    if ((*end == 'e' || *end == 'E') && (end = exponent(end, &exp10)) == NULL) {
        return NULL;
    }
    double v;
    if (!exact(mant, exp10, &v)) {
        return NULL;
    }
    *value = minus ? -v : v;
    *decimals = -exp10;
    return end;
}

static bool is_infinite(csv_field f) {
    if (f.n > 0 && (f.s[0] == '-' || f.s[0] == '+')) {
        f.s++;
        f.n--;
    }
    return csv_is(f, "inf") || csv_is(f, "infinity") || csv_is(f, "1.#inf");
}

static bool is_missing(csv_field f) {
    static const char *const words[] = {
        "",  "nan", "-nan", "+nan", "na",      "n/a",     "#n/a",    "null",     "none",
        "-", "--",  "?",    ".",    "missing", "1.#qnan", "-1.#ind", "nan(ind)", "-nan(ind)"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (csv_is(f, words[i])) {
            return true;
        }
    }
    return false;
}

/* Digits, at most one point, exponent: what myo_parse_f64 refuses then is too large or too long. */
static bool looks_numeric(const char *s) {
    s += *s == '-' || *s == '+';
    const size_t whole = strspn(s, "0123456789");
    s += whole;
    size_t frac = 0;
    if (*s == '.') {
        frac = strspn(s + 1, "0123456789");
        s += frac + 1;
    }
    if (*s == 'e' || *s == 'E') {
        s += 1 + (s[1] == '-' || s[1] == '+');
        const size_t n = strspn(s, "0123456789");
        s += n > 0 ? n : 0;
        return n > 0 && whole + frac > 0 && *s == '\0';
    }
    return whole + frac > 0 && *s == '\0';
}

enum { NUMBER_TEXT = 512 }; /* characters of the longest number looked at */

csv_class csv_value(csv_field f, char point, double *value, int *decimals) {
    int dummy = 0;
    int *places = decimals != NULL ? decimals : &dummy;
    *value = NAN;
    *places = 0;
    char text[NUMBER_TEXT + CSV_PAD];
    if (f.n >= NUMBER_TEXT) {
        return CSV_TEXT;
    }
    for (size_t i = 0; i < f.n; i++) {
        text[i] = f.s[i] == point ? '.' : f.s[i] == '.' ? '\1' : f.s[i];
    }
    memset(text + f.n, 0, CSV_PAD);
    double v;
    if (csv_number(text, '.', &v, places) == text + f.n && f.n > 0) {
        *value = v;
        return CSV_NUMBER;
    }
    if (looks_numeric(text)) {
        const char *dot = strchr(text, '.');
        *places = dot != NULL ? (int)strspn(dot + 1, "0123456789") : 0;
        if (myo_parse_f64(text, f.n, &v)) {
            *value = v;
            return CSV_NUMBER;
        }
        return CSV_INFINITE;
    }
    return is_missing(f) ? CSV_MISSING : is_infinite(f) ? CSV_INFINITE : CSV_TEXT;
}
