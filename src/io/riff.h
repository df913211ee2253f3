/* riff.h - the chunk list of WAV, RF64, W64, CAF and AIFF files, walked by hand.
 *
 * libsndfile mends sizes that do not fit the file without a word; the walk tells what the file
 * promised. */
#ifndef MYO_IO_RIFF_H
#define MYO_IO_RIFF_H

#include "io/readers.h"

typedef struct myo_chunks {
    const char *container; /* "WAV", "RF64", "W64", "CAF", "AIFF" */
    int64_t data_at;       /* offset of the first sample */
    int64_t promised;      /* bytes of samples, as the header says */
    int64_t found;         /* bytes of samples in the file, at most `promised` */
    bool unclosed;         /* the size was never filled in: samples run to the end of the file */
    int64_t frames;        /* as AIFF's COMM counts them; -1: the container counts none */
    int64_t frames_at;     /* where it does */
    int64_t size_at;       /* where the size of the data chunk is written, */
    unsigned char size[8]; /* its bytes as they must be for `found`, */
    int size_n;            /* and how many */
} myo_chunks;

/* Is this one of the containers? */
bool myo_chunks_probe(const unsigned char *head, size_t n);
/* Walk; warns of what is odd, fails on what cannot be. A cut data chunk is not judged here. */
myo_err myo_chunks_walk(const myo_reader *r, myo_chunks *out);

#endif
