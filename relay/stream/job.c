#include "relay/stream/job.h"

#include "relay/stream/session.h"

void job_begin(struct job *job, struct session *session, uint32_t request, size_t bytes) {
	struct stream *stream = session_stream(session);
	*job = (struct job){.stream = stream,
		.session = session,
		.request = request,
		.bytes = bytes,
		.next = stream->jobs,
		.link = &stream->jobs};
	if (job->next) {
		job->next->link = &job->next;
	}
	stream->jobs = job;
	session_job_begins(session, bytes);
}

static void let_go(struct job *job) {
	if (job->session) {
		session_job_ends(job->session, job->bytes);
		job->session = NULL;
	}
}

void job_end(struct job *job) {
	let_go(job);
	if (job->stream) {
		*job->link = job->next;
		if (job->next) {
			job->next->link = job->link;
		}
	}
}

bool jobs_forget(struct session *session, uint32_t request) {
	bool found = false;
	for (struct job *job = session_stream(session)->jobs; job; job = job->next) {
		if (job->session == session && (!request || job->request == request)) {
			let_go(job);
			found = true;
		}
	}
	return found;
}

void jobs_leave(struct stream *stream) {
	while (stream->jobs) {
		struct job *job = stream->jobs;
		let_go(job);
		stream->jobs = job->next;
		job->stream = NULL;
	}
}
