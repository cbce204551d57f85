/* The guest on the loop leaves it as it came. */
#include <libwebsockets.h>
#include <sys/resource.h>
#include <uv.h>

#include "common/error.h"
#include "relay/context.h"
#include "tests/unit/unit.h"

static int refuse_all(
	struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len) {
	(void)wsi;
	(void)user;
	(void)in;
	(void)len;
	return reason == LWS_CALLBACK_FILTER_NETWORK_CONNECTION ? -1 : 0;
}

static void the_context_leaves_nothing_on_the_loop(void **state) {
	(void)state;
	uv_loop_t loop;
	uv_loop_init(&loop);
	struct error err = {0};
	struct lws_context *context = context_new(&loop, 256, false, &err);
	assert_non_null(context);
	struct listen_address address;
	assert_true(listen_address_parse(&address, "localhost:0", &err));
	const struct lws_protocols protocols[] = {{"none", refuse_all, 0, 0, 0, NULL, 0}, {0}};
	struct lws_context_creation_info info = {.vhost_name = "test", .protocols = protocols};
	listen_address_apply(&address, &info);
	struct lws_vhost *vhost = lws_create_vhost(context, &info);
	assert_non_null(vhost);
	assert_in_range(lws_get_vhost_listen_port(vhost), 1, 65535);
	uv_run(&loop, UV_RUN_NOWAIT);

	struct rlimit limit;
	getrlimit(RLIMIT_NOFILE, &limit);
	assert_int_equal(limit.rlim_cur, 256);

	context_free(context);
	assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
	assert_int_equal(uv_loop_close(&loop), 0);
}

static void more_files_than_the_system_allows_are_told(void **state) {
	(void)state;
	struct rlimit limit;
	getrlimit(RLIMIT_NOFILE, &limit);
	/* a bound of this test's own, where the system has none */
	if (limit.rlim_max == RLIM_INFINITY) {
		limit = (struct rlimit){.rlim_cur = 1024, .rlim_max = 65536};
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	}
	uv_loop_t loop;
	uv_loop_init(&loop);
	struct error err = {0};
	assert_null(context_new(&loop, (int64_t)limit.rlim_max + 1, false, &err));
	assert_int_equal(err.code, ERROR_CONFIG);
	assert_int_equal(uv_loop_close(&loop), 0);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_context_leaves_nothing_on_the_loop),
		cmocka_unit_test(more_files_than_the_system_allows_are_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
