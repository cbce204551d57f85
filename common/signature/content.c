#include "common/signature/content.h"

#include <stdio.h>
#include <string.h>

#include "common/json_lexer.h"
#include "common/signature/encoding.h"

bool content_covers_body(const struct recipe *recipe) {
	for (size_t i = 0; i < recipe->term_count; i++) {
		if (recipe->terms[i].kind == TERM_BODY) {
			return true;
		}
	}
	return false;
}

bool content_is_reserialised(const struct recipe *recipe) {
	for (size_t i = 0; i < recipe->term_count; i++) {
		for (size_t step = 0; step < recipe->terms[i].step_count; step++) {
			if (recipe->terms[i].steps[step] == STEP_JSON_STRINGIFY) {
				return true;
			}
		}
	}
	return false;
}

/* What the terms of one call are taken from. */
struct source {
	struct keyring *keyring;
	const struct message *message;
	struct span timestamp, id;
};

static struct span nowhere(void) {
	return (struct span){NULL, 0};
}

/* The bytes of a term before its steps; `data` is NULL when it is missing. */
static struct span term_value(const struct source *source, const struct term *term) {
	switch (term->kind) {
	case TERM_LITERAL:
		return span_text(term->text);
	case TERM_BODY:
		return source->message->body.data ? source->message->body : span_text("");
	case TERM_TIMESTAMP:
		return source->timestamp;
	case TERM_ID:
		return source->id;
	case TERM_HEADER:
		return message_header_value(source->message, term->text);
	case TERM_PARAM:
		return span_text(keyring_parameter(source->keyring, term->text));
	}
	return nowhere();
}

static bool may_be_empty(const struct term *term) {
	for (size_t i = 0; i < term->step_count; i++) {
		if (term->steps[i] == STEP_OR_EMPTY) {
			return true;
		}
	}
	return false;
}

static bool is_missing(const struct source *source, const struct term *term) {
	return !term_value(source, term).data && !may_be_empty(term);
}

static void append_lower(struct buffer *out, struct span in) {
	for (size_t i = 0; i < in.len; i++) {
		char byte = in.data[i];
		buffer_append_byte(out, byte >= 'A' && byte <= 'Z' ? (char)(byte + 32) : byte);
	}
}

static void append_digest(
	struct keyring *keyring, enum recipe_hash hash, struct span in, struct buffer *out) {
	unsigned char digest[EVP_MAX_MD_SIZE];
	buffer_append(out, digest, keyring_digest(keyring, hash, in, digest));
}

static bool append_stringified(struct span in, struct buffer *out, char *reason) {
	if (in.len > RESERIALISE_MAX_BYTES) {
		snprintf(reason, VERDICT_REASON_LEN,
			"the body is larger than %d KiB and was not re-serialised to try JSON.stringify of it",
			RESERIALISE_MAX_BYTES / 1024);
		return false;
	}
	if (!json_stringify(out, in)) {
		snprintf(reason, VERDICT_REASON_LEN, "the body is not JSON, which this scheme signs");
		return false;
	}
	return true;
}

static bool apply_step(struct keyring *keyring, enum term_step step, struct span in,
	struct buffer *out, char *reason) {
	switch (step) {
	case STEP_OR_EMPTY:
		buffer_append_span(out, in);
		break;
	case STEP_JSON_STRINGIFY:
		return append_stringified(in, out, reason);
	case STEP_LOWER:
		append_lower(out, in);
		break;
	case STEP_HEX:
		encoding_append(out, ENCODING_HEX, in);
		break;
	case STEP_BASE64:
		encoding_append(out, ENCODING_BASE64, in);
		break;
	case STEP_BASE64URL:
		encoding_append(out, ENCODING_BASE64URL, in);
		break;
	case STEP_MD5:
		append_digest(keyring, HASH_MD5, in, out);
		break;
	case STEP_SHA1:
		append_digest(keyring, HASH_SHA1, in, out);
		break;
	case STEP_SHA256:
		append_digest(keyring, HASH_SHA256, in, out);
		break;
	case STEP_SHA512:
		append_digest(keyring, HASH_SHA512, in, out);
		break;
	}
	return true;
}

/* Appends the term with its steps done to the keyring's scratch; `spare` holds what is between two steps. */
static bool apply_steps(
	struct keyring *keyring, const struct term *term, struct span value, char *reason) {
	for (size_t i = 0; i < term->step_count; i++) {
		bool last = i + 1 == term->step_count;
		struct buffer next = {0}, *out = last ? &keyring->scratch : &next;
		bool ok = apply_step(keyring, term->steps[i], value, out, reason);
		if (!last) {
			buffer_clear(&keyring->spare);
			keyring->spare = next;
			value = buffer_span(&keyring->spare);
		}
		if (!ok) {
			return false;
		}
	}
	return true;
}

static void say_missing(const struct scheme *scheme, const struct term *term, char *reason) {
	const char *header = term->kind == TERM_HEADER ? term->text
	                     : term->kind == TERM_ID   ? scheme->id_header
	                                               : scheme->timestamp;
	snprintf(reason, VERDICT_REASON_LEN, "%s is missing, which is part of what is signed",
		header ? header : "a header");
}

/* Whether a group of the template is left out because one of its terms is missing. */
static bool is_left_out(const struct source *source, const struct recipe *recipe, int group) {
	for (size_t i = 0; group > 0 && i < recipe->term_count; i++) {
		if (recipe->terms[i].group == group && is_missing(source, &recipe->terms[i])) {
			return true;
		}
	}
	return false;
}

bool content_collect(struct keyring *keyring, const struct scheme *scheme,
	const struct message *message, struct span timestamp, struct span id, struct content *content,
	char *reason) {
	struct source source = {keyring, message, timestamp, id};
	const struct recipe *recipe = scheme->recipe;
	size_t made_at[RECIPE_TERMS_MAX]; /* offsets, since the scratch may move while it grows */
	content->count = 0;
	buffer_reset(&keyring->scratch);
	for (size_t i = 0; i < recipe->term_count; i++) {
		const struct term *term = &recipe->terms[i];
		if (is_left_out(&source, recipe, term->group)) {
			continue;
		}
		if (is_missing(&source, term)) {
			say_missing(scheme, term, reason);
			return false;
		}
		struct span value = term_value(&source, term);
		size_t at = made_at[content->count] = keyring->scratch.len;
		if (term->step_count > 0) {
			if (!apply_steps(keyring, term, value, reason)) {
				return false;
			}
			value = (struct span){NULL, keyring->scratch.len - at};
		}
		content->pieces[content->count++] = value;
	}
	for (size_t i = 0; i < content->count; i++) {
		if (!content->pieces[i].data && keyring->scratch.data) {
			content->pieces[i].data = keyring->scratch.data + made_at[i];
		}
	}
	return true;
}

size_t content_mac(
	const struct content *content, EVP_MAC_CTX *mac, unsigned char out[EVP_MAX_MD_SIZE]) {
	if (EVP_MAC_init(mac, NULL, 0, NULL) != 1) {
		return 0;
	}
	for (size_t i = 0; i < content->count; i++) {
		struct span piece = content->pieces[i];
		if (piece.len > 0 &&
			EVP_MAC_update(mac, (const unsigned char *)piece.data, piece.len) != 1) {
			return 0;
		}
	}
	size_t len = 0;
	return EVP_MAC_final(mac, out, &len, EVP_MAX_MD_SIZE) == 1 ? len : 0;
}
