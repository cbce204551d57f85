/*
 * Where proofs are carried out: fetches an event, has it signed, sends it as told, runs the user's commands. Each request is kept as
 * an attempt of the cause "test" where a relay is there. Without one, events come from a file and are signed here.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "common/buffer.h"
#include "common/event.h"
#include "common/message.h"
#include "common/signature/sign_anew.h"
#include "tui/client.h"
#include "tui/deliver/deliver.h"

struct lab;

/* `client` NULL: no relay. NULL and `err` when libcurl does not start. */
struct lab *lab_new(uv_loop_t *loop, struct client *client, const struct deliver_options *options,
	struct error *err);
/* Ends what is under way without callbacks; to be called before client_free. NULL is allowed. */
void lab_free(struct lab *lab);

/* An event in hand. All zero is empty. */
struct specimen {
	struct event *event;
	struct buffer head, body;
	struct message message; /* points into them */
	struct keyring
		*keyring; /* of a file: to sign with; borrowed. NULL: the relay signs, or nobody */
	const struct plain_secret *secret; /* that of the keyring; borrowed */
};
void specimen_clear(struct specimen *specimen);
/* Of a file: the bytes are copied. */
bool specimen_from_bytes(
	struct specimen *specimen, struct span head, struct span body, struct error *err);

/* `specimen` is empty and must stay until `fetched` has come. */
typedef void lab_fetched_fn(void *data, const struct error *err);
void lab_fetch(struct lab *lab, const struct event_ref *ref, struct specimen *specimen,
	lab_fetched_fn *fetched, void *data);

/* How an event was signed; valid during the call. */
struct lab_signature {
	bool made;         /* false: it cannot be signed, and is to be sent as received */
	struct span lines; /* header lines with CR LF */
	struct span how;   /* "signed anew with secret live at ...", or why not */
	int64_t at_ms;
	enum verdict verdict;  /* what hookline says of it now */
	const char *id_header; /* of a signed id; "": none */
};
/* `at_ms` 0: now. `wrong_secret`: with one that looks like the right one. `err`: it could not be asked. */
typedef void lab_signed_fn(
	void *data, const struct lab_signature *signature, const struct error *err);
void lab_sign(struct lab *lab, const struct specimen *specimen, int64_t at_ms, bool wrong_secret,
	lab_signed_fn *signed_fn, void *data);

/* One request. Everything is copied. */
struct lab_shot {
	const struct specimen *specimen;
	struct span head, body;            /* what is sent, instead of what was captured */
	struct span how;                   /* what it is, in words for the attempt */
	const struct deliver_fault *fault; /* NULL: none */
};
void lab_send(struct lab *lab, const struct target *target, const struct lab_shot *shot,
	delivered_fn *delivered, void *data);

/* One wait at a time: a new one takes the place of the last. */
void lab_wait(struct lab *lab, int64_t ms, void (*waited)(void *data), void *data);

/* One command at a time. */
struct shell_job_result;
bool lab_run(struct lab *lab, const char *command,
	void (*done)(void *data, const struct shell_job_result *result), void *data, struct error *err);

/* `flushed` once the relay has kept all attempts so far; `err` when it could not keep one. From the loop. */
void lab_flush(struct lab *lab, void (*flushed)(void *data, const struct error *err), void *data);

/* Milliseconds since 1970. */
int64_t lab_now_ms(void);
