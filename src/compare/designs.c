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

/* What design parallel takes from recordings.tsv, and what it makes of the events. */
static const char parallel_help[] =
    "\nDesign parallel: groups are those of column group. A person counts once, recordings together;\n"
    "where most people have several conditions, the first one is a baseline and left out, or the one\n"
    "that --baseline names; the primary rate is compared with it, person by person, in a row below.\n"
    "  incidence   had an event: channel all by the signal; channel clinician by column incidence\n"
    "              (0, 1, no, yes) or else grade > 0, whatever became of the recording\n"
    "  grade       channel clinician: the worst of column grade; channel all, jerks, by the events:\n"
    "              0 none; 1 one or two, or more in one channel with a small area (below the first\n"
    "              quartile of all people with events); 2 two channels or 2 to 10 s in all;\n"
    "              3 three channels or over 10 s or a peak of 0.5 g (an expert's default)\n"
    "  onset_s     to the first event, from the first sample of the person's first recording, or from\n"
    "              the dose where minutes_from_dose puts it in every recording (0 or less)\n";

void myo_compare_list(FILE *f) {
    for (int i = 0; i < myo_n_designs; i++) {
        fprintf(f, "  %-12s %s\n", myo_designs[i].name, myo_designs[i].help);
    }
    fputs(parallel_help, f);
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

/* People whose recordings are all of one group. Where there are none, the groups are what each
 * person went through in turn, which is a matter of conditions. */
static bool some_in_one_group(const myo_comparison *c) {
    enum { NONE = -1, SEVERAL = -2 };
    const myo_study *s = &c->results.recordings;
    int *group = myo_alloc((size_t)c->participants.n + 1, sizeof *group);
    bool some = group == NULL; /* without memory the comparison ends soon, and says so */
    for (int p = 0; group && p < c->participants.n; p++) {
        group[p] = NONE;
    }
    for (size_t i = 0; group && i < s->n_rows; i++) {
        const int p = myo_labels_find(&c->participants, s->row[i].participant);
        const int g = s->row[i].group[0] ? myo_labels_find(&c->groups, s->row[i].group) : NONE;
        if (p >= 0 && g >= 0) {
            group[p] = group[p] == NONE || group[p] == g ? g : SEVERAL;
        }
    }
    for (int p = 0; group && p < c->participants.n; p++) {
        some = some || group[p] >= 0;
    }
    myo_free(group);
    return some;
}

const myo_design *myo_design_by_data(const myo_comparison *c) {
    if (c->groups.n >= 2 && some_in_one_group(c)) {
        return find("parallel");
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
