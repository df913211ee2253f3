/* designs.c - the designs, and which one the data call for. */
#include <string.h>
#include "base/base.h"
#include "compare/designs.h"

const myo_design myo_designs[] = {
    {"rates", "one person, two conditions: rate ratio from the events of each", false,
     myo_design_rates},
    {"paired", "the same people under two conditions: signed ranks of their log ratios", false,
     myo_design_paired},
    {"parallel", "people in groups; a condition that most of them begin with is left out", false,
     myo_design_parallel},
    {"trend", "sessions against dose, serum magnesium or time: slopes of each person", false,
     myo_design_trend},
    {"forest", "several compared studies together (exploratory)", true, myo_design_forest},
};
const int myo_n_designs = sizeof myo_designs / sizeof myo_designs[0];

void myo_compare_list(FILE *f) {
    for (int i = 0; i < myo_n_designs; i++) {
        fprintf(f, "  %-12s %s\n", myo_designs[i].name, myo_designs[i].help);
    }
}

static const myo_design *find(const char *name) {
    for (int i = 0; i < myo_n_designs; i++) {
        if (strcmp(myo_designs[i].name, name) == 0) {
            return &myo_designs[i];
        }
    }
    return NULL;
}

/* People with usable recordings under two conditions or more. */
static int n_pairs(const myo_comparison *c) {
    int pairs = 0;
    for (int p = 0; p < c->participants.n; p++) {
        int conditions = 0;
        for (int k = 0; k < c->conditions.n; k++) {
            conditions += myo_compare_has(c, p, k);
        }
        pairs += conditions >= 2;
    }
    return pairs;
}

const myo_design *myo_design_by_data(const myo_comparison *c) {
    const myo_design *parallel = find("parallel");
    if (c->groups.n >= 2 && parallel) {
        return parallel;
    }
    return find(n_pairs(c) >= 2 ? "paired" : "rates");
}

static myo_err no_design(const char *name, myo_diag *d) {
    myo_buf b = {0};
    for (int i = 0; i < myo_n_designs; i++) {
        myo_buf_printf(&b, "%s%s", i ? ", " : "", myo_designs[i].name);
    }
    const myo_err e =
        b.failed ? MYO_ERR_NOMEM
                 : myo_fail(d, MYO_ERR_USAGE, "--design: no such design (found %.80s, allowed %s)",
                            name, b.s);
    myo_buf_clear(&b);
    return e;
}

myo_err myo_design_named(const char *name, const myo_design **out, myo_diag *d) {
    *out = find(name);
    return *out ? MYO_OK : no_design(name, d);
}
