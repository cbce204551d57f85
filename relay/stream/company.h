/* A relay that was started for its clients ends with the last of them, unless it was asked to stay. */
#pragma once

#include <libwebsockets.h>
#include <stdbool.h>
#include <stdint.h>

struct stream;

/* Part of the stream. Without `deserted` the relay does not end with its clients. */
struct company {
	void (*deserted)(void *data);
	void *data;
	int64_t alone_ms; /* how long nobody may be there after the last one left */
	bool stay;        /* somebody asked for it */
	bool joined;      /* somebody was there */
	bool
		silent; /* the last one who left fell silent before: suspended, perhaps, and to come back */
	lws_sorted_usec_list_t timer;
};

/* The stream listens: nobody is there yet. */
void company_begin(struct stream *stream);
/* A client came, after it was counted; or left, `silent_us` after it was heard last. */
void company_joined(struct stream *stream);
void company_left(struct stream *stream, int64_t silent_us);
/* Nothing is called any more. */
void company_end(struct stream *stream);
