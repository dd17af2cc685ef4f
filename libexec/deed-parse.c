/* SPDX-License-Identifier: Apache-2.0 */

/* deed-parse: hostile documents, read in a sandbox (sign/parser.h). */
#include <unistd.h>

#include "sign/parser.h"

int main(void)
{
	/* The sandbox allows no cleaning up. */
	_exit(deed_status_exit(parser_serve(STDIN_FILENO, NULL)));
}
