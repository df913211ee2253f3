/* fig_effect.c - effects with their intervals, the primary outcome first: ratios on a log axis,
 * each kind of difference on an axis of its own, and a line where nothing has changed. */
#include <math.h>
#include <string.h>
#include "report/axis.h"
#include "report/esc.h"
#include "report/figs.h"

enum {
    MAX_ROWS = 72,  /* in all */
    MAX_LEAD = 60,  /* primary rows: one a person in design rates */
    MAX_OTHER = 16, /* of any other role */
    MAX_PANELS = 6
};
static const double WIDTH = 960.0, LABEL_W = 300.0, PLOT_L = 322.0, PLOT_R = 660.0, TEXT_X = 682.0;
static const double ROW_H = 24.0, HEAD_H = 22.0, FOOT_H = 62.0;
/* An axis does not follow limits beyond these ratios: one wide interval would press all others
 * flat. */
static const double FAR_LEAD = 1000.0, FAR_OTHER = 20.0;

typedef struct panel {
    const myo_rep_cmp *row[MAX_ROWS];
    myo_rep_role head[MAX_ROWS]; /* the heading it stands under */
    int n;
    bool ratio;
    double top, height;
} panel;

typedef struct forest {
    panel panel[MAX_PANELS];
    int n_panels, n_rows, n_left_out;
    int of_role[MYO_REP_N_ROLE];
    bool many;    /* contrasts: each row names its own */
    bool adjusted; /* p of the primary outcome, for several contrasts */
    bool studies; /* put together: each row names its own */
} forest;

/* ---- which rows ---- */

static bool same_axis(const myo_rep_cmp *a, const myo_rep_cmp *b) {
    const bool ratio = myo_effect_is_ratio(a->effect_name);
    if (ratio != myo_effect_is_ratio(b->effect_name) ||
        myo_effect_is_per_unit(a->effect_name) != myo_effect_is_per_unit(b->effect_name)) {
        return false;
    }
    return ratio ||
           (strcmp(a->effect_name, b->effect_name) == 0 && strcmp(a->metric, b->metric) == 0);
}

static bool has_estimate(const myo_rep_cmp *c) {
    return isfinite(c->effect) || isfinite(c->low) || isfinite(c->high);
}

static bool has_interval(const myo_rep_cmp *c) {
    return isfinite(c->low) || isfinite(c->high);
}

/* Studies put together differ in where they looked, and in what they call their groups. */
static bool is_of_studies(const myo_rep_cmp *c) {
    return strcmp(c->design, "forest") == 0;
}

static bool same_outcome(const myo_rep_cmp *a, const myo_rep_cmp *b) {
    return strcmp(a->type, b->type) == 0 && strcmp(a->metric, b->metric) == 0 &&
           (is_of_studies(a) || strcmp(a->channel, b->channel) == 0);
}

static bool same_contrast(const myo_rep_cmp *a, const myo_rep_cmp *b) {
    return is_of_studies(a) ||
           (strcmp(a->reference, b->reference) == 0 && strcmp(a->contrast, b->contrast) == 0 &&
            strcmp(a->participant, b->participant) == 0);
}

/* What was planned is shown in any case, as "no estimate" is an answer too; of the rest what has an
 * interval, in the primary outcome's channel, and a value of no effect. Where several people have a
 * row each (design rates), theirs are enough. */
static bool is_wanted(const myo_rep *r, const myo_rep_cmp *c) {
    const myo_rep_cmp *lead = &r->cmp[0];
    const bool people = lead->participant[0] != '\0' && r->n_cmps > 1 &&
                        r->cmp[1].role == MYO_REP_PRIMARY;
    if (c->role == MYO_REP_PRIMARY) {
        return c->effect_name[0] != '\0';
    }
    if (people || isnan(myo_effect_none(c->effect_name))) {
        return false;
    }
    return c->role == MYO_REP_CONFIRMATORY ||
           (has_interval(c) && (is_of_studies(lead) || strcmp(c->channel, lead->channel) == 0));
}

static panel *panel_for(forest *f, const myo_rep_cmp *c) {
    for (int i = 0; i < f->n_panels; i++) {
        if (same_axis(f->panel[i].row[0], c)) {
            return &f->panel[i];
        }
    }
    if (f->n_panels == MAX_PANELS) {
        return NULL;
    }
    panel *p = &f->panel[f->n_panels++];
    p->ratio = myo_effect_is_ratio(c->effect_name);
    return p;
}

static void add_row(const myo_rep *r, forest *f, const myo_rep_cmp *c, myo_rep_role head) {
    const int most = c->role == MYO_REP_PRIMARY ? MAX_LEAD : MAX_OTHER;
    if (!is_wanted(r, c)) {
        return;
    }
    panel *p = f->n_rows < MAX_ROWS && f->of_role[c->role] < most ? panel_for(f, c) : NULL;
    if (!p) {
        f->n_left_out++;
        return;
    }
    f->many = f->many || strcmp(c->reference, r->cmp[0].reference) != 0 ||
              strcmp(c->contrast, r->cmp[0].contrast) != 0;
    p->head[p->n] = head;
    p->row[p->n++] = c;
    f->of_role[c->role]++;
    f->n_rows++;
}

/* The same outcome by other methods; those of outcomes that are not drawn are in the table only. */
static void add_supporting(const myo_rep *r, forest *f, const myo_rep_cmp *of, myo_rep_role head) {
    for (size_t i = 0; i < r->n_cmps; i++) {
        const myo_rep_cmp *c = &r->cmp[i];
        if (c->role == MYO_REP_SUPPORTING && same_outcome(of, c) && same_contrast(of, c)) {
            add_row(r, f, c, head);
        }
    }
}

/* Primary rows together, what supports them under a heading of its own; of other outcomes, each is
 * followed by what supports it. */
static void choose(const myo_rep *r, forest *f) {
    for (int role = 0; role < MYO_REP_N_ROLE; role++) {
        for (size_t i = 0; i < r->n_cmps; i++) {
            const myo_rep_cmp *c = &r->cmp[i];
            if (role == MYO_REP_SUPPORTING && c->role == MYO_REP_PRIMARY) {
                add_supporting(r, f, c, MYO_REP_SUPPORTING);
            } else if (role != MYO_REP_SUPPORTING && (int)c->role == role) {
                add_row(r, f, c, c->role);
            }
            if (role == MYO_REP_CONFIRMATORY && c->role == MYO_REP_CONFIRMATORY) {
                add_supporting(r, f, c, MYO_REP_CONFIRMATORY);
            }
        }
    }
}

static void lay_out(forest *f, double *height) {
    double y = 4.0;
    for (int i = 0; i < f->n_panels; i++) {
        panel *p = &f->panel[i];
        int heads = 0;
        for (int k = 0; k < p->n; k++) {
            heads += k == 0 || p->head[k] != p->head[k - 1];
        }
        p->top = y;
        p->height = HEAD_H + heads * HEAD_H + p->n * ROW_H + FOOT_H;
        y += p->height + 10.0;
    }
    *height = y;
}

/* ---- drawing ---- */

static void meet_row(myo_range *range, const myo_rep_cmp *c, bool ratio) {
    const double far = c->role == MYO_REP_PRIMARY ? FAR_LEAD : FAR_OTHER;
    const double v[] = {c->effect, c->low, c->high};
    for (int k = 0; k < 3; k++) {
        if (!ratio) {
            myo_range_meet(range, v[k]);
        } else if (v[k] > 0.0) {
            myo_range_meet(range, fmin(fmax(v[k], 1.0 / far), far));
        }
    }
}

static myo_scale scale_of(const panel *p) {
    myo_range range = {0};
    myo_range_meet(&range, myo_effect_none(p->row[0]->effect_name)); /* NaN: passed over */
    for (int i = 0; i < p->n; i++) {
        meet_row(&range, p->row[i], p->ratio);
    }
    return myo_scale_over(p->ratio ? MYO_LOG : MYO_LINEAR, &range, PLOT_L, PLOT_R);
}

/* An end of the interval: a whisker's end, or an arrow where it lies outside the axis or nowhere.
 */
static void draw_end(myo_buf *b, const myo_scale *s, double v, int side, double y) {
    const double edge = side < 0 ? s->a : s->b;
    if (!isfinite(v) || myo_scale_off(s, v) == side) {
        myo_svg_arrow(b, "ar", edge + side * 6.0, y, side);
        return;
    }
    const double x = myo_scale_at(s, v);
    myo_svg_line(b, "wh", x, y - 4.0, x, y + 4.0);
}

static void draw_interval(myo_buf *b, const myo_scale *s, const myo_rep_cmp *c, double y) {
    if (has_interval(c)) {
        const double a = isfinite(c->low) ? myo_scale_at(s, c->low) : s->a;
        const double z = isfinite(c->high) ? myo_scale_at(s, c->high) : s->b;
        myo_svg_line(b, "wh", a, y, z, y);
        draw_end(b, s, c->low, -1, y);
        draw_end(b, s, c->high, 1, y);
    }
    const int off = myo_scale_off(s, c->effect); /* a ratio of 0 has no place on a log axis */
    if (off != 0) {
        myo_svg_arrow(b, "ar", off < 0 ? s->a - 6.0 : s->b + 6.0, y, off);
    } else if (isfinite(c->effect)) {
        const bool lead = c->role == MYO_REP_PRIMARY;
        const myo_shape shape = lead ? MYO_DIAMOND : MYO_SQUARE;
        myo_svg_mark(b, "pt", shape, myo_scale_at(s, c->effect), y, lead ? 6.5 : 4.0);
    }
}

/* A hazard that rises is a time that falls: the row must not be read as the time. */
static const char *what_of(const myo_rep_cmp *c) {
    return strcmp(c->effect_name, "hazard_ratio") == 0 ? "hazard of onset"
                                                       : myo_metric_word(c->metric);
}

/* On two smaller lines where one has no room. */
static void put_wrapped(myo_buf *b, double x, double y, myo_buf *t) {
    const double room = LABEL_W - x;
    size_t cut = 0;
    if (t->s && myo_svg_text_width(t->s, 12.0) > room) {
        for (size_t i = 0; i < t->n; i++) {
            if (t->s[i] == ' ') {
                t->s[i] = '\0';
                cut = myo_svg_text_width(t->s, 11.0) <= room ? i : cut;
                t->s[i] = ' ';
            }
        }
    }
    if (cut > 0) {
        t->s[cut] = '\0';
        myo_svg_text(b, "s", MYO_LEFT, x, y - 2.0, t->s);
        myo_svg_fit(b, "s", MYO_LEFT, x, y + 9.0, room, 11.0, t->s + cut + 1);
        b->failed = b->failed || t->failed;
        myo_buf_clear(t);
    } else {
        myo_svg_fit_buf(b, "", MYO_LEFT, x, y + 4.0, room, 12.0, t);
    }
}

/* The row above it in its panel that it supports, or another that supports the same one. */
static bool follows_own(const panel *p, int i) {
    const myo_rep_cmp *c = p->row[i];
    return i > 0 && same_outcome(p->row[i - 1], c) && same_contrast(p->row[i - 1], c);
}

/* A study and its groups; of all together, the method. */
static void put_study(myo_buf *b, const myo_rep_cmp *c, double y) {
    myo_buf t = {0};
    if (c->study[0]) {
        myo_buf_printf(&t, "%s: %s vs %s", c->study, c->contrast, c->reference);
    } else if (c->role == MYO_REP_PRIMARY) {
        myo_buf_printf(&t, "all together \xC2\xB7 %s \xC2\xB7 %s", c->type, what_of(c));
    } else {
        myo_buf_printf(&t, "all together: %s", c->test);
    }
    put_wrapped(b, 14.0, y, &t);
}

/* What a row is about; where the row above says that already, the method alone. */
static void put_label(myo_buf *b, const forest *f, const panel *p, int i, double y) {
    myo_buf t = {0};
    const myo_rep_cmp *c = p->row[i];
    const bool supporting = c->role == MYO_REP_SUPPORTING;
    const bool indent = supporting && follows_own(p, i);
    if (c->participant[0] && !indent) {
        myo_buf_printf(&t, "%s \xC2\xB7 ", c->participant);
    }
    if (f->many && !indent && c->contrast[0]) {
        myo_buf_printf(&t, "%s vs %s: ", c->contrast, c->reference);
    }
    if (!indent) {
        myo_buf_printf(&t, "%s \xC2\xB7 %s", c->type, what_of(c));
        if (strcmp(c->channel, "all") != 0) {
            myo_buf_printf(&t, " \xC2\xB7 %s", c->channel);
        }
        myo_buf_puts(&t, supporting ? ": " : "");
    }
    if (supporting) {
        const bool in = strcmp(c->indeterminate, "included") == 0;
        myo_buf_puts(&t, in ? "indeterminate events counted in" : c->test);
    }
    put_wrapped(b, indent ? 28.0 : 14.0, y, &t);
}

/* "0.51 (0.38 to 0.68)" */
static void put_numbers(myo_buf *b, const myo_rep_cmp *c, double y) {
    char v[3][32];
    myo_buf t = {0};
    if (!has_estimate(c)) {
        myo_buf_puts(&t, c->warning[0] ? "no estimate: see the table" : "no estimate");
    } else {
        const double none = myo_effect_none(c->effect_name);
        myo_esc_number_off(v[0], c->effect, 3, none);
        myo_esc_number_off(v[1], c->low, 3, none);
        myo_esc_number_off(v[2], c->high, 3, none);
        myo_buf_puts(&t, v[0]);
        if (has_interval(c)) {
            myo_buf_printf(&t, " (%s to %s)", v[1], v[2]);
        } else {
            myo_buf_puts(&t, ", no interval");
        }
    }
    if (isfinite(c->level) && fabs(c->level - 0.95) > 0.0005) {
        myo_format_g(v[0], sizeof v[0], 100.0 * c->level, 3);
        myo_buf_printf(&t, " [%s %%]", v[0]);
    }
    myo_svg_fit_buf(b, "", MYO_LEFT, TEXT_X, y + 4.0, WIDTH - TEXT_X, 12.0, &t);
}

static void draw_row(myo_buf *b, const myo_scale *s, const forest *f, const panel *p, int i,
                     double y) {
    const myo_rep_cmp *c = p->row[i];
    static const char *const classes[MYO_REP_N_ROLE] = {"lead", "", "", "expl"};
    myo_svg_group(b, classes[c->role]);
    if (f->studies) {
        put_study(b, c, y);
    } else {
        put_label(b, f, p, i, y);
    }
    draw_interval(b, s, c, y);
    put_numbers(b, c, y);
    myo_svg_group_end(b);
}

static void role_heading(myo_buf *b, const forest *f, myo_rep_role role, double y) {
    static const char *const heads[MYO_REP_N_ROLE] = {"Primary outcome", "Same outcome, other method",
                                                      "Other outcomes, confirmatory",
                                                      "Exploratory: ideas, not findings"};
    const bool studies = f->studies && role == MYO_REP_SUPPORTING;
    myo_svg_text(b, "s so", MYO_LEFT, 0.0, y + 4.0,
                 studies ? "The studies, and other methods" : heads[role]);
}

/* What lies on either side of no effect: less or more of the outcome, or a fall or rise with what
 * sessions are ordered by. */
static void put_sides(myo_buf *b, const forest *f, const myo_rep_cmp *c, double x, double y) {
    const bool slope = myo_effect_is_per_unit(c->effect_name);
    myo_buf left = {0}, right = {0};
    if (!c->contrast[0] || isnan(x)) {
        return;
    }
    if (f->many && !slope) {
        myo_svg_text(b, "s so", MYO_RIGHT, x - 8.0, y, "\xE2\x86\x90 less than in the reference");
        myo_svg_text(b, "s so", MYO_LEFT, x + 8.0, y, "more than in the reference \xE2\x86\x92");
        return;
    }
    myo_buf_printf(&left, slope ? "\xE2\x86\x90 falls with %s" : "\xE2\x86\x90 less in %s",
                   c->contrast);
    myo_buf_printf(&right, slope ? "rises with %s \xE2\x86\x92" : "more in %s \xE2\x86\x92",
                   c->contrast);
    myo_svg_fit_buf(b, "s so", MYO_RIGHT, x - 8.0, y, x - 8.0, 11.0, &left);
    myo_svg_fit_buf(b, "s so", MYO_LEFT, x + 8.0, y, WIDTH - x - 8.0, 11.0, &right);
}

static const char *axis_name(const panel *p, char dst[160]) {
    char word[64];
    const myo_rep_cmp *c = p->row[0];
    if (p->ratio) {
        snprintf(dst, 160, "ratio%s (log axis); dashed line: no change",
                 myo_effect_is_per_unit(c->effect_name) ? " per unit" : "");
    } else {
        const char *unit = myo_metric_unit(c->metric);
        snprintf(dst, 160, "%s%s%.40s; dashed line: no change",
                 myo_effect_word(c->effect_name, word), unit[0] ? ", " : "", unit);
    }
    return dst;
}

static void draw_panel(myo_buf *b, const forest *f, const panel *p) {
    char name[160];
    const myo_scale s = scale_of(p);
    const double base = p->top + p->height - FOOT_H,
                 x = myo_scale_at(&s, myo_effect_none(p->row[0]->effect_name));
    const double head = p->top + HEAD_H;
    myo_svg_text(b, "s so", MYO_LEFT, TEXT_X, p->top + 14.0,
                 "estimate (95 % interval unless told)");
    myo_axis_x(b, &s, base, head, axis_name(p, name));
    if (isfinite(x)) {
        myo_svg_line(b, "nul", x, base, x, head);
    }
    put_sides(b, f, p->row[0], x, base + 52.0);
    double y = head;
    for (int i = 0; i < p->n; i++) {
        if (i == 0 || p->head[i] != p->head[i - 1]) {
            role_heading(b, f, p->head[i], y + HEAD_H / 2.0);
            y += HEAD_H;
        }
        draw_row(b, &s, f, p, i, y + ROW_H / 2.0);
        y += ROW_H;
    }
}

static bool has(myo_rep *r) {
    return r->n_cmps > 0 && r->cmp[0].role != MYO_REP_EXPLORATORY;
}

static void caption(myo_page *p, const forest *f) {
    myo_page_caption(p);
    myo_buf_puts(
        &p->b,
        "Effects with their intervals. An interval that crosses the dashed line holds \"no "
        "change\" among the values the data are compatible with. Arrows: the interval goes on "
        "beyond the axis, or has no end. Exploratory rows are grey and not corrected into "
        "claims.");
    if (f->adjusted) {
        myo_buf_puts(&p->b, " The intervals are each row's own; p values in the table below are "
                            "also adjusted for the other contrasts.");
    }
    if (f->n_left_out > 0) {
        myo_buf_printf(&p->b, " %d more rows are in the table of all comparisons only.",
                       f->n_left_out);
    }
    myo_page_figure_end(p);
}

static void draw(const myo_rep *r, myo_page *p) {
    forest *f = myo_alloc(1, sizeof *f);
    if (!f) {
        p->b.failed = true;
        return;
    }
    double height = 0.0;
    f->studies = is_of_studies(&r->cmp[0]);
    f->adjusted = myo_cmp_is_adjusted(&r->cmp[0]);
    choose(r, f);
    if (f->n_rows == 0) {
        myo_free(f);
        return;
    }
    lay_out(f, &height);
    myo_page_figure(p);
    myo_svg_begin(
        &p->b, &(myo_svg_head){WIDTH, height, p->n_ids, "Effects and their intervals",
                               "One line per outcome: estimate, interval, and a dashed line at no "
                               "change. The same numbers are in the tables below."});
    for (int i = 0; i < f->n_panels; i++) {
        draw_panel(&p->b, f, &f->panel[i]);
    }
    myo_svg_end(&p->b);
    caption(p, f);
    myo_free(f);
}

const myo_rep_figure myo_fig_effect = {"result", has, draw};
