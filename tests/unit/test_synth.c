/* test_synth.c - synthetic recordings: the same bytes again, truth that is in the samples, physiology in range. */
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

static void setup(void)
{
    memcpy(dir + sizeof dir - 7, "XXXXXX", 6);
    ck_assert_ptr_nonnull(mkdtemp(dir));
}

static int n_files(void)
{
    int n = 0;
    DIR *d = opendir(dir);
    ck_assert_ptr_nonnull(d);
    for (const struct dirent *e; (e = readdir(d));) {
        n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    }
    closedir(d);
    return n;
}

static void in_dir(char *path, size_t cap, const char *name)
{
    snprintf(path, cap, "%s/%s", dir, name);
}

static void teardown(void)
{
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

static myo_err try_make(const char *scenario, uint64_t seed, const char *const *settings, myo_diag *d)
{
    const myo_synth_job job = {.scenario = scenario, .out_dir = dir, .seed = seed, .settings = settings};
    return myo_synth(&job, d);
}

#define MAKE(scenario, seed, ...) make(scenario, seed, (const char *const[]){__VA_ARGS__, NULL})
static void make(const char *scenario, uint64_t seed, const char *const *settings)
{
    myo_diag d = {0};
    const myo_err e = try_make(scenario, seed, settings, &d);
    ck_assert_msg(e == MYO_OK, "%s: %s", scenario, d.message);
    ck_assert_int_eq(d.n_warnings, 0);
}

static void slurp(const char *name, myo_buf *b)
{
    char path[512];
    in_dir(path, sizeof path, name);
    *b = (myo_buf){0};
    ck_assert_int_eq(myo_slurp(path, 1 << 28, b, NULL), MYO_OK);
}

static bool same_file(const char *a, const char *b)
{
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

static double number(const char *s)
{
    return strcmp(s, "n/a") == 0 ? (double)NAN : atof(s);
}

static int site_of(const char *channel)
{
    return strcmp(channel, "acc") == 0 ? 0 : atoi(channel + (strncmp(channel, "EMG", 3) == 0 ? 3 : 0)) - 1;
}

static void read_truth(const char *name)
{
    myo_buf b;
    slurp(name, &b);
    char *line_end, *line = strtok_r(b.s, "\n", &line_end);
    ck_assert_str_eq(line, "onset\tduration\ttrial_type\tchannel\tsnr_db\tfreq_hz\tn_bursts\tdrive_onset\tfaint\t"
                           "amplitude\tunit");
    for (n_row = 0; (line = strtok_r(NULL, "\n", &line_end)); n_row++) {
        char *cell[11], *cell_end = NULL;
        for (int i = 0; i < 11; i++) {
            cell[i] = strtok_r(i ? NULL : line, "\t", &cell_end);
            ck_assert_ptr_nonnull(cell[i]);
        }
        ck_assert_int_lt(n_row, MAX_TRUTH);
        row[n_row] = (truth){.on = number(cell[0]), .dur = number(cell[1]), .snr = number(cell[4]),
                             .freq = number(cell[5]), .n_bursts = atoi(cell[6]), .drive = number(cell[7]),
                             .faint = atoi(cell[8]), .amp = number(cell[9]), .site = site_of(cell[3])};
        row[n_row].cls = (myo_class)myo_class_from_name(cell[2]);
    }
    myo_buf_clear(&b);
}

static int count(myo_class cls)
{
    int n = 0;
    for (int i = 0; i < n_row; i++) {
        n += row[i].cls == cls;
    }
    return n;
}

/* One signal of an EDF file, read by EDFlib. */
typedef struct signal { double *x, fs; int64_t n; } signal;

static signal read_edf(const char *name, int col)
{
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

static double rms(const double *x, int64_t n)
{
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
static double power_at(const double *x, int64_t n, double fs, double hz)
{
    double re = 0.0, im = 0.0;
    for (int64_t i = 0; i < n; i++) {
        const double w = 0.5 - 0.5 * cos(2.0 * M_PI * ((double)i + 0.5) / (double)n);
        re += w * x[i] * cos(2.0 * M_PI * hz * (double)i / fs);
        im += w * x[i] * sin(2.0 * M_PI * hz * (double)i / fs);
    }
    return re * re + im * im;
}

/* --- the same again --- */

START_TEST(seed_gives_the_same_bytes)
{
    MAKE("emg-hard", 7, "duration_s=40", "name=a");
    MAKE("emg-hard", 7, "duration_s=40", "name=b");
    ck_assert(same_file("a.edf", "b.edf"));
    ck_assert(same_file("a_truth.tsv", "b_truth.tsv"));
    ck_assert(same_file("a_truth_bursts.tsv", "b_truth_bursts.tsv"));
    MAKE("emg-hard", 8, "duration_s=40", "name=c");
    ck_assert(!same_file("a.edf", "c.edf"));
    ck_assert(!same_file("a_truth.tsv", "c_truth.tsv"));
}
END_TEST

static const char *const chunks[] = {"chunk_s=0.01", "chunk_s=0.4321", "chunk_s=7", "chunk_s=60"};

START_TEST(chunk_length_changes_nothing)
{
    const char *const scenario = _i % 2 ? "acc-hard" : "emg-hard";
    const char *const length = _i % 2 ? "duration_s=120" : "duration_s=30";
    MAKE(scenario, 3, length, "name=one", "missing_per_min=30");
    MAKE(scenario, 3, length, "name=other", "missing_per_min=30", chunks[_i / 2]);
    ck_assert(same_file("one.edf", "other.edf"));
    ck_assert(same_file("one_truth.tsv", "other_truth.tsv"));
    ck_assert(same_file("one_truth_bursts.tsv", "other_truth_bursts.tsv"));
}
END_TEST

START_TEST(corruptions_leave_the_events_alone)
{
    MAKE("emg-mixed", 5, "duration_s=60", "name=quiet");
    MAKE("emg-mixed", 5, "duration_s=60", "name=loud", "mains_uv=30", "ecg_uv=100", "wander_uv=100");
    ck_assert(same_file("quiet_truth.tsv", "loud_truth.tsv"));
    ck_assert(!same_file("quiet.edf", "loud.edf"));
}
END_TEST

/* --- truth is in the samples --- */

START_TEST(edges_hold_95_percent_of_the_energy)
{
    MAKE("emg-jerks", 11 + (uint64_t)_i, "clean=1", "duration_s=120", "n_channels=1", "snr_db=20", "lsb=0.02",
         "jerk_gap_s=0.4");
    read_truth("emg-jerks_truth.tsv");
    const signal s = read_edf("emg-jerks.edf", 0);
    ck_assert_int_ge(n_row, 10);
    for (int i = 0; i < n_row; i++) {
        const int64_t from = (int64_t)((row[i].on - 0.15) * s.fs), to = (int64_t)((row[i].on + row[i].dur + 0.15) * s.fs);
        double all = 0.0, sum = 0.0, on = -1.0, off = -1.0;
        for (int64_t k = from; k < to; k++) {
            all += s.x[k] * s.x[k];
        }
        for (int64_t k = from; k < to; k++) {
            sum += s.x[k] * s.x[k];
            on = on < 0.0 && sum >= 0.025 * all ? (double)k / s.fs : on;
            off = off < 0.0 && sum >= 0.975 * all ? (double)(k + 1) / s.fs : off;
        }
        ck_assert_double_eq_tol(on, row[i].on, 0.0011);
        ck_assert_double_eq_tol(off, row[i].on + row[i].dur, 0.0011);
    }
    free(s.x);
}
END_TEST

START_TEST(snr_is_burst_power_over_noise_power)
{
    MAKE("emg-jerks", 21, "clean=1", "duration_s=180", "n_channels=1", "noise_uv=5", "snr_db=10", "lsb=0.02");
    read_truth("emg-jerks_truth.tsv");
    const signal s = read_edf("emg-jerks.edf", 0);
    double sum = 0.0;
    for (int i = 0; i < n_row; i++) {
        double power = 0.0;
        const int64_t from = (int64_t)(row[i].on * s.fs + 0.5), n = (int64_t)(row[i].dur * s.fs + 0.5);
        for (int64_t k = 0; k < n; k++) {
            power += s.x[from + k] * s.x[from + k] / (double)n;
        }
        /* The samples' power is over the whole band: a little more than in 20-450 Hz. */
        const double db = 10.0 * log10(power / 25.0);
        ck_assert_double_ge(db, row[i].snr - 0.2);
        ck_assert_double_le(db, row[i].snr + 1.5);
        sum += row[i].snr;
    }
    ck_assert_double_eq_tol(sum / n_row, 10.0, 4.0 * 3.0 / sqrt(n_row));
    free(s.x);
}
END_TEST

START_TEST(faint_is_energy_under_16_db)
{
    MAKE("emg-jerks", 5, "snr_db=2", "duration_s=300");
    read_truth("emg-jerks_truth.tsv");
    int n = 0;
    for (int i = 0; i < n_row; i++) {
        const double energy_db = row[i].snr + 10.0 * log10(row[i].dur * 430.0);
        if (fabs(energy_db - 16.0) > 0.05) {
            ck_assert_int_eq(row[i].faint, energy_db < 16.0);
        }
        n += row[i].faint;
    }
    ck_assert_int_gt(n, n_row / 10);
    ck_assert_int_lt(n, n_row);
}
END_TEST

START_TEST(noise_floor_is_what_was_asked)
{
    MAKE("emg-noise", 1, "duration_s=60", "pink_hz=0", "noise_uv=4");
    const signal s = read_edf("emg-noise.edf", 1);
    /* White to 1000 Hz, 430 Hz of it in the band. */
    ck_assert_double_eq_tol(rms(s.x, s.n) * sqrt(430.0 / 1000.0), 4.0, 0.05);
    free(s.x);
    read_truth("emg-noise_truth.tsv");
    ck_assert_int_eq(n_row, 0);
}
END_TEST

START_TEST(nothing_planned_nothing_found)
{
    MAKE("emg-noise", 1, "duration_s=10", "clean=1");
    const signal s = read_edf("emg-noise.edf", 0);
    ck_assert_double_eq_tol(rms(s.x, s.n), 0.0, 1e-9);
    free(s.x);
}
END_TEST

/* --- physiology --- */

static void emg_world(syn_world *w, syn_conf *c, uint64_t seed)
{
    ck_assert_int_eq(syn_conf_load(c, "emg-mixed", NULL, NULL), MYO_OK);
    ck_assert_int_eq(syn_world_make(w, c, seed, 0, 0), MYO_OK);
}

START_TEST(potentials_have_3_to_5_phases_and_6_to_15_ms)
{
    syn_conf c;
    syn_world w;
    emg_world(&w, &c, (uint64_t)_i);
    double least = 1e9, most = 0.0;
    for (int u = 0; u < SYN_UNITS; u++) {
        const syn_muscle *m = &w.muscle[0];
        const float *t = m->w + (size_t)u * SYN_SHIFTS * (size_t)m->len;
        double top = 0.0;
        for (int k = 0; k < m->len; k++) {
            top = fmax(top, fabs((double)t[k]));
        }
        int phases = 0, sign = 0, first = -1, last = -1;
        for (int k = 0; k < m->len; k++) {
            const int now = t[k] > 0.065 * top ? 1 : t[k] < -0.065 * top ? -1 : 0;
            phases += now && now != sign;
            sign = now ? now : sign;
            if (fabs((double)t[k]) > 0.1 * top) {
                first = first < 0 ? k : first;
                last = k;
            }
        }
        const double ms = (last - first + 1) / w.fs * 1e3;
        ck_assert_int_ge(phases, 2); /* a lobe may fall between two samples */
        ck_assert_int_le(phases, 5);
        ck_assert_double_ge(ms, 5.4);
        ck_assert_double_le(ms, 15.6);
        least = fmin(least, m->size[u]);
        most = fmax(most, m->size[u]);
    }
    ck_assert_double_ge(most / least, 30.0);
    syn_world_clear(&w);
}
END_TEST

/* Voluntary contractions of many muscles: 80 % of the power in 20-250 Hz, median frequency 60-120 Hz. */
START_TEST(spectrum_is_that_of_surface_emg)
{
    double sum = 0.0;
    for (uint64_t seed = 0; seed < 12; seed++) {
        syn_conf c;
        syn_world w;
        syn_clip k;
        emg_world(&w, &c, 100 + seed);
        const syn_event e = {.cls = MYO_VOLUNTARY, .t0 = 5.0, .span = 1.0, .own = seed + 1, .level = 20.0};
        ck_assert_int_eq(syn_render(&w, &e, &k), MYO_OK);
        double *x = malloc((size_t)k.n * sizeof *x), all = 0.0, band = 0.0, half = 0.0, median = 0.0, p[700];
        for (int64_t i = 0; i < k.n; i++) {
            x[i] = k.x[0][i];
        }
        for (int hz = 1; hz < 700; hz++) {
            p[hz] = power_at(x, k.n, w.fs, hz);
            all += p[hz];
            band += hz >= 20 && hz <= 250 ? p[hz] : 0.0;
        }
        for (int hz = 1; half < 0.5 * all; hz++) {
            half += p[hz];
            median = hz;
        }
        ck_assert_double_ge(band / all, 0.8);
        ck_assert_double_ge(median, 60.0);
        ck_assert_double_le(median, 135.0);
        sum += median / 12.0;
        free(x);
        syn_clip_clear(&k);
        syn_world_clear(&w);
    }
    ck_assert_double_ge(sum, 60.0);
    ck_assert_double_le(sum, 120.0);
}
END_TEST

START_TEST(jerk_types_differ_in_length)
{
    const char *const mix[3][2] = {{"jerk_short=1", "jerk_long=0"}, {"jerk_short=0", "jerk_long=0"},
                                   {"jerk_short=0", "jerk_long=1"}};
    const double lo[3] = {0.010, 0.020, 0.050}, hi[3] = {0.060, 0.120, 0.270};
    double mean[3] = {0};
    for (int i = 0; i < 3; i++) {
        MAKE("emg-jerks", 9, mix[i][0], mix[i][1], "name=j");
        read_truth("j_truth.tsv");
        int in = 0;
        for (int k = 0; k < n_row; k++) {
            mean[i] += row[k].dur / n_row;
            in += row[k].dur >= lo[i] && row[k].dur <= hi[i];
        }
        ck_assert_int_ge(in, n_row * 85 / 100);
    }
    ck_assert_double_lt(mean[0], 0.045);
    ck_assert_double_lt(mean[0], mean[1]);
    ck_assert_double_lt(mean[1], mean[2]);
}
END_TEST

START_TEST(jerks_are_irregular_and_keep_their_gap)
{
    MAKE("emg-jerks", 3, "duration_s=600", "n_channels=1");
    read_truth("emg-jerks_truth.tsv");
    double sum = 0.0, sq = 0.0;
    for (int i = 1; i < n_row; i++) {
        const double ibi = row[i].on - row[i - 1].on;
        ck_assert_double_ge(row[i].on - row[i - 1].on - row[i - 1].dur, 0.2);
        sum += ibi;
        sq += ibi * ibi;
    }
    const double mean = sum / (n_row - 1);
    ck_assert_double_ge(sqrt(sq / (n_row - 1) - mean * mean) / mean, 0.5);
    /* 15 a minute asked for: Poisson, +-4 SD. */
    ck_assert_double_eq_tol(n_row, 150.0, 50.0);
}
END_TEST

START_TEST(all_six_classes_are_there_and_apart)
{
    MAKE("emg-mixed", (uint64_t)_i, "name=m");
    read_truth("m_truth.tsv");
    ck_assert_int_ge(count(MYO_JERK), 10);
    ck_assert_int_ge(count(MYO_CRAMP), 1);
    ck_assert_int_ge(count(MYO_TREMOR), 1);
    ck_assert_int_ge(count(MYO_TETANY), 1);
    ck_assert_int_ge(count(MYO_FASCICULATION), 1);
    ck_assert_int_ge(count(MYO_VOLUNTARY), 4);
    for (int i = 0; i < n_row; i++) {
        ck_assert_double_gt(row[i].dur, 0.0);
        ck_assert_double_ge(row[i].on, row[i ? i - 1 : 0].on);
        for (int k = i + 1; k < n_row; k++) {
            if (row[k].site == row[i].site && row[k].cls != row[i].cls) {
                ck_assert_double_ge(row[k].on - row[i].on - row[i].dur, 1.4);
            }
        }
    }
}
END_TEST

START_TEST(cramps_are_long_and_strong)
{
    MAKE("emg-cramp", 2, "snr_db=5");
    read_truth("emg-cramp_truth.tsv");
    ck_assert_int_ge(count(MYO_CRAMP), 3);
    for (int i = 0; i < n_row; i++) {
        if (row[i].cls == MYO_CRAMP) {
            ck_assert_double_ge(row[i].dur, 5.0);
            ck_assert_double_ge(row[i].snr, 14.0);
            ck_assert_int_eq(row[i].n_bursts, 1);
        }
        if (row[i].cls == MYO_TETANY) {
            ck_assert_double_ge(row[i].dur, 10.0);
            ck_assert_double_ge(row[i].freq, 3.5);
            ck_assert_double_le(row[i].freq, 16.0);
        }
    }
}
END_TEST

START_TEST(tremor_cycles_jitter_by_3_to_8_percent)
{
    syn_conf c;
    syn_world w;
    emg_world(&w, &c, 4);
    const syn_event e = {.cls = MYO_TREMOR, .span = 60.0, .common = (uint64_t)_i * 2 + 2};
    double *t, freq, sq = 0.0;
    int n;
    ck_assert_int_eq(syn_cycles(&w, &e, 60.0, &t, &n, &freq), MYO_OK);
    for (int i = 0; i + 1 < n; i++) {
        sq += pow((t[i + 1] - t[i]) * freq - 1.0, 2) / (n - 1);
    }
    ck_assert_double_ge(sqrt(sq), 0.022);
    ck_assert_double_le(sqrt(sq), 0.10);
    ck_assert_double_ge(freq, 3.3);
    ck_assert_double_le(freq, 11.7);
    myo_free(t);
    syn_world_clear(&w);
}
END_TEST

START_TEST(fasciculations_repeat_one_wave)
{
    MAKE("emg-mixed", 6, "jerk_per_min=0", "tremor_per_min=0", "cramp_per_min=0", "tetany_per_min=0",
         "voluntary_per_min=0", "fasciculation_per_min=1", "fasc_lo=0.8", "n_channels=1", "clean=1", "snr_db=25",
         "episode_max_s=60");
    read_truth("emg-mixed_truth.tsv");
    const signal s = read_edf("emg-mixed.edf", 0);
    ck_assert_int_ge(n_row, 30);
    int alike = 0, echoes = 0;
    for (int i = 0; i < n_row; i++) {
        int like_this = 0;
        for (int k = 0; k < n_row; k++) {
            like_this += fabs(row[k].amp / row[i].amp - 1.0) < 0.1;
        }
        alike = like_this > alike ? like_this : alike;
        echoes += row[i].dur > 0.03;
        ck_assert_double_le(row[i].dur, 0.06);
    }
    ck_assert_int_ge(alike, n_row / 2); /* the favourite unit */
    ck_assert_int_ge(echoes, 1);
    ck_assert_int_le(echoes, n_row / 4);
    free(s.x);
}
END_TEST

START_TEST(synchronous_jerks_come_within_30_ms)
{
    MAKE("emg-jerks", 12, "jerk_sync=1", "n_channels=2", "jerk_long=0");
    read_truth("emg-jerks_truth.tsv");
    int pairs = 0;
    for (int i = 0; i + 1 < n_row; i++) {
        pairs += row[i].site != row[i + 1].site && row[i + 1].on - row[i].on < 0.09;
    }
    ck_assert_int_ge(pairs, n_row * 4 / 10);
}
END_TEST

/* --- corruptions --- */

START_TEST(hum_stands_at_its_frequency)
{
    MAKE("emg-noise", 3, "duration_s=10", "mains_uv=20", "mains_hz=60", "mains_drift_hz=0");
    const signal s = read_edf("emg-noise.edf", 0);
    const double hum = power_at(s.x, s.n, s.fs, 60.0);
    ck_assert_double_gt(hum, 300.0 * power_at(s.x, s.n, s.fs, 53.0));
    ck_assert_double_gt(hum, 300.0 * power_at(s.x, s.n, s.fs, 67.0));
    ck_assert_double_gt(power_at(s.x, s.n, s.fs, 120.0), 3.0 * power_at(s.x, s.n, s.fs, 127.0));
    /* Peak amplitude 12-20 uV: Hann window, |X| = a n / 4. */
    const double peak = sqrt(hum) * 4.0 / (double)s.n;
    ck_assert_double_ge(peak, 11.0);
    ck_assert_double_le(peak, 21.0);
    free(s.x);
}
END_TEST

START_TEST(heart_beats_60_to_110_a_minute)
{
    MAKE("emg-noise", 5, "duration_s=60", "ecg_uv=300", "noise_uv=1");
    const signal s = read_edf("emg-noise.edf", 0);
    double top = 0.0;
    for (int64_t i = 0; i < s.n; i++) {
        top = fmax(top, fabs(s.x[i]));
    }
    int beats = 0;
    int64_t last = -10000;
    for (int64_t i = 0; i < s.n; i++) {
        if (fabs(s.x[i]) > 0.6 * top && i - last > (int64_t)(0.3 * s.fs)) {
            beats++;
            last = i;
        }
    }
    ck_assert_int_ge(beats, 55);
    ck_assert_int_le(beats, 118);
    ck_assert_double_ge(top, 100.0);
    free(s.x);
}
END_TEST

START_TEST(artefacts_are_listed_and_there)
{
    MAKE("emg-artefacts", 3, "duration_s=120", "mains_uv=0", "ecg_uv=0", "wander_uv=0", "pink_hz=0");
    read_truth("emg-artefacts_truth.tsv");
    ck_assert_int_eq(count(MYO_ARTEFACT), n_row);
    ck_assert_int_ge(n_row, 20);
    int flat = 0;
    for (int i = 0; i < n_row; i++) {
        const signal s = read_edf("emg-artefacts.edf", row[i].site);
        const double level = rms(s.x + (int64_t)(row[i].on * s.fs), (int64_t)(row[i].dur * s.fs));
        /* Dropouts have no amplitude and next to no noise; the others stand above it. */
        if (isnan(row[i].amp)) {
            ck_assert_double_lt(level, 1.0);
            flat++;
        } else {
            ck_assert_double_gt(level, 6.0);
        }
        free(s.x);
    }
    ck_assert_int_ge(flat, 1);
}
END_TEST

START_TEST(crosstalk_reaches_the_neighbour_only)
{
    MAKE("emg-jerks", 4, "clean=1", "crosstalk=0.2", "jerk_sync=0", "snr_db=30", "duration_s=60", "name=x");
    read_truth("x_truth.tsv");
    int seen = 0;
    for (int i = 0; i < n_row; i++) {
        if (row[i].site != 0) {
            continue;
        }
        double level[3];
        bool alone = true;
        for (int k = 0; k < n_row; k++) {
            alone = alone && (k == i || fabs(row[k].on - row[i].on) > 0.5);
        }
        for (int col = 0; col < 3; col++) {
            const signal s = read_edf("x.edf", col);
            level[col] = rms(s.x + (int64_t)(row[i].on * s.fs), (int64_t)(row[i].dur * s.fs));
            free(s.x);
        }
        if (alone) {
            ck_assert_double_gt(level[1], 0.02 * level[0]);
            ck_assert_double_lt(level[1], 0.25 * level[0]);
            ck_assert_double_lt(level[2], 1e-9);
            seen++;
        }
    }
    ck_assert_int_ge(seen, 1);
}
END_TEST

START_TEST(converter_clips_at_its_rail)
{
    MAKE("emg-clean", 4, "rail=20", "duration_s=60");
    const signal s = read_edf("emg-clean.edf", 0);
    int at_rail = 0;
    for (int64_t i = 0; i < s.n; i++) {
        ck_assert_double_le(fabs(s.x[i]), 20.0 + 1e-9);
        at_rail += fabs(s.x[i]) > 20.0 - 1e-6;
    }
    ck_assert_int_gt(at_rail, 3);
    free(s.x);
}
END_TEST

/* --- accelerometer --- */

START_TEST(rest_is_one_g)
{
    MAKE("acc-noise", (uint64_t)_i, "duration_s=30");
    signal s[3];
    for (int a = 0; a < 3; a++) {
        s[a] = read_edf("acc-noise.edf", a);
    }
    double mean = 0.0;
    for (int64_t i = 0; i < s[0].n; i++) {
        mean += sqrt(s[0].x[i] * s[0].x[i] + s[1].x[i] * s[1].x[i] + s[2].x[i] * s[2].x[i]) / (double)s[0].n;
    }
    ck_assert_double_eq_tol(mean, 1.0, 0.006);
    /* 100-300 ug per root Hz over 50 Hz: 0.7-2.1 mg, and some for 1/f and steps of 0.5 mg. */
    for (int a = 0; a < 3; a++) {
        ck_assert_double_ge(rms(s[a].x, s[a].n), 0.0006);
        ck_assert_double_le(rms(s[a].x, s[a].n), 0.0045);
        free(s[a].x);
    }
}
END_TEST

START_TEST(tremor_of_the_limb_has_the_frequency_of_the_truth)
{
    MAKE("acc-mixed", 30 + (uint64_t)_i, "clean=1", "jerk_per_min=0", "voluntary_per_min=0", "turn_per_min=0",
         "tremor_per_min=1.5", "lsb=0.0001", "duration_s=300", "rail=3");
    read_truth("acc-mixed_truth.tsv");
    ck_assert_int_ge(n_row, 3);
    for (int i = 0; i < n_row; i++) {
        ck_assert_int_eq(row[i].cls, MYO_TREMOR);
        double best = 0.0, at = 0.0;
        for (double hz = 2.0; hz < 13.0; hz += 0.02) {
            double p = 0.0;
            for (int a = 0; a < 3; a++) {
                static signal s[3];
                s[a] = s[a].x && hz > 2.0 ? s[a] : read_edf("acc-mixed.edf", a);
                p += power_at(s[a].x + (int64_t)(row[i].on * s[a].fs), (int64_t)(row[i].dur * s[a].fs), s[a].fs, hz);
            }
            at = p > best ? hz : at;
            best = fmax(best, p);
        }
        ck_assert_double_eq_tol(at, row[i].freq, 0.08 * row[i].freq);
        ck_assert_double_ge(row[i].amp, 0.02);
        ck_assert_double_le(row[i].amp, 0.9);
        ck_assert_double_ge(row[i].on, row[i].drive);
    }
}
END_TEST

START_TEST(reaches_and_jerks_return_to_rest)
{
    MAKE("acc-mixed", 5, "clean=1", "turn_per_min=0", "lsb=0.0001", "rail=3", "duration_s=300");
    read_truth("acc-mixed_truth.tsv");
    ck_assert_int_ge(count(MYO_JERK), 10);
    ck_assert_int_ge(count(MYO_VOLUNTARY), 3);
    const signal s = read_edf("acc-mixed.edf", 0);
    ck_assert_double_eq_tol(s.fs, 100.0, 1e-9);
    ck_assert_double_eq_tol(s.x[0], s.x[s.n - 1], 0.0011);
    for (int i = 0; i < n_row; i++) {
        const double min_on = row[i].cls == MYO_JERK ? 0.02 : -0.2; /* a jerk comes after its delay */
        ck_assert_double_ge(row[i].on - row[i].drive, min_on);
        if (row[i].cls == MYO_JERK) {
            ck_assert_double_ge(row[i].amp, 0.04);
            ck_assert_double_le(row[i].amp, 1.8);
            ck_assert_double_ge(row[i].dur, 0.08);
            ck_assert_double_le(row[i].dur, 1.3);
        }
    }
    free(s.x);
}
END_TEST

/* --- files --- */

START_TEST(formats_hold_the_same_samples)
{
    MAKE("emg-mixed", 9, "duration_s=12", "name=f", "format=edf");
    MAKE("emg-mixed", 9, "duration_s=12", "name=f", "format=csv");
    MAKE("emg-mixed", 9, "duration_s=12", "name=f", "format=wav");
    const signal s[2] = {read_edf("f.edf", 0), read_edf("f.edf", 1)};
    myo_buf csv, wav;
    slurp("f.csv", &csv);
    slurp("f.wav", &wav);
    ck_assert_uint_eq(wav.n, 58 + (size_t)s[0].n * 8);
    char *p = strchr(csv.s, '\n');
    ck_assert(strncmp(csv.s, "time,EMG1 (uV),EMG2 (uV)\n", 25) == 0);
    for (int64_t i = 0; i < s[0].n; i++) {
        const double t = strtod(p + 1, &p);
        ck_assert_double_eq_tol(t, (double)i / s[0].fs, 1e-6);
        for (int c = 0; c < 2; c++) {
            float f;
            memcpy(&f, wav.s + 58 + (size_t)(i * 2 + c) * 4, 4);
            ck_assert_double_eq_tol(strtod(p + 1, &p), s[c].x[i], 1e-6);
            ck_assert_double_eq_tol((double)f, s[c].x[i], 1e-3);
        }
    }
    ck_assert_str_eq(p, "\n");
    free(s[0].x);
    free(s[1].x);
    myo_buf_clear(&csv);
    myo_buf_clear(&wav);
}
END_TEST

START_TEST(wav_has_a_sidecar_and_counts_its_channels)
{
    MAKE("emg-jerks", 9, "duration_s=20", "name=w", "format=wav");
    myo_buf b;
    slurp("w.json", &b);
    ck_assert_ptr_nonnull(strstr(b.s, "\"Units\": \"uV\""));
    ck_assert_ptr_nonnull(strstr(b.s, "\"SamplingFrequency\": 2000"));
    myo_buf_clear(&b);
    slurp("w_truth.tsv", &b);
    ck_assert_ptr_nonnull(strstr(b.s, "\tjerk\t2\t"));
    ck_assert_ptr_null(strstr(b.s, "EMG"));
    myo_buf_clear(&b);
}
END_TEST

START_TEST(odd_rates_are_kept)
{
    MAKE("emg-mixed", 9, "duration_s=10", "fs=1259.259", "format=csv", "name=odd");
    myo_buf b;
    slurp("odd.csv", &b);
    int lines = 0;
    for (size_t i = 0; i < b.n; i++) {
        lines += b.s[i] == '\n';
    }
    ck_assert_int_eq(lines, 1 + 12593);
    ck_assert_ptr_nonnull(strstr(b.s, "\n0.000794,"));
    myo_buf_clear(&b);
    MAKE("acc-mixed", 9, "duration_s=30", "fs=62.5", "name=half");
    const signal s = read_edf("half.edf", 2);
    ck_assert_int_eq(s.n, 1875);
    ck_assert_double_eq_tol(s.fs, 62.5, 1e-9);
    free(s.x);
}
END_TEST

START_TEST(missing_samples_are_written_as_such)
{
    MAKE("emg-noise", 9, "duration_s=60", "fs=500", "format=csv", "missing_per_min=100", "n_channels=1");
    myo_buf b;
    slurp("emg-noise.csv", &b);
    int n = 0;
    for (const char *p = b.s; (p = strstr(p, ",n/a\n")); p++) {
        n++;
    }
    ck_assert_int_ge(n, 60);
    ck_assert_int_le(n, 140);
    myo_buf_clear(&b);
}
END_TEST

START_TEST(edf_header_is_fixed)
{
    MAKE("emg-noise", 9, "duration_s=10", "n_channels=3");
    myo_buf b;
    slurp("emg-noise.edf", &b);
    ck_assert(memcmp(b.s, "0       X X X X ", 16) == 0);
    ck_assert(memcmp(b.s + 168, "01.01.2000.00.001024    ", 24) == 0);
    ck_assert_uint_eq(b.n, 1024 + 10 * 3 * 2000 * 2);
    myo_buf_clear(&b);
}
END_TEST

START_TEST(pre_post_halves_the_rate)
{
    MAKE("pre-post", 5, "participants=6", "duration_s=300", "fs=500");
    int n[2] = {0};
    char name[64];
    for (int p = 1; p <= 6; p++) {
        for (int i = 0; i < 2; i++) {
            snprintf(name, sizeof name, "p%02d_%s_truth.tsv", p, i ? "post" : "pre");
            read_truth(name);
            n[i] += count(MYO_JERK);
        }
    }
    ck_assert_int_ge(n[0], 120);
    ck_assert_double_eq_tol((double)n[1] / n[0], 0.5, 0.17);
    myo_buf b;
    slurp("manifest.tsv", &b);
    static const char head[] = "path\tparticipant_id\tsession_id\tcondition\np01_pre.edf\tp01\tpre\tpre\n";
    ck_assert(strncmp(b.s, head, sizeof head - 1) == 0);
    ck_assert_ptr_nonnull(strstr(b.s, "\np06_post.edf\tp06\tpost\tpost\n"));
    myo_buf_clear(&b);
    ck_assert(!same_file("p01_pre.edf", "p02_pre.edf"));
}
END_TEST

/* Counts in 30-s bins: variance over mean is near 1 without, well above with clusters. */
static double fano(const char *setting)
{
    MAKE("emg-noise", 8, "jerk_per_min=4", "duration_s=7200", "n_channels=1", "fs=500", setting);
    read_truth("emg-noise_truth.tsv");
    double n[241] = {0}, mean = 0.0, var = 0.0;
    for (int i = 0; i < n_row; i++) {
        n[(int)(row[i].on / 30.0)] += 1.0;
    }
    for (int i = 0; i < 240; i++) {
        mean += n[i] / 240.0;
    }
    for (int i = 0; i < 240; i++) {
        var += (n[i] - mean) * (n[i] - mean) / 239.0;
    }
    ck_assert_double_eq_tol(mean, 2.0, 0.6);
    return var / mean;
}

START_TEST(fano_factor_is_kept)
{
    const double poisson = fano("jerk_fano=1"), clustered = fano("jerk_fano=5");
    ck_assert_double_ge(poisson, 0.7);
    ck_assert_double_le(poisson, 1.35);
    ck_assert_double_ge(clustered, 2.5);
    ck_assert_double_le(clustered, 7.5);
}
END_TEST

/* --- settings --- */

static void write_file(const char *name, const char *text, char *path, size_t cap)
{
    in_dir(path, cap, name);
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
}

START_TEST(json_equals_settings)
{
    char path[512];
    write_file("mine.json", "{\"base\": \"emg-jerks\", \"fs\": 1000, \"duration_s\": 20, \"jerk_per_h\": 600}", path,
               sizeof path);
    MAKE(path, 4, "snr_db=10");
    MAKE("emg-jerks", 4, "fs=1000", "duration_s=20", "jerk_per_min=10", "snr_db=10");
    ck_assert(same_file("emg-jerks.edf", "emg-jerks.edf"));
    write_file("own.json", "{\"jerk_per_min\": 10, \"n_channels\": 3, \"fs\": 1000, \"duration_s\": 20, \"snr_db\": 10}",
               path, sizeof path);
    MAKE(path, 4, "clean=0");
    ck_assert(same_file("own.edf", "emg-jerks.edf"));
    ck_assert(same_file("own_truth.tsv", "emg-jerks_truth.tsv"));
}
END_TEST

static const struct { const char *scenario, *setting; myo_err err; const char *says; } wrong[] = {
    {"emg-nothing", NULL, MYO_ERR_USAGE, "emg-nothing"},
    {"emg-mixed", "fs", MYO_ERR_PARAM, "key=value"},
    {"emg-mixed", "colour=3", MYO_ERR_PARAM, "colour"},
    {"emg-mixed", "fs=100", MYO_ERR_PARAM, "500"},
    {"emg-mixed", "fs=20000", MYO_ERR_PARAM, "10000"},
    {"acc-mixed", "fs=1000", MYO_ERR_PARAM, "500"},
    {"emg-mixed", "fs=abc", MYO_ERR_PARAM, "abc"},
    {"emg-mixed", "fs=nan", MYO_ERR_PARAM, "nan"},
    {"emg-mixed", "n_channels=65", MYO_ERR_PARAM, "64"},
    {"emg-mixed", "snr_db=1e9", MYO_ERR_PARAM, "60"},
    {"emg-mixed", "jerk_per_h=1e9", MYO_ERR_PARAM, "3600"},
    {"emg-mixed", "format=mp3", MYO_ERR_PARAM, "mp3"},
    {"emg-mixed", "name=../x", MYO_ERR_PARAM, "../x"},
    {"emg-mixed", "name=", MYO_ERR_PARAM, "name"},
    {"emg-mixed", "tremor_lo=12", MYO_ERR_PARAM, "tremor_hi"},
    {"emg-mixed", "fs=1259.259", MYO_ERR_PARAM, "csv"},
    {"acc-mixed", "format=wav", MYO_ERR_PARAM, "WAV"},
    {"no-such-file.json", NULL, MYO_ERR_INPUT, ""},
};

START_TEST(wrong_settings_write_nothing)
{
    myo_diag d = {0};
    const char *const settings[] = {wrong[_i].setting, NULL};
    ck_assert_int_eq(try_make(wrong[_i].scenario, 1, settings, &d), wrong[_i].err);
    ck_assert_msg(strstr(d.message, wrong[_i].says) != NULL, "%s", d.message);
    ck_assert_int_eq(n_files(), 0);
    myo_diag_clear(&d);
}
END_TEST

static const char *const bad_json[] = {
    "", "[]", "{", "{\"fs\": 1000, \"fs\": 1000}", "{\"base\": \"x\"}", "{\"base\": 3}", "{\"fs\": []}",
    "{\"fs\": \"quick\"}", "{\"nothing\": 1}", "{\"fs\": null}", "{\"fs\": 1e400}",
};

START_TEST(bad_json_is_refused)
{
    char path[512];
    myo_diag d = {0};
    write_file("bad.json", bad_json[_i], path, sizeof path);
    ck_assert_int_eq(try_make(path, 1, NULL, &d), MYO_ERR_PARAM);
    ck_assert(d.message[0] != '\0');
    ck_assert_int_eq(n_files(), 1);
    myo_diag_clear(&d);
}
END_TEST

START_TEST(folder_that_cannot_be_is_told)
{
    myo_diag d = {0};
    const myo_synth_job job = {.scenario = "emg-noise", .out_dir = "/proc/no/such", .seed = 1};
    ck_assert_int_eq(myo_synth(&job, &d), MYO_ERR_OUTPUT);
    ck_assert_ptr_nonnull(strstr(d.message, "/proc/no/such"));
    myo_diag_clear(&d);
}
END_TEST

START_TEST(every_scenario_is_listed_and_runs)
{
    char text[8192] = "";
    FILE *f = fmemopen(text, sizeof text, "w");
    myo_synth_list(f);
    fclose(f);
    int n = 0;
    char *end, *line = strtok_r(text, "\n", &end);
    for (; line; line = strtok_r(NULL, "\n", &end), n++) {
        char name[32];
        ck_assert_int_eq(sscanf(line, "%31s", name), 1);
        MAKE(name, 1, "duration_s=10");
    }
    ck_assert_int_ge(n, 12);
}
END_TEST

/* Each allocation fails in turn: no crash, the right code, and in the end the same bytes. */
START_TEST(memory_may_run_out_anywhere)
{
    const char *const scenario = _i ? "acc-mixed" : "emg-mixed";
    const char *const settings[] = {_i ? "fs=25" : "fs=500", "duration_s=20", "n_channels=1", "jerk_per_min=30",
                                    "tremor_per_min=6", "name=m", NULL};
    make(scenario, 2, settings);
    char good[600], now[600];
    in_dir(good, sizeof good, "good");
    in_dir(now, sizeof now, "m.edf");
    ck_assert_int_eq(rename(now, good), 0);
    myo_err e = MYO_ERR_NOMEM;
    for (int64_t n = 1; e != MYO_OK; n++) {
        ck_assert_int_lt(n, 5000);
        myo_diag d = {0};
        myo_mem_fail_at(n);
        e = try_make(scenario, 2, settings, &d);
        myo_mem_fail_at(0);
        ck_assert(e == MYO_OK || e == MYO_ERR_NOMEM);
        myo_diag_clear(&d);
    }
    ck_assert(same_file("good", "m.edf"));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("synth");
    TCase *t = tcase_create("synth");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, seed_gives_the_same_bytes);
    tcase_add_loop_test(t, chunk_length_changes_nothing, 0, 2 * (int)(sizeof chunks / sizeof chunks[0]));
    tcase_add_test(t, corruptions_leave_the_events_alone);
    tcase_add_loop_test(t, edges_hold_95_percent_of_the_energy, 0, 4);
    tcase_add_test(t, snr_is_burst_power_over_noise_power);
    tcase_add_test(t, faint_is_energy_under_16_db);
    tcase_add_test(t, noise_floor_is_what_was_asked);
    tcase_add_test(t, nothing_planned_nothing_found);
    tcase_add_loop_test(t, potentials_have_3_to_5_phases_and_6_to_15_ms, 0, 5);
    tcase_add_test(t, spectrum_is_that_of_surface_emg);
    tcase_add_test(t, jerk_types_differ_in_length);
    tcase_add_test(t, jerks_are_irregular_and_keep_their_gap);
    tcase_add_loop_test(t, all_six_classes_are_there_and_apart, 0, 6);
    tcase_add_test(t, cramps_are_long_and_strong);
    tcase_add_loop_test(t, tremor_cycles_jitter_by_3_to_8_percent, 0, 20);
    tcase_add_test(t, fasciculations_repeat_one_wave);
    tcase_add_test(t, synchronous_jerks_come_within_30_ms);
    tcase_add_test(t, hum_stands_at_its_frequency);
    tcase_add_test(t, heart_beats_60_to_110_a_minute);
    tcase_add_test(t, artefacts_are_listed_and_there);
    tcase_add_test(t, crosstalk_reaches_the_neighbour_only);
    tcase_add_test(t, converter_clips_at_its_rail);
    tcase_add_loop_test(t, rest_is_one_g, 0, 4);
    tcase_add_loop_test(t, tremor_of_the_limb_has_the_frequency_of_the_truth, 0, 2);
    tcase_add_test(t, reaches_and_jerks_return_to_rest);
    tcase_add_test(t, formats_hold_the_same_samples);
    tcase_add_test(t, wav_has_a_sidecar_and_counts_its_channels);
    tcase_add_test(t, odd_rates_are_kept);
    tcase_add_test(t, missing_samples_are_written_as_such);
    tcase_add_test(t, edf_header_is_fixed);
    tcase_add_test(t, pre_post_halves_the_rate);
    tcase_add_test(t, fano_factor_is_kept);
    tcase_add_test(t, json_equals_settings);
    tcase_add_loop_test(t, wrong_settings_write_nothing, 0, (int)(sizeof wrong / sizeof wrong[0]));
    tcase_add_loop_test(t, bad_json_is_refused, 0, (int)(sizeof bad_json / sizeof bad_json[0]));
    tcase_add_test(t, folder_that_cannot_be_is_told);
    tcase_add_test(t, every_scenario_is_listed_and_runs);
    tcase_add_loop_test(t, memory_may_run_out_anywhere, 0, 2);
    suite_add_tcase(s, t);
    SRunner *sr = srunner_create(s);
    srunner_run_all(sr, CK_NORMAL);
    const int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed;
}
