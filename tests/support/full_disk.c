/* Makes writes to files whose path starts with $FAULT_PREFIX fail with ENOSPC while the file
   $FAULT_SWITCH exists. Preloaded; see faults.rs. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

static int full(int fd) {
    const char *prefix = getenv("FAULT_PREFIX"), *lever = getenv("FAULT_SWITCH");
    int saved = errno;
    char name[64], path[PATH_MAX];
    int is_full = 0;
    if (prefix && lever && access(lever, F_OK) == 0) {
        /* Asked at each write, for descriptors are also inherited, duplicated and received. */
        snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
        ssize_t length = readlink(name, path, sizeof path - 1);
        if (length > 0) {
            path[length] = '\0';
            is_full = strncmp(path, prefix, strlen(prefix)) == 0;
        }
    }
    errno = saved;
    return is_full;
}

/* A function that returns -1 and sets errno; fd is the descriptor written to. */
#define FAIL(type, name, parameters, arguments)                               \
    type name parameters {                                                    \
        static type(*next) parameters;                                        \
        if (!next)                                                            \
            next = (type(*) parameters)dlsym(RTLD_NEXT, #name);               \
        if (full(fd)) {                                                       \
            errno = ENOSPC;                                                   \
            return -1;                                                        \
        }                                                                     \
        return next arguments;                                                \
    }

FAIL(ssize_t, write, (int fd, const void *b, size_t n), (fd, b, n))
FAIL(ssize_t, pwrite, (int fd, const void *b, size_t n, off_t o), (fd, b, n, o))
FAIL(ssize_t, pwrite64, (int fd, const void *b, size_t n, off64_t o), (fd, b, n, o))
FAIL(ssize_t, writev, (int fd, const struct iovec *v, int n), (fd, v, n))
FAIL(ssize_t, pwritev, (int fd, const struct iovec *v, int n, off_t o), (fd, v, n, o))
FAIL(ssize_t, pwritev64, (int fd, const struct iovec *v, int n, off64_t o), (fd, v, n, o))
FAIL(ssize_t, pwritev2, (int fd, const struct iovec *v, int n, off_t o, int f), (fd, v, n, o, f))
FAIL(ssize_t, pwritev64v2, (int fd, const struct iovec *v, int n, off64_t o, int f), (fd, v, n, o, f))
FAIL(ssize_t, copy_file_range,
     (int from, off64_t *p, int fd, off64_t *o, size_t n, unsigned f), (from, p, fd, o, n, f))
FAIL(ssize_t, sendfile, (int fd, int from, off_t *o, size_t n), (fd, from, o, n))
FAIL(ssize_t, sendfile64, (int fd, int from, off64_t *o, size_t n), (fd, from, o, n))
FAIL(int, ftruncate, (int fd, off_t n), (fd, n))
FAIL(int, ftruncate64, (int fd, off64_t n), (fd, n))
FAIL(int, fallocate, (int fd, int m, off_t o, off_t n), (fd, m, o, n))
FAIL(int, fallocate64, (int fd, int m, off64_t o, off64_t n), (fd, m, o, n))

/* posix_fallocate returns the error instead. */
#define FAIL_WITH(name, offset)                                               \
    int name(int fd, offset o, offset n) {                                    \
        static int (*next)(int, offset, offset);                              \
        if (!next)                                                            \
            next = (int (*)(int, offset, offset))dlsym(RTLD_NEXT, #name);     \
        return full(fd) ? ENOSPC : next(fd, o, n);                            \
    }

FAIL_WITH(posix_fallocate, off_t)
FAIL_WITH(posix_fallocate64, off64_t)
