/* spec_body.h - the loops of spectra and of hum: part of body.h. */

static void taper_power(double *restrict psd, const float *restrict re, const float *restrict im, double scale, int64_t tapers,
                        int64_t n)
{
    enum { PART = 128 };
    for (int64_t from = 0; from < n; from += PART) {
        const int m = n - from < PART ? (int)(n - from) : PART;
        float p[PART] = {0.0f};
        double *restrict out = psd + from;
        for (int64_t k = 1; k <= tapers; k++) {
            const float *restrict a = re + from - k, *restrict b = re + from + k;
            const float *restrict c = im + from - k, *restrict d = im + from + k;
            for (int j = 0; j < m; j++) {
                p[j] += (a[j] - b[j]) * (a[j] - b[j]) + (c[j] - d[j]) * (c[j] - d[j]);
            }
        }
        for (int j = 0; j < m; j++) {
            out[j] += scale * (double)p[j];
        }
    }
}

static void mirrored(float *restrict out, const float *restrict a, const float *restrict b, float sign, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        out[i] = 0.5f * (a[i] + sign * b[-i]);
    }
}

static double total(const float *restrict x, int64_t n)
{
    double p[LANES] = {0.0};
    int64_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        for (int l = 0; l < LANES; l++) {
            p[l] += (double)x[i + l];
        }
    }
    for (int l = 0; i < n; i++, l++) {
        p[l] += (double)x[i];
    }
    for (int half = LANES / 2; half >= 1; half /= 2) {
        for (int l = 0; l < half; l++) {
            p[l] += p[l + half];
        }
    }
    return p[0];
}

/* Half of the tones at a time: as many as the wide sets have registers for. */
static void goertzel(double *restrict power, const double *restrict twice_cos, const float *restrict x, int64_t n)
{
    enum { PART = MYO_TONES / 2 };
    for (int from = 0; from < MYO_TONES; from += PART) {
        const double *restrict c = twice_cos + from;
        double s1[PART] = {0.0}, s2[PART] = {0.0};
        for (int64_t i = 0; i < n; i++) {
            const double v = (double)x[i];
            for (int b = 0; b < PART; b++) {
                const double s0 = v + c[b] * s1[b] - s2[b];
                s2[b] = s1[b];
                s1[b] = s0;
            }
        }
        for (int b = 0; b < PART; b++) {
            power[from + b] += s1[b] * s1[b] + s2[b] * s2[b] - c[b] * s1[b] * s2[b];
        }
    }
}

static void sub_rotating(float *restrict x, const float *restrict c, const float *restrict s,
                         const float *restrict amp, int64_t n)
{
    const float a0 = amp[0], da = amp[1], b0 = amp[2], db = amp[3];
    for (int32_t i = 0; i < (int32_t)n; i++) {
        const float t = (float)i;
        x[i] -= (a0 + t * da) * c[i] + (b0 + t * db) * s[i];
    }
}

static bool among(char c, const char *restrict which)
{
    return c == which[0] || c == which[1] || c == which[2] || c == which[3];
}

static int64_t marks(uint16_t *restrict at, const char *restrict s, const char *restrict which, int64_t n)
{
    int64_t found = 0, i = 0;
#ifdef MYO_ISA_LEVEL
    const B w[4] = {b_set(which[0]), b_set(which[1]), b_set(which[2]), b_set(which[3])};
    for (; i + 64 <= n; i += 64) {
        uint64_t bits = 0;
        for (int j = 0; j < 64; j += BL) {
            bits |= b_among(b_load(s + i + j), w) << j;
        }
        for (; bits != 0; bits &= bits - 1) {
            at[found++] = (uint16_t)(i + __builtin_ctzll(bits));
        }
    }
#endif
    for (; i < n; i++) {
        if (among(s[i], which)) {
            at[found++] = (uint16_t)i;
        }
    }
    return found;
}
