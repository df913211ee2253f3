/* read.c - a folder of results read into memory: everything but the events. */
#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "myotab/myotab.h"
#include "report/report.h"

#define TABLE_MAX ((size_t)256 << 20) /* bytes of a table of the folder */
enum { RECS_MAX = 1000000 };          /* reliability.md 4 */

static const char RUN_ENDING[] = "_run.json", COMPARISON[] = "comparison.tsv";

/* ---- texts and files ---- */

const char *myo_rep_keep(myo_rep *r, const char *s) {
    void *texts = r->text;
    char *copy = s[0] ? myo_strdup(s) : NULL;
    if (!copy || myo_grow(&texts, &r->cap_text, r->n_text + 1, sizeof *r->text) != MYO_OK) {
        r->page.b.failed = r->page.b.failed || s[0];
        myo_free(copy);
        return "";
    }
    r->text = texts;
    r->text[r->n_text++] = copy;
    return copy;
}

bool myo_rep_exists(const char *path) {
    return access(path, F_OK) == 0;
}

myo_err myo_rep_path(const myo_rep *r, const char *stem, const char *ending, myo_buf *path) {
    myo_buf_printf(path, "%s/%s%s", r->job->dir, stem ? stem : "", ending);
    return path->failed ? MYO_ERR_NOMEM : MYO_OK;
}

bool myo_rep_has_file(myo_rep *r, const char *name) {
    myo_buf path = {0};
    const bool found = myo_rep_path(r, NULL, name, &path) == MYO_OK && myo_rep_exists(path.s);
    r->page.b.failed = r->page.b.failed || path.failed;
    myo_buf_clear(&path);
    return found;
}

myo_err myo_rep_blame(myo_rep *r, const char *stem, const char *ending, myo_err e, myo_diag *why) {
    myo_buf path = {0};
    const char *text = why->message[0] ? why->message : myo_err_text(e);
    if (myo_rep_path(r, stem, ending, &path) != MYO_OK) {
        e = MYO_ERR_NOMEM;
    } else if (strncmp(text, path.s, path.n) == 0) {
        myo_fail(r->d, e, "%s", text);
    } else {
        myo_fail(r->d, e, "%s: %s", path.s, text);
    }
    myo_buf_clear(&path);
    myo_diag_clear(why);
    return e;
}

myo_err myo_rep_table(myo_rep *r, myo_tsv *t, const char *stem, const char *ending, bool *found) {
    myo_buf path = {0};
    myo_diag why = {0};
    myo_err e = myo_rep_path(r, stem, ending, &path);
    *found = e == MYO_OK && myo_rep_exists(path.s);
    if (*found) {
        e = myo_tsv_read(t, path.s, TABLE_MAX, &why);
        e = e == MYO_OK ? e : myo_rep_blame(r, stem, ending, e, &why);
    }
    if (e == MYO_OK && *found) {
        myo_tsv_unguard(t);
    }
    myo_buf_clear(&path);
    return e;
}

myo_err myo_rep_go_on(const myo_rep *r) {
    return myo_stop_requested() ? myo_fail(r->d, MYO_ERR_STOPPED, "stopped by a signal") : MYO_OK;
}

/* ---- which recordings there are ---- */

static myo_rep_rec *add_rec(myo_rep *r, const char *stem) {
    void *recs = r->rec;
    if (myo_grow(&recs, &r->cap_recs, r->n_recs + 1, sizeof *r->rec) != MYO_OK) {
        return NULL;
    }
    r->rec = recs;
    myo_rep_rec *rec = &r->rec[r->n_recs++];
    *rec = (myo_rep_rec){.stem = stem,
                         .name = stem,
                         .participant = "",
                         .session = "",
                         .condition = "",
                         .group = "",
                         .path = "",
                         .reason = "",
                         .flags = "",
                         .usable_least_s = NAN,
                         .usable_most_s = NAN,
                         .masked_most_s = NAN,
                         .gap_most_s = NAN,
                         .file = "",
                         .format = "",
                         .sha256 = "",
                         .channels_opt = "",
                         .unit_opt = "",
                         .size = NAN,
                         .start_s = NAN,
                         .end_s = NAN,
                         .rest_start_s = NAN,
                         .rest_end_s = NAN,
                         .sidecars = ""};
    return rec;
}

/* "P01, pre", and what tells two recordings of one session apart. */
static const char *study_name(myo_rep *r, const myo_study_row *row) {
    myo_buf b = {0};
    myo_buf_puts(&b, row->participant);
    const char *const parts[] = {row->session, row->task, row->run};
    for (int i = 0; i < 3; i++) {
        if (parts[i][0]) {
            myo_buf_printf(&b, i == 2 ? ", run %s" : ", %s", parts[i]);
        }
    }
    r->page.b.failed = r->page.b.failed || b.failed;
    const char *name = b.s ? myo_rep_keep(r, b.s) : row->stem;
    myo_buf_clear(&b);
    return name;
}

static myo_err study_recs(myo_rep *r) {
    const myo_results *s = &r->results;
    for (size_t i = 0; i < s->recordings.n_rows; i++) {
        const myo_study_row *row = &s->recordings.row[i];
        myo_rep_rec *rec = add_rec(r, row->stem);
        if (!rec) {
            return MYO_ERR_NOMEM;
        }
        rec->name = study_name(r, row);
        rec->participant = row->participant;
        rec->session = row->session;
        rec->condition = row->condition;
        rec->group = row->group;
        rec->path = row->path;
        rec->status = s->status[i];
        if (s->reason_col >= 0 && rec->status != MYO_ROW_DONE) {
            rec->reason = myo_tsv_cell(&s->recordings.table, row->index, s->reason_col);
        }
    }
    return MYO_OK;
}

static bool is_run(const char *name) {
    const size_t n = strlen(name), end = sizeof RUN_ENDING - 1;
    return n > end && name[0] != '.' && strcmp(name + n - end, RUN_ENDING) == 0;
}

static int compare_stems(const void *a, const void *b) {
    return strcmp(((const myo_rep_rec *)a)->stem, ((const myo_rep_rec *)b)->stem);
}

static myo_err add_stem(myo_rep *r, const char *file) {
    char stem[MYO_STEM_MAX];
    snprintf(stem, sizeof stem, "%.*s", (int)(strlen(file) - sizeof RUN_ENDING + 1), file);
    if (r->n_recs == RECS_MAX) {
        return myo_fail(r->d, MYO_ERR_RANGE, "%s: too many recordings (allowed %d)", r->job->dir,
                        (int)RECS_MAX);
    }
    const char *kept = myo_rep_keep(r, stem);
    return kept[0] && add_rec(r, kept) ? MYO_OK : MYO_ERR_NOMEM;
}

/* In the order of their names, whatever the file system's. The provenance of a comparison is that of
 * no recording. */
static myo_err folder_recs(myo_rep *r) {
    const bool compared = myo_rep_has_file(r, COMPARISON);
    DIR *dir = opendir(r->job->dir);
    if (!dir) {
        return myo_fail(r->d, MYO_ERR_INPUT, "%s: cannot be read (%s)", r->job->dir,
                        strerror(errno));
    }
    myo_err e = MYO_OK;
    for (const struct dirent *f; e == MYO_OK && (f = readdir(dir)) != NULL;) {
        const bool own = compared && strcmp(f->d_name, "comparison_run.json") == 0;
        e = is_run(f->d_name) && !own ? add_stem(r, f->d_name) : MYO_OK;
    }
    closedir(dir);
    r->is_comparison = compared && r->n_recs == 0;
    if (e == MYO_OK && r->n_recs == 0 && !compared) {
        return myo_fail(r->d, MYO_ERR_INPUT,
                        "%s: no results here (found neither recordings.tsv nor a STEM_run.json)",
                        r->job->dir);
    }
    myo_sort_in_place(r->rec, r->n_recs, sizeof *r->rec, compare_stems);
    return e;
}

/* ---- each recording's tables ---- */

/* Flags of a channel, each once for the recording. */
static void add_flags(myo_buf *all, const char *cell) {
    while (cell[0]) {
        const size_t n = strcspn(cell, ";");
        myo_buf one = {0};
        myo_buf_put(&one, cell, n);
        if (!one.failed && strcmp(one.s, "n/a") != 0 && (!all->s || !strstr(all->s, one.s))) {
            myo_buf_printf(all, "%s%s", all->n > 0 ? "; " : "", one.s);
        }
        all->failed = all->failed || one.failed;
        myo_buf_clear(&one);
        cell += n + (cell[n] == ';');
    }
}

typedef struct channel_columns {
    int usable, masked, gap, flags;
} channel_columns;

static myo_err add_channel(const myo_tsv *t, size_t row, const channel_columns *c, myo_rep_rec *rec,
                           myo_buf *flags, myo_diag *d) {
    double usable, masked, gap;
    MYO_TRY(myo_tsv_f64(t, row, c->usable, true, &usable, d));
    MYO_TRY(myo_tsv_f64(t, row, c->masked, true, &masked, d));
    MYO_TRY(myo_tsv_f64(t, row, c->gap, true, &gap, d));
    rec->usable_least_s = fmin(rec->usable_least_s, usable);
    rec->usable_most_s = fmax(rec->usable_most_s, usable);
    rec->masked_most_s = fmax(rec->masked_most_s, masked);
    rec->gap_most_s = fmax(rec->gap_most_s, gap);
    rec->n_channels++;
    add_flags(flags, myo_tsv_cell(t, row, c->flags));
    return MYO_OK;
}

static myo_err add_channels(const myo_tsv *t, myo_rep_rec *rec, myo_buf *flags, myo_diag *d) {
    channel_columns c;
    MYO_TRY(myo_tsv_need(t, "usable_s", &c.usable, d));
    MYO_TRY(myo_tsv_need(t, "masked_s", &c.masked, d));
    MYO_TRY(myo_tsv_need(t, "gap_s", &c.gap, d));
    MYO_TRY(myo_tsv_need(t, "flags", &c.flags, d));
    for (size_t row = 0; row < t->n_rows; row++) {
        MYO_TRY(add_channel(t, row, &c, rec, flags, d));
    }
    return flags->failed ? MYO_ERR_NOMEM : MYO_OK;
}

static myo_err read_channels(myo_rep *r, myo_rep_rec *rec, bool *found) {
    static const char ending[] = "_channels.tsv";
    myo_tsv t = {0};
    myo_buf flags = {0};
    myo_diag why = {0};
    myo_err e = myo_rep_table(r, &t, rec->stem, ending, found);
    if (e == MYO_OK && *found) {
        e = add_channels(&t, rec, &flags, &why);
        e = e == MYO_OK ? e : myo_rep_blame(r, rec->stem, ending, e, &why);
        rec->flags = e == MYO_OK && flags.s ? myo_rep_keep(r, flags.s) : "";
        rec->n_channels = e == MYO_OK ? rec->n_channels : 0; /* not a part of them */
    }
    myo_buf_clear(&flags);
    myo_tsv_clear(&t);
    return e;
}

/* What a complete recording ought to have and has not; what is damaged has its reason already. */
static void tell_missing(myo_rep *r, myo_rep_rec *rec, bool run, bool channels, bool summary) {
    myo_buf b = {0};
    const struct {
        bool there;
        const char *name;
    } parts[] = {{run, "_run.json"}, {channels, "_channels.tsv"}, {summary, "_summary.tsv"}};
    if (rec->reason[0]) {
        myo_buf_printf(&b, "%s", rec->reason);
    }
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (!parts[i].there) {
            myo_buf_printf(&b, "%snot found: %s%s", b.n > 0 ? "; " : "", rec->stem, parts[i].name);
        }
    }
    r->page.b.failed = r->page.b.failed || b.failed;
    if (b.n > 0) {
        rec->reason = myo_rep_keep(r, b.s);
    }
    myo_buf_clear(&b);
}

static myo_err read_run(myo_rep *r, size_t i, bool *found) {
    const myo_err e = myo_rep_read_run(r, &r->rec[i]);
    *found = r->rec[i].has_run;
    return e;
}

static myo_err read_lanes(myo_rep *r, size_t i, bool *found) {
    return read_channels(r, &r->rec[i], found);
}

/* Rows of a damaged table are none. */
static myo_err read_sums(myo_rep *r, size_t i, bool *found) {
    const size_t before = r->n_sums;
    MYO_TRY(myo_rep_table(r, &r->summary[i], r->rec[i].stem, "_summary.tsv", found));
    const myo_err e = *found ? myo_rep_read_summary(r, &r->summary[i], i) : MYO_OK;
    r->n_sums = e == MYO_OK ? r->n_sums : before;
    return e;
}

/* One table of a recording: damage costs that table, not the page. */
static myo_err read_part(myo_rep *r, size_t i, myo_err (*read)(myo_rep *, size_t, bool *),
                         bool *there) {
    myo_diag own = {0}, *d = r->d;
    r->d = &own;
    const myo_err e = read(r, i, there);
    r->d = d;
    *there = *there || e != MYO_OK;
    return myo_rep_tolerate(r, i, e, &own);
}

static myo_err read_rec(myo_rep *r, size_t i) {
    myo_rep_rec *rec = &r->rec[i];
    bool run = false, channels = false, summary = r->results.summary.n_cols > 0;
    if (rec->status != MYO_ROW_DONE || !rec->stem[0]) { /* without a stem: tables made by hand */
        return MYO_OK;
    }
    MYO_TRY(read_part(r, i, read_run, &run));
    MYO_TRY(read_part(r, i, read_lanes, &channels));
    if (!summary) {
        MYO_TRY(read_part(r, i, read_sums, &summary));
    }
    if (rec->file[0] && !r->is_study) {
        rec->name = rec->path = rec->file;
    }
    tell_missing(r, rec, run, channels, summary);
    return MYO_OK;
}

static myo_err read_recs(myo_rep *r) {
    r->summary = myo_alloc(r->n_recs + 1, sizeof *r->summary);
    if (!r->summary) {
        return MYO_ERR_NOMEM;
    }
    for (size_t i = 0; i < r->n_recs; i++) {
        MYO_TRY(myo_rep_go_on(r));
        MYO_TRY(read_rec(r, i));
    }
    if (r->results.summary.n_cols > 0) {
        MYO_TRY(myo_rep_read_summary(r, &r->results.summary, SIZE_MAX));
    }
    return myo_rep_index_sums(r);
}

static myo_err read_study(myo_rep *r, bool *found) {
    myo_buf path = {0};
    myo_err e = myo_rep_path(r, NULL, "recordings.tsv", &path);
    *found = e == MYO_OK && myo_rep_exists(path.s);
    myo_buf_clear(&path);
    if (*found) {
        e = myo_results_read(&r->results, r->job->dir, r->d);
    }
    return e == MYO_OK && *found ? study_recs(r) : e;
}

/* A table of people, nothing of a signal. */
static bool is_counts_only(const myo_rep *r) {
    for (size_t i = 0; i < r->n_recs; i++) {
        if (r->rec[i].stem[0] || r->rec[i].path[0] || r->rec[i].status != MYO_ROW_DONE) {
            return false;
        }
    }
    return r->is_study && r->results.summary.n_cols == 0;
}

myo_err myo_rep_read(myo_rep *r) {
    MYO_TRY(read_study(r, &r->is_study));
    if (!r->is_study) {
        MYO_TRY(folder_recs(r));
    }
    MYO_TRY(myo_rep_index_people(r));
    MYO_TRY(myo_rep_read_progress(r));
    MYO_TRY(read_recs(r));
    r->counts_only = is_counts_only(r);
    MYO_TRY(myo_rep_read_comparison(r));
    return myo_rep_try_shown(r);
}

void myo_rep_clear(myo_rep *r) {
    for (size_t i = 0; i < r->n_recs; i++) {
        myo_free((void *)r->rec[i].warnings);
        if (r->summary) {
            myo_tsv_clear(&r->summary[i]);
        }
    }
    for (size_t i = 0; i < r->n_text; i++) {
        myo_free(r->text[i]);
    }
    myo_free(r->text);
    myo_free(r->summary);
    myo_free(r->rec);
    myo_free(r->sum);
    myo_free(r->cmp);
    myo_tsv_clear(&r->comparison);
    myo_results_clear(&r->results);
    myo_distinct_clear(&r->settings);
    myo_page_abort(&r->page);
}
