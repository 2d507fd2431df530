/* Starting a capture tool: a program of its own that finds its server on two descriptors. Run by
 * the launcher, which alone may start programs. Input: a tool's name, as linux_wifi for the program
 * norn_cap_linux_wifi, else kismet_cap_linux_wifi. Output: the tool's frames
 * on the socket, or one that says why it could not be started. */
#ifndef NORN_CAPTURE_TOOL_CHILD_H
#define NORN_CAPTURE_TOOL_CHILD_H

/* Where tools are looked for, after the directory of norn itself and before PREFIX/bin and
 * /usr/bin: NULL-ended, borrowed for good. Call before the launcher starts. "%B" in a path is the
 * directory of norn. */
void tool_child_search(const char *const *directories);

/* 0 when the text can be a tool's name (lower-case letters, digits, _), else -EINVAL. */
int tool_child_allow(const char *name);

/* Becomes the tool; returns only when that failed: the exit status. */
int tool_child_run(int descriptor, const char *name);

#endif
