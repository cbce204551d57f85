#include "tui/bulk_plan.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/json.h"
#include "common/moment.h"
#include "common/text.h"
#include "common/words.h"

/* "2026-01-01 " in front of a time of day. */
#define DAY_LEN 11

void bulk_plan_take(struct bulk_plan *plan, const struct event *event,
	const struct bulk_facts *facts, int64_t since) {
	const struct bulk_settings again = {.again = true}, once = {.again = false};
	snprintf(plan->last, sizeof plan->last, "%.*s#%" PRId64, (int)event->endpoint.len,
		event->endpoint.data, event->seq);
	if (plan->count++ == 0) {
		snprintf(plan->first, sizeof plan->first, "%s", plan->last);
		plan->oldest_ns = plan->newest_ns = event->received_at_ns;
	}
	plan->oldest_ns =
		event->received_at_ns < plan->oldest_ns ? event->received_at_ns : plan->oldest_ns;
	plan->newest_ns =
		event->received_at_ns > plan->newest_ns ? event->received_at_ns : plan->newest_ns;
	plan->bytes += event->head_len + event->body_len;
	plan->delivered += bulk_choose(&once, facts, since) == BULK_SKIP_DELIVERED;
	enum bulk_choice choice = bulk_choose(&again, facts, since);
	plan->answered += choice == BULK_SKIP_ANSWERED;
	plan->maybe += choice == BULK_ASK && facts->delivered_at == 0;
}

int64_t bulk_plan_to_send(const struct bulk_plan *plan, const struct bulk_settings *settings) {
	return plan->count - plan->answered - plan->maybe - (settings->again ? 0 : plan->delivered);
}

int64_t bulk_plan_estimate_ms(const struct bulk_plan *plan, const struct bulk_settings *settings) {
	int64_t count = bulk_plan_to_send(plan, settings);
	if (count <= 1) {
		return settings->pace.spacing == BULK_AT_ONCE ? -1 : 0;
	}
	switch (settings->pace.spacing) {
	case BULK_AT_ONCE:
		return -1;
	case BULK_RATE:
		return (int64_t)((double)(count - 1) * 1000 / settings->pace.per_s);
	case BULK_ORIGINAL:
		return (int64_t)((double)(plan->newest_ns - plan->oldest_ns) / MOMENT_NS_PER_MS /
						 settings->pace.speed);
	}
	return -1;
}

void bulk_plan_append_span(struct buffer *out, const struct bulk_plan *plan) {
	size_t from = out->len;
	words_append_time(out, plan->oldest_ns, true);
	if (plan->count > 1) {
		struct buffer to = {0};
		words_append_time(&to, plan->newest_ns, true);
		/* the day is not said twice */
		size_t same = memcmp(out->data + from, to.data, DAY_LEN) == 0 ? DAY_LEN : 0;
		buffer_append_text(out, " to ");
		buffer_append_span(out, span_after(buffer_span(&to), same));
		buffer_clear(&to);
		buffer_append_text(out, " (");
		words_append_duration(out, (plan->newest_ns - plan->oldest_ns) / MOMENT_NS_PER_MS);
		buffer_append_byte(out, ')');
	}
}

void bulk_plan_append_estimate(
	struct buffer *out, const struct bulk_plan *plan, const struct bulk_settings *settings) {
	int64_t ms = bulk_plan_estimate_ms(plan, settings);
	if (ms < 0) {
		buffer_append_text(out, "as long as the app takes");
		return;
	}
	buffer_append_text(out, "about ");
	words_append_duration(out, ms);
}

static void append_order(
	struct buffer *out, const struct bulk_plan *plan, const struct bulk_settings *settings) {
	static const char *const words[] = {"oldest first", "newest first", "as named"};
	buffer_printf(out, "  order      %s: %s", words[settings->order], plan->first);
	if (plan->count > 1) {
		buffer_printf(out, "%s%s", plan->count > 2 ? " ... " : ", ", plan->last);
	}
	buffer_append_byte(out, '\n');
}

static void append_skipped(
	struct buffer *out, const struct bulk_plan *plan, const struct bulk_settings *settings) {
	if (plan->answered > 0) {
		buffer_printf(out, "  answered   %" PRId64 " since this replay began: not sent again\n",
			plan->answered);
	}
	if (plan->delivered > 0) {
		buffer_printf(out, "  delivered  %" PRId64 " of them before: %s\n", plan->delivered,
			settings->again ? "sent again" : "skipped (--again sends them, too)");
	}
	if (plan->maybe > 0) {
		buffer_printf(out,
			"  perhaps    %" PRId64 " may have been sent when the run before was cut off\n",
			plan->maybe);
	}
	if (plan->missing > 0) {
		buffer_printf(
			out, "  missing    %" PRId64 " that were named are not there\n", plan->missing);
	}
}

void bulk_plan_append_words(struct buffer *out, const struct bulk_plan *plan,
	const struct bulk_settings *settings, struct span target) {
	int64_t count = bulk_plan_to_send(plan, settings);
	buffer_printf(out, "%" PRId64 " event%s to ", plan->count, plan->count == 1 ? "" : "s");
	text_escape(out, target, TEXT_LINE);
	buffer_append_text(out, "\n  received   ");
	bulk_plan_append_span(out, plan);
	buffer_append_byte(out, '\n');
	append_order(out, plan, settings);
	buffer_printf(out, "  signature  %s\n",
		settings->as_received ? "as received" : "signed anew where a secret is known");
	append_skipped(out, plan, settings);
	buffer_printf(out, "  to send    %" PRId64 " (", count);
	words_append_size(out, plan->bytes);
	buffer_append_text(out, " in all), ");
	bulk_pace_append(out, &settings->pace);
	buffer_printf(out, ", %" PRId64 " at a time%s: ", settings->concurrency,
		settings->stop_on_failure ? ", until one fails" : "");
	bulk_plan_append_estimate(out, plan, settings);
	buffer_append_byte(out, '\n');
}

static void member_moment(struct buffer *out, const char *name, int64_t ns) {
	json_member_name(out, name);
	buffer_append_byte(out, '"');
	moment_append(out, ns);
	buffer_append_byte(out, '"');
}

void bulk_plan_append_json_members(struct buffer *out, const struct bulk_plan *plan,
	const struct bulk_settings *settings, struct span target) {
	json_member_int(out, "events", plan->count);
	json_member_int(out, "to_send", bulk_plan_to_send(plan, settings));
	json_member_int(out, "delivered", plan->delivered);
	json_member_int(out, "answered", plan->answered);
	json_member_int(out, "maybe_sent", plan->maybe);
	json_member_int(out, "missing", plan->missing);
	json_member_int(out, "bytes", plan->bytes);
	json_member_bytes(out, "target_url", target);
	if (plan->count > 0) {
		json_member_text(out, "first", span_text(plan->first));
		json_member_text(out, "last", span_text(plan->last));
		member_moment(out, "received_from", plan->oldest_ns);
		member_moment(out, "received_to", plan->newest_ns);
	}
	bulk_settings_append_json(out, settings);
	int64_t estimate_ms = bulk_plan_estimate_ms(plan, settings);
	if (estimate_ms >= 0) {
		json_member_int(out, "estimate_ms", estimate_ms);
	}
}
