/* readers.h - the table of input formats and the protocol of one reader.
 *
 * rec.c owns the descriptor, probes, lets one reader open, then names channels (channels.c), applies
 * sidecars (bids.c) and scales blocks to canonical units. A reader fills info (labels, file_unit, fs,
 * n_samples, rails and lsb in file units) and delivers planar float blocks in file units. */
#ifndef MYO_IO_READERS_H
#define MYO_IO_READERS_H

#include <stddef.h>
#include <sys/types.h>
#include "base/base.h"
#include "io/bids.h"
#include "myotab/rec.h"

enum { MYO_PROBE_BYTES = 4096 };

typedef struct myo_probe {
    const unsigned char *head; /* first n bytes of the file */
    size_t n;
    const char *name;          /* file name without folder */
    int64_t size;              /* bytes */
} myo_probe;

struct myo_reader_ops;

/* The beginning of a file that was hashed as it was read. */
typedef struct myo_tap {
    myo_sha *sha;              /* NULL: nothing is hashed */
    int fd;
    int64_t done;              /* bytes */
} myo_tap;

/* What a reader works on. `priv` is ops->priv_size zeroed bytes. Owned by rec.c. */
typedef struct myo_reader {
    const struct myo_reader_ops *ops;
    int fd;                    /* regular file, open for reading */
    int64_t size;              /* bytes at open */
    const char *path;
    const myo_open_opts *opts;
    myo_recinfo *info;         /* filled by open */
    myo_sidecar side;          /* by myo_sidecar_load(), from the first who needs it */
    myo_diag *d;
    myo_tap *tap;              /* of the recording; NULL: none */
    void *priv;
} myo_reader;

typedef struct myo_reader_ops {
    const char *name;          /* "EDF/BDF", "CSV", ... */
    const char *endings;       /* "edf bdf": usual file name endings, for the name-against-content warning */
    size_t priv_size;
    int (*probe)(const myo_probe *p); /* 0 = not mine .. 100 = certainly */
    myo_err (*open)(myo_reader *r);
    /* Set b->n_ch (0 at the end), x, n, start_s, gap; the memory is the reader's, valid until next read. */
    myo_err (*read)(myo_reader *r, double max_s, myo_block *b);
    myo_err (*seek)(myo_reader *r, double s);
    /* Descriptor of the i-th further file that holds samples (WFDB), -1 beyond; NULL: none. For hash and change. */
    int (*file)(const myo_reader *r, int i);
    void (*annotations)(const myo_reader *r, myo_annot_fn fn, void *user); /* may be NULL */
    void (*close)(myo_reader *r); /* must cope with a half-finished open */
} myo_reader_ops;

extern const myo_reader_ops *const myo_readers[]; /* NULL-terminated, in probing order */

/* The files next to each other that a reader needs: read exactly n bytes at off, or fail naming the
 * offset (MYO_ERR_TRUNCATED at the end of the file, MYO_ERR_INPUT for the system's errors; EINTR and short
 * counts are retried). */
myo_err myo_read_at(const myo_reader *r, void *buf, size_t n, int64_t off);

/* channels.c: after open, fix labels, kinds, canonical units and scales from labels, units, sidecars and options. */
myo_err myo_channels_identify(myo_reader *r);

/* spool.c: all of standard input in an unnamed temporary file; *fd is open at its beginning. */
myo_err myo_spool_stdin(int *fd, myo_diag *d);

/* Allocate info->ch for n channels (1..MYO_MAX_CHANNELS), set to neutral values: labels "1", "2", ...;
 * kind MYO_N_KIND (a reader that knows better says so). */
myo_err myo_info_channels(myo_reader *r, int64_t n);

#endif
