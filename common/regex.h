/*
 * Regular expressions that take linear time whatever they and the text are made of: no way back, so neither back references
 * nor looking around. They are run as a deterministic machine that is made while it runs and never grows beyond a bound
 * (Thompson; Cox, "Regular Expression Matching Can Be Simple And Fast").
 *
 *   c  .  [a-z]  [^a-z]      a character; any but a line end; one of them; none of them
 *   \d \w \s \D \W \S        digit, letter or digit or _, blank of any kind (of ASCII), and all others
 *   \t \n \r \f \v \xHH      bytes; \ in front of any other sign: itself
 *   ab  a|b  (a)  (?:a)      one after the other, one of both, held together
 *   * + ? {3} {3,} {3,5}     repeated; another ? behind it changes nothing
 *   ^ $ \A \z \b \B          begin and end of a line; of the text; where a word begins or ends, or not
 *   (?i) (?s)                in front of all: A to Z in any case; . fits line ends, too
 *
 * A text is looked at as UTF-8: `.` fits all bytes of a character.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/error.h"
#include "common/span.h"

/* Parentheses in each other, the largest number in {}, and the steps of the machine: about one for each sign of it. */
#define REGEX_DEPTH_MAX 32
#define REGEX_REPEAT_MAX 255
#define REGEX_NODES_MAX 512
/* What one may remember of its machine, in bytes. */
#define REGEX_MEMORY_MAX 65536
/*
 * What one text may add to the machine: nodes looked at, some 40 ms. A usual pattern needs some thousands, however long the text is; only
 * patterns that are made for it, on texts that are, come near.
 */
#define REGEX_WORK_MAX 16000000

struct regex;

/* NULL and ERROR_USAGE: which character of the pattern is wrong, and why. */
struct regex *regex_new(struct span pattern, struct error *err);
void regex_free(struct regex *regex);

/*
 * Whether it fits anywhere in the text; a text beyond REGEX_WORK_MAX does not. It remembers what it has found out, so that it is for one
 * thread at a time.
 */
bool regex_matches(struct regex *regex, struct span text);

/* The same, some of the text at a time. All zero: it begins. Other texts may be looked at with the same expression meanwhile. */
struct regex_run {
	uint64_t nodes[REGEX_NODES_MAX / 64];
	int before;
	size_t at;    /* so much of the text is looked at */
	int64_t work; /* of REGEX_WORK_MAX */
	bool begun;
};
enum regex_found { REGEX_NOT_FOUND, REGEX_FOUND_IT, REGEX_GO_ON };
/* Looks through `budget` bytes, or as many nodes, which are taken off it. */
enum regex_found regex_run(
	struct regex *regex, struct regex_run *run, struct span text, size_t *budget);
