/* svg.h - figures as SVG text inside the page.
 *
 * Colours, line widths and fonts are classes of the page's one style (style.c): elements carry no
 * style of their own. Coordinates are pixels, y downwards, written in tenths, so that equal figures
 * have equal bytes; what is not finite is drawn at 0. */
#ifndef MYO_REPORT_SVG_H
#define MYO_REPORT_SVG_H

#include "base/base.h"

typedef struct myo_svg_head {
    double width, height;
    int id;            /* unique on the page */
    const char *title; /* read aloud instead of the picture; from the program or a file */
    const char *desc;  /* what it shows, in a sentence or two */
} myo_svg_head;

void myo_svg_begin(myo_buf *b, const myo_svg_head *head);
void myo_svg_end(myo_buf *b);

/* A group of class `cls`; classes never come from a file. */
void myo_svg_group(myo_buf *b, const char *cls);
void myo_svg_group_end(myo_buf *b);
/* Words for a screen reader and a pointer that rests: put right after myo_svg_group. */
void myo_svg_tip(myo_buf *b, const char *text);

void myo_svg_line(myo_buf *b, const char *cls, double x1, double y1, double x2, double y2);
void myo_svg_rect(myo_buf *b, const char *cls, double x, double y, double w, double h);

typedef enum myo_shape { MYO_CIRCLE, MYO_SQUARE, MYO_DIAMOND } myo_shape;
/* Centred; r: half its width. */
void myo_svg_mark(myo_buf *b, const char *cls, myo_shape shape, double x, double y, double r);
/* A small triangle at (x, y) that points left (-1) or right (1): the rest is outside the axis. */
void myo_svg_arrow(myo_buf *b, const char *cls, double x, double y, int direction);

typedef enum myo_anchor { MYO_LEFT, MYO_MIDDLE, MYO_RIGHT } myo_anchor;
void myo_svg_text(myo_buf *b, const char *cls, myo_anchor a, double x, double y, const char *text);
/* Cut to max_w pixels in a font of `size` pixels; the whole text is then the element's tip. */
void myo_svg_fit(myo_buf *b, const char *cls, myo_anchor a, double x, double y, double max_w,
                 double size, const char *text);
/* The same with a gathered text, which is released; its failure becomes b's. */
void myo_svg_fit_buf(myo_buf *b, const char *cls, myo_anchor a, double x, double y, double max_w,
                     double size, myo_buf *text);
/* Width in pixels, estimated high: fonts differ between machines. */
double myo_svg_text_width(const char *text, double size);

/* A path: start, then moves and lines, then end. Points that round to the last one are left out. */
typedef struct myo_svg_path {
    myo_buf *b;
    long x, y; /* last point, tenths of a pixel */
    bool any;
} myo_svg_path;
void myo_svg_path_start(myo_svg_path *p, myo_buf *b, const char *cls);
void myo_svg_path_move(myo_svg_path *p, double x, double y);
void myo_svg_path_line(myo_svg_path *p, double x, double y);
void myo_svg_path_end(myo_svg_path *p);

#endif
