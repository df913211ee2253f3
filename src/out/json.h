/* json.h - whole JSON files with the same bytes for the same content. */
#ifndef MYO_OUT_JSON_H
#define MYO_OUT_JSON_H

#include <jansson.h>
#include "base/base.h"

/* Keys sorted, two blanks of indent, ASCII, numbers in the fewest digits that give them back,
 * newline at the end; whole or absent. */
myo_err myo_json_write(const json_t *root, const char *path, myo_diag *d);
/* The same, but *file is left for the caller to commit or abort. On failure nothing is there. */
myo_err myo_json_open(const json_t *root, const char *path, myo_outfile *file, myo_diag *d);
/* SHA-256 of the text it would be written as. */
myo_err myo_json_sha256(const json_t *root, char hex[65]);

#endif
