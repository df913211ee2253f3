/* edf.h - the parts of the EDF/BDF reader: header, time-keeping and annotations. */
#ifndef MYO_IO_EDF_H
#define MYO_IO_EDF_H

#include "io/planes.h"

typedef struct edf_signal {
    int ch;              /* channel of the recording, or -1: annotations */
    int64_t n;           /* samples per record */
    int64_t off;         /* bytes from the record's begin */
    double gain, offset; /* physical = digital * gain + offset */
    int32_t lo, hi;      /* digital limits */
    bool beyond;         /* a sample lay outside them: told */
} edf_signal;

typedef struct edf_head {
    bool bdf, plus, broken; /* 24 bits; EDF+ or BDF+; discontinuous */
    int width;              /* bytes per sample */
    int n_sig, n_annot;     /* all signals; those that hold annotations */
    edf_signal *sig;
    int64_t head_bytes, rec_bytes, annot_bytes;
    int64_t n_rec;
    double dur; /* of a record, s */
    double fs_max;
} edf_head;

typedef struct edf_note {
    double onset, duration;
    int64_t rec;
    char *text;
} edf_note;

typedef struct edf_notes {
    edf_note *v;
    size_t n, cap, bytes;
    int64_t last_rec; /* texts of records up to here are in */
    bool warned;      /* of a malformed one */
    bool open;        /* a list without its closing NUL: told */
    double zero;      /* onset of the first record: time 0 of the recording */
} edf_notes;

/* Read and check the header; fills info and h. n_rec is as the header says. */
myo_err edf_head_read(myo_reader *r, edf_head *h);
/* Reconcile n_rec with the file's size: dead recorder, cut file, trailing bytes. */
myo_err edf_head_count(myo_reader *r, edf_head *h);
/* info->start from the main header of 256 bytes; warns where it cannot be. edf_start.c */
void edf_head_start(myo_reader *r, const char *head, const edf_head *h);
/* opts->fs against the header. */
myo_err edf_head_rate(myo_reader *r, edf_head *h);

/* Time of a record from the first TAL of its first annotation signal; false if that is not one. */
bool edf_timekeeping(const unsigned char *p, size_t n, double *onset);
/* The same, read from the file. MYO_ERR_DAMAGED if it is no time. */
myo_err edf_record_onset(const myo_reader *r, const edf_head *h, int64_t rec, double *onset);
/* Keep the texts of one annotation signal's n bytes. */
myo_err edf_notes_add(edf_notes *a, const unsigned char *p, size_t n, int64_t rec, bool first,
                      myo_reader *r);
/* Forget those of record `rec` and later ones. */
void edf_notes_rewind(edf_notes *a, int64_t rec);
void edf_notes_free(edf_notes *a);

#endif
