/* sort.c - ascending order of plain numbers. */
#include <stdlib.h>
#include "base/base.h"

static int by_f64(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int by_f32(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

void myo_sort_f64(double *v, size_t n)
{
    qsort(v, n, sizeof *v, by_f64);
}

void myo_sort_f32(float *v, size_t n)
{
    qsort(v, n, sizeof *v, by_f32);
}

static void swap_items(char *a, char *b, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        const char t = a[i];
        a[i] = b[i];
        b[i] = t;
    }
}

/* Let item `at` sink to its place in the heap of the first n items, the greatest on top. */
static void sink(char *v, size_t at, size_t n, size_t size, int (*cmp)(const void *a, const void *b))
{
    for (size_t child = 2 * at + 1; child < n; child = 2 * at + 1) {
        if (child + 1 < n && cmp(v + child * size, v + (child + 1) * size) < 0) {
            child++;
        }
        if (cmp(v + at * size, v + child * size) >= 0) {
            return;
        }
        swap_items(v + at * size, v + child * size, size);
        at = child;
    }
}

void myo_sort_in_place(void *items, size_t n, size_t size, int (*cmp)(const void *a, const void *b))
{
    char *v = items;
    for (size_t i = n / 2; i-- > 0;) {
        sink(v, i, n, size, cmp);
    }
    for (size_t i = n; i-- > 1;) {
        swap_items(v, v + i * size, size);
        sink(v, 0, i, size, cmp);
    }
}

static void order_f64(double *a, double *b)
{
    const double x = *a, y = *b;
    *a = y < x ? y : x;
    *b = y < x ? x : y;
}

/* Hoare's selection about the median of three. Where it makes no headway, as rarely happens, sorting ends it. */
double myo_select_f64(double *v, size_t n, size_t k)
{
    size_t lo = 0, hi = n - 1;
    for (int tries = 64; lo < hi; tries--) {
        if (tries == 0) {
            myo_sort_in_place(v + lo, hi - lo + 1, sizeof *v, by_f64);
            break;
        }
        order_f64(&v[lo], &v[lo + (hi - lo) / 2]);
        order_f64(&v[lo], &v[hi]);
        order_f64(&v[lo + (hi - lo) / 2], &v[hi]);
        const double pivot = v[lo + (hi - lo) / 2];
        size_t i = lo, j = hi;
        for (;; i++, j--) {
            while (v[i] < pivot) {
                i++;
            }
            while (pivot < v[j]) {
                j--;
            }
            if (i >= j) {
                break;
            }
            order_f64(&v[i], &v[j]);
        }
        if (k <= j) {
            hi = j;
        } else {
            lo = j + 1;
        }
    }
    return v[k];
}
