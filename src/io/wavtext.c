/* wavtext.c - channel names and scales in a WAV comment. */
#include <stdio.h>
#include <string.h>
#include "io/wavtext.h"
#include "myotab/text.h"

/* The rest of the line that begins with "KEY-n:"; its length, 0 if there is none. */
static size_t line_of(const char *text, const char *key, int n, const char **value)
{
    char start[32];
    const int len = snprintf(start, sizeof start, "%s-%d:", key, n);
    for (const char *at = text; at; at = strchr(at, '\n')) {
        at += *at == '\n';
        if (strncmp(at, start, (size_t)len) == 0) {
            *value = at + len + strspn(at + len, " \t");
            return strcspn(*value, "\r\n");
        }
    }
    return 0;
}

bool myo_wav_channel(const char *comment, int n, char *name, size_t cap, double *full_scale)
{
    const char *label, *scale;
    double value;
    const size_t label_n = line_of(comment, "Channel", n, &label), scale_n = line_of(comment, "Scale", n, &scale);
    if (label_n == 0 || scale_n == 0 || !myo_parse_f64(scale, scale_n, &value) || value <= 0.0) {
        return false;
    }
    snprintf(name, cap, "%.*s", (int)(label_n < cap ? label_n : cap - 1), label);
    *full_scale = value;
    return true;
}
