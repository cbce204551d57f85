/* What providers ask of an endpoint before they send to it, and what they are told. */
#include "common/signature/handshake.h"

#include <stdio.h>
#include <string.h>

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

static void every_handshake_is_answered_as_its_provider_wants(void **state) {
	(void)state;
	for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
		struct told told = tell(&stories[i], (struct span){0});
		check(&stories[i], &told);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_handshake_is_answered_as_its_provider_wants),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
