/* json.h - whole JSON files with the same bytes for the same content. */
#ifndef MYO_OUT_JSON_H
#define MYO_OUT_JSON_H

#include <jansson.h>
#include "myotab/err.h"

/* Keys sorted, two blanks of indent, ASCII, numbers in the fewest digits that give them back,
 * newline at the end; whole or absent. */
myo_err myo_json_write(const json_t *root, const char *path, myo_diag *d);

#endif
