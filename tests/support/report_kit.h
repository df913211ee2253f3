/* report_kit.h - for tests of the report: a folder with the tables of a study, written by hand, and the page read back. */
#ifndef MYO_TESTS_REPORT_KIT_H
#define MYO_TESTS_REPORT_KIT_H

#include <check.h>
#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/base.h"
#include "myotab/myotab.h"

static char kit_dir[64];      /* the results */
static char kit_page[128];    /* the page, beside them */
static char kit_said[4096];   /* what the job said last */
static char kit_warned[4096]; /* its first warning */
static myo_buf kit_html;

static inline void kit_path(char path[256], const char *name) {
    snprintf(path, 256, "%s/%.150s", kit_dir, name);
}

static inline void kit_put(const char *name, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static inline void kit_put(const char *name, const char *fmt, ...) {
    char path[256];
    va_list ap;
    kit_path(path, name);
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    va_start(ap, fmt);
    vfprintf(f, fmt, ap);
    va_end(ap);
    ck_assert_int_eq(fclose(f), 0);
}

static inline void kit_make_dir(void) {
    strcpy(kit_dir, "/tmp/myotab_report_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(kit_dir));
    snprintf(kit_page, sizeof kit_page, "%s.html", kit_dir);
}

static inline void kit_remove_dir(void) {
    DIR *d = opendir(kit_dir);
    for (struct dirent *e; d && (e = readdir(d));) {
        char path[256];
        kit_path(path, e->d_name);
        unlink(path);
    }
    closedir(d);
    rmdir(kit_dir);
    unlink(kit_page);
    myo_buf_clear(&kit_html);
}

/* ---- a recording's tables ---- */

static const char KIT_HASH[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/* warnings and extra parameters as JSON; "" for none. */
static inline void kit_put_run(const char *stem, const char *file, const char *params, const char *warnings) {
    char name[160];
    snprintf(name, sizeof name, "%s_run.json", stem);
    kit_put(name,
            "{\"program\": \"myotab\", \"version\": \"0.1.0\", \"compiler\": \"gcc\", \"libraries\": "
            "{\"GSL\": \"2.7\"}, \"preset\": null, \"seed\": null, \"input\": {\"file\": \"%s\", \"format\": "
            "\"EDF\", \"sha256\": \"%s\", \"size_bytes\": 1234}, \"open\": {}, \"options\": {}, "
            "\"parameters\": {%s}, \"warnings\": [%s], \"warnings_suppressed\": 0}\n",
            file, KIT_HASH, params, warnings);
}

static inline void kit_put_channels(const char *stem, const char *channel) {
    char name[160];
    snprintf(name, sizeof name, "%s_channels.tsv", stem);
    kit_put(name,
            "channel\tkind\tunit\trate_hz\tduration_s\tusable_s\tmasked_s\tgap_s\tnoise_floor\tflags\n"
            "%s\tEMG\tuV\t1000\t3600.000000\t3500.000000\t100.000000\t0.000000\t3\tclipped;masked\n",
            channel);
}

/* n jerks, evenly over an hour. */
static inline void kit_put_events(const char *stem, const char *channel, int n) {
    char name[160];
    myo_buf events = {0}, bursts = {0};
    for (int i = 0; i < n; i++) {
        const double on = 3600.0 * (i + 0.5) / n;
        myo_buf_printf(&events, "%.6f\t0.050000\tjerk\t%s\t%d\t%.3f\n", on, channel, i + 1, 0.5 + 0.4 * i / n);
        myo_buf_printf(&bursts, "%.6f\t0.050000\t%s\t%d\t%d\n", on, channel, i + 1, i + 1);
    }
    snprintf(name, sizeof name, "%s_events.tsv", stem);
    kit_put(name, "onset\tduration\ttrial_type\tchannel\tevent_id\tconfidence\n%s", n > 0 ? events.s : "");
    snprintf(name, sizeof name, "%s_bursts.tsv", stem);
    kit_put(name, "onset\tduration\tchannel\tburst_id\tevent_id\n%s", n > 0 ? bursts.s : "");
    myo_buf_clear(&events);
    myo_buf_clear(&bursts);
}

#define KIT_SUM_HEAD                                                                                          \
    "channel\ttrial_type\tn\texposure_s\trate_per_h\trate_low\trate_high\tfano\tburden_s_per_h\t"             \
    "duration_ms_median\tpeak_median\tunit\tfreq_hz_median\tn_indeterminate\n"

/* Rows of a summary, of one channel and of all; `before` stands in front of each. */
static inline void kit_sum(myo_buf *b, const char *before, const char *channel, int n) {
    const char *const channels[] = {channel, "all"};
    for (int k = 0; k < 2; k++) {
        myo_buf_printf(b, "%s%s\tjerk\t%d\t3500.000000\t%g\t%g\t%g\tn/a\t%g\t50\t30\tuV\tn/a\t0\n", before,
                       channels[k], n, n / 0.97, n * 0.5, n * 1.5 + 3.7, n * 0.05);
        myo_buf_printf(b, "%s%s\ttremor\t0\t3500.000000\t0\t0\t3.79\tn/a\t0\tn/a\tn/a\tuV\tn/a\t0\n", before,
                       channels[k]);
    }
}

static inline void kit_put_summary(const char *stem, const char *channel, int n) {
    char name[160];
    myo_buf b = {0};
    kit_sum(&b, "", channel, n);
    snprintf(name, sizeof name, "%s_summary.tsv", stem);
    kit_put(name, KIT_SUM_HEAD "%s", b.s);
    myo_buf_clear(&b);
}

/* A recording as detect leaves it. */
static inline void kit_put_recording(const char *stem, const char *file, int n) {
    kit_put_run(stem, file, "", "");
    kit_put_channels(stem, "EMG1");
    kit_put_events(stem, "EMG1", n);
    kit_put_summary(stem, "EMG1", n);
}

/* ---- a study ---- */

/* `people` people, pre and post; participant i has pre(i) and post(i) jerks. id: printf format of a name. */
static inline void kit_put_study(int people, const char *id, int (*pre)(int), int (*post)(int)) {
    myo_buf rows = {0}, sums = {0};
    for (int i = 0; i < people; i++) {
        for (int s = 0; s < 2; s++) {
            char who[160], stem[64], before[300];
            const char *session = s ? "post" : "pre";
            snprintf(who, sizeof who, "%s%d", id, i + 1);
            snprintf(stem, sizeof stem, "rec-%03d_%s", i + 1, session);
            myo_buf_printf(&rows, "r%03d.edf\t%s\t%s\t%s\t%s\t%s\tdone\tn/a\n", 2 * i + s, who, session, session,
                           i % 2 ? "drug" : "placebo", stem);
            snprintf(before, sizeof before, "%s\t%s\t%s\t%s\t%s\t", who, session, session,
                     i % 2 ? "drug" : "placebo", stem);
            kit_sum(&sums, before, "EMG1", s ? post(i) : pre(i));
            kit_put_run(stem, "r.edf", "", "");
            kit_put_channels(stem, "EMG1");
            kit_put_events(stem, "EMG1", s ? post(i) : pre(i));
        }
    }
    kit_put("recordings.tsv", "path\tparticipant_id\tsession_id\tcondition\tgroup\tstem\tstatus\treason\n%s", rows.s);
    kit_put("summary.tsv", "participant_id\tsession_id\tcondition\tgroup\tstem\t" KIT_SUM_HEAD "%s", sums.s);
    myo_buf_clear(&rows);
    myo_buf_clear(&sums);
}

#define KIT_CMP_HEAD                                                                                           \
    "design\ttrial_type\tchannel\tmetric\treference\tcontrast\tn_reference\tn_contrast\tevents_reference\t"    \
    "events_contrast\texposure_reference_h\texposure_contrast_h\testimate_reference\testimate_contrast\t"      \
    "effect\teffect_name\tci_low\tci_high\tci_level\tp_value\tp_adjusted\tadjustment\ttest\tseed\tresamples\t" \
    "mdc\twarning\trole\tindeterminate\tparticipant_id\tsentence\n"

/* A row of the comparison: paired or parallel; numbers as text, so that they may be anything. */
static inline void kit_cmp(myo_buf *b, const char *design, const char *type, const char *role, const char *effect,
                           const char *low, const char *high, const char *sentence) {
    const bool parallel = strcmp(design, "parallel") == 0;
    myo_buf_printf(b,
                   "%s\t%s\tall\trate_per_h\t%s\t%s\t6\t6\t60\t30\t6\t6\t10\t5\t%s\trate_ratio\t%s\t%s\t0.95\t"
                   "0.03\tn/a\tnone\tWilcoxon\t1\t1000\tn/a\tn/a\t%s\texcluded\tn/a\t%s\n",
                   design, type, parallel ? "placebo" : "pre", parallel ? "drug" : "post", effect, low, high, role,
                   sentence);
}

static inline void kit_put_primary(const char *effect, const char *low, const char *high, const char *sentence) {
    myo_buf b = {0};
    kit_cmp(&b, "paired", "jerk", "primary", effect, low, high, sentence);
    kit_put("comparison.tsv", KIT_CMP_HEAD "%s", b.s);
    myo_buf_clear(&b);
}

/* ---- the page ---- */

static inline void kit_say(void *user, myo_level level, const char *file, const char *text) {
    (void)user;
    if (level == MYO_LEVEL_WARNING && kit_warned[0] == '\0') {
        snprintf(kit_warned, sizeof kit_warned, "%s", text);
    }
    snprintf(kit_said, sizeof kit_said, "%s%s%s", file ? file : "", file ? ": " : "", text);
}

static inline myo_err kit_report_to(const char *page, const char *recordings) {
    const myo_report_job job = {.dir = kit_dir, .recordings = recordings, .out = page, .say = kit_say};
    kit_said[0] = kit_warned[0] = '\0';
    return myo_report(&job);
}

/* Makes the page and reads it into kit_html. */
static inline const char *kit_report(void) {
    const myo_err e = kit_report_to(kit_page, NULL);
    ck_assert_msg(e == MYO_OK, "%s", kit_said);
    myo_buf_clear(&kit_html);
    ck_assert_int_eq(myo_slurp(kit_page, (size_t)64 << 20, &kit_html, NULL), MYO_OK);
    return kit_html.s;
}

#endif
