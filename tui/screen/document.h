/*
 * Text of any length to scroll and search in: paragraphs of styled pieces, and payloads (JSON made readable without
 * changing a token, text, or hex) of up to many MiB. Laid out a slice at a time, so that no key waits; lines are wrapped to the width, and keep
 * no memory of their own but a mark every so many lines.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/buffer.h"
#include "common/span.h"
#include "tui/screen/canvas.h"

enum document_form {
	DOCUMENT_JSON, /* one value a line, indented by two; tokens stay as they were written */
	DOCUMENT_TEXT, /* line ends are line ends; everything else as it is, escaped */
	DOCUMENT_HEX,  /* offset, bytes, ASCII: 16 a line, 8 where that is too wide, else 4 */
	DOCUMENT_XML,  /* a tag a line, indented by two; not checked */
};

struct document;
struct folds;
struct outline;

/* Empty, to be wrapped at `columns` (at least 1 is assumed). `ascii` as in struct canvas. */
struct document *document_new(size_t columns, bool ascii);
void document_free(struct document *document);

/* Whether words of ours in it have to be ASCII. */
bool document_is_ascii(const struct document *document);

/* A piece of the line at the end of the document; copied. Line ends and tabs in it are escaped. */
void document_add(struct document *document, struct span text, unsigned style);
void document_print(struct document *document, unsigned style, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Ends that line. Further lines of it, when it is wrapped, are indented by `indent` columns. */
void document_end_line(struct document *document, size_t indent);

/*
 * A payload, on lines of its own. `bytes` is borrowed until document_free. DOCUMENT_JSON falls back to text from the
 * first byte that is not JSON: what is before it stays readable, and a line says where it ended ("not JSON from byte 812 on").
 */
void document_add_payload(struct document *document, enum document_form form, struct span bytes);

/*
 * A payload that is JSON as a tree: objects and arrays that are folded take one line ("[... 20 items]"), and it is said in words where a
 * name is repeated or a double does not keep a number. All three are borrowed until document_free.
 */
void document_add_tree(struct document *document, struct span bytes, const struct outline *outline,
	const struct folds *folds);
/* What is folded in the tree, or known of it, is another from byte `from` on: the lines from there on are laid out anew. */
void document_tree_changed(struct document *document, size_t from);

/* The first byte of a line, in the bytes of the payload it belongs to. False: it is none of a payload, or not laid out. */
bool document_byte_of(
	const struct document *document, size_t line, struct span *payload, size_t *offset);
/* The line of a byte of the tree. False: it is not laid out so far, or there is no tree. */
bool document_line_of_byte(const struct document *document, size_t offset, size_t *line);
/* What document_find_next found last, when it is in the tree. */
bool document_byte_found(const struct document *document, size_t *offset);

/*
 * The form that suits: JSON when it begins like JSON and the lexer agrees with its first 64 KiB (it may break off), XML when it begins like it, text when less
 * than an eighth of them are controls or no UTF-8, else hex.
 */
enum document_form document_form_of(struct span bytes);

/*
 * Lays out further, through about `budget` bytes of source. True: it is complete. Painting lays out by itself as far
 * as it must, so a document that is only looked at from its top never costs more than a screen.
 */
bool document_layout(struct document *document, size_t budget);
bool document_is_complete(const struct document *document);
/* Lines so far. */
size_t document_lines(const struct document *document);

/*
 * Paints from line `first` on. Lays out what is missing, within about a MiB of source; beyond it "..." stands there until
 * document_layout has come so far. Hits of the search in it are STYLE_MATCH.
 */
void document_paint(
	struct document *document, struct canvas *canvas, struct area area, size_t first);

/*
 * Searches for a text in the bytes (A to Z in any case), from line `from` on, downwards or upwards, round the end, a slice
 * at a time. An empty needle ends the search and its marks.
 */
void document_search(struct document *document, struct span needle);
enum document_found {
	DOCUMENT_FOUND,     /* `line` is set */
	DOCUMENT_NOT_FOUND, /* nowhere */
	DOCUMENT_GO_ON,     /* not yet: call again */
};
/*
 * The next line with a hit behind (or before) `from`; looks through about `budget` bytes a call. Only when there is no other it is `from`
 * itself. SIZE_MAX stands in front of the first line.
 */
enum document_found document_find_next(
	struct document *document, size_t from, bool upwards, size_t budget, size_t *line);
