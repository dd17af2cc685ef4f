/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/argon2.h"

#include <argon2.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "codec/hex.h"
#include "crypto/random.h"

#define MIN_PASSES 3
#define HUGE_PAGE ((size_t)2 << 20)

/* Exit codes of the child. */
enum { CHILD_DONE, CHILD_MEMORY, CHILD_FAILED };

/* Are these within the limits above? */
static enum deed_status argon2_check(const struct argon2_params *params,
				     struct deed_error *err)
{
	if (params->memory > ARGON2_MOST_MEMORY ||
	    params->passes > ARGON2_MOST_PASSES ||
	    params->lanes > ARGON2_MOST_LANES)
		return deed_error_set(err, DEED_LIMIT,
				      "the passphrase would cost more than "
				      "deed spends: %u KiB, %u passes, %u "
				      "lanes",
				      params->memory, params->passes,
				      params->lanes);
	if (params->memory < ARGON2_LEAST_MEMORY || params->passes < 1 ||
	    params->lanes < 1 || strlen(params->salt) != ARGON2_SALT)
		return deed_error_set(err, DEED_MALFORMED,
				      "the passphrase is guarded by less than "
				      "deed accepts");
	return DEED_OK;
}

/*
 * In huge pages, where the system has them: to enter the 16384 small ones of
 * 64 MiB takes as long as most of a pass.
 */
static int allocate(uint8_t **memory, size_t len)
{
	void *p;

	if (posix_memalign(&p, HUGE_PAGE, len) != 0)
		return ARGON2_MEMORY_ALLOCATION_ERROR;
	(void)madvise(p, len, MADV_HUGEPAGE);
	*memory = p;
	return ARGON2_OK;
}

/* Our own allocate and this one belong together: the library would free with
 * its own function otherwise. */
static void release(uint8_t *memory, size_t len)
{
	(void)len;
	free(memory);
}

/* argon2id_hash_raw, in memory of our own. */
static int hash(const struct argon2_params *p, struct slice passphrase,
		uint8_t key[ARGON2_KEY])
{
	argon2_context c = {
		.out = key,
		.outlen = ARGON2_KEY,
		.pwd = (uint8_t *)(uintptr_t)passphrase.data,
		.pwdlen = (uint32_t)passphrase.len,
		.salt = (uint8_t *)(uintptr_t)p->salt,
		.saltlen = ARGON2_SALT,
		.t_cost = p->passes,
		.m_cost = p->memory,
		.lanes = p->lanes,
		.threads = p->lanes,
		.version = ARGON2_VERSION_NUMBER,
		.allocate_cbk = allocate,
		.free_cbk = release,
		.flags = ARGON2_DEFAULT_FLAGS,
	};

	if (passphrase.len > ARGON2_MAX_PWD_LENGTH)
		return ARGON2_PWD_TOO_LONG;
	return argon2id_ctx(&c);
}

/* In the child: derive, send, leave.  Never returns. */
static void child(const struct argon2_params *p, struct slice passphrase,
		  int to)
{
	uint8_t key[ARGON2_KEY];
	int ret = hash(p, passphrase, key);

	if (ret != ARGON2_OK)
		_exit(ret == ARGON2_MEMORY_ALLOCATION_ERROR ? CHILD_MEMORY
							    : CHILD_FAILED);
	ret = write(to, key, sizeof(key)) == (ssize_t)sizeof(key);
	secret_wipe(key, sizeof(key));
	_exit(ret ? CHILD_DONE : CHILD_FAILED);
}

/* The child's 32 octets; false if they do not come. */
static bool receive(int from, uint8_t key[ARGON2_KEY])
{
	size_t len = 0;
	ssize_t got;

	while (len < ARGON2_KEY) {
		got = read(from, key + len, ARGON2_KEY - len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		len += (size_t)got;
	}
	return true;
}

/* The kernel, when memory runs out, kills the one that asks for most: that is
 * this child, and not a run that has half done its work. */
static enum deed_status reap(pid_t pid, bool received, struct deed_error *err)
{
	int how = 0;

	while (waitpid(pid, &how, 0) < 0) {
		if (errno != EINTR)
			return received ? DEED_OK
					: deed_error_errno(
						  err, errno,
						  "cannot derive a key");
	}
	if (received && WIFEXITED(how) && WEXITSTATUS(how) == CHILD_DONE)
		return DEED_OK;
	/* The kernel kills the one that asks for too much. */
	if ((WIFEXITED(how) && WEXITSTATUS(how) == CHILD_MEMORY) ||
	    (WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL))
		return deed_error_memory(err);
	return deed_error_set(err, DEED_SYSTEM, "cannot derive a key");
}

/* In a child, since the kernel may kill whoever takes so much memory: then
 * only the child dies.  Its end of the pipe is closed here at once, or a child
 * that dies would not end the reading. */
static enum deed_status derive(const struct argon2_params *params,
			       struct slice passphrase, uint8_t key[ARGON2_KEY],
			       struct deed_error *err)
{
	int ends[2];
	bool received;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return deed_error_errno(err, errno, "cannot derive a key");
	pid = fork();
	if (pid < 0) {
		(void)close(ends[0]);
		(void)close(ends[1]);
		return deed_error_errno(err, errno, "cannot derive a key");
	}
	if (pid == 0)
		child(params, passphrase, ends[1]);
	(void)close(ends[1]);
	received = receive(ends[0], key);
	(void)close(ends[0]);
	return reap(pid, received, err);
}

enum deed_status argon2_derive(const struct argon2_params *params,
			       struct slice passphrase, struct secret **out,
			       struct deed_error *err)
{
	enum deed_status status;

	*out = NULL;
	status = argon2_check(params, err);
	if (status != DEED_OK)
		return status;
	status = secret_new(ARGON2_KEY, out, err);
	if (status != DEED_OK)
		return status;
	status = derive(params, passphrase, secret_data(*out), err);
	if (status == DEED_OK)
		return DEED_OK;
	secret_free(*out);
	*out = NULL;
	return status;
}

/* The salt is its hexadecimal text, 32 characters, as it stands in the slot's
 * identifier; the randomness is that of 16 octets. */
static enum deed_status fresh_salt(struct argon2_params *params,
				   struct deed_error *err)
{
	uint8_t octets[ARGON2_SALT / 2];
	enum deed_status status;

	status = random_bytes(octets, sizeof(octets), err);
	if (status == DEED_OK)
		hex_text(slice_of(octets, sizeof(octets)), params->salt);
	return status;
}

unsigned argon2_passes(unsigned target_ms, int64_t pass_ms)
{
	int64_t passes = target_ms / (pass_ms < 1 ? 1 : pass_ms);

	if (passes < MIN_PASSES)
		return MIN_PASSES;
	return passes > ARGON2_MOST_PASSES ? ARGON2_MOST_PASSES
					   : (unsigned)passes;
}

enum deed_status argon2_new(unsigned target_ms, struct slice passphrase,
			    struct argon2_params *params, struct secret **out,
			    struct deed_error *err)
{
	static int64_t pass_ms; /* main thread only, as the header asks */
	enum deed_status status;
	int64_t start;

	*out = NULL;
	*params = (struct argon2_params){ .memory = ARGON2_LEAST_MEMORY,
					  .passes = MIN_PASSES,
					  .lanes = 1 };
	status = fresh_salt(params, err);
	if (status != DEED_OK)
		return status;
	if (pass_ms > 0)
		params->passes = argon2_passes(target_ms, pass_ms);
	start = clock_monotonic_ms();
	status = argon2_derive(params, passphrase, out, err);
	if (status != DEED_OK || pass_ms > 0)
		return status;
	/* The first one tells what a pass takes, and often is enough. */
	pass_ms = (clock_monotonic_ms() - start) / params->passes;
	pass_ms = pass_ms < 1 ? 1 : pass_ms;
	if (argon2_passes(target_ms, pass_ms) == params->passes)
		return DEED_OK;
	params->passes = argon2_passes(target_ms, pass_ms);
	secret_free(*out);
	return argon2_derive(params, passphrase, out, err);
}
