/* run.h - whole jobs: analyse recordings, describe them, make synthetic ones, score against truth. */
#ifndef MYOTAB_RUN_H
#define MYOTAB_RUN_H

#include <stdio.h>
#include "myotab/err.h"
#include "myotab/params.h"
#include "myotab/rec.h"

/* What the caller hears while a job runs: one line a call, no newline. file may be NULL. A note tells what was chosen for
 * the caller, or a result in words. A job whose say is NULL tells nobody. */
typedef enum myo_level { MYO_LEVEL_ERROR, MYO_LEVEL_WARNING, MYO_LEVEL_NOTE, MYO_LEVEL_INFO } myo_level;
typedef void (*myo_say_fn)(void *user, myo_level level, const char *file, const char *text);
/* Says d's warnings; what failed gets one line, err in d's words or its own, and the warnings are for who asks for more
 * (MYO_LEVEL_INFO). say (nobody listens) and file may be NULL. */
void myo_tell(myo_say_fn say, void *user, const char *file, const myo_diag *d, myo_err err);

typedef struct myo_detect_job {
    const char *const *inputs;      /* n_inputs recordings */
    int n_inputs;
    const char *out_dir;            /* made if missing, with its parents; may not hold an input */
    const myo_params *params;
    const char *preset;             /* its name, for the provenance; NULL for none */
    myo_open_opts open;
    bool explain;                   /* with a table of the evidence for each event */
    double rest_start_s, rest_end_s; /* a span of rest in every input, s from its first sample; both 0: none */
    int n_threads;                  /* >= 1 */
    myo_say_fn say;
    void *user;
} myo_detect_job;
/* Analyse every input; the others go on when one fails. Returns MYO_OK if all are complete, the first failure's
 * code else; *n_failed counts them. Files: contract.md 3. */
myo_err myo_detect(const myo_detect_job *job, int *n_failed);

/* Describe a recording: text for people, or one JSON object (json != 0). Reads the file to its end. */
myo_err myo_info(const char *path, const myo_open_opts *o, int json, FILE *f, myo_diag *d);

/* Synthetic recordings with exact truth. */
typedef struct myo_synth_job {
    const char *scenario;           /* a name of myo_synth_scenarios, or a JSON file */
    const char *out_dir;
    uint64_t seed;
    const char *const *settings;    /* "key=value" overrides, NULL-ended; may be NULL */
} myo_synth_job;
myo_err myo_synth(const myo_synth_job *job, myo_diag *d);
/* One line per built-in scenario: name and what it shows. */
void myo_synth_list(FILE *f);
/* One line per setting of a scenario: key, default, unit and meaning. */
void myo_synth_settings(FILE *f);

/* Score found events against truth (science.md 8.1); tables to f. */
myo_err myo_score(const char *truth_path, const char *events_path, FILE *f, myo_diag *d);

/* Version, compiler, instruction sets and library versions, one per line. */
void myo_version(FILE *f);
/* Cap the instruction set: "auto", "ref", "sse2", "avx2", "avx512"; MYO_ERR_PARAM if unknown. Call before any job. */
myo_err myo_isa_limit(const char *name, myo_diag *d);

#endif
