/* bodypart.c - side, part of the body and main innervation level from words in labels. */
#include <string.h>
#include "io/bodypart.h"
#include "io/words.h"

enum { V = 1, VII, C1, C2, C3, C4, C5, C6, C7, C8, T1, L1 = 23, L2, L3, L4, L5, S1, S2 };
enum { T8 = T1 + 7, T10 = T1 + 9 };

typedef struct row {
    const char *word, *also; /* the label must have both; also NULL: one is enough */
    myo_part part;
    int level;
} row;

#define HEAD MYO_PART_HEAD
#define NECK MYO_PART_NECK
#define TRUNK MYO_PART_TRUNK
#define ARM MYO_PART_ARM
#define LEG MYO_PART_LEG

/* Main segment of each muscle, as in the usual myotome charts (MRC, Aids to the examination of the peripheral nervous system);
 * first match counts, so words that need company come first. */
static const row rows[] = {
    {"biceps", "femoris", LEG, S1},     {"rectus", "femoris", LEG, L3},      {"rectus", "abdominis", TRUNK, T10},
    {"adductor", "pollicis", ARM, T1},  {"abductor", "pollicis", ARM, T1},   {"abductor", "hallucis", LEG, S2},
    {"flexor", "hallucis", LEG, S2},    {"extensor", "hallucis", LEG, L5},   {"extensor", "brevis", LEG, L5},
    {"flexor", "ulnaris", ARM, C8},     {"extensor", "ulnaris", ARM, C7},    {"flexor", "radialis", ARM, C7},
    {"extensor", "radialis", ARM, C6},  {"flexor", "digitorum", ARM, C8},    {"extensor", "digitorum", ARM, C7},
    {"adductor", "magnus", LEG, L3},    {"adductor", "longus", LEG, L3},     {"gluteus", "medius", LEG, L5},
    {"gluteus", "maximus", LEG, S1},    {"tibialis", "posterior", LEG, L5},  {"tensor", "fasciae", LEG, L5},
    {"vastus", NULL, LEG, L3},          {"semitendinosus", NULL, LEG, S1},   {"semimembranosus", NULL, LEG, S1},
    {"masseter", NULL, HEAD, V},        {"mas", NULL, HEAD, V},              {"temporalis", NULL, HEAD, V},
    {"zygomaticus", NULL, HEAD, VII},   {"zygomatic", NULL, HEAD, VII},      {"zyg", NULL, HEAD, VII},
    {"corrugator", NULL, HEAD, VII},    {"cor", NULL, HEAD, VII},            {"frontalis", NULL, HEAD, VII},
    {"orbicularis", NULL, HEAD, VII},   {"oor", NULL, HEAD, VII},            {"ooc", NULL, HEAD, VII},
    {"mentalis", NULL, HEAD, VII},      {"platysma", NULL, NECK, VII},       {"submental", NULL, HEAD, V},
    {"chin", NULL, HEAD, VII},          {"sternocleidomastoid", NULL, NECK, C2}, {"scm", NULL, NECK, C2},
    {"splenius", NULL, NECK, C3},       {"trapezius", NULL, NECK, C3},       {"trap", NULL, NECK, C3},
    {"diaphragm", NULL, TRUNK, C4},     {"deltoid", NULL, ARM, C5},          {"deltoideus", NULL, ARM, C5},
    {"delt", NULL, ARM, C5},            {"supraspinatus", NULL, ARM, C5},    {"infraspinatus", NULL, ARM, C5},
    {"biceps", NULL, ARM, C5},          {"bic", NULL, ARM, C5},              {"bb", NULL, ARM, C5},
    {"brachialis", NULL, ARM, C5},      {"brachioradialis", NULL, ARM, C6},  {"brd", NULL, ARM, C6},
    {"supinator", NULL, ARM, C6},       {"pronator", NULL, ARM, C6},         {"ecr", NULL, ARM, C6},
    {"ecrl", NULL, ARM, C6},            {"ecrb", NULL, ARM, C6},             {"triceps", NULL, ARM, C7},
    {"tri", NULL, ARM, C7},             {"tb", NULL, ARM, C7},               {"fcr", NULL, ARM, C7},
    {"edc", NULL, ARM, C7},             {"ecu", NULL, ARM, C7},              {"extensor", NULL, ARM, C7},
    {"extensors", NULL, ARM, C7},       {"pectoralis", NULL, TRUNK, C7},     {"latissimus", NULL, TRUNK, C7},
    {"epl", NULL, ARM, C7},             {"fds", NULL, ARM, C8},              {"fdp", NULL, ARM, C8},
    {"fcu", NULL, ARM, C8},             {"flexor", NULL, ARM, C8},           {"flexors", NULL, ARM, C8},
    {"fpl", NULL, ARM, C8},             {"fpb", NULL, ARM, T1},              {"apb", NULL, ARM, T1},
    {"thenar", NULL, ARM, T1},          {"hypothenar", NULL, ARM, T1},       {"adm", NULL, ARM, T1},
    {"fdi", NULL, ARM, T1},             {"interosseous", NULL, ARM, T1},     {"interosseus", NULL, ARM, T1},
    {"paraspinal", NULL, TRUNK, T8},    {"erector", NULL, TRUNK, T8},        {"multifidus", NULL, TRUNK, T8},
    {"abdominis", NULL, TRUNK, T10},    {"oblique", NULL, TRUNK, T10},       {"iliopsoas", NULL, LEG, L2},
    {"psoas", NULL, LEG, L2},           {"sartorius", NULL, LEG, L2},        {"gracilis", NULL, LEG, L3},
    {"quadriceps", NULL, LEG, L3},      {"quad", NULL, LEG, L3},             {"vl", NULL, LEG, L3},
    {"vm", NULL, LEG, L3},              {"rf", NULL, LEG, L3},               {"adductor", NULL, LEG, L3},
    {"tibialis", NULL, LEG, L4},        {"tibant", NULL, LEG, L4},           {"ta", NULL, LEG, L4},
    {"tib", NULL, LEG, L4},             {"tfl", NULL, LEG, L5},              {"gmed", NULL, LEG, L5},
    {"peroneus", NULL, LEG, L5},        {"peroneal", NULL, LEG, L5},         {"fibularis", NULL, LEG, L5},
    {"ehl", NULL, LEG, L5},             {"edb", NULL, LEG, L5},              {"gmax", NULL, LEG, S1},
    {"gluteus", NULL, LEG, S1},         {"glut", NULL, LEG, S1},             {"hamstring", NULL, LEG, S1},
    {"hamstrings", NULL, LEG, S1},      {"ham", NULL, LEG, S1},              {"bf", NULL, LEG, S1},
    {"gastrocnemius", NULL, LEG, S1},   {"gastroc", NULL, LEG, S1},          {"gast", NULL, LEG, S1},
    {"gas", NULL, LEG, S1},             {"gm", NULL, LEG, S1},               {"gl", NULL, LEG, S1},
    {"mg", NULL, LEG, S1},              {"lg", NULL, LEG, S1},               {"soleus", NULL, LEG, S1},
    {"sol", NULL, LEG, S1},             {"ah", NULL, LEG, S2},
    /* Parts without a muscle: no level. */
    {"face", NULL, HEAD, 0},            {"neck", NULL, NECK, 0},             {"trunk", NULL, TRUNK, 0},
    {"back", NULL, TRUNK, 0},           {"abdomen", NULL, TRUNK, 0},         {"chest", NULL, TRUNK, 0},
    {"arm", NULL, ARM, 0},              {"forearm", NULL, ARM, 0},           {"hand", NULL, ARM, 0},
    {"wrist", NULL, ARM, 0},            {"leg", NULL, LEG, 0},               {"legs", NULL, LEG, 0},
    {"lleg", NULL, LEG, 0},             {"rleg", NULL, LEG, 0},              {"calf", NULL, LEG, 0},
    {"thigh", NULL, LEG, 0},            {"foot", NULL, LEG, 0},              {"ankle", NULL, LEG, 0},
};

static bool has(const myo_word *w, size_t n, const char *word)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(w[i].s, word) == 0) {
            return true;
        }
    }
    return false;
}

static const row *find(const myo_word *w, size_t n)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (has(w, n, rows[i].word) && (!rows[i].also || has(w, n, rows[i].also))) {
            return &rows[i];
        }
    }
    return NULL;
}

static myo_side side_of(const myo_word *w, size_t n)
{
    static const struct {
        const char *word;
        myo_side side;
    } sides[] = {{"left", MYO_SIDE_LEFT}, {"right", MYO_SIDE_RIGHT}, {"lt", MYO_SIDE_LEFT}, {"rt", MYO_SIDE_RIGHT},
                 {"li", MYO_SIDE_LEFT},   {"re", MYO_SIDE_RIGHT},    {"l", MYO_SIDE_LEFT},  {"r", MYO_SIDE_RIGHT},
                 {"lleg", MYO_SIDE_LEFT}, {"rleg", MYO_SIDE_RIGHT}};
    for (size_t i = 0; i < sizeof sides / sizeof sides[0]; i++) {
        if (has(w, n, sides[i].word)) {
            return sides[i].side;
        }
    }
    return MYO_SIDE_NONE;
}

/* "RTA", "LBiceps": the first letter is the side where the rest names a muscle and the whole does not. */
static myo_side take_prefix(myo_word *w, size_t n, const row **found)
{
    for (size_t i = 0; i < n; i++) {
        const char first = w[i].s[0];
        if ((first == 'l' || first == 'r') && strlen(w[i].s) > 2) {
            myo_word rest = w[i];
            memmove(rest.s, rest.s + 1, strlen(rest.s));
            *found = find(&rest, 1);
            if (*found) {
                return first == 'l' ? MYO_SIDE_LEFT : MYO_SIDE_RIGHT;
            }
        }
    }
    return MYO_SIDE_NONE;
}

myo_bodypart myo_bodypart_of(const char *label)
{
    myo_word w[MYO_WORDS_MAX];
    const size_t n = myo_split_words(label, w);
    const row *found = find(w, n);
    myo_side side = side_of(w, n);
    if (!found) {
        const myo_side before = take_prefix(w, n, &found);
        side = side == MYO_SIDE_NONE ? before : side;
    }
    return (myo_bodypart){side, found ? found->part : MYO_PART_NONE, found ? found->level : 0};
}
