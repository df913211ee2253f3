/* rtable.h - cases with named columns (tests/oracle/model_*.tsv, made by make_model.R). */
#ifndef RTABLE_H
#define RTABLE_H

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RT_COLUMNS = 24, RT_VALUES = 5000 };

typedef struct rt_row {
    char *head, *line; /* taken apart in place */
    const char *name[RT_COLUMNS], *cell[RT_COLUMNS];
    int n_columns, number; /* row, from 1 */
} rt_row;

static inline int rt_split(char *line, const char **cell) {
    int n = 0;
    char *save = NULL;
    for (char *s = strtok_r(line, "\t\n", &save); s; s = strtok_r(NULL, "\t\n", &save)) {
        ck_assert_int_lt(n, RT_COLUMNS);
        cell[n++] = s;
    }
    return n;
}

static inline const char *rt_text(const rt_row *r, const char *column) {
    for (int i = 0; i < r->n_columns; i++) {
        if (strcmp(r->name[i], column) == 0) {
            return r->cell[i];
        }
    }
    ck_abort_msg("no column %s", column);
    return NULL;
}

/* Numbers of a cell, with a space between; n/a is NaN. Returns how many. */
static inline size_t rt_list(const rt_row *r, const char *column, double *x) {
    size_t n = 0;
    for (const char *s = rt_text(r, column); *s; s += strcspn(s, " "), s += *s == ' ') {
        ck_assert_uint_lt(n, RT_VALUES);
        x[n++] = strncmp(s, "n/a", 3) == 0 ? NAN : strtod(s, NULL);
    }
    return n;
}

static inline double rt_number(const rt_row *r, const char *column) {
    static double x[RT_VALUES];
    ck_assert_uint_eq(rt_list(r, column, x), 1);
    return x[0];
}

/* `got` is what the column says, to rel; both may be missing. */
static inline void rt_is(const rt_row *r, const char *column, double got, double rel) {
    const double want = rt_number(r, column);
    const int same = isnan(want) ? isnan(got) : got == want || fabs(got - want) <= rel * fabs(want);
    ck_assert_msg(same, "case %d (%s), %s: got %.17g, want %.17g", r->number, r->cell[0], column,
                  got, want);
}

/* Visit every row of tests/oracle/`name`; returns how many there were. */
static inline int rt_each(const char *name, void (*fn)(const rt_row *r)) {
    char path[512];
    snprintf(path, sizeof path, "%s/tests/oracle/%s", MYO_SOURCE_DIR, name);
    FILE *f = fopen(path, "r");
    ck_assert_ptr_nonnull(f);
    rt_row r = {0};
    size_t cap_head = 0, cap_line = 0;
    ck_assert_int_gt(getline(&r.head, &cap_head, f), 0);
    const int n = rt_split(r.head, r.name);
    while (getline(&r.line, &cap_line, f) > 0) {
        r.number++;
        r.n_columns = rt_split(r.line, r.cell);
        ck_assert_int_eq(r.n_columns, n);
        fn(&r);
    }
    free(r.head);
    free(r.line);
    fclose(f);
    return r.number;
}

/* A test that could not be made: every number missing, and a reason given. */
#define RT_NONE(t)                                                                                 \
    do {                                                                                           \
        ck_assert_ptr_nonnull((t).why);                                                            \
        ck_assert(isnan((t).estimate) && isnan((t).low) && isnan((t).high));                       \
        ck_assert(isnan((t).p) && isnan((t).statistic));                                           \
    } while (0)

#endif
