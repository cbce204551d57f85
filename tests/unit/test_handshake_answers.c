/* What providers ask of an endpoint before they send to it, and what they are told. */
#include "common/signature/handshake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#define SECRET "shhh-it-is-a-test-secret-0001"

/* One request, and how it is answered. */
struct story {
	const char *provider;
	const char *parameter, *value; /* of the endpoint; NULL: none */
	const char *secret;            /* NULL: none */
	const char *head;              /* "GET /?a=b", then header lines with \n */
	const char *request;           /* its body */
	enum verdict verdict;
	int status; /* 0: no handshake */
	const char *type, *header, *body;
	const char *words; /* what is in them; NULL: whatever */
};

struct told {
	const struct handshake *handshake;
	struct handshake_answer answer;
};

static void read_message(
	struct message *message, struct buffer *head, const char *text, struct span body) {
	struct span rest = span_text(text), line = span_cut(&rest, '\n');
	buffer_append_span(head, line);
	buffer_append_text(head, " HTTP/1.1\r\nHost: hooks.example.com\r\n");
	while (rest.len > 0) {
		buffer_append_span(head, span_cut(&rest, '\n'));
		buffer_append_text(head, "\r\n");
	}
	if (body.len > 0) {
		buffer_printf(head, "Content-Length: %zu\r\n", body.len);
	}
	buffer_append_text(head, "\r\n");
	struct error err = {0};
	if (!message_parse(message, buffer_span(head), body, &err)) {
		fail_msg("%s", err.text);
	}
}

static struct keyring *keyring_of(const struct story *story, const struct provider *provider) {
	struct error err = {0};
	struct parameter parameters[2] = {{story->parameter, story->value}};
	size_t count = story->parameter != NULL;
	if (strcmp(story->provider, "ebay") == 0) {
		parameters[count++] =
			(struct parameter){"endpoint_url", "https://hooks.example.com/in/abc123"};
	}
	struct keyring *keyring = keyring_new(provider, parameters, count, &err);
	assert_string_equal(err.text, "");
	if (story->secret && !keyring_add(keyring, "test", span_text(story->secret), &err)) {
		fail_msg("%s: %s", story->provider, err.text);
	}
	return keyring;
}

/* `body` instead of that of the story when it has data. */
static struct told tell(const struct story *story, struct span body) {
	struct catalogue *catalogue = catalogue_new();
	struct error err = {0};
	const struct provider *provider = catalogue_find(catalogue, story->provider, &err);
	assert_string_equal(err.text, "");
	struct message message = {0};
	struct buffer head = {0};
	read_message(&message, &head, story->head,
		body.data ? body : span_text(story->request ? story->request : ""));
	struct told told = {.handshake = handshake_find(provider, &message)};
	if (told.handshake) {
		struct keyring *keyring = keyring_of(story, provider);
		struct judgement judgement = {.verdict = story->verdict};
		handshake_make(provider, told.handshake, keyring, &message, &judgement, &told.answer);
		keyring_free(keyring);
	}
	message_clear(&message);
	buffer_clear(&head);
	catalogue_free(catalogue);
	return told;
}

static void same(const struct story *story, const struct told *told, const char *what,
	const char *got, const char *wanted) {
	if (strcmp(got, wanted) != 0) {
		fail_msg("%s, %s: %s is \"%s\", not \"%s\" (%s)", story->provider, story->head, what, got,
			wanted, told->answer.words);
	}
}

static void has(const struct story *story, const char *text, const char *part) {
	if (part && !strstr(text, part)) {
		fail_msg("%s, %s: \"%s\" has no \"%s\"", story->provider, story->head, text, part);
	}
}

static void check(const struct story *story, struct told *told) {
	struct handshake_answer *answer = &told->answer;
	char got[16], wanted[16];
	snprintf(got, sizeof got, "%d", told->handshake ? answer->status : 0);
	snprintf(wanted, sizeof wanted, "%d", story->status);
	same(story, told, "the status", got, wanted);
	same(story, told, "the type", answer->type ? answer->type : "", story->type ? story->type : "");
	same(story, told, "the body", buffer_text(&answer->body), story->body ? story->body : "");
	has(story, buffer_text(&answer->headers), story->header);
	has(story, buffer_text(&answer->headers),
		answer->body.len > 0 ? "X-Content-Type-Options: nosniff\r\n" : NULL);
	has(story, answer->words, story->words);
	handshake_answer_clear(answer);
}

#include "tests/unit/handshake_stories.h"

static void tell_all(const struct story *all, size_t count) {
	for (size_t i = 0; i < count; i++) {
		struct told told = tell(&all[i], (struct span){0});
		check(&all[i], &told);
	}
}

static void every_handshake_is_answered_as_its_provider_wants(void **state) {
	(void)state;
	tell_all(stories, sizeof stories / sizeof *stories);
}

static void what_is_not_plain_is_refused(void **state) {
	(void)state;
	tell_all(unsafe_stories, sizeof unsafe_stories / sizeof *unsafe_stories);
}

/* {"type":"url_verification","challenge":"aaa..."} */
static int status_of_length(size_t len) {
	struct buffer body = {0};
	buffer_append_text(&body, "{\"type\":\"url_verification\",\"challenge\":\"");
	memset(buffer_reserve(&body, len), 'a', len);
	body.len += len;
	buffer_append_text(&body, "\"}");
	struct story story = {.provider = "slack", .head = "POST /", .verdict = VERDICT_VALID};
	struct told told = tell(&story, buffer_span(&body));
	int status = told.answer.status;
	assert_true(told.answer.body.len <= HANDSHAKE_ECHO_MAX + 20);
	handshake_answer_clear(&told.answer);
	buffer_clear(&body);
	return status;
}

static void a_long_value_is_refused(void **state) {
	(void)state;
	assert_int_equal(status_of_length(HANDSHAKE_ECHO_MAX), 200);
	assert_int_equal(status_of_length(HANDSHAKE_ECHO_MAX + 1), 400);
	assert_int_equal(status_of_length((size_t)1024 * 1024), 400);
}

static const char *provider_told_by(const char *head, const char *body) {
	struct catalogue *catalogue = catalogue_new();
	struct message message = {0};
	struct buffer bytes = {0}, several = {0};
	read_message(&message, &bytes, head, span_text(body));
	const struct provider *provider = handshake_recognise(catalogue, &message, &several);
	assert_int_equal(several.len, 0);
	message_clear(&message);
	buffer_clear(&bytes);
	buffer_clear(&several);
	catalogue_free(catalogue);
	return provider ? provider->name : "";
}

static void a_handshake_that_tells_makes_its_provider_known(void **state) {
	(void)state;
	assert_string_equal(
		provider_told_by("POST /", "{\"type\":\"url_verification\",\"challenge\":\"x\"}"), "slack");
	assert_string_equal(provider_told_by("GET /?crc_token=x", ""), "x-twitter");
	assert_string_equal(provider_told_by("POST /\nX-Hook-Secret: x", ""), "asana");
	assert_string_equal(provider_told_by("POST /?validationToken=x", ""), "microsoft-graph");
	assert_string_equal(provider_told_by("GET /", ""), "");
	assert_string_equal(provider_told_by("HEAD /", ""), "");
	assert_string_equal(provider_told_by("GET /?challenge=x", ""), "");
	assert_string_equal(provider_told_by("POST /", "{\"type\":1}"), "");
}

static struct error secret_of(
	const char *provider, const char *head, const char *body, struct buffer *secret) {
	struct error err = {0};
	struct catalogue *catalogue = catalogue_new();
	struct message message = {0};
	struct buffer bytes = {0};
	read_message(&message, &bytes, head, span_text(body));
	const struct handshake *handshake =
		handshake_find(catalogue_find(catalogue, provider, NULL), &message);
	assert_non_null(handshake);
	handshake_secret(handshake, &message, secret, &err);
	message_clear(&message);
	buffer_clear(&bytes);
	catalogue_free(catalogue);
	return err;
}

static void a_secret_that_came_can_be_kept(void **state) {
	(void)state;
	struct buffer secret = {0};
	assert_string_equal(secret_of("asana", "POST /\nX-Hook-Secret: b537", "", &secret).text, "");
	assert_string_equal(buffer_text(&secret), "b537");
	buffer_reset(&secret);
	assert_string_equal(
		secret_of("notion", "POST /", "{\"verification_token\":\"secret_t\"}", &secret).text, "");
	assert_string_equal(buffer_text(&secret), "secret_t");
	assert_int_equal(secret_of("dropbox", "GET /?challenge=x", "", &secret).code, ERROR_NO);
	buffer_clear(&secret);
}

static void a_secret_that_came_is_not_shown(void **state) {
	(void)state;
	struct story story = {.provider = "asana", .head = "POST /\nX-Hook-Secret: b537207f"};
	struct told told = tell(&story, (struct span){0});
	assert_non_null(strstr(buffer_text(&told.answer.headers), "b537207f"));
	assert_null(strstr(buffer_text(&told.answer.shown), "b537207f"));
	assert_null(strstr(told.answer.words, "b537207f"));
	handshake_answer_clear(&told.answer);
}

static struct error read_file(const char *handshake) {
	char folder[] = "/tmp/hookline-provider.XXXXXX", path[64];
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/acme.yaml", folder);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file, "title: Acme\nhandshake: %s\n", handshake);
	fclose(file);
	struct error err = {0};
	struct catalogue *catalogue = catalogue_new();
	catalogue_load(catalogue, path, &err);
	catalogue_free(catalogue);
	unlink(path);
	rmdir(folder);
	return err;
}

static void a_broken_handshake_is_refused_with_its_place(void **state) {
	(void)state;
	static const struct {
		const char *yaml, *why;
	} broken[] = {
		{"x", "2:12: expected a handshake"},
		{"{answr: {}}", "did you mean \"answer\""},
		{"{answer: {text: a, json: {a: b}}}", "not both"},
		{"{answer: {text: \"{quary:x}\"}}", "expected {header:NAME}"},
		{"{answer: {text: \"{query:x\"}}", "without its '}'"},
		{"{answer: {text: \"{query:}\"}}", "expected {header:NAME}"},
		{"{answer: {text: \"{mac}\"}}", "says what it is made of"},
		{"{mac: {of: \"{mac}\"}, answer: {text: \"{mac}\"}}", "says what it is made of"},
		{"{answer: {header: {A: \"b\\nC: d\"}}}", "plain printable ASCII"},
		{"{answer: {status: 500}}", "500"},
		{"{when: {query: x}}", "expected a list of names"},
		{"{when: {header: [\"a b\"]}}", "2:"},
		{"{tells: true, when: {method: [GET]}}", "more than a method"},
		{"{compare: {value: x}}", "expected {value:"},
		{"{open: {url: x}}", "expected {url:"},
		{"{signed: maybe}", "maybe"},
	};
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
		struct error err = read_file(broken[i].yaml);
		if (err.code != ERROR_CONFIG || !strstr(err.text, broken[i].why)) {
			fail_msg("%s: %s", broken[i].yaml, err.text);
		}
	}
	assert_string_equal(read_file("{when: {query: [x]}, answer: {text: \"{query:x}\"}}").text, "");
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_handshake_is_answered_as_its_provider_wants),
		cmocka_unit_test(what_is_not_plain_is_refused),
		cmocka_unit_test(a_long_value_is_refused),
		cmocka_unit_test(a_handshake_that_tells_makes_its_provider_known),
		cmocka_unit_test(a_secret_that_came_can_be_kept),
		cmocka_unit_test(a_secret_that_came_is_not_shown),
		cmocka_unit_test(a_broken_handshake_is_refused_with_its_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
