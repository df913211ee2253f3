/* fig_trend.c - each session's outcome over what sessions are ordered by (dose, serum magnesium,
 * time), a line for each person. */
#include <math.h>
#include <string.h>
#include "report/axis.h"
#include "report/esc.h"
#include "report/figs.h"
#include "report/people.h"

enum { MAX_NAMED = 24 };
static const double WIDTH = 960.0, LEFT = 70.0, RIGHT = 760.0, TOP = 40.0, BOTTOM = 380.0;
static const double HEIGHT = 434.0, DOT = 4.5, NAME_H = 14.0;

typedef struct session {
    size_t rec;
    const char *who;
    double x, y;
} session;

typedef struct trend {
    const char *by; /* column of the manifest */
    myo_rep_outcome outcome;
    session *s; /* by person, then x */
    size_t n, n_left_out;
    myo_scale x, y;
} trend;

static int by_person_then_x(const void *a, const void *b) {
    const session *p = a, *q = b;
    const int order = strcmp(p->who, q->who);
    if (order != 0) {
        return order;
    }
    if (p->x != q->x) {
        return p->x < q->x ? -1 : 1;
    }
    return (p->rec > q->rec) - (p->rec < q->rec);
}

/* NaN where the manifest has no number. */
static double column_value(const myo_rep *r, size_t rec, int col) {
    double v = NAN;
    const myo_study *study = &r->results.recordings;
    const char *cell = myo_tsv_cell(&study->table, study->row[rec].index, col);
    return myo_parse_f64(cell, strlen(cell), &v) ? v : NAN;
}

static bool gather(const myo_rep *r, trend *f) {
    const int col = myo_tsv_find(&r->results.recordings.table, f->by);
    f->s = myo_alloc(r->n_recs + 1, sizeof *f->s);
    for (size_t i = 0; f->s && i < r->n_recs && col >= 0; i++) {
        const myo_rep_sum *sum = myo_rep_sum_of(r, i, f->outcome.channel, f->outcome.type);
        const session one = {i, r->rec[i].participant, column_value(r, i, col),
                             sum ? myo_value_of(sum, f->outcome.metric) : NAN};
        if (isfinite(one.x) && isfinite(one.y)) {
            f->s[f->n++] = one;
        } else {
            f->n_left_out++;
        }
    }
    if (f->s) {
        myo_sort_in_place(f->s, f->n, sizeof *f->s, by_person_then_x);
    }
    return f->s != NULL;
}

static void measure(trend *f) {
    myo_range x = {0}, y = {0};
    for (size_t i = 0; i < f->n; i++) {
        myo_range_meet(&x, f->s[i].x);
        myo_range_meet(&y, f->s[i].y);
    }
    const bool counts = strcmp(f->outcome.metric, "freq_hz_median") != 0;
    f->x = myo_scale_over(MYO_LINEAR, &x, LEFT, RIGHT);
    f->y = myo_scale_over(counts ? MYO_SQRT : MYO_LINEAR, &y, BOTTOM, TOP);
}

/* ---- drawing ---- */

static size_t last_of(const trend *f, size_t first) {
    size_t last = first;
    while (last + 1 < f->n && strcmp(f->s[last + 1].who, f->s[first].who) == 0) {
        last++;
    }
    return last;
}

static void draw_person(myo_buf *b, const trend *f, size_t first, size_t last) {
    myo_svg_path p;
    myo_svg_group(b, "same dot");
    myo_svg_tip(b, f->s[first].who);
    myo_svg_path_start(&p, b, "join");
    for (size_t i = first; i <= last; i++) {
        myo_svg_path_line(&p, myo_scale_at(&f->x, f->s[i].x), myo_scale_at(&f->y, f->s[i].y));
    }
    myo_svg_path_end(&p);
    for (size_t i = first; i <= last; i++) {
        myo_svg_mark(b, "", MYO_CIRCLE, myo_scale_at(&f->x, f->s[i].x),
                     myo_scale_at(&f->y, f->s[i].y), DOT);
    }
    myo_svg_group_end(b);
}

/* Names at the right, beside each person's last session. */
static void draw_names(myo_buf *b, const trend *f) {
    myo_label_at names[MAX_NAMED];
    size_t n = 0;
    for (size_t i = 0; i < f->n; i = last_of(f, i) + 1) {
        if (n == MAX_NAMED) {
            return;
        }
        names[n++] = (myo_label_at){f->s[i].who, myo_scale_at(&f->y, f->s[last_of(f, i)].y), 0.0};
    }
    myo_labels_spread(names, n, NAME_H, TOP, BOTTOM);
    for (size_t i = 0; i < n; i++) {
        myo_svg_fit(b, "s", MYO_LEFT, RIGHT + 24.0, names[i].y + 4.0, WIDTH - RIGHT - 24.0, 11.0,
                    names[i].text);
    }
}

static void draw_plot(myo_buf *b, const trend *f) {
    char name[160];
    myo_outcome_name(&f->outcome, f->y.kind == MYO_SQRT, name);
    myo_axis_y(b, &f->y, LEFT, RIGHT, name);
    myo_axis_x(b, &f->x, BOTTOM, BOTTOM, f->by);
    for (size_t i = 0; i < f->n; i = last_of(f, i) + 1) {
        draw_person(b, f, i, last_of(f, i));
    }
    draw_names(b, f);
}

static void caption(myo_page *p, const trend *f) {
    myo_page_caption(p);
    myo_buf_puts(
        &p->b,
        "Each dot is a recording, each line joins the recordings of one person in the order of ");
    myo_page_name(p, f->by);
    myo_buf_puts(&p->b, ".");
    if (f->n_left_out > 0) {
        myo_buf_printf(&p->b, " %zu recordings without a value are left out.", f->n_left_out);
    }
    myo_page_figure_end(p);
}

static bool has(myo_rep *r) {
    const myo_rep_cmp *c = myo_rep_primary(r);
    return r->is_study && c && strcmp(c->design, "trend") == 0 &&
           myo_tsv_find(&r->results.recordings.table, c->contrast) >= 0;
}

static void draw(const myo_rep *r, myo_page *p) {
    trend f = {.by = r->cmp[0].contrast, .outcome = myo_rep_outcome_of(r)};
    if (!gather(r, &f)) {
        p->b.failed = true;
        return;
    }
    if (f.n > 0) {
        measure(&f);
        myo_page_figure(p);
        myo_svg_begin(&p->b, &(myo_svg_head){
                                 WIDTH, HEIGHT, p->n_ids, "Sessions in their order",
                                 "The outcome of each recording over what the sessions are ordered "
                                 "by, a line for each person."});
        draw_plot(&p->b, &f);
        myo_svg_end(&p->b);
        caption(p, &f);
    }
    myo_free(f.s);
}

const myo_rep_figure myo_fig_trend = {"people", has, draw};
