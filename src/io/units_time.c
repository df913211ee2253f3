/* units_time.c - what the header of a time column states: a unit of time, something else, or nothing we know. */
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include "io/units.h"

enum { WORD_MAX = 24 }; /* bytes of the longest word looked at */

/* Seconds in each, in any case of letters; SI symbols in their exact case come from myo_unit_find(). */
static const struct {
    const char *word;
    double seconds;
} table[] = {
    {"sec", 1},
    {"secs", 1},
    {"second", 1},
    {"seconds", 1},
    {"sek", 1},
    {"ms", 1e-3},
    {"msec", 1e-3},
    {"msecs", 1e-3},
    {"millis", 1e-3},
    {"millisec", 1e-3},
    {"millisecs", 1e-3},
    {"millisecond", 1e-3},
    {"milliseconds", 1e-3},
    {"usec", 1e-6},
    {"usecs", 1e-6},
    {"micros", 1e-6},
    {"microsec", 1e-6},
    {"microsecs", 1e-6},
    {"microsecond", 1e-6},
    {"microseconds", 1e-6},
    {"nsec", 1e-9},
    {"nsecs", 1e-9},
    {"nanosecond", 1e-9},
    {"nanoseconds", 1e-9},
    {"min", 60},
    {"mins", 60},
    {"minute", 60},
    {"minutes", 60},
    {"hr", 3600},
    {"hrs", 3600},
    {"hour", 3600},
    {"hours", 3600},
    {"day", 86400},
    {"days", 86400},
};

/* A clock that ticks per sample, or at a rate that only the recorder knows. */
static const char *const ticks[] = {
    "sample", "samples", "tick", "ticks", "frame", "frames", "count", "counts", "scan", "scans", "cycles",
};

/* Seconds in the unit that one word means; one letter in its usual case, as others number columns. */
static double of_word(const char *word) {
    double scale;
    if (myo_unit_find(word, &scale) == MYO_DIM_TIME) {
        return scale;
    }
    if (word[0] != '\0' && word[1] == '\0') {
        return word[0] == 'S' ? 1 : word[0] == 'h' || word[0] == 'H' ? 3600 : word[0] == 'd' ? 86400 : 0;
    }
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (strcasecmp(table[i].word, word) == 0) {
            return table[i].seconds;
        }
    }
    return 0;
}

/* The next word at *s, "" at the end; brackets and full stops are none of it. */
static const char *next_word(const char **s, char word[WORD_MAX]) {
    static const char apart[] = " \t_,;()[]{}.";
    *s += strspn(*s, apart);
    const size_t n = strcspn(*s, apart);
    const size_t kept = n < WORD_MAX ? n : 0; /* too long for any unit: stands for one unknown */
    memcpy(word, kept > 0 ? *s : "?", kept > 0 ? kept : 1);
    word[n > 0 && kept == 0 ? 1 : kept] = '\0';
    *s += n;
    return word;
}

/* "milliseconds since start" is one unit; "h min s" and "100 us" are none. */
double myo_time_unit(const char *text) {
    char word[WORD_MAX];
    double found = 0;
    for (const char *s = text; next_word(&s, word)[0] != '\0';) {
        const double seconds = of_word(word);
        if ((word[0] >= '0' && word[0] <= '9') || (seconds > 0 && found > 0)) {
            return 0;
        }
        found = seconds > 0 ? seconds : found;
    }
    return found;
}

bool myo_is_tick(const char *text) {
    char word[WORD_MAX], rest[WORD_MAX];
    const char *s = text;
    next_word(&s, word);
    for (size_t i = 0; i < sizeof ticks / sizeof ticks[0]; i++) {
        if (strcasecmp(ticks[i], word) == 0) {
            return next_word(&s, rest)[0] == '\0';
        }
    }
    return false;
}

bool myo_is_no_time(const char *text) {
    double scale;
    char word[WORD_MAX], rest[WORD_MAX];
    const char *s = text;
    next_word(&s, word);
    const bool letter = word[0] != '\0' && word[1] == '\0' && word[0] != '%' && word[0] != 'm';
    if (myo_time_unit(text) > 0 || letter || next_word(&s, rest)[0] != '\0') {
        return false;
    }
    const myo_dim dim = myo_unit_find(text, &scale);
    return myo_is_tick(text) || dim == MYO_DIM_VOLT || dim == MYO_DIM_ACCEL || dim == MYO_DIM_OTHER;
}
