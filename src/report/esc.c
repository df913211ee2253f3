/* esc.c - text and numbers for the page. */
#include <math.h>
#include <string.h>
#include "report/esc.h"

enum { SHORT_TEXT = 255, WORST_GROWTH = 4, PLAIN_DIGITS = 6 }; /* a byte becomes \xNN at the worst */

static const char *reference_of(char c) {
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

static void put_references(myo_buf *b, const char *s, size_t n) {
    size_t from = 0;
    for (size_t i = 0; i < n; i++) {
        const char *ref = reference_of(s[i]);
        if (ref) {
            myo_buf_put(b, s + from, i - from);
            myo_buf_puts(b, ref);
            from = i + 1;
        }
    }
    myo_buf_put(b, s + from, n - from);
}

size_t myo_esc_char(const char *s) {
    size_t n = s[0] != '\0';
    while (n > 0 && ((unsigned char)s[n] & 0xC0) == 0x80) {
        n++;
    }
    return n;
}

/* Bytes of the first n characters. */
static size_t length_of(const char *s, size_t n) {
    size_t len = 0;
    for (size_t k; n > 0 && (k = myo_esc_char(s + len)) > 0; n--) {
        len += k;
    }
    return len;
}

void myo_esc_cut(myo_buf *b, const char *s, size_t n) {
    char small[WORST_GROWTH * SHORT_TEXT + 1];
    const size_t cap = s && strlen(s) > SHORT_TEXT ? WORST_GROWTH * strlen(s) + 1 : sizeof small;
    char *shown = cap > sizeof small ? myo_alloc(cap, 1) : small;
    if (!s || !shown) {
        b->failed = b->failed || !shown;
        return;
    }
    myo_printable(shown, cap, s);
    const size_t fits = length_of(shown, n);
    if (shown[fits] == '\0') {
        put_references(b, shown, fits);
    } else {
        put_references(b, shown, length_of(shown, n > 0 ? n - 1 : 0));
        myo_buf_puts(b, "\xE2\x80\xA6");
    }
    if (shown != small) {
        myo_free(shown);
    }
}

void myo_esc_text(myo_buf *b, const char *s) {
    myo_esc_cut(b, s, SIZE_MAX);
}

void myo_esc_number(char dst[32], double v, int digits) {
    const double a = fabs(v);
    int whole = 1; /* digits before the point */
    for (double ten = 10.0; whole < PLAIN_DIGITS && a >= ten - 0.5; ten *= 10.0) {
        whole++;
    }
    const bool plain = a < 1e6 - 0.5; /* then no figure before the point becomes an exponent */
    myo_format_g(dst, 32, v, plain && whole > digits ? whole : digits);
}

void myo_esc_g(myo_buf *b, double v, int digits) {
    char s[32];
    myo_esc_number(s, v, digits);
    myo_buf_puts(b, s);
}

void myo_esc_number_off(char dst[32], double v, int digits, double off) {
    const int most = digits + 6;
    double shown;
    do {
        myo_esc_number(dst, v, digits);
    } while (v != off && ++digits < most && myo_parse_f64(dst, strlen(dst), &shown) && shown == off);
}

void myo_esc_g_off(myo_buf *b, double v, int digits, double off) {
    char s[32];
    myo_esc_number_off(s, v, digits, off);
    myo_buf_puts(b, s);
}

void myo_esc_fixed(myo_buf *b, double v, int decimals) {
    char s[400]; /* the longest double has 309 digits before the point */
    myo_format_fixed(s, sizeof s, v, decimals);
    myo_buf_puts(b, s);
}

void myo_esc_i64(myo_buf *b, int64_t v) {
    myo_buf_printf(b, "%lld", (long long)v);
}

void myo_esc_p(myo_buf *b, double p) {
    if (p < 0.001) {
        myo_buf_puts(b, "&lt; 0.001");
    } else {
        myo_esc_g_off(b, p, 3, p < 0.5 ? 0.05 : 1.0);
    }
}

void myo_esc_span(myo_buf *b, double s) {
    const double minutes = 120.0, hours = 7200.0; /* from here on */
    if (!isfinite(s)) {
        myo_buf_puts(b, "n/a");
    } else if (s < minutes) {
        myo_esc_g(b, s, 3);
        myo_buf_puts(b, " s");
    } else {
        myo_esc_g(b, s < hours ? s / 60.0 : s / 3600.0, 3);
        myo_buf_puts(b, s < hours ? " min" : " h");
    }
}
