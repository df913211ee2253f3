/* choice.c - rows of a study by the labels of people and sessions. */
#include <string.h>
#include "study/choice.h"

static bool same(const char *prefix, const char *a, const char *b) {
    const size_t n = strlen(prefix);
    a += strncmp(a, prefix, n) == 0 ? n : 0;
    b += strncmp(b, prefix, n) == 0 ? n : 0;
    return strcmp(a, b) == 0;
}

static bool is_asked(const char *const *asked, const char *prefix, const char *label) {
    for (const char *const *p = asked; p != NULL && *p != NULL; p++) {
        if (same(prefix, *p, label)) {
            return true;
        }
    }
    return asked == NULL;
}

bool myo_chosen(const myo_study_row *row, const char *const *participants,
                const char *const *sessions) {
    return is_asked(participants, "sub-", row->participant) &&
           is_asked(sessions, "ses-", row->session);
}

static bool is_borne(const myo_study *s, bool session, const char *label) {
    for (size_t i = 0; i < s->n_rows; i++) {
        if (session ? same("ses-", label, s->row[i].session)
                    : same("sub-", label, s->row[i].participant)) {
            return true;
        }
    }
    return false;
}

static myo_err check(const myo_study *s, bool session, const char *const *asked, myo_diag *d) {
    for (const char *const *p = asked; p != NULL && *p != NULL; p++) {
        if (!is_borne(s, session, *p)) {
            return myo_fail(d, MYO_ERR_USAGE, "no recording of %s '%.100s'",
                            session ? "session" : "participant", *p);
        }
    }
    return MYO_OK;
}

myo_err myo_choice_check(const myo_study *s, const char *const *participants,
                         const char *const *sessions, myo_diag *d) {
    MYO_TRY(check(s, false, participants, d));
    return check(s, true, sessions, d);
}
