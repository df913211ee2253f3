/* csv_time.c - time stamps: what is written, and what each one means after the one before. */
#include <math.h>
#include "io/csv.h"

#define DAY_S 86400.0
#define YEAR_S (366 * DAY_S)

/* --- reading --- */

/* Exactly 1..max digits at *s, stopping at end. */
static bool take_int(const char **s, const char *end, int max, int64_t *v) {
    const char *p = *s;
    *v = 0;
    while (p < end && p - *s < max && *p >= '0' && *p <= '9') {
        *v = *v * 10 + (*p++ - '0');
    }
    const bool any = p > *s;
    *s = p;
    return any;
}

static bool take_char(const char **s, const char *end, const char *any) {
    if (*s < end && **s != '\0' && strchr(any, **s) != NULL) {
        (*s)++;
        return true;
    }
    return false;
}

/* Days since 1970-01-01 of the proleptic Gregorian calendar (count of days in March-based years).
 */
static int64_t day_number(int64_t y, int64_t m, int64_t d) {
    y -= m <= 2;
    const int64_t era = y / 400, yoe = y - era * 400;
    const int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static bool valid_date(int64_t y, int64_t m, int64_t d) {
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (m < 1 || m > 12 || d < 1 || d > days[m - 1]) {
        return false;
    }
    const bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    return m != 2 || d < 29 || leap;
}

/* 2019-03-21, 2019/3/21; 3/21/2019 (month first unless it cannot be); 21.03.2019. */
static bool take_date(const char **s, const char *end, int64_t *day) {
    int64_t a, b, c;
    const char *p = *s;
    if (!take_int(&p, end, 4, &a) || p >= end) {
        return false;
    }
    const bool year_first = p - *s == 4;
    const char sep[2] = {*p, '\0'};
    if (!take_char(&p, end, "-/.") || !take_int(&p, end, 2, &b) || !take_char(&p, end, sep) ||
        !take_int(&p, end, year_first ? 2 : 4, &c)) {
        return false;
    }
    int64_t y = a, m = b, d = c;
    if (!year_first) {
        const bool month_first = sep[0] == '/' && a <= 12;
        y = c;
        m = month_first ? a : b;
        d = month_first ? b : a;
    }
    *s = p;
    *day = valid_date(y, m, d) ? day_number(y, m, d) : 0;
    return valid_date(y, m, d) && y >= 1000;
}

/* .5, ,500, :500 behind the seconds. */
static bool take_fraction(const char **s, const char *end, double *sec, int *decimals) {
    const char *p = *s;
    if (!take_char(&p, end, ".,:")) {
        return true;
    }
    int64_t v;
    const char *first = p;
    if (!take_int(&p, end, 15, &v)) {
        return false;
    }
    *decimals = (int)(p - first);
    *sec += (double)v / pow(10, *decimals);
    *s = p;
    return true;
}

/* Z, +01:00, AM, PM; zones are constant in a file, so they are read and left out. */
static bool take_zone(const char **s, const char *end, int64_t *hour) {
    const char *p = *s;
    while (take_char(&p, end, " ")) {
    }
    if (end - p == 2 && take_char(&p, end, "aApP") && (*p == 'M' || *p == 'm')) {
        const bool pm = p[-1] == 'p' || p[-1] == 'P';
        *hour = *hour % 12 + (pm ? 12 : 0);
        p++;
    } else if (!take_char(&p, end, "Zz") && take_char(&p, end, "+-")) {
        int64_t v;
        if (!take_int(&p, end, 2, &v)) {
            return false;
        }
        take_char(&p, end, ":");
        take_int(&p, end, 2, &v);
    }
    *s = p;
    return true;
}

static bool take_clock(const char **s, const char *end, double *sec, int *decimals) {
    int64_t h, m, v = 0;
    if (!take_int(s, end, 2, &h) || !take_char(s, end, ":") || !take_int(s, end, 2, &m)) {
        return false;
    }
    double frac = 0;
    if (take_char(s, end, ":") &&
        (!take_int(s, end, 2, &v) || !take_fraction(s, end, &frac, decimals))) {
        return false;
    }
    if (!take_zone(s, end, &h) || h > 23 || m > 59 || v > 60) {
        return false;
    }
    *sec = (double)(h * 3600 + m * 60 + v) + frac;
    return true;
}

/* A date alone is midnight: tables have a column of dates beside one of times. */
bool csv_iso(csv_field f, int64_t *day, double *sec, int *decimals, bool *has_date) {
    const char *s = f.s, *end = f.s + f.n;
    *day = 0;
    *sec = 0;
    *decimals = 0;
    *has_date = f.n >= 8 && memchr(f.s, ':', 4) == NULL;
    if (*has_date) {
        if (!take_date(&s, end, day)) {
            return false;
        }
        if (s == end) {
            return true;
        }
        if (!take_char(&s, end, " T")) {
            return false;
        }
    }
    return take_clock(&s, end, sec, decimals) && s == end;
}

void csv_iso_format(char dst[40], int64_t day, double sec, bool utc) {
    int64_t ms = (int64_t)llround(sec * 1000);
    day += ms / 86400000;
    ms %= 86400000;
    const int64_t z = day + 719468, era = z / 146097, doe = z - era * 146097;
    const int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    const int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    const int64_t m = mp < 10 ? mp + 3 : mp - 9, y = yoe + era * 400 + (m <= 2);
    snprintf(dst, 40, "%04d-%02d-%02dT%02d:%02d:%02d.%03d%s", (int)(y % 10000), (int)m,
             (int)(doy - (153 * mp + 2) / 5 + 1), (int)(ms / 3600000), (int)(ms / 60000 % 60),
             (int)(ms / 1000 % 60), (int)(ms % 1000), utc ? "Z" : "");
}

/* --- stamps --- */

void csv_time_reset(csv_time *t) {
    t->started = false;
    t->zero = t->grid0 = t->drift = t->last = t->last_clock = 0;
    t->day0 = t->n = t->midnights = 0;
    t->places = t->digits = 0;
    t->next_power = 1;
}

/* Programs that print a fixed number of digits lose a decimal at each power of ten. */
static void note_decimals(csv_time *t, double v, int decimals) {
    const double size = fabs(v);
    if (size >= t->next_power) {
        int whole = 0;
        for (t->next_power = 1; size >= t->next_power && whole < 300; whole++) {
            t->next_power *= 10;
        }
        const int rest = t->digits - whole;
        t->places = t->started && rest < t->places ? rest : t->places;
    }
    const int whole = t->next_power > 1 ? (int)lround(log10(t->next_power)) : 0;
    t->places = decimals > t->places ? decimals : t->places;
    t->digits = whole + decimals > t->digits ? whole + decimals : t->digits;
}

double csv_time_quantum(const csv_time *t) {
    return t->unit * pow(10, -t->places);
}

static bool new_decimals(const csv_time *t, double v, int decimals) {
    return decimals > t->places || fabs(v) >= t->next_power;
}

static double stamp_of(const csv_time *t, double v) {
    return (v - t->zero) * t->unit;
}

double csv_time_number(csv_time *t, double v, int decimals) {
    if (new_decimals(t, v, decimals)) {
        note_decimals(t, v, decimals);
    }
    if (!t->started) {
        t->started = true;
        t->zero = v;
    }
    return stamp_of(t, v);
}

static double clock_stamp(csv_time *t, int64_t day, double sec, bool has_date) {
    if (!t->started) {
        t->started = true;
        t->day0 = day;
        t->zero = sec;
    } else if (!has_date && sec < t->last_clock - DAY_S / 2) {
        t->midnights++;
    }
    t->last_clock = sec;
    return (double)(day - t->day0 + t->midnights) * DAY_S + (sec - t->zero);
}

bool csv_time_stamp(csv_time *t, csv_field f, char point, double *sec) {
    double v;
    int decimals;
    if (t->clock == CSV_CLOCK_NUMBER) {
        if (csv_value(f, point, &v, &decimals) != CSV_NUMBER) {
            return false;
        }
        *sec = csv_time_number(t, v, decimals);
        return true;
    }
    int64_t day;
    bool has_date;
    if (!csv_iso(f, &day, &v, &decimals, &has_date)) {
        return false;
    }
    t->places = decimals > t->places ? decimals : t->places;
    *sec = clock_stamp(t, day, v, has_date);
    return true;
}

/* --- steps ---
 *
 *   stamps   |    |    |    |              |    |
 *   grid     .    .    .    .    .         ^ new grid
 *                            `-dev > 0.5 dt + jitter: a gap
 *
 * Each stamp is compared with an even grid that follows slow drift of the clock, not with its
 * neighbour alone, so that rounding of stamps makes no gaps. */
static void advance(csv_time *t, double sec, double dev) {
    static const double follow = 1.0 / 256; /* share of each deviation that the grid takes over */
    t->drift += follow * dev;
    t->last = sec;
    t->n++;
}

static double deviation(const csv_time *t, double sec) {
    return sec - (t->grid0 + (double)t->n * t->dt + t->drift);
}

/* This far behind the last stamp there is no need to look at decimals. */
static bool usual_step(const csv_time *t, double step) {
    return step > 0.4 * t->dt && step < 1.4 * t->dt;
}

bool csv_time_usual(csv_time *t, double v, int decimals) {
    const double sec = stamp_of(t, v);
    if (t->n == 0 || new_decimals(t, v, decimals) || !usual_step(t, sec - t->last)) {
        return false;
    }
    advance(t, sec, deviation(t, sec));
    return true;
}

csv_step csv_time_step(csv_time *t, double sec) {
    if (t->n == 0) {
        t->grid0 = t->last = sec;
        t->n = 1;
        return CSV_STEP_NEXT;
    }
    const double step = sec - t->last;
    if (usual_step(t, step)) {
        advance(t, sec, deviation(t, sec));
        return CSV_STEP_NEXT;
    }
    const double now = csv_time_quantum(t);
    const bool grown = now > 1.5 * t->quantum;
    if (step < 0) {
        return CSV_STEP_BACK;
    }
    if (step == 0 && !t->coarse && !(grown && now > 0.9 * t->dt)) {
        return CSV_STEP_EQUAL;
    }
    if (!(step < YEAR_S)) {
        return CSV_STEP_ABSURD;
    }
    const double dev = deviation(t, sec);
    if (dev > 0.5 * t->dt + t->jitter + (grown ? now : 0)) {
        t->grid0 = t->last = sec;
        t->drift = 0;
        t->n = 1;
        return CSV_STEP_GAP;
    }
    advance(t, sec, dev);
    return CSV_STEP_NEXT;
}
