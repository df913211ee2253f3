/* sec_rates.c - rates of every type, and what was never seen: absence of events is a result. */
#include <math.h>
#include <string.h>
#include "report/esc.h"
#include "report/report.h"
#include "stats/stats.h"

static bool has(myo_rep *r) {
    return r->is_study && r->n_sums > 0;
}

typedef struct type_sum {
    double events, exposure_s;
    size_t n_recordings;
} type_sum;

static void add_up(const myo_rep *r, type_sum sum[MYO_N_CLASS]) {
    for (size_t i = 0; i < r->n_sums; i++) {
        const myo_rep_sum *s = &r->sum[i];
        if (strcmp(s->channel, "all") == 0) {
            sum[s->type].events += s->n;
            sum[s->type].exposure_s += isfinite(s->exposure_s) ? s->exposure_s : 0.0;
            sum[s->type].n_recordings++;
        }
    }
}

static void write_row(myo_page *p, int type, const type_sum *s) {
    const bool sane = s->events < 1e15;
    const myo_rate rate = myo_rate_of(sane ? (int64_t)s->events : 0, sane ? s->exposure_s : 0.0);
    myo_page_row(p, "");
    myo_page_th(p, myo_class_name((myo_class)type));
    myo_page_int(p, (double)s->n_recordings);
    myo_page_num(p, s->exposure_s / 3600.0, 4);
    myo_page_int(p, s->events);
    myo_page_num(p, rate.per_h, 3);
    myo_page_limits(p, rate.low, rate.high, 3);
    myo_page_td(p, s->events == 0.0 ? "never seen" : "seen");
    myo_page_row_end(p);
}

/* In words what the table says in numbers. */
static void write_never(myo_rep *r, const type_sum sum[MYO_N_CLASS]) {
    int seen = 0, never = 0;
    for (int c = 0; c < MYO_N_CLASS; c++) {
        seen += sum[c].events > 0.0;
        never += sum[c].n_recordings > 0 && sum[c].events == 0.0;
    }
    if (never == 0) {
        return;
    }
    myo_page_para_begin(&r->page, "");
    myo_buf_puts(&r->page.b,
                 seen == 0 ? "<strong>No event of any type was found in any recording</strong>: "
                           : "Never seen in any recording: ");
    for (int c = 0, n = 0; c < MYO_N_CLASS; c++) {
        if (sum[c].n_recordings > 0 && sum[c].events == 0.0) {
            myo_buf_printf(&r->page.b, "%s%s", n++ > 0 ? ", " : "", myo_class_name((myo_class)c));
        }
    }
    myo_buf_puts(&r->page.b, ". The table below says how rare they must be.");
    myo_page_para_end(&r->page);
}

static myo_err write(myo_rep *r) {
    static const char *const heads[] = {"type",      "#recordings",  "#hours", "#events",
                                        "#per hour", "#95 % limits", ""};
    type_sum sum[MYO_N_CLASS] = {{0}};
    add_up(r, sum);
    write_never(r, sum);
    myo_rep_draw(r, "rates");
    myo_page_table(&r->page, "All recordings together, all channels", heads, 7);
    for (int c = 0; c < MYO_N_CLASS; c++) {
        if (sum[c].n_recordings > 0) {
            write_row(&r->page, c, &sum[c]);
        }
    }
    myo_page_table_end(&r->page);
    myo_page_para(&r->page, "note",
                  "The limits treat all events as independent and all people as one; they describe "
                  "the recorded "
                  "time, not a population. Each recording's own rates are in summary.tsv.");
    return MYO_OK;
}

const myo_rep_section myo_sec_rates = {"rates", "Rates", has, write};
