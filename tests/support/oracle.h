/* oracle.h - rows of tests/oracle/NAME.tsv: lists of numbers by column name. */
#ifndef MYO_TEST_ORACLE_H
#define MYO_TEST_ORACLE_H

#include <check.h>
#include <math.h>
#include "tsv.h"

enum { ORACLE_VALUES = 4096 };
typedef struct oracle_list {
    double v[ORACLE_VALUES]; /* n/a: NaN */
    size_t n;
} oracle_list;

static inline tsv *oracle_read(const char *name) {
    char path[512];
    snprintf(path, sizeof path, "%s/tests/oracle/%s.tsv", MYO_SOURCE_DIR, name);
    return tsv_read(path);
}

static inline void oracle_get(const tsv *t, int row, const char *name, oracle_list *out) {
    out->n = 0;
    for (const char *s = tsv_text(t, row, name); *s;) {
        char *end;
        ck_assert_uint_lt(out->n, ORACLE_VALUES);
        if (strncmp(s, "n/a", 3) == 0) {
            out->v[out->n++] = NAN;
            s += 3;
        } else {
            out->v[out->n++] = strtod(s, &end);
            ck_assert_msg(end > s, "no number in row %d, %s", row, name);
            s = end;
        }
        s += *s == ' ';
    }
}

/* Within 1e-6 of it, relative; n/a: NaN. */
static inline void oracle_close(double got, double want, const tsv *t, int row, const char *what) {
    if (isnan(want)) {
        ck_assert_msg(isnan(got), "row %d, %s, %s: got %.17g, want none", row, t->cell[row][0],
                      what, got);
        return;
    }
    ck_assert_msg(fabs(got - want) <= 1e-6 * fabs(want) + 1e-13,
                  "row %d, %s, %s: got %.17g, want %.17g", row, t->cell[row][0], what, got, want);
}

#endif
