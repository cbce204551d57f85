/* Who may connect, and who may only look: tokens from a file, kept as hashes, and how often an address may be wrong. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/error.h"
#include "common/span.h"

#define TOKEN_LEAST 16
#define TOKENS_MOST 256

struct tokens;

/*
 * One token a line, and behind it, after a blank, `readonly` where it may only look; blanks around it, empty lines and lines with # in front do not count. ERROR_CONFIG, with the chmod
 * that mends it, for a file others can read, one without a token, and tokens that are too short.
 */
struct tokens *tokens_load(const char *file, struct error *err);
void tokens_free(struct tokens *tokens);

enum token_answer { TOKEN_RIGHT, TOKEN_READONLY, TOKEN_WRONG, TOKEN_TOO_OFTEN };

/*
 * Judges what stands behind "Authorization:" in constant time over all tokens. After 20 wrong ones an address waits:
 * one more try a second. `now_ms` is any clock that does not go back.
 */
enum token_answer tokens_judge(
	struct tokens *tokens, struct span authorization, struct span address, int64_t now_ms);
