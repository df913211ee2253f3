/* csv.h - what the parts of the text reader share: lines and fields, the layout of a table, time
 * columns. */
#ifndef MYO_IO_CSV_H
#define MYO_IO_CSV_H

#include <string.h>
#include "base/base.h"
#include "io/bids.h"
#include "io/readers.h"

enum {
    CSV_LINE_MAX = 1 << 20, /* bytes */
    CSV_COLUMNS_MAX = 65536,
    CSV_BUFFER = 2 << 20,    /* bytes read at a time; holds two of the longest lines */
    CSV_MARKED = 16384,
    CSV_PAD = 8,    /* bytes that may be looked at behind the end of a text */
    CSV_STAMPS_MAX = 1 << 16 /* time stamps looked at for the rate */
};

#define CSV_RATE_MIN 1e-3 /* Hz; slower is a broken header or time column */

/* --- lines and fields (csv_scan.c) --- */

/* One line without its end; s[n] is readable and ends every scan (a line feed, carriage return or
 * NUL). */
typedef struct csv_line {
    const char *s;
    size_t n;
    int64_t no;  /* from 1 */
    int64_t off; /* byte offset in the file */
} csv_line;

/* A cursor over the lines of the file with one buffer. */
typedef struct csv_source {
    const myo_reader *r;
    char *buf;
    size_t cap, pos, end; /* unread: buf[pos .. end) */
    int64_t base;         /* file offset of buf[0] */
    int64_t line;         /* lines handed out */
    char eol;             /* line feed, or carriage return in files that know no other */
} csv_source;

myo_err csv_source_open(csv_source *s, const myo_reader *r);
/* Next line starts at byte `off` and is number line + 1. */
void csv_source_seek(csv_source *s, int64_t off, int64_t line);
/* As much of what is unread as there is room for into the buffer. */
myo_err csv_source_fill(csv_source *s);
/* line->s is NULL at the end; valid until the next call. A line over the limit is an error. */
myo_err csv_source_next(csv_source *s, csv_line *line);
/* The line just handed out comes again. */
void csv_source_back(csv_source *s, const csv_line *line);
void csv_source_close(csv_source *s);

typedef struct csv_dialect {
    char delim; /* , ; tab, or a blank: any run of blanks and tabs */
    char point; /* decimal mark: . or , */
} csv_dialect;

typedef struct csv_field {
    const char *s;
    size_t n; /* blanks around it and quotes taken off */
} csv_field;

typedef struct csv_fields {
    csv_field *f;
    size_t n, cap;
} csv_fields;

/* Field at *p of a line that ends at `end`; *p moves behind its delimiter, or to NULL after the
 * last field. False for a quote that is never closed. */
bool csv_field_next(const char **p, const char *end, char delim, csv_field *f);
/* Cut a whole line; an open quote or too many columns is an error. */
myo_err csv_split(const myo_reader *r, const csv_line *line, char delim, csv_fields *out);
void csv_fields_free(csv_fields *f);

typedef enum csv_class { CSV_TEXT, CSV_NUMBER, CSV_MISSING, CSV_INFINITE } csv_class;

/* A field's number, NaN for missing and infinite ones. *digits (may be NULL) gets the decimals
 * written. */
csv_class csv_value(csv_field f, char point, double *value, int *decimals);
/* Number at s, ended by any other byte, CSV_PAD readable bytes behind it: returns the byte after it,
 * NULL if s is none or its exact value needs the slow way. Equal to strtod() to the bit. */
const char *csv_number(const char *s, char point, double *value, int *decimals);

/* Eight characters less '0' each, the first one in the lowest byte. */
static inline uint64_t csv_eight(const char *s) {
    uint64_t w;
    memcpy(&w, s, sizeof w);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    w = __builtin_bswap64(w);
#endif
    return w ^ UINT64_C(0x3030303030303030);
}

/* The highest bit of each byte that is no digit; behind the first one bytes may be marked wrongly. */
static inline uint64_t csv_no_digits(uint64_t w) {
    return ((w + UINT64_C(0x7676767676767676)) | w) & UINT64_C(0x8080808080808080);
}

/* The number that eight digits make: pairs of neighbours at a time. */
static inline uint64_t csv_value_of(uint64_t w) {
    const uint64_t pair = UINT64_C(0x000000FF000000FF);
    w = w * 10 + (w >> 8);
    w = (w & pair) * (100 + (UINT64_C(1000000) << 32)) + (w >> 16 & pair) * (1 + (UINT64_C(10000) << 32));
    return w >> 32;
}

bool csv_blank(const csv_line *line);
bool csv_comment(const csv_line *line);
/* "line N, column C: what (found 'text')"; column 0 is left out. */
myo_err csv_damaged(const myo_reader *r, const csv_line *line, size_t column, const char *what,
                    csv_field found);
/* NUL bytes and, outside comments, malformed UTF-8 are errors with line and column. */
myo_err csv_check_text(const myo_reader *r, const csv_line *line, char delim, bool strict);
bool csv_is(csv_field f, const char *text);  /* equal but for case */
bool csv_has(csv_field f, const char *text); /* contains, but for case */
char *csv_copy(csv_field f);                 /* NUL-terminated, quotes undoubled; NULL: no memory */

/* --- time columns (csv_time.c, csv_fit.c) --- */

typedef enum csv_clock { CSV_CLOCK_NUMBER, CSV_CLOCK_ISO } csv_clock;

/* How one time column tells time, and where it stands. */
typedef struct csv_time {
    csv_clock clock;
    double unit;    /* s per step of the number; 1 for ISO */
    double dt;      /* s between samples */
    double jitter;  /* s, spread of the stamps about the even grid */
    bool coarse;    /* equal stamps belong to it: stamps are coarser than the samples */
    double quantum; /* s, resolution of the stamps in the stretch looked at */
    /* running */
    bool started;
    double zero;  /* first stamp, in its own unit; s of the day for ISO */
    int64_t day0; /* first stamp's day (ISO) */
    int64_t n;    /* samples since the grid's start */
    double grid0,
        drift;   /* s of the grid's first sample; slow distance of the stamps from the grid */
    double last; /* s, previous stamp */
    int places, digits; /* decimals now written, most digits ever written */
    double next_power;  /* the power of ten that the stamps have not reached yet */
    int64_t midnights;  /* passed by clock times without a date */
    double last_clock;  /* s of the day, previous clock time */
} csv_time;

/* One stamp as seconds since the first one. False if the field is none. */
bool csv_time_stamp(csv_time *t, csv_field f, char point, double *sec);
/* The same for a number that was read already. */
double csv_time_number(csv_time *t, double v, int decimals);
/* A clock or calendar time: day number (0 without a date) and second of the day. */
bool csv_iso(csv_field f, int64_t *day, double *sec, int *decimals, bool *has_date);
/* "2019-03-21T14:58:00.500" of a day number and second; "Z" behind it for Unix time. */
void csv_iso_format(char dst[40], int64_t day, double sec, bool utc);
void csv_time_reset(csv_time *t);
/* s that one step of the last digit now written means. */
double csv_time_quantum(const csv_time *t);

typedef enum csv_step {
    CSV_STEP_NEXT,
    CSV_STEP_GAP,
    CSV_STEP_EQUAL,
    CSV_STEP_BACK,
    CSV_STEP_ABSURD
} csv_step;
/* Take a stamp that needs no judging: about one step behind the last one, and written as the others. Else false, and
 * nothing is changed. */
bool csv_time_usual(csv_time *t, double v, int decimals);
/* Judge the stamp and advance. On EQUAL, BACK and ABSURD nothing is advanced. */
csv_step csv_time_step(csv_time *t, double sec);

/* The first stamps of a column, in seconds if unit_s is known, else in the column's own unit. */
typedef struct csv_stamps {
    double *t;    /* first one subtracted */
    int64_t *row; /* line numbers */
    size_t n, cap;
    double first;   /* the first stamp as written */
    size_t column;  /* from 1, for messages */
    double quantum; /* what one step of the last digit means */
    bool integer;
    bool named;     /* the header calls it time */
    double unit_s;  /* s per unit, 0 if nothing says */
    const char *unit; /* what the header states and is no unit of time, NULL if nothing */
    int64_t names;    /* line of the header, 0 if there is none */
    double told_fs; /* rate from elsewhere, 0 if none */
} csv_stamps;

typedef enum csv_fit { CSV_FIT_TIME, CSV_FIT_COUNTER, CSV_FIT_NONE } csv_fit;
/* dt, unit, jitter of the column; what it is goes to *fit. Errors only for columns that are surely
 * time. */
myo_err csv_time_fit(csv_time *t, csv_stamps *s, const myo_reader *r, csv_fit *fit);

/* --- layout (csv_head.c, csv_columns.c, csv_vendor.c) --- */

typedef enum csv_role { CSV_SIGNAL, CSV_TIME, CSV_COUNTER, CSV_LABEL } csv_role;

typedef struct csv_column {
    char *name; /* NULL if the file names nothing */
    char *unit; /* NULL if it says none */
    csv_role role;
    bool named_time; /* a TIME column by its name, not by its looks */
    size_t time_col; /* time column of this signal, n_col if none */
    myo_kind kind;   /* as the vendor declares, MYO_N_KIND if it does not */
    double fs;       /* stated for this column, 0 if not */
    double rail_lo, rail_hi, lsb;
    char muscle[64];
} csv_column;

typedef struct csv_layout {
    csv_dialect dialect;
    csv_column *col;
    size_t n_col;
    int64_t data_off, data_line; /* first data line's offset; lines before it */
    int64_t names_line;          /* 0: no header */
    char *names_text;            /* the header as written, to know it again */
    bool told_delim;             /* the delimiter is what a line "sep=" says */
    double fs;                   /* stated in the header, 0 if not */
    bool pairs;                  /* every signal follows its own time column */
    bool ends_at_blank;          /* a blank line ends the table (Vicon) */
    char format[32];
    char start[40];
} csv_layout;

/* Lines at the top of the file, as far as they fit the buffer. */
typedef struct csv_head {
    csv_line *line;
    size_t n, cap;
    size_t first_data; /* index of the first row of numbers */
} csv_head;

/* Neither blank nor a comment. */
bool csv_content(const csv_line *line);
/* A number, a time, or missing (then *value stays as it was, else it becomes true). */
bool csv_numeric_field(csv_field f, char point, bool *value);
/* Fields of the line if all of them are numeric and not all missing, else 0. */
size_t csv_numeric_width(const csv_line *line, csv_dialect dialect);
/* The dialect (with the given delimiter, unless it is NUL) under which most lines are rows of
 * numbers; returns their columns, 0 if no line is such a row. */
size_t csv_choose_dialect(const csv_head *h, csv_dialect *out, char given);

/* An error where commas of the rows in sight may as well be decimal marks, which only a name for
 * each column settles; names: how many there are, 0 without a header (csv_comma.c). */
myo_err csv_comma_check(const csv_layout *l, const csv_head *h, size_t names, const myo_reader *r);
/* Whole numbers in the first column: each above the one before; from 0 or 1 in steps of one. */
typedef enum csv_order { CSV_ORDER_NONE, CSV_ORDER_RISES, CSV_ORDER_COUNTS } csv_order;
csv_order csv_first_column(const csv_layout *l, const csv_head *h);

/* Layout from the first lines of the source, which is left anywhere. Free it also after an error.
 */
myo_err csv_layout_read(csv_layout *l, csv_source *s, const myo_sidecar *side);
void csv_layout_free(csv_layout *l);

void csv_column_clear(csv_column *c);
/* Label and unit from "name (unit)", "name [unit]", "name_unit". */
myo_err csv_column_name(csv_column *c, csv_field f);
/* Roles of all columns; names from the sidecar where the file has none. */
myo_err csv_columns_assign(csv_layout *l, const csv_line *first_row, const myo_reader *r,
                           const myo_sidecar *side);

/* Rate, start, names, units, kinds that vendors write into the lines before the data. */
myo_err csv_vendor_header(csv_layout *l, const csv_head *h, const myo_reader *r);
/* Vicon Nexus: "Devices", rate, devices, names, units. */
bool csv_vicon(const csv_head *h);
myo_err csv_vicon_header(csv_layout *l, const csv_head *h, const myo_reader *r);
/* The JSON line of an OpenSignals header (csv_plux.c). */
myo_err csv_plux_header(csv_layout *l, const csv_line *line, const myo_reader *r);

/* --- the open table (csv.c, csv_rate.c, csv_rows.c) --- */

enum {
    CSV_STREAMS_MAX = 8,         /* different rates in one table */
    CSV_BLOCK_SAMPLES = 1 << 22, /* most samples of a block, all channels together */
    CSV_JOB_SKIP = -1,           /* not this stream's column, or text */
    CSV_JOB_CHECK = -2,          /* must be a number, is no signal */
    CSV_JOB_TIME = -3,           /* the stream's time column */
    CSV_JOB_OTHER_TIME =
        -4 /* time column of another signal of the stream: only whether it is there */
};

/* The columns that share a rate, read with a cursor of their own, so that blocks of channels with
 * different rates cover the same time in bounded memory. One stream for all but tables of pairs. */
typedef struct csv_stream {
    csv_source src;
    int *job; /* per column: a channel, or CSV_JOB_... */
    csv_time time;
    bool has_time;
    double fs;     /* Hz */
    double offset; /* s, first sample of this stream after the file's first */
    /* running */
    double segment;     /* s, time of the first sample since the last gap */
    int64_t done;       /* samples since then */
    int64_t rows;       /* samples in all */
    float *last;        /* per channel, the row before */
    int64_t blank_line; /* number of a blank line that nothing has followed yet */
    int64_t n_blank;    /* such lines that something has followed */
    bool judged;        /* the next row's stamp has begun a new grid already */
    bool ended;
} csv_stream;

/* Where the fields of the next rows end. */
typedef struct csv_marks {
    int64_t off;    /* byte of the file that at[] counts from */
    size_t n, next; /* those before next belong to rows that were read */
    uint16_t at[CSV_MARKED];
} csv_marks;

/* How the numbers of a column are written: all zero for integers. */
typedef struct csv_shape {
    uint64_t point; /* turns the point among the last eight characters into a zero */
    uint64_t zero;  /* where that is */
    uint64_t whole; /* the characters before it */
    int places;     /* digits behind it, at most 7 */
} csv_shape;

typedef struct csv_priv {
    csv_layout layout;
    csv_stream stream[CSV_STREAMS_MAX];
    int n_streams;
    double position; /* s, the next block's begin (tables of pairs) */
    float **x;       /* `capacity` samples a channel */
    float *memory;
    int64_t capacity;
    int64_t *n;
    double *start;
    bool *over;     /* a channel that ended before the others */
    int64_t *total; /* samples per channel */
    int64_t n_infinite, n_twice;
    bool gap; /* the next block stands behind a break */
    csv_marks marks;
    csv_shape *shape; /* of every column */
} csv_priv;

/* Streams with rates and time columns, channels with labels, from the layout. */
myo_err csv_rates(myo_reader *r);
/* Up to `rows` rows of the stream, from x[c][0]; *got rows came. Stops early before a gap (v->gap
 * is set). */
myo_err csv_rows_read(myo_reader *r, csv_stream *s, int64_t rows, int64_t *got);/* Up to `rows` of them as long as they are plain numbers at the usual times (csv_quick.c), from x[c][at]: how many. The
 * row behind them, if any, is for the thorough way. */
int64_t csv_rows_quick(csv_priv *v, csv_stream *s, int64_t at, int64_t rows);

#endif
