/* words.c - the words of a channel label. */
#include <ctype.h>
#include "io/words.h"

static bool is_letter(char c) {
    return isalpha((unsigned char)c) != 0 && (unsigned char)c < 0x80;
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static size_t word_end(const char *s, size_t i) {
    bool small = false;
    while (is_letter(s[i]) && !(small && isupper((unsigned char)s[i]))) {
        small = islower((unsigned char)s[i]) != 0;
        i++;
    }
    return i;
}

size_t myo_split_words(const char *s, myo_word out[MYO_WORDS_MAX]) {
    size_t n = 0;
    for (size_t i = 0; s[i] != '\0' && n < MYO_WORDS_MAX;) {
        if (!is_letter(s[i])) {
            i++;
            continue;
        }
        const size_t end = word_end(s, i), len = end - i;
        myo_word *w = &out[n++];
        *w = (myo_word){.at = i, .capitals = true};
        for (size_t k = 0; k < len; k++) {
            w->capitals = w->capitals && !islower((unsigned char)s[i + k]);
            if (k < MYO_WORD_MAX - 1) {
                w->s[k] = (char)tolower((unsigned char)s[i + k]);
            }
        }
        for (i = end; is_digit(s[i]); i++) {
        }
        w->n = i - w->at;
    }
    return n;
}
