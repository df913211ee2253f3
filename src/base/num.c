/* num.c - numbers in and out, the same in every locale. */
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "base/base.h"

enum {
    NUMBER_MAX = 1024, /* characters of the longest number read; longer text is not a number */
    EXACT_POW10 = 22,  /* 10^22 is the largest power of ten that a double holds exactly */
    MAX_DIGITS = 19    /* any 19-digit integer fits in 64 bits */
};
#define EXACT_INT (UINT64_C(1) << 53) /* integers up to here are exact doubles */

static locale_t c_locale;
static pthread_once_t c_locale_once = PTHREAD_ONCE_INIT;

static void make_c_locale(void) {
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

static void trim(const char **s, size_t *n) {
    while (*n > 0 && (**s == ' ' || **s == '\t')) {
        (*s)++;
        (*n)--;
    }
    while (*n > 0 && ((*s)[*n - 1] == ' ' || (*s)[*n - 1] == '\t')) {
        (*n)--;
    }
}

/* A decimal number taken apart: (-1)^neg * mant * 10^exp10; exact is false if digits were left out.
 */
typedef struct decimal {
    uint64_t mant;
    int64_t exp10;
    bool neg, exact;
} decimal;

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Digits at s[i]; point tells whether they follow the decimal point. Returns the index after them.
 */
static size_t scan_digits(const char *s, size_t n, size_t i, bool point, int *used, decimal *v) {
    for (; i < n && is_digit(s[i]); i++) {
        const unsigned digit = (unsigned)(s[i] - '0');
        if (*used < MAX_DIGITS) {
            v->mant = v->mant * 10 + digit;
            *used += v->mant > 0; /* leading zeros cost nothing */
            v->exp10 -= point;
        } else {
            v->exact = v->exact && digit == 0;
            v->exp10 += !point;
        }
    }
    return i;
}

/* [eE][+-]digits at s[i], or nothing. Saturates far beyond what a double can hold; 0 if malformed.
 */
static size_t scan_exponent(const char *s, size_t n, size_t i, decimal *v) {
    if (i == n || (s[i] != 'e' && s[i] != 'E')) {
        return i;
    }
    i++;
    const bool neg = i < n && s[i] == '-';
    i += i < n && (s[i] == '-' || s[i] == '+');
    if (i == n || !is_digit(s[i])) {
        return 0;
    }
    int64_t e = 0;
    for (; i < n && is_digit(s[i]); i++) {
        e = e < 100000 ? e * 10 + (s[i] - '0') : e;
    }
    v->exp10 += neg ? -e : e;
    return i;
}

/* The grammar [+-] digits [. digits] [e[+-]digits], at least one digit, the whole of s. */
static bool scan_decimal(const char *s, size_t n, decimal *v) {
    *v = (decimal){.exact = true};
    size_t i = 0;
    int used = 0;
    if (n > 0 && (s[0] == '-' || s[0] == '+')) {
        v->neg = s[0] == '-';
        i = 1;
    }
    const size_t first = i;
    i = scan_digits(s, n, i, false, &used, v);
    size_t digits = i - first;
    if (i < n && s[i] == '.') {
        const size_t after = i + 1;
        i = scan_digits(s, n, after, true, &used, v);
        digits += i - after;
    }
    return digits > 0 && scan_exponent(s, n, i, v) == n;
}

/* Correct rounding for what the exact path cannot do. */
static bool slow_parse(const char *s, size_t n, double *out) {
    char text[NUMBER_MAX + 1];
    if (n > NUMBER_MAX) {
        return false;
    }
    memcpy(text, s, n);
    text[n] = '\0';
    pthread_once(&c_locale_once, make_c_locale);
    const double v = c_locale != (locale_t)0 ? strtod_l(text, NULL, c_locale) : strtod(text, NULL);
    if (!isfinite(v)) {
        return false;
    }
    *out = v;
    return true;
}

/* Integer and power of ten both exact in a double: one correctly rounded operation gives the
 * nearest double (Clinger 1990, "How to read floating point numbers accurately"). */
bool myo_parse_f64(const char *s, size_t n, double *out) {
    static const double pow10[EXACT_POW10 + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    decimal v;
    trim(&s, &n);
    if (!scan_decimal(s, n, &v)) {
        return false;
    }
    if (!v.exact || v.mant > EXACT_INT || v.exp10 < -EXACT_POW10 || v.exp10 > EXACT_POW10) {
        return slow_parse(s, n, out);
    }
    const double m = (double)v.mant;
    const double r = v.exp10 < 0 ? m / pow10[-v.exp10] : m * pow10[v.exp10];
    *out = v.neg ? -r : r;
    return true;
}

bool myo_parse_i64(const char *s, size_t n, int64_t *out) {
    trim(&s, &n);
    const bool neg = n > 0 && s[0] == '-';
    const size_t first = n > 0 && (s[0] == '-' || s[0] == '+');
    if (first == n) {
        return false;
    }
    int64_t v = 0; /* kept negative: the negative range is the wider one */
    for (size_t i = first; i < n; i++) {
        if (!is_digit(s[i]) || __builtin_mul_overflow(v, 10, &v) ||
            __builtin_sub_overflow(v, s[i] - '0', &v)) {
            return false;
        }
    }
    if (!neg && v == INT64_MIN) {
        return false;
    }
    *out = neg ? v : -v;
    return true;
}

/* snprintf(dst, cap, "%.*g" or "%.*f", digits, v) in the C locale. */
static int print_c(char *dst, size_t cap, bool fixed, int digits, double v) {
    pthread_once(&c_locale_once, make_c_locale);
    const locale_t before = c_locale != (locale_t)0 ? uselocale(c_locale) : (locale_t)0;
    const int n =
        fixed ? snprintf(dst, cap, "%.*f", digits, v) : snprintf(dst, cap, "%.*g", digits, v);
    if (before != (locale_t)0) {
        uselocale(before);
    }
    return n;
}

/* "-0", "-0.000": a sign without a value would make equal results look different. */
static bool is_negative_zero(const char *s) {
    return s[0] == '-' && strspn(s + 1, "0.") == strlen(s + 1);
}

static int format(char *dst, size_t cap, bool fixed, int digits, double v) {
    if (!isfinite(v)) {
        return snprintf(dst, cap, "n/a");
    }
    const int quick = cap < MYO_DIGITS_CAP ? 0
                      : fixed              ? myo_digits_fixed(dst, v, digits)
                                           : myo_digits_g(dst, v, digits);
    if (quick > 0) {
        return quick;
    }
    const int n = print_c(dst, cap, fixed, digits, v);
    if (v <= 0 && n >= 0 && (size_t)n < cap && is_negative_zero(dst)) {
        memmove(dst, dst + 1, (size_t)n);
        return n - 1;
    }
    return n;
}

int myo_format_g(char *dst, size_t cap, double v, int digits) {
    return format(dst, cap, false, digits, v);
}

int myo_format_fixed(char *dst, size_t cap, double v, int decimals) {
    return format(dst, cap, true, decimals, v);
}
