/* fig_arms.c - each person's outcome in the arms of a parallel design: a dot a person, piled where
 * values are alike. */
#include <math.h>
#include <string.h>
#include "report/axis.h"
#include "report/esc.h"
#include "report/figs.h"
#include "report/people.h"

static const double WIDTH = 960.0, LEFT = 70.0, TOP = 40.0, BOTTOM = 380.0, HEIGHT = 436.0;
static const double ARMS_W = 640.0, NOTE_X = 720.0;
static const double DOT = 4.0, STEP = 9.0; /* radius, and the place a dot takes */

typedef struct arms {
    myo_people people;
    myo_rep_outcome outcome;
    myo_scale y;
    int side; /* being drawn */
} arms;

typedef struct dot {
    double y;
    const char *id;
    double value;
} dot;

static int by_height(const void *a, const void *b) {
    const dot *p = a, *q = b;
    if (p->y != q->y) {
        return p->y < q->y ? -1 : 1;
    }
    return strcmp(p->id, q->id);
}

static double arm_width(const arms *f) {
    return ARMS_W / f->people.n_sides;
}

static double arm_x(const arms *f, int side) {
    return LEFT + (side + 0.5) * arm_width(f);
}

/* Right, left, right ... of the middle, further out with every dot of the pile; what does not fit
 * stays at the rim. */
static double place(const arms *f, size_t k) {
    const double out = STEP * (double)((k + 1) / 2);
    return fmin(out, 0.4 * arm_width(f)) * (k % 2 ? 1.0 : -1.0);
}

static void draw_dots(myo_buf *b, const arms *f, dot *dots, size_t n) {
    myo_sort_in_place(dots, n, sizeof *dots, by_height);
    size_t pile = 0;
    double begin = 0.0;
    for (size_t i = 0; i < n; i++) {
        pile = i > 0 && dots[i].y - begin < STEP ? pile + 1 : 0;
        begin = pile == 0 ? dots[i].y : begin;
        char tip[320], v[32];
        myo_esc_number(v, dots[i].value, 4);
        snprintf(tip, sizeof tip, "%.255s: %s", dots[i].id, v);
        myo_svg_group(b, f->side == 0 ? "same dot" : "down dot");
        myo_svg_tip(b, tip);
        myo_svg_mark(b, "", MYO_CIRCLE, arm_x(f, f->side) + place(f, pile), dots[i].y, DOT);
        myo_svg_group_end(b);
    }
}

static void draw_arm(myo_buf *b, const arms *f, dot *dots) {
    char text[320], v[32];
    size_t n = 0;
    for (size_t i = 0; i < f->people.n; i++) {
        const myo_person *p = &f->people.person[i];
        if (isfinite(p->value[f->side])) {
            dots[n++] = (dot){myo_scale_at(&f->y, p->value[f->side]), p->id, p->value[f->side]};
        }
    }
    const double x = arm_x(f, f->side), median = f->people.median[f->side];
    draw_dots(b, f, dots, n);
    if (n > 0) {
        const double y = myo_scale_at(&f->y, median);
        myo_svg_line(b, "med", x - 0.2 * arm_width(f), y, x + 0.2 * arm_width(f), y);
    }
    snprintf(text, sizeof text, "%.255s (n = %zu)", f->people.side[f->side], n);
    myo_svg_fit(b, "b", MYO_MIDDLE, x, BOTTOM + 24.0, arm_width(f) - 8.0, 12.0, text);
    myo_esc_number(v, median, 3);
    snprintf(text, sizeof text, "median %s", v);
    myo_svg_text(b, "so", MYO_MIDDLE, x, BOTTOM + 42.0, text);
}

static void measure(arms *f) {
    myo_range range = {0};
    for (size_t i = 0; i < f->people.n; i++) {
        for (int s = 0; s < f->people.n_sides; s++) {
            myo_range_meet(&range, f->people.person[i].value[s]);
        }
    }
    const bool counts = strcmp(f->outcome.metric, "freq_hz_median") != 0;
    f->y = myo_scale_over(counts ? MYO_SQRT : MYO_LINEAR, &range, BOTTOM, TOP);
}

static void draw_plot(myo_buf *b, arms *f, dot *dots) {
    char name[160];
    myo_outcome_name(&f->outcome, f->y.kind == MYO_SQRT, name);
    myo_axis_y(b, &f->y, LEFT, NOTE_X - 20.0, name);
    for (f->side = 0; f->side < f->people.n_sides; f->side++) {
        draw_arm(b, f, dots);
    }
    myo_svg_line(b, "med", NOTE_X, TOP + 10.0, NOTE_X + 26.0, TOP + 10.0);
    myo_svg_text(b, "", MYO_LEFT, NOTE_X + 34.0, TOP + 14.0, "median of the arm");
}

static void draw_all(myo_page *p, arms *f, dot *dots) {
    measure(f);
    myo_page_figure(p);
    myo_svg_begin(&p->b,
                  &(myo_svg_head){WIDTH, HEIGHT, p->n_ids, "Each person in each arm",
                                  "One dot for each person, by arm, with the median of the arm."});
    draw_plot(&p->b, f, dots);
    myo_svg_end(&p->b);
    myo_page_caption(p);
    myo_buf_puts(&p->b, "Each dot is one person; recordings of one person are pooled. Dots at 0: "
                        "no event was seen.");
    myo_page_figure_end(p);
}

/* 1 if there is something to show, 0 if not, -1 without memory. */
static int pool(const myo_rep *r, arms *f) {
    f->outcome = myo_rep_outcome_of(r);
    if (!r->is_study) {
        return 0;
    }
    if (myo_people_pool(r, &f->outcome, &f->people) != MYO_OK) {
        return -1;
    }
    return f->people.by_group && f->people.n_sides > 1 && f->people.n > 0;
}

static bool has(myo_rep *r) {
    arms f = {.side = 0};
    const int found = pool(r, &f);
    r->page.b.failed = r->page.b.failed || found < 0;
    myo_people_clear(&f.people);
    return found == 1;
}

static void draw(const myo_rep *r, myo_page *p) {
    arms f = {.side = 0};
    const int found = pool(r, &f);
    dot *dots = myo_alloc(f.people.n + 1, sizeof *dots);
    if (found < 0 || !dots) {
        p->b.failed = true;
    } else {
        draw_all(p, &f, dots);
    }
    myo_free(dots);
    myo_people_clear(&f.people);
}

const myo_rep_figure myo_fig_arms = {"people", has, draw};
