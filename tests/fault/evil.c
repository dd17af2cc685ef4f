/* SPDX-License-Identifier: Apache-2.0 */
#include "fault/evil.h"

#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char mode[32];

bool evil_begin(char *program)
{
	char path[4096];
	bool read;
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/mode", dirname(program));
	f = fopen(path, "r");
	if (f == NULL)
		return false;
	read = fgets(mode, sizeof(mode), f) != NULL;
	mode[strcspn(mode, "\n")] = '\0';
	(void)fclose(f);
	return read;
}

bool evil_is(const char *what)
{
	return strcmp(mode, what) == 0;
}

void evil_misbehave(void)
{
	if (evil_is("open")) {
		/* Where the call is not forbidden the file is not to be had. */
		if (open("/etc/passwd", O_RDONLY) < 0)
			_exit(1);
	} else if (evil_is("create"))
		(void)open("evil", O_WRONLY | O_CREAT, 0600);
	else if (evil_is("connect"))
		(void)socket(AF_INET, SOCK_STREAM, 0);
	else if (evil_is("execute"))
		(void)execl("/bin/true", "true", (char *)NULL);
	else if (evil_is("fork"))
		(void)fork();
	else if (evil_is("kill"))
		(void)kill(getppid(), SIGKILL);
	else if (evil_is("crash"))
		abort();
	else if (evil_is("end"))
		_exit(0);
}
