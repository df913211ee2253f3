/* flacmd5.c - MD5 over decoded samples, compared with a FLAC file's STREAMINFO. */
#include <openssl/evp.h>
#include "base/base.h"
#include "io/flac.h"

struct myo_md5 {
    EVP_MD_CTX *ctx;
    bool failed;
};

myo_md5 *myo_md5_new(void) {
    myo_md5 *m = myo_alloc(1, sizeof *m);
    if (m != NULL) {
        m->ctx = EVP_MD_CTX_new();
        if (m->ctx == NULL) {
            myo_free(m);
            return NULL;
        }
        myo_md5_reset(m);
    }
    return m;
}

void myo_md5_reset(myo_md5 *m) {
    m->failed = EVP_DigestInit_ex(m->ctx, EVP_md5(), NULL) != 1;
}

void myo_md5_samples(myo_md5 *m, const int *x, size_t n, int bits) {
    unsigned char chunk[4096];
    size_t at = 0;
    const int bytes = (bits + 7) / 8;
    for (size_t i = 0; i < n; i++) {
        const uint32_t v = (uint32_t)(x[i] >> (32 - bits));
        for (int k = 0; k < bytes; k++) {
            chunk[at++] = (unsigned char)(v >> (8 * k));
        }
        if (at > sizeof chunk - 4 || i + 1 == n) {
            m->failed |= EVP_DigestUpdate(m->ctx, chunk, at) != 1;
            at = 0;
        }
    }
}

void myo_md5_end(myo_md5 *m, unsigned char out[16]) {
    unsigned int n = 0;
    if (m->failed || EVP_DigestFinal_ex(m->ctx, out, &n) != 1) {
        for (int i = 0; i < 16; i++) {
            out[i] = 0;
        }
    }
}

void myo_md5_free(myo_md5 *m) {
    if (m != NULL) {
        EVP_MD_CTX_free(m->ctx);
        myo_free(m);
    }
}
