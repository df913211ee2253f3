/* sndfile.h - the one thing that others ask of the audio library. */
#ifndef MYO_IO_SNDFILE_H
#define MYO_IO_SNDFILE_H

/* libsndfile's name and version, for the provenance. */
const char *myo_sndfile_version(void);

#endif
