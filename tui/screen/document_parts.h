/*
 * The inside of a document, for document*.c alone. A document is a list of blocks (paragraphs, payloads); a place says where a line
 * begins, with all that is needed to go on from there; each kind of block has one function that writes the next line and moves the
 * place behind it. Laying out is writing lines to nowhere, so what is counted is what is painted.
 */
#pragma once

#include "common/json_lexer.h"
#include "common/needle.h"
#include "tui/screen/document.h"
#include "tui/screen/folds.h"
#include "tui/screen/outline.h"

/* A place is kept every so many lines, or so many bytes; the others are found by writing lines to nowhere from there on. */
#define DOCUMENT_MARK_LINES 512
#define DOCUMENT_MARK_BYTES ((size_t)64 * 1024)

enum document_kind { KIND_PARAGRAPH, KIND_JSON, KIND_TEXT, KIND_HEX, KIND_XML };

/* A run of a paragraph in one style: from where the one before ends. */
struct document_piece {
	size_t end;
	unsigned style;
};

struct document_block {
	enum document_kind kind;
	struct span bytes; /* of a paragraph: owned */
	struct document_piece *pieces;
	size_t piece_count;
	size_t indent;
	const struct outline *outline; /* of a tree; NULL: it is none */
	const struct folds *folds;
};

enum document_json_phase {
	JSON_VALUES,
	JSON_MARK, /* what is to be said of the line before, which had no room for it */
	JSON_NOTE, /* the line that says where JSON ended */
	JSON_REST, /* what is behind it, as text */
};

/* Where a line stands in JSON. The token under way reaches from the place's offset to `token_end`. */
struct document_json {
	struct json_lexer lexer;                   /* behind the token under way */
	size_t lexed_from, token_begin, token_end; /* blanks may stand in front of it */
	size_t depth;
	enum document_json_phase phase;
	enum json_token_kind kind, before; /* of the token under way and of the one before */
	bool is_name;
	bool value_ended; /* with the token under way a value is complete: another one may follow */
	bool wrapped;     /* the line goes on with what did not fit on the one before */
	/* what is to be said behind the line, of a tree */
	size_t number_begin, number_end; /* of a number that a double changes; end 0: none */
	enum outline_repeat repeat;
	bool ended; /* JSON_MARK: nothing follows */
};

enum document_xml_kind { XML_NONE, XML_OPEN, XML_CLOSE, XML_EMPTY, XML_TEXT, XML_OTHER };

/* Where a line stands in XML. */
struct document_xml {
	enum document_xml_kind kind, before; /* of the tag or text under way and of the one before */
	size_t begin, end, piece_end;        /* of it, and of what of it stands on one line */
	size_t depth;
	bool continued; /* the piece is not its first line */
	bool wrapped;   /* the line goes on with what did not fit on the one before */
	bool open_line; /* what ended last may have something on its line: its text, its end */
	bool joined;    /* the piece stands on the line of the one before */
};

/* Where a line begins. Later lines have later places, by block and offset. */
struct document_place {
	size_t block;
	size_t offset; /* in the bytes of the block */
	struct document_json json;
	struct document_xml xml;
};

/*
 * What is long (a token of JSON, a tag) is looked through in slices while it is laid out, and where it ends is kept: a file in base64 in one
 * string is not rare, and it is not read again for every line painted near it.
 */
#define DOCUMENT_LONG ((size_t)16 * 1024)
#define DOCUMENT_LOOK_BYTES ((size_t)32 * 1024)
struct document_long {
	size_t block, from; /* known by: where the blanks in front of it begin */
	size_t begin, end;
	enum json_token_kind kind;
	struct json_lexer lexer; /* behind it */
};

/* How far what is long has been looked at, while it is laid out. `block` SIZE_MAX: nothing is. */
struct document_ahead {
	size_t block, from;
	struct json_lexer lexer;
	size_t at; /* in XML */
	char quote;
};

/* Where a line begins that is known. */
struct document_mark {
	struct document_place place;
	size_t line;
};

/* A position in what is searched. */
struct document_position {
	size_t block, at;
};

struct document_find {
	struct needle *needle; /* NULL: nothing is searched for */
	bool running, upwards;
	size_t from;
	bool prepared, turned,
		found; /* where it begins is known; went round the end; `low` is the hit */
	struct document_position begin, low, high; /* what is left to look at: from low to high */
};

struct document {
	size_t columns;
	bool ascii;
	struct document_block *blocks;
	size_t block_count, block_capacity;
	struct buffer open_text; /* the line at the end, until document_end_line */
	struct document_piece *open_pieces;
	size_t open_count, open_capacity;

	bool begun;                 /* laying out: `laid` is set */
	struct document_place laid; /* of the line behind the last one */
	size_t lines;
	struct document_mark *marks;
	size_t mark_count, mark_capacity;
	size_t unmarked;             /* bytes since the last one */
	struct document_long *longs; /* what was met, in order */
	size_t long_count, long_capacity;
	struct document_ahead ahead;
	struct document_find find;
};

/* A line being written. */
struct document_line {
	const struct document *document;
	const struct document_block *block;
	struct canvas *canvas; /* NULL: only measured */
	struct area area;      /* where it is painted; one row */
	size_t used;           /* columns so far */
	bool begun;            /* something stands on it */

	struct document_ahead *ahead; /* NULL: what is long may be looked through at once */
	bool stalled;                 /* it was not: the line is to be written again */
	size_t cost;                  /* bytes that were read beside its own */
};

/* What is long and begins behind `from` in the block at hand; NULL: nothing that is known. */
const struct document_long *document_long_at(
	const struct document_line *line, size_t block, size_t from);
/* Whether what begins behind `from` is being looked at: `ahead` says how far. */
bool document_is_ahead(const struct document_line *line, size_t block, size_t from);

/* Puts as much of `text` (of the block's bytes) as there is room for, and marks hits in it; returns the bytes put. */
size_t document_line_put(struct document_line *line, struct span text, unsigned style);
/* How many bytes of `text` document_line_put would put into `room` columns; `used` gets the columns. */
size_t document_line_fit(
	const struct document_line *line, struct span text, size_t room, size_t *used);
/* Words of ours at a column, cut at the end of the line. */
void document_line_print(
	struct document_line *line, size_t column, struct span words, unsigned style);
/* Leaves columns blank, as far as there are any. */
void document_line_skip(struct document_line *line, size_t columns);

/* Appends what is to be said of the tokens on the line; false: nothing is. */
bool document_json_words(
	const struct document_block *block, const struct document_json *json, struct buffer *words);
/* Looks at the token that has just been put, whether something is to be said of it. */
void document_json_look(const struct document_block *block, struct document_json *json);

/* Each writes the line at `place` and moves it on; false: it was the last one of the block. */
bool document_paragraph_line(struct document_line *line, struct document_place *place);
bool document_text_line(struct document_line *line, struct document_place *place);
bool document_json_line(struct document_line *line, struct document_place *place);
bool document_xml_line(struct document_line *line, struct document_place *place);
bool document_hex_line(struct document_line *line, struct document_place *place);

/* Writes the line at `place`, whatever its block is, and moves on; to nowhere when `canvas` is NULL. It must be laid out. */
void document_write_line(const struct document *document, struct document_place *place,
	struct canvas *canvas, struct area area);
/* Where a line that is laid out begins; `line` may be the one behind the last. */
struct document_place document_place_of(const struct document *document, size_t line);
/* The line a byte stands on; it must be laid out. */
size_t document_line_of(const struct document *document, struct document_position position);
/* Whether `a` stands before `b`. */
bool document_is_before(struct document_position a, struct document_position b);

/* The hits of the search that reach into [from, to) of a block, one after the other, cut to it. */
struct document_hits {
	const struct needle *needle;
	struct span bytes;
	size_t from, to, next;
};
struct document_hits document_hits_in(
	const struct document *document, const struct document_block *block, size_t from, size_t to);
bool document_hits_next(struct document_hits *hits, size_t *begin, size_t *end);
