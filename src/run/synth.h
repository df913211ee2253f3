/* synth.h - private to the synthetic recordings: settings, plan, rendered events, truth, writers.
 *
 * settings -> plan (every event of the recording, small) -> stream: noise chunk by chunk; each
 * event is rendered once, whole and noise-free, when the stream reaches it, measured for the truth
 * tables, added to the chunks it touches and dropped. Every event and every noise source has its
 * own random stream, so the chunk length changes nothing. */
#ifndef MYO_RUN_SYNTH_H
#define MYO_RUN_SYNTH_H

#include <stdbool.h>
#include <stdint.h>
#include "base/base.h"
#include "myotab/event.h"

/* A rendered accelerometer event starts and ends with this much rest, s, for the filters of its
 * truth. */
#define SYN_PAD_S 1.0

enum { SYN_MAX_CH = 256, SYN_UNITS = 120, SYN_SHIFTS = 4, SYN_AXES = 3, SYN_FASC = 3 };

/* --- settings (synth_conf.c) --- */
typedef struct syn_conf {
#define S(key, unit, def, lo, hi, help) double key;
#include "run/synth.def"
#undef S
    char name[64];  /* stem of the files */
    char format[8]; /* edf, csv, wav */
} syn_conf;
/* A built-in scenario or a JSON file, then "key=value" overrides (NULL-ended list or NULL). */
myo_err syn_conf_load(syn_conf *c, const char *scenario, const char *const *settings, myo_diag *d);

/* --- random streams: what they are for --- */
typedef enum syn_purpose {
    SYN_R_PERSON = 1,
    SYN_R_MUSCLE,
    SYN_R_PLAN,
    SYN_R_COMMON,
    SYN_R_EVENT,
    SYN_R_NOISE,
    SYN_R_MAINS,
    SYN_R_ECG,
    SYN_R_WANDER,
    SYN_R_LIMB,
    SYN_R_MISSING,
    SYN_R_ROOM
} syn_purpose;

/* A muscle under its electrode: Fuglevand's pool and one surface MUAP per unit. */
typedef struct syn_muscle {
    double rte[SYN_UNITS];   /* recruitment threshold of the drive */
    double pfr[SYN_UNITS];   /* peak firing rate, Hz */
    double size[SYN_UNITS];  /* MUAP peak to peak, relative */
    int len;                 /* samples of a template */
    float *w;                /* [unit][shift of 1/SYN_SHIFTS sample][len] */
    int fasc_unit[SYN_FASC]; /* the units that fasciculate */
    double fasc_db[SYN_FASC];
} syn_muscle;

typedef struct syn_vec {
    double x, y, z;
} syn_vec;

/* The limb segment that carries the accelerometer (science.md 8.3). */
typedef struct syn_limb {
    double res_hz, zeta;     /* resonance and damping */
    double tau_s, emd_s;     /* activation time constant, electromechanical delay */
    double radius;           /* m, joint to sensor */
    syn_vec axis, tang, rad; /* joint axis, tangent and radius in the sensor's frame */
} syn_limb;

/* A turn of posture: gravity in the sensor's frame moves from `before` by `angle` about `axis`. */
typedef struct syn_turn {
    double t0, span, angle;
    syn_vec before, axis;
} syn_turn;

typedef struct syn_event syn_event;

typedef struct syn_world {
    const syn_conf *conf;
    bool acc;
    double fs;
    int64_t n;                   /* frames of the recording */
    int n_cols;                  /* signal columns: EMG channels or axes */
    int n_sites;                 /* channels of the truth: muscles, or 1 sensor */
    uint64_t seed, person, part; /* part: a recording's own number */
    double jerk_per_min;
    syn_muscle *muscle; /* n_sites; NULL for an accelerometer */
    syn_limb limb;
    syn_turn *turn; /* by time; the first one is the posture at the start */
    int64_t n_turns;
    double noise;  /* EMG: rms uV in 20-450 Hz; accelerometer: g per root Hz and axis */
    bool ecg;      /* the heart shows */
    syn_event *ev; /* by start */
    size_t n_ev, cap_ev;
} syn_world;

myo_err syn_world_make(syn_world *w, const syn_conf *c, uint64_t seed, int person, int session);
void syn_world_clear(syn_world *w);
void syn_rng(const syn_world *w, syn_purpose what, uint64_t index, myo_rng *r);
double syn_uniform(myo_rng *r, double lo, double hi);
double syn_loguniform(myo_rng *r, double lo, double hi);
int syn_below(myo_rng *r, int n); /* 0 .. n-1 */
/* Name of a truth channel or of a signal column; buf of 16. */
const char *syn_site_name(const syn_world *w, int site, char buf[16]);
const char *syn_col_name(const syn_world *w, int col, char buf[16]);

/* --- the plan (synth_plan.c) --- */
typedef enum syn_kind {
    SYN_PLAIN,
    SYN_JERK_SHORT,
    SYN_JERK_MID,
    SYN_JERK_LONG,
    SYN_CABLE,
    SYN_POP,
    SYN_DROPOUT,
    SYN_TAP,
    SYN_WALK,
    SYN_TURN,
    SYN_VEHICLE,
    SYN_SLIP,
    SYN_STRETCH /* a stretch kept for events that come one by one */
} syn_kind;

/* One event on one channel; an event of several channels is several of these with one `common`. */
struct syn_event {
    myo_class cls;
    syn_kind kind;
    int site;
    double t0, span;      /* s, the stretch kept for it */
    double lag;           /* s behind the first channel; tremor: phase in cycles */
    double level;         /* EMG: SNR, dB; accelerometer: peak, g; turn: unused */
    int unit;             /* fasciculation: which of the muscle's units */
    int n_lapses;         /* contraction: so many silent periods in it */
    uint64_t common, own; /* numbers of its random streams */
};
myo_err syn_plan(syn_world *w, myo_diag *d);

/* --- a rendered event --- */
/* The pool is switched off for a while: frames of the clip, half-open. */
typedef struct syn_lapse {
    int64_t on, off;
} syn_lapse;

typedef struct syn_clip {
    int64_t first, n;   /* frames of the recording */
    int n_ax;           /* 1, or 3 axes */
    float *x[SYN_AXES]; /* noise-free signal */
    float *burst;       /* what the burst edges are taken from, where that is not x[0] */
    int64_t *cut;       /* n_cut frames (from `first`) that part the bursts; none: one burst */
    int n_cut;
    double drive_on; /* s in the recording */
    double freq;     /* Hz; NaN where there is no rhythm */
    syn_lapse *lapse; /* n_lapse silences in a contraction */
    int n_lapse;
    bool mute;       /* a dropout: the signal is lost here */
    bool scaled;     /* amplitude is final */
    int col;         /* first signal column */
} syn_clip;
myo_err syn_clip_new(syn_clip *c, const syn_world *w, const syn_event *e, double t0, double span);
void syn_clip_clear(syn_clip *c);
myo_err syn_render(const syn_world *w, const syn_event *e, syn_clip *c);

/* --- motor units (synth_emg.c) --- */
myo_err syn_muscle_make(syn_muscle *m, const syn_world *w, int site);
/* A discharge of `unit` t seconds after the clip's start, into dst (c->x[0] or c->burst). */
void syn_spike(const syn_muscle *m, double fs, const syn_clip *c, float *dst, int unit, double t,
               double gain);

/* How a unit fires: rate[k] in Hz for the k-th ms of the clip. */
typedef struct syn_train {
    const float *rate;
    int n;
    double cv, doublet; /* of the intervals; share of intervals that are doublets */
    double first;       /* longest wait for the first discharge after a silence, in intervals */
} syn_train;
void syn_unit_fire(const syn_world *w, const syn_muscle *m, const syn_train *tr, int unit,
                   myo_rng *r, const syn_clip *c, float *dst);
/* The pool under a common drive e[k], one value a ms (Fuglevand: units above their threshold fire).
 */
myo_err syn_pool_fire(const syn_world *w, const syn_muscle *m, const float *e, int n, double first,
                      myo_rng *r, const syn_clip *c, float *dst);
double syn_drive_max(void);

/* --- class drives (synth_drive.c), accelerometer (synth_acc.c) --- */
/* Classes of the presets, and one unit like a clock (synth_train.c). */
myo_err syn_render_train(const syn_world *w, const syn_event *e, syn_clip *c, myo_rng *own);
myo_err syn_render_emg(const syn_world *w, const syn_event *e, syn_clip *c);
myo_err syn_render_acc(const syn_world *w, const syn_event *e, syn_clip *c);
/* Starts of the cycles of a tremor of `span` s, jittered; *n of them (the last ends the last
 * cycle). */
myo_err syn_cycles(const syn_world *w, const syn_event *e, double span, double **t, int *n,
                   double *freq);
void syn_limb_make(syn_limb *l, const syn_world *w);
myo_err syn_posture_make(syn_world *w);            /* w->turn from the plan */
syn_vec syn_gravity(const syn_world *w, double t); /* unit vector, sensor's frame */
bool syn_turns(const syn_event *e);                /* a turn of posture, or of the sensor on the limb */

/* --- noise and corruptions (synth_noise.c) --- */
typedef struct syn_noise syn_noise;
myo_err syn_noise_new(syn_noise **out, const syn_world *w);
/* Frames [t0, t0 + n) of every column, in order, each once. */
void syn_noise_fill(syn_noise *s, int64_t t0, int n, float *const *x);
void syn_noise_free(syn_noise **s);

/* --- truth (synth_truth.c) --- */
typedef struct syn_truth syn_truth;
myo_err syn_truth_new(syn_truth **out, const syn_world *w);
/* Give the clip its amplitude (EMG: the event's SNR) and write down where it is. */
myo_err syn_truth_add(syn_truth *t, const syn_event *e, syn_clip *c);
/* An event without a signal of its own (dropout, turn of posture): where it was planned. */
myo_err syn_truth_span(syn_truth *t, const syn_event *e);
/* STEM_truth.tsv and STEM_truth_bursts.tsv; once. */
myo_err syn_truth_write(syn_truth *t, const char *dir, const char *stem, myo_diag *d);
void syn_truth_free(syn_truth **t);
double syn_noise_power(const syn_world *w); /* in the band of the SNR */

/* Scale an EMG clip so that its bursts have this SNR; where the units have their own amplitudes, it keeps those. */
myo_err syn_scale(const syn_world *w, syn_clip *c, double snr_db);

/* --- negative jerks (synth_lapse.c) --- */
/* e->n_lapses silences within seconds [from, to) of the drive; drive[k], one value a ms, is 0 in them. */
myo_err syn_lapses_cut(const syn_world *w, const syn_event *e, double from, double to, myo_rng *r, float *drive,
                       int n, syn_clip *c);
typedef struct syn_lapses syn_lapses;
myo_err syn_lapses_new(syn_lapses **out, const syn_world *w);
/* The clip's silences as its scaled signal shows them. */
myo_err syn_lapses_add(syn_lapses *l, const syn_event *e, const syn_clip *c);
/* STEM_truth_negative.tsv; nothing where the scenario has no negative jerks. */
myo_err syn_lapses_write(syn_lapses *l, const char *dir, const char *stem, myo_diag *d);
void syn_lapses_free(syn_lapses **l);

/* --- files (synth_write.c) --- */
typedef struct syn_file syn_file;
myo_err syn_file_open(syn_file **out, const syn_world *w, const char *dir, const char *stem,
                      myo_diag *d);
/* n frames of every column. */
myo_err syn_file_put(syn_file *f, int n, float *const *x, myo_diag *d);
myo_err syn_file_close(syn_file **f, myo_diag *d); /* commit */
void syn_file_abort(syn_file **f);

#endif
