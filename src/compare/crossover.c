/* crossover.c - who had which condition first. */
#include <string.h>
#include "base/base.h"
#include "compare/crossover.h"
#include "stats/crossover.h"

static int find_column(const myo_tsv *t) {
    static const char *const names[] = {"order", "sequence", "period"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const int col = t->n_cols > 0 ? myo_tsv_find(t, names[i]) : -1;
        if (col >= 0) {
            return col;
        }
    }
    return -1;
}

/* The first recording's cell. */
static const char *cell_of(const myo_comparison *c, int col, const myo_pooled *p) {
    return myo_tsv_cell(&c->results.recordings.table, p->measure[0].row, col);
}

enum { BY_LABEL = 2 };

/* 0: reference first, 1: second, by numbers; BY_LABEL + the label's; -1: not said. */
static int order_of(const char *ref, const char *con, myo_labels *labels, myo_err *e) {
    double a = 0.0, b = 0.0;
    int label = -1;
    if (!ref[0] || strcmp(ref, "n/a") == 0) {
        return -1;
    }
    if (strcmp(ref, con) == 0) {
        *e = myo_labels_add(labels, ref, &label);
        return BY_LABEL + label;
    }
    const bool numbers = myo_parse_f64(ref, strlen(ref), &a) && myo_parse_f64(con, strlen(con), &b);
    return numbers && a != b ? a > b : -1;
}

/* second[i] of each difference; why it cannot be told, or NULL. */
static const char *find_orders(const myo_comparison *c, int col, const myo_pairs *p, int *second,
                               myo_err *e) {
    myo_labels labels = {0};
    int least = BY_LABEL, n_labelled = 0;
    for (int i = 0; i < p->n && *e == MYO_OK; i++) {
        const int k = p->pair[i];
        const int order =
            order_of(cell_of(c, col, &p->ref[k]), cell_of(c, col, &p->con[k]), &labels, e);
        least = order < least ? order : least;
        n_labelled += order >= BY_LABEL;
        second[i] = order >= BY_LABEL ? order - BY_LABEL : order;
    }
    const int n_labels = labels.n;
    myo_labels_clear(&labels);
    return least < 0                             ? "order of the conditions not said for everybody"
           : n_labels > 2                        ? "more than two orders of the conditions"
           : n_labelled > 0 && n_labelled < p->n ? "order of the conditions told in two ways"
                                                 : NULL;
}

/* The period adds to one order what it takes from the other: turned round, its own effect is left
 * and the condition's cancels. */
static myo_err test_orders(const myo_pairs *pairs, const int *second, double level,
                           myo_crossed *out) {
    const size_t n = (size_t)pairs->n;
    double *turned = myo_alloc(n + 1, sizeof *turned);
    if (!turned) {
        return MYO_ERR_NOMEM;
    }
    for (size_t i = 0; i < n; i++) {
        out->n[second[i] != 0]++;
        turned[i] = second[i] ? -pairs->d[i] : pairs->d[i];
    }
    out->test = myo_hills_armitage(pairs->d, second, n, level);
    out->period = myo_hills_armitage(turned, second, n, level).p;
    myo_free(turned);
    return MYO_OK;
}

myo_err myo_compare_crossover(const myo_comparison *c, const myo_pairs *pairs, double level,
                              myo_crossed *out) {
    const int col = find_column(&c->results.recordings.table);
    *out = (myo_crossed){.made = col >= 0, .period = NAN};
    if (!out->made) {
        return MYO_OK;
    }
    int *second = myo_alloc((size_t)pairs->n + 1, sizeof *second);
    myo_err e = second ? MYO_OK : MYO_ERR_NOMEM;
    const char *why = second ? find_orders(c, col, pairs, second, &e) : NULL;
    if (e == MYO_OK && why) {
        out->test = myo_test_none(why);
    } else if (e == MYO_OK) {
        e = test_orders(pairs, second, level, out);
    }
    myo_free(second);
    return e;
}
