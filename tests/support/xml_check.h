/* xml_check.h - a strict little checker: is a text well-formed XML? Elements closed in order, attributes quoted and once,
 * references known, no stray markup. It reads what our pages use and refuses everything else. */
#ifndef MYO_TESTS_XML_CHECK_H
#define MYO_TESTS_XML_CHECK_H

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { XML_DEPTH = 64, XML_NAME = 40 };

typedef struct xml_state {
    const char *s;                     /* what is left */
    const char *all;
    char open[XML_DEPTH][XML_NAME];    /* elements not closed yet */
    int depth;
    char why[200];                     /* "" while all is well */
} xml_state;

static inline bool xml_wrong(xml_state *x, const char *what) {
    if (!x->why[0]) {
        snprintf(x->why, sizeof x->why, "byte %ld: %s before \"%.40s\"", (long)(x->s - x->all), what, x->s);
    }
    return false;
}

static inline bool xml_name(xml_state *x, char dst[XML_NAME]) {
    size_t n = 0;
    while (isalnum((unsigned char)*x->s) || *x->s == '-' || *x->s == ':') {
        if (n + 1 == XML_NAME) {
            return xml_wrong(x, "long name");
        }
        dst[n++] = *x->s++;
    }
    dst[n] = '\0';
    return n > 0 ? true : xml_wrong(x, "no name");
}

static inline bool xml_reference(xml_state *x) {
    static const char *const known[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strncmp(x->s, known[i], strlen(known[i])) == 0) {
            x->s += strlen(known[i]);
            return true;
        }
    }
    return xml_wrong(x, "unknown reference");
}

/* Text up to one of `ends`; control characters but the newline are refused. */
static inline bool xml_text(xml_state *x, const char *ends) {
    while (*x->s && !strchr(ends, *x->s)) {
        const unsigned char c = (unsigned char)*x->s;
        if (c == '<' || (c == '>' && strchr(ends, '"')) || (c < 0x20 && c != '\n') || c == 0x7F) {
            return xml_wrong(x, "raw character");
        }
        if (c == '&') {
            if (!xml_reference(x)) {
                return false;
            }
        } else {
            x->s++;
        }
    }
    return true;
}

static inline bool xml_attributes(xml_state *x) {
    char seen[24][XML_NAME];
    int n = 0;
    while (*x->s == ' ') {
        x->s++;
        if (n == 24 || !xml_name(x, seen[n])) {
            return xml_wrong(x, "attributes");
        }
        for (int i = 0; i < n; i++) {
            if (strcmp(seen[i], seen[n]) == 0) {
                return xml_wrong(x, "attribute twice");
            }
        }
        n++;
        if (strncmp(x->s, "=\"", 2) != 0) {
            return xml_wrong(x, "attribute without quotes");
        }
        x->s += 2;
        if (!xml_text(x, "\"")) {
            return false;
        }
        x->s++;
    }
    return true;
}

static inline bool xml_open_tag(xml_state *x) {
    char name[XML_NAME];
    x->s++;
    if (!xml_name(x, name) || !xml_attributes(x)) {
        return false;
    }
    if (strncmp(x->s, "/>", 2) == 0) {
        x->s += 2;
        return true;
    }
    if (*x->s != '>' || x->depth == XML_DEPTH) {
        return xml_wrong(x, "tag");
    }
    x->s++;
    strcpy(x->open[x->depth++], name);
    return true;
}

static inline bool xml_close_tag(xml_state *x) {
    char name[XML_NAME];
    x->s += 2;
    if (!xml_name(x, name) || *x->s != '>') {
        return xml_wrong(x, "closing tag");
    }
    x->s++;
    if (x->depth == 0 || strcmp(x->open[x->depth - 1], name) != 0) {
        return xml_wrong(x, "tag closed out of turn");
    }
    x->depth--;
    return true;
}

/* NULL if well-formed, else what is wrong (static). A leading <!DOCTYPE html> is passed over. */
static inline const char *xml_check(const char *text) {
    static xml_state x;
    static const char doctype[] = "<!DOCTYPE html>";
    x = (xml_state){.s = text, .all = text};
    if (strncmp(text, doctype, sizeof doctype - 1) == 0) {
        x.s += sizeof doctype - 1;
    }
    bool ok = true;
    while (ok && *x.s) {
        if (*x.s != '<') {
            ok = xml_text(&x, "<");
        } else {
            ok = x.s[1] == '/' ? xml_close_tag(&x) : xml_open_tag(&x);
        }
    }
    if (ok && x.depth > 0) {
        xml_wrong(&x, "element never closed");
    }
    return x.why[0] ? x.why : NULL;
}

#endif
