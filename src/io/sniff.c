/* sniff.c - what a file that we do not read looks like, and how to make it readable. */
#include <inttypes.h>
#include <string.h>
#include <strings.h>
#include "base/base.h"
#include "io/planes.h"
#include "io/sniff.h"

typedef struct foreign {
    int at; /* byte offset of the magic */
    const char *magic;
    int n;              /* bytes of magic */
    const char *ending; /* needed too where a magic alone says little; NULL for none */
    myo_err code;
    const char *text; /* what it is; and what to do */
} foreign;

#define M(s) s, (int)sizeof(s) - 1
#define UNSUP MYO_ERR_UNSUPPORTED
#define SAVE2GDF "; convert it, e.g. `save2gdf -f=EDF IN OUT.edf` (biosig-tools)"

/* First match wins: special cases stand before the general ones. */
static const foreign table[] = {
    {0, M("/annex/objects/"), NULL, MYO_ERR_FORMAT,
     "a git-annex pointer, not the data; run `datalad get`"},
    {0, M("../.git/annex/objects/"), NULL, MYO_ERR_FORMAT,
     "a git-annex pointer, not the data; run `datalad get`"},
    {0, M(".git/annex/objects/"), NULL, MYO_ERR_FORMAT,
     "a git-annex pointer, not the data; run `datalad get`"},
    {0, M("version https://git-lfs"), NULL, MYO_ERR_FORMAT,
     "a git LFS pointer, not the data; run `git lfs pull`"},
    {0, M("\x1f\x8b"), NULL, UNSUP, "gzip-compressed data; unpack it first (`gunzip`)"},
    {0, M("BZh"), "bz2", UNSUP, "bzip2-compressed data; unpack it first (`bunzip2`)"},
    {0, M("\3757zXZ\0"), NULL, UNSUP, "xz-compressed data; unpack it first (`unxz`)"},
    {0, M("\x28\xb5\x2f\xfd"), NULL, UNSUP, "zstd-compressed data; unpack it first (`unzstd`)"},
    {0, M("7z\xbc\xaf\x27\x1c"), NULL, UNSUP, "a 7-Zip archive; unpack it first"},
    {0, M("Rar!\x1a\x07"), NULL, UNSUP, "a RAR archive; unpack it first"},
    {257, M("ustar"), NULL, UNSUP, "a tar archive; unpack it first"},
    {0, M("PK\x03\x04"), "gt3x", UNSUP,
     "an ActiGraph .gt3x archive; export it to CSV (ActiLife, read.gt3x)"},
    {0, M("PK\x03\x04"), "xlsx ods xlsm", UNSUP, "a spreadsheet; export the sheet to CSV"},
    {0, M("PK\x03\x04"), NULL, UNSUP, "a zip archive; unpack it first"},
    {0, M("PK\x05\x06"), NULL, UNSUP, "an empty zip archive"},
    {0, M("\x89HDF\r\n\x1a\n"), NULL, UNSUP, "an HDF5 file; export its signals to CSV or EDF"},
    {512, M("\x89HDF\r\n\x1a\n"), NULL, UNSUP,
     "an HDF5 file (MATLAB 7.3); export its signals to CSV or EDF"},
    {0, M("MATLAB 5.0"), NULL, UNSUP, "a MATLAB .mat file; export its signals to CSV or EDF"},
    {0, M("MATLAB 7"), NULL, UNSUP, "a MATLAB .mat file; export its signals to CSV or EDF"},
    {0, M("\x93NUMPY"), NULL, UNSUP, "a NumPy array; export it to CSV"},
    {0, M("ABF "), NULL, UNSUP, "an Axon ABF recording" SAVE2GDF},
    {0, M("ABF2"), NULL, UNSUP, "an Axon ABF2 recording" SAVE2GDF},
    {0, M("GDF "), NULL, UNSUP, "a GDF recording" SAVE2GDF},
    {0, M("CFWB"), NULL, UNSUP, "an ADInstruments CFWB recording" SAVE2GDF},
    {0, M("Brain Vision"), NULL, UNSUP, "a BrainVision header" SAVE2GDF},
    {0, M("\357\273\277Brain Vision"), NULL, UNSUP, "a BrainVision header" SAVE2GDF},
    {0, M("BrainVision"), NULL, UNSUP, "a BrainVision header" SAVE2GDF},
    {0, M("MD\xfc\x03"), NULL, UNSUP,
     "an Axivity .cwa recording; export it to WAV or CSV (OmGui, cwa-convert)"},
    {0, M("Device Identity"), NULL, UNSUP,
     "a GENEActiv .bin recording; export it to CSV (GENEActiv software)"},
    {0, M("GENEA/"), NULL, UNSUP, "a GENEA .bin recording; export it to CSV"},
    {512, M("MDTC"), NULL, UNSUP, "a Parmay Matrix .bin recording; export it to CSV"},
    {0, M("NEURALCD"), NULL, UNSUP, "a Blackrock recording; export it to EDF or CSV"},
    {0, M("NEURALSG"), NULL, UNSUP, "a Blackrock recording; export it to EDF or CSV"},
    {0, M("BRSMPGRP"), NULL, UNSUP, "a Blackrock recording; export it to EDF or CSV"},
    {0, M("######## Neuralynx"), NULL, UNSUP, "a Neuralynx recording; export it to EDF or CSV"},
    {0, M("XDF:"), NULL, UNSUP, "an XDF recording; export it to CSV"},
    {0, M("SCPECG"), NULL, UNSUP, "an SCP-ECG recording" SAVE2GDF},
    {128, M("DICM"), NULL, UNSUP, "a DICOM file; export its waveform to CSV"},
    {0, M("%PDF-"), NULL, MYO_ERR_FORMAT, "a PDF document, not a recording"},
    {0, M("\x89PNG"), NULL, MYO_ERR_FORMAT, "a PNG image, not a recording"},
    {0, M("\xff\xd8\xff"), NULL, MYO_ERR_FORMAT, "a JPEG image, not a recording"},
    {0, M("GIF8"), NULL, MYO_ERR_FORMAT, "a GIF image, not a recording"},
    {0, M("SQLite format 3"), NULL, UNSUP, "an SQLite database; export its table to CSV"},
    {0, M("PAR1"), NULL, UNSUP, "a Parquet table; export it to CSV"},
    {0, M("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), NULL, UNSUP,
     "an old Office document; export the sheet to CSV"},
    {0, M("OggS"), NULL, UNSUP, "Ogg audio (lossy); record to WAV, FLAC or EDF"},
    {0, M("ID3\x03"), NULL, UNSUP, "MP3 audio (lossy); record to WAV, FLAC or EDF"},
    {0, M("ID3\x04"), NULL, UNSUP, "MP3 audio (lossy); record to WAV, FLAC or EDF"},
    {0, M("\xff\xfb"), NULL, UNSUP, "MP3 audio (lossy); record to WAV, FLAC or EDF"},
    {4, M("ftyp"), NULL, UNSUP, "an MP4 or QuickTime file; export its signals to WAV or CSV"},
    {0, M("RIFX"), NULL, UNSUP, "a big-endian RIFX file; convert it to WAV"},
    {0, M("BW64"), NULL, UNSUP, "a BW64 file; convert it to RF64 or W64"},
    {0, M("\177ELF"), NULL, MYO_ERR_FORMAT, "a program, not a recording"},
    {0, M("MZ\x90"), NULL, MYO_ERR_FORMAT, "a program, not a recording"},
    {0, M("\x30\x26\xb2\x75\x8e\x66\xcf\x11"), NULL, UNSUP,
     "a Windows media file; convert it to WAV"},
    {0, M("\xff\xfe"), NULL, UNSUP, "UTF-16 text; save it as UTF-8"},
    {0, M("\xfe\xff"), NULL, UNSUP, "UTF-16 text; save it as UTF-8"},
};

static bool matches(const foreign *f, const myo_probe *p) {
    return (size_t)(f->at + f->n) <= p->n && memcmp(p->head + f->at, f->magic, (size_t)f->n) == 0 &&
           (f->ending == NULL || myo_name_ends(p->name, f->ending));
}

/* The first bytes after a BOM and white space, lower case, for content that a tag introduces. */
static bool text_starts(const myo_probe *p, const char *what) {
    size_t i = p->n >= 3 && memcmp(p->head, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (i < p->n && strchr(" \t\r\n", p->head[i]) != NULL && p->head[i] != '\0') {
        i++;
    }
    const size_t n = strlen(what);
    return i + n <= p->n && strncasecmp((const char *)p->head + i, what, n) == 0;
}

/* A C3D file: first byte names the 512-byte block of parameters, the second is 0x50; a parameter
 * section begins with its own type byte (1 Intel, 2 DEC, 3 MIPS) + 83. Both are asked for, as
 * "\x02P" alone is weak. */
static bool is_c3d(const myo_probe *p) {
    if (p->n < 2 || p->head[1] != 0x50 || p->head[0] < 2 || p->head[0] > 8) {
        return false;
    }
    const size_t at = ((size_t)p->head[0] - 1) * 512 + 3;
    return at < p->n && p->head[at] >= 84 && p->head[at] <= 86;
}

static bool all_zero(const myo_probe *p) {
    for (size_t i = 0; i < p->n; i++) {
        if (p->head[i] != 0) {
            return false;
        }
    }
    return true;
}

myo_err myo_sniff_foreign(const myo_probe *p, myo_diag *d) {
    if (p->n == 0) {
        return myo_fail(d, MYO_ERR_FORMAT, "an empty file");
    }
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (matches(&table[i], p)) {
            return myo_fail(d, table[i].code, "looks like %s", table[i].text);
        }
    }
    if (text_starts(p, "<!doctype html") || text_starts(p, "<html") || text_starts(p, "<head")) {
        return myo_fail(d, MYO_ERR_FORMAT,
                        "looks like a web page (HTML), perhaps an error page of a download");
    }
    if (text_starts(p, "<?xml")) {
        return myo_fail(d, UNSUP, "looks like an XML file; export its signals to CSV or EDF");
    }
    if (text_starts(p, "{\"") || text_starts(p, "{\n") || text_starts(p, "{\r")) {
        return myo_fail(d, MYO_ERR_FORMAT, "looks like JSON, perhaps the sidecar of a recording");
    }
    if (is_c3d(p)) {
        return myo_fail(d, UNSUP, "looks like a C3D recording; export its analog channels to CSV");
    }
    if (all_zero(p)) {
        return myo_fail(d, MYO_ERR_FORMAT, "only zero bytes (the first %zu of %" PRId64 ")", p->n,
                        p->size);
    }
    return MYO_OK;
}

myo_err myo_sniff_unknown(const myo_probe *p, myo_diag *d) {
    if (p->n >= 12 && memcmp(p->head, "RIFF", 4) == 0) {
        char kind[16];
        char raw[5] = {0};
        memcpy(raw, p->head + 8, 4);
        return myo_fail(d, UNSUP, "a RIFF file of type '%s', not WAVE",
                        myo_printable(kind, sizeof kind, raw));
    }
    char hex[3 * 8 + 1] = "";
    for (size_t i = 0; i < p->n && i < 8; i++) {
        snprintf(hex + 3 * i, 4, "%02x ", p->head[i]);
    }
    return myo_fail(d, MYO_ERR_FORMAT,
                    "format not recognised (begins with bytes %s; readable: EDF, BDF, WAV, RF64, "
                    "W64, FLAC, CAF, AIFF, WFDB .hea, CSV/TSV; others: convert with `save2gdf "
                    "-f=EDF IN OUT.edf`)",
                    hex);
}
