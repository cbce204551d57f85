#include "relay/admin/metrics.h"

#include <stdarg.h>
#include <stdio.h>

static void family(struct buffer *out, const char *name, const char *type, const char *help) {
	buffer_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void gauge(struct buffer *out, const char *name, const char *help, int64_t value) {
	family(out, name, "gauge", help);
	buffer_printf(out, "%s %lld\n", name, (long long)value);
}

static void counter(struct buffer *out, const char *name, const char *help, int64_t value) {
	family(out, name, "counter", help);
	buffer_printf(out, "%s %lld\n", name, (long long)value);
}

static void histogram(
	struct buffer *out, const char *name, const char *help, const struct histogram *values) {
	family(out, name, "histogram", help);
	int64_t count = 0;
	for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
		count += values->counts[i];
		buffer_printf(
			out, "%s_bucket{le=\"%.9g\"} %lld\n", name, values->bounds[i], (long long)count);
	}
	count += values->counts[HISTOGRAM_BUCKETS];
	buffer_printf(out, "%s_bucket{le=\"+Inf\"} %lld\n%s_sum %.9g\n%s_count %lld\n", name,
		(long long)count, name, values->sum, name, (long long)count);
}

/* Endpoint names need no escaping: letters, digits, '-', '_' and '.'. */
static void append_events(struct buffer *out, const struct metrics_sources *sources) {
	const char *name = "hookline_events_received_total";
	const struct ingest_counts *counts = ingest_counts(sources->ingest);
	family(out, name, "counter", "Webhooks stored and answered.");
	for (size_t i = 0; i < EVENT_COUNTS; i++) {
		const struct event_count *event = &counts->events[i];
		if (event->count == 0) {
			continue;
		}
		struct endpoint *endpoint = endpoints_find_id(sources->endpoints, event->endpoint);
		struct span endpoint_is = endpoint ? endpoint_name(endpoint) : span_text("removed");
		buffer_printf(out, "%s{endpoint=\"%.*s\",provider=\"%s\",verdict=\"%s\"} %lld\n", name,
			(int)endpoint_is.len, endpoint_is.data, event->provider, verdict_name(event->verdict),
			(long long)event->count);
	}
	if (counts->other > 0) {
		buffer_printf(out, "%s{endpoint=\"other\",provider=\"\",verdict=\"\"} %lld\n", name,
			(long long)counts->other);
	}
}

static void append_refusals(struct buffer *out, const struct ingest_counts *counts) {
	const char *name = "hookline_ingest_refused_total";
	family(out, name, "counter", "Requests and connections refused, by status or cut.");
	for (size_t i = 0; i < REFUSAL_COUNTS && counts->refusals[i].count > 0; i++) {
		long long count = (long long)counts->refusals[i].count;
		if (counts->refusals[i].status == 0) {
			buffer_printf(out, "%s{why=\"cut\"} %lld\n", name, count);
		} else {
			buffer_printf(out, "%s{why=\"%d\"} %lld\n", name, counts->refusals[i].status, count);
		}
	}
}

static void append_ingest(struct buffer *out, const struct metrics_sources *sources) {
	const struct ingest_counts *counts = ingest_counts(sources->ingest);
	append_events(out, sources);
	append_refusals(out, counts);
	counter(out, "hookline_ingest_not_stored_total",
		"Webhooks answered 503 because they could not be stored.", counts->not_stored);
	histogram(out, "hookline_event_body_bytes", "Sizes of bodies.", &counts->body_bytes);
	histogram(
		out, "hookline_ingest_seconds", "From the first byte to the answer.", &counts->seconds);
	struct listener_counts now = listener_counts(ingest_listener(sources->ingest));
	gauge(out, "hookline_ingest_connections", "Connections open now.", now.connections);
	gauge(
		out, "hookline_ingest_buffered_bytes", "Held for requests under way.", now.buffered_bytes);
	counter(out, "hookline_ingest_connections_total", "Connections accepted.", now.accepted);
	counter(out, "hookline_ingest_turned_away_total", "Connections over a limit, ended at once.",
		now.turned_away);
}

static void append_store(struct buffer *out, struct store *store) {
	struct store_state state = store_state(store);
	struct store_backlog backlog = store_backlog(store);
	family(out, "hookline_store_commit_seconds", "summary", "Time of a commit, flush included.");
	buffer_printf(out,
		"hookline_store_commit_seconds_sum %.6f\nhookline_store_commit_seconds_count %lld\n",
		(double)state.commit_us / 1e6, (long long)state.groups);
	family(out, "hookline_store_group_entries", "summary", "Entries in a commit.");
	buffer_printf(out,
		"hookline_store_group_entries_sum %lld\nhookline_store_group_entries_count %lld\n",
		(long long)state.group_entries, (long long)state.groups);
	gauge(out, "hookline_store_bytes", "File and write-ahead log.", state.bytes);
	counter(out, "hookline_store_errors_total", "Commits that failed.", state.errors);
	gauge(out, "hookline_store_backlog_entries", "Waiting for the disk.", backlog.entries);
	gauge(out, "hookline_store_backlog_bytes", "Waiting for the disk.", backlog.bytes);
	gauge(out, "hookline_store_ready", "1 when the last commit went well.", state.ready);
}

static void append_stream(struct buffer *out, const struct stream *stream) {
	if (!stream) {
		return;
	}
	struct stream_state state = stream_state(stream);
	gauge(out, "hookline_screens", "Screens and commands connected now.", state.sessions);
	counter(out, "hookline_stream_refused_total", "Handshakes refused.", state.refused);
	counter(out, "hookline_stream_cut_total", "Clients cut off, too slow.", state.cut);
	counter(out, "hookline_stream_sent_bytes_total", "Bytes sent to clients.", state.sent);
}

void metrics_append(struct buffer *out, const struct metrics_sources *sources) {
	append_ingest(out, sources);
	append_store(out, sources->store);
	append_stream(out, sources->stream);
	family(out, "hookline_build_info", "gauge", "What is running.");
	buffer_printf(
		out, "hookline_build_info{version=\"%s\",store=\"sqlite\"} 1\n", HOOKLINE_VERSION);
}
