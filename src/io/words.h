/* words.h - the words of a channel label. */
#ifndef MYO_IO_WORDS_H
#define MYO_IO_WORDS_H

#include <stdbool.h>
#include <stddef.h>

enum { MYO_WORDS_MAX = 24, MYO_WORD_MAX = 32 };

typedef struct myo_word {
    char s[MYO_WORD_MAX]; /* lower case, trailing digits taken off */
    size_t at, n;         /* place in the label, digits included */
    bool capitals;        /* no lower-case letter in it */
} myo_word;

/* Words of the label, their number. A word ends where letters end, and where small letters are followed by a capital
 * ("GyroX"). */
size_t myo_split_words(const char *label, myo_word out[MYO_WORDS_MAX]);

#endif
