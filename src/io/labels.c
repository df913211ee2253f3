/* labels.c - words in channel labels: kinds, muscles, and the axes of a sensor. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/base.h"
#include "io/labels.h"
#include "io/words.h"

typedef struct entry {
    const char *text;
    myo_kind kind;
} entry;

static myo_kind look_up(const entry *table, size_t n, const char *s) {
    for (size_t i = 0; i < n; i++) {
        if (strcmp(table[i].text, s) == 0) {
            return table[i].kind;
        }
    }
    return MYO_N_KIND;
}

#define EMG MYO_KIND_EMG
#define ACC MYO_KIND_ACC
#define OTHER MYO_KIND_OTHER
#define N_OF(a) (sizeof(a) / sizeof(a)[0])

/* --- declared types: BIDS, OpenSignals, EDF+ --- */

static const entry types[] = {
    {"emg", EMG},      {"semg", EMG},          {"hdemg", EMG},      {"acc", ACC},
    {"accel", ACC},    {"accelerometer", ACC}, {"xyz", ACC},        {"eeg", OTHER},
    {"ecg", OTHER},    {"ekg", OTHER},         {"eog", OTHER},      {"heog", OTHER},
    {"veog", OTHER},   {"leog", OTHER},        {"reog", OTHER},     {"ieog", OTHER},
    {"eda", OTHER},         {"gsr", OTHER},      {"resp", OTHER},
    {"rip", OTHER},    {"rsp", OTHER},         {"ppg", OTHER},      {"bvp", OTHER},
    {"temp", OTHER},   {"gyro", OTHER},        {"gyr", OTHER},      {"magn", OTHER},
    {"mag", OTHER},    {"pos", OTHER},         {"ornt", OTHER},     {"vel", OTHER},
    {"angacc", OTHER}, {"jntang", OTHER},      {"latency", OTHER},  {"misc", OTHER},
    {"trig", OTHER},   {"ref", OTHER},         {"sysclock", OTHER}, {"audio", OTHER},
    {"pupil", OTHER},  {"eyegaze", OTHER},     {"meg", OTHER},      {"seeg", OTHER},
    {"ecog", OTHER},   {"dbs", OTHER},         {"nirs", OTHER},     {"other", OTHER},
    {"lux", OTHER},    {"light", OTHER},       {"force", OTHER},    {"fsr", OTHER},
    {"gon", OTHER},    {"egg", OTHER},         {"spo2", OTHER},     {"oxi", OTHER},
    {"push", OTHER},
};

myo_kind myo_kind_from_type(const char *type) {
    char key[MYO_WORD_MAX];
    size_t n = 0;
    for (; type[n] != '\0' && n + 1 < sizeof key; n++) {
        key[n] = (char)tolower((unsigned char)type[n]);
    }
    key[n] = '\0';
    return look_up(types, N_OF(types), key);
}

/* --- words that decide wherever they stand; the last one wins ("EMG 10: ACC.X") --- */

static const entry words[] = {
    {"emg", EMG},
    {"semg", EMG},
    {"hdemg", EMG},
    {"electromyogram", EMG},
    {"electromyography", EMG},
    {"myo", EMG},
    {"acc", ACC},
    {"accel", ACC},
    {"accelerometer", ACC},
    {"acceleration", ACC},
    {"accx", ACC},
    {"accy", ACC},
    {"accz", ACC},
    {"accelx", ACC},
    {"accely", ACC},
    {"accelz", ACC},
    {"linacc", ACC},
    {"ax", ACC},
    {"ay", ACC},
    {"az", ACC},
    {"accelerometerx", ACC},
    {"accelerometery", ACC},
    {"accelerometerz", ACC},
    {"xyz", ACC},
    {"force", OTHER},
    {"torque", OTHER},
    {"moment", OTHER},
    {"angle", OTHER},
    {"load", OTHER},
    {"weight", OTHER},
    {"goniometer", OTHER},
    {"gonio", OTHER},
    {"position", OTHER},
    {"pos", OTHER},
    {"velocity", OTHER},
    {"speed", OTHER},
    {"eda", OTHER},
    {"gsr", OTHER},
    {"ecg", OTHER},
    {"ekg", OTHER},
    {"eeg", OTHER},
    {"eog", OTHER},
    {"heog", OTHER},
    {"veog", OTHER},
    {"leog", OTHER},
    {"reog", OTHER},
    {"ieog", OTHER},
    {"gyro", OTHER},
    {"gyroscope", OTHER},
    {"gyr", OTHER},
    {"gyrox", OTHER},
    {"gyroy", OTHER},
    {"gyroz", OTHER},
    {"gx", OTHER},
    {"gy", OTHER},
    {"gz", OTHER},
    {"mx", OTHER},
    {"my", OTHER},
    {"mz", OTHER},
    {"mag", OTHER},
    {"magx", OTHER},
    {"magy", OTHER},
    {"magz", OTHER},
    {"magnetometer", OTHER},
    {"magn", OTHER},
    {"temp", OTHER},
    {"temperature", OTHER},
    {"battery", OTHER},
    {"batt", OTHER},
    {"trigger", OTHER},
    {"trig", OTHER},
    {"status", OTHER},
    {"annotation", OTHER},
    {"annotations", OTHER},
    {"resp", OTHER},
    {"respiration", OTHER},
    {"airflow", OTHER},
    {"flow", OTHER},
    {"thorax", OTHER},
    {"abdomen", OTHER},
    {"snore", OTHER},
    {"spo", OTHER},
    {"sao", OTHER},
    {"pleth", OTHER},
    {"ppg", OTHER},
    {"bvp", OTHER},
    {"pulse", OTHER},
    {"button", OTHER},
    {"buttons", OTHER},
    {"light", OTHER},
    {"lux", OTHER},
    {"marker", OTHER},
    {"markers", OTHER},
    {"event", OTHER},
    {"events", OTHER},
    {"sync", OTHER},
    {"label", OTHER},
    {"labels", OTHER},
    {"relabel", OTHER},
    {"stim", OTHER},
    {"stimulus", OTHER},
    {"digital", OTHER},
    {"di", OTHER},
    {"humidity", OTHER},
    {"pressure", OTHER},
    {"heartrate", OTHER},
    {"hr", OTHER},
    {"quat", OTHER},
    {"quaternion", OTHER},
    {"roll", OTHER},
    {"pitch", OTHER},
    {"yaw", OTHER},
    {"steps", OTHER},
    {"class", OTHER},
    {"target", OTHER},
    {"audio", OTHER},
    {"mic", OTHER},
    {"microphone", OTHER},
    {"quality", OTHER},
    {"impedance", OTHER},
    {"dynamometer", OTHER},
    {"footswitch", OTHER},
    {"fsr", OTHER},
    {"altitude", OTHER},
    {"gps", OTHER},
    {"cop", OTHER},
    {"grf", OTHER},
};

/* --- muscles --- */

static const char *const muscles[] = {
    "biceps",
    "triceps",
    "brachialis",
    "brachii",
    "brachioradialis",
    "deltoid",
    "deltoideus",
    "trapezius",
    "pectoralis",
    "latissimus",
    "infraspinatus",
    "supraspinatus",
    "flexor",
    "flexors",
    "extensor",
    "extensors",
    "carpi",
    "digitorum",
    "pollicis",
    "adductor",
    "abductor",
    "interosseous",
    "interosseus",
    "thenar",
    "hypothenar",
    "quadriceps",
    "rectus",
    "vastus",
    "femoris",
    "hamstring",
    "hamstrings",
    "semitendinosus",
    "semimembranosus",
    "gastrocnemius",
    "gastroc",
    "soleus",
    "tibialis",
    "tibant",
    "peroneus",
    "peroneal",
    "fibularis",
    "gluteus",
    "glut",
    "gracilis",
    "sartorius",
    "masseter",
    "temporalis",
    "zygomaticus",
    "zygomatic",
    "corrugator",
    "frontalis",
    "orbicularis",
    "mentalis",
    "chin",
    "submental",
    "sternocleidomastoid",
    "scm",
    "erector",
    "multifidus",
    "oblique",
    "abdominis",
    "diaphragm",
    "platysma",
    "pronator",
    "supinator",
    "leg",
    "legs",
    "lleg",
    "rleg",
    "calf",
    "forearm",
    "splenius",
    "iliopsoas",
    "psoas",
    "tensor",
    "trap",
    "delt",
};

/* Short names; as capitals, or alone, or beside EMG, so that "so" and "me" in a sentence mean
 * nothing. */
static const char *const short_muscles[] = {
    "ta",  "at",  "gm",  "gl",   "gas",  "so",   "sol",  "vl",  "vm",  "vi",  "rf",  "bf",
    "st",  "sm",  "fcr", "fcu",  "ecr",  "ecrl", "ecrb", "ecu", "edc", "fds", "fdp", "apb",
    "adm", "fdi", "bb",  "tb",   "br",   "brd",  "zyg",  "cor", "me",  "ma",  "fl",  "pl",
    "pb",  "mg",  "lg",  "gmed", "gmax", "tfl",  "edb",  "ehl", "ah",  "tri", "bic", "quad",
    "ham", "fpb", "fpl", "epl",  "oor",  "ooc",  "gast", "tib", "mas",
};

static bool listed(const char *const *list, size_t n, const char *s) {
    for (size_t i = 0; i < n; i++) {
        if (strcmp(list[i], s) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_side(const myo_word *w) {
    static const char *const sides[] = {"l", "r", "left", "right", "lt", "rt", "li", "re"};
    return listed(sides, N_OF(sides), w->s);
}

/* "RTA", "LGM": side and muscle in one word of capitals. */
static bool side_and_muscle(const myo_word *w) {
    return w->capitals && (w->s[0] == 'l' || w->s[0] == 'r') && strlen(w->s) > 2 &&
           listed(short_muscles, N_OF(short_muscles), w->s + 1);
}

static bool is_short_muscle(const myo_word *w, size_t n_words, bool with_emg) {
    const bool plain = w->capitals || n_words == 1 || with_emg;
    return plain && (listed(short_muscles, N_OF(short_muscles), w->s) || side_and_muscle(w));
}

/* The word that names a muscle, NULL if none. A label of many words is a sentence: full names only.
 */
static const myo_word *muscle_word(const myo_word *w, size_t n) {
    bool with_emg = false;
    size_t rest = 0;
    for (size_t i = 0; i < n; i++) {
        if (listed(muscles, N_OF(muscles), w[i].s)) {
            return &w[i];
        }
        const bool emg = look_up(words, N_OF(words), w[i].s) == EMG;
        with_emg = with_emg || emg;
        rest += !emg && !is_side(&w[i]);
    }
    for (size_t i = 0; i < n && rest <= 2; i++) {
        const bool side = is_side(&w[i]) && rest > 0;
        if (!side && is_short_muscle(&w[i], n, with_emg)) {
            return &w[i];
        }
    }
    return NULL;
}

void myo_label_muscle(char *dst, size_t cap, const char *label) {
    myo_word w[MYO_WORDS_MAX];
    const size_t n = myo_split_words(label, w);
    const myo_word *m = muscle_word(w, n);
    dst[0] = '\0';
    if (m == NULL) {
        return;
    }
    if (listed(muscles, N_OF(muscles),
               m->s)) { /* the whole label, as "left biceps brachii" is more than "biceps" */
        myo_printable(dst, cap, label);
        return;
    }
    char text[MYO_WORD_MAX];
    size_t k = 0;
    for (; k < m->n && k + 1 < sizeof text; k++) {
        text[k] = label[m->at + k];
    }
    text[k] = '\0';
    myo_printable(dst, cap, text);
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* --- EEG: names of the 10-20 and 10-10 systems, "Fp1", "C3-A2", "EEG Fpz-Cz" --- */

static bool is_site(const char *s, const char **end) {
    static const char *const sites[] = {"Fp", "AF", "I", "FT", "FC", "TP", "CP", "PO",
                                        "F",  "C",  "T",  "P",  "O",  "FP"};
    for (size_t i = 0; i < N_OF(sites); i++) {
        const size_t n = strlen(sites[i]);
        if (strncmp(s, sites[i], n) != 0) {
            continue;
        }
        const char *p = s + n;
        if (*p == 'z' || *p == 'Z') {
            *end = p + 1;
            return true;
        }
        if (is_digit(*p)) {
            *end = p + 1 + (p[0] == '1' && p[1] == '0');
            return true;
        }
    }
    return false;
}

bool myo_is_eeg_site(const char *label) {
    const char *end;
    if (!is_site(label, &end)) {
        return false;
    }
    return *end == '\0' || *end == '-' || *end == '.' ||
           (*end == ' ' && strncmp(end, " - ", 3) == 0);
}

myo_kind myo_kind_from_label(const char *label) {
    myo_word w[MYO_WORDS_MAX];
    const size_t n = myo_split_words(label, w);
    myo_kind kind = myo_kind_from_type(label); /* a label that is a type in itself: "SpO2" */
    for (size_t i = 0; i < n; i++) {
        const myo_kind k = look_up(words, N_OF(words), w[i].s);
        kind = k != MYO_N_KIND ? k : kind;
    }
    if (kind != MYO_N_KIND) {
        return kind;
    }
    if (myo_is_eeg_site(label)) {
        return MYO_KIND_OTHER;
    }
    return muscle_word(w, n) != NULL ? MYO_KIND_EMG : MYO_N_KIND;
}
