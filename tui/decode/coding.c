#include "tui/decode/coding.h"

#include <stdlib.h>

#include "common/alloc.h"
#include "common/words.h"
#include "tui/decode/layer.h"

/* Read or written at once. */
#define CHUNK ((size_t)64 * 1024)

struct coding {
	struct span names; /* as they were given: for the note */
	char *names_kept;
	struct layer *layers[CODING_LAYERS_MAX]; /* the last one of the header first */
	size_t count, at;
	size_t received;
	struct span in;           /* of the layer at hand, what is left of it */
	struct buffer from, made; /* what the layer before made, and what this one makes */
	enum coding_state state;
};

/* The names from the last one on; false: one is not known, or there are too many. */
static bool open_layers(struct coding *coding, struct span names) {
	struct span list[CODING_LAYERS_MAX];
	size_t count = 0;
	while (names.len > 0) {
		struct span name = span_trim(span_cut(&names, ','));
		if (name.len == 0 || span_equal_nocase(name, span_text("identity"))) {
			continue;
		}
		if (count == CODING_LAYERS_MAX) {
			return false;
		}
		list[count++] = name;
	}
	for (; count > 0; count--) {
		struct layer *layer = layer_new(list[count - 1]);
		if (!layer) {
			return false;
		}
		coding->layers[coding->count++] = layer;
	}
	return true;
}

struct coding *coding_new(struct span names, struct span bytes) {
	struct coding *coding = alloc_zero(1, sizeof *coding);
	names = span_trim(names);
	coding->names_kept = alloc_text(names.data, names.len);
	coding->names = (struct span){coding->names_kept, names.len};
	coding->received = bytes.len;
	coding->in = bytes;
	if (!open_layers(coding, coding->names)) {
		coding->state = CODING_UNKNOWN;
	} else if (coding->count == 0 || bytes.len == 0) {
		coding_free(coding);
		return NULL;
	}
	return coding;
}

void coding_free(struct coding *coding) {
	if (!coding) {
		return;
	}
	for (size_t i = 0; i < coding->count; i++) {
		layer_free(coding->layers[i]);
	}
	buffer_clear(&coding->from);
	buffer_clear(&coding->made);
	free(coding->names_kept);
	free(coding);
}

enum coding_state coding_state(const struct coding *coding) {
	return coding->state;
}

static bool is_too_large(const struct coding *coding) {
	size_t len = coding->made.len;
	return len > CODING_DECODED_MAX ||
	       (len > CODING_RATIO_FROM && len / CODING_RATIO_MAX > coding->received);
}

/* A layer is through: the next one reads what it made. */
static void next_layer(struct coding *coding) {
	if (++coding->at == coding->count) {
		coding->state = CODING_DONE;
		return;
	}
	struct buffer old = coding->from;
	coding->from = coding->made;
	coding->made = old;
	buffer_reset(&coding->made);
	coding->in = buffer_span(&coding->from);
}

/* Returns what it has cost. */
static size_t step(struct coding *coding) {
	struct layer *layer = coding->layers[coding->at];
	struct span in = {coding->in.data, coding->in.len < CHUNK ? coding->in.len : CHUNK};
	size_t before = in.len, written;
	char *out = buffer_reserve(&coding->made, CHUNK);
	enum layer_state state = layer_step(layer, &in, out, CHUNK, &written);
	size_t read = before - in.len;
	coding->made.len += written;
	coding->in = span_after(coding->in, read);
	if (is_too_large(coding)) {
		coding->state = CODING_TOO_LARGE;
	} else if (state == LAYER_END && !layer_again(layer, coding->in)) {
		next_layer(coding);
	} else if (state == LAYER_BROKEN || (state == LAYER_GO_ON && read == 0 && written == 0)) {
		coding->state = CODING_BROKEN;
	}
	return read + written + 1;
}

enum coding_state coding_step(struct coding *coding, size_t budget) {
	size_t spent = 0;
	while (coding->state == CODING_GO_ON && spent < budget) {
		spent += step(coding);
	}
	return coding->state;
}

struct span coding_decoded(const struct coding *coding) {
	bool last = coding->at + 1 >= coding->count;
	return last ? buffer_span(&coding->made) : (struct span){NULL, 0};
}

void coding_append_note(const struct coding *coding, struct buffer *out) {
	static const char *const words[] = {[CODING_GO_ON] = ", being decoded: ",
		[CODING_DONE] = ", decoded to ",
		[CODING_BROKEN] = ", but it breaks off or is none: only ",
		[CODING_TOO_LARGE] = ", cut at the limit of what is decoded: "};
	struct span decoded = coding_decoded(coding);
	buffer_append_span(out, coding->names);
	if (coding->state == CODING_UNKNOWN) {
		buffer_append_text(out, " is not known here: shown as received");
		return;
	}
	if (coding->state == CODING_BROKEN && decoded.len == 0) {
		buffer_append_text(out, " is what its header says, but it is none: shown as received");
		return;
	}
	buffer_append_text(out, words[coding->state]);
	words_append_size(out, (int64_t)decoded.len);
}
