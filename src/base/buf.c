/* buf.c - growing text, and text made safe to show. */
#include <stdarg.h>
#include <string.h>
#include "base/base.h"

/* Room for n more bytes and the NUL; on failure the buffer is marked and stays as it was. */
static bool make_room(myo_buf *b, size_t n) {
    if (b->failed || n > PTRDIFF_MAX - b->n - 1) {
        b->failed = true;
        return false;
    }
    void *p = b->s;
    b->failed = myo_grow(&p, &b->cap, b->n + n + 1, 1) != MYO_OK;
    b->s = p;
    return !b->failed;
}

void myo_buf_put(myo_buf *b, const char *s, size_t n) {
    if (!make_room(b, n)) {
        return;
    }
    if (n > 0) {
        memcpy(b->s + b->n, s, n);
    }
    b->n += n;
    b->s[b->n] = '\0';
}

void myo_buf_puts(myo_buf *b, const char *s) {
    myo_buf_put(b, s, strlen(s));
}

void myo_buf_printf(myo_buf *b, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    va_list again;
    va_copy(again, ap);
    const int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n >= 0 && make_room(b, (size_t)n)) {
        vsnprintf(b->s + b->n, (size_t)n + 1, fmt, again);
        b->n += (size_t)n;
    }
    va_end(again);
}

void myo_buf_clear(myo_buf *b) {
    myo_free(b->s);
    memset(b, 0, sizeof *b);
}

size_t myo_utf8_length(const char *text, size_t n) {
    const unsigned char *s = (const unsigned char *)text, c = s[0];
    const size_t len = c < 0x80 ? 1 : c < 0xC2 ? 0 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : c < 0xF5 ? 4 : 0;
    const unsigned char low = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80;
    const unsigned char high = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;
    if (len > n || (len > 1 && (s[1] < low || s[1] > high))) {
        return 0;
    }
    for (size_t k = 2; k < len; k++) {
        if ((s[k] & 0xC0) != 0x80) {
            return 0;
        }
    }
    return len;
}

/* Length of the well-formed character at s, which a NUL ends, and its code point; 0 if malformed. */
static size_t decode(const unsigned char *s, uint32_t *cp) {
    const size_t n = myo_utf8_length((const char *)s, 4); /* no byte behind the NUL is looked at */
    *cp = n > 1 ? s[0] & (0x7Fu >> n) : s[0];
    for (size_t i = 1; i < n; i++) {
        *cp = *cp << 6 | (s[i] & 0x3Fu);
    }
    return n;
}

/* Characters that steer a terminal or reorder what is shown instead of showing something. */
static bool is_unsafe(uint32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) /* C0, DEL, C1 */
           || c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

/* What stands for the n source bytes at s (n = 0: malformed byte); at most 4 x 4 bytes. */
static size_t safe_form(char out[17], const unsigned char *s, size_t n, uint32_t cp) {
    if (n == 0) {
        memcpy(out, "\xEF\xBF\xBD", 3); /* U+FFFD */
        return 3;
    }
    if (!is_unsafe(cp)) {
        memcpy(out, s, n);
        return n;
    }
    if (cp < 0x100) {
        return (size_t)snprintf(out, 17, "\\x%02X", (unsigned)cp);
    }
    for (size_t i = 0; i < n; i++) {
        snprintf(out + 4 * i, 5, "\\x%02X", s[i]);
    }
    return 4 * n;
}

char *myo_printable(char *dst, size_t cap, const char *src) {
    const unsigned char *s = (const unsigned char *)src;
    size_t used = 0;
    while (*s != '\0') {
        uint32_t cp = 0;
        char form[17];
        const size_t n = decode(s, &cp);
        const size_t len = safe_form(form, s, n, cp);
        if (used + len >= cap) {
            break;
        }
        memcpy(dst + used, form, len);
        used += len;
        s += n == 0 ? 1 : n;
    }
    if (cap > 0) {
        dst[used] = '\0';
    }
    return dst;
}
