/* schemas_tremor.c - the columns of the tremor and coherence tables (science.md 4). */
#include "myotab/table.h"

#define TEXT MYO_COL_TEXT
#define INT MYO_COL_INT
#define TIME MYO_COL_TIME
#define NUM MYO_COL_NUM
#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

static const myo_column tremor_cols[] = {
    {"onset", TIME, "s", "start of the episode or window, counted from the first sample of the file"},
    {"duration", TIME, "s", "its length; windows last 3 s, one for each second of an episode"},
    {"scope", TEXT, "", "episode (a tremor event as a whole) or window (3 s of it)"},
    {"channel", TEXT, "", "channel the tremor was found in"},
    {"event_id", INT, "", "event of the events table"},
    {"freq_hz", NUM, "Hz",
     "spectral peak, by a parabola: of the envelope (EMG) or of the axes' summed spectra (accelerometer); episodes by "
     "Welch's method (Hann segments of 4 s, of 2 s in under 10 s), windows by three sine tapers"},
    {"peak_db", NUM, "dB",
     "density of the peak over the background: the median from 2.5 to 25 Hz without 1 Hz around the peak and its second "
     "and third harmonics"},
    {"p_value", NUM, "",
     "chance of such a peak anywhere in the band searched if there were only background (chi-squared law; a trial each "
     "half of the resolution)"},
    {"width_hz", NUM, "Hz",
     "width of the peak at half power; a steady sine has 0.4 Hz (segments of 4 s), 0.7 Hz (of 2 s) or 1.3 Hz (windows)"},
    {"peak_share", NUM, "", "share of the power from 2 to 20 Hz within 1 Hz of the peak"},
    {"harmonic_ratio", NUM, "",
     "densities at the second and third harmonic over that of the peak, as far as the channel carries them"},
    {"harmonic_db", NUM, "dB", "mean density of the peak and its harmonics up to the fifth over the background"},
    {"amp_rms", NUM, "",
     "root mean square within 1 Hz of the peak, less the background, in the unit of column unit: of the envelope (EMG), "
     "of all axes together (accelerometer)"},
    {"amp_peak", NUM, "", "largest deflection within 2 Hz of the episode's peak, in the unit of column unit"},
    {"unit", TEXT, "", "unit of amp_rms and amp_peak: uV, g, or au where the file names none"},
    {"amp_log10", NUM, "", "decimal logarithm of amp_rms: the scale on which tremors are compared"},
    {"disp_rms_mm", NUM, "mm", "displacement of the swing, amp_rms / (2 pi freq_hz)^2; accelerometers in g"},
    {"disp_peak_mm", NUM, "mm", "displacement of the largest swing, amp_peak / (2 pi freq_hz)^2; accelerometers in g"},
    {"n_cycles", INT, "", "cycles within 2 Hz of the peak, from one upward zero crossing to the next; episodes only"},
    {"stability_hz", NUM, "Hz",
     "tremor stability index: interquartile range of the change of frequency from cycle to cycle; n/a under 30 cycles"},
    {"interval_s_median", NUM, "s",
     "median interval: of burst onsets (EMG), of upward zero crossings (accelerometer)"},
    {"interval_cv", NUM, "", "coefficient of variation of these intervals"},
    {"interval_lv", NUM, "", "local variation of these intervals: 0 for a clock, 1 for random times"},
    {"vector_strength", NUM, "",
     "length of the mean phase vector of these onsets or crossings at freq_hz, 0 to 1; of an episode the median of its "
     "windows"},
    {"burst_duty", NUM, "", "share of the time within bursts (EMG)"},
};

static const myo_column coherence_cols[] = {
    {"onset", TIME, "s", "start of the first segment, counted from the first sample of the file"},
    {"duration", TIME, "s", "from there to the end of the last segment"},
    {"scope", TEXT, "", "episode (what one episode of each channel has in common) or recording (all such time)"},
    {"channel_1", TEXT, "", "first channel"},
    {"channel_2", TEXT, "", "second channel"},
    {"event_id_1", INT, "", "event of the first channel (scope episode)"},
    {"event_id_2", INT, "", "event of the second channel (scope episode)"},
    {"n_segments", NUM, "", "independent Hann segments of 2 s: one that shares half with the one before counts 0.947"},
    {"freq_hz", NUM, "Hz", "frequency of the greatest cross-spectral density"},
    {"coherence", NUM, "",
     "magnitude-squared coherence there: of envelopes (EMG), of the motion along its main axis (accelerometer)"},
    {"coherence_limit", NUM, "",
     "coherence that 1 % of unrelated channels exceed: 1 - 0.01^(1 / (n_segments - 1)); two very steady tremors of nearly "
     "one frequency exceed it, too, related or not"},
    {"n_bins", INT, "", "bins of 0.5 Hz in a row about freq_hz over coherence_limit"},
    {"phase_deg", NUM, "deg",
     "phase of channel_2 before channel_1 at freq_hz; with an accelerometer half a turn is uncertain, as its axis is"},
    {"phase_low", NUM, "deg", "lower 95 % limit of the phase"},
    {"phase_high", NUM, "deg", "upper 95 % limit of the phase"},
    {"delay_ms", NUM, "ms", "delay of channel_2 behind channel_1, -phase / (2 pi freq_hz): whole periods are not seen"},
    {"verdict", TEXT, "",
     "two muscles: alternating (phase over 120 degrees), synchronous (under 60) or between; with an accelerometer: "
     "coherent; not_significant: fewer than two bins over the limit"},
};

const myo_schema myo_tremor_schema = {
    "tremor", "tremor as measured: a row for each episode, and for each window of it", tremor_cols, COUNT(tremor_cols)};
const myo_schema myo_coherence_schema = {
    "coherence", "pairs of channels that tremble at the same time, and whether they do it together", coherence_cols,
    COUNT(coherence_cols)};
