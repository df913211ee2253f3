/* report.c - one page for a study or a folder of recordings. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include "report/report.h"
#include "run/folder.h"

/* Temporary names are cut at this length (file.c). */
enum { NAME_MAX_BYTES = 201 };

/* What the page is about: signals, a table of people, or other comparisons. */
static void write_about(myo_rep *r) {
    myo_buf *b = &r->page.b;
    size_t studies = 0;
    for (size_t i = 0; i < r->n_cmps; i++) {
        studies += r->cmp[i].study[0] != '\0';
    }
    myo_page_para_begin(&r->page, "note");
    if (r->is_comparison && studies > 0) {
        myo_buf_printf(b, "%zu compared %s", studies, studies == 1 ? "study" : "studies");
    } else if (r->is_comparison) {
        myo_buf_puts(b, "A comparison; what it was made from is in another folder");
    } else if (r->counts_only) {
        myo_buf_printf(b, "A table of %zu %s, without recordings", r->n_people,
                       r->n_people == 1 ? "person" : "people");
    } else {
        myo_buf_printf(b, "Muscle activity and movement: %zu recording%s", r->n_recs,
                       r->n_recs == 1 ? "" : "s");
    }
    myo_page_para_end(&r->page);
}

static void write_use(myo_rep *r) {
    static const char signals[] =
        "For research use. Events are found and classed by published rules and an algorithm, not "
        "by a clinician; nothing on this page is a diagnosis or advice on treatment. What it shows "
        "holds for the recordings listed in it.";
    static const char tables[] =
        "For research use. Its numbers are those of the tables given; nothing on this page is a "
        "diagnosis or advice on treatment. What it shows holds for the people in those tables.";
    myo_page_para(&r->page, "use", r->counts_only || r->is_comparison ? tables : signals);
}

static void write_title(myo_rep *r) {
    myo_buf *b = &r->page.b;
    const char *title = r->is_study        ? "Study report"
                        : r->is_comparison ? "Comparison report"
                                           : "Report of recordings";
    myo_page_head(&r->page, title);
    myo_buf_printf(
        b, "<a class=\"skip\" href=\"#main\">Skip to the content</a>\n<header>\n<h1>%s</h1>\n",
        title);
    write_about(r);
    if (r->unfinished) {
        myo_page_para_begin(&r->page, "bad");
        myo_page_text(&r->page, r->progress);
        myo_buf_puts(&r->page.b, ". Whatever this page says is of the others alone.");
        myo_page_para_end(&r->page);
    }
    write_use(r);
}

static myo_err write_page(myo_rep *r) {
    write_title(r);
    MYO_TRY(myo_rep_write_sections(r));
    myo_page_foot(&r->page);
    return myo_page_close(&r->page);
}

static myo_err check_recordings(const myo_rep *r) {
    const char *folder = r->job->recordings;
    struct stat st;
    if (folder && stat(folder, &st) != 0) {
        return myo_fail(r->d, MYO_ERR_USAGE, "--recordings %s: %s", folder, strerror(errno));
    }
    return !folder || S_ISDIR(st.st_mode)
               ? MYO_OK
               : myo_fail(r->d, MYO_ERR_USAGE, "--recordings %s: not a folder", folder);
}

static bool is_page(void *user, const char *name) {
    return strcmp(name, user) == 0;
}

/* What a killed report of this name left behind. */
static myo_err tidy(const char *out) {
    char *dir = myo_strdup(out);
    if (!dir) {
        return MYO_ERR_NOMEM;
    }
    char *slash = strrchr(dir, '/');
    const char *name = slash ? slash + 1 : dir;
    char own[NAME_MAX_BYTES];
    snprintf(own, sizeof own, "%.*s", (int)sizeof own - 1, name);
    if (slash) {
        *slash = '\0';
    }
    myo_folder_tidy(!slash ? "." : slash == dir ? "/" : dir, is_page, own);
    myo_free(dir);
    return MYO_OK;
}

/* The page is there, but not every recording is on it. */
static myo_err tell_damage(const myo_rep *r) {
    return r->n_damaged == 0
               ? MYO_OK
               : myo_fail(r->d, MYO_ERR_DAMAGED,
                          "%s: page written, but %zu of %zu recordings have tables that cannot be "
                          "read",
                          r->job->out, r->n_damaged, r->n_recs);
}

static myo_err make(myo_rep *r) {
    MYO_TRY(check_recordings(r));
    MYO_TRY(myo_page_may_replace(r->job->out, r->d));
    MYO_TRY(tidy(r->job->out));
    MYO_TRY(myo_rep_read(r));
    if (r->page.b.failed) {
        return MYO_ERR_NOMEM; /* a text that could not be kept */
    }
    MYO_TRY(myo_page_open(&r->page, r->job->out, r->d));
    MYO_TRY(write_page(r));
    return tell_damage(r);
}

static void tell(const myo_report_job *job, const myo_diag *d, myo_err e) {
    if (!job->say) {
        return;
    }
    for (int i = 0; i < d->n_warnings; i++) {
        job->say(job->user, MYO_LEVEL_WARNING, NULL, d->warnings[i]);
    }
    if (d->n_suppressed > 0) {
        char more[64];
        snprintf(more, sizeof more, "and %d more warnings", d->n_suppressed);
        job->say(job->user, MYO_LEVEL_WARNING, NULL, more);
    }
    if (e != MYO_OK) {
        job->say(job->user, MYO_LEVEL_ERROR, NULL, d->message[0] ? d->message : myo_err_text(e));
    }
}

myo_err myo_report(const myo_report_job *job) {
    myo_diag d = {0};
    myo_rep r = {.job = job, .d = &d};
    const myo_err e = make(&r);
    tell(job, &d, e);
    myo_rep_clear(&r);
    myo_diag_clear(&d);
    return e;
}
