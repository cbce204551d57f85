/*
 * Something a client asked for that goes on without it: a store that commits, a history that is judged. The client, and
 * the stream itself, may be gone when it is done.
 */
#pragma once

#include <stdint.h>

#include "relay/stream/stream_parts.h"

/* The first member of what is being done; lives until job_end. */
struct job {
	struct stream *stream;   /* NULL: gone */
	struct session *session; /* NULL: gone, or no longer interested */
	uint32_t request;
	size_t bytes; /* held meanwhile */
	struct job *next, **link;
};

/* Counts as an open request of the session until it ends. */
void job_begin(struct job *job, struct session *session, uint32_t request, size_t bytes);
void job_end(struct job *job);

/* The session forgets one of its jobs (0: all of them). False when there is no such job. */
bool jobs_forget(struct session *session, uint32_t request);
/* The stream forgets all. */
void jobs_leave(struct stream *stream);
