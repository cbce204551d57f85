/* A listener on a loop of its own, a handler that does as it is told, and callers who speak to it byte by byte. */
#pragma once

#include "common/buffer.h"
#include "relay/ingest/connection.h"

/* What the handler was given and has not answered. */
#define BED_HELD 8

struct listener_bed {
	uv_loop_t loop;
	uv_timer_t pulse; /* no turn of the loop waits for ever */
	uint64_t since_ms;
	struct lws_context *context;
	struct listener *listener;

	/* what the handler is to do */
	bool hold; /* keep requests for listener_bed_answer; else each is answered 200 at once */
	int refuse_status; /* of every head, when not 0 */
	size_t answer_len; /* of the body of each answer; 0: "METHOD TARGET BODY\n" */

	/* what it saw */
	struct connection *held[BED_HELD];
	size_t held_count;
	int64_t requests, refusals;
	int refused_status;
	char refused_reason[128], refused_line[64], last_request[256];
};

/* Generous limits, for tests to change before listener_bed_make_with. */
struct listener_options listener_bed_options(void);
void listener_bed_make(struct listener_bed *bed);
void listener_bed_make_with(struct listener_bed *bed, struct listener_options options);
void listener_bed_remove(struct listener_bed *bed);

/* One turn of the loop. Fails the test when all turns together took half a minute. */
void listener_bed_turn(struct listener_bed *bed);
/* Answers the request held longest. */
void listener_bed_answer(struct listener_bed *bed);
/* As if so much time had passed in the phase the newest connection is in. */
void listener_bed_pass(struct listener_bed *bed, int64_t ms);

struct caller {
	struct listener_bed *bed;
	int socket;
	bool closed; /* by the other side, in order */
	bool reset;  /* without */
	struct buffer in;
};

/* Comes from 127.0.0.1 through the port. */
struct caller caller_open(struct listener_bed *bed);
/* Comes as if from `address` ("203.0.113.7", "2001:db8::1"). */
struct caller caller_open_from(struct listener_bed *bed, const char *address);
void caller_close(struct caller *caller);
/* As when the machine at the other end dies. */
void caller_reset(struct caller *caller);
void caller_send(struct caller *caller, const char *text);
/* Turns the loop until this has come. */
void caller_receives(struct caller *caller, const char *text);
/* Turns the loop until more than so many bytes have come. */
void caller_takes(struct caller *caller, size_t len);
/* Turns the loop until the other side has ended the connection. */
void caller_is_hung_up_on(struct caller *caller);
/* How often `text` has come so far. */
size_t caller_count(const struct caller *caller, const char *text);

/* Turns the loop until it is so. */
#define UNTIL(bed, condition)                                                                      \
	while (!(condition)) {                                                                         \
		listener_bed_turn(bed);                                                                    \
	}
