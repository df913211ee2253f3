/* sec_method.c - what was done, with which settings, on which files: enough to do it again. */
#include <math.h>
#include <string.h>
#include "myotab/myotab.h"
#include "report/esc.h"
#include "report/report.h"

enum { MAX_HASHES = 2000 };

/* ---- method ---- */

static bool has_method(myo_rep *r) {
    return r->settings.n > 0 || r->n_cmps > 0;
}

/* The value a parameter had in all recordings; "different values of" where it had several. */
static void put_setting(myo_rep *r, const char *name) {
    const myo_distinct_item *item = myo_distinct_find(&r->settings, "parameters", name);
    if (item && item->n_values == 1) {
        myo_esc_text(&r->page.b, item->value[0]);
    } else {
        myo_buf_printf(&r->page.b, "(%s)", name);
    }
}

/* Text with "{parameter}" in it. */
static void put_filled(myo_rep *r, const char *text) {
    for (const char *open; (open = strchr(text, '{')) != NULL;) {
        char name[64];
        const char *close = strchr(open, '}');
        myo_buf_put(&r->page.b, text, (size_t)(open - text));
        snprintf(name, sizeof name, "%.*s", (int)(close - open - 1), open + 1);
        put_setting(r, name);
        text = close + 1;
    }
    myo_buf_puts(&r->page.b, text);
}

static bool any_row(const myo_rep *r, bool (*is)(const myo_rep_cmp *)) {
    for (size_t i = 0; i < r->n_cmps; i++) {
        if (is(&r->cmp[i])) {
            return true;
        }
    }
    return false;
}

static bool is_forest(const myo_rep_cmp *c) {
    return strcmp(c->design, "forest") == 0;
}
static bool is_log_rate(const myo_rep_cmp *c) {
    return strcmp(c->metric, "rate_per_h") == 0 && myo_effect_is_ratio(c->effect_name) &&
           strcmp(c->design, "paired") == 0;
}
static bool is_signed_ranks(const myo_rep_cmp *c) {
    return strstr(c->test, "signed-rank") != NULL;
}
static bool is_risk(const myo_rep_cmp *c) {
    return strcmp(c->metric, "incidence") == 0 && !is_forest(c);
}
static bool is_grade(const myo_rep_cmp *c) {
    return strcmp(c->metric, "grade") == 0 && !is_forest(c);
}
static bool is_onset(const myo_rep_cmp *c) {
    return strcmp(c->metric, "onset_s") == 0 && !is_forest(c);
}
static bool is_holm(const myo_rep_cmp *c) {
    return c->role != MYO_REP_PRIMARY && strcmp(c->adjustment, "holm") == 0;
}
static bool is_bh(const myo_rep_cmp *c) {
    return strcmp(c->adjustment, "bh") == 0;
}
static bool is_adjusted_primary(const myo_rep_cmp *c) {
    return c->role == MYO_REP_PRIMARY && myo_cmp_is_adjusted(c);
}
static bool is_primary(const myo_rep_cmp *c) {
    return c->role == MYO_REP_PRIMARY && !myo_cmp_is_adjusted(c) && isfinite(c->p) && !is_forest(c);
}

/* What the numbers of the comparison do not say of themselves; each where a row has it. */
static const struct {
    bool (*is)(const myo_rep_cmp *);
    const char *text;
} statistics[] = {
    {is_log_rate,
     "Rates are compared as ratios, by their logarithms. Half an event is added to each count "
     "before the logarithm is taken, so that people without an event have one too; where events "
     "come in clusters it is more, half their ratio of variance to mean, and less where few are "
     "expected. People without any event under both conditions tell nothing about a ratio and "
     "are left out of it, which the row's warning says."},
    {is_signed_ranks,
     "Signed ranks: people whose value did not change (zeros) are left out of the ranks of the "
     "test; they stay in the estimate (Hodges-Lehmann) and its interval."},
    {is_forest,
     "Studies put together: each study's effect, as its own comparison gave it, weighs by how "
     "certain it is. Random effects let the studies differ beyond chance; I2, Q and tau2 in the "
     "row's warning say how much they do. Studies are chosen by whoever put them together: the "
     "result is exploratory."},
    {is_risk,
     "Incidence: the share of people of a group who had the event at all. Shares are compared as "
     "a ratio of risks; p is from an exact test of the counts."},
    {is_grade,
     "Grades: for every pair of one person from each group, who has the higher grade; equal ones "
     "count by half. The effect is the share of pairs in which the contrast's is the higher."},
    {is_onset,
     "Onset: the ratio of hazards compares how soon people of either group have their first "
     "event; people without one are followed to the end of their watch."},
    {is_holm, "p values of the confirmatory family are adjusted together by Holm's method, which keeps the "
              "chance of one false claim among all of them under the level."},
    {is_bh, "p values of exploratory rows are adjusted by BH (Benjamini-Hochberg): the expected "
            "share of false ones among the claims made."},
    {is_adjusted_primary,
     "The primary outcome is asked of several contrasts: its p values are adjusted together by "
     "the method named beside them, and what is claimed follows from the adjusted ones."},
    {is_primary, "The primary outcome's p value is not adjusted: it is the one question asked beforehand."},
};

static void write_statistics(myo_rep *r) {
    for (size_t i = 0; i < sizeof statistics / sizeof statistics[0]; i++) {
        if (any_row(r, statistics[i].is)) {
            myo_page_para_begin(&r->page, "");
            myo_page_text(&r->page, statistics[i].text);
            myo_page_para_end(&r->page);
        }
    }
}

static void write_comparison(myo_rep *r) {
    if (r->n_cmps == 0) {
        return;
    }
    const myo_rep_cmp *c = &r->cmp[0];
    myo_page_para_begin(&r->page, "");
    myo_buf_puts(&r->page.b, "Comparison: design <strong>");
    myo_page_name(&r->page, c->design);
    if (c->reference[0] && !is_forest(c)) {
        myo_buf_puts(&r->page.b, "</strong>, reference <strong>");
        myo_page_name(&r->page, c->reference);
    }
    myo_buf_puts(&r->page.b, "</strong>; the primary outcome's test is <strong>");
    myo_page_name(&r->page, c->test[0] ? c->test : "n/a");
    myo_buf_puts(&r->page.b, "</strong>.");
    myo_page_para_end(&r->page);
    write_statistics(r);
}

static myo_err write_method(myo_rep *r) {
    static const char *const steps[] = {
        "<strong>Cleaning.</strong> Flat stretches, dropouts and electrode pops are masked and "
        "leave the usable "
        "time, clipped samples stay and are flagged. Mains hum is subtracted where it stands out. "
        "A linear-phase "
        "filter keeps {emg.band_lo}-{emg.band_hi} Hz of EMG and {acc.band_lo}-{acc.band_hi} Hz of "
        "acceleration; "
        "the axes of one sensor are analysed as one channel.",
        "<strong>Detection.</strong> Energy over the noise floor, averaged in windows of "
        "{emg.scale1_ms}, "
        "{emg.scale2_ms}, {emg.scale3_ms} and {emg.scale4_ms} ms (accelerometer: {acc.scale1_ms} "
        "to "
        "{acc.scale4_ms} ms), is compared with a threshold set for {emg.fa_per_h} false alarm an "
        "hour and channel "
        "on Gaussian noise. Onset and end leave {emg.edge_pct} % of the noise-corrected energy "
        "outside on each side.",
        "<strong>Events.</strong> Bursts with gaps up to {group.gap_s} s (or 2.5 median intervals) "
        "form clusters; "
        "regular runs become trains. Rules score every event for each class; where the best class "
        "has a "
        "probability under {score.reject_p}, or leads by less than {score.margin}, the event is "
        "indeterminate. "
        "Events of several channels within {group.sync_ms} ms count once in <em>all</em>.",
        "<strong>Rates.</strong> Events over usable time, gaps and masked spans left out, with "
        "exact Poisson 95 % "
        "limits (Garwood).",
    };
    if (r->settings.n == 0) { /* what found the events, if anything did, is not known here */
        write_comparison(r);
        return MYO_OK;
    }
    myo_buf_puts(&r->page.b, "<ol>\n");
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        myo_buf_puts(&r->page.b, "<li>");
        put_filled(r, steps[i]);
        myo_buf_puts(&r->page.b, "</li>\n");
    }
    myo_buf_puts(&r->page.b, "</ol>\n");
    write_comparison(r);
    return MYO_OK;
}

const myo_rep_section myo_sec_method = {"method", "Method in short", has_method, write_method};

/* ---- parameters ---- */

static bool has_runs(myo_rep *r) {
    return r->settings.n > 0;
}

static const myo_param_row *row_of(const char *name) {
    for (int i = 0; i < myo_n_params; i++) {
        if (strcmp(myo_param_rows[i].name, name) == 0) {
            return &myo_param_rows[i];
        }
    }
    return NULL;
}

static void default_text(const myo_param_row *row, char dst[32]) {
    if (row->kind == MYO_PARAM_BOOL) {
        snprintf(dst, 32, "%s", row->def != 0.0 ? "yes" : "no");
    } else {
        myo_format_g(dst, 32, row->def, 15);
    }
}

static bool is_default(const myo_distinct_item *item, const myo_param_row *row) {
    char text[32];
    default_text(row, text);
    return item->n_values == 1 && strcmp(item->value[0], text) == 0;
}

static void write_param(myo_page *p, const myo_distinct_item *item, const myo_param_row *row) {
    char text[32];
    default_text(row, text);
    myo_page_row(p, "");
    myo_page_th(p, row->name);
    myo_page_cell(p, "");
    myo_distinct_put(&p->b, item);
    myo_page_cell_end(p);
    myo_page_td(p, text);
    myo_page_td(p, row->unit);
    myo_page_td(p, row->help);
    myo_page_row_end(p);
}

/* Those that differ from the default, or the others; returns how many. */
static int write_params(myo_rep *r, const char *caption, bool differing) {
    static const char *const heads[] = {"parameter", "value", "default", "unit", "meaning"};
    int n = 0;
    for (size_t i = 0; i < r->settings.n; i++) {
        const myo_distinct_item *item = &r->settings.item[i];
        const myo_param_row *row =
            strcmp(item->group, "parameters") == 0 ? row_of(item->name) : NULL;
        if (!row || is_default(item, row) == differing) {
            continue;
        }
        if (n++ == 0) {
            myo_page_table(&r->page, caption, heads, 5);
        }
        write_param(&r->page, item, row);
    }
    if (n > 0) {
        myo_page_table_end(&r->page);
    }
    return n;
}

static myo_err write_parameters(myo_rep *r) {
    if (write_params(r, "Changed from the default", true) == 0) {
        myo_page_para(&r->page, "", "Every parameter had its default value in every recording.");
    }
    myo_page_fold(&r->page, "Parameters at their defaults");
    write_params(r, "At the default", false);
    myo_page_fold_end(&r->page);
    return MYO_OK;
}

const myo_rep_section myo_sec_parameters = {"parameters", "Parameters", has_runs, write_parameters};

/* ---- provenance ---- */

static void write_item(myo_rep *r, const char *group, const char *name, const char *label) {
    const myo_distinct_item *item = myo_distinct_find(&r->settings, group, name);
    if (item) {
        myo_page_row(&r->page, "");
        myo_page_th(&r->page, label);
        myo_page_cell(&r->page, "");
        myo_distinct_put(&r->page.b, item);
        myo_page_cell_end(&r->page);
        myo_page_row_end(&r->page);
    }
}

static void write_seed(myo_rep *r) {
    const myo_rep_cmp *c = r->n_cmps > 0 ? &r->cmp[0] : NULL;
    if (c && isfinite(c->seed)) {
        myo_page_row(&r->page, "");
        myo_page_th(&r->page, "seed of the comparison");
        myo_page_int(&r->page, c->seed);
        myo_page_row_end(&r->page);
    }
}

static void write_program(myo_rep *r) {
    static const char *const heads[] = {"what", "value"};
    myo_page_table(&r->page, "What analysed the recordings", heads, 2);
    write_item(r, "run", "version", "myotab");
    write_item(r, "run", "compiler", "compiler");
    write_item(r, "run", "preset", "preset");
    write_item(r, "run", "seed", "seed of the analysis");
    for (size_t i = 0; i < r->settings.n; i++) {
        if (strcmp(r->settings.item[i].group, "libraries") == 0) {
            write_item(r, "libraries", r->settings.item[i].name, r->settings.item[i].name);
        }
    }
    write_seed(r);
    myo_page_row(&r->page, "");
    myo_page_th(&r->page, "this page");
    myo_page_td(&r->page, "myotab " MYO_VERSION);
    myo_page_row_end(&r->page);
    myo_page_table_end(&r->page);
}

static myo_err write_hashes(myo_rep *r) {
    static const char *const heads[] = {"recording", "file", "format", "#bytes", "SHA-256"};
    size_t n = 0;
    myo_page_fold(&r->page, "The recordings, by content");
    myo_page_table(&r->page, "Files analysed", heads, 5);
    for (size_t i = 0; i < r->n_recs && n < MAX_HASHES; i++) {
        const myo_rep_rec *rec = &r->rec[i];
        if (!rec->has_run) {
            continue;
        }
        myo_page_row(&r->page, "");
        myo_page_th(&r->page, rec->name);
        myo_page_td(&r->page, rec->file);
        myo_page_td(&r->page, rec->format);
        myo_page_int(&r->page, rec->size);
        myo_page_cell(&r->page, "hash");
        myo_page_text(&r->page, rec->sha256);
        myo_page_cell_end(&r->page);
        myo_page_row_end(&r->page);
        MYO_TRY(myo_page_flush(&r->page));
        n++;
    }
    myo_page_table_end(&r->page);
    if (n == MAX_HASHES) {
        myo_page_para(&r->page, "note",
                      "Only the first 2000 are shown; each STEM_run.json has its own.");
    }
    myo_page_fold_end(&r->page);
    return MYO_OK;
}

static myo_err write_provenance(myo_rep *r) {
    write_program(r);
    return write_hashes(r);
}

const myo_rep_section myo_sec_provenance = {"provenance", "Provenance", has_runs, write_provenance};
