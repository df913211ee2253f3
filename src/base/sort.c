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
