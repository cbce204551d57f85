#include "common/signature/signature_header.h"

#include <stdio.h>
#include <string.h>

#include "common/signature/encoding.h"

/* Adds a signature if it has the prefix. */
static bool add_signature(
	struct signature_header *header, const struct scheme *scheme, struct span text) {
	struct span prefix = span_text(scheme->prefix);
	bool has = text.len >= prefix.len &&
	           (scheme->recipe->kind == RECIPE_BASIC
					   ? span_equal_nocase((struct span){text.data, prefix.len}, prefix)
					   : span_starts_with(text, prefix));
	if (has && header->count < SIGNATURES_MAX) {
		header->signatures[header->count++] = span_after(text, prefix.len);
	}
	return has;
}

/* What stands beside the signatures. */
static void add_field(struct signature_header *header, const struct scheme *scheme, struct span key,
	struct span value) {
	const struct recipe *recipe = scheme->recipe;
	if (recipe->timestamp.place == PLACE_SIGNATURE && span_is(key, scheme->timestamp)) {
		enum timestamp_repeated repeated = recipe->timestamp.repeated;
		bool again = header->timestamp.data && !span_equal(header->timestamp, value);
		header->differing |= again && repeated == REPEATED_REFUSE;
		header->timestamp = again && repeated == REPEATED_FIRST ? header->timestamp : value;
	}
	if (recipe->id_place == PLACE_SIGNATURE && span_is(key, scheme->id_header)) {
		header->id = value;
	}
}

static void add_pair(
	struct signature_header *header, const struct scheme *scheme, struct span entry) {
	struct span value = entry;
	struct span key = span_cut(&value, scheme->recipe->pair);
	if (key.len == entry.len) {
		return;
	}
	add_field(header, scheme, key, value);
	if (!*scheme->field || span_is(key, scheme->field)) { /* a parameter left empty: any */
		add_signature(header, scheme, value);
	}
}

/* The next item of the list; a value that is no list is one item. */
static struct span next_entry(const struct recipe *recipe, struct span *rest) {
	struct span entry = *rest;
	if (recipe->list) {
		entry = span_cut(rest, recipe->list);
	} else {
		*rest = (struct span){NULL, 0};
	}
	return recipe->list_trim ? span_trim(entry) : entry;
}

struct span signature_header_field(
	const struct scheme *scheme, struct span value, const char *key) {
	struct span found = {NULL, 0};
	while (value.len > 0) {
		struct span entry = next_entry(scheme->recipe, &value), rest = entry;
		struct span name = span_cut(&rest, scheme->recipe->pair);
		if (name.len < entry.len && span_is(name, key)) {
			found = rest;
		}
	}
	return found;
}

static void add_entries(
	struct signature_header *header, const struct scheme *scheme, struct span value) {
	const struct recipe *recipe = scheme->recipe;
	if (recipe->first) {
		add_field(header, scheme, span_text(recipe->first), next_entry(recipe, &value));
	}
	while (value.len > 0) {
		struct span entry = next_entry(recipe, &value);
		if (recipe->pair) {
			add_pair(header, scheme, entry);
		} else if (entry.len > 0) {
			add_signature(header, scheme, entry);
		}
	}
}

/* Whether the value is "t=...,v1=..." and nothing else. */
static bool is_exact(const struct scheme *scheme, struct span value) {
	struct span first = next_entry(scheme->recipe, &value);
	struct span second = next_entry(scheme->recipe, &value);
	return value.len == 0 && span_is(span_cut(&first, scheme->recipe->pair), scheme->timestamp) &&
	       span_is(span_cut(&second, scheme->recipe->pair), scheme->field);
}

bool signature_header_parse(
	struct signature_header *header, const struct scheme *scheme, struct span value, char *reason) {
	header->count = 0;
	header->timestamp = header->id = (struct span){NULL, 0};
	header->differing = false;
	if (value.len == 0) {
		snprintf(reason, VERDICT_REASON_LEN, "%s is empty", scheme->header);
		return false;
	}
	if (scheme->recipe->exact && !is_exact(scheme, value)) {
		snprintf(reason, VERDICT_REASON_LEN, "%s is not one %s and then one %s, and nothing else",
			scheme->header, scheme->timestamp, scheme->field);
		return false;
	}
	add_entries(header, scheme, value);
	if (header->count > 0) {
		return true;
	}
	if (scheme->recipe->pair) {
		snprintf(reason, VERDICT_REASON_LEN, "%s has no %s entry", scheme->header, scheme->field);
	} else {
		snprintf(reason, VERDICT_REASON_LEN, "%s does not begin with %s", scheme->header,
			scheme->prefix);
	}
	return false;
}

/* Which alphabets a character belongs to. */
enum { DIGIT = 1, SMALL_HEX = 2, BIG_HEX = 4, LETTER = 8, MARK = 16, URL_MARK = 32 };

static unsigned classes_of(char byte) {
	if (byte >= '0' && byte <= '9') {
		return DIGIT;
	}
	if (byte >= 'a' && byte <= 'z') {
		return byte <= 'f' ? SMALL_HEX | LETTER : LETTER;
	}
	if (byte >= 'A' && byte <= 'Z') {
		return byte <= 'F' ? BIG_HEX | LETTER : LETTER;
	}
	return byte == '+' || byte == '/' || byte == '=' ? MARK
	       : byte == '-' || byte == '_'              ? URL_MARK
	                                                 : 0;
}

/* Whether every character belongs to one of the alphabets. */
static bool only(struct span text, unsigned alphabets) {
	bool all = true;
	for (size_t i = 0; i < text.len; i++) {
		all &= (classes_of(text.data[i]) & alphabets) != 0;
	}
	return all;
}

static bool check_hex(const struct scheme *scheme, struct span text, char *reason) {
	size_t wanted = encoding_len(ENCODING_HEX, scheme->mac_len);
	bool upper = scheme->encoding == ENCODING_HEX_UPPER;
	if (only(text, DIGIT | (upper ? BIG_HEX : SMALL_HEX)) && text.len == wanted) {
		return true;
	}
	if (only(text, DIGIT | SMALL_HEX | BIG_HEX) && text.len == wanted) {
		snprintf(reason, VERDICT_REASON_LEN,
			"the signature in %s is in %s letters; the provider sends %s hexadecimal digits",
			scheme->header, upper ? "small" : "capital", upper ? "capital" : "small");
	} else if (only(text, DIGIT | SMALL_HEX | BIG_HEX)) {
		snprintf(reason, VERDICT_REASON_LEN,
			"the signature in %s has %zu hexadecimal digits, expected %zu", scheme->header,
			text.len, wanted);
	} else {
		bool base64 = text.len == encoding_len(ENCODING_BASE64, scheme->mac_len) &&
		              only(text, LETTER | DIGIT | MARK);
		snprintf(reason, VERDICT_REASON_LEN, "the signature in %s is not hexadecimal%s",
			scheme->header, base64 ? " (it looks like base64)" : "");
	}
	return false;
}

static bool check_base64(const struct scheme *scheme, struct span text, char *reason) {
	bool url = scheme->encoding == ENCODING_BASE64URL;
	size_t wanted = encoding_len(scheme->encoding, scheme->mac_len);
	bool letters = only(text, LETTER | DIGIT | (url ? URL_MARK : MARK));
	if (letters && text.len == wanted) {
		return true;
	}
	bool hex = scheme->encoding != ENCODING_BASE64_OF_HEX && text.len == 2 * scheme->mac_len &&
	           only(text, DIGIT | SMALL_HEX | BIG_HEX);
	if (letters && !hex) {
		snprintf(reason, VERDICT_REASON_LEN,
			"the signature in %s has %zu characters of base64, expected %zu", scheme->header,
			text.len, wanted);
	} else {
		snprintf(reason, VERDICT_REASON_LEN, "the signature in %s is not %s%s", scheme->header,
			url ? "base64url" : "base64", hex ? " (it looks like hexadecimal)" : "");
	}
	return false;
}

bool signature_header_check_shape(
	const struct scheme *scheme, struct span signature, char *reason) {
	if (!recipe_makes_mac(
			scheme
				->recipe)) { /* of a public key's, length and bytes are checked when it is decoded */
		return true;
	}
	bool hex = scheme->encoding == ENCODING_HEX || scheme->encoding == ENCODING_HEX_UPPER;
	return hex ? check_hex(scheme, signature, reason) : check_base64(scheme, signature, reason);
}
