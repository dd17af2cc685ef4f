#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Run a command at a terminal of its own and type one line.

usage: answer.py LINE COMMAND [ARGUMENT ...]

What the command writes to the terminal, to standard output and to standard
error goes to standard output; the exit code is the command's.  The line is
typed when the terminal shows a question ("[y/N]").
"""
import os
import pty
import sys


def main():
    line, command = sys.argv[1], sys.argv[2:]
    pid, fd = pty.fork()
    if pid == 0:
        os.execvp(command[0], command)
    seen = b""
    typed = False
    while True:
        try:
            data = os.read(fd, 4096)
        except OSError:
            break
        if not data:
            break
        seen += data
        if not typed and b"[y/N]" in seen:
            os.write(fd, line.encode() + b"\n")
            typed = True
    _, status = os.waitpid(pid, 0)
    sys.stdout.buffer.write(seen)
    sys.exit(os.waitstatus_to_exitcode(status))


main()
