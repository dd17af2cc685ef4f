/* SPDX-License-Identifier: Apache-2.0 */

/* deed-fetch: HTTP through libcurl (net/serve.h). */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/frame.h"
#include "net/serve.h"

int main(void)
{
	struct deed_error err = DEED_ERROR_INIT;
	enum deed_status status;

	(void)signal(SIGPIPE, SIG_IGN);
	/* No proxy, key log or resolver's option from out there. */
	(void)clearenv();
	status = net_serve(STDIN_FILENO, STDOUT_FILENO, &err);
	if (status != DEED_OK)
		(void)!frame_write_error(STDOUT_FILENO, &err, NULL);
	return deed_status_exit(status);
}
