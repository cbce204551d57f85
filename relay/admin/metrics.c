#include "relay/admin/metrics.h"

#include <stdio.h>
#include <time.h>

#include "relay/certificate.h"
#include "relay/stream/lag.h"
#include "relay/stream/retries.h"

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

/* A label's value: backslash, quote and line end are escaped, as the format asks for. */
static void append_label(struct buffer *out, const char *name, struct span value) {
	buffer_printf(out, "%s=\"", name);
	for (size_t i = 0; i < value.len; i++) {
		char byte = value.data[i];
		if (byte == '\n') {
			buffer_append_text(out, "\\n");
			continue;
		}
		if (byte == '"' || byte == '\\') {
			buffer_append_byte(out, '\\');
		}
		buffer_append_byte(out, byte);
	}
	buffer_append_byte(out, '"');
}

/* An endpoint that was removed while we count for it has no name any more. */
static void append_endpoint(struct buffer *out, const struct metrics_sources *sources, int64_t id) {
	const struct endpoint *endpoint = endpoints_find_id(sources->endpoints, id);
	append_label(out, "endpoint", endpoint ? endpoint_name(endpoint) : span_text("(removed)"));
}

static void append_event_count(struct buffer *out, const char *name,
	const struct metrics_sources *sources, const struct event_count *event) {
	buffer_printf(out, "%s{", name);
	append_endpoint(out, sources, event->endpoint);
	buffer_append_byte(out, ',');
	append_label(out, "provider", span_text(event->provider));
	buffer_append_byte(out, ',');
	append_label(out, "verdict", span_text(verdict_name(event->verdict)));
	buffer_printf(out, "} %lld\n", (long long)event->count);
}

static void append_events(struct buffer *out, const struct metrics_sources *sources) {
	const char *name = "hookline_events_received_total";
	const struct ingest_counts *counts = ingest_counts(sources->ingest);
	family(out, name, "counter", "Webhooks stored and answered.");
	for (size_t i = 0; i < EVENT_COUNTS; i++) {
		const struct event_count *event = &counts->events[i];
		if (event->count > 0) {
			append_event_count(out, name, sources, event);
		}
	}
	if (counts->other > 0) {
		buffer_printf(out, "%s{endpoint=\"(other)\",provider=\"\",verdict=\"\"} %lld\n", name,
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
	gauge(out, "hookline_ingest_waiting", "Senders that wait for an app or a delay.",
		waiting_counts(sources->waiting).now);
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

static void append_lag(struct buffer *out, const struct hub *hub) {
	const char *name = "hookline_screen_lag_entries";
	struct lag lag = lag_of(hub);
	family(out, name, "summary", "Entries that those who follow have not been sent yet.");
	buffer_printf(out, "%s{quantile=\"0.5\"} %lld\n%s{quantile=\"0.9\"} %lld\n", name,
		(long long)lag.half, name, (long long)lag.most_of_ten);
	buffer_printf(out, "%s{quantile=\"1\"} %lld\n", name, (long long)lag.worst);
}

static void append_stream(struct buffer *out, const struct metrics_sources *sources) {
	if (!sources->stream) {
		return;
	}
	struct stream_state state = stream_state(sources->stream);
	gauge(out, "hookline_screens", "Screens and commands connected now.", state.sessions);
	append_lag(out, sources->hub);
	counter(out, "hookline_stream_refused_total", "Handshakes refused.", state.refused);
	counter(out, "hookline_stream_cut_total", "Clients cut off, too slow.", state.cut);
	counter(out, "hookline_stream_sent_bytes_total", "Bytes sent to clients.", state.sent);
}

/* `count->endpoint` 0: of all that have no place of their own. */
static void append_outcomes(struct buffer *out, const char *name,
	const struct metrics_sources *sources, const struct delivery_count *count) {
	for (int outcome = 0; outcome < OUTCOMES; outcome++) {
		if (count->counts[outcome] == 0) {
			continue;
		}
		buffer_printf(out, "%s{", name);
		if (count->endpoint) {
			append_endpoint(out, sources, count->endpoint);
		} else {
			append_label(out, "endpoint", span_text("(other)"));
		}
		buffer_printf(out, ",outcome=\"%s\"} %lld\n", outcome_name((enum outcome)outcome),
			(long long)count->counts[outcome]);
	}
}

static void append_deliveries(struct buffer *out, const struct metrics_sources *sources) {
	const char *name = "hookline_deliveries_total";
	const struct deliveries *deliveries = sources->deliveries;
	family(out, name, "counter", "Attempts to deliver, by the class of the answer or failed.");
	for (size_t i = 0; i < DELIVERY_ENDPOINTS; i++) {
		append_outcomes(out, name, sources, &deliveries->endpoints[i]);
	}
	append_outcomes(out, name, sources, &deliveries->other);
	histogram(out, "hookline_delivery_seconds", "Attempts that were answered, by the time it took.",
		&deliveries->seconds);
}

static void append_retries(struct buffer *out, const struct metrics_sources *sources) {
	const char *name = "hookline_retries";
	struct timespec now;
	if (!sources->stream) {
		return;
	}
	clock_gettime(CLOCK_REALTIME, &now);
	struct retries_state state = retries_state(
		stream_retries(sources->stream), (int64_t)now.tv_sec * 1000000000 + now.tv_nsec);
	family(out, name, "gauge", "Attempts that are to be made again, by what they wait for.");
	buffer_printf(out, "%s{state=\"waiting\"} %lld\n%s{state=\"due\"} %lld\n", name,
		(long long)state.waiting, name, (long long)state.due);
	buffer_printf(out, "%s{state=\"taken\"} %lld\n%s{state=\"paused\"} %lld\n", name,
		(long long)state.taken, name, (long long)state.paused);
	gauge(out, "hookline_retries_overdue_seconds", "For how long the oldest attempt is due.",
		state.overdue_s);
}

static void append_certificates(struct buffer *out, const struct metrics_sources *sources) {
	static const char *const listeners[METRICS_LISTENERS] = {"ingest", "stream", "admin"};
	const char *name = "hookline_tls_not_after_timestamp_seconds";
	family(out, name, "gauge", "When the certificate file ends, in seconds since 1970.");
	for (size_t i = 0; i < METRICS_LISTENERS; i++) {
		if (sources->certificates[i]) {
			buffer_printf(out, "%s{listener=\"%s\"} %lld\n", name, listeners[i],
				(long long)certificate_not_after(sources->certificates[i]));
		}
	}
}

void metrics_append(struct buffer *out, const struct metrics_sources *sources) {
	append_ingest(out, sources);
	append_store(out, sources->store);
	append_stream(out, sources);
	append_deliveries(out, sources);
	append_retries(out, sources);
	append_certificates(out, sources);
	family(out, "hookline_build_info", "gauge", "What is running.");
	buffer_printf(
		out, "hookline_build_info{version=\"%s\",store=\"sqlite\"} 1\n", HOOKLINE_VERSION);
}
