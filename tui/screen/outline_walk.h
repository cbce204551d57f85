/* A walk over the tokens of a payload that knows where it is. For outline*.c alone. */
#pragma once

#include "common/json_lexer.h"
#include "common/span.h"

/* An object or an array that is open. */
struct outline_frame {
	size_t begin;                       /* of its bracket */
	size_t index;                       /* commas so far */
	size_t name_begin, name_end;        /* of an object: the name met last */
	size_t names_from;                  /* for outline.c */
	bool is_object, wants_name, filled; /* `filled`: something is in it */
};

struct outline_walk {
	struct span bytes;
	struct json_lexer lexer;
	size_t at;     /* behind the token at hand */
	size_t values; /* complete ones at the top */
	bool between, ended;
	struct outline_frame *frames;
	size_t depth, capacity;
	/* the token at hand */
	enum json_token_kind kind;
	size_t begin;
	bool is_name;
	struct outline_frame closed; /* what it closes */
};

void outline_walk_init(struct outline_walk *walk, struct span bytes);
/* A walk of its own that goes on from the same place. */
struct outline_walk outline_walk_copy(const struct outline_walk *walk);
void outline_walk_clear(struct outline_walk *walk);

/* Looks through about `budget` bytes of the token to come. True: outline_walk_next has nothing left to look at. */
bool outline_walk_look(struct outline_walk *walk, size_t budget);
/* The next token; false: there is none any more, or it is no JSON. */
bool outline_walk_next(struct outline_walk *walk);

/* Frames that are the path of the token at hand: of a bracket those around it. */
size_t outline_walk_level(const struct outline_walk *walk);

/* How much is in what a frame stands for, once it is closed. */
size_t outline_frame_items(const struct outline_frame *frame);

/* Whether a token begins a value that holds others, or ends one. */
bool outline_opens(enum json_token_kind kind);
bool outline_closes(enum json_token_kind kind);
