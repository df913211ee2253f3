/* oracle_case.h - cases with numbers from R (tests/oracle/exact.tsv) for the tests of src/stats. */
#ifndef MYO_TEST_ORACLE_CASE_H
#define MYO_TEST_ORACLE_CASE_H

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ORACLE_MAX = 2100 };

typedef struct oracle_case {
    double arg[2 * ORACLE_MAX], want[ORACLE_MAX];
    size_t n_arg, n_want;
    const char *call; /* the R call, for messages */
} oracle_case;

static inline size_t oracle_numbers(char *s, double *x, size_t max) {
    size_t n = 0;
    for (char *end = s; *s; s = end) {
        ck_assert_uint_lt(n, max);
        x[n++] = strtod(s, &end);
        end += *end == ' ';
    }
    return n;
}

static inline void oracle_is(const oracle_case *c, size_t i, double got, double rel) {
    ck_assert_msg(i < c->n_want, "%s: no number %zu", c->call, i);
    const double want = c->want[i];
    /* A p below 1e-300 may be 0: it has lost its digits in R too. */
    const int same =
        isnan(want) ? isnan(got) : got == want || fabs(got - want) <= rel * fabs(want) + 1e-300;
    ck_assert_msg(same, "%s: number %zu is %.17g, by R %.17g", c->call, i, got, want);
}

/* Visit the cases named `what`; returns how many there were. */
static inline int oracle_each(const char *what, void (*fn)(const oracle_case *c)) {
    static oracle_case c;
    FILE *f = fopen(MYO_SOURCE_DIR "/tests/oracle/exact.tsv", "r");
    ck_assert_ptr_nonnull(f);
    char *line = NULL;
    size_t cap = 0;
    int n = 0;
    while (getline(&line, &cap, f) > 0) {
        char *save = NULL, *cell[4];
        for (int i = 0; i < 4; i++) {
            cell[i] = strtok_r(i ? NULL : line, "\t\n", &save);
            ck_assert_ptr_nonnull(cell[i]);
        }
        if (strcmp(cell[0], what) == 0) {
            c.n_arg = oracle_numbers(cell[1], c.arg, 2 * ORACLE_MAX);
            c.n_want = oracle_numbers(cell[2], c.want, ORACLE_MAX);
            c.call = cell[3];
            fn(&c);
            n++;
        }
    }
    free(line);
    fclose(f);
    return n;
}

#endif
