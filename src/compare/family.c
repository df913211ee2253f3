/* family.c - p-values adjusted within the families of science.md 6.5. */
#include <string.h>
#include "base/base.h"
#include "compare/compare.h"
#include "stats/adjust.h"

/* Rows of one role and family. */
typedef struct members {
    double *p;
    size_t *row;
    size_t n;
} members;

static void gather(const myo_comparison *c, myo_role role, int family, members *m) {
    m->n = 0;
    for (size_t i = 0; i < c->n_rows; i++) {
        if (c->row[i].role == role && c->row[i].family == family) {
            m->p[m->n] = c->row[i].p;
            m->row[m->n++] = i;
        }
    }
}

/* One primary question needs no adjustment; the same question of several contrasts does. */
static const char *method_of(myo_role role, size_t n) {
    return role == MYO_EXPLORATORY ? "bh" : role == MYO_PRIMARY && n == 1 ? "primary" : "holm";
}

static myo_err adjust_role(myo_comparison *c, myo_role role, int family, members *m) {
    gather(c, role, family, m);
    const char *method = method_of(role, m->n);
    if (strcmp(method, "bh") == 0) {
        MYO_TRY(myo_adjust_bh(m->p, m->n, m->p));
    } else if (strcmp(method, "holm") == 0) {
        MYO_TRY(myo_adjust_holm(m->p, m->n, m->p));
    }
    for (size_t i = 0; i < m->n; i++) {
        c->row[m->row[i]].p_adjusted = m->p[i];
        c->row[m->row[i]].adjustment = method;
    }
    return MYO_OK;
}

myo_err myo_compare_adjust(myo_comparison *c) {
    members m = {myo_alloc(c->n_rows + 1, sizeof *m.p), myo_alloc(c->n_rows + 1, sizeof *m.row), 0};
    int families = 0;
    for (size_t i = 0; i < c->n_rows; i++) {
        families = c->row[i].family >= families ? c->row[i].family + 1 : families;
        c->row[i].adjustment = "none";
    }
    myo_err e = m.p && m.row ? MYO_OK : MYO_ERR_NOMEM;
    for (int f = 0; f < families && e == MYO_OK; f++) {
        for (int role = 0; role < MYO_SUPPORTING && e == MYO_OK; role++) {
            e = adjust_role(c, (myo_role)role, f, &m);
        }
    }
    myo_free(m.p);
    myo_free(m.row);
    return e;
}
