/* family.c - p-values adjusted within the families of science.md 6.5. */
#include <stdlib.h>
#include <string.h>
#include "base/base.h"
#include "compare/compare.h"
#include "stats/adjust.h"

/* Which family a row is in. */
typedef struct member {
    int family;
    myo_role role;
    size_t row;
} member;

static int compare_members(const void *a, const void *b) {
    const member *x = a, *y = b;
    if (x->family != y->family || x->role != y->role) {
        const int order = (x->family > y->family) - (x->family < y->family);
        return order ? order : (x->role > y->role) - (x->role < y->role);
    }
    return (x->row > y->row) - (x->row < y->row);
}

/* One primary question needs no adjustment; the same question of several contrasts does. */
static const char *method_of(myo_role role, size_t n) {
    return role == MYO_EXPLORATORY ? "bh" : role == MYO_PRIMARY && n == 1 ? "primary" : "holm";
}

static myo_err adjust_family(myo_comparison *c, const member *m, size_t n, double *p) {
    const char *method = method_of(m->role, n);
    for (size_t i = 0; i < n; i++) {
        p[i] = c->row[m[i].row].p;
    }
    if (strcmp(method, "bh") == 0) {
        MYO_TRY(myo_adjust_bh(p, n, p));
    } else if (strcmp(method, "holm") == 0) {
        MYO_TRY(myo_adjust_holm(p, n, p));
    }
    for (size_t i = 0; i < n; i++) {
        c->row[m[i].row].p_adjusted = p[i];
        c->row[m[i].row].adjustment = method;
    }
    return MYO_OK;
}

static myo_err adjust_all(myo_comparison *c, member *m, double *p) {
    size_t n = 0, end;
    for (size_t i = 0; i < c->n_rows; i++) {
        c->row[i].adjustment = "none";
        if (c->row[i].role < MYO_SUPPORTING) {
            m[n++] = (member){c->row[i].family, c->row[i].role, i};
        }
    }
    qsort(m, n, sizeof *m, compare_members);
    for (size_t i = 0; i < n; i = end) {
        for (end = i + 1; end < n && m[end].family == m[i].family && m[end].role == m[i].role;
             end++) {
        }
        MYO_TRY(adjust_family(c, &m[i], end - i, p));
    }
    return MYO_OK;
}

myo_err myo_compare_adjust(myo_comparison *c) {
    member *m = myo_alloc(c->n_rows + 1, sizeof *m);
    double *p = myo_alloc(c->n_rows + 1, sizeof *p);
    const myo_err e = m && p ? adjust_all(c, m, p) : MYO_ERR_NOMEM;
    myo_free(m);
    myo_free(p);
    return e;
}
