#include "tui/demo_mail.h"

#include <string.h>

#include "common/json_lexer.h"

#define HOUR_MS (3600 * 1000)

const struct demo_sender_data demo_senders[] = {
	{"dropspace", "Dropspace", "ds-webhook-secret-4f1c9a"},
	{"dragdropdo", "D3", "d3-webhook-secret-77e0b2"},
	{"drop-cowboy", "Drop Cowboy", "dc-webhook-secret-19ad53"},
	{"postpress", "postpress", "pp-header-secret-c2f6e8"},
	{"blackspace", "Blackspace", "bs-webhook-secret-8be431"},
	{"stripe", "Stripe", "whsec_9c41de2a77"},
	{"github", "GitHub", "gh-webhook-secret-5d0e3f"},
};
const size_t demo_sender_count = sizeof demo_senders / sizeof *demo_senders;

#define LAUNCH                                                                                     \
	"{\"id\":\"evt_01\",\"type\":\"launch.published\",\"created_at\":\"2026-11-20T09:30:00Z\","    \
	"\"data\":{\"launch_id\":\"lch_8841\",\"title\":\"Caf\xc3\xa9 opening \xf0\x9f\x9a\x80\","     \
	"\"platforms\":[\"linkedin\",\"x\"]}}"
#define LAUNCH_FAILED                                                                              \
	"{\"id\":\"evt_02\",\"type\":\"launch.failed\",\"created_at\":\"2026-11-20T09:31:00Z\","       \
	"\"data\":{\"launch_id\":\"lch_8842\",\"reason\":\"media too large\"}}"
#define OPERATION                                                                                  \
	"{\"event\":\"operation.completed\",\"timestamp\":\"2026-11-20T10:00:00Z\","                   \
	"\"data\":{\"main_task_id\":\"task_5521\",\"files\":9007199254740993,\"status\":"              \
	"\"completed\"}}"
#define OPERATION_FAILED                                                                           \
	"{\"event\":\"operation.failed\",\"timestamp\":\"2026-11-20T10:02:00Z\","                      \
	"\"data\":{\"main_task_id\":\"task_5522\",\"refund\":{\"amount\":null}}}"
#define DELIVERED                                                                                  \
	"{\"type\":\"message.delivered\",\"data\":{\"message_id\":\"msg_301\",\"to\":\"+15550100\"}}"
#define OPTED_OUT                                                                                  \
	"{\"type\":\"contact.opted_out\",\"data\":{\"contact_id\":\"con_77\",\"phone\":\"+15550101\"}" \
	"}"
#define REPLY                                                                                      \
	"{\"event\":\"message_received\",\"source\":\"messaging\","                                    \
	"\"message\":{\"id\":\"m_9\",\"text\":\"Is it still for sale?\"}}"
#define POST                                                                                       \
	"{\"type\":\"post.published\",\"timestamp\":\"2026-11-20T14:30:00Z\","                         \
	"\"data\":{\"post_id\":\"post_abc123\",\"platforms\":[\"instagram\",\"x\"]}}"
#define ANALYTICS                                                                                  \
	"{\n  \"type\": \"analytics.updated\",\n  \"timestamp\": \"2026-11-20T15:00:00Z\",\n"          \
	"  \"data\": { \"post_id\": \"post_abc123\", \"metrics\": { \"views\": 5420 } }\n}"

#define CHARGE                                                                                     \
	"{\"id\":\"evt_1Q\",\"object\":\"event\",\"type\":\"charge.succeeded\","                       \
	"\"data\":{\"object\":{\"id\":\"ch_3Q\",\"amount\":1999,\"currency\":\"eur\"}}}"

#define PUSH                                                                                       \
	"{\"ref\":\"refs/heads/main\",\"repository\":{\"full_name\":\"acme/shop\"},"                   \
	"\"commits\":[]}"

const struct demo_mail demo_mails[] = {
	{"dropspace", "launch.published", LAUNCH, MISHAP_NONE, "rightly signed", VERDICT_VALID, 200},
	{"dropspace", "launch.failed", LAUNCH_FAILED, MISHAP_WRONG_SECRET, "signed with another secret",
		VERDICT_INVALID, 401},
	{"dragdropdo", "operation.completed", OPERATION, MISHAP_NONE, "rightly signed", VERDICT_VALID,
		200},
	{"dragdropdo", "operation.failed", OPERATION_FAILED, MISHAP_NONE,
		"rightly signed; the app has a bug", VERDICT_VALID, 500},
	{"drop-cowboy", "message.delivered", DELIVERED, MISHAP_NONE, "rightly signed", VERDICT_VALID,
		200},
	{"drop-cowboy", "contact.opted_out", OPTED_OUT, MISHAP_TAMPERED, "body changed on its way",
		VERDICT_INVALID, 401},
	{"postpress", "message_received", REPLY, MISHAP_NONE, "right token", VERDICT_VALID, 200},
	{"postpress", "message_received", REPLY, MISHAP_UNSIGNED, "token missing", VERDICT_UNSIGNED,
		401},
	{"blackspace", "post.published", POST, MISHAP_NONE, "rightly signed", VERDICT_VALID, 200},
	{"blackspace", "analytics.updated", ANALYTICS, MISHAP_RESERIALISED,
		"signed over JSON.stringify", VERDICT_RESERIALISED, 200},
	{"stripe", "charge.succeeded", CHARGE, MISHAP_LATE, "signed an hour ago", VERDICT_EXPIRED, 401},
	{"github", "push", PUSH, MISHAP_UNSIGNED, "signature missing", VERDICT_UNSIGNED, 401,
		"X-GitHub-Event: push"},
};
const size_t demo_mail_count = sizeof demo_mails / sizeof *demo_mails;

static void append_line(struct buffer *head, const char *name, const char *value) {
	buffer_printf(head, "%s: %s\r\n", name, value);
}

static bool sign(struct buffer *lines, const struct demo_mail *mail, struct keyring *keyring,
	struct span signed_body, int64_t now_ms, struct error *err) {
	static const char head[] = "POST / HTTP/1.1\r\nHost: localhost\r\n\r\n";
	struct message message = {0};
	int64_t at_ms = mail->mishap == MISHAP_LATE ? now_ms - HOUR_MS : now_ms;
	struct sign_options options = {.now_ms = at_ms, .made_id = span_text("evt_demo")};
	bool ok = message_parse(&message, span_text(head), signed_body, err) &&
	          signature_sign(keyring, &message, &options, lines, err);
	message_clear(&message);
	return ok || error_prefix(err, "sign as %s", mail->provider);
}

bool demo_mail_build(struct buffer *head, struct buffer *body, const char *endpoint,
	const struct demo_mail *mail, struct keyring *right, struct keyring *wrong, int64_t now_ms,
	struct error *err) {
	struct buffer lines = {0}, text = {0};
	struct span signed_body = span_text(mail->body);
	if (mail->mishap == MISHAP_RESERIALISED && json_stringify(&text, signed_body)) {
		signed_body = buffer_span(&text);
	}
	struct keyring *keyring = mail->mishap == MISHAP_WRONG_SECRET ? wrong : right;
	bool ok =
		mail->mishap == MISHAP_UNSIGNED || sign(&lines, mail, keyring, signed_body, now_ms, err);
	buffer_append_text(body, mail->body);
	if (mail->mishap == MISHAP_TAMPERED) {
		body->data[body->len - 4] ^= 1;
	}
	buffer_printf(head, "POST /e/%s/%s HTTP/1.1\r\n", endpoint, mail->provider);
	append_line(head, "Host", "hooks.example.com");
	append_line(head, "User-Agent", mail->provider);
	append_line(head, "Content-Type", "application/json");
	if (mail->header) {
		buffer_printf(head, "%s\r\n", mail->header);
	}
	buffer_append_span(head, buffer_span(&lines));
	buffer_printf(head, "Content-Length: %zu\r\n\r\n", body->len);
	buffer_clear(&lines);
	buffer_clear(&text);
	return ok;
}

struct keyring *demo_sender_keyring(const struct catalogue *catalogue,
	const struct demo_sender_data *sender, const char *secret, struct error *err) {
	const struct provider *provider = catalogue_find(catalogue, sender->provider, err);
	struct keyring *keyring = provider ? keyring_new(provider, NULL, 0, err) : NULL;
	if (keyring &&
		!keyring_add(keyring, "demo", span_text(secret ? secret : sender->secret), err)) {
		keyring_free(keyring);
		return NULL;
	}
	return keyring;
}
