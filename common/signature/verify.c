#include <stdio.h>
#include <string.h>

#include "common/json_find.h"
#include "common/json_lexer.h"
#include "common/scratch.h"
#include "common/signature/lookup.h"
#include "common/signature/public_judge.h"
#include "common/signature/timestamp.h"
#include "common/signature/trial.h"
#include "common/signature/when.h"

/* Which of several findings counts: any scheme that accepts makes the request valid. */
static int weight(enum verdict verdict) {
	static const int weights[VERDICT_COUNT] = {
		[VERDICT_VALID] = 6,
		[VERDICT_PARTIAL] = 5,
		[VERDICT_RESERIALISED] = 4,
		[VERDICT_EXPIRED] = 3,
		[VERDICT_INVALID] = 2,
		[VERDICT_UNSIGNED] = 1,
		[VERDICT_UNVERIFIED] = 0,
	};
	return weights[verdict];
}

static bool accepts(enum verdict verdict) {
	return weight(verdict) >= weight(VERDICT_RESERIALISED);
}

/* A header that must stand once; several with the same value are as good as one. */
static bool one_header(
	struct trial *trial, const char *name, struct span *value, const char *what) {
	*value = message_header_value(trial->message, name);
	const struct header *again;
	for (size_t nth = 1; (again = message_header(trial->message, name, nth)); nth++) {
		if (!span_equal(again->value, *value)) {
			trial_judge(trial, VERDICT_INVALID,
				"%s stands there several times with different values", name);
			return false;
		}
	}
	if (!value->data || value->len == 0) {
		trial_judge(trial, VERDICT_INVALID, "%s %s, and %s is part of what is signed", name,
			value->data ? "is empty" : "is missing", what);
		return false;
	}
	return true;
}

static bool parse_timestamp(struct trial *trial, struct span text, int64_t *ms) {
	const struct recipe_timestamp *timestamp = &trial->scheme->recipe->timestamp;
	if (timestamp_parse(ms, timestamp->unit, text)) {
		return true;
	}
	if (timestamp->unread) {
		*ms = TIMESTAMP_NOT_THERE;
		return true;
	}
	trial_judge(trial, VERDICT_INVALID, "the timestamp in %s is not %s",
		timestamp->place == PLACE_SIGNATURE ? trial->scheme->header : trial->scheme->timestamp,
		timestamp->unit == UNIT_ISO  ? "a date and time"
		: timestamp->unit == UNIT_MS ? "a plain number of milliseconds"
									 : "a plain number of seconds");
	return false;
}

/* A field beside the signature, which must be there. */
static bool has_field(struct trial *trial, struct span value, const char *name) {
	if (!value.data) {
		trial_judge(trial, VERDICT_INVALID, "%s has no %s entry", trial->scheme->header, name);
	}
	return value.data != NULL;
}

/* The text of the timestamp; `data` stays NULL for one that may be missing and is. */
static bool find_timestamp(
	struct trial *trial, const struct signature_header *header, struct span *text, int64_t *ms) {
	const struct recipe_timestamp *timestamp = &trial->scheme->recipe->timestamp;
	const char *name = trial->scheme->timestamp;
	struct buffer *made = &trial->keyring->moment;
	buffer_reset(made);
	*ms = TIMESTAMP_NOT_THERE;
	if (timestamp->place == PLACE_NONE) {
		return true;
	}
	if (timestamp->optional && timestamp->place != PLACE_SIGNATURE &&
		!lookup_value(trial->message, timestamp->place, name, made).data) {
		return true;
	}
	if (timestamp->place == PLACE_HEADER) {
		if (!one_header(trial, name, text, "the timestamp")) {
			return false;
		}
	} else if (timestamp->place == PLACE_SIGNATURE) {
		*text = header->timestamp;
		if (!has_field(trial, *text, name)) {
			return false;
		}
		if (header->differing) {
			trial_judge(trial, VERDICT_INVALID,
				"%s has several %s entries with different values, which is ambiguous",
				trial->scheme->header, name);
			return false;
		}
	} else {
		buffer_reset(made);
		*text = lookup_value(trial->message, timestamp->place, name, made);
		if (!text->data) {
			trial_judge(trial, VERDICT_INVALID, "%s %s is missing, and the timestamp is judged",
				recipe_places[timestamp->place], name);
			return false;
		}
	}
	return parse_timestamp(trial, *text, ms);
}

static bool find_id(struct trial *trial, const struct signature_header *header, struct span *id) {
	const struct scheme *scheme = trial->scheme;
	if (scheme->recipe->id_place == PLACE_SIGNATURE) {
		*id = header->id;
		return has_field(trial, *id, scheme->id_header);
	}
	return !scheme->id_header || one_header(trial, scheme->id_header, id, "the id");
}

/* Whether at least one signature can be one; else the verdict says what is wrong with the first. */
static bool check_shapes(struct trial *trial, const struct signature_header *header) {
	SCRATCH char reason[VERDICT_REASON_LEN];
	for (size_t i = header->count; i > 0; i--) {
		if (signature_header_check_shape(trial->scheme, header->signatures[i - 1], reason)) {
			return true;
		}
	}
	trial_judge(trial, VERDICT_INVALID, "%s", reason);
	return false;
}

/* Collects one content after the other until a secret makes a signature of it; false when none could be collected. */
static bool try_contents(struct trial *trial, const struct signature_header *header,
	const struct term_source *source, const struct secret **secret) {
	const struct recipe *recipe = trial->scheme->recipe;
	SCRATCH char reason[VERDICT_REASON_LEN];
	bool collected = false;
	*secret = NULL;
	for (size_t i = 0; i <= recipe->alternative_count && !*secret; i++) {
		struct recipe_content template = content_of(recipe, i);
		SCRATCH struct content content;
		if (content_collect(source, &template, &content, reason)) {
			collected = true;
			*secret = trial_find_secret(trial, header, &content);
		}
	}
	if (!collected) {
		trial_judge(trial, VERDICT_INVALID, "%s", reason);
	}
	return collected;
}

static struct public_case public_case_of(const struct trial *trial) {
	return (struct public_case){trial->keyring, trial->scheme_index, trial->message, trial->now_ms};
}

/* The same with a public key: which one it is and whether it is at hand is found out behind the content. */
static void try_public(struct trial *trial, const struct signature_header *header,
	const struct term_source *source, int64_t ms) {
	const struct recipe *recipe = trial->scheme->recipe;
	struct public_case of = public_case_of(trial);
	char reason[VERDICT_REASON_LEN] = "";
	bool right = false;
	for (size_t i = 0; i <= recipe->alternative_count && !right; i++) {
		struct recipe_content template = content_of(recipe, i);
		struct content content;
		if (content_collect(source, &template, &content, reason)) {
			right = signature_judge(&of, header, &content, trial->judgement);
		} else {
			trial_judge(trial, VERDICT_INVALID, "%s", reason);
		}
		if (right) {
			trial_judge_right(trial, ms);
		}
	}
}

/* Judges one value that carries signatures. */
static void try_value(struct trial *trial, struct span value) {
	SCRATCH struct signature_header header;
	struct term_source source = {.keyring = trial->keyring,
		.scheme = trial->scheme,
		.message = trial->message,
		.carrier = value};
	const struct secret *secret = NULL;
	int64_t ms = 0;
	SCRATCH char reason[VERDICT_REASON_LEN];
	if (!signature_header_parse(&header, trial->scheme, value, reason)) {
		trial_judge(trial, VERDICT_INVALID, "%s", reason);
		return;
	}
	if (trial->scheme->recipe->kind == RECIPE_JWT) {
		struct public_case of = public_case_of(trial);
		jwt_judge(&of, header.signatures[0], trial->judgement);
		return;
	}
	if (!find_timestamp(trial, &header, &source.timestamp, &ms) ||
		!find_id(trial, &header, &source.id)) {
		return;
	}
	if (trial->scheme->recipe->kind == RECIPE_SIGNATURE) {
		try_public(trial, &header, &source, ms);
		return;
	}
	if (!try_contents(trial, &header, &source, &secret)) {
		return;
	}
	if (secret) {
		trial_judge_match(trial, secret, ms);
	} else if (check_shapes(trial, &header)) {
		trial_judge_mismatch(trial);
	}
}

/* Tries one more value and keeps the worst of all. The first is judged in place: copies cost as much as the rest. */
static void try_next(struct trial *trial, struct span value, size_t *count) {
	struct judgement *worst = trial->judgement;
	SCRATCH struct judgement one;
	if ((*count)++ == 0) {
		try_value(trial, value);
		return;
	}
	trial_clear(&one);
	trial->judgement = &one;
	try_value(trial, value);
	trial->judgement = worst;
	if (weight(one.verdict) < weight(worst->verdict)) {
		*worst = one;
	}
}

/*
 * Several headers of one name: each is judged, since nobody knows which one a receiver takes; the worst counts, and the
 * reason says that it is ambiguous.
 */
static void try_headers(struct trial *trial, const char *name) {
	const struct header *header;
	size_t count = 0;
	while (count < SIGNATURES_MAX && (header = message_header(trial->message, name, count))) {
		try_next(trial, header->value, &count);
	}
	if (count == 0) {
		trial_judge(trial, VERDICT_UNSIGNED, "there is no %s header", name);
	} else if (count > 1) {
		struct judgement worst = *trial->judgement;
		trial_judge(trial, worst.verdict, "%s stands there %zu times, which is ambiguous: %.120s",
			name, count, worst.reason);
	}
}

/* Headers with a number behind their name, one for each secret: any of them may be right. */
static void try_numbered(struct trial *trial) {
	struct judgement *whole = trial->judgement;
	for (int i = 1; i <= trial->scheme->recipe->numbered && !accepts(whole->verdict); i++) {
		struct judgement one;
		char name[256];
		trial_clear(&one);
		snprintf(name, sizeof name, "%s%d", trial->scheme->header, i);
		trial->judgement = &one;
		try_headers(trial, name);
		if (i == 1 || weight(one.verdict) > weight(whole->verdict)) {
			*whole = one;
		}
	}
	trial->judgement = whole;
}

/* The next element of a list whose '[' has been read; `data` NULL at its end. */
static struct span next_element(struct json_lexer *lexer) {
	struct json_token token = json_lexer_next(lexer);
	token = token.kind == JSON_COMMA ? json_lexer_next(lexer) : token;
	const char *begin = token.text.data;
	int depth = 0;
	while (token.kind != JSON_END && token.kind != JSON_ERROR) {
		depth += token.kind == JSON_OBJECT_BEGIN || token.kind == JSON_ARRAY_BEGIN;
		depth -= token.kind == JSON_OBJECT_END || token.kind == JSON_ARRAY_END;
		if (depth == 0) {
			return (struct span){begin, (size_t)(token.text.data + token.text.len - begin)};
		}
		if (depth < 0) {
			break;
		}
		token = json_lexer_next(lexer);
	}
	return (struct span){NULL, 0};
}

/* A token in every element of a list: the worst counts. */
static void try_elements(struct trial *trial) {
	const struct recipe *recipe = trial->scheme->recipe;
	struct json_lexer lexer;
	struct span list = json_find(trial->message->body, recipe->every), element;
	size_t count = 0;
	json_lexer_init(&lexer, list);
	if (json_lexer_next(&lexer).kind != JSON_ARRAY_BEGIN) {
		trial_judge(trial, VERDICT_INVALID, "the body has no list \"%s\"", recipe->every);
		return;
	}
	while ((element = next_element(&lexer)).data) {
		buffer_reset(&trial->keyring->carrier);
		struct span value =
			lookup_json_text(json_find(element, trial->scheme->header), &trial->keyring->carrier);
		if (!value.data) {
			trial_judge(trial, VERDICT_UNSIGNED, "an element of \"%s\" has no %s", recipe->every,
				trial->scheme->header);
			return;
		}
		try_next(trial, value, &count);
	}
	if (count == 0) {
		trial_judge(trial, VERDICT_INVALID, "the list \"%s\" is empty", recipe->every);
	}
}

static void try_place(struct trial *trial) {
	const struct scheme *scheme = trial->scheme;
	buffer_reset(&trial->keyring->carrier);
	struct span value = lookup_value(
		trial->message, scheme->recipe->place, scheme->header, &trial->keyring->carrier);
	if (value.data) {
		try_value(trial, value);
	} else if (scheme->recipe->place == PLACE_JSON && !json_is_whole(trial->message->body)) {
		trial_judge(trial, VERDICT_INVALID, "the body is not JSON, where the signature stands (%s)",
			scheme->header);
	} else {
		trial_judge(trial, VERDICT_UNSIGNED, "there is no %s in the %s", scheme->header,
			recipe_places[scheme->recipe->place]);
	}
}

static void try_signature(struct trial *trial) {
	const struct recipe *recipe = trial->scheme->recipe;
	if (recipe->kind == RECIPE_HTTP_SIGNATURE) {
		struct public_case of = public_case_of(trial);
		http_judge(&of, trial->judgement);
	} else if (recipe->every) {
		try_elements(trial);
	} else if (recipe->numbered > 0) {
		try_numbered(trial);
	} else if (recipe->place == PLACE_HEADER) {
		try_headers(trial, trial->scheme->header);
	} else {
		try_place(trial);
	}
}

/* Headers without which the scheme does not hold. */
static bool has_needs(struct trial *trial) {
	const struct recipe *recipe = trial->scheme->recipe;
	for (size_t i = 0; i < recipe->need_count; i++) {
		const char *name = keyring_text(trial->keyring, recipe->needs[i].header);
		const char *equals = keyring_text(trial->keyring, recipe->needs[i].equals);
		struct span value = message_header_value(trial->message, name);
		bool wanted = equals && *equals; /* a parameter may be left empty */
		if (value.len == 0 || (wanted && !span_is(value, equals))) {
			trial_judge(trial, VERDICT_INVALID, "%s %s, which this scheme needs", name,
				value.len == 0 ? "is missing" : "has another value than the one expected");
			return false;
		}
	}
	return true;
}

/* Whether the scheme was one for this request: what another one says of it then counts less. */
static bool try_scheme(struct trial *trial) {
	const struct recipe_when *when = &trial->scheme->recipe->when;
	enum when_answer answer = when_asks(trial->keyring, trial->scheme, trial->message);
	trial_clear(trial->judgement);
	if (answer == WHEN_DIFFERS) {
		trial_judge(trial, VERDICT_INVALID, "%s in the %s is not what the signature asks for",
			when->name, recipe_places[when->place]);
	}
	if (answer != WHEN_APPLIES) {
		return false;
	}
	try_signature(trial);
	if (trial->scheme->recipe->need_count > 0 &&
		weight(trial->judgement->verdict) > weight(VERDICT_INVALID)) {
		struct judgement found = *trial->judgement;
		trial->judgement->secret[0] = '\0';
		if (has_needs(trial)) {
			*trial->judgement = found;
		}
	}
	return true;
}

/* An older scheme counts only when none of the newer ones is in the message. */
static bool is_outranked(
	const struct keyring *keyring, const struct scheme *scheme, const struct message *message) {
	for (size_t i = 0; scheme->recipe->legacy && i < keyring->scheme_count; i++) {
		const struct scheme *other = &keyring->schemes[i];
		if (!other->recipe->legacy && other->recipe->place == PLACE_HEADER &&
			message_header(message, other->header, 0)) {
			return true;
		}
	}
	return false;
}

/* No scheme was one for this request. */
static void judge_none(struct trial *trial) {
	trial_judge(trial, VERDICT_INVALID, "no scheme of %s is made for a request like this",
		trial->keyring->provider->title);
}

/* Whether nothing was found out about it. */
static bool says_nothing(const struct judgement *judgement) {
	return judgement->verdict == VERDICT_UNVERIFIED && !*judgement->reason;
}

/* What all schemes together say; `best` is that of the first, which is judged in its place: to copy costs as much as to judge. */
static void try_further(struct trial *trial, struct judgement *best, bool applied) {
	struct keyring *keyring = trial->keyring;
	SCRATCH struct judgement found, lacking;
	trial_clear(&lacking);
	if (best->verdict == VERDICT_UNVERIFIED) {
		lacking = *best;
		trial_clear(best);
	}
	for (size_t i = 1; i < keyring->scheme_count && !accepts(best->verdict); i++) {
		trial->scheme = &keyring->schemes[i];
		trial->scheme_index = i;
		trial->judgement = &found;
		if (is_outranked(keyring, trial->scheme, trial->message)) {
			continue;
		}
		bool applies = try_scheme(trial);
		bool better = applies && !applied && found.verdict != VERDICT_UNVERIFIED;
		if (weight(found.verdict) > weight(best->verdict) ||
			(better && weight(found.verdict) == weight(best->verdict))) {
			*best = found;
			applied = applies;
		} else if (found.verdict == VERDICT_UNVERIFIED && !says_nothing(&found)) {
			lacking = found;
		}
	}
	if (!says_nothing(&lacking) && weight(best->verdict) <= weight(VERDICT_INVALID)) {
		*best = lacking; /* with the key that is not at hand it may be valid */
	}
}

struct judgement signature_verify(
	struct keyring *keyring, const struct message *message, int64_t now_ms) {
	SCRATCH struct judgement best;
	trial_clear(&best);
	struct trial trial = {
		.keyring = keyring, .message = message, .now_ms = now_ms, .judgement = &best};
	buffer_reset(&keyring->missing);
	if (keyring->secret_count == 0 && !keyring_finds_keys(keyring)) {
		trial_judge(&trial, VERDICT_UNVERIFIED,
			keyring->scheme_count == 0 ? "%s does not sign its webhooks"
									   : "no secret for %s is known here",
			keyring->provider->title);
		return best;
	}
	trial.scheme = keyring->schemes;
	bool outranked = is_outranked(keyring, trial.scheme, message);
	bool applies = !outranked && try_scheme(&trial);
	if (!accepts(best.verdict)) {
		try_further(&trial, &best, applies && best.verdict != VERDICT_UNVERIFIED);
	}
	if (says_nothing(&best)) {
		trial.judgement = &best;
		judge_none(&trial);
	}
	return best;
}
