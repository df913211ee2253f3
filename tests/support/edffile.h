/* edffile.h - EDF and BDF files built field by field, so that any field can be wrong. */
#ifndef EDFFILE_H
#define EDFFILE_H

#include "recfile.h"

typedef struct spec {
    const char *version, *date, *time, *kind, *n_rec, *dur, *n_sig, *head;
    const char *label[4], *unit[4], *pmin[4], *pmax[4], *dmin[4], *dmax[4], *spr[4];
    int signals; /* that are written */
    int records; /* that are written */
    bool bdf;
    const double *onsets; /* per record; NULL: no annotation signal */
    const char *texts;    /* a TAL in record 1 */
} spec;

static UNUSED spec basic(void) {
    spec s = {.version = "0",
              .date = "02.03.21",
              .time = "04.05.06",
              .kind = "",
              .n_rec = "5",
              .dur = "1",
              .n_sig = "2",
              .head = "768",
              .signals = 2,
              .records = 5};
    for (int i = 0; i < 4; i++) {
        s.label[i] = i == 0 ? "EMG biceps" : i == 1 ? "Acc x" : i == 2 ? "EDF Annotations" : "More";
        s.unit[i] = i == 0 ? "uV" : i == 1 ? "g" : "";
        s.pmin[i] = "-1000";
        s.pmax[i] = "1000";
        s.dmin[i] = "-32768";
        s.dmax[i] = "32767";
        s.spr[i] = i == 0 ? "100" : i == 1 ? "20" : "30";
    }
    return s;
}

static UNUSED int value(int sig, int k) {
    return sig == 0 ? (k * 37) % 2000 - 1000 : k % 77;
}

static void put_column(bytes *b, const spec *s, const char *const *v, size_t w) {
    for (int i = 0; i < s->signals; i++) {
        put_field(b, v != NULL ? v[i] : "", w);
    }
}

static void put_record(bytes *b, const spec *s, int rec) {
    for (int i = 0; i < s->signals; i++) {
        const int n = atoi(s->spr[i]), width = s->bdf ? 3 : 2;
        if (i == 2 && s->onsets != NULL) {
            char tal[256] = "";
            const size_t used =
                (size_t)snprintf(tal, sizeof tal, "+%g\x14\x14", s->onsets[rec]) + 1;
            bytes a = {0};
            put(&a, tal, used);
            if (s->texts != NULL && rec == 1) {
                put_text(&a, s->texts);
            }
            put_zeros(&a, (size_t)(n * width) - a.n);
            put(b, a.p, a.n);
            free(a.p);
            continue;
        }
        for (int k = 0; k < n; k++) {
            put_le(b, value(i, rec * n + k), width);
        }
    }
}

static UNUSED bytes build(const spec *s) {
    bytes b = {0};
    if (s->bdf) {
        put(&b, "\377BIOSEMI", 8);
    } else {
        put_field(&b, s->version, 8);
    }
    put_field(&b, "X X X X", 80);
    put_field(&b, "Startdate X X X X", 80);
    put_field(&b, s->date, 8);
    put_field(&b, s->time, 8);
    put_field(&b, s->head, 8);
    put_field(&b, s->kind, 44);
    put_field(&b, s->n_rec, 8);
    put_field(&b, s->dur, 8);
    put_field(&b, s->n_sig, 4);
    put_column(&b, s, s->label, 16);
    put_column(&b, s, NULL, 80);
    put_column(&b, s, s->unit, 8);
    put_column(&b, s, s->pmin, 8);
    put_column(&b, s, s->pmax, 8);
    put_column(&b, s, s->dmin, 8);
    put_column(&b, s, s->dmax, 8);
    put_column(&b, s, NULL, 80);
    put_column(&b, s, s->spr, 8);
    put_column(&b, s, NULL, 32);
    for (int r = 0; r < s->records; r++) {
        put_record(&b, s, r);
    }
    return b;
}

static UNUSED const char *written(const spec *s) {
    bytes b = build(s);
    const char *path = save(&b, "made.edf");
    free(b.p);
    return path;
}

static UNUSED spec plus(const char *kind, const double *onsets) {
    spec s = basic();
    s.signals = 3;
    s.n_sig = "3";
    s.head = "1024";
    s.kind = kind;
    s.onsets = onsets;
    return s;
}

static UNUSED const double regular[] = {0, 1, 2, 3, 4};
static UNUSED const double broken[] = {10, 11, 12, 20.5, 21.5};

#endif
