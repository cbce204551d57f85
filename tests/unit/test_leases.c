/* One forwards, the others wait in the order they came. */
#include <stdio.h>
#include <string.h>

#include "common/filter.h"
#include "relay/store/store.h"
#include "relay/stream/leases.h"
#include "tests/unit/unit.h"

struct owner {
	int told;
	bool mine;
	char holder[64];
};

static void changed(void *data, bool mine, struct span holder) {
	struct owner *owner = data;
	owner->told++;
	owner->mine = mine;
	snprintf(owner->holder, sizeof owner->holder, "%.*s", (int)holder.len, holder.data);
}

static struct claim *claim(
	struct leases *leases, const char *endpoint, const char *who, struct owner *owner) {
	*owner = (struct owner){0};
	return leases_claim(leases, span_text(endpoint), span_text("http://localhost:3000"),
		span_text(who), 1700000000, changed, owner);
}

static void the_first_holds_and_the_next_hears_who(void **state) {
	(void)state;
	struct leases *leases = leases_new();
	struct owner alice, bob, carol;
	struct claim *first = claim(leases, "shop", "alice", &alice);
	struct claim *second = claim(leases, "shop", "bob", &bob);
	struct claim *third = claim(leases, "shop", "carol", &carol);
	assert_true(alice.mine);
	assert_false(bob.mine);
	assert_true(strncmp(bob.holder, "alice since ", 12) == 0);
	leases_release(leases, first, 1700000060);
	assert_true(bob.mine);
	assert_false(carol.mine);
	assert_int_equal(carol.told, 2);
	assert_true(strncmp(carol.holder, "bob since ", 10) == 0);
	leases_release(leases, third, 1700000060);
	assert_int_equal(bob.told, 2);
	leases_release(leases, second, 1700000060);
	leases_free(leases);
}

static void different_targets_and_endpoints_do_not_meet(void **state) {
	(void)state;
	struct leases *leases = leases_new();
	struct owner alice, bob, carol;
	struct claim *first = claim(leases, "shop", "alice", &alice);
	struct claim *second = claim(leases, "bank", "bob", &bob);
	carol = (struct owner){0};
	struct claim *third = leases_claim(leases, span_text("shop"), span_text("http://localhost:4"),
		span_text("carol"), 1, changed, &carol);
	assert_true(alice.mine && bob.mine && carol.mine);
	leases_release(leases, first, 1);
	leases_release(leases, second, 1);
	leases_release(leases, third, 1);
	leases_free(leases);
}

static void this_machine_is_one_target_however_it_is_spelled(void **state) {
	(void)state;
	struct leases *leases = leases_new();
	struct owner alice, bob = {0};
	struct claim *first = claim(leases, "shop", "alice", &alice);
	struct claim *second = leases_claim(leases, span_text("shop"),
		span_text("http://127.0.0.1:3000"), span_text("bob"), 1, changed, &bob);
	assert_true(alice.mine);
	assert_false(bob.mine);
	leases_release(leases, first, 1);
	assert_true(bob.mine);
	leases_release(leases, second, 1);
	leases_free(leases);
}

static void all_endpoints_stand_against_each(void **state) {
	(void)state;
	struct leases *leases = leases_new();
	struct owner alice, bob, all;
	struct claim *first = claim(leases, "shop", "alice", &alice);
	struct claim *second = claim(leases, "bank", "bob", &bob);
	struct claim *third = claim(leases, "", "carol", &all);
	assert_false(all.mine);
	leases_release(leases, first, 1);
	assert_false(all.mine);
	assert_true(strncmp(all.holder, "bob since ", 10) == 0);
	leases_release(leases, second, 1);
	assert_true(all.mine);
	leases_release(leases, third, 1);
	leases_release(leases, NULL, 1);
	leases_free(leases);
}

static void count(void *data) {
	++*(int *)data;
}

static bool put(void *data, const struct lease *lease) {
	char *text = data;
	size_t len = strlen(text);
	int name = (int)span_find(lease->holder, ' ');
	snprintf(text + len, 64 - len, "%.*s:%.*s ", (int)lease->endpoint.len, lease->endpoint.data,
		name, lease->holder.data);
	return lease->endpoint.len > 0;
}

static void watchers_hear_of_what_changes_hands(void **state) {
	(void)state;
	struct leases *leases = leases_new();
	struct owner alice, bob, carol;
	int news = 0;
	char text[64] = "";
	struct lease_watch *watch = leases_watch(leases, count, &news);
	struct claim *first = claim(leases, "shop", "alice", &alice);
	assert_int_equal(news, 1);
	struct claim *second = claim(leases, "shop", "bob", &bob);
	struct claim *third = claim(leases, "bank", "carol", &carol);
	assert_int_equal(news, 2);
	leases_each(leases, put, text);
	assert_string_equal(text, "shop:alice bank:carol ");
	leases_release(leases, first, 1);
	assert_int_equal(news, 3);
	leases_release(leases, second, 1);
	assert_int_equal(news, 4);
	leases_unwatch(leases, watch);
	leases_unwatch(leases, NULL);
	leases_release(leases, third, 1);
	assert_int_equal(news, 4);
	leases_free(leases);
}

static bool is_covered(const struct leases *leases, const char *endpoint, const char *type) {
	struct event event = {
		.endpoint = span_text(endpoint), .type = span_text(type), .method = span_text("POST")};
	const struct entry entry = {.event = &event, .body = span_text("order 42")};
	return leases_cover(leases, &entry);
}

static void a_lease_covers_what_its_holder_forwards(void **state) {
	(void)state;
	struct leases *leases = leases_new();
	struct owner alice, bob;
	struct error err = {0};
	assert_false(is_covered(leases, "shop", "paid"));
	struct claim *first = claim(leases, "shop", "alice", &alice);
	struct claim *second = claim(leases, "shop", "bob", &bob);
	assert_true(is_covered(leases, "shop", "paid"));
	assert_false(is_covered(leases, "bank", "paid"));
	leases_tell(leases, first, false, filter_parse(span_text("type:paid"), &err));
	assert_true(is_covered(leases, "shop", "paid"));
	assert_false(is_covered(leases, "shop", "refunded"));
	leases_tell(leases, first, false, filter_parse(span_text("\"order 42\""), &err));
	assert_true(is_covered(leases, "shop", "refunded"));
	leases_tell(leases, first, true, NULL);
	assert_false(is_covered(leases, "shop", "paid"));
	leases_release(leases, first, 1); /* bob has it now */
	assert_true(is_covered(leases, "shop", "paid"));
	leases_release(leases, second, 1);
	assert_false(is_covered(leases, "shop", "paid"));
	leases_free(leases);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_holds_and_the_next_hears_who),
		cmocka_unit_test(different_targets_and_endpoints_do_not_meet),
		cmocka_unit_test(this_machine_is_one_target_however_it_is_spelled),
		cmocka_unit_test(all_endpoints_stand_against_each),
		cmocka_unit_test(watchers_hear_of_what_changes_hands),
		cmocka_unit_test(a_lease_covers_what_its_holder_forwards),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
