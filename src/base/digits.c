/* digits.c - decimal digits of a double where one exact scaling gives them for sure. */
#include <math.h>
#include <string.h>
#include "base/base.h"

/* A double times or over a power of ten up to 10^22, which is exact itself, is rounded once: the product is wrong by half of its
 * last bit at most. Where it is further than that from half-way between two whole numbers, they are the digits; the few others,
 * and numbers of more digits, are left to printf. */
enum { DIGITS_MAX = 15, SCALE_MAX = 22 };
static const double LARGEST = 1e15;
static const double POW10[SCALE_MAX + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                            1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* a 10^k, in [0, LARGEST], to the nearest whole number; false: too near half-way to tell. */
static bool scaled(double a, int k, uint64_t *whole)
{
    const double x = k < 0 ? a / POW10[-k] : a * POW10[k];
    const double down = (double)(uint64_t)x, beyond = x - down;
    *whole = (uint64_t)x + (beyond > 0.5);
    return fabs(beyond - 0.5) > x * 0x1p-52;
}

/* The last n digits of v, zeros in front. */
static char *put(char *dst, uint64_t v, int n)
{
    for (int i = n - 1; i >= 0; i--) {
        dst[i] = (char)('0' + v % 10);
        v /= 10;
    }
    return dst + n;
}

static char *zeros(char *dst, int n)
{
    for (int i = 0; i < n; i++) {
        *dst++ = '0';
    }
    return dst;
}

static int n_digits(uint64_t v)
{
    int n = 1;
    for (; v >= 10; n++) {
        v /= 10;
    }
    return n;
}

static int end(const char *from, char *to)
{
    *to = '\0';
    return (int)(to - from);
}

int myo_digits_i64(char *dst, int64_t v)
{
    char *p = dst;
    const uint64_t a = v < 0 ? -(uint64_t)v : (uint64_t)v;
    if (v < 0) {
        *p++ = '-';
    }
    return end(dst, put(p, a, n_digits(a)));
}

int myo_digits_fixed(char *dst, double v, int decimals)
{
    const double a = fabs(v);
    uint64_t r;
    if (decimals < 0 || decimals > DIGITS_MAX || !(a * POW10[decimals] < LARGEST) || !scaled(a, decimals, &r)) {
        return 0;
    }
    const int n = n_digits(r), before = n > decimals ? n - decimals : 1;
    const uint64_t unit = (uint64_t)POW10[decimals];
    char *p = dst;
    if (v < 0.0 && r > 0) {
        *p++ = '-';
    }
    p = put(p, r / unit, before);
    if (decimals > 0) {
        *p++ = '.';
        p = put(p, r % unit, decimals);
    }
    return end(dst, p);
}

/* The significant digits r, n of them, of a number whose first stands for 10^e. */
static char *scientific(char *p, uint64_t r, int n, int e)
{
    const uint64_t unit = (uint64_t)POW10[n - 1];
    p = put(p, r / unit, 1);
    if (n > 1) {
        *p++ = '.';
        p = put(p, r % unit, n - 1);
    }
    *p++ = 'e';
    *p++ = e < 0 ? '-' : '+';
    return put(p, (uint64_t)(e < 0 ? -e : e), 2);
}

static char *plain(char *p, uint64_t r, int n, int e)
{
    const int after = n - 1 - e; /* the point */
    if (e < 0) {
        p = zeros(p, 1);
        *p++ = '.';
        return put(zeros(p, -e - 1), r, n);
    }
    if (after <= 0) {
        return zeros(put(p, r, n), -after);
    }
    p = put(p, r / (uint64_t)POW10[after], e + 1);
    *p++ = '.';
    return put(p, r % (uint64_t)POW10[after], after);
}

/* Is it 0? A denormal number is not, though a processor told to flush them finds it equal to 0. */
static bool is_zero(double v)
{
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    return bits << 1 == 0;
}

/* 10^*e <= a < 10^(*e + 1) as far as a scaled to `digits` digits tells; false: too small or too large. */
static bool exponent_of(double a, int digits, int *e)
{
    int two;
    frexp(a, &two);
    *e = (two - 1) * 1233 / 4096 - (two < 1); /* log10(2) = 1233 / 4096; it may be one off */
    for (int turn = 0; turn < 3; turn++) {
        const int k = digits - 1 - *e;
        if (k < -SCALE_MAX || k > SCALE_MAX) {
            return false;
        }
        const double x = k < 0 ? a / POW10[-k] : a * POW10[k];
        if (x >= POW10[digits - 1] && x < POW10[digits]) {
            return true;
        }
        *e += x < POW10[digits - 1] ? -1 : 1;
    }
    return false;
}

int myo_digits_g(char *dst, double v, int digits)
{
    const double a = fabs(v);
    int e = 0;
    uint64_t r;
    char *p = dst;
    if (is_zero(v)) {
        return myo_digits_i64(dst, 0);
    }
    if (digits < 1 || digits > DIGITS_MAX || !exponent_of(a, digits, &e) || !scaled(a, digits - 1 - e, &r)) {
        return 0;
    }
    if (r == (uint64_t)POW10[digits]) {
        r /= 10;
        e++;
    }
    int n = digits;
    for (; n > 1 && r % 10 == 0; n--) {
        r /= 10;
    }
    if (v < 0.0) {
        *p++ = '-';
    }
    return end(dst, (e < -4 || e >= digits ? scientific : plain)(p, r, n, e));
}
