/* How many connections each address has, in a table of fixed size. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* IPv4 in its mapped form; of IPv6 the first 64 bits, as one sender owns a whole network of them. */
struct address {
	uint8_t bytes[16];
};

struct sockaddr;

/* The address of a peer; `text` gets "203.0.113.7:51034" or "[2001:db8::1]:51034". */
#define PEER_TEXT_LEN 64
struct address address_of(const struct sockaddr *peer, char text[PEER_TEXT_LEN]);

/* 127.0.0.0/8 and ::1: a proxy or tunnel on this machine, which brings the connections of many. */
bool address_is_loopback(const struct address *address);

struct addresses;

/* Room for `most` addresses at a time. `seed` makes it hard to choose addresses that share a place. */
struct addresses *addresses_new(size_t most, uint64_t seed);
void addresses_free(struct addresses *addresses);

/* Counts one connection more and returns how many the address has now; 0 when the table is full. */
size_t addresses_enter(struct addresses *addresses, const struct address *address);
/* One less; the address must have entered. */
void addresses_leave(struct addresses *addresses, const struct address *address);
