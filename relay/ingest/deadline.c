#include "relay/ingest/deadline.h"

static bool is_too_slow(const struct deadlines *deadlines, int64_t elapsed_ms, int64_t bytes) {
	return elapsed_ms >= deadlines->head_ms && bytes < deadlines->body_rate * elapsed_ms / 1000;
}

bool deadline_passed(
	const struct deadlines *deadlines, enum phase phase, int64_t elapsed_ms, int64_t bytes) {
	switch (phase) {
	case PHASE_IDLE:
		return elapsed_ms >= deadlines->idle_ms;
	case PHASE_HEAD:
		return elapsed_ms >= deadlines->head_ms;
	case PHASE_BODY:
		return elapsed_ms >= deadlines->body_ms || is_too_slow(deadlines, elapsed_ms, bytes);
	case PHASE_BUSY:
		return false;
	case PHASE_ANSWER:
		return elapsed_ms >= deadlines->answer_ms;
	case PHASE_LINGER:
		return elapsed_ms >= deadlines->linger_ms;
	}
	return false;
}
