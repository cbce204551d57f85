#include "common/loop/turn.h"

#include <stdlib.h>

#include "common/alloc.h"

struct turn {
	uv_prepare_t prepare; /* first, so that the handle is the turn */
	turn_end_fn *end;
	void *data;
};

struct turn *turn_new(uv_loop_t *loop, turn_end_fn *end, void *data) {
	struct turn *turn = alloc_zero(1, sizeof *turn);
	uv_prepare_init(loop, &turn->prepare);
	turn->end = end;
	turn->data = data;
	return turn;
}

static void closed(uv_handle_t *handle) {
	free(handle);
}

void turn_free(struct turn *turn) {
	if (turn) {
		uv_close((uv_handle_t *)&turn->prepare, closed);
	}
}

static void run(uv_prepare_t *prepare) {
	struct turn *turn = (struct turn *)prepare;
	uv_prepare_stop(prepare);
	turn->end(turn->data);
}

void turn_want(struct turn *turn) {
	if (!uv_is_active((uv_handle_t *)&turn->prepare)) {
		uv_prepare_start(&turn->prepare, run);
	}
}
