/* calibrate.c - the weights of the confidence (src/classify/calibration.def), fitted on training recordings.
 *
 * calibrate RECORDINGS.tsv WORK_DIR
 *
 * Makes and analyses the recordings with the evidence for each event, learns from the truth which verdicts are right, and
 * prints the file. Logistic regression: the likelihood of right and wrong, less half the squared distance of each weight
 * from what it would be if the rules' word held (margin 1, all others 0), so that what the recordings cannot tell stays
 * there. Exit status 1 if it could not be done. */
#include <math.h>
#include <string.h>
#include "accuracy.h"
#include "classify/trust.h"
#include "run/score_match.h"

enum { N = MYO_N_TRUST };

/* A verdict: its evidence, and whether it is right. */
typedef struct verdict {
    double x[N], on;
    char channel[MYO_LABEL_MAX];
    myo_class cls; /* the most probable, even if the event is indeterminate */
    int known;     /* the truth said something: 1 right, 0 wrong, -1 nothing */
} verdict;

typedef struct sample {
    verdict *v;
    size_t n, cap, first; /* first: of the recording at work */
} sample;

static int find_evidence(const char *name) {
    for (int i = 0; i < N; i++) {
        if (strcasecmp(name, myo_trust_rows[i].name) == 0) {
            return i;
        }
    }
    acc_stop(name, "no such evidence");
}

/* ---- what the analysis says ---- */

static verdict *add_verdict(sample *s) {
    void *v = s->v;
    if (myo_grow(&v, &s->cap, s->n + 1, sizeof *s->v) != MYO_OK) {
        acc_stop("verdicts", "no memory");
    }
    s->v = v;
    s->v[s->n] = (verdict){.known = -1};
    return &s->v[s->n++];
}

static double number(const myo_tsv *t, size_t row, const char *column) {
    const char *text = acc_cell(t, row, column);
    double v = NAN;
    if (!myo_parse_f64(text, strlen(text), &v)) {
        acc_stop(column, "not a number");
    }
    return v;
}

static void read_evidence(sample *s, const char *path) {
    myo_tsv t = {0};
    acc_read_table(&t, path);
    s->first = s->n;
    verdict *v = NULL;
    for (size_t i = 0; i < t.n_rows; i++) {
        if (strcmp(acc_cell(&t, i, "rule"), "confidence") != 0) {
            continue;
        }
        const int e = find_evidence(acc_cell(&t, i, "feature"));
        if (e == 0) {
            v = add_verdict(s);
            v->on = number(&t, i, "onset");
            v->cls = (myo_class)myo_class_from_name(acc_cell(&t, i, "class"));
            snprintf(v->channel, sizeof v->channel, "%s", acc_cell(&t, i, "channel"));
        }
        v->x[e] = number(&t, i, "value");
    }
    myo_tsv_clear(&t);
}

/* ---- what the truth says ---- */

static void on_pair(void *user, const char *channel, const myo_mark *t, const myo_mark *f) {
    sample *s = user;
    for (size_t i = s->first; f && i < s->n; i++) {
        verdict *v = &s->v[i];
        if (v->on == f->on && strcmp(v->channel, channel) == 0) {
            v->known = t && t->cls == v->cls;
        }
    }
}

static void add_recording(sample *s, const acc_recording *r) {
    char truth[ACC_PATH_MAX], out[ACC_PATH_MAX], path[2 * ACC_PATH_MAX];
    myo_score_result score = {.seen = on_pair, .user = s};
    myo_diag d = {0};
    acc_path(truth, r, "", "_truth.tsv");
    acc_path(out, r, "out-", "");
    snprintf(path, sizeof path, "%s/%s_explain.tsv", out, r->name);
    read_evidence(s, path);
    snprintf(path, sizeof path, "%s/%s_events.tsv", out, r->name);
    if (myo_score_add(&score, truth, path, &d) != MYO_OK) {
        acc_stop(r->name, d.message);
    }
    myo_score_clear(&score);
}

/* ---- the fit ---- */

typedef struct model {
    double w[N], prior[N];
    bool fixed[N];
} model;

/* Newton's step solved in place by elimination; the matrix is positive definite. */
static void solve(double a[N][N], double b[N]) {
    for (int i = 0; i < N; i++) {
        for (int k = i + 1; k < N; k++) {
            const double f = a[k][i] / a[i][i];
            for (int j = i; j < N; j++) {
                a[k][j] -= f * a[i][j];
            }
            b[k] -= f * b[i];
        }
    }
    for (int i = N - 1; i >= 0; i--) {
        for (int j = i + 1; j < N; j++) {
            b[i] -= a[i][j] * b[j];
        }
        b[i] /= a[i][i];
    }
}

static double probability(const model *m, const verdict *v) {
    double z = 0.0;
    for (int i = 0; i < N; i++) {
        z += m->w[i] * v->x[i];
    }
    return 1.0 / (1.0 + exp(-z));
}

static void step(model *m, const sample *s) {
    double h[N][N] = {{0.0}}, g[N] = {0.0};
    for (size_t k = 0; k < s->n; k++) {
        const verdict *v = &s->v[k];
        const double p = probability(m, v);
        for (int i = 0; v->known >= 0 && i < N; i++) {
            g[i] += (v->known - p) * v->x[i];
            for (int j = 0; j < N; j++) {
                h[i][j] += p * (1.0 - p) * v->x[i] * v->x[j];
            }
        }
    }
    for (int i = 0; i < N; i++) {
        g[i] += m->prior[i] - m->w[i];
        h[i][i] += 1.0;
    }
    for (int i = 0; i < N; i++) {
        for (int j = 0; m->fixed[i] && j < N; j++) {
            h[i][j] = h[j][i] = i == j;
        }
        g[i] = m->fixed[i] ? 0.0 : g[i];
    }
    solve(h, g);
    for (int i = 0; i < N; i++) {
        m->w[i] += g[i];
    }
}

static void hold(model *m, int i, double w) {
    m->w[i] = m->prior[i] = w;
    m->fixed[i] = true;
}

static void fit(const sample *s, myo_kind kind) {
    model m = {.w = {[MYO_TRUST_MARGIN] = 1.0}, .prior = {[MYO_TRUST_MARGIN] = 1.0}};
    if (kind == MYO_KIND_EMG) {
        /* Weak cramps, tetany and tremor that fall into pieces are rare in the recordings of synth. These were fitted on
         * the training recordings of two other simulators, and hold for both of them and for ours. */
        hold(&m, MYO_TRUST_FAINT, -0.48);
        hold(&m, MYO_TRUST_NEAR, -1.7);
        hold(&m, MYO_TRUST_AROUND, -22.0);
        hold(&m, MYO_TRUST_EPISODE, 0.0);
    } else {
        hold(&m, MYO_TRUST_FIT, 0.0); /* too few are wrong to tell */
        hold(&m, MYO_TRUST_FAINT, 0.0);
        hold(&m, MYO_TRUST_NEAR, 0.0);
        hold(&m, MYO_TRUST_AROUND, 0.0);
    }
    for (int i = 0; i < 50; i++) {
        step(&m, s);
    }
    for (int i = 0; i < N; i++) {
        if (m.w[i] != 0.0) {
            char text[64];
            myo_format_fixed(text, sizeof text, m.w[i], 2);
            printf("W(%s, %s, %s)\n", kind == MYO_KIND_EMG ? "EMG" : "ACC", myo_trust_rows[i].name, text);
        }
    }
}

static void one_kind(const acc_recording *list, size_t n, const char *table, myo_kind kind) {
    sample s = {0};
    for (size_t i = 0; i < n; i++) {
        if (strcmp(list[i].table, table) == 0) {
            add_recording(&s, &list[i]);
        }
    }
    fit(&s, kind);
    myo_free(s.v);
}

int main(int argc, char **argv) {
    if (argc != 3) {
        acc_stop("usage", "calibrate RECORDINGS.tsv WORK_DIR");
    }
    size_t n = 0;
    acc_recording *list = acc_read_list(argv[1], argv[2], &n);
    for (size_t i = 0; i < n; i++) {
        list[i].explain = true;
    }
    acc_make_all(list, n);
    puts("/* calibration.def - how far a verdict is to be believed: W(kind, evidence, weight), log-odds. Made by\n"
         " * scripts/calibrate.sh from the training recordings of tests/accuracy/training.tsv. */");
    one_kind(list, n, "emg", MYO_KIND_EMG);
    one_kind(list, n, "acc", MYO_KIND_ACC);
    myo_free(list);
    return 0;
}
