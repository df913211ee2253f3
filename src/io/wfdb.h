/* wfdb.h - the header of a WFDB record, parsed. */
#ifndef MYO_IO_WFDB_H
#define MYO_IO_WFDB_H

#include "io/planes.h"

typedef struct wfdb_format {
    int id;          /* as in the header: 16, 212, ... */
    int bits;        /* of a sample */
    int32_t missing; /* the value that stands for no sample */
} wfdb_format;

typedef struct wfdb_signal {
    char file[256]; /* in the header's folder */
    const wfdb_format *format;
    int64_t spf;           /* samples per frame */
    int64_t prolog;        /* bytes of the file before the first sample */
    double gain, baseline; /* value = (sample - baseline) / gain */
    int64_t first, sum;    /* initial value and checksum, where given */
    bool has_first, has_sum;
} wfdb_signal;

typedef struct wfdb_head {
    int n_sig;
    wfdb_signal *sig;
    double fs;        /* frames per second */
    int64_t n_frames; /* -1: not said */
} wfdb_head;

/* Does this look like the header of a record? Score as of a probe. */
int wfdb_head_probe(const myo_probe *p);
/* Parse; fills info's channels. h->sig is to be freed also after failure. */
myo_err wfdb_head_read(myo_reader *r, wfdb_head *h);

#endif
