#include "common/signature/sign_anew.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

#include "common/header_lines.h"
#include "common/signature/keyring.h"

/* Letters and digits at the end of a secret that are left alone. */
#define SECRET_TAIL 4

void sign_anew_clear(struct sign_anew *anew) {
	buffer_clear(&anew->lines);
	*anew = (struct sign_anew){0};
}

/* --- the head --- */

static const struct header *first_of(const struct message *message, struct span name) {
	for (size_t i = 0; i < message->header_count; i++) {
		if (span_equal_nocase(message->headers[i].name, name)) {
			return &message->headers[i];
		}
	}
	return NULL;
}

static void add_line(struct buffer *out, struct span line) {
	buffer_append_span(out, line);
	buffer_append(out, "\r\n", 2);
}

void sign_anew_head(struct buffer *out, const struct message *message, struct span lines) {
	struct span rest = lines, line;
	size_t start = span_find(message->head, '\n') + 1;
	buffer_append_span(out, (struct span){message->head.data, start});
	for (size_t i = 0; i < message->header_count; i++) {
		const struct header *header = &message->headers[i];
		struct span anew = header_lines_find(lines, header->name);
		if (!anew.data) {
			add_line(out, header->line);
		} else if (header == first_of(message, header->name)) {
			add_line(out, anew);
		}
	}
	while (header_lines_take(&rest, &line)) {
		if (!first_of(message, header_line_name(line))) {
			add_line(out, line);
		}
	}
	buffer_append(out, "\r\n", 2);
}

/* --- another secret --- */

/* The next of its kind: half way round, so that nothing comes back to itself. */
static char turn(char letter) {
	static const char *const kinds[] = {
		"0123456789", "abcdef", "ABCDEF", "ghijklmnopqrstuvwxyz", "GHIJKLMNOPQRSTUVWXYZ"};
	for (size_t i = 0; letter && i < sizeof kinds / sizeof *kinds; i++) {
		const char *at = strchr(kinds[i], letter);
		size_t len = strlen(kinds[i]);
		if (at) {
			return kinds[i][((size_t)(at - kinds[i]) + len / 2) % len];
		}
	}
	return letter;
}

/* Where what is secret begins: behind the last of these marks that has more behind it than a tail. */
static size_t secret_start(struct span secret) {
	size_t start = 0;
	for (size_t i = 0; i + SECRET_TAIL + 1 < secret.len; i++) {
		start = secret.data[i] == '_' || secret.data[i] == ':' ? i + 1 : start;
	}
	return start;
}

void sign_anew_other_secret(struct buffer *out, struct span secret) {
	size_t start = secret_start(secret), end = secret.len;
	end = end > start + SECRET_TAIL ? end - SECRET_TAIL : end;
	for (size_t i = 0; i < secret.len; i++) {
		buffer_append_byte(out, i >= start && i < end ? turn(secret.data[i]) : secret.data[i]);
	}
}

/* A keyring with that secret alone, changed. NULL: none of this form can be made. */
static struct keyring *other_keyring(
	const struct keyring *keyring, const struct plain_secret *secret, struct error *err) {
	size_t count = 0;
	const struct parameter *parameters = keyring_parameters(keyring, &count);
	struct keyring *other = keyring_new(keyring_provider(keyring), parameters, count, err);
	struct buffer value = {0};
	sign_anew_other_secret(&value, secret->value);
	bool ok = other && !span_equal(buffer_span(&value), secret->value) &&
	          keyring_add(other, secret->label, buffer_span(&value), err);
	if (value.data) {
		OPENSSL_cleanse(value.data, value.capacity);
	}
	buffer_clear(&value);
	if (!ok) {
		keyring_free(other);
		error_set(err, ERROR_USAGE, "no other secret of the form of %s can be made", secret->label);
		return NULL;
	}
	return other;
}

/* --- signing --- */

static void find_id_header(const struct keyring *keyring, struct sign_anew *anew) {
	struct span lines = buffer_span(&anew->lines);
	for (size_t i = 0; i < keyring->scheme_count && !anew->id_header[0]; i++) {
		const struct scheme *scheme = &keyring->schemes[i];
		if (scheme->recipe->id_place == PLACE_HEADER && scheme->id_header &&
			header_lines_find(lines, span_text(scheme->id_header)).data) {
			snprintf(anew->id_header, sizeof anew->id_header, "%s", scheme->id_header);
		}
	}
}

static bool judge(struct keyring *keyring, const struct message *message, int64_t now_ms,
	struct sign_anew *anew, struct error *err) {
	struct message made = {0};
	struct buffer head = {0};
	sign_anew_head(&head, message, buffer_span(&anew->lines));
	bool ok = message_parse(&made, buffer_span(&head), message->body, err);
	if (ok) {
		anew->judgement = signature_verify(keyring, &made, now_ms);
	}
	message_clear(&made);
	buffer_clear(&head);
	return ok;
}

bool sign_anew(struct keyring *keyring, const struct message *message,
	const struct sign_anew_order *order, struct sign_anew *anew, struct error *err) {
	struct sign_options options = {
		.now_ms = order->at_ms, .label = order->label, .made_id = order->made_id};
	struct keyring *other =
		order->instead_of ? other_keyring(keyring, order->instead_of, err) : NULL;
	if (order->instead_of && !other) {
		return false;
	}
	bool ok = signature_sign(other ? other : keyring, message, &options, &anew->lines, err) &&
	          judge(keyring, message, order->now_ms, anew, err);
	keyring_free(other);
	if (!ok) {
		sign_anew_clear(anew);
		return false;
	}
	find_id_header(keyring, anew);
	return true;
}
