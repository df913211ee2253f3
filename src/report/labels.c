/* labels.c - names beside marks, without overlap. */
#include <math.h>
#include <string.h>
#include "report/axis.h"

static int by_want(const void *a, const void *b) {
    const myo_label_at *p = a, *q = b;
    if (p->want != q->want) {
        return p->want < q->want ? -1 : 1;
    }
    return strcmp(p->text, q->text);
}

/* A run of labels that touch: their mean place, once the distances within the run are taken off. */
typedef struct run {
    double mean;
    size_t first, n;
} run;

/* Pool adjacent violators: runs whose order would be wrong become one. */
static size_t pool(const myo_label_at *l, size_t n, double apart, run *runs) {
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        runs[count++] = (run){l[i].want - apart * (double)i, i, 1};
        while (count > 1 && runs[count - 2].mean > runs[count - 1].mean) {
            run *a = &runs[count - 2];
            const run *b = &runs[count - 1];
            const double sum = a->mean * (double)a->n + b->mean * (double)b->n;
            a->n += b->n;
            a->mean = sum / (double)a->n;
            count--;
        }
    }
    return count;
}

void myo_labels_spread(myo_label_at *l, size_t n, double apart, double top, double bottom) {
    run runs[MYO_LABELS_MAX];
    myo_sort_in_place(l, n, sizeof *l, by_want);
    const size_t count = pool(l, n, apart, runs);
    const double last = bottom - apart * (double)(n > 0 ? n - 1 : 0);
    for (size_t k = 0; k < count; k++) {
        /* with the distances off, all labels lie between top and last */
        const double at = fmax(top, fmin(runs[k].mean, fmax(last, top)));
        for (size_t i = runs[k].first; i < runs[k].first + runs[k].n; i++) {
            l[i].y = at + apart * (double)i;
        }
    }
}
