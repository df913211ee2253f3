/* floor.c - what no analysis of a 16-bit EDF can do without: SHA-256 of the file, decoding, and a forward and an inverse
 * single-precision transform with a product for each block of 4096 samples filtered by 501 taps.
 *
 * floor FILE.edf [none] - CPU seconds and samples a second, one thread; with a second word without the hash. Records are
 * taken as one stream of samples: what they hold does not matter to the cost. Measure `myotab detect -j1` beside it. */
#include <fcntl.h>
#include <fftw3.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { N = 4096, TAPS = 501, STEP = N - TAPS + 1, CHUNK = STEP * 8 };

typedef struct bench {
    float *x, *time;
    fftwf_complex *spec, *response;
    fftwf_plan forward, inverse;
    EVP_MD_CTX *hash;
    int16_t raw[CHUNK];
    double sum; /* of the filtered samples' last ones: nobody may leave the work out */
} bench;

static void decode(float *restrict x, const int16_t *restrict raw, int n)
{
    for (int i = 0; i < n; i++) {
        x[i] = (float)raw[i] * 0.1f + 0.05f;
    }
}

static void product(fftwf_complex *restrict z, const fftwf_complex *restrict h)
{
    for (int k = 0; k <= N / 2; k++) {
        const float re = z[k][0] * h[k][0] - z[k][1] * h[k][1], im = z[k][0] * h[k][1] + z[k][1] * h[k][0];
        z[k][0] = re;
        z[k][1] = im;
    }
}

static void make(bench *b)
{
    b->x = fftwf_alloc_real(N + CHUNK);
    b->time = fftwf_alloc_real(N);
    b->spec = fftwf_alloc_complex(N / 2 + 1);
    b->response = fftwf_alloc_complex(N / 2 + 1);
    b->forward = fftwf_plan_dft_r2c_1d(N, b->x, b->spec, FFTW_ESTIMATE | FFTW_PRESERVE_INPUT);
    b->inverse = fftwf_plan_dft_c2r_1d(N, b->spec, b->time, FFTW_ESTIMATE);
    memset(b->x, 0, sizeof *b->x * (N + CHUNK));
    for (int k = 0; k <= N / 2; k++) {
        b->response[k][0] = 1.0f / N;
        b->response[k][1] = 0.0f;
    }
    b->hash = EVP_MD_CTX_new();
    EVP_DigestInit_ex(b->hash, EVP_sha256(), NULL);
}

/* The whole file: samples done. */
static int64_t run(bench *b, int fd, bool hashed)
{
    int64_t done = 0;
    for (ssize_t got; (got = read(fd, b->raw, sizeof b->raw)) > 0;) {
        const int n = (int)(got / 2);
        if (hashed) {
            EVP_DigestUpdate(b->hash, b->raw, (size_t)got);
        }
        decode(b->x + TAPS - 1, b->raw, n);
        for (int i = 0; i < n; i += STEP) {
            memcpy(b->time, b->x + i, sizeof *b->x * N);
            fftwf_execute_dft_r2c(b->forward, b->time, b->spec);
            product(b->spec, b->response);
            fftwf_execute(b->inverse);
            b->sum += (double)b->time[N - 1];
        }
        memcpy(b->x, b->x + n, sizeof *b->x * (TAPS - 1));
        done += n;
    }
    return done;
}

int main(int argc, char **argv)
{
    static bench b;
    struct timespec t;
    const int fd = argc > 1 ? open(argv[1], O_RDONLY) : -1;
    if (fd < 0) {
        fprintf(stderr, "usage: floor FILE.edf [none]\n");
        return 2;
    }
    make(&b);
    const int64_t n = run(&b, fd, argc == 2);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    const double s = (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
    printf("%.3f s, %.1f million samples/s (checksum %g)\n", s, 1e-6 * (double)n / s, b.sum);
    close(fd);
    return 0;
}
