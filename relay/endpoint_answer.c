/* How an endpoint answers: its policy, with what its script has left. */
#include <string.h>
#include <time.h>

#include "relay/endpoint.h"

const struct policy *endpoint_policy(const struct endpoint *endpoint) {
	return &endpoint->keys.settings.answer;
}

int64_t endpoint_now_ms(void) {
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

void endpoint_begin_script(struct endpoint *endpoint) {
	int64_t since_ms = endpoint_policy(endpoint)->script_since_ms;
	if (endpoint->script.since_ms != since_ms) {
		endpoint->script = (struct script_state){.since_ms = since_ms};
	}
}

struct policy_decision endpoint_decide(struct endpoint *endpoint,
	const struct policy_request *request, int64_t app_most_ms, int64_t now_ms) {
	struct script_state before = endpoint->script;
	struct policy_decision decision =
		policy_decide(endpoint_policy(endpoint), &endpoint->script, request, app_most_ms, now_ms);
	if (memcmp(&before, &endpoint->script, sizeof before) != 0) {
		struct buffer state = {0};
		script_state_append_json(&state, &endpoint->script);
		store_set_endpoint_state(endpoint->endpoints->store, endpoint->id, buffer_span(&state));
		buffer_clear(&state);
	}
	return decision;
}
