/* synth_kit.h - what the tests of synthetic recordings share: a folder, files, truth, signals. */
#ifndef MYO_TESTS_SYNTH_KIT_H
#define MYO_TESTS_SYNTH_KIT_H

#include <check.h>
#include <dirent.h>
#include <edflib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "myotab/run.h"
#include "run/synth.h"

static char dir[] = "/tmp/myotab-synth-XXXXXX";

/* --- help: a folder of its own for each test, files as bytes, tables, signals --- */

static inline void setup(void) {
    memcpy(dir + sizeof dir - 7, "XXXXXX", 6);
    ck_assert_ptr_nonnull(mkdtemp(dir));
}

static inline int n_files(void) {
    int n = 0;
    DIR *d = opendir(dir);
    ck_assert_ptr_nonnull(d);
    for (const struct dirent *e; (e = readdir(d));) {
        n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    }
    closedir(d);
    return n;
}

static inline void in_dir(char *path, size_t cap, const char *name) {
    snprintf(path, cap, "%s/%s", dir, name);
}

static inline void teardown(void) {
    char path[512];
    DIR *d = opendir(dir);
    for (const struct dirent *e; d && (e = readdir(d));) {
        in_dir(path, sizeof path, e->d_name);
        remove(path);
    }
    if (d) {
        closedir(d);
    }
    rmdir(dir);
}

static inline myo_err try_make(const char *scenario, uint64_t seed, const char *const *settings,
                               myo_diag *d) {
    const myo_synth_job job = {
        .scenario = scenario, .out_dir = dir, .seed = seed, .settings = settings};
    return myo_synth(&job, d);
}

#define MAKE(scenario, seed, ...) make(scenario, seed, (const char *const[]){__VA_ARGS__, NULL})
static inline void make(const char *scenario, uint64_t seed, const char *const *settings) {
    myo_diag d = {0};
    const myo_err e = try_make(scenario, seed, settings, &d);
    ck_assert_msg(e == MYO_OK, "%s: %s", scenario, d.message);
    ck_assert_int_eq(d.n_warnings, 0);
}

static inline void slurp(const char *name, myo_buf *b) {
    char path[512];
    in_dir(path, sizeof path, name);
    *b = (myo_buf){0};
    ck_assert_int_eq(myo_slurp(path, 1 << 28, b, NULL), MYO_OK);
}

static inline bool same_file(const char *a, const char *b) {
    myo_buf p, q;
    slurp(a, &p);
    slurp(b, &q);
    const bool same = p.n == q.n && memcmp(p.s, q.s, p.n) == 0;
    myo_buf_clear(&p);
    myo_buf_clear(&q);
    return same;
}

typedef struct truth {
    double on, dur, snr, freq, drive, amp;
    myo_class cls;
    int site, n_bursts, faint;
} truth;

enum { MAX_TRUTH = 20000 };
static truth row[MAX_TRUTH];
static int n_row;

static inline double number(const char *s) {
    return strcmp(s, "n/a") == 0 ? (double)NAN : atof(s);
}

static inline int site_of(const char *channel) {
    return strcmp(channel, "acc") == 0
               ? 0
               : atoi(channel + (strncmp(channel, "EMG", 3) == 0 ? 3 : 0)) - 1;
}

static inline void read_truth(const char *name) {
    myo_buf b;
    slurp(name, &b);
    char *line_end, *line = strtok_r(b.s, "\n", &line_end);
    ck_assert_str_eq(
        line,
        "onset\tduration\ttrial_type\tchannel\tsnr_db\tfreq_hz\tn_bursts\tdrive_onset\tfaint\t"
        "amplitude\tunit");
    for (n_row = 0; (line = strtok_r(NULL, "\n", &line_end)); n_row++) {
        char *cell[11], *cell_end = NULL;
        for (int i = 0; i < 11; i++) {
            cell[i] = strtok_r(i ? NULL : line, "\t", &cell_end);
            ck_assert_ptr_nonnull(cell[i]);
        }
        ck_assert_int_lt(n_row, MAX_TRUTH);
        row[n_row] = (truth){.on = number(cell[0]),
                             .dur = number(cell[1]),
                             .snr = number(cell[4]),
                             .freq = number(cell[5]),
                             .n_bursts = atoi(cell[6]),
                             .drive = number(cell[7]),
                             .faint = atoi(cell[8]),
                             .amp = number(cell[9]),
                             .site = site_of(cell[3])};
        row[n_row].cls = (myo_class)myo_class_from_name(cell[2]);
    }
    myo_buf_clear(&b);
}

static inline int count(myo_class cls) {
    int n = 0;
    for (int i = 0; i < n_row; i++) {
        n += row[i].cls == cls;
    }
    return n;
}

/* One signal of an EDF file, read by EDFlib. */
typedef struct signal {
    double *x, fs;
    int64_t n;
} signal;

static inline signal read_edf(const char *name, int col) {
    static struct edf_hdr_struct h;
    char path[512];
    in_dir(path, sizeof path, name);
    ck_assert_int_eq(edfopen_file_readonly(path, &h, EDFLIB_DO_NOT_READ_ANNOTATIONS), 0);
    const struct edf_param_struct *p = &h.signalparam[col];
    signal s = {.n = p->smp_in_file};
    s.fs = (double)p->smp_in_datarecord / ((double)h.datarecord_duration / EDFLIB_TIME_DIMENSION);
    s.x = malloc((size_t)s.n * sizeof *s.x);
    ck_assert_int_eq(edfread_physical_samples(h.handle, col, (int)s.n, s.x), (int)s.n);
    edfclose_file(h.handle);
    return s;
}

static inline double rms(const double *x, int64_t n) {
    double mean = 0.0, sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        mean += x[i] / (double)n;
    }
    for (int64_t i = 0; i < n; i++) {
        sum += (x[i] - mean) * (x[i] - mean);
    }
    return sqrt(sum / (double)n);
}

/* Power at hz, by the definition. */
static inline double power_at(const double *x, int64_t n, double fs, double hz) {
    double re = 0.0, im = 0.0;
    for (int64_t i = 0; i < n; i++) {
        const double w = 0.5 - 0.5 * cos(2.0 * M_PI * ((double)i + 0.5) / (double)n);
        re += w * x[i] * cos(2.0 * M_PI * hz * (double)i / fs);
        im += w * x[i] * sin(2.0 * M_PI * hz * (double)i / fs);
    }
    return re * re + im * im;
}

#endif
