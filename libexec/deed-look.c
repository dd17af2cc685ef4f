/* SPDX-License-Identifier: Apache-2.0 */

/* deed-look: pages painted by poppler and compared (look/serve.h). */
#include <unistd.h>

#include "look/serve.h"

int main(void)
{
	/* The sandbox allows no cleaning up. */
	_exit(deed_status_exit(look_serve(STDIN_FILENO, NULL)));
}
