/* What a supervisor that speaks the protocol of sd_notify(3) hears. */
#include "relay/notify.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/unit/unit.h"

/* Listens under `name` ("@...": an abstract one) and puts it into the environment. */
static int listen_as(const char *name) {
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	memcpy(address.sun_path, name, strlen(name));
	if (name[0] == '@') {
		address.sun_path[0] = '\0';
	}
	int file = socket(AF_UNIX, SOCK_DGRAM, 0);
	socklen_t len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));
	assert_int_equal(bind(file, (struct sockaddr *)&address, len), 0);
	setenv("NOTIFY_SOCKET", name, 1);
	return file;
}

static void assert_heard(int file, const char *text) {
	char heard[128] = "";
	assert_true(recv(file, heard, sizeof heard - 1, MSG_DONTWAIT) > 0);
	assert_int_equal(strncmp(heard, text, strlen(text)), 0);
}

static void a_supervisor_is_told_through_its_socket(void **state) {
	(void)state;
	char folder[] = "/tmp/test_notify.XXXXXX", path[64], abstract[64];
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/socket", folder);
	snprintf(abstract, sizeof abstract, "@%s", folder);
	const char *const names[] = {path, abstract};
	for (int i = 0; i < 2; i++) {
		int file = listen_as(names[i]);
		notify_send("READY=1");
		assert_heard(file, "READY=1");
		notify_reloading();
		assert_heard(file, "RELOADING=1\nMONOTONIC_USEC=");
		close(file);
	}
	notify_send("READY=1"); /* to one who is gone */
	unlink(path);
	rmdir(folder);
}

static void without_a_supervisor_nothing_happens(void **state) {
	(void)state;
	unsetenv("NOTIFY_SOCKET");
	notify_send("READY=1");
	setenv("NOTIFY_SOCKET", "", 1);
	notify_send("READY=1");
	char long_name[300];
	memset(long_name, 'x', sizeof long_name - 1);
	long_name[sizeof long_name - 1] = '\0';
	setenv("NOTIFY_SOCKET", long_name, 1);
	notify_send("READY=1");
}

static void the_watchdog_is_fed_twice_as_often_as_it_asks(void **state) {
	(void)state;
	char own[24];
	snprintf(own, sizeof own, "%ld", (long)getpid());
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	assert_int_equal(notify_watchdog_ms(), 0);
	setenv("WATCHDOG_USEC", "20000000", 1);
	assert_int_equal(notify_watchdog_ms(), 10000);
	setenv("WATCHDOG_PID", own, 1);
	assert_int_equal(notify_watchdog_ms(), 10000);
	setenv("WATCHDOG_PID", "1", 1);
	assert_int_equal(notify_watchdog_ms(), 0);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_supervisor_is_told_through_its_socket),
		cmocka_unit_test(without_a_supervisor_nothing_happens),
		cmocka_unit_test(the_watchdog_is_fed_twice_as_often_as_it_asks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
