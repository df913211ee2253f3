/* units.c - the table of units, exact spellings only: a V read as uV would be wrong by a million.
 */
#include <stdbool.h>
#include <string.h>
#include "base/base.h"
#include "io/units.h"
#include "myotab/rec.h"

#define G0 9.80665          /* m/s^2 in one g, 3rd CGPM 1901 */
enum { UNIT_KEY_MAX = 64 }; /* bytes of the longest spelling looked at */

typedef struct unit_row {
    const char *text; /* after fold(): micro is u, squared is 2, no ^ . ( ) or blanks */
    myo_dim dim;
    double scale;
} unit_row;

static const unit_row table[] = {
    {"V", MYO_DIM_VOLT, 1e6},
    {"Volt", MYO_DIM_VOLT, 1e6},
    {"Volts", MYO_DIM_VOLT, 1e6},
    {"volt", MYO_DIM_VOLT, 1e6},
    {"volts", MYO_DIM_VOLT, 1e6},
    {"mV", MYO_DIM_VOLT, 1e3},
    {"mv", MYO_DIM_VOLT, 1e3},
    {"mVolt", MYO_DIM_VOLT, 1e3},
    {"mVolts", MYO_DIM_VOLT, 1e3},
    {"millivolt", MYO_DIM_VOLT, 1e3},
    {"millivolts", MYO_DIM_VOLT, 1e3},
    {"uV", MYO_DIM_VOLT, 1},
    {"uv", MYO_DIM_VOLT, 1},
    {"uVolt", MYO_DIM_VOLT, 1},
    {"uVolts", MYO_DIM_VOLT, 1},
    {"microV", MYO_DIM_VOLT, 1},
    {"microvolt", MYO_DIM_VOLT, 1},
    {"microvolts", MYO_DIM_VOLT, 1},
    {"nV", MYO_DIM_VOLT, 1e-3},
    {"g", MYO_DIM_ACCEL, 1},
    {"mg", MYO_DIM_ACCEL, 1e-3},
    {"m/s2", MYO_DIM_ACCEL, 1 / G0},
    {"m/sec2", MYO_DIM_ACCEL, 1 / G0},
    {"m/s/s", MYO_DIM_ACCEL, 1 / G0},
    {"ms-2", MYO_DIM_ACCEL, 1 / G0},
    {"m*s-2", MYO_DIM_ACCEL, 1 / G0},
    {"cm/s2", MYO_DIM_ACCEL, 0.01 / G0},
    {"mm/s2", MYO_DIM_ACCEL, 0.001 / G0},
    {"s", MYO_DIM_TIME, 1},
    {"sec", MYO_DIM_TIME, 1},
    {"secs", MYO_DIM_TIME, 1},
    {"second", MYO_DIM_TIME, 1},
    {"seconds", MYO_DIM_TIME, 1},
    {"ms", MYO_DIM_TIME, 1e-3},
    {"msec", MYO_DIM_TIME, 1e-3},
    {"millis", MYO_DIM_TIME, 1e-3},
    {"milliseconds", MYO_DIM_TIME, 1e-3},
    {"us", MYO_DIM_TIME, 1e-6},
    {"usec", MYO_DIM_TIME, 1e-6},
    {"microseconds", MYO_DIM_TIME, 1e-6},
    {"ns", MYO_DIM_TIME, 1e-9},
    {"nanoseconds", MYO_DIM_TIME, 1e-9},
};

static const char *const counts[] = {
    "counts", "count", "Counts",   "raw",   "RAW",    "Raw",        "adc", "ADC",
    "au",     "AU",    "arb",      "digit", "digits", "lsb",        "LSB", "bits",
    "bit",    "adu",   "unitless", "none",  "norm",   "normalized", "1",   "ADCcounts",
};

static const char *const others[] = {
    "N",
    "kN",
    "mN",
    "kg",
    "kgf",
    "lbf",
    "lb",
    "lbs",
    "Nm",
    "N*m",
    "Nmm",
    "Pa",
    "kPa",
    "mmHg",
    "bar",
    "%",
    "deg",
    "deg/s",
    "deg/sec",
    "dps",
    "\xC2\xB0",
    "\xC2\xB0/s",
    "\xC2\xB0/sec",
    "rad",
    "rad/s",
    "degrees",
    "mdps",
    "degC",
    ("\xC2\xB0"
     "C"),
    "C",
    "Celsius",
    "K",
    "F",
    "degF",
    "T",
    "mT",
    "uT",
    "nT",
    "G",
    "gauss",
    "Gauss",
    "mGauss",
    "localflux",
    "uS",
    "S",
    "mS",
    "uSiemens",
    "microS",
    "kOhm",
    "Ohm",
    "ohm",
    "MOhm",
    "bpm",
    "BPM",
    "Hz",
    "kHz",
    "dB",
    "m",
    "cm",
    "mm",
    "um",
    "m/s",
    "cm/s",
    "mm/s",
    "lux",
    "lx",
    "A",
    "mA",
    "uA",
    "nA",
    "pA",
    "W",
    "l/s",
    "L/s",
    "L",
    "mL",
    "ml",
    "hPa",
    "mbar",
    "min",
    "h",
};

/* Two-byte and Latin-1 spellings of micro, squared and degree; the sign itself; its table spelling.
 */
static const struct {
    const char *utf8;
    unsigned char latin1;
    const char *shown, *folded;
} signs[] = {
    {"\xC2\xB5", 0xB5, "\xC2\xB5", "u"},
    {"\xCE\xBC", 0, "\xCE\xBC", "u"},
    {"\xC2\xB2", 0xB2, "\xC2\xB2", "2"},
    {"\xC2\xB0", 0xB0, "\xC2\xB0", "\xC2\xB0"},
};

/* Bytes of the sign at s, 0 if there is none; *row tells which. */
static size_t sign_at(const char *s, size_t *row) {
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (strncmp(s, signs[i].utf8, 2) == 0) {
            *row = i;
            return 2;
        }
        if (signs[i].latin1 != 0 && (unsigned char)s[0] == signs[i].latin1) {
            *row = i;
            return 1;
        }
    }
    return 0;
}

/* Length of a well-formed-looking UTF-8 sequence at s; 1 if it is none. */
static size_t utf8_length(const char *s) {
    const unsigned char c = (unsigned char)s[0];
    const size_t n = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC2 ? 2 : 1;
    for (size_t i = 1; i < n; i++) {
        if (((unsigned char)s[i] & 0xC0) != 0x80) {
            return 1;
        }
    }
    return n;
}

static bool append(char *dst, size_t cap, size_t *used, const char *s, size_t n) {
    if (*used + n >= cap) {
        return false;
    }
    memcpy(dst + *used, s, n);
    *used += n;
    return true;
}

/* Spelling for the table: see unit_row. False if it does not fit, so that no long text matches by
 * its start. */
static bool fold(char *dst, size_t cap, const char *text) {
    size_t used = 0;
    bool fits = true;
    for (const char *s = text; *s != '\0' && fits;) {
        size_t row = 0;
        const size_t sign = sign_at(s, &row);
        const size_t n = sign > 0 ? sign : utf8_length(s);
        if (sign > 0) {
            fits = append(dst, cap, &used, signs[row].folded, strlen(signs[row].folded));
        } else if (strchr(" \t^()[]{}._", *s) == NULL) {
            fits = append(dst, cap, &used, s, n);
        }
        s += n;
    }
    dst[used] = '\0';
    return fits;
}

static bool listed(const char *const *list, size_t n, const char *text) {
    for (size_t i = 0; i < n; i++) {
        if (strcmp(list[i], text) == 0) {
            return true;
        }
    }
    return false;
}

myo_dim myo_unit_find(const char *text, double *scale) {
    char key[UNIT_KEY_MAX];
    *scale = 1;
    if (!fold(key, sizeof key, text)) {
        return MYO_DIM_NONE;
    }
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (strcmp(table[i].text, key) == 0) {
            *scale = table[i].scale;
            return table[i].dim;
        }
    }
    if (listed(counts, sizeof counts / sizeof counts[0], key)) {
        return MYO_DIM_COUNTS;
    }
    return listed(others, sizeof others / sizeof others[0], key) ? MYO_DIM_OTHER : MYO_DIM_NONE;
}

const char *myo_open_unit(const char *text) {
    static const char *const units[] = {"uV", "mV", "V", "g", "mg", "m/s^2", "counts"};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(text, units[i]) == 0) {
            return units[i];
        }
    }
    const bool micro = strcmp(text, "\xC2\xB5V") == 0 || strcmp(text, "\xCE\xBCV") == 0;
    return micro ? units[0] : NULL;
}

const char *myo_unit_canonical(myo_dim dim) {
    switch (dim) {
    case MYO_DIM_VOLT:
        return "uV";
    case MYO_DIM_ACCEL:
        return "g";
    case MYO_DIM_TIME:
        return "s";
    case MYO_DIM_NONE:
    case MYO_DIM_COUNTS:
    case MYO_DIM_OTHER:
        break;
    }
    return "au";
}

char *myo_unit_show(char *dst, size_t cap, const char *text) {
    char mended[4 * UNIT_KEY_MAX];
    size_t used = 0;
    bool fits = true;
    for (const char *s = text; *s != '\0' && fits;) {
        size_t row = 0;
        const size_t sign = sign_at(s, &row);
        const size_t n = sign > 0 ? sign : utf8_length(s);
        fits = sign > 0 ? append(mended, sizeof mended, &used, signs[row].shown, 2)
                        : append(mended, sizeof mended, &used, s, n);
        s += n;
    }
    mended[used] = '\0';
    return myo_printable(dst, cap, mended);
}
