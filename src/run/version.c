/* version.c - what this program is made of, so that a report of a fault can be reproduced. */
#include <gsl/gsl_version.h>
#include <jansson.h>
#include <openssl/crypto.h>
#include "dsp/fft.h"
#include "io/sndfile.h"
#include "kern/kern.h"
#include "myotab/myotab.h"

enum { MAX_ISA = 8 };

#if defined(__clang__)
#define COMPILER "clang " __clang_version__
#else
#define COMPILER "gcc " __VERSION__
#endif

static void print_isa(FILE *f)
{
    const myo_kernels *all[MAX_ISA];
    const int n = myo_kern_all(all, MAX_ISA);
    fputs("instruction sets", f);
    for (int i = 0; i < n; i++) {
        fprintf(f, " %s", all[i]->isa);
    }
    fprintf(f, " (in use: %s)\n", myo_kern()->isa);
}

void myo_version(FILE *f)
{
    fprintf(f, "myotab %s\ncompiler %s\n", MYO_VERSION, COMPILER);
    print_isa(f);
    fprintf(f, "FFTW %s\nlibsndfile %s\nGSL %s\njansson %s\n%s\n", myo_fft_version(),
            myo_sndfile_version(), gsl_version, jansson_version_str(), OpenSSL_version(OPENSSL_VERSION));
    fputs("licence GPL-3.0-or-later\n", f);
}

myo_err myo_isa_limit(const char *name, myo_diag *d)
{
    if (myo_kern_limit(name) != MYO_OK) {
        return myo_fail(d, MYO_ERR_PARAM,
                        "instruction set unknown or not in this processor (found '%.40s', allowed auto, "
                        "ref, sse2, avx2, avx512 as far as present)",
                        name);
    }
    return MYO_OK;
}
