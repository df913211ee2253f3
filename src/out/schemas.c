/* schemas.c - the columns of every result table, in the order of contract.md 3. */
#include "myotab/table.h"

#define TEXT MYO_COL_TEXT
#define INT MYO_COL_INT
#define TIME MYO_COL_TIME
#define NUM MYO_COL_NUM
#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

static const myo_column event_cols[] = {
    {"onset", TIME, "s", "start of the event, counted from the first sample of the file"},
    {"duration", TIME, "s",
     "length of the event; an episode runs from its first burst's onset to its "
     "last burst's end"},
    {"trial_type", TEXT, "",
     "class: jerk, cramp, tremor, fasciculation, tetany, voluntary, artefact or "
     "indeterminate; with a preset also clonus, or leg_movement, plm (one of a periodic "
     "series) and fragmentary_myoclonus"},
    {"channel", TEXT, "", "channel the event was found in"},
    {"event_id", INT, "", "number of the event, unique in the recording"},
    {"confidence", NUM, "", "calibrated probability of trial_type, 0 to 1"},
    {"second_type", TEXT, "", "the next most probable class"},
    {"second_confidence", NUM, "", "calibrated probability of second_type, 0 to 1"},
    {"rule", TEXT, "", "name of the rule that decided the class"},
    {"n_bursts", INT, "", "number of bursts in the event"},
    {"freq_hz", NUM, "Hz", "frequency of the rhythm, where there is one"},
    {"interval_cv", NUM, "",
     "coefficient of variation of the onset-to-onset intervals of the bursts"},
    {"peak", NUM, "", "largest short-time amplitude, in the unit of column unit"},
    {"rms", NUM, "", "root mean square from onset to end, in the unit of column unit"},
    {"area", NUM, "", "rectified area from onset to end, in the unit of column unit times seconds"},
    {"unit", TEXT, "", "unit of peak and rms: uV, g, or au where the file names none"},
    {"snr_db", NUM, "dB", "mean power over the noise floor"},
    {"median_freq_hz", NUM, "Hz", "frequency that halves the power spectrum of the event"},
    {"sync_channels", TEXT, "", "other channels that fired with this one, ; between them"},
    {"sync_lag_ms", NUM, "ms",
     "delay of this channel to the first of the channels that fired together"},
    {"flags", TEXT, "",
     "doubts and findings, ; between them: clipped, cut_start, cut_end, masked, "
     "low_snr, rhythm, clonus_like, walking, emg_positive (tetany: groups of four and more "
     "for 2 min), excessive (fragmentary myoclonus: 5 a minute and more for 20 min)"},
    {"duration_sd_ms", NUM, "ms",
     "standard error of the duration, from the first burst's onset and the last one's end; n/a without bursts"},
};

static const myo_column burst_cols[] = {
    {"onset", TIME, "s", "start of the burst, counted from the first sample of the file"},
    {"duration", TIME, "s", "length of the burst"},
    {"channel", TEXT, "", "channel the burst was found in"},
    {"burst_id", INT, "", "number of the burst, unique in the recording"},
    {"event_id", INT, "", "event of the events table that the burst belongs to"},
    {"peak_time", TIME, "s",
     "time of the largest short-time amplitude, from the first sample of the file"},
    {"peak", NUM, "", "largest short-time amplitude, in the unit of column unit"},
    {"rms", NUM, "", "root mean square from onset to end, in the unit of column unit"},
    {"area", NUM, "", "rectified area from onset to end, in the unit of column unit times seconds"},
    {"unit", TEXT, "", "unit of peak and rms: uV, g, or au where the file names none"},
    {"snr_db", NUM, "dB", "mean power over the noise floor"},
    {"rise_ms", NUM, "ms", "time from onset to peak"},
    {"fall_ms", NUM, "ms", "time from peak to end"},
    {"median_freq_hz", NUM, "Hz", "frequency that halves the power spectrum of the burst"},
    {"turns", INT, "", "changes of direction of the signal that exceed the noise"},
    {"crest", NUM, "", "peak over root mean square"},
    {"template_corr", NUM, "", "correlation with the mean waveform of its train, -1 to 1"},
    {"onset_sd_ms", NUM, "ms", "standard error of the onset"},
    {"flags", TEXT, "",
     "doubts, ; between them: clipped, cut_start, cut_end, masked, low_snr, rhythm"},
    {"duration_sd_ms", NUM, "ms", "standard error of the duration: noise at both edges, and the filter's blur"},
};

static const myo_column channel_cols[] = {
    {"channel", TEXT, "", "name of the channel; axes of one accelerometer are one channel"},
    {"kind", TEXT, "", "EMG, ACC (accelerometer) or OTHER (listed, not analysed)"},
    {"unit", TEXT, "", "unit of the amplitudes: uV, g, or au where the file names none"},
    {"rate_hz", NUM, "Hz", "sampling rate"},
    {"duration_s", TIME, "s", "from the first to the last sample, gaps counted in"},
    {"usable_s", TIME, "s", "time that was analysed: neither in a gap nor masked"},
    {"masked_s", TIME, "s", "time left out as clipped, flat, missing or disturbed"},
    {"gap_s", TIME, "s", "time the file holds no samples for"},
    {"noise_floor", NUM, "",
     "median noise floor (root mean square in the pass band), in the unit of "
     "column unit"},
    {"flags", TEXT, "",
     "doubts about the channel, ; between them (unit?: a noise floor that no EMG in uV "
     "and no accelerometer in g has, so the unit or the scale may be wrong; axis_missing: an axis holds nothing, "
     "never changes, or stands still for a minute or more while others move)"},
};

static const myo_column spread_cols[] = {
    {"onset", TIME, "s", "start of the jerk in the first muscle (of a movement alone: in the first sensor)"},
    {"duration", TIME, "s", "until the last muscle's end"},
    {"spread_id", INT, "", "number of the jerk over all channels, unique in the recording"},
    {"event_ids", TEXT, "", "the jerk's events of the events table, muscles in order of onset, then movements; ; between them"},
    {"n_channels", INT, "", "EMG channels with the jerk; 0: a sensor moved without a muscle that was recorded"},
    {"n_usable", INT, "", "EMG channels that were looked at when it began"},
    {"lead_channel", TEXT, "", "EMG channel with the first onset"},
    {"channels", TEXT, "", "EMG channels in order of onset, ; between them"},
    {"lags_ms", TEXT, "ms", "their delays to the first, ; between them"},
    {"lead_sd_ms", NUM, "ms", "standard error of the second one's delay; a delay under two of them says nothing of who led"},
    {"extent", TEXT, "",
     "focal (one part of the body), segmental (parts that touch), multifocal (parts that do not) or generalised (three or "
     "more, arms or head and legs); n/a where one EMG channel was looked at"},
    {"extent_by", TEXT, "",
     "muscles: from the places that all channels' names tell; number: they do not, so one channel is focal, three quarters "
     "of them and at least 4 generalised, else segmental"},
    {"sides", TEXT, "", "left, right or both; n/a where a channel's name does not tell"},
    {"order", TEXT, "",
     "rostro_caudal, caudo_rostral, outward (from a middle level both ways), together (delays within their error) or mixed, "
     "by the main levels of the muscles that the names tell; n/a under two levels. The way to a far muscle adds some ms"},
    {"movement_channels", TEXT, "",
     "accelerometers that began to move from 20 ms before to 250 ms behind the first muscle; none; n/a where none was "
     "looked at"},
    {"movement_lag_ms", TEXT, "ms", "their delays to the first muscle, ; between them"},
};

static const myo_column negative_cols[] = {
    {"onset", TIME, "s", "start of the silent period, counted from the first sample of the file"},
    {"duration", TIME, "s", "length of the silent period"},
    {"channel", TEXT, "", "EMG channel it was found in"},
    {"negative_id", INT, "", "number of the negative jerk, unique in the recording"},
    {"event_id", INT, "", "contraction of the events table that it interrupts, the one before it where it parts two"},
    {"tone", NUM, "", "root mean square of the 0.5 s before, in the unit of column unit"},
    {"tone_after", NUM, "", "root mean square of the 0.3 s behind, in the unit of column unit"},
    {"silence", NUM, "", "root mean square within, in the unit of column unit"},
    {"rest", NUM, "", "noise floor, in the unit of column unit"},
    {"unit", TEXT, "", "unit of the amplitudes: uV, or au where the file names none"},
    {"tone_snr_db", NUM, "dB", "power of the tone before over the noise floor"},
    {"depth_db", NUM, "dB", "power of the tone before over the power within"},
    {"length", TEXT, "", "class of the duration: 50-69, 70-100 or 101-500 ms; n/a outside"},
    {"sync_channels", TEXT, "", "other channels with a silent period that starts with this one, ; between them"},
    {"sync_lag_ms", NUM, "ms", "delay of this channel to the first of the channels that fell silent together"},
};

static const myo_column summary_cols[] = {
    {"channel", TEXT, "", "channel, or all: events that are linked across channels count once"},
    {"trial_type", TEXT, "", "class of events, as in the events table"},
    {"n", INT, "", "number of events"},
    {"exposure_s", TIME, "s", "usable time: gaps and masked spans left out"},
    {"rate_per_h", NUM, "1/h", "events per hour of usable time"},
    {"rate_low", NUM, "1/h", "lower exact Poisson 95 % limit of the rate (Garwood)"},
    {"rate_high", NUM, "1/h", "upper exact Poisson 95 % limit of the rate (Garwood)"},
    {"fano", NUM, "",
     "variance over mean of the counts in equal bins of time; 1 for independent events"},
    {"burden_s_per_h", NUM, "s/h", "time within events per hour of usable time"},
    {"duration_ms_median", NUM, "ms", "median duration"},
    {"duration_ms_q1", NUM, "ms", "first quartile of the duration"},
    {"duration_ms_q3", NUM, "ms", "third quartile of the duration"},
    {"peak_median", NUM, "", "median peak, in the unit of column unit"},
    {"peak_q1", NUM, "", "first quartile of the peak"},
    {"peak_q3", NUM, "", "third quartile of the peak"},
    {"unit", TEXT, "", "unit of the peaks"},
    {"freq_hz_median", NUM, "Hz", "median frequency of the rhythmic events"},
    {"interval_s_median", TIME, "s", "median onset-to-onset interval"},
    {"interval_cv", NUM, "", "coefficient of variation of the onset-to-onset intervals"},
    {"n_indeterminate", INT, "", "indeterminate events of the channel, which no class counts"},
    {"burst_n", INT, "",
     "jerks whose duration counts for burst_ms_mean: EMG, at least 10 dB, not clipped, cut or masked"},
    {"burst_ms_mean", NUM, "ms", "mean duration of the muscle bursts of those jerks"},
    {"burst_ms_low", NUM, "ms",
     "lower 95 % limit of burst_ms_mean (Student's t, and 1 ms for the filter's part in every burst)"},
    {"burst_ms_high", NUM, "ms", "upper 95 % limit of burst_ms_mean"},
    {"pattern", TEXT, "",
     "short (mean under 45 ms), intermediate (45 to 100 ms) or long (over 100 ms); only from 10 bursts of 10 dB on and "
     "where the whole interval of the mean lies on one side; a description of the bursts, not a diagnosis"},
    {"pattern_reason", TEXT, "",
     "why there is no pattern: under_10_bursts_of_10_db, interval_spans_45_ms, interval_spans_100_ms or "
     "interval_too_wide"},
    {"negative_n", INT, "", "negative jerks of the channel: rows of the negative table, none of them counted in n"},
    {"negative_per_h", NUM, "1/h", "negative jerks per hour of usable time (of which they need tonic EMG)"},
    {"negative_low", NUM, "1/h", "lower exact Poisson 95 % limit of negative_per_h"},
    {"negative_high", NUM, "1/h", "upper exact Poisson 95 % limit of negative_per_h"},
    {"moved_n", INT, "", "jerks of the EMG channel with a movement of an accelerometer (see the spread table)"},
    {"still_n", INT, "", "jerks without one, while an accelerometer was looked at"},
    {"amp_rms_median", NUM, "", "median amp_rms of the tremor episodes (tremor table), in the unit of column unit"},
    {"disp_rms_mm_median", NUM, "mm", "median disp_rms_mm of the tremor episodes (tremor table)"},
};

static const myo_column comparison_cols[] = {
    {"design", TEXT, "", "how conditions are compared: rates, paired, parallel, trend or forest"},
    {"trial_type", TEXT, "", "class of events, as in the events table"},
    {"channel", TEXT, "", "channel; all: events that are linked across channels count once; clinician: columns incidence and "
                          "grade of the recordings table, where myoclonus is called jerk"},
    {"metric", TEXT, "",
     "column of the summary table that is compared; in design parallel also incidence (had an event or "
     "not), grade (0 to 3) and onset_s (time to the first event)"},
    {"reference", TEXT, "", "condition (or group) that the other is compared with"},
    {"contrast", TEXT, "", "condition (or group) that is compared"},
    {"n_reference", INT, "", "people under the reference; recordings in design rates"},
    {"n_contrast", INT, "", "people under the contrast; recordings in design rates"},
    {"events_reference", INT, "", "events under the reference, all these people or recordings together; of incidence, grade and "
                                    "onset_s: people who had one"},
    {"events_contrast", INT, "", "events under the contrast, all these people or recordings together; of incidence, grade and "
                                   "onset_s: people who had one"},
    {"exposure_reference_h", NUM, "h", "usable time under the reference, all together"},
    {"exposure_contrast_h", NUM, "h", "usable time under the contrast, all together"},
    {"estimate_reference", NUM, "",
     "value of the metric under the reference, in its unit; the median over people in designs paired and "
     "parallel, there the share of people for incidence, the model's rate for rates"},
    {"estimate_contrast", NUM, "",
     "value of the metric under the contrast, in its unit; the median over people in designs paired and "
     "parallel, there the share of people for incidence, the model's rate for rates"},
    {"effect", NUM, "", "size of the change, as effect_name says: contrast over reference for ratios, "
                        "contrast minus reference for differences; rates of the same people: ratio of "
                        "(n + 1/2) / usable time, 1/2 also for mdc, where events cluster more than 1/2; where "
                        "usable times differ and events are few, from shares of each person's events"},
    {"effect_name", TEXT, "", "what the effect is, as rate_ratio; differences are in the metric's unit; "
                              "probability_superiority: of the contrast's value being the higher, ties by half; "
                              "nnt: people per event fewer, negative per event more"},
    {"ci_low", NUM, "", "lower limit of the effect's two-sided confidence interval"},
    {"ci_high", NUM, "", "upper limit of the effect's two-sided confidence interval"},
    {"ci_level", NUM, "", "confidence level of the interval; the attained one where a test of few people or "
                          "events cannot have 0.95"},
    {"p_value", NUM, "", "two-sided p-value"},
    {"p_adjusted", NUM, "", "p-value adjusted for the tests of the same family"},
    {"adjustment", TEXT, "",
     "primary (the one question asked beforehand: as it is), holm (confirmatory family), bh (exploratory "
     "tests, false discovery rate) or none (not in a family)"},
    {"test", TEXT, "", "method of the p-value and of the interval"},
    {"seed", INT, "", "seed of the random numbers, where some were drawn"},
    {"resamples", INT, "", "how many random resamples were drawn"},
    {"mdc", NUM, "",
     "minimal detectable change (95 %) of one person from repeated baselines: per cent fall for ratios, the "
     "metric's unit for differences"},
    {"warning", TEXT, "", "doubts, and why a number is missing; '; ' between them"},
    {"role", TEXT, "",
     "primary, confirmatory, exploratory, or supporting: the question of the row above under other "
     "assumptions"},
    {"indeterminate", TEXT, "", "whether indeterminate events count as this class: excluded or included"},
    {"participant_id", TEXT, "", "whose recordings, where people are compared one by one"},
    {"sentence", TEXT, "", "the primary outcome in plain words"},
    {"study", TEXT, "", "design forest: the study, by its folder's name; n/a: all together"},
};

#define SCHEMA(id, text, cols) const myo_schema myo_##id##_schema = {#id, text, cols, COUNT(cols)}
SCHEMA(events, "classified events: jerks, tremor episodes, cramps and others", event_cols);
SCHEMA(bursts, "detected bursts, with the event each belongs to", burst_cols);
SCHEMA(channels, "channels, and how much of them could be used", channel_cols);
SCHEMA(spread, "jerks over all channels: which muscle led, how far each spread, and whether it moved a sensor", spread_cols);
SCHEMA(negative, "negative jerks: silent periods in tonic EMG; no rows of the events table, and no part of its jerks", negative_cols);
SCHEMA(summary, "counts, rates and medians for each channel and class", summary_cols);
SCHEMA(comparison, "conditions or groups compared", comparison_cols);
