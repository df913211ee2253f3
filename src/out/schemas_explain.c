/* schemas_explain.c - the columns of the table that detect --explain adds. */
#include "myotab/table.h"

#define TEXT MYO_COL_TEXT
#define INT MYO_COL_INT
#define TIME MYO_COL_TIME
#define NUM MYO_COL_NUM
#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

static const myo_column explain_cols[] = {
    {"onset", TIME, "s", "start of the event, counted from the first sample of the file"},
    {"duration", TIME, "s", "length of the event"},
    {"event_id", INT, "", "event of the events table"},
    {"channel", TEXT, "", "channel the event was found in"},
    {"rank", INT, "", "1: the most probable class, 2: the next"},
    {"class", TEXT, "", "the class; it is the event's trial_type unless that is indeterminate"},
    {"rule", TEXT, "",
     "the class's best rule, a row for each of its conditions; or confidence: the rows whose sum is the log-odds that the "
     "most probable class is right (it is never more than the share the rules give it)"},
    {"feature", TEXT, "",
     "what the condition looks at; bias: the rule's own addition. Of confidence: start, margin, fit, faint, near, episode"},
    {"value", NUM, "", "the feature of this event, in the unit of column unit"},
    {"unit", TEXT, "", "unit of value and threshold"},
    {"threshold", NUM, "", "where the condition is half met"},
    {"direction", TEXT, "", "above or below: on which side of threshold it is met"},
    {"scale", TEXT, "", "log: value and threshold are compared by their natural logarithms, width is of the logarithm; linear"},
    {"width", NUM, "", "softness: so far beyond threshold the condition is met to 0.73, three times as far to 0.95"},
    {"membership", NUM, "", "how far it is met: 1 / (1 + exp(-(value - threshold) / width)), or its reverse below"},
    {"weight", NUM, "", "of the condition in the rule, of the evidence in the confidence"},
    {"log_odds", NUM, "",
     "what it adds to the rule's score, weight x ln(membership + 0.01); of confidence weight x value"},
    {"meaning", TEXT, "", "the feature in words"},
};

const myo_schema myo_explain_schema = {
    "explain", "why each event has its class and confidence: the evidence of the two best rules", explain_cols,
    COUNT(explain_cols)};
