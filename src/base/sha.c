/* sha.c - SHA-256 of inputs, by OpenSSL (which picks the processor's SHA instructions itself). */
#include <openssl/evp.h>
#include <string.h>
#include "base/base.h"

struct myo_sha {
    EVP_MD_CTX *ctx;
    bool ended;
};

myo_sha *myo_sha_new(void) {
    myo_sha *s = myo_alloc(1, sizeof *s);
    if (s == NULL) {
        return NULL;
    }
    s->ctx = EVP_MD_CTX_new();
    if (s->ctx == NULL || EVP_DigestInit_ex(s->ctx, EVP_sha256(), NULL) != 1) {
        myo_sha_free(s);
        return NULL;
    }
    return s;
}

void myo_sha_add(myo_sha *s, const void *p, size_t n) {
    if (!s->ended && n > 0) {
        EVP_DigestUpdate(s->ctx, p, n);
    }
}

void myo_sha_hex(myo_sha *s, char hex[65]) {
    unsigned char digest[EVP_MAX_MD_SIZE] = {0};
    unsigned n = 0;
    hex[0] = '\0';
    if (s->ended || EVP_DigestFinal_ex(s->ctx, digest, &n) != 1) {
        return;
    }
    s->ended = true;
    for (unsigned i = 0; i < n && i < 32; i++) {
        snprintf(hex + 2 * (size_t)i, 3, "%02x", digest[i]);
    }
}

void myo_sha_free(myo_sha *s) {
    if (s != NULL) {
        EVP_MD_CTX_free(s->ctx);
        myo_free(s);
    }
}
