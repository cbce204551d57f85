/* Answers that are read from the store: events, refusals, endpoints. Only admin.c and api.c include this. */
#pragma once

#include "relay/admin/admin.h"

#define API_PATH "/api/"

/* One request that reads; lives beside its connection. */
struct search {
	const struct admin_sources *sources;
	struct connection *connection;
	struct search *next, **place; /* among those that are reading */
	struct store_read *read;
	struct filter *filter;
	struct buffer out;
	int64_t left;
	bool bytes; /* with head and body */
	bool single;
	bool found;
	bool reads_attempts;
	bool has_attempt;
	bool cut; /* there was more than an answer may hold */
	struct uuid event;
};

/*
 * Answers a request whose path begins with API_PATH, now or later. `searches` is the list of those that are reading.
 */
void api_request(struct search *search, struct search **searches, const struct message *message);
/* Ends a read and answers 503. */
void api_stop(struct search *search);
void api_forget(struct search *search);

/* A JSON object with an error text. */
void api_refuse(struct connection *connection, int status, const char *text);
