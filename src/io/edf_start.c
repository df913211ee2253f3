/* edf_start.c - when an EDF or BDF recording began: the date and time fields, and EDF+'s date in full. */
#include <string.h>
#include <strings.h>
#include "base/base.h"
#include "io/edf.h"

/* Offsets of the fields in the main header (EDF specification, 1992). */
enum { RECORDING = 88, DATE = 168, TIME = 176 };

typedef struct date {
    int day, month, year; /* year -1: not said */
} date;

/* "dd.mm.yy" and "hh.mm.ss" hold two digits each; -1 if not. */
static int two(const char *s) {
    return s[0] >= '0' && s[0] <= '9' && s[1] >= '0' && s[1] <= '9' ? (s[0] - '0') * 10 + s[1] - '0'
                                                                    : -1;
}

static bool possible(const date *d) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const int y = d->year;
    const bool leap = y > 0 && ((y % 4 == 0 && y % 100 != 0) || y % 400 == 0);
    return y >= 0 && d->month >= 1 && d->month <= 12 && d->day >= 1 &&
           d->day <= days[d->month - 1] + (d->month == 2 && leap);
}

/* Where the recording field of EDF+ has its date, "Startdate 02-MAR-2002 ..." (EDF+ specification 2003, 2.1.3.3);
 * NULL where it has none: another text, or "Startdate X". */
static const char *full_date(const char *head) {
    static const char key[] = "Startdate ";
    const char *s = head + RECORDING + sizeof key - 1;
    const bool none = memcmp(head + RECORDING, key, sizeof key - 1) != 0 || (s[0] == 'X' && s[1] == ' ');
    return none ? NULL : s;
}

/* "dd-MMM-yyyy"; false if that is no date. */
static bool parse_full(const char *s, date *d) {
    static const char months[] = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";
    *d = (date){.day = two(s), .year = two(s + 7) < 0 || two(s + 9) < 0 ? -1 : two(s + 7) * 100 + two(s + 9)};
    for (int m = 0; m < 12; m++) {
        d->month = strncasecmp(s + 3, months + 3 * (size_t)m, 3) == 0 ? m + 1 : d->month;
    }
    return s[2] == '-' && s[6] == '-' && possible(d);
}

/* n bytes of the header, to be shown. */
static const char *show(char shown[80], const char *s, size_t n) {
    char raw[17] = "";
    for (size_t i = 0; i < n; i++) {
        raw[i] = s[i] != '\0' ? s[i] : '\1';
    }
    return myo_printable(shown, 80, raw);
}

/* Of the year its last two digits are in both. */
static void compare(myo_reader *r, const date *d, int yy, const date *full, const char *text) {
    char shown[80];
    if (yy >= 0 && full->year % 100 != yy) {
        myo_warn(r->d, "byte %d: start date and the recording field disagree on the year (%02d, %d)", DATE, yy,
                 full->year);
    }
    if (full->day != d->day || full->month != d->month) {
        myo_warn(r->d,
                 "byte %d: start date and the recording field disagree on the day (%02d.%02d., %s): the first counts",
                 DATE, d->day, d->month, show(shown, text, 11));
    }
}

void edf_head_start(myo_reader *r, const char *head, const edf_head *h) {
    const char *at = head + DATE, *time = head + TIME, *text = h->plus ? full_date(head) : NULL;
    const int yy = two(at + 6), hour = two(time), minute = two(time + 3), second = two(time + 6);
    date full = {.year = -1}, d = {two(at), two(at + 3), yy < 0 ? -1 : yy >= 85 ? 1900 + yy : 2000 + yy};
    char shown[80];
    if (text != NULL && !parse_full(text, &full)) {
        myo_warn(r->d, "byte %d: start date '%s' in the recording field is not possible: byte %d counts",
                 (int)(text - head), show(shown, text, 11), DATE);
        full.year = -1;
    }
    d.year = full.year > 0 ? full.year : d.year;
    const bool dots = at[2] == '.' && at[5] == '.' && time[2] == '.' && time[5] == '.';
    if (!dots || !possible(&d) || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
        second > 59) {
        myo_warn(r->d, "byte %d: start date and time '%s' are not possible: start unknown", DATE,
                 show(shown, at, 16));
        return;
    }
    if (full.year > 0) {
        compare(r, &d, yy, &full, text);
    }
    snprintf(r->info->start, sizeof r->info->start, "%04d-%02d-%02dT%02d:%02d:%02d", d.year % 10000, d.month,
             d.day, hour, minute, second);
}
