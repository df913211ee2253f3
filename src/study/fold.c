/* fold.c - the form in which texts that look alike are equal: decomposed (NFD), small letters. */
#include <string.h>
#include "study/fold.h"

enum {
    TEXT_MAX = 255,          /* bytes of a text that is folded */
    PARTS_MAX = 4 * TEXT_MAX /* one letter and three marks, at most */
};

typedef struct text {
    uint32_t c[PARTS_MAX];
    size_t n;
} text;

/* Hangul syllables are arithmetic (Unicode 15, 3.12): L, V and T parts from one number. */
enum {
    HANGUL = 0xAC00,
    HANGUL_L = 0x1100,
    HANGUL_V = 0x1161,
    HANGUL_T = 0x11A7,
    N_V = 21,
    N_T = 28,
    N_SYLLABLES = 11172
};

static void put_hangul(text *t, uint32_t c) {
    const uint32_t s = c - HANGUL, tail = s % N_T;
    t->c[t->n++] = HANGUL_L + s / (N_V * N_T);
    t->c[t->n++] = HANGUL_V + s % (N_V * N_T) / N_T;
    if (tail > 0) {
        t->c[t->n++] = HANGUL_T + tail;
    }
}

static const myo_fold_pair *find_pair(uint32_t c) {
    size_t lo = 0, hi = myo_n_fold_pairs;
    while (lo < hi) {
        const size_t mid = (lo + hi) / 2;
        if (myo_fold_pairs[mid].cp < c) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo < myo_n_fold_pairs && myo_fold_pairs[lo].cp == c ? &myo_fold_pairs[lo] : NULL;
}

static uint32_t small(uint32_t c) {
    for (size_t i = 0; i < myo_n_fold_cases && myo_fold_cases[i].first <= c; i++) {
        const myo_fold_case *r = &myo_fold_cases[i];
        if (c <= r->last && (c - r->first) % r->step == 0) {
            return (uint32_t)((int32_t)c + r->delta);
        }
    }
    return c;
}

/* The letter, then its marks from the innermost out; a pair's base may be a pair again. */
static void put_letter(text *t, uint32_t c) {
    uint32_t mark[4];
    size_t n_marks = 0;
    const myo_fold_pair *p;
    while (n_marks < 3 && (p = find_pair(c)) != NULL) {
        if (p->mark) {
            mark[n_marks++] = p->mark;
        }
        c = p->base;
    }
    t->c[t->n++] = small(c);
    while (n_marks > 0) {
        t->c[t->n++] = mark[--n_marks];
    }
}

static void put_char(text *t, uint32_t c) {
    if (c < 0x80) {
        t->c[t->n++] = c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
    } else if (c >= HANGUL && c < HANGUL + N_SYLLABLES) {
        put_hangul(t, c);
    } else {
        put_letter(t, c);
    }
}

/* Combining class: 0 for what is no mark, so that nothing passes it. */
static int order_of(uint32_t c) {
    for (size_t i = 0; i < myo_n_fold_marks && myo_fold_marks[i].first <= c; i++) {
        if (c <= myo_fold_marks[i].last) {
            return myo_fold_marks[i].order;
        }
    }
    return 0;
}

/* Canonical ordering: marks of different classes on one letter may come in any order. */
static void sort_marks(text *t) {
    for (size_t i = 1; i < t->n; i++) {
        const uint32_t c = t->c[i];
        const int order = order_of(c);
        size_t to = i;
        while (order > 0 && to > 0 && order_of(t->c[to - 1]) > order) {
            t->c[to] = t->c[to - 1];
            to--;
        }
        t->c[to] = c;
    }
}

/* The character at s, well-formed UTF-8; a byte that is not stands for itself. */
static size_t decode(const char *s, uint32_t *c) {
    const unsigned char *u = (const unsigned char *)s;
    const size_t n = u[0] < 0xC2 ? 1 : u[0] < 0xE0 ? 2 : u[0] < 0xF0 ? 3 : u[0] < 0xF5 ? 4 : 1;
    *c = n == 1 ? u[0] : u[0] & (0x7Fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((u[i] & 0xC0) != 0x80) {
            *c = u[0];
            return 1;
        }
        *c = *c << 6 | (u[i] & 0x3Fu);
    }
    return n;
}

/* UTF-8 without a limit on what it encodes: the form is only compared. */
static void encode(myo_buf *out, uint32_t c) {
    char s[4];
    const size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n; i-- > 1; c >>= 6) {
        s[i] = (char)(0x80 | (c & 0x3F));
    }
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    s[0] = (char)(lead[n] | c);
    myo_buf_put(out, s, n);
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

void myo_fold(myo_buf *out, const char *s) {
    text t = {.n = 0};
    size_t n = strlen(s);
    if (n > TEXT_MAX) {
        myo_buf_put(out, s, n + 1);
        return;
    }
    while (n > 0 && is_blank(s[n - 1])) {
        n--;
    }
    const char *end = s + n;
    while (s < end && is_blank(*s)) {
        s++;
    }
    while (s < end) {
        uint32_t c;
        s += decode(s, &c);
        put_char(&t, c);
    }
    sort_marks(&t);
    for (size_t i = 0; i < t.n; i++) {
        encode(out, t.c[i]);
    }
    myo_buf_put(out, "", 1);
}
