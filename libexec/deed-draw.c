/* SPDX-License-Identifier: Apache-2.0 */

/* deed-draw: seals and signature boxes as PDF (draw/serve.h). */
#include <signal.h>
#include <unistd.h>

#include "base/frame.h"
#include "draw/serve.h"

int main(void)
{
	struct deed_error err = DEED_ERROR_INIT;
	enum deed_status status;

	(void)signal(SIGPIPE, SIG_IGN);
	status = draw_serve(STDIN_FILENO, STDOUT_FILENO, &err);
	if (status != DEED_OK)
		(void)!frame_write_error(STDOUT_FILENO, &err, NULL);
	return deed_status_exit(status);
}
