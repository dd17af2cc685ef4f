#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a command on a terminal of its own.

terminal.py [LINE ...] -- COMMAND ...

At each prompt (what ends with ": ", "? " or "] ") the next LINE and a newline
are typed; the last one again where there are more prompts; "^C" is control-C.
Prints for each prompt whether the terminal echoed, then all that the command
wrote, then whether it echoes afterwards.  Ends with the command's exit code,
or 100 and the number of the signal that ended it.
"""

import os
import pty
import select
import signal
import sys
import termios
import time

at = sys.argv.index('--')
lines, command = sys.argv[1:at], sys.argv[at + 1:]
pid, fd = pty.fork()
if pid == 0:
    # A background job's would be ignored.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execvp(command[0], command)


def echoes():
    return 'on' if termios.tcgetattr(fd)[3] & termios.ECHO else 'off'


seen, answered, typed, ready = b'', 0, 0, True
while True:
    ready, _, _ = select.select([fd], [], [], 20)
    try:
        got = os.read(fd, 1000) if ready else b''
    except OSError:
        got = b''
    if not got:
        break
    seen += got
    if lines and len(seen) > answered and seen.endswith(
            (b': ', b'? ', b'] ')):
        line = lines[min(typed, len(lines) - 1)]
        typed += 1
        answered = len(seen)
        time.sleep(.1)
        sys.stdout.write('echo is %s\n' % echoes())
        os.write(fd, b'\x03' if line == '^C' else line.encode() + b'\n')
if not ready:
    os.kill(pid, signal.SIGKILL)
status = os.waitpid(pid, 0)[1]
sys.stdout.write(seen.decode(errors='replace').replace('\r', ''))
try:
    sys.stdout.write('afterwards %s\n' % echoes())
except termios.error:
    pass
sys.exit(100 + os.WTERMSIG(status) if os.WIFSIGNALED(status)
         else os.WEXITSTATUS(status))
