/* base.h - the small tools every layer stands on: memory, growing text, strict numbers. */
#ifndef MYO_BASE_H
#define MYO_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include "myotab/err.h"
#include "myotab/text.h"

/* --- memory (mem.c): every allocation of the library passes here, so that tests can make the n-th fail --- */
void *myo_alloc(size_t n, size_t size);               /* zeroed; NULL on overflow or no memory */
void *myo_realloc(void *p, size_t n, size_t size);    /* NULL leaves p as it was */
void *myo_alloc_aligned(size_t n, size_t size);       /* 64-byte aligned, zeroed; free with myo_free */
void *myo_alloc_room(size_t n, size_t size);          /* the same, but holding anything: for what is written before it is read */
void myo_free(void *p);
char *myo_strdup(const char *s);
bool myo_mul_size(size_t a, size_t b, size_t *out);   /* false on overflow */
bool myo_mul_i64(int64_t a, int64_t b, int64_t *out); /* false on overflow or negative factor */
/* For tests: let the n-th allocation from now fail (once); 0 switches off. */
void myo_mem_fail_at(int64_t n);

/* Grow *p (of *cap elements of `size` bytes) to hold at least `need`; doubles. */
myo_err myo_grow(void **p, size_t *cap, size_t need, size_t size);

/* --- order (sort.c); NaN must not be among the values --- */
void myo_sort_f64(double *v, size_t n);
void myo_sort_f32(float *v, size_t n);
/* The k-th smallest of n (k from 0): v[k] afterwards, with none greater before it and none smaller behind. */
double myo_select_f64(double *v, size_t n, size_t k);
/* Heapsort: no second copy of the array, as qsort may make. Equal items come out in no defined order. */
void myo_sort_in_place(void *v, size_t n, size_t size, int (*cmp)(const void *a, const void *b));

/* --- decimal digits (digits.c): for num.c, and whole numbers for anyone --- */
/* What printf's %.*f and %.*g print, never "-0", into MYO_DIGITS_CAP characters; 0: not known without printf. */
enum { MYO_DIGITS_CAP = 40 };
int myo_digits_fixed(char *dst, double v, int decimals);
int myo_digits_g(char *dst, double v, int digits);
int myo_digits_i64(char *dst, int64_t v);

/* --- growing text (buf.c) --- */
typedef struct myo_buf { char *s; size_t n, cap; bool failed; } myo_buf; /* zero-initialise; s is NUL-terminated once used */
void myo_buf_put(myo_buf *b, const char *s, size_t n);
void myo_buf_puts(myo_buf *b, const char *s);
void myo_buf_printf(myo_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void myo_buf_clear(myo_buf *b);                        /* frees */
/* Bytes of the UTF-8 character that begins at s, which has n > 0 left; 0 if it is malformed: overlong forms, surrogates and what
 * lies beyond U+10FFFF show in the second byte (Unicode, table 3-7). */
size_t myo_utf8_length(const char *s, size_t n);
/* Numbers (num.c) and myo_printable (buf.c): myotab/text.h. */

/* --- files (file.c) --- */
/* Whole or absent: written to a temporary name beside `path`, flushed, fsynced and renamed by commit;
 * abort (or a failed commit) leaves nothing. A device, FIFO, folder or link of that name is never replaced. */
typedef struct myo_outfile { char *path, *temp; FILE *f; } myo_outfile;
myo_err myo_outfile_open(myo_outfile *o, const char *path, myo_diag *d);
myo_err myo_outfile_commit(myo_outfile *o, myo_diag *d);
void myo_outfile_abort(myo_outfile *o);
/* All is written: the descriptor is given back, commit or abort may come later. */
myo_err myo_outfile_park(myo_outfile *o, myo_diag *d);
/* Commit n files of one folder that belong together: all of them are there afterwards or none. The last one is
 * their mark: an old mark goes before the first file is replaced, the new one comes after all others. One flush of
 * the folder for all. */
myo_err myo_outfile_commit_all(myo_outfile *o, int n, myo_diag *d);
/* SHA-256 of what was written so far, as the system gives it back. */
myo_err myo_outfile_sha256(myo_outfile *o, char hex[65], myo_diag *d);
/* May an earlier file of ours at `path` be replaced? MYO_OK where there is none, or a regular file that begins with
 * `mark`; MYO_ERR_USAGE for any other thing of that name ("..., not WHAT"), links too. */
myo_err myo_file_owned(const char *path, const char *mark, const char *what, myo_diag *d);
/* Where temporary things go: $TMPDIR, else /tmp. */
const char *myo_temp_dir(void);
/* A new folder there that nobody else may enter; the caller empties and removes it, and frees its name. NULL with errno
 * set on failure. */
char *myo_temp_folder(const char *what);
/* An unnamed file in `dir`, for reading and writing; gone when closed. -1 with errno set on failure. */
int myo_unnamed_file(const char *dir);
/* Whole small file into b (at most max bytes, else MYO_ERR_RANGE). */
myo_err myo_slurp(const char *path, size_t max, myo_buf *b, myo_diag *d);
/* SHA-256 of a regular file. */
myo_err myo_file_sha256(const char *path, char hex[65], myo_diag *d);

/* --- SHA-256 (sha.c) --- */
typedef struct myo_sha myo_sha;
myo_sha *myo_sha_new(void);
void myo_sha_add(myo_sha *s, const void *p, size_t n);
void myo_sha_hex(myo_sha *s, char hex[65]);           /* ends the hash; further adds are ignored */
void myo_sha_free(myo_sha *s);

/* --- random numbers (rng.c): PCG32 XSH-RR (O'Neill 2014), one independent stream per (seed, stream) --- */
typedef struct myo_rng { uint64_t state, inc; double spare; bool has_spare; } myo_rng;
void myo_rng_seed(myo_rng *r, uint64_t seed, uint64_t stream);
uint32_t myo_rng_u32(myo_rng *r);
double myo_rng_uniform(myo_rng *r);                   /* [0, 1), 53 bits */
double myo_rng_normal(myo_rng *r);                    /* mean 0, SD 1 (polar method) */
double myo_rng_exponential(myo_rng *r);               /* mean 1 */
double myo_rng_gamma(myo_rng *r, double shape);       /* mean = shape (Marsaglia-Tsang 2000) */

/* --- workers (pool.c) --- */
typedef struct myo_pool myo_pool;
/* n_threads >= 1 workers in all, the caller being one of them. */
myo_err myo_pool_new(myo_pool **out, int n_threads);
/* Run fn(user, i) for i in [0, n); returns when all are done. Items are claimed by an atomic counter, so
 * results must not depend on which worker ran which item. Without a pool (NULL) the caller is the only worker. */
void myo_pool_for(myo_pool *p, int n, void (*fn)(void *user, int item), void *user);
int myo_pool_size(const myo_pool *p);
void myo_pool_free(myo_pool **p);

#endif
