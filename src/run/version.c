/* version.c - what this program is made of, so that a report of a fault can be reproduced. */
#include <gsl/gsl_version.h>
#include <jansson.h>
#include <openssl/crypto.h>
#include "dsp/fft.h"
#include "io/sndfile.h"
#include "kern/kern.h"
#include "myotab/myotab.h"
#include "run/version.h"

enum { MAX_ISA = 8 };

const char *myo_compiler(void) {
#if defined(__clang__)
    return "clang " __clang_version__;
#else
    return "gcc " __VERSION__;
#endif
}

void myo_libraries(myo_named list[MYO_N_LIBRARIES]) {
    list[0] = (myo_named){"FFTW", myo_fft_version()};
    list[1] = (myo_named){"libsndfile", myo_sndfile_version()};
    list[2] = (myo_named){"GSL", gsl_version};
    list[3] = (myo_named){"jansson", jansson_version_str()};
    list[4] = (myo_named){"OpenSSL", OpenSSL_version(OPENSSL_VERSION)};
}

static void print_isa(FILE *f) {
    const myo_kernels *all[MAX_ISA];
    const int n = myo_kern_all(all, MAX_ISA);
    fputs("instruction sets:", f);
    for (int i = 0; i < n; i++) {
        fprintf(f, " %s", all[i]->isa);
    }
    fprintf(f, " (in use: %s)\n", myo_kern()->isa);
}

void myo_version(FILE *f) {
    myo_named libraries[MYO_N_LIBRARIES];
    myo_libraries(libraries);
    fprintf(f, "myotab %s\ncompiler: %s\n", MYO_VERSION, myo_compiler());
    print_isa(f);
    for (int i = 0; i < MYO_N_LIBRARIES; i++) {
        fprintf(f, "%s: %s\n", libraries[i].name, libraries[i].value);
    }
    fputs("licence: GPL-3.0-or-later\n", f);
}

myo_err myo_isa_limit(const char *name, myo_diag *d) {
    if (myo_kern_limit(name) != MYO_OK) {
        return myo_fail(
            d, MYO_ERR_PARAM,
            "instruction set unknown or not in this processor (found '%.40s', allowed auto, "
            "ref, sse2, avx2, avx512 as far as present)",
            name);
    }
    return MYO_OK;
}
