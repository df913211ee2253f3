/* flac.h - what libsndfile does not check in a FLAC file: frame checksums, total length, MD5 of the
 * samples. */
#ifndef MYO_IO_FLAC_H
#define MYO_IO_FLAC_H

#include "io/readers.h"

typedef struct myo_flac {
    int channels, bits;
    int block_max;         /* frames (samples per channel) in a FLAC frame */
    int64_t rate, total;   /* Hz; samples per channel, 0 unknown */
    unsigned char md5[16]; /* of the decoded samples; all zero: unknown */
    int64_t audio_at;      /* offset of the first FLAC frame */
    int64_t good;          /* samples per channel in whole frames */
    bool cut;              /* the file ends before `total` */
} myo_flac;

/* STREAMINFO and the list of metadata blocks. */
myo_err myo_flac_info(const myo_reader *r, myo_flac *f);
/* Read the file through, checking the CRC of every frame: sets good and cut; MYO_ERR_DAMAGED with
 * frame, sample and byte of the first bad one. */
myo_err myo_flac_check(const myo_reader *r, myo_flac *f);

/* MD5 as FLAC takes it: samples interleaved, little-endian, in as few bytes as `bits` need. x is
 * left-justified in 32 bits, as libsndfile delivers. */
typedef struct myo_md5 myo_md5;
myo_md5 *myo_md5_new(void);
void myo_md5_reset(myo_md5 *m);
void myo_md5_samples(myo_md5 *m, const int *x, size_t n, int bits);
void myo_md5_end(myo_md5 *m, unsigned char out[16]);
void myo_md5_free(myo_md5 *m);

#endif
