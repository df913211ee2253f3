/* runs.c - bits to activities, a word at a time: noise is words without a bit. */
#include <string.h>
#include "base/base.h"
#include "detect/runs.h"

enum { WORD = 64 };

myo_err myo_marks_room(myo_marks *m, int64_t before, size_t n_words)
{
    const size_t spent = before > m->base ? (size_t)((before - m->base) / WORD) : 0;
    const size_t drop = spent < m->n_words ? spent : m->n_words;
    if (drop > 0) {
        m->n_words -= drop;
        m->base += (int64_t)drop * WORD;
        memmove(m->on, m->on + drop, sizeof *m->on * m->n_words);
        memmove(m->off, m->off + drop, sizeof *m->off * m->n_words);
    }
    MYO_TRY(myo_grow((void **)&m->on, &m->cap_on, m->n_words + n_words, sizeof *m->on));
    return myo_grow((void **)&m->off, &m->cap_off, m->n_words + n_words, sizeof *m->off);
}

/* Bits [lo, hi) of a word, 0 <= lo < hi <= 64. */
static uint64_t bits(int64_t lo, int64_t hi)
{
    return (~(uint64_t)0 >> (WORD - (hi - lo))) << lo;
}

void myo_marks_clear(myo_marks *m, int64_t on, int64_t end)
{
    for (int64_t i = on - m->base, n = end - m->base; i < n;) {
        const int64_t w = i / WORD, stop = (w + 1) * WORD < n ? (w + 1) * WORD : n;
        const uint64_t keep = ~bits(i - w * WORD, stop - w * WORD);
        m->on[w] &= keep;
        m->off[w] &= keep;
        i = stop;
    }
}

/* First bit from i on that is set (flip 0) or clear (flip ~0), n if none is before it. */
static int64_t next_bit(const uint64_t *word, uint64_t flip, int64_t i, int64_t n)
{
    while (i < n) {
        const uint64_t left = (word[i / WORD] ^ flip) >> (i % WORD);
        if (left) {
            const int64_t at = i + __builtin_ctzll(left);
            return at < n ? at : n;
        }
        i = (i / WORD + 1) * WORD;
    }
    return n;
}

void myo_runs_finish(myo_runs *r, void (*found)(void *user, myo_activity a), void *user)
{
    if (r->open && r->seen_on) {
        found(user, (myo_activity){r->on, r->last_seen});
    }
    r->open = false;
}

/* Nothing is marked before frame `next`: does the open run end there? One without an on bit ends at once. */
static void pass_gap(myo_runs *r, int64_t next, int64_t gap, void (*found)(void *user, myo_activity a), void *user)
{
    if (r->open && next - 1 - r->last_seen >= (r->seen_on ? gap : 0)) {
        myo_runs_finish(r, found, user);
    }
}

void myo_runs_feed(myo_runs *r, const myo_marks *m, int64_t from, int64_t to, int64_t gap,
                   void (*found)(void *user, myo_activity a), void *user)
{
    const int64_t n = to - m->base;
    for (int64_t i = from - m->base; i < n;) {
        const int64_t on = next_bit(m->off, 0, i, n);
        if (on > i) {
            pass_gap(r, m->base + on, gap, found, user);
        }
        if (on == n) {
            return;
        }
        const int64_t off = next_bit(m->off, ~(uint64_t)0, on, n);
        if (!r->open) {
            *r = (myo_runs){.open = true, .on = m->base + on};
        }
        r->seen_on = r->seen_on || next_bit(m->on, 0, on, off) < off;
        r->last_seen = m->base + off;
        i = off;
    }
}
