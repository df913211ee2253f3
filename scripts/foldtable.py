#!/usr/bin/env python3
"""foldtable.py - make src/study/foldtable.c: case and canonical form of letters.

Usage: scripts/foldtable.py > src/study/foldtable.c
"""
import textwrap
import unicodedata as u

SCRIPTS = ("LATIN", "FULLWIDTH LATIN", "GREEK", "CYRILLIC", "HIRAGANA", "KATAKANA", "KELVIN",
           "ANGSTROM", "OHM SIGN", "MICRO SIGN")
MARK_BLOCKS = ((0x300, 0x370), (0x483, 0x488), (0x1AB0, 0x1ACF), (0x1DC0, 0x1E00), (0x20D0, 0x20F1),
               (0x2DE0, 0x2E00), (0x3099, 0x309B), (0xA66F, 0xA67E), (0xA69E, 0xA6A0), (0xFE20, 0xFE30))
MARKS = [c for a, b in MARK_BLOCKS for c in range(a, b)]
LETTERS = [c for c in range(0x41, 0x10000) if u.name(chr(c), "").startswith(SCRIPTS)]


def pair(c):
    """(base, mark) of a canonical decomposition; mark 0 if it is one character for another."""
    parts = u.decomposition(chr(c)).split()
    if not parts or parts[0].startswith("<"):
        return None
    return (int(parts[0], 16), int(parts[1], 16) if len(parts) > 1 else 0)


def simple_fold(c):
    """Simple case folding: one character for one (the iota below stays a mark)."""
    for folded in (chr(c).casefold(), chr(c).lower()):
        if len(folded) == 1 and c != 0x345:
            return ord(folded)
    return c


def ranges(items):
    """[(code point, value)] as runs (first, last, step, value) of one value and step 1 or 2."""
    runs = []
    for c, value in items:
        if runs and runs[-1][3] == value:
            first, last, step, _ = runs[-1]
            gap = c - last
            if gap == step or (first == last and gap <= 2):
                runs[-1] = (first, c, gap, value)
                continue
        runs.append((c, c, 1, value))
    return runs


def ranges_of_step_one(items):
    runs = []
    for c, value in items:
        if runs and runs[-1][3] == value and runs[-1][1] == c - 1:
            runs[-1] = (runs[-1][0], c, 1, value)
        else:
            runs.append((c, c, 1, value))
    return runs


def rows(items, form):
    print(textwrap.fill(", ".join(form % item for item in items) + ",", 98, initial_indent="    ",
                        subsequent_indent="    ", break_long_words=False))


def main():
    pairs = [(c, *pair(c)) for c in sorted(LETTERS + MARKS) if pair(c)]
    decomposed = {p[0] for p in pairs}
    folds = [(c, simple_fold(c) - c) for c in LETTERS if c not in decomposed and simple_fold(c) != c]
    marks = [(a, b, v) for a, b, step, v in
             ranges_of_step_one([(c, u.combining(chr(c))) for c in MARKS if u.combining(chr(c))])]
    print("/* foldtable.c - made by scripts/foldtable.py from Unicode %s; do not edit. */" % u.unidata_version)
    print('#include "study/fold.h"\n\n/* clang-format off */')
    print("const myo_fold_pair myo_fold_pairs[] = {")
    rows(pairs, "{0x%X,0x%X,0x%X}")
    print("};\nconst size_t myo_n_fold_pairs = sizeof myo_fold_pairs / sizeof myo_fold_pairs[0];\n")
    print("const myo_fold_case myo_fold_cases[] = {")
    rows(ranges(folds), "{0x%X,0x%X,%d,%d}")
    print("};\nconst size_t myo_n_fold_cases = sizeof myo_fold_cases / sizeof myo_fold_cases[0];\n")
    print("const myo_fold_mark myo_fold_marks[] = {")
    rows(marks, "{0x%X,0x%X,%d}")
    print("};\nconst size_t myo_n_fold_marks = sizeof myo_fold_marks / sizeof myo_fold_marks[0];")


main()
