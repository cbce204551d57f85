/* What was signed, as bytes, and the MACs: what came of a change that makes a signature right. */
#include <openssl/crypto.h>
#include <string.h>

#include "common/signature/encoding.h"
#include "common/signature/explain_search.h"
#include "common/signature/received.h"

/* A longer text is not kept. */
#define TEXT_MOST ((size_t)2 * 1024 * 1024)

/* What one scheme makes of a message. Spans point into the message or the keyring. */
struct reading {
	const struct scheme *scheme;
	size_t index;
	struct signature_header header;
	struct content content;
};

static bool read_scheme(
	struct reading *reading, struct keyring *keyring, size_t index, const struct message *message) {
	const struct scheme *scheme = &keyring->schemes[index];
	char reason[VERDICT_REASON_LEN];
	*reading = (struct reading){.scheme = scheme, .index = index};
	return received_read(keyring, scheme, message, &reading->header, &reading->content, reason);
}

/* The first scheme whose signature can be read at all. */
static bool read_message(
	struct reading *reading, struct keyring *keyring, const struct message *message) {
	for (size_t i = 0; i < keyring->scheme_count && i < SEARCH_SCHEMES; i++) {
		if (read_scheme(reading, keyring, i, message)) {
			return true;
		}
	}
	return false;
}

static bool append_text(struct buffer *out, const struct content *content) {
	size_t len = 0;
	for (size_t i = 0; i < content->count; i++) {
		len += content->pieces[i].len;
	}
	if (len > TEXT_MOST) {
		return false;
	}
	buffer_reserve(out, len + 1);
	for (size_t i = 0; i < content->count; i++) {
		buffer_append_span(out, content->pieces[i]);
	}
	return true;
}

static bool holds(const struct buffer *text, struct span secret) {
	for (size_t at = 0; secret.len > 0 && at + secret.len <= text->len; at++) {
		const char *next = memchr(text->data + at, secret.data[0], text->len - at - secret.len + 1);
		if (!next) {
			return false;
		}
		at = (size_t)(next - text->data);
		if (memcmp(next, secret.data, secret.len) == 0) {
			return true;
		}
	}
	return false;
}

/* Some schemes sign a text with the secret in it: that is for nobody. */
static bool tells_secret(const struct search *search, const struct buffer *text) {
	for (size_t i = 0; i < search->input->secret_count; i++) {
		if (holds(text, search->input->secrets[i].value)) {
			return true;
		}
	}
	for (size_t i = 0; i < search->input->other_count; i++) {
		if (holds(text, search->input->others[i].value)) {
			return true;
		}
	}
	return false;
}

static void wipe(struct buffer *buffer) {
	if (buffer->data) {
		OPENSSL_cleanse(buffer->data, buffer->capacity);
	}
	buffer_clear(buffer);
}

/* Finds the one region that differs: between what both begin with and what both end with. */
static void find_difference(struct explanation *out) {
	const struct buffer *a = &out->received_text, *b = &out->signed_text;
	size_t shorter = a->len < b->len ? a->len : b->len, front = 0, back = 0;
	while (front < shorter && a->data[front] == b->data[front]) {
		front++;
	}
	while (back < shorter - front && a->data[a->len - 1 - back] == b->data[b->len - 1 - back]) {
		back++;
	}
	out->differ_at = front;
	out->received_len = a->len - front - back;
	out->signed_len = b->len - front - back;
}

static void compare_texts(
	struct search *search, const struct content *received, const struct content *right) {
	struct explanation *out = search->out;
	bool ok = append_text(&out->received_text, received) && append_text(&out->signed_text, right);
	if (!ok || tells_secret(search, &out->received_text) ||
		tells_secret(search, &out->signed_text)) {
		wipe(&out->received_text);
		wipe(&out->signed_text);
		return;
	}
	find_difference(out);
	if (out->received_len == 0 && out->signed_len == 0) {
		wipe(&out->received_text);
		wipe(&out->signed_text);
	}
}

/* The MAC as it came, and the one the first usable secret makes of what was received. */
static void compare_macs(struct search *search, const struct reading *received) {
	struct explanation *out = search->out;
	struct keyring *keyring = search->keyring;
	buffer_append_span(&out->received_mac, received->header.signatures[0]);
	for (size_t i = 0; i < keyring->secret_count; i++) {
		const struct key *key = &keyring->secrets[i].keys[received->index];
		unsigned char mac[EVP_MAX_MD_SIZE];
		size_t len =
			key->usable ? content_mac(keyring, received->scheme, &received->content, key, mac) : 0;
		if (len > 0) {
			buffer_reserve(&out->expected_mac, 4 * sizeof mac);
			encoding_append(&out->expected_mac, received->scheme->encoding,
				(struct span){(const char *)mac, len});
			OPENSSL_cleanse(mac, sizeof mac);
			return;
		}
	}
}

void explain_compare(
	struct search *search, struct keyring *keyring, const struct message *message) {
	struct reading received, right;
	bool known = read_message(&received, search->keyring, search->input->message);
	if (known) {
		compare_macs(search, &received);
	}
	/* the keyring that is the same has one place for pieces that are made: the received text is copied first */
	if (known && keyring && keyring != search->keyring && read_message(&right, keyring, message)) {
		compare_texts(search, &received.content, &right.content);
	} else if (known && keyring && message) {
		struct keyring *again = search_keyring(search, search->input->provider);
		if (again && read_message(&right, again, message)) {
			compare_texts(search, &received.content, &right.content);
		}
		keyring_free(again);
	}
}
