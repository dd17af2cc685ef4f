/* SPDX-License-Identifier: Apache-2.0 */

/* deed-unpack: XML and archives, read in a sandbox (codec/unpack_serve.h). */
#include <locale.h>
#include <signal.h>
#include <unistd.h>

#include "base/frame.h"
#include "codec/unpack_serve.h"

int main(void)
{
	struct deed_error err = DEED_ERROR_INIT;
	enum deed_status status;

	(void)signal(SIGPIPE, SIG_IGN);
	(void)setlocale(LC_CTYPE, "C.UTF-8");
	status = unpack_serve(STDIN_FILENO, STDOUT_FILENO, &err);
	if (status != DEED_OK)
		(void)!frame_write_error(STDOUT_FILENO, &err, NULL);
	/* The sandbox allows no cleaning up. */
	_exit(deed_status_exit(status));
}
