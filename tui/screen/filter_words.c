#include "tui/screen/filter_words.h"

#include <stdio.h>
#include <string.h>

#include "common/event.h"
#include "common/filter.h"

/* Where the values of a key come from: a list ended by NULL, or what was seen. */
struct key {
	const char *text;
	const char *help;
	const char *const *values;
	int seen; /* enum filter_known_kind; -1: values are not offered from there */
	bool of_attempts;
};

static const char *const verdicts[] = {
	"valid", "invalid", "expired", "unsigned", "unverified", "partial", "reserialised", NULL};
static const char *const statuses[] = {
	"2xx", "3xx", "4xx", "5xx", "200", "404", "500", "503", "none", "failed", NULL};
static const char *const properties[] = {
	"undelivered", "repeat", "received", "edited", "sent", "duplicate", "marked", NULL};
static const char *const methods[] = {"POST", "GET", "PUT", "PATCH", "DELETE", "HEAD", NULL};
static const char *const ages[] = {"<5m", "<1h", "<24h", "<7d", ">1h", ">24h", NULL};
static const char *const sizes[] = {">1k", ">10k", ">100k", ">1M", "<1k", NULL};
static const char *const headers[] = {"content-type", "user-agent", "x-request-id", NULL};
static const char *const causes[] = {"forward", "retry", "replay", "edit", "test", NULL};

static const struct key keys[] = {
	{"provider:", "who sent it, such as stripe", NULL, KNOWN_PROVIDER, false},
	{"type:", "what happened; * stands for anything: charge.*", NULL, KNOWN_TYPE, false},
	{"verdict:", "what its signature is worth", verdicts, -1, false},
	{"status:", "of the last attempt", statuses, -1, false},
	{"endpoint:", "where it came in", NULL, KNOWN_ENDPOINT, false},
	{"is:", "undelivered, repeat, received, edited, sent", properties, -1, false},
	{"duplicate", "the provider delivered it before", NULL, -1, false},
	{"marked", "somebody has marked it", NULL, -1, false},
	{"age:", "since it was received: age:<1h", ages, -1, false},
	{"key:", "something people ask by: key:42, order:42", NULL, -1, false},
	{"since:", "received then or later: 2026-11-21T03:43:41Z", NULL, -1, false},
	{"until:", "received before that moment", NULL, -1, false},
	{"size:", "of the body: size:>10k", sizes, -1, false},
	{"method:", "of the request", methods, -1, false},
	{"path:", "the path handed on: /hooks/*", NULL, -1, false},
	{"header:", "there is one: header:x-id=VALUE", headers, -1, false},
	{"body:", "a text in the body", NULL, -1, false},
	{"body~", "a regular expression fits the body: body~\"id: ?42\"", NULL, -1, false},
	{"path~", "a regular expression fits the path", NULL, -1, false},
	{"type~", "a regular expression fits the type", NULL, -1, false},
	{"target:", "of the attempt: the URL it was sent to; * stands for anything", NULL, -1, true},
	{"cause:", "of the attempt", causes, -1, true},
	{"who:", "of the attempt: who made it; * stands for anything", NULL, -1, true},
};
#define KEY_COUNT (sizeof keys / sizeof *keys)

/* --- the word at the cursor --- */

struct word {
	size_t from;    /* behind blanks, parentheses and ! or - */
	size_t value;   /* behind the key and the last comma; 0: no key yet */
	size_t key_len; /* with its : or ~ */
	bool closed;    /* in quotes, or behind a ~ */
};

static bool begins_word(char byte) {
	return byte == ' ' || byte == '\t' || byte == '(';
}

static struct word find_word(struct span before) {
	struct word word = {0};
	for (size_t i = 0; i < before.len;) {
		char byte = before.data[i];
		size_t quoted = byte == '"' ? filter_quoted_len(span_after(before, i)) : 1;
		word.closed = word.closed || byte == '"';
		i = quoted > 0 ? i + quoted : before.len;
		if (begins_word(byte) || (i == word.from + 1 && (byte == '!' || byte == '-'))) {
			word = (struct word){.from = i};
		} else if ((byte == ':' || byte == '~') && word.value == 0) {
			word.key_len = i - word.from;
			word.value = i;
			word.closed = byte == '~';
		} else if (byte == ',' && word.value > 0) {
			word.value = i;
			word.closed = word.closed && before.data[word.from + word.key_len - 1] == '~';
		}
	}
	return word;
}

/* --- offers --- */

static void offer(
	struct filter_offers *offers, struct span typed, const char *text, const char *help) {
	if (offers->count < FILTER_OFFERS_MAX && span_starts_with(span_text(text), typed)) {
		offers->list[offers->count++] = (struct filter_offer){text, help};
	}
}

/* Those that were seen here; where nothing else is meant, the names that everybody means the same by. */
static void offer_business_keys(
	struct filter_offers *offers, struct span typed, const struct filter_known *known) {
	size_t made = 0;
	for (size_t i = 0; i < known->of[KNOWN_KEY].count; i++) {
		offer(offers, typed, known->of[KNOWN_KEY].values[i], "what people ask by, seen here");
	}
	if (offers->count > 0 || typed.len == 0) {
		return;
	}
	for (size_t i = 0; business_key_names[i] && made < FILTER_NAMES_MAX; i++) {
		char *name = offers->names[made++];
		snprintf(name, sizeof *offers->names, "%s:", business_key_names[i]);
		offer(offers, typed, name, "what people ask by");
	}
}

static void offer_keys(struct filter_offers *offers, struct span typed, bool deliveries) {
	for (size_t i = 0; i < KEY_COUNT; i++) {
		if (deliveries || !keys[i].of_attempts) {
			offer(offers, typed, keys[i].text, keys[i].help);
		}
	}
}

static void offer_values(struct filter_offers *offers, struct span typed, const struct key *key,
	const struct filter_known *known) {
	for (size_t i = 0; key->values && key->values[i]; i++) {
		offer(offers, typed, key->values[i], "");
	}
	for (size_t i = 0; key->seen >= 0 && i < known->of[key->seen].count; i++) {
		offer(offers, typed, known->of[key->seen].values[i], "");
	}
}

static const struct key *find_key(struct span text) {
	for (size_t i = 0; i < KEY_COUNT; i++) {
		if (span_is(text, keys[i].text)) {
			return &keys[i];
		}
	}
	return NULL;
}

void filter_offers_find(struct filter_offers *offers, struct span before, bool deliveries,
	const struct filter_known *known) {
	struct word word = find_word(before);
	*offers = (struct filter_offers){.of_values = word.value > 0};
	offers->from = word.value > 0 ? word.value : word.from;
	struct span typed = span_after(before, offers->from);
	const struct key *key = find_key((struct span){before.data + word.from, word.key_len});
	if (word.closed) {
		return;
	}
	if (word.value == 0) {
		offer_keys(offers, typed, deliveries);
		offer_business_keys(offers, typed, known);
	} else if (key) {
		offer_values(offers, typed, key, known);
	}
	if (offers->count == 1 && span_is(typed, offers->list[0].text)) {
		offers->count = 0; /* it is all there */
	}
}

size_t filter_offers_common(const struct filter_offers *offers) {
	const char *first = offers->count > 0 ? offers->list[0].text : "";
	size_t len = strlen(first);
	for (size_t i = 1; i < offers->count; i++) {
		size_t same = 0;
		while (same < len && first[same] == offers->list[i].text[same]) {
			same++;
		}
		len = same;
	}
	return len;
}
