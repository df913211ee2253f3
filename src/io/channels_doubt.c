/* channels_doubt.c - what is guessed of channels or not known, told once for all of them. */
#include <string.h>
#include <strings.h>
#include "base/base.h"
#include "io/channels.h"
#include "io/channels_in.h"
#include "io/labels.h"

typedef bool (*channel_test)(const myo_recinfo *info, const myo_channel *ch, const myo_known *k);

static bool guessed_emg(const myo_recinfo *info, const myo_channel *ch, const myo_known *k) {
    (void)info;
    (void)k;
    return ch->guessed && ch->kind == MYO_KIND_EMG;
}

static bool guessed_acc(const myo_recinfo *info, const myo_channel *ch, const myo_known *k) {
    (void)info;
    (void)k;
    return ch->guessed && ch->kind == MYO_KIND_ACC;
}

static bool unit_unknown(const myo_channel *ch) {
    return ch->kind != MYO_KIND_OTHER && strcmp(ch->unit, "au") == 0;
}

/* All of gravity is in three axes, whatever their unit. */
static bool by_gravity(const myo_recinfo *info, const myo_channel *ch) {
    return myo_sensor_axes(info, ch) == 3;
}

static bool unit_missing(const myo_recinfo *info, const myo_channel *ch, const myo_known *k) {
    return unit_unknown(ch) && k->unit[0] == '\0' && !by_gravity(info, ch);
}

static bool unit_strange(const myo_recinfo *info, const myo_channel *ch, const myo_known *k) {
    return unit_unknown(ch) && k->unit[0] != '\0' && !by_gravity(info, ch);
}

static bool missing_but_weighed(const myo_recinfo *info, const myo_channel *ch, const myo_known *k) {
    return unit_unknown(ch) && k->unit[0] == '\0' && by_gravity(info, ch);
}

static bool strange_but_weighed(const myo_recinfo *info, const myo_channel *ch, const myo_known *k) {
    return unit_unknown(ch) && k->unit[0] != '\0' && by_gravity(info, ch);
}

static bool guessed_axes(const myo_recinfo *info, const myo_channel *ch, const myo_known *k) {
    (void)info;
    (void)k;
    return ch->sensor[0] != '\0' && ch->muscle[0] == '\0' && myo_is_numbered(ch->label);
}

static bool is_alone(const myo_channel *ch) {
    return ch->kind == MYO_KIND_ACC && ch->sensor[0] == '\0';
}

/* Two that were not declared to sit in two places may be axes of one sensor. */
static bool alone_in_doubt(const myo_recinfo *info, const myo_channel *ch, const myo_known *k) {
    (void)k;
    for (int c = 0; is_alone(ch) && c < info->n_ch; c++) {
        const myo_channel *o = &info->ch[c];
        const bool apart = ch->muscle[0] != '\0' && o->muscle[0] != '\0' && strcasecmp(ch->muscle, o->muscle) != 0;
        if (o != ch && is_alone(o) && o->fs == ch->fs && !apart) {
            return true;
        }
    }
    return false;
}

/* "WHAT (n channels: a, b, c, ...)": the first labels stand for all. */
static void warn_channels(const myo_reader *r, const myo_known *k, channel_test test,
                          const char *what) {
    enum { SHOWN = 4 };
    char list[SHOWN * 48] = "";
    size_t used = 0;
    int n = 0;
    for (int c = 0; c < r->info->n_ch; c++) {
        if (!test(r->info, &r->info->ch[c], &k[c]) || ++n > SHOWN) {
            continue;
        }
        char label[40], unit[40] = "";
        myo_printable(label, sizeof label, r->info->ch[c].label);
        if (test == unit_strange || test == strange_but_weighed) {
            snprintf(unit, sizeof unit, " in %s", k[c].unit);
        }
        const size_t room = sizeof list - used;
        const int len = snprintf(list + used, room, "%s%s%s", n > 1 ? ", " : "", label, unit);
        used = len > 0 && (size_t)len < room ? used + (size_t)len : sizeof list - 1;
    }
    if (n > 0) {
        myo_warn(r->d, "%s (%d channel%s: %s%s)", what, n, n > 1 ? "s" : "", list,
                 n > SHOWN ? ", ..." : "");
    }
}

void myo_channels_doubt(const myo_reader *r, const myo_known *k) {
    static const struct {
        channel_test test;
        const char *what;
    } doubts[] = {
        {guessed_emg, "nothing names the kind; taken as EMG from the rate"},
        {guessed_acc, "nothing names the kind; taken as accelerometer from the rate"},
        {unit_missing, "unit not stated; amplitudes are in file units"},
        {unit_strange, "unit not one to convert; amplitudes are in file units"},
        {missing_but_weighed, "unit not stated; gravity is to tell the scale"},
        {strange_but_weighed, "unit not one to convert; gravity is to tell the scale"},
        {guessed_axes, "nothing names their sensor; taken as the axes of one, unless each has a place of its own: "
                       "--channels label=ACC:unit:place"},
        {alone_in_doubt, "accelerometer channels analysed each for itself; axes of one sensor, up to three of one "
                         "rate and unit, share a place, --channels label=ACC:unit:place, or are named NAME_x, "
                         "NAME_y, NAME_z"},
    };
    for (size_t i = 0; i < sizeof doubts / sizeof doubts[0]; i++) {
        warn_channels(r, k, doubts[i].test, doubts[i].what);
    }
}
