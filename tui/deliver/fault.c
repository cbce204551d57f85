#include "tui/deliver/fault.h"

size_t fault_end(const struct deliver_fault *fault, size_t request_len, size_t body_len) {
	if (!fault->cut) {
		return request_len;
	}
	if (body_len == 0) {
		return request_len > 2 ? request_len - 2 : 0;
	}
	return request_len - body_len + (fault->cut_body < body_len ? fault->cut_body : body_len - 1);
}

size_t fault_allows(
	const struct deliver_fault *fault, size_t request_len, size_t body_len, uint64_t elapsed_ms) {
	size_t end = fault_end(fault, request_len, body_len);
	size_t head_len = request_len - body_len;
	if (fault->drip_ms <= 0 || elapsed_ms >= (uint64_t)fault->drip_ms || end <= head_len) {
		return end;
	}
	return head_len +
	       (size_t)((double)(end - head_len) * (double)elapsed_ms / (double)fault->drip_ms);
}
