/*
 * Judges the history of an endpoint again, slice by slice: a slice is read, judged at the moments its events were
 * received, its changes are written, then comes the next. So neither the loop nor memory is held, however long the
 * history is. Events that arrive meanwhile are judged with the new keys anyway.
 */
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "relay/endpoint.h"
#include "relay/log.h"

#define SLICE_EVENTS 500
#define SLICE_BYTES ((size_t)4 * 1024 * 1024)

struct rejudge {
	struct rejudge *next;
	struct endpoint *endpoint; /* NULL: ended, and only the store still has to answer */
	endpoints_changed_fn *done;
	void *data;
	struct reverification what; /* its filter is ours */
	struct store_read *read;
	int64_t until; /* newer events have been judged with the new keys */
	int64_t after; /* judged up to here */
	int64_t events, changed;
	size_t slice_events, slice_bytes;
	struct verdict_change *changes;
	size_t change_count;
	int64_t
		other_provider; /* position of the newest event of the slice of which another is known now */
	bool is_writing;    /* the store has the changes and will call back */
	struct message message;
	struct description description;
};

static void read_slice(struct rejudge *job);

static void job_free(struct rejudge *job) {
	message_clear(&job->message);
	description_clear(&job->description);
	filter_free(job->what.filter);
	free(job->changes);
	free(job);
}

/* The job is over; the next of the endpoint begins. */
static void finish(struct rejudge *job, const struct error *err) {
	struct endpoint *endpoint = job->endpoint;
	endpoint->first_rejudge = job->next;
	if (job->done) {
		job->done(job->data, job->events, job->changed, err);
	}
	job_free(job);
	if (endpoint->first_rejudge) {
		read_slice(endpoint->first_rejudge);
	}
}

static bool is_another(const struct event *event, const struct description *description) {
	const struct judgement *judgement = &description->judgement;
	const char *provider = description->provider ? description->provider->name : "";
	return event->verdict != judgement->verdict || !span_is(event->reason, judgement->reason) ||
	       !span_is(event->secret, judgement->secret) ||
	       !span_is(event->recipe, description->recipe) ||
	       (*provider && !span_is(event->provider, provider));
}

static void note_change(struct rejudge *job, const struct event *event) {
	struct verdict_change *change = &job->changes[job->change_count++];
	*change = (struct verdict_change){
		.event = event->id,
		.judgement = job->description.judgement,
	};
	memcpy(change->recipe, job->description.recipe, sizeof change->recipe);
	if (job->description.provider && !span_is(event->provider, job->description.provider->name) &&
		event->position > job->other_provider) {
		job->other_provider = event->position;
	}
	if (job->description.provider) {
		strncpy(change->provider, job->description.provider->name, sizeof change->provider - 1);
	}
	job->changed += event->verdict != job->description.judgement.verdict;
}

static bool on_hit(void *data, const struct entry *entry) {
	struct rejudge *job = data;
	const struct event *event = entry->event;
	struct error err = {0};
	job->after = event->seq;
	job->events++;
	job->slice_events++;
	job->slice_bytes += entry->head.len + entry->body.len;
	if (message_parse(&job->message, entry->head, entry->body, &err)) {
		job->message.trailers = entry->trailers;
		endpoint_describe(
			job->endpoint, &job->message, event->received_at_ns / 1000000, &job->description);
		if (job->description.lacks_key && job->endpoint->lacking_after >= event->seq) {
			job->endpoint->lacking_after = event->seq - 1;
		}
		endpoint_confirm(job->endpoint, event, &job->message, &job->description);
		if (is_another(event, &job->description)) {
			note_change(job, event);
		}
	}
	return job->slice_events < SLICE_EVENTS && job->slice_bytes < SLICE_BYTES;
}

static void go_on(struct rejudge *job) {
	if (job->what.progress) {
		job->what.progress(job->data, job->events, job->changed, job->after, job->until);
	}
	read_slice(job);
}

static void on_written(void *data, const struct error *err) {
	struct rejudge *job = data;
	job->is_writing = false;
	if (!job->endpoint) {
		job_free(job);
	} else if (err) {
		finish(job, err);
	} else {
		go_on(job);
	}
}

static void on_slice_read(void *data, const struct error *err) {
	struct rejudge *job = data;
	job->read = NULL;
	if (err || job->slice_events == 0) {
		finish(job, err);
	} else if (job->change_count > 0) {
		job->is_writing = true;
		if (job->other_provider > 0) {
			endpoints_tell_keys(job->endpoint->endpoints, job->other_provider);
		}
		store_set_verdicts(
			job->endpoint->endpoints->store, job->changes, job->change_count, on_written, job);
	} else {
		go_on(job);
	}
}

static void read_slice(struct rejudge *job) {
	job->slice_events = job->slice_bytes = job->change_count = 0;
	job->other_provider = 0;
	struct store_query query = {
		.endpoint = job->endpoint->id,
		.events = true,
		.content = true,
		.after = job->after,
		.before = job->until + 1,
		.limit = SLICE_EVENTS,
		.filter = job->what.filter,
	};
	job->read = store_read(job->endpoint->endpoints->store, &query, on_hit, on_slice_read, job);
}

static void start(struct endpoint *endpoint, int64_t after, const struct reverification *what,
	endpoints_changed_fn *done, void *data) {
	struct rejudge *job = alloc_zero(1, sizeof *job);
	job->endpoint = endpoint;
	job->done = done;
	job->data = data;
	job->what = what ? *what : (struct reverification){0};
	job->until = endpoint->head;
	job->after = after;
	job->changes = alloc_zero(SLICE_EVENTS, sizeof *job->changes);
	struct rejudge **place = &endpoint->first_rejudge;
	while (*place) {
		place = &(*place)->next;
	}
	*place = job;
	if (endpoint->first_rejudge == job) {
		read_slice(job);
	}
}

void rejudge_start(struct endpoint *endpoint, const struct reverification *what,
	endpoints_changed_fn *done, void *data) {
	start(endpoint, 0, what, done, data);
}

/* What tells of verdicts that changed behind an applied configuration. */
struct notice {
	endpoints_judged_fn *judged;
	void *data;
	char name[ENDPOINT_NAME_LEN + 1];
};

static void on_judged(void *data, int64_t events, int64_t changed, const struct error *err) {
	struct notice *notice = data;
	(void)events;
	if (!err && changed > 0) {
		notice->judged(notice->data, span_text(notice->name), changed);
	}
	free(notice);
}

void rejudge_behind(
	struct endpoint *endpoint, int64_t after, endpoints_judged_fn *judged, void *data) {
	if (!judged) {
		start(endpoint, after, NULL, NULL, NULL);
		return;
	}
	struct notice *notice = alloc_zero(1, sizeof *notice);
	notice->judged = judged;
	notice->data = data;
	memcpy(notice->name, endpoint->name, sizeof notice->name);
	start(endpoint, after, NULL, on_judged, notice);
}

void rejudge_stop_all(struct endpoint *endpoint, const struct error *why) {
	struct rejudge *job = endpoint->first_rejudge, *next;
	endpoint->first_rejudge = NULL;
	for (; job; job = next) {
		next = job->next;
		bool writing = job->is_writing;
		if (job->read) {
			store_read_stop(job->read);
		}
		if (job->done) {
			job->done(job->data, job->events, job->changed, why);
		}
		job->endpoint = NULL;
		if (!writing) {
			job_free(job);
		}
	}
}
