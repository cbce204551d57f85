/*
 * What `hookline demo` and the screen's demo send: webhooks of several providers, as their pages describe them, some
 * wrong on purpose.
 */
#pragma once

#include "common/buffer.h"
#include "common/error.h"
#include "common/signature/provider.h"
#include "common/signature/signature.h"

/* What is done to a webhook on its way. */
enum mishap {
	MISHAP_NONE,
	MISHAP_WRONG_SECRET, /* signed with another secret */
	MISHAP_TAMPERED,     /* the body was changed behind the signature */
	MISHAP_UNSIGNED,     /* the signature is missing */
	MISHAP_LATE,         /* signed an hour ago */
	MISHAP_RESERIALISED, /* signed over JSON.stringify of the body, sent with other white space */
};

struct demo_sender_data {
	const char *provider; /* of `hookline demo` also the name of the endpoint */
	const char *title;
	const char *secret;
};

struct demo_mail {
	const char *provider;
	const char *type; /* what it is about, for the table */
	const char *body;
	enum mishap mishap;
	const char *story;     /* what is told of it */
	enum verdict expected; /* what hookline must say */
	int status;            /* what the app must answer */
	const char *header;    /* one more, "Name: value", or NULL */
};

extern const struct demo_sender_data demo_senders[];
extern const size_t demo_sender_count;
extern const struct demo_mail demo_mails[];
extern const size_t demo_mail_count;

/*
 * Appends the request, split in head and body: POST /e/ENDPOINT/PROVIDER with the headers the provider sends. `wrong` is
 * a keyring with another secret. `now_ms` is signed where a time is signed.
 */
bool demo_mail_build(struct buffer *head, struct buffer *body, const char *endpoint,
	const struct demo_mail *mail, struct keyring *right, struct keyring *wrong, int64_t now_ms,
	struct error *err);

/* For the mails that are signed with another secret. */
#define DEMO_WRONG_SECRET "another-secret-000000"

/* A keyring for one sender, with `secret`, or with its own when that is NULL. NULL and `err`; free with keyring_free. */
struct keyring *demo_sender_keyring(const struct catalogue *catalogue,
	const struct demo_sender_data *sender, const char *secret, struct error *err);
