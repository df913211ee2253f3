/* sections.c - the sections of the page, one row each. */
#include "report/report.h"

static const myo_rep_section *const sections[] = {
    &myo_sec_result,      &myo_sec_people,     &myo_sec_rates,
    &myo_sec_comparisons, &myo_sec_quality,    &myo_sec_recordings,
    &myo_sec_method,      &myo_sec_parameters, &myo_sec_provenance,
};
enum { N_SECTIONS = sizeof sections / sizeof sections[0] };

static bool has(myo_rep *r, const myo_rep_section *s) {
    return !s->has || s->has(r);
}

static void write_contents(myo_rep *r) {
    myo_buf *b = &r->page.b;
    myo_buf_puts(b, "<nav aria-label=\"Contents\"><ul>\n");
    for (int i = 0; i < N_SECTIONS; i++) {
        if (has(r, sections[i])) {
            myo_buf_printf(b, "<li><a href=\"#%s\">%s</a></li>\n", sections[i]->id,
                           sections[i]->heading);
        }
    }
    myo_buf_puts(b, "</ul></nav>\n</header>\n<main id=\"main\">\n");
}

myo_err myo_rep_write_sections(myo_rep *r) {
    write_contents(r);
    for (int i = 0; i < N_SECTIONS; i++) {
        if (has(r, sections[i])) {
            myo_page_section(&r->page, sections[i]->id, 2, sections[i]->heading);
            MYO_TRY(sections[i]->write(r));
            myo_page_section_end(&r->page);
            MYO_TRY(myo_page_flush(&r->page));
        }
    }
    return MYO_OK;
}
