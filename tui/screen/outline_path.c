/* Where a byte is, and where a name or a path is. */
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "tui/screen/outline_parts.h"

/* Deepest path that is gone to. */
#define SEGMENTS_MAX 64

struct span outline_name(struct span token, struct buffer *plain) {
	struct span inner = {token.data + 1, token.len - 2};
	if (span_find(inner, '\\') == inner.len) {
		return inner;
	}
	json_unescape(plain, token);
	return buffer_span(plain);
}

static size_t mark_near(const struct outline *outline, size_t offset) {
	size_t low = 0, high = outline->mark_count;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		bool behind = outline->marks[middle].at > offset;
		low = behind ? low : middle;
		high = behind ? middle : high;
	}
	return low;
}

struct outline_going outline_go_near(const struct outline *outline, size_t offset) {
	size_t mark = mark_near(outline, offset);
	return (struct outline_going){outline, outline_walk_copy(&outline->marks[mark]), mark};
}

bool outline_go(struct outline_going *going) {
	const struct outline *outline = going->outline;
	size_t at = going->walk.at;
	while (going->mark < outline->mark_count && outline->marks[going->mark].at < at) {
		going->mark++;
	}
	if (going->mark < outline->mark_count && outline->marks[going->mark].at == at &&
		!going->walk.between) {
		going->walk.lexer = outline->marks[going->mark].lexer; /* it has looked ahead */
	}
	return outline_walk_next(&going->walk);
}

/* --- the path of a byte --- */

static bool is_plain(char byte) {
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') || (byte && strchr("_-$@:/+", byte));
}

static void append_name(struct buffer *path, struct span token) {
	size_t plain = 1;
	while (plain + 1 < token.len && is_plain(token.data[plain])) {
		plain++;
	}
	if (token.len > 2 && plain + 1 == token.len) {
		buffer_append_byte(path, '.');
		buffer_append(path, token.data + 1, token.len - 2);
		return;
	}
	buffer_append_text(path, path->len == 0 ? ".[" : "[");
	buffer_append_span(path, token);
	buffer_append_byte(path, ']');
}

static void append_path(struct buffer *path, const struct outline_walk *walk) {
	for (size_t i = 0; i < outline_walk_level(walk); i++) {
		const struct outline_frame *frame = &walk->frames[i];
		if (frame->is_object) {
			append_name(path, (struct span){walk->bytes.data + frame->name_begin,
								  frame->name_end - frame->name_begin});
		} else {
			buffer_printf(path, path->len == 0 ? ".[%zu]" : "[%zu]", frame->index);
		}
	}
	if (path->len == 0) {
		buffer_append_byte(path, '.');
	}
}

/* To the token that holds the byte, or the first one behind it. */
static bool walk_to(struct outline_going *going, size_t offset) {
	while (outline_go(going)) {
		if (going->walk.at > offset) {
			return true;
		}
	}
	return false;
}

static void fill_spot(
	const struct outline *outline, const struct outline_walk *walk, struct outline_spot *spot) {
	struct outline_extent extent;
	*spot = (struct outline_spot){walk->begin, walk->begin, walk->at, walk->kind, 0, walk->values};
	if (outline_closes(walk->kind)) {
		bool object = walk->kind == JSON_OBJECT_END;
		spot->begin = walk->closed.begin;
		spot->kind = object ? JSON_OBJECT_BEGIN : JSON_ARRAY_BEGIN;
		spot->items = outline_frame_items(&walk->closed);
	} else if (outline_opens(walk->kind)) {
		bool known = outline_extent(outline, walk->begin, &extent);
		spot->end = known ? extent.end : 0;
		spot->items = known ? extent.items : 0;
	}
}

bool outline_at(
	const struct outline *outline, size_t offset, struct outline_spot *spot, struct buffer *path) {
	buffer_reset(path);
	if (outline->mark_count == 0 || (!outline->complete && offset >= outline->walk.at)) {
		return false;
	}
	struct outline_going going = outline_go_near(outline, offset);
	bool found = walk_to(&going, offset);
	size_t from = going.walk.begin;
	if (found) {
		append_path(path, &going.walk);
	}
	if (found && going.walk.is_name) { /* behind the colon */
		found = going.walk.at < outline->walk.at && outline_go(&going) &&
		        going.walk.at < outline->walk.at && outline_go(&going);
	}
	if (found) {
		fill_spot(outline, &going.walk, spot);
		spot->from = from < spot->begin ? from : spot->begin;
	}
	outline_walk_clear(&going.walk);
	return found;
}

size_t outline_around(const struct outline *outline, size_t offset, size_t *begins, size_t most) {
	size_t count = 0;
	if (outline->mark_count == 0) {
		return 0;
	}
	struct outline_going going = outline_go_near(outline, offset);
	if (walk_to(&going, offset)) {
		size_t level = outline_walk_level(&going.walk);
		for (; count < level && count < most; count++) {
			begins[count] = going.walk.frames[count].begin;
		}
	}
	outline_walk_clear(&going.walk);
	return count;
}

/* --- going to a name or a path --- */

struct segment {
	struct span text;
	bool is_number;
	size_t number;
};

struct outline_seek {
	const struct outline *outline;
	struct outline_walk walk;
	char *wanted;
	size_t from;
	bool turned; /* round the end */
	bool near;   /* a name that begins so is known, at: */
	size_t near_at;
	struct segment segments[SEGMENTS_MAX];
	size_t segment_count; /* 0: a name is wanted */
};

static void add_segment(struct outline_seek *seek, struct span text, bool quoted) {
	struct segment segment = {.text = text, .is_number = !quoted && text.len > 0 && text.len < 10};
	for (size_t i = 0; i < text.len && segment.is_number; i++) {
		segment.is_number = text.data[i] >= '0' && text.data[i] <= '9';
		segment.number = segment.number * 10 + (size_t)(text.data[i] - '0');
	}
	seek->segments[seek->segment_count++] = segment;
}

/* What stands between [ and ]; false: it is not closed. */
static bool take_bracket(struct outline_seek *seek, struct span *rest) {
	bool quoted = rest->len > 1 && rest->data[1] == '"';
	struct span inner = span_after(*rest, quoted ? 2 : 1);
	const char *end = quoted ? "\"]" : "]";
	size_t len = 0;
	while (len < inner.len && !span_starts_with(span_after(inner, len), span_text(end))) {
		len++;
	}
	if (len == inner.len) {
		return false;
	}
	add_segment(seek, (struct span){inner.data, len}, quoted);
	*rest = span_after(inner, len + strlen(end));
	return true;
}

/* ".data.items[3].id", and [\"na.me\"] */
static bool parse_path(struct outline_seek *seek, struct span rest) {
	while (rest.len > 0 && seek->segment_count < SEGMENTS_MAX) {
		if (rest.data[0] == '[') {
			if (!take_bracket(seek, &rest)) {
				return false;
			}
			continue;
		}
		rest = span_after(rest, rest.data[0] == '.');
		size_t len = 0;
		while (len < rest.len && rest.data[len] != '.' && rest.data[len] != '[') {
			len++;
		}
		if (len > 0) {
			add_segment(seek, (struct span){rest.data, len}, false);
		} else if (rest.len == 0 || rest.data[0] != '[') {
			return false;
		}
		rest = span_after(rest, len);
	}
	return rest.len == 0 && seek->segment_count > 0;
}

struct outline_seek *outline_seek_new(
	const struct outline *outline, struct span wanted, size_t from) {
	struct outline_seek *seek = alloc_zero(1, sizeof *seek);
	seek->outline = outline;
	seek->from = from;
	seek->wanted = alloc_text(wanted.data, wanted.len);
	struct span kept = {seek->wanted, wanted.len};
	bool is_path = span_starts_with(kept, span_text("."));
	if (wanted.len == 0 || (is_path && !parse_path(seek, kept))) {
		free(seek->wanted);
		free(seek);
		return NULL;
	}
	seek->turned = is_path; /* there is one way through */
	if (!is_path && outline->mark_count > 0) {
		seek->walk = outline_go_near(outline, from).walk;
	} else {
		outline_walk_init(&seek->walk, outline->bytes);
	}
	return seek;
}

void outline_seek_free(struct outline_seek *seek) {
	if (seek) {
		outline_walk_clear(&seek->walk);
		free(seek->wanted);
		free(seek);
	}
}

static bool frame_is(const struct outline_walk *walk, size_t i, const struct segment *segment) {
	const struct outline_frame *frame = &walk->frames[i];
	if (!frame->is_object) {
		return segment->is_number && segment->number == frame->index;
	}
	struct buffer plain = {0};
	struct span token = {walk->bytes.data + frame->name_begin, frame->name_end - frame->name_begin};
	bool same = token.len >= 2 && token.len <= OUTLINE_NAME_LEN_MAX &&
	            span_equal(outline_name(token, &plain), segment->text);
	buffer_clear(&plain);
	return same;
}

/* Whether the token at hand is where the path leads: the name, or the first token of an element. */
static bool is_there(const struct outline_seek *seek) {
	const struct outline_walk *walk = &seek->walk;
	size_t level = outline_walk_level(walk);
	if (level != seek->segment_count || outline_closes(walk->kind) || walk->kind == JSON_COMMA ||
		walk->kind == JSON_COLON) {
		return false;
	}
	if (walk->frames[level - 1].is_object && !walk->is_name) {
		return false;
	}
	while (level > 0 && frame_is(walk, level - 1, &seek->segments[level - 1])) {
		level--;
	}
	return level == 0;
}

/* Whether the name at hand is the one, and nearly so. */
static bool is_named(struct outline_seek *seek) {
	const struct outline_walk *walk = &seek->walk;
	struct buffer plain = {0};
	struct span wanted = span_text(seek->wanted);
	struct span name =
		outline_name((struct span){walk->bytes.data + walk->begin, walk->at - walk->begin}, &plain);
	bool same = span_equal_nocase(name, wanted);
	name.len = name.len < wanted.len ? name.len : wanted.len;
	if (!seek->near && span_equal_nocase(name, wanted)) {
		seek->near = true;
		seek->near_at = walk->begin;
	}
	buffer_clear(&plain);
	return same;
}

static bool hits(struct outline_seek *seek) {
	if (seek->segment_count > 0) {
		return is_there(seek);
	}
	bool passed = seek->turned || seek->walk.begin > seek->from;
	bool short_enough = seek->walk.at - seek->walk.begin <= OUTLINE_NAME_LEN_MAX;
	return seek->walk.is_name && passed && short_enough && is_named(seek);
}

static bool is_through(const struct outline_seek *seek) {
	return seek->walk.ended ||
	       (seek->turned && seek->segment_count == 0 && seek->walk.begin > seek->from);
}

enum outline_found outline_seek(struct outline_seek *seek, size_t budget, size_t *offset) {
	size_t spent = 0;
	while (spent < budget) {
		size_t from = seek->walk.at;
		if (!outline_walk_look(&seek->walk, OUTLINE_LOOK_BYTES)) {
			spent += OUTLINE_LOOK_BYTES;
			continue;
		}
		if (outline_walk_next(&seek->walk) && hits(seek)) {
			*offset = seek->walk.begin;
			return OUTLINE_FOUND;
		}
		spent += seek->walk.at - from + 4;
		if (is_through(seek) && seek->turned) {
			*offset = seek->near_at;
			return seek->near ? OUTLINE_FOUND : OUTLINE_NOT_FOUND;
		}
		if (is_through(seek)) {
			outline_walk_clear(&seek->walk);
			outline_walk_init(&seek->walk, seek->outline->bytes);
			seek->turned = true;
		}
	}
	return OUTLINE_GO_ON;
}
