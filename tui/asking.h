/* A request of ours that is open: what was asked, who is told, and what is on its way. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/frame.h"
#include "common/frame_query.h"
#include "tui/client.h"

enum asking_kind {
	ASKING_FOLLOW,
	ASKING_LIST,
	ASKING_GET,
	ASKING_STORE,
	ASKING_LEASE,
	ASKING_LEASES,
	ASKING_STANDING,
	ASKING_OTHER
};

/* The newest entry of an endpoint that the receiver has. */
struct seen {
	char endpoint[ENDPOINT_NAME_LEN + 1];
	int64_t seq;
};

struct asking {
	struct asking *next;
	enum asking_kind kind;
	uint32_t id;
	bool sent;
	bool gone;  /* nobody wants to hear of it any more */
	bool bytes; /* entries come with theirs */
	bool all;   /* ASKING_FOLLOW: every endpoint, also those made later */

	struct buffer
		message; /* whole; of ASKING_FOLLOW only what does not change: `{"type":"subscribe",...` */
	struct buffer head, body; /* bytes that follow it */
	bool again; /* ASKING_OTHER: may be asked a second time when the link broke before the answer */
	struct buffer start; /* ASKING_FOLLOW: the members that say where it begins the first time */

	bool resumed; /* ASKING_FOLLOW: the relay has said where it begins; from now on `seen` counts */
	struct buffer store;
	struct seen *seen;
	size_t seen_count;
	int64_t position; /* of the newest entry handed out */

	struct cJSON *entry; /* whose bytes are being collected */
	struct frame_content content;

	struct client_receiver receiver;
	client_stored_fn *stored;
	client_lease_fn *leased;
	client_leases_fn *leases_told;
	client_answer_fn *told; /* ASKING_STANDING */
	client_answer_fn *answered;
	client_progress_fn *progress; /* ASKING_OTHER; NULL: not told */
	void *data;
};

struct asking *asking_new(enum asking_kind kind, uint32_t id);
void asking_free(struct asking *asking);

/* The relay that greeted us has this store: what counts positions of another one begins anew, if it asked for that. */
void asking_meet_store(struct asking *asking, struct span store);
/* Appends the message to send now, resuming where we are. */
void asking_append_message(struct buffer *out, const struct asking *asking);
/* The link is down: what was half received is forgotten. Whether it can be asked again when the link is back. */
bool asking_survives(struct asking *asking);
/* The relay has greeted us again with its `welcome`: a subscription that goes on is told how far it has to. */
void asking_tell_resumed(struct asking *asking, const struct cJSON *welcome);
/* It is over. Tells once. */
void asking_fail(struct asking *asking, const struct error *err);

/*
 * A frame that belongs to it. True: the request is over. False with `err` set: the relay speaks nonsense.
 */
bool asking_take_frame(
	struct asking *asking, struct span type, struct cJSON **object, struct error *err);
bool asking_take_bytes(struct asking *asking, const struct frame_header *header,
	struct span payload, struct error *err);
