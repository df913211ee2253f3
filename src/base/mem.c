/* mem.c - the only place that takes memory from the system; tests can make the n-th request fail.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include "base/base.h"

enum { ALIGNMENT = 64 }; /* bytes: a cache line, and the widest vector register */

static atomic_llong countdown; /* requests until the one that fails; <= 0 is off */

void myo_mem_fail_at(int64_t n) {
    atomic_store(&countdown, n);
}

static bool refused(void) {
    if (atomic_load_explicit(&countdown, memory_order_relaxed) <= 0) {
        return false;
    }
    return atomic_fetch_sub(&countdown, 1) == 1;
}

bool myo_mul_size(size_t a, size_t b, size_t *out) {
    return !__builtin_mul_overflow(a, b, out);
}

bool myo_mul_i64(int64_t a, int64_t b, int64_t *out) {
    return a >= 0 && b >= 0 && !__builtin_mul_overflow(a, b, out);
}

/* Total bytes, at least one so that an empty array is not mistaken for a failure. */
static bool total_bytes(size_t n, size_t size, size_t *total) {
    if (refused() || !myo_mul_size(n, size, total) || *total > PTRDIFF_MAX - ALIGNMENT) {
        return false;
    }
    *total += *total == 0;
    return true;
}

void *myo_alloc(size_t n, size_t size) {
    size_t total;
    return total_bytes(n, size, &total) ? calloc(1, total) : NULL;
}

void *myo_realloc(void *p, size_t n, size_t size) {
    size_t total;
    return total_bytes(n, size, &total) ? realloc(p, total) : NULL;
}

static void *aligned(size_t n, size_t size, bool zeroed) {
    size_t total;
    if (!total_bytes(n, size, &total)) {
        return NULL;
    }
    total = (total + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT; /* aligned_alloc wants whole units */
    void *p = aligned_alloc(ALIGNMENT, total);
    if (p != NULL && zeroed) {
        memset(p, 0, total);
    }
    return p;
}

void *myo_alloc_aligned(size_t n, size_t size) {
    return aligned(n, size, true);
}

void *myo_alloc_room(size_t n, size_t size) {
    return aligned(n, size, false);
}

void myo_free(void *p) {
    free(p);
}

char *myo_strdup(const char *s) {
    const size_t n = strlen(s) + 1;
    char *copy = myo_alloc(n, 1);
    if (copy != NULL) {
        memcpy(copy, s, n);
    }
    return copy;
}

myo_err myo_grow(void **p, size_t *cap, size_t need, size_t size) {
    if (need <= *cap) {
        return MYO_OK;
    }
    size_t wanted = *cap < 16 ? 16 : *cap;
    while (wanted < need) {
        if (!myo_mul_size(wanted, 2, &wanted)) {
            return MYO_ERR_NOMEM;
        }
    }
    void *bigger = myo_realloc(*p, wanted, size);
    if (bigger == NULL) {
        return MYO_ERR_NOMEM;
    }
    *p = bigger;
    *cap = wanted;
    return MYO_OK;
}
