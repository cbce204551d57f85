/* Secrets: another one, the same one badly copied, or made into a key in another way. */
#include <openssl/crypto.h>
#include <string.h>

#include "common/signature/encoding.h"
#include "common/signature/explain_search.h"

/* A prefix such as "whsec_" ends within so many bytes. */
#define PREFIX_MOST 16

/* Appends the changed secret; false: it does not apply. */
typedef bool alter_fn(struct buffer *out, struct span secret);

static void wipe(struct buffer *buffer) {
	if (buffer->data) {
		OPENSSL_cleanse(buffer->data, buffer->capacity);
	}
	buffer_clear(buffer);
}

static bool is_blank(char byte) {
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static bool without_line_end(struct buffer *out, struct span secret) {
	size_t len = secret.len;
	while (len > 0 && (secret.data[len - 1] == '\n' || secret.data[len - 1] == '\r')) {
		len--;
	}
	buffer_append(out, secret.data, len);
	return len < secret.len;
}

static bool without_blanks(struct buffer *out, struct span secret) {
	size_t from = 0, to = secret.len;
	while (from < to && is_blank(secret.data[from])) {
		from++;
	}
	while (to > from && is_blank(secret.data[to - 1])) {
		to--;
	}
	buffer_append(out, secret.data + from, to - from);
	return to - from < secret.len;
}

static bool without_quotes(struct buffer *out, struct span secret) {
	if (secret.len < 3 || !strchr("\"'`", secret.data[0]) ||
		secret.data[secret.len - 1] != secret.data[0]) {
		return false;
	}
	buffer_append(out, secret.data + 1, secret.len - 2);
	return true;
}

static bool with_line_end(struct buffer *out, struct span secret) {
	buffer_append_span(out, secret);
	buffer_append_byte(out, '\n');
	return true;
}

static bool with_quotes(struct buffer *out, struct span secret) {
	buffer_append_byte(out, '"');
	buffer_append_span(out, secret);
	buffer_append_byte(out, '"');
	return true;
}

static bool as_it_is(struct buffer *out, struct span secret) {
	buffer_append_span(out, secret);
	return true;
}

/* "whsec_abc" -> "abc", "v1,whsec_abc" -> "abc" */
static size_t prefix_len(struct span secret) {
	size_t most = secret.len < PREFIX_MOST ? secret.len : PREFIX_MOST, found = 0;
	for (size_t i = 0; i < most; i++) {
		if (secret.data[i] == '_' || secret.data[i] == ',' || secret.data[i] == ':') {
			found = i + 1;
		}
	}
	return found < secret.len ? found : 0;
}

static bool without_prefix(struct buffer *out, struct span secret) {
	size_t prefix = prefix_len(secret);
	buffer_append_span(out, span_after(secret, prefix));
	return prefix > 0;
}

static bool decoded_base64(struct buffer *out, struct span secret) {
	return encoding_decode(out, ENCODING_BASE64, secret) ||
	       encoding_decode(out, ENCODING_BASE64URL, secret);
}

static bool decoded_hex(struct buffer *out, struct span secret) {
	return encoding_decode(out, ENCODING_HEX, secret);
}

static bool decoded_base64_behind(struct buffer *out, struct span secret) {
	size_t prefix = prefix_len(secret);
	return prefix > 0 && decoded_base64(out, span_after(secret, prefix));
}

static bool decoded_hex_behind(struct buffer *out, struct span secret) {
	size_t prefix = prefix_len(secret);
	return prefix > 0 && decoded_hex(out, span_after(secret, prefix));
}

/* How a secret may be wrong; `raw`: the result is the key itself, without the steps of the recipe. */
static const struct alteration {
	enum explain_cause cause, cause_decoding; /* the second where the recipe decodes */
	bool raw;
	alter_fn *alter;
	const char *words;
} alterations[] = {
	{EXPLAIN_SECRET_LINE_END, EXPLAIN_SECRET_LINE_END, false, without_line_end,
		"the secret that is kept has a line end behind it; without it the signature is right"},
	{EXPLAIN_SECRET_BLANKS, EXPLAIN_SECRET_BLANKS, false, without_blanks,
		"the secret that is kept has blanks around it; without them the signature is right"},
	{EXPLAIN_SECRET_QUOTES, EXPLAIN_SECRET_QUOTES, false, without_quotes,
		"the secret that is kept has quotes around it; without them the signature is right"},
	{EXPLAIN_SECRET_LINE_END, EXPLAIN_SECRET_LINE_END, true, with_line_end,
		"the sender signs with a line end behind the secret"},
	{EXPLAIN_SECRET_QUOTES, EXPLAIN_SECRET_QUOTES, true, with_quotes,
		"the sender signs with quotes around the secret"},
	{EXPLAIN_SECRET_PREFIX, EXPLAIN_SECRET_DECODED, true, as_it_is,
		"the sender signs with the secret's text as it stands, prefix and all: it is not to be "
		"decoded or cut"},
	{EXPLAIN_SECRET_PREFIX, EXPLAIN_SECRET_DECODED, true, without_prefix,
		"the sender signs with the text of the secret behind its prefix, not decoded"},
	{EXPLAIN_SECRET_BASE64, EXPLAIN_SECRET_BASE64, true, decoded_base64,
		"the sender signs with what the secret is once decoded from base64"},
	{EXPLAIN_SECRET_BASE64, EXPLAIN_SECRET_BASE64, true, decoded_base64_behind,
		"the sender signs with what the secret behind its prefix is once decoded from base64"},
	{EXPLAIN_SECRET_HEX, EXPLAIN_SECRET_HEX, true, decoded_hex,
		"the sender signs with what the secret is once decoded from hexadecimal"},
	{EXPLAIN_SECRET_HEX, EXPLAIN_SECRET_HEX, true, decoded_hex_behind,
		"the sender signs with what the secret behind its prefix is once decoded from hexadecimal"},
};
#define ALTERATIONS (sizeof alterations / sizeof *alterations)

/* The provider with keys made of secrets as they are. In the arena. */
static const struct provider *without_steps(struct search *search) {
	const struct provider *provider = search->input->provider;
	struct provider *copy = arena_zero(&search->arena, 1, sizeof *copy);
	struct recipe *recipes =
		arena_zero(&search->arena, provider->recipe_count + 1, sizeof *recipes);
	*copy = *provider;
	copy->recipes = recipes;
	for (size_t i = 0; i < provider->recipe_count; i++) {
		recipes[i] = provider->recipes[i];
		recipes[i].key_op_count = 0;
	}
	return copy;
}

static bool decodes(const struct provider *provider) {
	for (size_t i = 0; i < provider->recipe_count; i++) {
		for (size_t n = 0; n < provider->recipes[i].key_op_count; n++) {
			enum key_op_kind kind = provider->recipes[i].key_ops[n].kind;
			if (kind == KEY_BASE64 || kind == KEY_HEX) {
				return true;
			}
		}
	}
	return false;
}

static void add_altered(struct search *search, struct keyring *keyring, alter_fn *alter) {
	struct error unfit;
	for (size_t i = 0; i < search->input->secret_count; i++) {
		const struct explain_secret *secret = &search->input->secrets[i];
		struct buffer altered = {0};
		buffer_reserve(&altered, secret->value.len + 8); /* so that growing leaves no copy behind */
		if (alter(&altered, secret->value)) {
			keyring_add(keyring, secret->label, buffer_span(&altered), &unfit);
		}
		wipe(&altered);
	}
}

static void add_others(struct search *search, struct keyring *keyring) {
	struct error unfit;
	for (size_t i = 0; i < search->input->other_count; i++) {
		const struct explain_secret *secret = &search->input->others[i];
		keyring_add(keyring, secret->label, secret->value, &unfit);
	}
}

static struct keyring *empty(struct search *search, bool raw) {
	struct error unfit;
	return keyring_new(raw ? without_steps(search) : search->input->provider,
		search->input->parameters, search->input->parameter_count, &unfit);
}

static bool try_others(struct search *search) {
	char labels[120];
	struct keyring *keyring = empty(search, false);
	struct judgement judgement = {0};
	if (!keyring) {
		return false;
	}
	add_others(search, keyring);
	search_labels(search, labels, sizeof labels);
	bool found = keyring_count(keyring) > 0 &&
	             search_accepts(search, keyring, search->input->message, &judgement) &&
	             search_try(search, &(struct change){EXPLAIN_OTHER_SECRET, keyring, NULL},
					 "the signature is made with the secret %s%s%s", judgement.secret,
					 *labels ? ", not with " : "", labels);
	keyring_free(keyring);
	return found;
}

static bool try_alteration(struct search *search, const struct alteration *alteration) {
	bool decoding = decodes(search->input->provider);
	struct keyring *keyring = empty(search, alteration->raw);
	if (!keyring) {
		return false;
	}
	add_altered(search, keyring, alteration->alter);
	struct change change = {
		decoding ? alteration->cause_decoding : alteration->cause, keyring, NULL};
	bool found = keyring_count(keyring) > 0 && search_try(search, &change, "%s", alteration->words);
	keyring_free(keyring);
	return found;
}

bool explain_secrets(struct search *search) {
	if (search->input->other_count > 0) {
		search_note(search, "other secrets");
	}
	if (try_others(search)) {
		return true;
	}
	if (search->input->secret_count > 0) {
		search_note(search, "the secret copied or decoded otherwise");
	}
	for (size_t i = 0; i < ALTERATIONS; i++) {
		if (try_alteration(search, &alterations[i])) {
			return true;
		}
	}
	return false;
}

bool explain_suspects(struct search *search) {
	struct keyring *keyring = empty(search, false);
	if (!keyring) {
		return false;
	}
	add_others(search, keyring);
	add_altered(search, keyring, without_line_end);
	add_altered(search, keyring, without_quotes);
	bool found = false;
	if (keyring_count(keyring) > 0) {
		search_note(search, "a changed body with those secrets");
		found = explain_bodies(search, keyring,
			"the secret is another one, or copied with something around it, and ", true);
	}
	keyring_free(keyring);
	return found;
}
