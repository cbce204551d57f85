#include "relay/ingest/policy.h"

static struct policy_decision answer_by(enum answered_by by, int status) {
	return (struct policy_decision){
		.action = POLICY_ANSWER, .by = by, .status = status, .retry_after_ms = -1, .why = ""};
}

/* The answer that was set. */
static struct policy_decision as_set(
	const struct policy *policy, enum answered_by by, const char *why) {
	struct policy_decision decision = answer_by(by, policy->status);
	decision.as_set = true;
	decision.why = why;
	return decision;
}

static struct policy_decision fail(
	const struct script_rule *rule, const struct policy_request *request) {
	struct policy_decision decision = answer_by(ANSWERED_BY_SCRIPT, rule->status);
	decision.retry_after_ms = rule->retry_after_ms;
	if (rule->what == SCRIPT_HANG_UP) {
		decision.action = POLICY_HANG_UP;
		decision.status = 0;
		decision.why = "hung up";
	} else if (rule->what == SCRIPT_DRIP && !request->stopping) {
		decision.action = POLICY_DRIP;
		decision.delay_ms = rule->drip_ms;
		decision.why = "drop by drop";
	}
	return decision;
}

static struct policy_decision answer_fixed(
	const struct policy *policy, const struct policy_request *request) {
	struct policy_decision decision = as_set(policy, ANSWERED_BY_FIXED, "");
	if (policy->delay_ms > 0 && !request->room) {
		decision.why = "not delayed: too many wait already";
	} else if (!request->stopping) {
		decision.delay_ms = policy->delay_ms;
	}
	return decision;
}

static struct policy_decision wait_for_app(
	const struct policy *policy, const struct policy_request *request, int64_t app_most_ms) {
	if (request->stopping) {
		return as_set(policy, ANSWERED_BY_FALLBACK, "the relay is stopping");
	}
	if (!request->forwarded) {
		return as_set(policy, ANSWERED_BY_FALLBACK,
			"no app is there: nobody forwards this event, or its app is away");
	}
	if (!request->room) {
		return as_set(policy, ANSWERED_BY_FALLBACK, "too many wait for an app already");
	}
	struct policy_decision decision = as_set(policy, ANSWERED_BY_APP, "");
	bool own = policy->after_ms > 0 && policy->after_ms < app_most_ms;
	decision.action = POLICY_WAIT;
	decision.delay_ms = own ? policy->after_ms : app_most_ms;
	return decision;
}

struct policy_decision policy_decide(const struct policy *policy, struct script_state *state,
	const struct policy_request *request, int64_t app_most_ms, int64_t now_ms) {
	if (request->handshake_status > 0) {
		return answer_by(ANSWERED_BY_HANDSHAKE, request->handshake_status);
	}
	if (request->rejected) {
		return answer_by(ANSWERED_BY_REJECT, 401);
	}
	const struct script_rule *rule = script_take(&policy->script, state, now_ms);
	if (rule) {
		return fail(rule, request);
	}
	return policy->mode == POLICY_APP ? wait_for_app(policy, request, app_most_ms)
	                                  : answer_fixed(policy, request);
}

const char *policy_refuse_reply(const struct policy_reply *reply) {
	if (reply->status == 0) {
		return "the app gave no answer";
	}
	if (reply->error.len > 0) {
		return "the app's answer broke off";
	}
	if (reply->sent > reply->kept) {
		return "the app's answer is longer than what comes back whole";
	}
	return reply->usable ? NULL : "the app's answer is no HTTP that could be passed back";
}
